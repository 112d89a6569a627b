/* What things are worth, where the problem does not say. */
#ifndef MU_SOLVER_WEIGHTS_H
#define MU_SOLVER_WEIGHTS_H

#include <muster/problem.h>

static inline const muster_weights *mu_weights(const muster_problem *problem) {
    static const muster_weights DEFAULT = MUSTER_WEIGHTS_INIT;
    return problem->weights ? problem->weights : &DEFAULT;
}

/* What one missing unit of a need weighs; see muster_tier. */
static inline int64_t mu_price(const muster_problem *problem, uint32_t need) {
    const muster_need *n = &problem->need[need];
    const int64_t price  = mu_weights(problem)->severity[problem->incident[n->incident].severity] *
                          1000000 / n->quantity;
    return price > 0 ? price : 1;
}

/* The ETA as tier 2 counts it: in seconds, with the lateness. */
static inline int64_t mu_response_s(const muster_problem *problem, uint32_t incident,
                                    uint32_t eta_ms) {
    const muster_weights *w           = mu_weights(problem);
    const uint32_t        deadline_ms = problem->incident[incident].deadline_ms;
    const int64_t         response_s  = eta_ms / 1000;
    if (deadline_ms == 0 || eta_ms <= deadline_ms || w->lateness_step_ms == 0) return response_s;
    const int64_t steps = (eta_ms - deadline_ms - 1) / w->lateness_step_ms + 1;
    return response_s + steps * w->lateness_step_s;
}

#endif
