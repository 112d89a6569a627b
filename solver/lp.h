/* A linear or mixed-integer program, and the one call that solves it. Who solves it is the
 * business of lp_glpk.c. */
#ifndef MU_SOLVER_LP_H
#define MU_SOLVER_LP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"
#include "solver/watch.h"

/* lower <= value <= upper; infinities where there is no limit. */
typedef struct mu_lp_range {
    double lower, upper;
} mu_lp_range;

typedef struct mu_lp_column {
    mu_lp_range range;
    double      cost;
    bool        is_binary;
} mu_lp_column;

typedef struct mu_lp_entry {
    uint32_t row, column; /* each pair at most once */
    double   value;
} mu_lp_entry;

/* Minimize the cost of the columns within the ranges of rows and columns. Start zeroed. */
typedef struct mu_lp {
    mu_lp_range  *row;
    mu_lp_column *column;
    mu_lp_entry  *entry;
    size_t        row_count, column_count, entry_count;
    size_t        row_capacity, column_capacity, entry_capacity;
} mu_lp;

/* The new row's or column's number is the count before. */
muster_status mu_lp_add_row(mu_lp *lp, double lower, double upper);
muster_status mu_lp_add_column(mu_lp *lp, mu_lp_column column);
muster_status mu_lp_add_entry(mu_lp *lp, uint32_t row, uint32_t column, double value);
void          mu_lp_fini(mu_lp *lp);

typedef struct mu_lp_result {
    bool   has_solution; /* `out` is one, at least as good as the start */
    bool   is_optimal;   /* and it is proven to be the best */
    double bound;        /* no solution costs less; -INFINITY: not known */
} mu_lp_result;

/* Solve until `watch` runs out, or `limit_ms` from now.
 *  start  [column_count] a feasible solution to begin with; NULL: none
 *  out    [column_count]
 * MUSTER_E_SOLVER where the solver failed: a message of its own; MUSTER_E_NOMEM;
 * MUSTER_E_INTERNAL for a program with NaN or a wrong index. */
muster_status mu_lp_solve(const mu_lp *lp, const mu_watch *watch, uint32_t limit_ms,
                          const double *start, double *out, mu_lp_result *result);

#endif
