/* Hazards of scenario files as areas at moments: how large they are, when they change, and what of it is told. */
#include <math.h>

#include "tests/support/scenario_stage.h"

static const double PI = 3.14159265358979323846;

#define HAZARD(kind) "[[hazard]]\ncode = \"h\"\nkind = \"" kind "\"\n"
#define RING         "polygon = [[120.70, 30.70], [120.71, 30.70], [120.71, 30.71], [120.70, 30.71]]"

static double km2(const muster_hazard *h) {
    return h->area.area_m2 / 1e6;
}

static void near_to(double value, double expected, double share) {
    if (fabs(value - expected) > share * fabs(expected))
        fail_msg("%g, expected %g", value, expected);
}

/* ---- areas ---------------------------------------------------------------------------------- */

static void what_spreads_from_a_place_is_a_circle(void **state) {
    stage s;
    (void)state;
    stage_open(
        &s,
        HAZARD(
            "flood") "grow = {lon_deg = 120.71, lat_deg = 30.70, step_min = 60, until_min = 240, "
                     "peak_min = 120, reach_m = 500, reach_m_per_h = 250, depth_m = 0.5, "
                     "depth_m_per_h = 0.25}\n");
    const mu_hazard_ground *h           = &s.ground->hazard[0];
    static const double     REACH_KM[4] = {0.5, 0.75, 1, 0.5}, DEPTH_M[4] = {0.5, 0.75, 1, 0.5};
    assert_int_equal(h->change_count, 5);
    for (int i = 0; i < 4; ++i) {
        assert_int_equal(h->change[i].at_ms, i * 3600000);
        near_to(km2(h->change[i].hazard), PI * REACH_KM[i] * REACH_KM[i], 0.01);
        near_to(h->change[i].hazard->depth_m, DEPTH_M[i], 1e-12);
        assert_string_equal(h->change[i].hazard->code, "h");
    }
    assert_int_equal(h->change[4].at_ms, 4 * 3600000);
    assert_null(h->change[4].hazard);
    stage_close(&s);
}

/* Two lengths of two sides, and a circle of the reach: a right angle, with what overlaps counted once. */
static void what_spreads_from_a_line_is_within_reach_of_it(void **state) {
    stage s;
    (void)state;
    stage_open(
        &s,
        HAZARD(
            "flood") "grow = {line = [[120.70, 30.70], [120.72, 30.70], [120.72, 30.71]], step_min = "
                     "600, reach_m = 100, depth_m = 1}\n");
    const muster_hazard *h = s.ground->hazard[0].change[0].hazard;
    const double east = 0.02 * 111.195 * cos(30.7 * PI / 180), north = 0.01 * 111.195, r = 0.1;
    const double corner = r * r - PI * r * r / 4; /* the inner square, and the outer quarter */
    near_to(km2(h), 2 * r * (east + north) + PI * r * r - corner, 0.01);
    assert_true(muster_hazard_contains(h, 120.71, 30.7008));
    assert_false(muster_hazard_contains(h, 120.71, 30.7011));
    stage_close(&s);
}

static void what_spreads_from_an_area_is_round_it_too(void **state) {
    stage s;
    (void)state;
    stage_open(&s, HAZARD("alert") "grow = {" RING ", step_min = 600, reach_m = 200}\n");
    const double east = 0.01 * 111.195 * cos(30.705 * PI / 180), north = 0.01 * 111.195, r = 0.2;
    near_to(km2(s.ground->hazard[0].change[0].hazard),
            east * north + 2 * r * (east + north) + PI * r * r, 0.01);
    stage_close(&s);
}

static void a_plume_follows_the_wind(void **state) {
    stage s;
    (void)state;
    stage_open(
        &s,
        HAZARD(
            "plume") "stage = [{at_min = 0, lon_deg = 120.71, lat_deg = 30.70, wind_from_deg = 270, "
                     "distance_m = 1000, half_angle_deg = 20}, {at_min = 60, lon_deg = 120.71, "
                     "lat_deg = 30.70, wind_from_deg = 180, distance_m = 1000, half_angle_deg = 20}]\n");
    const mu_hazard_change *c = s.ground->hazard[0].change;
    near_to(km2(c[0].hazard), PI * 40 / 360, 0.01);
    assert_true(muster_hazard_contains(c[0].hazard, 120.715, 30.70)); /* to the east */
    assert_false(muster_hazard_contains(c[0].hazard, 120.71, 30.705));
    assert_true(muster_hazard_contains(c[1].hazard, 120.71, 30.705)); /* to the north */
    stage_close(&s);
}

