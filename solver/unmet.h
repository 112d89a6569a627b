/* What stays unmet, and why. */
#ifndef MU_SOLVER_UNMET_H
#define MU_SOLVER_UNMET_H

#include <muster/plan.h>

#include "solver/draft.h"

/* The needs that `draft` does not meet, in order, each with the first reason that holds. */
muster_status mu_unmet_list(muster_unmet **out, uint32_t *out_count, const mu_draft *draft,
                            const mu_candidates *candidates);

#endif
