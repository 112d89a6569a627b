/* The last resort of a proof: problems so small that all plans can be looked at. */
#ifndef MU_SOLVER_EXHAUST_H
#define MU_SOLVER_EXHAUST_H

#include "solver/draft.h"
#include "solver/watch.h"

/* Exchange `best`, which obeys every rule, for a better plan, if there is one. Gives up at once where
 * there are far too many plans, and otherwise after some thousand. Items do not come by vehicle.
 *  out_is_proven  no plan is better, in any tier */
muster_status mu_exhaust(mu_draft *best, const mu_candidates *candidates, mu_watch *watch,
                         bool *out_is_proven);

#endif
