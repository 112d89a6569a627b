/* Resources are listed by kind once, so that a need looks only at those of its kind; the lists of
 * needs are made side by side, for none depends on another. */
#include "solver/candidates.h"

#include <muster/plan.h>
#include <string.h>

#include "core/alloc.h"
#include "core/threads.h"
#include "solver/key_sort.h"
#include "solver/weights.h"

int64_t mu_supply(const muster_problem *p, muster_resource resource, uint32_t index) {
    switch (resource) {
    case MUSTER_PEOPLE:
        return p->team[index].people;
    case MUSTER_VEHICLE:
        return 1;
    case MUSTER_MACHINE:
        return p->machine[index].count;
    default:
        return p->stock[index].quantity;
    }
}

/* ---- resources by kind --------------------------------------------------------------- */

/* Call `visit` for each kind of each resource that has some. A team that names a
 * capability twice has it once. */
static void visit_kinds(const muster_problem *p, void (*visit)(void *, uint32_t, uint32_t),
                        void                 *user) {
    for (uint32_t t = 0; t < p->team_count; ++t) {
        const muster_team *team = &p->team[t];
        for (uint32_t c = 0; c < team->capability_count; ++c) {
            uint32_t before = 0;
            while (team->capability[before] != team->capability[c]) ++before;
            if (before == c) visit(user, team->capability[c], t);
        }
    }
    for (uint32_t v = 0; v < p->vehicle_count; ++v) visit(user, p->vehicle[v].kind, v);
    for (uint32_t m = 0; m < p->machine_count; ++m) {
        if (p->machine[m].count > 0) visit(user, p->machine[m].kind, m);
    }
    for (uint32_t s = 0; s < p->stock_count; ++s) {
        if (p->stock[s].quantity > 0) visit(user, p->stock[s].kind, s);
    }
}

static void count_one(void *user, uint32_t kind, uint32_t index) {
    (void)index;
    ++((mu_candidates *)user)->first_of_kind[kind + 1];
}

/* Fills from the front: first_of_kind[kind] runs ahead and is set back afterwards. */
static void place_one(void *user, uint32_t kind, uint32_t index) {
    mu_candidates *c                     = user;
    c->of_kind[c->first_of_kind[kind]++] = index;
}

static muster_status group_by_kind(mu_candidates *c) {
    const muster_problem *p     = c->travel->problem;
    const uint32_t        kinds = p->kind_count;
    MU_TRY(mu_alloc_zeroed(&c->first_of_kind, (size_t)kinds + 1, sizeof *c->first_of_kind));
    visit_kinds(p, count_one, c);
    for (uint32_t i = 0; i < kinds; ++i) c->first_of_kind[i + 1] += c->first_of_kind[i];
    MU_TRY(mu_alloc(&c->of_kind, c->first_of_kind[kinds], sizeof *c->of_kind));
    visit_kinds(p, place_one, c);
    for (uint32_t i = kinds; i > 0; --i) c->first_of_kind[i] = c->first_of_kind[i - 1];
    c->first_of_kind[0] = 0;
    return MUSTER_OK;
}

/* ---- costs --------------------------------------------------------------------------- */

mu_objective mu_unmet_cost(const mu_candidates *c, uint32_t need) {
    return mu_objective_of(mu_price(c->travel->problem, need), 0);
}

/* What so many of a resource may be missed for: as if each zone that it covers lacked them. */
static mu_objective missed_for(const mu_candidates *c, const mu_dispatch *d, int64_t quantity) {
    const muster_resource resource = (muster_resource)d->resource;
    mu_objective          weight   = 0;
    for (size_t k = mu_cover_begin(c->cover, resource, d->index);
         k < mu_cover_end(c->cover, resource, d->index); ++k) {
        weight += c->travel->problem->zone[c->cover->zone[resource][k]].weight;
    }
    return weight * quantity;
}

static mu_objective in_balance(const mu_candidates *c, mu_objective response, mu_objective missed) {
    return (response >> c->response_shift) + (missed >> c->reserve_shift) * c->reserve_scale;
}

static bool goes_whole(const mu_dispatch *d) {
    return d->resource == MUSTER_PEOPLE || d->resource == MUSTER_VEHICLE;
}

mu_objective mu_unit_cost(const mu_candidates *c, const mu_dispatch *d) {
    const muster_problem *p = c->travel->problem;
    const mu_objective    response =
        (mu_objective)mu_price(p, d->need) * mu_response_s(p, p->need[d->need].incident, d->eta_ms);
    return in_balance(c, response, goes_whole(d) ? 0 : missed_for(c, d, 1));
}

