/* Nearest suitable first, by severity: what dispatchers do today, and the plan that exists
 * before anything cleverer is tried. */
#ifndef MU_SOLVER_GREEDY_H
#define MU_SOLVER_GREEDY_H

#include "solver/draft.h"

/* Add to `draft` all that can still be sent to needs that are not met yet. From an empty
 * draft this is the greedy plan; after an optimizer it leaves nothing useful idle. Items that
 * come by vehicle are left to mu_shipment_fill.
 * O(candidates + needs log needs). */
muster_status mu_greedy_fill(mu_draft *draft, const mu_candidates *candidates);

#endif
