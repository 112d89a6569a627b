/* The same trips and the same needs, by other vehicles. */
#ifndef MU_SOLVER_SHIPMENT_MATCH_H
#define MU_SOLVER_SHIPMENT_MATCH_H

#include "solver/fleet.h"
#include "solver/watch.h"

/* Give every trip, as it is loaded, and every vehicle need the vehicles that do all of them
 * together best. The fleet is no worse afterwards. */
muster_status mu_shipment_match(mu_fleet *fleet, const mu_candidates *candidates, mu_watch *watch);

#endif
