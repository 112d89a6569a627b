/* From a problem to a plan: what the caller sees. */
#include <math.h>
#include <muster/solve.h>
#include <string.h>

#include "core/alloc.h"
#include "tests/support/random_problem.h"

static random_problem r;

static int set_up(void **state) {
    (void)state;
    random_problem_new(&r, 3);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    random_problem_free(&r);
    return 0;
}

static void refused(const char *message) {
    muster_plan *plan = (muster_plan *)&r;
    assert_int_equal(muster_solve(&plan, &r.problem, NULL), MUSTER_E_INVALID);
    assert_null(plan);
    assert_string_equal(muster_error_message(), message);
}

/* ---- wrong problems -------------------------------------------------------------------- */

static void a_quantity_below_one_is_named(void **state) {
    (void)state;
    r.need[3].quantity = -2;
    r.need[3].kind     = 4;
    r.need[3].incident = 1;
    r.incident[1].code = "I-7";
    refused("need 3 of incident \"I-7\" asks for -2 of \"pump\"; expected 1 to 1000000000");
}

static void a_minimum_above_the_quantity_is_named(void **state) {
    (void)state;
    r.need[0].quantity = 3, r.need[0].minimum = 4, r.need[0].kind = 5;
    r.incident[0].code = "I-1";
    refused(
        "need 0 of incident \"I-1\" has minimum 4 of \"sandbag\"; expected 0 to its quantity, 3");
}

static void coordinates_off_the_globe_are_named(void **state) {
    (void)state;
    r.team[2].unit.code = "T", r.team[2].unit.site = (muster_site){30.75, 120.75};
    refused("team 2 (\"T\") is at longitude 30.75, latitude 120.75; expected -180 to 180 and -90 "
            "to 90 degrees, longitude first");
    r.team[2].unit.site = (muster_site){(double)NAN, 30};
    refused("team 2 (\"T\") is at longitude nan, latitude 30; expected -180 to 180 and -90 to 90 "
            "degrees, longitude first");
}

static void an_incident_without_need_is_named(void **state) {
    (void)state;
    r.incident[2].code   = "calm";
    r.problem.need_count = 2;
    refused("incident 2 (\"calm\") has no need; expected at least one, or no incident");
}

static void kinds_must_match(void **state) {
    (void)state;
    r.vehicle[1].unit.code = "V", r.vehicle[1].kind = 4;
    refused("vehicle 1 (\"V\") is of kind \"pump\", a kind of machine; expected a kind of vehicle");
    r.vehicle[1].kind = 77;
    refused("vehicle 1 (\"V\") is of kind 77, but the problem has 6 kinds");
}

static void negative_counts_are_named(void **state) {
    (void)state;
    r.stock[0].unit.code = "W", r.stock[0].quantity = -1;
    refused("stock 0 (\"W\") has quantity -1; expected 0 to 1000000000");
}

static void codes_are_unique(void **state) {
    (void)state;
    r.team[4].unit.code = r.team[1].unit.code = "T";
    refused("two teams have the code \"T\"; expected unique codes");
    r.team[4].unit.code = "";
    refused("team 4 has no code");
}

static void arrays_and_metrics_must_be_there(void **state) {
    (void)state;
    r.problem.metric_count = 0;
    r.problem.metric       = NULL;
    assert_int_equal(muster_problem_check(&r.problem), MUSTER_E_INVALID);
    r.problem.metric_count = 2;
    refused("the problem has 2 metrics but no array of them");
    r.problem.struct_size = 8;
    assert_int_equal(muster_problem_check(&r.problem), MUSTER_E_INVALID);
    assert_non_null(strstr(muster_error_message(), "MUSTER_PROBLEM_INIT"));
}

