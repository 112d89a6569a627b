/* PROJ, with its habits kept on this side:
 *
 *   - Each system has a context of its own, which no other thread sees, and which neither prints
 *     nor asks the internet for grids.
 *   - Axes are turned into x, y whatever the authority's order is: CGCS2000 has latitude first.
 *   - CGCS2000 is taken as WGS 84. PROJ knows no transformation between the two, and there is none
 *     to know: they are the same but for the drift of the continent since 2000, under a metre.
 *   - A transformation that leaves out the change of datum ("ballpark") is none. So is one that is
 *     worse than ten metres by EPSG's own account.
 *   - Of several ways to WGS 84, each for a region, PROJ takes the one for the position, and where there
 *     is none for it some other one. Then the region is looked at again here.
 *   - PROJ gives no error for (inf, 0) and infinity for a position that it cannot convert: what
 *     goes in and what comes out is looked at here. */
#include "gis/projection.h"

#include <math.h>
#include <proj.h>
#include <stdio.h>
#include <string.h>

#include "gis/memory.h"

static const char WGS84[] = "4326", CGCS2000[] = "4490"; /* EPSG's codes */

struct mu_projection {
    PJ_CONTEXT *context;
    PJ         *system;    /* owns the title */
    PJ         *operation; /* from the system to WGS 84 */
    double      west_deg, east_deg;
    bool        is_projected, has_longitudes;
    bool        is_choice; /* of several operations, by region */
};

static void say_nothing(void *user, int level, const char *message) {
    (void)user;
    (void)level;
    (void)message;
}

static muster_status start(mu_projection *p) {
    p->context = proj_context_create();
    if (!p->context) return muster_fail(MUSTER_E_NOMEM, "out of memory: PROJ did not start");
    proj_log_func(p->context, NULL, say_nothing);
    proj_context_set_enable_network(p->context, 0);
    /* A look at what every database of PROJ's has tells a missing one from a missing code. */
    PJ *known = proj_create_from_database(p->context, "EPSG", WGS84, PJ_CATEGORY_CRS, 0, NULL);
    if (!known) {
        return muster_fail(MUSTER_E_IO,
                           "PROJ finds no proj.db, its database of coordinate systems; "
                           "expected it installed (Debian: proj-data), or its folder "
                           "in PROJ_DATA");
    }
    proj_destroy(known);
    return MUSTER_OK;
}

static muster_status find_system(mu_projection *p, uint32_t code) {
    char text[16];
    snprintf(text, sizeof text, "%u", (unsigned)code);
    p->system = proj_create_from_database(p->context, "EPSG", text, PJ_CATEGORY_CRS, 0, NULL);
    if (!p->system) {
        return muster_fail(MUSTER_E_INVALID,
                           "EPSG:%s: there is no such coordinate system; expected a code of EPSG's",
                           text);
    }
    const PJ_TYPE type = proj_get_type(p->system);
    p->is_projected    = type == PJ_TYPE_PROJECTED_CRS;
    if (p->is_projected || type == PJ_TYPE_GEOGRAPHIC_2D_CRS) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID,
                       "EPSG:%s is %s; expected a system of longitude and latitude, or of easting "
                       "and northing",
                       text, proj_get_name(p->system));
}

/* The system of longitude and latitude that a position is turned into. */
static PJ *find_target(PJ_CONTEXT *context, const PJ *system) {
    PJ         *own  = proj_crs_get_geodetic_crs(context, system);
    const char *code = own ? proj_get_id_code(own, 0) : NULL;
    if (code && strcmp(code, CGCS2000) == 0) return own;
    if (own) proj_destroy(own);
    return proj_create_from_database(context, "EPSG", WGS84, PJ_CATEGORY_CRS, 0, NULL);
}

