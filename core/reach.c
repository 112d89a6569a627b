/* One to many, the nearest first, resumed at will.
 *
 * A target is no node: it is entered from either end of its edge, or straight from an origin on
 * the same edge. So each entry is listed at its node, and when the search settles the node, the
 * target gets a cost and waits in a queue of its own. The first in that queue is final as soon
 * as the frontier has gone past its cost. Past, not up to: of equals the lowest index goes
 * first, and a way of no length may still lead to one.
 *
 * Both queues stand still between calls, which is all there is to resuming. */
#include <string.h>

#include <muster/reach.h>

#include "core/alloc.h"
#include "core/flight.h"
#include "core/search.h"
#include "core/snap_check.h"

struct muster_reach {
    const muster_metric *metric;
    muster_direction     direction;
    uint32_t             target_count;
    muster_snap         *target;
    /* Entry 2 * t + side is target t by arc 2 * edge + side. Lists end with MUSTER_NONE. */
    uint32_t *first_entry; /* by node of the graph */
    uint32_t *next_entry;  /* by entry */
    mu_search search;
    mu_heap   waiting; /* targets with a cost that is not yet final */
    uint32_t *met_in;  /* by target: the search's run that has met it */
};

/* ---- life ---------------------------------------------------------------------------- */

static uint32_t entry_arc(const muster_reach *r, uint32_t entry) {
    return 2 * r->target[entry / 2].edge + entry % 2;
}

/* Where the search stands when it takes the entry. */
static uint32_t entry_node(const muster_reach *r, uint32_t entry) {
    const uint32_t arc      = entry_arc(r, entry);
    const double   fraction = r->target[entry / 2].fraction;
    return r->direction == MUSTER_FORWARD ? mu_node_before(r->metric, arc, fraction)
                                          : mu_node_after(r->metric, arc, fraction);
}

static void list_entries(muster_reach *r) {
    for (uint32_t v = 0; v < r->metric->network->graph.node_count; ++v) {
        r->first_entry[v] = MUSTER_NONE;
    }
    for (uint32_t e = 0; e < 2 * r->target_count; ++e) {
        if (r->target[e / 2].edge >= MUSTER_BY_AIR) continue; /* or MUSTER_NONE */
        const uint32_t node  = entry_node(r, e);
        r->next_entry[e]     = r->first_entry[node];
        r->first_entry[node] = e;
    }
}

static muster_status allocate(muster_reach *r, const muster_snap *target) {
    const size_t nodes = r->metric->network->graph.node_count, targets = r->target_count;
    MU_TRY(mu_alloc_copy(&r->target, target, targets, sizeof *r->target));
    MU_TRY(mu_alloc(&r->first_entry, nodes, sizeof *r->first_entry));
    MU_TRY(mu_alloc(&r->next_entry, 2 * targets, sizeof *r->next_entry));
    MU_TRY(mu_alloc_zeroed(&r->met_in, targets, sizeof *r->met_in));
    MU_TRY(mu_heap_init(&r->waiting, r->target_count));
    return mu_search_init(&r->search, r->metric);
}

muster_status muster_reach_new(muster_reach **out, const muster_metric *metric,
                               muster_direction direction, uint32_t target_count,
                               const muster_snap *target) {
    muster_reach *r;
    *out = NULL;
    MU_TRY(mu_check_snaps(metric, "target", target_count, target));
    MU_TRY(mu_alloc_zeroed(&r, 1, sizeof *r));
    r->metric                  = metric;
    r->direction               = direction;
    r->target_count            = target_count;
    const muster_status status = allocate(r, target);
    if (status != MUSTER_OK) {
        muster_reach_free(r);
        return status;
    }
    list_entries(r);
    *out = r;
    return MUSTER_OK;
}

void muster_reach_free(muster_reach *r) {
    if (!r) return;
    mu_free(r->target);
    mu_free(r->first_entry);
    mu_free(r->next_entry);
    mu_free(r->met_in);
    mu_heap_fini(&r->waiting);
    mu_search_fini(&r->search);
    mu_free(r);
}

