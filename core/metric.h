/* The inside of a metric. */
#ifndef MU_CORE_METRIC_H
#define MU_CORE_METRIC_H

#include <muster/metric.h>

#include "core/network.h"
#include "core/scc.h"
#include "core/weights.h"

struct muster_metric {
    const muster_network *network;
    const char           *profile_name;
    uint32_t             *duration_ms; /* [2 * edge_count] */
    mu_scc                scc;
    mu_weights            weights; /* empty where the network has no hierarchy */
};

#endif
