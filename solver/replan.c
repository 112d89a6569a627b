/* A planner is the last problem, its plan, and a memory of travel times; the judge has one of its own.
 * Each call takes the whole problem as it is now, so that planner and caller never get out of step; what
 * has changed is found by comparing (past_match.c). To keep is a short way of its own (keep.c); to improve is a solve that
 * starts from what would have been kept (solve.c).
 *
 * What the list of changes says of the past it borrows from the problem before, which therefore
 * lives until the next call. */
#include <muster/replan.h>

#include <string.h>
#include <time.h>

#include "core/alloc.h"
#include "solver/changes.h"
#include "solver/check.h"
#include "solver/keep.h"
#include "solver/kept.h"
#include "solver/plan.h"
#include "solver/solve.h"

/* Where the searches for teams and for shipments begin. */
typedef struct prices {
    mu_warm       teams;
    mu_warm_fleet fleet;
} prices;

struct muster_planner {
    mu_past              past, before;
    bool                 has_past, is_own; /* the last plan is one of the planner's */
    mu_travel_memory     memory;
    mu_judge_roads       roads;             /* the judge's own memory */
    prices               prices;            /* in rows of the past */
    int64_t              end_us, change_us; /* see mu_solve_frame */
    mu_changes           changes;
    muster_planner_times times;
};

/* ---- names ------------------------------------------------------------------------------- */

static const char *const MODE_NAME[] = {"keep", "improve"};

const char *muster_replan_name(muster_replan mode) {
    return (unsigned)mode < MUSTER_REPLAN_COUNT ? MODE_NAME[mode] : NULL;
}

muster_replan muster_replan_from_name(const char *name) {
    unsigned m = 0;
    while (m < MUSTER_REPLAN_COUNT && strcmp(name, MODE_NAME[m]) != 0) ++m;
    return (muster_replan)m;
}

/* ---- prices ------------------------------------------------------------------------------ */

static void prices_fini(prices *p) {
    mu_warm_fini(&p->teams);
    mu_warm_fleet_fini(&p->fleet);
}

static muster_status prices_match(prices *out, const prices *past, const mu_past_match *match,
                                  const muster_problem *problem) {
    *out = (prices){0};
    MU_TRY(mu_warm_match(&out->teams, &past->teams, match, problem->team_count));
    const muster_status status = mu_warm_fleet_match(&out->fleet, &past->fleet, match, problem);
    if (status != MUSTER_OK) prices_fini(out);
    return status;
}

/* ---- life -------------------------------------------------------------------------------- */

muster_status muster_planner_new(muster_planner **out) {
    return mu_alloc_zeroed(out, 1, sizeof **out);
}

void muster_planner_free(muster_planner *planner) {
    if (!planner) return;
    mu_changes_fini(&planner->changes);
    mu_past_fini(&planner->past);
    mu_past_fini(&planner->before);
    mu_judge_roads_fini(&planner->roads);
    mu_travel_memory_fini(&planner->memory);
    prices_fini(&planner->prices);
    mu_free(planner);
}

const muster_change *muster_planner_changes(const muster_planner *planner, uint32_t *out_count) {
    *out_count = planner->changes.count;
    return planner->changes.change;
}

muster_planner_times muster_planner_last_times(const muster_planner *planner) {
    return planner->times;
}

/* What was last is before now. */
static void remember(muster_planner *planner, mu_past *past, mu_changes *changes, prices *known,
                     bool is_own) {
    mu_changes_fini(&planner->changes);
    mu_past_fini(&planner->before);
    prices_fini(&planner->prices);
    planner->prices   = *known;
    planner->before   = planner->past;
    planner->past     = *past;
    planner->changes  = *changes;
    planner->has_past = true;
    planner->is_own   = is_own;
}

/* ---- one call ---------------------------------------------------------------------------- */

typedef struct call {
    muster_planner       *planner;
    const muster_problem *problem;
    muster_solve_options  options;
    muster_replan         mode;
    mu_past_match         match;
    prices                prices; /* in rows of the problem */
    uint8_t              *verdict;
    mu_past               past;
    mu_changes            changes;
    muster_planner_times  times;
    int64_t               start_us, clock_us;
} call;

