/* A ring round a place, arc by arc. Where the radius jumps from one arc to the next the ring runs
 * along the ray between them; an arc of radius 0 is the place itself, which is one corner however
 * wide the arc is. Between corners a circle is cut short by 0.004 % of its radius. */
#include "gis/star_area.h"

#include <math.h>
#include <stdbool.h>

#include "gis/geodesic.h"

static const double STEP_DEG = 1;

typedef struct star {
    mu_parts *out;
    double    lon_deg, lat_deg;
    uint32_t  first; /* point of the ring */
} star;

static muster_status add_corner(star *s, double lon_deg, double lat_deg) {
    mu_parts      *out  = s->out;
    const uint32_t last = out->point_count - 1;
    double        *lon, *lat;
    if (out->point_count > s->first && out->lon_deg[last] == lon_deg &&
        out->lat_deg[last] == lat_deg) {
        return MUSTER_OK;
    }
    MU_TRY(mu_parts_add_points(out, 1, &lon, &lat));
    *lon = lon_deg;
    *lat = lat_deg;
    return MUSTER_OK;
}

static muster_status add_at(star *s, double bearing_deg, double radius_m) {
    double lon_deg, lat_deg;
    mu_geodesic_ahead(s->lon_deg, s->lat_deg, bearing_deg, radius_m, &lon_deg, &lat_deg);
    return add_corner(s, lon_deg, lat_deg);
}

static muster_status add_arc(star *s, const mu_star_arc *arc) {
    if (!(arc->radius_m > 0)) return add_corner(s, s->lon_deg, s->lat_deg);
    const double   width_deg = arc->to_deg - arc->from_deg;
    const uint32_t steps     = (uint32_t)ceil(width_deg / STEP_DEG);
    for (uint32_t i = 0; i <= steps; ++i) {
        MU_TRY(add_at(s, arc->from_deg + width_deg * i / steps, arc->radius_m));
    }
    return MUSTER_OK;
}

static muster_status check_pole(const star *s, uint32_t arc_count, const mu_star_arc *arc) {
    double most_m = 0;
    for (uint32_t a = 0; a < arc_count; ++a) most_m = fmax(most_m, arc[a].radius_m);
    const double pole_m =
        mu_geodesic_m(s->lon_deg, s->lat_deg, s->lon_deg, copysign(90, s->lat_deg));
    if (most_m < pole_m) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID,
                       "%.0f km around %g,%g reach over a pole, where no area can be drawn",
                       most_m / 1000, s->lon_deg, s->lat_deg);
}

muster_status mu_star_ring(mu_parts *out, double lon_deg, double lat_deg, uint32_t arc_count,
                           const mu_star_arc *arc) {
    star   s         = {out, lon_deg, lat_deg, out->point_count};
    double round_deg = 0;
    MU_TRY(check_pole(&s, arc_count, arc));
    for (uint32_t a = 0; a < arc_count; ++a) {
        round_deg += arc[a].to_deg - arc[a].from_deg;
        MU_TRY(add_arc(&s, &arc[a]));
    }
    if (round_deg < 360) MU_TRY(add_corner(&s, lon_deg, lat_deg));
    return mu_parts_end(out);
}
