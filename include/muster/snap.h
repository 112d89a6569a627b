/** @file muster/snap.h
 *  From a place on the map to a place on a road. Matrix, route and plan all start from
 *  the same snap, so they always agree. */
#ifndef MUSTER_SNAP_H
#define MUSTER_SNAP_H

#include <muster/metric.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The `edge` of a place that is reached by air and on no edge at all. */
#define MUSTER_BY_AIR (UINT32_MAX - 1)

/** A place on an edge. `edge` is MUSTER_NONE where no road is within reach. A place at
 *  fraction 0 or 1 is the junction, and is reached by all of its roads. Snapped with a metric that
 *  flies (muster_metric_flies), a place stays where it is: `edge` is MUSTER_BY_AIR, fraction and
 *  distance_m are 0; it is good for metrics that fly alone, and others for those that drive. */
typedef struct muster_snap {
    uint32_t edge;
    double   fraction; /**< 0 at the edge's source, 1 at its target, by length. */
    double   lon_deg;  /**< The place on the road. */
    double   lat_deg;
    double   distance_m; /**< How far the site was moved, in a straight line. */
} muster_snap;

/** Which way a search from one place to many looks. */
typedef enum muster_direction {
    MUSTER_FORWARD, /**< From the origin to the others. */
    MUSTER_BACKWARD /**< From the others to the origin. */
} muster_direction;

typedef struct muster_snap_options {
    size_t struct_size;
    double max_distance_m; /**< A site farther than this from every usable road stays unsnapped. */
    /** A component with fewer nodes is an island: a site goes there only when no larger
     *  component is within `island_detour_m` more than the island's distance. */
    uint32_t island_node_count;
    double   island_detour_m;
    /** The metric whose components count, of the same network; NULL: the one that is snapped to.
     *  With closures: the one without, for what they cut off is no island that the map merely
     *  lacks a road to, and a place there is not to be moved to the other side. */
    const muster_metric *island_metric;
} muster_snap_options;

#define MUSTER_SNAP_OPTIONS_INIT                                                                   \
    { sizeof(muster_snap_options), 5000.0, 100, 500.0, NULL }

/** Snap sites to the nearest edge that @p metric may use in some direction. Distances
 *  are taken in a local equirectangular projection around each site (error under 0.1%
 *  within 50 km). Ties go to the smaller edge id. O(log n) a site in practice. What flies takes
 *  sites as they are.
 *  @param metric           how one travels
 *  @param count            how many sites
 *  @param lon_deg,lat_deg  [count] WGS 84
 *  @param options          may be NULL: MUSTER_SNAP_OPTIONS_INIT
 *  @param out              [count]; a site out of reach is an answer (edge MUSTER_NONE), and its
 *                          distance_m is that to the nearest usable road, or infinity where the
 *                          metric uses no road at all
 *  @return MUSTER_E_INVALID naming the site for NaN or a coordinate off the globe. */
MUSTER_API muster_status muster_snap_sites(const muster_metric *metric, uint32_t count,
                                           const double *lon_deg, const double *lat_deg,
                                           const muster_snap_options *options, muster_snap *out);

/** The @p most edges nearest to one place that @p metric may use in some direction, islands too: by
 *  distance, then edge. What flies takes the place as it is, once.
 *  @param metric          how one travels
 *  @param lon_deg         WGS 84
 *  @param lat_deg         WGS 84
 *  @param max_distance_m  how far to look
 *  @param most            how many at most
 *  @param out_count       receives how many there are: fewer where fewer lie within @p
 *                         max_distance_m
 *  @param out             [most] places on them
 *  O(log n + most) in practice.
 *  @return MUSTER_E_INVALID for NaN, a coordinate off the globe or a distance below 0. */
MUSTER_API muster_status muster_snap_nearest(const muster_metric *metric, double lon_deg,
                                             double lat_deg, double max_distance_m, uint32_t most,
                                             uint32_t *out_count, muster_snap *out);

/** What has become of one site. */
typedef enum muster_snap_outcome {
    MUSTER_SNAPPED,        /**< It is on a road, or flies. */
    MUSTER_SNAP_TOO_FAR,   /**< Farther than max_distance_m from every usable road. */
    MUSTER_SNAP_NO_ROAD,   /**< The metric uses no road at all. */
    MUSTER_SNAP_OFF_GLOBE, /**< NaN, or coordinates that are nowhere. */
} muster_snap_outcome;

/** Like muster_snap_sites, but one bad site does not fail the others: one off the globe stays
 *  unsnapped (edge MUSTER_NONE, distance_m infinity), as one out of reach does, and reaches
 *  nothing in tables and routes.
 *  @param metric       how one travels
 *  @param count        how many sites
 *  @param lon_deg      [count] WGS 84
 *  @param lat_deg      [count] WGS 84
 *  @param options      may be NULL: MUSTER_SNAP_OPTIONS_INIT
 *  @param out          [count], as of muster_snap_sites
 *  @param out_outcome  [count] what has become of each */
MUSTER_API muster_status muster_snap_each(const muster_metric *metric, uint32_t count,
                                          const double *lon_deg, const double *lat_deg,
                                          const muster_snap_options *options, muster_snap *out,
                                          muster_snap_outcome *out_outcome);

#ifdef __cplusplus
}
#endif
#endif
