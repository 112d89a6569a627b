/* Authorities, zones, rules and weights: what is refused, what conflicts, what happens. */
#include <math.h>
#include <muster/solve.h>
#include <string.h>

#include "core/alloc.h"
#include "solver/authority.h"
#include "solver/weights.h"
#include "tests/support/random_model.h"

static random_model m;

static int set_up(void **state) {
    (void)state;
    random_model_new(&m, 3, 0);
    m.problem.weights = &m.weights;
    m.problem.rule    = m.rule;
    m.problem.zone    = m.zone;
    for (int r = 0; r < MODEL_RULES; ++r) m.rule[r] = (muster_rule){.need = MUSTER_NONE};
    m.zone[0] = m.zone[1] = (muster_zone){
        .code = "Z", .site = m.base.incident[0].site, .required = 1, .radius_ms = 1000};
    m.zone[1].code = "Y";
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    random_model_free(&m);
    return 0;
}

static void refused(const char *message) {
    muster_plan *plan = (muster_plan *)&m;
    assert_int_equal(muster_solve(&plan, &m.problem, NULL), MUSTER_E_INVALID);
    assert_null(plan);
    if (!strstr(muster_error_message(), message)) {
        fail_msg("\"%s\" does not say \"%s\"", muster_error_message(), message);
    }
}

/* ---- what is refused ----------------------------------------------------------------- */

static void authorities_that_go_round_in_circles(void **state) {
    (void)state;
    m.authority[0]            = (muster_authority){.code = "A", .level = MUSTER_TOWN, .parent = 1};
    m.authority[1]            = (muster_authority){.code = "B", .level = MUSTER_TOWN, .parent = 0};
    m.problem.authority_count = 2, m.problem.authority = m.authority;
    refused(
        "authority 0 (\"A\") is a town under \"B\", a town; expected a parent of a higher level");
    m.authority[0].parent = 2;
    refused("authority 0 (\"A\") has parent 2, but there are 2; expected less than that");
    m.authority[0].level = 9;
    refused("authority 0 (\"A\") has level 9; expected 0 to 4");
    m.problem.authority = NULL;
    refused("2 authorities but no array");
}

static void units_of_an_authority_that_is_not_there(void **state) {
    (void)state;
    m.authority[0]            = (muster_authority){.code = "A", .parent = MUSTER_NONE};
    m.problem.authority_count = 1, m.problem.authority = m.authority;
    m.base.vehicle[1].unit.code      = "V";
    m.base.vehicle[1].unit.authority = 1;
    refused("vehicle 1 (\"V\") has authority 1, but there are 1");
    m.base.vehicle[1].unit.authority = MUSTER_NONE;
    m.base.incident[0].code          = "I";
    m.base.incident[0].authority     = 7;
    refused("incident 0 (\"I\") has authority 7, but there are 1");
}

static void operators_that_are_no_people(void **state) {
    (void)state;
    m.base.kind[3].operator_count = 2;
    m.base.kind[3].operator_kind  = 5;
    refused("kind 3 (\"pump\") is operated by \"sandbag\", a kind of item");
    m.base.kind[3].operator_kind = 6;
    refused("kind 3 (\"pump\") has operator_kind 6, but there are 6");
    m.base.kind[3].operator_count = 0;
    m.base.kind[2].operator_count = 1;
    refused("kind 2 (\"boat\") needs operators, but is a kind of vehicle");
}

static void a_grade_for_what_is_not_people(void **state) {
    (void)state;
    m.base.need[1].kind = 2, m.base.need[1].grade = 1;
    refused("asks for grade 1 of \"boat\"; expected 0: only people are graded");
}

static void zones_that_cannot_be_covered(void **state) {
    (void)state;
    m.problem.zone_count = 1;
    m.zone[0].kind       = 5;
    refused("zone 0 (\"Z\") is covered by \"sandbag\", a kind of item");
    m.zone[0].kind = 0, m.zone[0].required = 0;
    refused("zone 0 (\"Z\") has required 0; expected 1 to 1000000000");
    m.zone[0].required = 1, m.zone[0].weight = -1;
    refused("zone 0 (\"Z\") has weight -1");
    m.zone[0].weight = 1, m.zone[0].site.lat_deg = (double)NAN;
    refused("zone 0 (\"Z\") is at longitude");
    m.zone[0].site       = m.zone[1].site;
    m.zone[1].code       = "Z";
    m.problem.zone_count = 2;
    refused("two zones have the code \"Z\"");
}

