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
 *  @param metric           how one travels
 *  @param from_count       how many sources
 *  @param from,to          snapped with the same metric; an unsnapped site reaches nothing
 *  @param to_count         how many targets
 *  @param thread_count     0: one per core. The result is the same for any number.
 *  @param out_duration_ms  [from_count * to_count], row by row; MUSTER_UNREACHABLE_MS: no way
 *  @param out_distance_m   the same shape, or NULL; NaN where there is no way
 *  On a network with a hierarchy: restricted PHAST, up to 32 sources at a time (Delling,
 *  Goldberg and Werneck, ATMOS 2011), O(from * arcs of the hierarchy above the targets);
 *  half as fast where distances are asked for.
 *  Else Dijkstra's algorithm from the smaller of the two sides:
 *  O(min(from, to) * (arcs + nodes log nodes)). By air O(from * to), with 24 bytes a target.
 *  @return MUSTER_E_INVALID naming the site for a snap that is not the metric's, MUSTER_E_NOMEM. */
MUSTER_API muster_status muster_matrix(const muster_metric *metric, uint32_t from_count,
                                       const muster_snap *from, uint32_t to_count,
                                       const muster_snap *to, uint32_t thread_count,
                                       uint32_t *out_duration_ms, double *out_distance_m);

/** A table whose targets stay and whose rows come in blocks, so that no more of it is in memory
 *  than the caller wants: the targets are prepared once. */
typedef struct muster_table muster_table;

typedef struct muster_table_options {
    size_t   struct_size;
    uint32_t thread_count; /**< 0: one per core. The result is the same for any number. */
    /** Rows that will be asked for in all, which decides how much is prepared; 0: very many. */
    uint32_t row_count;
    bool     has_distances; /**< Distances will be asked for; without them it is faster. */
} muster_table_options;

#define MUSTER_TABLE_OPTIONS_INIT                                                                  \
    { sizeof(muster_table_options), 0, 0, false }

/** @param out       receives the table, yours: muster_table_free
 *  @param metric    how one travels
 *  @param to_count  how many targets: the columns
 *  @param to        copied; snapped with the same metric, which must outlive the table
 *  @param options   may be NULL: MUSTER_TABLE_OPTIONS_INIT
 *  On a network with a hierarchy, and for very many rows: O(triangles of the hierarchy), once.
 *  @return MUSTER_E_INVALID naming the site for a snap that is not the metric's, MUSTER_E_NOMEM. */
MUSTER_API muster_status muster_table_new(muster_table **out, const muster_metric *metric,
                                          uint32_t to_count, const muster_snap *to,
                                          const muster_table_options *options);
MUSTER_API void          muster_table_free(muster_table *table);

/** The rows of the next @p from_count sources: exactly those of muster_matrix. Allocates nothing.
 *  One call at a time: the table is written to. To stop between blocks, do not call again.
 *  @param table            the table
 *  @param from_count       how many sources
 *  @param from             snapped with the table's metric
 *  @param out_duration_ms  [from_count * to_count], row by row; MUSTER_UNREACHABLE_MS: no way
 *  @param out_distance_m   the same shape, or NULL; NaN where there is no way
 *  @return MUSTER_E_INVALID for a snap that is not the metric's, or distances of a table without. */
MUSTER_API muster_status muster_table_rows(muster_table *table, uint32_t from_count,
                                           const muster_snap *from, uint32_t *out_duration_ms,
                                           double *out_distance_m);

#ifdef __cplusplus
}
#endif
#endif
