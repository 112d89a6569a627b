/* Which stocks lie together. */
#ifndef MU_SOLVER_WAREHOUSE_H
#define MU_SOLVER_WAREHOUSE_H

#include <muster/problem.h>

/* An order of warehouses, as two of their stocks tell; 0 where both are of one: see
 * muster_item_transport. */
int mu_warehouse_compare(const muster_unit *stock, const muster_unit *other);

#endif
