/* Which edges lie in an area: a list that is good for every profile, as it depends on the network alone. */
#ifndef MU_CORE_AREA_EDGES_H
#define MU_CORE_AREA_EDGES_H

#include <muster/closure.h>

#include "core/network.h"

/* Start from zeros. */
typedef struct mu_area_edges {
    uint32_t *edge; /* [count] twice the edge, and 1 more where it is inside from end to end */
    size_t    count, capacity;
} mu_area_edges;

/* Those that lie in it, wholly or in part, each once, rising. What was in the list before is forgotten, its
 * memory is used again.
 * MUSTER_E_INVALID naming the ring or the point; MUSTER_E_NOMEM. */
muster_status mu_area_edges_find(mu_area_edges *inout, const muster_network *network,
                                 const muster_polygon *area);
void          mu_area_edges_fini(mu_area_edges *edges);

#endif
