/* Which parts of the network hang together for a metric.
 *
 * Components are found among the nodes of the graph that is searched. Where turns are restricted a
 * junction is several of them, and some may be in components of their own: nobody comes back to
 * the start of a junction at which every arc that arrives is under some restriction. So a junction
 * gets the largest component that one of its nodes is in, and is no island for being taken
 * apart. */
#include "core/alloc.h"
#include "core/hierarchy_scc.h"
#include "core/metric.h"

/* Turns are of no concern to those who fly. */
static bool has_turns(const muster_metric *metric) {
    return mu_graph_has_turns(&metric->network->graph) && !mu_metric_flies(metric);
}

static mu_scc *found_in(muster_metric *metric) {
    return has_turns(metric) ? &metric->graph_scc : &metric->scc;
}

static const mu_scc *given_in(const muster_metric *metric) {
    return has_turns(metric) ? &metric->graph_scc : &metric->scc;
}

/* Ids run from the largest component on: the lower, the larger. */
static muster_status summarize(muster_metric *metric) {
    if (!has_turns(metric)) return MUSTER_OK;
    const mu_graph *g  = &metric->network->graph;
    mu_scc         *to = &metric->scc;
    const uint32_t  n  = g->junction_count;
    MU_TRY(mu_alloc_copy(&to->component, metric->graph_scc.component, n, sizeof *to->component));
    for (uint32_t x = n; x < g->node_count; ++x) {
        uint32_t *best = &to->component[g->junction_of[x - n]];
        if (metric->graph_scc.component[x] < *best) *best = metric->graph_scc.component[x];
    }
    to->count = metric->graph_scc.count;
    return mu_scc_rank(to, n);
}

static muster_status search(muster_metric *metric) {
    const uint32_t arcs = metric->network->graph.arc_count;
    uint8_t       *usable;
    MU_TRY(mu_alloc(&usable, arcs, 1));
    for (uint32_t a = 0; a < arcs; ++a) {
        usable[a] = metric->duration_ms[a] < MUSTER_UNREACHABLE_MS;
    }
    const muster_status status = mu_scc_init(found_in(metric), &metric->network->graph, usable);
    mu_free(usable);
    return status;
}

/* By air everything is one. */
static muster_status join_all(mu_scc *scc, uint32_t node_count) {
    scc->count = node_count > 0;
    MU_TRY(mu_alloc_zeroed(&scc->component, node_count, sizeof *scc->component));
    return mu_alloc_copy(&scc->size, &node_count, scc->count, sizeof *scc->size);
}

static muster_status find(muster_metric *metric) {
    if (mu_metric_flies(metric)) return join_all(&metric->scc, metric->network->view.node_count);
    if (!metric->weights.hierarchy) return search(metric);
    MU_TRY(mu_hierarchy_scc(found_in(metric), &metric->weights, &metric->has_far));
    if (!metric->has_far) return MUSTER_OK;
    mu_scc_fini(found_in(metric));
    return search(metric);
}

muster_status mu_metric_find_components(muster_metric *metric) {
    MU_TRY(find(metric));
    return summarize(metric);
}

static muster_status copy(mu_scc *to, const mu_scc *from, size_t nodes) {
    to->count = from->count;
    MU_TRY(mu_alloc_copy(&to->component, from->component, nodes, sizeof *to->component));
    return mu_alloc_copy(&to->size, from->size, from->count, sizeof *to->size);
}

muster_status mu_metric_copy_components(muster_metric *metric, const muster_metric *base) {
    const mu_graph *g = &metric->network->graph;
    MU_TRY(copy(&metric->scc, &base->scc, g->junction_count));
    return has_turns(metric) ? copy(&metric->graph_scc, &base->graph_scc, g->node_count)
                             : MUSTER_OK;
}

muster_status mu_metric_update_components(muster_metric *metric, const muster_metric *base,
                                          uint32_t flip_count, const uint32_t *flipped) {
    MU_TRY(mu_hierarchy_scc_update(found_in(metric), given_in(base), &metric->weights, flip_count,
                                   flipped));
    return summarize(metric);
}
