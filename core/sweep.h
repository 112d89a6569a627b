/* Costs from many places to many places over a customized hierarchy. */
#ifndef MU_CORE_SWEEP_H
#define MU_CORE_SWEEP_H

#include <muster/snap.h>

#include "core/metric.h"

/* Sources a sweep carries side by side: one cache line of costs. */
enum { MU_SWEEP_LANES = 8 };

/* The part of the hierarchy that leads to a set of targets, or all of it. Read-only once
 * built. */
typedef struct mu_selection {
    const muster_metric *metric; /* one with weights */
    muster_direction     direction;
    const mu_cost       *up_cost, *down_cost; /* of up-arcs, climbed and descended */
    uint32_t             target_count;
    const muster_snap   *target; /* the caller's, who keeps it */
    uint32_t             node_count;
    uint32_t            *place_of; /* by rank: index in the selection, MUSTER_NONE: not in it */
    uint32_t            *rank_at;  /* [node_count] ascending */
    /* Down-arcs into selected nodes, by the place of their lower end. */
    uint32_t *first_arc; /* [node_count + 1] */
    uint32_t *from;      /* place of the upper end */
    mu_cost  *cost;
    /* How a target is entered, [2 * target_count]: by the arc `2 * edge + side` from the
     * node at this place, at this cost; the place is MUSTER_NONE where it is not. */
    uint32_t *entry_place;
    mu_cost  *entry_cost;
} mu_selection;

muster_status mu_selection_init(mu_selection *selection, const muster_metric *metric,
                                uint32_t target_count, const muster_snap *target);
/* All nodes: a node's place is its rank. Backward, costs are those of getting to the sources. */
muster_status mu_selection_init_all(mu_selection *selection, const muster_metric *metric,
                                    muster_direction direction);
void          mu_selection_fini(mu_selection *selection);

/* One thread's working memory for sweeps over one selection. */
typedef struct mu_sweep {
    const mu_selection *selection;
    mu_cost            *upward;    /* by rank; infinite between runs */
    mu_cost            *cost;      /* [selection.node_count][MU_SWEEP_LANES] */
    uint8_t            *is_seeded; /* by place: its costs are set before going down; else none is */
} mu_sweep;

muster_status mu_sweep_init(mu_sweep *sweep, const mu_selection *selection);
void          mu_sweep_fini(mu_sweep *sweep);

/* Costs from up to MU_SWEEP_LANES sources to all targets. A finished run is
 * read by mu_sweep_cost, which is MU_NO_PATH where there is no way, or straight from
 * `cost`, where that is MU_INFINITE_WEIGHT or more. */
void    mu_sweep_run(mu_sweep *sweep, uint32_t source_count, const muster_snap *source);
mu_cost mu_sweep_cost(const mu_sweep *sweep, uint32_t lane, const muster_snap *source,
                      uint32_t target);

#endif
