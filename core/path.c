/* From shortcuts to arcs.
 *
 * A hierarchy keeps what a shortcut costs and not where it leads. That is found again: its cost
 * is either an arc's own, or the sum of the two lower sides of a triangle under it (Dibbelt,
 * Strasser and Wagner, JEA 2016, section 7). Costs are integers, so equal means equal. Both
 * sides of the triangle start at a lower node than the shortcut does, so unpacking ends, and a
 * stack of our own, not the machine's, holds what is left: a foreign order may nest shortcuts
 * as deep as there are nodes. */
#include "core/path.h"

#include "core/alloc.h"

void mu_path_fini(mu_path *path) {
    mu_free(path->arc);
    mu_free(path->hop);
    *path = (mu_path){0};
}

muster_status mu_path_add_arc(mu_path *path, uint32_t arc) {
    MU_TRY(mu_grow(&path->arc, &path->arc_capacity, path->arc_count, sizeof *path->arc));
    path->arc[path->arc_count++] = arc;
    return MUSTER_OK;
}

muster_status mu_path_add_road(mu_path *path, const mu_graph *graph, uint32_t arc) {
    const uint32_t road = mu_graph_road(graph, arc);
    return road == MUSTER_NONE ? MUSTER_OK : mu_path_add_arc(path, road);
}

muster_status mu_path_add_hop(mu_path *path, mu_hop hop) {
    MU_TRY(mu_grow(&path->hop, &path->hop_capacity, path->hop_count, sizeof *path->hop));
    path->hop[path->hop_count++] = hop;
    return MUSTER_OK;
}

/* ---- unpacking ----------------------------------------------------------------------- */

/* The graph's own arc that the hop is, MUSTER_NONE where it is a shortcut. */
static uint32_t own_arc(const muster_metric *metric, mu_hop hop, mu_cost cost) {
    const mu_hierarchy *h    = metric->weights.hierarchy;
    const mu_graph     *g    = h->graph;
    const uint32_t      low  = h->node_at[h->up_tail[hop.up_arc]];
    const uint32_t      high = h->node_at[h->up_head[hop.up_arc]];
    const uint32_t      tail = hop.ascends ? low : high, head = hop.ascends ? high : low;
    for (uint32_t i = g->first_out[tail]; i < g->first_out[tail + 1]; ++i) {
        const uint32_t arc = g->out_arc[i];
        if (mu_graph_head(g, arc) == head && mu_arc_cost(metric, arc) == cost) return arc;
    }
    return MUSTER_NONE;
}

/* The up-arc to `head` among those from `up_arc` to the end of its tail's list. */
static uint32_t find_beyond(const mu_hierarchy *h, uint32_t up_arc, uint32_t head) {
    const uint32_t end = h->first_up[h->up_tail[up_arc] + 1];
    while (up_arc < end && h->up_head[up_arc] < head) ++up_arc;
    return up_arc < end && h->up_head[up_arc] == head ? up_arc : MUSTER_NONE;
}

/* The two up-arcs from one lower node to both ends of the hop that add up to its cost. Higher
 * ones first: it is the highest node between the two ends, and two fifths fewer are tried. */
static bool find_triangle(const mu_weights *w, mu_hop hop, mu_cost cost, uint32_t *to_low,
                          uint32_t *to_high) {
    const mu_hierarchy *h   = w->hierarchy;
    const uint32_t      low = h->up_tail[hop.up_arc], high = h->up_head[hop.up_arc];
    const mu_cost *at_low = hop.ascends ? w->down : w->up, *at_high = hop.ascends ? w->up : w->down;
    for (uint32_t i = h->first_down[low + 1]; i-- > h->first_down[low];) {
        *to_low = h->down_arc[i];
        if (at_low[*to_low] > cost) continue;
        *to_high = find_beyond(h, *to_low, high);
        if (*to_high != MUSTER_NONE && at_low[*to_low] + at_high[*to_high] == cost) {
            return true;
        }
    }
    return false;
}

static muster_status unpack_last(mu_path *path, const muster_metric *metric) {
    const mu_weights *w    = &metric->weights;
    const mu_hop      hop  = path->hop[--path->hop_count];
    const mu_cost     cost = hop.ascends ? w->up[hop.up_arc] : w->down[hop.up_arc];
    const uint32_t    arc  = own_arc(metric, hop, cost);
    if (arc != MUSTER_NONE) return mu_path_add_road(path, w->hierarchy->graph, arc);
    uint32_t to_low, to_high;
    if (!find_triangle(w, hop, cost, &to_low, &to_high)) {
        return muster_fail(MUSTER_E_INTERNAL, "no way below shortcut %u costs what it does",
                           hop.up_arc);
    }
    MU_TRY(mu_path_add_hop(path, (mu_hop){hop.ascends ? to_high : to_low, true}));
    return mu_path_add_hop(path, (mu_hop){hop.ascends ? to_low : to_high, false});
}

muster_status mu_path_unpack(mu_path *path, const muster_metric *metric) {
    while (path->hop_count > 0) MU_TRY(unpack_last(path, metric));
    return MUSTER_OK;
}

/* ---- ends ---------------------------------------------------------------------------- */

uint32_t mu_path_first_arc(const muster_metric *metric, const muster_snap *from, uint32_t node) {
    const uint32_t forward = 2 * from->edge, backward = forward + 1;
    if (mu_node_after(metric, backward, from->fraction) != node) return forward;
    if (mu_node_after(metric, forward, from->fraction) != node) return backward;
    return mu_cost_from(metric, forward, from->fraction) <=
                   mu_cost_from(metric, backward, from->fraction)
               ? forward
               : backward;
}

uint32_t mu_path_last_arc(const muster_metric *metric, const muster_snap *to, uint32_t node) {
    const uint32_t forward = 2 * to->edge, backward = forward + 1;
    if (mu_node_before(metric, backward, to->fraction) != node) return forward;
    if (mu_node_before(metric, forward, to->fraction) != node) return backward;
    return mu_cost_to(metric, forward, to->fraction) <= mu_cost_to(metric, backward, to->fraction)
               ? forward
               : backward;
}
