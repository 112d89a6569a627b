/* Laws that plans have to keep however large the problem is, where brute force cannot go: what is
 * known of one problem says something of another that is a little different.
 *
 * A plan of the one that is possible in the other is no better than the other's bound. That is said
 * tier by tier: where the plan has no more than the other's plan in the tiers before, it has no less
 * than the other's bound. Where both are proven best, they are compared themselves. */
#include "tests/support/city_fixture.h"
#include "tests/support/rounds.h"

/* ---- what is known ----------------------------------------------------------------------- */

typedef struct known {
    int64_t value[MUSTER_TIER_COUNT], bound[MUSTER_TIER_COUNT]; /* in the problem's order */
} known;

static known solve_within(const muster_problem *problem, uint64_t work_limit) {
    muster_tier  order[MUSTER_TIER_COUNT];
    muster_plan *plan = city_solve(problem, work_limit, 1);
    known        k;
    muster_plan_tier_order(plan, order);
    for (int t = 0; t < MUSTER_TIER_COUNT; ++t) {
        k.value[t] = muster_plan_tier(plan, order[t]).value;
        k.bound[t] = muster_plan_tier(plan, order[t]).bound;
    }
    muster_plan_free(plan);
    return k;
}

static known solve(const muster_problem *problem) {
    return solve_within(problem, CITY_WORK);
}

typedef struct tally {
    uint64_t compared, equal; /* tiers that said something; both proven */
} tally;

/* `possible` is also a plan of the problem of which `other` is known, with the same tiers, as far as
 * the first `tiers` are concerned. */
static void cannot_be_better(const char *law, uint64_t seed, known possible, known other, int tiers,
                             tally *t) {
    for (int k = 0; k < tiers; ++k) {
        if (possible.value[k] < other.bound[k]) {
            fail_msg("%s, seed %llu, tier %d: a plan with %lld, but the bound is %lld", law,
                     (unsigned long long)seed, k + 1, (long long)possible.value[k],
                     (long long)other.bound[k]);
        }
        ++t->compared;
        if (possible.value[k] > other.value[k]) return;
    }
}

/* Each one's plan is one of the other. */
static void are_equal(const char *law, uint64_t seed, known a, known b, tally *t) {
    cannot_be_better(law, seed, a, b, MUSTER_TIER_COUNT, t);
    cannot_be_better(law, seed, b, a, MUSTER_TIER_COUNT, t);
    for (int k = 0; k < MUSTER_TIER_COUNT; ++k) {
        if (a.value[k] != a.bound[k] || b.value[k] != b.bound[k]) return;
        if (a.value[k] != b.value[k]) fail_msg("%s, seed %llu", law, (unsigned long long)seed);
        ++t->equal;
    }
}

static void tell(const tally *t, uint64_t least_equal) {
    print_message("%llu tiers compared, %llu proven equal\n", (unsigned long long)t->compared,
                  (unsigned long long)t->equal);
    assert_true(t->compared > 0 && t->equal >= least_equal);
}

/* Every way in which a city can be made, in turn. */
static unsigned features_of(uint64_t seed) {
    static const unsigned FEATURES[] = {CITY_PLAIN,
                                        CITY_COMMAND,
                                        CITY_TOGETHER,
                                        CITY_SHIPPED,
                                        CITY_COMMAND | CITY_RULED,
                                        CITY_COMMAND | CITY_TOGETHER | CITY_RULED,
                                        CITY_COMMAND | CITY_SHIPPED | CITY_RULED,
                                        CITY_COMMAND | CITY_TOGETHER | CITY_SHIPPED | CITY_RULED};
    return FEATURES[seed % (sizeof FEATURES / sizeof *FEATURES)];
}

enum { USUAL_CITIES = 16 };

/* ---- more is not worse --------------------------------------------------------------------- */

/* Who is there and stays at home changes nothing, so a plan without him is one with him: as it was
 * in every tier but reserve, where there is no more lacking. Reserve comes third. */
