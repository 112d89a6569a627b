/* The topology of a customizable contraction hierarchy: which shortcuts there
 * are, before anyone knows what they cost. One a network, whatever the metrics.
 */
#ifndef MU_CORE_HIERARCHY_H
#define MU_CORE_HIERARCHY_H

#include "core/network.h"

/* Nodes are known by their rank here: 0 is eliminated first. Ranks are a
 * post-order of the elimination tree, so the subtree under v is the range
 * first_descendant[v] .. v.
 *
 * An up-arc u joins a node with one of higher rank; arcs of a node are sorted
 * by head. */
typedef struct mu_hierarchy {
    const mu_graph *graph;
    uint32_t        node_count, up_count;
    uint32_t        most_up;        /* up-arcs of one node */
    uint64_t        triangle_count; /* pairs of up-arcs of the same node */
    uint32_t       *node_at;        /* by rank: the graph's node */
    uint32_t       *rank;           /* by the graph's node */
    uint32_t       *first_up;       /* [node_count + 1] */
    uint32_t       *up_head;        /* [up_count] rank */
    uint32_t       *up_tail;        /* [up_count] rank */
    uint32_t       *first_down;     /* [node_count + 1] arcs that come up to a node, */
    uint32_t       *down_arc;       /* [up_count] sorted by tail */
    uint32_t       *parent;         /* in the elimination tree; MUSTER_NONE for roots */
    uint32_t       *first_descendant;
    /* Where each arc of the graph goes: an up-arc, MUSTER_NONE for loops and
   * closed arcs; it runs up when the rank of its head is the higher. */
    uint32_t *up_of_arc; /* [graph->arc_count] */
    /* In which order the junctions were eliminated, each with the other nodes that it became;
     * NULL where the graph has no others: then it is `rank`. */
    uint32_t *junction_rank;
} mu_hierarchy;

/* A hierarchy of the network's graph. O(n log n + arcs of the hierarchy). The network must outlive
 * it. */
muster_status mu_hierarchy_init(mu_hierarchy *hierarchy, const muster_network *network);
void          mu_hierarchy_fini(mu_hierarchy *hierarchy);

/* The up-arc from `tail` to `head`; where there is none, the place it would have. O(log). */
uint32_t mu_hierarchy_find_up(const mu_hierarchy *hierarchy, uint32_t tail, uint32_t head);

/* Does an arc of the graph run up? */
static inline bool mu_hierarchy_is_ascent(const mu_hierarchy *hierarchy, uint32_t arc) {
    return hierarchy->rank[mu_graph_tail(hierarchy->graph, arc)] <
           hierarchy->rank[mu_graph_head(hierarchy->graph, arc)];
}

/* Both arcs of an edge have one up-arc, where no turn is restricted; MUSTER_NONE: neither has, each
 * being a loop or closed. */
static inline uint32_t mu_hierarchy_up_of_edge(const mu_hierarchy *hierarchy, uint32_t edge) {
    const uint32_t *up = &hierarchy->up_of_arc[2 * (size_t)edge];
    return up[0] != MUSTER_NONE ? up[0] : up[1];
}

/* Set most_up and triangle_count, which follow from first_up. O(nodes). */
void mu_hierarchy_count_triangles(mu_hierarchy *hierarchy);

/* Walks the whole structure; false if any promise above is broken. For tests
 * and debug. */
bool mu_hierarchy_check(const mu_hierarchy *hierarchy);

#endif
