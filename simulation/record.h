/* What is written down of a replication while it runs: rows of tables, with all that they point to. */
#ifndef MU_SIMULATION_RECORD_H
#define MU_SIMULATION_RECORD_H

#include <muster/simulation.h>

#include "session/arena.h"
#include "simulation/way.h"

/* A table that grows. */
#define MU_TABLE(row_type)                                                                         \
    struct {                                                                                       \
        uint32_t  count;                                                                           \
        size_t    capacity;                                                                        \
        row_type *row; /* NOLINT(bugprone-macro-parentheses): it is a type */                      \
    }

/* Room for one more row at its end, zeroed and counted; MUSTER_E_NOMEM: it is as it was. */
#define MU_TABLE_ADD(table, out_row)                                                               \
    mu_table_add(&(table)->row, &(table)->capacity, &(table)->count, sizeof *(table)->row,         \
                 (out_row))
muster_status mu_table_add(void *inout_rows, size_t *capacity, uint32_t *count, size_t size,
                           void *out_row);

struct muster_replication {
    const char             *policy;
    uint32_t                number;
    bool                    is_recorded; /* moves, stock, hazards, reasons too */
    int64_t                 start_at_ms; /* since 1970; rows count from it */
    mu_arena                arena;       /* texts and points of rows */
    muster_simulated_totals totals;
    MU_TABLE(muster_simulated_incident) incident;
    MU_TABLE(muster_simulated_need) need;
    MU_TABLE(muster_simulated_order) order; /* row i is order i + 1 */
    MU_TABLE(muster_simulated_moment) series;
    MU_TABLE(muster_simulated_plan) plan;
    MU_TABLE(muster_simulated_refusal) refusal;
    MU_TABLE(muster_simulated_stock) stock;
    MU_TABLE(muster_simulated_move) move;
    MU_TABLE(muster_simulated_hazard) hazard;
    MU_TABLE(muster_simulated_price) price;
    MU_TABLE(muster_simulated_explanation) explanation;
};

enum { MU_NEVER = -1 };

muster_status mu_record_new(muster_replication **out, const char *policy, uint32_t number,
                            int64_t start_at_ms, bool is_recorded);
void          mu_record_free(muster_replication *record); /* NULL is welcome */

/* A copy of a text that the record keeps; of NULL: NULL. */
muster_status mu_record_text(muster_replication *record, const char **out, const char *text);
muster_status mu_record_hazard(muster_replication *record, const muster_hazard **out,
                               const muster_hazard *hazard);
/* As much of a way as was gone after so long. Nothing where the replication is not recorded. */
muster_status mu_record_move(muster_replication *record, const muster_simulated_move *move,
                             const mu_way *way, int64_t after_ms);
/* Sums over its rows; what only the run knows is in the totals already. */
void mu_record_sum(muster_replication *record);

#endif
