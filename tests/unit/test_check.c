/* The judge must bite: every rule is broken once, in a plan that was good. Either the plan is
 * changed, or the problem is, so that the plan is no longer right. */
#include <string.h>

#include "solver/plan.h"
#include "tests/support/random_problem.h"

static random_problem r;
static muster_plan   *plan;

/* Something is sent, but not all, for want of units. */
static bool is_partly_met(const muster_unmet *u) {
    return u->reason == MUSTER_UNMET_EXHAUSTED && u->quantity < r.need[u->need].quantity;
}

/* A problem whose plan has an assignment of every resource and a need that is partly met. */
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
        bool is_short = false;
        for (uint32_t u = 0; u < plan->unmet_count; ++u) is_short |= is_partly_met(&plan->unmet[u]);
        if (seen[0] && seen[1] && seen[2] && seen[3] && is_short) return 0;
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
    refused_because("is worth");
}

static void a_bound_above_the_value(void **state) {
    (void)state;
    plan->tier[0].bound = plan->tier[0].value + 1;
    refused_because("its bound");
}

static void an_assignment_dropped(void **state) {
    (void)state;
    plan->assignment_count -= 1;
    refused_because("lacks");
}

/* ---- what a problem may say besides ----------------------------------------------------- */

static muster_rule        rules[2];
static muster_zone        zone;
static muster_weights     weights;
static muster_authority   authority[3];
static muster_incident   *at;
static muster_unit       *unit;
static muster_assignment *go;

/* Look at the first assignment of a resource, its unit, and its incident. */
static void look_at(muster_resource resource) {
    go   = first_of(resource);
    at   = &r.incident[r.need[go->need].incident];
    unit = resource == MUSTER_PEOPLE    ? &r.team[go->index].unit
           : resource == MUSTER_VEHICLE ? &r.vehicle[go->index].unit
           : resource == MUSTER_MACHINE ? &r.machine[go->index].unit
                                        : &r.stock[go->index].unit;
}

static void say(muster_rule_type type, uint32_t incident) {
    rules[r.problem.rule_count++] = (muster_rule){.type     = (uint8_t)type,
                                                  .resource = go->resource,
                                                  .index    = go->index,
                                                  .incident = incident,
                                                  .need     = MUSTER_NONE};
    r.problem.rule                = rules;
}

static uint32_t elsewhere(void) {
    return (r.need[go->need].incident + 1) % RANDOM_INCIDENTS;
}

static void change_weights(void) {
    weights           = (muster_weights)MUSTER_WEIGHTS_INIT;
    r.problem.weights = &weights;
}

static void a_team_that_is_not_good_enough(void **state) {
    (void)state;
    look_at(MUSTER_PEOPLE);
    r.need[go->need].grade = 2;
    refused_because("of grade 0");
    r.team[go->index].grade = 3;
    refused_because("of grade 3");
}

static void what_is_forbidden(void **state) {
    (void)state;
    look_at(MUSTER_MACHINE);
    say(MUSTER_FORBID, elsewhere());
    assert_int_equal(muster_plan_check(plan, &r.problem), MUSTER_OK);
    say(MUSTER_FORBID, r.need[go->need].incident);
    refused_because("rule 1 keeps");
}

static void what_is_held(void **state) {
    (void)state;
    look_at(MUSTER_ITEM);
    say(MUSTER_HOLD, 0);
    refused_because("rule 0 keeps");
}

static void a_lock_that_is_not_obeyed(void **state) {
    (void)state;
    look_at(MUSTER_VEHICLE);
    say(MUSTER_LOCK, r.need[go->need].incident);
    refused_because("of which 0 go there");
    go->locked = 1;
    assert_int_equal(muster_plan_check(plan, &r.problem), MUSTER_OK);
    rules[0].incident = elsewhere();
    refused_because("of which 0 go there");
}

static void a_lock_that_nobody_asked_for(void **state) {
    (void)state;
    first_of(MUSTER_VEHICLE)->locked = 1;
    refused_because("rules lock 0");
}

static void a_diversion_that_is_not_told(void **state) {
    (void)state;
    look_at(MUSTER_PEOPLE);
    say(MUSTER_EN_ROUTE, elsewhere());
    refused_because("is a diversion");
    go->is_diverted = 1;
    refused_because("escalation");
    plan->tier[MUSTER_TIER_ESCALATION].value += 1;
    assert_int_equal(muster_plan_check(plan, &r.problem), MUSTER_OK);
    change_weights();
    weights.diversion_response_time = 5;
    refused_because("response_time");
}

static void a_departure_before_it_is_available(void **state) {
    (void)state;
    look_at(MUSTER_PEOPLE);
    unit->available_ms = unit->turnout_ms + 1;
    refused_because("departs at");
}

