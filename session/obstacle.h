/* What one closed or slow road, or one hazard, makes of roads: noted for each profile while it lasts. */
#ifndef MU_SESSION_OBSTACLE_H
#define MU_SESSION_OBSTACLE_H

#include <muster/closure.h>
#include <muster/event.h>

#include "session/roads.h"

/* It never changes; any thread may read it. The base has to outlive it. */
typedef struct mu_obstacle mu_obstacle;

/* All that roads depend on, as bytes: the same bytes make the same obstacle, whatever code they come under.
 * Start from zeros. */
typedef struct mu_obstacle_key {
    uint8_t *byte;
    size_t   count, capacity;
    uint64_t sum;
} mu_obstacle_key;

/* What the key was of before is forgotten, its memory is used again. */
muster_status mu_obstacle_key_of_road(mu_obstacle_key *inout, const muster_event_road *road);
muster_status mu_obstacle_key_of_hazard(mu_obstacle_key *inout, const muster_hazard *hazard);
void          mu_obstacle_key_fini(mu_obstacle_key *key);

/* One reference, the caller's. MUSTER_E_INVALID as muster_hazards_add and muster_hazard_close. */
muster_status mu_obstacle_of_road(mu_obstacle **out, const mu_road_base *base,
                                  const mu_obstacle_key *key, const muster_event_road *road);
/* One that encloses nothing is an obstacle to nobody. */
muster_status mu_obstacle_of_hazard(mu_obstacle **out, const mu_road_base *base,
                                    const mu_obstacle_key *key, const muster_hazard *hazard);
mu_obstacle  *mu_obstacle_hold(mu_obstacle *obstacle);
void          mu_obstacle_release(mu_obstacle *obstacle); /* NULL is welcome */

bool mu_obstacle_is(const mu_obstacle *obstacle, const mu_obstacle_key *key);
/* NULL: there is nothing to note, for whoever flies above all. */
const muster_closure *mu_obstacle_noted(const mu_obstacle *obstacle, uint32_t profile);

#endif