static void rules_about_nothing(void **state) {
    (void)state;
    m.problem.rule_count = 1;
    m.rule[0].type       = 4;
    refused("rule 0 has type 4; expected 0 to 3");
    m.rule[0].type = MUSTER_HOLD, m.rule[0].resource = 4;
    refused("rule 0 has resource 4; expected 0 to 3");
    m.rule[0].resource = MUSTER_PEOPLE, m.rule[0].index = MODEL_TEAMS;
    refused("rule 0 is about resource 3 of people, but the problem has 3");
    m.rule[0].index = 0, m.rule[0].type = MUSTER_FORBID, m.rule[0].incident = 2;
    refused("rule 0 is about incident 2, but the problem has 2 incidents");
    m.problem.rule = NULL;
    refused("1 rules but no array");
}

static void locks_that_say_something_wrong(void **state) {
    (void)state;
    m.problem.rule_count = 1;
    m.rule[0]            = (muster_rule){.type = MUSTER_LOCK, .incident = 1, .need = MODEL_NEEDS};
    refused("rule 0 has need 5; expected 0 to 4");
    m.rule[0].need = 0; /* of incident 0 */
    refused("rule 0 locks to need 0, which is one of incident 0; expected one of its own incident");
    m.rule[0].need        = MUSTER_NONE;
    m.base.team[0].people = 5;
    m.rule[0].quantity    = 6;
    refused("rule 0 has quantity 6; expected 0 to 5");
    m.base.team[0].unit.code = "T";
    m.rule[0].quantity       = 3;
    refused("rule 0 locks 3 people of team \"T\"; expected 0 or all, 5");
}

static void who_is_on_two_ways(void **state) {
    (void)state;
    m.problem.rule_count = 2;
    m.rule[0].type = m.rule[1].type = MUSTER_EN_ROUTE;
    m.rule[1].incident              = 1;
    m.base.team[0].unit.code        = "T";
    refused("rules 0 and 1 both have \"T\" on its way; expected one");
    m.rule[1].resource = MUSTER_MACHINE;
    refused("rule 1 has some of machine on their way; expected a team or a vehicle");
}

static void weights_out_of_range(void **state) {
    (void)state;
    m.weights.severity[MUSTER_SEVERE] = 0;
    refused("muster_weights.severity is 0; expected 1 to 1000000");
    m.weights                  = (muster_weights)MUSTER_WEIGHTS_INIT;
    m.weights.lateness_step_ms = 1;
    refused("muster_weights.lateness_step_ms is 1; expected 1000 to");
    m.weights                      = (muster_weights)MUSTER_WEIGHTS_INIT;
    m.weights.diversion_unmet_need = -1;
    refused("muster_weights.diversion_unmet_need is -1");
    m.weights                        = (muster_weights)MUSTER_WEIGHTS_INIT;
    m.weights.escalation_delay_ms[4] = UINT32_MAX;
    refused("muster_weights.escalation_delay_ms is 4294967295");
}

static void sums_that_would_not_fit(void **state) {
    (void)state;
    for (int s = 0; s < MUSTER_SEVERITY_COUNT; ++s) m.weights.severity[s] = 1000000;
    assert_int_equal(muster_problem_check(&m.problem), MUSTER_E_INVALID);
    assert_non_null(strstr(muster_error_message(), "response time could come to"));
    m.weights            = (muster_weights)MUSTER_WEIGHTS_INIT;
    m.problem.zone_count = 2;
    m.zone[0].required = m.zone[1].required = MUSTER_MAX_QUANTITY;
    m.zone[0].weight = m.zone[1].weight = MUSTER_MAX_QUANTITY;
    assert_int_equal(muster_problem_check(&m.problem), MUSTER_OK);
    m.zone[0].weight = m.zone[1].weight = 4 * MUSTER_MAX_QUANTITY;
    refused("zone 0 (\"Z\") has weight 4000000000");
}

/* ---- values -------------------------------------------------------------------------- */