static void a_unit_more_never_hurts(void **state) {
    (void)state;
    const seeds asked = seeds_asked(USUAL_CITIES);
    tally       t     = {0};
    for (uint64_t seed = asked.first; seed < asked.end; ++seed) {
        static random_city c;
        random_city_new(&c, &roads, seed, features_of(seed));
        const known    before = solve(&c.problem);
        muster_problem more   = c.problem;
        more.team_count += 1;
        cannot_be_better("a team more", seed, before, solve(&more), 3, &t);
        more.vehicle_count += 1;
        more.machine_count += 1;
        more.stock_count += 2;
        cannot_be_better("all of a unit more", seed, before, solve(&more), 3, &t);
    }
    tell(&t, 0);
}

static void a_warehouse_more_that_may_ship_never_hurts(void **state) {
    (void)state;
    const seeds asked = seeds_asked(USUAL_CITIES / 2);
    tally       t     = {0};
    for (uint64_t seed = asked.first; seed < asked.end; ++seed) {
        static random_city c;
        random_city_new(&c, &roads, seed, CITY_SHIPPED | features_of(seed));
        c.problem.max_sources = 1;
        const known before    = solve(&c.problem);
        c.problem.max_sources = 2;
        cannot_be_better("two sources", seed, before, solve(&c.problem), MUSTER_TIER_COUNT, &t);
    }
    tell(&t, 0);
}

/* An incident more asks for something: a plan for both is, without what goes there, a plan for the
 * others, with no more unmet. */
static void an_incident_less_never_hurts(void **state) {
    (void)state;
    const seeds asked = seeds_asked(USUAL_CITIES);
    tally       t     = {0};
    for (uint64_t seed = asked.first; seed < asked.end; ++seed) {
        static random_city c;
        random_city_new(&c, &roads, seed, features_of(seed));
        const known    before = solve(&c.problem);
        muster_problem more   = c.problem;
        more.incident_count += 1;
        more.need_count += CITY_NEEDS_EACH;
        cannot_be_better("an incident less", seed, solve(&more), before, 1, &t);
    }
    tell(&t, 0);
}

/* ---- rules only take away ------------------------------------------------------------------ */

/* A lock lifts minima and what binds needs together from what it sends; here there are none. */
static void lift_what_a_lock_lifts(random_city *c) {
    for (uint32_t n = 0; n < CITY_NEEDS; ++n) c->need[n].minimum = 0;
    for (uint32_t i = 0; i < CITY_INCIDENTS; ++i) c->incident[i].all_or_nothing = 0;
    for (uint32_t k = 0; k < CITY_KINDS; ++k) c->kind[k].operator_count = 0;
}

/* About a team, a vehicle or stock, of which none is on its way. */
static muster_rule rule_of(uint64_t seed) {
    static const uint8_t RESOURCE[] = {MUSTER_PEOPLE, MUSTER_VEHICLE, MUSTER_ITEM};
    muster_rule          rule       = {.type     = (uint8_t)(seed % MUSTER_RULE_TYPE_COUNT),
                                       .resource = RESOURCE[seed / MUSTER_RULE_TYPE_COUNT % 3],
                                       .index    = (uint32_t)(seed % CITY_STOCKS),
                                       .incident = (uint32_t)(seed % CITY_INCIDENTS),
                                       .need     = MUSTER_NONE};
    if (rule.type == MUSTER_EN_ROUTE && rule.resource == MUSTER_ITEM)
        rule.resource = MUSTER_VEHICLE;
    return rule;
}

/* What is locked and not needed is sent in vain; that is a plan for nobody else. Tiers 1 and 2
 * count what serves. A diversion, which costs nothing where nobody is on his way, is dearer. */
static void a_rule_never_helps(void **state) {
    (void)state;
    const seeds asked = seeds_asked(2 * USUAL_CITIES);
    tally       t     = {0};
    for (uint64_t seed = asked.first; seed < asked.end; ++seed) {
        static random_city c;
        random_city_new(&c, &roads, seed, features_of(seed) & ~(unsigned)CITY_RULED);
        muster_rule     rule = rule_of(seed);
        muster_conflict conflict;
        uint32_t        conflicting, count;
        c.weights.diversion_unmet_need = 100000, c.weights.diversion_response_time = 1000000000;
        if (rule.type == MUSTER_LOCK) lift_what_a_lock_lifts(&c);
        const known before   = solve(&c.problem);
        c.problem.rule       = &rule;
        c.problem.rule_count = 1;
        assert_int_equal(muster_problem_conflict(&c.problem, &conflict, &conflicting, &count),
                         MUSTER_OK);
        if (conflict != MUSTER_NO_CONFLICT) continue;
        cannot_be_better("a rule", seed, solve(&c.problem), before, 2, &t);
    }
    tell(&t, 0);
}

