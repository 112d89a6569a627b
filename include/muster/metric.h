/** @file muster/metric.h
 *  A metric is the travel time of every arc for one profile: what one kind of traveller
 *  makes of the network. Built in milliseconds, immutable, shared by threads. */
#ifndef MUSTER_METRIC_H
#define MUSTER_METRIC_H

#include <muster/profile.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct muster_metric muster_metric;

/** Work out @p profile on @p network, which must outlive the metric. Turn restrictions hold for
 *  every profile that has none of their `except` bits among its access bits. O(nodes + arcs):
 *  one pass for the durations and one for strongly connected components (Tarjan 1972).
 *  Durations are rounded to the nearest millisecond.
 *  @return MUSTER_E_INVALID for a profile with NaN or negative fields, MUSTER_E_NOMEM. */
MUSTER_API muster_status muster_metric_new(muster_metric **out, const muster_network *network,
                                           const muster_profile *profile);
/** Several at once, the same to the last bit and sooner: on a network with a hierarchy, three or
 *  four share one pass over it (SIMD across metrics), which takes 64 bytes of scratch an up-arc.
 *  @param out           [count], all NULL after a failure
 *  @param network       the roads, which must outlive the metrics
 *  @param count         how many metrics
 *  @param profiles      [count], some of which may fly
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
 *  @param metric        nobody else may use it meanwhile
 *  @param thread_count  0: one per core */
MUSTER_API muster_status muster_metric_perfect(muster_metric *metric, uint32_t thread_count);

MUSTER_API const muster_network *muster_metric_network(const muster_metric *metric);
MUSTER_API const char           *muster_metric_profile_name(const muster_metric *metric);

/** Does its profile fly? Then it uses no arc, closures do not concern it, and tables, routes,
 *  nearest places and isochrones are by air, through the same functions: from any place to any
 *  other along the great circle (muster/great_circle.h). A flight takes the profile's setup_ms and
 *  the way at flight_speed_kmh, rounded once to the millisecond, also from a place to itself. */
MUSTER_API bool muster_metric_flies(const muster_metric *metric);

/** Travel time by arc, [2 * edge_count]; MUSTER_UNREACHABLE_MS where this profile may not. */
MUSTER_API const uint32_t *muster_metric_duration_ms(const muster_metric *metric);

/** Turns at which this network restricts somebody, muster_metric_turn_count() of them: those of
 *  its restrictions, and of an ONLY all others from there. */
typedef struct muster_turn {
    uint32_t        arc_count; /**< 2 or more. */
    const uint32_t *arc;       /**< The network's: the last arcs driven, and the one turned into. */
    uint32_t        duration_ms; /**< MUSTER_UNREACHABLE_MS: forbidden to this profile; may be 0. */
} muster_turn;

/** A turn that is none of these costs nothing. Where the way so far ends like several of them, the
 *  one with the most arcs says what the turn costs, the others included. */
MUSTER_API uint32_t    muster_metric_turn_count(const muster_metric *metric);
MUSTER_API muster_turn muster_metric_turn(const muster_metric *metric, uint32_t index);

/** Strongly connected component by node, [node_count], of the arcs and turns this metric may use.
 *  Ids run from 0, largest component first, ties by smallest node. By air all are one. Where turns
 *  are restricted, what can be reached depends on how one has come to a node: it counts to the
 *  largest component that some way to it, or from it, belongs to. */
MUSTER_API const uint32_t *muster_metric_component(const muster_metric *metric);
/** Nodes by component, [component_count]. */
MUSTER_API const uint32_t *muster_metric_component_size(const muster_metric *metric);
MUSTER_API uint32_t        muster_metric_component_count(const muster_metric *metric);

#ifdef __cplusplus
}
#endif
#endif
