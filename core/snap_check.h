/* Places come from the caller, who may have made them up. */
#ifndef MU_CORE_SNAP_CHECK_H
#define MU_CORE_SNAP_CHECK_H

#include <muster/snap.h>

#include "core/error.h"

/* MUSTER_E_INVALID where a place is on no edge of the metric's network, or by air where the metric
 * drives, or the other way round; MUSTER_NONE is fine.
 * `what` names it in the message: "the route's start", or "source site" with its number. */
muster_status mu_check_snap(const muster_metric *metric, const char *what, const muster_snap *snap);
muster_status mu_check_snaps(const muster_metric *metric, const char *what, uint32_t count,
                             const muster_snap *snaps);

#endif