/* ---- names and order ------------------------------------------------------------------------ */

static void shuffle(uint32_t *order, uint32_t count, uint64_t *rng) {
    for (uint32_t i = 0; i < count; ++i) order[i] = i;
    for (uint32_t i = count; i > 1; --i) {
        const uint32_t other = random_below(rng, i), last = order[i - 1];
        order[i - 1] = order[other];
        order[other] = last;
    }
}

typedef struct numbering {
    uint32_t team[CITY_TEAMS], vehicle[CITY_VEHICLES], machine[CITY_MACHINES], stock[CITY_STOCKS],
        incident[CITY_INCIDENTS], need[CITY_NEEDS];
} numbering;

static uint32_t find(const uint32_t *order, uint32_t what) {
    uint32_t i = 0;
    while (order[i] != what) ++i;
    return i;
}

/* The same city, told in another order. */
static void renumber(random_city *c, const random_city *before, uint64_t seed) {
    uint64_t  rng = seed;
    numbering n;
    shuffle(n.team, CITY_TEAMS, &rng);
    shuffle(n.vehicle, CITY_VEHICLES, &rng);
    shuffle(n.machine, CITY_MACHINES, &rng);
    shuffle(n.stock, CITY_STOCKS, &rng);
    shuffle(n.incident, CITY_INCIDENTS, &rng);
    shuffle(n.need, CITY_NEEDS, &rng);
    for (uint32_t i = 0; i < CITY_TEAMS; ++i) c->team[i] = before->team[n.team[i]];
    for (uint32_t i = 0; i < CITY_VEHICLES; ++i) c->vehicle[i] = before->vehicle[n.vehicle[i]];
    for (uint32_t i = 0; i < CITY_MACHINES; ++i) c->machine[i] = before->machine[n.machine[i]];
    for (uint32_t i = 0; i < CITY_STOCKS; ++i) c->stock[i] = before->stock[n.stock[i]];
    for (uint32_t i = 0; i < CITY_INCIDENTS; ++i) c->incident[i] = before->incident[n.incident[i]];
    for (uint32_t i = 0; i < CITY_NEEDS; ++i) {
        c->need[i]          = before->need[n.need[i]];
        c->need[i].incident = find(n.incident, c->need[i].incident);
    }
    for (uint32_t r = 0; r < c->problem.rule_count; ++r) {
        muster_rule *rule             = &c->rule[r];
        *rule                         = before->rule[c->problem.rule_count - 1 - r];
        rule->incident                = find(n.incident, rule->incident);
        const uint32_t *const order[] = {n.team, n.vehicle, n.machine, n.stock};
        rule->index                   = find(order[rule->resource], rule->index);
    }
}

static void the_order_of_rows_changes_nothing(void **state) {
    (void)state;
    const seeds asked = seeds_asked(USUAL_CITIES);
    tally       t     = {0};
    for (uint64_t seed = asked.first; seed < asked.end; ++seed) {
        static random_city c, before;
        random_city_new(&c, &roads, seed, features_of(seed));
        random_city_new(&before, &roads, seed, features_of(seed));
        const known as_it_was = solve(&c.problem);
        renumber(&c, &before, seed);
        are_equal("another order", seed, as_it_was, solve(&c.problem), &t);
    }
    tell(&t, asked.count);
}

