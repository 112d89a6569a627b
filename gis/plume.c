/* Plumes as areas: a sector downwind of the source, and a circle around it where a first isolation
 * distance is given (as the Emergency Response Guidebook does).
 *
 * Half-angles by stability: the lateral standard deviation of a plume over open country is a share of
 * the distance, damped by (1 + 0.0001 x)^-1/2 (Briggs 1973). Near the source, where people are, the
 * damping is left out, so the sector is a little too wide rather than too narrow: by 5 % at 1 km. */
#include <muster/hazard.h>

#include <math.h>

#include "gis/hazards.h"
#include "gis/star_area.h"

double muster_plume_half_angle_deg(char stability) {
    static const double SHARE[] = {0.22, 0.16, 0.11, 0.08, 0.06, 0.04};
    static const double EDGE = 2.15, DEG = 57.29577951308232; /* where a tenth is left; a radian */
    if (stability < 'A' || stability > 'F') return NAN;
    return atan(EDGE * SHARE[stability - 'A']) * DEG;
}

static muster_status check_plume(const muster_plume *p) {
    if (!(fabs(p->lon_deg) <= 180 && fabs(p->lat_deg) <= 90)) {
        return muster_fail(MUSTER_E_INVALID,
                           "a plume starts at %g,%g; expected a longitude from -180 to 180 and a "
                           "latitude from -90 to 90",
                           p->lon_deg, p->lat_deg);
    }
    if (!(p->wind_from_deg >= 0 && p->wind_from_deg <= 360 && p->half_angle_deg > 0 &&
          p->half_angle_deg <= 180)) {
        return muster_fail(MUSTER_E_INVALID,
                           "a plume has wind_from_deg %g and half_angle_deg %g; expected 0 to 360, "
                           "and more than 0 up to 180",
                           p->wind_from_deg, p->half_angle_deg);
    }
    if (p->distance_m > 0 && p->distance_m <= 1000000 && p->isolation_m >= 0 &&
        p->isolation_m <= 1000000) {
        return MUSTER_OK;
    }
    return muster_fail(MUSTER_E_INVALID,
                       "a plume reaches %g m downwind and %g m all round; expected more than 0 m, "
                       "and 0 m or more, up to 1000000",
                       p->distance_m, p->isolation_m);
}

/* The sector, and the rest of the way round. */
static muster_status draw(mu_rings *rings, const muster_plume *p) {
    const double downwind_deg   = p->wind_from_deg + 180;
    const double from_deg       = downwind_deg - p->half_angle_deg,
                 to_deg         = downwind_deg + p->half_angle_deg;
    const mu_star_arc arc[2]    = {{from_deg, to_deg, fmax(p->distance_m, p->isolation_m)},
                                   {to_deg, from_deg + 360, p->isolation_m}};
    const bool        is_circle = p->half_angle_deg == 180;
    MU_TRY(mu_star_ring(&rings->parts, p->lon_deg, p->lat_deg, is_circle ? 1 : 2, arc));
    return mu_rings_end_polygon(rings);
}

muster_status muster_hazards_add_plume(muster_hazards *hazards, const muster_hazard *about,
                                       const muster_plume *plume) {
    mu_rings rings = {0};
    MU_TRY(check_plume(plume));
    muster_status status = draw(&rings, plume);
    if (status == MUSTER_OK) status = mu_hazards_add_rings(hazards, about, &rings);
    mu_rings_fini(&rings);
    return status;
}
