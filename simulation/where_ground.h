/* Places that calls come from: what is the same in all replications is listed once. */
#ifndef MU_SIMULATION_WHERE_GROUND_H
#define MU_SIMULATION_WHERE_GROUND_H

#include "simulation/ground.h"

/* Fills in where of the ground, whose sites and hazards are there. */
muster_status mu_where_ground_make(mu_ground *ground);

/* Where call number `index` of a rule comes from, at a moment of its hazard's own clock. False: from
 * nowhere, for its hazard is not there, or nothing is near it. */
bool mu_where_draw(const mu_ground *ground, uint32_t call, mu_stream stream, uint64_t index,
                   int64_t at_ms, double *out_lon_deg, double *out_lat_deg);

#endif
