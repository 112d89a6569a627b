/* What decides between plans that are equal in the first tiers, one tier after the other. */
#include <muster/solve.h>

#include "tests/support/cmocka_all.h"

enum { RESCUE, DIVING, KINDS };

/* A road, a village at its east end that asks for ten people, and three teams of ten at its west
 * end, who are alike. */
typedef struct stage {
    muster_network      *network;
    muster_metric       *metric;
    const muster_metric *metrics[1];
    muster_team          team[3];
    muster_zone          zone;
    muster_weights       weights;
    muster_problem       problem;
} stage;

static stage s;

static const muster_kind      KIND[KINDS]   = {{.code = "rescue", .resource = MUSTER_PEOPLE},
                                               {.code = "diving", .resource = MUSTER_PEOPLE}};
static const uint32_t         BOTH[]        = {RESCUE, DIVING};
static const muster_incident  VILLAGE       = {.code = "village", .site = {120.72, 30.75}};
static const muster_need      NEED          = {.kind = RESCUE, .quantity = 10};
static const muster_authority AUTHORITIES[] = {
    {.code = "ours", .level = MUSTER_VILLAGE, .parent = 2},
    {.code = "next", .level = MUSTER_VILLAGE, .parent = 2},
    {.code = "town", .level = MUSTER_TOWN, .parent = MUSTER_NONE}};

static void build_road(void) {
    const double        lon[] = {120.70, 120.72}, lat[] = {30.75, 30.75}, length_m[] = {1915};
    const uint32_t      source[] = {0}, target[] = {1};
    muster_network_data road = MUSTER_NETWORK_DATA_INIT;
    muster_profile      light;
    road.node_count = 2, road.node_lon_deg = lon, road.node_lat_deg = lat;
    road.edge_count = 1, road.edge_source = source, road.edge_target = target;
    road.edge_length_m = length_m;
    assert_int_equal(muster_network_new(&s.network, &road), MUSTER_OK);
    assert_int_equal(muster_profile_builtin(&light, "light"), MUSTER_OK);
    assert_int_equal(muster_metric_new(&s.metric, s.network, &light), MUSTER_OK);
    s.metrics[0] = s.metric;
}

static int set_up(void **state) {
    (void)state;
    static const char *const CODE[] = {"T-0", "T-1", "T-2"};
    s                               = (stage){.weights = MUSTER_WEIGHTS_INIT};
    build_road();
    for (int t = 0; t < 3; ++t) {
        const muster_unit unit = {.code = CODE[t], .site = {120.70, 30.75}};
        s.team[t] =
            (muster_team){.unit = unit, .people = 10, .capability = BOTH, .capability_count = 1};
    }
    s.zone    = (muster_zone){.code      = "pier",
                              .site      = {120.70, 30.75},
                              .kind      = DIVING,
                              .radius_ms = 60000,
                              .required  = 10,
                              .weight    = 1};
    s.problem = (muster_problem){.struct_size     = sizeof s.problem,
                                 .metric_count    = 1,
                                 .metric          = s.metrics,
                                 .kind_count      = KINDS,
                                 .kind            = KIND,
                                 .team_count      = 3,
                                 .team            = s.team,
                                 .incident_count  = 1,
                                 .incident        = &VILLAGE,
                                 .need_count      = 1,
                                 .need            = &NEED,
                                 .authority_count = 3,
                                 .authority       = AUTHORITIES,
                                 .zone_count      = 1,
                                 .zone            = &s.zone,
                                 .weights         = &s.weights};
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    muster_metric_free(s.metric);
    muster_network_free(s.network);
    return 0;
}

static void expect_to_go(uint32_t team) {
    muster_plan *plan;
    uint32_t     count;
    if (muster_solve(&plan, &s.problem, NULL) != MUSTER_OK) fail_msg("%s", muster_error_message());
    const muster_assignment *go = muster_plan_assignments(plan, &count);
    assert_int_equal(count, 1);
    assert_int_equal(go->index, team);
    muster_plan_free(plan);
}

static void who_comes_first_goes_first(void **state) {
    (void)state;
    expect_to_go(0);
}

static void less_duty_goes_first(void **state) {
    (void)state;
    s.team[0].unit.duty_ms = 120000;
    s.team[1].unit.duty_ms = 60000;
    expect_to_go(2);
    s.team[2].unit.duty_ms = 60001; /* the same in whole minutes */
    expect_to_go(1);
}

static void less_escalation_comes_before_less_duty(void **state) {
    (void)state;
    s.team[0].unit.authority = 2;
    s.team[1].unit.authority = 1;
    s.team[2].unit.duty_ms   = 3600000;
    expect_to_go(2);
}

static void less_cover_lost_comes_before_less_escalation(void **state) {
    (void)state;
    for (int t = 0; t < 3; ++t) s.team[t].capability_count = t == 1 ? 1 : 2;
    s.zone.required          = 20;
    s.team[1].unit.authority = 2;
    expect_to_go(1);
    s.zone.required = 10; /* one of them can be spared */
    expect_to_go(0);
}

static void response_time_comes_before_cover_unless_the_commander_says_otherwise(void **state) {
    (void)state;
    s.team[0].capability_count = 2;
    s.team[1].unit.turnout_ms = s.team[2].unit.turnout_ms = 600000;
    expect_to_go(0);
    s.weights.reserve_before_response = 1;
    expect_to_go(1);
    s.zone.weight = 0;
    expect_to_go(0);
}

static void meeting_needs_comes_before_everything(void **state) {
    (void)state;
    s.weights.reserve_before_response = 1;
    s.problem.team_count              = 1;
    s.team[0].capability_count        = 2;
    s.zone.weight                     = 1000000;
    s.team[0].unit.duty_ms            = 36000000;
    expect_to_go(0);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(who_comes_first_goes_first),
        CASE(less_duty_goes_first),
        CASE(less_escalation_comes_before_less_duty),
        CASE(less_cover_lost_comes_before_less_escalation),
        CASE(response_time_comes_before_cover_unless_the_commander_says_otherwise),
        CASE(meeting_needs_comes_before_everything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
