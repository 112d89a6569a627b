/* The line of an edge and of its parts, by fractions of its length. */
#include "core/edge_line.h"

#include <muster/isochrone.h>

double mu_edge_plane_length_m(const muster_network *net, uint32_t edge, mu_plane *out_plane) {
    double x0, y0, x1, y1, length_m = 0;
    mu_edge_point(net, edge, 0, &x0, &y0);
    *out_plane = mu_plane_at(y0);
    for (uint32_t i = 1; i < mu_edge_point_count(net, edge); ++i, x0 = x1, y0 = y1) {
        mu_edge_point(net, edge, i, &x1, &y1);
        length_m += mu_plane_distance_m(out_plane, x1 - x0, y1 - y0);
    }
    return length_m;
}

typedef struct line {
    double  *lon_deg, *lat_deg;
    uint32_t count;
} line;

static void add(line *l, double lon_deg, double lat_deg) {
    l->lon_deg[l->count]   = lon_deg;
    l->lat_deg[l->count++] = lat_deg;
}

/* Ends that are the edge's own are its nodes to the last bit, so that lines meet. */
uint32_t muster_edge_part_line(const muster_network *network, const muster_edge_part *part,
                               double *out_lon_deg, double *out_lat_deg) {
    mu_plane       plane;
    const uint32_t count    = mu_edge_point_count(network, part->edge);
    const double   length_m = mu_edge_plane_length_m(network, part->edge, &plane);
    const double   from_m = part->from_fraction * length_m, to_m = part->to_fraction * length_m;
    line           l = {out_lon_deg, out_lat_deg, 0};
    double         x0, y0, x1, y1, travelled_m = 0;
    mu_edge_point(network, part->edge, 0, &x0, &y0);
    if (part->from_fraction <= 0) add(&l, x0, y0);
    for (uint32_t i = 1; i < count; ++i, x0 = x1, y0 = y1) {
        mu_edge_point(network, part->edge, i, &x1, &y1);
        const double step_m = mu_plane_distance_m(&plane, x1 - x0, y1 - y0);
        const double end_m  = travelled_m + step_m;
        if (l.count == 0 && end_m > from_m) {
            const double t = (from_m - travelled_m) / step_m;
            add(&l, x0 + t * (x1 - x0), y0 + t * (y1 - y0));
        }
        if (part->to_fraction < 1 && step_m > 0 && end_m >= to_m) {
            const double t = (to_m - travelled_m) / step_m;
            add(&l, x0 + t * (x1 - x0), y0 + t * (y1 - y0));
            break;
        }
        if (l.count > 0) add(&l, x1, y1);
        travelled_m = end_m;
    }
    if (l.count == 0) add(&l, x0, y0); /* a part of a line without length */
    if (l.count == 1) add(&l, l.lon_deg[0], l.lat_deg[0]);
    return l.count;
}
