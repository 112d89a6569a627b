/* Snapping against trying every edge, and the rule about islands. */
#include <muster/closure.h>
#include <muster/matrix.h>
#include <muster/snap.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "core/foot.h"
#include "core/metric.h"
#include "core/near.h"
#include "core/snap.h"
#include "tests/support/random_network.h"

enum { ROUNDS = 20, SITES = 20 };
static const double PI = 3.14159265358979323846;

static const muster_snap_options NO_ISLANDS = {sizeof(muster_snap_options), 1e9, 0, 0, NULL};

/* Distance from a site to an edge by walking along it in very small steps. */
static double walked_distance_m(const muster_network *net, uint32_t edge, double lon, double lat) {
    const double x_m  = 111412.84 * cos(lat * PI / 180) - 93.5 * cos(3 * lat * PI / 180);
    const double y_m  = 111132.92 - 559.82 * cos(2 * lat * PI / 180);
    double       best = INFINITY, x0, y0, x1, y1;
    mu_edge_point(net, edge, 0, &x0, &y0);
    for (uint32_t i = 1; i < mu_edge_point_count(net, edge); ++i, x0 = x1, y0 = y1) {
        mu_edge_point(net, edge, i, &x1, &y1);
        for (int step = 0; step <= 4000; ++step) {
            const double t = step / 4000.0;
            best           = fmin(best,
                                  hypot((x0 + t * (x1 - x0) - lon) * x_m, (y0 + t * (y1 - y0) - lat) * y_m));
        }
    }
    return best;
}

static bool is_usable(const muster_metric *metric, uint32_t edge) {
    return metric->duration_ms[2 * edge] != MUSTER_UNREACHABLE_MS ||
           metric->duration_ms[2 * edge + 1] != MUSTER_UNREACHABLE_MS;
}

static void the_nearest_usable_edge_is_found(void **state) {
    (void)state;
    static random_network r;
    for (uint64_t seed = 0; seed < ROUNDS; ++seed) {
        uint64_t        rng     = seed + 1000;
        muster_network *network = random_network_new(&r, seed);
        muster_metric  *metric  = random_network_metric(network, "light");
        for (int i = 0; i < SITES; ++i) {
            const double lon = 120.69 + 0.07 * random_unit(&rng),
                         lat = 30.69 + 0.07 * random_unit(&rng);
            muster_snap snap;
            assert_int_equal(muster_snap_sites(metric, 1, &lon, &lat, &NO_ISLANDS, &snap),
                             MUSTER_OK);
            double nearest_m = INFINITY;
            for (uint32_t e = 0; e < r.data.edge_count; ++e) {
                if (is_usable(metric, e))
                    nearest_m = fmin(nearest_m, walked_distance_m(network, e, lon, lat));
            }
            if (isinf(nearest_m)) {
                assert_int_equal(snap.edge, MUSTER_NONE);
                continue;
            }
            assert_true(is_usable(metric, snap.edge));
            assert_true(snap.fraction >= 0 && snap.fraction <= 1);
            assert_true(fabs(snap.distance_m - nearest_m) < 0.02 * nearest_m + 2);
            assert_true(snap.distance_m <= nearest_m + 0.1);
        }
        muster_metric_free(metric);
        muster_network_free(network);
    }
}

static void assert_same_snap(const muster_snap *a, const muster_snap *b) {
    assert_int_equal(a->edge, b->edge);
    assert_true(a->fraction == b->fraction && a->distance_m == b->distance_m);
    assert_true(a->lon_deg == b->lon_deg && a->lat_deg == b->lat_deg);
}

/* Whatever is not listed is farther than what is. */
static void the_nearest_edges_come_by_distance(void **state) {
    (void)state;
    static random_network r;
    enum { MOST = 7 };
    for (uint64_t seed = 0; seed < ROUNDS; ++seed) {
        uint64_t        rng     = seed + 3000;
        muster_network *network = random_network_new(&r, seed);
        muster_metric  *metric  = random_network_metric(network, "light");
        const double    lon     = 120.69 + 0.07 * random_unit(&rng);
        const double    lat     = 30.69 + 0.07 * random_unit(&rng);
        muster_snap     row[MOST], all[MOST], first;
        uint32_t        count, near_count, within = 0;
        assert_int_equal(muster_snap_nearest(metric, lon, lat, 1e9, MOST, &count, row), MUSTER_OK);
        assert_int_equal(muster_snap_sites(metric, 1, &lon, &lat, &NO_ISLANDS, &first), MUSTER_OK);
        if (count > 0) assert_same_snap(&row[0], &first);
        for (uint32_t e = 0; e < r.data.edge_count; ++e) {
            bool is_listed = false;
            for (uint32_t i = 0; i < count; ++i) is_listed |= row[i].edge == e;
            if (is_listed) assert_true(is_usable(metric, e));
            if (is_listed || !is_usable(metric, e)) continue;
            assert_int_equal(count, MOST); /* else it would be there */
            assert_true(walked_distance_m(network, e, lon, lat) > row[MOST - 1].distance_m - 0.1);
        }
        for (uint32_t i = 1; i < count; ++i) {
            assert_true(
                row[i - 1].distance_m < row[i].distance_m ||
                (row[i - 1].distance_m == row[i].distance_m && row[i - 1].edge < row[i].edge));
        }
        const double half_m = count > 0 ? row[count / 2].distance_m : 1;
        for (uint32_t i = 0; i < count; ++i) within += row[i].distance_m <= half_m;
        assert_int_equal(muster_snap_nearest(metric, lon, lat, half_m, MOST, &near_count, all),
                         MUSTER_OK);
        assert_int_equal(near_count, within);
        assert_memory_equal(all, row, near_count * sizeof *row);
        muster_metric_free(metric);
        muster_network_free(network);
    }
}

