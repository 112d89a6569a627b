/* The past plan's assignments become dispatches of now, where they still can, and are then served in
 * the order in which they arrive now, as far as units and needs go round.
 *
 * Filling up could push a kept team aside: a team that is nearer and brings all that is left to do
 * leaves the farther one without work. Where that happens, needs that keep teams are filled again
 * without those that are nearer and larger than one of them. That is enough: let D people be needed,
 * K of them be kept, and k be a kept team. Teams are added while fewer than D - K are, so all but the
 * last that is added are D - K - 1 at most; and if that last one is before k, it is no larger than k.
 * So before k come at most K - k, D - K - 1 and k more: D - 1, and k has something to do. */
#include "solver/kept.h"

#include <stdlib.h>

#include "core/alloc.h"
#include "solver/fill.h"
#include "solver/kept_cause.h"
#include "solver/kept_trips.h"
#include "solver/together.h"

/* ---- what is possible -------------------------------------------------------------------- */

/* One assignment of the past, as it would be now. */
typedef struct stay {
    mu_dispatch dispatch;
    uint32_t    was; /* in past->assignment */
} stay;

typedef struct keeper {
    const mu_past           *past;
    const mu_past_match     *match;
    const mu_candidates     *candidates;
    const mu_shipment_model *shipping;
    const muster_problem    *problem;
    mu_kept_trips            trips;
    stay                    *stay; /* [past->assignment_count] */
    uint32_t                 count;
    int64_t                 *left[MUSTER_RESOURCE_COUNT]; /* by resource index */
    int64_t                 *missing;                     /* by need */
    int64_t                 *owed;                        /* by mu_rules.cargo: not yet brought */
    uint8_t                 *verdict;
} keeper;

/* So much of it a lock sends there anyway. */
static int64_t locked_to(const mu_rules *rules, muster_resource resource, uint32_t index,
                         uint32_t need) {
    int64_t sum = 0;
    for (uint32_t i = 0; i < rules->lock_count; ++i) {
        const mu_dispatch *d = &rules->lock[i];
        if (d->need == need && d->resource == resource && d->index == index) sum += d->quantity;
    }
    return sum;
}

/* Of what a vehicle brings, as much as a lock asks for is because of that. */
static void put_down_cargo(keeper *k, uint32_t was, mu_dispatch *dispatch) {
    const mu_rules *rules = k->candidates->rules;
    for (uint32_t i = 0; i < rules->cargo_count; ++i) {
        const mu_dispatch *c = &rules->cargo[i];
        if (c->need != dispatch->need || c->index != dispatch->index) continue;
        mu_dispatch locked = *dispatch;
        locked.is_locked   = true;
        if (locked.quantity > k->owed[i]) locked.quantity = k->owed[i];
        k->owed[i] -= locked.quantity;
        dispatch->quantity -= locked.quantity;
        if (locked.quantity > 0) k->stay[k->count++] = (stay){locked, was};
    }
}

static void put_down(keeper *k, uint32_t was, mu_dispatch dispatch) {
    const muster_resource resource = (muster_resource)dispatch.resource;
    if (dispatch.carrier != MUSTER_NONE) {
        put_down_cargo(k, was, &dispatch);
    } else if (resource == MUSTER_PEOPLE) {
        dispatch.quantity = k->problem->team[dispatch.index].people;
    } else {
        dispatch.quantity -=
            locked_to(k->candidates->rules, resource, dispatch.index, dispatch.need);
    }
    if (dispatch.quantity > 0) k->stay[k->count++] = (stay){dispatch, was};
}

