/* What no plan is better than: sums of bounds of parts of a plan that are independent. */
#ifndef MU_SOLVER_BOUND_H
#define MU_SOLVER_BOUND_H

#include <muster/plan.h>

#include "solver/currency.h"

/* Tier 2 is bounded by weighing: where no plan costs less than W at a rate of r for a unit of
 * tier 1 and 1 for a unit of tier 2, a plan with no more than u in tier 1 has W - r * u or more in
 * tier 2. Which rate says most depends on the plan, so there are several. */
enum { MU_BOUND_RATES = 2 };

typedef struct mu_bound {
    mu_objective tiers; /* tier by tier: tier 2 speaks of plans that are at the bound in tier 1 */
    mu_rates     rates[MU_BOUND_RATES]; /* balanced, strict; all 0: nothing is weighed. What a
                                           unit of tier 1 is worth is a multiple of what one of
                                           tier 2 is. */
    mu_objective weighed[MU_BOUND_RATES];
    /* Where incidents are all or nothing: tier 1, what hangs together counted together; and by
     * incident what is known of the needs bounded so far, at each rate, and last in tier 1 alone.
     * NULL: there is none. */
    mu_objective     together;
    struct mu_whole *whole[MU_BOUND_RATES + 1];
} mu_bound;

/* How much more than their bounds count an incident's needs cost where they all get their minimum,
 * at least, and where they get nothing. */
typedef struct mu_whole {
    mu_objective all, nothing;
} mu_whole;

/* Nothing is bounded yet; the rates suit the problem. `whole` is the caller's, who gives it back to
 * mu_free, all of it with whole[0]. */
mu_bound      mu_bound_start(const mu_candidates *candidates);
muster_status mu_bound_count_together(mu_bound *bound, const mu_candidates *candidates);

/* Nothing is bounded yet of a part of the plan, at the rates of the whole; to be added to that. What
 * is known of whole incidents is the whole's. */
mu_bound mu_bound_of_part(const mu_bound *whole);

/* Add the bound of another part of the plan, at the same rates. */
void mu_bound_add(mu_bound *bound, const mu_bound *part);

/* Add what every plan costs. */
void mu_bound_add_constant(mu_bound *bound, mu_objective cost);

/* Add what a market costs at least where units may be split and minimums do not count, at these
 * prices of its sources (any from 0), to the weighed bounds. */
void mu_bound_add_relaxation(mu_bound *bound, const mu_market *market, const mu_objective *price);

/* What is known of a plan with these tiers: bounds for each. Tier 2's holds for every plan that
 * is no worse in tier 1. */
void mu_bound_tiers(const mu_bound *bound, mu_objective value, muster_tier_result *out_unmet_need,
                    muster_tier_result *out_response_time);

#endif
