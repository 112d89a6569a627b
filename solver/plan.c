#include "solver/plan.h"

#include "core/alloc.h"
#include "solver/assignments.h"
#include "solver/plan_distances.h"
#include "solver/shipment_list.h"
#include "solver/tiers.h"
#include "solver/unmet.h"

/* ---- names --------------------------------------------------------------------------- */

const char *muster_tier_name(muster_tier tier) {
    static const char *const NAME[] = {"unmet_need", "response_time", "reserve", "escalation",
                                       "duty"};
    return (unsigned)tier < MUSTER_TIER_COUNT ? NAME[tier] : NULL;
}

const char *muster_unmet_reason_name(muster_unmet_reason reason) {
    static const char *const NAME[] = {"unsnapped", "none_exist",    "unreachable", "grade",
                                       "shift",     "ruled_out",     "incomplete",  "no_operators",
                                       "diversion", "below_minimum", "exhausted",   "max_sources",
                                       "no_vehicle"};
    return (unsigned)reason < sizeof NAME / sizeof *NAME ? NAME[reason] : NULL;
}

/* ---- building ------------------------------------------------------------------------ */

/* Where reserve comes second, costs speak of both it and response time, and only tier 1 is
 * bounded by them. */
static void bound_first_tiers(muster_plan *plan, const mu_bound *bound, mu_objective cost,
                              const mu_candidates *c) {
    muster_tier_result unmet_need, response_time;
    if (c->rules->is_ambiguous) return; /* the locks may be better used */
    mu_bound_tiers(bound, cost, &unmet_need, &response_time);
    plan->tier[MUSTER_TIER_UNMET_NEED].bound = unmet_need.bound;
    if (plan->order[1] != MUSTER_TIER_RESPONSE_TIME) return;
    plan->tier[MUSTER_TIER_RESPONSE_TIME].bound = response_time.bound;
}

/* Give what vehicles carry the times of its shipment: `shipment_of` by vehicle. */
static void refer_to_shipments(muster_plan *plan, const uint32_t *shipment_of) {
    for (uint32_t i = 0; i < plan->assignment_count; ++i) {
        muster_assignment *a = &plan->assignment[i];
        if (a->shipment == MUSTER_NONE) continue;
        a->shipment  = shipment_of[a->shipment];
        a->depart_ms = plan->shipment[a->shipment].depart_ms;
    }
}

static muster_status write_shipments(muster_plan *plan, const mu_draft *draft,
                                     const mu_shipment_model *shipping) {
    uint32_t *shipment_of;
    MU_TRY(mu_alloc(&shipment_of, shipping->problem->vehicle_count, sizeof *shipment_of));
    const muster_status status =
        mu_shipment_list(&plan->shipment, &plan->shipment_count, draft, shipping, shipment_of);
    if (status == MUSTER_OK) refer_to_shipments(plan, shipment_of);
    mu_free(shipment_of);
    return status;
}

static muster_status build(muster_plan *plan, mu_draft *draft, const mu_bound *bound,
                           const mu_candidates *c, const mu_shipment_model *shipping,
                           uint32_t thread_count, mu_travel_memory *memory) {
    int64_t      value[MUSTER_TIER_COUNT], floor[MUSTER_TIER_COUNT];
    mu_objective cost;
    MU_TRY(mu_assignments_new(&plan->assignment, &plan->assignment_count, draft, c));
    MU_TRY(mu_unmet_list(&plan->unmet, &plan->unmet_count, draft, c, shipping));
    MU_TRY(mu_tiers_value(value, plan->assignment, plan->assignment_count, c));
    MU_TRY(mu_tiers_floor(floor, c));
    MU_TRY(mu_draft_objective(draft, c, &cost));
    if (shipping) MU_TRY(write_shipments(plan, draft, shipping));
    MU_TRY(mu_plan_measure(plan, c->travel, thread_count, memory));
    mu_tier_order(c->travel->problem, plan->order);
    for (unsigned t = 0; t < MUSTER_TIER_COUNT; ++t) {
        plan->tier[t] = (muster_tier_result){value[t], bound ? floor[t] : value[t]};
    }
    if (bound) bound_first_tiers(plan, bound, cost + c->lock_cost, c);
    return MUSTER_OK;
}

