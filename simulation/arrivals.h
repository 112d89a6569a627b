/* When calls come, and when things break. */
#ifndef MU_SIMULATION_ARRIVALS_H
#define MU_SIMULATION_ARRIVALS_H

#include "simulation/ground.h"

/* Moments from the start, in order, in an array to be given to mu_free. `late_ms`: how much later than in
 * the file the hazard is that the rule may name. O(n log n). MUSTER_E_NOMEM; MUSTER_E_INVALID for more than a
 * million. */
muster_status mu_arrivals_draw(const mu_ground *ground, const mu_when *when, mu_stream stream,
                               int64_t late_ms, int64_t **out_ms, uint32_t *out_count);

#endif
