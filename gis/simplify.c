/* See simplify.h.
 *
 * Lines are simplified as Douglas and Peucker did; polygons so that no ring comes to cross
 * itself or another. GEOS measures in the coordinates' own unit. The tolerance is given in
 * degrees of latitude: one of longitude is shorter, so points move by the tolerance at most.
 *
 * GEOS gets coordinates that are decoded and checked, never bytes from a file. Its failures
 * are not ours: a polygon that crosses itself may make it give up, and is then drawn with all
 * its points. A new context has no message handlers, so nothing is printed. */
#include "gis/simplify.h"

#include <geos_c.h>

struct mu_simplifier {
    GEOSContextHandle_t geos;
};

muster_status mu_simplifier_new(mu_simplifier **out) {
    mu_simplifier *simplifier;
    *out = NULL;
    MU_TRY(mu_gis_alloc_zeroed(&simplifier, 1, sizeof *simplifier));
    simplifier->geos = GEOS_init_r();
    if (!simplifier->geos) {
        mu_gis_free(simplifier);
        return muster_fail(MUSTER_E_NOMEM, "out of memory: GEOS did not start");
    }
    *out = simplifier;
    return MUSTER_OK;
}

void mu_simplifier_free(mu_simplifier *simplifier) {
    if (!simplifier) return;
    GEOS_finish_r(simplifier->geos);
    mu_gis_free(simplifier);
}

/* ---- to GEOS; NULL where it fails ------------------------------------------------------- */

static GEOSGeometry *to_line(GEOSContextHandle_t geos, const mu_parts *shape, uint32_t part,
                             bool is_ring) {
    const uint32_t     first  = shape->first_point[part];
    const uint32_t     count  = shape->first_point[part + 1] - first;
    GEOSCoordSequence *points = GEOSCoordSeq_copyFromArrays_r(
        geos, shape->lon_deg + first, shape->lat_deg + first, NULL, NULL, count);
    if (!points) return NULL;
    return is_ring ? GEOSGeom_createLinearRing_r(geos, points)
                   : GEOSGeom_createLineString_r(geos, points);
}

/* The rings are the polygon's if it comes to be. */
static GEOSGeometry *join_rings(GEOSContextHandle_t geos, GEOSGeometry **ring, uint32_t count) {
    bool is_whole = true;
    for (uint32_t i = 0; i < count; ++i) is_whole &= ring[i] != NULL;
    if (is_whole) return GEOSGeom_createPolygon_r(geos, ring[0], ring + 1, count - 1);
    for (uint32_t i = 0; i < count; ++i) {
        if (ring[i]) GEOSGeom_destroy_r(geos, ring[i]);
    }
    return NULL;
}

static muster_status to_geometry(GEOSContextHandle_t geos, const mu_parts *shape, bool is_polygon,
                                 double tolerance_m, GEOSGeometry **out) {
    GEOSGeometry **ring;
    uint32_t       count = 0;
    if (!is_polygon) {
        *out = to_line(geos, shape, 0, false);
        return MUSTER_OK;
    }
    MU_TRY(mu_gis_alloc(&ring, shape->count, sizeof(GEOSGeometry *)));
    for (uint32_t p = 0; p < shape->count; ++p) {
        if (p > 0 && mu_parts_extent_m(shape, p) < tolerance_m) continue;
        ring[count++] = to_line(geos, shape, p, true);
    }
    *out = join_rings(geos, ring, count);
    mu_gis_free(ring);
    return MUSTER_OK;
}

/* ---- and back ------------------------------------------------------------------------ */

static muster_status add_line(GEOSContextHandle_t geos, mu_parts *out, const GEOSGeometry *line) {
    const GEOSCoordSequence *points = GEOSGeom_getCoordSeq_r(geos, line);
    double                  *lon, *lat;
    unsigned                 count = 0;
    if (!points || !GEOSCoordSeq_getSize_r(geos, points, &count)) count = 0;
    MU_TRY(mu_parts_add_points(out, count, &lon, &lat));
    if (count > 0) GEOSCoordSeq_copyToArrays_r(geos, points, lon, lat, NULL, NULL);
    return mu_parts_end(out);
}

static muster_status add_geometry(GEOSContextHandle_t geos, mu_parts *out,
                                  const GEOSGeometry *geometry, bool is_polygon) {
    if (!is_polygon) return add_line(geos, out, geometry);
    MU_TRY(add_line(geos, out, GEOSGetExteriorRing_r(geos, geometry)));
    const int holes = GEOSGetNumInteriorRings_r(geos, geometry);
    for (int h = 0; h < holes; ++h) {
        MU_TRY(add_line(geos, out, GEOSGetInteriorRingN_r(geos, geometry, h)));
    }
    return MUSTER_OK;
}

static muster_status add_unchanged(mu_parts *out, const mu_parts *shape) {
    for (uint32_t p = 0; p < shape->count; ++p) MU_TRY(mu_parts_copy(out, shape, p));
    return MUSTER_OK;
}

/* ---- the whole ----------------------------------------------------------------------- */

static bool is_usable(GEOSContextHandle_t geos, const GEOSGeometry *geometry, bool is_polygon) {
    return geometry && GEOSisEmpty_r(geos, geometry) == 0 &&
           GEOSGeomTypeId_r(geos, geometry) == (is_polygon ? GEOS_POLYGON : GEOS_LINESTRING);
}

muster_status mu_simplify(mu_simplifier *simplifier, mu_parts *out, const mu_parts *shape,
                          bool is_polygon, double tolerance_m) {
    const GEOSContextHandle_t geos          = simplifier->geos;
    const double              tolerance_deg = tolerance_m / MU_METRES_PER_DEG;
    GEOSGeometry             *geometry, *simple = NULL;
    if (tolerance_m <= 0) return add_unchanged(out, shape);
    MU_TRY(to_geometry(geos, shape, is_polygon, tolerance_m, &geometry));
    if (geometry) {
        simple = is_polygon ? GEOSTopologyPreserveSimplify_r(geos, geometry, tolerance_deg)
                            : GEOSSimplify_r(geos, geometry, tolerance_deg);
    }
    const muster_status status = is_usable(geos, simple, is_polygon)
                                     ? add_geometry(geos, out, simple, is_polygon)
                                     : add_unchanged(out, shape);
    if (geometry) GEOSGeom_destroy_r(geos, geometry);
    if (simple) GEOSGeom_destroy_r(geos, simple);
    return status;
}
