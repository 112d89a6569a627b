/* Books that are refused, sentences, and memory that runs out. */
#include <muster/why.h>

#include "core/alloc.h"
#include "tests/support/small_road.h"

static small_road r;

/* Two towns ask for medics, of which there are two teams, and for a pump. Everybody is at one place: ETAs
 * are turnouts, and known. */
static int set_up(void **state) {
    (void)state;
    small_road_init(&r);
    const muster_site site       = small_road_place(&r, 0);
    r.team[0]                    = small_road_team(&r, "T-1", 0, 8);
    r.team[1]                    = small_road_team(&r, "T-2", 0, 10);
    r.team[1].unit.turnout_ms    = 600000;
    r.machine[0]                 = (muster_machine){small_road_unit(&r, "M-1", 0), PUMP, 2};
    r.machine[0].unit.turnout_ms = 120000;
    r.incident[0] = (muster_incident){.code = "I-1", .site = site, .severity = MUSTER_EXTREME};
    r.incident[1] = (muster_incident){.code = "I-2", .site = site, .severity = MUSTER_MINOR};
    r.need[0]     = (muster_need){.incident = 0, .kind = MEDICAL, .quantity = 8};
    r.need[1]     = (muster_need){.incident = 1, .kind = MEDICAL, .quantity = 30};
    r.need[2]     = (muster_need){.incident = 1, .kind = PUMP, .quantity = 3, .minimum = 3};
    r.problem.team_count = 2, r.problem.machine_count = 1;
    r.problem.incident_count = 2, r.problem.need_count = 3;
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    small_road_fini(&r);
    return 0;
}

static const muster_assignment PLANNED[] = {
    {.resource = MUSTER_PEOPLE, .index = 0, .need = 0, .quantity = 8, .eta_ms = 60000},
    {.resource = MUSTER_PEOPLE, .index = 1, .need = 1, .quantity = 10, .eta_ms = 600000}};

static void says(uint32_t need, muster_question question, const char *expected) {
    muster_reasons *reasons;
    muster_why     *why;
    assert_int_equal(muster_reasons_new(&reasons, &r.problem, 2, PLANNED, 0, NULL, 1), MUSTER_OK);
    assert_int_equal(muster_why_new(&why, reasons, need), MUSTER_OK);
    const char *text = muster_why_text(why, question);
    if (expected) {
        assert_non_null(text);
        assert_string_equal(text, expected);
    } else {
        assert_null(text);
    }
    muster_why_free(why);
    muster_reasons_free(reasons);
}

static void what_is_met_has_no_shortage(void **state) {
    (void)state;
    says(0, MUSTER_WHY_UNMET, NULL);
}

static void exhaustion_is_proven_by_all_that_can_come_and_all_that_ask(void **state) {
    (void)state;
    says(
        1, MUSTER_WHY_UNMET,
        "I-2 lacks 20 of 30 \"medical\": 2 teams with 18 people are all that can serve 2 needs (at "
        "I-1, I-2), and 38 are asked for there: no plan can send enough.");
}

static void a_minimum_that_cannot_be_reached_is_named(void **state) {
    (void)state;
    says(
        2, MUSTER_WHY_UNMET,
        "I-2 lacks 3 of 3 \"pump\": what could still come is less than the minimum of 3. 1 pool of "
        "machines with 2 is all that can serve this need, and 3 are asked for there: no plan can "
        "send enough.");
    says(
        2, MUSTER_WHY_NOT_NEAREST,
        "M-1 would be at I-2 for \"pump\" in 2.0 min; none is sent. It is idle. Even with it there "
        "would be less than the minimum of 3.");
}

/* T-1 to I-2 and T-2 to I-1: I-1 is then served 8 of 10 people 9 minutes later, at a price of
 * 1,000,000 each; I-2 gets 8 instead of 10 at 33,333 each, 9 minutes sooner. */
static void the_nearest_that_serves_another_is_named_with_what_it_would_cost(void **state) {
    (void)state;
    says(
        1, MUSTER_WHY_NOT_NEAREST,
        "T-1 would be at I-2 for \"medical\" in 1.0 min, 9.0 min before the last that is sent, but "
        "it serves I-1 (extreme, \"medical\"), where it is in 1.0 min. If it came here, T-2 would "
        "take its place 9.0 min later. In all, unmet need would change by +66666 and response time "
        "by +4136001840: that would be worse.");
    says(
        0, MUSTER_WHY_NOT_NEAREST,
        "Nobody else would be at I-1 for \"medical\" before the last that is sent, in 1.0 min: the "
        "nearest, T-2, takes 10.0 min.");
}

