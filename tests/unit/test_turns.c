/* What each kind of turn restriction does at a crossing. */
#include <muster/matrix.h>
#include <muster/route.h>

#include <math.h>

#include "tests/support/cmocka_all.h"

/* Node 0 is the crossing, edge i leads from it to node i + 1: four roads of 10 s. Edge 4 goes on
 * from node 4 to node 5. Who may not turn off at the crossing turns round at the end of a road. */
enum { NODES = 6, EDGES = 5, ROAD_MS = 10000 };

static const double LON[NODES]      = {30, 30.001, 30, 29.999, 30, 30},
                    LAT[NODES]      = {10, 10, 10.001, 10, 9.999, 9.998};
static const uint32_t SOURCE[EDGES] = {0, 0, 0, 0, 4}, TARGET[EDGES] = {1, 2, 3, 4, 5};
static const double   LENGTH_M[EDGES]    = {100, 100, 100, 100, 100};
static const uint32_t DURATION_MS[EDGES] = {ROAD_MS, ROAD_MS, ROAD_MS, ROAD_MS, ROAD_MS};

typedef struct crossing {
    muster_network *network;
    muster_metric  *metric;
} crossing;

static void set_up(crossing *c, const char *profile_name, uint32_t count,
                   const muster_turn_restriction *turn, const uint32_t *first_via,
                   const uint32_t *via_edge) {
    const muster_network_data data = {.struct_size               = sizeof data,
                                      .node_count                = NODES,
                                      .node_lon_deg              = LON,
                                      .node_lat_deg              = LAT,
                                      .edge_count                = EDGES,
                                      .edge_source               = SOURCE,
                                      .edge_target               = TARGET,
                                      .edge_length_m             = LENGTH_M,
                                      .edge_duration_forward_ms  = DURATION_MS,
                                      .edge_duration_backward_ms = DURATION_MS,
                                      .restriction_count         = count,
                                      .restriction               = turn,
                                      .restriction_first_via     = first_via,
                                      .restriction_via_edge      = via_edge};
    muster_profile            profile;
    assert_int_equal(muster_profile_builtin(&profile, profile_name), MUSTER_OK);
    assert_int_equal(muster_network_new(&c->network, &data), MUSTER_OK);
    assert_int_equal(muster_metric_new(&c->metric, c->network, &profile), MUSTER_OK);
}

static void tear_down(crossing *c) {
    muster_metric_free(c->metric);
    muster_network_free(c->network);
}

/* The end of road i, or the crossing itself. */
static muster_snap end_of(uint32_t road) {
    return (muster_snap){.edge = road, .fraction = 1};
}

static const muster_snap CROSSING = {.edge = 0, .fraction = 0};

static uint32_t time_ms(const crossing *c, muster_snap from, muster_snap to) {
    uint32_t ms;
    assert_int_equal(muster_matrix(c->metric, 1, &from, 1, &to, 1, &ms, NULL), MUSTER_OK);
    return ms;
}

static uint32_t time_with(const char *profile, muster_turn_restriction turn, muster_snap from,
                          muster_snap to) {
    crossing c;
    set_up(&c, profile, 1, &turn, NULL, NULL);
    assert_int_equal(muster_network_applied_restriction_count(c.network), 1);
    const uint32_t ms = time_ms(&c, from, to);
    tear_down(&c);
    return ms;
}

static const muster_turn_restriction NO_TURN   = {.from_edge = 0, .via_node = 0, .to_edge = 1};
static const muster_turn_restriction ONLY_TURN = {
    .from_edge = 0, .via_node = 0, .to_edge = 1, .kind = MUSTER_RESTRICTION_ONLY};

static void a_forbidden_turn_is_driven_round(void **state) {
    (void)state;
    const muster_snap from = end_of(0);
    assert_int_equal(time_with("light", NO_TURN, from, end_of(1)), 4 * ROAD_MS);
    assert_int_equal(time_with("light", NO_TURN, from, end_of(2)), 2 * ROAD_MS);
    assert_int_equal(time_with("light", NO_TURN, end_of(2), end_of(1)), 2 * ROAD_MS);
    assert_int_equal(time_with("light", NO_TURN, end_of(1), from), 2 * ROAD_MS); /* the way back */
}

