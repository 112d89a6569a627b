/* What a plan is worth, tier by tier. */
#ifndef MU_SOLVER_TIERS_H
#define MU_SOLVER_TIERS_H

#include <muster/plan.h>

#include "solver/draft.h"

/* The tiers in the order that the problem puts them in. */
void mu_tier_order(const muster_problem *problem, muster_tier out[MUSTER_TIER_COUNT]);

/* Of a plan's assignments, in their order, as mu_assignments_new gives them: `shipment` is a
 * vehicle. */
muster_status mu_tiers_value(int64_t out[MUSTER_TIER_COUNT], const muster_assignment *assignment,
                             uint32_t count, const mu_candidates *candidates);

/* The same of a draft. */
muster_status mu_tiers_of_draft(int64_t out[MUSTER_TIER_COUNT], const mu_draft *draft,
                                const mu_candidates *candidates);

/* Is `a` better than `b` in the order of the problem? */
bool mu_tiers_better(const muster_problem *problem, const int64_t a[MUSTER_TIER_COUNT],
                     const int64_t b[MUSTER_TIER_COUNT]);

/* What every plan costs in the tiers after response time: the locked, and the cover that is
 * not there at all. */
muster_status mu_tiers_floor(int64_t out[MUSTER_TIER_COUNT], const mu_candidates *candidates);

#endif
