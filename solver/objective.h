/* The two tiers in one number: tier 1 in the upper half, tier 2 in the lower, so that sums
 * are sums of both and comparing compares tier 1 first. Exact as long as neither half
 * leaves 63 bits; mu_price and the limits of muster_problem_check see to that up to some
 * four thousand needs of the worst kind at the longest ETA. */
#ifndef MU_SOLVER_OBJECTIVE_H
#define MU_SOLVER_OBJECTIVE_H

#include <muster/problem.h>

__extension__ typedef __int128 mu_objective;

static inline mu_objective mu_objective_of(int64_t unmet_need, int64_t response_time) {
    return ((mu_objective)unmet_need * ((mu_objective)1 << 64)) + response_time;
}

/* Tier 2 of sums that are not negative in it. */
static inline int64_t mu_objective_unmet_need(mu_objective o) {
    return (int64_t)(o >> 64);
}
static inline int64_t mu_objective_response_time(mu_objective o) {
    return (int64_t)(uint64_t)o;
}

/* What one missing unit of a need weighs; see muster_tier. */
static inline int64_t mu_price(const muster_problem *problem, uint32_t need) {
    const muster_need *n = &problem->need[need];
    const int64_t      weight =
        muster_severity_weight((muster_severity)problem->incident[n->incident].severity);
    const int64_t price = weight * 1000000 / n->quantity;
    return price > 0 ? price : 1;
}

/* One unit of a need left unmet, or served at an ETA. */
static inline mu_objective mu_cost_unmet(int64_t price) {
    return mu_objective_of(price, 0);
}
static inline mu_objective mu_cost_served(int64_t price, uint32_t eta_ms) {
    return mu_objective_of(0, price * (eta_ms / 1000));
}

#endif
