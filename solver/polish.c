/* The engines decide tiers 1 and 2. Many plans are equal there: units stand side by side, pools
 * are alike. Which of them is taken is decided here, by local search: a unit that is sent gives
 * way to an idle one, or two change places, whenever that makes the plan better in the order of
 * the tiers, all of which are worked out exactly for each move. What is equal in all tiers is
 * decided by the order of the problem: lower rows serve needs that come first.
 *
 * Where reserve comes before response time, this is also what brings them into balance: the
 * engines only know a price for each unit that a zone could miss (candidates.c), and here it is
 * seen which of them it does not.
 *
 * Every step makes the plan strictly better in one fixed order, so the search ends. */
#include "solver/polish.h"

#include "core/alloc.h"
#include "solver/tiers.h"
#include "solver/together.h"
#include "solver/weights.h"

enum { SCORES = MUSTER_TIER_COUNT + 1 }; /* the last: rows that serve, earlier needs first */

typedef struct score {
    int64_t value[SCORES]; /* by tier */
} score;

#define NONE SIZE_MAX

enum { WORK_A_MOVE = 100 }; /* about half a microsecond */

typedef struct polish {
    const muster_problem *problem;
    const mu_candidates  *candidates;
    mu_watch             *watch;
    mu_draft             *draft;
    muster_tier           order[MUSTER_TIER_COUNT];
    size_t               *first_of_need; /* a dispatch; NONE: nothing is sent */
    size_t               *next;          /* of the same need */
    size_t                next_capacity;
    size_t               *user[MUSTER_RESOURCE_COUNT];       /* of a team, a vehicle; or NONE */
    int64_t              *free_units[MUSTER_RESOURCE_COUNT]; /* by resource index */
    int64_t              *cover;                             /* by zone: how many are free */
    mu_operators          operators;
    mu_dispatch          *queue; /* scratch: those of one need, in order of service */
    size_t                queue_capacity;
    score                 now;
} polish;

/* ---- comparing ----------------------------------------------------------------------- */

static bool is_better(const polish *p, const score *a, const score *b) {
    for (unsigned t = 0; t < MUSTER_TIER_COUNT; ++t) {
        const int64_t x = a->value[p->order[t]], y = b->value[p->order[t]];
        if (x != y) return x < y;
    }
    return a->value[MUSTER_TIER_COUNT] < b->value[MUSTER_TIER_COUNT];
}

/* ---- the score of a need ------------------------------------------------------------- */

static bool goes_before(const mu_dispatch *d, const mu_dispatch *e) {
    if (d->eta_ms != e->eta_ms) return d->eta_ms < e->eta_ms;
    return d->index != e->index ? d->index < e->index : d->carrier < e->carrier;
}

/* Those of a need in order of service: there are few, and they come nearly sorted. */
static muster_status line_up(polish *p, uint32_t need, size_t *out_count) {
    size_t count = 0;
    for (size_t i = p->first_of_need[need]; i != NONE; i = p->next[i]) {
        if (p->draft->dispatch[i].quantity == 0) continue;
        MU_TRY(mu_grow(&p->queue, &p->queue_capacity, count, sizeof *p->queue));
        size_t at = count++;
        for (; at > 0 && goes_before(&p->draft->dispatch[i], &p->queue[at - 1]); --at) {
            p->queue[at] = p->queue[at - 1];
        }
        p->queue[at] = p->draft->dispatch[i];
    }
    *out_count = count;
    return MUSTER_OK;
}

