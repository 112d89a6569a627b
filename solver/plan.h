/* The inside of a plan. */
#ifndef MU_SOLVER_PLAN_H
#define MU_SOLVER_PLAN_H

#include <muster/plan.h>

#include "solver/bound.h"
#include "solver/draft.h"
#include "solver/shipment_model.h"

struct muster_plan {
    muster_assignment *assignment;
    uint32_t           assignment_count;
    muster_shipment   *shipment;
    uint32_t           shipment_count;
    muster_unmet      *unmet;
    uint32_t           unmet_count;
    muster_tier_result tier[MUSTER_TIER_COUNT];
    muster_tier        order[MUSTER_TIER_COUNT];
    uint32_t           elapsed_ms, first_feasible_ms;
    uint64_t           work;
};

/* Times, distances, unmet needs with their reasons, and all tiers, from a draft. `bound` is
 * what no plan is better than in the costs of `candidates`, with what is locked; NULL: than this
 * one, in any tier. `shipping` is NULL where items come by themselves, `memory` where there is none
 * of the last plan's distances. Sorts the draft. */
muster_status mu_plan_new(muster_plan **out, mu_draft *draft, const mu_bound *bound,
                          const mu_candidates *candidates, const mu_shipment_model *shipping,
                          uint32_t thread_count, mu_travel_memory *memory);

#endif
