/* What vehicles and stocks were worth in the last solve, for the next one to begin with. */
#ifndef MU_SOLVER_WARM_FLEET_H
#define MU_SOLVER_WARM_FLEET_H

#include "solver/past_match.h"

/* In rows of one problem: prices, less what of them grows with how late unmet need counts. All 0:
 * nothing is known. */
typedef struct mu_warm_fleet {
    int64_t *vehicle, *stock; /* MU_NO_PRICE: not known */
    uint32_t vehicle_count, stock_count;
} mu_warm_fleet;

#define MU_NO_PRICE INT64_MIN

/* Nothing is known of so many. */
muster_status mu_warm_fleet_init(mu_warm_fleet *warm, uint32_t vehicle_count, uint32_t stock_count);
void          mu_warm_fleet_fini(mu_warm_fleet *warm);

/* The same in rows of the problem of now. `out` need not be initialized. */
muster_status mu_warm_fleet_match(mu_warm_fleet *out, const mu_warm_fleet *past,
                                  const mu_past_match *match, const muster_problem *problem);

#endif
