/* From what is decided to what is written in a plan. */
#ifndef MU_SOLVER_ASSIGNMENTS_H
#define MU_SOLVER_ASSIGNMENTS_H

#include <muster/plan.h>

#include "solver/draft.h"

/* What is locked and what `draft` adds, with times, without distances, in the order of
 * muster_plan_assignments. What goes from one resource to one need is one assignment.
 * Of items that come by vehicle, `shipment` is the vehicle, and the departure is to be replaced by
 * the shipment's. */
muster_status mu_assignments_new(muster_assignment **out, uint32_t *out_count,
                                 const mu_draft *draft, const mu_candidates *candidates);

#endif