/* ---- search -------------------------------------------------------------------------- */

static void offer(muster_reach *r, uint32_t target, mu_cost cost) {
    if (cost == MU_NO_PATH || r->met_in[target] == r->search.run) return;
    mu_heap_push_or_decrease(&r->waiting, target, cost);
}

/* Targets on the origin's own edge; all of them are listed where one gets onto one of its arcs, but
 * for those in the junction there, which the search meets at the same cost. */
static void offer_direct(muster_reach *r, const muster_snap *origin) {
    const bool     forward = r->direction == MUSTER_FORWARD;
    const uint32_t node    = forward ? mu_node_before(r->metric, 2 * origin->edge, 1)
                                     : mu_node_after(r->metric, 2 * origin->edge + 1, 1);
    for (uint32_t e = r->first_entry[node]; e != MUSTER_NONE; e = r->next_entry[e]) {
        const muster_snap *place = &r->target[e / 2];
        const muster_snap *from = forward ? origin : place, *to = forward ? place : origin;
        offer(r, e / 2, mu_cost_direct(r->metric, 2 * origin->edge, from, to));
        offer(r, e / 2, mu_cost_direct(r->metric, 2 * origin->edge + 1, from, to));
    }
}

/* By air there is nothing to search: all costs are known at once, and the queue orders them. */
static void offer_flights(muster_reach *r, const muster_snap *origin) {
    for (uint32_t t = 0; t < r->target_count; ++t) {
        offer(r, t, mu_flight_cost(r->metric, origin, &r->target[t]));
    }
}

static void settle_next(muster_reach *r) {
    const mu_cost  cost = mu_search_frontier(&r->search);
    const uint32_t node = mu_search_settle_next(&r->search);
    for (uint32_t e = r->first_entry[node]; e != MUSTER_NONE; e = r->next_entry[e]) {
        const uint32_t arc      = entry_arc(r, e);
        const double   fraction = r->target[e / 2].fraction;
        const mu_cost  last     = r->direction == MUSTER_FORWARD
                                      ? mu_cost_to(r->metric, arc, fraction)
                                      : mu_cost_from(r->metric, arc, fraction);
        offer(r, e / 2, mu_cost_add(cost, last));
    }
}

muster_status muster_reach_start(muster_reach *r, const muster_snap *origin) {
    MU_TRY(mu_check_snap(r->metric, "the origin", origin));
    const muster_snap nowhere = {.edge = MUSTER_NONE};
    const bool        flies   = mu_metric_flies(r->metric);
    mu_search_start(&r->search, r->direction, flies ? &nowhere : origin);
    if (r->search.run == 1) memset(r->met_in, 0, r->target_count * sizeof *r->met_in);
    mu_heap_clear(&r->waiting);
    if (flies) {
        offer_flights(r, origin);
    } else if (origin->edge != MUSTER_NONE) {
        offer_direct(r, origin);
    }
    return MUSTER_OK;
}

static mu_cost least_waiting(const muster_reach *r) {
    return r->waiting.size > 0 ? r->waiting.key[r->waiting.node[0]] : MU_NO_PATH;
}

static mu_cost lesser(mu_cost a, mu_cost b) {
    return a < b ? a : b;
}

bool muster_reach_next(muster_reach *r, uint32_t radius_ms, uint32_t *out_target,
                       uint32_t *out_duration_ms, double *out_distance_m) {
    const uint32_t most_ms = MUSTER_UNREACHABLE_MS - 1;
    const mu_cost  limit   = mu_cost_of(radius_ms < most_ms ? radius_ms : most_ms, UINT32_MAX);
    while (mu_search_frontier(&r->search) <= lesser(limit, least_waiting(r))) settle_next(r);
    const mu_cost cost = least_waiting(r);
    if (cost > limit) return false;
    *out_target            = mu_heap_pop(&r->waiting);
    r->met_in[*out_target] = r->search.run;
    if (out_duration_ms) *out_duration_ms = mu_cost_ms(cost);
    if (out_distance_m) *out_distance_m = mu_cost_cm(cost) / 100.0;
    return true;
}
