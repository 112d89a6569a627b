/* Building networks: what comes out is what went in, and every wrong item is named. */
#include <muster/network.h>

#include <math.h>
#include <string.h>

#include "core/network.h"
#include "tests/support/random_network.h"

typedef struct fixture {
    double              lon[3], lat[3], length_m[2];
    uint32_t            source[2], target[2];
    muster_network_data data;
} fixture;

static void set_up(fixture *f) {
    *f                    = (fixture){.lon      = {120.1, 120.2, 120.3},
                                      .lat      = {30.1, 30.2, 30.3},
                                      .length_m = {100.004, 200.5},
                                      .source   = {0, 1},
                                      .target   = {1, 2}};
    f->data               = (muster_network_data)MUSTER_NETWORK_DATA_INIT;
    f->data.node_count    = 3;
    f->data.node_lon_deg  = f->lon;
    f->data.node_lat_deg  = f->lat;
    f->data.edge_count    = 2;
    f->data.edge_source   = f->source;
    f->data.edge_target   = f->target;
    f->data.edge_length_m = f->length_m;
}

static void refused(const fixture *f, const char *message) {
    muster_network *network = (muster_network *)(uintptr_t)1;
    assert_int_equal(muster_network_new(&network, &f->data), MUSTER_E_INVALID);
    assert_null(network);
    assert_string_equal(muster_error_message(), message);
}

static void defaults_are_filled_in(void **state) {
    (void)state;
    fixture f;
    set_up(&f);
    muster_network *network;
    assert_int_equal(muster_network_new(&network, &f.data), MUSTER_OK);
    const muster_network_data *v = muster_network_view(network);
    assert_int_equal(v->node_id[2], 3);
    assert_int_equal(v->edge_id[1], 2);
    assert_int_equal(v->edge_class[0], MUSTER_ROAD_ROAD);
    assert_int_equal(v->edge_access_backward[1], MUSTER_ACCESS_ALL);
    assert_int_equal(v->edge_duration_forward_ms[0], MUSTER_NONE);
    assert_int_equal(v->edge_name[0], MUSTER_NONE);
    assert_int_equal(v->edge_first_point[2], 0);
    assert_true(v->edge_length_m[0] == 100.0);
    assert_true(v->edge_length_m[1] == 200.5);
    muster_network_free(network);
}

static void everything_given_is_copied(void **state) {
    (void)state;
    static random_network      r;
    muster_network            *network = random_network_new(&r, 11);
    const muster_network_data *v       = muster_network_view(network);
    assert_ptr_not_equal(v->edge_source, r.source);
    assert_memory_equal(v->edge_source, r.source, r.data.edge_count * sizeof *r.source);
    assert_memory_equal(v->edge_class, r.class, r.data.edge_count);
    assert_memory_equal(v->edge_duration_backward_ms, r.duration_backward,
                        r.data.edge_count * sizeof(uint32_t));
    assert_memory_equal(v->point_lon_deg, r.point_lon,
                        r.first_point[r.data.edge_count] * sizeof(double));
    muster_network_free(network);
}

static void adjacencies_list_each_open_arc_once(void **state) {
    (void)state;
    static random_network r;
    for (uint64_t seed = 0; seed < 100; ++seed) {
        muster_network *net                            = random_network_new(&r, seed);
        uint32_t        leaving[2 * RANDOM_MAX_EDGES]  = {0};
        uint32_t        entering[2 * RANDOM_MAX_EDGES] = {0};
        for (uint32_t v = 0; v < r.data.node_count; ++v) {
            for (uint32_t i = net->roads.first_out[v]; i < net->roads.first_out[v + 1]; ++i) {
                assert_int_equal(mu_arc_tail(net, net->roads.out_arc[i]), v);
                ++leaving[net->roads.out_arc[i]];
            }
            for (uint32_t i = net->roads.first_in[v]; i < net->roads.first_in[v + 1]; ++i) {
                assert_int_equal(mu_arc_head(net, net->roads.in_arc[i]), v);
                ++entering[net->roads.in_arc[i]];
            }
        }
        for (uint32_t a = 0; a < 2 * r.data.edge_count; ++a) {
            assert_int_equal(leaving[a], mu_arc_access(net, a) != 0);
            assert_int_equal(entering[a], mu_arc_access(net, a) != 0);
        }
        muster_network_free(net);
    }
}

static void an_empty_network_is_a_network(void **state) {
    (void)state;
    const muster_network_data data = MUSTER_NETWORK_DATA_INIT;
    muster_network           *network;
    uint32_t                  count = 9, largest = 9;
    assert_int_equal(muster_network_new(&network, &data), MUSTER_OK);
    assert_int_equal(muster_network_components(network, &count, &largest), MUSTER_OK);
    assert_int_equal(count, 0);
    assert_int_equal(largest, 0);
    muster_network_free(network);
    muster_network_free(NULL);
}

static void an_edge_that_leaves_the_network_is_named(void **state) {
    (void)state;
    fixture f;
    set_up(&f);
    f.target[1] = 7;
    refused(&f, "edge 1 runs to node 7, but the network has 3 nodes");
    set_up(&f);
    f.source[0] = 3;
    refused(&f, "edge 0 runs from node 3, but the network has 3 nodes");
}

