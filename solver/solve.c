/* From a problem to a plan, in the order in which certainty grows: a greedy plan at once,
 * then the best for everything that is counted, then people for as long as there is time.
 * At any moment the best so far is a plan, and it never gets worse. */
#include <muster/solve.h>

#include "core/alloc.h"
#include "core/task.h"
#include "core/threads.h"
#include "solver/check.h"
#include "solver/churn.h"
#include "solver/conflict.h"
#include "solver/exhaust.h"
#include "solver/fill.h"
#include "solver/greedy.h"
#include "solver/people.h"
#include "solver/plan.h"
#include "solver/polish.h"
#include "solver/shipment.h"
#include "solver/solve.h"
#include "solver/tiers.h"
#include "solver/together.h"
#include "solver/transport.h"
#include "solver/weights.h"

typedef struct solver {
    const muster_problem *problem;
    const mu_solve_start *start; /* NULL: from nothing */
    uint32_t              thread_count;
    mu_watch              watch;
    mu_travel             travel;
    mu_rules              rules;
    mu_cover              cover;
    mu_candidates         candidates;
    mu_shipment_model     shipping;
    bool                  is_shipped; /* items come by vehicle */
    mu_draft              kept, greedy, optimized, best;
    mu_reserve            for_polish;
    mu_bound              bound;
    bool                  is_proven; /* the best plan, in all tiers */
    uint32_t              first_feasible_ms;
    int64_t               ready_us; /* when the search could begin */
    muster_plan          *first;    /* the greedy plan, judged; NULL: it has not been */
    mu_judge_roads        roads;    /* what the judge has asked so far; where nobody lends any */
    mu_travel_memory      ways;     /* of the first plan, by length */
} solver;

enum { POLISH_SHARE = 20 }; /* of what is left to spend: a twentieth */

static const mu_shipment_model *shipping_of(const solver *s) {
    return s->is_shipped ? &s->shipping : NULL;
}

static mu_travel_memory *memory_of(const solver *s) {
    return s->start ? s->start->memory : NULL;
}

static muster_status is_draft_better(bool *out, const mu_draft *a, const mu_draft *b,
                                     const mu_candidates *c) {
    int64_t first[MUSTER_TIER_COUNT], second[MUSTER_TIER_COUNT];
    MU_TRY(mu_tiers_of_draft(first, a, c));
    MU_TRY(mu_tiers_of_draft(second, b, c));
    *out = mu_tiers_better(c->travel->problem, first, second);
    return MUSTER_OK;
}

/* What there is to start from goes first, unless the greedy plan is better. */
static muster_status start_from(solver *s) {
    bool is_better;
    if (!s->start->draft) return MUSTER_OK;
    MU_TRY(s->start->draft(s->start->user, &s->kept, &s->candidates, shipping_of(s)));
    MU_TRY(is_draft_better(&is_better, &s->greedy, &s->kept, &s->candidates));
    return is_better ? MUSTER_OK : mu_draft_replace(&s->greedy, &s->kept);
}

/* Nothing is changed but for a gain, and for a small one not either where the caller says so. */
static muster_status prefer_kept(solver *s, mu_draft *draft) {
    bool is_better;
    if (!s->start || !s->start->draft) return MUSTER_OK;
    MU_TRY(mu_churn_take_back(draft, &s->kept, &s->candidates, shipping_of(s), s->start->churn));
    if (s->start->churn.unmet_need > 0 || s->start->churn.response_time > 0) s->is_proven = false;
    MU_TRY(is_draft_better(&is_better, draft, &s->kept, &s->candidates));
    return is_better ? MUSTER_OK : mu_draft_replace(draft, &s->kept);
}

static muster_status judge(solver *s, const muster_plan *plan) {
    mu_judge_roads *roads = s->start && s->start->roads ? s->start->roads : &s->roads;
    return mu_plan_judge(plan, s->problem, s->thread_count, roads);
}

/* Before a plan is returned it is judged. */
static muster_status write_plan(solver *s, mu_draft *draft, const mu_bound *bound,
                                muster_plan **out) {
    MU_TRY(mu_plan_new(out, draft, bound, &s->candidates, shipping_of(s), s->thread_count,
                       s->start ? s->start->memory : &s->ways));
    (*out)->first_feasible_ms   = s->first_feasible_ms;
    (*out)->work                = s->watch.work;
    const muster_status verdict = judge(s, *out);
    (*out)->elapsed_ms          = mu_watch_elapsed_ms(&s->watch);
    return verdict;
}