static int64_t now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* Microseconds since the last time somebody asked. */
static uint32_t lap_us(call *c) {
    const int64_t now = now_us();
    const int64_t lap = now - c->clock_us;
    c->clock_us       = now;
    return lap < UINT32_MAX ? (uint32_t)lap : UINT32_MAX;
}

/* What the solve starts from: as much of the past as can stay, and what is free. */
static muster_status draft_kept(void *user, mu_draft *out, const mu_candidates *candidates,
                                const mu_shipment_model *shipping) {
    const call           *c = user;
    const muster_planner *p = c->planner;
    MU_TRY(mu_kept_find(out, c->verdict, &p->past, &c->match, candidates, shipping));
    return mu_kept_fill(out, candidates, shipping);
}

static muster_status improve(call *c, muster_plan **out) {
    muster_planner *p     = c->planner;
    mu_solve_frame  frame = {
         .before_us = now_us() - c->start_us, .after_us = p->change_us, .end_us = p->end_us};
    const mu_solve_start start = {
        .memory = &p->memory,
        .roads  = &p->roads,
        .draft  = p->has_past ? draft_kept : NULL,
        .user   = c,
        .churn  = {c->options.churn_unmet_need, c->options.churn_response_time},
        .warm   = &c->prices.teams,
        .fleet  = &c->prices.fleet,
        .frame  = &frame};
    MU_TRY(mu_solve_from(out, c->problem, &c->options, &start));
    p->end_us = frame.end_us;
    return MUSTER_OK;
}

static muster_status keep(call *c, muster_plan **out) {
    muster_planner *p       = c->planner;
    const bool      is_same = p->is_own && mu_past_is_same(&p->past, c->problem);
    MU_TRY(mu_keep(out, c->verdict, c->problem, &p->past, &c->match, is_same,
                   c->options.thread_count, &p->memory));
    c->times.solve_us += lap_us(c);
    MU_TRY(mu_plan_judge(*out, c->problem, 1, &p->roads));
    const uint32_t judge_us = lap_us(c);
    c->times.check_us += judge_us;
    if (p->end_us < judge_us) p->end_us = judge_us;
    return MUSTER_OK;
}

static muster_status decide(call *c, muster_plan **out) {
    muster_planner *p = c->planner;
    if (!p->has_past) {
        MU_TRY(mu_warm_fleet_init(&c->prices.fleet, c->problem->vehicle_count,
                                  c->problem->stock_count));
        return improve(c, out);
    }
    MU_TRY(mu_past_match_init(&c->match, &p->past, c->problem));
    MU_TRY(prices_match(&c->prices, &p->prices, &c->match, c->problem));
    MU_TRY(mu_alloc_zeroed(&c->verdict, p->past.assignment_count, sizeof *c->verdict));
    return c->mode == MUSTER_REPLAN_KEEP ? keep(c, out) : improve(c, out);
}

static muster_status find_changes(call *c, const muster_plan *plan) {
    muster_planner          *p = c->planner;
    uint32_t                 assignments, shipments;
    const muster_assignment *assignment = muster_plan_assignments(plan, &assignments);
    const muster_shipment   *shipment   = muster_plan_shipments(plan, &shipments);
    MU_TRY(mu_past_init(&c->past, c->problem, assignments, assignment, shipments, shipment));
    if (!p->has_past) return MUSTER_OK;
    return mu_changes_init(&c->changes, &p->past, &c->past, c->problem, &c->match, c->verdict,
                           c->mode);
}

static muster_status run(call *c, muster_plan **out) {
    mu_travel_memory *memory = &c->planner->memory;
    c->start_us = c->clock_us = now_us();
    MU_TRY(muster_problem_check(c->problem));
    c->times.check_us = lap_us(c);
    memory->spent_us = 0, memory->searched = 0, memory->known = 0;
    MU_TRY(decide(c, out));
    c->times.solve_us += lap_us(c);
    c->times.travel_us =
        memory->spent_us < c->times.solve_us ? (uint32_t)memory->spent_us : c->times.solve_us;
    c->times.solve_us -= c->times.travel_us;
    c->times.searched = memory->searched;
    c->times.known    = memory->known;
    MU_TRY(find_changes(c, *out));
    mu_travel_memory_forget(memory);
    c->times.change_us    = lap_us(c);
    c->planner->change_us = mu_solve_learn_us(c->planner->change_us, c->times.change_us);
    (*out)->elapsed_ms    = (c->times.check_us + c->times.travel_us + c->times.solve_us) / 1000;
    return MUSTER_OK;
}

