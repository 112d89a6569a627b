/* Snaps that come back from a caller. */
#ifndef MU_CORE_SNAP_H
#define MU_CORE_SNAP_H

#include <muster/snap.h>

/* MUSTER_E_INVALID names the first snap that is on no edge of the network, as "`role` site 3".
 * An unsnapped one is fine. */
muster_status mu_snaps_check(const muster_metric *metric, const char *role, uint32_t count,
                             const muster_snap *snaps);

#endif
