/* A solve that starts from what is known. */
#ifndef MU_SOLVER_SOLVE_H
#define MU_SOLVER_SOLVE_H

#include <muster/solve.h>

#include "solver/churn.h"
#include "solver/draft.h"
#include "solver/judge_roads.h"
#include "solver/shipment_model.h"
#include "solver/warm.h"
#include "solver/warm_fleet.h"

/* What a call does within its limit beside searching. */
typedef struct mu_solve_frame {
    int64_t before_us; /* has passed when the solve begins */
    int64_t after_us;  /* the caller wants for itself when it is over */
    /* From when the search is to stop until the plan is written and has been judged: what that took
     * so far. 0: nobody knows yet. */
    int64_t end_us;
} mu_solve_frame;

/* How long something takes that took `last_us` so far, 0 being unknown, and `now_us` this time. As much
 * as this time where that is longer, though one wait for a processor is not the rule; and less only
 * step by step. */
int64_t mu_solve_learn_us(int64_t last_us, int64_t now_us);

typedef struct mu_solve_start {
    mu_travel_memory *memory; /* may be NULL */
    mu_judge_roads   *roads;  /* what the judge knows; may be NULL */
    /* A plan for the candidates' problem, which obeys every rule, into `out`, which is empty;
     * NULL: there is none. The solve returns no worse one, and this one unless there is a better.
     * `shipping` is NULL where items come by themselves. */
    muster_status (*draft)(void *user, mu_draft *out, const mu_candidates *candidates,
                           const mu_shipment_model *shipping);
    void           *user;
    mu_churn        churn; /* what is changed of that has to gain so much */
    mu_warm        *warm;  /* in rows of the problem, brought up to date; may be NULL */
    mu_warm_fleet  *fleet; /* as warm */
    mu_solve_frame *frame; /* end_us is brought up to date; may be NULL */
} mu_solve_start;

/* As muster_solve. `start` may be NULL. */
muster_status mu_solve_from(muster_plan **out, const muster_problem *problem,
                            const muster_solve_options *options, const mu_solve_start *start);

muster_status mu_solve_check_options(const muster_solve_options *options);

#endif
