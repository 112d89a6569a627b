/* The graph that obeys turn restrictions. */
#ifndef MU_CORE_GRAPH_TURNS_H
#define MU_CORE_GRAPH_TURNS_H

#include "core/network.h"

/* The graph to search, of a network whose graph of junctions, `roads`, is there. Where no
 * restriction takes effect it is that one: the arrays are the same. */
muster_status mu_graph_turns_init(mu_graph *graph, const muster_network *network);

/* For a profile with these access bits, to whom a forbidden turn costs ban_ms: fill in what
 * turns and copies cost, [road_arc_count .. arc_count - 1] of duration_ms, from what the arcs of
 * the network do. O(turns). */
void mu_graph_turn_durations(const mu_graph *graph, uint8_t access, uint32_t ban_ms,
                             uint32_t *duration_ms);

#endif
