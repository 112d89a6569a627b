/* What is kept takes most units and meets most needs, so who could serve which need is listed for
 * those needs alone that lack something; with them the other needs of their incident, which may
 * depend on each other. So of all travel times few are asked for, and searched for (open_table.c). Whoever goes home because he has become useless may leave another incident
 * short: then the list grows, and all is done again. */
#include "solver/keep.h"

#include <string.h>

#include "core/alloc.h"
#include "solver/conflict.h"
#include "solver/kept.h"
#include "solver/plan.h"

typedef struct keeping {
    const muster_problem *problem;
    const mu_past        *past;
    const mu_past_match  *match;
    uint8_t              *verdict;
    bool                  is_same, is_shipped;
    uint32_t              thread_count;
    mu_travel_memory     *memory;
    mu_travel             travel;
    mu_rules              rules;
    mu_cover              cover;
    mu_candidates         candidates;
    mu_shipment_model     shipping;
    mu_draft              kept, draft;
    int64_t              *missing;   /* by need, scratch */
    bool                 *is_open;   /* by incident, scratch */
    bool                 *is_wanted; /* by need */
} keeping;

static const mu_shipment_model *shipping_of(const keeping *k) {
    return k->is_shipped ? &k->shipping : NULL;
}

/* Want all needs of incidents that lack something: whether that is any more of them. */
static bool want_open_needs(keeping *k, const mu_draft *draft) {
    const muster_problem *p      = k->problem;
    bool                  is_new = false;
    memcpy(k->missing, k->candidates.demand, p->need_count * sizeof *k->missing);
    memset(k->is_open, 0, p->incident_count * sizeof *k->is_open);
    for (size_t i = 0; i < draft->count; ++i) {
        const mu_dispatch *d = &draft->dispatch[i];
        if (!d->is_locked) k->missing[d->need] -= d->quantity;
    }
    for (uint32_t n = 0; n < p->need_count; ++n) {
        if (k->missing[n] > 0) k->is_open[p->need[n].incident] = true;
    }
    for (uint32_t n = 0; n < p->need_count; ++n) {
        if (!k->is_open[p->need[n].incident] || k->is_wanted[n]) continue;
        k->is_wanted[n] = is_new = true;
    }
    return is_new;
}

/* Whoever has been sent is asked first whether he can go on. */
static muster_status expect_past(const keeping *k) {
    for (uint32_t i = 0; i < k->past->assignment_count; ++i) {
        const muster_assignment *a     = &k->past->assignment[i];
        const uint32_t           index = k->match->now[a->resource][a->index];
        const uint32_t           need  = k->match->now[MU_ROWS_NEED][a->need];
        if (index == MUSTER_NONE || need == MUSTER_NONE || mu_is_shipped(k->problem, need))
            continue;
        MU_TRY(mu_travel_expect(&k->travel, (muster_resource)a->resource, index,
                                k->problem->need[need].incident));
    }
    return MUSTER_OK;
}

/* And whoever brings something, when he can load it, and how long it takes from there. */
static muster_status expect_past_trips(const keeping *k) {
    const mu_shipment_model *m = &k->shipping;
    for (uint32_t i = 0; i < k->past->assignment_count; ++i) {
        const muster_assignment *a = &k->past->assignment[i];
        if (a->shipment == MUSTER_NONE) continue;
        const uint32_t stock = k->match->now[MUSTER_ITEM][a->index];
        const uint32_t need  = k->match->now[MU_ROWS_NEED][a->need];
        const uint32_t carrier =
            k->match->now[MUSTER_VEHICLE][k->past->shipment[a->shipment].vehicle];
        if (stock == MUSTER_NONE || need == MUSTER_NONE || carrier == MUSTER_NONE) continue;
        if (m->base_of[carrier] == MUSTER_NONE || m->warehouse_of[stock] == MUSTER_NONE) continue;
        MU_TRY(mu_shipment_model_expect_trip(
            m, carrier, m->warehouse_of[stock],
            mu_shipment_destination(m, k->problem->need[need].incident)));
    }
    return mu_shipment_model_search(m);
}

static muster_status find_kept(keeping *k) {
    const muster_problem *p = k->problem;
    MU_TRY(mu_travel_init_open(&k->travel, p, k->thread_count, k->memory));
    MU_TRY(mu_rules_init(&k->rules, &k->travel));
    MU_TRY(mu_conflict_refuse(&k->rules));
    MU_TRY(mu_rules_lock(&k->rules));
    MU_TRY(expect_past(k));
    MU_TRY(mu_travel_search(&k->travel));
    MU_TRY(mu_candidates_start(&k->candidates, &k->travel, &k->rules, &k->cover));
    MU_TRY(mu_alloc(&k->missing, p->need_count, sizeof *k->missing));
    MU_TRY(mu_alloc(&k->is_open, p->incident_count, sizeof *k->is_open));
    MU_TRY(mu_alloc_zeroed(&k->is_wanted, p->need_count, sizeof *k->is_wanted));
    if (k->is_shipped) {
        MU_TRY(
            mu_shipment_model_init_open(&k->shipping, &k->candidates, k->thread_count, k->memory));
    }
    if (k->is_shipped) MU_TRY(expect_past_trips(k));
    return mu_kept_find(&k->kept, k->verdict, k->past, k->match, &k->candidates, shipping_of(k));
}

/* The few who could go where something is missing: no work for several threads. */
static muster_status fill_with(keeping *k) {
    MU_TRY(mu_candidates_list(&k->candidates, k->is_wanted, 1));
    MU_TRY(mu_draft_replace(&k->draft, &k->kept));
    return k->is_same ? MUSTER_OK : mu_kept_fill(&k->draft, &k->candidates, shipping_of(k));
}

static muster_status fill(keeping *k) {
    MU_TRY(find_kept(k));
    (void)want_open_needs(k, &k->kept);
    MU_TRY(mu_candidates_expect(&k->candidates, k->is_wanted));
    MU_TRY(mu_cover_init_free(&k->cover, &k->travel)); /* which searches for its times and theirs */
    MU_TRY(fill_with(k));
    while (want_open_needs(k, &k->draft)) {
        MU_TRY(mu_candidates_expect(&k->candidates, k->is_wanted));
        MU_TRY(mu_travel_search(&k->travel));
        MU_TRY(fill_with(k));
    }
    return MUSTER_OK;
}

muster_status mu_keep(muster_plan **out, uint8_t *out_verdict, const muster_problem *problem,
                      const mu_past *past, const mu_past_match *match, bool is_same,
                      uint32_t thread_count, mu_travel_memory *memory) {
    keeping        k       = {.problem      = problem,
                              .past         = past,
                              .match        = match,
                              .verdict      = out_verdict,
                              .is_same      = is_same,
                              .is_shipped   = problem->item_transport == MUSTER_ITEMS_BY_VEHICLE,
                              .thread_count = thread_count,
                              .memory       = memory};
    const mu_bound nothing = {0};
    *out                   = NULL;
    muster_status status   = fill(&k);
    if (status == MUSTER_OK) {
        status = mu_plan_new(out, &k.draft, &nothing, &k.candidates, shipping_of(&k), thread_count,
                             memory);
    }
    mu_draft_fini(&k.kept);
    mu_draft_fini(&k.draft);
    mu_free(k.missing);
    mu_free(k.is_open);
    mu_free(k.is_wanted);
    mu_shipment_model_fini(&k.shipping);
    mu_candidates_fini(&k.candidates);
    mu_cover_fini(&k.cover);
    mu_rules_fini(&k.rules);
    mu_travel_fini(&k.travel);
    return status;
}
