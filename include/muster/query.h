/** @file muster/query.h
 *  Many questions from one place to one place: what a thread keeps between them. */
#ifndef MUSTER_QUERY_H
#define MUSTER_QUERY_H

#include <muster/route.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Working memory for point-to-point questions: one a thread, used again and again. */
typedef struct muster_query muster_query;

/** Prepare questions on @p metric, which must outlive the query. O(nodes), about 24 bytes a
 *  node. @return MUSTER_E_NOMEM. */
MUSTER_API muster_status muster_query_new(muster_query **out, const muster_metric *metric);
MUSTER_API void          muster_query_free(muster_query *query);

/** From now on ask another metric of the same network: the roads of the next moment. O(1).
 *  @param query   nobody else may use it meanwhile
 *  @param metric  must outlive the query, or be left for another; the one of before may be gone already
 *  @return MUSTER_E_INVALID for a metric of another network, or where one of the two flies and the other does not. */
MUSTER_API muster_status muster_query_turn_to(muster_query *query, const muster_metric *metric);

/** Travel time and distance of the fastest path between two snapped places, of equally fast
 *  ones the shortest: exactly those of muster_matrix and muster_route_new.
 *  @param query            nobody else may use it meanwhile
 *  @param from             snapped with the query's metric
 *  @param to               likewise
 *  @param out_duration_ms  MUSTER_UNREACHABLE_MS where there is no way: that is an answer
 *  @param out_distance_m   may be NULL; NaN where there is no way
 *  On a network with a hierarchy: a walk up the elimination tree (Dibbelt, Strasser and Wagner,
 *  JEA 2016), O(arcs of the hierarchy above the two places), microseconds. Else Dijkstra's
 *  algorithm, O(arcs + nodes log nodes), milliseconds.
 *  @return MUSTER_E_INVALID for a snap that is not on the metric's network. */
MUSTER_API muster_status muster_query_cost(muster_query *query, const muster_snap *from,
                                           const muster_snap *to, uint32_t *out_duration_ms,
                                           double *out_distance_m);

/** The same with the path: what muster_route_new returns. The route does not depend on the
 *  query afterwards. Of paths equal in time and length, any.
 *  @param out    NULL with MUSTER_OK where there is no way
 *  @param query  nobody else may use it meanwhile
 *  @param from   snapped with the query's metric
 *  @param to     likewise */
MUSTER_API muster_status muster_query_route(muster_route **out, muster_query *query,
                                            const muster_snap *from, const muster_snap *to);

#ifdef __cplusplus
}
#endif
#endif