static void nearest_edges_of_nowhere_are_refused(void **state) {
    (void)state;
    static random_network r;
    muster_network       *network = random_network_new(&r, 1);
    muster_metric        *metric  = random_network_metric(network, "light");
    muster_snap           snap;
    uint32_t              count = 9;
    assert_int_equal(muster_snap_nearest(metric, NAN, 30, 1, 1, &count, &snap), MUSTER_E_INVALID);
    assert_int_equal(muster_snap_nearest(metric, 120, 91, 1, 1, &count, &snap), MUSTER_E_INVALID);
    assert_int_equal(muster_snap_nearest(metric, 120, 30, -1, 1, &count, &snap), MUSTER_E_INVALID);
    assert_int_equal(muster_snap_nearest(metric, 120, 30, NAN, 1, &count, &snap), MUSTER_E_INVALID);
    assert_int_equal(muster_snap_nearest(metric, 120, 30, 1e9, 0, &count, &snap), MUSTER_OK);
    assert_int_equal(count, 0);
    muster_metric_free(metric);
    metric = random_network_metric(network, "helicopter");
    assert_int_equal(muster_snap_nearest(metric, 120, 30, 0, 5, &count, &snap), MUSTER_OK);
    assert_true(count == 1 && snap.edge == MUSTER_BY_AIR && snap.lon_deg == 120);
    muster_metric_free(metric);
    muster_network_free(network);
}

/* Two parallel east-west roads 222 m apart: the southern one an island of two nodes, the
 * northern one a chain of 120. */
enum { CHAIN = 120 };

static muster_network *two_roads(void) {
    double   lon[CHAIN + 2], lat[CHAIN + 2], length_m[CHAIN];
    uint32_t source[CHAIN], target[CHAIN];
    for (uint32_t v = 0; v < CHAIN; ++v) lon[v] = 120 + 0.001 * v, lat[v] = 30.002;
    lon[CHAIN] = 120, lat[CHAIN] = 30, lon[CHAIN + 1] = 120.1, lat[CHAIN + 1] = 30;
    for (uint32_t e = 0; e + 1 < CHAIN; ++e) source[e] = e, target[e] = e + 1, length_m[e] = 96;
    source[CHAIN - 1] = CHAIN, target[CHAIN - 1] = CHAIN + 1, length_m[CHAIN - 1] = 9640;
    muster_network_data data = MUSTER_NETWORK_DATA_INIT;
    data.node_count = CHAIN + 2, data.node_lon_deg = lon, data.node_lat_deg = lat;
    data.edge_count = CHAIN, data.edge_source = source, data.edge_target = target;
    data.edge_length_m = length_m;
    muster_network *network;
    assert_int_equal(muster_network_new(&network, &data), MUSTER_OK);
    return network;
}

static muster_snap snap_with(const muster_metric *metric, double lon, double lat,
                             muster_snap_options options) {
    muster_snap snap;
    assert_int_equal(muster_snap_sites(metric, 1, &lon, &lat, &options, &snap), MUSTER_OK);
    return snap;
}

static void an_island_is_left_for_a_real_road_within_reach(void **state) {
    (void)state;
    muster_network           *network = two_roads();
    muster_metric            *metric  = random_network_metric(network, "light");
    const muster_snap_options usual   = MUSTER_SNAP_OPTIONS_INIT;
    muster_snap               snap    = snap_with(metric, 120.05, 30.0001, usual);
    assert_in_range(snap.edge, 0, CHAIN - 2);
    assert_true(fabs(snap.distance_m - 210.6) < 1);
    muster_snap_options strict = usual;
    strict.island_detour_m     = 100;
    snap                       = snap_with(metric, 120.05, 30.0001, strict);
    assert_int_equal(snap.edge, CHAIN - 1);
    assert_true(fabs(snap.fraction - 0.5) < 1e-9);
    strict.island_detour_m   = 500;
    strict.island_node_count = 2; /* two nodes are enough now */
    assert_int_equal(snap_with(metric, 120.05, 30.0001, strict).edge, CHAIN - 1);
    muster_metric_free(metric);
    muster_network_free(network);
}

