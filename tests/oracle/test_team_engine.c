/* The engine for teams against every way to send them, on problems that are small enough: the same
 * plans, and bounds that are never above the best. */
#include "core/alloc.h"
#include "solver/team_engine.h"

#include <string.h>

#include "tests/support/random_market.h"

enum { ROUNDS = 400 };

/* ---- tests ------------------------------------------------------------------------------ */

static muster_status try_run(random_market *r, uint32_t threads, uint64_t work_limit,
                             uint32_t *team_of, mu_bound *bound) {
    const muster_solve_options options = {.work_limit = work_limit};
    mu_watch                   watch;
    uint32_t                   part[SINKS];
    mu_watch_start(&watch, &options);
    mu_market_find_parts(&r->market, part);
    for (uint32_t t = 0; t < TEAMS; ++t) team_of[t] = MUSTER_NONE;
    *bound = mu_bound_start(&r->candidates);
    return mu_team_engine_run(&r->market, part, threads, &watch, team_of, bound);
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
        (void)mu_alloc_fail_after(-1);
        assert_int_equal(try_run(&r, 1, 0, team_of, &bound), MUSTER_OK);
        const int64_t count = mu_alloc_fail_after(-1);
        for (int64_t failing = 0; failing < count; ++failing) {
            (void)mu_alloc_fail_once_after(failing);
            const muster_status status = try_run(&r, 1, 0, team_of, &bound);
            (void)mu_alloc_fail_after(-1);
            assert_int_equal(status, MUSTER_E_NOMEM);
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
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
