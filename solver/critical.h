/* Which single part hurts most when it is missing: the list, and those who fill it. */
#ifndef MU_SOLVER_CRITICAL_H
#define MU_SOLVER_CRITICAL_H

#include "solver/critical_groups.h"
#include "solver/critical_watch.h"
#include "solver/readiness.h"

struct muster_criticals {
    muster_criticals_effort effort;
    uint32_t                count, most;
    muster_critical        *critical; /* [most] the worst first */
    mu_road_groups          groups;   /* of roads and bridges: what is closed together */
};

/* Put it in its place, if it has one; the last makes way. What loses nothing has none. */
void mu_criticals_offer(muster_criticals *list, const muster_critical *critical);
/* Would something that loses as much have a place in the list? */
bool mu_criticals_admits(const muster_criticals *list, const muster_critical *critical);

/* Fill the list with units or warehouses; with roads, or those that are bridges. */
muster_status mu_critical_parts(muster_criticals *list, const muster_readiness *r,
                                bool are_warehouses, const mu_critical_watch *watch);
muster_status mu_critical_roads(muster_criticals *list, const muster_readiness *r, bool are_bridges,
                                const mu_critical_watch *watch);

#endif
