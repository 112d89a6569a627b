/* Valid areas by GEOS.
 *
 * Agencies draw bow-ties, rings that touch themselves, holes outside of their shells, parts that
 * overlap. GEOS repairs them by structure: each ring becomes the area that it encloses at all, outer
 * ones are joined and holes taken away, so that whatever somebody has drawn round stays dangerous.
 * (Its other method counts crossings, and makes a hole where two parts overlap.)
 *
 * GEOS knows a plane, not a globe. A ring that reaches over the 180th meridian is unrolled first:
 * longitudes go on past 180. It is valid there, is cut at the meridian, and the pieces are shifted
 * to where they belong (RFC 7946, section 3.1.9).
 *
 * GEOS gets coordinates that are checked, never bytes from a file. A new context has no message
 * handlers, so nothing is printed. */
#include "gis/valid_area.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "gis/geodesic.h"
#include "gis/geos_area.h"

enum { LEAST_POINTS = 3 };

/* ---- rings ----------------------------------------------------------------------------- */

/* A ring unrolled and closed. */
typedef struct ring {
    uint32_t count;
    double  *lon_deg, *lat_deg;
} ring;

static muster_status ring_init(ring *r, uint32_t room) {
    *r = (ring){0};
    MU_TRY(mu_gis_alloc(&r->lon_deg, (size_t)room + 1, sizeof *r->lon_deg));
    const muster_status status = mu_gis_alloc(&r->lat_deg, (size_t)room + 1, sizeof *r->lat_deg);
    if (status != MUSTER_OK) mu_gis_free(r->lon_deg);
    return status;
}

static void ring_fini(ring *r) {
    mu_gis_free(r->lon_deg);
    mu_gis_free(r->lat_deg);
}

/* The sides of a box round the whole earth are meant as they are. */
static double turn_of(double from_deg, double to_deg) {
    if (fabs(to_deg - from_deg) <= 180 || (fabs(from_deg) == 180 && fabs(to_deg) == 180)) return 0;
    return to_deg > from_deg ? -360 : 360;
}

/* Fills a ring that has room for the part. */
static muster_status unroll(ring *r, const mu_parts *rings, uint32_t part) {
    const uint32_t first = rings->first_point[part], end = rings->first_point[part + 1];
    double         turn_deg = 0;
    r->count                = 0;
    for (uint32_t p = first; p < end; ++p) {
        if (p > first) turn_deg += turn_of(rings->lon_deg[p - 1], rings->lon_deg[p]);
        r->lon_deg[r->count]   = rings->lon_deg[p] + turn_deg;
        r->lat_deg[r->count++] = rings->lat_deg[p];
    }
    if (r->count == 0) return MUSTER_OK;
    turn_deg += turn_of(rings->lon_deg[end - 1], rings->lon_deg[first]);
    if (turn_deg != 0) {
        return muster_fail(MUSTER_E_INVALID,
                           "ring %u goes round a pole; expected an area that is "
                           "cut where it reaches over 180 degrees",
                           part);
    }
    const bool is_closed =
        r->lon_deg[0] == r->lon_deg[r->count - 1] && r->lat_deg[0] == r->lat_deg[r->count - 1];
    if (!is_closed || r->count == 1) {
        r->lon_deg[r->count]   = r->lon_deg[0];
        r->lat_deg[r->count++] = r->lat_deg[0];
    }
    return MUSTER_OK;
}

/* A ring of one polygon lies where the polygon's first ring does. */
static void move_beside(ring *r, double lon_deg) {
    const double shift_deg = 360 * round((lon_deg - r->lon_deg[0]) / 360);
    for (uint32_t i = 0; i < r->count; ++i) r->lon_deg[i] += shift_deg;
}

/* ---- to GEOS --------------------------------------------------------------------------- */

typedef struct builder {
    GEOSContextHandle_t geos;
    const mu_rings     *rings;
    mu_repair          *repair;
    double              least_lon_deg, most_lon_deg;
} builder;

static muster_status fail_nomem(void) {
    return muster_fail(MUSTER_E_NOMEM, "out of memory: GEOS cannot take an area");
}

static muster_status to_ring(builder *b, const ring *r, GEOSGeometry **out) {
    GEOSCoordSequence *points =
        GEOSCoordSeq_copyFromArrays_r(b->geos, r->lon_deg, r->lat_deg, NULL, NULL, r->count);
    *out = points ? GEOSGeom_createLinearRing_r(b->geos, points) : NULL;
    return *out ? MUSTER_OK : fail_nomem();
}

