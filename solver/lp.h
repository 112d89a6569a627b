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

/* A linear program that grows and is solved again and again, each time from where it was. It
 * lives on a thread of its own; the handle is for one caller at a time. */
typedef struct mu_lp_live mu_lp_live;

typedef enum mu_lp_method {
    MU_LP_PRIMAL, /* after columns have come or costs have changed */
    MU_LP_DUAL    /* after columns have been fixed */
} mu_lp_method;

/* With rows and no columns. */
muster_status mu_lp_live_new(mu_lp_live **out, uint32_t row_count, const mu_lp_range *row);
void          mu_lp_live_free(mu_lp_live *live);

/* Columns from 0 to infinity, of ones: column c has them in row[first[c]] .. row[first[c + 1] - 1],
 * each row at most once. */
muster_status mu_lp_live_add(mu_lp_live *live, uint32_t count, const double *cost,
                             const size_t *first, const uint32_t *row);
/* [columns so far] */
muster_status mu_lp_live_set_costs(mu_lp_live *live, const double *cost);
/* Hold columns at a value; a negative one sets them free again. */
muster_status mu_lp_live_fix(mu_lp_live *live, uint32_t count, const uint32_t *column,
                             double value);

/* Solve, for `limit_ms` at most.
 *  out_is_optimal  false where time ran out or GLPK found no optimum: then nothing can be read
 * MUSTER_E_SOLVER where GLPK failed: the program is lost and only good for being freed. */
muster_status mu_lp_live_solve(mu_lp_live *live, mu_lp_method method, uint32_t limit_ms,
                               bool *out_is_optimal);

/* Of the last solution. */
double        mu_lp_live_objective(const mu_lp_live *live);
const double *mu_lp_live_values(const mu_lp_live *live); /* by column */
const double *mu_lp_live_duals(const mu_lp_live *live);  /* by row */

#endif
