/* Is a place in an area, or near it? */
#include <math.h>

#include "simulation/ground.h"

/* On a plane that touches the globe there: near enough for a few kilometres. */
static const double METRES_PER_DEG = 111195, DEG = 57.29577951308232;

bool mu_ring_contains(const mu_ring *r, double lon_deg, double lat_deg) {
    bool is_in = false;
    for (uint32_t i = 0, j = r->point_count - 1; i < r->point_count; j = i++) {
        if ((r->lat_deg[i] > lat_deg) == (r->lat_deg[j] > lat_deg)) continue;
        const double share = (lat_deg - r->lat_deg[i]) / (r->lat_deg[j] - r->lat_deg[i]);
        if (lon_deg < r->lon_deg[i] + share * (r->lon_deg[j] - r->lon_deg[i])) is_in = !is_in;
    }
    return is_in;
}

/* Squared metres from the place to the side from a to b. */
static double to_side_m2(double lon_deg, double lat_deg, double a_lon, double a_lat, double b_lon,
                         double b_lat) {
    const double x_scale = METRES_PER_DEG * cos(lat_deg / DEG);
    const double ax = (a_lon - lon_deg) * x_scale, ay = (a_lat - lat_deg) * METRES_PER_DEG;
    const double bx      = (b_lon - lon_deg) * x_scale - ax,
                 by      = (b_lat - lat_deg) * METRES_PER_DEG - ay;
    const double length2 = bx * bx + by * by;
    const double share   = length2 > 0 ? fmin(fmax(-(ax * bx + ay * by) / length2, 0), 1) : 0;
    const double x = ax + share * bx, y = ay + share * by;
    return x * x + y * y;
}

static bool is_near_ring(const double *lon, const double *lat, uint32_t count, double lon_deg,
                         double lat_deg, double within_m) {
    for (uint32_t i = 0, j = count - 1; i < count; j = i++) {
        if (to_side_m2(lon_deg, lat_deg, lon[j], lat[j], lon[i], lat[i]) <= within_m * within_m) {
            return true;
        }
    }
    return false;
}

bool mu_hazard_is_near(const muster_hazard *h, double lon_deg, double lat_deg, double within_m) {
    const muster_multipolygon *a = &h->area;
    if (muster_hazard_contains(h, lon_deg, lat_deg)) return true;
    if (within_m <= 0) return false;
    const uint32_t rings = a->polygon_count > 0 ? a->first_ring[a->polygon_count] : 0;
    for (uint32_t r = 0; r < rings; ++r) {
        const uint32_t first = a->first_point[r];
        if (is_near_ring(a->lon_deg + first, a->lat_deg + first, a->first_point[r + 1] - first,
                         lon_deg, lat_deg, within_m)) {
            return true;
        }
    }
    return false;
}
