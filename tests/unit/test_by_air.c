/* A plan with units that fly and others that drive: the metrics of one problem need not be of one
 * kind.
 *
 * A road along the mainland, a river without a bridge, and an island with one lane. */
#include <muster/solve.h>

#include <math.h>

#include "tests/support/cmocka_all.h"

enum { CREW, DRONES, KINDS };

typedef struct coast {
    muster_network *network;
    muster_metric  *light, *helicopter;
} coast;

static muster_metric *metric_of(const muster_network *network, const char *name) {
    muster_profile profile;
    muster_metric *metric;
    assert_int_equal(muster_profile_builtin(&profile, name), MUSTER_OK);
    assert_int_equal(muster_metric_new(&metric, network, &profile), MUSTER_OK);
    return metric;
}

static void coast_init(coast *c) {
    static const double       LON[]    = {121.00, 121.01, 121.30, 121.31};
    static const double       LAT[]    = {30.50, 30.50, 30.70, 30.70};
    static const uint32_t     SOURCE[] = {0, 2}, TARGET[] = {1, 3};
    static const double       LENGTH_M[] = {960, 960};
    const muster_network_data data       = {.struct_size   = sizeof data,
                                            .node_count    = 4,
                                            .node_lon_deg  = LON,
                                            .node_lat_deg  = LAT,
                                            .edge_count    = 2,
                                            .edge_source   = SOURCE,
                                            .edge_target   = TARGET,
                                            .edge_length_m = LENGTH_M};
    assert_int_equal(muster_network_new(&c->network, &data), MUSTER_OK);
    assert_int_equal(muster_network_build_hierarchy(c->network), MUSTER_OK);
    c->light      = metric_of(c->network, "light");
    c->helicopter = metric_of(c->network, "helicopter");
}

static void coast_fini(coast *c) {
    muster_metric_free(c->light);
    muster_metric_free(c->helicopter);
    muster_network_free(c->network);
}

static const muster_kind     KIND[KINDS]  = {{.code = "rescue", .resource = MUSTER_PEOPLE},
                                             {.code = "drone", .resource = MUSTER_MACHINE}};
static const uint32_t        CAPABILITY[] = {CREW};
static const muster_incident ISLAND       = {
          .code = "island", .site = {121.305, 30.7005}, .severity = MUSTER_SEVERE};

static muster_team team(const char *code, double lon_deg, uint32_t metric, uint32_t turnout_ms) {
    return (muster_team){
        .unit = {.code = code, .site = {lon_deg, 30.5}, .metric = metric, .turnout_ms = turnout_ms},
        .people           = 4,
        .capability       = CAPABILITY,
        .capability_count = 1};
}

static void a_helicopter_reaches_the_island_that_no_road_does(void **state) {
    (void)state;
    coast                c;
    muster_plan         *plan;
    muster_route        *route;
    uint32_t             count;
    const muster_need    need    = {.incident = 0, .kind = CREW, .quantity = 8};
    const muster_team    teams[] = {team("car", 121.005, 0, 0), team("air", 121.002, 1, 600000)};
    const muster_metric *metrics[2];
    muster_problem       problem = MUSTER_PROBLEM_INIT;
    coast_init(&c);
    metrics[0] = c.light, metrics[1] = c.helicopter;
    problem.metric_count = 2, problem.metric = metrics;
    problem.kind_count = KINDS, problem.kind = KIND;
    problem.team_count = 2, problem.team = teams;
    problem.incident_count = 1, problem.incident = &ISLAND;
    problem.need_count = 1, problem.need = &need;
    assert_int_equal(muster_solve(&plan, &problem, NULL), MUSTER_OK);
    assert_int_equal(muster_plan_check(plan, &problem), MUSTER_OK);
    const muster_assignment *sent = muster_plan_assignments(plan, &count);
    assert_int_equal(count, 1);
    assert_int_equal(sent[0].index, 1);
    assert_int_equal(sent[0].depart_ms, 600000);
    /* 36.6 km at 220 km/h and 3 minutes for the setup */
    assert_true(fabs(sent[0].distance_m - 36600) < 100);
    assert_true(fabs(sent[0].eta_ms - (600000 + 180000 + sent[0].distance_m * 3600 / 220)) < 1);
    (void)muster_plan_unmet(plan, &count);
    assert_int_equal(count, 1); /* the car's four people */
    assert_int_equal(muster_plan_route(&route, plan, &problem, 0), MUSTER_OK);
    assert_int_equal(muster_route_duration_ms(route), sent[0].eta_ms - 600000);
    assert_true(muster_route_lat_deg(route)[muster_route_point_count(route) - 1] == 30.7005);
    muster_route_free(route);
    muster_plan_free(plan);
    coast_fini(&c);
}

static void machines_fly_too_and_the_nearest_by_time_goes(void **state) {
    (void)state;
    coast             c;
    muster_plan      *plan;
    uint32_t          count;
    const muster_need need  = {.incident = 0, .kind = DRONES, .quantity = 3};
    const muster_unit ferry = {.code = "ferry", .site = {121.309, 30.7}, .turnout_ms = 3600000};
    const muster_unit roof  = {
         .code = "roof", .site = {121.0, 30.5}, .metric = 1, .turnout_ms = 60000};
    const muster_machine pools[] = {{.unit = ferry, .kind = DRONES, .count = 5},
                                    {.unit = roof, .kind = DRONES, .count = 2}};
    const muster_metric *metrics[2];
    muster_problem       problem = MUSTER_PROBLEM_INIT;
    coast_init(&c);
    metrics[0] = c.light, metrics[1] = c.helicopter;
    problem.metric_count = 2, problem.metric = metrics;
    problem.kind_count = KINDS, problem.kind = KIND;
    problem.machine_count = 2, problem.machine = pools;
    problem.incident_count = 1, problem.incident = &ISLAND;
    problem.need_count = 1, problem.need = &need;
    assert_int_equal(muster_solve(&plan, &problem, NULL), MUSTER_OK);
    const muster_assignment *sent = muster_plan_assignments(plan, &count);
    assert_int_equal(count, 2);
    assert_int_equal(sent[0].index, 1); /* from afar, but by air */
    assert_int_equal(sent[0].quantity, 2);
    assert_int_equal(sent[1].index, 0);
    assert_int_equal(sent[1].quantity, 1);
    assert_int_equal(muster_plan_outcome(plan), MUSTER_OPTIMAL);
    muster_plan_free(plan);
    coast_fini(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_helicopter_reaches_the_island_that_no_road_does),
        cmocka_unit_test(machines_fly_too_and_the_nearest_by_time_goes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
