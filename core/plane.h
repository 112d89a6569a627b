/* A flat map around one place, good for some tens of kilometres. */
#ifndef MU_CORE_PLANE_H
#define MU_CORE_PLANE_H

#include <math.h>

/* Metres per degree of longitude and latitude on the WGS 84 ellipsoid at a latitude
 * (series of Snyder, "Map Projections: A Working Manual", USGS 1987, to 0.01 m). */
typedef struct mu_plane {
    double x_m_per_deg, y_m_per_deg;
} mu_plane;

static inline mu_plane mu_plane_at(double lat_deg) {
    const double phi = lat_deg * 0.017453292519943295;
    return (mu_plane){.x_m_per_deg =
                          111412.84 * cos(phi) - 93.5 * cos(3 * phi) + 0.118 * cos(5 * phi),
                      .y_m_per_deg = 111132.92 - 559.82 * cos(2 * phi) + 1.175 * cos(4 * phi)};
}

static inline double mu_plane_distance_m(const mu_plane *plane, double dx_deg, double dy_deg) {
    return hypot(dx_deg * plane->x_m_per_deg, dy_deg * plane->y_m_per_deg);
}

#endif