static void an_authority_that_is_not_asked(void **state) {
    (void)state;
    authority[0] = (muster_authority){.code = "V", .level = MUSTER_VILLAGE, .parent = 1};
    authority[1] = (muster_authority){.code = "C", .level = MUSTER_COUNTY, .parent = MUSTER_NONE};
    authority[2] = (muster_authority){.code = "W", .level = MUSTER_TOWN, .parent = 1};
    r.problem.authority_count = 3, r.problem.authority = authority;
    assert_int_equal(muster_plan_check(plan, &r.problem), MUSTER_OK);
    look_at(MUSTER_PEOPLE);
    unit->authority = 2;
    refused_because("0 levels up");
    go->escalation = 2;
    change_weights();
    weights.escalation_delay_ms[2] = 1;
    refused_because("departs at");
    authority[1].parent = authority[2].parent = MUSTER_NONE;
    authority[0].parent                       = MUSTER_NONE;
    refused_because("expected 4");
}

static void a_shift_that_is_over(void **state) {
    (void)state;
    look_at(MUSTER_VEHICLE);
    unit->shift_end_ms = go->eta_ms;
    assert_int_equal(muster_plan_check(plan, &r.problem), MUSTER_OK);
    at->on_scene_ms = 1;
    refused_because("its shift ends");
}

static void lateness_that_is_not_told(void **state) {
    (void)state;
    look_at(MUSTER_ITEM);
    at->deadline_ms = 1;
    change_weights();
    weights.lateness_step_ms = 0;
    refused_because("in time");
    for (uint32_t i = 0; i < plan->assignment_count; ++i) {
        const muster_assignment *a = &plan->assignment[i];
        if (&r.incident[r.need[a->need].incident] == at) plan->assignment[i].is_late = 1;
    }
    assert_int_equal(muster_plan_check(plan, &r.problem), MUSTER_OK);
    weights.lateness_step_ms = 1000;
    refused_because("response_time");
}

static void half_of_what_is_all_or_nothing(void **state) {
    (void)state;
    for (uint32_t u = 0; u < plan->unmet_count; ++u) {
        r.incident[r.need[plan->unmet[u].need].incident].all_or_nothing = 1;
        r.need[plan->unmet[u].need].minimum                             = 0;
    }
    refused_because("all or nothing");
}

static void machines_that_nobody_operates(void **state) {
    (void)state;
    look_at(MUSTER_MACHINE);
    r.kind[4].operator_count = 100;
    refused_because("to operate them");
}

static void cover_that_is_lost(void **state) {
    (void)state;
    zone = (muster_zone){
        .code = "Z", .site = r.team[0].unit.site, .kind = 0, .required = 1000, .weight = 3};
    r.problem.zone_count = 1, r.problem.zone = &zone;
    refused_because("its tier \"reserve\" is worth");
}

static void duty_that_is_not_counted(void **state) {
    (void)state;
    look_at(MUSTER_ITEM);
    unit->duty_ms = 59999;
    assert_int_equal(muster_plan_check(plan, &r.problem), MUSTER_OK);
    unit->duty_ms = 60000;
    refused_because("its tier \"duty\" is worth 1, not 0");
}

static void other_weights(void **state) {
    (void)state;
    change_weights();
    for (int s = 0; s < MUSTER_SEVERITY_COUNT; ++s) weights.severity[s] *= 2;
    refused_because("is worth");
    change_weights();
    weights.reserve_before_response = 1;
    refused_because("not in the order of the problem");
}

static void a_reason_that_does_not_hold(void **state) {
    (void)state;
    static const uint8_t REASON[] = {MUSTER_UNMET_GRADE, MUSTER_UNMET_INCOMPLETE,
                                     MUSTER_UNMET_NO_OPERATORS};
    for (uint32_t u = 0; u < plan->unmet_count; ++u) {
        if (plan->unmet[u].reason < MUSTER_UNMET_BELOW_MINIMUM) continue;
        for (size_t i = 0; i < sizeof REASON; ++i) {
            plan->unmet[u].reason = REASON[i];
            refused_because("need");
        }
        return;
    }
    fail_msg("no need is unmet for want of units");
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
        BITES(a_team_that_is_not_good_enough),
        BITES(what_is_forbidden),
        BITES(what_is_held),
        BITES(a_lock_that_is_not_obeyed),
        BITES(a_lock_that_nobody_asked_for),
        BITES(a_diversion_that_is_not_told),
        BITES(a_departure_before_it_is_available),
        BITES(an_authority_that_is_not_asked),
        BITES(a_shift_that_is_over),
        BITES(lateness_that_is_not_told),
        BITES(half_of_what_is_all_or_nothing),
        BITES(machines_that_nobody_operates),
        BITES(cover_that_is_lost),
        BITES(duty_that_is_not_counted),
        BITES(other_weights),
        BITES(a_reason_that_does_not_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
