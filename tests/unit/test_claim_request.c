/* What a dispatcher sends: whole documents, bad input first, and the lines of plans. */
#include "gis/claim_request.h"

#include <math.h>
#include <string.h>

#include "tests/support/random_shipments.h"

static const char        ID[] = "00000000-0000-4000-8000-00000000000a";
static const mu_claimant WHO  = {"A", 3};

static muster_claim_line team(void) {
    return (muster_claim_line){.resource   = MUSTER_PEOPLE,
                               .code       = "T1",
                               .incident   = "I1",
                               .need       = "rescue",
                               .quantity   = 12,
                               .depart_ms  = 60000,
                               .eta_ms     = MUSTER_NONE,
                               .distance_m = -1};
}

static muster_claim_plan plan_of(const muster_claim_line *line, uint32_t count) {
    muster_claim_plan plan = MUSTER_CLAIM_PLAN_INIT;
    plan.scenario          = "storm";
    plan.line              = line;
    plan.line_count        = count;
    return plan;
}

static void check_document(muster_status status, mu_json *json, const char *expected) {
    if (status != MUSTER_OK) fail_msg("%s", muster_error_message());
    assert_string_equal(json->text, expected);
    mu_json_fini(json);
}

static void a_commit_says_all_that_is_known(void **state) {
    (void)state;
    mu_json                 json       = {0};
    const muster_claim_line line[]     = {team(),
                                          {.resource   = MUSTER_ITEM,
                                           .code       = "W1",
                                           .kind       = "sandbag",
                                           .incident   = "I1",
                                           .need       = "sandbag",
                                           .quantity   = 300,
                                           .vehicle    = "V1",
                                           .depart_ms  = 0,
                                           .eta_ms     = 5,
                                           .distance_m = 0}};
    const int64_t           released[] = {7, 9};
    muster_claim_plan       plan       = plan_of(line, 2);
    plan.made_at_ms                    = 1782864000000;
    plan.release                       = released;
    plan.release_count                 = 2;
    check_document(
        mu_claim_request_commit(&json, &WHO, ID, &plan), &json,
        "{\"request\":\"00000000-0000-4000-8000-00000000000a\",\"dispatcher\":\"A\",\"token\":3,"
        "\"scenario\":\"storm\",\"made_at_ms\":1782864000000,\"release\":[7,9],\"lines\":["
        "{\"resource\":\"people\",\"code\":\"T1\",\"incident\":\"I1\",\"need\":\"rescue\","
        "\"quantity\":12,\"depart_ms\":60000},"
        "{\"resource\":\"item\",\"code\":\"W1\",\"kind\":\"sandbag\",\"incident\":\"I1\","
        "\"need\":\"sandbag\",\"quantity\":300,\"vehicle\":\"V1\",\"depart_ms\":0,\"eta_ms\":5,"
        "\"distance_m\":0}]}");
}

static void a_commit_by_code_need_not_name_a_scenario(void **state) {
    (void)state;
    mu_json                 json = {0};
    const muster_claim_line line = team();
    muster_claim_plan       plan = plan_of(&line, 1);
    plan.scenario                = NULL;
    assert_int_equal(mu_claim_request_commit(&json, &WHO, ID, &plan), MUSTER_E_INVALID);
    mu_json_fini(&json);
    json         = (mu_json){0};
    plan.by_code = 1;
    check_document(
        mu_claim_request_commit(&json, &WHO, ID, &plan), &json,
        "{\"request\":\"00000000-0000-4000-8000-00000000000a\",\"dispatcher\":\"A\",\"token\":3,"
        "\"by_code\":1,\"release\":[],\"lines\":[{\"resource\":\"people\",\"code\":\"T1\","
        "\"incident\":\"I1\",\"need\":\"rescue\",\"quantity\":12,\"depart_ms\":60000}]}");
}

