/* Metrics on a network with a hierarchy: one on one thread and on two, three together against
 * three one by one, perfect ones.
 *
 * usage: bench_customize NETWORK.gpkg
 * One line a job: name, runs, fastest and median in milliseconds. Components are part of a metric,
 * and of these times. Tables on the metrics made in different ways are compared cell by cell: a
 * difference is a failure. */
#include <muster/gis.h>
#include <muster/muster.h>
#include <stdio.h>
#include <string.h>

#include "bench/clock.h"
#include "tests/support/random.h"

enum { RUNS = 15, METRICS = 3, SITES = 100, CELLS = SITES * SITES };

static const char *const NAME[METRICS] = {"light", "heavy", "emergency"};

static int failed(void) {
    fprintf(stderr, "bench_customize: %s\n", muster_error_message());
    return 1;
}

static void print_line(const char *job, bench_times *times) {
    printf("%-34s %4d %12.3f %12.3f\n", job, times->count, bench_fastest_ms(times),
           bench_median_ms(times));
}

static void free_all(muster_metric **metric) {
    for (int m = 0; m < METRICS; ++m) {
        muster_metric_free(metric[m]);
        metric[m] = NULL;
    }
}

/* `count` metrics, `together` at a time. */
static muster_status make(muster_metric **out, const muster_network *network, uint32_t count,
                          uint32_t together, const muster_profile *profile, uint32_t threads) {
    muster_status status = MUSTER_OK;
    for (uint32_t m = 0; m < count && status == MUSTER_OK; m += together) {
        status = muster_metrics_new(&out[m], network, together, &profile[m], threads);
    }
    return status;
}

static muster_status bench_make(const char *job, muster_metric **out, const muster_network *network,
                                uint32_t count, uint32_t together, const muster_profile *profile,
                                uint32_t threads) {
    bench_times   times  = {0};
    muster_status status = MUSTER_OK;
    for (int run = 0; run < RUNS && status == MUSTER_OK; ++run) {
        free_all(out);
        const double start = bench_now_ms();
        status             = make(out, network, count, together, profile, threads);
        bench_add(&times, bench_now_ms() - start);
    }
    if (status == MUSTER_OK) print_line(job, &times);
    return status;
}

static muster_status bench_perfect(const char *job, muster_metric **metric,
                                   const muster_network *network, const muster_profile *profile,
                                   uint32_t threads) {
    bench_times   times  = {0};
    muster_status status = MUSTER_OK;
    for (int run = 0; run < RUNS && status == MUSTER_OK; ++run) {
        free_all(metric);
        status             = muster_metric_new(metric, network, profile);
        const double start = bench_now_ms();
        if (status == MUSTER_OK) status = muster_metric_perfect(*metric, threads);
        bench_add(&times, bench_now_ms() - start);
    }
    if (status == MUSTER_OK) print_line(job, &times);
    return status;
}

static muster_status tables(uint32_t *out_ms, muster_metric *const *metric, uint32_t count) {
    muster_snap   site[SITES];
    muster_status status = MUSTER_OK;
    for (uint32_t m = 0; m < count && status == MUSTER_OK; ++m) {
        const muster_network_data *v   = muster_network_view(muster_metric_network(metric[m]));
        uint64_t                   rng = 1;
        for (uint32_t i = 0; i < SITES && status == MUSTER_OK; ++i) {
            const uint32_t node = random_below(&rng, v->node_count);
            status = muster_snap_sites(metric[m], 1, &v->node_lon_deg[node], &v->node_lat_deg[node],
                                       NULL, &site[i]);
        }
        if (status == MUSTER_OK) {
            status =
                muster_matrix(metric[m], SITES, site, SITES, site, 0, &out_ms[m * CELLS], NULL);
        }
    }
    return status;
}

static muster_status bench_network(const muster_network *network, const muster_profile *profile) {
    static uint32_t expected[METRICS * CELLS], found[METRICS * CELLS];
    muster_metric  *metric[METRICS] = {NULL};
    bool            is_same         = true;
    muster_status   status = bench_make("one metric, 1 thread", metric, network, 1, 1, profile, 1);
    if (status == MUSTER_OK)
        status = bench_make("one metric, 2 threads", metric, network, 1, 1, profile, 2);
    if (status == MUSTER_OK)
        status = bench_make("three one by one, 1 thread", metric, network, 3, 1, profile, 1);
    if (status == MUSTER_OK)
        status = bench_make("three one by one, 2 threads", metric, network, 3, 1, profile, 2);
    if (status == MUSTER_OK) status = tables(expected, metric, METRICS);
    if (status == MUSTER_OK)
        status = bench_make("three together, 1 thread", metric, network, 3, 3, profile, 1);
    if (status == MUSTER_OK)
        status = bench_make("three together, 2 threads", metric, network, 3, 3, profile, 2);
    if (status == MUSTER_OK) status = tables(found, metric, METRICS);
    is_same &= memcmp(expected, found, sizeof expected) == 0;
    if (status == MUSTER_OK)
        status = bench_perfect("perfect, 1 thread", metric, network, profile, 1);
    if (status == MUSTER_OK)
        status = bench_perfect("perfect, 2 threads", metric, network, profile, 2);
    if (status == MUSTER_OK) status = tables(found, metric, 1);
    is_same &= memcmp(expected, found, CELLS * sizeof *expected) == 0;
    free_all(metric);
    if (status != MUSTER_OK || is_same) return status;
    return muster_fail(MUSTER_E_INTERNAL, "two ways to a metric differ");
}

int main(int argc, char **argv) {
    muster_network *network;
    muster_profile  profile[METRICS];
    if (argc != 2) {
        fprintf(stderr, "usage: bench_customize NETWORK.gpkg\n");
        return 2;
    }
    for (int m = 0; m < METRICS; ++m) {
        if (muster_profile_builtin(&profile[m], NAME[m])) return failed();
    }
    if (muster_network_load(&network, argv[1])) return failed();
    if (muster_network_build_hierarchy(network)) return failed();
    const muster_network_data *v = muster_network_view(network);
    printf("%s: %u nodes, %u edges\n%-34s %4s %12s %12s\n", argv[1], v->node_count, v->edge_count,
           "job", "runs", "fastest ms", "median ms");
    if (bench_network(network, profile)) return failed();
    muster_network_free(network);
    return 0;
}
