/* Which units of a store may fail, and which are called up. */
#ifndef MU_SIMULATION_UNIT_GROUND_H
#define MU_SIMULATION_UNIT_GROUND_H

#include <muster/store.h>

#include "simulation/ground.h"

/* Fills in units and called_up of the ground. MUSTER_E_INVALID naming the failure or call-up, and what of it the
 * store lacks. */
muster_status mu_unit_ground_make(mu_ground *ground, const muster_scenario *scenario);

#endif