/* The chain is cut after its first three nodes: a part that is small, but no island. */
static void what_closures_cut_off_is_no_island(void **state) {
    (void)state;
    muster_network         *network = two_roads();
    muster_metric          *before  = random_network_metric(network, "light"), *metric;
    const muster_arc_change cut[]   = {{4, MUSTER_UNREACHABLE_MS}, {5, MUSTER_UNREACHABLE_MS}};
    muster_snap_options     options = MUSTER_SNAP_OPTIONS_INIT;
    assert_int_equal(muster_metric_change(&metric, before, 2, cut), MUSTER_OK);
    assert_int_equal(snap_with(metric, 120.0005, 30.002, options).edge, 3); /* beyond the cut */
    options.island_metric = before;
    assert_int_equal(snap_with(metric, 120.0005, 30.002, options).edge, 0);
    assert_in_range(snap_with(metric, 120.05, 30.0001, options).edge, 3, CHAIN - 2);
    muster_metric_free(metric);
    muster_metric_free(before);
    muster_network_free(network);
}

static void islands_are_those_of_the_same_network(void **state) {
    (void)state;
    muster_network     *network = two_roads(), *other = two_roads();
    muster_metric      *metric  = random_network_metric(network, "light");
    muster_metric      *strange = random_network_metric(other, "light");
    const double        lon = 120, lat = 30;
    muster_snap_options options = MUSTER_SNAP_OPTIONS_INIT;
    muster_snap         snap;
    options.island_metric = strange;
    assert_int_equal(muster_snap_sites(metric, 1, &lon, &lat, &options, &snap), MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(), "snap options have an island_metric of another "
                                                "network; expected one of the same");
    muster_metric_free(strange);
    muster_metric_free(metric);
    muster_network_free(other);
    muster_network_free(network);
}

static void a_site_out_of_reach_stays_unsnapped_and_knows_how_far(void **state) {
    (void)state;
    muster_network           *network = two_roads();
    muster_metric            *metric  = random_network_metric(network, "light");
    const muster_snap_options usual   = MUSTER_SNAP_OPTIONS_INIT;
    const muster_snap         snap    = snap_with(metric, 120.05, 29.9, usual);
    assert_int_equal(snap.edge, MUSTER_NONE);
    assert_true(fabs(snap.distance_m - 11086) < 20);
    muster_metric_free(metric);
    muster_network_free(network);
}

static void wrong_sites_and_options_are_named(void **state) {
    (void)state;
    muster_network     *network = two_roads();
    muster_metric      *metric  = random_network_metric(network, "light");
    const double        lon[2] = {120, 30.7}, lat[2] = {30, 120.7};
    muster_snap         snap[2];
    muster_snap_options options = MUSTER_SNAP_OPTIONS_INIT;
    assert_int_equal(muster_snap_sites(metric, 2, lon, lat, NULL, snap), MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(),
                        "site 1 is at longitude 30.7, latitude 120.7; expected -180 to 180 and -90 "
                        "to 90, longitude first");
    options.max_distance_m = (double)NAN;
    assert_int_equal(muster_snap_sites(metric, 1, lon, lat, &options, snap), MUSTER_E_INVALID);
    options.struct_size = 0;
    assert_int_equal(muster_snap_sites(metric, 1, lon, lat, &options, snap), MUSTER_E_INVALID);
    muster_metric_free(metric);
    muster_network_free(network);
}

static void one_bad_site_does_not_fail_the_others(void **state) {
    (void)state;
    muster_network     *network = two_roads();
    muster_metric      *metric  = random_network_metric(network, "light");
    const double        lon[]   = {120.05, (double)NAN, 120.05, 181, 120.06, 120.05};
    const double        lat[]   = {30.002, 30, 29.9, 30, 30.002, -(double)INFINITY};
    muster_snap         snap[6], alone;
    muster_snap_outcome outcome[6];
    uint32_t            ms[6];
    assert_int_equal(muster_snap_each(metric, 6, lon, lat, NULL, snap, outcome), MUSTER_OK);
    static const muster_snap_outcome EXPECTED[] = {MUSTER_SNAPPED,      MUSTER_SNAP_OFF_GLOBE,
                                                   MUSTER_SNAP_TOO_FAR, MUSTER_SNAP_OFF_GLOBE,
                                                   MUSTER_SNAPPED,      MUSTER_SNAP_OFF_GLOBE};
    assert_memory_equal(outcome, EXPECTED, sizeof outcome);
    for (int i = 0; i < 6; ++i) {
        assert_int_equal(snap[i].edge != MUSTER_NONE, outcome[i] == MUSTER_SNAPPED);
        assert_int_equal(isfinite(snap[i].distance_m), outcome[i] != MUSTER_SNAP_OFF_GLOBE);
    }
    assert_int_equal(muster_snap_sites(metric, 1, lon, lat, NULL, &alone), MUSTER_OK);
    assert_memory_equal(&alone, &snap[0], sizeof alone);
    assert_int_equal(muster_matrix(metric, 1, snap, 6, snap, 1, ms, NULL), MUSTER_OK);
    for (int i = 0; i < 6; ++i) {
        assert_int_equal(ms[i] != MUSTER_UNREACHABLE_MS, outcome[i] == MUSTER_SNAPPED);
    }
    muster_metric_free(metric);
    muster_network_free(network);
}

