/* Travel times from each of many places to a place of its own. */
#ifndef MU_CORE_PAIRS_H
#define MU_CORE_PAIRS_H

#include <muster/snap.h>

#include "core/error.h"

typedef struct mu_pair {
    const muster_metric *metric;
    muster_snap          from, to; /* snapped with it */
} mu_pair;

/* Duration and distance of each pair, exactly those of muster_matrix. All metrics are of one network.
 * The same for any number of threads (0: one per core).
 *  out_ms  [count] MUSTER_UNREACHABLE_MS: no way
 *  out_m   [count] NaN: no way
 * On a network with a hierarchy: a query each, and 24 bytes a node for each thread. Else a search from
 * each different place of the smaller side, of each metric. */
muster_status mu_pairs_measure(uint32_t count, const mu_pair *pair, uint32_t thread_count,
                               uint32_t *out_ms, double *out_m);

#endif
