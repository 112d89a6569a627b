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

/** Start from `MUSTER_SOLVE_OPTIONS_INIT` and change what matters. */
typedef struct muster_solve_options {
    size_t   struct_size;
    uint32_t time_limit_ms; /**< Return the best plan found by about then; 0: no limit. */
    /** Stop after so many steps, whatever the clock says; 0: no limit. With no time limit beside
     *  it, the plan is the same, bit for bit, for any number of threads on any machine. Two million
     *  are about a hundredth of a second. */
    uint64_t        work_limit;
    uint32_t        thread_count; /**< 0: one per core. */
    uint8_t         method;       /**< A muster_method. */
    muster_progress progress;     /**< May be NULL. Stopping returns the best plan so far. */
    void           *progress_user;
} muster_solve_options;

#define MUSTER_SOLVE_OPTIONS_INIT                                                                  \
    { .struct_size = sizeof(muster_solve_options), .time_limit_ms = 2000 }

/** Decide who goes where. There is always a plan: a need that cannot be met is unmet,
 *  with a reason. The plan has been passed by muster_plan_check before it is returned.
 *  @param options  may be NULL
 *  @return MUSTER_E_INVALID for a wrong problem (see muster_problem_check), MUSTER_E_NOMEM,
 *          MUSTER_E_INTERNAL if the judge refuses the plan. */
MUSTER_API muster_status muster_solve(muster_plan **out, const muster_problem *problem,
                                      const muster_solve_options *options);

#ifdef __cplusplus
}
#endif
#endif