static void one_goes_up_to_the_first_who_is_over_both(void **state) {
    (void)state;
    const muster_authority all[] = {
        {.code = "village", .level = MUSTER_VILLAGE, .parent = 2},
        {.code = "its neighbour", .level = MUSTER_VILLAGE, .parent = 2},
        {.code = "town", .level = MUSTER_TOWN, .parent = 3},
        {.code = "county", .level = MUSTER_COUNTY, .parent = 4},
        {.code = "city", .level = MUSTER_CITY, .parent = MUSTER_NONE},
        {.code = "another town", .level = MUSTER_TOWN, .parent = 3},
        {.code = "a village of the county", .level = MUSTER_VILLAGE, .parent = 3},
        {.code = "another city", .level = MUSTER_CITY, .parent = MUSTER_NONE}};
    const muster_problem p = {.authority_count = 8, .authority = all};
    assert_int_equal(mu_escalation(&p, 0, 0), 0);
    assert_int_equal(mu_escalation(&p, 0, 1), 1);
    assert_int_equal(mu_escalation(&p, 0, 2), 1);
    assert_int_equal(mu_escalation(&p, 2, 0), 0); /* under us */
    assert_int_equal(mu_escalation(&p, 0, 3), 2);
    assert_int_equal(mu_escalation(&p, 0, 4), 3);
    assert_int_equal(mu_escalation(&p, 0, 5), 2);
    assert_int_equal(mu_escalation(&p, 0, 6), 2);
    assert_int_equal(mu_escalation(&p, 2, 6), 1);
    assert_int_equal(mu_escalation(&p, 0, 7), 4);
    assert_int_equal(mu_escalation(&p, 4, 7), 1);
    assert_int_equal(mu_escalation(&p, 0, MUSTER_NONE), 0);
    assert_int_equal(mu_escalation(&p, MUSTER_NONE, 7), 0);
}

static void lateness_is_counted_in_steps_that_have_begun(void **state) {
    (void)state;
    m.weights.lateness_step_ms     = 60000;
    m.weights.lateness_step_s      = 100;
    m.base.incident[0].deadline_ms = 10000;
    assert_int_equal(mu_response_s(&m.problem, 0, 9999), 9);
    assert_int_equal(mu_response_s(&m.problem, 0, 10000), 10);
    assert_int_equal(mu_response_s(&m.problem, 0, 10001), 110);
    assert_int_equal(mu_response_s(&m.problem, 0, 70000), 170);
    assert_int_equal(mu_response_s(&m.problem, 0, 70001), 270);
    m.weights.lateness_step_ms = 0;
    assert_int_equal(mu_response_s(&m.problem, 0, 70001), 70);
}

/* ---- conflicts ----------------------------------------------------------------------- */

static uint32_t conflicting[MODEL_RULES], conflicting_count;

static muster_conflict conflict(void) {
    muster_conflict found;
    assert_int_equal(muster_problem_conflict(&m.problem, &found, conflicting, &conflicting_count),
                     MUSTER_OK);
    return found;
}

/* A lock that a plan without it obeys anyway, as rule 2 of three; both rules before it are
 * forbids of something else. */
static bool lock_what_goes(muster_resource resource) {
    uint32_t     count;
    muster_plan *plan;
    assert_int_equal(muster_solve(&plan, &m.problem, NULL), MUSTER_OK);
    const muster_assignment *go    = muster_plan_assignments(plan, &count);
    bool                     found = false;
    for (uint32_t i = 0; i < count && !found; ++i) {
        if (go[i].resource != resource) continue;
        found     = true;
        m.rule[2] = (muster_rule){.type     = MUSTER_LOCK,
                                  .resource = go[i].resource,
                                  .index    = go[i].index,
                                  .incident = m.base.need[go[i].need].incident,
                                  .need     = go[i].need,
                                  .quantity = go[i].quantity};
    }
    muster_plan_free(plan);
    if (!found) return false;
    m.rule[0] = m.rule[1] = m.rule[2];
    m.rule[0].type = m.rule[1].type = MUSTER_FORBID;
    m.rule[0].incident = m.rule[1].incident = (m.rule[2].incident + 1) % MODEL_INCIDENTS;
    m.problem.rule_count                    = 3;
    return true;
}

static void find_a_lock(muster_resource resource) {
    for (uint64_t seed = 0; !lock_what_goes(resource); ++seed) {
        random_model_free(&m);
        random_model_new(&m, seed, 0);
        m.problem.rule = m.rule;
    }
    assert_int_equal(conflict(), MUSTER_NO_CONFLICT);
}