static void masses_and_payloads_are_numbers_within_limits(void **state) {
    (void)state;
    r.kind[5].mass_kg = (double)NAN;
    refused("kind 5 (\"sandbag\") has mass_kg nan; expected 0 to 1000000");
    r.kind[5].mass_kg = 0, r.kind[5].volume_m3 = 1001;
    refused("kind 5 (\"sandbag\") has volume_m3 1001; expected 0 to 1000");
    r.kind[5].volume_m3 = 0, r.vehicle[1].unit.code = "V", r.vehicle[1].payload_kg = -1;
    refused("vehicle 1 (\"V\") has payload_kg -1; expected 0 to 1000000000");
    r.vehicle[1].payload_kg = 0, r.problem.item_transport = 2;
    refused("item_transport is 2; expected 0 to 1");
}

/* ---- plans ----------------------------------------------------------------------------- */

static void nothing_to_do_is_a_plan(void **state) {
    (void)state;
    muster_plan *plan;
    uint32_t     count;
    r.problem.incident_count = r.problem.need_count = 0;
    assert_int_equal(muster_solve(&plan, &r.problem, NULL), MUSTER_OK);
    assert_int_equal(muster_plan_outcome(plan), MUSTER_OPTIMAL);
    (void)muster_plan_assignments(plan, &count);
    assert_int_equal(count, 0);
    muster_plan_free(plan);
    r.problem = (muster_problem)MUSTER_PROBLEM_INIT;
    assert_int_equal(muster_solve(&plan, &r.problem, NULL), MUSTER_OK);
    muster_plan_free(plan);
}

static void nobody_to_send_is_a_plan_with_reasons(void **state) {
    (void)state;
    muster_plan *plan;
    uint32_t     count;
    r.problem.team_count = r.problem.vehicle_count = 0;
    r.problem.machine_count = r.problem.stock_count = 0;
    assert_int_equal(muster_solve(&plan, &r.problem, NULL), MUSTER_OK);
    const muster_unmet *unmet = muster_plan_unmet(plan, &count);
    assert_int_equal(count, r.problem.need_count);
    for (uint32_t u = 0; u < count; ++u) {
        assert_true(unmet[u].reason <= MUSTER_UNMET_NONE_EXIST);
        assert_int_equal(unmet[u].quantity, r.need[unmet[u].need].quantity);
    }
    assert_int_equal(muster_plan_outcome(plan), MUSTER_OPTIMAL);
    muster_plan_free(plan);
}

static void an_assignment_s_route_is_as_long_as_it_says(void **state) {
    (void)state;
    muster_plan *plan;
    uint32_t     count;
    assert_int_equal(muster_solve(&plan, &r.problem, NULL), MUSTER_OK);
    const muster_assignment *a = muster_plan_assignments(plan, &count);
    assert_true(count > 0);
    for (uint32_t i = 0; i < count; ++i) {
        muster_route *route;
        assert_int_equal(muster_plan_route(&route, plan, &r.problem, i), MUSTER_OK);
        assert_non_null(route);
        assert_int_equal(muster_route_duration_ms(route), a[i].eta_ms - a[i].depart_ms);
        muster_route_free(route);
    }
    muster_route *route;
    assert_int_equal(muster_plan_route(&route, plan, &r.problem, count), MUSTER_E_INVALID);
    assert_null(route);
    muster_plan_free(plan);
}

/* ---- options --------------------------------------------------------------------------- */

static bool stop_at_once(void *user, const muster_solve_state *now) {
    assert_true(strlen(now->phase) > 0);
    ++*(int *)user;
    return false;
}

/* Values only fall, the bound only rises, and never above them. */
static bool follow(void *user, const muster_solve_state *now) {
    muster_solve_state *before = user;
    assert_true(now->elapsed_ms >= before->elapsed_ms && now->work >= before->work);
    assert_true(now->unmet_need <= before->unmet_need);
    assert_true(now->unmet_need < before->unmet_need ||
                now->response_time <= before->response_time);
    assert_true(now->unmet_need_bound <= now->unmet_need);
    *before = *now;
    return true;
}

