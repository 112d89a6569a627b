/* Road jobs on a network file: load, hierarchy, metric, tables with it and without.
 *
 * usage: bench_roads NETWORK.gpkg
 * One line a job: name, runs, fastest and median in milliseconds. The sites of the tables are
 * random nodes; SciPy (peers/scipy_table.py) computes such a table on the exported arcs. Tables
 * by Dijkstra and by the hierarchy are compared cell by cell: a difference is a failure. */
#include <muster/gis.h>
#include <muster/muster.h>
#include <stdio.h>
#include <string.h>

#include "bench/clock.h"
#include "tests/support/random.h"

enum { RUNS = 7, SOURCES = 50, TARGETS = 200, LARGE = 1000 };

static int failed(void) {
    fprintf(stderr, "bench_roads: %s\n", muster_error_message());
    return 1;
}

static void print_line(const char *job, bench_times *times) {
    printf("%-34s %4d %12.3f %12.3f\n", job, times->count, bench_fastest_ms(times),
           bench_median_ms(times));
}

/* `count` random nodes, the same for each metric. */
static muster_status snap_sites(const muster_metric *metric, uint32_t count, muster_snap *out) {
    const muster_network_data *v   = muster_network_view(muster_metric_network(metric));
    uint64_t                   rng = 1;
    for (uint32_t i = 0; i < count; ++i) {
        const uint32_t      node   = random_below(&rng, v->node_count);
        const muster_status status = muster_snap_sites(metric, 1, &v->node_lon_deg[node],
                                                       &v->node_lat_deg[node], NULL, &out[i]);
        if (status != MUSTER_OK) return status;
    }
    return MUSTER_OK;
}

static muster_status bench_table(const char *how, const muster_metric *metric, uint32_t sources,
                                 uint32_t targets, uint32_t threads, uint32_t *duration_ms,
                                 double *distance_m) {
    static muster_snap site[2 * LARGE];
    bench_times        times = {0};
    char               job[64];
    muster_status      status = snap_sites(metric, sources + targets, site);
    for (int run = 0; run < RUNS && status == MUSTER_OK; ++run) {
        const double start = bench_now_ms();
        status = muster_matrix(metric, sources, site, targets, site + sources, threads, duration_ms,
                               distance_m);
        bench_add(&times, bench_now_ms() - start);
    }
    snprintf(job, sizeof job, "%s %u x %u, %u thread%s", how, sources, targets, threads,
             threads == 1 ? "" : "s");
    if (status == MUSTER_OK) print_line(job, &times);
    return status;
}

static muster_status bench_metric(const char *job, const muster_network *network,
                                  muster_metric **out) {
    muster_profile profile;
    bench_times    times  = {0};
    muster_status  status = muster_profile_builtin(&profile, "light");
    for (int run = 0; run < RUNS && status == MUSTER_OK; ++run) {
        muster_metric_free(*out);
        const double start = bench_now_ms();
        status             = muster_metric_new(out, network, &profile);
        bench_add(&times, bench_now_ms() - start);
    }
    if (status == MUSTER_OK) print_line(job, &times);
    return status;
}

/* The same tables by the hierarchy. */
static muster_status bench_sweeps(const char *how, const muster_metric *metric, uint32_t *small_ms,
                                  uint32_t *large_ms) {
    static double distance_m[LARGE * LARGE];
    char          lengths[64];
    snprintf(lengths, sizeof lengths, "%s + lengths", how);
    muster_status status = bench_table(how, metric, SOURCES, TARGETS, 1, small_ms, NULL);
    if (status == MUSTER_OK) status = bench_table(how, metric, LARGE, LARGE, 1, large_ms, NULL);
    if (status == MUSTER_OK) status = bench_table(how, metric, LARGE, LARGE, 2, large_ms, NULL);
    if (status == MUSTER_OK)
        status = bench_table(lengths, metric, LARGE, LARGE, 1, large_ms, distance_m);
    return status;
}

static muster_status bench_network(muster_network *network) {
    static uint32_t plain[SOURCES * TARGETS], fast[SOURCES * TARGETS], perfect[SOURCES * TARGETS];
    static uint32_t large[LARGE * LARGE], large_perfect[LARGE * LARGE];
    muster_metric  *metric = NULL;
    bench_times     times  = {0};
    muster_status   status = bench_metric("metric, no hierarchy", network, &metric);
    if (status == MUSTER_OK)
        status = bench_table("Dijkstra", metric, SOURCES, TARGETS, 1, plain, NULL);
    const double start = bench_now_ms();
    if (status == MUSTER_OK) status = muster_network_build_hierarchy(network);
    bench_add(&times, bench_now_ms() - start);
    print_line("hierarchy (order and topology)", &times);
    if (status == MUSTER_OK) status = bench_metric("metric, customized", network, &metric);
    if (status == MUSTER_OK) status = bench_sweeps("sweep", metric, fast, large);
    if (status == MUSTER_OK) status = muster_metric_perfect(metric, 0);
    if (status == MUSTER_OK) status = bench_sweeps("perfect", metric, perfect, large_perfect);
    muster_metric_free(metric);
    if (status != MUSTER_OK) return status;
    if (memcmp(plain, fast, sizeof plain) == 0 && memcmp(plain, perfect, sizeof plain) == 0 &&
        memcmp(large, large_perfect, sizeof large) == 0) {
        return MUSTER_OK;
    }
    return muster_fail(MUSTER_E_INTERNAL, "two ways to a table differ");
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: bench_roads NETWORK.gpkg\n");
        return 2;
    }
    muster_network *network;
    bench_times     times = {0};
    const double    start = bench_now_ms();
    if (muster_network_load(&network, argv[1])) return failed();
    bench_add(&times, bench_now_ms() - start);
    const muster_network_data *v = muster_network_view(network);
    printf("%s: %u nodes, %u edges\n%-34s %4s %12s %12s\n", argv[1], v->node_count, v->edge_count,
           "job", "runs", "fastest ms", "median ms");
    print_line("load from GeoPackage", &times);
    if (bench_network(network)) return failed();
    muster_network_free(network);
    return 0;
}
