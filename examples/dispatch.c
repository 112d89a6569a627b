/* Two teams, one flooded village: who goes? */
#include <muster/muster.h>
#include <stdio.h>

static int failed(void) {
    fprintf(stderr, "dispatch: %s\n", muster_error_message());
    return 1;
}

int main(void) {
    /* Four junctions on a road that runs east, 1.9 km apart. */
    const double   lon[] = {120.70, 120.72, 120.74, 120.76}, lat[] = {30.75, 30.75, 30.75, 30.75};
    const uint32_t source[] = {0, 1, 2}, target[] = {1, 2, 3};
    const double   length_m[] = {1915, 1915, 1915};
    muster_network_data roads = MUSTER_NETWORK_DATA_INIT;
    roads.node_count = 4, roads.node_lon_deg = lon, roads.node_lat_deg = lat;
    roads.edge_count = 3, roads.edge_source = source, roads.edge_target = target;
    roads.edge_length_m = length_m;

    muster_network *network;
    muster_metric  *metric;
    muster_profile  light;
    if (muster_network_new(&network, &roads)) return failed();
    if (muster_profile_builtin(&light, "light")) return failed();
    if (muster_metric_new(&metric, network, &light)) return failed();

    const uint32_t    boats  = 0; /* the capability both teams have */
    const muster_kind kind[] = {{.code = "flood_rescue", .resource = MUSTER_PEOPLE}};
    const muster_unit west   = {
          .code = "T1", .name = "West station", .site = {120.70, 30.75}, .turnout_ms = 60000};
    const muster_unit east = {
        .code = "T2", .name = "East station", .site = {120.755, 30.75}, .turnout_ms = 60000};
    const muster_team team[] = {
        {.unit = west, .people = 12, .capability = &boats, .capability_count = 1},
        {.unit = east, .people = 8, .capability = &boats, .capability_count = 1}};
    const muster_incident inc[]    = {{.code     = "I1",
                                       .name     = "Village under water",
                                       .site     = {120.74, 30.75},
                                       .severity = MUSTER_SEVERE}};
    const muster_need     need[]   = {{.incident = 0, .kind = boats, .quantity = 15}};
    muster_problem        now      = MUSTER_PROBLEM_INIT;
    const muster_metric  *metric_p = metric;
    now.metric_count = 1, now.metric = &metric_p;
    now.kind_count = 1, now.kind = kind;
    now.team_count = 2, now.team = team;
    now.incident_count = 1, now.incident = inc;
    now.need_count = 1, now.need = need;

    muster_plan *plan;
    if (muster_solve(&plan, &now, NULL)) return failed();
    uint32_t                 count;
    const muster_assignment *go = muster_plan_assignments(plan, &count);
    for (uint32_t i = 0; i < count; ++i) {
        printf("%s: %d people to %s, there in %.1f min\n", team[go[i].index].unit.name,
               (int)go[i].quantity, inc[need[go[i].need].incident].name, go[i].eta_ms / 60000.0);
    }
    muster_plan_free(plan);
    muster_metric_free(metric);
    muster_network_free(network);
    return 0;
}
