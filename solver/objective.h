/* Tiers 1 and 2 in one number: tier 1 in the upper half, tier 2 in the lower, so that sums
 * are sums of both and comparing compares tier 1 first. Exact as long as neither half
 * leaves 63 bits, which muster_problem_check sees to. */
#ifndef MU_SOLVER_OBJECTIVE_H
#define MU_SOLVER_OBJECTIVE_H

#include <stdint.h>

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

#endif
