/* Which stocks lie together. */
#ifndef MU_SOLVER_WAREHOUSE_H
#define MU_SOLVER_WAREHOUSE_H

#include <muster/problem.h>

#include "core/error.h"

/* An order of warehouses, as two of their stocks tell; 0 where both are of one: see
 * muster_item_transport. */
int mu_warehouse_compare(const muster_unit *stock, const muster_unit *other);

/* Stocks of one warehouse are strung together. */
typedef struct mu_warehouse_rows {
    uint32_t *first; /* by stock: the first of its warehouse, */
    uint32_t *next;  /* the next of it; MUSTER_NONE: no more */
} mu_warehouse_rows;

/* The stocks need not be in any order, and have codes. MUSTER_E_NOMEM: what is there is to be freed all the
 * same. O(stocks) in practice. */
muster_status mu_warehouse_rows_init(mu_warehouse_rows *rows, const muster_problem *problem);
void          mu_warehouse_rows_fini(mu_warehouse_rows *rows);

#endif
