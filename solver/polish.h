/* The last word on a plan: units that are as good in the earlier tiers change places for the
 * sake of the later ones. */
#ifndef MU_SOLVER_POLISH_H
#define MU_SOLVER_POLISH_H

#include "solver/draft.h"
#include "solver/watch.h"

/* Improve `draft`, which obeys every rule, until nothing helps or the watch runs out. It is
 * never worse than before in any tier unless it is better in an earlier one. */
muster_status mu_polish(mu_draft *draft, const mu_candidates *candidates, mu_watch *watch);

#endif
