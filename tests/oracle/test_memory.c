/* Each allocation of a whole solve fails alone, in turn, and all that follow it succeed: a failure
 * that is swallowed shows, because a plan comes out as if nothing had happened.
 *
 * There is no place left where that is meant: a plan that could have been better with more memory is
 * not returned. (GLPK's own memory is another matter: tests/oracle/test_glpk_storm.c.) */
#include "core/alloc.h"
#include "tests/support/random_city.h"
#include "tests/support/random_model.h"
#include "tests/support/random_shipments.h"
#include "tests/support/rounds.h"

static muster_status try_solve(const muster_problem *problem, uint64_t work_limit,
                               uint32_t thread_count, muster_plan **out) {
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    options.time_limit_ms        = 0;
    options.work_limit           = work_limit;
    options.thread_count         = thread_count;
    return muster_solve(out, problem, &options);
}

typedef struct tally {
    int64_t problems, allocations, failed;
} tally;

/* Every `step`th of the allocations of one solve. */
static void fail_each(const char *what, uint64_t seed, const muster_problem *problem,
                      uint64_t work_limit, uint32_t thread_count, int64_t step, tally *t) {
    muster_plan *plan;
    int          solved = 0;
    while (solved++ <
           2) { /* the second finds what is near to places remembered, as all that follow */
        (void)mu_alloc_fail_after(-1);
        assert_int_equal(try_solve(problem, work_limit, thread_count, &plan), MUSTER_OK);
        muster_plan_free(plan);
    }
    const int64_t count = mu_alloc_fail_after(-1);
    for (int64_t failing = (int64_t)seed % step; failing < count; failing += step) {
        (void)mu_alloc_fail_once_after(failing);
        const muster_status status = try_solve(problem, work_limit, thread_count, &plan);
        const bool          failed = mu_alloc_fail_after(-1) > failing;
        if (!failed) { /* several threads do not always ask equally often */
            assert_true(status == MUSTER_OK && thread_count > 1);
            muster_plan_free(plan);
            continue;
        }
        if (status != MUSTER_E_NOMEM || plan != NULL) {
            fail_msg("%s, seed %llu: allocation %lld of %lld failed, and the solve said %d", what,
                     (unsigned long long)seed, (long long)failing, (long long)count, (int)status);
        }
        ++t->failed;
    }
    ++t->problems;
    t->allocations += count;
}

static void tell(const tally *t) {
    print_message("%lld problems, %lld allocations, %lld failed alone\n", (long long)t->problems,
                  (long long)t->allocations, (long long)t->failed);
}

static bool has_conflict(const muster_problem *problem) {
    muster_conflict conflict;
    uint32_t        rule[MODEL_RULES], count;
    assert_int_equal(muster_problem_conflict(problem, &conflict, rule, &count), MUSTER_OK);
    return conflict != MUSTER_NO_CONFLICT;
}

static void in_problems_with_everything(void **state) {
    (void)state;
    const seeds asked = seeds_asked(12);
    tally       t     = {0};
    for (uint64_t seed = asked.first; seed < asked.end; ++seed) {
        static random_model m;
        random_model_new(&m, seed, MODEL_EVERYTHING);
        if (!has_conflict(&m.problem)) fail_each("model", seed, &m.problem, 0, 1, 1, &t);
        random_model_free(&m);
    }
    tell(&t);
}

static void in_shipments(void **state) {
    (void)state;
    const seeds asked = seeds_asked(12);
    tally       t     = {0};
    for (uint64_t seed = asked.first; seed < asked.end; ++seed) {
        static random_shipments r;
        random_shipments_new(&r, seed);
        if (seed % 2) random_shipments_command(&r, seed);
        fail_each("shipments", seed, &r.problem, 20000, 1, 1, &t);
        random_shipments_free(&r);
    }
    tell(&t);
}

/* Large enough for column generation, proofs and local search, so only some of them. */
static void in_cities(void **state) {
    (void)state;
    static const unsigned FEATURES[] = {CITY_PLAIN, CITY_COMMAND | CITY_TOGETHER | CITY_RULED,
                                        CITY_COMMAND | CITY_TOGETHER | CITY_SHIPPED | CITY_RULED};
    const seeds           asked      = seeds_asked(3);
    tally                 t          = {0};
    city_roads            roads;
    city_roads_init(&roads);
    for (uint64_t seed = asked.first; seed < asked.end; ++seed) {
        static random_city c;
        random_city_new(&c, &roads, seed, FEATURES[seed % 3]);
        fail_each("city", seed, &c.problem, CITY_WORK / 16, 1, 37, &t);
    }
    city_roads_fini(&roads);
    tell(&t);
}

/* Which thread meets the failure is then left to chance; that it is told is not. */
static void on_several_threads(void **state) {
    (void)state;
    tally      t = {0};
    city_roads roads;
    city_roads_init(&roads);
    static random_city c;
    random_city_new(&c, &roads, 1, CITY_COMMAND | CITY_SHIPPED);
    fail_each("city on threads", 1, &c.problem, CITY_WORK / 16, 3, 61, &t);
    city_roads_fini(&roads);
    tell(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_problems_with_everything),
        cmocka_unit_test(in_shipments),
        cmocka_unit_test(in_cities),
        cmocka_unit_test(on_several_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
