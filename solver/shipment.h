/* Items and the vehicles that bring them, together with the needs for those vehicles. */
#ifndef MU_SOLVER_SHIPMENT_H
#define MU_SOLVER_SHIPMENT_H

#include "solver/bound.h"
#include "solver/draft.h"
#include "solver/shipment_model.h"
#include "solver/warm_fleet.h"
#include "solver/watch.h"

/* The first plan of shipments and of vehicles whose kind carries. */
muster_status mu_shipment_first(mu_draft *draft, const mu_shipment_model *model,
                                const mu_candidates *candidates);
/* Let vehicles that are free in `draft` bring what items can still be brought, cargo first; for cargo
 * that they cannot bring, trips are made anew. */
muster_status mu_shipment_complete(mu_draft *draft, const mu_shipment_model *model,
                                   const mu_travel *travel);

/* From the plan of shipments and of vehicles whose kind carries in `incumbent` to a better one:
 * add it to `draft`, and to *bound what no plan of these is better than. Ends when neither gets
 * much better, or the watch is over. `warm` is in rows of the problem, all of them, and is brought up
 * to date; or NULL. */
muster_status mu_shipment_improve(mu_draft *draft, mu_bound *bound, const mu_draft *incumbent,
                                  const mu_shipment_model *model, const mu_candidates *candidates,
                                  mu_watch *watch, mu_warm_fleet *warm);

#endif
