/* Road jobs on a network file: load, metric, one-to-all, table.
 *
 * usage: bench_roads NETWORK.gpkg
 * One line a job: name, runs, fastest and median in milliseconds. The tables of the
 * Python peer (peers.py) are computed on the very same sites, which are random nodes. */
#include <muster/gis.h>
#include <muster/muster.h>
#include <stdio.h>

#include "bench/clock.h"
#include "tests/support/random.h"

enum { RUNS = 7, SOURCES = 50, TARGETS = 200 };

static int failed(void) {
    fprintf(stderr, "bench_roads: %s\n", muster_error_message());
    return 1;
}

static void print_line(const char *job, bench_times *times) {
    printf("%-28s %4d %12.3f %12.3f\n", job, times->count, bench_fastest_ms(times),
           bench_median_ms(times));
}

static muster_status bench_table(const muster_metric *metric, uint32_t threads) {
    const muster_network_data *v   = muster_network_view(muster_metric_network(metric));
    uint64_t                   rng = 1;
    muster_snap                from[SOURCES], to[TARGETS];
    static uint32_t            duration_ms[SOURCES * TARGETS];
    bench_times                times = {0};
    char                       job[64];
    for (uint32_t i = 0; i < SOURCES + TARGETS; ++i) {
        muster_snap        *place = i < SOURCES ? &from[i] : &to[i - SOURCES];
        const uint32_t      node  = random_below(&rng, v->node_count);
        const muster_status s     = muster_snap_sites(metric, 1, &v->node_lon_deg[node],
                                                      &v->node_lat_deg[node], NULL, place);
        if (s != MUSTER_OK) return s;
    }
    for (int run = 0; run < RUNS; ++run) {
        const double        start = bench_now_ms();
        const muster_status s =
            muster_matrix(metric, SOURCES, from, TARGETS, to, threads, duration_ms, NULL);
        if (s != MUSTER_OK) return s;
        bench_add(&times, bench_now_ms() - start);
    }
    snprintf(job, sizeof job, "table 50 x 200, %u thread%s", threads, threads == 1 ? "" : "s");
    print_line(job, &times);
    return MUSTER_OK;
}

static muster_status bench_metric(const muster_network *network, muster_metric **out) {
    muster_profile profile;
    bench_times    times  = {0};
    muster_status  status = muster_profile_builtin(&profile, "light");
    for (int run = 0; run < RUNS && status == MUSTER_OK; ++run) {
        muster_metric_free(*out);
        const double start = bench_now_ms();
        status             = muster_metric_new(out, network, &profile);
        bench_add(&times, bench_now_ms() - start);
    }
    if (status == MUSTER_OK) print_line("metric with components", &times);
    return status;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: bench_roads NETWORK.gpkg\n");
        return 2;
    }
    muster_network *network;
    muster_metric  *metric = NULL;
    bench_times     times  = {0};
    const double    start  = bench_now_ms();
    if (muster_network_load(&network, argv[1])) return failed();
    bench_add(&times, bench_now_ms() - start);
    const muster_network_data *v = muster_network_view(network);
    printf("%s: %u nodes, %u edges\n%-28s %4s %12s %12s\n", argv[1], v->node_count, v->edge_count,
           "job", "runs", "fastest ms", "median ms");
    print_line("load from GeoPackage", &times);
    if (bench_metric(network, &metric)) return failed();
    if (bench_table(metric, 1) || bench_table(metric, 2)) return failed();
    muster_metric_free(metric);
    muster_network_free(network);
    return 0;
}
