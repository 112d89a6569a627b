/* Linear programs. Who solves them is the business of lp_glpk.c. */
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

/* A linear program that grows and is solved again and again, each time from where it was. It
 * lives on a thread of its own; the handle is for one caller at a time. */
typedef struct mu_lp_live mu_lp_live;

typedef enum mu_lp_method {
    MU_LP_PRIMAL, /* after columns have come or costs have changed */
    MU_LP_DUAL    /* after columns have been fixed, or have other ranges */
} mu_lp_method;

/* With rows and no columns. */
muster_status mu_lp_live_new(mu_lp_live **out, uint32_t row_count, const mu_lp_range *row);
void          mu_lp_live_free(mu_lp_live *live);

/* Column c has an entry in row[first[c]] .. row[first[c + 1] - 1], each row at most once. */
typedef struct mu_lp_columns {
    uint32_t           count;
    const double      *cost;
    const size_t      *first; /* [count + 1] */
    const uint32_t    *row;
    const double      *value; /* of each entry; NULL: all 1 */
    const mu_lp_range *range; /* [count] whose lower end is finite; NULL: 0 to infinity */
} mu_lp_columns;

/* MUSTER_E_INTERNAL, here and wherever numbers go in, for one that is not there, twice there, or not
 * finite; the program is as it was. */
muster_status mu_lp_live_add_columns(mu_lp_live *live, const mu_lp_columns *columns);
/* Columns from 0 to infinity, of ones. */
muster_status mu_lp_live_add(mu_lp_live *live, uint32_t count, const double *cost,
                             const size_t *first, const uint32_t *row);
/* [columns so far] */
muster_status mu_lp_live_set_costs(mu_lp_live *live, const double *cost);
/* Give columns other ranges, range[i] to column[i]. */
muster_status mu_lp_live_bound(mu_lp_live *live, uint32_t count, const uint32_t *column,
                               const mu_lp_range *range);
/* Hold columns at a value; a negative one sets them free again. */
muster_status mu_lp_live_fix(mu_lp_live *live, uint32_t count, const uint32_t *column,
                             double value);

/* Solve until the watch is over; its steps are counted.
 *  out_is_optimal  false where time ran out or GLPK found no optimum: then nothing can be read
 * MUSTER_E_SOLVER where GLPK failed: the program is lost and only good for being freed. */
muster_status mu_lp_live_solve(mu_lp_live *live, mu_lp_method method, mu_watch *watch,
                               bool *out_is_optimal);

/* Keep the basis of the last solution in one of so many places; the next solution starts from what is
 * kept in a place, if anything is, and not from the last one. Columns that have come since are out of
 * it. Where much has been fixed and set free again, the way back is short so. */
enum { MU_LP_PLACES = 2 };
muster_status mu_lp_live_keep_basis(mu_lp_live *live, uint32_t place);
muster_status mu_lp_live_start_from(mu_lp_live *live, uint32_t place);
/* The next solution starts from the basis of these columns, each in place of the slack of a row that is
 * not another's, and of all other slacks.
 *  column, row  [count] */
muster_status mu_lp_live_start_with(mu_lp_live *live, uint32_t count, const uint32_t *column,
                                    const uint32_t *row);

/* Of the last solution. */
double        mu_lp_live_objective(const mu_lp_live *live);
const double *mu_lp_live_values(const mu_lp_live *live); /* by column */
const double *mu_lp_live_duals(const mu_lp_live *live);  /* by row */

#endif
