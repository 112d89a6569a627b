/* People come in teams that go whole or not at all: the part of a plan that is hard. */
#ifndef MU_SOLVER_PEOPLE_H
#define MU_SOLVER_PEOPLE_H

#include "solver/draft.h"
#include "solver/watch.h"

/* From `incumbent`, of which only people are looked at, add a plan for the people that is at
 * least as good to `draft`, and to *bound the value that no plan is better than. */
muster_status mu_people_improve(mu_draft *draft, mu_objective *bound, const mu_draft *incumbent,
                                const mu_candidates *candidates, mu_watch *watch);

#endif
