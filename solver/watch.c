#include "solver/watch.h"

#include <time.h>

static int64_t now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

void mu_watch_start(mu_watch *watch, const muster_solve_options *options) {
    *watch = (mu_watch){.start_us   = now_us(),
                        .limit_us   = (int64_t)options->time_limit_ms * 1000,
                        .work_limit = options->work_limit,
                        .options    = options,
                        .state      = {.unmet_need = INT64_MAX, .response_time = INT64_MAX}};
}

static int64_t elapsed_us(const mu_watch *watch) {
    return now_us() - watch->start_us;
}

uint32_t mu_watch_elapsed_ms(const mu_watch *watch) {
    const int64_t elapsed_ms = elapsed_us(watch) / 1000;
    return elapsed_ms < UINT32_MAX ? (uint32_t)elapsed_ms : UINT32_MAX;
}

static bool is_set(const int *flag) {
    return flag && __atomic_load_n(flag, __ATOMIC_RELAXED) != 0;
}

static bool is_cancelled(const mu_watch *watch) {
    return watch->is_cancelled || is_set(watch->options->cancel) || is_set(watch->stop);
}

static bool is_worked_off(const mu_watch *watch) {
    return watch->work_limit > 0 && watch->work >= watch->work_limit;
}

uint32_t mu_watch_left_ms(const mu_watch *watch) {
    if (is_cancelled(watch) || is_worked_off(watch)) return 0;
    if (watch->limit_us == 0) return UINT32_MAX;
    const int64_t left_us = watch->limit_us - elapsed_us(watch);
    return left_us > 0 ? (uint32_t)((left_us + 999) / 1000) : 0;
}

bool mu_watch_is_over(const mu_watch *watch) {
    return mu_watch_left_ms(watch) == 0;
}

bool mu_watch_is_late(const mu_watch *watch) {
    return is_cancelled(watch) || (watch->limit_us > 0 && elapsed_us(watch) >= watch->limit_us);
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

mu_reserve mu_watch_part(const mu_watch *watch, uint32_t parts) {
    mu_reserve part = {0, 0};
    if (watch->limit_us > 0) part.time_us = (int64_t)mu_watch_left_ms(watch) * 1000 / parts;
    if (watch->work_limit > 0) part.work = mu_watch_left_work(watch) / parts;
    return part;
}

mu_reserve mu_watch_spent(const mu_watch *watch) {
    return (mu_reserve){elapsed_us(watch), 0};
}

/* A limit of 0 would be none. */
mu_reserve mu_watch_reserve(mu_watch *watch, mu_reserve reserve) {
    if (reserve.time_us >= watch->limit_us) {
        reserve.time_us = watch->limit_us > 0 ? watch->limit_us - 1 : 0;
    }
    if (reserve.work >= watch->work_limit) {
        reserve.work = watch->work_limit > 0 ? watch->work_limit - 1 : 0;
    }
    watch->limit_us -= reserve.time_us;
    watch->work_limit -= reserve.work;
    return reserve;
}

void mu_watch_release(mu_watch *watch, mu_reserve reserve) {
    watch->limit_us += reserve.time_us;
    watch->work_limit += reserve.work;
}

/* ---- what the caller hears --------------------------------------------------------------- */

static mu_objective incumbent(const mu_watch *watch) {
    return mu_objective_of(watch->state.unmet_need, watch->state.response_time);
}

void mu_watch_set_incumbent(mu_watch *watch, mu_objective value) {
    watch->state.unmet_need    = mu_objective_unmet_need(value);
    watch->state.response_time = mu_objective_response_time(value);
}

void mu_watch_improve(mu_watch *watch, mu_objective from, mu_objective to) {
    if (watch->state.unmet_need == INT64_MAX) return;
    mu_watch_set_incumbent(watch, incumbent(watch) + to - from);
}

mu_watch mu_watch_lend(mu_watch *watch, uint32_t parts, const int *stop) {
    mu_watch lent         = *watch;
    lent.is_silent        = watch->is_silent || stop;
    lent.work_before      = watch->work;
    lent.incumbent_before = incumbent(watch);
    if (stop) lent.stop = stop;
    if (watch->limit_us > 0 && !stop) {
        lent.limit_us -= (int64_t)mu_watch_left_ms(watch) * 1000 / parts * (parts - 1);
        if (lent.limit_us < 1) lent.limit_us = 1;
    }
    if (watch->work_limit > 0) {
        const uint64_t share = mu_watch_left_work(watch) / parts;
        lent.work_limit      = watch->work + share + 1; /* 0 were no limit */
        watch->work_limit -= share;
    }
    return lent;
}

void mu_watch_give_back(mu_watch *watch, const mu_watch *lent) {
    if (watch->work_limit > 0) watch->work_limit += lent->work_limit - 1 - lent->work_before;
    watch->work += lent->work - lent->work_before;
    watch->is_cancelled |= lent->is_cancelled;
    mu_watch_improve(watch, lent->incumbent_before, incumbent(lent));
}

void mu_watch_set_bound(mu_watch *watch, int64_t unmet_need) {
    if (unmet_need > watch->state.unmet_need_bound) watch->state.unmet_need_bound = unmet_need;
}

void mu_watch_report(mu_watch *watch, const char *phase) {
    if (!watch->options->watcher || watch->is_cancelled || watch->is_silent) return;
    watch->state.phase      = phase;
    watch->state.elapsed_ms = mu_watch_elapsed_ms(watch);
    watch->state.work       = watch->work;
    watch->is_cancelled     = !watch->options->watcher(watch->options->watcher_user, &watch->state);
}
