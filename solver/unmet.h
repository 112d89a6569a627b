/* What stays unmet, and why. */
#ifndef MU_SOLVER_UNMET_H
#define MU_SOLVER_UNMET_H

#include <muster/plan.h>

#include "solver/draft.h"
#include "solver/shipment_model.h"

/* The needs that `draft` does not meet, in order, each with the first reason that holds.
 * `shipping` is NULL where items come by themselves. */
muster_status mu_unmet_list(muster_unmet **out, uint32_t *out_count, const mu_draft *draft,
                            const mu_candidates *candidates, const mu_shipment_model *shipping);

#endif
