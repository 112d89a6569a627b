/* A road with two carriageways is two one-way edges side by side, and a bridge is cut wherever something
 * about it changes: what falls with a pier, or drowns, is all of them.
 *
 *   - Halves: one-way edges of the same class, name and level, bridges or not, that are driven in opposite
 *     directions. The shorter one is the other half of the longest way along which it lies: of the longer
 *     one that is nearest to its middle, within HALVES_M. Links go to longer edges only, so a road does
 *     not grow from carriageway to carriageway all along.
 *   - Spans: bridge edges of the same name and level that meet where nothing else does.
 *
 * Groups are what is linked, by any number of steps. */
#include "solver/critical_groups.h"

#include <math.h>
#include <string.h>

#include "core/alloc.h"
#include "core/plane.h"

/* Expressways in both directions are some 30 m apart from middle to middle. */
static const double HALVES_M = 40;

/* Driven in opposite directions: within 25 degrees of it. */
static const double LEAST_COSINE = 0.9;

/* How many ends of edges are at a node, and the first and the last of them. */
typedef struct meeting {
    uint32_t count, one, other;
} meeting;

typedef struct grouping {
    const muster_network      *network;
    const muster_network_data *v;
    uint32_t                  *parent; /* [edge_count] an edge of the same group that is no later */
    meeting                   *at;     /* [node_count] */
} grouping;

/* ---- what is linked ------------------------------------------------------------------------ */

static uint32_t find_first(const grouping *g, uint32_t e) {
    while (g->parent[e] != e) {
        g->parent[e] = g->parent[g->parent[e]];
        e            = g->parent[e];
    }
    return e;
}

static void join(const grouping *g, uint32_t e, uint32_t f) {
    const uint32_t a = find_first(g, e), b = find_first(g, f);
    if (a < b) {
        g->parent[b] = a;
    } else {
        g->parent[a] = b;
    }
}

static bool are_named_alike(const muster_network_data *v, uint32_t e, uint32_t f) {
    const uint32_t a = v->edge_name[e], b = v->edge_name[f];
    if (a == MUSTER_NONE || b == MUSTER_NONE) return a == b;
    return a == b || strcmp(v->names + a, v->names + b) == 0;
}

static bool are_alike(const muster_network_data *v, uint32_t e, uint32_t f) {
    return v->edge_flags[e] == v->edge_flags[f] && v->edge_layer[e] == v->edge_layer[f] &&
           are_named_alike(v, e, f);
}

/* ---- halves -------------------------------------------------------------------------------- */

/* 1: from source to target alone; -1: the other way alone; 0: both, or closed. */
static int oneway(const muster_network_data *v, uint32_t e) {
    const bool forward  = (v->edge_access_forward[e] & MUSTER_ACCESS_ALL) != 0;
    const bool backward = (v->edge_access_backward[e] & MUSTER_ACCESS_ALL) != 0;
    return forward - backward;
}

/* A point of an edge, and where it is driven to there. */
typedef struct spot {
    double lon_deg, lat_deg, x_m, y_m;
} spot;

static spot point_at(const muster_network *network, uint32_t e, uint32_t i) {
    spot at = {0};
    mu_edge_point(network, e, i, &at.lon_deg, &at.lat_deg);
    return at;
}

/* The point so far between two others, with the direction from the one to the other. */
static spot between(const mu_plane *plane, spot a, spot b, double part, int way) {
    return (spot){a.lon_deg + part * (b.lon_deg - a.lon_deg),
                  a.lat_deg + part * (b.lat_deg - a.lat_deg),
                  way * (b.lon_deg - a.lon_deg) * plane->x_m_per_deg,
                  way * (b.lat_deg - a.lat_deg) * plane->y_m_per_deg};
}

static double distance_m(const mu_plane *plane, spot a, spot b) {
    return mu_plane_distance_m(plane, b.lon_deg - a.lon_deg, b.lat_deg - a.lat_deg);
}