/* As what_closures_cut_off_is_no_island has it, and for what flies. */
static void islands_and_air_are_the_same_for_each_site(void **state) {
    (void)state;
    muster_network         *network = two_roads();
    muster_metric          *before  = random_network_metric(network, "light"), *cut_off;
    muster_metric          *drone   = random_network_metric(network, "drone");
    const muster_arc_change cut[]   = {{4, MUSTER_UNREACHABLE_MS}, {5, MUSTER_UNREACHABLE_MS}};
    const double            lon[] = {120.0005, NAN, -30, 120.05}, lat[] = {30.002, 30, 90.5, 29.9};
    muster_snap_options     options = MUSTER_SNAP_OPTIONS_INIT;
    muster_snap             snap[4];
    muster_snap_outcome     outcome[4];
    uint32_t                ms[4];
    assert_int_equal(muster_metric_change(&cut_off, before, 2, cut), MUSTER_OK);
    options.island_metric = before;
    assert_int_equal(muster_snap_each(cut_off, 4, lon, lat, &options, snap, outcome), MUSTER_OK);
    assert_int_equal(snap[0].edge, 0);
    assert_int_equal(outcome[3], MUSTER_SNAP_TOO_FAR);
    options.island_metric = NULL;
    assert_int_equal(muster_snap_each(cut_off, 4, lon, lat, &options, snap, outcome), MUSTER_OK);
    assert_int_equal(snap[0].edge, 3);
    assert_int_equal(muster_snap_each(drone, 4, lon, lat, &options, snap, outcome), MUSTER_OK);
    assert_int_equal(muster_matrix(drone, 1, snap, 4, snap, 1, ms, NULL), MUSTER_OK);
    for (int i = 0; i < 4; ++i) {
        const bool is_there = i == 0 || i == 3; /* however far from a road */
        assert_int_equal(snap[i].edge, is_there ? MUSTER_BY_AIR : MUSTER_NONE);
        assert_int_equal(outcome[i], is_there ? MUSTER_SNAPPED : MUSTER_SNAP_OFF_GLOBE);
        assert_int_equal(ms[i] < MUSTER_UNREACHABLE_MS, is_there);
    }
    muster_metric_free(drone);
    muster_metric_free(cut_off);
    muster_metric_free(before);
    muster_network_free(network);
}

static void a_metric_without_roads_says_so_of_each_site(void **state) {
    (void)state;
    muster_network     *network = two_roads();
    muster_profile      nobody;
    muster_metric      *metric = NULL;
    const double        lon = 120.05, lat = 30;
    muster_snap         snap;
    muster_snap_outcome outcome;
    assert_int_equal(muster_profile_builtin(&nobody, "light"), MUSTER_OK);
    nobody.access = 0;
    assert_int_equal(muster_metric_new(&metric, network, &nobody), MUSTER_OK);
    assert_int_equal(muster_snap_each(metric, 1, &lon, &lat, NULL, &snap, &outcome), MUSTER_OK);
    assert_int_equal(outcome, MUSTER_SNAP_NO_ROAD);
    muster_metric_free(metric);
    muster_network_free(network);
}

