/** @file muster/route.h
 *  One fastest path, with its arcs and its line on the map. */
#ifndef MUSTER_ROUTE_H
#define MUSTER_ROUTE_H

#include <muster/snap.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct muster_route muster_route;

/** The fastest path between two snapped places; of equally fast ones the shortest. Its
 *  duration and distance are exactly the matrix's for the same two snaps. For many routes on
 *  one metric keep a muster_query (muster/query.h): this makes one and throws it away.
 *  @param out     NULL with MUSTER_OK where there is no way: that is an answer
 *  @param metric  how one travels
 *  @param from    snapped with the metric
 *  @param to      likewise
 *  O(nodes) on a network with a hierarchy, else O(arcs + nodes log nodes). */
MUSTER_API muster_status muster_route_new(muster_route **out, const muster_metric *metric,
                                          const muster_snap *from, const muster_snap *to);
MUSTER_API void          muster_route_free(muster_route *route);

/** What is left of a route for who has come as far as `from`: its arcs from there to its end, and how long
 *  they take by a metric of its network, which need not be its own. It is the fastest path, or one of several
 *  that are as fast and as long, where it costs what muster_query_cost says: so whoever is on his way when
 *  roads change, most often elsewhere, need not search for his path again.
 *  @param out     NULL with MUSTER_OK where it is not told: `from` is on none of the route's edges, or at an
 *                 end of one; `to` is not on its last; an arc is closed to the metric; the route is by air; or
 *                 turns are restricted in the network, for what they cost is not told by arcs
 *  @param route   any but NULL
 *  @param metric  how one travels
 *  @param from    snapped with the metric
 *  @param to      likewise: where the route leads
 *  O(its arcs and points). MUSTER_E_INVALID for arcs that the network does not have. */
MUSTER_API muster_status muster_route_rest(muster_route **out, const muster_route *route,
                                           const muster_metric *metric, const muster_snap *from,
                                           const muster_snap *to);

MUSTER_API uint32_t muster_route_duration_ms(const muster_route *route);
MUSTER_API double   muster_route_distance_m(const muster_route *route);
/** Arcs in driving order; the first and the last may be driven in part only, or not at all
 *  where the place is a junction at their end. None by air. */
MUSTER_API const uint32_t *muster_route_arcs(const muster_route *route, uint32_t *out_count);
/** The line from snap to snap, as parallel arrays of at least two points; by air a point every
 *  25 km or less. */
MUSTER_API uint32_t      muster_route_point_count(const muster_route *route);
MUSTER_API const double *muster_route_lon_deg(const muster_route *route);
MUSTER_API const double *muster_route_lat_deg(const muster_route *route);

#ifdef __cplusplus
}
#endif
#endif
