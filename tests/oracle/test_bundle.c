/* The best bundle of the teams near enough against the best of all teams: by a plain knapsack that
 * looks at each of them, and by the table itself where something keeps it from stopping early. */
#include "solver/bundle.h"

#include <string.h>

#include "tests/support/cmocka_all.h"
#include "tests/support/random.h"

enum { TEAMS = 64, MOST_NEED = 60, ROUNDS = 4000 };

/* One sink. The last arc is the lure: a team that costs nothing and is not for sale. With it none of
 * those before can be known to be the last that matter. */
typedef struct random_sink {
    int64_t         minimum, stake, supply[TEAMS + 1], demand;
    uint32_t        need;
    mu_candidates   candidates;
    mu_flow_arc     arc[TEAMS + 1];
    mu_objective    fixed_cost[TEAMS + 1], short_cost;
    size_t          first_arc[2];
    mu_market       market;
    int64_t         price[TEAMS + 1];
    uint8_t         is_forbidden[TEAMS + 1], is_forced[TEAMS + 1];
    uint32_t        forced_count;
    int64_t         least, most;
    mu_bundle_rules rules;
} random_sink;

/* Prices as plans have them: most teams are wanted by nobody, some are not to be had. */
static int64_t random_price(uint64_t *rng, uint32_t dear) {
    const uint32_t kind = random_below(rng, 8);
    if (kind == 0) return MU_NOT_FOR_SALE;
    return kind < 4 ? 0 : random_below(rng, dear);
}

static void random_arcs(random_sink *r, uint64_t *rng, bool is_sorted) {
    const uint32_t step = 1 + random_below(rng, 400), dear = 1 + random_below(rng, 100000);
    int64_t        cost = 0;
    for (uint32_t t = 0; t < TEAMS; ++t) {
        cost += random_below(rng, step);
        const int64_t own = is_sorted ? cost : random_below(rng, 20000);
        r->arc[t]         = (mu_flow_arc){mu_objective_of(0, own), t, 0};
        r->supply[t]      = 1 + random_below(rng, 12);
        r->price[t]       = random_price(rng, dear);
        r->fixed_cost[t]  = mu_objective_of(0, random_or_0(rng, 2) * random_below(rng, dear));
    }
    r->arc[TEAMS]        = (mu_flow_arc){0, TEAMS, 0};
    r->supply[TEAMS]     = 1;
    r->price[TEAMS]      = MU_NOT_FOR_SALE;
    r->fixed_cost[TEAMS] = 0;
}

static void random_rules(random_sink *r, uint64_t *rng) {
    const uint32_t forced = random_below(rng, 2) ? 0 : random_below(rng, 3);
    r->most               = r->demand;
    if (random_below(rng, 2)) r->most = random_below(rng, (uint32_t)r->demand + 1);
    if (random_below(rng, 2)) r->least = random_below(rng, (uint32_t)r->most + 1);
    for (uint32_t t = 0; t < TEAMS; ++t) r->is_forbidden[t] = random_below(rng, 6) == 0;
    for (uint32_t i = 0; i < forced; ++i) {
        const uint32_t t = random_below(rng, TEAMS);
        if (r->is_forbidden[t] || r->is_forced[t] || r->price[t] == MU_NOT_FOR_SALE) continue;
        r->is_forced[t] = 1;
        ++r->forced_count;
    }
    r->rules = (mu_bundle_rules){.is_forbidden = r->is_forbidden,
                                 .is_forced    = r->is_forced,
                                 .forced_count = &r->forced_count,
                                 .least        = &r->least,
                                 .most         = &r->most};
}

static void random_sink_new(random_sink *r, uint64_t seed) {
    uint64_t rng  = seed * 389 + 11;
    *r            = (random_sink){.demand = 1 + random_below(&rng, MOST_NEED)};
    r->short_cost = mu_objective_of(0, 1 + random_below(&rng, 60000));
    if (random_below(&rng, 3) == 0) r->minimum = random_below(&rng, (uint32_t)r->demand + 1);
    if (random_below(&rng, 3) == 0) r->stake = random_below(&rng, 100000);
    random_arcs(r, &rng, random_below(&rng, 5) > 0);
    random_rules(r, &rng);
    r->candidates = (mu_candidates){.minimum = &r->minimum, .stake = &r->stake};
    r->market     = (mu_market){.candidates   = &r->candidates,
                                .source_count = TEAMS + 1,
                                .sink_count   = 1,
                                .need         = &r->need,
                                .supply       = r->supply,
                                .demand       = &r->demand,
                                .short_cost   = &r->short_cost,
                                .arc          = r->arc,
                                .fixed_cost   = r->fixed_cost,
                                .first_arc    = r->first_arc};
}

/* ---- the oracle ------------------------------------------------------------------------------ */