mu_objective mu_fixed_cost(const mu_candidates *c, const mu_dispatch *d) {
    const muster_problem *p           = c->travel->problem;
    const muster_resource resource    = (muster_resource)d->resource;
    const uint32_t        destination = mu_rules_destination(c->rules, resource, d->index);
    const mu_objective    missed =
        goes_whole(d) ? missed_for(c, d, mu_supply(p, resource, d->index)) : 0;
    if (destination == MUSTER_NONE || destination == p->need[d->need].incident) {
        return in_balance(c, 0, missed);
    }
    return mu_objective_of(mu_weights(p)->diversion_unmet_need, 0) +
           in_balance(c, mu_weights(p)->diversion_response_time, missed);
}

/* ---- what is locked ------------------------------------------------------------------ */

static muster_status take_stock(mu_candidates *c) {
    const muster_problem *p = c->travel->problem;
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        const uint32_t count = muster_problem_unit_count(p, (muster_resource)r);
        MU_TRY(mu_alloc(&c->supply[r], count, sizeof *c->supply[r]));
        for (uint32_t i = 0; i < count; ++i) {
            const bool is_held = mu_rules_hold(c->rules, (muster_resource)r, i);
            c->supply[r][i]    = is_held ? 0 : mu_supply(p, (muster_resource)r, i);
        }
    }
    MU_TRY(mu_alloc(&c->demand, p->need_count, sizeof *c->demand));
    MU_TRY(mu_alloc(&c->minimum, p->need_count, sizeof *c->minimum));
    for (uint32_t n = 0; n < p->need_count; ++n) {
        const muster_need *need     = &p->need[n];
        const bool         is_whole = p->incident[need->incident].all_or_nothing;
        c->demand[n]                = need->quantity;
        c->minimum[n] = is_whole && need->minimum == 0 ? need->quantity : need->minimum;
    }
    return MUSTER_OK;
}

static void take_out(mu_candidates *c, const mu_dispatch *list, uint32_t count) {
    for (uint32_t i = 0; i < count; ++i) {
        const mu_dispatch *d = &list[i];
        const int64_t served = d->quantity < c->demand[d->need] ? d->quantity : c->demand[d->need];
        c->demand[d->need] -= served;
        c->minimum[d->need] -=
            d->quantity < c->minimum[d->need] ? d->quantity : c->minimum[d->need];
        c->supply[d->resource][d->index] -= d->quantity;
    }
}

/* ---- candidates ---------------------------------------------------------------------- */

/* Do rules leave some of it for the incident? */
static bool may_go(const mu_candidates *c, muster_resource resource, uint32_t index,
                   uint32_t incident) {
    if (c->supply[resource][index] <= 0) return false;
    if (resource == MUSTER_VEHICLE && mu_rules_load(c->rules, index) != MUSTER_NONE) return false;
    return mu_rules_allow(c->rules, resource, index, incident);
}

/* How far it gets. */
static muster_unmet_reason hurdle_of(const mu_candidates *c, muster_resource resource,
                                     uint32_t index, uint32_t need, uint32_t eta_ms) {
    const muster_problem *p        = c->travel->problem;
    const uint32_t        incident = p->need[need].incident;
    if (eta_ms == MUSTER_UNREACHABLE_MS) return MUSTER_UNMET_UNREACHABLE;
    if (!mu_is_good_enough(p, resource, index, need)) return MUSTER_UNMET_GRADE;
    if (!mu_shift_allows(p, resource, index, incident, eta_ms)) return MUSTER_UNMET_SHIFT;
    return MUSTER_UNMET_RULED_OUT;
}

/* Is it one, if it gets there in time? */
static bool is_suitable(const mu_candidates *c, muster_resource resource, uint32_t index,
                        uint32_t need) {
    const muster_problem *p = c->travel->problem;
    return may_go(c, resource, index, p->need[need].incident) &&
           mu_is_good_enough(p, resource, index, need);
}

static bool is_in_time(const mu_candidates *c, muster_resource resource, uint32_t index,
                       uint32_t need, uint32_t eta_ms) {
    return eta_ms != MUSTER_UNREACHABLE_MS &&
           mu_shift_allows(c->travel->problem, resource, index,
                           c->travel->problem->need[need].incident, eta_ms);
}

