/* The jobs that muster and its peers are compared in, as programs read them (peers/).
 *
 * usage: bench_jobs NETWORK.gpkg FOLDER [SEED]
 * Tab-separated: job, runs, fastest and median in milliseconds. Threads are OpenMP's, so
 * OMP_NUM_THREADS says how many; questions from one place to one place use one.
 * FOLDER receives what was asked and answered, as raw 32-bit numbers: nodes.u32 (1,000 sources,
 * then 1,000 targets), closed.u32 (arcs under water) with square.txt (west, south, east, north),
 * and per job the durations in milliseconds, MUSTER_UNREACHABLE_MS where there is no way. So
 * every peer is asked the same, and its answers can be compared with ours. */
#include <muster/gis.h>
#include <muster/muster.h>
#include <stdio.h>
#include <string.h>

#include "bench/places.h"

enum {
    RUNS        = 15,
    ORDERS      = 3,
    LARGE       = 1000,
    SOURCES     = 50,
    TARGETS     = 200,
    TREES       = 64,
    KEPT        = 8,
    PATIENCE_MS = 3000
};

static const double FLOODED_SHARE = 0.01;

typedef struct jobs {
    const char    *folder;
    muster_metric *metric;
    uint32_t       node[2 * LARGE];
    muster_snap    place[2 * LARGE]; /* sources, then targets */
    bench_square   square;
    uint32_t       answer[LARGE * LARGE];
} jobs;

static int failed(void) {
    fprintf(stderr, "bench_jobs: %s\n", muster_error_message());
    return 1;
}

static muster_status keep(const jobs *j, const char *name, size_t count, const uint32_t *values) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s.u32", j->folder, name);
    FILE *file = fopen(path, "wb");
    if (file && fwrite(values, sizeof *values, count, file) == count && fclose(file) == 0)
        return MUSTER_OK;
    return muster_fail(MUSTER_E_IO, "cannot write %s", path);
}

/* ---- once a network, once a metric ----------------------------------------------------- */

/* Up to three times, as long as that is quick: a province is ordered once. */
static muster_status bench_order(muster_network **network) {
    bench_times   times  = {0};
    muster_status status = MUSTER_OK;
    const double  first  = bench_now_ms();
    for (int run = 0; run < ORDERS && status == MUSTER_OK; ++run) {
        if (bench_now_ms() - first > PATIENCE_MS) break;
        status             = bench_forget_order(network);
        const double start = bench_now_ms();
        if (status == MUSTER_OK) status = muster_network_build_hierarchy(*network);
        bench_add(&times, bench_now_ms() - start);
    }
    if (status == MUSTER_OK) bench_print_row("order", &times);
    return status;
}

static muster_status bench_customize(jobs *j, const muster_network *network) {
    bench_times    times = {0};
    muster_profile light;
    muster_status  status = muster_profile_builtin(&light, "light");
    for (int run = 0; run < RUNS && status == MUSTER_OK; ++run) {
        muster_metric_free(j->metric);
        const double start = bench_now_ms();
        status             = muster_metric_new(&j->metric, network, &light);
        bench_add(&times, bench_now_ms() - start);
    }
    if (status == MUSTER_OK) bench_print_row("customize", &times);
    return status;
}

static muster_status ask_for_places(jobs *j, uint64_t seed) {
    bench_draw_nodes(j->metric, seed, 2 * LARGE, j->node);
    const muster_status status = bench_at_nodes(j->metric, 2 * LARGE, j->node, j->place);
    return status == MUSTER_OK ? keep(j, "nodes", 2 * LARGE, j->node) : status;
}

/* ---- questions --------------------------------------------------------------------------- */

/* A thousand pairs in a row, the mean of each run: one question is too short for a clock. */
static muster_status bench_query(jobs *j) {
    bench_times   times = {0};
    muster_query *query;
    muster_status status = muster_query_new(&query, j->metric);
    for (int run = 0; run < RUNS && status == MUSTER_OK; ++run) {
        const double start = bench_now_ms();
        for (int i = 0; i < LARGE && status == MUSTER_OK; ++i)
            status =
                muster_query_cost(query, &j->place[i], &j->place[LARGE + i], &j->answer[i], NULL);
        bench_add(&times, (bench_now_ms() - start) / LARGE);
    }
    muster_query_free(query);
    if (status == MUSTER_OK) bench_print_row("query", &times);
    return status == MUSTER_OK ? keep(j, "query", LARGE, j->answer) : status;
}

static muster_status bench_path(jobs *j) {
    bench_times   times = {0};
    muster_query *query;
    muster_status status = muster_query_new(&query, j->metric);
    for (int run = 0; run < RUNS && status == MUSTER_OK; ++run) {
        const double start = bench_now_ms();
        for (int i = 0; i < LARGE && status == MUSTER_OK; ++i) {
            muster_route *route;
            status = muster_query_route(&route, query, &j->place[i], &j->place[LARGE + i]);
            muster_route_free(route);
        }
        bench_add(&times, (bench_now_ms() - start) / LARGE);
    }
    muster_query_free(query);
    if (status == MUSTER_OK) bench_print_row("path", &times);
    return status;
}

static muster_status bench_table(jobs *j, const char *job, uint32_t sources, uint32_t targets) {
    bench_times   times  = {0};
    muster_status status = MUSTER_OK;
    for (int run = 0; run < RUNS && status == MUSTER_OK; ++run) {
        const double start = bench_now_ms();
        status = muster_matrix(j->metric, sources, j->place, targets, j->place + LARGE, 0,
                               j->answer, NULL);
        bench_add(&times, bench_now_ms() - start);
    }
    if (status == MUSTER_OK) bench_print_row(job, &times);
    return status == MUSTER_OK ? keep(j, job, (size_t)sources * targets, j->answer) : status;
}

