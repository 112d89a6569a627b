/* A solve that starts from what is known. */
#ifndef MU_SOLVER_SOLVE_H
#define MU_SOLVER_SOLVE_H

#include <muster/solve.h>

#include "solver/draft.h"
#include "solver/shipment_model.h"

typedef struct mu_solve_start {
    mu_travel_memory *memory; /* may be NULL */
    /* A plan for the candidates' problem, which obeys every rule, into `out`, which is empty;
     * NULL: there is none. The solve returns no worse one, and this one unless there is a better.
     * `shipping` is NULL where items come by themselves. */
    muster_status (*draft)(void *user, mu_draft *out, const mu_candidates *candidates,
                           const mu_shipment_model *shipping);
    void *user;
    /* How long the judge took the last time; and takes this time. May be NULL. */
    uint32_t *judge_ms;
} mu_solve_start;

/* As muster_solve. `start` may be NULL. */
muster_status mu_solve_from(muster_plan **out, const muster_problem *problem,
                            const muster_solve_options *options, const mu_solve_start *start);

muster_status mu_solve_check_options(const muster_solve_options *options);

#endif
