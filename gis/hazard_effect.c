/* What a hazard does to roads, by way of muster_closure.
 *
 * Water has a curve of its own there. The rest is a share of the speed: wind by force, and sooner for
 * high vehicles; a plume closes to whoever is not protected; a closure closes. A share that the hazard
 * itself states goes before the rule of its kind, but nobody who is spared by that rule is slowed.
 * Whoever is inside may leave, unless the road itself is what is broken. */
#include <muster/hazard.h>

#include <math.h>
#include <muster/leave.h>
#include <stdio.h>

#include "gis/hazards.h"

enum { REASON_BYTES = 300 };

static const muster_hazard_rules DEFAULTS = MUSTER_HAZARD_RULES_INIT;

/* ---- places ---------------------------------------------------------------------------- */

/* A side counts with its lower end and without its upper one (Shimrat 1962). */
static bool crosses(double lon1, double lat1, double lon2, double lat2, double lon, double lat) {
    if ((lat1 > lat) == (lat2 > lat)) return false;
    return lon < lon1 + (lat - lat1) / (lat2 - lat1) * (lon2 - lon1);
}

/* The area is valid, so all its rings together tell inside from outside. */
bool muster_hazard_contains(const muster_hazard *hazard, double lon_deg, double lat_deg) {
    const muster_multipolygon *a         = &hazard->area;
    bool                       is_inside = false;
    for (uint32_t r = 0; a->polygon_count > 0 && r < a->first_ring[a->polygon_count]; ++r) {
        for (uint32_t p = a->first_point[r]; p + 1 < a->first_point[r + 1]; ++p) {
            is_inside ^= crosses(a->lon_deg[p], a->lat_deg[p], a->lon_deg[p + 1], a->lat_deg[p + 1],
                                 lon_deg, lat_deg);
        }
    }
    return is_inside;
}

/* ---- speed ----------------------------------------------------------------------------- */

static double stated(const muster_hazard *h, double otherwise) {
    return isnan(h->speed_factor) ? otherwise : h->speed_factor;
}

static double wind_factor(const muster_hazard *h, const muster_profile *profile,
                          const muster_hazard_rules *rules) {
    if (h->wind_force == 0) return stated(h, 1); /* it is not known */
    const bool    is_high = profile->height_m >= rules->high_vehicle_m;
    const double *left    = is_high ? rules->wind_speed_factor_high : rules->wind_speed_factor;
    double        factor  = 1;
    for (uint32_t c = 0; c < MUSTER_WIND_CIRCLES; ++c) {
        if (h->wind_force >= muster_wind_circle_force(c)) factor = left[c];
    }
    return factor < 1 ? stated(h, factor) : 1;
}

double muster_hazard_speed_factor(const muster_hazard *h, const muster_profile *profile,
                                  const muster_hazard_rules *rules) {
    switch (h->kind) {
    case MUSTER_HAZARD_WIND:
        return wind_factor(h, profile, rules ? rules : &DEFAULTS);
    case MUSTER_HAZARD_PLUME:
        return profile->is_protected ? 1 : stated(h, 0);
    case MUSTER_HAZARD_CLOSURE:
        return stated(h, 0);
    default:
        return stated(h, 1);
    }
}

/* ---- roads ----------------------------------------------------------------------------- */

static muster_status check_rules(const muster_hazard_rules *rules) {
    if (rules->struct_size != sizeof *rules) {
        return muster_fail(MUSTER_E_INVALID, "hazard rules have struct_size %zu; expected %zu",
                           rules->struct_size, sizeof *rules);
    }
    if (!(rules->high_vehicle_m >= 0)) {
        return muster_fail(MUSTER_E_INVALID,
                           "hazard rules have high_vehicle_m %g; expected 0 or more",
                           rules->high_vehicle_m);
    }
    for (uint32_t c = 0; c < MUSTER_WIND_CIRCLES; ++c) {
        const double all = rules->wind_speed_factor[c], high = rules->wind_speed_factor_high[c];
        if (all >= 0 && all <= 1 && high >= 0 && high <= 1) continue;
        return muster_fail(MUSTER_E_INVALID,
                           "hazard rules leave %g and %g of the speed at force %u; expected 0 to 1",
                           all, high, muster_wind_circle_force(c));
    }
    return MUSTER_OK;
}

/* One polygon of the area. */
static muster_polygon polygon_of(const muster_hazard *h, uint32_t polygon) {
    const muster_multipolygon *a     = &h->area;
    const uint32_t             first = a->first_ring[polygon];
    return (muster_polygon){a->first_ring[polygon + 1] - first, a->first_point + first, a->lon_deg,
                            a->lat_deg};
}

static muster_status close_area(muster_closure *closure, const muster_hazard *h, double factor) {
    for (uint32_t p = 0; p < h->area.polygon_count; ++p) {
        const muster_polygon polygon = polygon_of(h, p);
        if (h->kind == MUSTER_HAZARD_FLOOD) {
            MU_TRY(muster_closure_flood(closure, &polygon, h->depth_m));
        }
        if (factor < 1) MU_TRY(muster_closure_slow(closure, &polygon, 0, factor));
    }
    return MUSTER_OK;
}

static muster_status close_lines(muster_closure *closure, const muster_hazard *h) {
    const muster_lines *l = &h->lines;
    for (uint32_t i = 0; i < l->line_count; ++i) {
        const uint32_t first = l->first_point[i];
        MU_TRY(muster_closure_line(closure, l->first_point[i + 1] - first, l->lon_deg + first,
                                   l->lat_deg + first));
    }
    return MUSTER_OK;
}

/* What cannot be closed is wrong in the hazard. */
static muster_status name_hazard(muster_status status, const muster_hazard *h) {
    char what[REASON_BYTES];
    if (status != MUSTER_E_INVALID) return status;
    snprintf(what, sizeof what, "%s", muster_error_message());
    return mu_hazard_refuse(h->code, h->source, "cannot be used: %s", what);
}

static muster_status close_roads(muster_closure *closure, const muster_hazard *h) {
    const muster_points *p = &h->points;
    MU_TRY(close_lines(closure, h));
    MU_TRY(name_hazard(muster_closure_points(closure, p->point_count, p->lon_deg, p->lat_deg), h));
    return name_hazard(muster_closure_edge_ids(closure, h->edge_count, h->edge_id), h);
}

muster_status muster_hazard_close(muster_closure *closure, const muster_profile *profile,
                                  const muster_hazard *hazard, const muster_hazard_rules *rules) {
    if (!rules) rules = &DEFAULTS;
    MU_TRY(check_rules(rules));
    const double factor = muster_hazard_speed_factor(hazard, profile, rules);
    muster_closure_set_leaving(closure, hazard->kind != MUSTER_HAZARD_CLOSURE);
    muster_status status = close_area(closure, hazard, factor);
    if (status == MUSTER_OK) status = close_roads(closure, hazard);
    muster_closure_set_leaving(closure, false);
    return status;
}
