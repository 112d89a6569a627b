/* Most changes of roads are of one road, and most shortcuts over it are not the fastest: few weights change,
 * and what a change has led to is known (mu_lineage). All that a fastest way between two places depends on
 * are weights of arcs that lead up from the ancestors of their edges' ends in the elimination tree
 * (query.c), and the edges themselves. Where none of these has changed, no way has. */
#include "core/unchanged.h"

#include "core/alloc.h"
#include "core/cost.h"
#include "core/metric.h"

enum { UNKNOWN, SAME, CHANGED };

static void mark_weights(const mu_unchanged *u, const mu_lineage *l) {
    const mu_hierarchy *h = u->metric->weights.hierarchy;
    for (uint32_t i = 0; i < l->up_count; ++i) u->state[h->up_tail[l->up[i]]] = CHANGED;
}

/* Arcs of turns and copies are in weights alone. */
static void mark_edges(const mu_unchanged *u, const mu_lineage *l) {
    const uint32_t arcs = 2 * u->metric->network->view.edge_count;
    for (uint32_t i = 0; i < l->arc_count; ++i) {
        const uint32_t edge = l->arc[i] / 2;
        if (l->arc[i] < arcs) u->edge[edge / 64] |= UINT64_C(1) << edge % 64;
    }
}

uint64_t mu_unchanged_since(const muster_metric *metric) {
    return metric->lineage.is_known ? metric->lineage.parent : 0;
}

muster_status mu_unchanged_init(mu_unchanged *u, const muster_metric *metric) {
    const size_t words = metric->network->view.edge_count / 64 + 1;
    *u                 = (mu_unchanged){.metric = metric};
    MU_TRY(mu_alloc_zeroed(&u->state, metric->weights.hierarchy->node_count, sizeof *u->state));
    const muster_status status = mu_alloc_zeroed(&u->edge, words, sizeof *u->edge);
    if (status != MUSTER_OK) {
        mu_unchanged_fini(u);
        return status;
    }
    mark_weights(u, &metric->lineage);
    mark_edges(u, &metric->lineage);
    return MUSTER_OK;
}

void mu_unchanged_fini(mu_unchanged *u) {
    mu_free(u->state);
    mu_free(u->edge);
    *u = (mu_unchanged){0};
}

/* Whoever has gone up leaves word for those who come after him. */
static bool is_changed_above(const mu_unchanged *u, uint32_t rank) {
    const uint32_t *parent = u->metric->weights.hierarchy->parent;
    uint32_t        top    = rank;
    while (top != MUSTER_NONE && u->state[top] == UNKNOWN) top = parent[top];
    const uint8_t found = top != MUSTER_NONE && u->state[top] == CHANGED ? CHANGED : SAME;
    for (uint32_t r = rank; r != top; r = parent[r]) u->state[r] = found;
    return found == CHANGED;
}

bool mu_unchanged_at(const mu_unchanged *u, const muster_snap *was, const muster_snap *now) {
    const uint32_t edge = now->edge;
    if (was->edge != edge || was->fraction != now->fraction) return false;
    if (edge == MUSTER_NONE) return true;
    if ((u->edge[edge / 64] >> edge % 64 & 1) != 0) return false;
    const uint32_t *rank = u->metric->weights.hierarchy->rank;
    for (uint32_t arc = 2 * edge; arc <= 2 * edge + 1; ++arc) {
        if (is_changed_above(u, rank[mu_node_after(u->metric, arc, now->fraction)]) ||
            is_changed_above(u, rank[mu_node_before(u->metric, arc, now->fraction)])) {
            return false;
        }
    }
    return true;
}