/* Roads that only some may use, closed ones, islands, and one that flies. */
static void several_metrics_together_find_what_each_finds_alone(void **state) {
    (void)state;
    enum { METRICS = 6 };
    static const char *const PROFILES[METRICS] = {"light", "heavy",      "emergency",
                                                  "boat",  "helicopter", "light"};
    static random_network    r;
    for (uint64_t seed = 0; seed < 3 * ROUNDS; ++seed) {
        uint64_t                rng     = seed + 77;
        muster_network         *network = random_network_new(&r, seed);
        const uint32_t          closed  = 2 * random_below(&rng, r.data.edge_count);
        const muster_arc_change cut[]   = {{closed, MUSTER_UNREACHABLE_MS},
                                           {closed + 1, MUSTER_UNREACHABLE_MS}};
        muster_metric          *metric[METRICS];
        for (int m = 0; m < METRICS - 1; ++m) {
            metric[m] = random_network_metric(network, PROFILES[m]);
        }
        assert_int_equal(muster_metric_change(&metric[METRICS - 1], metric[0], 2, cut), MUSTER_OK);
        for (int i = 0; i < SITES; ++i) {
            const double lon = 120.69 + 0.07 * random_unit(&rng);
            const double lat = 30.69 + 0.07 * random_unit(&rng);
            muster_snap  together[METRICS], alone;
            assert_int_equal(
                mu_snap_for_each(METRICS, (const muster_metric *const *)metric, lon, lat, together),
                MUSTER_OK);
            for (int m = 0; m < METRICS; ++m) {
                assert_int_equal(muster_snap_sites(metric[m], 1, &lon, &lat, NULL, &alone),
                                 MUSTER_OK);
                assert_same_snap(&together[m], &alone);
            }
        }
        for (int m = 0; m < METRICS; ++m) muster_metric_free(metric[m]);
        muster_network_free(network);
    }
}

static void memory_for_several_metrics_may_run_out(void **state) {
    (void)state;
    muster_network      *network   = two_roads();
    muster_metric       *metric    = random_network_metric(network, "light");
    const muster_metric *metrics[] = {metric, metric};
    muster_snap          snap[2];
    for (int64_t failing = 0; failing < 2; ++failing) {
        (void)mu_alloc_fail_once_after(failing);
        assert_int_equal(mu_snap_for_each(2, metrics, 120.05, 30.002, snap), MUSTER_E_NOMEM);
    }
    (void)mu_alloc_fail_after(-1);
    assert_int_equal(mu_snap_for_each(2, metrics, 120.05, 30.002, snap), MUSTER_OK);
    assert_same_snap(&snap[0], &snap[1]);
    muster_metric_free(metric);
    muster_network_free(network);
}

/* ---- what is near, remembered -------------------------------------------------------------- */

enum { NEAR_METRICS = 4, NEAR_PLACES = 12 };

/* Any arcs closed, and others opened again: a life of the roads. */
static muster_metric *change_at_random(const muster_metric *from, const muster_metric *first,
                                       uint32_t arcs, uint64_t *rng) {
    const uint32_t   *open_ms = muster_metric_duration_ms(first);
    muster_arc_change change[64];
    muster_metric    *changed;
    const uint32_t    count = random_below(rng, 64);
    for (uint32_t i = 0; i < count; ++i) {
        const uint32_t arc = random_below(rng, arcs);
        change[i] = (muster_arc_change){arc, random_below(rng, 3) > 0 ? MUSTER_UNREACHABLE_MS
                                                                      : open_ms[arc]};
    }
    assert_int_equal(muster_metric_change(&changed, from, count, change), MUSTER_OK);
    return changed;
}

static int by_distance(const void *a, const void *b) {
    const muster_snap *s = a, *t = b;
    if (s->distance_m != t->distance_m) return s->distance_m < t->distance_m ? -1 : 1;
    return s->edge < t->edge ? -1 : s->edge > t->edge;
}

static uint32_t smaller_component(const muster_metric *metric, const muster_network_data *v,
                                  uint32_t edge) {
    const uint32_t *size = muster_metric_component_size(metric);
    const uint32_t *of   = muster_metric_component(metric);
    const uint32_t  a = size[of[v->edge_source[edge]]], b = size[of[v->edge_target[edge]]];
    return a < b ? a : b;
}

/* All roads are looked at, and nothing is remembered. */
static muster_snap snap_by_hand(const muster_metric *metric, double lon, double lat) {
    static muster_snap         road[RANDOM_MAX_EDGES];
    const muster_snap_options  o     = MUSTER_SNAP_OPTIONS_INIT;
    const muster_network      *n     = muster_metric_network(metric);
    const muster_network_data *v     = muster_network_view(n);
    const mu_stand             stand = mu_stand_at(lon, lat);
    muster_snap                best  = {MUSTER_NONE, 0, lon, lat, INFINITY};
    uint32_t                   count = 0, size = 0;
    if (muster_metric_flies(metric)) return (muster_snap){MUSTER_BY_AIR, 0, lon, lat, 0};
    for (uint32_t e = 0; e < v->edge_count; ++e) {
        if (mu_metric_uses(metric, e)) road[count++] = mu_foot_on(&stand, n, e);
    }
    qsort(road, count, sizeof *road, by_distance);
    if (count > 0) best.distance_m = road[0].distance_m;
    const double reach_m = fmin(best.distance_m + o.island_detour_m, o.max_distance_m);
    for (uint32_t i = 0; i < count && road[i].distance_m <= reach_m; ++i) {
        if (size >= o.island_node_count) break;
        const uint32_t own = smaller_component(metric, v, road[i].edge);
        if (best.edge == MUSTER_NONE || own > size) best = road[i], size = own;
    }
    return best;
}

