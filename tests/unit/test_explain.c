/* Explanations on a small map: two roads of two edges each from node 0 to node 3, by node 1 and by
 * node 2, a lane from 3 that only leads in to node 4, and a road 5 - 6 by itself.
 *
 *       1
 *     /   \
 *   0       3 -> 4       5 - 6
 *     \   /
 *       2
 */
#include <muster/explain.h>

#include "tests/support/cmocka_all.h"

enum { EDGES = 6 };

typedef struct map {
    muster_network   *network;
    muster_metric    *metric;
    muster_closure   *closure;
    muster_explainer *explainer;
} map;

static void map_init_for(map *m, const char *profile_name) {
    static const double       LON[] = {0, 1, 1, 2, 3, 5, 6}, LAT[] = {0, 1, -1, 0, 0, 0, 0};
    static const uint32_t     SOURCE[] = {0, 0, 1, 2, 3, 5}, TARGET[] = {1, 2, 3, 3, 4, 6};
    static const double       LENGTH_M[]    = {1000, 1000, 1000, 1000, 1000, 1000};
    static const uint8_t      BACKWARD[]    = {7, 7, 7, 7, 0, 7};
    static const float        MAXHEIGHT_M[] = {0, 0, 2.6F, 2.6F, 0, 0}; /* light is lower */
    static const uint32_t     DURATION_MS[] = {60000, 60000, 60000, 60000, 60000, 60000};
    const muster_network_data data          = {.struct_size               = sizeof data,
                                               .node_count                = 7,
                                               .node_lon_deg              = LON,
                                               .node_lat_deg              = LAT,
                                               .edge_count                = EDGES,
                                               .edge_source               = SOURCE,
                                               .edge_target               = TARGET,
                                               .edge_length_m             = LENGTH_M,
                                               .edge_access_backward      = BACKWARD,
                                               .edge_maxheight_m          = MAXHEIGHT_M,
                                               .edge_duration_forward_ms  = DURATION_MS,
                                               .edge_duration_backward_ms = DURATION_MS};
    muster_profile            profile;
    *m = (map){0};
    assert_int_equal(muster_network_new(&m->network, &data), MUSTER_OK);
    assert_int_equal(muster_profile_builtin(&profile, profile_name), MUSTER_OK);
    assert_int_equal(muster_metric_new(&m->metric, m->network, &profile), MUSTER_OK);
    assert_int_equal(muster_closure_new(&m->closure, m->metric), MUSTER_OK);
}

static void map_init(map *m) {
    map_init_for(m, "light");
}

static void map_fini(map *m) {
    muster_explainer_free(m->explainer);
    muster_closure_free(m->closure);
    muster_metric_free(m->metric);
    muster_network_free(m->network);
}

static void close_edge(map *m, uint32_t cause, uint32_t edge) {
    muster_closure_set_cause(m->closure, cause);
    assert_int_equal(muster_closure_edges(m->closure, 1, &edge), MUSTER_OK);
}

/* From the middle of one edge to the middle of another. */
static muster_explanation ask(map *m, uint32_t from_edge, uint32_t to_edge) {
    const muster_snap  from = {from_edge, 0.5, 0, 0, 0}, to = {to_edge, 0.5, 0, 0, 0};
    muster_explanation found;
    muster_explainer_free(m->explainer);
    assert_int_equal(muster_explainer_new(&m->explainer, m->closure), MUSTER_OK);
    assert_int_equal(muster_explainer_ask(m->explainer, &from, &to, &found), MUSTER_OK);
    return found;
}

static void assert_causes(muster_explanation found, uint32_t count, const uint32_t *cause) {
    assert_int_equal(found.cause_count, count);
    for (uint32_t i = 0; i < count; ++i) assert_int_equal(found.cause[i], cause[i]);
}

static void a_detour_is_a_way(void **state) {
    (void)state;
    map m;
    map_init(&m);
    close_edge(&m, 7, 0);
    assert_int_equal(ask(&m, 1, 2).cut, MUSTER_CUT_NOT);
    map_fini(&m);
}

static void one_of_two_roads_is_enough(void **state) {
    (void)state;
    map m;
    map_init(&m);
    close_edge(&m, 9, 2);
    close_edge(&m, 4, 3);
    const muster_explanation found = ask(&m, 0, 4);
    assert_int_equal(found.cut, MUSTER_CUT_BY_EACH);
    assert_causes(found, 2, (const uint32_t[]){4, 9});
    map_fini(&m);
}

static void a_road_closed_twice_opens_when_both_are_lifted(void **state) {
    (void)state;
    map m;
    map_init(&m);
    close_edge(&m, 1, 0);
    close_edge(&m, 2, 2);
    close_edge(&m, 3, 1);
    close_edge(&m, 5, 1);
    close_edge(&m, 6, 3); /* three in a row here, two there */
    const muster_snap  start = {0, 0, 0, 0, 0}, end = {4, 1, 0, 0, 0};
    muster_explanation found = ask(&m, 0, 4);
    assert_int_equal(muster_explainer_ask(m.explainer, &start, &end, &found), MUSTER_OK);
    assert_int_equal(found.cut, MUSTER_CUT_BY_ALL);
    assert_causes(found, 2, (const uint32_t[]){1, 2});
    map_fini(&m);
}