/* ---- time that is kept ------------------------------------------------------------------ */

/* What it took the last times to stop searching, to write the plan and to judge it. Where tables are
 * known, the first plan is there long before a judge could be done who works everything out. */
static mu_reserve learned_reserve(const solver *s) {
    const mu_solve_frame *frame   = s->start->frame;
    const int64_t         end_us  = frame ? frame->end_us + frame->end_us / 8 : 0; /* it varies */
    mu_reserve            reserve = mu_watch_spent(&s->watch);
    reserve.time_us *= 2;
    if (reserve.time_us < end_us) reserve.time_us = end_us;
    if (frame) reserve.time_us += frame->after_us;
    return reserve;
}

/* Nobody can foretell how long writing and judging a plan takes on a machine that does other things as
 * well. So the first one is written and judged before the search begins, which shows it. Nothing is lost by
 * that: the lengths of its ways and what the roads have answered to the judge are known from then on, and
 * of the home scenario's plans (1 to 300 incidents) the last one took 12 to 60 % of that processor time. The
 * rest is for who is to stop searching, has to finish a step and may have to wait for a processor: a slice or
 * two of the system's scheduler beside. */
enum { TO_STOP_US = 6000 };

static muster_status keep_time(solver *s, muster_method method) {
    const mu_bound nothing = {0};
    mu_reserve     reserve = {0, 0};
    if (s->start) {
        reserve = learned_reserve(s);
    } else if (method == MUSTER_METHOD_OPTIMIZE && s->watch.limit_us > 0) {
        const int64_t before_us = mu_watch_spent(&s->watch).time_us;
        MU_TRY(write_plan(s, &s->greedy, &nothing, &s->first));
        reserve.time_us = mu_watch_spent(&s->watch).time_us - before_us + TO_STOP_US;
    }
    (void)mu_watch_reserve(&s->watch, reserve);
    s->for_polish = mu_watch_reserve(&s->watch, mu_watch_part(&s->watch, POLISH_SHARE));
    return MUSTER_OK;
}

int64_t mu_solve_learn_us(int64_t last_us, int64_t now_us) {
    if (last_us == 0) return now_us;
    if (now_us < last_us) return last_us - (last_us - now_us) / 32;
    return now_us < last_us + last_us / 2 ? now_us : last_us + last_us / 2;
}

/* The search was to stop at the limit, was over before it, or had no time from the beginning. */
static void learn_frame(const solver *s, int64_t searched_us) {
    mu_solve_frame *frame   = s->start ? s->start->frame : NULL;
    int64_t         stop_us = s->watch.limit_us;
    if (!frame) return;
    if (stop_us < s->ready_us) stop_us = s->ready_us;
    if (s->watch.limit_us == 0 || searched_us < stop_us) stop_us = searched_us;
    frame->end_us = mu_solve_learn_us(frame->end_us, mu_watch_spent(&s->watch).time_us - stop_us);
}

static muster_status find_greedy(solver *s) {
    mu_objective value;
    mu_watch_report(&s->watch, "travel times");
    MU_TRY(mu_travel_init_from(&s->travel, s->problem, s->thread_count, memory_of(s)));
    mu_watch_report(&s->watch, "first plan");
    MU_TRY(mu_rules_init(&s->rules, &s->travel));
    MU_TRY(mu_conflict_refuse(&s->rules));
    MU_TRY(mu_rules_lock(&s->rules));
    MU_TRY(mu_cover_init(&s->cover, &s->travel));
    MU_TRY(mu_candidates_init(&s->candidates, &s->travel, &s->rules, &s->cover, s->thread_count));
    if (s->is_shipped) {
        MU_TRY(mu_shipment_model_init_from(&s->shipping, &s->candidates, s->thread_count,
                                           memory_of(s)));
        MU_TRY(mu_shipment_first(&s->greedy, &s->shipping, &s->candidates));
    }
    MU_TRY(s->is_shipped ? mu_fill(&s->greedy, &s->candidates, &s->shipping)
                         : mu_greedy_fill(&s->greedy, &s->candidates));
    if (s->start) MU_TRY(start_from(s));
    s->first_feasible_ms = mu_watch_elapsed_ms(&s->watch);
    MU_TRY(mu_draft_objective(&s->greedy, &s->candidates, &value));
    mu_watch_set_incumbent(&s->watch, value + s->candidates.lock_cost);
    s->ready_us = mu_watch_spent(&s->watch).time_us;
    return MUSTER_OK;
}

