/* Travel times that are kept from one plan to the next. */
#ifndef MU_SOLVER_TRAVEL_MEMORY_H
#define MU_SOLVER_TRAVEL_MEMORY_H

#include <muster/problem.h>
#include <muster/snap.h>

#include "core/error.h"

/* What a table is for: of one metric there are several. */
typedef enum mu_table_use {
    MU_TABLE_TO_INCIDENTS,
    MU_TABLE_TO_WAREHOUSES,
    MU_TABLE_FROM_WAREHOUSES
} mu_table_use;

typedef struct mu_kept_table {
    uint64_t     metric_id;
    mu_table_use use;
    uint32_t     from_count, to_count;
    muster_site *from, *to;
    muster_snap *from_snap, *to_snap;
    uint32_t    *duration_ms; /* [from_count * to_count] */
    double      *distance_m;
    bool         is_used; /* since the last call of mu_travel_memory_forget */
} mu_kept_table;

/* Start from zeros. */
typedef struct mu_travel_memory {
    mu_kept_table *table;
    size_t         count, capacity;
    uint64_t       searched, known; /* cells so far */
    uint64_t       spent_us;        /* on all that */
} mu_travel_memory;

void mu_travel_memory_fini(mu_travel_memory *memory);

/* Travel times and distances between places, as muster_matrix has them to the last bit: those that
 * were asked for the last time, with the same metric for the same use, are copied, the others
 * searched for.
 *  out_ms, out_m  [from_count * to_count]
 *  out_has_road   [to_count] may be NULL: is it on a road of the metric? */
muster_status mu_travel_memory_table(mu_travel_memory *memory, mu_table_use use,
                                     const muster_metric *metric, uint32_t from_count,
                                     const muster_site *from, uint32_t to_count,
                                     const muster_site *to, uint32_t thread_count, uint32_t *out_ms,
                                     double *out_m, bool *out_has_road);

/* Give back tables that have not been asked for since the last call. */
void mu_travel_memory_forget(mu_travel_memory *memory);

#endif
