/* Vehicles, machines and items: whoever is sent is one of many alike, so each kind is a
 * transportation problem of its own. */
#ifndef MU_SOLVER_TRANSPORT_H
#define MU_SOLVER_TRANSPORT_H

#include "solver/bound.h"
#include "solver/draft.h"

/* Send units of `kind` (not of people) to the needs that ask for it: add to `draft` the
 * best plan found, and to *bound what no plan is better than. Nothing is added to
 * the draft where the watch ran out before anything was found.
 *  room  by need: no more can be used there; NULL: all that is asked for can */
muster_status mu_transport_kind(mu_draft *draft, mu_bound *bound, const mu_candidates *candidates,
                                uint32_t kind, const int64_t *room, const mu_watch *watch);

#endif