static spot middle_of(const muster_network *n, const mu_plane *plane, uint32_t e) {
    const uint32_t count = mu_edge_point_count(n, e);
    double         all_m = 0, past_m = 0;
    for (uint32_t i = 1; i < count; ++i) {
        all_m += distance_m(plane, point_at(n, e, i - 1), point_at(n, e, i));
    }
    for (uint32_t i = 1; i < count; ++i) {
        const spot   a = point_at(n, e, i - 1), b = point_at(n, e, i);
        const double length_m = distance_m(plane, a, b);
        if (length_m > 0 && past_m + length_m >= all_m / 2) {
            return between(plane, a, b, (all_m / 2 - past_m) / length_m, oneway(&n->view, e));
        }
        past_m += length_m;
    }
    return point_at(n, e, 0);
}

static spot nearest_on(const muster_network *n, const mu_plane *plane, uint32_t e, spot to) {
    spot   best    = point_at(n, e, 0);
    double least_m = INFINITY;
    for (uint32_t i = 1; i < mu_edge_point_count(n, e); ++i) {
        const spot   a = point_at(n, e, i - 1), b = point_at(n, e, i);
        const spot   all = between(plane, a, b, 0, 1), way = between(plane, a, to, 0, 1);
        const double square = all.x_m * all.x_m + all.y_m * all.y_m;
        const double part   = square > 0 ? (way.x_m * all.x_m + way.y_m * all.y_m) / square : 0;
        const spot   here   = between(plane, a, b,
                                  part < 0   ? 0
                                      : part > 1 ? 1
                                                 : part,
                                      oneway(&n->view, e));
        const double here_m = distance_m(plane, here, to);
        if (here_m >= least_m) continue;
        least_m = here_m;
        best    = here;
    }
    return best;
}

static bool are_opposite(spot a, spot b) {
    const double sizes = hypot(a.x_m, a.y_m) * hypot(b.x_m, b.y_m);
    return sizes > 0 && a.x_m * b.x_m + a.y_m * b.y_m <= -LEAST_COSINE * sizes;
}

/* The other half of one edge is looked for. */
typedef struct half_search {
    const muster_network *network;
    uint32_t              edge, best;
    mu_plane              plane;
    spot                  middle;
    double                best_m;
} half_search;

static bool is_longer(const muster_network_data *v, uint32_t e, uint32_t f) {
    return v->edge_length_m[e] > v->edge_length_m[f] ||
           (v->edge_length_m[e] == v->edge_length_m[f] && e < f);
}

static bool consider(void *user, uint32_t f) {
    half_search               *h = user;
    const muster_network_data *v = &h->network->view;
    if (f == h->edge || !is_longer(v, f, h->edge) || oneway(v, f) == 0) return true;
    if (v->edge_class[f] != v->edge_class[h->edge] || !are_alike(v, f, h->edge)) return true;
    const spot   beside   = nearest_on(h->network, &h->plane, f, h->middle);
    const double beside_m = distance_m(&h->plane, beside, h->middle);
    if (beside_m > HALVES_M || !are_opposite(beside, h->middle)) return true;
    if (beside_m > h->best_m || (beside_m == h->best_m && f > h->best)) return true;
    h->best_m = beside_m;
    h->best   = f;
    return true;
}

static void join_halves(const grouping *g) {
    const muster_network_data *v = g->v;
    for (uint32_t e = 0; e < v->edge_count; ++e) {
        if (oneway(v, e) == 0) continue;
        half_search h = {.network = g->network, .edge = e, .best = MUSTER_NONE, .best_m = INFINITY};
        h.plane       = mu_plane_at(v->node_lat_deg[v->edge_source[e]]);
        h.middle      = middle_of(g->network, &h.plane, e);
        const double lon_deg = HALVES_M / h.plane.x_m_per_deg;
        const double lat_deg = HALVES_M / h.plane.y_m_per_deg;
        const mu_box box     = {h.middle.lon_deg - lon_deg, h.middle.lat_deg - lat_deg,
                                h.middle.lon_deg + lon_deg, h.middle.lat_deg + lat_deg};
        mu_rtree_search(&g->network->edges, &box, consider, &h);
        if (h.best != MUSTER_NONE) join(g, e, h.best);
    }
}

