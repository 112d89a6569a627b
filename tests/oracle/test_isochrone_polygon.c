/* Areas of isochrones, judged by GEOS, which has no part in making them: valid, nested, around
 * everything that is reached, and close to the union of buffers. */
#include <muster/isochrone_polygon.h>

#include <math.h>

#include <geos_c.h>

#include "gis/memory.h"
#include "tests/support/random_network.h"
#include "tests/support/random_places.h"

enum { ROUNDS = 24, ORIGINS = 2, LIMITS = 3, MAX_LINE = 8, BUFFER_QUARTER_STEPS = 8 };

/* A flat map of the random networks, which lie at 30.7 to 30.75 degrees. */
static const double X_M_PER_DEG = 95804.0, Y_M_PER_DEG = 110862.0;

typedef struct trial {
    const muster_network      *network;
    muster_isochrone          *isochrone;
    muster_isochrone_polygons *polygons;
    GEOSContextHandle_t        geos;
    uint32_t                   limit_ms[LIMITS];
    double                     radius_m;
} trial;

/* ---- from our arrays to GEOS, in metres ------------------------------------------------- */

static GEOSCoordSequence *sequence(const trial *t, uint32_t count, const double *lon,
                                   const double *lat) {
    GEOSCoordSequence *s = GEOSCoordSeq_create_r(t->geos, count, 2);
    for (uint32_t i = 0; i < count; ++i) {
        GEOSCoordSeq_setXY_r(t->geos, s, i, (lon[i] - 120.7) * X_M_PER_DEG,
                             (lat[i] - 30.7) * Y_M_PER_DEG);
    }
    return s;
}

static GEOSGeometry *ring(const trial *t, const muster_multipolygon *m, uint32_t r) {
    const uint32_t first = m->first_point[r], count = m->first_point[r + 1] - first;
    assert_true(m->lon_deg[first] == m->lon_deg[first + count - 1]);
    assert_true(m->lat_deg[first] == m->lat_deg[first + count - 1]);
    return GEOSGeom_createLinearRing_r(t->geos,
                                       sequence(t, count, m->lon_deg + first, m->lat_deg + first));
}

static void rings_turn_the_right_way(const trial *t, const GEOSGeometry *line, bool is_hole) {
    char is_ccw;
    assert_int_equal(GEOSCoordSeq_isCCW_r(t->geos, GEOSGeom_getCoordSeq_r(t->geos, line), &is_ccw),
                     1);
    assert_int_equal(is_ccw, !is_hole);
}

static GEOSGeometry *polygon(const trial *t, const muster_multipolygon *m, uint32_t p) {
    GEOSGeometry  *hole[RANDOM_MAX_EDGES * 40];
    const uint32_t first = m->first_ring[p], holes = m->first_ring[p + 1] - first - 1;
    GEOSGeometry  *shell = ring(t, m, first);
    assert_in_range(holes, 0, sizeof hole / sizeof *hole);
    rings_turn_the_right_way(t, shell, false);
    for (uint32_t h = 0; h < holes; ++h) {
        hole[h] = ring(t, m, first + 1 + h);
        rings_turn_the_right_way(t, hole[h], true);
    }
    return GEOSGeom_createPolygon_r(t->geos, shell, hole, holes);
}

static GEOSGeometry *area_of(const trial *t, uint32_t limit) {
    GEOSGeometry             *part[RANDOM_MAX_EDGES];
    const muster_multipolygon m = muster_isochrone_polygons_within(t->polygons, limit);
    assert_in_range(m.polygon_count, 0, RANDOM_MAX_EDGES);
    for (uint32_t p = 0; p < m.polygon_count; ++p) part[p] = polygon(t, &m, p);
    return GEOSGeom_createCollection_r(t->geos, GEOS_MULTIPOLYGON, part, m.polygon_count);
}

/* ---- what must hold --------------------------------------------------------------------- */

static void is_valid_and_measured(const trial *t, const GEOSGeometry *area, uint32_t limit) {
    double       flat_m2;
    const double area_m2 = muster_isochrone_polygons_within(t->polygons, limit).area_m2;
    assert_int_equal(GEOSisValid_r(t->geos, area), 1);
    assert_int_equal(GEOSArea_r(t->geos, area, &flat_m2), 1);
    assert_true(fabs(flat_m2 - area_m2) <= 0.002 * area_m2);
}

