/* Everything that flies, through the same functions as what drives: against the haversine formula
 * as books print it, and one function against the other. */
#include <math.h>
#include <string.h>

#include <muster/closure.h>
#include <muster/isochrone.h>
#include <muster/matrix.h>
#include <muster/one_to_all.h>
#include <muster/query.h>
#include <muster/reach.h>

#include "core/alloc.h"
#include "tests/support/random_network.h"

enum { NETWORKS = 120, PLACES = 14, ORIGINS = 3, LIMITS = 3, SAMPLES = 40 };

typedef struct sky {
    random_network  r;
    muster_network *network;
    muster_metric  *metric;
    muster_profile  profile;
    muster_snap     place[PLACES];
} sky;

static double book_m(double lon1, double lat1, double lon2, double lat2) {
    const double deg = acos(-1) / 180;
    const double a = sin((lat2 - lat1) * deg / 2), b = sin((lon2 - lon1) * deg / 2);
    return 2 * 6371008.8 * asin(sqrt(a * a + cos(lat1 * deg) * cos(lat2 * deg) * b * b));
}

static double book_ms(const sky *s, double lon1, double lat1, double lon2, double lat2) {
    return s->profile.setup_ms +
           book_m(lon1, lat1, lon2, lat2) / (s->profile.flight_speed_kmh / 3.6) * 1000;
}

static void make_sky(sky *s, uint64_t seed, uint64_t *rng) {
    double lon[PLACES], lat[PLACES];
    s->network = random_network_new(&s->r, seed);
    if (seed % 2) assert_int_equal(muster_network_build_hierarchy(s->network), MUSTER_OK);
    assert_int_equal(muster_profile_builtin(&s->profile, seed % 3 ? "helicopter" : "drone"),
                     MUSTER_OK);
    assert_int_equal(muster_metric_new(&s->metric, s->network, &s->profile), MUSTER_OK);
    for (int p = 0; p < PLACES; ++p) {
        const double reach = p % 5 == 0 ? 40 : 0.06;
        lon[p]             = 120.7 + reach * random_unit(rng);
        lat[p]             = 30.7 + reach * random_unit(rng);
    }
    lon[PLACES - 1] = lon[0], lat[PLACES - 1] = lat[0]; /* the same place twice */
    assert_int_equal(muster_snap_sites(s->metric, PLACES, lon, lat, NULL, s->place), MUSTER_OK);
    for (int p = 0; p < PLACES; ++p) {
        assert_int_equal(s->place[p].edge, MUSTER_BY_AIR);
        assert_true(s->place[p].lon_deg == lon[p] && s->place[p].lat_deg == lat[p]);
        assert_true(s->place[p].distance_m == 0 && s->place[p].fraction == 0);
    }
    s->place[PLACES / 2].edge = MUSTER_NONE; /* somebody did not get a place */
}

static void free_sky(sky *s) {
    muster_metric_free(s->metric);
    muster_network_free(s->network);
}

/* ---- tables, routes, nearest -------------------------------------------------------------- */

typedef struct table {
    uint32_t ms[PLACES * PLACES];
    double   m[PLACES * PLACES];
} table;

static void a_cell_is_setup_and_haversine(const sky *s, const table *t, int from, int to) {
    const muster_snap *a = &s->place[from], *b = &s->place[to];
    const int          cell = from * PLACES + to;
    if (a->edge == MUSTER_NONE || b->edge == MUSTER_NONE) {
        assert_int_equal(t->ms[cell], MUSTER_UNREACHABLE_MS);
        assert_true(isnan(t->m[cell]));
        return;
    }
    const double ms = book_ms(s, a->lon_deg, a->lat_deg, b->lon_deg, b->lat_deg);
    assert_true(fabs(t->ms[cell] - ms) <= 0.501);
    assert_true(fabs(t->m[cell] - book_m(a->lon_deg, a->lat_deg, b->lon_deg, b->lat_deg)) < 0.006);
    assert_int_equal(t->ms[cell], t->ms[to * PLACES + from]);
}