/* What is sent beside something locked makes one assignment with it, which counts anyway. */
static void add_use(const polish *p, const mu_dispatch *d, score *s) {
    const muster_problem *q        = p->problem;
    const muster_resource resource = (muster_resource)d->resource;
    const uint32_t        incident = q->need[d->need].incident;
    const uint32_t destination     = mu_rules_destination(p->candidates->rules, resource, d->index);
    if (mu_rules_lock_to(p->candidates->rules, d->index, d->need)) return;
    s->value[MUSTER_TIER_ESCALATION] += mu_unit_escalation(q, resource, d->index, incident);
    s->value[MUSTER_TIER_DUTY] += muster_problem_unit(q, resource, d->index)->duty_ms / 60000;
    s->value[MUSTER_TIER_COUNT] += (int64_t)d->index * (q->need_count - d->need);
    if (destination == MUSTER_NONE || destination == incident) return;
    s->value[MUSTER_TIER_UNMET_NEED] += mu_weights(q)->diversion_unmet_need;
    s->value[MUSTER_TIER_RESPONSE_TIME] += mu_weights(q)->diversion_response_time;
    s->value[MUSTER_TIER_ESCALATION] += 1;
}

/* Add sign times what a need contributes, but for cover. False where what is sent there breaks
 * a rule: some are not needed, or too few are sent. */
static muster_status count_need(polish *p, uint32_t need, int sign, bool *out_is_allowed) {
    const muster_problem *q       = p->problem;
    const int64_t         price   = mu_price(q, need);
    int64_t               missing = p->candidates->demand[need], sent = 0;
    score                 s = {{0}};
    size_t                count;
    MU_TRY(line_up(p, need, &count));
    *out_is_allowed = true;
    for (size_t i = 0; i < count; ++i) {
        const mu_dispatch *d      = &p->queue[i];
        const int64_t      served = d->quantity < missing ? d->quantity : missing;
        const bool is_useful = d->resource == MUSTER_PEOPLE ? served > 0 : served == d->quantity;
        *out_is_allowed &= is_useful;
        missing -= served;
        sent += d->quantity;
        s.value[MUSTER_TIER_RESPONSE_TIME] +=
            served * price * mu_response_s(q, q->need[need].incident, d->eta_ms);
        add_use(p, d, &s);
    }
    s.value[MUSTER_TIER_UNMET_NEED] += missing * price;
    if (count > 0 && sent < p->candidates->minimum[need]) *out_is_allowed = false;
    for (unsigned t = 0; t < SCORES; ++t) p->now.value[t] += sign * s.value[t];
    return MUSTER_OK;
}

/* ---- what is sent -------------------------------------------------------------------- */

/* Count `quantity` of a dispatch's resource as free, or with sign -1 as sent. */
static void set_free(polish *p, const mu_dispatch *d, int64_t quantity, int sign) {
    const muster_resource resource = (muster_resource)d->resource;
    const mu_cover       *cover    = p->candidates->cover;
    mu_dispatch           part     = *d;
    part.quantity                  = quantity;
    p->free_units[resource][d->index] += sign * quantity;
    mu_operators_count(&p->operators, &part, -sign);
    for (size_t k = mu_cover_begin(cover, resource, d->index);
         k < mu_cover_end(cover, resource, d->index); ++k) {
        const uint32_t     zone = cover->zone[resource][k];
        const muster_zone *z    = &p->problem->zone[zone];
        p->now.value[MUSTER_TIER_RESERVE] -= mu_zone_cost(z, p->cover[zone]);
        p->cover[zone] += sign * quantity;
        p->now.value[MUSTER_TIER_RESERVE] += mu_zone_cost(z, p->cover[zone]);
    }
}

/* Make a dispatch of what it is not: another resource, or less. */
static void change(polish *p, size_t at, mu_dispatch to) {
    mu_dispatch *d = &p->draft->dispatch[at];
    set_free(p, d, d->quantity, 1);
    *d = to;
    set_free(p, d, d->quantity, -1);
}

/* Has a team that left taken away the operators of machines that stay? */
static bool lacks_operators(const polish *p, uint32_t need) {
    const uint32_t kinds    = p->problem->kind_count;
    const uint32_t incident = p->problem->need[need].incident;
    for (uint32_t k = 0; k < kinds; ++k) {
        if (p->operators.spare[(size_t)incident * kinds + k] < 0) return true;
    }
    return false;
}

