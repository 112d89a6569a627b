#include "solver/tiers.h"

#include "core/alloc.h"
#include "solver/assignments.h"
#include "solver/weights.h"

static int64_t least(int64_t a, int64_t b) {
    return a < b ? a : b;
}

void mu_tier_order(const muster_problem *p, muster_tier out[MUSTER_TIER_COUNT]) {
    for (unsigned t = 0; t < MUSTER_TIER_COUNT; ++t) out[t] = (muster_tier)t;
    if (!mu_weights(p)->reserve_before_response) return;
    out[1] = MUSTER_TIER_RESERVE;
    out[2] = MUSTER_TIER_RESPONSE_TIME;
}

/* ---- tiers 1 and 2 ------------------------------------------------------------------- */

/* `quantity` units arrive at a need, which counts them as far as it lacks some. */
static void serve(int64_t out[MUSTER_TIER_COUNT], const muster_problem *p,
                  const muster_assignment *a, int64_t quantity, int64_t *missing) {
    const int64_t served = least(quantity, missing[a->need]);
    missing[a->need] -= served;
    out[MUSTER_TIER_RESPONSE_TIME] +=
        served * mu_price(p, a->need) * mu_response_s(p, p->need[a->need].incident, a->eta_ms);
}

static void count_diversion(int64_t out[MUSTER_TIER_COUNT], const muster_problem *p,
                            const muster_assignment *a) {
    if (!a->is_diverted) return;
    out[MUSTER_TIER_UNMET_NEED] += mu_weights(p)->diversion_unmet_need;
    out[MUSTER_TIER_RESPONSE_TIME] += mu_weights(p)->diversion_response_time;
}

/* ---- tier 3 -------------------------------------------------------------------------- */

static void take_from_cover(const mu_cover *c, muster_resource resource, uint32_t index,
                            int64_t quantity, int64_t *free_units) {
    for (size_t k = mu_cover_begin(c, resource, index); k < mu_cover_end(c, resource, index); ++k) {
        free_units[c->zone[resource][k]] -= quantity;
    }
}

/* `free_units` [zone_count] and `is_away` [vehicle_count] are scratch. */
static int64_t reserve_cost(const mu_candidates *c, const muster_assignment *assignment,
                            uint32_t count, int64_t *free_units, bool *is_away) {
    const muster_problem *p   = c->travel->problem;
    int64_t               sum = 0;
    for (uint32_t v = 0; v < p->vehicle_count; ++v) is_away[v] = false;
    for (uint32_t z = 0; z < p->zone_count; ++z) free_units[z] = c->cover->exist[z];
    for (uint32_t i = 0; i < count; ++i) {
        const muster_assignment *a = &assignment[i];
        take_from_cover(c->cover, (muster_resource)a->resource, a->index, a->quantity, free_units);
        if (a->shipment == MUSTER_NONE || is_away[a->shipment]) continue;
        is_away[a->shipment] = true;
        take_from_cover(c->cover, MUSTER_VEHICLE, a->shipment, 1, free_units);
    }
    for (uint32_t z = 0; z < p->zone_count; ++z) sum += mu_zone_cost(&p->zone[z], free_units[z]);
    return sum;
}

/* ---- tiers 4 and 5 ------------------------------------------------------------------- */

static void count_use(int64_t out[MUSTER_TIER_COUNT], const muster_problem *p,
                      const muster_assignment *a) {
    const muster_unit *unit = muster_problem_unit(p, (muster_resource)a->resource, a->index);
    out[MUSTER_TIER_ESCALATION] += (int64_t)a->escalation + a->is_diverted;
    out[MUSTER_TIER_DUTY] += unit->duty_ms / 60000;
}

/* Of a vehicle that carries something, once. `is_away` [vehicle_count], all false, is scratch. */
static void count_carriers(int64_t out[MUSTER_TIER_COUNT], const mu_candidates *c,
                           const muster_assignment *assignment, uint32_t count, bool *is_away) {
    const muster_problem *p = c->travel->problem;
    for (uint32_t i = 0; i < count; ++i) {
        muster_assignment go = assignment[i];
        if (go.shipment == MUSTER_NONE || is_away[go.shipment]) continue;
        const uint32_t to    = mu_rules_destination(c->rules, MUSTER_VEHICLE, go.shipment);
        is_away[go.shipment] = true;
        go.is_diverted       = to != MUSTER_NONE && to != p->need[go.need].incident;
        count_diversion(out, p, &go);
        out[MUSTER_TIER_ESCALATION] += go.is_diverted;
    }
}

/* ---- all of them --------------------------------------------------------------------- */

muster_status mu_tiers_value(int64_t out[MUSTER_TIER_COUNT], const muster_assignment *assignment,
                             uint32_t count, const mu_candidates *c) {
    const muster_problem *p = c->travel->problem;
    int64_t              *missing, *free_units;
    bool                 *is_away;
    MU_TRY(mu_alloc_zeroed(&is_away, p->vehicle_count, sizeof *is_away));
    const muster_status status =
        mu_alloc(&missing, (size_t)p->need_count + p->zone_count, sizeof *missing);
    if (status != MUSTER_OK) {
        mu_free(is_away);
        return status;
    }
    free_units = missing + p->need_count;
    for (uint32_t n = 0; n < p->need_count; ++n) missing[n] = p->need[n].quantity;
    for (unsigned t = 0; t < MUSTER_TIER_COUNT; ++t) out[t] = 0;
    for (uint32_t i = 0; i < count; ++i) {
        serve(out, p, &assignment[i], assignment[i].locked, missing);
    }
    for (uint32_t i = 0; i < count; ++i) {
        const muster_assignment *a = &assignment[i];
        serve(out, p, a, a->quantity - a->locked, missing);
        count_diversion(out, p, a);
        count_use(out, p, a);
    }
    for (uint32_t n = 0; n < p->need_count; ++n) {
        out[MUSTER_TIER_UNMET_NEED] += missing[n] * mu_price(p, n);
    }
    count_carriers(out, c, assignment, count, is_away);
    out[MUSTER_TIER_RESERVE] = reserve_cost(c, assignment, count, free_units, is_away);
    mu_free(missing);
    mu_free(is_away);
    return MUSTER_OK;
}

muster_status mu_tiers_of_draft(int64_t out[MUSTER_TIER_COUNT], const mu_draft *draft,
                                const mu_candidates *c) {
    muster_assignment *assignment;
    uint32_t           count;
    muster_status      status = mu_assignments_new(&assignment, &count, draft, c);
    if (status == MUSTER_OK) status = mu_tiers_value(out, assignment, count, c);
    mu_free(assignment);
    return status;
}

bool mu_tiers_better(const muster_problem *p, const int64_t a[MUSTER_TIER_COUNT],
                     const int64_t b[MUSTER_TIER_COUNT]) {
    muster_tier order[MUSTER_TIER_COUNT];
    mu_tier_order(p, order);
    for (unsigned t = 0; t < MUSTER_TIER_COUNT; ++t) {
        if (a[order[t]] != b[order[t]]) return a[order[t]] < b[order[t]];
    }
    return false;
}

muster_status mu_tiers_floor(int64_t out[MUSTER_TIER_COUNT], const mu_candidates *c) {
    const mu_draft nothing = {0};
    MU_TRY(mu_tiers_of_draft(out, &nothing, c));
    out[MUSTER_TIER_UNMET_NEED] = out[MUSTER_TIER_RESPONSE_TIME] = 0;
    return MUSTER_OK;
}
