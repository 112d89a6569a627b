/* Shortest-path trees in bulk: PHAST (Delling, Goldberg, Nowatzyk and Werneck, JPDC 2013),
 * which is the sweep of tables (sweep.c) with all nodes selected.
 *
 * The sweep leaves a row of costs a node, in order of rank; the answer is wanted as a row a
 * tree, in order of node. Going through the nodes in their own order reads one or two cache
 * lines a node and writes all rows side by side, which is the cheaper way round; tile.c turns
 * sixteen nodes at a time. */
#include <muster/one_to_all.h>

#include <math.h>
#include <string.h>

#include "core/alloc.h"
#include "core/flight.h"
#include "core/search.h"
#include "core/snap_check.h"
#include "core/sweep.h"
#include "core/threads.h"
#include "core/tile.h"

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

/* Nodes turned round before their part of the answer is written: half a page a tree, one tree after
 * the other. */
enum { BLOCK_NODES = 512 };

/* One thread's sweep, and a block of its answer by lane, [lanes][BLOCK_NODES]. */
typedef struct worker {
    mu_sweep    sweep;
    mu_tile     tile;
    mu_tile_out block;
    uint32_t    tree, tree_count; /* those of the last run */
} worker;

static uint32_t lesser(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

static const void *row_of(const worker *w, const job *j, uint32_t junction) {
    const uint32_t place = j->metric->weights.hierarchy->rank[node_of(j, junction)];
    return j->distance_m ? (const void *)mu_sweep_row_costs(&w->sweep, place)
                         : (const void *)mu_sweep_row_ms(&w->sweep, place);
}

/* Rows lie anywhere, a line or two each: they are asked for two tiles before their turn. */
enum { NODES_AHEAD = 2 * MU_TILE_NODES };

/* Past the last junction that one again: a tile is always whole. */
static void turn_tile(const worker *w, const job *j, uint32_t first, mu_tile_out out) {
    const uint32_t  last = j->metric->network->view.node_count - 1;
    const uint32_t *ms[MU_TILE_NODES];
    const mu_cost  *cost[MU_TILE_NODES];
    for (uint32_t i = 0; i < MU_TILE_NODES; ++i) {
        const char *ahead = row_of(w, j, lesser(first + i + NODES_AHEAD, last));
        __builtin_prefetch(ahead);
        __builtin_prefetch(ahead + MU_LINE_BYTES);
        ms[i]   = row_of(w, j, lesser(first + i, last));
        cost[i] = row_of(w, j, lesser(first + i, last));
    }
    if (j->distance_m) {
        w->tile.costs(cost, w->tree_count, out);
    } else {
        w->tile.durations(ms, w->tree_count, out);
    }
}

static void turn_block(const worker *w, const job *j, uint32_t first, uint32_t end) {
    mu_tile_out out = w->block;
    for (uint32_t v = first; v < end; v += MU_TILE_NODES) {
        turn_tile(w, j, v, out);
        out.duration_ms += MU_TILE_NODES;
        if (out.distance_m) out.distance_m += MU_TILE_NODES;
    }
}

static void write_block(const worker *w, const job *j, uint32_t first, uint32_t end) {
    const size_t nodes = end - first;
    for (uint32_t lane = 0; lane < w->tree_count; ++lane) {
        const size_t to = cell_of(j, w->tree + lane, first), from = lane * w->block.stride;
        memcpy(&j->duration_ms[to], &w->block.duration_ms[from], nodes * sizeof(uint32_t));
        if (!j->distance_m) continue;
        memcpy(&j->distance_m[to], &w->block.distance_m[from], nodes * sizeof(double));
    }
}

static void grow_trees(worker *w, const job *j, uint32_t tree) {
    const uint32_t junctions = j->metric->network->view.node_count;
    w->tree                  = tree;
    w->tree_count            = lesser(j->origin_count - tree, w->sweep.descent.lane_count);
    mu_sweep_run(&w->sweep, w->tree_count, &j->origin[tree]);
    for (uint32_t v = 0; v < junctions; v += BLOCK_NODES) {
        const uint32_t end = v + lesser(BLOCK_NODES, junctions - v);
        turn_block(w, j, v, end);
        write_block(w, j, v, end);
    }
}

static muster_status worker_init(worker *w, const job *j, const mu_selection *all) {
    MU_TRY(mu_sweep_init(&w->sweep, all, j->origin_count, j->distance_m != NULL));
    const size_t lanes = w->sweep.descent.lane_count;
    w->tile            = mu_tile_for(mu_isa_best());
    w->block.stride    = BLOCK_NODES;
    MU_TRY(mu_alloc(&w->block.duration_ms, lanes * w->block.stride, sizeof *w->block.duration_ms));
    if (!j->distance_m) return MUSTER_OK;
    return mu_alloc(&w->block.distance_m, lanes * w->block.stride, sizeof *w->block.distance_m);
}

static void worker_fini(worker *w) {
    mu_sweep_fini(&w->sweep);
    mu_free(w->block.duration_ms);
    mu_free(w->block.distance_m);
}

static muster_status sweep_all(const job *j, const mu_selection *all, uint32_t threads,
                               worker *workers) {
    for (uint32_t t = 0; t < threads; ++t) MU_TRY(worker_init(&workers[t], j, all));
    const uint32_t lanes = workers[0].sweep.descent.lane_count;
#pragma omp parallel for schedule(dynamic) num_threads(threads)
    for (uint32_t tree = 0; tree < j->origin_count; tree += lanes) {
        grow_trees(&workers[mu_thread_number()], j, tree);
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
    worker        *workers = NULL;
    MU_TRY(mu_selection_init_all(&all, j->metric, j->direction, j->distance_m != NULL));
    muster_status status = mu_alloc_zeroed(&workers, threads, sizeof *workers);
    if (status == MUSTER_OK) status = sweep_all(j, &all, threads, workers);
    for (uint32_t t = 0; workers && t < threads; ++t) worker_fini(&workers[t]);
    mu_free(workers);
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
