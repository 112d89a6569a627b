/* How the cost of a table grows with its sides, and that of a flood with what it closes.
 *
 * usage: bench_growth NETWORK.gpkg
 * Tab-separated: job with its size, runs, fastest and median in milliseconds. Tables are n x n
 * between random junctions; floods are squares around one. Threads are OpenMP's. */
#include <muster/gis.h>
#include <muster/muster.h>
#include <stdio.h>

#include "bench/places.h"

enum { RUNS = 7, MOST = 4000 };

typedef struct growth {
    muster_metric *metric;
    uint32_t       node[2 * MOST];
    muster_snap    place[2 * MOST];
    uint32_t      *duration_ms; /* [MOST * MOST] */
} growth;

static int failed(void) {
    fprintf(stderr, "bench_growth: %s\n", muster_error_message());
    return 1;
}

static muster_status bench_table(const growth *g, uint32_t side) {
    bench_times   times  = {0};
    muster_status status = MUSTER_OK;
    char          job[32];
    for (int run = 0; run < RUNS && status == MUSTER_OK; ++run) {
        const double start = bench_now_ms();
        status = muster_matrix(g->metric, side, g->place, side, g->place + MOST, 0, g->duration_ms,
                               NULL);
        bench_add(&times, bench_now_ms() - start);
    }
    snprintf(job, sizeof job, "table %u", side);
    if (status == MUSTER_OK) bench_print_row(job, &times);
    return status;
}

static muster_status bench_flood(const growth *g, double share) {
    bench_times    times = {0};
    bench_square   square;
    muster_metric *flooded = NULL;
    uint32_t       count   = 0;
    char           job[32];
    muster_status  status = bench_find_square(g->metric, g->node[0], share, &square);
    for (int run = 0; run < RUNS && status == MUSTER_OK; ++run) {
        muster_closure *closure;
        muster_metric_free(flooded);
        flooded            = NULL;
        const double start = bench_now_ms();
        status             = bench_flood_square(g->metric, &square, &closure);
        if (status == MUSTER_OK) {
            const muster_arc_change *change = muster_closure_changes(closure, &count);
            status = muster_metric_change(&flooded, g->metric, count, change);
        }
        bench_add(&times, bench_now_ms() - start);
        muster_closure_free(closure);
    }
    muster_metric_free(flooded);
    snprintf(job, sizeof job, "flood %u", count);
    if (status == MUSTER_OK) bench_print_row(job, &times);
    return status;
}

static muster_status bench_metric(growth *g, const muster_network *network) {
    bench_times    times = {0};
    muster_profile light;
    muster_status  status = muster_profile_builtin(&light, "light");
    for (int run = 0; run < RUNS && status == MUSTER_OK; ++run) {
        muster_metric_free(g->metric);
        const double start = bench_now_ms();
        status             = muster_metric_new(&g->metric, network, &light);
        bench_add(&times, bench_now_ms() - start);
    }
    if (status == MUSTER_OK) bench_print_row("customize", &times);
    return status;
}

static muster_status bench_all(growth *g, muster_network *network) {
    static const uint32_t SIDES[]  = {10, 30, 100, 300, 1000, 2000, MOST};
    static const double   SHARES[] = {0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.2};
    muster_status         status   = muster_network_build_hierarchy(network);
    if (status == MUSTER_OK) status = bench_metric(g, network);
    if (status != MUSTER_OK) return status;
    bench_draw_nodes(g->metric, 1, 2 * MOST, g->node);
    status = bench_at_nodes(g->metric, 2 * MOST, g->node, g->place);
    for (size_t i = 0; i < sizeof SIDES / sizeof *SIDES && status == MUSTER_OK; ++i)
        status = bench_table(g, SIDES[i]);
    for (size_t i = 0; i < sizeof SHARES / sizeof *SHARES && status == MUSTER_OK; ++i)
        status = bench_flood(g, SHARES[i]);
    return status;
}

int main(int argc, char **argv) {
    static growth   g;
    muster_network *network;
    if (argc != 2) {
        fprintf(stderr, "usage: bench_growth NETWORK.gpkg\n");
        return 2;
    }
    g.duration_ms = malloc((size_t)MOST * MOST * sizeof *g.duration_ms);
    if (!g.duration_ms) return 1;
    if (muster_network_load(&network, argv[1]) || bench_all(&g, network)) return failed();
    muster_metric_free(g.metric);
    muster_network_free(network);
    free(g.duration_ms);
    return 0;
}
