/* Travel times between many places, as the judge asks for them: as a whole, or what is wanted of them. */
#ifndef MU_SOLVER_JUDGE_TABLES_H
#define MU_SOLVER_JUDGE_TABLES_H

#include "solver/judge_roads.h"

/* roads->table[use][metric] is from some places to others, which may repeat themselves, from now on, with what it has
 * of them already. */
muster_status mu_judge_table_open(mu_judge_roads *roads, mu_judge_table_use use, uint32_t metric,
                                  uint32_t from_count, const uint32_t *from, uint32_t to_count,
                                  const uint32_t *to);

/* A cell is going to be looked at. Rows and columns by number. MUSTER_E_NOMEM. */
muster_status mu_judge_table_want(mu_judge_table *table, uint32_t row, uint32_t column);
/* All that is wanted of a table by that metric is known from then on. */
muster_status mu_judge_table_ask(mu_judge_roads *roads, uint32_t metric, mu_judge_table *table);

/* The same at once, and everything wanted. *out is the roads'. */
muster_status mu_judge_tabulate(mu_judge_roads *roads, mu_judge_table_use use, uint32_t metric,
                                uint32_t from_count, const uint32_t *from, uint32_t to_count,
                                const uint32_t *to, const mu_judge_table **out);

/* The states of a cell. */
enum { MU_JUDGE_UNKNOWN, MU_JUDGE_WANTED, MU_JUDGE_KNOWN };

static inline bool mu_judge_table_knows(const mu_judge_table *table, uint32_t row,
                                        uint32_t column) {
    return table->state[(size_t)row * table->column_count + column] == MU_JUDGE_KNOWN;
}

/* By numbers of row and column, of what is known. */
static inline uint32_t mu_judge_table_cell(const mu_judge_table *table, uint32_t row,
                                           uint32_t column) {
    return table->ms[(size_t)row * table->column_count + column];
}

/* By places. */
static inline uint32_t mu_judge_table_ms(const mu_judge_table *table, uint32_t from, uint32_t to) {
    return mu_judge_table_cell(table, table->row_of[from], table->column_of[to]);
}

void mu_judge_table_fini(mu_judge_table *table);

#endif
