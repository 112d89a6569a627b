/* Who could go where: for each need, the suitable resources that can reach it and may be sent.
 *
 * What is locked has been taken out already: demand, minimum and supply are what is left, and
 * whoever decides about the rest looks at nothing else. */
#ifndef MU_SOLVER_CANDIDATES_H
#define MU_SOLVER_CANDIDATES_H

#include "solver/cover.h"
#include "solver/objective.h"
#include "solver/rules.h"

typedef struct mu_candidate {
    uint32_t     index; /* of the resource, which is of the need's kind's resource */
    uint32_t     eta_ms;
    mu_objective unit_cost;  /* of each unit of the need that it serves */
    mu_objective fixed_cost; /* of sending it, whatever it serves: a team, or a vehicle */
} mu_candidate;

/* The candidates of need n: candidate[first[n]] .. candidate[first[n + 1] - 1], nearest
 * first, ties by index. A need whose items come by vehicle has none here. */
typedef struct mu_candidates {
    const mu_travel *travel;
    const mu_rules  *rules;
    const mu_cover  *cover;
    size_t          *first; /* [need_count + 1] */
    mu_candidate    *candidate;
    size_t          *first_of_kind;                 /* [kind_count + 1] in of_kind */
    uint32_t        *of_kind;                       /* resource indices, of which there are some */
    int64_t         *supply[MUSTER_RESOURCE_COUNT]; /* by resource index: not locked, not held */
    int64_t         *demand;                        /* by need: how much is not locked */
    int64_t         *minimum;   /* by need: how much, beside what is locked, is useful; 0: any */
    int64_t         *stake;     /* by need: see mu_stake */
    uint8_t         *reason;    /* by need: the muster_unmet_reason of those without candidates */
    mu_objective     lock_cost; /* of all that is locked, but for what comes by vehicle */
    /* Where reserve comes before response time, the lower half of a cost is what a unit may be
     * missed for, times reserve_scale, and response time with the last bits shifted out. */
    int64_t  reserve_scale;
    unsigned reserve_shift, response_shift;
    bool     has_fixed_cost; /* some candidate has one */
    bool     has_stake;      /* some need has one */
} mu_candidates;

/* `rules` are without conflict, and locked. The same for any number of threads (0: one per core).
 * O(pairs of a need and a resource of its kind), sorted. */
muster_status mu_candidates_init(mu_candidates *candidates, const mu_travel *travel,
                                 const mu_rules *rules, const mu_cover *cover,
                                 uint32_t thread_count);
/* The same where nobody asks who could serve other needs than those with `is_wanted`: they have no
 * candidates, and no reason. Of an incident that is all or nothing all needs are wanted or none. */
muster_status mu_candidates_init_for(mu_candidates *candidates, const mu_travel *travel,
                                     const mu_rules *rules, const mu_cover *cover,
                                     const bool *is_wanted, uint32_t thread_count);
/* The same in steps: what there is and what is needed, without lists, which mu_candidate_at does not ask for; whose
 * times are going to be asked for, to be searched for together with others; and the lists, which can be made again for
 * other needs. What they cost depends on the cover, which is there by then. */
muster_status mu_candidates_start(mu_candidates *candidates, const mu_travel *travel,
                                  const mu_rules *rules, const mu_cover *cover);
muster_status mu_candidates_expect(const mu_candidates *candidates, const bool *is_wanted);
muster_status mu_candidates_list(mu_candidates *candidates, const bool *is_wanted,
                                 uint32_t thread_count);
void          mu_candidates_fini(mu_candidates *candidates);

/* All or nothing, need by need: where one does not get its minimum, the others of its incident get
 * nothing. What these would bring in tier 1 is its stake; 0 where it has no minimum or nothing else
 * hangs on it. Plans are looked for as if it were lost with each such need. That is too much where
 * two of them fail at once, so bounds do not count it. */
static inline int64_t mu_stake(const mu_candidates *candidates, uint32_t need) {
    return candidates->has_stake ? candidates->stake[need] : 0;
}

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

/* The candidate of a need that a resource is; false: it is none. */
bool mu_candidate_at(mu_candidate *out, const mu_candidates *candidates, uint32_t index,
                     uint32_t need);

/* What a unit of a need that stays unmet costs. */
mu_objective mu_unmet_cost(const mu_candidates *candidates, uint32_t need);
/* What mu_candidate says, of any dispatch. */
mu_objective mu_unit_cost(const mu_candidates *candidates, const mu_dispatch *dispatch);
mu_objective mu_fixed_cost(const mu_candidates *candidates, const mu_dispatch *dispatch);

#endif