/* Whoever asks: for several metrics, for one, or with options of his own. */
static void assert_near_is_fresh(const muster_metric *const *metric, double lon, double lat) {
    const muster_snap_options own = MUSTER_SNAP_OPTIONS_INIT;
    muster_snap               together[NEAR_METRICS], alone;
    assert_int_equal(muster_snap_sites(metric[1], 1, &lon, &lat, NULL, &alone), MUSTER_OK);
    assert_int_equal(mu_snap_for_each(NEAR_METRICS, metric, lon, lat, together), MUSTER_OK);
    assert_same_snap(&together[1], &alone);
    for (int m = 0; m < NEAR_METRICS; ++m) {
        const muster_snap by_hand = snap_by_hand(metric[m], lon, lat);
        assert_same_snap(&together[m], &by_hand);
        assert_int_equal(muster_snap_sites(metric[m], 1, &lon, &lat, NULL, &alone), MUSTER_OK);
        assert_same_snap(&alone, &by_hand);
        assert_int_equal(muster_snap_sites(metric[m], 1, &lon, &lat, &own, &alone), MUSTER_OK);
        assert_same_snap(&alone, &by_hand);
    }
}

/* Places that stay and places that come and go. */
static void what_is_near_is_remembered_as_it_would_be_found(void **state) {
    (void)state;
    static const char *const PROFILES[NEAR_METRICS] = {"light", "heavy", "boat", "helicopter"};
    static random_network    r;
    for (uint64_t seed = 0; seed < ROUNDS; ++seed) {
        uint64_t        rng     = seed + 4000;
        muster_network *network = random_network_new(&r, seed);
        muster_metric  *first[NEAR_METRICS], *metric[NEAR_METRICS];
        double          lon[NEAR_PLACES], lat[NEAR_PLACES];
        for (int i = 0; i < NEAR_PLACES; ++i) {
            lon[i] = 120.69 + 0.07 * random_unit(&rng);
            lat[i] = 30.69 + 0.07 * random_unit(&rng);
        }
        for (int m = 0; m < NEAR_METRICS; ++m) {
            first[m]  = random_network_metric(network, PROFILES[m]);
            metric[m] = random_network_metric(network, PROFILES[m]);
        }
        for (int turn = 0; turn < 8; ++turn) {
            for (int i = 0; i < NEAR_PLACES; ++i) {
                assert_near_is_fresh((const muster_metric *const *)metric, lon[i], lat[i]);
            }
            lon[turn] = 120.69 + 0.07 * random_unit(&rng);
            for (int m = 0; m < NEAR_METRICS - 1; ++m) { /* what flies has no roads to change */
                muster_metric *old = metric[m];
                metric[m]          = change_at_random(old, first[m], 2 * r.data.edge_count, &rng);
                muster_metric_free(old);
            }
        }
        for (int m = 0; m < NEAR_METRICS; ++m) {
            muster_metric_free(metric[m]);
            muster_metric_free(first[m]);
        }
        muster_network_free(network);
    }
}

/* A street of a thousand short pieces. */
enum { PIECES = 1000 };

static muster_network *long_street(void) {
    static double   lon[PIECES + 1], lat[PIECES + 1], length_m[PIECES];
    static uint32_t source[PIECES], target[PIECES];
    for (uint32_t v = 0; v <= PIECES; ++v) lon[v] = 120 + 0.00004 * v, lat[v] = 30;
    for (uint32_t e = 0; e < PIECES; ++e) source[e] = e, target[e] = e + 1, length_m[e] = 4;
    muster_network_data data = MUSTER_NETWORK_DATA_INIT;
    data.node_count = PIECES + 1, data.node_lon_deg = lon, data.node_lat_deg = lat;
    data.edge_count = PIECES, data.edge_source = source, data.edge_target = target;
    data.edge_length_m = length_m;
    muster_network *network;
    assert_int_equal(muster_network_new(&network, &data), MUSTER_OK);
    return network;
}