static mu_candidate price(const mu_candidates *c, muster_resource resource, uint32_t index,
                          uint32_t need, uint32_t eta_ms) {
    const mu_dispatch d = {(uint8_t)resource, index, need, eta_ms, 1, MUSTER_NONE, false};
    return (mu_candidate){index, eta_ms, mu_unit_cost(c, &d), mu_fixed_cost(c, &d)};
}

bool mu_candidate_at(mu_candidate *out, const mu_candidates *c, uint32_t index, uint32_t need) {
    const muster_problem *p        = c->travel->problem;
    const muster_resource resource = mu_need_resource(p, need);
    if (!mu_is_of_kind(p, resource, index, p->need[need].kind)) return false;
    if (!is_suitable(c, resource, index, need)) return false;
    const uint32_t eta_ms = mu_travel_eta_ms(c->travel, resource, index, p->need[need].incident);
    if (!is_in_time(c, resource, index, need, eta_ms)) return false;
    *out = price(c, resource, index, need, eta_ms);
    return true;
}

/* Nearest first, ties by index: as one number. */
static uint64_t key_of(uint32_t eta_ms, uint32_t index) {
    return (uint64_t)eta_ms << 32 | index;
}

static bool lists_candidates(const mu_candidates *c, uint32_t need) {
    return c->demand[need] > 0 && !mu_is_shipped(c->travel->problem, need);
}

/* Numbers are sorted before there are candidates, which are six times as large. */
static size_t list_keys(const mu_candidates *c, uint32_t need, uint64_t *out_key) {
    const muster_need    *n        = &c->travel->problem->need[need];
    const muster_resource resource = mu_need_resource(c->travel->problem, need);
    size_t                count    = 0;
    for (size_t i = c->first_of_kind[n->kind]; i < c->first_of_kind[n->kind + 1]; ++i) {
        const uint32_t index = c->of_kind[i];
        if (!is_suitable(c, resource, index, need)) continue;
        const uint32_t eta_ms = mu_travel_eta_ms(c->travel, resource, index, n->incident);
        if (is_in_time(c, resource, index, need, eta_ms)) out_key[count++] = key_of(eta_ms, index);
    }
    return count;
}

/* A need without candidates is unmet because of the last hurdle that somebody got to. Whose times are known is asked
 * first: the others are not asked any more once somebody has got as far as one can. */
static muster_unmet_reason why_none(const mu_candidates *c, uint32_t need) {
    const muster_need    *n        = &c->travel->problem->need[need];
    const muster_resource resource = mu_need_resource(c->travel->problem, need);
    const size_t          begin = c->first_of_kind[n->kind], end = c->first_of_kind[n->kind + 1];
    muster_unmet_reason   reason = MUSTER_UNMET_NONE_EXIST;
    if (!c->travel->incident_has_road[n->incident]) return MUSTER_UNMET_UNSNAPPED;
    if (begin < end) reason = MUSTER_UNMET_UNREACHABLE;
    if (mu_is_shipped(c->travel->problem, need)) return reason; /* ways have no part in it */
    for (int is_known = 1; is_known >= 0; --is_known) {
        for (size_t i = begin; i < end && reason != MUSTER_UNMET_RULED_OUT; ++i) {
            const uint32_t index = c->of_kind[i];
            if (mu_travel_is_known(c->travel, resource, index, n->incident) != is_known) continue;
            const uint32_t eta_ms = mu_travel_eta_ms(c->travel, resource, index, n->incident);
            const muster_unmet_reason hurdle = hurdle_of(c, resource, index, need, eta_ms);
            if (reason < hurdle) reason = hurdle;
        }
    }
    return reason;
}

/* `key` has room for twice as many keys as there may be candidates. */
static size_t list_candidates(mu_candidates *c, uint32_t need, uint64_t *key, mu_candidate *out) {
    const muster_resource resource = mu_need_resource(c->travel->problem, need);
    const size_t          count    = lists_candidates(c, need) ? list_keys(c, need, key) : 0;
    if (count == 0 && c->demand[need] > 0) c->reason[need] = (uint8_t)why_none(c, need);
    mu_sort_keys(count, key, key + count); /* indices ascend as they are */
    for (size_t i = 0; i < count; ++i) {
        out[i] = price(c, resource, (uint32_t)key[i], need, (uint32_t)(key[i] >> 32));
    }
    return count;
}

static size_t most_candidates(const mu_candidates *c, uint32_t need) {
    const uint32_t kind = c->travel->problem->need[need].kind;
    return lists_candidates(c, need) ? c->first_of_kind[kind + 1] - c->first_of_kind[kind] : 0;
}