static void coordinates_off_the_globe_are_named(void **state) {
    (void)state;
    fixture f;
    set_up(&f);
    f.lat[1] = 120.2;
    refused(&f, "node 1 has latitude 120.2; expected -90 to 90 (is it swapped with the "
                "longitude?)");
    set_up(&f);
    f.lon[2] = (double)NAN;
    refused(&f, "node 2 has longitude nan; expected -180 to 180");
}

static void lengths_and_limits_must_make_sense(void **state) {
    (void)state;
    const float speed[2] = {50, -1}, height[2] = {(float)INFINITY, 0};
    const uint8_t class[2] = {0, 99}, access[2] = {16, 0};
    fixture f;
    set_up(&f);
    f.length_m[1] = -5;
    refused(&f, "edge 1 has length -5 m; expected 0 to 1e+07");
    set_up(&f);
    f.data.edge_speed_forward_kmh = speed;
    refused(&f, "edge 1 has forward speed -1; expected 0 or more");
    set_up(&f);
    f.data.edge_maxheight_m = height;
    refused(&f, "edge 0 has maxheight inf; expected 0 or more");
    set_up(&f);
    f.data.edge_class = class;
    refused(&f, "edge 1 has road class 99; expected 0 to 16");
    set_up(&f);
    f.data.edge_access_backward = access;
    refused(&f, "edge 0 has backward access bits 16; expected 0 to 15");
}

static void broken_arrays_are_named(void **state) {
    (void)state;
    const uint32_t                falling[3] = {0, 2, 1}, late[3] = {1, 1, 1}, one[3] = {0, 1, 1};
    const uint32_t                name[2] = {0, 5};
    const muster_turn_restriction turn    = {.from_edge = 9, .via_node = 0, .to_edge = 0};
    const muster_turn_restriction slow    = {.kind       = MUSTER_RESTRICTION_PENALTY,
                                             .penalty_ms = MUSTER_UNREACHABLE_MS};
    const muster_turn_restriction sound = {0}, pair[2] = {{0}, {0}};
    fixture                       f;
    set_up(&f);
    f.data.edge_first_point = falling;
    refused(&f, "edge_first_point falls from 2 to 1 at edge 1");
    f.data.edge_first_point = late;
    refused(&f, "edge_first_point starts at 1; expected 0");
    f.data.edge_first_point = one;
    refused(&f, "there are 1 shape points, but no coordinates");
    set_up(&f);
    f.data.names      = "abc";
    f.data.names_size = 3;
    refused(&f, "names has 3 bytes and does not end with NUL");
    f.data.names_size = 4;
    f.data.edge_name  = name;
    refused(&f, "edge 1 has its name at 5, but names has 4 bytes");
    set_up(&f);
    f.data.restriction_count = 1;
    f.data.restriction       = &turn;
    refused(&f, "turn restriction 0 refers to an edge, node or kind that is not there");
    f.data.restriction = &slow;
    refused(&f, "turn restriction 0 has a penalty of 2147483647 ms; expected less than 2147483647");
    f.data.restriction           = &sound;
    f.data.restriction_first_via = late;
    refused(&f, "restriction_first_via starts at 1; expected 0");
    f.data.restriction_first_via = one;
    refused(&f, "turn restrictions have 1 via edges, but no array");
    f.data.restriction_via_edge = name + 1;
    refused(&f, "via edge 0 of the turn restrictions is 5, but the network has 2 edges");
    f.data.restriction_count     = 2;
    f.data.restriction           = pair;
    f.data.restriction_first_via = falling;
    refused(&f, "restriction_first_via falls from 2 to 1 at turn restriction 1");
    set_up(&f);
    f.data.edge_length_m = NULL;
    refused(&f, "2 edges, but no source, target or length");
    f.data.struct_size = 1;
    muster_network *network;
    assert_int_equal(muster_network_new(&network, &f.data), MUSTER_E_INVALID);
}

static void road_classes_have_names_both_ways(void **state) {
    (void)state;
    for (int c = 0; c < MUSTER_ROAD_CLASS_COUNT; ++c) {
        const char *name = muster_road_class_name((muster_road_class)c);
        assert_int_equal(muster_road_class_from_name(name), c);
    }
    assert_null(muster_road_class_name(MUSTER_ROAD_CLASS_COUNT));
    assert_int_equal(muster_road_class_from_name("footway"), MUSTER_ROAD_CLASS_COUNT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_are_filled_in),
        cmocka_unit_test(everything_given_is_copied),
        cmocka_unit_test(adjacencies_list_each_open_arc_once),
        cmocka_unit_test(an_empty_network_is_a_network),
        cmocka_unit_test(an_edge_that_leaves_the_network_is_named),
        cmocka_unit_test(coordinates_off_the_globe_are_named),
        cmocka_unit_test(lengths_and_limits_must_make_sense),
        cmocka_unit_test(broken_arrays_are_named),
        cmocka_unit_test(road_classes_have_names_both_ways),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
