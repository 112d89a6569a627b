/* The engine for teams against every way to send them, on problems that are small enough: the same
 * plans, and bounds that are never above the best. */
#include "core/alloc.h"
#include "solver/team_engine.h"

#include <string.h>

#include "tests/support/random_market.h"

enum { ROUNDS = 400 };

/* ---- tests ------------------------------------------------------------------------------ */

static muster_status try_run_from(random_market *r, uint32_t threads, uint64_t work_limit,
                                  uint32_t *team_of, mu_bound *bound, mu_warm *warm) {
    const muster_solve_options options = {.work_limit = work_limit};
    mu_watch                   watch;
    uint32_t                   part[SINKS];
    mu_watch_start(&watch, &options);
    mu_market_find_parts(&r->market, part);
    for (uint32_t t = 0; t < TEAMS; ++t) team_of[t] = MUSTER_NONE;
    *bound = mu_bound_start(&r->candidates);
    return mu_team_engine_run(&r->market, part, threads, &watch, team_of, bound, warm);
}

static muster_status try_run(random_market *r, uint32_t threads, uint64_t work_limit,
                             uint32_t *team_of, mu_bound *bound) {
    return try_run_from(r, threads, work_limit, team_of, bound, NULL);
}

static mu_objective run(random_market *r, uint32_t threads, uint64_t work_limit, uint32_t *team_of,
                        mu_bound *bound) {
    assert_int_equal(try_run(r, threads, work_limit, team_of, bound), MUSTER_OK);
    return judge(r, team_of);
}

static void plans_agree_with_brute_force(void **state) {
    (void)state;
    uint32_t proven = 0;
    for (uint64_t seed = 0; seed < ROUNDS; ++seed) {
        random_market r;
        uint32_t      team_of[TEAMS], trial[TEAMS];
        mu_bound      bound;
        random_market_new(&r, seed);
        const mu_objective found = run(&r, 1, 0, team_of, &bound);
        mu_objective       best  = judge(&r, team_of);
        try_all(&r, 0, trial, &best);
        muster_tier_result unmet, response;
        mu_bound_tiers(&bound, best, &unmet, &response);
        assert_true(unmet.bound <= unmet.value);
        assert_true(response.bound <= response.value);
        mu_bound_tiers(&bound, found, &unmet, &response);
        mu_market_fini(&r.market);
        if (unmet.value != unmet.bound || response.value != response.bound) continue;
        assert_true(found == best);
        ++proven;
    }
    print_message("%d problems, %u proven\n", ROUNDS, proven);
    assert_true(proven > ROUNDS * 9 / 10);
}

/* ---- begun with what is known from before ------------------------------------------------ */

enum { BUNDLES = 12 };

/* Anything a planner could have left, and more: prices of another problem, of none, without end;
 * bundles of whoever may not go, twice the same, of nobody. */
static void random_warm_new(mu_warm *w, uint64_t seed) {
    uint64_t       rng     = seed * 131 + 7;
    const int64_t  wild[]  = {-1, 0, 1, INT64_MAX, INT64_MIN};
    const int64_t  rates[] = {1024, 1, INT64_MAX, 1000000, 0};
    const uint32_t size    = random_below(&rng, 4);
    int64_t        price[TEAMS];
    uint32_t       need[BUNDLES], team[BUNDLES * 3];
    size_t         first[BUNDLES + 1];
    for (int t = 0; t < TEAMS; ++t) {
        price[t] = random_below(&rng, 3) ? random_below(&rng, 1u << random_below(&rng, 31))
                                         : wild[random_below(&rng, 5)];
    }
    for (uint32_t b = 0; b <= BUNDLES; ++b) first[b] = (size_t)b * size;
    for (uint32_t b = 0; b < BUNDLES; ++b) need[b] = random_below(&rng, SINKS);
    for (uint32_t i = 0; i < BUNDLES * size; ++i) team[i] = random_below(&rng, TEAMS);
    *w = (mu_warm){
        .rate = rates[random_below(&rng, 5)], .team_count = TEAMS, .bundle_count = BUNDLES};
    assert_int_equal(mu_alloc_copy(&w->price, price, TEAMS, sizeof *price), MUSTER_OK);
    assert_int_equal(mu_alloc_copy(&w->need, need, BUNDLES, sizeof *need), MUSTER_OK);
    assert_int_equal(mu_alloc_copy(&w->team, team, BUNDLES * size, sizeof *team), MUSTER_OK);
    assert_int_equal(mu_alloc_copy(&w->first, first, BUNDLES + 1, sizeof *first), MUSTER_OK);
}

/* Whatever the engine has been told, its bounds are bounds, and what it proves is the best. */
static bool agrees_with(random_market *r, mu_objective best, mu_warm *warm) {
    uint32_t           team_of[TEAMS];
    mu_bound           bound;
    muster_tier_result unmet, response;
    assert_int_equal(try_run_from(r, 1, 0, team_of, &bound, warm), MUSTER_OK);
    const mu_objective found = judge(r, team_of);
    mu_bound_tiers(&bound, best, &unmet, &response);
    assert_true(unmet.bound <= unmet.value && response.bound <= response.value);
    mu_bound_tiers(&bound, found, &unmet, &response);
    const bool is_proven = unmet.value == unmet.bound && response.value == response.bound;
    if (is_proven) assert_true(found == best);
    return is_proven;
}