/* Is a kind one that the fleet decides on: items by vehicle, vehicles some of which carry? */
static bool is_of_fleet(const solver *s, uint32_t kind) {
    if (!s->is_shipped) return false;
    return s->problem->kind[kind].resource == MUSTER_ITEM || s->shipping.kind_carries[kind];
}

static muster_status send_counted(solver *s, const int64_t *room) {
    s->bound = mu_bound_start(&s->candidates);
    MU_TRY(mu_bound_count_together(&s->bound, &s->candidates));
    mu_bound_add_constant(&s->bound, s->candidates.lock_cost);
    for (uint32_t k = 0; k < s->problem->kind_count; ++k) {
        if (s->problem->kind[k].resource == MUSTER_PEOPLE || is_of_fleet(s, k)) continue;
        if (mu_watch_is_late(&s->watch)) break;
        mu_watch_report(&s->watch, "vehicles, machines and items");
        MU_TRY(mu_transport_kind(&s->optimized, &s->bound, &s->candidates, k, room, &s->watch));
    }
    return MUSTER_OK;
}

/* Items and the vehicles that bring them have nothing to do with people: with two threads or more,
 * both are decided at once. */
typedef struct shipping_job {
    const solver *solver;
    mu_draft      draft;
    mu_bound      bound;
    mu_watch      watch;
} shipping_job;

static muster_status improve_shipping(void *user) {
    shipping_job *j = user;
    const solver *s = j->solver;
    return mu_shipment_improve(&j->draft, &j->bound, &s->greedy, &s->shipping, &s->candidates,
                               &j->watch, s->start ? s->start->fleet : NULL);
}

static muster_status take_shipping(solver *s, shipping_job *j) {
    mu_watch_give_back(&s->watch, &j->watch);
    mu_bound_add(&s->bound, &j->bound);
    for (size_t i = 0; i < j->draft.count; ++i) {
        MU_TRY(mu_draft_copy(&s->optimized, &j->draft.dispatch[i]));
    }
    return MUSTER_OK;
}

static muster_status improve_people(solver *s, uint32_t thread_count) {
    mu_watch_set_bound(&s->watch, mu_objective_unmet_need(s->bound.tiers));
    return mu_people_improve(&s->optimized, &s->bound, &s->greedy, &s->candidates, thread_count,
                             &s->watch, s->start ? s->start->warm : NULL);
}

static muster_status improve_both(solver *s) {
    enum { SHARE = 3, REPORT_EVERY_MS = 20 };
    const uint32_t threads   = mu_thread_count(s->thread_count, UINT32_MAX);
    const bool     is_beside = threads > 1;
    int            stop      = 0;
    shipping_job   job       = {.solver = s, .bound = mu_bound_of_part(&s->bound)};
    mu_task        task;
    job.watch = mu_watch_lend(&s->watch, SHARE, is_beside ? &stop : NULL);
    mu_task_start(&task, improve_shipping, &job, is_beside);
    muster_status status = improve_people(s, is_beside ? threads - 1 : 1);
    do { /* whoever watches may still stop it all */
        mu_watch_report(&s->watch, "shipments");
        const bool is_over = status != MUSTER_OK || s->watch.is_cancelled;
        if (is_over) __atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
    } while (!mu_task_wait(&task, REPORT_EVERY_MS));
    const muster_status shipped = mu_task_join(&task);
    if (status == MUSTER_OK) status = shipped;
    if (status == MUSTER_OK) status = take_shipping(s, &job);
    mu_draft_fini(&job.draft);
    return status;
}

