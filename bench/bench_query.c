/* One place to one place on a network file: by the hierarchy and by Dijkstra's algorithm,
 * without the path and with it (arcs and line). And the nearest of many to one.
 *
 * usage: bench_query NETWORK.gpkg
 * Places are random nodes. Each pair is asked once to warm up and once by the clock; a line a
 * job: pairs, fastest and median in microseconds. Both ways must say the same for every pair
 * that both are asked: a difference is a failure. */
#include <muster/gis.h>
#include <muster/muster.h>
#include <stdio.h>

#include "bench/clock.h"
#include "tests/support/random.h"

enum { PAIRS = 1000, DIJKSTRA_PAIRS = 100, NEAREST_RUNS = 100 };

typedef struct pairs {
    muster_snap from[PAIRS], to[PAIRS];
    uint32_t    duration_ms[PAIRS]; /* as first answered; 0: not asked yet */
} pairs;

static int failed(void) {
    fprintf(stderr, "bench_query: %s\n", muster_error_message());
    return 1;
}

static void print_line(const char *job, bench_times *times) {
    printf("%-34s %4d %12.2f %12.2f\n", job, times->count, bench_fastest_ms(times) * 1e3,
           bench_median_ms(times) * 1e3);
}

static muster_status snap_node(const muster_metric *metric, uint64_t *rng, muster_snap *out) {
    const muster_network_data *v    = muster_network_view(muster_metric_network(metric));
    const uint32_t             node = random_below(rng, v->node_count);
    return muster_snap_sites(metric, 1, &v->node_lon_deg[node], &v->node_lat_deg[node], NULL, out);
}

static muster_status draw_pairs(const muster_metric *metric, pairs *p) {
    uint64_t      rng    = 1;
    muster_status status = MUSTER_OK;
    for (int i = 0; i < PAIRS && status == MUSTER_OK; ++i) {
        status = snap_node(metric, &rng, &p->from[i]);
        if (status == MUSTER_OK) status = snap_node(metric, &rng, &p->to[i]);
    }
    return status;
}

static muster_status ask_cost(muster_query *query, const pairs *p, int pair, uint32_t *out_ms) {
    return muster_query_cost(query, &p->from[pair], &p->to[pair], out_ms, NULL);
}

static muster_status ask_route(muster_query *query, const pairs *p, int pair, uint32_t *out_ms) {
    muster_route       *route;
    const muster_status status = muster_query_route(&route, query, &p->from[pair], &p->to[pair]);
    *out_ms                    = route ? muster_route_duration_ms(route) : MUSTER_UNREACHABLE_MS;
    muster_route_free(route);
    return status;
}

typedef muster_status (*question)(muster_query *, const pairs *, int, uint32_t *);

static muster_status check(pairs *p, int pair, uint32_t duration_ms) {
    if (p->duration_ms[pair] == 0) p->duration_ms[pair] = duration_ms;
    if (p->duration_ms[pair] == duration_ms) return MUSTER_OK;
    return muster_fail(MUSTER_E_INTERNAL, "pair %d takes %u ms one way and %u ms the other", pair,
                       p->duration_ms[pair], duration_ms);
}

static muster_status bench(const char *job, const muster_metric *metric, pairs *p, int count,
                           question ask) {
    muster_query *query;
    uint32_t      duration_ms;
    bench_times   times  = {0};
    muster_status status = muster_query_new(&query, metric);
    for (int i = 0; i < count && status == MUSTER_OK; ++i) status = ask(query, p, i, &duration_ms);
    for (int i = 0; i < count && status == MUSTER_OK; ++i) {
        const double start = bench_now_ms();
        status             = ask(query, p, i, &duration_ms);
        bench_add(&times, bench_now_ms() - start);
        if (status == MUSTER_OK) status = check(p, i, duration_ms);
    }
    muster_query_free(query);
    if (status == MUSTER_OK) print_line(job, &times);
    return status;
}

/* From each of the pairs' starts the nearest of `targets` ends. */
static muster_status bench_nearest(const muster_metric *metric, const pairs *p, uint32_t k,
                                   uint32_t targets) {
    uint32_t      count, target[PAIRS];
    char          job[64];
    bench_times   times  = {0};
    muster_status status = MUSTER_OK;
    for (int i = 0; i < NEAREST_RUNS && status == MUSTER_OK; ++i) {
        const double start = bench_now_ms();
        status = muster_nearest(metric, MUSTER_FORWARD, &p->from[i], targets, p->to, k, &count,
                                target, NULL, NULL);
        bench_add(&times, bench_now_ms() - start);
    }
    snprintf(job, sizeof job, "nearest %u of %u", k, targets);
    if (status == MUSTER_OK) print_line(job, &times);
    return status;
}

static muster_status bench_network(muster_network *network) {
    static pairs   p;
    muster_profile light;
    muster_metric *plain = NULL, *fast = NULL;
    muster_status  status = muster_profile_builtin(&light, "light");
    if (status == MUSTER_OK) status = muster_metric_new(&plain, network, &light);
    if (status == MUSTER_OK) status = muster_network_build_hierarchy(network);
    if (status == MUSTER_OK) status = muster_metric_new(&fast, network, &light);
    if (status == MUSTER_OK) status = draw_pairs(fast, &p);
    if (status == MUSTER_OK) status = bench("query", fast, &p, PAIRS, ask_cost);
    if (status == MUSTER_OK) status = bench("query with path", fast, &p, PAIRS, ask_route);
    if (status == MUSTER_OK) status = bench_nearest(fast, &p, 5, 50);
    if (status == MUSTER_OK) status = bench_nearest(fast, &p, 5, 1000);
    if (status == MUSTER_OK) status = bench("Dijkstra", plain, &p, DIJKSTRA_PAIRS, ask_cost);
    muster_metric_free(plain);
    muster_metric_free(fast);
    return status;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: bench_query NETWORK.gpkg\n");
        return 2;
    }
    muster_network *network;
    if (muster_network_load(&network, argv[1])) return failed();
    const muster_network_data *v = muster_network_view(network);
    printf("%s: %u nodes, %u edges\n%-34s %4s %12s %12s\n", argv[1], v->node_count, v->edge_count,
           "job", "runs", "fastest us", "median us");
    if (bench_network(network)) return failed();
    muster_network_free(network);
    return 0;
}
