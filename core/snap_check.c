/* See snap_check.h. */
#include "core/snap_check.h"

#include <stdio.h>

#include "core/metric.h"

static bool is_sound(const muster_snap *snap, uint32_t edges) {
    if (snap->edge == MUSTER_NONE) return true;
    return snap->edge < edges && snap->fraction >= 0 && snap->fraction <= 1;
}

muster_status mu_check_snap(const muster_metric *metric, const char *what,
                            const muster_snap *snap) {
    const uint32_t edges = metric->network->view.edge_count;
    if (is_sound(snap, edges)) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID,
                       "%s is snapped to edge %u at fraction %g; expected an edge below %u and 0 "
                       "to 1",
                       what, snap->edge, snap->fraction, edges);
}

muster_status mu_check_snaps(const muster_metric *metric, const char *what, uint32_t count,
                             const muster_snap *snaps) {
    for (uint32_t i = 0; i < count; ++i) {
        char name[64];
        if (is_sound(&snaps[i], metric->network->view.edge_count)) continue;
        snprintf(name, sizeof name, "%s %u", what, i);
        return mu_check_snap(metric, name, &snaps[i]);
    }
    return MUSTER_OK;
}
