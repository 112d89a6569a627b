/* Travel times that are kept from one plan to the next. */
#ifndef MU_SOLVER_TRAVEL_MEMORY_H
#define MU_SOLVER_TRAVEL_MEMORY_H

#include "solver/places.h"

/* What a table is for: of one metric there are several. */
typedef enum mu_table_use {
    MU_TABLE_TO_INCIDENTS,
    MU_TABLE_TO_WAREHOUSES,
    MU_TABLE_FROM_WAREHOUSES
} mu_table_use;

/* Beside travel times: of a table that is asked for cell by cell, nobody has asked yet, or is about to. */
#define MU_NOT_ASKED UINT32_MAX
#define MU_EXPECTED  (UINT32_MAX - 1)

typedef struct mu_kept_table {
    uint64_t     metric_id;
    mu_table_use use;
    bool         is_open; /* some cells may be MU_NOT_ASKED */
    uint32_t     from_count, to_count;
    muster_site *from, *to;
    muster_snap *from_at, *to_at; /* where the metric has them on the road */
    uint32_t    *duration_ms;     /* [from_count * to_count] */
    bool         is_used;         /* since the last call of mu_travel_memory_forget */
} mu_kept_table;

/* One of the ways of the last plan. */
typedef struct mu_known_way {
    uint64_t    metric_id;
    muster_site from, to;
    double      distance_m;
} mu_known_way;

/* Start from zeros. */
typedef struct mu_travel_memory {
    mu_known_places places;
    mu_kept_table  *table;
    size_t          count, capacity;
    mu_known_way   *way; /* [way_count] in order: see plan_distances.c */
    uint32_t        way_count;
    uint64_t        searched, known; /* cells so far */
    uint64_t        spent_us;        /* on all that */
} mu_travel_memory;

void mu_travel_memory_fini(mu_travel_memory *memory);

/* As mu_places_init by what is known. */
muster_status mu_travel_memory_places(mu_travel_memory *memory, mu_places *places,
                                      const muster_problem *problem, uint32_t thread_count);

/* Places at one side of a table, and where the table's metric has them on the road. */
typedef struct mu_table_side {
    uint32_t           count;
    const muster_site *site; /* [count] */
    const muster_snap *snap; /* [count] */
} mu_table_side;

/* Travel times between places, as muster_matrix has them to the last bit: those that were asked for
 * the last time, with the same metric for the same use, are copied, the others searched for. Where roads
 * have changed, those are copied that the change does not reach (core/unchanged.h).
 *  out_ms  [from->count * to->count] */
muster_status mu_travel_memory_table(mu_travel_memory *memory, mu_table_use use,
                                     const muster_metric *metric, const mu_table_side *from,
                                     const mu_table_side *to, uint32_t thread_count,
                                     uint32_t *out_ms);

/* A table of its own for who asks for few cells: those that are known, from a table of either sort, and MU_NOT_ASKED
 * in the others. Its owner gives it to mu_travel_memory_return, which cannot fail, with what he has found. */
muster_status mu_travel_memory_lend(mu_travel_memory *memory, mu_table_use use,
                                    const muster_metric *metric, const mu_table_side *from,
                                    const mu_table_side *to, mu_kept_table *out);
void          mu_travel_memory_return(mu_travel_memory *memory, mu_kept_table *table);

/* Give back tables that have not been asked for since the last call. */
void mu_travel_memory_forget(mu_travel_memory *memory);

#endif
