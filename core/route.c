/* One fastest path, drawn: the line from the shapes of its arcs, or by air the great circle. */
#include "core/route.h"

#include "core/alloc.h"
#include "core/edge_line.h"
#include "core/great_circle.h"
#include "core/plane.h"
#include "core/snap_check.h"

struct muster_route {
    mu_cost   cost;
    uint32_t *arc;
    uint32_t  arc_count;
    double   *lon_deg, *lat_deg;
    uint32_t  point_count;
};

/* ---- line ---------------------------------------------------------------------------- */

static void add_point(muster_route *route, double lon_deg, double lat_deg) {
    route->lon_deg[route->point_count] = lon_deg;
    route->lat_deg[route->point_count] = lat_deg;
    ++route->point_count;
}

/* The points of the arc strictly between shares `start` and `end` of its length. */
static void add_interior(muster_route *route, const muster_network *net, uint32_t arc, double start,
                         double end) {
    const uint32_t edge = arc >> 1, count = mu_edge_point_count(net, edge);
    mu_plane       plane;
    const double   length_m = mu_edge_plane_length_m(net, edge, &plane);
    const bool     backward = arc & 1;
    double         x0, y0, travelled_m = 0;
    mu_edge_point(net, edge, backward ? count - 1 : 0, &x0, &y0);
    for (uint32_t i = 1; i + 1 < count; ++i) {
        double x1, y1;
        mu_edge_point(net, edge, backward ? count - 1 - i : i, &x1, &y1);
        travelled_m += mu_plane_distance_m(&plane, x1 - x0, y1 - y0);
        if (travelled_m > start * length_m && travelled_m < end * length_m) {
            add_point(route, x1, y1);
        }
        x0 = x1;
        y0 = y1;
    }
}

/* All of them: most arcs are driven whole, and then nothing need be measured. */
static void add_shape(muster_route *route, const muster_network *net, uint32_t arc) {
    const uint32_t edge = arc >> 1, count = mu_edge_point_count(net, edge);
    for (uint32_t i = 1; i + 1 < count; ++i) {
        double lon_deg, lat_deg;
        mu_edge_point(net, edge, arc & 1 ? count - 1 - i : i, &lon_deg, &lat_deg);
        add_point(route, lon_deg, lat_deg);
    }
}

static double share_along(uint32_t arc, const muster_snap *place) {
    return arc & 1 ? 1 - place->fraction : place->fraction;
}

static muster_status draw(muster_route *route, const muster_network *net, const muster_snap *from,
                          const muster_snap *to) {
    const muster_network_data *v     = &net->view;
    size_t                     bound = 2;
    for (uint32_t i = 0; i < route->arc_count; ++i) {
        bound += mu_edge_point_count(net, route->arc[i] >> 1);
    }
    MU_TRY(mu_alloc(&route->lon_deg, bound, sizeof *route->lon_deg));
    MU_TRY(mu_alloc(&route->lat_deg, bound, sizeof *route->lat_deg));
    add_point(route, from->lon_deg, from->lat_deg);
    for (uint32_t i = 0; i < route->arc_count; ++i) {
        const uint32_t arc     = route->arc[i];
        const bool     is_last = i + 1 == route->arc_count;
        if (i > 0 && !is_last) {
            add_shape(route, net, arc);
        } else {
            add_interior(route, net, arc, i == 0 ? share_along(arc, from) : 0,
                         is_last ? share_along(arc, to) : 1);
        }
        if (!is_last) {
            const uint32_t node = mu_arc_head(net, arc);
            add_point(route, v->node_lon_deg[node], v->node_lat_deg[node]);
        }
    }
    add_point(route, to->lon_deg, to->lat_deg);
    return MUSTER_OK;
}

/* ---- public -------------------------------------------------------------------------- */

/* Arcs in driving order, and what they cost. */
typedef struct drive {
    mu_cost         cost;
    uint32_t        arc_count;
    const uint32_t *arc;
} drive;

static muster_status build(muster_route *route, const muster_network *network, const drive *d,
                           const muster_snap *from, const muster_snap *to) {
    route->cost      = d->cost;
    route->arc_count = d->arc_count;
    MU_TRY(mu_alloc_copy(&route->arc, d->arc, d->arc_count, sizeof *route->arc));
    return draw(route, network, from, to);
}

static muster_status new_route(muster_route **out, const muster_network *network, const drive *d,
                               const muster_snap *from, const muster_snap *to) {
    muster_route *route;
    *out = NULL;
    MU_TRY(mu_alloc_zeroed(&route, 1, sizeof *route));
    const muster_status status = build(route, network, d, from, to);
    if (status != MUSTER_OK) {
        muster_route_free(route);
        return status;
    }
    *out = route;
    return MUSTER_OK;
}

muster_status mu_route_new(muster_route **out, const muster_network *network, const mu_path *path,
                           const muster_snap *from, const muster_snap *to) {
    const drive d = {path->cost, path->arc_count, path->arc};
    return new_route(out, network, &d, from, to);
}

/* ---- what is left of one ------------------------------------------------------------- */

