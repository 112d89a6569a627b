/* Areas by air, point by point against the great circle, their validity judged by GEOS; and the
 * great circle against geodesics on the ellipsoid. */
#include <muster/isochrone_polygon.h>

#include <math.h>
#include <string.h>

#include <geos_c.h>

#include <muster/great_circle.h>

#include "gis/geodesic.h"
#include "gis/memory.h"
#include "tests/support/random_network.h"

enum { ROUNDS = 40, MOST_ORIGINS = 12, LIMITS = 3, POINTS = 400, PAIRS = 20000 };

typedef struct trial {
    muster_network            *network;
    muster_metric             *metric;
    uint32_t                   origin_count;
    muster_snap                origin[MOST_ORIGINS];
    uint32_t                   limit_ms[LIMITS];
    muster_isochrone          *isochrone;
    muster_isochrone_polygons *polygons;
} trial;

/* ---- judging ----------------------------------------------------------------------------- */

static bool is_inside(const muster_multipolygon *m, double lon, double lat) {
    bool inside = false;
    for (uint32_t r = 0; r < m->first_ring[m->polygon_count]; ++r) {
        for (uint32_t p = m->first_point[r]; p + 1 < m->first_point[r + 1]; ++p) {
            const double x0 = m->lon_deg[p], y0 = m->lat_deg[p];
            const double x1 = m->lon_deg[p + 1], y1 = m->lat_deg[p + 1];
            if ((y0 > lat) != (y1 > lat) && lon < x0 + (lat - y0) / (y1 - y0) * (x1 - x0)) {
                inside = !inside;
            }
        }
    }
    return inside;
}

static GEOSGeometry *ring_of(GEOSContextHandle_t geos, const muster_multipolygon *m, uint32_t r,
                             bool is_hole) {
    const uint32_t     first = m->first_point[r], count = m->first_point[r + 1] - first;
    GEOSCoordSequence *points = GEOSCoordSeq_copyFromArrays_r(
        geos, m->lon_deg + first, m->lat_deg + first, NULL, NULL, count);
    char is_ccw;
    assert_int_equal(GEOSCoordSeq_isCCW_r(geos, points, &is_ccw), 1);
    assert_int_equal(is_ccw, !is_hole);
    return GEOSGeom_createLinearRing_r(geos, points);
}

static GEOSGeometry *to_geos(GEOSContextHandle_t geos, const muster_multipolygon *m) {
    GEOSGeometry *polygon[MOST_ORIGINS];
    for (uint32_t p = 0; p < m->polygon_count; ++p) {
        GEOSGeometry  *hole[4 * MOST_ORIGINS];
        const uint32_t first = m->first_ring[p], rings = m->first_ring[p + 1] - first;
        assert_in_range(rings, 1, 4 * MOST_ORIGINS);
        GEOSGeometry *shell = ring_of(geos, m, first, false);
        for (uint32_t h = 1; h < rings; ++h) hole[h - 1] = ring_of(geos, m, first + h, true);
        polygon[p] = GEOSGeom_createPolygon_r(geos, shell, hole, rings - 1);
    }
    return GEOSGeom_createCollection_r(geos, GEOS_MULTIPOLYGON, polygon, m->polygon_count);
}

static void areas_are_valid_and_nested(const trial *t) {
    GEOSContextHandle_t geos = GEOS_init_r();
    GEOSGeometry       *area[LIMITS];
    for (uint32_t l = 0; l < LIMITS; ++l) {
        const muster_multipolygon m = muster_isochrone_polygons_within(t->polygons, l);
        area[l]                     = to_geos(geos, &m);
        assert_int_equal(GEOSisValid_r(geos, area[l]), 1);
    }
    /* The last limit is the shortest, the second the longest. */
    GEOSGeometry *left_over = GEOSDifference_r(geos, area[0], area[1]);
    double        left_over_deg2;
    assert_int_equal(GEOSArea_r(geos, left_over, &left_over_deg2), 1);
    assert_true(left_over_deg2 < 1e-12);
    assert_int_equal(GEOSisEmpty_r(geos, area[2]), 1);
    GEOSGeom_destroy_r(geos, left_over);
    for (uint32_t l = 0; l < LIMITS; ++l) GEOSGeom_destroy_r(geos, area[l]);
    GEOS_finish_r(geos);
}

