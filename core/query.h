/* Point-to-point queries over a customized hierarchy. */
#ifndef MU_CORE_QUERY_H
#define MU_CORE_QUERY_H

#include "core/path.h"

/* What a query knows of a node of the hierarchy: the cost from the origin, by a way that only
 * climbs, and to the target, by one that only descends. */
typedef struct mu_label {
    mu_cost forward, backward;
} mu_label;

typedef struct mu_query {
    const muster_metric *metric;  /* one with weights */
    mu_label            *label;   /* by rank; infinite between runs */
    uint32_t            *by_up;   /* by rank: the up-arc that gave forward; MUSTER_NONE: a seed */
    uint32_t            *by_down; /* by rank: the same for backward */
    uint32_t             top;     /* the highest node of the last run's path, if it has one */
} mu_query;

muster_status mu_query_init(mu_query *query, const muster_metric *metric);
void          mu_query_fini(mu_query *query);

/* The cost of the fastest path, MU_NO_PATH if there is none: bit for bit mu_search_cost's.
 * O(arcs of the hierarchy above the two places). */
mu_cost mu_query_run(mu_query *query, const muster_snap *from, const muster_snap *to);

/* The same, and the arcs of such a path. */
muster_status mu_query_path(mu_query *query, const muster_snap *from, const muster_snap *to,
                            mu_path *path);

#endif
