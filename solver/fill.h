/* The last touch of every draft: nothing useful is left idle, and nothing goes in vain. */
#ifndef MU_SOLVER_FILL_H
#define MU_SOLVER_FILL_H

#include "solver/draft.h"
#include "solver/shipment_model.h"

/* Add to `draft` what is free and of use, and take out what is of none. `shipping` is NULL where
 * items come by themselves. */
muster_status mu_fill(mu_draft *draft, const mu_candidates *candidates,
                      const mu_shipment_model *shipping);

#endif
