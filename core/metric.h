/* The inside of a metric. */
#ifndef MU_CORE_METRIC_H
#define MU_CORE_METRIC_H

#include <muster/metric.h>

#include "core/network.h"
#include "core/perfect.h"
#include "core/scc.h"
#include "core/weights.h"

struct muster_metric {
    const muster_network *network;
    const char           *profile_name;
    uint32_t             *duration_ms; /* [2 * edge_count] */
    mu_scc                scc;
    double                wading_depth_m; /* the profile's */
    mu_weights            weights;        /* empty where the network has no hierarchy */
    mu_perfect            perfect;        /* empty until muster_metric_perfect */
    bool                  has_far;        /* some weight is far: mu_weight_is_far */
};

/* Find scc from duration_ms, or from weights where there are any and they tell. */
muster_status mu_metric_find_components(muster_metric *metric);

/* May the metric use the edge, one way at least? */
static inline bool mu_metric_uses(const muster_metric *metric, uint32_t edge) {
    const uint32_t *duration_ms = &metric->duration_ms[2 * (size_t)edge];
    return duration_ms[0] < MUSTER_UNREACHABLE_MS || duration_ms[1] < MUSTER_UNREACHABLE_MS;
}

#endif