static void progress_tells_of_better_and_better_plans(void **state) {
    (void)state;
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    muster_solve_state   last    = {.unmet_need = INT64_MAX, .response_time = INT64_MAX};
    muster_plan         *plan;
    options.watcher      = follow;
    options.watcher_user = &last;
    assert_int_equal(muster_solve(&plan, &r.problem, &options), MUSTER_OK);
    assert_true(last.unmet_need < INT64_MAX);
    assert_true(muster_plan_tier(plan, MUSTER_TIER_UNMET_NEED).value <= last.unmet_need);
    muster_plan_free(plan);
}

/* Is it, dispatch by dispatch, what the greedy method plans? */
static bool is_first_plan(const muster_plan *plan) {
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    muster_plan         *greedy;
    uint32_t             count, expected_count;
    options.method = MUSTER_METHOD_GREEDY;
    assert_int_equal(muster_solve(&greedy, &r.problem, &options), MUSTER_OK);
    const muster_assignment *a        = muster_plan_assignments(plan, &count);
    const muster_assignment *expected = muster_plan_assignments(greedy, &expected_count);
    bool                     is_same  = count == expected_count;
    for (uint32_t i = 0; is_same && i < count; ++i) {
        is_same = a[i].resource == expected[i].resource && a[i].index == expected[i].index &&
                  a[i].need == expected[i].need && a[i].quantity == expected[i].quantity;
    }
    muster_plan_free(greedy);
    return is_same;
}

static void another_thread_may_cancel(void **state) {
    (void)state;
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    const int            cancel  = 1;
    muster_plan         *plan;
    options.time_limit_ms = 0;
    options.cancel        = &cancel;
    assert_int_equal(muster_solve(&plan, &r.problem, &options), MUSTER_OK);
    assert_int_equal(muster_plan_check(plan, &r.problem), MUSTER_OK);
    assert_true(is_first_plan(plan));
    muster_plan_free(plan);
}

static bool has_better_than_the_first_plan(void) {
    muster_plan *plan;
    assert_int_equal(muster_solve(&plan, &r.problem, NULL), MUSTER_OK);
    const bool is_better = !is_first_plan(plan);
    muster_plan_free(plan);
    return is_better;
}

/* What is kept for the last plan is more than there is. */
static void a_limit_that_leaves_no_time_to_search_gets_the_first_plan(void **state) {
    (void)state;
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    muster_plan         *plan;
    for (uint64_t seed = 0; seed == 0 || !has_better_than_the_first_plan(); ++seed) {
        random_problem_free(&r);
        random_problem_new(&r, seed);
    }
    for (options.time_limit_ms = 1; options.time_limit_ms <= 6; ++options.time_limit_ms) {
        assert_int_equal(muster_solve(&plan, &r.problem, &options), MUSTER_OK);
        assert_int_equal(muster_plan_check(plan, &r.problem), MUSTER_OK);
        assert_true(is_first_plan(plan));
        assert_true(muster_plan_elapsed_ms(plan) >= muster_plan_first_feasible_ms(plan));
        muster_plan_free(plan);
    }
}

static void a_caller_who_stops_gets_the_first_plan(void **state) {
    (void)state;
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    muster_plan         *plan;
    int                  calls = 0;
    options.watcher            = stop_at_once;
    options.watcher_user       = &calls;
    assert_int_equal(muster_solve(&plan, &r.problem, &options), MUSTER_OK);
    assert_int_equal(calls, 1);
    assert_int_equal(muster_plan_check(plan, &r.problem), MUSTER_OK);
    assert_true(is_first_plan(plan));
    muster_plan_free(plan);
}

static void wrong_options_are_refused(void **state) {
    (void)state;
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    muster_plan         *plan;
    options.method = 7;
    assert_int_equal(muster_solve(&plan, &r.problem, &options), MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(), "method 7; expected 0 to 1");
    options.struct_size = 1;
    assert_int_equal(muster_solve(&plan, &r.problem, &options), MUSTER_E_INVALID);
}

/* ---- all or nothing -------------------------------------------------------------------- */

/* One of kind `scarce` for two incidents, the second of which is twice as severe. The first would
 * lose all of its three needs without. */
