/* Time for benchmarks: the fastest and the median of several runs. */
#ifndef BENCH_CLOCK_H
#define BENCH_CLOCK_H

#include <stdlib.h>
#include <time.h>

enum { BENCH_MAX_RUNS = 1000 };

typedef struct bench_times {
    int    count;
    double ms[BENCH_MAX_RUNS];
} bench_times;

static inline double bench_now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static inline void bench_add(bench_times *times, double ms) {
    if (times->count < BENCH_MAX_RUNS) times->ms[times->count++] = ms;
}

static inline int bench_by_size(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static inline double bench_fastest_ms(bench_times *times) {
    qsort(times->ms, (size_t)times->count, sizeof *times->ms, bench_by_size);
    return times->ms[0];
}

static inline double bench_median_ms(bench_times *times) {
    qsort(times->ms, (size_t)times->count, sizeof *times->ms, bench_by_size);
    return times->ms[times->count / 2];
}

#endif