static void of_all_turns_the_only_one_is_left(void **state) {
    (void)state;
    const muster_snap from = end_of(0);
    assert_int_equal(time_with("light", ONLY_TURN, from, end_of(1)), 2 * ROAD_MS);
    assert_int_equal(time_with("light", ONLY_TURN, from, end_of(2)), 4 * ROAD_MS);
    assert_int_equal(time_with("light", ONLY_TURN, end_of(3), end_of(2)), 2 * ROAD_MS);
}

/* Two signs that leave two ways on. */
static void of_two_mandatory_turns_either_may_be_followed(void **state) {
    (void)state;
    crossing                      c;
    const muster_turn_restriction turn[2] = {
        ONLY_TURN, {.from_edge = 0, .via_node = 0, .to_edge = 2, .kind = MUSTER_RESTRICTION_ONLY}};
    set_up(&c, "light", 2, turn, NULL, NULL);
    assert_int_equal(time_ms(&c, end_of(0), end_of(1)), 2 * ROAD_MS);
    assert_int_equal(time_ms(&c, end_of(0), end_of(2)), 2 * ROAD_MS);
    assert_int_equal(time_ms(&c, end_of(0), end_of(3)), 4 * ROAD_MS);
    tear_down(&c);
}

static void whoever_is_excepted_turns(void **state) {
    (void)state;
    muster_turn_restriction turn = NO_TURN;
    turn.except                  = MUSTER_ACCESS_HEAVY;
    assert_int_equal(time_with("heavy", turn, end_of(0), end_of(1)), 2 * ROAD_MS);
    assert_int_equal(time_with("light", turn, end_of(0), end_of(1)), 4 * ROAD_MS);
}

static void blue_lights_turn_at_a_price(void **state) {
    (void)state;
    assert_int_equal(time_with("emergency", NO_TURN, end_of(0), end_of(1)), 2 * ROAD_MS + 10000);
}

static void penalties_add_up(void **state) {
    (void)state;
    crossing                      c;
    const muster_turn_restriction slow    = {.from_edge  = 0,
                                             .via_node   = 0,
                                             .to_edge    = 1,
                                             .kind       = MUSTER_RESTRICTION_PENALTY,
                                             .penalty_ms = 3000};
    const muster_turn_restriction turn[2] = {slow, slow};
    assert_int_equal(time_with("light", slow, end_of(0), end_of(1)), 2 * ROAD_MS + 3000);
    set_up(&c, "light", 2, turn, NULL, NULL);
    assert_int_equal(time_ms(&c, end_of(0), end_of(1)), 2 * ROAD_MS + 6000);
    tear_down(&c);
}

static void at_the_ends_of_a_trip_no_turn_is_made(void **state) {
    (void)state;
    assert_int_equal(time_with("light", NO_TURN, CROSSING, end_of(1)), ROAD_MS);
    assert_int_equal(time_with("light", NO_TURN, end_of(0), CROSSING), ROAD_MS);
}

/* From road 0 over road 3 into edge 4. */
static void over_a_road_only_who_came_that_way_is_bound(void **state) {
    (void)state;
    crossing                      c;
    const uint32_t                first_via[2] = {0, 1}, via_edge[1] = {3};
    const muster_turn_restriction turn = {
        .from_edge = 0, .via_node = 0, .to_edge = 4, .via_is_way = 1};
    const muster_snap on_the_way = {.edge = 3, .fraction = 0.5};
    muster_snap       from = end_of(0), to = end_of(4);
    set_up(&c, "light", 1, &turn, first_via, via_edge);
    assert_int_equal(time_ms(&c, from, to), 5 * ROAD_MS); /* round another road */
    assert_int_equal(time_ms(&c, end_of(1), to), 3 * ROAD_MS);
    assert_int_equal(time_ms(&c, from, on_the_way), ROAD_MS + ROAD_MS / 2);
    assert_int_equal(time_ms(&c, on_the_way, to), ROAD_MS + ROAD_MS / 2);
    muster_route *route;
    uint32_t      count;
    assert_int_equal(muster_route_new(&route, c.metric, &from, &to), MUSTER_OK);
    const uint32_t *arc = muster_route_arcs(route, &count);
    assert_int_equal(count, 5); /* off into another road, back, and on: no copies, no turns */
    assert_int_equal(arc[0], 1);
    assert_int_equal(arc[1] ^ 1, arc[2]);
    assert_int_equal(arc[3], 6);
    assert_int_equal(arc[4], 8);
    muster_route_free(route);
    tear_down(&c);
}

