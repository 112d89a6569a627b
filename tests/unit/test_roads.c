/* Roads of now, on a street of ten edges of a minute each. */
#include "session/roads.h"

#include <muster/matrix.h>

#include "core/alloc.h"
#include "tests/support/street_world.h"

enum { CLOSED = INT32_MAX };

static uint32_t edge_ms(street_world *s, uint32_t edge, int64_t minutes) {
    const muster_roads  *roads = street_roads(s, STREET_NOW_MS + minutes * STREET_MINUTE_MS);
    const muster_metric *light = muster_roads_metric(roads, "light");
    assert_non_null(light);
    const uint32_t there = muster_metric_duration_ms(light)[2 * edge];
    assert_int_equal(there, muster_metric_duration_ms(light)[2 * edge + 1]);
    return there;
}

static muster_event closed(street_world *s, const char *code, uint32_t count, const int64_t *id) {
    muster_event e    = street_event(s, MUSTER_EVENT_ROAD_CLOSED, 0);
    e.road.code       = code;
    e.road.edge_count = count;
    e.road.edge_id    = id;
    return e;
}

static const uint32_t FIRST_POINT[] = {0, 4}, FIRST_RING[] = {0, 1};
/* Round junction 5: edges 4 and 5. */
static const double LON[] = {120.048, 120.052, 120.052, 120.048}, LAT[] = {29.9, 29.9, 30.1, 30.1};

static muster_hazard flood(const char *code, int64_t from_minute, int64_t to_minute) {
    muster_hazard h = MUSTER_HAZARD_INIT;
    h.code          = code;
    h.kind          = MUSTER_HAZARD_FLOOD;
    h.depth_m       = 2;
    h.starts_at_s   = STREET_NOW_MS / 1000 + from_minute * 60;
    h.ends_at_s     = STREET_NOW_MS / 1000 + to_minute * 60;
    h.area          = (muster_multipolygon){.polygon_count = 1,
                                            .first_ring    = FIRST_RING,
                                            .first_point   = FIRST_POINT,
                                            .lon_deg       = LON,
                                            .lat_deg       = LAT};
    return h;
}

static void edges_are_closed_by_their_ids_until_they_are_opened(void **state) {
    (void)state;
    street_world s;
    street_world_init(&s, MUSTER_ITEMS_BY_VEHICLE);
    const muster_event e = closed(&s, "R-1", 2, (int64_t[]){1000, 998});
    street_apply(&s, &e);
    assert_int_equal(edge_ms(&s, 0, 0), CLOSED);
    assert_int_equal(edge_ms(&s, 1, 0), STREET_MINUTE_MS);
    assert_int_equal(edge_ms(&s, 2, 0), CLOSED);
    muster_event open = street_event(&s, MUSTER_EVENT_ROAD_OPENED, 1);
    open.road.code    = "R-1";
    street_apply(&s, &open);
    assert_int_equal(edge_ms(&s, 0, 0), STREET_MINUTE_MS);
    street_world_fini(&s);
}

static void roads_are_slow_by_list_line_and_area(void **state) {
    (void)state;
    static const double ACROSS_LON[] = {120.015, 120.015}, ACROSS_LAT[] = {29.9, 30.1};
    street_world        s;
    street_world_init(&s, MUSTER_ITEMS_BY_VEHICLE);
    muster_event e      = closed(&s, "R-1", 1, (int64_t[]){1000});
    e.type              = MUSTER_EVENT_ROAD_SLOWED;
    e.road.speed_factor = 0.5;
    street_apply(&s, &e);
    e                   = closed(&s, "R-2", 0, NULL);
    e.type              = MUSTER_EVENT_ROAD_SLOWED;
    e.road.point_count  = 2;
    e.road.lon_deg      = ACROSS_LON;
    e.road.lat_deg      = ACROSS_LAT;
    e.road.speed_factor = 0.25;
    street_apply(&s, &e);
    e                   = closed(&s, "R-3", 0, NULL);
    e.type              = MUSTER_EVENT_ROAD_SLOWED;
    e.road.area         = (muster_polygon){1, FIRST_POINT, LON, LAT};
    e.road.speed_factor = 0.1;
    street_apply(&s, &e);
    assert_int_equal(edge_ms(&s, 0, 0), 2 * STREET_MINUTE_MS);
    assert_int_equal(edge_ms(&s, 1, 0), 4 * STREET_MINUTE_MS);
    assert_int_equal(edge_ms(&s, 4, 0), 10 * STREET_MINUTE_MS);
    assert_int_equal(edge_ms(&s, 5, 0), 10 * STREET_MINUTE_MS);
    assert_int_equal(edge_ms(&s, 6, 0), STREET_MINUTE_MS);
    street_world_fini(&s);
}

