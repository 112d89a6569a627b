/** @file muster/one_to_all.h
 *  Travel times between some places and every node: shortest-path trees in bulk. */
#ifndef MUSTER_ONE_TO_ALL_H
#define MUSTER_ONE_TO_ALL_H

#include <muster/snap.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Fastest travel time from each origin to every node of the network, or back, and the
 *  distance along that fastest path (of equally fast paths, the shortest).
 *  @param metric           how one travels
 *  @param origin_count     how many origins
 *  @param origins          snapped with the same metric; an unsnapped one reaches nothing
 *  @param direction        MUSTER_BACKWARD: from every node to the origin
 *  @param thread_count     0: one per core. The result is the same for any number.
 *  @param out_duration_ms  [origin_count * node_count], row by row; MUSTER_UNREACHABLE_MS: no way
 *  @param out_distance_m   the same shape, or NULL; NaN where there is no way
 *  On a network with a hierarchy: PHAST, many origins at a time (Delling, Goldberg, Nowatzyk
 *  and Werneck, "PHAST: Hardware-accelerated shortest path trees", JPDC 2013), O(arcs of the
 *  hierarchy) a tree and once more for the call. Else Dijkstra's algorithm,
 *  O(arcs + nodes log nodes) a tree.
 *  @return MUSTER_E_INVALID naming the origin for a snap on no edge, MUSTER_E_NOMEM. */
MUSTER_API muster_status muster_one_to_all(const muster_metric *metric, uint32_t origin_count,
                                           const muster_snap *origins, muster_direction direction,
                                           uint32_t thread_count, uint32_t *out_duration_ms,
                                           double *out_distance_m);

#ifdef __cplusplus
}
#endif
#endif