static void one_more_is_worth_what_it_would_serve(void **state) {
    (void)state;
    says(
        1, MUSTER_WHAT_WOULD_HELP,
        "One more person of \"medical\", already at I-2, would save 33333 of unmet need (as much as "
        "1.00 more met here), were teams to be split, and neither minimums nor rules to count: an estimate.");
}

/* ---- what is refused --------------------------------------------------------------------------- */

static void refuses(muster_assignment a, const char *expected) {
    muster_reasons *reasons;
    assert_int_equal(muster_reasons_new(&reasons, &r.problem, 1, &a, 0, NULL, 1), MUSTER_E_INVALID);
    assert_null(reasons);
    assert_string_equal(muster_error_message(), expected);
}

static void an_assignment_that_does_not_fit_is_named(void **state) {
    (void)state;
    muster_assignment a = PLANNED[0];
    a.need              = 3;
    refuses(a, "assignment 0 serves need 3, but the problem has 3");
    a.need = 2;
    refuses(
        a, "assignment 0 sends row 0 of resource 0 to need 2; expected one of the 1 of resource 2");
    a       = PLANNED[0];
    a.index = 2;
    refuses(
        a, "assignment 0 sends row 2 of resource 0 to need 0; expected one of the 2 of resource 0");
    a        = PLANNED[0];
    a.eta_ms = 60001;
    refuses(a,
            "assignment 0 says that \"T-1\" is at incident \"I-1\" after 60001 ms; expected 60000");
    a          = PLANNED[0];
    a.quantity = 7;
    refuses(a, "assignment 0 sends 7 people of team \"T-1\"; expected all 8");
    a = (muster_assignment){
        .resource = MUSTER_MACHINE, .need = 2, .quantity = -1, .eta_ms = 120000};
    refuses(a, "assignment 0 sends -1 of machine \"M-1\"; expected 1 to 2, which are left of 2");
    a.quantity = 2;
    refuses(a, "incident \"I-2\" is sent 2 of \"pump\", less than its minimum, 3");
    r.team[0].capability_count = 0;
    refuses(PLANNED[0],
            "assignment 0 sends \"T-1\" to incident \"I-1\" for \"medical\", for which it "
            "does not suit, or it cannot reach it");
}

static void who_is_sent_twice_or_for_nothing_is_named(void **state) {
    (void)state;
    muster_reasons   *reasons;
    muster_assignment twice[] = {PLANNED[0], PLANNED[0]};
    assert_int_equal(muster_reasons_new(&reasons, &r.problem, 2, twice, 0, NULL, 1),
                     MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(),
                        "assignment 1 sends \"T-1\" to incident \"I-1\" for \"medical\" once more; "
                        "expected one assignment for both");
    twice[1].index = 1, twice[1].quantity = 10, twice[1].eta_ms = 600000;
    assert_int_equal(muster_reasons_new(&reasons, &r.problem, 2, twice, 0, NULL, 1),
                     MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(),
                        "\"T-2\" brings 10 of \"medical\" to incident \"I-1\", which lacks 0");
}

/* ---- items that come by vehicle ------------------------------------------------------------------ */

static muster_assignment haul[1];
static muster_shipment   trip[2];

/* One truck takes 2 of 5 tents to I-2, which asks for 3 of them and a truck. */
static void load_truck(void) {
    r.kind[SANDBAG] = (muster_kind){.code = "tent", .resource = MUSTER_ITEM, .mass_kg = 10};
    r.vehicle[0]    = (muster_vehicle){
           .unit = small_road_unit(&r, "V-1", 0), .kind = TRUCK, .payload_kg = 20, .volume_m3 = 1};
    r.stock[0]                 = (muster_stock){small_road_unit(&r, "W-1", 0), SANDBAG, 5};
    r.stock[0].unit.turnout_ms = 0;
    r.need[0]                  = (muster_need){.incident = 1, .kind = SANDBAG, .quantity = 3};
    r.need[1]                  = (muster_need){.incident = 0, .kind = SANDBAG, .quantity = 4};
    r.need[2]                  = (muster_need){.incident = 1, .kind = TRUCK, .quantity = 1};
    r.problem.vehicle_count = 1, r.problem.stock_count = 1;
    r.problem.item_transport = MUSTER_ITEMS_BY_VEHICLE;
    haul[0] = (muster_assignment){.resource = MUSTER_ITEM, .quantity = 2, .eta_ms = 60000};
    trip[0] = trip[1] = (muster_shipment){0};
}