/* ---- moves --------------------------------------------------------------------------- */

/* Change one dispatch, or two of different needs. */
typedef struct move {
    size_t      at[2];
    mu_dispatch to[2];
    int         count;
} move;

/* What the needs of a move contribute, each need once. */
static muster_status count_move(polish *p, const move *m, int sign, bool *out_is_allowed) {
    bool is_allowed;
    *out_is_allowed = true;
    for (int i = 0; i < m->count; ++i) {
        if (i == 1 && m->to[1].need == m->to[0].need) continue;
        MU_TRY(count_need(p, m->to[i].need, sign, &is_allowed));
        *out_is_allowed &= is_allowed;
    }
    return MUSTER_OK;
}

static void do_changes(polish *p, const move *m) {
    for (int i = 0; i < m->count; ++i) change(p, m->at[i], m->to[i]);
}

/* Keep a move that is allowed and better; take any other back. */
static muster_status try_move(polish *p, const move *m, bool *out_is_kept) {
    const score before = p->now;
    move        back   = *m;
    bool        is_allowed;
    for (int i = 0; i < m->count; ++i) back.to[i] = p->draft->dispatch[m->at[i]];
    mu_watch_count(p->watch, WORK_A_MOVE);
    MU_TRY(count_move(p, m, -1, &is_allowed));
    do_changes(p, m);
    MU_TRY(count_move(p, m, 1, &is_allowed));
    for (int i = 0; i < m->count; ++i) {
        is_allowed &= m->to[i].resource != MUSTER_PEOPLE || !lacks_operators(p, m->to[i].need);
    }
    *out_is_kept = is_allowed && is_better(p, &p->now, &before);
    if (*out_is_kept) return MUSTER_OK;
    do_changes(p, &back);
    p->now = before;
    return MUSTER_OK;
}

static bool goes_whole(const mu_dispatch *d) {
    return d->resource == MUSTER_PEOPLE || d->resource == MUSTER_VEHICLE;
}

/* Some of an idle pool in place of as much of another: a dispatch of its own, or more of one
 * that is there. */
static muster_status find_place(polish *p, mu_dispatch d, size_t *out_at) {
    size_t i = p->first_of_need[d.need];
    while (i != NONE && p->draft->dispatch[i].index != d.index) i = p->next[i];
    *out_at = i;
    if (i != NONE) return MUSTER_OK;
    *out_at = p->draft->count;
    MU_TRY(mu_grow(&p->next, &p->next_capacity, p->draft->count, sizeof *p->next));
    MU_TRY(mu_draft_add(p->draft, (muster_resource)d.resource, d.index, d.need, d.eta_ms, 0));
    p->next[*out_at]         = p->first_of_need[d.need];
    p->first_of_need[d.need] = *out_at;
    return MUSTER_OK;
}

static muster_status replace(polish *p, size_t at, const mu_candidate *c, bool *out_is_kept) {
    const mu_dispatch d    = p->draft->dispatch[at];
    const int64_t     idle = p->free_units[d.resource][c->index];
    move              m    = {.at = {at}, .to = {d}, .count = 1};
    if (goes_whole(&d)) {
        m.to[0] = (mu_dispatch){d.resource, c->index, d.need, c->eta_ms, idle, MUSTER_NONE, false};
    } else {
        const int64_t part = idle < d.quantity ? idle : d.quantity;
        m.count            = 2;
        MU_TRY(find_place(
            p, (mu_dispatch){d.resource, c->index, d.need, c->eta_ms, 0, MUSTER_NONE, false},
            &m.at[1]));
        m.to[1] = p->draft->dispatch[m.at[1]];
        m.to[0].quantity -= part;
        m.to[1].quantity += part;
    }
    MU_TRY(try_move(p, &m, out_is_kept));
    if (!*out_is_kept || !goes_whole(&d)) return MUSTER_OK;
    p->user[d.resource][d.index]  = NONE;
    p->user[d.resource][c->index] = at;
    return MUSTER_OK;
}