static void where_no_road_leads_the_parts_are_told(void **state) {
    (void)state;
    map m;
    map_init(&m);
    close_edge(&m, 1, 0);
    muster_explanation found = ask(&m, 1, 5);
    assert_int_equal(found.cut, MUSTER_CUT_ALWAYS);
    assert_int_equal(found.cause_count, 0);
    assert_int_equal(found.from_component, 0);
    assert_int_equal(muster_metric_component_size(m.metric)[found.to_component], 2);
    found = ask(&m, 4, 1); /* a lane that only leads in: node 4 is a part of its own */
    assert_int_equal(found.cut, MUSTER_CUT_ALWAYS);
    assert_int_equal(muster_metric_component_size(m.metric)[found.from_component], 1);
    map_fini(&m);
}

static void slow_roads_cut_nothing_off(void **state) {
    (void)state;
    map m;
    map_init(&m);
    muster_closure_set_cause(m.closure, 8);
    assert_int_equal(muster_closure_slow(m.closure, NULL, 0, 0.001), MUSTER_OK);
    assert_int_equal(ask(&m, 0, 3).cut, MUSTER_CUT_NOT);
    assert_int_equal(muster_closure_slow(m.closure, NULL, 0, 0), MUSTER_OK);
    const muster_explanation found = ask(&m, 0, 3);
    assert_int_equal(found.cut, MUSTER_CUT_BY_EACH);
    assert_causes(found, 1, (const uint32_t[]){8});
    map_fini(&m);
}

static void what_is_said_is_of_the_closure_as_it_was(void **state) {
    (void)state;
    map m;
    map_init(&m);
    close_edge(&m, 1, 4);
    muster_explanation found = ask(&m, 0, 4);
    muster_closure_free(m.closure);
    m.closure               = NULL;
    const muster_snap start = {0, 0, 0, 0, 0}, end = {4, 1, 0, 0, 0};
    assert_int_equal(muster_explainer_ask(m.explainer, &start, &end, &found), MUSTER_OK);
    assert_int_equal(found.cut, MUSTER_CUT_BY_EACH);
    assert_causes(found, 1, (const uint32_t[]){1});
    map_fini(&m);
}

static void a_road_that_only_boats_can_take_counts_as_one(void **state) {
    (void)state;
    static const double   LON[] = {-1, 2.5, 2.5, -1}, LAT[] = {-2, -2, 2, 2};
    static const uint32_t FIRST[] = {0, 4};
    const muster_polygon  flood   = {1, FIRST, LON, LAT};
    map                   m;
    map_init_for(&m, "boat");
    assert_int_equal(ask(&m, 0, 4).cut, MUSTER_CUT_ALWAYS);
    muster_closure_set_cause(m.closure, 1);
    assert_int_equal(muster_closure_flood(m.closure, &flood, 3), MUSTER_OK);
    assert_int_equal(ask(&m, 0, 4).cut, MUSTER_CUT_NOT);
    close_edge(&m, 4, 2);
    close_edge(&m, 4, 3);
    const muster_explanation found = ask(&m, 0, 4);
    assert_int_equal(found.cut, MUSTER_CUT_BY_EACH);
    assert_causes(found, 1, (const uint32_t[]){4});
    map_fini(&m);
}

static void a_place_on_no_road_has_no_part(void **state) {
    (void)state;
    map                m;
    const muster_snap  nowhere = {MUSTER_NONE, 0, 0, 0, 0}, wrong = {EDGES, 0, 0, 0, 0};
    muster_explanation found;
    map_init(&m);
    ask(&m, 0, 1);
    assert_int_equal(muster_explainer_ask(m.explainer, &nowhere, &nowhere, &found), MUSTER_OK);
    assert_int_equal(found.cut, MUSTER_CUT_ALWAYS);
    assert_int_equal(found.from_component, MUSTER_NONE);
    assert_int_equal(muster_explainer_ask(m.explainer, &nowhere, &wrong, &found), MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(),
                        "the way's end is snapped to edge 6 at fraction 0; expected an edge below "
                        "6 and 0 to 1");
    map_fini(&m);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_detour_is_a_way),
        cmocka_unit_test(one_of_two_roads_is_enough),
        cmocka_unit_test(a_road_closed_twice_opens_when_both_are_lifted),
        cmocka_unit_test(where_no_road_leads_the_parts_are_told),
        cmocka_unit_test(slow_roads_cut_nothing_off),
        cmocka_unit_test(what_is_said_is_of_the_closure_as_it_was),
        cmocka_unit_test(a_road_that_only_boats_can_take_counts_as_one),
        cmocka_unit_test(a_place_on_no_road_has_no_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