static void a_route_is_the_cell_drawn(const sky *s, muster_query *query, const table *t, int from,
                                      int to) {
    const int     cell = from * PLACES + to;
    muster_route *route;
    uint32_t      ms, arc_count;
    double        m;
    assert_int_equal(muster_query_cost(query, &s->place[from], &s->place[to], &ms, &m), MUSTER_OK);
    assert_int_equal(ms, t->ms[cell]);
    assert_int_equal(muster_query_route(&route, query, &s->place[from], &s->place[to]), MUSTER_OK);
    assert_int_equal(route != NULL, ms < MUSTER_UNREACHABLE_MS);
    if (!route) return;
    assert_int_equal(muster_route_duration_ms(route), ms);
    assert_true(muster_route_distance_m(route) == t->m[cell] && m == t->m[cell]);
    (void)muster_route_arcs(route, &arc_count);
    assert_int_equal(arc_count, 0);
    const uint32_t points = muster_route_point_count(route);
    const double  *lon = muster_route_lon_deg(route), *lat = muster_route_lat_deg(route);
    double         along_m = 0;
    assert_true(points >= 2 && lon[0] == s->place[from].lon_deg &&
                lat[0] == s->place[from].lat_deg);
    assert_true(lon[points - 1] == s->place[to].lon_deg && lat[points - 1] == s->place[to].lat_deg);
    for (uint32_t i = 1; i < points; ++i) {
        const double step_m = book_m(lon[i - 1], lat[i - 1], lon[i], lat[i]);
        assert_true(step_m < 25001);
        along_m += step_m;
    }
    assert_true(fabs(along_m - m) < 0.05); /* no detour */
    muster_route_free(route);
}

static void the_nearest_come_in_order(const sky *s, const table *t, int origin, bool backward) {
    uint32_t       count, target[PLACES], ms[PLACES], reached = 0;
    double         m[PLACES];
    muster_reach  *reach;
    const uint32_t direction = backward ? MUSTER_BACKWARD : MUSTER_FORWARD;
    assert_int_equal(muster_nearest(s->metric, (muster_direction)direction, &s->place[origin],
                                    PLACES, s->place, PLACES, &count, target, ms, m),
                     MUSTER_OK);
    for (uint32_t i = 0; i < count; ++i) {
        assert_int_equal(ms[i], t->ms[(uint32_t)origin * PLACES + target[i]]);
        assert_true(m[i] == t->m[(uint32_t)origin * PLACES + target[i]]);
        if (i > 0) assert_true(ms[i - 1] < ms[i] || m[i - 1] < m[i] || target[i - 1] < target[i]);
    }
    for (int p = 0; p < PLACES; ++p) reached += t->ms[origin * PLACES + p] < MUSTER_UNREACHABLE_MS;
    assert_int_equal(count, reached);
    /* Resumed: the same again, nothing beyond a radius before it grows. */
    assert_int_equal(
        muster_reach_new(&reach, s->metric, (muster_direction)direction, PLACES, s->place),
        MUSTER_OK);
    for (int run = 0; run < 2; ++run) {
        uint32_t next, next_ms;
        assert_int_equal(muster_reach_start(reach, &s->place[origin]), MUSTER_OK);
        for (uint32_t i = 0; i < count; ++i) {
            assert_false(muster_reach_next(reach, ms[i] - 1, &next, &next_ms, NULL));
            assert_true(muster_reach_next(reach, ms[i], &next, &next_ms, NULL));
            assert_int_equal(next, target[i]);
        }
        assert_false(muster_reach_next(reach, MUSTER_UNREACHABLE_MS, &next, &next_ms, NULL));
    }
    muster_reach_free(reach);
}