/* Whoever stands at its beginning has more closed roads before him than are ever kept of a place. */
static void assert_first_open_piece(const muster_metric *open, uint32_t closed) {
    static muster_arc_change cut[2 * PIECES];
    const double             lon = 120, lat = 30;
    muster_metric           *metric;
    muster_snap              together[2], alone;
    for (uint32_t a = 0; a < 2 * PIECES; ++a) {
        cut[a] = (muster_arc_change){a, MUSTER_UNREACHABLE_MS};
    }
    assert_int_equal(muster_metric_change(&metric, open, 2 * closed, cut), MUSTER_OK);
    const muster_metric *const both[] = {open, metric};
    assert_int_equal(mu_snap_for_each(2, both, lon, lat, together), MUSTER_OK);
    assert_int_equal(together[0].edge, 0);
    assert_int_equal(together[1].edge, closed);
    assert_int_equal(muster_snap_sites(metric, 1, &lon, &lat, NULL, &alone), MUSTER_OK);
    assert_same_snap(&together[1], &alone);
    muster_metric_free(metric);
}

static void beyond_closed_roads_is_the_first_open_one_however_far(void **state) {
    (void)state;
    muster_network *network = long_street();
    muster_metric  *open    = random_network_metric(network, "light");
    for (uint32_t closed = 0; closed < PIECES; closed += 37) assert_first_open_piece(open, closed);
    muster_metric_free(open);
    muster_network_free(network);
}

/* All of them have been asked for lately. */
static void long_rows_are_not_kept_where_there_is_no_room_for_them(void **state) {
    (void)state;
    muster_network *network = long_street();
    muster_metric  *open    = random_network_metric(network, "light");
    mu_near        *near    = network->near;
    mu_near_row     row;
    for (uint32_t i = 1; mu_near_road_count(near) <= 200000; ++i) {
        assert_int_equal(mu_near_learn(near, 120 + 1e-6 * i, 30, 32), MUSTER_OK);
    }
    const size_t full = mu_near_road_count(near);
    assert_true(full < 201000);
    assert_int_equal(mu_near_learn(near, 120 + 1e-6, 30, 128), MUSTER_OK);
    assert_int_equal(mu_near_road_count(near), full);
    for (uint32_t closed = 0; closed < PIECES; closed += 37) assert_first_open_piece(open, closed);
    mu_near_recall(near, 120, 30, 0, &row);
    assert_in_range(row.count, 2, 128);
    muster_metric_free(open);
    muster_network_free(network);
}

/* All roads of a place, in the order in which they are learnt. */
static void a_row_goes_on_as_it_began(void **state) {
    (void)state;
    static random_network r;
    muster_network       *network = random_network_new(&r, 5);
    mu_near              *near;
    mu_near_row           row;
    muster_snap           before[RANDOM_MAX_EDGES];
    uint32_t              count = 0, rows = 0;
    assert_int_equal(mu_near_new(&near, network), MUSTER_OK);
    mu_near_recall(near, 120.7, 30.7, 0, &row);
    assert_null(row.road);
    do {
        assert_int_equal(mu_near_learn(near, 120.7, 30.7, count), MUSTER_OK);
        mu_near_lock(near);
        mu_near_recall(near, 120.7, 30.7, count, &row);
        mu_near_unlock(near);
        assert_true(row.road && (row.count > count || row.is_all));
        assert_int_equal(mu_near_road_count(near), row.count);
        for (uint32_t i = 0; i < count; ++i) assert_same_snap(&before[i], &row.road[i]);
        for (uint32_t i = 1; i < row.count; ++i) {
            assert_true(row.road[i - 1].distance_m <= row.road[i].distance_m);
        }
        count = row.count;
        memcpy(before, row.road, count * sizeof *before);
    } while (!row.is_all && ++rows < 40);
    assert_true(rows >= 2 && rows < 40);
    mu_near_recall(near, 120.7, 30.7, count, &row); /* there are no more, and that is known */
    assert_true(row.is_all && row.count == count);
    mu_near_free(near);
    muster_network_free(network);
}

static void places_that_nobody_asks_for_are_forgotten(void **state) {
    (void)state;
    enum { OTHERS = 250000 };
    muster_network *network = two_roads();
    mu_near        *near;
    mu_near_row     row;
    uint32_t        learnt = 0;
    assert_int_equal(mu_near_new(&near, network), MUSTER_OK);
    for (uint32_t i = 0; i < OTHERS; ++i) {
        if (i % 10000 == 0) {
            mu_near_recall(near, 120.05, 30.002, 0, &row);
            learnt += !row.road;
            if (!row.road) {
                assert_int_equal(mu_near_learn(near, 120.05, 30.002, 0), MUSTER_OK);
            }
        }
        mu_near_recall(near, 120 + 1e-7 * i, 30, 0, &row);
        assert_null(row.road);
        assert_int_equal(mu_near_learn(near, 120 + 1e-7 * i, 30, 0), MUSTER_OK);
        assert_true(mu_near_road_count(near) < 400000);
    }
    assert_int_equal(learnt, 1);
    mu_near_recall(near, 120, 30, 0, &row);
    assert_null(row.road);
    mu_near_free(near);
    muster_network_free(network);
}

