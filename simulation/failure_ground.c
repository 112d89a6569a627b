/* What may fail: units of a kind, roads of a class, bridges. They are listed once, sorted, so that which of them
 * is drawn does not depend on the order of the store's rows. */
#include "simulation/failure_ground.h"

#include <stdlib.h>
#include <string.h>

static int by_code(const void *a, const void *b) {
    const char *const *x = a, *const *y = b;
    return strcmp(*x, *y);
}

static bool has_kind(const muster_problem *problem, const char *code) {
    for (uint32_t k = 0; k < problem->kind_count; ++k) {
        if (strcmp(problem->kind[k].code, code) == 0) return true;
    }
    return false;
}

/* ---- units --------------------------------------------------------------------------------- */

/* The kind of a vehicle, machine pool or stock; MUSTER_NONE of a team, which may have several. */
static bool is_of_kind(const muster_problem *p, uint8_t resource, uint32_t index,
                       const char *kind) {
    if (!kind) return true;
    if (resource == MUSTER_VEHICLE) return strcmp(p->kind[p->vehicle[index].kind].code, kind) == 0;
    if (resource == MUSTER_MACHINE) return strcmp(p->kind[p->machine[index].kind].code, kind) == 0;
    if (resource == MUSTER_ITEM) return strcmp(p->kind[p->stock[index].kind].code, kind) == 0;
    const muster_team *team = &p->team[index];
    for (uint32_t c = 0; c < team->capability_count; ++c) {
        if (strcmp(p->kind[team->capability[c]].code, kind) == 0) return true;
    }
    return false;
}

static bool is_named(const mu_unit_failure *f, const char *code) {
    for (uint32_t u = 0; u < f->unit_count; ++u) {
        if (strcmp(f->unit[u], code) == 0) return true;
    }
    return f->unit_count == 0;
}

/* Codes, each once: of a warehouse there are rows for each item. */
static muster_status list_units(mu_ground *g, const muster_problem *problem,
                                const mu_unit_failure *f, mu_unit_ground *out) {
    const muster_resource resource = (muster_resource)f->resource;
    const uint32_t        count    = muster_problem_unit_count(problem, resource);
    const char          **code;
    uint32_t              used = 0;
    MU_TRY(mu_arena_take(&g->arena, &code, count, sizeof *code));
    for (uint32_t i = 0; i < count; ++i) {
        const char *one = muster_problem_unit(problem, resource, i)->code;
        if (is_of_kind(problem, f->resource, i, f->kind) && is_named(f, one)) code[used++] = one;
    }
    qsort(code, used, sizeof *code, by_code);
    uint32_t unique = 0;
    for (uint32_t i = 0; i < used; ++i) {
        if (i == 0 || strcmp(code[i], code[i - 1]) != 0) code[unique++] = code[i];
    }
    out->unit       = code;
    out->unit_count = unique;
    for (uint32_t u = 0; u < f->unit_count; ++u) {
        if (bsearch(&f->unit[u], code, unique, sizeof *code, by_code)) continue;
        return muster_fail(
            MUSTER_E_INVALID,
            "\"%s\": unit_failure '%s' names the unit '%s', which the store lacks, or "
            "which is of another kind; expected one of its units",
            g->file->about.path, f->code, f->unit[u]);
    }
    return MUSTER_OK;
}

static muster_status make_units(mu_ground *g, const muster_problem *problem) {
    mu_unit_ground *units;
    MU_TRY(mu_arena_take(&g->arena, &units, g->file->unit_failure_count, sizeof *units));
    for (uint32_t f = 0; f < g->file->unit_failure_count; ++f) {
        const mu_unit_failure *failure = &g->file->unit_failure[f];
        if (failure->kind && !has_kind(problem, failure->kind)) {
            return muster_fail(MUSTER_E_INVALID,
                               "\"%s\": unit_failure '%s' is of the kind '%s', which the store "
                               "lacks; expected one of its table kind",
                               g->file->about.path, failure->code, failure->kind);
        }
        MU_TRY(list_units(g, problem, failure, &units[f]));
    }
    g->units = units;
    return MUSTER_OK;
}

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

muster_status mu_failure_ground_make(mu_ground *g, const muster_problem *problem,
                                     const muster_network *network) {
    MU_TRY(make_edges(g, network));
    MU_TRY(make_units(g, problem));
    return make_bridges(g, network);
}