static void holds_everything(const trial *t, const GEOSGeometry *area, uint32_t limit) {
    const muster_network_data  *v        = muster_network_view(t->network);
    const GEOSPreparedGeometry *prepared = GEOSPrepare_r(t->geos, area);
    double                      lon[MAX_LINE], lat[MAX_LINE];
    uint32_t                    count;
    const uint32_t             *node = muster_isochrone_nodes(t->isochrone, limit, &count);
    for (uint32_t i = 0; i < count; ++i) {
        GEOSGeometry *point = GEOSGeom_createPoint_r(
            t->geos, sequence(t, 1, &v->node_lon_deg[node[i]], &v->node_lat_deg[node[i]]));
        assert_int_equal(GEOSPreparedCovers_r(t->geos, prepared, point), 1);
        GEOSGeom_destroy_r(t->geos, point);
    }
    const muster_edge_part *part = muster_isochrone_parts(t->isochrone, limit, &count);
    for (uint32_t i = 0; i < count; ++i) {
        const uint32_t points = muster_edge_part_line(t->network, &part[i], lon, lat);
        GEOSGeometry  *line   = GEOSGeom_createLineString_r(t->geos, sequence(t, points, lon, lat));
        assert_int_equal(GEOSPreparedCovers_r(t->geos, prepared, line), 1);
        GEOSGeom_destroy_r(t->geos, line);
    }
    GEOSPreparedGeom_destroy_r(t->geos, prepared);
}

/* The usual way to the same area: every piece of road and every node buffered, and joined. */
static GEOSGeometry *buffered(const trial *t, uint32_t limit, double radius_m) {
    const muster_network_data *v = muster_network_view(t->network);
    GEOSGeometry              *piece[4 * RANDOM_MAX_EDGES + RANDOM_MAX_NODES];
    double                     lon[MAX_LINE], lat[MAX_LINE];
    uint32_t                   node_count, count;
    const muster_edge_part    *part = muster_isochrone_parts(t->isochrone, limit, &count);
    const uint32_t            *node = muster_isochrone_nodes(t->isochrone, limit, &node_count);
    for (uint32_t i = 0; i < count; ++i) {
        const uint32_t points = muster_edge_part_line(t->network, &part[i], lon, lat);
        piece[i]              = GEOSGeom_createLineString_r(t->geos, sequence(t, points, lon, lat));
    }
    for (uint32_t i = 0; i < node_count; ++i) {
        piece[count++] = GEOSGeom_createPoint_r(
            t->geos, sequence(t, 1, &v->node_lon_deg[node[i]], &v->node_lat_deg[node[i]]));
    }
    GEOSGeometry *all = GEOSGeom_createCollection_r(t->geos, GEOS_GEOMETRYCOLLECTION, piece, count);
    GEOSGeometry *wide = GEOSBuffer_r(t->geos, all, radius_m, BUFFER_QUARTER_STEPS);
    GEOSGeom_destroy_r(t->geos, all);
    return wide;
}

/* What the header promises: all within 0.9 radii is inside, nothing beyond 1.5 is. */
static void is_close_to_buffers(const trial *t, const GEOSGeometry *area, uint32_t limit) {
    GEOSGeometry *narrow = buffered(t, limit, 0.9 * t->radius_m);
    GEOSGeometry *wide   = buffered(t, limit, 1.5 * t->radius_m);
    if (!GEOSisEmpty_r(t->geos, narrow)) {
        assert_int_equal(GEOSCovers_r(t->geos, area, narrow), 1);
        assert_int_equal(GEOSCovers_r(t->geos, wide, area), 1);
    }
    GEOSGeom_destroy_r(t->geos, narrow);
    GEOSGeom_destroy_r(t->geos, wide);
}

