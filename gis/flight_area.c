/* Circles on the globe as polygons.
 *
 * A circle has a corner every degree: it is cut short by 0.004 % of its radius between them, so
 * circles of a smaller limit lie within those of a larger one, corner before corner. Several
 * overlap, and GEOS joins them; a failure of GEOS is one of memory, for circles are always valid.
 *
 * GEOS gets numbers that are checked, never bytes from a file. A new context has no message
 * handlers, so nothing is printed. */
#include "gis/flight_area.h"

#include <math.h>

#include <muster/great_circle.h>

#include "gis/geos_area.h"

enum { CORNERS = 360 };

/* ---- circles ------------------------------------------------------------------------- */

typedef struct circle {
    double lon_deg[CORNERS + 1], lat_deg[CORNERS + 1]; /* counter-clockwise, the first again last */
} circle;

/* Is a pole within the radius, or the 180th meridian? */
static bool is_too_far(const muster_snap *centre, double radius_m, const circle *c) {
    const double pole_deg = copysign(90, centre->lat_deg);
    bool         leaves   = radius_m >= muster_great_circle_m(centre->lon_deg, centre->lat_deg,
                                                              centre->lon_deg, pole_deg);
    for (int i = 0; i < CORNERS; ++i) leaves |= fabs(c->lon_deg[i]) > 180;
    return leaves;
}

static muster_status draw_circle(circle *c, const muster_snap *centre, double radius_m) {
    for (int i = 0; i < CORNERS; ++i) {
        muster_great_circle_ahead(centre->lon_deg, centre->lat_deg, -i, radius_m, &c->lon_deg[i],
                                  &c->lat_deg[i]);
    }
    c->lon_deg[CORNERS] = c->lon_deg[0];
    c->lat_deg[CORNERS] = c->lat_deg[0];
    if (!is_too_far(centre, radius_m, c)) return MUSTER_OK;
    return muster_fail(
        MUSTER_E_INVALID,
        "%.0f km around %g,%g reach over a pole or the 180th meridian, where no area "
        "can be drawn; expected a shorter limit",
        radius_m / 1000, centre->lon_deg, centre->lat_deg);
}

/* ---- joined -------------------------------------------------------------------------- */

static GEOSGeometry *to_polygon(GEOSContextHandle_t geos, const circle *c) {
    GEOSCoordSequence *points =
        GEOSCoordSeq_copyFromArrays_r(geos, c->lon_deg, c->lat_deg, NULL, NULL, CORNERS + 1);
    GEOSGeometry *ring = points ? GEOSGeom_createLinearRing_r(geos, points) : NULL;
    return ring ? GEOSGeom_createPolygon_r(geos, ring, NULL, 0) : NULL;
}

static void destroy_all(GEOSContextHandle_t geos, GEOSGeometry **polygon, uint32_t count) {
    for (uint32_t i = 0; i < count; ++i) GEOSGeom_destroy_r(geos, polygon[i]);
}

static muster_status fail_nomem(void) {
    return muster_fail(MUSTER_E_NOMEM, "out of memory: GEOS cannot join circles");
}

/* All circles in `polygon`, `*count` so far. */
static muster_status draw_circles(GEOSContextHandle_t geos, const muster_snap *centre,
                                  uint32_t centre_count, double radius_m, GEOSGeometry **polygon,
                                  uint32_t *count) {
    for (; *count < centre_count; ++*count) {
        circle c;
        MU_TRY(draw_circle(&c, &centre[*count], radius_m));
        polygon[*count] = to_polygon(geos, &c);
        if (!polygon[*count]) return fail_nomem();
    }
    return MUSTER_OK;
}

static muster_status join(GEOSContextHandle_t geos, const muster_snap *centre,
                          uint32_t centre_count, double radius_m, GEOSGeometry **out) {
    GEOSGeometry **polygon;
    uint32_t       count = 0;
    *out                 = NULL;
    MU_TRY(mu_gis_alloc(&polygon, centre_count, sizeof(GEOSGeometry *)));
    muster_status status = draw_circles(geos, centre, centre_count, radius_m, polygon, &count);
    if (status == MUSTER_OK) {
        GEOSGeometry *all =
            GEOSGeom_createCollection_r(geos, GEOS_MULTIPOLYGON, polygon, centre_count);
        if (all) {
            count = 0; /* they are the collection's now */
            *out  = GEOSUnaryUnion_r(geos, all);
            GEOSGeom_destroy_r(geos, all);
        }
        if (!*out) status = fail_nomem();
    }
    destroy_all(geos, polygon, count);
    mu_gis_free(polygon);
    return status;
}

/* ---- the whole ----------------------------------------------------------------------- */

static muster_status leave_empty(mu_area *area) {
    MU_TRY(mu_gis_alloc_zeroed(&area->first_ring, 1, sizeof *area->first_ring));
    return mu_gis_alloc_zeroed(&area->first_point, 1, sizeof *area->first_point);
}

muster_status mu_flight_area(mu_area *area, const muster_isochrone *isochrone, uint32_t limit) {
    uint32_t           count;
    const muster_snap *centre   = muster_isochrone_flight_origins(isochrone, &count);
    const double       radius_m = muster_isochrone_flight_radius_m(isochrone)[limit];
    GEOSGeometry      *joined;
    if (count == 0 || !(radius_m > 0)) return leave_empty(area);
    GEOSContextHandle_t geos = GEOS_init_r();
    if (!geos) return fail_nomem();
    muster_status status = join(geos, centre, count, radius_m, &joined);
    if (status == MUSTER_OK) status = mu_area_add_geos(area, geos, joined, 0);
    if (joined) GEOSGeom_destroy_r(geos, joined);
    GEOS_finish_r(geos);
    return status;
}