/* One more ring of a polygon, whose first one begins at *at_deg; NULL where it encloses nothing. */
static muster_status take_ring(builder *b, ring *r, uint32_t part, bool is_hole, double *at_deg,
                               GEOSGeometry **out) {
    *out = NULL;
    MU_TRY(unroll(r, &b->rings->parts, part));
    if (r->count < LEAST_POINTS + 1) return MUSTER_OK;
    if (is_hole) move_beside(r, *at_deg);
    *at_deg              = is_hole ? *at_deg : r->lon_deg[0];
    const double area_m2 = fabs(mu_geodesic_area_m2(r->count - 1, r->lon_deg, r->lat_deg));
    b->repair->before_m2 += is_hole ? -area_m2 : area_m2;
    for (uint32_t i = 0; i < r->count; ++i) {
        b->least_lon_deg = fmin(b->least_lon_deg, r->lon_deg[i]);
        b->most_lon_deg  = fmax(b->most_lon_deg, r->lon_deg[i]);
    }
    return to_ring(b, r, out);
}

static uint32_t longest(const mu_parts *rings, uint32_t first, uint32_t end) {
    uint32_t most = 0;
    for (uint32_t p = first; p < end; ++p) {
        const uint32_t count = rings->first_point[p + 1] - rings->first_point[p];
        most                 = count > most ? count : most;
    }
    return most;
}

static void destroy_all(GEOSContextHandle_t geos, GEOSGeometry **geometry, uint32_t count) {
    for (uint32_t i = 0; i < count; ++i) GEOSGeom_destroy_r(geos, geometry[i]);
}

/* Rings in `made`, `*count` of them; none where the outer one encloses nothing. */
static muster_status take_rings(builder *b, ring *r, uint32_t first, uint32_t end,
                                GEOSGeometry **made, uint32_t *count) {
    double at_deg = 0;
    for (uint32_t p = first; p < end; ++p) {
        GEOSGeometry *one;
        MU_TRY(take_ring(b, r, p, p > first, &at_deg, &one));
        if (one) made[(*count)++] = one;
        if (*count == 0) break;
    }
    return MUSTER_OK;
}

/* NULL where the polygon encloses nothing. */
static muster_status to_polygon(builder *b, uint32_t first, uint32_t end, GEOSGeometry **out) {
    GEOSGeometry **made;
    ring           r;
    uint32_t       count = 0;
    *out                 = NULL;
    MU_TRY(ring_init(&r, longest(&b->rings->parts, first, end)));
    muster_status status = mu_gis_alloc(&made, (size_t)end - first, sizeof(GEOSGeometry *));
    if (status == MUSTER_OK) status = take_rings(b, &r, first, end, made, &count);
    if (status == MUSTER_OK && count > 0) {
        *out   = GEOSGeom_createPolygon_r(b->geos, made[0], made + 1, count - 1);
        status = *out ? MUSTER_OK : fail_nomem();
        count  = 0; /* they are the polygon's now */
    }
    if (made) destroy_all(b->geos, made, count);
    mu_gis_free(made);
    ring_fini(&r);
    return status;
}

static muster_status to_polygons(builder *b, GEOSGeometry **polygon, uint32_t *count) {
    const uint32_t *first_ring = b->rings->first_ring;
    for (uint32_t p = 0; p < b->rings->polygon_count; ++p) {
        MU_TRY(to_polygon(b, first_ring[p], first_ring[p + 1], &polygon[*count]));
        if (polygon[*count]) ++*count;
    }
    return MUSTER_OK;
}

static muster_status to_geometry(builder *b, GEOSGeometry **out) {
    GEOSGeometry **polygon;
    uint32_t       count = 0;
    *out                 = NULL;
    MU_TRY(mu_gis_alloc(&polygon, b->rings->polygon_count, sizeof(GEOSGeometry *)));
    muster_status status = to_polygons(b, polygon, &count);
    if (status == MUSTER_OK) {
        *out   = GEOSGeom_createCollection_r(b->geos, GEOS_MULTIPOLYGON, polygon, count);
        status = *out ? MUSTER_OK : fail_nomem();
        count  = 0; /* they are the collection's now */
    }
    destroy_all(b->geos, polygon, count);
    mu_gis_free(polygon);
    return status;
}

/* ---- repair ---------------------------------------------------------------------------- */

static void tell_place(const builder *b, const GEOSGeometry *at, char *out, size_t room) {
    double lon_deg, lat_deg;
    if (!at || GEOSGeomGetX_r(b->geos, at, &lon_deg) != 1 ||
        GEOSGeomGetY_r(b->geos, at, &lat_deg) != 1) {
        return;
    }
    snprintf(out, room, " at %.6f,%.6f", lon_deg, lat_deg);
}