/* The same unit and the same need, if there are both and the one may still go to the other. */
static void consider(keeper *k, uint32_t was) {
    const muster_assignment *a     = &k->past->assignment[was];
    const uint32_t           index = k->match->now[a->resource][a->index];
    const uint32_t           need  = k->match->now[MU_ROWS_NEED][a->need];
    mu_candidate             found;
    mu_dispatch              d = {a->resource, index, need, 0, a->quantity, MUSTER_NONE, false};
    if (need == MUSTER_NONE) {
        const uint32_t incident = k->past->problem.need[a->need].incident;
        k->verdict[was]         = k->match->now[MU_ROWS_INCIDENT][incident] == MUSTER_NONE
                                      ? MUSTER_BECAUSE_INCIDENT_CLOSED
                                      : MUSTER_BECAUSE_NEED_CHANGED;
        return;
    }
    if (index == MUSTER_NONE) {
        k->verdict[was] = MUSTER_BECAUSE_UNIT_LOST;
        return;
    }
    if (mu_is_shipped(k->problem, need)) {
        k->verdict[was] = mu_kept_trips_consider(&k->trips, was, &d);
    } else if (mu_candidate_at(&found, k->candidates, index, need)) {
        d.eta_ms        = found.eta_ms;
        k->verdict[was] = MUSTER_BECAUSE_COUNT;
    } else {
        k->verdict[was] = (uint8_t)mu_kept_why_not(k->past, k->candidates, a, index, need);
    }
    if (k->verdict[was] == MUSTER_BECAUSE_COUNT) put_down(k, was, d);
}

/* ---- as far as they go round ------------------------------------------------------------- */

static int in_order_of_service(const void *a, const void *b) {
    const mu_dispatch *d = &((const stay *)a)->dispatch, *e = &((const stay *)b)->dispatch;
    if (d->need != e->need) return d->need < e->need ? -1 : 1;
    if (d->eta_ms != e->eta_ms) return d->eta_ms < e->eta_ms ? -1 : 1;
    if (d->index != e->index) return d->index < e->index ? -1 : 1;
    if (d->carrier != e->carrier) return d->carrier < e->carrier ? -1 : 1;
    return e->is_locked - d->is_locked;
}

static int64_t least(int64_t a, int64_t b) {
    return a < b ? a : b;
}

/* Whether there is less of it, or less to do for it, and why. */
static muster_change_reason why_less(const keeper *k, const stay *s, int64_t left) {
    const muster_assignment *a = &k->past->assignment[s->was];
    if (left < s->dispatch.quantity) {
        const int64_t before = mu_supply(&k->past->problem, (muster_resource)a->resource, a->index);
        const int64_t now = mu_supply(k->problem, (muster_resource)a->resource, s->dispatch.index);
        return now < before ? MUSTER_BECAUSE_UNIT_LOST : MUSTER_BECAUSE_ORDERS;
    }
    if (k->problem->need[s->dispatch.need].quantity < k->past->problem.need[a->need].quantity) {
        return MUSTER_BECAUSE_NEED_CHANGED;
    }
    return k->candidates->demand[s->dispatch.need] < k->problem->need[s->dispatch.need].quantity
               ? MUSTER_BECAUSE_ORDERS
               : MUSTER_BECAUSE_UNFIT;
}

static muster_status serve(keeper *k, stay *s, mu_draft *out) {
    mu_dispatch  *d       = &s->dispatch;
    int64_t      *left    = &k->left[d->resource][d->index];
    int64_t      *missing = &k->missing[d->need];
    const bool    is_team = d->resource == MUSTER_PEOPLE;
    int64_t       sent    = least(d->quantity, *left);
    const int64_t wanted  = d->quantity;
    const bool    is_left_behind =
        d->carrier != MUSTER_NONE && !mu_kept_trips_may_go(&k->trips, d, k->left[MUSTER_VEHICLE]);
    if (d->is_locked && !is_left_behind) return mu_draft_copy(out, d);
    if (is_left_behind) sent = 0;
    if (!is_team) sent = least(sent, *missing);
    if (is_team && (*missing <= 0 || sent < wanted)) sent = 0;
    if (sent < wanted) k->verdict[s->was] = (uint8_t)why_less(k, s, *left);
    if (sent <= 0) return MUSTER_OK;
    *left -= sent;
    *missing -= sent;
    d->quantity = sent;
    return mu_draft_copy(out, d);
}

