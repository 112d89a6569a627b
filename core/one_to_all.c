/* Shortest-path trees in bulk: PHAST (Delling, Goldberg, Nowatzyk and Werneck, JPDC 2013),
 * which is the sweep of tables (sweep.c) with all nodes selected.
 *
 * The sweep leaves a row of costs a node, in order of rank; the answer is wanted as a row a
 * tree, in order of node. Going through the nodes in their own order reads one or two cache
 * lines a node and writes all rows side by side, which is the cheaper way round. */
#include <muster/one_to_all.h>

#include <math.h>

#include "core/alloc.h"
#include "core/flight.h"
#include "core/search.h"
#include "core/snap_check.h"
#include "core/sweep.h"
#include "core/threads.h"

typedef struct job {
    const muster_metric *metric;
    uint32_t             origin_count;
    const muster_snap   *origin;
    muster_direction     direction;
    uint32_t            *duration_ms;
    double              *distance_m;
} job;

static size_t cell_of(const job *j, uint32_t origin, uint32_t node) {
    return (size_t)origin * j->metric->network->view.node_count + node;
}

/* ---- over a hierarchy ------------------------------------------------------------------ */

/* The node of the graph that tells a junction's cost: forward, everybody is to have arrived. */
static uint32_t node_of(const job *j, uint32_t junction) {
    return j->direction == MUSTER_FORWARD ? mu_graph_end(&j->metric->network->graph, junction)
                                          : junction;
}

/* Nodes turned round together, so that a row of the answer is written a cache line at a time. */
enum { TILE_NODES = 16 };

static void write_durations(const mu_sweep *sweep, const job *j, uint32_t first, uint32_t count) {
    const mu_hierarchy *h         = j->metric->weights.hierarchy;
    const uint32_t      junctions = h->graph->junction_count;
    const uint32_t     *ms[TILE_NODES];
    for (uint32_t v = 0; v < junctions; v += TILE_NODES) {
        const uint32_t rest  = junctions - v;
        const uint32_t width = rest < TILE_NODES ? rest : TILE_NODES;
        for (uint32_t i = 0; i < width; ++i) {
            ms[i] = mu_sweep_row_ms(sweep, h->rank[node_of(j, v + i)]);
        }
        for (uint32_t lane = 0; lane < count; ++lane) {
            uint32_t *cell = &j->duration_ms[cell_of(j, first + lane, v)];
            for (uint32_t i = 0; i < width; ++i) cell[i] = ms[i][lane];
        }
    }
}

static void write_lane(const job *j, size_t cell, const mu_cost *const *cost, uint32_t width,
                       uint32_t lane) {
    for (uint32_t i = 0; i < width; ++i) {
        j->duration_ms[cell + i] = mu_cost_ms(cost[i][lane]); /* infinite: just unreachable */
    }
    for (uint32_t i = 0; i < width; ++i) {
        const bool is_path      = cost[i][lane] < MU_INFINITE_WEIGHT;
        j->distance_m[cell + i] = is_path ? mu_cost_cm(cost[i][lane]) / 100.0 : (double)NAN;
    }
}

static void write_costs(const mu_sweep *sweep, const job *j, uint32_t first, uint32_t count) {
    const mu_hierarchy *h         = j->metric->weights.hierarchy;
    const uint32_t      junctions = h->graph->junction_count;
    const mu_cost      *cost[TILE_NODES];
    for (uint32_t v = 0; v < junctions; v += TILE_NODES) {
        const uint32_t rest  = junctions - v;
        const uint32_t width = rest < TILE_NODES ? rest : TILE_NODES;
        for (uint32_t i = 0; i < width; ++i) {
            cost[i] = mu_sweep_row_costs(sweep, h->rank[node_of(j, v + i)]);
        }
        for (uint32_t lane = 0; lane < count; ++lane) {
            write_lane(j, cell_of(j, first + lane, v), cost, width, lane);
        }
    }
}

static void grow_trees(mu_sweep *sweep, const job *j, uint32_t first) {
    const uint32_t lanes = sweep->descent.lane_count, rest = j->origin_count - first;
    const uint32_t count = rest < lanes ? rest : lanes;
    mu_sweep_run(sweep, count, &j->origin[first]);
    if (j->distance_m) {
        write_costs(sweep, j, first, count);
    } else {
        write_durations(sweep, j, first, count);
    }
}

