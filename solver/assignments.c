#include "solver/assignments.h"

#include <stdlib.h>

#include "core/alloc.h"

static muster_assignment describe(const mu_candidates *c, const mu_dispatch *d, bool is_locked) {
    const muster_problem *p           = c->travel->problem;
    const muster_resource resource    = (muster_resource)d->resource;
    const uint32_t        incident    = p->need[d->need].incident;
    const uint32_t        deadline_ms = p->incident[incident].deadline_ms;
    const uint32_t        destination = mu_rules_destination(c->rules, resource, d->index);
    return (muster_assignment){
        .resource    = d->resource,
        .index       = d->index,
        .need        = d->need,
        .quantity    = d->quantity,
        .depart_ms   = mu_depart_ms(p, resource, d->index, incident),
        .eta_ms      = d->eta_ms,
        .locked      = is_locked ? d->quantity : 0,
        .escalation  = (uint8_t)mu_unit_escalation(p, resource, d->index, incident),
        .is_late     = deadline_ms > 0 && d->eta_ms > deadline_ms,
        .shipment    = d->carrier,
        .is_diverted = destination != MUSTER_NONE && destination != incident,
    };
}

static int in_order(const void *a, const void *b) {
    const muster_assignment *x = a, *y = b;
    if (x->need != y->need) return x->need < y->need ? -1 : 1;
    if (x->eta_ms != y->eta_ms) return x->eta_ms < y->eta_ms ? -1 : 1;
    if (x->index != y->index) return x->index < y->index ? -1 : 1;
    return x->shipment < y->shipment ? -1 : x->shipment > y->shipment;
}

/* Neighbours of one need and one resource become one. */
static uint32_t join(muster_assignment *list, uint32_t count) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; ++i) {
        if (kept > 0 && in_order(&list[kept - 1], &list[i]) == 0) {
            list[kept - 1].quantity += list[i].quantity;
            list[kept - 1].locked += list[i].locked;
        } else {
            list[kept++] = list[i];
        }
    }
    return kept;
}

muster_status mu_assignments_new(muster_assignment **out, uint32_t *out_count,
                                 const mu_draft *draft, const mu_candidates *c) {
    const size_t count = draft->count + c->rules->lock_count;
    *out               = NULL;
    *out_count         = 0;
    if (count >= MUSTER_NONE) {
        return muster_fail(MUSTER_E_NOMEM, "out of memory for %zu assignments", count);
    }
    MU_TRY(mu_alloc(out, count, sizeof **out));
    uint32_t filled = 0;
    for (uint32_t i = 0; i < c->rules->lock_count; ++i) {
        (*out)[filled++] = describe(c, &c->rules->lock[i], true);
    }
    for (size_t i = 0; i < draft->count; ++i) {
        (*out)[filled++] = describe(c, &draft->dispatch[i], draft->dispatch[i].is_locked);
    }
    qsort(*out, filled, sizeof **out, in_order);
    *out_count = join(*out, filled);
    return MUSTER_OK;
}