/* `other` serves a need that the unit at `at` could serve as well. */
static muster_status swap(polish *p, size_t at, const mu_candidate *c, size_t other,
                          bool *out_is_kept) {
    const mu_dispatch d = p->draft->dispatch[at], e = p->draft->dispatch[other];
    mu_candidate      there;
    *out_is_kept = false;
    if (d.need == e.need) return MUSTER_OK;
    if (!mu_candidate_at(&there, p->candidates, d.index, e.need)) return MUSTER_OK;
    const move m = {
        .at    = {at, other},
        .to    = {{d.resource, e.index, d.need, c->eta_ms, e.quantity, MUSTER_NONE, false},
                  {d.resource, d.index, e.need, there.eta_ms, d.quantity, MUSTER_NONE, false}},
        .count = 2};
    MU_TRY(try_move(p, &m, out_is_kept));
    if (!*out_is_kept) return MUSTER_OK;
    p->user[d.resource][e.index] = at;
    p->user[d.resource][d.index] = other;
    return MUSTER_OK;
}

static muster_status try_candidate(polish *p, size_t at, const mu_candidate *c, bool *out_is_kept) {
    const mu_dispatch *d = &p->draft->dispatch[at];
    *out_is_kept         = false;
    if (d->index == c->index) return MUSTER_OK;
    if (p->free_units[d->resource][c->index] > 0) return replace(p, at, c, out_is_kept);
    if (!goes_whole(d) || p->user[d->resource][c->index] == NONE) return MUSTER_OK;
    return swap(p, at, c, p->user[d->resource][c->index], out_is_kept);
}

/* Where response time comes before all that is to be gained, whoever is later than the one who
 * is sent cannot help. */
static bool may_help(const polish *p, const mu_dispatch *d, const mu_candidate *c) {
    const uint32_t incident = p->problem->need[d->need].incident;
    return p->order[1] != MUSTER_TIER_RESPONSE_TIME ||
           mu_response_s(p->problem, incident, c->eta_ms) <=
               mu_response_s(p->problem, incident, d->eta_ms);
}

static muster_status polish_dispatch(polish *p, size_t at, bool *out_is_better) {
    const uint32_t need = p->draft->dispatch[at].need;
    for (size_t i = p->candidates->first[need]; i < p->candidates->first[need + 1]; ++i) {
        const mu_candidate *c = &p->candidates->candidate[i];
        bool                is_kept;
        if (p->draft->dispatch[at].quantity == 0) return MUSTER_OK;
        if (!may_help(p, &p->draft->dispatch[at], c)) return MUSTER_OK;
        MU_TRY(try_candidate(p, at, c, &is_kept));
        *out_is_better |= is_kept;
    }
    return MUSTER_OK;
}

static muster_status search(polish *p) {
    bool is_better_now = true;
    while (is_better_now) {
        is_better_now = false;
        for (size_t at = 0; at < p->draft->count; ++at) {
            if (mu_watch_is_over(p->watch)) return MUSTER_OK;
            mu_watch_count(p->watch, 1);
            MU_TRY(polish_dispatch(p, at, &is_better_now));
        }
    }
    return MUSTER_OK;
}

/* ---- start and end ------------------------------------------------------------------- */

/* What is sent in two parts from one place to one need is one dispatch. */
static void join(mu_draft *draft) {
    size_t kept = 0;
    mu_draft_sort(draft);
    for (size_t i = 0; i < draft->count; ++i) {
        const mu_dispatch *d    = &draft->dispatch[i];
        mu_dispatch       *last = kept > 0 ? &draft->dispatch[kept - 1] : NULL;
        if (last && last->need == d->need && last->index == d->index &&
            last->carrier == d->carrier && last->is_locked == d->is_locked) {
            last->quantity += d->quantity;
        } else {
            draft->dispatch[kept++] = *d;
        }
    }
    draft->count = kept;
}