static void what_vehicles_carry_is_explained_as_far_as_it_is_known(void **state) {
    (void)state;
    muster_reasons *reasons;
    muster_why     *why;
    load_truck();
    assert_int_equal(muster_reasons_new(&reasons, &r.problem, 1, haul, 1, trip, 1), MUSTER_OK);
    assert_int_equal(muster_why_new(&why, reasons, 0), MUSTER_OK);
    assert_int_equal(muster_why_shortage(why)->reason, MUSTER_REASON_IN_PLAN);
    assert_int_equal(muster_why_exchange(why)->verdict, MUSTER_NEAREST_SHIPPED);
    assert_null(muster_why_text(why, MUSTER_WHY_NOT_NEAREST));
    assert_null(muster_why_text(why, MUSTER_WHAT_WOULD_HELP));
    muster_why_free(why);
    assert_int_equal(muster_why_new(&why, reasons, 2), MUSTER_OK);
    assert_int_equal(muster_why_shortage(why)->reason, MUSTER_UNMET_EXHAUSTED);
    assert_int_equal(muster_why_shortage(why)->proof, MUSTER_PROOF_NONE);
    assert_int_equal(muster_why_exchange(why)->verdict, MUSTER_NEAREST_CARRYING);
    assert_string_equal(
        muster_why_text(why, MUSTER_WHY_NOT_NEAREST),
        "V-1 would be at I-2 for \"truck\" in 1.0 min; none is sent, but it carries "
        "items.");
    assert_false(muster_why_help(why)->is_exact);
    muster_why_free(why);
    muster_reasons_free(reasons);
}

static void what_the_plan_says_is_the_reason_where_the_books_know_none(void **state) {
    (void)state;
    muster_reasons *reasons;
    muster_why     *why;
    muster_unmet    told[] = {{.need = 2, .quantity = 1, .reason = MUSTER_UNMET_DIVERSION},
                              {.need = 0, .quantity = 1, .reason = MUSTER_UNMET_NO_VEHICLE}};
    load_truck();
    assert_int_equal(muster_reasons_new(&reasons, &r.problem, 1, haul, 1, trip, 1), MUSTER_OK);
    told[0].need = 3;
    assert_int_equal(muster_reasons_tell(reasons, 2, told), MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(), "unmet 0 is of need 3, but the problem has 3");
    told[0].need = 2, told[1].reason = 13;
    assert_int_equal(muster_reasons_tell(reasons, 2, told), MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(),
                        "unmet 1 has reason 13; expected a muster_unmet_reason");
    told[1].reason = MUSTER_UNMET_NO_VEHICLE;
    assert_int_equal(muster_reasons_tell(reasons, 2, told), MUSTER_OK);
    assert_int_equal(muster_why_new(&why, reasons, 0), MUSTER_OK);
    assert_int_equal(muster_why_shortage(why)->reason, MUSTER_UNMET_NO_VEHICLE);
    assert_string_equal(muster_why_text(why, MUSTER_WHY_UNMET),
                        "I-2 lacks 1 of 3 \"tent\": some are left, but no vehicle is free that can "
                        "carry one.");
    assert_string_equal(muster_why_text_in(why, MUSTER_WHY_UNMET, MUSTER_CHINESE),
                        "I-2缺少“tent” 1 件（共需 3 件）：尚有库存，但没有空闲车辆可以装运。");
    muster_why_free(why);
    assert_int_equal(muster_why_new(&why, reasons, 2), MUSTER_OK);
    assert_int_equal(muster_why_shortage(why)->reason, MUSTER_UNMET_EXHAUSTED); /* they know that */
    muster_why_free(why);
    muster_reasons_free(reasons);
}