static muster_status check_call(const muster_solve_options *options, muster_replan mode) {
    MU_TRY(mu_solve_check_options(options));
    if ((unsigned)mode < MUSTER_REPLAN_COUNT) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID, "mode %d; expected 0 to %d", (int)mode,
                       MUSTER_REPLAN_COUNT - 1);
}

muster_status muster_planner_plan(muster_plan **out, muster_planner *planner,
                                  const muster_problem       *problem,
                                  const muster_solve_options *options, muster_replan mode) {
    const muster_solve_options defaults = MUSTER_SOLVE_OPTIONS_INIT;
    *out                                = NULL;
    if (!options) options = &defaults;
    MU_TRY(check_call(options, mode));
    call          c = {.planner = planner, .problem = problem, .options = *options, .mode = mode};
    muster_status status = run(&c, out);
    mu_judge_roads_leave(&planner->roads);
    if (status == MUSTER_OK) {
        remember(planner, &c.past, &c.changes, &c.prices, true);
        planner->times = c.times;
    } else {
        muster_plan_free(*out);
        *out = NULL;
        mu_past_fini(&c.past);
        mu_changes_fini(&c.changes);
        prices_fini(&c.prices);
    }
    mu_past_match_fini(&c.match);
    mu_free(c.verdict);
    return status;
}

/* ---- a plan from elsewhere ---------------------------------------------------------------- */

static muster_status check_assignment(const muster_problem *p, const muster_assignment *a,
                                      uint32_t number, uint32_t shipment_count) {
    if (a->resource < MUSTER_RESOURCE_COUNT &&
        a->index < muster_problem_unit_count(p, (muster_resource)a->resource) &&
        a->need < p->need_count && a->quantity >= 1 && a->quantity <= MUSTER_MAX_QUANTITY &&
        (a->shipment == MUSTER_NONE || a->shipment < shipment_count)) {
        return MUSTER_OK;
    }
    return muster_fail(MUSTER_E_INVALID,
                       "assignment %u sends %lld of resource %u, row %u, to need %u by shipment "
                       "%u; expected what the problem and the plan have",
                       number, (long long)a->quantity, a->resource, a->index, a->need, a->shipment);
}

/* What teams and vehicles are worth, they are with another plan as well. */
static muster_status keep_prices(prices *out, const muster_planner *planner,
                                 const muster_problem *problem) {
    mu_past_match match;
    *out = (prices){0};
    if (!planner->has_past) {
        return mu_warm_fleet_init(&out->fleet, problem->vehicle_count, problem->stock_count);
    }
    MU_TRY(mu_past_match_init(&match, &planner->past, problem));
    const muster_status status = prices_match(out, &planner->prices, &match, problem);
    mu_past_match_fini(&match);
    return status;
}

muster_status muster_planner_adopt(muster_planner *planner, const muster_problem *problem,
                                   uint32_t assignment_count, const muster_assignment *assignment,
                                   uint32_t shipment_count, const muster_shipment *shipment) {
    mu_past    past;
    prices     known;
    mu_changes none = {0};
    MU_TRY(muster_problem_check(problem));
    for (uint32_t i = 0; i < assignment_count; ++i) {
        MU_TRY(check_assignment(problem, &assignment[i], i, shipment_count));
    }
    for (uint32_t i = 0; i < shipment_count; ++i) {
        if (shipment[i].vehicle < problem->vehicle_count) continue;
        return muster_fail(MUSTER_E_INVALID, "shipment %u is by vehicle %u, but there are %u", i,
                           shipment[i].vehicle, problem->vehicle_count);
    }
    MU_TRY(mu_past_init(&past, problem, assignment_count, assignment, shipment_count, shipment));
    const muster_status status = keep_prices(&known, planner, problem);
    if (status != MUSTER_OK) {
        mu_past_fini(&past);
        return status;
    }
    remember(planner, &past, &none, &known, false);
    planner->times = (muster_planner_times){0};
    return MUSTER_OK;
}
