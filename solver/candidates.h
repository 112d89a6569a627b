/* Who could go where: for each need, the suitable resources that can reach it. */
#ifndef MU_SOLVER_CANDIDATES_H
#define MU_SOLVER_CANDIDATES_H

#include "solver/travel.h"

typedef struct mu_candidate {
    uint32_t index; /* of the resource, which is of the need's kind's resource */
    uint32_t eta_ms;
} mu_candidate;

/* The candidates of need n: candidate[first[n]] .. candidate[first[n + 1] - 1], nearest
 * first, ties by index. A need whose items come by vehicle has none here. */
typedef struct mu_candidates {
    const mu_travel *travel;
    size_t          *first; /* [need_count + 1] */
    mu_candidate    *candidate;
    bool            *kind_exists; /* [kind_count] somebody has some, reachable or not */
} mu_candidates;

muster_status mu_candidates_init(mu_candidates *candidates, const mu_travel *travel);
void          mu_candidates_fini(mu_candidates *candidates);

/* The resource that a need asks for. */
static inline muster_resource mu_need_resource(const muster_problem *problem, uint32_t need) {
    return (muster_resource)problem->kind[problem->need[need].kind].resource;
}
/* Does it ask for items that come by vehicle? */
static inline bool mu_is_shipped(const muster_problem *problem, uint32_t need) {
    return problem->item_transport == MUSTER_ITEMS_BY_VEHICLE &&
           mu_need_resource(problem, need) == MUSTER_ITEM;
}
/* What one resource brings in all: people, 1 vehicle, machines, items. */
int64_t mu_supply(const muster_problem *problem, muster_resource resource, uint32_t index);

#endif
