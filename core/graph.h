/* The graph that is searched: the junctions and arcs of a network, and where turns are restricted
 * what it takes to make a search obey (graph_turns.c).
 *
 * Nodes 0 .. junction_count - 1 are the network's, arcs 0 .. road_arc_count - 1 too. Arcs from
 * there to first_copy are turns, which have no length; the first turn_count of them are those
 * that cost something or are forbidden to somebody. The rest are copies of arcs that are driven
 * after others. A traveller who sets out from a junction starts at its node; one who wants to get
 * to it has arrived at its end. */
#ifndef MU_CORE_GRAPH_H
#define MU_CORE_GRAPH_H

#include <stdbool.h>
#include <stdint.h>

#include <muster/api.h>

#include "core/alloc.h"

/* What a turn costs those who are bound by a rule. */
typedef struct mu_turn_rule {
    uint32_t turn;     /* which; a turn may have several rules */
    uint32_t delay_ms; /* MUSTER_UNREACHABLE_MS: it is forbidden */
    uint32_t binds;    /* bit b: a profile whose access bits are b is bound */
} mu_turn_rule;

typedef struct mu_graph {
    uint32_t junction_count, node_count;
    uint32_t road_arc_count, first_copy, arc_count;
    /* The network's, by edge. */
    const uint32_t *edge_end[2];    /* junctions: source and target */
    const uint8_t  *edge_access[2]; /* forward and backward */
    const uint32_t *length_cm;
    /* Arcs that are open to somebody, and turns, by the node they leave (out) or enter (in):
     * out_arc[first_out[v]] .. out_arc[first_out[v + 1] - 1], in order of arc. */
    uint32_t *first_out, *out_arc; /* [node_count + 1] */
    uint32_t *first_in, *in_arc;   /* [node_count + 1] */

    /* All NULL and 0 where no turn is restricted. */
    uint32_t     *tail, *head;    /* [arc_count] nodes */
    uint32_t     *end;            /* [junction_count] the junction's end */
    uint32_t     *junction_of;    /* [node_count - junction_count] rising */
    uint32_t     *copy_of;        /* [arc_count - first_copy] arcs, rising */
    uint32_t     *copy_end;       /* [arc_count - first_copy] see mu_graph_arrival */
    uint32_t      turn_count;     /* turns that have a rule */
    uint32_t     *first_turn_arc; /* [turn_count + 1] */
    uint32_t     *turn_arc;       /* the arcs driven, the last is the one turned into */
    uint32_t      rule_count;
    mu_turn_rule *rule;          /* [rule_count] turns rising */
    uint32_t      applied_count; /* restrictions that made it into a rule */
} mu_graph;

static inline bool mu_graph_has_turns(const mu_graph *graph) {
    return graph->tail != NULL;
}

/* The junctions at the ends of one of the network's arcs. */
static inline uint32_t mu_graph_tail_junction(const mu_graph *graph, uint32_t arc) {
    return graph->edge_end[arc & 1][arc >> 1];
}
static inline uint32_t mu_graph_head_junction(const mu_graph *graph, uint32_t arc) {
    return graph->edge_end[~arc & 1][arc >> 1];
}

static inline uint32_t mu_graph_tail(const mu_graph *graph, uint32_t arc) {
    return graph->tail ? graph->tail[arc] : mu_graph_tail_junction(graph, arc);
}
static inline uint32_t mu_graph_head(const mu_graph *graph, uint32_t arc) {
    return graph->head ? graph->head[arc] : mu_graph_head_junction(graph, arc);
}

/* Where everybody who has come to a junction is, by whatever road. */
static inline uint32_t mu_graph_end(const mu_graph *graph, uint32_t junction) {
    return graph->end ? graph->end[junction] : junction;
}

/* The arc of the network that is driven on any arc; MUSTER_NONE for a turn. */
static inline uint32_t mu_graph_road(const mu_graph *graph, uint32_t arc) {
    if (arc < graph->road_arc_count) return arc;
    return arc < graph->first_copy ? MUSTER_NONE : graph->copy_of[arc - graph->first_copy];
}

static inline uint32_t mu_graph_length_cm(const mu_graph *graph, uint32_t arc) {
    const uint32_t road = mu_graph_road(graph, arc);
    return road == MUSTER_NONE ? 0 : graph->length_cm[road >> 1];
}

/* The copies of an arc of the network: from the returned one on to *out_end - 1. O(log copies). */
uint32_t mu_graph_copies(const mu_graph *graph, uint32_t arc, uint32_t *out_end);

/* From which node one gets to a place on the arc. That is its tail; for an arc with copies, a node
 * that the tails of all of them lead to. */
uint32_t mu_graph_arrival(const mu_graph *graph, uint32_t arc);

/* May somebody use the arc? */
static inline bool mu_graph_is_open(const mu_graph *graph, uint32_t arc) {
    return arc >= graph->road_arc_count || graph->edge_access[arc & 1][arc >> 1] != 0;
}

/* Fill first_out, out_arc, first_in and in_arc; on failure for mu_graph_fini to free. */
muster_status mu_graph_index(mu_graph *graph);
void          mu_graph_fini(mu_graph *graph);

/* An order of the junctions as one of all nodes, [node_count]: those of a junction side by side. */
void mu_graph_expand_order(const mu_graph *graph, const uint32_t *junction_at, uint32_t *node_at);

#endif
