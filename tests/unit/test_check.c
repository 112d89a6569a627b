/* The judge must bite: every rule is broken once, in a plan that was good. */
#include <string.h>

#include "solver/plan.h"
#include "tests/support/random_problem.h"

static random_problem r;
static muster_plan   *plan;

/* A problem whose plan has an assignment of every resource and an unmet need. */
static int set_up(void **state) {
    (void)state;
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    options.time_limit_ms        = 0;
    for (uint64_t seed = 0;; ++seed) {
        bool seen[MUSTER_RESOURCE_COUNT] = {false};
        random_problem_new(&r, seed);
        if (muster_solve(&plan, &r.problem, &options) != MUSTER_OK) return -1;
        for (uint32_t i = 0; i < plan->assignment_count; ++i) {
            seen[plan->assignment[i].resource] = true;
        }
        if (seen[0] && seen[1] && seen[2] && seen[3] && plan->unmet_count > 0) return 0;
        muster_plan_free(plan);
        random_problem_free(&r);
    }
}

static int tear_down(void **state) {
    (void)state;
    muster_plan_free(plan);
    random_problem_free(&r);
    return 0;
}

static muster_assignment *first_of(muster_resource resource) {
    uint32_t i = 0;
    while (plan->assignment[i].resource != resource) ++i;
    return &plan->assignment[i];
}

static void refused_because(const char *why) {
    assert_int_equal(muster_plan_check(plan, &r.problem), MUSTER_E_INTERNAL);
    if (!strstr(muster_error_message(), why)) {
        fail_msg("\"%s\" does not say \"%s\"", muster_error_message(), why);
    }
}

static void a_good_plan_passes(void **state) {
    (void)state;
    assert_int_equal(muster_plan_check(plan, &r.problem), MUSTER_OK);
}

static void rows_that_are_not_there(void **state) {
    (void)state;
    first_of(MUSTER_PEOPLE)->index = 99;
    refused_because("which are not there");
}

static void a_need_that_is_not_there(void **state) {
    (void)state;
    first_of(MUSTER_PEOPLE)->need = 99;
    refused_because("which are not there");
}

static void a_resource_that_does_not_suit(void **state) {
    (void)state;
    first_of(MUSTER_VEHICLE)->resource = MUSTER_MACHINE;
    refused_because("does not suit");
}

static void half_a_team(void **state) {
    (void)state;
    first_of(MUSTER_PEOPLE)->quantity += 1;
    refused_because("it has");
}

static void more_than_there_is(void **state) {
    (void)state;
    first_of(MUSTER_ITEM)->quantity += 1000;
    refused_because("in all; it has");
}

static void a_team_in_two_places(void **state) {
    (void)state;
    muster_assignment *twin = first_of(MUSTER_PEOPLE);
    if (twin + 1 < plan->assignment + plan->assignment_count) {
        twin[1] = twin[0];
    } else {
        twin[-1] = twin[0];
    }
    refused_because("in all; it has");
}

static void an_early_arrival(void **state) {
    (void)state;
    first_of(MUSTER_VEHICLE)->eta_ms -= 1;
    refused_because("reaches need");
}

static void a_late_departure(void **state) {
    (void)state;
    first_of(MUSTER_MACHINE)->depart_ms += 1;
    refused_because("departs at");
}

static void a_short_cut(void **state) {
    (void)state;
    first_of(MUSTER_VEHICLE)->distance_m -= 1;
    refused_because("drives");
}

static void a_forgotten_unmet_need(void **state) {
    (void)state;
    plan->unmet_count -= 1;
    refused_because("but the plan says 0");
}

static void an_unmet_need_played_down(void **state) {
    (void)state;
    plan->unmet[0].quantity += 1;
    refused_because("but the plan says");
}

static void a_wrong_reason(void **state) {
    (void)state;
    plan->unmet[0].reason = plan->unmet[0].reason == MUSTER_UNMET_UNSNAPPED
                                ? MUSTER_UNMET_EXHAUSTED
                                : MUSTER_UNMET_UNSNAPPED;
    refused_because("need");
}

static void a_better_value_than_it_has(void **state) {
    (void)state;
    plan->tier[0].value -= 1;
    refused_because("its tiers are worth");
}

static void a_bound_above_the_value(void **state) {
    (void)state;
    plan->tier[0].bound = plan->tier[0].value + 1;
    refused_because("its bounds");
}

static void an_assignment_dropped(void **state) {
    (void)state;
    plan->assignment_count -= 1;
    refused_because("lacks");
}

#define BITES(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        BITES(a_good_plan_passes),
        BITES(rows_that_are_not_there),
        BITES(a_need_that_is_not_there),
        BITES(a_resource_that_does_not_suit),
        BITES(half_a_team),
        BITES(more_than_there_is),
        BITES(a_team_in_two_places),
        BITES(an_early_arrival),
        BITES(a_late_departure),
        BITES(a_short_cut),
        BITES(a_forgotten_unmet_need),
        BITES(an_unmet_need_played_down),
        BITES(a_wrong_reason),
        BITES(a_better_value_than_it_has),
        BITES(a_bound_above_the_value),
        BITES(an_assignment_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