static muster_status optimize(solver *s) {
    int64_t *room;
    bool     is_repaired;
    MU_TRY(mu_alloc(&room, s->problem->need_count, sizeof *room));
    muster_status status = mu_together_room(room, &s->candidates);
    if (status == MUSTER_OK) status = send_counted(s, room);
    mu_free(room);
    MU_TRY(status);
    if (!mu_watch_is_late(&s->watch)) {
        MU_TRY(s->is_shipped ? improve_both(s) : improve_people(s, s->thread_count));
    }
    if (!mu_watch_is_late(&s->watch)) {
        MU_TRY(mu_together_send_machines(&s->optimized, &s->candidates, &s->watch));
    }
    MU_TRY(mu_together_repair(&s->optimized, &s->candidates, &is_repaired));
    return mu_fill(&s->optimized, &s->candidates, shipping_of(s));
}

/* ---- the better of two plans, part by part -------------------------------------------- */

/* People are one part, since teams have several capabilities; the fleet is one; every other kind
 * is one. */
static uint32_t part_of(const solver *s, uint32_t need) {
    const muster_problem *p = s->problem;
    if (is_of_fleet(s, p->need[need].kind)) return p->kind_count + 1;
    return mu_need_resource(p, need) == MUSTER_PEOPLE ? p->kind_count : p->need[need].kind;
}

/* By need: what it costs in the greedy plan, and in that of the engines. */
typedef struct costs {
    mu_objective *greedy, *optimized;
} costs;

static muster_status take_better_part(solver *s, uint32_t part, const costs *c) {
    mu_objective greedy = 0, optimized = 0;
    for (uint32_t n = 0; n < s->problem->need_count; ++n) {
        if (part_of(s, n) != part) continue;
        greedy += c->greedy[n];
        optimized += c->optimized[n];
    }
    const mu_draft *better = greedy < optimized ? &s->greedy : &s->optimized;
    for (size_t i = 0; i < better->count; ++i) {
        if (part_of(s, better->dispatch[i].need) != part) continue;
        MU_TRY(mu_draft_copy(&s->best, &better->dispatch[i]));
    }
    return MUSTER_OK;
}

static muster_status take_better_parts(solver *s) {
    const uint32_t needs = s->problem->need_count;
    costs          c;
    MU_TRY(mu_alloc(&c.greedy, 2 * (size_t)needs, sizeof *c.greedy));
    c.optimized = c.greedy + needs;
    mu_draft_sort(&s->greedy);
    mu_draft_sort(&s->optimized);
    muster_status status = mu_draft_costs(&s->greedy, &s->candidates, c.greedy);
    if (status == MUSTER_OK) status = mu_draft_costs(&s->optimized, &s->candidates, c.optimized);
    for (uint32_t part = 0; status == MUSTER_OK && part <= s->problem->kind_count + 1; ++part) {
        status = take_better_part(s, part, &c);
    }
    mu_free(c.greedy);
    return status;
}

/* Needs that depend on each other, and reserve before response time, tie the parts together. */
static muster_status take_better(solver *s) {
    bool is_greedy;
    if (!mu_together_matters(s->problem) && !mu_weights(s->problem)->reserve_before_response) {
        return take_better_parts(s);
    }
    MU_TRY(is_draft_better(&is_greedy, &s->greedy, &s->optimized, &s->candidates));
    mu_draft *better = is_greedy ? &s->greedy : &s->optimized;
    s->best          = *better;
    *better          = (mu_draft){0};
    return MUSTER_OK;
}

/* Who makes way for his equal may be of use elsewhere, where the other is not: a vehicle that
 * carries, a team that can do something else. */
static muster_status polish(solver *s) {
    enum { ROUNDS = 3 };
    mu_objective before, after = 0;
    int          round = 0;
    do {
        MU_TRY(mu_polish(&s->best, &s->candidates, &s->watch));
        MU_TRY(mu_draft_objective(&s->best, &s->candidates, &before));
        MU_TRY(mu_fill(&s->best, &s->candidates, shipping_of(s)));
        MU_TRY(mu_draft_objective(&s->best, &s->candidates, &after));
    } while (after != before && ++round < ROUNDS && !mu_watch_is_late(&s->watch));
    return MUSTER_OK;
}

/* What the engines have found to be as good as the greedy plan may be worse in the later tiers, and
 * stay so. */
static muster_status keep_greedy_if_better(solver *s) {
    bool is_better;
    if (s->greedy.count == 0) return MUSTER_OK; /* it is the best already, or sends nobody */
    MU_TRY(is_draft_better(&is_better, &s->greedy, &s->best, &s->candidates));
    if (!is_better) return MUSTER_OK;
    mu_draft_fini(&s->best);
    s->best   = s->greedy;
    s->greedy = (mu_draft){0};
    return MUSTER_OK;
}

