/* Calls that Python makes, made from C: in the same process and on the same objects, so that the difference
 * is what Python costs.
 *
 * A library, which python/calls.py loads. It is not linked with muster, for there would be two of it then: it
 * is told where the functions of the module are that Python uses. Times are milliseconds a call; negative:
 * it failed. */
#include <muster/muster.h>

#include "bench/clock.h"

typedef muster_status matrix_function(const muster_metric *, uint32_t, const muster_snap *,
                                      uint32_t, const muster_snap *, uint32_t, uint32_t *,
                                      double *);
typedef muster_status snap_function(const muster_metric *, uint32_t, const double *, const double *,
                                    const muster_snap_options *, muster_snap *);
typedef const char   *text_function(void);

MUSTER_API double bench_matrix_ms(matrix_function *matrix, uint32_t calls,
                                  const muster_metric *metric, uint32_t from_count,
                                  const muster_snap *from, uint32_t to_count, const muster_snap *to,
                                  uint32_t thread_count, uint32_t *duration_ms) {
    muster_status status = MUSTER_OK;
    const double  start  = bench_now_ms();
    for (uint32_t i = 0; i < calls && status == MUSTER_OK; ++i)
        status = matrix(metric, from_count, from, to_count, to, thread_count, duration_ms, NULL);
    return status == MUSTER_OK ? (bench_now_ms() - start) / calls : -1;
}

/* The same into memory of its own for each table, as Python has it. */
MUSTER_API double bench_new_matrix_ms(matrix_function *matrix, uint32_t calls,
                                      const muster_metric *metric, uint32_t from_count,
                                      const muster_snap *from, uint32_t to_count,
                                      const muster_snap *to, uint32_t thread_count) {
    double ms = 0;
    for (uint32_t i = 0; i < calls && ms >= 0; ++i) {
        const double start       = bench_now_ms();
        uint32_t    *duration_ms = malloc((size_t)from_count * to_count * sizeof *duration_ms);
        const double call_ms     = duration_ms
                                       ? bench_matrix_ms(matrix, 1, metric, from_count, from, to_count,
                                                         to, thread_count, duration_ms)
                                       : -1;
        free(duration_ms);
        ms = call_ms < 0 ? -1 : ms + bench_now_ms() - start;
    }
    return ms / calls;
}

MUSTER_API double bench_snap_ms(snap_function *snap, uint32_t calls, const muster_metric *metric,
                                uint32_t count, const double *lon_deg, const double *lat_deg,
                                muster_snap *out) {
    muster_status status = MUSTER_OK;
    const double  start  = bench_now_ms();
    for (uint32_t i = 0; i < calls && status == MUSTER_OK; ++i)
        status = snap(metric, count, lon_deg, lat_deg, NULL, out);
    return status == MUSTER_OK ? (bench_now_ms() - start) / calls : -1;
}

/* A call that does nothing. */
MUSTER_API double bench_text_ms(text_function *text, uint32_t calls) {
    const char  *last  = NULL;
    const double start = bench_now_ms();
    for (uint32_t i = 0; i < calls; ++i) last = text();
    return last ? (bench_now_ms() - start) / calls : -1;
}
