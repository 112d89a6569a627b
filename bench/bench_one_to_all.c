/* Shortest-path trees on a network file: Dijkstra against PHAST, by number of origins.
 *
 * usage: bench_one_to_all NETWORK.gpkg
 * One line a job: name, runs, fastest and median in milliseconds a tree. Trees by Dijkstra and
 * by the hierarchy are compared node by node: a difference is a failure. */
#include <muster/gis.h>
#include <muster/muster.h>
#include <stdio.h>
#include <string.h>

#include "bench/clock.h"
#include "tests/support/random.h"

enum { RUNS = 9, MOST = 64 };

static int failed(void) {
    fprintf(stderr, "bench_one_to_all: %s\n", muster_error_message());
    return 1;
}

static muster_status snap_origins(const muster_metric *metric, muster_snap *out) {
    const muster_network_data *v   = muster_network_view(muster_metric_network(metric));
    uint64_t                   rng = 1;
    for (uint32_t i = 0; i < MOST; ++i) {
        const uint32_t      node   = random_below(&rng, v->node_count);
        const muster_status status = muster_snap_sites(metric, 1, &v->node_lon_deg[node],
                                                       &v->node_lat_deg[node], NULL, &out[i]);
        if (status != MUSTER_OK) return status;
    }
    return MUSTER_OK;
}

static muster_status bench_trees(const char *how, const muster_metric *metric, uint32_t count,
                                 muster_direction direction, uint32_t threads,
                                 uint32_t *duration_ms, double *distance_m) {
    muster_snap   origin[MOST];
    bench_times   times  = {0};
    muster_status status = snap_origins(metric, origin);
    for (int run = 0; run < RUNS && status == MUSTER_OK; ++run) {
        const double start = bench_now_ms();
        status =
            muster_one_to_all(metric, count, origin, direction, threads, duration_ms, distance_m);
        bench_add(&times, (bench_now_ms() - start) / count);
    }
    if (status != MUSTER_OK) return status;
    char job[64];
    snprintf(job, sizeof job, "%s, %u tree%s%s, %u thread%s", how, count, count == 1 ? "" : "s",
             distance_m ? " + lengths" : "", threads, threads == 1 ? "" : "s");
    printf("%-34s %4d %12.3f %12.3f\n", job, times.count, bench_fastest_ms(&times),
           bench_median_ms(&times));
    return MUSTER_OK;
}

static muster_status metric_of(muster_metric **out, const muster_network *network) {
    muster_profile      profile;
    const muster_status status = muster_profile_builtin(&profile, "light");
    return status == MUSTER_OK ? muster_metric_new(out, network, &profile) : status;
}

typedef struct trees {
    uint32_t *plain_ms, *fast_ms; /* [MOST * node_count] */
    double   *distance_m;
} trees;

static muster_status bench_network(muster_network *network, const trees *t) {
    const size_t   row    = muster_network_view(network)->node_count * sizeof *t->plain_ms;
    muster_metric *metric = NULL;
    muster_status  status = metric_of(&metric, network);
    if (status == MUSTER_OK) {
        status = bench_trees("Dijkstra", metric, 8, MUSTER_FORWARD, 1, t->plain_ms, NULL);
    }
    muster_metric_free(metric);
    metric = NULL;
    if (status == MUSTER_OK) status = muster_network_build_hierarchy(network);
    if (status == MUSTER_OK) status = metric_of(&metric, network);
    static const uint32_t COUNTS[] = {1, 8, MOST};
    for (int i = 0; i < 3 && status == MUSTER_OK; ++i) {
        status = bench_trees("PHAST", metric, COUNTS[i], MUSTER_FORWARD, 1, t->fast_ms, NULL);
    }
    if (status == MUSTER_OK) {
        status = bench_trees("PHAST", metric, MOST, MUSTER_FORWARD, 2, t->fast_ms, NULL);
    }
    if (status == MUSTER_OK) {
        status = bench_trees("PHAST back", metric, MOST, MUSTER_BACKWARD, 1, t->fast_ms, NULL);
    }
    if (status == MUSTER_OK) {
        status = bench_trees("PHAST", metric, MOST, MUSTER_FORWARD, 1, t->fast_ms, t->distance_m);
    }
    muster_metric_free(metric);
    if (status != MUSTER_OK || memcmp(t->plain_ms, t->fast_ms, 8 * row) == 0) return status;
    return muster_fail(MUSTER_E_INTERNAL, "the two ways to a tree differ");
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: bench_one_to_all NETWORK.gpkg\n");
        return 2;
    }
    muster_network *network;
    if (muster_network_load(&network, argv[1])) return failed();
    const size_t cells = (size_t)MOST * muster_network_view(network)->node_count;
    const trees  t     = {malloc(cells * sizeof(uint32_t)), malloc(cells * sizeof(uint32_t)),
                          malloc(cells * sizeof(double))};
    if (!t.plain_ms || !t.fast_ms || !t.distance_m) return 1;
    printf("%-34s %4s %12s %12s\n", "job, per tree", "runs", "fastest ms", "median ms");
    if (bench_network(network, &t)) return failed();
    free(t.plain_ms);
    free(t.fast_ms);
    free(t.distance_m);
    muster_network_free(network);
    return 0;
}