static void the_others_say_what_they_need(void **state) {
    (void)state;
    mu_json       json    = {0};
    const int64_t claim[] = {5};
    check_document(mu_claim_request_release(&json, &WHO, ID, 1, claim), &json,
                   "{\"request\":\"00000000-0000-4000-8000-00000000000a\",\"dispatcher\":\"A\","
                   "\"token\":3,\"release\":[5]}");
    json = (mu_json){0};
    check_document(mu_claim_request_use(&json, &WHO, ID, 1, claim), &json,
                   "{\"request\":\"00000000-0000-4000-8000-00000000000a\",\"dispatcher\":\"A\","
                   "\"token\":3,\"used\":[5]}");
    json = (mu_json){0};
    check_document(mu_claim_request_state(&json, &WHO, 4, "en_route"), &json,
                   "{\"dispatcher\":\"A\",\"token\":3,\"order\":4,\"state\":\"en_route\"}");
    json = (mu_json){0};
    check_document(mu_claim_request_take_over(&json, &(mu_claimant){"A", 0}, "desk \"1\""), &json,
                   "{\"dispatcher\":\"A\",\"holder\":\"desk \\\"1\\\"\"}");
}

/* ---- bad input ----------------------------------------------------------------------- */

static void refuse(const char *request, const muster_claim_plan *plan, const char *message) {
    mu_json json = {0};
    assert_int_equal(mu_claim_request_commit(&json, &WHO, request, plan), MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(), message);
    mu_json_fini(&json);
}

static void refuse_line(muster_claim_line line, const char *message) {
    const muster_claim_line lines[] = {team(), line};
    const muster_claim_plan plan    = plan_of(lines, 2);
    refuse(ID, &plan, message);
}

#define WITH(member, value) (line = team(), line.member = (value), line)

static void each_wrong_value_of_a_line_is_named(void **state) {
    (void)state;
    muster_claim_line line;
    refuse_line(WITH(resource, 4), "line 1: resource 4; expected 0 to 3");
    refuse_line(WITH(code, NULL), "line 1: no code");
    refuse_line(WITH(code, ""), "line 1: code \"\"; expected UTF-8 on one line, not empty");
    refuse_line(WITH(code, "a\nb"), "line 1: code \"a b\"; expected UTF-8 on one line, not empty");
    refuse_line(WITH(code, "\xFF"), "line 1: code \"?\"; expected UTF-8 on one line, not empty");
    refuse_line(WITH(need, ""), "line 1: need \"\"; expected UTF-8 on one line, not empty");
    refuse_line(
        WITH(kind, "sandbag"),
        "line 1: kind \"sandbag\" of people \"T1\"; expected one for items, none for others");
    refuse_line(WITH(resource, MUSTER_ITEM),
                "line 1: kind \"\" of item \"T1\"; expected one for items, none for others");
    refuse_line(WITH(quantity, 0), "line 1: quantity 0; expected 1 to 1000000000");
    refuse_line(WITH(quantity, -5), "line 1: quantity -5; expected 1 to 1000000000");
    refuse_line(WITH(quantity, 1000000001),
                "line 1: quantity 1000000001; expected 1 to 1000000000");
    refuse_line(WITH(distance_m, NAN), "line 1: distance nan m; expected a finite number");
    refuse_line(WITH(distance_m, INFINITY), "line 1: distance inf m; expected a finite number");
}

static void a_plan_has_lines_and_incidents_have_a_scenario(void **state) {
    (void)state;
    const muster_claim_line line = team();
    muster_claim_plan       plan = plan_of(&line, 0);
    refuse(ID, &plan, "a plan without lines; expected one or more");
    char message[64];
    snprintf(message, sizeof message, "a plan with struct_size 0; expected %zu", sizeof plan);
    refuse(ID, &(muster_claim_plan){0}, message);
    plan          = plan_of(&line, 1);
    plan.scenario = NULL;
    refuse(ID, &plan, "line 0: incident \"I1\" of no scenario");
}

static void a_request_id_is_a_uuid(void **state) {
    (void)state;
    static const char *const BAD[] = {"", "1", "00000000-0000-4000-8000-00000000000g",
                                      "00000000-0000-4000-8000-0000000000000",
                                      "000000000-000-4000-8000-000000000000"};
    const muster_claim_line  line  = team();
    const muster_claim_plan  plan  = plan_of(&line, 1);
    char                     message[128];
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; ++i) {
        snprintf(message, sizeof message, "request \"%s\"; expected a UUID", BAD[i]);
        refuse(BAD[i], &plan, message);
    }
    refuse(NULL, &plan, "request \"\"; expected a UUID");
}

