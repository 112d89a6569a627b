/* Dijkstra's algorithm between snapped places: the plain search that every faster one is
 * checked against. One a thread; it remembers nothing of the run before. */
#ifndef MU_CORE_SEARCH_H
#define MU_CORE_SEARCH_H

#include <muster/snap.h>

#include "core/cost.h"
#include "core/heap.h"
#include "core/metric.h"
#include "core/path.h"

typedef struct mu_search {
    const muster_metric *metric;
    muster_direction     direction;
    uint32_t             run;
    uint32_t            *stamp;      /* by node: the run that reached it */
    uint32_t            *parent_arc; /* by node: the arc it was reached by; MUSTER_NONE: seed */
    mu_heap              frontier;   /* its keys are the distances, final once popped */
} mu_search;

muster_status mu_search_init(mu_search *search, const muster_metric *metric);
void          mu_search_fini(mu_search *search);

/* Search from `origin` (forward: towards where one can get from it; backward: from where
 * one can get to it) until all `stop_count` places of `stops` are settled, or everything. */
void mu_search_run(mu_search *search, muster_direction direction, const muster_snap *origin,
                   uint32_t stop_count, const muster_snap *stops);

/* The same step by step: start; the cost of the node that is settled next, MU_NO_PATH if there
 * is none, which nothing settled later undercuts; settle it, that is, make its cost final and
 * tell its neighbours. */
void     mu_search_start(mu_search *search, muster_direction direction, const muster_snap *origin);
mu_cost  mu_search_frontier(const mu_search *search);
uint32_t mu_search_settle_next(mu_search *search);
/* Search from the nearest of several origins and settle every node up to `limit`. */
void mu_search_reach(mu_search *search, muster_direction direction, uint32_t origin_count,
                     const muster_snap *origins, mu_cost limit);
/* After that: the cost of a node of the graph; MU_NO_PATH where it is more than the limit. */
mu_cost mu_search_node_cost(const mu_search *search, uint32_t node);

/* After a run that had `place` among its stops: the cost between origin and place. If not
 * NULL, *last_arc receives the arc of place's edge that is used (of the fastest path's two
 * possible ones), and *is_direct whether origin and place are joined along that arc alone. */
mu_cost mu_search_cost(const mu_search *search, const muster_snap *origin, const muster_snap *place,
                       uint32_t *last_arc, bool *is_direct);

/* After a forward run from `from` that had `to` among its stops: the cost and the arcs. */
muster_status mu_search_path(const mu_search *search, const muster_snap *from,
                             const muster_snap *to, mu_path *path);

#endif
