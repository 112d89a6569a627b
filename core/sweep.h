/* Costs from many places to many places over a customized hierarchy. */
#ifndef MU_CORE_SWEEP_H
#define MU_CORE_SWEEP_H

#include <assert.h>
#include <muster/snap.h>

#include "core/descent.h"
#include "core/metric.h"

/* The part of the hierarchy that leads to a set of targets, or all of it. Read-only once
 * built. */
typedef struct mu_selection {
    const muster_metric *metric; /* one with weights */
    muster_direction     direction;
    const mu_cost       *up_cost, *down_cost; /* of up-arcs, climbed and descended */
    mu_kept              up, down;            /* those that are */
    uint32_t             target_count;
    const muster_snap   *target; /* the caller's, who keeps it */
    uint32_t             node_count;
    /* Places: 0 .. target_count - 1 are the targets, which their edges' ends lead down to; the
     * selected nodes follow, from the lowest rank up. */
    uint64_t    *is_selected; /* a bit a rank: few are, and they alone have places */
    uint32_t    *place_of;    /* by rank */
    uint32_t    *rank_at;     /* [node_count] ascending */
    mu_down_arcs arcs;        /* by place */
} mu_selection;

/* By the arcs that `perfect` keeps, the metric's own or one made for it. Backward, costs are those of
 * getting from the targets to the sources. Without lengths no sweep over it has any. */
muster_status mu_selection_init(mu_selection *selection, const muster_metric *metric,
                                muster_direction direction, const mu_perfect *perfect,
                                bool has_lengths, uint32_t target_count, const muster_snap *target);
/* All nodes: a node's place is its rank. */
muster_status mu_selection_init_all(mu_selection *selection, const muster_metric *metric,
                                    muster_direction direction, bool has_lengths);
void          mu_selection_fini(mu_selection *selection);

/* One thread's working memory for sweeps over one selection. */
typedef struct mu_sweep {
    const mu_selection *selection;
    mu_descent          descent;
    mu_cost *upward; /* by rank; infinite between runs, or only what is climbed is cleaned */
    bool     cleans_first;
    void    *row;       /* by place, descent.lane_count entries each */
    uint8_t *is_seeded; /* by place: its row is set before going down; else none is */
    void    *memory;    /* that row lies in */
    uint32_t source_count;
    const muster_snap *source; /* of the last run, the caller's */
    uint32_t           source_edge[MU_MOST_LANES];
} mu_sweep;

/* With as many lanes as are good for `source_count` sources. Without lengths only durations can
 * be read. */
muster_status mu_sweep_init(mu_sweep *sweep, const mu_selection *selection, uint32_t source_count,
                            bool has_lengths);
void          mu_sweep_fini(mu_sweep *sweep);

/* Costs from up to descent.lane_count sources to all targets. The sources stay where they are
 * until the run has been read. */
void mu_sweep_run(mu_sweep *sweep, uint32_t source_count, const muster_snap *source);

/* What the last run found to one target, [source_count]: MUSTER_UNREACHABLE_MS where there is no
 * way, or MU_NO_PATH. */
void mu_sweep_durations(const mu_sweep *sweep, uint32_t target, uint32_t *out_ms);
void mu_sweep_costs(const mu_sweep *sweep, uint32_t target, mu_cost *out);

/* The same at any place, straight from the rows: MUSTER_UNREACHABLE_MS, or MU_INFINITE_WEIGHT. */
static inline uint32_t *mu_sweep_row_ms(const mu_sweep *sweep, uint32_t place) {
    assert(!sweep->descent.has_lengths);
    return (uint32_t *)sweep->row + (size_t)place * sweep->descent.lane_count;
}

static inline mu_cost *mu_sweep_row_costs(const mu_sweep *sweep, uint32_t place) {
    assert(sweep->descent.has_lengths);
    return (mu_cost *)sweep->row + (size_t)place * sweep->descent.lane_count;
}

#endif