static void one_flight_costs_the_same_by_every_question(void **state) {
    (void)state;
    static sky   s;
    static table t, again;
    for (uint64_t seed = 0; seed < NETWORKS; ++seed) {
        uint64_t      rng = seed;
        muster_query *query;
        make_sky(&s, seed, &rng);
        assert_int_equal(muster_matrix(s.metric, PLACES, s.place, PLACES, s.place, 1, t.ms, t.m),
                         MUSTER_OK);
        assert_int_equal(
            muster_matrix(s.metric, PLACES, s.place, PLACES, s.place, 3, again.ms, NULL),
            MUSTER_OK);
        assert_memory_equal(t.ms, again.ms, sizeof t.ms);
        assert_int_equal(muster_query_new(&query, s.metric), MUSTER_OK);
        for (int from = 0; from < PLACES; ++from) {
            for (int to = 0; to < PLACES; ++to) {
                a_cell_is_setup_and_haversine(&s, &t, from, to);
                a_route_is_the_cell_drawn(&s, query, &t, from, to);
            }
            the_nearest_come_in_order(&s, &t, from, seed % 2);
        }
        assert_int_equal(t.ms[0], s.profile.setup_ms); /* from a place to itself */
        muster_query_free(query);
        free_sky(&s);
    }
}

/* ---- trees and isochrones ----------------------------------------------------------------- */

static muster_snap in_the_air(double lon_deg, double lat_deg) {
    return (muster_snap){MUSTER_BY_AIR, 0, lon_deg, lat_deg, 0};
}

static uint32_t least_ms(const sky *s, const muster_snap *place) {
    uint32_t ms[ORIGINS], least = MUSTER_UNREACHABLE_MS;
    assert_int_equal(muster_matrix(s->metric, ORIGINS, s->place, 1, place, 1, ms, NULL), MUSTER_OK);
    for (int o = 0; o < ORIGINS; ++o) least = ms[o] < least ? ms[o] : least;
    return least;
}

/* Along every edge: within the limit just where a part is. */
static void parts_are_within(const sky *s, const muster_isochrone *iso, uint32_t limit,
                             uint32_t limit_ms, uint32_t *seen) {
    const muster_network_data *v = muster_network_view(s->network);
    uint32_t                   count;
    const muster_edge_part    *part = muster_isochrone_parts(iso, limit, &count);
    for (uint32_t e = 0; e < v->edge_count; ++e) {
        for (int i = 0; i <= SAMPLES; ++i) {
            const double fraction = (double)i / SAMPLES;
            double       lon[RANDOM_MAX_POINTS], lat[RANDOM_MAX_POINTS];
            bool         is_within = false, is_near_end = false;
            for (uint32_t p = 0; p < count; ++p) {
                if (part[p].edge != e) continue;
                is_within |= part[p].from_fraction <= fraction && fraction <= part[p].to_fraction;
                is_near_end |= fabs(part[p].from_fraction - fraction) < 1e-4 ||
                               fabs(part[p].to_fraction - fraction) < 1e-4;
            }
            if (i == SAMPLES || is_near_end) continue;
            (void)muster_edge_part_line(s->network, &(muster_edge_part){e, fraction, 1}, lon, lat);
            const muster_snap place = in_the_air(lon[0], lat[0]);
            assert_int_equal(is_within, least_ms(s, &place) <= limit_ms);
            ++seen[is_within];
        }
    }
    for (uint32_t p = 0; p < count; ++p) { /* both ends, to the millisecond */
        double lon[RANDOM_MAX_POINTS], lat[RANDOM_MAX_POINTS];
        if (p > 0) {
            assert_true(part[p - 1].edge < part[p].edge ||
                        part[p - 1].to_fraction < part[p].from_fraction);
        }
        assert_true(0 <= part[p].from_fraction && part[p].from_fraction < part[p].to_fraction &&
                    part[p].to_fraction <= 1);
        const uint32_t points = muster_edge_part_line(s->network, &part[p], lon, lat);
        for (uint32_t i = 0; i < points; i += points - 1) {
            const bool        is_end = i == 0 ? part[p].from_fraction > 0 : part[p].to_fraction < 1;
            const muster_snap place  = in_the_air(lon[i], lat[i]);
            assert_true(least_ms(s, &place) <= limit_ms);
            if (is_end) assert_true(least_ms(s, &place) >= limit_ms - 1);
        }
    }
}

