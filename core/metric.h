/* The inside of a metric. */
#ifndef MU_CORE_METRIC_H
#define MU_CORE_METRIC_H

#include <muster/metric.h>

#include "core/metric_id.h"
#include "core/network.h"
#include "core/perfect.h"
#include "core/scc.h"
#include "core/weights.h"

/* Where a metric may differ from the one that it was changed from. */
typedef struct mu_lineage {
    uint64_t  parent;   /* that one's id; 0: it was made from the start */
    bool      is_known; /* else of the following nothing is */
    uint32_t  arc_count, up_count;
    uint32_t *arc, *up; /* of the graph and of the hierarchy */
} mu_lineage;

struct muster_metric {
    uint64_t              id; /* see metric_id.h */
    const muster_network *network;
    muster_profile        profile;     /* its name is borrowed */
    uint32_t             *duration_ms; /* [graph.arc_count], first the network's arcs */
    mu_scc                scc;         /* of the network's nodes */
    mu_scc                graph_scc;   /* of the graph's; empty where those are the same */
    mu_weights            weights;     /* empty where the network has no hierarchy */
    mu_perfect            perfect;     /* empty until muster_metric_perfect */
    bool                  has_far;     /* some weight is far: mu_weight_is_far */
    mu_lineage            lineage;
};

void mu_lineage_fini(mu_lineage *lineage);

/* The next id, from 1 on. */
uint64_t mu_metric_next_id(void);

/* Does its profile fly? Then no arc is used, and durations are those of flight.h. */
static inline bool mu_metric_flies(const muster_metric *metric) {
    return metric->profile.flight_speed_kmh > 0;
}

/* Find scc and graph_scc from duration_ms, or from weights where there are any and they tell. */
muster_status mu_metric_find_components(muster_metric *metric);
/* The same from another metric of the network: what that one has; or what has become of it, where
 * `flipped` are the nodes of the hierarchy with weights that became infinite or ceased to be. */
muster_status mu_metric_copy_components(muster_metric *metric, const muster_metric *base);
muster_status mu_metric_update_components(muster_metric *metric, const muster_metric *base,
                                          uint32_t flip_count, const uint32_t *flipped);

/* May the metric use the edge, one way at least? */
static inline bool mu_metric_uses(const muster_metric *metric, uint32_t edge) {
    const uint32_t *duration_ms = &metric->duration_ms[2 * (size_t)edge];
    return duration_ms[0] < MUSTER_UNREACHABLE_MS || duration_ms[1] < MUSTER_UNREACHABLE_MS;
}

#endif