static void ids_are_drawn_well_formed_and_never_twice(void **state) {
    (void)state;
    char                    id[100][MUSTER_REQUEST_BYTES];
    const muster_claim_line line = team();
    const muster_claim_plan plan = plan_of(&line, 1);
    for (int i = 0; i < 100; ++i) {
        mu_json json = {0};
        assert_int_equal(muster_request_draw(id[i]), MUSTER_OK);
        assert_int_equal(mu_claim_request_commit(&json, &WHO, id[i], &plan), MUSTER_OK);
        assert_int_equal(id[i][14], '4');
        for (int j = 0; j < i; ++j) assert_string_not_equal(id[i], id[j]);
        mu_json_fini(&json);
    }
}

/* ---- the lines of plans -------------------------------------------------------------- */

static random_shipments r;

static void check_lines(const muster_plan *plan) {
    uint32_t                 assignment_count, shipment_count, count;
    const muster_assignment *a = muster_plan_assignments(plan, &assignment_count);
    const muster_shipment   *s = muster_plan_shipments(plan, &shipment_count);
    muster_claim_line       *line;
    assert_int_equal(muster_claim_lines_of_plan(&line, &count, plan, &r.problem), MUSTER_OK);
    assert_int_equal(count, assignment_count + shipment_count);
    for (uint32_t i = 0; i < assignment_count; ++i) {
        const muster_problem *p    = &r.problem;
        const muster_need    *need = &p->need[a[i].need];
        assert_int_equal(line[i].resource, a[i].resource);
        assert_int_equal(line[i].quantity, a[i].quantity);
        assert_string_equal(line[i].incident, p->incident[need->incident].code);
        assert_string_equal(line[i].need, p->kind[need->kind].code);
        if (a[i].resource == MUSTER_ITEM) {
            assert_string_equal(line[i].code, p->stock[a[i].index].unit.code);
            assert_string_equal(line[i].kind, line[i].need);
            assert_string_equal(line[i].vehicle, p->vehicle[s[a[i].shipment].vehicle].unit.code);
        } else {
            assert_string_equal(line[i].code, p->vehicle[a[i].index].unit.code);
            assert_null(line[i].vehicle);
        }
    }
    for (uint32_t i = 0; i < shipment_count; ++i) {
        const muster_claim_line *carrier = &line[assignment_count + i];
        assert_int_equal(carrier->resource, MUSTER_VEHICLE);
        assert_string_equal(carrier->code, r.problem.vehicle[s[i].vehicle].unit.code);
        assert_null(carrier->need);
        assert_int_equal(carrier->eta_ms, s[i].eta_ms);
    }
    muster_claim_lines_free(line);
}

static void every_assignment_and_every_vehicle_of_a_shipment_is_a_line(void **state) {
    (void)state;
    uint32_t shipments = 0;
    for (uint64_t seed = 0; seed < 40; ++seed) {
        muster_plan         *plan;
        muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
        options.time_limit_ms        = 0;
        random_shipments_new(&r, seed);
        assert_int_equal(muster_solve(&plan, &r.problem, &options), MUSTER_OK);
        check_lines(plan);
        uint32_t count;
        (void)muster_plan_shipments(plan, &count);
        shipments += count;
        muster_plan_free(plan);
        random_shipments_free(&r);
    }
    assert_true(shipments > 10);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_commit_says_all_that_is_known),
        cmocka_unit_test(a_commit_by_code_need_not_name_a_scenario),
        cmocka_unit_test(the_others_say_what_they_need),
        cmocka_unit_test(each_wrong_value_of_a_line_is_named),
        cmocka_unit_test(a_plan_has_lines_and_incidents_have_a_scenario),
        cmocka_unit_test(a_request_id_is_a_uuid),
        cmocka_unit_test(ids_are_drawn_well_formed_and_never_twice),
        cmocka_unit_test(every_assignment_and_every_vehicle_of_a_shipment_is_a_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
