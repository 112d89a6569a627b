/* Closures on a street of four edges, 1 km and 100 s each: a plain one, a bridge, an underpass
 * and a tunnel. */
#include <muster/closure.h>

#include <math.h>

#include "tests/support/cmocka_all.h"

enum { EDGES = 4, ARCS = 2 * EDGES };

typedef struct street {
    muster_network *network;
    muster_metric  *metric;
    muster_closure *closure;
} street;

static void street_init_for(street *s, const muster_profile *profile) {
    static const double   LON[] = {1, 2, 3, 4, 5}, LAT[] = {0, 0, 0, 0, 0};
    static const uint32_t SOURCE[] = {0, 1, 2, 3}, TARGET[] = {1, 2, 3, 4};
    static const double   LENGTH_M[] = {1000, 1000, 1000, 1000};
    static const uint8_t  CLASS[]    = {MUSTER_ROAD_PRIMARY, MUSTER_ROAD_TRACK, MUSTER_ROAD_PRIMARY,
                                        MUSTER_ROAD_PRIMARY};
    static const uint8_t  FLAGS[]    = {0, MUSTER_EDGE_BRIDGE, 0, MUSTER_EDGE_TUNNEL};
    static const int8_t   LAYER[]    = {0, 1, -1, -1};
    static const uint32_t DURATION_MS[] = {100000, 100000, 100000, 100000};
    const muster_network_data data      = {.struct_size               = sizeof data,
                                           .node_count                = EDGES + 1,
                                           .node_lon_deg              = LON,
                                           .node_lat_deg              = LAT,
                                           .edge_count                = EDGES,
                                           .edge_source               = SOURCE,
                                           .edge_target               = TARGET,
                                           .edge_length_m             = LENGTH_M,
                                           .edge_class                = CLASS,
                                           .edge_flags                = FLAGS,
                                           .edge_layer                = LAYER,
                                           .edge_duration_forward_ms  = DURATION_MS,
                                           .edge_duration_backward_ms = DURATION_MS};
    assert_int_equal(muster_network_new(&s->network, &data), MUSTER_OK);
    assert_int_equal(muster_metric_new(&s->metric, s->network, profile), MUSTER_OK);
    assert_int_equal(muster_closure_new(&s->closure, s->metric), MUSTER_OK);
}

static muster_profile builtin(const char *name) {
    muster_profile profile;
    assert_int_equal(muster_profile_builtin(&profile, name), MUSTER_OK);
    return profile;
}

static void street_init(street *s) {
    const muster_profile light = builtin("light");
    street_init_for(s, &light);
}

static void street_fini(street *s) {
    muster_closure_free(s->closure);
    muster_metric_free(s->metric);
    muster_network_free(s->network);
}

/* The duration of each edge, the same both ways, with the closure. */
static void assert_durations(const street *s, const uint32_t expected_ms[EDGES]) {
    uint32_t                 count;
    const muster_arc_change *change = muster_closure_changes(s->closure, &count);
    muster_metric           *changed;
    assert_int_equal(muster_metric_change(&changed, s->metric, count, change), MUSTER_OK);
    for (int arc = 0; arc < ARCS; ++arc) {
        assert_int_equal(muster_metric_duration_ms(changed)[arc], expected_ms[arc / 2]);
    }
    muster_metric_free(changed);
}

static const uint32_t       FIRST[]   = {0, 4};
static const double         ALL_LON[] = {0, 6, 6, 0}, SOME_LON[] = {0, 1.5, 1.5, 0};
static const double         LAT[]      = {-1, -1, 1, 1};
static const muster_polygon EVERYWHERE = {1, FIRST, ALL_LON, LAT};
static const muster_polygon WEST       = {1, FIRST, SOME_LON, LAT};

enum { CLOSED = INT32_MAX };