/* Is the geometry valid? If not, why. */
static bool is_valid(const builder *b, const GEOSGeometry *geometry) {
    char         *reason = NULL, place[64] = "";
    GEOSGeometry *at    = NULL;
    const char    valid = GEOSisValidDetail_r(b->geos, geometry, 0, &reason, &at);
    if (valid != 1) {
        tell_place(b, at, place, sizeof place);
        snprintf(b->repair->reason, sizeof b->repair->reason, "%s%s", reason ? reason : "not valid",
                 place);
    }
    if (reason) GEOSFree_r(b->geos, reason);
    if (at) GEOSGeom_destroy_r(b->geos, at);
    return valid == 1;
}

static GEOSGeometry *make_valid(GEOSContextHandle_t geos, const GEOSGeometry *geometry) {
    GEOSMakeValidParams *params = GEOSMakeValidParams_create_r(geos);
    GEOSGeometry        *valid  = NULL;
    if (!params) return NULL;
    if (GEOSMakeValidParams_setMethod_r(geos, params, GEOS_MAKE_VALID_STRUCTURE) &&
        GEOSMakeValidParams_setKeepCollapsed_r(geos, params, 0)) {
        valid = GEOSMakeValidWithParams_r(geos, geometry, params);
    }
    GEOSMakeValidParams_destroy_r(geos, params);
    return valid;
}

/* ---- cutting --------------------------------------------------------------------------- */

/* The part of a valid geometry on one turn of the globe, back where it belongs. */
static muster_status add_turn(mu_area *area, const builder *b, const GEOSGeometry *geometry,
                              int turn) {
    const double        west = -180 + 360.0 * turn, east = west + 360;
    GEOSGeometry       *box = GEOSGeom_createRectangle_r(b->geos, west, -90, east, 90);
    GEOSGeometry       *cut = box ? GEOSIntersection_r(b->geos, geometry, box) : NULL;
    const muster_status status =
        cut ? mu_area_add_geos(area, b->geos, cut, -360.0 * turn) : fail_nomem();
    if (cut) GEOSGeom_destroy_r(b->geos, cut);
    if (box) GEOSGeom_destroy_r(b->geos, box);
    return status;
}

static int turn_at(double lon_deg) {
    return (int)floor((lon_deg + 180) / 360);
}

static muster_status add_valid(mu_area *area, const builder *b, const GEOSGeometry *geometry) {
    const int first = turn_at(b->least_lon_deg);
    if (b->least_lon_deg >= -180 && b->most_lon_deg <= 180) {
        return mu_area_add_geos(area, b->geos, geometry, 0);
    }
    b->repair->is_cut = true;
    for (int turn = first; turn <= turn_at(b->most_lon_deg); ++turn) {
        MU_TRY(add_turn(area, b, geometry, turn));
    }
    return MUSTER_OK;
}

/* Is each of its polygons valid, whatever the others are? */
static bool are_parts_valid(const builder *b, const GEOSGeometry *geometry) {
    const int count = GEOSGetNumGeometries_r(b->geos, geometry);
    for (int i = 0; i < count; ++i) {
        if (!is_valid(b, GEOSGetGeometryN_r(b->geos, geometry, i))) return false;
    }
    return true;
}

static muster_status repair_and_add(mu_area *area, builder *b, const GEOSGeometry *geometry) {
    if (GEOSisEmpty_r(b->geos, geometry) != 0) return MUSTER_OK;
    if (is_valid(b, geometry)) return add_valid(area, b, geometry);
    b->repair->is_repaired = !b->rings->may_overlap || !are_parts_valid(b, geometry);
    GEOSGeometry *valid    = make_valid(b->geos, geometry);
    if (!valid) return fail_nomem();
    const muster_status status = add_valid(area, b, valid);
    GEOSGeom_destroy_r(b->geos, valid);
    return status;
}

muster_status mu_valid_area(mu_area *area, const mu_rings *rings, mu_repair *repair) {
    GEOSGeometry *geometry;
    builder       b = {GEOS_init_r(), rings, repair, INFINITY, -INFINITY};
    *repair         = (mu_repair){0};
    if (!b.geos) return fail_nomem();
    muster_status status = to_geometry(&b, &geometry);
    if (status == MUSTER_OK) status = repair_and_add(area, &b, geometry);
    if (geometry) GEOSGeom_destroy_r(b.geos, geometry);
    GEOS_finish_r(b.geos);
    if (status != MUSTER_OK) mu_area_fini(area);
    return status;
}
