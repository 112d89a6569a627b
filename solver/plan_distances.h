/* How far it is, for every way that a plan has. */
#ifndef MU_SOLVER_PLAN_DISTANCES_H
#define MU_SOLVER_PLAN_DISTANCES_H

#include "solver/plan.h"

/* Fill in the distances of assignments and shipments, along the fastest way. Those of `memory` are not
 * looked up again; it learns the plan's. NULL: there is none. */
muster_status mu_plan_measure(muster_plan *plan, const mu_travel *travel, uint32_t thread_count,
                              mu_travel_memory *memory);

#endif