static PJ *find_operation(PJ_CONTEXT *context, const PJ *system) {
    static const char *const OPTION[] = {"ALLOW_BALLPARK=NO", "ACCURACY=10", NULL};
    PJ                      *wgs84    = find_target(context, system);
    PJ *raw = wgs84 ? proj_create_crs_to_crs_from_pj(context, system, wgs84, NULL, OPTION) : NULL;
    PJ *turned = raw ? proj_normalize_for_visualization(context, raw) : NULL;
    if (raw) proj_destroy(raw);
    if (wgs84) proj_destroy(wgs84);
    return turned;
}

static muster_status open(mu_projection *p, uint32_t code) {
    double south_deg, north_deg;
    MU_TRY(start(p));
    MU_TRY(find_system(p, code));
    p->operation = find_operation(p->context, p->system);
    if (!p->operation) {
        return muster_fail(MUSTER_E_INVALID,
                           "EPSG:%u (%s): PROJ knows no way to WGS 84 that is good to 10 m; "
                           "expected a system with one",
                           (unsigned)code, proj_get_name(p->system));
    }
    p->is_choice      = proj_get_type(p->operation) == PJ_TYPE_UNKNOWN;
    p->has_longitudes = proj_get_area_of_use(p->context, p->system, &p->west_deg, &south_deg,
                                             &p->east_deg, &north_deg, NULL) != 0 &&
                        fabs(p->west_deg) <= 180 && fabs(p->east_deg) <= 180;
    return MUSTER_OK;
}

muster_status mu_projection_new(mu_projection **out, uint32_t code) {
    mu_projection *p;
    *out = NULL;
    MU_TRY(mu_gis_alloc_zeroed(&p, 1, sizeof *p));
    const muster_status status = open(p, code);
    if (status != MUSTER_OK) {
        mu_projection_free(p);
        return status;
    }
    *out = p;
    return MUSTER_OK;
}

void mu_projection_free(mu_projection *p) {
    if (!p) return;
    if (p->operation) proj_destroy(p->operation);
    if (p->system) proj_destroy(p->system);
    if (p->context) proj_context_destroy(p->context);
    mu_gis_free(p);
}

const char *mu_projection_title(const mu_projection *p) {
    return proj_get_name(p->system);
}

bool mu_projection_is_projected(const mu_projection *p) {
    return p->is_projected;
}

bool mu_projection_longitudes(const mu_projection *p, double *west_deg, double *east_deg) {
    *west_deg = p->west_deg;
    *east_deg = p->east_deg;
    return p->has_longitudes;
}

/* Is the operation that was used last one for this place? */
static bool is_regional(const mu_projection *p, double lon_deg, double lat_deg) {
    double west_deg, south_deg, east_deg, north_deg;
    PJ    *used = proj_trans_get_last_used_operation(p->operation);
    if (!used) return false;
    const bool is_known = proj_get_area_of_use(p->context, used, &west_deg, &south_deg, &east_deg,
                                               &north_deg, NULL) != 0;
    proj_destroy(used);
    if (!is_known || lat_deg < south_deg || lat_deg > north_deg) return false;
    return west_deg <= east_deg ? lon_deg >= west_deg && lon_deg <= east_deg
                                : lon_deg >= west_deg || lon_deg <= east_deg;
}

static bool convert(const mu_projection *p, PJ_DIRECTION direction, double *x, double *y) {
    if (!isfinite(*x) || !isfinite(*y)) return false;
    const PJ_COORD to = proj_trans(p->operation, direction, proj_coord(*x, *y, 0, HUGE_VAL));
    if (!isfinite(to.xy.x) || !isfinite(to.xy.y)) return false;
    if (p->is_choice &&
        !(direction == PJ_FWD ? is_regional(p, to.xy.x, to.xy.y) : is_regional(p, *x, *y))) {
        return false;
    }
    *x = to.xy.x;
    *y = to.xy.y;
    return true;
}

bool mu_projection_to_wgs84(mu_projection *p, double *x, double *y) {
    return convert(p, PJ_FWD, x, y);
}

bool mu_projection_from_wgs84(mu_projection *p, double *x, double *y) {
    return convert(p, PJ_INV, x, y);
}
