#include "cli/stopwatch.h"

#include <stdlib.h>
#include <time.h>

double stopwatch_now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

void stopwatch_add(stopwatch *times, double ms) {
    if (times->count < STOPWATCH_MOST) times->ms[times->count++] = ms;
}

void stopwatch_keep(stopwatch *times, double start_ms) {
    stopwatch_add(times, stopwatch_now_ms() - start_ms);
}

static int by_length(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The nearest rank: no time is made up between two that were measured. */
double stopwatch_percentile_ms(stopwatch *times, uint32_t percent) {
    if (times->count == 0) return 0;
    qsort(times->ms, times->count, sizeof *times->ms, by_length);
    const uint32_t rank = (times->count * percent + 99) / 100;
    return times->ms[rank > 0 ? rank - 1 : 0];
}
