/* How much longer the way round a road is: what closing it can cost anybody at most. */
#ifndef MU_SOLVER_CRITICAL_DETOUR_H
#define MU_SOLVER_CRITICAL_DETOUR_H

#include <muster/metric.h>

#include "core/error.h"
#include "core/heap.h"
#include "solver/critical_groups.h"

/* Roads by junction; and by metric, which roads are the only link between two parts, and at which
 * junctions some turn is restricted. */
typedef struct mu_detours {
    const muster_network_data  *roads;
    uint32_t                    metric_count;
    const muster_metric *const *metric;
    const mu_road_groups       *groups;
    uint32_t                   *first_arc; /* [node_count + 1] */
    uint32_t                   *arc;       /* [2 * edge_count] by the node they leave */
    bool                       *is_cut;    /* [metric_count * edge_count] */
    bool                       *is_turn;   /* [metric_count * node_count] */
} mu_detours;

/* `metric` and `groups` must outlive it; at least one metric. O(metrics * (nodes + edges + turns)). */
muster_status mu_detours_init(mu_detours *detours, uint32_t metric_count,
                              const muster_metric *const *metric, const mu_road_groups *groups);
void          mu_detours_fini(mu_detours *detours);

/* What a thread needs to search. */
typedef struct mu_detour_search {
    uint32_t  run;
    uint32_t *stamp; /* by node: the run that reached it */
    mu_heap   frontier;
} mu_detour_search;

muster_status mu_detour_search_init(mu_detour_search *search, const mu_detours *detours);
void          mu_detour_search_fini(mu_detour_search *search);

/* By how much a trip over the whole of `arc`, and whatever it leads on to inside of its road, becomes
 * longer at most when that road is closed, all its edges both ways; MUSTER_UNREACHABLE_MS: not known to
 * have a bound, because there is no other way or none was found near by. */
uint32_t mu_detour_delay_ms(const mu_detours *detours, mu_detour_search *search, uint32_t metric,
                            uint32_t arc);

#endif