/* Every team one after the other; value[n]: n people are there, of whom no more count than asked. */
static int64_t best_of_all(const random_sink *r, const mu_bundle_rules *rules, int64_t stake) {
    enum { NONE = -1 };
    int64_t       value[MOST_NEED + 1], next[MOST_NEED + 1];
    const int64_t need = r->demand, short_cost = (int64_t)r->short_cost;
    for (int64_t n = 0; n <= need; ++n) value[n] = n == 0 ? 0 : NONE;
    for (uint32_t t = 0; t < TEAMS; ++t) {
        const bool is_forced = rules && r->is_forced[t];
        if (r->price[t] == MU_NOT_FOR_SALE || (rules && r->is_forbidden[t])) continue;
        for (int64_t n = 0; n <= need; ++n) next[n] = is_forced ? NONE : value[n];
        for (int64_t n = 0; n < need; ++n) {
            if (value[n] == NONE) continue;
            const int64_t served = r->supply[t] < need - n ? r->supply[t] : need - n;
            const int64_t cost =
                value[n] + r->price[t] + (int64_t)(r->fixed_cost[t] + served * r->arc[t].cost);
            if (next[n + served] == NONE || cost < next[n + served]) next[n + served] = cost;
        }
        memcpy(value, next, sizeof value);
    }
    const bool may_be_empty = !rules || (r->least == 0 && r->forced_count == 0);
    int64_t    best         = may_be_empty ? need * short_cost + stake : MU_NO_BUNDLE;
    for (int64_t n = 1; n <= need; ++n) {
        if (value[n] == NONE || n < r->minimum) continue;
        if (rules && (n < r->least || n > r->most)) continue;
        const int64_t cost = value[n] + (need - n) * short_cost;
        if (cost < best) best = cost;
    }
    return best;
}

/* What the bundle in hand costs. */
static int64_t cost_of(const random_sink *r, const mu_bundler *b, int64_t stake) {
    int64_t missing = r->demand, cost = 0;
    for (uint32_t i = 0; i < b->arc_count; ++i) {
        const size_t  a      = b->arc[i];
        const int64_t served = r->supply[a] < missing ? r->supply[a] : missing;
        assert_true(i == 0 || b->arc[i - 1] < a);
        cost += r->price[a] + (int64_t)(r->fixed_cost[a] + served * r->arc[a].cost);
        missing -= served;
    }
    return cost + missing * (int64_t)r->short_cost + (b->arc_count == 0 ? stake : 0);
}

/* ---- tests ----------------------------------------------------------------------------------- */

typedef struct found {
    int64_t  value;
    size_t   arc[TEAMS + 1];
    uint32_t arc_count;
    uint64_t work;
} found;

static void find(found *f, random_sink *r, bool has_lure, const mu_bundle_rules *rules,
                 bool has_stake) {
    const mu_rates rates = {1, 1};
    mu_currency    currency;
    mu_bundler     b;
    r->market.arc_count = r->first_arc[1] = TEAMS + has_lure;
    r->candidates.has_stake               = has_stake;
    assert_int_equal(mu_currency_init(&currency, &r->market, rates), MUSTER_OK);
    mu_currency_count_stakes(&currency, &r->market);
    assert_int_equal(mu_bundler_init(&b, &r->market), MUSTER_OK);
    b.rules      = rules;
    f->value     = mu_bundle_find(&b, &currency, 0, r->price);
    f->work      = b.work;
    f->arc_count = b.arc_count;
    memcpy(f->arc, b.arc, b.arc_count * sizeof *f->arc);
    if (f->value < MU_NO_BUNDLE) {
        assert_int_equal(cost_of(r, &b, currency.stake[0]), f->value);
    }
    mu_bundler_fini(&b);
    mu_currency_fini(&currency);
}

static void the_best_of_those_near_enough_is_the_best_of_all(void **state) {
    (void)state;
    uint32_t pruned = 0, impossible = 0;
    for (uint64_t seed = 0; seed < ROUNDS; ++seed) {
        static random_sink     r;
        found                  near, all;
        const mu_bundle_rules *rules     = seed % 2 ? &r.rules : NULL;
        const bool             has_stake = seed % 4 >= 2;
        random_sink_new(&r, seed);
        find(&near, &r, false, rules, has_stake);
        find(&all, &r, true, rules, has_stake);
        assert_int_equal(near.value, best_of_all(&r, rules, has_stake ? r.stake : 0));
        assert_int_equal(near.value, all.value);
        assert_int_equal(near.arc_count, all.arc_count);
        assert_memory_equal(near.arc, all.arc, near.arc_count * sizeof *near.arc);
        assert_true(near.work <= all.work);
        pruned += near.work < all.work / 2;
        impossible += near.value == MU_NO_BUNDLE;
    }
    print_message("%d sinks, %u in less than half the steps, %u without a bundle\n", ROUNDS, pruned,
                  impossible);
    assert_true(pruned > ROUNDS / 4);
    assert_true(impossible > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_of_those_near_enough_is_the_best_of_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