/* Beside edges 1 and 7. */
static const double PLACE_LON[] = {120.015, 120.075}, PLACE_LAT[] = {30.01, 29.99};

static void the_road_nearest_to_a_place_is_closed_or_slow(void **state) {
    (void)state;
    street_world s;
    street_world_init(&s, MUSTER_ITEMS_BY_VEHICLE);
    muster_event e = closed(&s, "R-1", 0, NULL);
    e.road.points  = (muster_points){2, PLACE_LON, PLACE_LAT};
    street_apply(&s, &e);
    assert_int_equal(edge_ms(&s, 1, 0), CLOSED);
    assert_int_equal(edge_ms(&s, 7, 0), CLOSED);
    assert_int_equal(edge_ms(&s, 2, 0), STREET_MINUTE_MS);
    e                   = street_event(&s, MUSTER_EVENT_ROAD_SLOWED, 1);
    e.road.code         = "R-1";
    e.road.points       = (muster_points){1, PLACE_LON, PLACE_LAT};
    e.road.speed_factor = 0.5;
    street_apply(&s, &e);
    assert_int_equal(edge_ms(&s, 1, 1), 2 * STREET_MINUTE_MS);
    assert_int_equal(edge_ms(&s, 7, 1), STREET_MINUTE_MS);
    street_world_fini(&s);
}

static void a_closure_of_places_and_edges_holds_while_it_lasts(void **state) {
    (void)state;
    street_world s;
    street_world_init(&s, MUSTER_ITEMS_BY_VEHICLE);
    muster_hazard h = flood("K-1", 10, 20);
    h.kind          = MUSTER_HAZARD_CLOSURE;
    h.area          = (muster_multipolygon){0};
    h.points        = (muster_points){2, PLACE_LON, PLACE_LAT};
    h.edge_count    = 1;
    h.edge_id       = (int64_t[]){996};
    muster_event e  = street_event(&s, MUSTER_EVENT_HAZARD_GROWN, 0);
    e.hazard        = &h;
    street_apply(&s, &e);
    for (uint32_t edge = 0; edge < STREET_EDGES; ++edge) {
        const bool is_closed = edge == 1 || edge == 4 || edge == 7;
        assert_int_equal(edge_ms(&s, edge, 9), STREET_MINUTE_MS);
        assert_int_equal(edge_ms(&s, edge, 10), is_closed ? CLOSED : STREET_MINUTE_MS);
        assert_int_equal(edge_ms(&s, edge, 20), STREET_MINUTE_MS);
    }
    street_world_fini(&s);
}

static void a_hazard_holds_from_its_beginning_up_to_its_end(void **state) {
    (void)state;
    street_world        s;
    const muster_hazard h = flood("H-1", 10, 20);
    street_world_init(&s, MUSTER_ITEMS_BY_VEHICLE);
    muster_event e = street_event(&s, MUSTER_EVENT_HAZARD_GROWN, 0);
    e.hazard       = &h;
    street_apply(&s, &e);
    assert_int_equal(edge_ms(&s, 4, 0), STREET_MINUTE_MS);
    const muster_roads *before = s.roads;
    assert_int_equal(edge_ms(&s, 4, 9), STREET_MINUTE_MS);
    assert_ptr_equal(before, s.roads); /* nothing has begun: they are still those */
    assert_int_equal(edge_ms(&s, 4, 10), CLOSED);
    assert_int_equal(edge_ms(&s, 5, 19), CLOSED);
    assert_int_equal(edge_ms(&s, 3, 19), STREET_MINUTE_MS);
    assert_int_equal(edge_ms(&s, 4, 20), STREET_MINUTE_MS);
    street_world_fini(&s);
}