/* Each need lists its own, where there is room for as many as it may have. */
typedef struct lists {
    const bool *is_wanted; /* [need_count] NULL: all are */
    size_t     *begin;     /* [need_count] */
    size_t     *count;     /* [need_count] */
    uint64_t   *key;       /* [threads][2 * most], scratch */
    size_t      most;      /* of one need */
} lists;

static bool is_wanted(const bool *wanted, uint32_t need) {
    return !wanted || wanted[need];
}

typedef struct listing {
    mu_candidates *candidates;
    const lists   *lists;
} listing;

/* Some needs one after the other: handing out each by itself would cost more. */
enum { NEEDS_AT_ONCE = 8 };

static void list_some(void *user, uint32_t job, uint32_t worker) {
    const listing *s   = user;
    const lists   *l   = s->lists;
    const uint32_t all = s->candidates->travel->problem->need_count;
    uint64_t      *key = l->key + (size_t)worker * 2 * l->most;
    for (uint32_t n = job * NEEDS_AT_ONCE; n < all && n < (job + 1) * NEEDS_AT_ONCE; ++n) {
        l->count[n] = 0;
        if (!is_wanted(l->is_wanted, n)) continue;
        l->count[n] =
            list_candidates(s->candidates, n, key, s->candidates->candidate + l->begin[n]);
    }
}

/* Where travel times are searched for when they are asked for, all that is going to be. */
muster_status mu_candidates_expect(const mu_candidates *c, const bool *wanted) {
    const muster_problem *p = c->travel->problem;
    for (uint32_t n = 0; c->travel->open && n < p->need_count; ++n) {
        if (!is_wanted(wanted, n) || !lists_candidates(c, n)) continue;
        const muster_resource resource = mu_need_resource(p, n);
        const uint32_t        kind = p->need[n].kind, incident = p->need[n].incident;
        for (size_t i = c->first_of_kind[kind]; i < c->first_of_kind[kind + 1]; ++i) {
            if (!is_suitable(c, resource, c->of_kind[i], n)) continue;
            MU_TRY(mu_travel_expect(c->travel, resource, c->of_kind[i], incident));
        }
    }
    return MUSTER_OK;
}

static void close_gaps(mu_candidates *c, const lists *l) {
    c->first[0] = 0;
    for (uint32_t n = 0; n < c->travel->problem->need_count; ++n) {
        c->first[n + 1] = c->first[n] + l->count[n];
        if (l->count[n] == 0 || c->first[n] == l->begin[n]) continue;
        memmove(&c->candidate[c->first[n]], &c->candidate[l->begin[n]],
                l->count[n] * sizeof *c->candidate);
    }
}

static muster_status list_with(mu_candidates *c, lists *l, uint32_t thread_count) {
    const uint32_t needs   = c->travel->problem->need_count;
    const uint32_t jobs    = needs / NEEDS_AT_ONCE + 1;
    const uint32_t threads = mu_thread_count(thread_count, jobs);
    listing        work    = {c, l};
    size_t         all     = 0;
    MU_TRY(mu_alloc(&c->first, (size_t)needs + 1, sizeof *c->first));
    MU_TRY(mu_alloc_zeroed(&c->reason, needs, sizeof *c->reason));
    MU_TRY(mu_alloc(&l->begin, needs, sizeof *l->begin));
    MU_TRY(mu_alloc(&l->count, needs, sizeof *l->count));
    for (uint32_t n = 0; n < needs; ++n) {
        const size_t most = is_wanted(l->is_wanted, n) ? most_candidates(c, n) : 0;
        l->begin[n]       = all;
        all += most;
        if (most > l->most) l->most = most;
    }
    MU_TRY(mu_alloc(&c->candidate, all, sizeof *c->candidate));
    MU_TRY(mu_alloc(&l->key, (size_t)threads * 2 * l->most, sizeof *l->key));
    mu_share_jobs(jobs, threads, list_some, &work);
    close_gaps(c, l);
    return MUSTER_OK;
}

static muster_status list_all(mu_candidates *c, const bool *wanted, uint32_t thread_count) {
    lists               l      = {.is_wanted = wanted};
    const muster_status status = list_with(c, &l, thread_count);
    mu_free(l.begin);
    mu_free(l.count);
    mu_free(l.key);
    return status;
}

/* ---- hopeless incidents -------------------------------------------------------------- */