/* Numbers are what decides; codes are only spoken. */
static void other_names_change_nothing_at_all(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < USUAL_CITIES / 2; ++seed) {
        static random_city c;
        uint32_t           count, other_count;
        random_city_new(&c, &roads, seed, features_of(seed));
        muster_plan *plan = city_solve(&c.problem, CITY_WORK / 4, 1);
        for (uint32_t i = 0; i < c.code_count; ++i) snprintf(c.code[i], 8, "Z%u", 999 - i);
        muster_plan             *other = city_solve(&c.problem, CITY_WORK / 4, 1);
        const muster_assignment *a     = muster_plan_assignments(plan, &count);
        const muster_assignment *b     = muster_plan_assignments(other, &other_count);
        assert_int_equal(count, other_count);
        for (uint32_t i = 0; i < count; ++i) {
            assert_true(a[i].resource == b[i].resource && a[i].index == b[i].index);
            assert_true(a[i].need == b[i].need && a[i].quantity == b[i].quantity);
        }
        muster_plan_free(plan);
        muster_plan_free(other);
    }
}

/* ---- weights ------------------------------------------------------------------------------- */

static void double_weights(muster_weights *w) {
    for (int s = 0; s < MUSTER_SEVERITY_COUNT; ++s) w->severity[s] *= 2;
    w->diversion_unmet_need *= 2;
    w->diversion_response_time *= 2;
}

/* Twice as bad everywhere is as bad as before: plans are worth twice as much in the first two tiers
 * and as much as before in the others, so their order is the same. */
static void doubling_severity_keeps_the_order(void **state) {
    (void)state;
    const seeds asked = seeds_asked(USUAL_CITIES);
    tally       t     = {0};
    for (uint64_t seed = asked.first; seed < asked.end; ++seed) {
        static random_city c;
        random_city_new(&c, &roads, seed, features_of(seed));
        known before = solve(&c.problem);
        double_weights(&c.weights);
        for (int k = 0; k < 2; ++k) before.value[k] *= 2, before.bound[k] *= 2;
        are_equal("doubled severity", seed, before, solve(&c.problem), &t);
    }
    tell(&t, asked.count);
}

/* Stopped anywhere, a search knows something, and what one knows holds for all. */
static void what_is_known_when_time_is_up_is_true(void **state) {
    (void)state;
    enum { STOPS = 5 };
    const seeds asked = seeds_asked(2 * USUAL_CITIES);
    tally       t     = {0};
    for (uint64_t seed = asked.first; seed < asked.end; ++seed) {
        static random_city c;
        known              stopped[STOPS];
        random_city_new(&c, &roads, seed, CITY_TOGETHER | features_of(seed));
        for (int i = 0; i < STOPS; ++i) stopped[i] = solve_within(&c.problem, CITY_WORK >> (2 * i));
        for (int i = 0; i < STOPS * STOPS; ++i) {
            cannot_be_better("stopped", seed, stopped[i / STOPS], stopped[i % STOPS],
                             MUSTER_TIER_COUNT, &t);
        }
    }
    tell(&t, 0);
}

/* A later deadline is never worse, nor is less to be added for lateness. */
static void more_time_never_hurts(void **state) {
    (void)state;
    const seeds asked = seeds_asked(USUAL_CITIES / 2);
    tally       t     = {0};
    for (uint64_t seed = asked.first; seed < asked.end; ++seed) {
        static random_city c;
        random_city_new(&c, &roads, seed, CITY_COMMAND | features_of(seed));
        const known before = solve(&c.problem);
        for (uint32_t i = 0; i < CITY_INCIDENTS; ++i) c.incident[i].deadline_ms = 0;
        cannot_be_better("no deadlines", seed, before, solve(&c.problem), 2, &t);
        c.weights.lateness_step_s = 0;
        cannot_be_better("nor lateness", seed, before, solve(&c.problem), 2, &t);
    }
    tell(&t, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_unit_more_never_hurts),
        cmocka_unit_test(a_warehouse_more_that_may_ship_never_hurts),
        cmocka_unit_test(an_incident_less_never_hurts),
        cmocka_unit_test(a_rule_never_helps),
        cmocka_unit_test(the_order_of_rows_changes_nothing),
        cmocka_unit_test(other_names_change_nothing_at_all),
        cmocka_unit_test(doubling_severity_keeps_the_order),
        cmocka_unit_test(what_is_known_when_time_is_up_is_true),
        cmocka_unit_test(more_time_never_hurts),
    };
    return cmocka_run_group_tests(tests, lay_roads, lift_roads);
}
