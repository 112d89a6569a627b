/* Small random markets of teams and needs, crowded or not, and the best that can be made of them by
 * trying every way to send every team. */
#ifndef TESTS_SUPPORT_RANDOM_MARKET_H
#define TESTS_SUPPORT_RANDOM_MARKET_H

#include <stdlib.h>

#include "solver/market.h"
#include "solver/weights.h"
#include "tests/support/cmocka_all.h"
#include "tests/support/random.h"

enum { TEAMS = 7, SINKS = 4 };

typedef struct random_market {
    muster_kind     kind[2];
    muster_team     team[TEAMS];
    muster_incident incident[SINKS];
    muster_need     need[SINKS];
    muster_problem  problem;
    mu_travel       travel;
    mu_candidate    candidate[TEAMS * SINKS];
    size_t          first[SINKS + 1];
    int64_t         supply[TEAMS], demand[SINKS], minimum[SINKS];
    mu_candidates   candidates;
    mu_market       market;
} random_market;

static inline int nearest_first(const void *a, const void *b) {
    const mu_candidate *x = a, *y = b;
    if (x->eta_ms != y->eta_ms) return x->eta_ms < y->eta_ms ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

/* Some are on their way elsewhere, at a price in either tier. */
static inline mu_candidate random_candidate(random_market *r, uint64_t *rng, uint32_t team,
                                            uint32_t sink) {
    const uint32_t eta_ms = 60000 * random_below(rng, 50);
    mu_candidate   c      = {.index = team, .eta_ms = eta_ms};
    c.unit_cost           = mu_objective_of(0, mu_price(&r->problem, sink) * (eta_ms / 1000));
    if (random_below(rng, 5) == 0) {
        c.fixed_cost = mu_objective_of(random_below(rng, 2) * random_below(rng, 1000000),
                                       random_below(rng, 2000000000));
    }
    return c;
}

/* Crowded or not, with equal teams and times among them, and minimums that bite. */
static inline void random_market_new(random_market *r, uint64_t seed) {
    uint64_t       rng     = seed * 977 + 5;
    const uint32_t sizes   = 1 + random_below(&rng, 12);
    const uint32_t demands = 3 + random_below(&rng, 25);
    const uint32_t all[]   = {0, 1, 2, 3};
    size_t         count   = 0;
    *r                     = (random_market){.problem = {.kind_count     = 2,
                                                         .kind           = r->kind,
                                                         .team_count     = TEAMS,
                                                         .team           = r->team,
                                                         .incident_count = SINKS,
                                                         .incident       = r->incident,
                                                         .need_count     = SINKS,
                                                         .need           = r->need}};
    r->travel.problem      = &r->problem;
    r->candidates          = (mu_candidates){.travel         = &r->travel,
                                             .candidate      = r->candidate,
                                             .first          = r->first,
                                             .supply         = {[MUSTER_PEOPLE] = r->supply},
                                             .demand         = r->demand,
                                             .minimum        = r->minimum,
                                             .has_fixed_cost = true};
    for (uint32_t t = 0; t < TEAMS; ++t) {
        r->team[t].people = 1 + random_below(&rng, sizes);
        r->supply[t]      = r->team[t].people;
    }
    for (uint32_t j = 0; j < SINKS; ++j) {
        r->incident[j].severity = (uint8_t)random_below(&rng, 4);
        r->need[j]              = (muster_need){
                         .incident = j, .kind = j % 2, .quantity = 1 + random_below(&rng, demands)};
        if (random_below(&rng, 2)) {
            r->need[j].minimum = random_below(&rng, (uint32_t)r->need[j].quantity + 1);
        }
        r->demand[j]       = r->need[j].quantity;
        r->minimum[j]      = r->need[j].minimum;
        const size_t first = r->first[j] = count;
        for (uint32_t t = 0; t < TEAMS; ++t) {
            if (random_below(&rng, 4) == 0) continue;
            r->candidate[count++] = random_candidate(r, &rng, t, j);
        }
        qsort(r->candidate + first, count - first, sizeof *r->candidate, nearest_first);
    }
    r->first[SINKS] = count;
    assert_int_equal(mu_market_init(&r->market, &r->candidates, MUSTER_PEOPLE, all, SINKS),
                     MUSTER_OK);
}

/* ---- the oracle -------------------------------------------------------------------------- */

static inline mu_objective judge(const random_market *r, const uint32_t *team_of) {
    const mu_market *m   = &r->market;
    mu_objective     sum = 0;
    for (uint32_t j = 0; j < SINKS; ++j) {
        int64_t      missing = m->demand[j], sent = 0;
        mu_objective cost = 0;
        for (size_t a = m->first_arc[j]; a < m->first_arc[j + 1]; ++a) {
            const uint32_t t = m->arc[a].source;
            if (team_of[t] != j) continue;
            const int64_t served = m->supply[t] < missing ? m->supply[t] : missing;
            cost += served * m->arc[a].cost + m->fixed_cost[a];
            missing -= served;
            sent += m->supply[t];
        }
        const bool is_useless = sent < r->need[j].minimum;
        sum += is_useless ? m->demand[j] * m->short_cost[j] : cost + missing * m->short_cost[j];
    }
    return sum;
}

static inline bool can_go(const mu_market *m, uint32_t team, uint32_t sink) {
    for (size_t a = m->first_arc[sink]; a < m->first_arc[sink + 1]; ++a) {
        if (m->arc[a].source == team) return true;
    }
    return false;
}

static inline void try_all(const random_market *r, uint32_t team, uint32_t *team_of,
                           mu_objective *best) {
    if (team == TEAMS || team == r->market.source_count) {
        const mu_objective value = judge(r, team_of);
        if (value < *best) *best = value;
        return;
    }
    team_of[team] = MUSTER_NONE;
    try_all(r, team + 1, team_of, best);
    for (uint32_t j = 0; j < SINKS; ++j) {
        if (!can_go(&r->market, team, j)) continue;
        team_of[team] = j;
        try_all(r, team + 1, team_of, best);
    }
    team_of[team] = MUSTER_NONE;
}

#endif
