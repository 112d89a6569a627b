/* Roads that may fail: those of a class, bridges. They are listed once, sorted, so that which of them
 * is drawn does not depend on the order of the store's rows. */
#include "simulation/failure_ground.h"

#include <stdlib.h>

/* ---- roads --------------------------------------------------------------------------------- */

static void middle_of(const muster_network_data *n, uint32_t e, double *lon_deg, double *lat_deg) {
    const uint32_t a = n->edge_source[e], b = n->edge_target[e];
    *lon_deg = (n->node_lon_deg[a] + n->node_lon_deg[b]) / 2;
    *lat_deg = (n->node_lat_deg[a] + n->node_lat_deg[b]) / 2;
}

static bool may_fail(const muster_network_data *n, uint32_t e, const mu_road_failure *f) {
    double lon_deg, lat_deg;
    if (!(f->class_bits >> n->edge_class[e] & 1)) return false;
    if (f->bridges_alone && !(n->edge_flags[e] & MUSTER_EDGE_BRIDGE)) return false;
    if (f->polygon.point_count == 0) return true;
    middle_of(n, e, &lon_deg, &lat_deg);
    return mu_ring_contains(&f->polygon, lon_deg, lat_deg);
}

static muster_status refuse_road(const mu_ground *g, const mu_road_failure *f, const char *why) {
    return muster_fail(MUSTER_E_INVALID, "\"%s\": road_failure '%s' %s", g->file->about.path,
                       f->code, why);
}

static int by_id(const void *a, const void *b) {
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

/* Roads that may be drawn, by id. */
static muster_status list_edges(mu_ground *g, const muster_network_data *n,
                                const mu_road_failure *f, mu_edges_ground *out) {
    int64_t *edge_id;
    uint32_t count = 0;
    for (uint32_t e = 0; e < n->edge_count; ++e) count += may_fail(n, e, f);
    if (count == 0) return refuse_road(g, f, "finds no road of its classes; expected one or more");
    MU_TRY(mu_arena_take(&g->arena, &edge_id, count, sizeof *edge_id));
    for (uint32_t e = 0; e < n->edge_count; ++e) {
        if (may_fail(n, e, f)) edge_id[out->edge_count++] = n->edge_id[e];
    }
    qsort(edge_id, count, sizeof *edge_id, by_id);
    out->edge_id = edge_id;
    return MUSTER_OK;
}

static muster_status check_edges(const mu_ground *g, const muster_network_data *n,
                                 const mu_road_failure *f) {
    for (uint32_t i = 0; i < f->edge_count; ++i) {
        uint32_t e = 0;
        while (e < n->edge_count && n->edge_id[e] != f->edge_id[i]) ++e;
        if (e == n->edge_count) {
            return refuse_road(g, f, "has an edge that the store lacks; expected an edge.id of it");
        }
    }
    return MUSTER_OK;
}

static muster_status make_edges(mu_ground *g, const muster_network *network) {
    const muster_network_data *n = muster_network_view(network);
    mu_edges_ground           *edges;
    MU_TRY(mu_arena_take(&g->arena, &edges, g->file->road_failure_count, sizeof *edges));
    for (uint32_t f = 0; f < g->file->road_failure_count; ++f) {
        const mu_road_failure *failure = &g->file->road_failure[f];
        if (failure->is_drawn) MU_TRY(list_edges(g, n, failure, &edges[f]));
        MU_TRY(check_edges(g, n, failure));
    }
    g->edges = edges;
    return MUSTER_OK;
}

/* All bridges: which of them a shock reaches, the course says. */
static muster_status make_bridges(mu_ground *g, const muster_network *network) {
    const muster_network_data *n = muster_network_view(network);
    mu_bridges_ground         *bridges;
    uint32_t                   count = 0;
    MU_TRY(mu_arena_take(&g->arena, &bridges, g->file->earthquake_count, sizeof *bridges));
    for (uint32_t e = 0; e < n->edge_count; ++e)
        count += (n->edge_flags[e] & MUSTER_EDGE_BRIDGE) != 0;
    for (uint32_t q = 0; q < g->file->earthquake_count; ++q) {
        mu_bridge *bridge;
        MU_TRY(mu_arena_take(&g->arena, &bridge, count, sizeof *bridge));
        for (uint32_t e = 0; e < n->edge_count; ++e) {
            if (!(n->edge_flags[e] & MUSTER_EDGE_BRIDGE)) continue;
            mu_bridge *b = &bridge[bridges[q].bridge_count++];
            b->edge_id   = n->edge_id[e];
            b->factor    = g->file->earthquake[q].class_factor[n->edge_class[e]];
            middle_of(n, e, &b->lon_deg, &b->lat_deg);
        }
        bridges[q].bridge = bridge;
    }
    g->bridges = bridges;
    return MUSTER_OK;
}

muster_status mu_failure_ground_make(mu_ground *g, const muster_network *network) {
    MU_TRY(make_edges(g, network));
    return make_bridges(g, network);
}
