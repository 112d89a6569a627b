#include "solver/draft.h"

#include <stdlib.h>

#include "core/alloc.h"

muster_status mu_draft_copy(mu_draft *d, const mu_dispatch *dispatch) {
    MU_TRY(mu_grow(&d->dispatch, &d->capacity, d->count, sizeof *d->dispatch));
    d->dispatch[d->count++] = *dispatch;
    return MUSTER_OK;
}

muster_status mu_draft_add(mu_draft *d, muster_resource resource, uint32_t index, uint32_t need,
                           uint32_t eta_ms, int64_t quantity) {
    const mu_dispatch own = {(uint8_t)resource, index, need, eta_ms, quantity, MUSTER_NONE, false};
    return mu_draft_copy(d, &own);
}

muster_status mu_draft_ship(mu_draft *d, uint32_t stock, uint32_t need, uint32_t carrier,
                            uint32_t eta_ms, int64_t quantity, bool is_locked) {
    const mu_dispatch shipped = {MUSTER_ITEM, stock, need, eta_ms, quantity, carrier, is_locked};
    return mu_draft_copy(d, &shipped);
}

muster_status mu_draft_replace(mu_draft *draft, const mu_draft *by) {
    draft->count = 0;
    for (size_t i = 0; i < by->count; ++i) MU_TRY(mu_draft_copy(draft, &by->dispatch[i]));
    return MUSTER_OK;
}

void mu_draft_fini(mu_draft *draft) {
    mu_free(draft->dispatch);
    *draft = (mu_draft){0};
}

int mu_draft_order(const void *a, const void *b) {
    const mu_dispatch *d = a, *e = b;
    if (d->need != e->need) return d->need < e->need ? -1 : 1;
    if (d->eta_ms != e->eta_ms) return d->eta_ms < e->eta_ms ? -1 : 1;
    if (d->index != e->index) return d->index < e->index ? -1 : 1;
    if (d->carrier != e->carrier) return d->carrier < e->carrier ? -1 : 1;
    return e->is_locked - d->is_locked;
}

/* A draft is looked at part by part, and sorted for each: most often it is so already. */
static bool is_sorted(const mu_draft *d) {
    size_t i = 1;
    while (i < d->count && mu_draft_order(&d->dispatch[i - 1], &d->dispatch[i]) <= 0) ++i;
    return i >= d->count;
}

void mu_draft_sort(mu_draft *draft) {
    if (!is_sorted(draft)) {
        qsort(draft->dispatch, draft->count, sizeof *draft->dispatch, mu_draft_order);
    }
}

muster_status mu_draft_trim(mu_draft *draft, const mu_candidates *c, bool *out_is_trimmed) {
    const uint32_t needs = c->travel->problem->need_count;
    int64_t       *missing;
    size_t         kept = 0;
    MU_TRY(mu_alloc_copy(&missing, c->demand, needs, sizeof *missing));
    mu_draft_sort(draft);
    for (size_t i = 0; i < draft->count; ++i) {
        const mu_dispatch d = draft->dispatch[i];
        if (!d.is_locked) {
            if (missing[d.need] <= 0) continue;
            missing[d.need] -= d.quantity;
        }
        draft->dispatch[kept++] = d;
    }
    *out_is_trimmed = kept < draft->count;
    draft->count    = kept;
    mu_free(missing);
    return MUSTER_OK;
}

/* What it costs to have its carrier come, once for all that it brings. */
static mu_objective carrier_cost(const mu_candidates *c, const mu_dispatch *d, bool *is_sent) {
    const mu_dispatch go = {MUSTER_VEHICLE, d->carrier, d->need, d->eta_ms, 1, MUSTER_NONE, false};
    if (d->carrier == MUSTER_NONE || is_sent[d->carrier]) return 0;
    is_sent[d->carrier] = true;
    return mu_fixed_cost(c, &go);
}

/* What of each need is locked and comes by vehicle, as far as the need counts it. */
static void count_cargo(const mu_candidates *c, int64_t *out_locked) {
    const mu_rules *rules = c->rules;
    for (uint32_t n = 0; n < c->travel->problem->need_count; ++n) out_locked[n] = 0;
    for (uint32_t i = 0; i < rules->cargo_count; ++i) {
        const uint32_t need = rules->cargo[i].need;
        const int64_t  most = c->travel->problem->need[need].quantity;
        out_locked[need] += rules->cargo[i].quantity;
        if (out_locked[need] > most) out_locked[need] = most;
    }
}

/* `missing` and `locked`, by need: what is to be served beside what is locked, and of what is. */
static void add_costs(const mu_draft *sorted, const mu_candidates *c, int64_t *missing,
                      int64_t *locked, bool *is_sent, mu_objective *out_cost) {
    for (size_t i = 0; i < sorted->count; ++i) {
        const mu_dispatch *d      = &sorted->dispatch[i];
        int64_t           *lacks  = d->is_locked ? &locked[d->need] : &missing[d->need];
        const int64_t      served = d->quantity < *lacks ? d->quantity : *lacks;
        out_cost[d->need] +=
            served * mu_unit_cost(c, d) + mu_fixed_cost(c, d) + carrier_cost(c, d, is_sent);
        *lacks -= served;
    }
}

muster_status mu_draft_costs(const mu_draft *sorted, const mu_candidates *c,
                             mu_objective *out_cost) {
    const muster_problem *p = c->travel->problem;
    int64_t              *missing;
    bool                 *is_sent; /* by vehicle: it carries something */
    MU_TRY(mu_alloc(&missing, 2 * (size_t)p->need_count, sizeof *missing));
    int64_t *locked = missing + p->need_count;
    for (uint32_t n = 0; n < p->need_count; ++n) missing[n] = c->demand[n], out_cost[n] = 0;
    count_cargo(c, locked);
    const muster_status status = mu_alloc_zeroed(&is_sent, p->vehicle_count, sizeof *is_sent);
    if (status == MUSTER_OK) add_costs(sorted, c, missing, locked, is_sent, out_cost);
    for (uint32_t n = 0; n < p->need_count; ++n) out_cost[n] += missing[n] * mu_unmet_cost(c, n);
    mu_free(is_sent);
    mu_free(missing);
    return status;
}

muster_status mu_draft_objective(mu_draft *draft, const mu_candidates *c, mu_objective *out) {
    const uint32_t needs = c->travel->problem->need_count;
    mu_objective  *cost;
    *out = 0;
    MU_TRY(mu_alloc(&cost, needs, sizeof *cost));
    mu_draft_sort(draft);
    const muster_status status = mu_draft_costs(draft, c, cost);
    for (uint32_t n = 0; status == MUSTER_OK && n < needs; ++n) *out += cost[n];
    mu_free(cost);
    return status;
}