static muster_status sweep_all(const job *j, const mu_selection *all, uint32_t threads,
                               mu_sweep *sweeps) {
    for (uint32_t t = 0; t < threads; ++t) {
        MU_TRY(mu_sweep_init(&sweeps[t], all, j->origin_count, j->distance_m != NULL));
    }
    const uint32_t lanes = sweeps[0].descent.lane_count;
#pragma omp parallel for schedule(dynamic) num_threads(threads)
    for (uint32_t first = 0; first < j->origin_count; first += lanes) {
        grow_trees(&sweeps[mu_thread_number()], j, first);
    }
    return MUSTER_OK;
}

static muster_status run_sweeps(const job *j, uint32_t asked_threads) {
    const mu_descent descent =
        mu_descent_for(mu_isa_best(), j->origin_count, j->distance_m != NULL);
    const uint32_t lanes   = descent.lane_count;
    const uint32_t batches = j->origin_count / lanes + (j->origin_count % lanes > 0);
    const uint32_t threads = mu_thread_count(asked_threads, batches);
    mu_selection   all;
    mu_sweep      *sweeps = NULL;
    MU_TRY(mu_selection_init_all(&all, j->metric, j->direction));
    muster_status status = mu_alloc_zeroed(&sweeps, threads, sizeof *sweeps);
    if (status == MUSTER_OK) status = sweep_all(j, &all, threads, sweeps);
    for (uint32_t t = 0; sweeps && t < threads; ++t) mu_sweep_fini(&sweeps[t]);
    mu_free(sweeps);
    mu_selection_fini(&all);
    return status;
}

/* ---- without one ----------------------------------------------------------------------- */

static void grow_tree(mu_search *search, const job *j, uint32_t origin) {
    mu_search_reach(search, j->direction, 1, &j->origin[origin], MU_NO_PATH);
    for (uint32_t v = 0; v < j->metric->network->view.node_count; ++v) {
        const mu_cost cost    = mu_search_node_cost(search, node_of(j, v));
        const bool    is_path = cost != MU_NO_PATH;
        const size_t  cell    = cell_of(j, origin, v);
        j->duration_ms[cell]  = is_path ? mu_cost_ms(cost) : MUSTER_UNREACHABLE_MS;
        if (j->distance_m) j->distance_m[cell] = is_path ? mu_cost_cm(cost) / 100.0 : (double)NAN;
    }
}

static muster_status run_searches(const job *j, uint32_t asked_threads) {
    const uint32_t threads  = mu_thread_count(asked_threads, j->origin_count);
    mu_search     *searches = NULL;
    muster_status  status   = mu_alloc_zeroed(&searches, threads, sizeof *searches);
    for (uint32_t t = 0; t < threads && status == MUSTER_OK; ++t) {
        status = mu_search_init(&searches[t], j->metric);
    }
    if (status == MUSTER_OK) {
#pragma omp parallel for schedule(dynamic) num_threads(threads)
        for (uint32_t i = 0; i < j->origin_count; ++i) {
            grow_tree(&searches[mu_thread_number()], j, i);
        }
    }
    for (uint32_t t = 0; searches && t < threads; ++t) mu_search_fini(&searches[t]);
    mu_free(searches);
    return status;
}

muster_status muster_one_to_all(const muster_metric *metric, uint32_t origin_count,
                                const muster_snap *origins, muster_direction direction,
                                uint32_t thread_count, uint32_t *out_duration_ms,
                                double *out_distance_m) {
    MU_TRY(mu_check_snaps(metric, "origin site", origin_count, origins));
    if (mu_metric_flies(metric)) {
        return mu_flight_one_to_all(metric, origin_count, origins, thread_count, out_duration_ms,
                                    out_distance_m);
    }
    const job j = {metric, origin_count, origins, direction, out_duration_ms, out_distance_m};
    return metric->weights.hierarchy ? run_sweeps(&j, thread_count)
                                     : run_searches(&j, thread_count);
}