static void wrong_memories_spoil_neither_plans_nor_bounds(void **state) {
    (void)state;
    uint32_t proven = 0;
    for (uint64_t seed = 0; seed < ROUNDS; ++seed) {
        random_market r;
        uint32_t      team_of[TEAMS], trial[TEAMS];
        mu_bound      bound;
        mu_warm       warm;
        random_market_new(&r, seed);
        run(&r, 1, 0, team_of, &bound);
        mu_objective best = judge(&r, team_of);
        try_all(&r, 0, trial, &best);
        random_warm_new(&warm, seed);
        proven += agrees_with(&r, best, &warm);
        proven += agrees_with(&r, best, &warm); /* and with what it has learnt itself */
        mu_warm_fini(&warm);
        mu_market_fini(&r.market);
    }
    print_message("%d problems twice, %u proven\n", ROUNDS, proven);
    assert_true(proven > 2 * ROUNDS * 9 / 10);
}

static bool is_same_array(const void *a, const void *b, size_t count, size_t size) {
    return count == 0 || memcmp(a, b, count * size) == 0;
}

static void are_memories_the_same(const mu_warm *a, const mu_warm *b) {
    assert_int_equal(a->rate, b->rate);
    assert_int_equal(a->bundle_count, b->bundle_count);
    assert_true(is_same_array(a->price, b->price, TEAMS, sizeof *a->price));
    assert_true(is_same_array(a->need, b->need, a->bundle_count, sizeof *a->need));
    assert_true(is_same_array(a->first, b->first, a->bundle_count + 1, sizeof *a->first));
    assert_true(is_same_array(a->team, b->team, a->first[a->bundle_count], sizeof *a->team));
}

static void memories_are_the_same_for_any_number_of_threads(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < 40; ++seed) {
        random_market  r;
        uint32_t       one[TEAMS] = {0}, many[TEAMS] = {0};
        mu_bound       bound_of_one, bound_of_many;
        mu_warm        warm_of_one, warm_of_many;
        const uint64_t work = 1 + 5000 * (seed % 8);
        random_market_new(&r, seed);
        random_warm_new(&warm_of_one, seed);
        random_warm_new(&warm_of_many, seed);
        try_run_from(&r, 1, work, one, &bound_of_one, &warm_of_one);
        try_run_from(&r, 4, work, many, &bound_of_many, &warm_of_many);
        assert_memory_equal(one, many, sizeof one);
        assert_memory_equal(&bound_of_one, &bound_of_many, sizeof bound_of_one);
        are_memories_the_same(&warm_of_one, &warm_of_many);
        mu_warm_fini(&warm_of_one);
        mu_warm_fini(&warm_of_many);
        mu_market_fini(&r.market);
    }
}

static void a_work_limit_gives_the_same_plan_for_any_number_of_threads(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < 40; ++seed) {
        random_market r;
        uint32_t      one[TEAMS] = {0}, many[TEAMS] = {0};
        mu_bound      bound_of_one, bound_of_many;
        random_market_new(&r, seed);
        const uint64_t work = 1 + 5000 * (seed % 8);
        run(&r, 1, work, one, &bound_of_one);
        run(&r, 4, work, many, &bound_of_many);
        assert_memory_equal(one, many, sizeof one);
        assert_memory_equal(&bound_of_one, &bound_of_many, sizeof bound_of_one);
        mu_market_fini(&r.market);
    }
}

/* From wherever it fails, prices and proofs included: none may be taken for "nothing to do". */
static void every_allocation_may_fail(void **state) {
    (void)state;
    int64_t most = 0;
    for (uint64_t seed = 0; seed < 10; ++seed) {
        random_market r;
        uint32_t      team_of[TEAMS];
        mu_bound      bound;
        random_market_new(&r, seed);
        mu_warm warm;
        random_warm_new(&warm, seed);
        (void)mu_alloc_fail_after(-1);
        assert_int_equal(try_run_from(&r, 1, 0, team_of, &bound, &warm), MUSTER_OK);
        const int64_t count = mu_alloc_fail_after(-1);
        mu_warm_fini(&warm);
        for (int64_t failing = 0; failing < count; ++failing) {
            random_warm_new(&warm, seed);
            (void)mu_alloc_fail_once_after(failing);
            const muster_status status = try_run_from(&r, 1, 0, team_of, &bound, &warm);
            (void)mu_alloc_fail_after(-1);
            assert_int_equal(status, MUSTER_E_NOMEM);
            mu_warm_fini(&warm);
        }
        if (count > most) most = count;
        mu_market_fini(&r.market);
    }
    assert_true(most > 100);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plans_agree_with_brute_force),
        cmocka_unit_test(a_work_limit_gives_the_same_plan_for_any_number_of_threads),
        cmocka_unit_test(wrong_memories_spoil_neither_plans_nor_bounds),
        cmocka_unit_test(memories_are_the_same_for_any_number_of_threads),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
