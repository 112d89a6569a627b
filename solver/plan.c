#include "solver/plan.h"

#include "core/alloc.h"
#include "solver/shipment_list.h"
#include "solver/unmet.h"

/* ---- names --------------------------------------------------------------------------- */

const char *muster_tier_name(muster_tier tier) {
    static const char *const NAME[] = {"unmet_need", "response_time"};
    return (unsigned)tier < MUSTER_TIER_COUNT ? NAME[tier] : NULL;
}

const char *muster_unmet_reason_name(muster_unmet_reason reason) {
    static const char *const NAME[] = {"unsnapped", "none_exist",  "unreachable", "below_minimum",
                                       "exhausted", "max_sources", "no_vehicle"};
    return (unsigned)reason < sizeof NAME / sizeof *NAME ? NAME[reason] : NULL;
}

/* ---- building ------------------------------------------------------------------------ */

static muster_assignment write_own(const mu_dispatch *d, const mu_travel *travel) {
    const muster_problem *p        = travel->problem;
    const muster_resource resource = (muster_resource)d->resource;
    return (muster_assignment){
        .resource   = d->resource,
        .index      = d->index,
        .need       = d->need,
        .quantity   = d->quantity,
        .depart_ms  = mu_unit(p, resource, d->index)->turnout_ms,
        .eta_ms     = d->eta_ms,
        .distance_m = mu_travel_distance_m(travel, resource, d->index, p->need[d->need].incident),
        .shipment   = MUSTER_NONE,
    };
}

static muster_assignment write_shipped(const mu_dispatch *d, const muster_plan *plan,
                                       const uint32_t *shipment_of) {
    const uint32_t         index = shipment_of[d->carrier];
    const muster_shipment *s     = &plan->shipment[index];
    return (muster_assignment){.resource   = d->resource,
                               .index      = d->index,
                               .need       = d->need,
                               .quantity   = d->quantity,
                               .depart_ms  = s->depart_ms,
                               .eta_ms     = s->eta_ms,
                               .distance_m = s->distance_m,
                               .shipment   = index};
}

/* `shipment_of`: by vehicle. */
static muster_status write_assignments(muster_plan *plan, const mu_draft *draft,
                                       const mu_travel *travel, const uint32_t *shipment_of) {
    if (draft->count >= MUSTER_NONE) {
        return muster_fail(MUSTER_E_NOMEM, "out of memory for %zu assignments", draft->count);
    }
    MU_TRY(mu_alloc(&plan->assignment, draft->count, sizeof *plan->assignment));
    plan->assignment_count = (uint32_t)draft->count;
    for (uint32_t i = 0; i < plan->assignment_count; ++i) {
        const mu_dispatch *d = &draft->dispatch[i];
        plan->assignment[i] =
            d->carrier == MUSTER_NONE ? write_own(d, travel) : write_shipped(d, plan, shipment_of);
    }
    return MUSTER_OK;
}

static muster_status write_all(muster_plan *plan, const mu_draft *draft,
                               const mu_candidates *candidates, const mu_shipment_model *shipping,
                               uint32_t *shipment_of) {
    if (shipping) {
        MU_TRY(
            mu_shipment_list(&plan->shipment, &plan->shipment_count, draft, shipping, shipment_of));
    }
    MU_TRY(write_assignments(plan, draft, candidates->travel, shipment_of));
    return mu_unmet_list(&plan->unmet, &plan->unmet_count, draft, candidates, shipping);
}

static muster_status build(muster_plan *plan, mu_draft *draft, const mu_bound *bound,
                           const mu_candidates *candidates, const mu_shipment_model *shipping) {
    const muster_problem *p = candidates->travel->problem;
    mu_objective          value;
    uint32_t             *shipment_of;
    MU_TRY(mu_draft_objective(draft, p, NULL, &value));
    MU_TRY(mu_alloc(&shipment_of, p->vehicle_count, sizeof *shipment_of));
    const muster_status status = write_all(plan, draft, candidates, shipping, shipment_of);
    mu_free(shipment_of);
    mu_bound_tiers(bound, value, &plan->tier[MUSTER_TIER_UNMET_NEED],
                   &plan->tier[MUSTER_TIER_RESPONSE_TIME]);
    return status;
}

muster_status mu_plan_new(muster_plan **out, mu_draft *draft, const mu_bound *bound,
                          const mu_candidates *candidates, const mu_shipment_model *shipping) {
    muster_plan *plan;
    *out = NULL;
    MU_TRY(mu_alloc_zeroed(&plan, 1, sizeof *plan));
    const muster_status status = build(plan, draft, bound, candidates, shipping);
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
    const muster_assignment *a      = &plan->assignment[assignment];
    const muster_unit       *unit   = mu_unit(problem, (muster_resource)a->resource, a->index);
    uint32_t                 metric = unit->metric;
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
