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
    const mu_dispatch own = {(uint8_t)resource, index, need, eta_ms, quantity, MUSTER_NONE};
    return mu_draft_copy(d, &own);
}

muster_status mu_draft_ship(mu_draft *d, uint32_t stock, uint32_t need, uint32_t carrier,
                            uint32_t eta_ms, int64_t quantity) {
    const mu_dispatch shipped = {MUSTER_ITEM, stock, need, eta_ms, quantity, carrier};
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
    return d->carrier < e->carrier ? -1 : d->carrier > e->carrier;
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
        if (missing[d.need] <= 0) continue;
        missing[d.need] -= d.quantity;
        draft->dispatch[kept++] = d;
    }
    *out_is_trimmed = kept < draft->count;
    draft->count    = kept;
    mu_free(missing);
    return MUSTER_OK;
}

muster_status mu_draft_costs(const mu_draft *sorted, const mu_candidates *c,
                             mu_objective *out_cost) {
    const uint32_t needs = c->travel->problem->need_count;
    int64_t       *missing;
    MU_TRY(mu_alloc_copy(&missing, c->demand, needs, sizeof *missing));
    for (uint32_t n = 0; n < needs; ++n) out_cost[n] = 0;
    for (size_t i = 0; i < sorted->count; ++i) {
        const mu_dispatch *d      = &sorted->dispatch[i];
        const int64_t      served = d->quantity < missing[d->need] ? d->quantity : missing[d->need];
        out_cost[d->need] += served * mu_unit_cost(c, d) + mu_fixed_cost(c, d);
        missing[d->need] -= served;
    }
    for (uint32_t n = 0; n < needs; ++n) out_cost[n] += missing[n] * mu_unmet_cost(c, n);
    mu_free(missing);
    return MUSTER_OK;
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