static void a_shipment_that_does_not_fit_is_named(void **state) {
    (void)state;
    muster_reasons *reasons;
    load_truck();
    assert_int_equal(muster_reasons_new(&reasons, &r.problem, 1, haul, 0, NULL, 1),
                     MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(),
                        "assignment 0 comes by shipment 0, but the plan has 0");
    assert_int_equal(muster_reasons_new(&reasons, &r.problem, 1, haul, 2, trip, 1),
                     MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(),
                        "shipment 1 is carried by \"V-1\", which is sent elsewhere as well");
    trip[0].vehicle = 1;
    assert_int_equal(muster_reasons_new(&reasons, &r.problem, 1, haul, 1, trip, 1),
                     MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(),
                        "shipment 0 is carried by vehicle 1, but the problem has 1");
}

static void a_need_that_is_not_there_is_named(void **state) {
    (void)state;
    muster_reasons *reasons;
    muster_why     *why;
    assert_int_equal(muster_reasons_new(&reasons, &r.problem, 2, PLANNED, 0, NULL, 1), MUSTER_OK);
    assert_int_equal(muster_why_new(&why, reasons, 3), MUSTER_E_INVALID);
    assert_null(why);
    assert_string_equal(muster_error_message(), "need 3, but the problem has 3");
    muster_reasons_free(reasons);
}

static void nobody_and_nothing_asked_for_is_a_book(void **state) {
    (void)state;
    const muster_problem nothing = MUSTER_PROBLEM_INIT;
    muster_reasons      *reasons;
    assert_int_equal(muster_reasons_new(&reasons, &nothing, 0, NULL, 0, NULL, 0), MUSTER_OK);
    muster_reasons_free(reasons);
    muster_reasons_free(NULL);
    muster_why_free(NULL);
}

static void names_of_enums_end_where_the_enums_do(void **state) {
    (void)state;
    assert_string_equal(muster_proof_name(MUSTER_PROOF_SUPPLY), "supply");
    assert_null(muster_proof_name((muster_proof)3));
    assert_string_equal(muster_nearest_verdict_name(MUSTER_NEAREST_ELSEWHERE), "elsewhere");
    assert_null(muster_nearest_verdict_name((muster_nearest_verdict)6));
}

static muster_status explain_all(void) {
    muster_reasons *reasons;
    muster_status   status = muster_reasons_new(&reasons, &r.problem, 2, PLANNED, 0, NULL, 1);
    for (uint32_t n = 0; status == MUSTER_OK && n < 3; ++n) {
        muster_why *why;
        status = muster_why_new(&why, reasons, n);
        muster_why_free(why);
    }
    muster_reasons_free(reasons);
    return status;
}

static void memory_that_runs_out_anywhere_is_said(void **state) {
    (void)state;
    assert_int_equal(explain_all(),
                     MUSTER_OK); /* what is near to places is remembered from now on */
    (void)mu_alloc_fail_after(-1);
    assert_int_equal(explain_all(), MUSTER_OK);
    const int64_t count = mu_alloc_fail_after(-1);
    assert_true(count > 50);
    for (int64_t n = 0; n < count; ++n) {
        (void)mu_alloc_fail_after(n);
        const muster_status status = explain_all();
        (void)mu_alloc_fail_after(-1);
        assert_int_equal(status, MUSTER_E_NOMEM);
    }
    assert_int_equal(explain_all(), MUSTER_OK);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(what_is_met_has_no_shortage),
        TEST(exhaustion_is_proven_by_all_that_can_come_and_all_that_ask),
        TEST(a_minimum_that_cannot_be_reached_is_named),
        TEST(the_nearest_that_serves_another_is_named_with_what_it_would_cost),
        TEST(one_more_is_worth_what_it_would_serve),
        TEST(an_assignment_that_does_not_fit_is_named),
        TEST(who_is_sent_twice_or_for_nothing_is_named),
        TEST(what_vehicles_carry_is_explained_as_far_as_it_is_known),
        TEST(what_the_plan_says_is_the_reason_where_the_books_know_none),
        TEST(a_shipment_that_does_not_fit_is_named),
        TEST(a_need_that_is_not_there_is_named),
        TEST(nobody_and_nothing_asked_for_is_a_book),
        TEST(names_of_enums_end_where_the_enums_do),
        TEST(memory_that_runs_out_anywhere_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
