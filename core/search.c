/* Dijkstra's algorithm (1959) from a place on an edge to places on edges.
 *
 * A snapped place is no node, so a run starts at the ends of the origin's edge, with the
 * part of the edge that is left, and a target's cost is put together at the end from the
 * ends of its own edge. Two places on one edge may also be joined directly.
 *
 * Distances are never cleared: a distance counts only while its node's stamp equals the
 * current run, so starting a run is one increment. Keys hold time and length together
 * (search.h), which makes "of equally fast paths the shortest" come for free.
 *
 * Invariant: a node is in the frontier exactly when its stamp is current and its key is
 * still an upper bound; once popped, the key is final. */
#include "core/search.h"

#include <math.h>
#include <string.h>

#include "core/alloc.h"

/* ---- the search ---------------------------------------------------------------------- */

muster_status mu_search_init(mu_search *s, const muster_metric *metric) {
    const uint32_t n     = metric->network->graph.node_count;
    *s                   = (mu_search){.metric = metric};
    muster_status status = mu_heap_init(&s->frontier, n);
    if (status == MUSTER_OK) status = mu_alloc_zeroed(&s->stamp, n, sizeof *s->stamp);
    if (status == MUSTER_OK) status = mu_alloc(&s->parent_arc, n, sizeof *s->parent_arc);
    if (status != MUSTER_OK) mu_search_fini(s);
    return status;
}

void mu_search_fini(mu_search *s) {
    mu_heap_fini(&s->frontier);
    mu_free(s->stamp);
    mu_free(s->parent_arc);
    *s = (mu_search){0};
}

static void start_run(mu_search *s, muster_direction direction) {
    s->direction = direction;
    if (++s->run == 0) { /* 2^32 runs later, old stamps would look current */
        memset(s->stamp, 0, s->metric->network->graph.node_count * sizeof *s->stamp);
        s->run = 1;
    }
    mu_heap_clear(&s->frontier);
}

static bool is_reached(const mu_search *s, uint32_t node) {
    return s->stamp[node] == s->run;
}

static bool is_settled(const mu_search *s, uint32_t node) {
    return is_reached(s, node) && s->frontier.where[node] == MUSTER_NONE;
}

static void relax(mu_search *s, uint32_t node, mu_cost cost, uint32_t arc) {
    if (cost == MU_NO_PATH || (is_reached(s, node) && s->frontier.key[node] <= cost)) return;
    s->stamp[node]      = s->run;
    s->parent_arc[node] = arc;
    mu_heap_push_or_decrease(&s->frontier, node, cost);
}

uint32_t mu_search_settle_next(mu_search *s) {
    const mu_graph *g       = &s->metric->network->graph;
    const uint32_t  node    = mu_heap_pop(&s->frontier);
    const bool      forward = s->direction == MUSTER_FORWARD;
    const uint32_t *first   = forward ? g->first_out : g->first_in;
    const uint32_t *list    = forward ? g->out_arc : g->in_arc;
    for (uint32_t i = first[node]; i < first[node + 1]; ++i) {
        const uint32_t arc  = list[i];
        const uint32_t next = forward ? mu_graph_head(g, arc) : mu_graph_tail(g, arc);
        relax(s, next, mu_cost_add(s->frontier.key[node], mu_arc_cost(s->metric, arc)), arc);
    }
    return node;
}

/* The node at which a search leaves an arc of the origin's edge, and the part it costs. */
static void seed(mu_search *s, const muster_snap *origin, uint32_t arc) {
    const double fraction = origin->fraction;
    if (s->direction == MUSTER_FORWARD) {
        relax(s, mu_node_after(s->metric, arc, fraction), mu_cost_from(s->metric, arc, fraction),
              MUSTER_NONE);
    } else {
        relax(s, mu_node_before(s->metric, arc, fraction), mu_cost_to(s->metric, arc, fraction),
              MUSTER_NONE);
    }
}

static void seed_origin(mu_search *s, const muster_snap *origin) {
    if (origin->edge == MUSTER_NONE) return;
    seed(s, origin, 2 * origin->edge);
    seed(s, origin, 2 * origin->edge + 1);
}

/* Where a search is when it gets onto `arc` of the place's edge. */
static uint32_t node_at(const mu_search *s, const muster_snap *place, uint32_t arc) {
    return s->direction == MUSTER_FORWARD ? mu_node_before(s->metric, arc, place->fraction)
                                          : mu_node_after(s->metric, arc, place->fraction);
}

