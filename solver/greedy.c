/* Needs are taken by severity, those for machines that somebody has to operate last, then in
 * the order of the problem, and each takes from its candidates, nearest first, until it is met.
 * A need whose minimum the candidates cannot bring together takes nothing, so that what is
 * useless there stays free for others; and an incident that is all or nothing takes for all of
 * its needs at once, or gives back what it took. */
#include "solver/greedy.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "solver/together.h"

typedef struct state {
    const muster_problem *problem;
    const mu_candidates  *candidates;
    mu_draft             *draft;
    int64_t              *free_units[MUSTER_RESOURCE_COUNT]; /* by resource index */
    int64_t              *missing;                           /* by need */
    uint32_t             *order;                             /* of needs */
    bool                 *is_decided; /* by incident that is all or nothing */
    mu_operators          operators;
} state;

static bool minimum_can_be_reached(const state *s, uint32_t need) {
    const mu_candidates *c          = s->candidates;
    const int64_t       *free_units = s->free_units[mu_need_resource(s->problem, need)];
    int64_t              together   = c->demand[need] - s->missing[need];
    for (size_t i = c->first[need]; i < c->first[need + 1]; ++i) {
        if (together >= c->minimum[need]) break;
        together += free_units[c->candidate[i].index];
    }
    return together >= c->minimum[need];
}

/* A diversion may cost more than it brings. */
static bool is_worth_it(const state *s, uint32_t need, const mu_candidate *c, int64_t quantity) {
    const int64_t served = quantity < s->missing[need] ? quantity : s->missing[need];
    return c->fixed_cost == 0 ||
           c->fixed_cost < served * (mu_unmet_cost(s->candidates, need) - c->unit_cost);
}

/* Count a dispatch in, or with sign -1 out. What vehicles carry is only ever counted in. */
static void count(state *s, const mu_dispatch *d, int sign) {
    s->free_units[d->resource][d->index] -= sign * d->quantity;
    s->missing[d->need] -= sign * d->quantity;
    if (d->carrier != MUSTER_NONE) s->free_units[MUSTER_VEHICLE][d->carrier] = 0;
    mu_operators_count(&s->operators, d, sign);
}

/* What was there before. Of what is locked, only its carrier is in use. */
static void count_in(state *s, const mu_dispatch *d) {
    if (d->is_locked) {
        s->free_units[MUSTER_VEHICLE][d->carrier] = 0;
    } else {
        count(s, d, 1);
    }
}

/* Take back all dispatches from place `first` of the draft on. */
static void take_back(state *s, size_t first) {
    while (s->draft->count > first) {
        count(s, &s->draft->dispatch[--s->draft->count], -1);
    }
}

static muster_status serve(state *s, uint32_t need) {
    const muster_resource resource = mu_need_resource(s->problem, need);
    const size_t          before   = s->draft->count;
    if (s->missing[need] <= 0 || !minimum_can_be_reached(s, need)) return MUSTER_OK;
    for (size_t i = s->candidates->first[need]; i < s->candidates->first[need + 1]; ++i) {
        const mu_candidate *c    = &s->candidates->candidate[i];
        const int64_t       left = s->free_units[resource][c->index];
        if (s->missing[need] <= 0) break;
        if (left <= 0) continue;
        /* A team comes whole, however few of its people are asked for. */
        const bool    is_whole = resource == MUSTER_PEOPLE || left < s->missing[need];
        const int64_t wanted   = is_whole ? left : s->missing[need];
        const int64_t room     = mu_operators_room(&s->operators, need);
        const int64_t quantity = wanted < room ? wanted : room;
        if (quantity == 0 || !is_worth_it(s, need, c, quantity)) continue;
        MU_TRY(mu_draft_add(s->draft, resource, c->index, need, c->eta_ms, quantity));
        count(s, &s->draft->dispatch[s->draft->count - 1], 1);
    }
    if (s->candidates->demand[need] - s->missing[need] < s->candidates->minimum[need]) {
        take_back(s, before);
    }
    return MUSTER_OK;
}

static bool is_complete(const state *s, uint32_t incident) {
    for (uint32_t n = 0; n < s->problem->need_count; ++n) {
        if (s->problem->need[n].incident != incident) continue;
        if (s->candidates->demand[n] - s->missing[n] < s->candidates->minimum[n]) return false;
    }
    return true;
}

/* All needs of an incident, in order, or none of them. What is there already is complete. */
static muster_status serve_whole(state *s, uint32_t incident) {
    const size_t before = s->draft->count;
    if (s->is_decided[incident]) return MUSTER_OK;
    s->is_decided[incident] = true;
    for (uint32_t i = 0; i < s->problem->need_count; ++i) {
        if (s->problem->need[s->order[i]].incident == incident) MU_TRY(serve(s, s->order[i]));
    }
    if (!is_complete(s, incident)) take_back(s, before);
    return MUSTER_OK;
}

static muster_status serve_in_turn(state *s, uint32_t need) {
    const uint32_t incident = s->problem->need[need].incident;
    return s->problem->incident[incident].all_or_nothing ? serve_whole(s, incident)
                                                         : serve(s, need);
}

/* ---- order --------------------------------------------------------------------------- */

typedef struct ranked {
    uint32_t need;
    uint8_t  severity;
    bool     is_operated;
} ranked;

static int most_severe_first(const void *a, const void *b) {
    const ranked *r = a, *s = b;
    if (r->severity != s->severity) return r->severity > s->severity ? -1 : 1;
    if (r->is_operated != s->is_operated) return r->is_operated ? 1 : -1;
    return r->need < s->need ? -1 : r->need > s->need;
}

static muster_status order_needs(state *s) {
    const muster_problem *p = s->problem;
    ranked               *ranks;
    MU_TRY(mu_alloc(&s->order, p->need_count, sizeof *s->order));
    MU_TRY(mu_alloc(&ranks, p->need_count, sizeof *ranks));
    for (uint32_t n = 0; n < p->need_count; ++n) {
        ranks[n] = (ranked){n, p->incident[p->need[n].incident].severity,
                            p->kind[p->need[n].kind].operator_count > 0};
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
        MU_TRY(mu_alloc_copy(&s->free_units[r], s->candidates->supply[r],
                             muster_problem_unit_count(p, (muster_resource)r), sizeof(int64_t)));
    }
    MU_TRY(mu_alloc_copy(&s->missing, s->candidates->demand, p->need_count, sizeof *s->missing));
    MU_TRY(mu_alloc_zeroed(&s->is_decided, p->incident_count, sizeof *s->is_decided));
    MU_TRY(mu_operators_init(&s->operators, s->candidates));
    for (size_t i = 0; i < s->draft->count; ++i) count_in(s, &s->draft->dispatch[i]);
    return MUSTER_OK;
}

muster_status mu_greedy_fill(mu_draft *draft, const mu_candidates *candidates) {
    state s = {.problem = candidates->travel->problem, .candidates = candidates, .draft = draft};
    muster_status status = take_stock(&s);
    if (status == MUSTER_OK) status = order_needs(&s);
    for (uint32_t i = 0; status == MUSTER_OK && i < s.problem->need_count; ++i) {
        status = serve_in_turn(&s, s.order[i]);
    }
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) mu_free(s.free_units[r]);
    mu_free(s.missing);
    mu_free(s.order);
    mu_free(s.is_decided);
    mu_operators_fini(&s.operators);
    return status;
}