/* From a place that is on its way, not at a junction, to its end; no arcs: it is not told. */
static drive rest_of(const muster_route *route, const muster_snap *from, const muster_snap *to) {
    uint32_t first = 0;
    if (from->fraction <= 0 || from->fraction >= 1) return (drive){0};
    while (first < route->arc_count && route->arc[first] >> 1 != from->edge) ++first;
    if (first == route->arc_count || route->arc[route->arc_count - 1] >> 1 != to->edge) {
        return (drive){0};
    }
    return (drive){0, route->arc_count - first, route->arc + first};
}

/* Costs are added as searches add them, so that the fastest way costs the same either way. */
static mu_cost cost_of(const muster_metric *metric, const drive *d, const muster_snap *from,
                       const muster_snap *to) {
    const uint32_t last = d->arc_count - 1;
    if (last == 0) return mu_cost_direct(metric, d->arc[0], from, to);
    mu_cost sum = mu_cost_from(metric, d->arc[0], from->fraction);
    for (uint32_t i = 1; i <= last && sum < MU_INFINITE_WEIGHT; ++i) {
        const mu_cost more =
            i < last ? mu_arc_cost(metric, d->arc[i]) : mu_cost_to(metric, d->arc[i], to->fraction);
        sum = more < MU_INFINITE_WEIGHT ? sum + more : MU_NO_PATH;
    }
    return sum < MU_INFINITE_WEIGHT ? sum : MU_NO_PATH;
}

static muster_status check_arcs(const muster_route *route, const muster_metric *metric) {
    const uint32_t arcs = 2 * metric->network->view.edge_count;
    for (uint32_t i = 0; i < route->arc_count; ++i) {
        if (route->arc[i] < arcs) continue;
        return muster_fail(MUSTER_E_INVALID,
                           "the route is over arc %u, but the metric's network has %u arcs",
                           route->arc[i], arcs);
    }
    return MUSTER_OK;
}

muster_status muster_route_rest(muster_route **out, const muster_route *route,
                                const muster_metric *metric, const muster_snap *from,
                                const muster_snap *to) {
    *out = NULL;
    MU_TRY(mu_check_snap(metric, "the rest's start", from));
    MU_TRY(mu_check_snap(metric, "the rest's end", to));
    MU_TRY(check_arcs(route, metric));
    drive d = rest_of(route, from, to);
    if (d.arc_count == 0 || mu_metric_flies(metric)) return MUSTER_OK;
    if (mu_graph_has_turns(&metric->network->graph)) return MUSTER_OK;
    d.cost = cost_of(metric, &d, from, to);
    return d.cost == MU_NO_PATH ? MUSTER_OK : new_route(out, metric->network, &d, from, to);
}

/* ---- by air -------------------------------------------------------------------------- */

/* A point each so often: a line drawn straight from one to the next, in degrees, is off by 12 m
 * at 45 degrees north and by 21 m at 60. */
static const double FLIGHT_STEP_M = 25000;

static muster_status fly(muster_route *route, const muster_snap *from, const muster_snap *to) {
    const uint32_t steps = 1 + (uint32_t)(muster_route_distance_m(route) / FLIGHT_STEP_M);
    MU_TRY(mu_alloc(&route->lon_deg, (size_t)steps + 1, sizeof *route->lon_deg));
    MU_TRY(mu_alloc(&route->lat_deg, (size_t)steps + 1, sizeof *route->lat_deg));
    for (uint32_t i = 0; i <= steps; ++i) {
        double lon_deg, lat_deg;
        muster_great_circle_between(from->lon_deg, from->lat_deg, to->lon_deg, to->lat_deg,
                                    (double)i / steps, &lon_deg, &lat_deg);
        add_point(route, lon_deg, lat_deg);
    }
    return MUSTER_OK;
}

muster_status mu_route_fly(muster_route **out, mu_cost cost, const muster_snap *from,
                           const muster_snap *to) {
    muster_route *route;
    *out = NULL;
    MU_TRY(mu_alloc_zeroed(&route, 1, sizeof *route));
    route->cost                = cost;
    const muster_status status = fly(route, from, to);
    if (status != MUSTER_OK) {
        muster_route_free(route);
        return status;
    }
    *out = route;
    return MUSTER_OK;
}

void muster_route_free(muster_route *route) {
    if (!route) return;
    mu_free(route->arc);
    mu_free(route->lon_deg);
    mu_free(route->lat_deg);
    mu_free(route);
}

uint32_t muster_route_duration_ms(const muster_route *route) {
    return mu_cost_ms(route->cost);
}

double muster_route_distance_m(const muster_route *route) {
    return mu_cost_cm(route->cost) / 100.0;
}

const uint32_t *muster_route_arcs(const muster_route *route, uint32_t *out_count) {
    *out_count = route->arc_count;
    return route->arc;
}

uint32_t muster_route_point_count(const muster_route *route) {
    return route->point_count;
}

const double *muster_route_lon_deg(const muster_route *route) {
    return route->lon_deg;
}

const double *muster_route_lat_deg(const muster_route *route) {
    return route->lat_deg;
}