/* More metrics than answers are kept for, and a longer row in place of the one that has them. */
static void hard_answers_are_kept_beside_the_row_and_the_oldest_goes_first(void **state) {
    (void)state;
    enum { METRICS = 30 };
    static random_network r;
    muster_network       *network = random_network_new(&r, 5);
    mu_near              *near;
    muster_snap           snap   = {0}, found;
    uint32_t              oldest = 0;
    assert_int_equal(mu_near_new(&near, network), MUSTER_OK);
    assert_int_equal(mu_near_keep_snap(near, 120.7, 30.7, 1, &snap), MUSTER_OK); /* has no row */
    assert_false(mu_near_recall_snap(near, 120.7, 30.7, 1, &found));
    assert_int_equal(mu_near_learn(near, 120.7, 30.7, 0), MUSTER_OK);
    for (uint32_t id = 1; id <= METRICS; ++id) {
        snap.edge = id;
        assert_false(mu_near_recall_snap(near, 120.7, 30.7, id, &found));
        assert_int_equal(mu_near_keep_snap(near, 120.7, 30.7, id, &snap), MUSTER_OK);
        snap.edge = 0;
        assert_int_equal(mu_near_keep_snap(near, 120.7, 30.7, id, &snap), MUSTER_OK); /* is known */
        if (id % 7 == 0) assert_int_equal(mu_near_learn(near, 120.7, 30.7, id), MUSTER_OK);
        const uint32_t last = oldest;
        for (oldest = id; oldest > 0; --oldest) {
            if (!mu_near_recall_snap(near, 120.7, 30.7, oldest, &found)) break;
            assert_int_equal(found.edge, oldest);
        }
        assert_true(oldest == last || oldest == last + 1);
    }
    assert_true(oldest > 0 && oldest < METRICS - 3);
    assert_false(mu_near_recall_snap(near, 120.7, 30.8, METRICS, &found));
    mu_near_free(near);
    muster_network_free(network);
}

static void memory_for_what_is_near_may_run_out(void **state) {
    (void)state;
    static random_network r;
    muster_network       *network = random_network_new(&r, 5);
    bool                  is_over = false;
    for (int64_t failing = 0; !is_over; ++failing) {
        mu_near    *near = NULL;
        mu_near_row row;
        (void)mu_alloc_fail_once_after(failing);
        muster_status status = mu_near_new(&near, network);
        for (uint32_t i = 0; status == MUSTER_OK && i < 50; ++i) { /* the table grows */
            const muster_snap snap = {.edge = i};
            status                 = mu_near_learn(near, 120.7 + 0.001 * i, 30.7, 0);
            if (status == MUSTER_OK) {
                status = mu_near_keep_snap(near, 120.7 + 0.001 * i, 30.7, 1, &snap);
            }
        }
        is_over = mu_alloc_fail_after(-1) <= failing;
        assert_int_equal(status, is_over ? MUSTER_OK : MUSTER_E_NOMEM);
        if (near) {
            assert_int_equal(mu_near_learn(near, 120.7, 30.7, 0), MUSTER_OK);
            mu_near_recall(near, 120.7, 30.7, 0, &row);
            assert_true(row.count > 0);
        }
        mu_near_free(near);
    }
    muster_network_free(network);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_nearest_usable_edge_is_found),
        cmocka_unit_test(the_nearest_edges_come_by_distance),
        cmocka_unit_test(nearest_edges_of_nowhere_are_refused),
        cmocka_unit_test(an_island_is_left_for_a_real_road_within_reach),
        cmocka_unit_test(what_closures_cut_off_is_no_island),
        cmocka_unit_test(islands_are_those_of_the_same_network),
        cmocka_unit_test(a_site_out_of_reach_stays_unsnapped_and_knows_how_far),
        cmocka_unit_test(wrong_sites_and_options_are_named),
        cmocka_unit_test(one_bad_site_does_not_fail_the_others),
        cmocka_unit_test(islands_and_air_are_the_same_for_each_site),
        cmocka_unit_test(a_metric_without_roads_says_so_of_each_site),
        cmocka_unit_test(several_metrics_together_find_what_each_finds_alone),
        cmocka_unit_test(memory_for_several_metrics_may_run_out),
        cmocka_unit_test(what_is_near_is_remembered_as_it_would_be_found),
        cmocka_unit_test(beyond_closed_roads_is_the_first_open_one_however_far),
        cmocka_unit_test(long_rows_are_not_kept_where_there_is_no_room_for_them),
        cmocka_unit_test(a_row_goes_on_as_it_began),
        cmocka_unit_test(places_that_nobody_asks_for_are_forgotten),
        cmocka_unit_test(hard_answers_are_kept_beside_the_row_and_the_oldest_goes_first),
        cmocka_unit_test(memory_for_what_is_near_may_run_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