static void what_a_change_leaves_as_it_was_is_the_metric_of_before(void **state) {
    (void)state;
    street_world s;
    street_world_init(&s, MUSTER_ITEMS_BY_VEHICLE);
    const muster_event e = closed(&s, "R-1", 1, (int64_t[]){1000});
    street_apply(&s, &e);
    muster_roads *first = mu_roads_hold(street_roads(&s, STREET_NOW_MS));
    muster_event  again = closed(&s, "R-2", 1, (int64_t[]){1000});
    street_apply(&s, &again);
    const muster_roads *second = street_roads(&s, STREET_NOW_MS);
    assert_ptr_not_equal(first, second);
    assert_ptr_equal(muster_roads_metric(first, "light"), muster_roads_metric(second, "light"));
    again = closed(&s, "R-3", 1, (int64_t[]){999});
    street_apply(&s, &again);
    const muster_roads *third = street_roads(&s, STREET_NOW_MS);
    assert_ptr_not_equal(muster_roads_metric(first, "light"), muster_roads_metric(third, "light"));
    assert_int_equal(muster_metric_duration_ms(muster_roads_metric(first, "light"))[2],
                     STREET_MINUTE_MS); /* whoever holds the old ones has them as they were */
    assert_null(muster_roads_metric(third, "heavy"));
    assert_true(muster_roads_sequence(third) > muster_roads_sequence(first));
    muster_roads_free(first);
    street_world_fini(&s);
}

static void each_profile_has_its_roads_with_nothing_closed_beside_those_of_now(void **state) {
    (void)state;
    street_world s;
    uint32_t     count;
    street_world_init(&s, MUSTER_ITEMS_BY_VEHICLE);
    const muster_event e = closed(&s, "R-1", 1, (int64_t[]){1000});
    street_apply(&s, &e);
    const muster_roads *roads   = street_roads(&s, STREET_NOW_MS);
    const char *const  *profile = muster_roads_profiles(roads, &count);
    assert_true(count >= 1);
    for (uint32_t p = 0; p < count; ++p) {
        const muster_metric *now  = muster_roads_metric(roads, profile[p]);
        const muster_metric *open = muster_roads_open_metric(roads, profile[p]);
        assert_ptr_equal(muster_metric_network(now), muster_metric_network(open));
        assert_string_equal(muster_metric_profile_name(open), profile[p]);
    }
    assert_int_equal(edge_ms(&s, 0, 0) == CLOSED || edge_ms(&s, 2, 0) == CLOSED, 1);
    const muster_metric *open = muster_roads_open_metric(roads, "light");
    for (uint32_t arc = 0; arc < 20; ++arc) {
        assert_int_equal(muster_metric_duration_ms(open)[arc], STREET_MINUTE_MS);
    }
    assert_null(muster_roads_open_metric(roads, "heavy"));
    street_world_fini(&s);
}

static void refuse(street_world *s, const muster_event *e, const char *message) {
    const muster_event_answer answer = street_tell(s, e);
    assert_int_equal(answer.outcome, MUSTER_EVENT_WRONG);
    assert_string_equal(answer.message, message);
}

static void an_edge_that_is_not_there_is_named(void **state) {
    (void)state;
    street_world s;
    street_world_init(&s, MUSTER_ITEMS_BY_VEHICLE);
    const uint64_t     version = s.world->roads_version;
    const muster_event e       = closed(&s, "R-1", 2, (int64_t[]){1000, -7});
    refuse(&s, &e, "road \"R-1\": it names edge -7, but no edge of the network has that id");
    assert_int_equal(s.world->roads_version, version);
    street_world_fini(&s);
}

static void lines_areas_and_hazards_that_are_none_are_named(void **state) {
    (void)state;
    static const double FAR_LON[] = {120, 181};
    street_world        s;
    street_world_init(&s, MUSTER_ITEMS_BY_VEHICLE);
    muster_event e     = closed(&s, "R-1", 0, NULL);
    e.road.point_count = 2;
    e.road.lon_deg     = FAR_LON;
    e.road.lat_deg     = LAT;
    refuse(
        &s, &e,
        "road \"R-1\": point 1 of the line is 181,29.9; expected a longitude from -180 to 180 and "
        "a latitude from -90 to 90");
    muster_hazard h = flood("H-1", 0, 10);
    h.depth_m       = -1;
    e               = street_event(&s, MUSTER_EVENT_HAZARD_GROWN, 0);
    e.hazard        = &h;
    refuse(&s, &e, "hazard 'H-1' is -1 m deep; expected 0 or more");
    static const double THIN[] = {120, 120, 120, 120};
    h                          = flood("H-1", 0, 10);
    h.area.lon_deg             = THIN;
    e                          = street_event(&s, MUSTER_EVENT_HAZARD_GROWN, 0);
    e.hazard                   = &h;
    refuse(&s, &e, "hazard 'H-1' encloses nothing and is left out");
    h            = flood("K-1", 0, 10);
    h.kind       = MUSTER_HAZARD_CLOSURE;
    h.area       = (muster_multipolygon){0};
    h.edge_count = 1;
    h.edge_id    = (int64_t[]){-7};
    refuse(&s, &e,
           "hazard 'K-1' cannot be used: edge -7 is to be closed, but no edge of the network has "
           "that id");
    e             = closed(&s, "R-1", 0, NULL);
    e.road.points = (muster_points){1, LAT, LAT};
    refuse(&s, &e,
           "road \"R-1\": point 0 at 29.9,29.9 has no road near it; expected one within 5 km");
    street_world_fini(&s);
}