static void what_is_not_complete_has_no_effect(void **state) {
    (void)state;
    const muster_turn_restriction none[] = {
        {.from_edge = MUSTER_NONE, .via_node = 0, .to_edge = 1},
        {.from_edge = 0, .via_node = MUSTER_NONE, .to_edge = 1},
        {.from_edge = 0, .via_node = 0, .to_edge = MUSTER_NONE},
        {.from_edge = 4, .via_node = 0, .to_edge = 1}, /* edge 4 is elsewhere */
        {.from_edge = 0, .via_node = 0, .to_edge = 4}};
    crossing c;
    set_up(&c, "light", 5, none, NULL, NULL);
    assert_int_equal(muster_network_applied_restriction_count(c.network), 0);
    assert_int_equal(muster_metric_turn_count(c.metric), 0);
    assert_int_equal(time_ms(&c, end_of(0), end_of(1)), 2 * ROAD_MS);
    tear_down(&c);
}

static void turns_are_listed_with_what_they_cost(void **state) {
    (void)state;
    crossing c;
    set_up(&c, "light", 1, &ONLY_TURN, NULL, NULL);
    assert_int_equal(muster_metric_turn_count(c.metric), 3); /* off into two roads, and back */
    for (uint32_t i = 0; i < 3; ++i) {
        static const uint32_t INTO[] = {0, 4, 6};
        const muster_turn     turn   = muster_metric_turn(c.metric, i);
        assert_int_equal(turn.arc_count, 2);
        assert_int_equal(turn.arc[0], 1);
        assert_int_equal(turn.arc[1], INTO[i]);
        assert_int_equal(turn.duration_ms, MUSTER_UNREACHABLE_MS);
    }
    tear_down(&c);
}

/* Every road that arrives is under some restriction, and yet all of it hangs together. */
static void a_crossing_taken_apart_is_no_island(void **state) {
    (void)state;
    muster_turn_restriction turn[4];
    crossing                c;
    for (uint32_t i = 0; i < 4; ++i) {
        turn[i] = (muster_turn_restriction){.from_edge = i, .via_node = 0, .to_edge = (i + 1) % 4};
    }
    for (uint32_t with_hierarchy = 0; with_hierarchy < 2; ++with_hierarchy) {
        muster_profile light;
        set_up(&c, "light", 4, turn, NULL, NULL);
        if (with_hierarchy) {
            muster_metric_free(c.metric);
            assert_int_equal(muster_network_build_hierarchy(c.network), MUSTER_OK);
            assert_int_equal(muster_profile_builtin(&light, "light"), MUSTER_OK);
            assert_int_equal(muster_metric_new(&c.metric, c.network, &light), MUSTER_OK);
        }
        assert_int_equal(muster_metric_component_count(c.metric), 1);
        assert_int_equal(muster_metric_component_size(c.metric)[0], NODES);
        tear_down(&c);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_forbidden_turn_is_driven_round),
        cmocka_unit_test(of_all_turns_the_only_one_is_left),
        cmocka_unit_test(of_two_mandatory_turns_either_may_be_followed),
        cmocka_unit_test(whoever_is_excepted_turns),
        cmocka_unit_test(blue_lights_turn_at_a_price),
        cmocka_unit_test(penalties_add_up),
        cmocka_unit_test(at_the_ends_of_a_trip_no_turn_is_made),
        cmocka_unit_test(over_a_road_only_who_came_that_way_is_bound),
        cmocka_unit_test(what_is_not_complete_has_no_effect),
        cmocka_unit_test(turns_are_listed_with_what_they_cost),
        cmocka_unit_test(a_crossing_taken_apart_is_no_island),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