static void water_spares_bridges_and_tunnels_but_no_underpass(void **state) {
    (void)state;
    street   s;
    uint32_t count;
    street_init(&s);
    assert_int_equal(muster_closure_flood(s.closure, &EVERYWHERE, 0.31), MUSTER_OK);
    assert_int_equal(muster_closure_flood(s.closure, &EVERYWHERE, 9), MUSTER_OK);
    assert_durations(&s, (uint32_t[]){CLOSED, 100000, CLOSED, 100000});
    const uint32_t *spared = muster_closure_spared(s.closure, &count);
    assert_int_equal(count, 2);
    assert_int_equal(spared[0] + spared[1], 1 + 3);
    street_fini(&s);
}

static void shallow_water_slows_as_stated(void **state) {
    (void)state;
    street s;
    street_init(&s);
    assert_int_equal(muster_closure_flood(s.closure, &WEST, 0), MUSTER_OK);
    assert_durations(&s, (uint32_t[]){100000, 100000, 100000, 100000});
    assert_int_equal(muster_closure_flood(s.closure, &WEST, 0.15), MUSTER_OK);
    assert_durations(&s, (uint32_t[]){400000, 100000, 100000, 100000});
    assert_int_equal(muster_closure_flood(s.closure, &WEST, 0.3), MUSTER_OK);
    assert_durations(&s, (uint32_t[]){4000000, 100000, 100000, 100000});
    assert_int_equal(muster_closure_flood(s.closure, &WEST, 0.1), MUSTER_OK); /* the slowest */
    assert_durations(&s, (uint32_t[]){4000000, 100000, 100000, 100000});
    assert_int_equal(muster_closure_flood(s.closure, &WEST, INFINITY), MUSTER_OK);
    assert_durations(&s, (uint32_t[]){CLOSED, 100000, 100000, 100000});
    street_fini(&s);
}

static void who_wades_no_water_is_stopped_by_any(void **state) {
    (void)state;
    street         s;
    muster_profile profile = builtin("light");
    profile.water          = MUSTER_WATER_BLOCKED; /* the wading depth does not count then */
    street_init_for(&s, &profile);
    assert_int_equal(muster_closure_flood(s.closure, &WEST, 0), MUSTER_OK);
    assert_durations(&s, (uint32_t[]){100000, 100000, 100000, 100000});
    assert_int_equal(muster_closure_flood(s.closure, &WEST, 0.01), MUSTER_OK);
    assert_durations(&s, (uint32_t[]){CLOSED, 100000, 100000, 100000});
    street_fini(&s);
}

/* 1 km at 12 km/h takes 300 s. */
static void deep_water_is_passed_by_boat_and_bridges_on_wheels(void **state) {
    (void)state;
    street               s;
    const muster_profile boat = builtin("boat");
    street_init_for(&s, &boat);
    assert_int_equal(muster_closure_flood(s.closure, &EVERYWHERE, INFINITY), MUSTER_OK);
    assert_durations(&s, (uint32_t[]){300000, 100000, 300000, 100000});
    assert_int_equal(muster_closure_flood(s.closure, &WEST, 0.4), MUSTER_OK); /* wades: 1/9 */
    assert_durations(&s, (uint32_t[]){900000, 100000, 300000, 100000});
    street_fini(&s);
    street_init_for(&s, &boat);
    assert_int_equal(muster_closure_flood(s.closure, &WEST, 0.5), MUSTER_OK); /* wading: 1/36 */
    assert_durations(&s, (uint32_t[]){300000, 100000, 100000, 100000});
    street_fini(&s);
}

static void water_too_deep_to_wade_and_too_shallow_to_float_closes(void **state) {
    (void)state;
    street         s;
    muster_profile boat = builtin("boat");
    boat.boat_depth_m   = 0.9;
    street_init_for(&s, &boat);
    assert_int_equal(muster_closure_flood(s.closure, &EVERYWHERE, 0.7), MUSTER_OK);
    assert_durations(&s, (uint32_t[]){CLOSED, 100000, CLOSED, 100000});
    street_fini(&s);
}

