/** @file muster/solve.h
 *  From a problem to a plan. */
#ifndef MUSTER_SOLVE_H
#define MUSTER_SOLVE_H

#include <muster/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Where to stop. */
typedef enum muster_method {
    MUSTER_METHOD_OPTIMIZE, /**< Greedy, then integer programming until the time limit. */
    MUSTER_METHOD_GREEDY    /**< Nearest suitable first, by severity: today's practice. */
} muster_method;

/** What is known in the middle of a solve. */
typedef struct muster_solve_state {
    const char *phase; /**< A short English noun: "travel times", "pricing teams". */
    uint32_t    elapsed_ms;
    uint64_t    work; /**< Steps done, as muster_solve_options.work_limit counts them. */
    /** Of a plan that could be returned now; INT64_MAX while there is none. */
    int64_t unmet_need, response_time;
    int64_t unmet_need_bound; /**< No plan has less. */
} muster_solve_state;

/** Called now and then on the thread that called muster_solve. Return false to stop: the best
 *  plan so far is returned. */
typedef bool (*muster_solve_watcher)(void *user, const muster_solve_state *state);

/** Start from `MUSTER_SOLVE_OPTIONS_INIT` and change what matters. */
typedef struct muster_solve_options {
    size_t struct_size;
    /** Return the best plan found by then; 0: no limit. The first plan is written and judged before the
     *  search begins; as much time as that took, and 6 ms, is kept for the last one. Where that
     *  leaves nothing, the first plan is returned as soon as it has been judged. A limit that is shorter
     *  than that cannot be kept; any other may be overrun by as long as the system lets a thread wait
     *  for a processor. */
    uint32_t time_limit_ms;
    /** Stop after so many steps, whatever the clock says; 0: no limit. With no time limit beside
     *  it, the plan is the same, bit for bit, for any number of threads on any machine. Two million
     *  are about a hundredth of a second. */
    uint64_t             work_limit;
    uint32_t             thread_count; /**< 0: one per core. */
    uint8_t              method;       /**< A muster_method. */
    muster_solve_watcher watcher;      /**< May be NULL. */
    void                *watcher_user;
    /** May be NULL. Any thread may set it to something else than 0, with an atomic store, to stop
     *  the solve within some milliseconds: the best plan so far is returned. */
    const int *cancel;
    /** For MUSTER_REPLAN_IMPROVE, 0 or more: what a change has to gain, for each assignment that is
     *  not as MUSTER_REPLAN_KEEP would have it: so much of tier 1, in its units
     *  (MUSTER_TIER_UNMET_NEED), or, losing nothing there, so much of tier 2, in its
     *  (MUSTER_TIER_RESPONSE_TIME), where 1,000,000 times the weight of the severity is a second for
     *  all of a need. 0: anything, in any tier. Changes that depend on each other are counted
     *  together. A plan that keeps to this may be worse than one that does not, never than that of
     *  MUSTER_REPLAN_KEEP. */
    int64_t churn_unmet_need, churn_response_time;
} muster_solve_options;

#define MUSTER_SOLVE_OPTIONS_INIT                                                                  \
    { .struct_size = sizeof(muster_solve_options), .time_limit_ms = 2000 }

/** Decide who goes where. There is always a plan: a need that cannot be met is unmet,
 *  with a reason. The plan has been passed by muster_plan_check before it is returned.
 *  @param out      receives the plan, yours: muster_plan_free
 *  @param problem  what has to be decided; only read
 *  @param options  may be NULL
 *  @return MUSTER_E_INVALID for a wrong problem (see muster_problem_check), MUSTER_E_NOMEM,
 *          MUSTER_E_INTERNAL if the judge refuses the plan. */
MUSTER_API muster_status muster_solve(muster_plan **out, const muster_problem *problem,
                                      const muster_solve_options *options);

#ifdef __cplusplus
}
#endif
#endif
