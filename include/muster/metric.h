/** @file muster/metric.h
 *  A metric is the travel time of every arc for one profile: what one kind of traveller
 *  makes of the network. Built in milliseconds, immutable, shared by threads. */
#ifndef MUSTER_METRIC_H
#define MUSTER_METRIC_H

#include <muster/network.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How a kind of traveller uses the network. */
typedef struct muster_profile {
    size_t      struct_size;
    const char *name;   /**< "light", say; borrowed: static, or alive while the metric is. */
    uint8_t     access; /**< muster_access bits: an arc with any of them may be used. */
    /** Factor on the duration of an arc that is open only as CONTRAFLOW; 0: never used. */
    double contraflow_factor;
    /** Speed by muster_road_class where the road states none. 0: this class is not used
     *  at all, whatever the road states. */
    double speed_kmh[MUSTER_ROAD_CLASS_COUNT];
    double speed_factor;  /**< Times the stated legal speed; 1 for law-abiding traffic. */
    double max_speed_kmh; /**< Never faster than this; 0: no limit. */
    double height_m;      /**< Does not pass under a lower maxheight; 0: passes all. */
    double weight_t;      /**< Does not cross a lower maxweight; 0: crosses all. */
    /** Deepest water it drives through (muster_closure_flood); 0: none. */
    double wading_depth_m;
} muster_profile;

/** One of the built-in profiles: "light", "heavy" or "emergency".
 *  @return MUSTER_E_INVALID for another name; the message lists the names. */
MUSTER_API muster_status muster_profile_builtin(muster_profile *out, const char *name);

typedef struct muster_metric muster_metric;

/** Work out @p profile on @p network, which must outlive the metric. O(nodes + arcs):
 *  one pass for the durations and one for strongly connected components (Tarjan 1972).
 *  Durations are rounded to the nearest millisecond.
 *  @return MUSTER_E_INVALID for a profile with NaN or negative fields, MUSTER_E_NOMEM. */
MUSTER_API muster_status muster_metric_new(muster_metric **out, const muster_network *network,
                                           const muster_profile *profile);
/** Several at once, the same to the last bit and sooner: on a network with a hierarchy, three or
 *  four share one pass over it (SIMD across metrics), which takes 64 bytes of scratch an up-arc.
 *  @param out       [count], all NULL after a failure
 *  @param profiles  [count]
 *  @param thread_count  0: one per core. The result is the same for any number. */
MUSTER_API muster_status muster_metrics_new(muster_metric **out, const muster_network *network,
                                            uint32_t count, const muster_profile *profiles,
                                            uint32_t thread_count);
MUSTER_API void          muster_metric_free(muster_metric *metric);

/** Perfect customization (Dibbelt, Strasser and Wagner, JEA 2016, section 8): find the arcs of the
 *  hierarchy that no fastest path needs, and leave them out of every table and query from now on.
 *  Answers stay the same to the last bit; tables take up to a quarter less time, queries up to a
 *  sixth, the more the larger the city. It costs about as much as the metric did, and 4 bytes for
 *  each arc that stays, either way: it pays where a metric serves many tables. (A table of very
 *  many rows does it for itself: muster_table_new.) The one call that writes to a metric: before
 *  it is shared with other threads. What muster_metric_change makes from it does not have it.
 *  Nothing to do without a hierarchy, or the second time.
 *  @param thread_count  0: one per core */
MUSTER_API muster_status muster_metric_perfect(muster_metric *metric, uint32_t thread_count);

MUSTER_API const muster_network *muster_metric_network(const muster_metric *metric);
MUSTER_API const char           *muster_metric_profile_name(const muster_metric *metric);

/** Travel time by arc, [2 * edge_count]; MUSTER_UNREACHABLE_MS where this profile may not. */
MUSTER_API const uint32_t *muster_metric_duration_ms(const muster_metric *metric);

/** Strongly connected component by node, [node_count], of the arcs this metric may use.
 *  Ids run from 0, largest component first, ties by smallest node. */
MUSTER_API const uint32_t *muster_metric_component(const muster_metric *metric);
/** Nodes by component, [component_count]. */
MUSTER_API const uint32_t *muster_metric_component_size(const muster_metric *metric);
MUSTER_API uint32_t        muster_metric_component_count(const muster_metric *metric);

#ifdef __cplusplus
}
#endif
#endif
