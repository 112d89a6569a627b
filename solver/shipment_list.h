/* From the items of a draft, each with its vehicle, to a plan's shipments. */
#ifndef MU_SOLVER_SHIPMENT_LIST_H
#define MU_SOLVER_SHIPMENT_LIST_H

#include <muster/plan.h>

#include "solver/draft.h"
#include "solver/shipment_model.h"

/* The shipments in the order of muster_plan_shipments, without distances, and which of them each vehicle makes:
 * shipment_of[vehicle_count], MUSTER_NONE for the others. */
muster_status mu_shipment_list(muster_shipment **out, uint32_t *out_count, const mu_draft *draft,
                               const mu_shipment_model *model, uint32_t *shipment_of);

#endif
