/* The roads nearest to places, remembered. */
#ifndef MU_CORE_NEAR_H
#define MU_CORE_NEAR_H

#include <muster/snap.h>
#include <stdbool.h>

#include "core/error.h"

/* Of one network. Any number of threads may ask. */
typedef struct mu_near mu_near;

muster_status mu_near_new(mu_near **out, const muster_network *network);
void          mu_near_free(mu_near *near);

/* The first of all roads that anybody may use, by distance from a place, then by edge. */
typedef struct mu_near_row {
    uint32_t           count;
    bool               is_all; /* there are no others */
    const muster_snap *road;   /* [count] where the place is on each */
} mu_near_row;

/* Take the lock, without which rows are not to be looked at: they may be given back. */
void mu_near_lock(mu_near *near);
void mu_near_unlock(mu_near *near);

/* More than `count` of them, or all that there are, into `out`, with the lock held; out->road is NULL where so
 * many are not known. */
void mu_near_recall(mu_near *near, double lon_deg, double lat_deg, uint32_t count,
                    mu_near_row *out);

/* Where a metric has a place on the road, by the defaults of muster_snap_options, with the lock held: for whoever
 * has to look far, as round a place that closures have made an island. Recall returns whether that is known; to keep
 * it, the place has to have a row, else it is not kept. MUSTER_E_NOMEM. */
bool mu_near_recall_snap(const mu_near *near, double lon_deg, double lat_deg, uint64_t metric_id,
                         muster_snap *out);
muster_status mu_near_keep_snap(mu_near *near, double lon_deg, double lat_deg, uint64_t metric_id,
                                const muster_snap *snap);

/* Search for more than `count`, or all that there are, without the lock, and keep them, unless that is a long row and
 * there is no room for such. MUSTER_E_NOMEM. */
muster_status mu_near_learn(mu_near *near, double lon_deg, double lat_deg, uint32_t count);

/* How many roads are kept, of all places together. */
size_t mu_near_road_count(const mu_near *near);

#endif