/* ---- spans --------------------------------------------------------------------------------- */

static void meet(meeting *m, uint32_t edge) {
    if (m->count == 0) m->one = edge;
    m->other = edge;
    ++m->count;
}

static void list_meetings(const grouping *g) {
    const muster_network_data *v = g->v;
    for (uint32_t e = 0; e < v->edge_count; ++e) {
        meet(&g->at[v->edge_source[e]], e);
        meet(&g->at[v->edge_target[e]], e);
    }
}

static void join_spans(const grouping *g) {
    const muster_network_data *v = g->v;
    for (uint32_t n = 0; n < v->node_count; ++n) {
        const meeting m = g->at[n];
        if (m.count != 2 || !(v->edge_flags[m.one] & MUSTER_EDGE_BRIDGE)) continue;
        if (are_alike(v, m.one, m.other)) join(g, m.one, m.other);
    }
}

/* ---- groups -------------------------------------------------------------------------------- */

static void mark_inside(const grouping *g, mu_road_groups *out) {
    for (uint32_t n = 0; n < g->v->node_count; ++n) {
        const meeting m   = g->at[n];
        out->is_inside[n] = m.count == 2 && out->of_edge[m.one] == out->of_edge[m.other];
    }
}

/* Firsts are their own parents, and come before all others of their groups. */
static void number_groups(const grouping *g, mu_road_groups *out) {
    for (uint32_t e = 0; e < g->v->edge_count; ++e) {
        const uint32_t first = find_first(g, e);
        out->of_edge[e]      = first == e ? out->count++ : out->of_edge[first];
    }
}

static muster_status list_groups(mu_road_groups *out, uint32_t edge_count) {
    MU_TRY(mu_alloc_zeroed(&out->first, (size_t)out->count + 2, sizeof *out->first));
    MU_TRY(mu_alloc(&out->edge, edge_count, sizeof *out->edge));
    uint32_t *end = out->first + 1; /* of a group's edges, once they are all in */
    for (uint32_t e = 0; e < edge_count; ++e) ++end[out->of_edge[e] + 1];
    for (uint32_t i = 0; i < out->count; ++i) end[i + 1] += end[i];
    for (uint32_t e = 0; e < edge_count; ++e) out->edge[end[out->of_edge[e]]++] = e;
    return MUSTER_OK;
}

static muster_status group(grouping *g, mu_road_groups *out) {
    const uint32_t edges = g->v->edge_count;
    MU_TRY(mu_alloc(&g->parent, edges, sizeof *g->parent));
    MU_TRY(mu_alloc_zeroed(&g->at, g->v->node_count, sizeof *g->at));
    MU_TRY(mu_alloc(&out->of_edge, edges, sizeof *out->of_edge));
    MU_TRY(mu_alloc(&out->is_inside, g->v->node_count, sizeof *out->is_inside));
    for (uint32_t e = 0; e < edges; ++e) g->parent[e] = e;
    list_meetings(g);
    join_halves(g);
    join_spans(g);
    number_groups(g, out);
    mark_inside(g, out);
    return list_groups(out, edges);
}

muster_status mu_road_groups_init(mu_road_groups *out, const muster_network *network) {
    grouping g                 = {.network = network, .v = muster_network_view(network)};
    *out                       = (mu_road_groups){0};
    const muster_status status = group(&g, out);
    mu_free(g.parent);
    mu_free(g.at);
    if (status != MUSTER_OK) mu_road_groups_fini(out);
    return status;
}

void mu_road_groups_fini(mu_road_groups *groups) {
    mu_free(groups->of_edge);
    mu_free(groups->first);
    mu_free(groups->edge);
    mu_free(groups->is_inside);
    *groups = (mu_road_groups){0};
}
