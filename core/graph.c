/* See graph.h. */
#include "core/graph.h"

/* Counting sort of the open arcs by `node_of`, stable in arc. */
static muster_status index_arcs(const mu_graph *g, uint32_t **first, uint32_t **list,
                                uint32_t (*node_of)(const mu_graph *, uint32_t)) {
    MU_TRY(mu_alloc_zeroed(first, (size_t)g->node_count + 2, sizeof **first));
    for (uint32_t a = 0; a < g->arc_count; ++a) {
        if (mu_graph_is_open(g, a)) ++(*first)[node_of(g, a) + 2];
    }
    for (uint32_t v = 0; v < g->node_count; ++v) (*first)[v + 2] += (*first)[v + 1];
    MU_TRY(mu_alloc(list, (*first)[g->node_count + 1], sizeof **list));
    for (uint32_t a = 0; a < g->arc_count; ++a) {
        if (mu_graph_is_open(g, a)) (*list)[(*first)[node_of(g, a) + 1]++] = a;
    }
    return MUSTER_OK;
}

muster_status mu_graph_index(mu_graph *g) {
    MU_TRY(index_arcs(g, &g->first_out, &g->out_arc, mu_graph_tail));
    return index_arcs(g, &g->first_in, &g->in_arc, mu_graph_head);
}

void mu_graph_fini(mu_graph *g) {
    mu_free(g->first_out);
    mu_free(g->out_arc);
    mu_free(g->first_in);
    mu_free(g->in_arc);
    mu_free(g->tail);
    mu_free(g->head);
    mu_free(g->end);
    mu_free(g->junction_of);
    mu_free(g->copy_of);
    mu_free(g->copy_end);
    mu_free(g->first_turn_arc);
    mu_free(g->turn_arc);
    mu_free(g->rule);
    *g = (mu_graph){0};
}

/* Where `value` is in a rising list, or would be. */
static uint32_t lower_bound(const uint32_t *list, uint32_t count, uint32_t value) {
    uint32_t low = 0, high = count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (list[middle] < value) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

uint32_t mu_graph_copies(const mu_graph *g, uint32_t arc, uint32_t *out_end) {
    const uint32_t count = g->arc_count - g->first_copy;
    const uint32_t first = lower_bound(g->copy_of, count, arc);
    uint32_t       end   = first;
    while (end < count && g->copy_of[end] == arc) ++end;
    *out_end = g->first_copy + end;
    return g->first_copy + first;
}

uint32_t mu_graph_arrival(const mu_graph *g, uint32_t arc) {
    if (!mu_graph_has_turns(g)) return mu_graph_tail(g, arc);
    uint32_t       end;
    const uint32_t copy = mu_graph_copies(g, arc, &end);
    return copy < end ? g->copy_end[copy - g->first_copy] : g->tail[arc];
}

void mu_graph_expand_order(const mu_graph *g, const uint32_t *junction_at, uint32_t *node_at) {
    const uint32_t extra = g->node_count - g->junction_count;
    uint32_t       count = 0;
    for (uint32_t i = 0; i < g->junction_count; ++i) {
        const uint32_t v = junction_at[i];
        if (mu_graph_end(g, v) != v) {
            uint32_t e = lower_bound(g->junction_of, extra, v);
            for (; e < extra && g->junction_of[e] == v; ++e) {
                node_at[count++] = g->junction_count + e;
            }
        }
        node_at[count++] = v;
    }
}
