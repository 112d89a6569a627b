/* What a profile makes of a road. */
#include <muster/metric.h>

#include <math.h>

#include "tests/support/cmocka_all.h"

/* One edge of 1,000 m between two nodes, as the test wishes it. */
typedef struct road {
    uint8_t class, forward, backward;
    float    speed_kmh, maxheight_m, maxweight_t;
    uint32_t stated_ms;
    float    maxwidth_m;
    float    backward_kmh;
} road;

static muster_network *build(const road *r) {
    static const double   COORDINATE[2] = {30, 30.01}, LENGTH_M = 1000;
    static const uint32_t SOURCE = 0, TARGET = 1;
    muster_network_data   data = MUSTER_NETWORK_DATA_INIT;
    data.node_count = 2, data.node_lon_deg = data.node_lat_deg = COORDINATE;
    data.edge_count = 1, data.edge_source = &SOURCE, data.edge_target = &TARGET;
    data.edge_length_m = &LENGTH_M, data.edge_class = &r->class;
    data.edge_access_forward = &r->forward, data.edge_access_backward = &r->backward;
    data.edge_speed_forward_kmh = &r->speed_kmh, data.edge_speed_backward_kmh = &r->backward_kmh;
    data.edge_maxheight_m = &r->maxheight_m, data.edge_maxweight_t = &r->maxweight_t;
    data.edge_duration_forward_ms = &r->stated_ms, data.edge_maxwidth_m = &r->maxwidth_m;
    muster_network *network;
    assert_int_equal(muster_network_new(&network, &data), MUSTER_OK);
    return network;
}

static uint32_t duration_ms(road r, const char *profile_name, uint32_t arc) {
    muster_network *network = build(&r);
    muster_profile  profile;
    muster_metric  *metric;
    assert_int_equal(muster_profile_builtin(&profile, profile_name), MUSTER_OK);
    assert_int_equal(muster_metric_new(&metric, network, &profile), MUSTER_OK);
    assert_string_equal(muster_metric_profile_name(metric), profile_name);
    assert_ptr_equal(muster_metric_network(metric), network);
    const uint32_t ms = muster_metric_duration_ms(metric)[arc];
    muster_metric_free(metric);
    muster_network_free(network);
    return ms;
}

static const road STREET = {MUSTER_ROAD_RESIDENTIAL, 7, 7, 0, 0, 0, MUSTER_NONE, 0, 0};

static void the_class_speed_serves_where_none_is_stated(void **state) {
    (void)state;
    assert_int_equal(duration_ms(STREET, "light", 0), 120000); /* 1 km at 30 km/h */
    assert_int_equal(duration_ms(STREET, "heavy", 1), 144000); /* at 25 */
}

static void a_stated_speed_counts_with_the_profiles_factor_and_limit(void **state) {
    (void)state;
    road r      = STREET;
    r.speed_kmh = 60;
    assert_int_equal(duration_ms(r, "light", 0), 60000);
    assert_int_equal(duration_ms(r, "heavy", 0), 66667);     /* 0.9 * 60 = 54 */
    assert_int_equal(duration_ms(r, "emergency", 0), 50000); /* 1.2 * 60 = 72 */
    r.speed_kmh = 130;
    assert_int_equal(duration_ms(r, "light", 0), 30000); /* never more than 120 */
}

static void a_stated_duration_holds_for_its_direction(void **state) {
    (void)state;
    road r      = STREET;
    r.stated_ms = 777;
    assert_int_equal(duration_ms(r, "light", 0), 777);
    assert_int_equal(duration_ms(r, "heavy", 0), 777);
    assert_int_equal(duration_ms(r, "light", 1), 120000);
}

static void a_stated_speed_holds_for_its_direction(void **state) {
    (void)state;
    road r      = STREET;
    r.speed_kmh = 60;
    assert_int_equal(duration_ms(r, "light", 0), 60000);
    assert_int_equal(duration_ms(r, "light", 1), 120000);
    r.backward_kmh = 40;
    assert_int_equal(duration_ms(r, "light", 0), 60000);
    assert_int_equal(duration_ms(r, "light", 1), 90000);
}

static void durations_are_rounded_to_the_nearest_millisecond(void **state) {
    (void)state;
    road r      = STREET;
    r.speed_kmh = 53;
    assert_int_equal(duration_ms(r, "light", 0), 67925); /* 67,924.53 */
    r.speed_kmh = 83;
    assert_int_equal(duration_ms(r, "light", 0), 43373); /* 43,373.49 */
}

static void low_bridges_and_weak_ones_stop_lorries_only(void **state) {
    (void)state;
    road r        = STREET;
    r.maxheight_m = 3.0F;
    assert_int_equal(duration_ms(r, "light", 0), 120000);
    assert_int_equal(duration_ms(r, "heavy", 0), MUSTER_UNREACHABLE_MS);
    r             = STREET;
    r.maxweight_t = 10;
    assert_int_equal(duration_ms(r, "heavy", 0), MUSTER_UNREACHABLE_MS);
    r.maxweight_t = 18;
    assert_int_equal(duration_ms(r, "heavy", 0), 144000);
}