static muster_status prepare(keeper *k) {
    const muster_problem *p     = k->problem;
    const mu_rules       *rules = k->candidates->rules;
    const size_t          parts = rules->cargo_count > 0 ? 2 : 1; /* locked, and not */
    MU_TRY(mu_alloc(&k->stay, parts * k->past->assignment_count, sizeof *k->stay));
    MU_TRY(mu_alloc(&k->owed, rules->cargo_count, sizeof *k->owed));
    for (uint32_t i = 0; i < rules->cargo_count; ++i) k->owed[i] = rules->cargo[i].quantity;
    MU_TRY(mu_alloc_copy(&k->missing, k->candidates->demand, p->need_count, sizeof *k->missing));
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        MU_TRY(mu_alloc_copy(&k->left[r], k->candidates->supply[r],
                             muster_problem_unit_count(p, (muster_resource)r), sizeof(int64_t)));
    }
    return mu_kept_trips_init(&k->trips, k->past, k->match, k->candidates, k->shipping);
}

static muster_status find(keeper *k, mu_draft *out) {
    MU_TRY(prepare(k));
    for (uint32_t i = 0; i < k->past->assignment_count; ++i) consider(k, i);
    if (k->count > 0) qsort(k->stay, k->count, sizeof *k->stay, in_order_of_service);
    for (uint32_t i = 0; i < k->count; ++i) MU_TRY(serve(k, &k->stay[i], out));
    return MUSTER_OK;
}

muster_status mu_kept_find(mu_draft *out, uint8_t *out_verdict, const mu_past *past,
                           const mu_past_match *match, const mu_candidates *candidates,
                           const mu_shipment_model *shipping) {
    keeper              k      = {.past       = past,
                                  .match      = match,
                                  .candidates = candidates,
                                  .shipping   = shipping,
                                  .problem    = candidates->travel->problem,
                                  .verdict    = out_verdict};
    const muster_status status = find(&k, out);
    mu_kept_trips_fini(&k.trips);
    mu_free(k.stay);
    mu_free(k.missing);
    mu_free(k.owed);
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) mu_free(k.left[r]);
    return status;
}

/* ---- filling up -------------------------------------------------------------------------- */

/* What falls short of a minimum goes home. */
static muster_status send_useless_home(mu_draft *draft, const mu_candidates *c,
                                       bool *out_is_changed) {
    int64_t *sent;
    size_t   kept = 0;
    MU_TRY(mu_alloc_zeroed(&sent, c->travel->problem->need_count, sizeof *sent));
    for (size_t i = 0; i < draft->count; ++i) {
        const mu_dispatch *d = &draft->dispatch[i];
        if (!d->is_locked) sent[d->need] += d->quantity;
    }
    for (size_t i = 0; i < draft->count; ++i) {
        const mu_dispatch d = draft->dispatch[i];
        if (d.is_locked || sent[d.need] >= c->minimum[d.need]) draft->dispatch[kept++] = d;
    }
    *out_is_changed = kept < draft->count;
    draft->count    = kept;
    mu_free(sent);
    return MUSTER_OK;
}

/* What one round sends home may serve others in the next; in the end things are only taken away. */
static muster_status fill(mu_draft *draft, const mu_candidates *c,
                          const mu_shipment_model *shipping) {
    enum { ROUNDS = 10 };
    bool is_useless = true, is_repaired = false, is_trimmed = false;
    for (int round = 0; is_useless && round < ROUNDS; ++round) {
        MU_TRY(mu_fill(draft, c, shipping));
        MU_TRY(send_useless_home(draft, c, &is_useless));
    }
    while (is_useless || is_repaired || is_trimmed) {
        MU_TRY(mu_draft_trim(draft, c, &is_trimmed));
        MU_TRY(mu_together_repair(draft, c, &is_repaired));
        MU_TRY(send_useless_home(draft, c, &is_useless));
    }
    return MUSTER_OK;
}

