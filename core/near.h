/* The roads nearest to places, remembered. */
#ifndef MU_CORE_NEAR_H
#define MU_CORE_NEAR_H

#include <muster/snap.h>

#include "core/error.h"

typedef struct mu_near mu_near;

muster_status mu_near_new(mu_near **out);
void          mu_near_free(mu_near *near);

/* From now on about this network: what is known of another one is forgotten. Where very much is known, what
 * has not been asked for since the last call is, too. No other call may be under way. MUSTER_E_NOMEM. */
muster_status mu_near_begin(mu_near *near, const muster_network *network);

/* Nothing is known. */
bool mu_near_is_empty(const mu_near *near);
/* How many roads are kept, of all places together. */
size_t mu_near_road_count(const mu_near *near);

/* The first of all roads that anybody may use, by distance from a place, then by edge. */
typedef struct mu_near_row {
    uint32_t           count;
    bool               is_all; /* there are no others */
    const muster_snap *road;   /* [count] where the place is on each */
} mu_near_row;

/* More than `count` of them, at once where they are known, or all that there are. The row is good, and is the
 * beginning of any longer one, until the next mu_near_begin. Any number of threads may ask. MUSTER_E_NOMEM. */
muster_status mu_near_roads(mu_near *near, double lon_deg, double lat_deg, uint32_t count,
                            mu_near_row *out);

#endif
