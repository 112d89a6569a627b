/* Which roads may fail in a scenario. */
#ifndef MU_SIMULATION_FAILURE_GROUND_H
#define MU_SIMULATION_FAILURE_GROUND_H

#include "simulation/ground.h"

/* Fills in edges and bridges of the ground. MUSTER_E_INVALID naming the failure, and what of it the store
 * lacks. */
muster_status mu_failure_ground_make(mu_ground *ground, const muster_network *network);

#endif