static void the_areas_of_a_file_are_one(void **state) {
    static const char FILE_TEXT[] =
        "{\"type\": \"FeatureCollection\", \"features\": [{\"type\": \"Feature\", \"properties\": {\"kind\": "
        "\"flood\"}, \"geometry\": {\"type\": \"Polygon\", \"coordinates\": [[[120.70, 30.70], [120.71, 30.70], "
        "[120.71, 30.71], [120.70, 30.71], [120.70, 30.70]]]}}, {\"type\": \"Feature\", \"properties\": {\"kind\": "
        "\"flood\"}, \"geometry\": {\"type\": \"Polygon\", \"coordinates\": [[[120.705, 30.70], [120.715, 30.70], "
        "[120.715, 30.71], [120.705, 30.71], [120.705, 30.70]]]}}]}";
    stage s;
    (void)state;
    write_text(path_of("water.geojson"), FILE_TEXT);
    stage_open(&s,
               HAZARD("flood") "stage = [{at_min = 0, depth_m = 0.4, file = \"water.geojson\"}]\n");
    const double east = 0.015 * 111.195 * cos(30.705 * PI / 180), north = 0.01 * 111.195;
    near_to(km2(s.ground->hazard[0].change[0].hazard), east * north, 0.01);
    stage_close(&s);
}

/* ---- typhoons ------------------------------------------------------------------------------- */

#define TRACK                                                                                                \
    "step_min = 60\ntrack = [{at = 2026-07-01T01:00:00Z, lon_deg = 120.71, lat_deg = 28.70, radius_7_km "    \
    "= 150, radius_10_km = 20}, {at = 2026-07-01T05:00:00Z, lon_deg = 120.71, lat_deg = 32.70, radius_7_km " \
    "= 150, radius_10_km = 20}]\n"

/* A degree an hour to the north: roads at 30.70 are in the outer wind from 30.70 - 1.35 on. */
static void winds_are_told_while_they_are_near_the_roads(void **state) {
    stage s;
    (void)state;
    stage_open(
        &s, HAZARD("typhoon") TRACK
        "band = [{from_km = 0, to_km = 60, from_deg = 0, to_deg = 180, speed_factor = 0.5}]\n");
    const mu_hazard_ground *h       = &s.ground->hazard[0];
    int64_t                 first_7 = -1, first_10 = -1, end_7 = -1, end_10 = -1, rain = -1;
    for (uint32_t c = 0; c < h->change_count; ++c) {
        const int64_t at_h = h->change[c].at_ms / 3600000;
        const bool    is_7 = strcmp(h->change[c].code, "h/7") == 0;
        if (strcmp(h->change[c].code, "h/rain-1") == 0) {
            if (h->change[c].hazard && rain < 0) rain = at_h;
            if (h->change[c].hazard)
                assert_int_equal(h->change[c].hazard->kind, MUSTER_HAZARD_ALERT);
            continue;
        }
        int64_t *first = is_7 ? &first_7 : &first_10, *end = is_7 ? &end_7 : &end_10;
        if (h->change[c].hazard && *first < 0) *first = at_h;
        if (!h->change[c].hazard) *end = at_h;
        if (h->change[c].hazard) assert_int_equal(h->change[c].hazard->wind_force, is_7 ? 7 : 10);
    }
    assert_int_equal(first_7, 2);
    assert_int_equal(first_10, 3);
    assert_int_equal(end_10, 4);
    assert_int_equal(end_7, 5); /* 220 km beyond: it has passed */
    assert_int_equal(rain, 3);
    stage_close(&s);
}

static void a_rain_band_is_a_part_of_a_ring(void **state) {
    stage s;
    (void)state;
    stage_open(
        &s, HAZARD("typhoon") TRACK
        "band = [{from_km = 40, to_km = 90, from_deg = 90, to_deg = 270, speed_factor = 0.5}]\n");
    const mu_hazard_ground *h    = &s.ground->hazard[0];
    const muster_hazard    *rain = NULL;
    for (uint32_t c = 0; c < h->change_count && !rain; ++c) {
        if (strcmp(h->change[c].code, "h/rain-1") == 0) rain = h->change[c].hazard;
    }
    assert_non_null(rain);
    near_to(km2(rain), PI / 2 * (90 * 90 - 40 * 40), 0.01);
    assert_true(rain->speed_factor == 0.5);
    stage_close(&s);
}

/* ---- epochs --------------------------------------------------------------------------------- */

static void an_epoch_has_what_is_there_at_that_time(void **state) {
    stage s;
    (void)state;
    stage_open(&s, HAZARD("flood") "until_min = 120\nstage = [{at_min = 30, depth_m = 1, " RING
                                   "}, {at_min = 60, depth_m = 2, " RING "}]\n");
    const mu_hazard_ground *h = &s.ground->hazard[0];
    assert_int_equal(h->epoch_count, 3);
    assert_int_equal(mu_hazard_epoch_at(h, 1799999), MUSTER_NONE);
    assert_int_equal(mu_hazard_epoch_at(h, 1800000), 0);
    assert_int_equal(mu_hazard_epoch_at(h, 3599999), 0);
    assert_int_equal(mu_hazard_epoch_at(h, 3600000), 1);
    assert_int_equal(mu_hazard_epoch_at(h, 99999999), 2);
    assert_true(h->live[h->epoch[1].first_live]->depth_m == 2);
    assert_int_equal(h->epoch[2].live_count, 0);
    assert_true(h->epoch[2].area_m2 == 0);
    stage_close(&s);
}

/* ---- lateness ------------------------------------------------------------------------------- */

