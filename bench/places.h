/* Places for benchmarks that other programs can use as well: junctions, and a flooded square. */
#ifndef BENCH_PLACES_H
#define BENCH_PLACES_H

#include <math.h>
#include <muster/muster.h>
#include <stdlib.h>

#include "bench/clock.h"
#include "tests/support/random.h"

/* `count` random nodes from which, and to which, there is a way: of the largest component. */
static inline void bench_draw_nodes(const muster_metric *metric, uint64_t seed, uint32_t count,
                                    uint32_t *out) {
    const uint32_t  node_count = muster_network_view(muster_metric_network(metric))->node_count;
    const uint32_t *component  = muster_metric_component(metric);
    for (uint32_t i = 0; i < count;) {
        out[i] = random_below(&seed, node_count);
        if (component[out[i]] == 0) ++i;
    }
}

/* The nodes as places, not by looking for the nearest road but exactly. O(edges). */
static inline muster_status bench_at_nodes(const muster_metric *metric, uint32_t count,
                                           const uint32_t *node, muster_snap *out) {
    const muster_network_data *v   = muster_network_view(muster_metric_network(metric));
    uint32_t                  *arc = calloc(v->node_count, sizeof *arc); /* one from each node */
    if (!arc) return muster_fail(MUSTER_E_NOMEM, "out of memory for places");
    for (uint32_t e = 0; e < v->edge_count; ++e) {
        arc[v->edge_source[e]] = 2 * e;
        arc[v->edge_target[e]] = 2 * e + 1;
    }
    for (uint32_t i = 0; i < count; ++i) {
        const uint32_t n = node[i];
        out[i] = (muster_snap){arc[n] / 2, arc[n] % 2, v->node_lon_deg[n], v->node_lat_deg[n], 0};
    }
    free(arc);
    return MUSTER_OK;
}

/* A square around a node; only its corners are told apart. */
typedef struct bench_square {
    double   lon[4], lat[4];
    uint32_t first[2];
} bench_square;

static inline bench_square bench_square_of(const muster_network_data *v, uint32_t node,
                                           double half_deg) {
    const double x = v->node_lon_deg[node], y = v->node_lat_deg[node];
    return (bench_square){{x - half_deg, x + half_deg, x + half_deg, x - half_deg},
                          {y - half_deg, y - half_deg, y + half_deg, y + half_deg},
                          {0, 4}};
}

/* What the square closes when it is under deep water. */
static inline muster_status bench_flood_square(const muster_metric *metric,
                                               const bench_square *square, muster_closure **out) {
    const muster_polygon area   = {1, square->first, square->lon, square->lat};
    const muster_status  status = muster_closure_new(out, metric);
    return status == MUSTER_OK ? muster_closure_flood(*out, &area, INFINITY) : status;
}

/* The smallest square around `node`, to a twentieth, that closes this share of all arcs. */
static inline muster_status bench_find_square(const muster_metric *metric, uint32_t node,
                                              double share, bench_square *out) {
    const muster_network_data *v      = muster_network_view(muster_metric_network(metric));
    const double               enough = 2 * (double)v->edge_count * share;
    muster_status              status = MUSTER_OK;
    uint32_t                   count  = 0;
    for (double half_deg = 0.0005; status == MUSTER_OK && count < enough; half_deg *= 1.05) {
        muster_closure *closure;
        *out   = bench_square_of(v, node, half_deg);
        status = bench_flood_square(metric, out, &closure);
        if (status == MUSTER_OK) muster_closure_changes(closure, &count);
        muster_closure_free(closure);
    }
    return status;
}

/* A network with the same roads and without an order of its nodes. */
static inline muster_status bench_forget_order(muster_network **network) {
    muster_network_data data = *muster_network_view(*network);
    muster_network     *fresh;
    data.node_rank             = NULL;
    const muster_status status = muster_network_new(&fresh, &data);
    if (status != MUSTER_OK) return status;
    muster_network_free(*network);
    *network = fresh;
    return MUSTER_OK;
}

/* A line of a table that programs read: job, runs, fastest and median in milliseconds. */
static inline void bench_print_row(const char *job, bench_times *times) {
    const double fastest_ms = bench_fastest_ms(times);
    printf("%s\t%d\t%.6f\t%.6f\n", job, times->count, fastest_ms, bench_median_ms(times));
}

#endif
