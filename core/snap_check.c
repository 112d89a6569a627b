/* See snap_check.h. */
#include "core/snap_check.h"

#include <math.h>
#include <stdio.h>

#include "core/metric.h"

static bool is_on_globe(const muster_snap *snap) {
    return fabs(snap->lon_deg) <= 180 && fabs(snap->lat_deg) <= 90;
}

static bool is_sound(const muster_snap *snap, const muster_metric *metric) {
    if (snap->edge == MUSTER_NONE) return true;
    if (mu_metric_flies(metric)) return snap->edge == MUSTER_BY_AIR && is_on_globe(snap);
    return snap->edge < metric->network->view.edge_count && snap->fraction >= 0 &&
           snap->fraction <= 1;
}

static muster_status fail_by_air(const muster_metric *metric, const char *what,
                                 const muster_snap *snap) {
    return muster_fail(MUSTER_E_INVALID,
                       "%s is snapped to edge %u at %g,%g, but \"%s\" flies; expected a place "
                       "snapped with a metric that does",
                       what, snap->edge, snap->lon_deg, snap->lat_deg, metric->profile.name);
}

muster_status mu_check_snap(const muster_metric *metric, const char *what,
                            const muster_snap *snap) {
    const uint32_t edges = metric->network->view.edge_count;
    if (is_sound(snap, metric)) return MUSTER_OK;
    if (mu_metric_flies(metric)) return fail_by_air(metric, what, snap);
    return muster_fail(MUSTER_E_INVALID,
                       "%s is snapped to edge %u at fraction %g; expected an edge below %u and 0 "
                       "to 1",
                       what, snap->edge, snap->fraction, edges);
}

muster_status mu_check_snaps(const muster_metric *metric, const char *what, uint32_t count,
                             const muster_snap *snaps) {
    for (uint32_t i = 0; i < count; ++i) {
        char name[64];
        if (is_sound(&snaps[i], metric)) continue;
        snprintf(name, sizeof name, "%s %u", what, i);
        return mu_check_snap(metric, name, &snaps[i]);
    }
    return MUSTER_OK;
}
