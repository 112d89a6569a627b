/* The way of a siting problem: check it, find who is out of everybody's reach, decide, judge. */
#include <muster/siting.h>

#include <string.h>

#include "core/alloc.h"
#include "solver/siting_answer.h"
#include "solver/siting_center.h"
#include "solver/siting_check.h"
#include "solver/siting_classes.h"
#include "solver/siting_decide.h"
#include "solver/siting_table.h"

static const char *const MODEL_NAME[MUSTER_SITING_MODEL_COUNT] = {
    "p-median", "p-center", "max-cover", "set-cover", "expected-cover", "move-up"};
static const char *const OUTCOME_NAME[MUSTER_SITING_OUTCOME_COUNT] = {"optimal", "feasible",
                                                                      "infeasible", "undecided"};

const char *muster_siting_model_name(muster_siting_model model) {
    return (unsigned)model < MUSTER_SITING_MODEL_COUNT ? MODEL_NAME[model] : NULL;
}

muster_siting_model muster_siting_model_from_name(const char *name) {
    unsigned model = 0;
    while (model < MUSTER_SITING_MODEL_COUNT && strcmp(MODEL_NAME[model], name) != 0) ++model;
    return (muster_siting_model)model;
}

const char *muster_siting_outcome_name(muster_siting_outcome outcome) {
    return (unsigned)outcome < MUSTER_SITING_OUTCOME_COUNT ? OUTCOME_NAME[outcome] : NULL;
}

/* ---- limits -------------------------------------------------------------------------------- */

/* The watch tells of plans; what it tells here is passed on. */
typedef struct teller {
    const muster_siting_options *options;
} teller;

static bool tell(void *user, const muster_solve_state *state) {
    const muster_siting_options *o = ((const teller *)user)->options;
    const muster_siting_state    s = {state->phase, state->elapsed_ms, state->work};
    return o->watcher(o->watcher_user, &s);
}

static muster_solve_options limits(teller *t) {
    const muster_siting_options *o = t->options;
    muster_solve_options         l = MUSTER_SOLVE_OPTIONS_INIT;
    l.time_limit_ms                = o->time_limit_ms;
    l.work_limit                   = o->work_limit;
    l.cancel                       = o->cancel;
    if (o->watcher) l.watcher = tell;
    l.watcher_user = t;
    return l;
}

/* ---- one model ----------------------------------------------------------------------------- */

typedef struct solving {
    const muster_siting_problem *problem;
    mu_watch                    *watch;
    uint32_t                     thread_count;
    muster_siting               *siting;
} solving;

/* Who has to be served by somebody? */
static bool must_serve(const muster_siting_problem *p) {
    const muster_siting_model goal = mu_siting_goal(p);
    return goal == MUSTER_P_MEDIAN || goal == MUSTER_P_CENTER || goal == MUSTER_SET_COVER;
}

/* Places with units, with units that may leave, or to which one may come, if there were any to come. */
static muster_status find_stranded(const solving *s, const mu_siting_model *m) {
    const muster_siting_problem *p = s->problem;
    uint8_t                     *is_usable;
    MU_TRY(mu_alloc_zeroed(&is_usable, p->place_count, 1));
    for (uint32_t i = 0; i < p->place_count; ++i) {
        is_usable[i] = mu_siting_existing(p, i) > 0 ||
                       (p->model != MUSTER_MOVE_UP && mu_siting_room(p, i, 1) > 0);
    }
    for (uint32_t o = 0; o < m->option_count; ++o) is_usable[m->option[o].place] = 1;
    for (uint32_t c = 0; c < m->class_count; ++c) {
        if (m->class_of[c].home != MUSTER_NONE) is_usable[m->class_of[c].home] = 1;
    }
    mu_siting_find_stranded(s->siting, p, is_usable);
    mu_free(is_usable);
    return MUSTER_OK;
}

/* What the goal would be if everybody had all that counts. */
static int64_t whole(const muster_siting_problem *p, const mu_siting_model *m) {
    int64_t each = 1, sum = 0;
    if (m->level_count > 0) each = 0;
    for (uint32_t l = 0; l < m->level_count; ++l) each += m->level[l];
    for (uint32_t j = 0; j < p->demand_count; ++j) sum += mu_siting_weight(p, j) * each;
    return sum;
}

/* Units of a class are taken in their order, for its options in theirs. */
static muster_status send_units(const solving *s, const mu_siting_decision *d) {
    const muster_siting_problem *p = s->problem;
    const mu_siting_model       *m = &d->model;
    uint32_t                    *first_alike;
    uint32_t class = 0;
    MU_TRY(mu_alloc(&first_alike, p->unit_count, sizeof *first_alike));
    muster_status status = mu_siting_alike(p, first_alike);
    for (uint32_t f = 0; f < p->unit_count && status == MUSTER_OK; ++f) {
        if (first_alike[f] != f) continue;
        for (uint32_t o = 0, u = f; o < m->option_count; ++o) {
            if (m->option[o].class_index != class) continue;
            for (uint32_t n = d->search.best[o]; n > 0; --n, ++u) {
                while (first_alike[u] != f) ++u;
                s->siting->place_of_unit[u] = m->option[o].place;
            }
        }
        ++class;
    }
    mu_free(first_alike);
    return status;
}