static void judge(const trial *t) {
    GEOSGeometry *area[LIMITS];
    for (uint32_t l = 0; l < LIMITS; ++l) {
        area[l] = area_of(t, l);
        is_valid_and_measured(t, area[l], l);
        holds_everything(t, area[l], l);
    }
    is_close_to_buffers(t, area[1], 1);
    for (uint32_t small = 0; small < LIMITS; ++small) {
        for (uint32_t large = 0; large < LIMITS; ++large) {
            if (t->limit_ms[small] > t->limit_ms[large] || GEOSisEmpty_r(t->geos, area[small]))
                continue;
            assert_int_equal(GEOSCovers_r(t->geos, area[large], area[small]), 1);
        }
    }
    for (uint32_t l = 0; l < LIMITS; ++l) GEOSGeom_destroy_r(t->geos, area[l]);
}

/* ---- trials ----------------------------------------------------------------------------- */

static muster_isochrone *random_isochrone(trial *t, const muster_metric *metric, uint64_t *rng) {
    muster_snap       origin[ORIGINS];
    muster_isochrone *isochrone;
    random_places(origin, ORIGINS, muster_network_view(t->network)->edge_count, rng);
    for (int l = 0; l < LIMITS; ++l) t->limit_ms[l] = random_below(rng, l == 0 ? 3000 : 600000);
    assert_int_equal(muster_isochrone_new(&isochrone, metric, ORIGINS, origin, MUSTER_FORWARD,
                                          LIMITS, t->limit_ms),
                     MUSTER_OK);
    return isochrone;
}

static void geos_finds_no_fault(void **state) {
    (void)state;
    static random_network r;
    trial                 t = {.geos = GEOS_init_r()};
    for (uint64_t seed = 0; seed < ROUNDS; ++seed) {
        uint64_t        rng     = ~seed;
        muster_network *network = random_network_new(&r, seed);
        muster_metric  *metric  = random_network_metric(network, "emergency");
        t.network               = network;
        t.isochrone             = random_isochrone(&t, metric, &rng);
        t.radius_m              = 80 + 400 * random_unit(&rng);
        assert_int_equal(muster_isochrone_polygons_new(&t.polygons, t.isochrone, t.radius_m),
                         MUSTER_OK);
        judge(&t);
        muster_isochrone_polygons_free(t.polygons);
        muster_isochrone_free(t.isochrone);
        muster_metric_free(metric);
        muster_network_free(network);
    }
    GEOS_finish_r(t.geos);
}

static void wrong_radii_are_named(void **state) {
    (void)state;
    static random_network      r;
    uint64_t                   rng     = 1;
    muster_network            *network = random_network_new(&r, 3);
    muster_metric             *metric  = random_network_metric(network, "light");
    trial                      t       = {.network = network};
    muster_isochrone_polygons *polygons;
    t.isochrone = random_isochrone(&t, metric, &rng);
    assert_int_equal(muster_isochrone_polygons_new(&polygons, t.isochrone, 0.5), MUSTER_E_INVALID);
    assert_null(polygons);
    assert_string_equal(muster_error_message(), "radius is 0.5 m; expected 1 to 100000");
    assert_int_equal(muster_isochrone_polygons_new(&polygons, t.isochrone, NAN), MUSTER_E_INVALID);
    muster_isochrone_free(t.isochrone);
    muster_metric_free(metric);
    muster_network_free(network);
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    static random_network      r;
    uint64_t                   rng     = 2;
    muster_network            *network = random_network_new(&r, 5);
    muster_metric             *metric  = random_network_metric(network, "emergency");
    trial                      t       = {.network = network};
    muster_isochrone_polygons *polygons;
    muster_status              status;
    int64_t                    failing = 0;
    t.isochrone                        = random_isochrone(&t, metric, &rng);
    do {
        mu_gis_alloc_fail_after(failing++);
        status = muster_isochrone_polygons_new(&polygons, t.isochrone, 100);
        mu_gis_alloc_fail_after(-1);
        if (status != MUSTER_OK) assert_int_equal(status, MUSTER_E_NOMEM);
        muster_isochrone_polygons_free(polygons);
    } while (status != MUSTER_OK);
    assert_true(failing > 20); /* or nothing has been tried */
    muster_isochrone_free(t.isochrone);
    muster_metric_free(metric);
    muster_network_free(network);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(geos_finds_no_fault),
                                       cmocka_unit_test(wrong_radii_are_named),
                                       cmocka_unit_test(every_allocation_may_fail)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
