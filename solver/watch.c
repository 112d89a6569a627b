#include "solver/watch.h"

#include <time.h>

static int64_t now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void mu_watch_start(mu_watch *watch, const muster_solve_options *options) {
    *watch = (mu_watch){.start_ms      = now_ms(),
                        .limit_ms      = options->time_limit_ms,
                        .progress      = options->progress,
                        .progress_user = options->progress_user};
}

uint32_t mu_watch_elapsed_ms(const mu_watch *watch) {
    const int64_t elapsed_ms = now_ms() - watch->start_ms;
    return elapsed_ms < UINT32_MAX ? (uint32_t)elapsed_ms : UINT32_MAX;
}

uint32_t mu_watch_left_ms(const mu_watch *watch) {
    if (watch->is_cancelled) return 0;
    if (watch->limit_ms == 0) return UINT32_MAX;
    const uint32_t elapsed_ms = mu_watch_elapsed_ms(watch);
    return elapsed_ms < watch->limit_ms ? watch->limit_ms - elapsed_ms : 0;
}

bool mu_watch_is_over(const mu_watch *watch) {
    return mu_watch_left_ms(watch) == 0;
}

void mu_watch_reserve(mu_watch *watch, uint32_t reserve_ms) {
    if (watch->limit_ms == 0) return;
    watch->limit_ms = watch->limit_ms > reserve_ms ? watch->limit_ms - reserve_ms : 1;
}

void mu_watch_report(mu_watch *watch, const char *phase, double fraction) {
    if (!watch->progress || watch->is_cancelled) return;
    watch->is_cancelled = !watch->progress(watch->progress_user, phase, fraction);
}