static void trees_and_isochrones_are_circles(void **state) {
    (void)state;
    static sky s;
    uint32_t   seen[2] = {0};
    for (uint64_t seed = 0; seed < NETWORKS; ++seed) {
        static uint32_t   tree_ms[ORIGINS * RANDOM_MAX_NODES];
        static double     tree_m[ORIGINS * RANDOM_MAX_NODES];
        uint64_t          rng = seed + 77;
        muster_isochrone *iso;
        make_sky(&s, seed, &rng);
        for (int o = 0; o < ORIGINS; ++o) {
            s.place[o] =
                in_the_air(120.7 + 0.05 * random_unit(&rng), 30.7 + 0.05 * random_unit(&rng));
        }
        const muster_network_data *v                = muster_network_view(s.network);
        const double               second_m         = s.profile.flight_speed_kmh / 3.6;
        const uint32_t             limit_ms[LIMITS] = {
                        s.profile.setup_ms + (uint32_t)(1500 / second_m * 1000 * random_unit(&rng)),
                        s.profile.setup_ms + (uint32_t)(3000 / second_m * 1000), s.profile.setup_ms / 2};
        assert_int_equal(
            muster_one_to_all(s.metric, ORIGINS, s.place, MUSTER_BACKWARD, 2, tree_ms, tree_m),
            MUSTER_OK);
        assert_int_equal(muster_isochrone_new(&iso, s.metric, ORIGINS, s.place, MUSTER_FORWARD,
                                              LIMITS, limit_ms),
                         MUSTER_OK);
        for (uint32_t n = 0; n < v->node_count; ++n) {
            uint32_t nearest_ms = MUSTER_UNREACHABLE_MS;
            for (uint32_t o = 0; o < ORIGINS; ++o) {
                const uint32_t ms = tree_ms[o * v->node_count + n];
                assert_true(fabs(ms - book_ms(&s, s.place[o].lon_deg, s.place[o].lat_deg,
                                              v->node_lon_deg[n], v->node_lat_deg[n])) <= 0.501);
                if (ms < nearest_ms) nearest_ms = ms;
            }
            if (nearest_ms > limit_ms[1]) nearest_ms = MUSTER_UNREACHABLE_MS;
            assert_int_equal(muster_isochrone_duration_ms(iso)[n], nearest_ms);
        }
        parts_are_within(&s, iso, 0, limit_ms[0], seen);
        parts_are_within(&s, iso, 1, limit_ms[1], seen);
        uint32_t count;
        (void)muster_isochrone_parts(iso, 2, &count);
        assert_int_equal(count, 0); /* still on the ground */
        assert_true(muster_isochrone_flight_radius_m(iso)[2] < 0);
        muster_isochrone_free(iso);
        free_sky(&s);
    }
    assert_true(seen[false] > 10000 && seen[true] > 10000);
}

/* A ferry over hundreds of kilometres, bent once, which the circle meets in the middle: in, out and in
 * again. */
