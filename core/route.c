/* One fastest path, drawn: the arcs from the search's parents, the line from their shapes. */
#include <muster/route.h>

#include "core/alloc.h"
#include "core/edge_line.h"
#include "core/search.h"

struct muster_route {
    mu_cost   cost;
    uint32_t *arc;
    uint32_t  arc_count;
    double   *lon_deg, *lat_deg;
    uint32_t  point_count;
};

/* ---- arcs ---------------------------------------------------------------------------- */

/* The arc of the origin's edge by which a forward search got to its seed node. Of two that
 * end there (a loop), the cheaper, as the search chose. */
static uint32_t first_arc(const mu_search *s, const muster_snap *from, uint32_t seed_node) {
    const uint32_t forward = 2 * from->edge, backward = forward + 1;
    const bool     forward_ends  = mu_arc_head(s->metric->network, forward) == seed_node;
    const bool     backward_ends = mu_arc_head(s->metric->network, backward) == seed_node;
    if (!backward_ends) return forward;
    if (!forward_ends) return backward;
    return mu_cost_from(s->metric, forward, from->fraction) <=
                   mu_cost_from(s->metric, backward, from->fraction)
               ? forward
               : backward;
}

static uint32_t seed_of(const mu_search *s, uint32_t node, uint32_t *out_steps) {
    uint32_t steps = 0;
    while (s->parent_arc[node] != MUSTER_NONE) {
        node = mu_arc_tail(s->metric->network, s->parent_arc[node]);
        ++steps;
    }
    *out_steps = steps;
    return node;
}

/* first arc of the origin's edge, the parents' arcs, last arc of the target's edge. */
static muster_status collect_arcs(muster_route *route, const mu_search *s, const muster_snap *from,
                                  uint32_t last_arc, bool is_direct) {
    const muster_network *net   = s->metric->network;
    uint32_t              steps = 0, seed = MUSTER_NONE;
    if (!is_direct) seed = seed_of(s, mu_arc_tail(net, last_arc), &steps);
    route->arc_count = is_direct ? 1 : steps + 2;
    MU_TRY(mu_alloc(&route->arc, route->arc_count, sizeof *route->arc));
    route->arc[route->arc_count - 1] = last_arc;
    if (is_direct) return MUSTER_OK;
    uint32_t node = mu_arc_tail(net, last_arc);
    for (uint32_t i = steps; i > 0; --i) {
        route->arc[i] = s->parent_arc[node];
        node          = mu_arc_tail(net, s->parent_arc[node]);
    }
    route->arc[0] = first_arc(s, from, seed);
    return MUSTER_OK;
}

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
        add_interior(route, net, arc, i == 0 ? share_along(arc, from) : 0,
                     is_last ? share_along(arc, to) : 1);
        if (!is_last) {
            const uint32_t node = mu_arc_head(net, arc);
            add_point(route, v->node_lon_deg[node], v->node_lat_deg[node]);
        }
    }
    add_point(route, to->lon_deg, to->lat_deg);
    return MUSTER_OK;
}

/* ---- public -------------------------------------------------------------------------- */

static muster_status build(muster_route *route, const mu_search *s, const muster_snap *from,
                           const muster_snap *to) {
    uint32_t last_arc;
    bool     is_direct;
    route->cost = mu_search_cost(s, from, to, &last_arc, &is_direct);
    if (route->cost == MU_NO_PATH) return MUSTER_OK;
    MU_TRY(collect_arcs(route, s, from, last_arc, is_direct));
    return draw(route, s->metric->network, from, to);
}

static muster_status check_snap(const muster_metric *metric, const char *side,
                                const muster_snap *snap) {
    const uint32_t edges = metric->network->view.edge_count;
    if (snap->edge == MUSTER_NONE) return MUSTER_OK;
    if (snap->edge < edges && snap->fraction >= 0 && snap->fraction <= 1) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID,
                       "the route's %s is snapped to edge %u at fraction %g; expected an edge "
                       "below %u and 0 to 1",
                       side, snap->edge, snap->fraction, edges);
}

muster_status muster_route_new(muster_route **out, const muster_metric *metric,
                               const muster_snap *from, const muster_snap *to) {
    *out = NULL;
    MU_TRY(check_snap(metric, "start", from));
    MU_TRY(check_snap(metric, "end", to));
    mu_search search;
    MU_TRY(mu_search_init(&search, metric));
    muster_route *route  = NULL;
    muster_status status = mu_alloc_zeroed(&route, 1, sizeof *route);
    if (status == MUSTER_OK) {
        mu_search_run(&search, MUSTER_FORWARD, from, 1, to);
        status = build(route, &search, from, to);
    }
    mu_search_fini(&search);
    if (status != MUSTER_OK || route->cost == MU_NO_PATH) {
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
