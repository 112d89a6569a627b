/* Needs are taken by severity, then in the order of the problem, and each takes from its
 * candidates, nearest first, until it is met. A need whose minimum the candidates cannot
 * bring together takes nothing, so that what is useless there stays free for others. */
#include "solver/greedy.h"

#include <stdlib.h>

#include "core/alloc.h"

typedef struct state {
    const muster_problem *problem;
    const mu_candidates  *candidates;
    mu_draft             *draft;
    int64_t              *free_units[MUSTER_RESOURCE_COUNT]; /* by resource index */
    int64_t              *missing;                           /* by need */
    uint32_t             *order;                             /* of needs */
} state;

static bool minimum_can_be_reached(const state *s, uint32_t need) {
    const muster_need *n          = &s->problem->need[need];
    const int64_t     *free_units = s->free_units[mu_need_resource(s->problem, need)];
    int64_t            together   = n->quantity - s->missing[need];
    for (size_t i = s->candidates->first[need]; i < s->candidates->first[need + 1]; ++i) {
        if (together >= n->minimum) break;
        together += free_units[s->candidates->candidate[i].index];
    }
    return together >= n->minimum;
}

static muster_status serve(state *s, uint32_t need) {
    const muster_resource resource = mu_need_resource(s->problem, need);
    if (s->missing[need] <= 0 || !minimum_can_be_reached(s, need)) return MUSTER_OK;
    for (size_t i = s->candidates->first[need]; i < s->candidates->first[need + 1]; ++i) {
        const mu_candidate *c    = &s->candidates->candidate[i];
        const int64_t       left = s->free_units[resource][c->index];
        if (s->missing[need] <= 0) break;
        if (left <= 0) continue;
        /* A team comes whole, however few of its people are asked for. */
        const bool    is_whole = resource == MUSTER_PEOPLE || left < s->missing[need];
        const int64_t quantity = is_whole ? left : s->missing[need];
        MU_TRY(mu_draft_add(s->draft, resource, c->index, need, c->eta_ms, quantity));
        s->free_units[resource][c->index] -= quantity;
        s->missing[need] -= quantity;
    }
    return MUSTER_OK;
}

/* ---- order --------------------------------------------------------------------------- */

typedef struct ranked {
    uint32_t need;
    uint8_t  severity;
} ranked;

static int most_severe_first(const void *a, const void *b) {
    const ranked *r = a, *s = b;
    if (r->severity != s->severity) return r->severity > s->severity ? -1 : 1;
    return r->need < s->need ? -1 : r->need > s->need;
}

static muster_status order_needs(state *s) {
    const muster_problem *p = s->problem;
    ranked               *ranks;
    MU_TRY(mu_alloc(&s->order, p->need_count, sizeof *s->order));
    MU_TRY(mu_alloc(&ranks, p->need_count, sizeof *ranks));
    for (uint32_t n = 0; n < p->need_count; ++n) {
        ranks[n] = (ranked){n, p->incident[p->need[n].incident].severity};
    }
    qsort(ranks, p->need_count, sizeof *ranks, most_severe_first);
    for (uint32_t n = 0; n < p->need_count; ++n) s->order[n] = ranks[n].need;
    mu_free(ranks);
    return MUSTER_OK;
}

/* ---- state --------------------------------------------------------------------------- */

static muster_status take_stock(state *s) {
    const muster_problem *p = s->problem;
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        const uint32_t count = mu_unit_count(p, (muster_resource)r);
        MU_TRY(mu_alloc(&s->free_units[r], count, sizeof(int64_t)));
        for (uint32_t i = 0; i < count; ++i) {
            s->free_units[r][i] = mu_supply(p, (muster_resource)r, i);
        }
    }
    MU_TRY(mu_alloc(&s->missing, p->need_count, sizeof *s->missing));
    for (uint32_t n = 0; n < p->need_count; ++n) s->missing[n] = p->need[n].quantity;
    for (size_t i = 0; i < s->draft->count; ++i) {
        const mu_dispatch *d = &s->draft->dispatch[i];
        s->free_units[d->resource][d->index] -= d->quantity;
        if (d->carrier != MUSTER_NONE) s->free_units[MUSTER_VEHICLE][d->carrier] = 0;
        s->missing[d->need] -= d->quantity;
    }
    return MUSTER_OK;
}

muster_status mu_greedy_fill(mu_draft *draft, const mu_candidates *candidates) {
    state s = {.problem = candidates->travel->problem, .candidates = candidates, .draft = draft};
    muster_status status = take_stock(&s);
    if (status == MUSTER_OK) status = order_needs(&s);
    for (uint32_t i = 0; status == MUSTER_OK && i < s.problem->need_count; ++i) {
        status = serve(&s, s.order[i]);
    }
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) mu_free(s.free_units[r]);
    mu_free(s.missing);
    mu_free(s.order);
    return status;
}