static void long_edges_are_cut_where_the_circle_cuts_them(void **state) {
    (void)state;
    static const double       LON[] = {118, 124}, LAT[] = {30, 30}, LENGTH_M = 650000;
    static const double       BEND_LON = 121, BEND_LAT = 32;
    static const uint32_t     SOURCE = 0, TARGET = 1, FIRST[] = {0, 1}, LIMIT_MS = 180000 + 3600000;
    const muster_network_data data = {.struct_size      = sizeof data,
                                      .node_count       = 2,
                                      .node_lon_deg     = LON,
                                      .node_lat_deg     = LAT,
                                      .edge_count       = 1,
                                      .edge_source      = &SOURCE,
                                      .edge_target      = &TARGET,
                                      .edge_length_m    = &LENGTH_M,
                                      .edge_first_point = FIRST,
                                      .point_lon_deg    = &BEND_LON,
                                      .point_lat_deg    = &BEND_LAT};
    sky                       s;
    uint32_t                  count, seen[2] = {0};
    assert_int_equal(muster_network_new(&s.network, &data), MUSTER_OK);
    s.metric   = random_network_metric(s.network, "helicopter");
    s.place[0] = in_the_air(121, 30);   /* 222 km south of the bend, 220 km fly in an hour */
    s.place[1] = in_the_air(119, 30.4); /* on the first half */
    s.place[2] = in_the_air(-60, -30);  /* far from all */
    muster_isochrone *iso;
    assert_int_equal(muster_isochrone_new(&iso, s.metric, 1, s.place, MUSTER_FORWARD, 1, &LIMIT_MS),
                     MUSTER_OK);
    const muster_edge_part *part = muster_isochrone_parts(iso, 0, &count);
    assert_int_equal(count, 2);
    assert_true(part[0].from_fraction > 0 && part[0].to_fraction < 0.5);
    assert_true(part[1].from_fraction > 0.5 && part[1].to_fraction < 1);
    muster_isochrone_free(iso);
    assert_int_equal(
        muster_isochrone_new(&iso, s.metric, ORIGINS, s.place, MUSTER_FORWARD, 1, &LIMIT_MS),
        MUSTER_OK);
    parts_are_within(&s, iso, 0, LIMIT_MS, seen);
    assert_true(seen[false] > 3 && seen[true] > 20);
    muster_isochrone_free(iso);
    free_sky(&s);
}

/* ---- and what does not concern it ---------------------------------------------------------- */

static void closures_do_not_touch_what_flies(void **state) {
    (void)state;
    static sky           s;
    static const double  LON[] = {120, 122, 122, 120}, LAT[] = {30, 30, 32, 32};
    const uint32_t       first[] = {0, 4}, edge = 0;
    const muster_polygon everywhere = {1, first, LON, LAT};
    uint64_t             rng        = 5;
    uint32_t             count;
    muster_closure      *closure;
    muster_metric       *changed;
    make_sky(&s, 1, &rng);
    muster_metric_free(s.metric);
    s.profile.water = MUSTER_WATER_FLOAT, s.profile.boat_speed_kmh = 10; /* a flying boat */
    assert_int_equal(muster_metric_new(&s.metric, s.network, &s.profile), MUSTER_OK);
    assert_int_equal(muster_closure_new(&closure, s.metric), MUSTER_OK);
    assert_int_equal(muster_closure_flood(closure, &everywhere, 3), MUSTER_OK);
    assert_int_equal(muster_closure_edges(closure, 1, &edge), MUSTER_OK);
    assert_int_equal(muster_closure_slow(closure, NULL, 0, 0.5), MUSTER_OK);
    (void)muster_closure_changes(closure, &count);
    assert_int_equal(count, 0);
    (void)muster_closure_spared(closure, &count);
    assert_int_equal(count, 0);
    assert_int_equal(muster_metric_change(&changed, s.metric, 0, NULL), MUSTER_OK);
    assert_true(muster_metric_flies(changed));
    assert_int_equal(muster_metric_component_count(changed), 1);
    assert_int_equal(muster_metric_component_size(changed)[0], s.r.data.node_count);
    muster_metric_free(changed);
    uint32_t                   arc = 0;
    const muster_network_data *v   = muster_network_view(s.network);
    while (v->edge_access_forward[arc / 2] == 0) arc += 2;
    assert_int_equal(muster_metric_change(&changed, s.metric, 1, &(muster_arc_change){arc, 5}),
                     MUSTER_E_INVALID);
    assert_non_null(strstr(muster_error_message(), "\"helicopter\", which flies and uses none"));
    muster_closure_free(closure);
    free_sky(&s);
}

