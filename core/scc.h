/* Strongly connected components of the part of a graph that some traveller may use. */
#ifndef MU_CORE_SCC_H
#define MU_CORE_SCC_H

#include "core/graph.h"

typedef struct mu_scc {
    uint32_t  count;
    uint32_t *component; /* [node_count] ids from 0, largest first, ties by smallest node */
    uint32_t *size;      /* [count] nodes */
} mu_scc;

/* What other ways to find components have in common: from labels 0 .. count - 1 in component[],
 * of which some may be unused, make the ids and sizes promised above. */
muster_status mu_scc_rank(mu_scc *scc, uint32_t node_count);

/* `usable`: by arc, not 0 where the traveller may drive it. */
muster_status mu_scc_init(mu_scc *scc, const mu_graph *graph, const uint8_t *usable);
void          mu_scc_fini(mu_scc *scc);

#endif
