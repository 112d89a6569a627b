/** @file muster/matrix.h
 *  Travel times between many places. */
#ifndef MUSTER_MATRIX_H
#define MUSTER_MATRIX_H

#include <muster/snap.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Fastest travel time from every source to every target, and the distance along that
 *  fastest path (of equally fast paths, the shortest).
 *  @param from,to          snapped with the same metric; an unsnapped site reaches nothing
 *  @param thread_count     0: one per core. The result is the same for any number.
 *  @param out_duration_ms  [from_count * to_count], row by row; MUSTER_UNREACHABLE_MS: no way
 *  @param out_distance_m   the same shape, or NULL; NaN where there is no way
 *  On a network with a hierarchy: restricted PHAST, eight sources at a time (Delling,
 *  Goldberg and Werneck, ATMOS 2011), O(from * arcs of the hierarchy above the targets).
 *  Else Dijkstra's algorithm from the smaller of the two sides:
 *  O(min(from, to) * (arcs + nodes log nodes)). By air O(from * to), with 24 bytes a target.
 *  @return MUSTER_E_INVALID naming the site for a snap that is not the metric's, MUSTER_E_NOMEM. */
MUSTER_API muster_status muster_matrix(const muster_metric *metric, uint32_t from_count,
                                       const muster_snap *from, uint32_t to_count,
                                       const muster_snap *to, uint32_t thread_count,
                                       uint32_t *out_duration_ms, double *out_distance_m);

#ifdef __cplusplus
}
#endif
#endif