muster_status mu_plan_new(muster_plan **out, mu_draft *draft, const mu_bound *bound,
                          const mu_candidates *candidates, const mu_shipment_model *shipping,
                          uint32_t thread_count, mu_travel_memory *memory) {
    muster_plan *plan;
    *out = NULL;
    MU_TRY(mu_alloc_zeroed(&plan, 1, sizeof *plan));
    const muster_status status =
        build(plan, draft, bound, candidates, shipping, thread_count, memory);
    if (status == MUSTER_OK) {
        *out = plan;
    } else {
        muster_plan_free(plan);
    }
    return status;
}

void muster_plan_free(muster_plan *plan) {
    if (!plan) return;
    mu_free(plan->assignment);
    mu_free(plan->shipment);
    mu_free(plan->unmet);
    mu_free(plan);
}

/* ---- reading ------------------------------------------------------------------------- */

muster_outcome muster_plan_outcome(const muster_plan *plan) {
    for (unsigned t = 0; t < MUSTER_TIER_COUNT; ++t) {
        if (plan->tier[t].value != plan->tier[t].bound) return MUSTER_FEASIBLE;
    }
    return MUSTER_OPTIMAL;
}

muster_tier_result muster_plan_tier(const muster_plan *plan, muster_tier tier) {
    return (unsigned)tier < MUSTER_TIER_COUNT ? plan->tier[tier] : (muster_tier_result){0};
}

void muster_plan_tier_order(const muster_plan *plan, muster_tier out_tier[MUSTER_TIER_COUNT]) {
    for (unsigned t = 0; t < MUSTER_TIER_COUNT; ++t) out_tier[t] = plan->order[t];
}

const muster_assignment *muster_plan_assignments(const muster_plan *plan, uint32_t *out_count) {
    *out_count = plan->assignment_count;
    return plan->assignment;
}

const muster_shipment *muster_plan_shipments(const muster_plan *plan, uint32_t *out_count) {
    *out_count = plan->shipment_count;
    return plan->shipment;
}

const muster_unmet *muster_plan_unmet(const muster_plan *plan, uint32_t *out_count) {
    *out_count = plan->unmet_count;
    return plan->unmet;
}

uint32_t muster_plan_elapsed_ms(const muster_plan *plan) {
    return plan->elapsed_ms;
}

uint32_t muster_plan_first_feasible_ms(const muster_plan *plan) {
    return plan->first_feasible_ms;
}

uint64_t muster_plan_work(const muster_plan *plan) {
    return plan->work;
}

static muster_status route_between(muster_route **out, const muster_metric *metric,
                                   muster_site from, muster_site to) {
    const double lon[] = {from.lon_deg, to.lon_deg};
    const double lat[] = {from.lat_deg, to.lat_deg};
    muster_snap  snap[2];
    MU_TRY(muster_snap_sites(metric, 2, lon, lat, NULL, snap));
    return muster_route_new(out, metric, &snap[0], &snap[1]);
}

muster_status muster_plan_route(muster_route **out, const muster_plan *plan,
                                const muster_problem *problem, uint32_t assignment) {
    *out = NULL;
    if (assignment >= plan->assignment_count) {
        return muster_fail(MUSTER_E_INVALID, "assignment %u, but the plan has %u", assignment,
                           plan->assignment_count);
    }
    const muster_assignment *a = &plan->assignment[assignment];
    const muster_unit *unit = muster_problem_unit(problem, (muster_resource)a->resource, a->index);
    uint32_t           metric = unit->metric;
    if (a->shipment != MUSTER_NONE) {
        metric = problem->vehicle[plan->shipment[a->shipment].vehicle].unit.metric;
    }
    return route_between(out, problem->metric[metric], unit->site,
                         problem->incident[problem->need[a->need].incident].site);
}

muster_status muster_plan_shipment_route(muster_route **out, const muster_plan *plan,
                                         const muster_problem *problem, uint32_t shipment) {
    *out = NULL;
    if (shipment >= plan->shipment_count) {
        return muster_fail(MUSTER_E_INVALID, "shipment %u, but the plan has %u", shipment,
                           plan->shipment_count);
    }
    const muster_shipment *s    = &plan->shipment[shipment];
    const muster_unit     *unit = &problem->vehicle[s->vehicle].unit;
    return route_between(out, problem->metric[unit->metric], unit->site,
                         problem->stock[s->stock].unit.site);
}
