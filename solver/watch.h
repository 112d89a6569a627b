/* When to stop: by the clock, by the work done, or because the caller asked. */
#ifndef MU_SOLVER_WATCH_H
#define MU_SOLVER_WATCH_H

#include <muster/solve.h>

#include "solver/objective.h"

/* Time and work that are kept for what comes later. */
typedef struct mu_reserve {
    int64_t  time_us;
    uint64_t work;
} mu_reserve;

typedef struct mu_watch {
    int64_t                     start_us, limit_us; /* limit_us 0: none */
    uint64_t                    work, work_limit;   /* work_limit 0: none */
    const muster_solve_options *options;
    bool                        is_cancelled, is_silent;
    /* Of a watch that is lent: what ends it where that is not 0, or NULL; how things were then. */
    const int         *stop;
    uint64_t           work_before;
    mu_objective       incumbent_before;
    muster_solve_state state;
} mu_watch;

void     mu_watch_start(mu_watch *watch, const muster_solve_options *options);
uint32_t mu_watch_elapsed_ms(const mu_watch *watch);
/* Milliseconds left, rounded up; UINT32_MAX without a limit, 0 when it is over. */
uint32_t mu_watch_left_ms(const mu_watch *watch);
bool     mu_watch_is_over(const mu_watch *watch);
/* Is it over by the clock, or because the caller asked? Then what is not begun need not be; where
 * work alone runs out, it is begun all the same, so that the plan does not depend on the clock. */
bool mu_watch_is_late(const mu_watch *watch);
/* Is there any limit at all? */
bool mu_watch_is_limited(const mu_watch *watch);
/* Steps have been done. Only the thread that owns the watch counts. */
void mu_watch_count(mu_watch *watch, uint64_t work);
/* Steps left; UINT64_MAX without a limit. */
uint64_t mu_watch_left_work(const mu_watch *watch);
/* One part in so many of what is left; nothing of what has no limit. */
mu_reserve mu_watch_part(const mu_watch *watch, uint32_t parts);
/* The time that has passed. */
mu_reserve mu_watch_spent(const mu_watch *watch);
/* Be over so much earlier, or at once where less is left; returns by how much. */
mu_reserve mu_watch_reserve(mu_watch *watch, mu_reserve reserve);
/* Give back what was reserved. */
void mu_watch_release(mu_watch *watch, mu_reserve reserve);

/* A watch for a job that has one in so many parts of the work that is left, which are not the
 * lender's until it is given back. One that goes on beside the lender, on another thread, has all of
 * the time, tells nobody, and is over as soon as *stop, set with an atomic store, is not 0. One that
 * the lender waits for, `stop` being NULL, has one in so many parts of the time as well. */
mu_watch mu_watch_lend(mu_watch *watch, uint32_t parts, const int *stop);
void     mu_watch_give_back(mu_watch *watch, const mu_watch *lent);

/* A plan with this value is at hand. */
void mu_watch_set_incumbent(mu_watch *watch, mu_objective value);
/* A part of it has become better, from one value to another. */
void mu_watch_improve(mu_watch *watch, mu_objective from, mu_objective to);
/* No plan has less unmet need. */
void mu_watch_set_bound(mu_watch *watch, int64_t unmet_need);
/* Tell the caller, who may stop it all. */
void mu_watch_report(mu_watch *watch, const char *phase);

#endif
