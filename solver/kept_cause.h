/* Why a past assignment is not possible any more, or at another time. */
#ifndef MU_SOLVER_KEPT_CAUSE_H
#define MU_SOLVER_KEPT_CAUSE_H

#include <muster/replan.h>

#include "solver/candidates.h"
#include "solver/past_match.h"

/* Why a unit that is still there may not go to a need that is. `index` and `need` are now's. */
muster_change_reason mu_kept_why_not(const mu_past *past, const mu_candidates *candidates,
                                     const muster_assignment *was, uint32_t index, uint32_t need);

/* Why it arrives at another time than it did: what of it, of the incident or of the ways has
 * changed. MUSTER_BECAUSE_COUNT: nothing has. */
muster_change_reason mu_kept_why_later(const mu_past *past, const muster_problem *now,
                                       muster_resource resource, uint32_t index_was, uint32_t index,
                                       uint32_t incident_was, uint32_t incident);

#endif