/* Both are sorted in order of service, and who is kept arrives when he did. */
static bool has_all_teams(const mu_draft *draft, const mu_draft *kept) {
    size_t at = 0;
    for (size_t i = 0; i < kept->count; ++i) {
        const mu_dispatch *d = &kept->dispatch[i];
        if (d->resource != MUSTER_PEOPLE) continue;
        while (at < draft->count &&
               (draft->dispatch[at].need < d->need ||
                (draft->dispatch[at].need == d->need && draft->dispatch[at].index != d->index))) {
            ++at;
        }
        if (at == draft->count || draft->dispatch[at].need != d->need) return false;
    }
    return true;
}

/* Would the candidate come before a kept team of its need that is smaller? `kept` is sorted, and
 * `first` the first of that need. */
static bool is_in_the_way(const mu_candidates *c, const mu_candidate *x, uint32_t need,
                          const mu_draft *kept, size_t first) {
    const int64_t people = c->travel->problem->team[x->index].people;
    for (size_t i = first; i < kept->count && kept->dispatch[i].need == need; ++i) {
        const mu_dispatch *d = &kept->dispatch[i];
        if (d->index == x->index) return false;
        const bool is_before = x->eta_ms != d->eta_ms ? x->eta_ms < d->eta_ms : x->index < d->index;
        if (is_before && people > d->quantity) return true;
    }
    return false;
}

/* The candidates without those; `limited` has arrays of its own for lists alone. */
static void drop_who_is_in_the_way(mu_candidates *limited, const mu_candidates *c,
                                   const mu_draft *kept) {
    const muster_problem *p     = c->travel->problem;
    size_t                count = 0, at = 0;
    for (uint32_t n = 0; n < p->need_count; ++n) {
        while (at < kept->count && kept->dispatch[at].need < n) ++at;
        const bool is_team = mu_need_resource(p, n) == MUSTER_PEOPLE;
        limited->first[n]  = count;
        for (size_t i = c->first[n]; i < c->first[n + 1]; ++i) {
            if (is_team && is_in_the_way(c, &c->candidate[i], n, kept, at)) continue;
            limited->candidate[count++] = c->candidate[i];
        }
    }
    limited->first[p->need_count] = count;
}

/* Would a team leave another of the need without work, which arrives after it? `draft` is sorted, and
 * `first` the first of that need. */
static bool leaves_idle(const mu_candidates *c, const mu_candidate *x, uint32_t need,
                        const mu_draft *draft, size_t first) {
    int64_t before = c->travel->problem->team[x->index].people;
    for (size_t i = first; i < draft->count && draft->dispatch[i].need == need; ++i) {
        const mu_dispatch *d = &draft->dispatch[i];
        const bool is_later  = d->eta_ms != x->eta_ms ? d->eta_ms > x->eta_ms : d->index > x->index;
        if (is_later && before >= c->demand[need]) return true;
        before += d->quantity;
    }
    return false;
}

static bool is_worth_it(const mu_candidates *c, const mu_candidate *x, uint32_t need,
                        int64_t missing) {
    const int64_t people = c->travel->problem->team[x->index].people;
    const int64_t served = people < missing ? people : missing;
    return x->fixed_cost == 0 || x->fixed_cost < served * (mu_unmet_cost(c, need) - x->unit_cost);
}

/* Send the nearest free team to a need that it can serve without leaving another idle. */
static muster_status add_one_to(mu_draft *draft, const mu_candidates *c, const bool *is_sent,
                                uint32_t need, size_t first, bool *out_is_added) {
    int64_t sent = 0;
    for (size_t i = first; i < draft->count && draft->dispatch[i].need == need; ++i) {
        sent += draft->dispatch[i].quantity;
    }
    const int64_t missing = c->demand[need] - sent;
    for (size_t i = c->first[need]; i < c->first[need + 1] && missing > 0; ++i) {
        const mu_candidate *x      = &c->candidate[i];
        const int64_t       people = c->travel->problem->team[x->index].people;
        if (is_sent[x->index] || sent + people < c->minimum[need]) continue;
        if (leaves_idle(c, x, need, draft, first) || !is_worth_it(c, x, need, missing)) continue;
        *out_is_added = true;
        return mu_draft_add(draft, MUSTER_PEOPLE, x->index, need, x->eta_ms, people);
    }
    return MUSTER_OK;
}