/* No lorry passes here, and nobody at all the tunnel. */
static void boats_open_roads_that_lie_in_the_water_from_end_to_end(void **state) {
    (void)state;
    street         s;
    muster_profile boat                 = builtin("boat");
    boat.speed_kmh[MUSTER_ROAD_PRIMARY] = 0;
    street_init_for(&s, &boat);
    assert_int_equal(muster_closure_flood(s.closure, &WEST, 2), MUSTER_OK); /* edge 0 in part */
    assert_durations(&s, (uint32_t[]){CLOSED, 100000, CLOSED, CLOSED});
    assert_int_equal(muster_closure_flood(s.closure, &EVERYWHERE, 2), MUSTER_OK);
    assert_durations(&s, (uint32_t[]){300000, 100000, 300000, CLOSED});
    street_fini(&s);
}

/* Whatever comes first: a landslide closes to boats too, and what is slow and floated is slow. */
static void the_slowest_reason_counts_for_boats_in_any_order(void **state) {
    (void)state;
    static const uint32_t LANDSLIDE = 2;
    for (int order = 0; order < 6; ++order) {
        street         s;
        muster_profile boat = builtin("boat");
        boat.boat_speed_kmh = 72; /* 50 s: faster than on wheels */
        street_init_for(&s, &boat);
        for (int step = 0; step < 3; ++step) {
            static const int ORDER[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                            {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
            muster_status    status      = MUSTER_OK;
            if (ORDER[order][step] == 0) status = muster_closure_flood(s.closure, &EVERYWHERE, 2);
            if (ORDER[order][step] == 1) status = muster_closure_edges(s.closure, 1, &LANDSLIDE);
            if (ORDER[order][step] == 2) status = muster_closure_slow(s.closure, &WEST, 0, 0.5);
            assert_int_equal(status, MUSTER_OK);
        }
        assert_durations(&s, (uint32_t[]){200000, 100000, CLOSED, 100000});
        street_fini(&s);
    }
}

/* A slower reason may lead back to what the base has: then there is no change. */
static void what_comes_out_as_before_is_not_listed(void **state) {
    (void)state;
    street         s;
    uint32_t       count;
    muster_profile boat                 = builtin("boat");
    boat.speed_kmh[MUSTER_ROAD_PRIMARY] = 0;
    street_init_for(&s, &boat);
    assert_int_equal(muster_closure_flood(s.closure, &EVERYWHERE, 2), MUSTER_OK);
    (void)muster_closure_changes(s.closure, &count);
    assert_int_equal(count, 4);
    assert_int_equal(muster_closure_edges(s.closure, 1, (uint32_t[]){0}), MUSTER_OK);
    const muster_arc_change *change = muster_closure_changes(s.closure, &count);
    assert_int_equal(count, 2);
    assert_true(change[0].arc / 2 == 2 && change[1].arc / 2 == 2);
    assert_durations(&s, (uint32_t[]){CLOSED, 100000, 300000, CLOSED});
    street_fini(&s);
}

static void a_line_cuts_bridges_too(void **state) {
    (void)state;
    street       s;
    const double lon[] = {2.5, 2.5, 3}, lat[] = {-1, 1, 0}; /* ends on a junction */
    street_init(&s);
    assert_int_equal(muster_closure_line(s.closure, 3, lon, lat), MUSTER_OK);
    assert_durations(&s, (uint32_t[]){100000, CLOSED, CLOSED, 100000});
    street_fini(&s);
}

/* Also where the profile may not drive: to everybody it is the same road that is closed. */
static void points_close_the_road_nearest_to_them_whoever_drives_there(void **state) {
    (void)state;
    street         s;
    muster_profile profile               = builtin("light");
    profile.speed_kmh[MUSTER_ROAD_TRACK] = 0;
    const double lon[] = {2.5, 4.9, 2}, lat[] = {0.01, -0.02, 0}; /* the last at a junction */
    street_init_for(&s, &profile);
    assert_int_equal(muster_closure_points(s.closure, 1, lon, lat), MUSTER_OK);
    assert_durations(&s, (uint32_t[]){100000, CLOSED, 100000, 100000});
    assert_int_equal(muster_closure_points(s.closure, 3, lon, lat), MUSTER_OK);
    assert_durations(&s, (uint32_t[]){CLOSED, CLOSED, 100000, CLOSED});
    assert_int_equal(muster_closure_points(s.closure, 0, NULL, NULL), MUSTER_OK);
    street_fini(&s);
}

static void edges_are_known_by_their_ids_in_whatever_order(void **state) {
    (void)state;
    static const int64_t  RISING[] = {-7, 3, 50, INT64_MAX}, MIXED[] = {50, INT64_MAX, -7, 3};
    static const int64_t *IDS[]        = {RISING, MIXED};
    static const int64_t  CLOSED_IDS[] = {INT64_MAX, -7};
    for (int order = 0; order < 2; ++order) {
        street s;
        street_init(&s);
        muster_network_data  data    = *muster_network_view(s.network);
        muster_network      *named   = NULL;
        muster_metric       *metric  = NULL;
        muster_closure      *closure = NULL;
        uint32_t             count;
        const muster_profile light = builtin("light");
        data.edge_id               = IDS[order];
        assert_int_equal(muster_network_new(&named, &data), MUSTER_OK);
        assert_int_equal(muster_metric_new(&metric, named, &light), MUSTER_OK);
        assert_int_equal(muster_closure_new(&closure, metric), MUSTER_OK);
        assert_int_equal(muster_closure_edge_ids(closure, 2, CLOSED_IDS), MUSTER_OK);
        const muster_arc_change *change = muster_closure_changes(closure, &count);
        assert_int_equal(count, 4);
        for (uint32_t i = 0; i < count; ++i) {
            const int64_t id = IDS[order][change[i].arc / 2];
            assert_true(id == CLOSED_IDS[0] || id == CLOSED_IDS[1]);
        }
        assert_int_equal(muster_closure_edge_ids(closure, 2, (int64_t[]){3, 4}), MUSTER_E_INVALID);
        assert_string_equal(muster_error_message(),
                            "edge 4 is to be closed, but no edge of the network has that id");
        (void)muster_closure_changes(closure, &count);
        assert_int_equal(count, 4);
        muster_closure_free(closure);
        muster_metric_free(metric);
        muster_network_free(named);
        street_fini(&s);
    }
}

static void roads_slow_down_by_class_and_area(void **state) {
    (void)state;
    street s;
    street_init(&s);
    assert_int_equal(muster_closure_slow(s.closure, NULL, 1u << MUSTER_ROAD_TRACK, 0.5), MUSTER_OK);
    assert_durations(&s, (uint32_t[]){100000, 200000, 100000, 100000});
    assert_int_equal(muster_closure_slow(s.closure, &WEST, 0, 0.8), MUSTER_OK);
    assert_durations(&s, (uint32_t[]){125000, 200000, 100000, 100000});
    assert_int_equal(muster_closure_slow(s.closure, NULL, 0, 1), MUSTER_OK);
    assert_int_equal(muster_closure_slow(s.closure, &EVERYWHERE, 1u << MUSTER_ROAD_PRIMARY, 0),
                     MUSTER_OK);
    assert_durations(&s, (uint32_t[]){CLOSED, 200000, CLOSED, CLOSED});
    street_fini(&s);
}

static void edges_of_a_list_slow_down_and_closed_ones_stay_closed(void **state) {
    (void)state;
    static const uint32_t EDGE[] = {1, 3};
    street                s;
    street_init(&s);
    assert_int_equal(muster_closure_edges(s.closure, 1, EDGE), MUSTER_OK);
    assert_int_equal(muster_closure_slow_edges(s.closure, 2, EDGE, 0.5), MUSTER_OK);
    assert_durations(&s, (uint32_t[]){100000, CLOSED, 100000, 200000});
    assert_int_equal(muster_closure_slow_edges(s.closure, 2, EDGE, 0.8), MUSTER_OK);
    assert_durations(&s, (uint32_t[]){100000, CLOSED, 100000, 200000}); /* the slowest */
    assert_int_equal(muster_closure_slow_edges(s.closure, 2, EDGE, 0), MUSTER_OK);
    assert_durations(&s, (uint32_t[]){100000, CLOSED, 100000, CLOSED});
    assert_int_equal(muster_closure_slow_edges(s.closure, 1, &(uint32_t){EDGES}, 0.5),
                     MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(),
                        "edge 4 is to be slow, but the network has 4 edges");
    street_fini(&s);
}

static void the_road_nearest_to_a_place_slows_down(void **state) {
    (void)state;
    static const double PLACE_LON[] = {2.5, 4.9}, PLACE_LAT[] = {0.01, -0.02};
    street              s;
    street_init(&s);
    assert_int_equal(muster_closure_slow_points(s.closure, 1, PLACE_LON, PLACE_LAT, 0.25),
                     MUSTER_OK);
    assert_durations(&s, (uint32_t[]){100000, 400000, 100000, 100000});
    assert_int_equal(muster_closure_slow_points(s.closure, 2, PLACE_LON, PLACE_LAT, 0.5),
                     MUSTER_OK);
    assert_durations(&s, (uint32_t[]){100000, 400000, 100000, 200000}); /* the slowest */
    assert_int_equal(muster_closure_slow_points(s.closure, 1, PLACE_LAT, PLACE_LON, 0.5),
                     MUSTER_E_INVALID);
    assert_int_equal(muster_closure_slow_points(s.closure, 1, PLACE_LON, PLACE_LAT, -1),
                     MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(), "the speed factor is -1; expected 0 to 1");
    assert_durations(&s, (uint32_t[]){100000, 400000, 100000, 200000});
    street_fini(&s);
}

static void what_a_line_crosses_slows_down(void **state) {
    (void)state;
    static const double LON[] = {2.5, 3.5}, ACROSS[] = {-0.5, 0.5};
    street              s;
    street_init(&s);
    assert_int_equal(muster_closure_slow_line(s.closure, 2, (double[]){2.5, 2.5}, ACROSS, 0.25),
                     MUSTER_OK);
    assert_durations(&s, (uint32_t[]){100000, 400000, 100000, 100000});
    assert_int_equal(muster_closure_slow_line(s.closure, 2, LON, (double[]){0, 0}, 0.5), MUSTER_OK);
    assert_durations(&s, (uint32_t[]){100000, 400000, 200000, 100000});
    assert_int_equal(muster_closure_slow_line(s.closure, 1, LON, ACROSS, 0.5), MUSTER_E_INVALID);
    assert_int_equal(muster_closure_slow_line(s.closure, 2, LON, ACROSS, NAN), MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(), "the speed factor is nan; expected 0 to 1");
    street_fini(&s);
}

static void what_is_wrong_is_named_and_changes_nothing(void **state) {
    (void)state;
    street         s;
    const double   lon[] = {0, NAN}, lat[] = {0, 0};
    const uint32_t edges[] = {0, EDGES};
    uint32_t       count;
    street_init(&s);
    assert_int_equal(muster_closure_edges(s.closure, 2, edges), MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(),
                        "edge 4 is to be closed, but the network has 4 edges");
    assert_int_equal(muster_closure_line(s.closure, 1, lon, lat), MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(), "the line has 1 points; expected 2 or more");
    assert_int_equal(muster_closure_line(s.closure, 2, lon, lat), MUSTER_E_INVALID);
    assert_int_equal(muster_closure_points(s.closure, 1, &lon[1], lat), MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(), "point 0 is at longitude nan, latitude 0; expected "
                                                "-180 to 180 and -90 to 90, longitude first");
    assert_int_equal(muster_closure_points(s.closure, 1, &lon[0], &lon[0]), MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(),
                        "point 0 at 0,0 has no road near it; expected one within 5 km");
    assert_int_equal(muster_closure_flood(s.closure, &WEST, -1), MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(), "the water is -1 m deep; expected 0 or more");
    assert_int_equal(muster_closure_flood(s.closure, &WEST, NAN), MUSTER_E_INVALID);
    assert_int_equal(muster_closure_slow(s.closure, NULL, 0, 1.5), MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(), "the speed factor is 1.5; expected 0 to 1");
    muster_closure_changes(s.closure, &count);
    assert_int_equal(count, 0);
    street_fini(&s);
}

static void what_goes_round_the_earth_is_refused_unless_it_is_the_earth(void **state) {
    (void)state;
    static const double  far_lon[] = {179, -179, -179, 179}, all_lon[] = {-180, 180, 180, -180};
    static const double  lat[] = {-1, -1, 1, 1}, all_lat[] = {-90, -90, 90, 90};
    const muster_polygon over = {1, FIRST, far_lon, lat}, earth = {1, FIRST, all_lon, all_lat};
    street               s;
    street_init(&s);
    assert_int_equal(muster_closure_flood(s.closure, &over, 1), MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(),
                        "points 0 and 1 of the polygon are at longitude 179 and -179; expected an "
                        "area that is cut where it reaches over 180 degrees");
    assert_int_equal(muster_closure_line(s.closure, 4, far_lon, lat), MUSTER_E_INVALID);
    assert_durations(&s, (uint32_t[]){100000, 100000, 100000, 100000});
    assert_int_equal(muster_closure_slow(s.closure, &earth, 0, 0.5), MUSTER_OK);
    assert_durations(&s, (uint32_t[]){200000, 200000, 200000, 200000});
    street_fini(&s);
}

static void a_wrong_change_is_named(void **state) {
    (void)state;
    street                  s;
    muster_metric          *changed = NULL;
    const muster_arc_change far = {ARCS, 0}, long_time = {1, UINT32_MAX};
    street_init(&s);
    assert_int_equal(muster_metric_change(&changed, s.metric, 1, &far), MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(), "change 0 is of arc 8, but the network has 8 arcs");
    assert_null(changed);
    assert_int_equal(muster_metric_change(&changed, s.metric, 1, &long_time), MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(),
                        "change 0 sets arc 1 to 4294967295 ms; expected 0 to 2147483647");
    street_fini(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(water_spares_bridges_and_tunnels_but_no_underpass),
        cmocka_unit_test(shallow_water_slows_as_stated),
        cmocka_unit_test(who_wades_no_water_is_stopped_by_any),
        cmocka_unit_test(deep_water_is_passed_by_boat_and_bridges_on_wheels),
        cmocka_unit_test(water_too_deep_to_wade_and_too_shallow_to_float_closes),
        cmocka_unit_test(boats_open_roads_that_lie_in_the_water_from_end_to_end),
        cmocka_unit_test(the_slowest_reason_counts_for_boats_in_any_order),
        cmocka_unit_test(what_comes_out_as_before_is_not_listed),
        cmocka_unit_test(a_line_cuts_bridges_too),
        cmocka_unit_test(points_close_the_road_nearest_to_them_whoever_drives_there),
        cmocka_unit_test(edges_are_known_by_their_ids_in_whatever_order),
        cmocka_unit_test(roads_slow_down_by_class_and_area),
        cmocka_unit_test(edges_of_a_list_slow_down_and_closed_ones_stay_closed),
        cmocka_unit_test(the_road_nearest_to_a_place_slows_down),
        cmocka_unit_test(what_a_line_crosses_slows_down),
        cmocka_unit_test(what_is_wrong_is_named_and_changes_nothing),
        cmocka_unit_test(what_goes_round_the_earth_is_refused_unless_it_is_the_earth),
        cmocka_unit_test(a_wrong_change_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