/* Between two corners a circle is cut short by 1 - cos(0.5 degrees). */
static void what_is_within_is_inside(const trial *t, uint32_t limit, uint64_t *rng) {
    const muster_multipolygon m        = muster_isochrone_polygons_within(t->polygons, limit);
    const double              radius_m = muster_isochrone_flight_radius_m(t->isochrone)[limit];
    for (int i = 0; i < POINTS; ++i) {
        const muster_snap *near    = &t->origin[random_below(rng, t->origin_count)];
        double             least_m = INFINITY, lon, lat;
        muster_great_circle_ahead(near->lon_deg, near->lat_deg, 360 * random_unit(rng),
                                  radius_m * 1.2 * random_unit(rng), &lon, &lat);
        for (uint32_t o = 0; o < t->origin_count; ++o) {
            least_m = fmin(least_m, muster_great_circle_m(t->origin[o].lon_deg,
                                                          t->origin[o].lat_deg, lon, lat));
        }
        if (least_m < 0.9999 * radius_m) assert_true(is_inside(&m, lon, lat));
        if (least_m > 1.0001 * radius_m) assert_false(is_inside(&m, lon, lat));
    }
}

/* ---- cases ------------------------------------------------------------------------------- */

static void make_trial(trial *t, uint64_t seed, uint64_t *rng) {
    static random_network r;
    const double          lat_deg = 140 * random_unit(rng) - 70;
    t->network                    = random_network_new(&r, seed);
    t->metric                     = random_network_metric(t->network, "helicopter");
    t->origin_count               = seed % 3 ? 1 + random_below(rng, MOST_ORIGINS) : 1;
    for (uint32_t o = 0; o < t->origin_count; ++o) {
        const double lon = 100 + 0.5 * random_below(rng, 6) + (seed % 2 ? random_unit(rng) : 0);
        const double lat = lat_deg + 0.5 * random_below(rng, 4);
        assert_int_equal(muster_snap_sites(t->metric, 1, &lon, &lat, NULL, &t->origin[o]),
                         MUSTER_OK);
    }
    const uint32_t flight_ms = 120000 + random_below(rng, 2400000);
    t->limit_ms[0]           = 180000 + flight_ms;
    t->limit_ms[1]           = 180000 + flight_ms + 1 + random_below(rng, 2) * 600000;
    t->limit_ms[2]           = 180000;
    assert_int_equal(muster_isochrone_new(&t->isochrone, t->metric, t->origin_count, t->origin,
                                          MUSTER_FORWARD, LIMITS, t->limit_ms),
                     MUSTER_OK);
    assert_int_equal(muster_isochrone_polygons_new(&t->polygons, t->isochrone, 250), MUSTER_OK);
}

static void free_trial(trial *t) {
    muster_isochrone_polygons_free(t->polygons);
    muster_isochrone_free(t->isochrone);
    muster_metric_free(t->metric);
    muster_network_free(t->network);
}

static void an_area_by_air_is_all_that_is_within(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < ROUNDS; ++seed) {
        trial    t;
        uint64_t rng = seed;
        make_trial(&t, seed, &rng);
        areas_are_valid_and_nested(&t);
        what_is_within_is_inside(&t, 0, &rng);
        what_is_within_is_inside(&t, 1, &rng);
        if (t.origin_count == 1) { /* a cap of the sphere, and the ellipsoid is nearly one */
            const double radius = muster_isochrone_flight_radius_m(t.isochrone)[0];
            const double cap_m2 =
                2 * acos(-1) * 6371008.8 * 6371008.8 * (1 - cos(radius / 6371008.8));
            const double area_m2 = muster_isochrone_polygons_within(t.polygons, 0).area_m2;
            assert_true(fabs(area_m2 / cap_m2 - 1) < 0.012);
        }
        free_trial(&t);
    }
}

