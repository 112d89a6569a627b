/* The foot of a place on a road: on each straight piece of the edge's line, the point that is nearest in
 * the flat map round the place; of all pieces the nearest, of equals the first. */
#include "core/foot.h"

#include "core/network.h"

mu_stand mu_stand_at(double lon_deg, double lat_deg) {
    return (mu_stand){lon_deg, lat_deg, mu_plane_at(lat_deg)};
}

typedef struct foot {
    double lon_deg, lat_deg, distance_m, along_m;
} foot;

muster_snap mu_foot_on(const mu_stand *stand, const muster_network *network, uint32_t edge) {
    const mu_plane *plane = &stand->plane;
    const uint32_t  count = mu_edge_point_count(network, edge);
    double          x0, y0, length_m = 0;
    foot            best = {.distance_m = INFINITY};
    mu_edge_point(network, edge, 0, &x0, &y0);
    for (uint32_t i = 1; i < count; ++i) {
        double x1, y1;
        mu_edge_point(network, edge, i, &x1, &y1);
        const double dx = (x1 - x0) * plane->x_m_per_deg, dy = (y1 - y0) * plane->y_m_per_deg;
        const double px     = (stand->lon_deg - x0) * plane->x_m_per_deg;
        const double py     = (stand->lat_deg - y0) * plane->y_m_per_deg;
        const double square = dx * dx + dy * dy;
        const double t      = square > 0 ? fmin(1, fmax(0, (px * dx + py * dy) / square)) : 0;
        const double away_m = hypot(px - t * dx, py - t * dy);
        const double step_m = sqrt(square);
        if (away_m < best.distance_m) {
            best = (foot){x0 + t * (x1 - x0), y0 + t * (y1 - y0), away_m, length_m + t * step_m};
        }
        length_m += step_m;
        x0 = x1;
        y0 = y1;
    }
    return (muster_snap){.edge       = edge,
                         .fraction   = length_m > 0 ? fmin(1, best.along_m / length_m) : 0,
                         .lon_deg    = best.lon_deg,
                         .lat_deg    = best.lat_deg,
                         .distance_m = best.distance_m};
}
