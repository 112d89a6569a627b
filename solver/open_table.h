/* Travel times between many places, few of which are ever asked for. */
#ifndef MU_SOLVER_OPEN_TABLE_H
#define MU_SOLVER_OPEN_TABLE_H

#include "solver/travel_memory.h"

/* What it takes to ask for cells one by one: of one thread, for tables of any size up to some longest side. */
typedef struct mu_asker mu_asker;

/* *out is NULL where one of the metrics neither flies nor has a hierarchy: then a cell takes as long as a row, and no
 * table should be open. */
muster_status mu_asker_new(mu_asker **out, uint32_t metric_count,
                           const muster_metric *const *metric, uint32_t longest_side);
void          mu_asker_free(mu_asker *asker);

typedef struct mu_open_cell {
    uint32_t row, column;
} mu_open_cell;

/* By one metric. Of one thread. */
typedef struct mu_open_table {
    const muster_metric *metric;
    mu_travel_memory    *memory;
    mu_asker            *asker;
    mu_kept_table        times; /* its cells may be MU_NOT_ASKED or MU_EXPECTED */
    uint32_t
        *summit; /* [times.to_count] of places that are cut off (core/query.h); else MUSTER_NONE */
    uint32_t *twin; /* [times.to_count] the first column of the same site, which has its times */
    mu_open_cell *expected; /* [expected_count] */
    size_t        expected_count, expected_capacity;
} mu_open_table;

/* What `memory` knows is known. Both sides are copied; `asker` stays with the caller. */
muster_status mu_open_table_init(mu_open_table *table, mu_travel_memory *memory, mu_table_use use,
                                 const muster_metric *metric, const mu_table_side *from,
                                 const mu_table_side *to, mu_asker *asker);
/* The memory knows then what is known by now. */
void mu_open_table_fini(mu_open_table *table);

/* Cells that are going to be asked for, so that they can be searched for together. MUSTER_E_NOMEM. */
muster_status mu_open_table_expect(mu_open_table *table, uint32_t row, uint32_t column);
muster_status mu_open_table_search(mu_open_table *table);

/* One that is not known yet. */
uint32_t mu_open_table_ask(mu_open_table *table, uint32_t row, uint32_t column);

/* MU_NOT_ASKED and MU_EXPECTED where one is not. */
static inline uint32_t mu_open_table_known_ms(const mu_open_table *table, uint32_t row,
                                              uint32_t column) {
    return table->times.duration_ms[(size_t)row * table->times.to_count + table->twin[column]];
}
static inline bool mu_open_table_is_known(const mu_open_table *table, uint32_t row,
                                          uint32_t column) {
    return mu_open_table_known_ms(table, row, column) < MU_EXPECTED;
}

/* MUSTER_UNREACHABLE_MS where there is no way. */
static inline uint32_t mu_open_table_ms(mu_open_table *table, uint32_t row, uint32_t column) {
    const uint32_t ms = mu_open_table_known_ms(table, row, column);
    return ms < MU_EXPECTED ? ms : mu_open_table_ask(table, row, column);
}

#endif
