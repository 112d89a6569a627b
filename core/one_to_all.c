/* Shortest-path trees in bulk: PHAST (Delling, Goldberg, Nowatzyk and Werneck, JPDC 2013),
 * which is the sweep of tables (sweep.c) with all nodes selected.
 *
 * The sweep leaves eight costs a node in one cache line, in order of rank; the answer is
 * wanted as a row a tree, in order of node. Going through the nodes in their own order reads
 * one line a node and writes eight rows side by side, which is the cheaper way round. */
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

static void write_durations(const mu_sweep *sweep, const job *j, uint32_t first, uint32_t count) {
    const mu_hierarchy *h = j->metric->weights.hierarchy;
    for (uint32_t v = 0; v < h->graph->junction_count; ++v) {
        const mu_cost *cost = &sweep->cost[(size_t)h->rank[node_of(j, v)] * MU_SWEEP_LANES];
        for (uint32_t lane = 0; lane < count; ++lane) {
            const uint32_t ms = mu_cost_ms(cost[lane]);
            j->duration_ms[cell_of(j, first + lane, v)] =
                ms < MUSTER_UNREACHABLE_MS ? ms : MUSTER_UNREACHABLE_MS;
        }
    }
}

static void write_distances(const mu_sweep *sweep, const job *j, uint32_t first, uint32_t count) {
    const mu_hierarchy *h = j->metric->weights.hierarchy;
    for (uint32_t v = 0; v < h->graph->junction_count; ++v) {
        const mu_cost *cost = &sweep->cost[(size_t)h->rank[node_of(j, v)] * MU_SWEEP_LANES];
        for (uint32_t lane = 0; lane < count; ++lane) {
            j->distance_m[cell_of(j, first + lane, v)] =
                cost[lane] < MU_INFINITE_WEIGHT ? mu_cost_cm(cost[lane]) / 100.0 : (double)NAN;
        }
    }
}

static void grow_trees(mu_sweep *sweep, const job *j, uint32_t first) {
    const uint32_t rest  = j->origin_count - first;
    const uint32_t count = rest < MU_SWEEP_LANES ? rest : MU_SWEEP_LANES;
    mu_sweep_run(sweep, count, &j->origin[first]);
    write_durations(sweep, j, first, count);
    if (j->distance_m) write_distances(sweep, j, first, count);
}

static muster_status run_sweeps(const job *j, uint32_t asked_threads) {
    const uint32_t batches =
        j->origin_count / MU_SWEEP_LANES + (j->origin_count % MU_SWEEP_LANES > 0);
    const uint32_t threads = mu_thread_count(asked_threads, batches);
    mu_selection   all;
    mu_sweep      *sweeps = NULL;
    MU_TRY(mu_selection_init_all(&all, j->metric, j->direction));
    muster_status status = mu_alloc_zeroed(&sweeps, threads, sizeof *sweeps);
    for (uint32_t t = 0; t < threads && status == MUSTER_OK; ++t) {
        status = mu_sweep_init(&sweeps[t], &all);
    }
    if (status == MUSTER_OK) {
#pragma omp parallel for schedule(dynamic) num_threads(threads)
        for (uint32_t b = 0; b < batches; ++b) {
            grow_trees(&sweeps[mu_thread_number()], j, b * MU_SWEEP_LANES);
        }
    }
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