static void what_would_have_been_before_the_start_is_as_it_is_then(void **state) {
    stage s;
    (void)state;
    stage_open(
        &s,
        HAZARD("flood") "late_min = -45\nuntil_min = 90\nstage = [{at_min = 10, depth_m = 1, " RING
                        "}, {at_min = 40, depth_m = 2, " RING "}, {at_min = 60, depth_m = 3, " RING
                        "}]\n");
    mu_course *c = drawn(&s, 1, 0);
    assert_int_equal(c->event_count, 3);
    assert_int_equal(c->event[0].time_ms, c->start_at_ms);
    assert_true(c->event[0].hazard->depth_m == 2);
    assert_int_equal(c->event[1].time_ms, c->start_at_ms + 15 * 60000);
    assert_int_equal(c->event[2].time_ms, c->start_at_ms + 45 * 60000);
    assert_int_equal(c->event[2].type, MUSTER_EVENT_HAZARD_ENDED);
    mu_course_free(c);
    stage_close(&s);
}

static void what_is_over_before_the_start_has_never_been(void **state) {
    stage s;
    (void)state;
    stage_open(
        &s,
        HAZARD(
            "flood") "late_min = -100\nuntil_min = 90\nstage = [{at_min = 10, depth_m = 1, " RING
                     "}]\n[[call]]\ncode = \"c\"\nseverity = \"minor\"\nwork_min = 1\nneed = [{kind = "
                     "\"pump\", quantity = 1}]\nwhen = {hazard = \"h\", per_km2 = 100}\nwhere = {hazard "
                     "= \"h\"}\n");
    mu_course *c = drawn(&s, 1, 0);
    assert_int_equal(c->event_count, 0);
    mu_course_free(c);
    stage_close(&s);
}

/* Water and the calls that it brings are late together. */
static void calls_are_as_late_as_their_hazard(void **state) {
    stage s;
    (void)state;
    stage_open(
        &s,
        HAZARD(
            "flood") "late_min = {uniform = [0, 240]}\nuntil_min = 300\nstage = [{at_min = 10, depth_m = "
                     "1, " RING
                     "}]\n[[call]]\ncode = \"c\"\nseverity = \"minor\"\nwork_min = 1\nneed = "
                     "[{kind = \"pump\", quantity = 1}]\nwhen = {hazard = \"h\", per_km2 = 20}\nwhere = "
                     "{hazard = \"h\"}\n");
    for (uint32_t r = 0; r < 50; ++r) {
        mu_course *c = drawn(&s, 1, r);
        assert_int_equal(c->event[0].type, MUSTER_EVENT_HAZARD_GROWN);
        const int64_t grown = c->event[0].time_ms;
        uint32_t      calls = 0;
        for (uint32_t e = 0; e < c->event_count; ++e) {
            if (c->event[e].type == MUSTER_EVENT_HAZARD_ENDED) {
                assert_int_equal(c->event[e].time_ms - grown, 290 * 60000);
            }
            if (c->event[e].type != MUSTER_EVENT_INCIDENT_REPORTED) continue;
            assert_true(c->event[e].time_ms >= grown && c->event[e].time_ms < grown + 290 * 60000);
            ++calls;
        }
        assert_true(calls > 5);
        mu_course_free(c);
    }
    stage_close(&s);
}

/* ---- nearness ------------------------------------------------------------------------------- */

static void near_is_within_a_distance_of_the_edge(void **state) {
    stage s;
    (void)state;
    stage_open(&s, HAZARD("flood") "stage = [{at_min = 0, depth_m = 1, " RING "}]\n");
    const muster_hazard *h = s.ground->hazard[0].change[0].hazard;
    assert_true(mu_hazard_is_near(h, 120.705, 30.705, 0));
    assert_false(mu_hazard_is_near(h, 120.705, 30.711, 0));
    assert_true(mu_hazard_is_near(h, 120.705, 30.711, 112)); /* 111.2 m north of it */
    assert_false(mu_hazard_is_near(h, 120.705, 30.711, 110));
    assert_true(mu_hazard_is_near(h, 120.711, 30.711, 147)); /* 146.6 m from its corner */
    assert_false(mu_hazard_is_near(h, 120.711, 30.711, 146));
    stage_close(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_spreads_from_a_place_is_a_circle),
        cmocka_unit_test(what_spreads_from_a_line_is_within_reach_of_it),
        cmocka_unit_test(what_spreads_from_an_area_is_round_it_too),
        cmocka_unit_test(a_plume_follows_the_wind),
        cmocka_unit_test(the_areas_of_a_file_are_one),
        cmocka_unit_test(winds_are_told_while_they_are_near_the_roads),
        cmocka_unit_test(a_rain_band_is_a_part_of_a_ring),
        cmocka_unit_test(an_epoch_has_what_is_there_at_that_time),
        cmocka_unit_test(what_would_have_been_before_the_start_is_as_it_is_then),
        cmocka_unit_test(what_is_over_before_the_start_has_never_been),
        cmocka_unit_test(calls_are_as_late_as_their_hazard),
        cmocka_unit_test(near_is_within_a_distance_of_the_edge),
    };
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