static muster_status prepare(polish *p) {
    const muster_problem *q = p->problem;
    mu_tier_order(q, p->order);
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        const uint32_t units = muster_problem_unit_count(q, (muster_resource)r);
        MU_TRY(mu_alloc_copy(&p->free_units[r], p->candidates->supply[r], units, sizeof(int64_t)));
        MU_TRY(mu_alloc(&p->user[r], units, sizeof *p->user[r]));
        for (uint32_t i = 0; i < units; ++i) p->user[r][i] = NONE;
    }
    MU_TRY(mu_alloc_copy(&p->cover, p->candidates->cover->exist, q->zone_count, sizeof *p->cover));
    MU_TRY(mu_operators_init(&p->operators, p->candidates));
    MU_TRY(mu_alloc(&p->first_of_need, q->need_count, sizeof *p->first_of_need));
    for (uint32_t n = 0; n < q->need_count; ++n) p->first_of_need[n] = NONE;
    p->next_capacity = p->draft->count;
    return mu_alloc(&p->next, p->draft->count, sizeof *p->next);
}

/* A vehicle that brings items is not idle, however many things are on it. */
static void take_carrier(polish *p, const mu_dispatch *d) {
    const mu_dispatch go = {MUSTER_VEHICLE, d->carrier, d->need, d->eta_ms, 1, MUSTER_NONE, false};
    if (p->free_units[MUSTER_VEHICLE][d->carrier] > 0) set_free(p, &go, 1, -1);
}

static muster_status read_draft(polish *p) {
    bool is_allowed;
    for (uint32_t i = 0; i < p->candidates->rules->lock_count; ++i) {
        const mu_dispatch *d = &p->candidates->rules->lock[i];
        const mu_cover    *c = p->candidates->cover;
        for (size_t k = mu_cover_begin(c, (muster_resource)d->resource, d->index);
             k < mu_cover_end(c, (muster_resource)d->resource, d->index); ++k) {
            p->cover[c->zone[d->resource][k]] -= d->quantity;
        }
    }
    for (size_t i = p->draft->count; i-- > 0;) {
        const mu_dispatch *d      = &p->draft->dispatch[i];
        p->next[i]                = p->first_of_need[d->need];
        p->first_of_need[d->need] = i;
        if (goes_whole(d)) p->user[d->resource][d->index] = i;
        set_free(p, d, d->quantity, -1);
        if (d->carrier != MUSTER_NONE) take_carrier(p, d);
    }
    p->now = (score){{0}};
    for (uint32_t z = 0; z < p->problem->zone_count; ++z) {
        p->now.value[MUSTER_TIER_RESERVE] += mu_zone_cost(&p->problem->zone[z], p->cover[z]);
    }
    for (uint32_t n = 0; n < p->problem->need_count; ++n) MU_TRY(count_need(p, n, 1, &is_allowed));
    return MUSTER_OK;
}

static void sweep_up(mu_draft *draft) {
    size_t kept = 0;
    for (size_t i = 0; i < draft->count; ++i) {
        if (draft->dispatch[i].quantity > 0) draft->dispatch[kept++] = draft->dispatch[i];
    }
    draft->count = kept;
}

static void give_back(polish *p) {
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        mu_free(p->free_units[r]);
        mu_free(p->user[r]);
    }
    mu_free(p->cover);
    mu_operators_fini(&p->operators);
    mu_free(p->first_of_need);
    mu_free(p->next);
    mu_free(p->queue);
}

muster_status mu_polish(mu_draft *draft, const mu_candidates *candidates, mu_watch *watch) {
    polish p = {.problem    = candidates->travel->problem,
                .candidates = candidates,
                .watch      = watch,
                .draft      = draft};
    join(draft);
    muster_status status = prepare(&p);
    if (status == MUSTER_OK) status = read_draft(&p);
    if (status == MUSTER_OK) status = search(&p);
    sweep_up(draft);
    give_back(&p);
    return status;
}