static void settle(mu_search *s, uint32_t node) {
    while (s->frontier.size > 0 && !is_settled(s, node)) mu_search_settle_next(s);
}

void mu_search_start(mu_search *s, muster_direction direction, const muster_snap *origin) {
    start_run(s, direction);
    seed_origin(s, origin);
}

mu_cost mu_search_frontier(const mu_search *s) {
    return s->frontier.size > 0 ? s->frontier.key[s->frontier.node[0]] : MU_NO_PATH;
}

void mu_search_run(mu_search *s, muster_direction direction, const muster_snap *origin,
                   uint32_t stop_count, const muster_snap *stops) {
    mu_search_start(s, direction, origin);
    for (uint32_t i = 0; i < stop_count; ++i) {
        if (stops[i].edge == MUSTER_NONE) continue;
        settle(s, node_at(s, &stops[i], 2 * stops[i].edge));
        settle(s, node_at(s, &stops[i], 2 * stops[i].edge + 1));
    }
}

void mu_search_reach(mu_search *s, muster_direction direction, uint32_t origin_count,
                     const muster_snap *origins, mu_cost limit) {
    start_run(s, direction);
    for (uint32_t i = 0; i < origin_count; ++i) seed_origin(s, &origins[i]);
    while (s->frontier.size > 0 && s->frontier.key[s->frontier.node[0]] <= limit) {
        (void)mu_search_settle_next(s);
    }
}

mu_cost mu_search_node_cost(const mu_search *s, uint32_t node) {
    return is_settled(s, node) ? s->frontier.key[node] : MU_NO_PATH;
}

/* From the origin, along the network, onto `arc` of the place's edge. */
static mu_cost cost_through(const mu_search *s, const muster_snap *place, uint32_t arc) {
    const uint32_t node = node_at(s, place, arc);
    const mu_cost  last = s->direction == MUSTER_FORWARD
                              ? mu_cost_to(s->metric, arc, place->fraction)
                              : mu_cost_from(s->metric, arc, place->fraction);
    return is_reached(s, node) ? mu_cost_add(s->frontier.key[node], last) : MU_NO_PATH;
}

mu_cost mu_search_cost(const mu_search *s, const muster_snap *origin, const muster_snap *place,
                       uint32_t *last_arc, bool *is_direct) {
    const bool forward  = s->direction == MUSTER_FORWARD;
    mu_cost    best     = MU_NO_PATH;
    uint32_t   best_arc = MUSTER_NONE;
    bool       direct   = false;
    if (origin->edge == MUSTER_NONE || place->edge == MUSTER_NONE) return MU_NO_PATH;
    for (uint32_t side = 0; side < 2; ++side) {
        const uint32_t arc = 2 * place->edge + side;
        const mu_cost  straight =
            mu_cost_direct(s->metric, arc, forward ? origin : place, forward ? place : origin);
        const mu_cost roundabout = cost_through(s, place, arc);
        if (straight < best) best = straight, best_arc = arc, direct = true;
        if (roundabout < best) best = roundabout, best_arc = arc, direct = false;
    }
    if (last_arc) *last_arc = best_arc;
    if (is_direct) *is_direct = direct;
    return best;
}

/* Collected from the target's end, then turned round. */
static void reverse(uint32_t *arc, uint32_t count) {
    for (uint32_t i = 0; i < count / 2; ++i) {
        const uint32_t other = arc[i];
        arc[i]               = arc[count - 1 - i];
        arc[count - 1 - i]   = other;
    }
}

muster_status mu_search_path(const mu_search *s, const muster_snap *from, const muster_snap *to,
                             mu_path *path) {
    const mu_graph *g = &s->metric->network->graph;
    uint32_t        arc;
    bool            is_direct;
    path->arc_count = 0;
    path->cost      = mu_search_cost(s, from, to, &arc, &is_direct);
    if (path->cost == MU_NO_PATH) return MUSTER_OK;
    MU_TRY(mu_path_add_arc(path, arc));
    if (is_direct) return MUSTER_OK;
    uint32_t node = node_at(s, to, arc);
    for (; (arc = s->parent_arc[node]) != MUSTER_NONE; node = mu_graph_tail(g, arc)) {
        MU_TRY(mu_path_add_road(path, g, arc));
    }
    MU_TRY(mu_path_add_arc(path, mu_path_first_arc(s->metric, from, node)));
    reverse(path->arc, path->arc_count);
    return MUSTER_OK;
}
