/* What is one road, though the map draws it as several edges. */
#ifndef MU_SOLVER_CRITICAL_GROUPS_H
#define MU_SOLVER_CRITICAL_GROUPS_H

#include "core/network.h"

/* Each edge is in one group. Groups are in order of their first edges, and so are the edges of each. */
typedef struct mu_road_groups {
    uint32_t  count;
    uint32_t *of_edge;   /* [edge_count] */
    uint32_t *first;     /* [count + 1] */
    uint32_t *edge;      /* [edge_count] */
    bool     *is_inside; /* [node_count] two edges of one group meet there, and nothing else does */
} mu_road_groups;

/* O(edges * those near by). */
muster_status mu_road_groups_init(mu_road_groups *groups, const muster_network *network);
void          mu_road_groups_fini(mu_road_groups *groups);

#endif