static void a_narrow_place_stops_whom_it_is_too_narrow_for(void **state) {
    (void)state;
    road r       = STREET;
    r.maxwidth_m = 2.1F;
    assert_int_equal(duration_ms(r, "light", 0), 120000);
    assert_int_equal(duration_ms(r, "heavy", 1), MUSTER_UNREACHABLE_MS);
    assert_int_equal(duration_ms(r, "emergency", 0), MUSTER_UNREACHABLE_MS);
    r.maxwidth_m = 2.55F; /* just as wide, though a float is a hair less than a double */
    assert_int_equal(duration_ms(r, "heavy", 1), 144000);
    r             = STREET;
    r.maxheight_m = 3.8F;
    assert_int_equal(duration_ms(r, "heavy", 1), 144000);
}

static void access_is_by_traveller_and_direction(void **state) {
    (void)state;
    road r     = STREET;
    r.forward  = MUSTER_ACCESS_LIGHT;
    r.backward = MUSTER_ACCESS_EMERGENCY;
    assert_int_equal(duration_ms(r, "light", 0), 120000);
    assert_int_equal(duration_ms(r, "heavy", 0), MUSTER_UNREACHABLE_MS);
    assert_int_equal(duration_ms(r, "light", 1), MUSTER_UNREACHABLE_MS);
    assert_int_equal(duration_ms(r, "emergency", 1), 90000); /* 40 km/h */
    r.forward = 0;
    assert_int_equal(duration_ms(r, "emergency", 0), MUSTER_UNREACHABLE_MS);
}

static void only_blue_lights_go_against_the_one_way_at_a_penalty(void **state) {
    (void)state;
    road r     = STREET;
    r.backward = MUSTER_ACCESS_CONTRAFLOW;
    assert_int_equal(duration_ms(r, "light", 1), MUSTER_UNREACHABLE_MS);
    assert_int_equal(duration_ms(r, "emergency", 1), 180000);
}

static void components_follow_what_the_profile_may_use(void **state) {
    (void)state;
    road r                  = STREET;
    r.backward              = MUSTER_ACCESS_EMERGENCY;
    muster_network *network = build(&r);
    const char     *names[] = {"light", "emergency"};
    for (uint32_t i = 0; i < 2; ++i) {
        muster_profile profile;
        muster_metric *metric;
        assert_int_equal(muster_profile_builtin(&profile, names[i]), MUSTER_OK);
        assert_int_equal(muster_metric_new(&metric, network, &profile), MUSTER_OK);
        assert_int_equal(muster_metric_component_count(metric), 2 - i);
        assert_int_equal(muster_metric_component(metric)[1], 1 - i);
        assert_int_equal(muster_metric_component_size(metric)[0], 1 + i);
        muster_metric_free(metric);
    }
    muster_network_free(network);
}

static void wrong_profiles_are_refused(void **state) {
    (void)state;
    muster_network *network = build(&STREET);
    muster_profile  profile;
    muster_metric  *metric;
    assert_int_equal(muster_profile_builtin(&profile, "bicycle"), MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(),
                        "unknown profile \"bicycle\"; expected light, heavy, emergency, boat, "
                        "helicopter or drone");
    assert_int_equal(muster_profile_builtin(&profile, "light"), MUSTER_OK);
    profile.speed_kmh[MUSTER_ROAD_TRACK] = (double)NAN;
    assert_int_equal(muster_metric_new(&metric, network, &profile), MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(),
                        "profile \"light\" has speed_kmh.track nan; expected 0 or more");
    assert_null(metric);
    assert_int_equal(muster_profile_builtin(&profile, "light"), MUSTER_OK);
    profile.turn_ban_penalty_ms = UINT32_MAX;
    assert_int_equal(muster_metric_new(&metric, network, &profile), MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(), "profile \"light\" has turn_ban_penalty_ms "
                                                "4294967295; expected 0 to 2147483647");
    profile.turn_ban_penalty_ms = 0;
    profile.speed_factor        = 0;
    assert_int_equal(muster_metric_new(&metric, network, &profile), MUSTER_E_INVALID);
    profile.struct_size = 3;
    assert_int_equal(muster_metric_new(&metric, network, &profile), MUSTER_E_INVALID);
    muster_network_free(network);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_class_speed_serves_where_none_is_stated),
        cmocka_unit_test(a_stated_speed_counts_with_the_profiles_factor_and_limit),
        cmocka_unit_test(a_stated_duration_holds_for_its_direction),
        cmocka_unit_test(a_stated_speed_holds_for_its_direction),
        cmocka_unit_test(durations_are_rounded_to_the_nearest_millisecond),
        cmocka_unit_test(low_bridges_and_weak_ones_stop_lorries_only),
        cmocka_unit_test(a_narrow_place_stops_whom_it_is_too_narrow_for),
        cmocka_unit_test(access_is_by_traveller_and_direction),
        cmocka_unit_test(only_blue_lights_go_against_the_one_way_at_a_penalty),
        cmocka_unit_test(components_follow_what_the_profile_may_use),
        cmocka_unit_test(wrong_profiles_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
