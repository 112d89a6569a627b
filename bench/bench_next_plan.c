/* How long it takes from a change in a database until it is in a plan.
 *
 * usage: bench_next_plan CONNECTION SCENARIO
 * What a dispatch centre does: it has the roads, a plan, and follows the database (muster/live.h). When
 * something changes it reads the scenario again and plans again, keeping the plan. For each change a line:
 * when it was seen, when it had been read and when there was a plan with it, in microseconds of the
 * monotonic clock; then, so that the caller can tell that it is what he has changed, the longitude that
 * was read of the first team and the quantity of the first need. The first line is of how it was before. It
 * ends when nothing has changed for ten seconds. bench/next_plan.py makes the changes. */
#include <inttypes.h>
#include <muster/gis.h>
#include <muster/muster.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/clock.h"

enum { QUIET_MS = 10000 };

static void fail(const char *what) {
    fprintf(stderr, "bench_next_plan: %s: %s\n", what, muster_error_message());
    exit(1);
}

static void drain(muster_live *live) {
    while (muster_live_take_change(live)) {
    }
}

static void print_line(double seen_ms, double read_ms, double planned_ms, const muster_problem *p) {
    printf("%.0f %.0f %.0f %.6f %" PRId64 "\n", seen_ms * 1e3, read_ms * 1e3, planned_ms * 1e3,
           p->team[0].unit.site.lon_deg, (int64_t)p->need[0].quantity);
    fflush(stdout);
}

static void plan(muster_planner *planner, const muster_problem *problem) {
    muster_plan *made;
    if (muster_planner_plan(&made, planner, problem, NULL, MUSTER_REPLAN_KEEP) != MUSTER_OK) {
        fail("cannot plan");
    }
    muster_plan_free(made);
}

int main(int count, char **argument) {
    muster_link_options link = MUSTER_LINK_OPTIONS_INIT;
    muster_scenario    *scenario;
    muster_planner     *planner;
    muster_live        *live;
    if (count != 3) {
        fprintf(stderr, "usage: bench_next_plan CONNECTION SCENARIO\n");
        return 2;
    }
    const char *place = argument[1];
    link.connection   = place;
    if (muster_scenario_load(&scenario, place, argument[2]) != MUSTER_OK) fail("cannot read");
    const muster_problem *problem = muster_scenario_problem(scenario);
    if (problem->team_count == 0 || problem->need_count == 0) fail("no team or no need");
    if (muster_planner_new(&planner) != MUSTER_OK) fail("cannot plan");
    plan(planner, problem);
    if (muster_live_new(&live, &link, NULL) != MUSTER_OK) fail("cannot follow");
    while (muster_live_get_state(live).phase != MUSTER_LIVE_FOLLOWING) {
        if (muster_live_run(live, 10) != MUSTER_OK) fail("cannot follow");
        drain(live);
    }
    print_line(0, 0, 0, problem);
    for (;;) {
        if (muster_live_run(live, QUIET_MS) != MUSTER_OK) fail("cannot follow");
        if (!muster_live_take_change(live)) break;
        drain(live);
        const double seen_ms = bench_now_ms();
        if (muster_scenario_reload(scenario, place) != MUSTER_OK) fail("cannot read");
        const double read_ms = bench_now_ms();
        plan(planner, problem);
        print_line(seen_ms, read_ms, bench_now_ms(), problem);
    }
    muster_live_free(live);
    muster_planner_free(planner);
    muster_scenario_free(scenario);
    return 0;
}