static void circles_that_leave_the_map_are_refused(void **state) {
    (void)state;
    static random_network r;
    const double          lon[] = {179, 0, 0}, lat[] = {0, 89, -89.5};
    const uint32_t        limit_ms = 3600000;
    muster_network       *network  = random_network_new(&r, 1);
    muster_metric        *metric   = random_network_metric(network, "helicopter");
    muster_snap           origin[3];
    assert_int_equal(muster_snap_sites(metric, 3, lon, lat, NULL, origin), MUSTER_OK);
    for (int i = 0; i < 3; ++i) {
        muster_isochrone          *iso;
        muster_isochrone_polygons *polygons;
        assert_int_equal(
            muster_isochrone_new(&iso, metric, 1, &origin[i], MUSTER_BACKWARD, 1, &limit_ms),
            MUSTER_OK);
        assert_int_equal(muster_isochrone_polygons_new(&polygons, iso, 250), MUSTER_E_INVALID);
        assert_non_null(strstr(muster_error_message(), "reach over a pole or the 180th meridian"));
        assert_null(polygons);
        muster_isochrone_free(iso);
    }
    muster_metric_free(metric);
    muster_network_free(network);
}

static void any_allocation_may_fail(void **state) {
    (void)state;
    trial         t;
    uint64_t      rng     = 9;
    int64_t       failing = 0;
    muster_status status;
    make_trial(&t, 4, &rng);
    do {
        muster_isochrone_polygons *polygons;
        mu_gis_alloc_fail_after(failing++);
        status = muster_isochrone_polygons_new(&polygons, t.isochrone, 250);
        mu_gis_alloc_fail_after(-1);
        if (status != MUSTER_OK) assert_int_equal(status, MUSTER_E_NOMEM);
        muster_isochrone_polygons_free(polygons);
    } while (status != MUSTER_OK);
    assert_true(failing > 10);
    free_trial(&t);
}

static void a_great_circle_is_a_geodesic_to_0_6_percent(void **state) {
    (void)state;
    uint64_t rng  = 10;
    double   most = 0;
    for (int pair = 0; pair < PAIRS; ++pair) {
        const double reach = pair % 2 ? 360 : 3; /* round the globe, and within a country */
        const double lon1 = 360 * random_unit(&rng) - 180, lat1 = 180 * random_unit(&rng) - 90;
        const double lon2       = fmax(-180, fmin(180, lon1 + reach * (random_unit(&rng) - 0.5)));
        const double lat2       = fmax(-90, fmin(90, lat1 + reach * (random_unit(&rng) - 0.5)));
        const double geodesic_m = mu_geodesic_m(lon1, lat1, lon2, lat2);
        if (geodesic_m < 1) continue;
        most = fmax(most, fabs(muster_great_circle_m(lon1, lat1, lon2, lat2) / geodesic_m - 1));
    }
    assert_true(most < 0.006 && most > 0.005);
    assert_true(fabs(muster_great_circle_m(0, 0, 0, 0.01) / mu_geodesic_m(0, 0, 0, 0.01) - 1.0056) <
                1e-4);
    assert_true(fabs(muster_great_circle_m(0, 90, 0, 89.99) / mu_geodesic_m(0, 90, 0, 89.99) -
                     0.9955) < 1e-4);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_area_by_air_is_all_that_is_within),
        cmocka_unit_test(circles_that_leave_the_map_are_refused),
        cmocka_unit_test(any_allocation_may_fail),
        cmocka_unit_test(a_great_circle_is_a_geodesic_to_0_6_percent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
