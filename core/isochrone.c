/* What lies within a travel time: nodes by Dijkstra's algorithm, roads from their ends.
 *
 * A place on an arc is reached over the arc's first node (backward: its last), so the reached
 * part of an arc is what the time left at that node buys, and that of an edge is the union over
 * its two arcs. Only an edge with an origin on it has more: what is driven from the origin
 * itself. Times along an arc are those of cost.c, turned round: the fraction at which the
 * rounded time of a part becomes more than what is left. By air it is all within a radius of an
 * origin (flight.c). */
#include <muster/isochrone.h>

#include <math.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "core/flight.h"
#include "core/search.h"
#include "core/snap_check.h"

struct muster_isochrone {
    const muster_network *network;
    uint32_t              limit_count;
    uint32_t             *limit_ms;
    uint32_t             *duration_ms; /* by node of the graph; of a junction its own */
    uint32_t             *node;        /* the reached ones, nearest first */
    uint32_t             *node_end;    /* [limit_count] how many of them are within the limit */
    size_t               *first_part;  /* [limit_count + 1] */
    muster_edge_part     *part;
    size_t                part_count, part_capacity;
    double               *radius_m; /* [limit_count] by air; else NULL */
    uint32_t              origin_count;
    muster_snap          *origin;    /* by air, the snapped ones */
    mu_direction         *direction; /* theirs */
};

/* ---- nodes ------------------------------------------------------------------------------ */

static uint32_t largest_limit(const muster_isochrone *iso) {
    uint32_t most = 0;
    for (uint32_t l = 0; l < iso->limit_count; ++l) {
        if (iso->limit_ms[l] > most) most = iso->limit_ms[l];
    }
    return most;
}