static void add_units(const solving *s, const uint32_t *units, uint32_t chosen) {
    for (uint32_t i = 0; i < s->problem->place_count; ++i) s->siting->unit_count[i] += units[i];
    s->siting->result.chosen_count = chosen;
}

static uint32_t count_taken(const mu_siting_decision *d) {
    uint32_t count = 0;
    for (uint32_t o = 0; o < d->model.option_count; ++o) count += d->search.best[o];
    return count;
}

/* Costs become what the caller counts. */
static muster_status answer(const solving *s, const mu_siting_decision *d) {
    const muster_siting_problem *p    = s->problem;
    int64_t                      cost = d->search.best_cost, bound = d->search.bound;
    add_units(s, d->units, count_taken(d));
    if (p->model == MUSTER_MOVE_UP) MU_TRY(send_units(s, d));
    if (!must_serve(p)) {
        const int64_t all = whole(p, &d->model);
        cost              = all - cost;
        bound             = all - bound;
    }
    return mu_siting_answer(s->siting, p, cost, bound);
}

/* No solution is known that serves everybody. How many places does that take? */
static muster_status count_least(const solving *s, bool *out_is_infeasible) {
    int64_t least, cost;
    MU_TRY(mu_siting_decide_cover(s->problem, MUSTER_UNREACHABLE_MS - 1, MU_SITING_NEVER, s->watch,
                                  s->thread_count, NULL, &cost, &least));
    *out_is_infeasible = least > s->problem->count;
    if (*out_is_infeasible) s->siting->result.least_count = (uint32_t)least;
    return MUSTER_OK;
}

static muster_status decide(const solving *s, mu_siting_decision *d) {
    muster_siting_result *r             = &s->siting->result;
    bool                  is_infeasible = false;
    MU_TRY(mu_siting_start(&d->search));
    if (d->search.best_cost >= d->model.unserved_cost && s->problem->model == MUSTER_P_MEDIAN) {
        MU_TRY(count_least(s, &is_infeasible));
    }
    if (!is_infeasible) {
        MU_TRY(mu_siting_prove(&d->search));
        is_infeasible = d->search.bound >= d->model.unserved_cost;
    }
    mu_siting_units(&d->model, d->search.best, d->units);
    if (d->search.best_cost < d->model.unserved_cost) return answer(s, d);
    r->outcome = is_infeasible ? MUSTER_SITING_INFEASIBLE : MUSTER_SITING_UNDECIDED;
    return MUSTER_OK;
}

static muster_status solve_center(const solving *s) {
    const muster_siting_problem *p      = s->problem;
    muster_siting_result        *r      = &s->siting->result;
    mu_siting_center             center = {0};
    uint32_t                     chosen = 0;
    MU_TRY(mu_alloc_zeroed(&center.units, p->place_count, sizeof *center.units));
    muster_status status = mu_siting_center_find(&center, p, s->watch, s->thread_count);
    for (uint32_t i = 0; i < p->place_count; ++i) chosen += center.units[i];
    if (status == MUSTER_OK && center.is_found) {
        add_units(s, center.units, chosen);
        status = mu_siting_answer(s->siting, p, center.longest_ms, center.bound_ms);
    } else {
        const bool is_proven = center.least_count > p->count;
        r->outcome           = is_proven ? MUSTER_SITING_INFEASIBLE : MUSTER_SITING_UNDECIDED;
        r->least_count       = is_proven ? (uint32_t)center.least_count : 0;
    }
    mu_free(center.units);
    return status;
}

static muster_status solve_model(const solving *s, mu_siting_decision *d) {
    MU_TRY(find_stranded(s, &d->model));
    if (must_serve(s->problem) && s->siting->result.stranded_count > 0) {
        s->siting->result.outcome = MUSTER_SITING_INFEASIBLE;
        return MUSTER_OK;
    }
    if (s->problem->model == MUSTER_P_CENTER) return solve_center(s);
    return decide(s, d);
}

/* Of a p-center it is only asked who can be reached. */
static muster_status solve(const solving *s) {
    muster_siting_problem p = *s->problem;
    mu_siting_decision    d;
    if (p.model == MUSTER_P_CENTER) {
        p.model               = MUSTER_SET_COVER;
        p.within_ms           = MUSTER_UNREACHABLE_MS - 1;
        p.within_of_demand_ms = NULL;
    }
    MU_TRY(mu_siting_decision_init(&d, &p, s->watch, s->thread_count));
    const muster_status status = solve_model(s, &d);
    mu_siting_decision_fini(&d);
    return status;
}

muster_status muster_siting_solve(muster_siting **out, const muster_siting_problem *p,
                                  const muster_siting_options *options) {
    const muster_siting_options usual = MUSTER_SITING_OPTIONS_INIT;
    teller                      t     = {options ? options : &usual};
    const muster_solve_options  l     = limits(&t);
    mu_watch                    watch;
    muster_siting              *siting;
    *out = NULL;
    mu_watch_start(&watch, &l);
    MU_TRY(mu_siting_check(p));
    MU_TRY(mu_siting_answer_new(&siting, p));
    const solving       s      = {p, &watch, t.options->thread_count, siting};
    const muster_status status = solve(&s);
    if (status != MUSTER_OK) {
        muster_siting_free(siting);
        return status;
    }
    siting->result.work       = watch.work;
    siting->result.elapsed_ms = mu_watch_elapsed_ms(&watch);
    *out                      = siting;
    return MUSTER_OK;
}
