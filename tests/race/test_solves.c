/* Several threads of a dispatch system solve the same problem at once, each of them with threads of
 * its own: shipments beside people, prices of many needs, GLPK. Built with ThreadSanitizer (`cmake
 * --preset tsan`) it finds data races; in every build the plans are those of one thread alone. */
#include <pthread.h>

#include "tests/support/random_problem.h"
#include "tests/support/random_shipments.h"

enum { PROBLEMS = 40, SOLVERS = 3, THREADS = 4, WORK = 3000000 };

typedef struct solver {
    const muster_problem *problem;
    pthread_t             thread;
    muster_plan          *plan;
    muster_status         status;
} solver;

static muster_status solve(muster_plan **out, const muster_problem *problem, uint32_t threads) {
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    options.time_limit_ms        = 0;
    options.work_limit           = WORK;
    options.thread_count         = threads;
    return muster_solve(out, problem, &options);
}

static void *run(void *user) {
    solver *s = user;
    s->status = solve(&s->plan, s->problem, THREADS);
    return NULL;
}

static void assert_same(const muster_plan *a, const muster_plan *b) {
    uint32_t                 count, other;
    const muster_assignment *x = muster_plan_assignments(a, &count);
    const muster_assignment *y = muster_plan_assignments(b, &other);
    assert_int_equal(count, other);
    for (uint32_t i = 0; i < count; ++i) {
        assert_int_equal(x[i].resource, y[i].resource);
        assert_int_equal(x[i].index, y[i].index);
        assert_int_equal(x[i].need, y[i].need);
        assert_int_equal(x[i].quantity, y[i].quantity);
        assert_int_equal(x[i].shipment, y[i].shipment);
    }
    for (int t = 0; t < MUSTER_TIER_COUNT; ++t) {
        assert_int_equal(muster_plan_tier(a, (muster_tier)t).value,
                         muster_plan_tier(b, (muster_tier)t).value);
        assert_int_equal(muster_plan_tier(a, (muster_tier)t).bound,
                         muster_plan_tier(b, (muster_tier)t).bound);
    }
}

static void solve_at_once(const muster_problem *problem) {
    solver       s[SOLVERS];
    muster_plan *alone;
    assert_int_equal(solve(&alone, problem, 1), MUSTER_OK);
    for (int i = 0; i < SOLVERS; ++i) {
        s[i] = (solver){.problem = problem};
        assert_int_equal(pthread_create(&s[i].thread, NULL, run, &s[i]), 0);
    }
    for (int i = 0; i < SOLVERS; ++i) {
        assert_int_equal(pthread_join(s[i].thread, NULL), 0);
        assert_int_equal(s[i].status, MUSTER_OK);
        assert_same(s[i].plan, alone);
        muster_plan_free(s[i].plan);
    }
    muster_plan_free(alone);
}

static void shipments_do_not_disturb_each_other(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < PROBLEMS; ++seed) {
        static random_shipments r;
        random_shipments_new(&r, seed);
        solve_at_once(&r.problem);
        random_shipments_free(&r);
    }
}

static void people_and_shipments_do_not_disturb_each_other(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < PROBLEMS; ++seed) {
        static random_problem r;
        random_problem_new(&r, seed);
        for (uint32_t v = 0; v < RANDOM_OTHERS; ++v) {
            r.vehicle[v].payload_kg = 30, r.vehicle[v].volume_m3 = 1;
        }
        r.kind[5].mass_kg            = 10;
        r.problem.item_transport     = MUSTER_ITEMS_BY_VEHICLE;
        r.incident[0].all_or_nothing = seed % 2;
        solve_at_once(&r.problem);
        random_problem_free(&r);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shipments_do_not_disturb_each_other),
        cmocka_unit_test(people_and_shipments_do_not_disturb_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