/* A store's checksum tells whether a journal's roads are still those. */
static void another_network_or_profile_has_another_checksum(void **state) {
    (void)state;
    muster_network *network = street_network();
    muster_profile  profile;
    mu_road_base   *base[4];
    street_ok(muster_profile_builtin(&profile, "light"));
    street_ok(mu_road_base_new(&base[0], network, 1, &profile, 1));
    street_ok(mu_road_base_new(&base[1], network, 1, &profile, 2));
    profile.wading_depth_m += 0.1;
    street_ok(mu_road_base_new(&base[2], network, 1, &profile, 1));
    muster_network_data data = *muster_network_view(network);
    double              length[STREET_EDGES];
    for (uint32_t e = 0; e < STREET_EDGES; ++e) length[e] = data.edge_length_m[e] + (e == 3);
    data.edge_length_m     = length;
    muster_network *longer = NULL;
    street_ok(muster_network_new(&longer, &data));
    street_ok(muster_profile_builtin(&profile, "light"));
    street_ok(mu_road_base_new(&base[3], longer, 1, &profile, 1));
    assert_int_equal(mu_road_base_checksum(base[0]), mu_road_base_checksum(base[1]));
    assert_int_not_equal(mu_road_base_checksum(base[0]), mu_road_base_checksum(base[2]));
    assert_int_not_equal(mu_road_base_checksum(base[0]), mu_road_base_checksum(base[3]));
    for (int i = 0; i < 4; ++i) mu_road_base_release(base[i]);
    muster_network_free(longer);
    muster_network_free(network);
}

static muster_status make_roads(street_world *s, const muster_event *e, muster_roads **out) {
    muster_event_answer answer;
    mu_road_state      *state;
    *out = NULL;
    MU_TRY(mu_roads_check_event(s->base, e, &answer));
    MU_TRY(mu_road_state_take(&state, s->world, STREET_NOW_MS));
    const muster_status status = mu_roads_new(out, s->base, state, s->roads, 2);
    mu_road_state_free(state);
    return status;
}

static void memory_that_runs_out_leaves_nothing_behind(void **state) {
    (void)state;
    street_world        s;
    const muster_hazard h = flood("H-1", 0, 20);
    muster_roads       *roads;
    street_world_init(&s, MUSTER_ITEMS_BY_VEHICLE);
    muster_event e = street_event(&s, MUSTER_EVENT_HAZARD_GROWN, 0);
    e.hazard       = &h;
    street_apply(&s, &e);
    (void)street_roads(&s, STREET_NOW_MS); /* others follow from them */
    const muster_event road = closed(&s, "R-1", 1, (int64_t[]){1000});
    street_apply(&s, &road);
    muster_status status = MUSTER_E_NOMEM;
    int64_t       count  = 0;
    for (; status != MUSTER_OK; ++count) {
        mu_alloc_fail_after(count);
        status = make_roads(&s, &e, &roads);
        mu_alloc_fail_after(-1);
        assert_true(status == MUSTER_OK || (status == MUSTER_E_NOMEM && !roads));
    }
    assert_true(count > 10);
    muster_roads_free(roads);
    street_world_fini(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edges_are_closed_by_their_ids_until_they_are_opened),
        cmocka_unit_test(roads_are_slow_by_list_line_and_area),
        cmocka_unit_test(the_road_nearest_to_a_place_is_closed_or_slow),
        cmocka_unit_test(a_closure_of_places_and_edges_holds_while_it_lasts),
        cmocka_unit_test(a_hazard_holds_from_its_beginning_up_to_its_end),
        cmocka_unit_test(what_a_change_leaves_as_it_was_is_the_metric_of_before),
        cmocka_unit_test(each_profile_has_its_roads_with_nothing_closed_beside_those_of_now),
        cmocka_unit_test(an_edge_that_is_not_there_is_named),
        cmocka_unit_test(lines_areas_and_hazards_that_are_none_are_named),
        cmocka_unit_test(another_network_or_profile_has_another_checksum),
        cmocka_unit_test(memory_that_runs_out_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