static void a_lock_conflicts_with_a_forbid_or_a_hold_of_the_same(void **state) {
    (void)state;
    find_a_lock(MUSTER_PEOPLE);
    m.rule[1].incident = m.rule[2].incident;
    assert_int_equal(conflict(), MUSTER_CONFLICT_FORBIDDEN);
    assert_int_equal(conflicting_count, 2);
    assert_int_equal(conflicting[0], 2);
    assert_int_equal(conflicting[1], 1);
    refused("rules 2 and 1 cannot be obeyed: ");
    refused("where it is forbidden to go");
    m.rule[1].incident = m.rule[0].incident;
    m.rule[0].type     = MUSTER_HOLD;
    assert_int_equal(conflict(), MUSTER_CONFLICT_HELD);
    assert_int_equal(conflicting[1], 0);
    refused("but it is on hold");
}

static void a_lock_that_cannot_be_obeyed_conflicts_alone(void **state) {
    (void)state;
    find_a_lock(MUSTER_PEOPLE);
    muster_team *team       = &m.base.team[m.rule[2].index];
    team->unit.shift_end_ms = 1;
    assert_int_equal(conflict(), MUSTER_CONFLICT_SHIFT);
    assert_int_equal(conflicting_count, 1);
    refused("rule 2 cannot be obeyed");
    team->unit.shift_end_ms = 0;
    team->unit.site         = (muster_site){0, 0};
    assert_int_equal(conflict(), MUSTER_CONFLICT_UNREACHABLE);
    refused("where no road leads from it");
    team->capability_count = 0;
    assert_int_equal(conflict(), MUSTER_CONFLICT_UNSUITABLE);
    refused("which has no need that it could serve");
}

static void locks_may_ask_for_more_than_there_is(void **state) {
    (void)state;
    find_a_lock(MUSTER_ITEM);
    const int64_t all = m.base.stock[0].quantity;
    m.rule[0] = m.rule[1] = m.rule[2];
    m.rule[0].quantity    = 1;
    m.rule[1].quantity    = all; /* enough by itself, with any other */
    m.rule[2].quantity    = all;
    assert_int_equal(conflict(), MUSTER_CONFLICT_TOO_MANY);
    assert_int_equal(conflicting_count, 2);
    assert_int_equal(conflicting[0], 1);
    assert_int_equal(conflicting[1], 2);
    m.problem.rule_count = 2;
    assert_int_equal(conflict(), MUSTER_CONFLICT_TOO_MANY);
    m.rule[1].quantity = all > 1 ? all - 1 : 0;
    if (all > 1) assert_int_equal(conflict(), MUSTER_NO_CONFLICT);
}

/* ---- laws ---------------------------------------------------------------------------- */

static bool solve(int64_t tier[MUSTER_TIER_COUNT], int64_t bound[MUSTER_TIER_COUNT]) {
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    muster_plan         *plan;
    options.time_limit_ms = 0;
    if (muster_solve(&plan, &m.problem, &options) != MUSTER_OK) return false;
    for (int t = 0; t < MUSTER_TIER_COUNT; ++t) {
        tier[t]  = muster_plan_tier(plan, (muster_tier)t).value;
        bound[t] = muster_plan_tier(plan, (muster_tier)t).bound;
    }
    muster_plan_free(plan);
    return true;
}

/* A lock lifts minima and what binds needs together from what it sends; here there are none. */
static void lift_what_a_lock_lifts(void) {
    for (uint32_t n = 0; n < MODEL_NEEDS; ++n) m.base.need[n].minimum = 0;
    for (uint32_t i = 0; i < MODEL_INCIDENTS; ++i) m.base.incident[i].all_or_nothing = 0;
    for (uint32_t k = 0; k < MODEL_KINDS; ++k) m.base.kind[k].operator_count = 0;
}

/* No plan under a rule is better than the bound without it. */
static void a_rule_never_improves_a_plan(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < 200; ++seed) {
        int64_t free_tier[MUSTER_TIER_COUNT], tier[MUSTER_TIER_COUNT], bound[MUSTER_TIER_COUNT],
            other[MUSTER_TIER_COUNT];
        random_model_free(&m);
        random_model_new(&m, seed, MODEL_EVERYTHING);
        m.weights.reserve_before_response = 0;
        m.problem.rule_count              = 0;
        if (seed % 3 == MUSTER_LOCK) lift_what_a_lock_lifts();
        assert_true(solve(free_tier, bound));
        m.rule[0]            = (muster_rule){.type     = (uint8_t)(seed % 3),
                                             .resource = (uint8_t)(seed / 3 % 2),
                                             .index    = (uint32_t)(seed / 6 % 2),
                                             .incident = (uint32_t)(seed / 12 % 2),
                                             .need     = MUSTER_NONE};
        m.problem.rule       = m.rule;
        m.problem.rule_count = 1;
        if (!solve(tier, other)) continue; /* a lock that cannot be obeyed */
        assert_true(tier[0] >= bound[0]);
        assert_true(tier[0] > bound[0] || tier[1] >= bound[1]);
    }
}