static bool can_be_complete(const mu_candidates *c, uint32_t need) {
    const int64_t *supply   = c->supply[mu_need_resource(c->travel->problem, need)];
    int64_t        together = 0;
    for (size_t i = c->first[need]; i < c->first[need + 1] && together < c->minimum[need]; ++i) {
        together += supply[c->candidate[i].index];
    }
    return together >= c->minimum[need];
}

/* Nothing is ever sent to an incident that should get all, and cannot though all were idle:
 * none of its needs has candidates then. */
static void close_hopeless(mu_candidates *c, bool *is_hopeless) {
    const muster_problem *p    = c->travel->problem;
    size_t                kept = 0, begin = 0;
    for (uint32_t n = 0; n < p->need_count; ++n) {
        const uint32_t incident = p->need[n].incident;
        if (p->incident[incident].all_or_nothing && !mu_is_shipped(p, n) &&
            !can_be_complete(c, n)) {
            is_hopeless[incident] = true;
        }
    }
    for (uint32_t n = 0; n < p->need_count; ++n) {
        const size_t end   = c->first[n + 1];
        const bool   close = is_hopeless[p->need[n].incident];
        if (close && end > begin) c->reason[n] = MUSTER_UNMET_INCOMPLETE;
        for (size_t i = begin; i < end && !close; ++i) c->candidate[kept++] = c->candidate[i];
        c->first[n + 1] = kept;
        begin           = end;
    }
}

static muster_status close_incidents(mu_candidates *c) {
    bool *is_hopeless;
    MU_TRY(mu_alloc_zeroed(&is_hopeless, c->travel->problem->incident_count, sizeof *is_hopeless));
    close_hopeless(c, is_hopeless);
    mu_free(is_hopeless);
    return MUSTER_OK;
}

/* ---- reserve before response time ----------------------------------------------------- */

/* The most that all response times, and all that is missed, can come to. */
static void size_up(const mu_candidates *c, mu_objective *response, mu_objective *missed) {
    const muster_problem *p = c->travel->problem;
    for (uint32_t n = 0; n < p->need_count; ++n) {
        mu_objective longest = 0;
        for (size_t i = c->first[n]; i < c->first[n + 1]; ++i) {
            if (c->candidate[i].unit_cost > longest) longest = c->candidate[i].unit_cost;
        }
        *response += longest * c->demand[n];
    }
    for (uint32_t i = 0; i < c->rules->lock_count; ++i) {
        *response += c->rules->lock[i].quantity * mu_unit_cost(c, &c->rules->lock[i]);
    }
    *response += (mu_objective)p->rule_count * mu_weights(p)->diversion_response_time;
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        for (uint32_t i = 0; i < muster_problem_unit_count(p, (muster_resource)r); ++i) {
            const mu_dispatch d = {.resource = (uint8_t)r, .index = i};
            *missed += missed_for(c, &d, mu_supply(p, (muster_resource)r, i));
        }
    }
}

/* How much the lower half of all costs together may come to: engines that weigh the tiers
 * (currency.h) need both in 64 bits, tier 1 a million times. */
static mu_objective room_for(const muster_problem *p) {
    mu_objective unmet = 1;
    for (uint32_t n = 0; n < p->need_count; ++n) {
        unmet += (mu_objective)mu_price(p, n) * p->need[n].quantity;
    }
    return unmet < (mu_objective)1 << 41 ? unmet << 20 : (mu_objective)1 << 61;
}

/* Costs with reserve above response time, both in as many bits as there is room for. */
static void put_reserve_first(mu_candidates *c) {
    const mu_objective room     = room_for(c->travel->problem);
    mu_objective       response = 0, missed = 0;
    size_up(c, &response, &missed);
    while ((missed >> c->reserve_shift) + 1 > room >> 10) ++c->reserve_shift;
    const mu_objective share = room / ((missed >> c->reserve_shift) + 1);
    while ((response >> c->response_shift) + 1 > share) ++c->response_shift;
    c->reserve_scale = (int64_t)((response >> c->response_shift) + 1);
    for (uint32_t n = 0; n < c->travel->problem->need_count; ++n) {
        const muster_resource resource = mu_need_resource(c->travel->problem, n);
        for (size_t i = c->first[n]; i < c->first[n + 1]; ++i) {
            mu_candidate *k = &c->candidate[i];
            *k              = price(c, resource, k->index, n, k->eta_ms);
        }
    }
}

/* ---- all or nothing ------------------------------------------------------------------ */

