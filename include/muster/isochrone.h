/** @file muster/isochrone.h
 *  What lies within a travel time: nodes and parts of roads. Areas on the map are in
 *  muster/isochrone_polygon.h. */
#ifndef MUSTER_ISOCHRONE_H
#define MUSTER_ISOCHRONE_H

#include <muster/snap.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A piece of an edge between two fractions of its length, 0 at the source: a snap at
 *  `fraction` lies on it when from_fraction <= fraction <= to_fraction. */
typedef struct muster_edge_part {
    uint32_t edge;
    double   from_fraction, to_fraction; /**< 0 <= from < to <= 1 */
} muster_edge_part;

typedef struct muster_isochrone muster_isochrone;

/** All that is reached from the nearest of some origins within each of some limits, by
 *  Dijkstra's algorithm as far as the largest limit.
 *
 *  It agrees with muster_matrix: a place on a returned part is within the limit in the table,
 *  to the millisecond, and a place beyond the end of one is not, as soon as it is half a
 *  millisecond away (tables round there).
 *  @param out           receives the isochrone, yours: muster_isochrone_free
 *  @param metric        how one travels
 *  @param origin_count  how many origins
 *  @param origins       snapped with @p metric; unsnapped ones reach nothing. Copied.
 *  @param direction     MUSTER_BACKWARD: places from which an origin is reached within the limit
 *  @param limit_count   how many limits, 1 or more
 *  @param limit_ms      [limit_count], in any order, each below MUSTER_UNREACHABLE_MS. Copied.
 *  The isochrone borrows the network of @p metric, not the metric. Any number of threads may
 *  read it. O(nodes + reached arcs log reached nodes + limits * edges).
 *  @return MUSTER_E_INVALID for no limit, a limit too large, or naming the origin that is on no
 *          edge; MUSTER_E_NOMEM. */
MUSTER_API muster_status muster_isochrone_new(muster_isochrone **out, const muster_metric *metric,
                                              uint32_t origin_count, const muster_snap *origins,
                                              muster_direction direction, uint32_t limit_count,
                                              const uint32_t *limit_ms);
MUSTER_API void          muster_isochrone_free(muster_isochrone *isochrone);

MUSTER_API const muster_network *muster_isochrone_network(const muster_isochrone *isochrone);
/** The limits as they were given. */
MUSTER_API const uint32_t *muster_isochrone_limits_ms(const muster_isochrone *isochrone,
                                                      uint32_t               *out_count);

/** How far a metric that flies gets within each limit, [limit_count], from each of these origins:
 *  what is reached are circles. Negative where not even the setup is done by then. NULL, and no
 *  origin, for a metric that drives. */
MUSTER_API const double      *muster_isochrone_flight_radius_m(const muster_isochrone *isochrone);
MUSTER_API const muster_snap *muster_isochrone_flight_origins(const muster_isochrone *isochrone,
                                                              uint32_t               *out_count);

/** Travel time by node, [node_count]; MUSTER_UNREACHABLE_MS past the largest limit. */
MUSTER_API const uint32_t *muster_isochrone_duration_ms(const muster_isochrone *isochrone);

/** The nodes within limit number @p limit (0 .. limit_count - 1), by duration, then index: the
 *  nodes of a smaller limit are the beginning of those of a larger one. */
MUSTER_API const uint32_t *muster_isochrone_nodes(const muster_isochrone *isochrone, uint32_t limit,
                                                  uint32_t *out_count);

/** The parts of edges within limit number @p limit, reached from either end or from an origin
 *  on the edge itself, in any direction that is open: by edge, then fraction, and disjoint. By
 *  air, the parts of all edges that lie within the radius, closed to vehicles or not. */
MUSTER_API const muster_edge_part *muster_isochrone_parts(const muster_isochrone *isochrone,
                                                          uint32_t limit, uint32_t *out_count);

/** The line of a part on the map, from its first end to its last.
 *  @param network                  that of the isochrone
 *  @param part                     one of its parts
 *  @param out_lon_deg,out_lat_deg  room for two points more than the edge has shape points
 *  @return the number of points, 2 or more */
MUSTER_API uint32_t muster_edge_part_line(const muster_network   *network,
                                          const muster_edge_part *part, double *out_lon_deg,
                                          double *out_lat_deg);

#ifdef __cplusplus
}
#endif
#endif