static void places_of_the_road_and_of_the_air_are_told_apart(void **state) {
    (void)state;
    static sky     s;
    uint64_t       rng = 6;
    uint32_t       ms;
    muster_metric *light;
    make_sky(&s, 2, &rng);
    light                     = random_network_metric(s.network, "light");
    const muster_snap on_road = {0, 0.5, 120.7, 30.7, 0}, far = in_the_air(181, 0),
                      nan = in_the_air((double)NAN, 0), fine = in_the_air(1, 2);
    const muster_snap *wrong[] = {&on_road, &far, &nan};
    for (int i = 0; i < 3; ++i) {
        assert_int_equal(muster_matrix(s.metric, 1, &fine, 1, wrong[i], 1, &ms, NULL),
                         MUSTER_E_INVALID);
        assert_non_null(strstr(muster_error_message(), "target site 0 is snapped to edge "));
        assert_non_null(strstr(muster_error_message(), "but \"helicopter\" flies"));
    }
    assert_int_equal(muster_matrix(light, 1, &on_road, 1, &fine, 1, &ms, NULL), MUSTER_E_INVALID);
    assert_non_null(strstr(muster_error_message(), "expected an edge below"));
    muster_metric_free(light);
    free_sky(&s);
}

/* Slower than walking over half the globe: there is no telling when it arrives. */
static void a_flight_longer_than_times_count_is_no_way(void **state) {
    (void)state;
    static sky s;
    uint64_t   rng = 7;
    uint32_t   ms;
    double     m;
    make_sky(&s, 4, &rng);
    muster_metric_free(s.metric);
    s.profile.flight_speed_kmh = 1;
    assert_int_equal(muster_metric_new(&s.metric, s.network, &s.profile), MUSTER_OK);
    const muster_snap a = in_the_air(0, 0), b = in_the_air(90, 0);
    assert_int_equal(muster_matrix(s.metric, 1, &a, 1, &b, 1, &ms, &m), MUSTER_OK);
    assert_true(ms == MUSTER_UNREACHABLE_MS && isnan(m));
    free_sky(&s);
}

static void any_allocation_may_fail(void **state) {
    (void)state;
    static sky     s;
    uint64_t       rng      = 8;
    const uint32_t limit_ms = 200000;
    muster_status  status;
    int64_t        failing = 0;
    make_sky(&s, 3, &rng);
    do {
        static table      t;
        static uint32_t   tree_ms[RANDOM_MAX_NODES];
        uint32_t          count, target[PLACES];
        muster_metric    *metric = NULL;
        muster_route     *route  = NULL;
        muster_isochrone *iso    = NULL;
        (void)mu_alloc_fail_after(failing++);
        status = muster_metric_new(&metric, s.network, &s.profile);
        if (status == MUSTER_OK) {
            status = muster_matrix(metric, PLACES, s.place, PLACES, s.place, 1, t.ms, t.m);
        }
        if (status == MUSTER_OK) status = muster_route_new(&route, metric, s.place, s.place + 1);
        if (status == MUSTER_OK) {
            status = muster_nearest(metric, MUSTER_FORWARD, s.place, PLACES, s.place, PLACES,
                                    &count, target, NULL, NULL);
        }
        if (status == MUSTER_OK) {
            status = muster_one_to_all(metric, 1, s.place, MUSTER_FORWARD, 1, tree_ms, NULL);
        }
        if (status == MUSTER_OK) {
            status =
                muster_isochrone_new(&iso, metric, 1, s.place + 1, MUSTER_FORWARD, 1, &limit_ms);
        }
        (void)mu_alloc_fail_after(-1);
        if (status != MUSTER_OK) assert_int_equal(status, MUSTER_E_NOMEM);
        muster_isochrone_free(iso);
        muster_route_free(route);
        muster_metric_free(metric);
    } while (status != MUSTER_OK);
    assert_true(failing > 20);
    free_sky(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_flight_costs_the_same_by_every_question),
        cmocka_unit_test(trees_and_isochrones_are_circles),
        cmocka_unit_test(long_edges_are_cut_where_the_circle_cuts_them),
        cmocka_unit_test(closures_do_not_touch_what_flies),
        cmocka_unit_test(places_of_the_road_and_of_the_air_are_told_apart),
        cmocka_unit_test(a_flight_longer_than_times_count_is_no_way),
        cmocka_unit_test(any_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
