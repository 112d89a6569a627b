/* The optimizer: a plan from nothing, and plans again when one incident more is there. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <muster/replan.h>

#include "cli/bench_parts.h"
#include "cli/stopwatch.h"

static const char PART[] = "plans";

enum { SEARCH_MS = 1000, IMPROVE_MS = 50, CODE_BYTES = 32 };

/* ---- from nothing ------------------------------------------------------------------------ */

static double gap_percent(const muster_plan *plan, muster_tier tier) {
    const muster_tier_result found = muster_plan_tier(plan, tier);
    return found.value > 0 ? 100.0 * (double)(found.value - found.bound) / (double)found.value : 0;
}

/* The gaps are those of the last round; under a time limit no two are the same. */
static muster_status from_nothing(bench_context *b, const muster_problem *problem) {
    muster_solve_options options  = MUSTER_SOLVE_OPTIONS_INIT;
    uint32_t             first_ms = UINT32_MAX;
    double               gap[2]   = {0, 0};
    options.time_limit_ms         = SEARCH_MS;
    const uint32_t plans          = b->rounds < 3 ? b->rounds : 3;
    for (uint32_t i = 0; i < plans; ++i) {
        muster_plan        *plan;
        const muster_status status = muster_solve(&plan, problem, &options);
        if (status != MUSTER_OK) return status;
        if (muster_plan_first_feasible_ms(plan) < first_ms) {
            first_ms = muster_plan_first_feasible_ms(plan);
        }
        gap[0] = gap_percent(plan, MUSTER_TIER_UNMET_NEED);
        gap[1] = gap_percent(plan, MUSTER_TIER_RESPONSE_TIME);
        muster_plan_free(plan);
    }
    bench_table_aim(b->table, PART, "the first plan of the scenario", first_ms, "ms", BENCH_AT_MOST,
                    20);
    bench_table_aim(b->table, PART, "unmet need above its bound after 1 s", gap[0], "%",
                    BENCH_AT_MOST, 0);
    bench_table_aim(b->table, PART, "response time above its bound after 1 s", gap[1], "%",
                    BENCH_AT_MOST, 1);
    return MUSTER_OK;
}

/* ---- one incident more ------------------------------------------------------------------- */

/* The scenario with one incident more: like one of its own, at the place of one of its teams. */
typedef struct one_more {
    muster_problem   problem;
    muster_incident *incident;
    muster_need     *need;
    char             code[CODE_BYTES];
} one_more;

static muster_status one_more_new(one_more *out, const muster_problem *p) {
    *out          = (one_more){.problem = *p};
    out->incident = calloc((size_t)p->incident_count + 1, sizeof *out->incident);
    out->need     = calloc(2 * (size_t)p->need_count + 1, sizeof *out->need);
    if (!out->incident || !out->need) {
        return muster_fail(MUSTER_E_NOMEM, "out of memory for one incident more");
    }
    memcpy(out->incident, p->incident, p->incident_count * sizeof *out->incident);
    memcpy(out->need, p->need, p->need_count * sizeof *out->need);
    out->problem.incident = out->incident;
    out->problem.need     = out->need;
    return MUSTER_OK;
}

static void one_more_draw(one_more *m, bench_context *b, const muster_problem *p, uint32_t round) {
    const uint32_t like = bench_draw(b, p->incident_count);
    (void)snprintf(m->code, sizeof m->code, "bench-%u", round);
    m->incident[p->incident_count]      = p->incident[like];
    m->incident[p->incident_count].code = m->code;
    if (p->team_count > 0) {
        m->incident[p->incident_count].site = p->team[bench_draw(b, p->team_count)].unit.site;
    }
    m->problem.incident_count = p->incident_count + 1;
    m->problem.need_count     = p->need_count;
    for (uint32_t n = 0; n < p->need_count; ++n) {
        if (p->need[n].incident != like) continue;
        m->need[m->problem.need_count]            = p->need[n];
        m->need[m->problem.need_count++].incident = p->incident_count;
    }
}