/* All plans of a small problem; of what is equal in all tiers, who comes first goes first. */
static muster_status exhaust(solver *s) {
    if (s->is_shipped || s->candidates.rules->is_ambiguous) return MUSTER_OK;
    MU_TRY(mu_exhaust(&s->best, &s->candidates, &s->watch, &s->is_proven));
    return s->is_proven ? mu_polish(&s->best, &s->candidates, &s->watch) : MUSTER_OK;
}

/* ---- all of it ----------------------------------------------------------------------- */

static muster_status search(solver *s) {
    MU_TRY(optimize(s));
    MU_TRY(take_better(s));
    mu_watch_report(&s->watch, "later tiers");
    mu_watch_release(&s->watch, s->for_polish);
    MU_TRY(polish(s));
    MU_TRY(keep_greedy_if_better(s));
    return exhaust(s);
}

static muster_status run(solver *s, muster_method method, muster_plan **out) {
    MU_TRY(find_greedy(s));
    MU_TRY(keep_time(s, method));
    const bool is_searched = method == MUSTER_METHOD_OPTIMIZE && !mu_watch_is_late(&s->watch);
    mu_draft  *chosen      = is_searched ? &s->best : &s->greedy;
    if (is_searched) MU_TRY(search(s));
    if (s->first && !is_searched) {
        *out     = s->first;
        s->first = NULL;
        return MUSTER_OK;
    }
    const int64_t searched_us = mu_watch_spent(&s->watch).time_us;
    MU_TRY(prefer_kept(s, chosen));
    const muster_status status = write_plan(s, chosen, s->is_proven ? NULL : &s->bound, out);
    learn_frame(s, searched_us);
    return status;
}

muster_status mu_solve_check_options(const muster_solve_options *options) {
    if (options->struct_size < sizeof *options) {
        return muster_fail(MUSTER_E_INVALID,
                           "muster_solve_options.struct_size is %zu; expected %zu: start from "
                           "MUSTER_SOLVE_OPTIONS_INIT",
                           options->struct_size, sizeof *options);
    }
    if (options->churn_unmet_need < 0 || options->churn_response_time < 0) {
        return muster_fail(MUSTER_E_INVALID, "churn thresholds %lld and %lld; expected 0 or more",
                           (long long)options->churn_unmet_need,
                           (long long)options->churn_response_time);
    }
    if (options->method <= MUSTER_METHOD_GREEDY) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID, "method %u; expected 0 to %d", options->method,
                       MUSTER_METHOD_GREEDY);
}

muster_status muster_solve(muster_plan **out, const muster_problem *problem,
                           const muster_solve_options *options) {
    return mu_solve_from(out, problem, options, NULL);
}

muster_status mu_solve_from(muster_plan **out, const muster_problem *problem,
                            const muster_solve_options *options, const mu_solve_start *start) {
    const muster_solve_options defaults = MUSTER_SOLVE_OPTIONS_INIT;
    solver                     s        = {.problem = problem, .start = start};
    *out                                = NULL;
    if (!options) options = &defaults;
    MU_TRY(mu_solve_check_options(options));
    mu_watch_start(&s.watch, options);
    if (start && start->frame) s.watch.start_us -= start->frame->before_us;
    s.thread_count = options->thread_count;
    MU_TRY(muster_problem_check(problem));
    s.is_shipped               = problem->item_transport == MUSTER_ITEMS_BY_VEHICLE;
    const muster_status status = run(&s, (muster_method)options->method, out);
    muster_plan_free(s.first);
    mu_judge_roads_fini(&s.roads);
    mu_travel_memory_fini(&s.ways);
    mu_free(s.bound.whole[0]);
    mu_draft_fini(&s.kept);
    mu_draft_fini(&s.greedy);
    mu_draft_fini(&s.optimized);
    mu_draft_fini(&s.best);
    mu_shipment_model_fini(&s.shipping);
    mu_candidates_fini(&s.candidates);
    mu_cover_fini(&s.cover);
    mu_rules_fini(&s.rules);
    mu_travel_fini(&s.travel);
    if (status == MUSTER_OK) return MUSTER_OK;
    muster_plan_free(*out);
    *out = NULL;
    return status;
}
