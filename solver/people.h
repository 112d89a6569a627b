/* People come in teams that go whole or not at all: the part of a plan that is hard. */
#ifndef MU_SOLVER_PEOPLE_H
#define MU_SOLVER_PEOPLE_H

#include "solver/bound.h"
#include "solver/draft.h"
#include "solver/warm.h"

/* From `incumbent`, of which only people are looked at, add a plan for the people that is at
 * least as good to `draft`, and to *bound what no plan is better than; this sets its rates. `warm` is
 * as mu_team_engine_run has it. */
muster_status mu_people_improve(mu_draft *draft, mu_bound *bound, const mu_draft *incumbent,
                                const mu_candidates *candidates, uint32_t thread_count,
                                mu_watch *watch, mu_warm *warm);

#endif