static muster_status bench_trees(jobs *j) {
    const size_t  nodes       = muster_network_view(muster_metric_network(j->metric))->node_count;
    uint32_t     *duration_ms = malloc(TREES * nodes * sizeof *duration_ms);
    bench_times   times       = {0};
    muster_status status      = MUSTER_OK;
    if (!duration_ms) return muster_fail(MUSTER_E_NOMEM, "out of memory for trees");
    for (int run = 0; run < RUNS && status == MUSTER_OK; ++run) {
        const double start = bench_now_ms();
        status =
            muster_one_to_all(j->metric, TREES, j->place, MUSTER_FORWARD, 0, duration_ms, NULL);
        bench_add(&times, (bench_now_ms() - start) / TREES);
    }
    if (status == MUSTER_OK) bench_print_row("tree", &times);
    if (status == MUSTER_OK) status = keep(j, "tree", KEPT * nodes, duration_ms);
    free(duration_ms);
    return status;
}

/* ---- water ------------------------------------------------------------------------------- */

static muster_status keep_flood(const jobs *j, const muster_closure *closure) {
    uint32_t                 count;
    const muster_arc_change *change = muster_closure_changes(closure, &count);
    uint32_t                *arc    = malloc((count + 1) * sizeof *arc);
    if (!arc) return muster_fail(MUSTER_E_NOMEM, "out of memory for closed arcs");
    for (uint32_t i = 0; i < count; ++i) arc[i] = change[i].arc;
    const muster_status status = keep(j, "closed", count, arc);
    free(arc);
    return status;
}

static muster_status keep_square(const jobs *j) {
    char path[4096];
    snprintf(path, sizeof path, "%s/square.txt", j->folder);
    FILE *file = fopen(path, "w");
    if (file &&
        fprintf(file, "%.7f %.7f %.7f %.7f\n", j->square.lon[0], j->square.lat[0], j->square.lon[2],
                j->square.lat[2]) > 0 &&
        fclose(file) == 0)
        return MUSTER_OK;
    return muster_fail(MUSTER_E_IO, "cannot write %s", path);
}

/* From the polygon: which arcs it closes, the new metric, the table on it. */
static muster_status bench_flood(jobs *j) {
    bench_times   which = {0}, change = {0}, all = {0};
    muster_status status = bench_find_square(j->metric, j->node[0], FLOODED_SHARE, &j->square);
    for (int run = 0; run < RUNS && status == MUSTER_OK; ++run) {
        muster_closure *closure;
        muster_metric  *flooded = NULL;
        uint32_t        count;
        const double    start          = bench_now_ms();
        status                         = bench_flood_square(j->metric, &j->square, &closure);
        const double             found = bench_now_ms();
        const muster_arc_change *arcs  = muster_closure_changes(closure, &count);
        if (status == MUSTER_OK) status = muster_metric_change(&flooded, j->metric, count, arcs);
        const double changed = bench_now_ms();
        if (status == MUSTER_OK)
            status = muster_matrix(flooded, SOURCES, j->place, TARGETS, j->place + LARGE, 0,
                                   j->answer, NULL);
        bench_add(&all, bench_now_ms() - start);
        bench_add(&change, changed - start);
        bench_add(&which, found - start);
        if (status == MUSTER_OK && run == 0) status = keep_flood(j, closure);
        muster_metric_free(flooded);
        muster_closure_free(closure);
    }
    if (status != MUSTER_OK) return status;
    bench_print_row("flood_arcs", &which); /* of that, */
    bench_print_row("flood", &change);     /* and of that, */
    bench_print_row("flood_table", &all);
    status = keep(j, "flood_table", (size_t)SOURCES * TARGETS, j->answer);
    return status == MUSTER_OK ? keep_square(j) : status;
}

/* ---- all of it --------------------------------------------------------------------------- */

static muster_status bench_all(jobs *j, muster_network **network, uint64_t seed) {
    muster_status status = bench_order(network);
    if (status == MUSTER_OK) status = bench_customize(j, *network);
    if (status == MUSTER_OK) status = ask_for_places(j, seed);
    if (status == MUSTER_OK) status = bench_query(j);
    if (status == MUSTER_OK) status = bench_path(j);
    if (status == MUSTER_OK) status = bench_table(j, "table_1x1000", 1, LARGE);
    if (status == MUSTER_OK) status = bench_table(j, "table_50x200", SOURCES, TARGETS);
    if (status == MUSTER_OK) status = bench_table(j, "table_1000x1000", LARGE, LARGE);
    if (status == MUSTER_OK) status = bench_flood(j);
    if (status == MUSTER_OK) status = bench_trees(j);
    muster_metric_free(j->metric);
    return status;
}

int main(int argc, char **argv) {
    static jobs j;
    if (argc != 3 && argc != 4) {
        fprintf(stderr, "usage: bench_jobs NETWORK.gpkg FOLDER [SEED]\n");
        return 2;
    }
    muster_network *network;
    j.folder = argv[2];
    if (muster_network_load(&network, argv[1])) return failed();
    if (bench_all(&j, &network, argc > 3 ? strtoull(argv[3], NULL, 10) : 1)) return failed();
    muster_network_free(network);
    return 0;
}
