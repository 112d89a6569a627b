#include "solver/watch.h"

#include <time.h>

static int64_t now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

void mu_watch_start(mu_watch *watch, const muster_solve_options *options) {
    *watch = (mu_watch){.start_us      = now_us(),
                        .limit_us      = (int64_t)options->time_limit_ms * 1000,
                        .work_limit    = options->work_limit,
                        .progress      = options->progress,
                        .progress_user = options->progress_user};
}

uint32_t mu_watch_elapsed_ms(const mu_watch *watch) {
    const int64_t elapsed_ms = (now_us() - watch->start_us) / 1000;
    return elapsed_ms < UINT32_MAX ? (uint32_t)elapsed_ms : UINT32_MAX;
}

static bool is_stopped(const mu_watch *watch) {
    return watch->is_cancelled || (watch->work_limit > 0 && watch->work >= watch->work_limit);
}

uint32_t mu_watch_left_ms(const mu_watch *watch) {
    if (is_stopped(watch)) return 0;
    if (watch->limit_us == 0) return UINT32_MAX;
    const int64_t left_us = watch->start_us + watch->limit_us - now_us();
    return left_us > 0 ? (uint32_t)((left_us + 999) / 1000) : 0;
}

bool mu_watch_is_over(const mu_watch *watch) {
    return mu_watch_left_ms(watch) == 0;
}

bool mu_watch_is_limited(const mu_watch *watch) {
    return watch->limit_us > 0 || watch->work_limit > 0;
}

void mu_watch_count(mu_watch *watch, uint64_t work) {
    watch->work += work;
}

uint64_t mu_watch_left_work(const mu_watch *watch) {
    if (watch->work_limit == 0) return UINT64_MAX;
    return watch->work < watch->work_limit ? watch->work_limit - watch->work : 0;
}

void mu_watch_reserve(mu_watch *watch, uint32_t reserve_ms) {
    if (watch->limit_us == 0) return;
    const int64_t reserve_us = (int64_t)reserve_ms * 1000;
    watch->limit_us          = watch->limit_us > reserve_us ? watch->limit_us - reserve_us : 1;
}

void mu_watch_report(mu_watch *watch, const char *phase, double fraction) {
    if (!watch->progress || watch->is_cancelled) return;
    watch->is_cancelled = !watch->progress(watch->progress_user, phase, fraction);
}
