/* What is locked and comes by vehicle has to be brought, whatever else is: by whom? */
#ifndef MU_SOLVER_CARRIAGE_H
#define MU_SOLVER_CARRIAGE_H

#include "solver/fleet.h"

/* Let free vehicles, and those on their way that have room, bring the cargo that nobody brings yet.
 * Where they cannot, the fleet is as it was. */
muster_status mu_carriage_complete(mu_fleet *fleet, bool *out_is_carried);

/* The same, and where they cannot, from the beginning: cargo first, then whatever else the fleet does
 * that still can be done. MUSTER_E_INVALID, naming rules that contradict each other, where no vehicles
 * are found that bring all of it: see carriage.c. */
muster_status mu_carriage_carry(mu_fleet *fleet);

#endif