/* Of plans that are made again: what decides them, and the whole call, with travel times, judge and the
 * list of changes. */
typedef struct again_times {
    stopwatch solve, whole;
} again_times;

/* `base`: what has been planned before the incident comes. */
static muster_status time_again(muster_planner *planner, const muster_problem *before,
                                const muster_plan *base, const muster_problem *now,
                                muster_replan mode, again_times *times) {
    muster_solve_options     options = MUSTER_SOLVE_OPTIONS_INIT;
    muster_plan             *plan;
    uint32_t                 assignments, shipments;
    const muster_assignment *assignment = muster_plan_assignments(base, &assignments);
    const muster_shipment   *shipment   = muster_plan_shipments(base, &shipments);
    options.time_limit_ms               = IMPROVE_MS;
    muster_status status =
        muster_planner_adopt(planner, before, assignments, assignment, shipments, shipment);
    if (status != MUSTER_OK) return status;
    const double start = stopwatch_now_ms();
    status             = muster_planner_plan(&plan, planner, now, &options, mode);
    stopwatch_keep(&times->whole, start);
    stopwatch_add(&times->solve, muster_planner_last_times(planner).solve_us / 1e3);
    if (status == MUSTER_OK) muster_plan_free(plan);
    return status;
}

static muster_status time_rounds(bench_context *b, const muster_problem *p, one_more *more,
                                 muster_planner *planner, const muster_plan *base) {
    again_times keep = {0}, improve = {0};
    for (uint32_t i = 0; i < 10 * b->rounds; ++i) {
        one_more_draw(more, b, p, i);
        muster_status status =
            time_again(planner, p, base, &more->problem, MUSTER_REPLAN_KEEP, &keep);
        if (status == MUSTER_OK) {
            status = time_again(planner, p, base, &more->problem, MUSTER_REPLAN_IMPROVE, &improve);
        }
        if (status != MUSTER_OK) return status;
    }
    bench_table_aim(b->table, PART, "one incident more, the rest kept: solve, p99",
                    stopwatch_percentile_ms(&keep.solve, 99), "ms", BENCH_AT_MOST, 5);
    bench_table_add(b->table, PART, "the same, with travel times and judge, median",
                    stopwatch_percentile_ms(&keep.whole, 50), "ms");
    bench_table_aim(b->table, PART, "one more, all may be reassigned: solve, p99",
                    stopwatch_percentile_ms(&improve.solve, 99), "ms", BENCH_AT_MOST, 50);
    bench_table_add(b->table, PART, "the same, with travel times and judge, median",
                    stopwatch_percentile_ms(&improve.whole, 50), "ms");
    return MUSTER_OK;
}

static muster_status again(bench_context *b, const muster_problem *p) {
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    muster_planner      *planner;
    muster_plan         *base = NULL;
    one_more             more;
    muster_status        status = muster_planner_new(&planner);
    if (status != MUSTER_OK) return status;
    options.time_limit_ms = SEARCH_MS;
    status                = muster_planner_plan(&base, planner, p, &options, MUSTER_REPLAN_IMPROVE);
    if (status == MUSTER_OK) {
        status = one_more_new(&more, p);
        if (status == MUSTER_OK) status = time_rounds(b, p, &more, planner, base);
        free(more.incident);
        free(more.need);
    }
    muster_plan_free(base);
    muster_planner_free(planner);
    return status;
}

muster_status bench_plans(bench_context *b) {
    const muster_problem *problem = muster_scenario_problem(b->scenario);
    bench_table_add(b->table, PART, "incidents of the scenario", problem->incident_count, "");
    if (problem->incident_count == 0) return MUSTER_OK;
    const muster_status status = from_nothing(b, problem);
    return status == MUSTER_OK ? again(b, problem) : status;
}