static muster_status set_stakes(mu_candidates *c) {
    const muster_problem *p = c->travel->problem;
    int64_t              *worth; /* by incident: of all its needs */
    MU_TRY(mu_alloc_zeroed(&c->stake, p->need_count, sizeof *c->stake));
    MU_TRY(mu_alloc_zeroed(&worth, p->incident_count, sizeof *worth));
    for (uint32_t n = 0; n < p->need_count; ++n) {
        worth[p->need[n].incident] += c->demand[n] * mu_price(p, n);
    }
    for (uint32_t n = 0; n < p->need_count; ++n) {
        const uint32_t incident = p->need[n].incident;
        if (!p->incident[incident].all_or_nothing || c->minimum[n] == 0) continue;
        if (c->first[n] == c->first[n + 1]) continue; /* it is lost anyway, or comes by vehicle */
        c->stake[n] = worth[incident] - c->demand[n] * mu_price(p, n);
        c->has_stake |= c->stake[n] > 0;
    }
    mu_free(worth);
    return MUSTER_OK;
}

static void count_locks(mu_candidates *c) {
    const muster_problem *p       = c->travel->problem;
    uint32_t              need    = MUSTER_NONE;
    int64_t               missing = 0;
    for (uint32_t i = 0; i < c->rules->lock_count; ++i) {
        const mu_dispatch *d = &c->rules->lock[i];
        if (d->need != need) missing = p->need[d->need].quantity;
        need                 = d->need;
        const int64_t served = d->quantity < missing ? d->quantity : missing;
        c->lock_cost += served * mu_unit_cost(c, d) + mu_fixed_cost(c, d);
        missing -= served;
    }
    for (size_t i = 0; i < c->first[p->need_count]; ++i) {
        c->has_fixed_cost |= c->candidate[i].fixed_cost > 0;
    }
}

static muster_status start(mu_candidates *c) {
    MU_TRY(take_stock(c));
    take_out(c, c->rules->lock, c->rules->lock_count);
    take_out(c, c->rules->cargo, c->rules->cargo_count);
    return group_by_kind(c);
}

muster_status mu_candidates_start(mu_candidates *c, const mu_travel *travel, const mu_rules *rules,
                                  const mu_cover *cover) {
    *c                         = (mu_candidates){.travel = travel, .rules = rules, .cover = cover};
    const muster_status status = start(c);
    if (status != MUSTER_OK) mu_candidates_fini(c);
    return status;
}

/* Nobody is a candidate any more. */
static void forget_lists(mu_candidates *c) {
    mu_free(c->stake);
    mu_free(c->first);
    mu_free(c->candidate);
    mu_free(c->reason);
    c->stake = NULL, c->first = NULL, c->candidate = NULL, c->reason = NULL;
    c->lock_cost = 0, c->reserve_scale = 0, c->reserve_shift = 0, c->response_shift = 0;
    c->has_fixed_cost = false, c->has_stake = false;
}

muster_status mu_candidates_list(mu_candidates *c, const bool *wanted, uint32_t thread_count) {
    const muster_problem *p = c->travel->problem;
    forget_lists(c);
    MU_TRY(list_all(c, wanted, thread_count));
    MU_TRY(close_incidents(c));
    MU_TRY(set_stakes(c));
    /* With shipments, costs stay as they are: they weigh trips against what vehicles do. */
    if (mu_weights(p)->reserve_before_response && p->item_transport == MUSTER_ITEMS_BY_THEMSELVES) {
        put_reserve_first(c);
    }
    count_locks(c);
    return MUSTER_OK;
}

muster_status mu_candidates_init(mu_candidates *c, const mu_travel *travel, const mu_rules *rules,
                                 const mu_cover *cover, uint32_t thread_count) {
    return mu_candidates_init_for(c, travel, rules, cover, NULL, thread_count);
}

muster_status mu_candidates_init_for(mu_candidates *c, const mu_travel *travel,
                                     const mu_rules *rules, const mu_cover *cover,
                                     const bool *wanted, uint32_t thread_count) {
    MU_TRY(mu_candidates_start(c, travel, rules, cover));
    muster_status status = mu_candidates_expect(c, wanted);
    if (status == MUSTER_OK) status = mu_travel_search(travel);
    if (status == MUSTER_OK) status = mu_candidates_list(c, wanted, thread_count);
    if (status != MUSTER_OK) mu_candidates_fini(c);
    return status;
}

void mu_candidates_fini(mu_candidates *c) {
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) mu_free(c->supply[r]);
    mu_free(c->demand);
    mu_free(c->minimum);
    mu_free(c->first_of_kind);
    mu_free(c->of_kind);
    forget_lists(c);
    *c = (mu_candidates){0};
}