static void what_is_locked_to_where_it_goes_changes_nothing(void **state) {
    (void)state;
    find_a_lock(MUSTER_PEOPLE);
    int64_t with[MUSTER_TIER_COUNT], without[MUSTER_TIER_COUNT], bound[MUSTER_TIER_COUNT];
    assert_true(solve(with, bound));
    m.problem.rule_count = 0;
    assert_true(solve(without, bound));
    assert_int_equal(with[0], without[0]);
    assert_true(with[1] >= without[1]);
}

/* ---- memory -------------------------------------------------------------------------- */

static void every_allocation_may_fail(void **state) {
    (void)state;
    int64_t       failing = 0;
    muster_status status;
    for (uint64_t seed = 0;; ++seed) { /* one that has everything and no conflict */
        random_model_free(&m);
        random_model_new(&m, seed, MODEL_EVERYTHING);
        if (m.problem.zone_count > 0 && m.problem.rule_count > 0 && conflict() == 0) break;
    }
    do {
        muster_plan *plan = NULL;
        (void)mu_alloc_fail_after(failing++);
        status = muster_solve(&plan, &m.problem, NULL);
        (void)mu_alloc_fail_after(-1);
        assert_true((status == MUSTER_OK) == (plan != NULL));
        assert_true(status == MUSTER_OK || status == MUSTER_E_NOMEM);
        muster_plan_free(plan);
    } while (status != MUSTER_OK);
    assert_true(failing > 80);
    failing = 0;
    do {
        muster_conflict found;
        (void)mu_alloc_fail_after(failing++);
        status = muster_problem_conflict(&m.problem, &found, conflicting, &conflicting_count);
        (void)mu_alloc_fail_after(-1);
    } while (status == MUSTER_E_NOMEM);
    assert_int_equal(status, MUSTER_OK);
}

static void names_are_those_of_the_header(void **state) {
    (void)state;
    assert_string_equal(muster_level_name(MUSTER_MUTUAL_AID), "mutual_aid");
    assert_int_equal(muster_level_from_name("county"), MUSTER_COUNTY);
    assert_int_equal(muster_level_from_name("street"), MUSTER_LEVEL_COUNT);
    assert_null(muster_level_name(MUSTER_LEVEL_COUNT));
    assert_string_equal(muster_conflict_name(MUSTER_CONFLICT_TOO_MANY), "too_many");
    assert_null(muster_conflict_name((muster_conflict)99));
    assert_string_equal(muster_tier_name(MUSTER_TIER_DUTY), "duty");
    assert_null(muster_tier_name(MUSTER_TIER_COUNT));
    assert_string_equal(muster_unmet_reason_name(MUSTER_UNMET_DIVERSION), "diversion");
    assert_string_equal(muster_unmet_reason_name(MUSTER_UNMET_EXHAUSTED), "exhausted");
    assert_null(muster_unmet_reason_name((muster_unmet_reason)99));
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(authorities_that_go_round_in_circles),
        CASE(units_of_an_authority_that_is_not_there),
        CASE(operators_that_are_no_people),
        CASE(a_grade_for_what_is_not_people),
        CASE(zones_that_cannot_be_covered),
        CASE(rules_about_nothing),
        CASE(locks_that_say_something_wrong),
        CASE(who_is_on_two_ways),
        CASE(weights_out_of_range),
        CASE(sums_that_would_not_fit),
        CASE(one_goes_up_to_the_first_who_is_over_both),
        CASE(lateness_is_counted_in_steps_that_have_begun),
        CASE(a_lock_conflicts_with_a_forbid_or_a_hold_of_the_same),
        CASE(a_lock_that_cannot_be_obeyed_conflicts_alone),
        CASE(locks_may_ask_for_more_than_there_is),
        CASE(a_rule_never_improves_a_plan),
        CASE(what_is_locked_to_where_it_goes_changes_nothing),
        CASE(every_allocation_may_fail),
        cmocka_unit_test(names_are_those_of_the_header),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
