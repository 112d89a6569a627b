/* One model, decided by the engine: what muster_siting_solve and the bisection of p-center share. */
#ifndef MU_SOLVER_SITING_DECIDE_H
#define MU_SOLVER_SITING_DECIDE_H

#include "solver/siting_search.h"

/* A model with the search in it. */
typedef struct mu_siting_decision {
    mu_siting_model  model;
    mu_siting_search search;
    uint32_t        *units; /* [place_count] after it, those that exist not included */
} mu_siting_decision;

muster_status mu_siting_decision_init(mu_siting_decision          *decision,
                                      const muster_siting_problem *problem, mu_watch *watch,
                                      uint32_t thread_count);
void          mu_siting_decision_fini(mu_siting_decision *decision);
/* As good as it gets, or, where that is not MU_SITING_NEVER, as good as `enough`. Units are those of the best
 * solution. */
muster_status mu_siting_decide(mu_siting_decision *decision, int64_t enough);

/* The fewest more places so that everybody is reached in `within_ms`, or whether `enough` are: a cost and
 * a bound of it. units: [place_count], or NULL. Everybody has to be within reach of some place. */
muster_status mu_siting_decide_cover(const muster_siting_problem *problem, uint32_t within_ms,
                                     int64_t enough, mu_watch *watch, uint32_t thread_count,
                                     uint32_t *units, int64_t *out_cost, int64_t *out_bound);

#endif
