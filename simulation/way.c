/* A route has its arcs and its line; here each point of the line gets its moment. The line passes the
 * junction at each arc's end exactly, which tells which of its points are whose. What the arcs take in all
 * is less than the route where turns take time: then all is stretched to it. */
#include "simulation/way.h"

#include <math.h>

#include "core/alloc.h"

static const double DEGREE_RAD = 0.017453292519943295;

typedef struct timing {
    const muster_network_data *v;
    const uint32_t            *arc, *arc_ms;
    uint32_t                   arc_count;
    double  from_share, to_share; /* of the first arc that is left out, of the last that is in */
    double *at;                   /* by point: unscaled */
} timing;

/* Only ratios count, within one arc. */
static double length_of(const mu_way *w, uint32_t point) {
    const double x =
        (w->lon_deg[point] - w->lon_deg[point - 1]) * cos(w->lat_deg[point] * DEGREE_RAD);
    const double y = w->lat_deg[point] - w->lat_deg[point - 1];
    return sqrt(x * x + y * y);
}

/* Spread what it takes from one point to another along what lies between them. */
static void spread(const mu_way *w, double *at, uint32_t first, uint32_t last, double takes_ms) {
    double whole = 0, part = 0;
    for (uint32_t i = first + 1; i <= last; ++i) whole += length_of(w, i);
    for (uint32_t i = first + 1; i <= last; ++i) {
        part += length_of(w, i);
        at[i] = at[first] + takes_ms * (whole > 0 ? part / whole : 1);
    }
}

/* The point at which an arc ends, behind `after`; the end of the line for the last. */
static uint32_t end_of(const timing *t, const mu_way *w, uint32_t index, uint32_t after) {
    const uint32_t arc = t->arc[index], edge = arc >> 1;
    const uint32_t node = arc & 1 ? t->v->edge_source[edge] : t->v->edge_target[edge];
    uint32_t       i    = after + 1;
    if (index + 1 == t->arc_count) return w->point_count - 1;
    while (i + 1 < w->point_count && (w->lon_deg[i] != t->v->node_lon_deg[node] ||
                                      w->lat_deg[i] != t->v->node_lat_deg[node])) {
        ++i;
    }
    return i;
}

static double takes_ms(const timing *t, uint32_t index) {
    const double start = index == 0 ? t->from_share : 0;
    const double end   = index + 1 == t->arc_count ? t->to_share : 1;
    return end > start ? (end - start) * t->arc_ms[t->arc[index]] : 0;
}

static void time_points(const timing *t, const mu_way *w) {
    uint32_t point = 0;
    t->at[0]       = 0;
    if (t->arc_count == 0) spread(w, t->at, 0, w->point_count - 1, 1);
    for (uint32_t i = 0; i < t->arc_count && point + 1 < w->point_count; ++i) {
        const uint32_t end = end_of(t, w, i, point);
        spread(w, t->at, point, end, takes_ms(t, i));
        point = end;
    }
}

/* To the whole of the route, in whole milliseconds. */
static void scale(mu_way *w, const double *at) {
    const uint32_t last  = w->point_count - 1;
    const double   whole = at[last];
    for (uint32_t i = 0; i < last; ++i) {
        const double share = whole > 0 ? at[i] / whole : 0;
        w->offset_ms[i]    = (uint32_t)(share * w->duration_ms);
    }
    w->offset_ms[last] = w->duration_ms;
}

static double share_along(uint32_t arc, const muster_snap *place) {
    return arc & 1 ? 1 - place->fraction : place->fraction;
}

static muster_status fill(mu_way *w, muster_route *route, const muster_metric *metric) {
    timing t = {.v      = muster_network_view(muster_metric_network(metric)),
                .arc_ms = muster_metric_duration_ms(metric)};
    t.arc    = muster_route_arcs(route, &t.arc_count);
    if (t.arc_count > 0) {
        t.from_share = share_along(t.arc[0], &w->from);
        t.to_share   = share_along(t.arc[t.arc_count - 1], &w->to);
    }
    w->route       = route;
    w->point_count = muster_route_point_count(route);
    w->lon_deg     = muster_route_lon_deg(route);
    w->lat_deg     = muster_route_lat_deg(route);
    MU_TRY(mu_alloc_zeroed(&w->offset_ms, w->point_count, sizeof *w->offset_ms));
    MU_TRY(mu_alloc_zeroed(&t.at, w->point_count, sizeof *t.at));
    time_points(&t, w);
    scale(w, t.at);
    mu_free(t.at);
    return MUSTER_OK;
}

static void erase(mu_way *w) {
    muster_route_free(w->route);
    mu_free(w->offset_ms);
    w->lon_deg = w->lat_deg = NULL;
    w->offset_ms            = NULL;
    w->point_count          = 0;
    w->route                = NULL;
}

muster_status mu_way_draw(mu_way *w, muster_route *route, const muster_metric *metric) {
    const muster_status status = fill(w, route, metric);
    if (status != MUSTER_OK) erase(w);
    return status;
}

void mu_way_fini(mu_way *w) {
    erase(w);
    *w = (mu_way){0};
}

/* The last point that it has passed after so long, of those before the end. */
static uint32_t passed(const mu_way *w, uint32_t after_ms) {
    uint32_t low = 0, high = w->point_count - 1;
    while (high - low > 1) {
        const uint32_t middle = low + (high - low) / 2;
        if (w->offset_ms[middle] <= after_ms) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

void mu_way_place(const mu_way *w, int64_t after_ms, double *out_lon_deg, double *out_lat_deg) {
    const uint32_t at    = after_ms >= w->duration_ms ? w->duration_ms
                           : after_ms > 0             ? (uint32_t)after_ms
                                                      : 0;
    const uint32_t i     = passed(w, at);
    const uint32_t span  = w->offset_ms[i + 1] - w->offset_ms[i];
    const double   share = at == w->duration_ms ? 1
                           : span > 0           ? (double)(at - w->offset_ms[i]) / span
                                                : 0;
    *out_lon_deg         = w->lon_deg[i] + share * (w->lon_deg[i + 1] - w->lon_deg[i]);
    *out_lat_deg         = w->lat_deg[i] + share * (w->lat_deg[i + 1] - w->lat_deg[i]);
}

double mu_way_distance(const mu_way *w, int64_t after_ms) {
    if (after_ms >= w->duration_ms) return w->distance_m;
    return after_ms > 0 ? w->distance_m * (double)after_ms / w->duration_ms : 0;
}