static int by_key(const void *a, const void *b) {
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static muster_status sort_nodes(muster_isochrone *iso, uint32_t reached) {
    uint64_t *key;
    uint32_t  count = 0;
    MU_TRY(mu_alloc(&iso->node, reached, sizeof *iso->node));
    MU_TRY(mu_alloc(&key, reached, sizeof *key));
    for (uint32_t v = 0; v < iso->network->view.node_count; ++v) {
        if (iso->duration_ms[v] == MUSTER_UNREACHABLE_MS) continue;
        key[count++] = (uint64_t)iso->duration_ms[v] << 32 | v;
    }
    qsort(key, count, sizeof *key, by_key);
    for (uint32_t i = 0; i < count; ++i) {
        iso->node[i] = (uint32_t)key[i];
        for (uint32_t l = 0; l < iso->limit_count; ++l) {
            if (key[i] >> 32 <= iso->limit_ms[l]) iso->node_end[l] = i + 1;
        }
    }
    mu_free(key);
    return MUSTER_OK;
}

static muster_status find_nodes(muster_isochrone *iso, const muster_metric *metric,
                                uint32_t origin_count, const muster_snap *origins,
                                muster_direction direction) {
    mu_search search;
    uint32_t  reached = 0;
    MU_TRY(mu_search_init(&search, metric));
    mu_search_reach(&search, direction, origin_count, origins,
                    mu_cost_of(largest_limit(iso), UINT32_MAX));
    const mu_graph *g = &iso->network->graph;
    for (uint32_t v = 0; v < g->node_count; ++v) {
        /* Forward, a junction is reached where everybody has arrived; no arc begins elsewhere. */
        const bool    is_end = direction == MUSTER_FORWARD && v < g->junction_count;
        const mu_cost cost   = mu_search_node_cost(&search, is_end ? mu_graph_end(g, v) : v);
        iso->duration_ms[v]  = cost == MU_NO_PATH ? MUSTER_UNREACHABLE_MS : mu_cost_ms(cost);
        reached += v < g->junction_count && cost != MU_NO_PATH;
    }
    mu_search_fini(&search);
    return sort_nodes(iso, reached);
}

/* By air, the nearest origin tells. */
static mu_cost flight_cost(const muster_isochrone *iso, const muster_metric *metric,
                           uint32_t node) {
    const muster_network_data *v  = &iso->network->view;
    const mu_direction         at = mu_direction_of(v->node_lon_deg[node], v->node_lat_deg[node]);
    double                     way_m = INFINITY;
    for (uint32_t i = 0; i < iso->origin_count; ++i) {
        way_m = fmin(way_m, mu_great_circle_m(&iso->direction[i], &at));
    }
    return iso->origin_count > 0 ? mu_flight_cost_of(metric, way_m) : MU_NO_PATH;
}

static muster_status find_nodes_by_air(muster_isochrone *iso, const muster_metric *metric) {
    const mu_cost limit   = mu_cost_of(largest_limit(iso), UINT32_MAX);
    uint32_t      reached = 0;
    for (uint32_t v = 0; v < iso->network->view.node_count; ++v) {
        const mu_cost cost  = flight_cost(iso, metric, v);
        iso->duration_ms[v] = cost <= limit ? mu_cost_ms(cost) : MUSTER_UNREACHABLE_MS;
        reached += cost <= limit;
    }
    return sort_nodes(iso, reached);
}

/* ---- parts of one edge ------------------------------------------------------------------ */

/* Parts of roads being found for one limit. */
typedef struct finder {
    muster_isochrone    *iso;
    const muster_metric *metric;
    bool                 is_forward;
    uint32_t             limit_ms;
    uint32_t             origin_count;
    muster_snap         *origin; /* the snapped ones, by edge */
    uint32_t             next_origin;
    mu_part_list         found; /* on the edge in hand; room for 2 + 2 * origin_count */
} finder;

/* Shares are along the arc, from its tail. */
static void add_share(finder *f, uint32_t arc, double from, double to) {
    if (!(from < to)) return;
    f->found.part[f->found.count++] =
        (muster_edge_part){arc >> 1, arc & 1 ? 1 - to : from, arc & 1 ? 1 - from : to};
}

/* What is left at the node buys the beginning of the arc, or backward its end. */
static void drive_from_node(finder *f, uint32_t arc) {
    const mu_graph *g        = &f->iso->network->graph;
    const uint32_t  node     = f->is_forward ? mu_graph_arrival(g, arc) : mu_graph_head(g, arc);
    const uint32_t  whole_ms = f->metric->duration_ms[arc];
    const uint32_t  spent_ms = f->iso->duration_ms[node];
    if (whole_ms >= MUSTER_UNREACHABLE_MS || spent_ms > f->limit_ms) return;
    const uint32_t left_ms = f->limit_ms - spent_ms;
    if (left_ms >= whole_ms) {
        add_share(f, arc, 0, 1);
    } else if (f->is_forward) {
        add_share(f, arc, 0, (double)left_ms / whole_ms);
    } else {
        add_share(f, arc, (double)(whole_ms - left_ms) / whole_ms, 1);
    }
}

static void drive_from_origin(finder *f, const muster_snap *origin, uint32_t arc) {
    const uint32_t whole_ms = f->metric->duration_ms[arc];
    const double   share    = arc & 1 ? 1 - origin->fraction : origin->fraction;
    if (whole_ms >= MUSTER_UNREACHABLE_MS) return;
    const uint32_t at_ms = mu_cost_ms(mu_cost_to(f->metric, arc, origin->fraction));
    if (f->is_forward) {
        const bool is_all = whole_ms - at_ms <= f->limit_ms;
        add_share(f, arc, share, is_all ? 1 : (double)(at_ms + f->limit_ms) / whole_ms);
    } else {
        const bool is_all = at_ms <= f->limit_ms;
        add_share(f, arc, is_all ? 0 : (double)(at_ms - f->limit_ms) / whole_ms, share);
    }
}

static int by_start(const void *a, const void *b) {
    const double x = ((const muster_edge_part *)a)->from_fraction;
    const double y = ((const muster_edge_part *)b)->from_fraction;
    return x < y ? -1 : x > y;
}

/* Parts that overlap or touch become one. */
static muster_status keep_found(finder *f) {
    muster_isochrone *iso = f->iso;
    qsort(f->found.part, f->found.count, sizeof *f->found.part, by_start);
    for (size_t i = 0; i < f->found.count; ++i) {
        const muster_edge_part *part = &f->found.part[i];
        muster_edge_part       *last = i > 0 ? &iso->part[iso->part_count - 1] : NULL;
        if (last && part->from_fraction <= last->to_fraction) {
            if (part->to_fraction > last->to_fraction) last->to_fraction = part->to_fraction;
            continue;
        }
        MU_TRY(mu_grow(&iso->part, &iso->part_capacity, iso->part_count, sizeof *iso->part));
        iso->part[iso->part_count++] = *part;
    }
    return MUSTER_OK;
}

static muster_status fly_over(finder *f, uint32_t edge, double radius_m) {
    const muster_isochrone *iso = f->iso;
    f->found.count              = 0;
    for (uint32_t i = 0; i < iso->origin_count; ++i) {
        MU_TRY(mu_flight_add_parts(&f->found, iso->network, edge, &iso->direction[i], radius_m));
    }
    return keep_found(f);
}

/* Edges come in order, and so do the origins. */
static muster_status find_on_edge(finder *f, uint32_t edge) {
    f->found.count = 0;
    for (uint32_t arc = 2 * edge; arc <= 2 * edge + 1; ++arc) drive_from_node(f, arc);
    for (; f->next_origin < f->origin_count && f->origin[f->next_origin].edge == edge;
         ++f->next_origin) {
        for (uint32_t arc = 2 * edge; arc <= 2 * edge + 1; ++arc) {
            drive_from_origin(f, &f->origin[f->next_origin], arc);
        }
    }
    return keep_found(f);
}

/* ---- parts of all edges ----------------------------------------------------------------- */

static int by_edge(const void *a, const void *b) {
    const uint32_t x = ((const muster_snap *)a)->edge, y = ((const muster_snap *)b)->edge;
    return x < y ? -1 : x > y;
}

static muster_status take_origins(finder *f, uint32_t origin_count, const muster_snap *origins) {
    MU_TRY(mu_alloc(&f->origin, origin_count, sizeof *f->origin));
    for (uint32_t i = 0; i < origin_count; ++i) {
        if (origins[i].edge != MUSTER_NONE) f->origin[f->origin_count++] = origins[i];
    }
    qsort(f->origin, f->origin_count, sizeof *f->origin, by_edge);
    f->found.capacity = 2 + 2 * (size_t)origin_count;
    return mu_alloc(&f->found.part, f->found.capacity, sizeof *f->found.part);
}

static muster_status find_parts_within(finder *f, uint32_t limit) {
    muster_isochrone *iso  = f->iso;
    f->limit_ms            = iso->limit_ms[limit];
    f->next_origin         = 0;
    iso->first_part[limit] = iso->part_count;
    for (uint32_t e = 0; e < iso->network->view.edge_count; ++e) {
        MU_TRY(iso->radius_m ? fly_over(f, e, iso->radius_m[limit]) : find_on_edge(f, e));
    }
    iso->first_part[limit + 1] = iso->part_count;
    return MUSTER_OK;
}

static muster_status find_parts(muster_isochrone *iso, const muster_metric *metric,
                                uint32_t origin_count, const muster_snap *origins,
                                muster_direction direction) {
    finder        f = {.iso = iso, .metric = metric, .is_forward = direction == MUSTER_FORWARD};
    muster_status status = take_origins(&f, origin_count, origins);
    for (uint32_t l = 0; l < iso->limit_count && status == MUSTER_OK; ++l) {
        status = find_parts_within(&f, l);
    }
    mu_free(f.origin);
    mu_free(f.found.part);
    return status;
}

/* ---- public ----------------------------------------------------------------------------- */

static muster_status check_limits(uint32_t limit_count, const uint32_t *limit_ms) {
    if (limit_count == 0) return muster_fail(MUSTER_E_INVALID, "no limit; expected one or more");
    for (uint32_t l = 0; l < limit_count; ++l) {
        if (limit_ms[l] < MUSTER_UNREACHABLE_MS) continue;
        return muster_fail(MUSTER_E_INVALID, "limit %u is %u ms; expected less than %u", l,
                           limit_ms[l], MUSTER_UNREACHABLE_MS);
    }
    return MUSTER_OK;
}

/* What a metric that flies is asked instead of being searched. */
static muster_status prepare_flights(muster_isochrone *iso, const muster_metric *metric,
                                     uint32_t origin_count, const muster_snap *origins) {
    MU_TRY(mu_alloc(&iso->radius_m, iso->limit_count, sizeof *iso->radius_m));
    MU_TRY(mu_alloc(&iso->origin, origin_count, sizeof *iso->origin));
    MU_TRY(mu_alloc(&iso->direction, origin_count, sizeof *iso->direction));
    for (uint32_t l = 0; l < iso->limit_count; ++l) {
        iso->radius_m[l] = mu_flight_radius_m(metric, iso->limit_ms[l]);
    }
    for (uint32_t i = 0; i < origin_count; ++i) {
        if (origins[i].edge == MUSTER_NONE) continue;
        iso->direction[iso->origin_count] = mu_direction_of(origins[i].lon_deg, origins[i].lat_deg);
        iso->origin[iso->origin_count++]  = origins[i];
    }
    return MUSTER_OK;
}

static muster_status build(muster_isochrone *iso, const muster_metric *metric,
                           uint32_t origin_count, const muster_snap *origins,
                           muster_direction direction, const uint32_t *limit_ms) {
    const uint32_t nodes = iso->network->graph.node_count, limits = iso->limit_count;
    MU_TRY(mu_alloc_copy(&iso->limit_ms, limit_ms, limits, sizeof *limit_ms));
    MU_TRY(mu_alloc(&iso->duration_ms, nodes, sizeof *iso->duration_ms));
    MU_TRY(mu_alloc_zeroed(&iso->node_end, limits, sizeof *iso->node_end));
    MU_TRY(mu_alloc_zeroed(&iso->first_part, (size_t)limits + 1, sizeof *iso->first_part));
    if (mu_metric_flies(metric)) {
        MU_TRY(prepare_flights(iso, metric, origin_count, origins));
        MU_TRY(find_nodes_by_air(iso, metric));
    } else {
        MU_TRY(find_nodes(iso, metric, origin_count, origins, direction));
    }
    return find_parts(iso, metric, origin_count, origins, direction);
}

muster_status muster_isochrone_new(muster_isochrone **out, const muster_metric *metric,
                                   uint32_t origin_count, const muster_snap *origins,
                                   muster_direction direction, uint32_t limit_count,
                                   const uint32_t *limit_ms) {
    *out = NULL;
    MU_TRY(check_limits(limit_count, limit_ms));
    MU_TRY(mu_check_snaps(metric, "origin site", origin_count, origins));
    muster_isochrone *iso;
    MU_TRY(mu_alloc_zeroed(&iso, 1, sizeof *iso));
    iso->network               = metric->network;
    iso->limit_count           = limit_count;
    const muster_status status = build(iso, metric, origin_count, origins, direction, limit_ms);
    if (status != MUSTER_OK) {
        muster_isochrone_free(iso);
        return status;
    }
    *out = iso;
    return MUSTER_OK;
}

void muster_isochrone_free(muster_isochrone *iso) {
    if (!iso) return;
    mu_free(iso->limit_ms);
    mu_free(iso->duration_ms);
    mu_free(iso->node);
    mu_free(iso->node_end);
    mu_free(iso->first_part);
    mu_free(iso->part);
    mu_free(iso->radius_m);
    mu_free(iso->origin);
    mu_free(iso->direction);
    mu_free(iso);
}

const muster_network *muster_isochrone_network(const muster_isochrone *iso) {
    return iso->network;
}

const uint32_t *muster_isochrone_limits_ms(const muster_isochrone *iso, uint32_t *out_count) {
    *out_count = iso->limit_count;
    return iso->limit_ms;
}

const double *muster_isochrone_flight_radius_m(const muster_isochrone *iso) {
    return iso->radius_m;
}

const muster_snap *muster_isochrone_flight_origins(const muster_isochrone *iso,
                                                   uint32_t               *out_count) {
    *out_count = iso->origin_count;
    return iso->origin;
}

const uint32_t *muster_isochrone_duration_ms(const muster_isochrone *iso) {
    return iso->duration_ms;
}

const uint32_t *muster_isochrone_nodes(const muster_isochrone *iso, uint32_t limit,
                                       uint32_t *out_count) {
    *out_count = iso->node_end[limit];
    return iso->node;
}

const muster_edge_part *muster_isochrone_parts(const muster_isochrone *iso, uint32_t limit,
                                               uint32_t *out_count) {
    *out_count = (uint32_t)(iso->first_part[limit + 1] - iso->first_part[limit]);
    return iso->part + iso->first_part[limit];
}
