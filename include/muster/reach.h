/** @file muster/reach.h
 *  From one place to many, the nearest first by travel time. */
#ifndef MUSTER_REACH_H
#define MUSTER_REACH_H

#include <muster/snap.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A search that grows from one place and meets others in order of travel time. It stops
 *  wherever it is told to and goes on from there. One a thread. */
typedef struct muster_reach muster_reach;

/** Prepare searches that meet @p target, which is copied. @p metric must outlive the reach.
 *  @param out           receives the reach, yours: muster_reach_free
 *  @param metric        how one travels
 *  @param direction     MUSTER_FORWARD: from the origin to the targets; MUSTER_BACKWARD: from the
 *                       targets to the origin
 *  @param target_count  how many targets
 *  @param target        snapped with the metric
 *  O(nodes + targets), about 28 bytes a node.
 *  @return MUSTER_E_INVALID for a snap that is not on the metric's network, MUSTER_E_NOMEM. */
MUSTER_API muster_status muster_reach_new(muster_reach **out, const muster_metric *metric,
                                          muster_direction direction, uint32_t target_count,
                                          const muster_snap *target);
MUSTER_API void          muster_reach_free(muster_reach *reach);

/** Begin at @p origin and forget the search before. O(1).
 *  @return MUSTER_E_INVALID for a snap that is not on the metric's network: the reach is then
 *          as it was. */
MUSTER_API muster_status muster_reach_start(muster_reach *reach, const muster_snap *origin);

/** The next target within @p radius_ms of the origin, in order of travel time, then distance,
 *  then index; each once. False where there is none: every target not met yet is farther than
 *  the radius, or cannot be reached at all. A later call with a larger radius goes on; a smaller
 *  one finds nothing. MUSTER_UNREACHABLE_MS sets no limit.
 *  @param reach            one that was begun (muster_reach_start)
 *  @param radius_ms        how far to look
 *  @param out_target       its index in the array given to muster_reach_new
 *  @param out_duration_ms  exactly muster_matrix's for the same two snaps; may be NULL
 *  @param out_distance_m   likewise
 *  Dijkstra's algorithm (1959): all calls together O(a log a) in the arcs within the radius. */
MUSTER_API bool muster_reach_next(muster_reach *reach, uint32_t radius_ms, uint32_t *out_target,
                                  uint32_t *out_duration_ms, double *out_distance_m);

/** The @p k nearest of many places by travel time: fewer where fewer can be reached.
 *  @param metric           how one travels
 *  @param direction        as in muster_reach_new
 *  @param origin           snapped with the metric
 *  @param target_count     how many targets
 *  @param target           snapped with the metric
 *  @param k                how many to find at most
 *  @param out_count        receives how many there are, k at most
 *  @param out_target       [k] indices, in the order of muster_reach_next
 *  @param out_duration_ms  [k] exactly muster_matrix's; may be NULL
 *  @param out_distance_m   [k] likewise
 *  A search that stops at the k-th, or, on a network with a hierarchy and where that is
 *  estimated to be faster, a table of one row: O(arcs of the hierarchy above the targets).
 *  @return MUSTER_E_INVALID for a snap that is not on the metric's network, MUSTER_E_NOMEM. */
MUSTER_API muster_status muster_nearest(const muster_metric *metric, muster_direction direction,
                                        const muster_snap *origin, uint32_t target_count,
                                        const muster_snap *target, uint32_t k, uint32_t *out_count,
                                        uint32_t *out_target, uint32_t *out_duration_ms,
                                        double *out_distance_m);

#ifdef __cplusplus
}
#endif
#endif
