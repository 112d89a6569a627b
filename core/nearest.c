/* The k nearest, by whichever way is estimated to be faster.
 *
 * A search looks at as much of the network as it takes to meet k targets: of n nodes with t
 * targets among them, about n k / t. A table of one row, or one column, looks at the hierarchy
 * above all targets, however many are wanted. The constants are from the city and New York of
 * bench/bench_query.c; they decide how long it takes and never what comes out. */
#include <math.h>

#include <muster/matrix.h>
#include <muster/reach.h>

#include "core/alloc.h"
#include "core/heap.h"
#include "core/metric.h"
#include "core/snap_check.h"

typedef struct question {
    const muster_metric *metric;
    muster_direction     direction;
    const muster_snap   *origin;
    uint32_t             target_count;
    const muster_snap   *target;
    uint32_t             k;
} question;

typedef struct answer {
    uint32_t  count;
    uint32_t *target, *duration_ms;
    double   *distance_m;
} answer;

static void append(answer *a, uint32_t target, uint32_t duration_ms, double distance_m) {
    a->target[a->count] = target;
    if (a->duration_ms) a->duration_ms[a->count] = duration_ms;
    if (a->distance_m) a->distance_m[a->count] = distance_m;
    ++a->count;
}

/* ---- by a search --------------------------------------------------------------------- */

static muster_status search(const question *q, answer *a) {
    muster_reach *reach;
    uint32_t      target, duration_ms;
    double        distance_m;
    MU_TRY(muster_reach_new(&reach, q->metric, q->direction, q->target_count, q->target));
    const muster_status status = muster_reach_start(reach, q->origin);
    while (status == MUSTER_OK && a->count < q->k &&
           muster_reach_next(reach, MUSTER_UNREACHABLE_MS, &target, &duration_ms, &distance_m)) {
        append(a, target, duration_ms, distance_m);
    }
    muster_reach_free(reach);
    return status;
}

/* ---- by a table ---------------------------------------------------------------------- */

static muster_status fill_table(const question *q, uint32_t *duration_ms, double *distance_m) {
    return q->direction == MUSTER_FORWARD ? muster_matrix(q->metric, 1, q->origin, q->target_count,
                                                          q->target, 1, duration_ms, distance_m)
                                          : muster_matrix(q->metric, q->target_count, q->target, 1,
                                                          q->origin, 1, duration_ms, distance_m);
}

/* A heap orders by time, then length, then index: the order there is to be. */
static void pick(const question *q, const uint32_t *duration_ms, const double *distance_m,
                 mu_heap *heap, answer *a) {
    for (uint32_t t = 0; t < q->target_count; ++t) {
        if (duration_ms[t] == MUSTER_UNREACHABLE_MS) continue;
        const double cm = round(distance_m[t] * 100);
        mu_heap_push_or_decrease(heap, t, mu_cost_of(duration_ms[t], (uint32_t)cm));
    }
    while (heap->size > 0 && a->count < q->k) {
        const uint32_t t = mu_heap_pop(heap);
        append(a, t, duration_ms[t], distance_m[t]);
    }
}

static muster_status tabulate(const question *q, answer *a) {
    uint32_t     *duration_ms = NULL;
    double       *distance_m  = NULL;
    mu_heap       heap        = {0};
    muster_status status      = mu_alloc(&duration_ms, q->target_count, sizeof *duration_ms);
    if (status == MUSTER_OK) status = mu_alloc(&distance_m, q->target_count, sizeof *distance_m);
    if (status == MUSTER_OK) status = mu_heap_init(&heap, q->target_count);
    if (status == MUSTER_OK) status = fill_table(q, duration_ms, distance_m);
    if (status == MUSTER_OK) pick(q, duration_ms, distance_m, &heap, a);
    mu_heap_fini(&heap);
    mu_free(duration_ms);
    mu_free(distance_m);
    return status;
}

/* ---- public -------------------------------------------------------------------------- */

static bool is_table_faster(const question *q) {
    if (!q->metric->weights.hierarchy) return false;
    const double nodes = q->metric->network->view.node_count, targets = q->target_count;
    const double search_us = 0.15 * nodes * fmin(q->k, targets) / targets;
    const double cell_us   = q->direction == MUSTER_FORWARD ? 1 : 8;
    return 0.004 * nodes + cell_us * targets < search_us;
}

muster_status muster_nearest(const muster_metric *metric, muster_direction direction,
                             const muster_snap *origin, uint32_t target_count,
                             const muster_snap *target, uint32_t k, uint32_t *out_count,
                             uint32_t *out_target, uint32_t *out_duration_ms,
                             double *out_distance_m) {
    const question q = {metric, direction, origin, target_count, target, k};
    answer         a = {0, out_target, out_duration_ms, out_distance_m};
    *out_count       = 0;
    MU_TRY(mu_check_snap(metric, "the origin", origin));
    MU_TRY(mu_check_snaps(metric, "target", target_count, target));
    if (target_count == 0 || k == 0) return MUSTER_OK;
    const muster_status status = is_table_faster(&q) ? tabulate(&q, &a) : search(&q, &a);
    if (status == MUSTER_OK) *out_count = a.count;
    return status;
}
