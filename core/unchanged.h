/* What a change of roads does not reach. */
#ifndef MU_CORE_UNCHANGED_H
#define MU_CORE_UNCHANGED_H

#include <muster/snap.h>

#include "core/error.h"

/* Which metric this one was changed from, by id (metric_id.h); 0 where what has changed is not known, and
 * then nothing else may be asked. */
uint64_t mu_unchanged_since(const muster_metric *metric);

/* Of one thread. */
typedef struct mu_unchanged {
    const muster_metric *metric;
    uint8_t  *state; /* [node_count] by rank: has anything above changed, as far as is known? */
    uint64_t *edge;  /* a bit an edge: one of its arcs is changed */
} mu_unchanged;

muster_status mu_unchanged_init(mu_unchanged *unchanged, const muster_metric *metric);
void          mu_unchanged_fini(mu_unchanged *unchanged);

/* Where a place was on the road by the metric of before, and is now. Between two places of which this holds,
 * fastest ways cost what they did. */
bool mu_unchanged_at(const mu_unchanged *unchanged, const muster_snap *was, const muster_snap *now);

#endif