static void compete_for(uint32_t scarce) {
    static const muster_site HERE       = {120.72, 30.72};
    static const uint32_t    CAPABLE[2] = {0, 1};
    const uint32_t           other      = scarce == 2 ? 3 : 2;
    r.problem.incident_count            = 2;
    r.problem.need_count                = 4;
    r.problem.team_count                = 2;
    r.problem.vehicle_count             = 2;
    r.problem.machine_count             = 1;
    for (uint32_t i = 0; i < 2; ++i) {
        r.team[i].unit.site        = HERE;
        r.team[i].people           = 10;
        r.team[i].capability       = &CAPABLE[i];
        r.team[i].capability_count = 1;
        r.vehicle[i].unit.site     = HERE;
        r.vehicle[i].kind          = 2 + i;
    }
    r.machine[0].unit.site = HERE;
    r.machine[0].count     = 1;
    r.incident[0].site = r.incident[1].site = HERE;
    r.incident[0].severity                  = MUSTER_MODERATE;
    r.incident[1].severity                  = MUSTER_SEVERE;
    r.incident[0].all_or_nothing            = 1;
    r.need[0] = (muster_need){.incident = 0, .kind = scarce, .quantity = scarce < 2 ? 10 : 1};
    r.need[1] = (muster_need){.incident = 0, .kind = scarce == 0 ? 1 : 0, .quantity = 10};
    r.need[2] = (muster_need){.incident = 0, .kind = other, .quantity = 1};
    r.need[3] = (muster_need){.incident = 1, .kind = scarce, .quantity = scarce < 2 ? 10 : 1};
}

static void what_hangs_on_a_need_counts_with_it(void **state) {
    (void)state;
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    options.time_limit_ms        = 0;
    for (uint32_t scarce = 0; scarce < 5; ++scarce) {
        muster_plan *plan;
        compete_for(scarce);
        assert_int_equal(muster_solve(&plan, &r.problem, &options), MUSTER_OK);
        /* Not the 6,000,000 of giving the scarce one to the more severe incident. */
        assert_int_equal(muster_plan_tier(plan, MUSTER_TIER_UNMET_NEED).value, 4000000);
        muster_plan_free(plan);
    }
}

/* ---- memory ---------------------------------------------------------------------------- */

static void every_allocation_may_fail(void **state) {
    (void)state;
    int64_t       failing = 0;
    muster_status status;
    do {
        muster_plan *plan = NULL;
        (void)mu_alloc_fail_after(failing++);
        status = muster_solve(&plan, &r.problem, NULL);
        (void)mu_alloc_fail_after(-1);
        if (status == MUSTER_OK) {
            muster_plan_free(plan);
            break;
        }
        assert_int_equal(status, MUSTER_E_NOMEM);
        assert_null(plan);
        assert_int_equal(muster_solve(&plan, &r.problem, NULL), MUSTER_OK);
        muster_plan_free(plan);
    } while (status != MUSTER_OK);
    assert_true(failing > 50);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(a_quantity_below_one_is_named),
        CASE(a_minimum_above_the_quantity_is_named),
        CASE(coordinates_off_the_globe_are_named),
        CASE(an_incident_without_need_is_named),
        CASE(kinds_must_match),
        CASE(negative_counts_are_named),
        CASE(codes_are_unique),
        CASE(arrays_and_metrics_must_be_there),
        CASE(masses_and_payloads_are_numbers_within_limits),
        CASE(nothing_to_do_is_a_plan),
        CASE(nobody_to_send_is_a_plan_with_reasons),
        CASE(an_assignment_s_route_is_as_long_as_it_says),
        CASE(a_limit_that_leaves_no_time_to_search_gets_the_first_plan),
        CASE(a_caller_who_stops_gets_the_first_plan),
        CASE(progress_tells_of_better_and_better_plans),
        CASE(another_thread_may_cancel),
        CASE(wrong_options_are_refused),
        CASE(what_hangs_on_a_need_counts_with_it),
        CASE(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