/* Needs whose teams are kept have been filled with too much care: see who could go all the same. */
static muster_status add_one(mu_draft *draft, const mu_draft *kept, const mu_candidates *c,
                             bool *out_is_added) {
    bool *is_sent;
    *out_is_added = false;
    MU_TRY(mu_alloc_zeroed(&is_sent, c->travel->problem->team_count, sizeof *is_sent));
    mu_draft_sort(draft);
    for (size_t i = 0; i < draft->count; ++i) {
        if (draft->dispatch[i].resource == MUSTER_PEOPLE) is_sent[draft->dispatch[i].index] = true;
    }
    muster_status status = MUSTER_OK;
    size_t        first  = 0;
    for (size_t i = 0; i < kept->count && status == MUSTER_OK && !*out_is_added; ++i) {
        const uint32_t need = kept->dispatch[i].need;
        if (kept->dispatch[i].resource != MUSTER_PEOPLE) continue;
        while (first < draft->count && draft->dispatch[first].need < need) ++first;
        status = add_one_to(draft, c, is_sent, need, first, out_is_added);
    }
    mu_free(is_sent);
    return status;
}

/* Those of `kept` who are still sent: whether that is fewer. Both are sorted. */
static bool keep_who_is_sent(mu_draft *kept, const mu_draft *draft) {
    size_t left = 0, at = 0;
    for (size_t i = 0; i < kept->count; ++i) {
        const mu_dispatch d       = kept->dispatch[i];
        const mu_draft    one     = {&kept->dispatch[i], 1, 1};
        const mu_draft    rest    = {draft->dispatch + at, draft->count - at, 0};
        const bool        is_sent = has_all_teams(&rest, &one);
        while (at < draft->count && draft->dispatch[at].need < d.need) ++at;
        if (is_sent) kept->dispatch[left++] = d;
    }
    const bool is_fewer = left < kept->count;
    kept->count         = left;
    return is_fewer;
}

/* Who goes home for another reason than those who are nearer is in nobody's way, and frees who was in
 * his: then all is done again. */
static muster_status fill_beside(mu_draft *draft, mu_draft *kept, mu_candidates *limited,
                                 const mu_candidates *c, const mu_shipment_model *shipping) {
    bool is_added = true;
    do {
        MU_TRY(mu_draft_replace(draft, kept));
        drop_who_is_in_the_way(limited, c, kept);
        MU_TRY(fill(draft, limited, shipping));
        mu_draft_sort(draft);
    } while (keep_who_is_sent(kept, draft));
    for (;;) {
        MU_TRY(add_one(draft, kept, c, &is_added));
        if (!is_added) return MUSTER_OK;
        MU_TRY(fill(draft, limited, shipping));
    }
}

static muster_status fill_with_care(mu_draft *draft, mu_draft *kept, const mu_candidates *c,
                                    const mu_shipment_model *shipping) {
    const uint32_t needs   = c->travel->problem->need_count;
    mu_candidates  limited = *c;
    limited.first = NULL, limited.candidate = NULL;
    muster_status status = mu_alloc(&limited.first, (size_t)needs + 1, sizeof *limited.first);
    if (status == MUSTER_OK) {
        status = mu_alloc(&limited.candidate, c->first[needs], sizeof *limited.candidate);
    }
    if (status == MUSTER_OK) status = fill_beside(draft, kept, &limited, c, shipping);
    mu_free(limited.first);
    mu_free(limited.candidate);
    return status;
}

muster_status mu_kept_fill(mu_draft *draft, const mu_candidates *candidates,
                           const mu_shipment_model *shipping) {
    mu_draft      kept   = {0};
    muster_status status = mu_draft_replace(&kept, draft);
    if (status == MUSTER_OK) mu_draft_sort(&kept);
    if (status == MUSTER_OK) status = fill(draft, candidates, shipping);
    if (status == MUSTER_OK) mu_draft_sort(draft);
    if (status == MUSTER_OK && !has_all_teams(draft, &kept)) {
        status = fill_with_care(draft, &kept, candidates, shipping);
    }
    mu_draft_fini(&kept);
    return status;
}
