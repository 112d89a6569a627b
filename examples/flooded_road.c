/* A road is flooded while somebody is on it: plan, close, plan again, and say what changes and why.
 * Usage: flooded_road STORE */
#include <muster/gis.h>
#include <muster/muster.h>
#include <stdio.h>
#include <stdlib.h>

static int failed(void) {
    fprintf(stderr, "flooded_road: %s\n", muster_error_message());
    return 1;
}

static void show(const char *when, const muster_plan *plan) {
    uint32_t sent;
    muster_plan_assignments(plan, &sent);
    const muster_tier_result unmet = muster_plan_tier(plan, MUSTER_TIER_UNMET_NEED);
    printf("%s: %u assignments, unmet need %lld, no plan has less than %lld\n", when, sent,
           (long long)unmet.value, (long long)unmet.bound);
}

/* The edge in the middle of the first way by road that a plan makes; MUSTER_NONE: there is none. */
static muster_status find_road(const muster_plan *plan, const muster_problem *now, uint32_t *edge) {
    uint32_t sent;
    muster_plan_assignments(plan, &sent);
    *edge = MUSTER_NONE;
    for (uint32_t i = 0; i < sent && *edge == MUSTER_NONE; ++i) {
        muster_route *route;
        if (muster_plan_route(&route, plan, now, i)) return MUSTER_E_NOMEM;
        uint32_t        count = 0;
        const uint32_t *arc   = route ? muster_route_arcs(route, &count) : NULL;
        if (count > 0)
            *edge = arc[count / 2] / 2; /* arcs 2e and 2e + 1 are the two ways of edge e */
        muster_route_free(route);
    }
    return MUSTER_OK;
}

/* The same roads with one closed: a new metric. The old one stays, for whoever is using it. */
static muster_status close_road(muster_metric **out, const muster_metric *base, uint32_t edge) {
    muster_closure *closure;
    muster_status   status = muster_closure_new(&closure, base);
    if (status) return status;
    status = muster_closure_edges(closure, 1, &edge);
    if (!status) {
        uint32_t                 count;
        const muster_arc_change *change = muster_closure_changes(closure, &count);
        status                          = muster_metric_change(out, base, count, change);
    }
    muster_closure_free(closure);
    return status;
}

int main(int argc, char **argv) {
    if (argc != 2) return 2;

    /* Roads, units and incidents, of a GeoPackage or a PostGIS. */
    muster_scenario *scenario;
    if (muster_scenario_load(&scenario, argv[1], NULL)) return failed();
    const muster_problem *now = muster_scenario_problem(scenario);

    /* A planner remembers. So much work and no time limit: the same plan on any machine. */
    muster_planner *planner;
    muster_plan    *plan, *next;
    if (muster_planner_new(&planner)) return failed();
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    options.time_limit_ms = 0, options.work_limit = 20000000;
    if (muster_planner_plan(&plan, planner, now, &options, MUSTER_REPLAN_IMPROVE)) return failed();
    show("before", plan);

    /* The water comes: each profile's roads with one edge closed. */
    uint32_t edge;
    if (find_road(plan, now, &edge)) return failed();
    if (edge == MUSTER_NONE) return 0;
    muster_metric **metric = calloc(now->metric_count, sizeof(muster_metric *));
    if (!metric) return 1;
    for (uint32_t m = 0; m < now->metric_count; ++m) {
        if (close_road(&metric[m], now->metric[m], edge)) return failed();
    }

    /* The problem as it is now. What is sent stays sent, unless something is gained by a change. */
    muster_problem later = *now;
    later.metric         = (const muster_metric *const *)metric;
    if (muster_planner_plan(&next, planner, &later, &options, MUSTER_REPLAN_IMPROVE))
        return failed();
    show("after", next);
    uint32_t             count;
    const muster_change *change = muster_planner_changes(planner, &count);
    for (uint32_t i = 0; i < count && i < 3; ++i) printf("  %s\n", change[i].text[MUSTER_ENGLISH]);

    muster_plan_free(plan);
    muster_plan_free(next);
    for (uint32_t m = 0; m < now->metric_count; ++m) muster_metric_free(metric[m]);
    free(metric);
    muster_planner_free(planner);
    muster_scenario_free(scenario);
    return 0;
}
