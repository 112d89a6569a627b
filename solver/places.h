/* Sites of a problem on the road. */
#ifndef MU_SOLVER_PLACES_H
#define MU_SOLVER_PLACES_H

#include <muster/problem.h>
#include <muster/snap.h>

#include "core/error.h"

/* As muster_snap_sites, of sites that have been checked, on `thread_count` threads (0: one per
 * core). */
muster_status mu_places_snap(const muster_metric *metric, uint32_t count, const muster_site *site,
                             uint32_t thread_count, muster_snap *out);

#endif
