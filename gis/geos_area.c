/* One polygon or many, ring by ring: the outer one first. A collection may hold polygons among
 * other things. */
#include "gis/geos_area.h"

#include "gis/geodesic.h"

typedef struct ring_reader {
    GEOSContextHandle_t geos;
    mu_area            *area;
    double              shift_deg;
} ring_reader;

static uint32_t ring_count(const mu_area *a) {
    return a->polygon_count > 0 ? a->first_ring[a->polygon_count] : 0;
}

static muster_status fail_nomem(void) {
    return muster_fail(MUSTER_E_NOMEM, "out of memory: GEOS cannot give back an area");
}

static muster_status add_point(ring_reader *r, uint32_t at, double lon_deg, double lat_deg) {
    mu_area *a = r->area;
    MU_TRY(mu_gis_grow(&a->lon_deg, &a->lon_capacity, at, sizeof *a->lon_deg));
    MU_TRY(mu_gis_grow(&a->lat_deg, &a->lat_capacity, at, sizeof *a->lat_deg));
    a->lon_deg[at] = lon_deg + r->shift_deg;
    a->lat_deg[at] = lat_deg;
    return MUSTER_OK;
}

/* Outer rings run counter-clockwise and holes clockwise, however GEOS has them. */
static muster_status add_ring(ring_reader *r, uint32_t index, const GEOSGeometry *ring,
                              bool is_hole) {
    mu_area                 *a      = r->area;
    const GEOSCoordSequence *points = ring ? GEOSGeom_getCoordSeq_r(r->geos, ring) : NULL;
    unsigned                 count  = 0;
    char                     is_ccw = 0;
    if (!points || !GEOSCoordSeq_getSize_r(r->geos, points, &count) ||
        !GEOSCoordSeq_isCCW_r(r->geos, points, &is_ccw)) {
        return fail_nomem();
    }
    MU_TRY(
        mu_gis_grow(&a->first_point, &a->ring_capacity, (size_t)index + 1, sizeof *a->first_point));
    if (index == 0) a->first_point[0] = 0;
    const uint32_t first = a->first_point[index];
    for (unsigned i = 0; i < count; ++i) {
        double         lon_deg, lat_deg;
        const unsigned at = (is_ccw != 0) == is_hole ? count - 1 - i : i;
        if (!GEOSCoordSeq_getXY_r(r->geos, points, at, &lon_deg, &lat_deg)) return fail_nomem();
        MU_TRY(add_point(r, first + i, lon_deg, lat_deg));
    }
    a->area_m2 += mu_geodesic_area_m2(count - 1, a->lon_deg + first, a->lat_deg + first);
    a->first_point[index + 1] = first + count;
    return MUSTER_OK;
}

static muster_status add_polygon(ring_reader *r, const GEOSGeometry *polygon) {
    mu_area *a = r->area;
    if (GEOSisEmpty_r(r->geos, polygon) != 0) return MUSTER_OK;
    MU_TRY(mu_gis_grow(&a->first_ring, &a->polygon_capacity, (size_t)a->polygon_count + 1,
                       sizeof *a->first_ring));
    if (a->polygon_count == 0) a->first_ring[0] = 0;
    uint32_t  ring  = ring_count(a);
    const int holes = GEOSGetNumInteriorRings_r(r->geos, polygon);
    MU_TRY(add_ring(r, ring++, GEOSGetExteriorRing_r(r->geos, polygon), false));
    for (int h = 0; h < holes; ++h) {
        MU_TRY(add_ring(r, ring++, GEOSGetInteriorRingN_r(r->geos, polygon, h), true));
    }
    a->first_ring[++a->polygon_count] = ring;
    return MUSTER_OK;
}

static bool is_collection(int type) {
    return type == GEOS_MULTIPOLYGON || type == GEOS_GEOMETRYCOLLECTION;
}

/* What GEOS makes valid or cuts is nested two deep at most; what is deeper is none of its making. */
static muster_status add_geometry(ring_reader *r, const GEOSGeometry *geometry, int depth) {
    const int type = GEOSGeomTypeId_r(r->geos, geometry);
    if (type == GEOS_POLYGON) return add_polygon(r, geometry);
    if (!is_collection(type) || depth == 0) return MUSTER_OK;
    for (int i = 0; i < GEOSGetNumGeometries_r(r->geos, geometry); ++i) {
        MU_TRY(add_geometry(r, GEOSGetGeometryN_r(r->geos, geometry, i), depth - 1));
    }
    return MUSTER_OK;
}

muster_status mu_area_add_geos(mu_area *area, GEOSContextHandle_t geos,
                               const GEOSGeometry *geometry, double shift_deg) {
    enum { DEPTH = 3 };
    ring_reader r = {geos, area, shift_deg};
    return add_geometry(&r, geometry, DEPTH);
}
