/* What the command says, from GeoPackages: authorities, zones, rules, weights and conditions; and
 * files that are too old to say any of it. */
#include <muster/store.h>

#include "gis/memory.h"
#include "gis/moment.h"
#include "tests/support/small_command.h"
#include "tests/support/test_folder.h"

static muster_scenario *load(const char *edit) {
    muster_scenario *scenario;
    small_scenario_write(path_of("small.gpkg"), edit);
    if (muster_scenario_load(&scenario, path_of("small.gpkg"), NULL) != MUSTER_OK) {
        fail_msg("%s", muster_error_message());
    }
    return scenario;
}

static void refused(const char *edit, const char *message) {
    char             all[4000];
    muster_scenario *scenario;
    snprintf(all, sizeof all, "%s%s", SMALL_COMMAND, edit);
    small_scenario_write(path_of("small.gpkg"), all);
    assert_int_equal(muster_scenario_load(&scenario, path_of("small.gpkg"), NULL),
                     MUSTER_E_INVALID);
    assert_null(scenario);
    if (!strstr(muster_error_message(), message)) {
        fail_msg("\"%s\" does not say \"%s\"", muster_error_message(), message);
    }
}

/* ---- what is sound ------------------------------------------------------------------- */

static void a_unit_is_under_the_authority_that_keeps_it(void **state) {
    (void)state;
    muster_scenario      *scenario = load(SMALL_COMMAND);
    const muster_problem *p        = muster_scenario_problem(scenario);
    assert_int_equal(p->authority_count, 4);
    assert_string_equal(p->authority[0].code, "330400");
    assert_int_equal(p->authority[0].parent, MUSTER_NONE);
    assert_int_equal(p->authority[3].level, MUSTER_VILLAGE);
    assert_int_equal(p->authority[3].parent, 2);
    assert_int_equal(p->team[0].unit.authority, 1); /* kept by the county */
    assert_int_equal(p->team[1].unit.authority, 2); /* volunteers: their place */
    assert_int_equal(p->vehicle[0].unit.authority, 0);
    assert_int_equal(p->machine[0].unit.authority, MUSTER_NONE);
    assert_int_equal(p->incident[1].authority, 3);
    muster_scenario_free(scenario);
}

static void units_and_incidents_have_their_conditions(void **state) {
    (void)state;
    muster_scenario      *scenario = load(SMALL_COMMAND);
    const muster_problem *p        = muster_scenario_problem(scenario);
    assert_int_equal(p->team[0].grade, 2);
    assert_int_equal(p->team[0].unit.available_ms, 60500);
    assert_int_equal(p->team[0].unit.shift_end_ms, 7200000);
    assert_int_equal(p->team[0].unit.duty_ms, 3600000);
    assert_int_equal(p->team[1].unit.shift_end_ms, 0);
    assert_int_equal(p->stock[0].unit.shift_end_ms, 100000);
    assert_int_equal(p->incident[0].deadline_ms, 0);
    assert_int_equal(p->incident[1].deadline_ms, 5400000); /* reported at 00:10 */
    assert_int_equal(p->incident[1].on_scene_ms, 1800000);
    assert_int_equal(p->incident[1].all_or_nothing, 1);
    assert_int_equal(p->need[2].grade, 3);
    assert_int_equal(p->kind[2].operator_count, 2);
    assert_string_equal(p->kind[p->kind[2].operator_kind].code, "rescue");
    muster_scenario_free(scenario);
}

static void zones_rules_and_weights_are_read(void **state) {
    (void)state;
    muster_scenario      *scenario = load(SMALL_COMMAND);
    const muster_problem *p        = muster_scenario_problem(scenario);
    assert_int_equal(p->zone_count, 1);
    assert_int_equal(p->zone[0].radius_ms, 900000);
    assert_int_equal(p->zone[0].required, 2);
    assert_int_equal(p->zone[0].weight, 5);
    assert_int_equal(p->rule_count, 3); /* T-2 is not available; another scenario's are its own */
    assert_int_equal(p->rule[0].type, MUSTER_LOCK);
    assert_int_equal(p->rule[0].resource, MUSTER_ITEM);
    assert_string_equal(p->kind[p->stock[p->rule[0].index].kind].code, "sandbag");
    assert_int_equal(p->rule[0].quantity, 10);
    assert_string_equal(p->kind[p->need[p->rule[0].need].kind].code, "sandbag");
    assert_int_equal(p->rule[1].type, MUSTER_HOLD);
    assert_int_equal(p->rule[2].type, MUSTER_EN_ROUTE);
    assert_int_equal(p->rule[2].incident, 1);
    assert_int_equal(p->weights->severity[MUSTER_EXTREME], 20);
    assert_int_equal(p->weights->severity[MUSTER_MINOR], 1);
    assert_int_equal(p->weights->lateness_step_ms, 300000);
    assert_int_equal(p->weights->lateness_step_s, 120);
    assert_int_equal(p->weights->escalation_delay_ms[2], 90000);
    assert_int_equal(p->weights->diversion_unmet_need, 7);
    assert_int_equal(p->weights->diversion_response_time, 8);
    assert_int_equal(p->weights->reserve_before_response, 1);
    muster_scenario_free(scenario);
}

/* The only truck has the sandbags of W-2 on board, where it is. */
#define SMALL_LOAD                                                                                 \
    "UPDATE vehicle SET payload_kg = 100, volume_m3 = 1;"                                          \
    "INSERT INTO rule (id, scenario, type, resource, code, kind, incident, quantity, vehicle) "    \
    "VALUES (6, 'flood', 'en_route', 'item', 'W-2', 'sandbag', 'I-1', 0, "

static void what_is_on_board_of_whom_is_read(void **state) {
    (void)state;
    muster_scenario      *scenario = load(SMALL_LOAD "'V-1')");
    const muster_problem *p        = muster_scenario_problem(scenario);
    assert_int_equal(p->item_transport, MUSTER_ITEMS_BY_VEHICLE);
    assert_int_equal(p->rule_count, 1);
    assert_int_equal(p->rule[0].type, MUSTER_EN_ROUTE);
    assert_int_equal(p->rule[0].resource, MUSTER_ITEM);
    assert_string_equal(p->stock[p->rule[0].index].unit.code, "W-2");
    assert_string_equal(p->vehicle[p->rule[0].vehicle].unit.code, "V-1");
    assert_string_equal(p->incident[p->rule[0].incident].code, "I-1");
    muster_scenario_free(scenario);
    scenario = load(SMALL_LOAD "'V-2')"); /* it is not available */
    assert_int_equal(muster_scenario_problem(scenario)->rule_count, 0);
    muster_scenario_free(scenario);
    refused(SMALL_LOAD "NULL)", "table rule, row id 6, column vehicle: NULL; expected a text");
    refused(SMALL_LOAD "'moon')",
            "column vehicle: 'moon'; expected the code of a row in table vehicle");
}

/* A file from before there was any of it. */
static void an_old_file_says_nothing(void **state) {
    (void)state;
    static const char *const DUTY[] = {"team", "vehicle", "machine", "warehouse"};
    char                     edit[2000] =
        "DROP TABLE place; DROP TABLE zone; DROP TABLE rule; DROP TABLE weight;"
        "ALTER TABLE kind DROP COLUMN operator_kind; ALTER TABLE kind DROP COLUMN operator_count;"
        "ALTER TABLE team DROP COLUMN grade; ALTER TABLE need DROP COLUMN grade;"
        "ALTER TABLE incident DROP COLUMN on_scene_s;"
        "ALTER TABLE incident DROP COLUMN all_or_nothing;";
    for (size_t i = 0; i < sizeof DUTY / sizeof *DUTY; ++i) {
        const size_t used = strlen(edit);
        snprintf(edit + used, sizeof edit - used,
                 "ALTER TABLE %s DROP COLUMN ready_s; ALTER TABLE %s DROP COLUMN shift_end_s;"
                 "ALTER TABLE %s DROP COLUMN duty_s;",
                 DUTY[i], DUTY[i], DUTY[i]);
    }
    muster_scenario      *scenario = load(edit);
    const muster_problem *p        = muster_scenario_problem(scenario);
    assert_int_equal(p->team_count, 2);
    assert_int_equal(p->authority_count + p->zone_count + p->rule_count, 0);
    assert_int_equal(p->team[0].unit.authority, MUSTER_NONE);
    assert_int_equal(p->team[0].grade + p->team[0].unit.shift_end_ms, 0);
    assert_int_equal(p->weights->severity[MUSTER_EXTREME], 8);
    muster_scenario_free(scenario);
}

/* ---- what is not --------------------------------------------------------------------- */

static void what_is_wrong_with_authorities_is_named(void **state) {
    (void)state;
    refused("UPDATE place SET level = 'street' WHERE name = 'Town'",
            "table place, row code '330402001', column level: 'street'; expected city, county, "
            "town or village");
    refused("UPDATE place SET parent_code = 'moon' WHERE name = 'Town'",
            "table place, row code '330402001', column parent_code: 'moon'; expected the code of a "
            "place of a higher level than town");
    refused("UPDATE place SET parent_code = '330402001201' WHERE name = 'Town'",
            "expected the code of a place of a higher level than town");
    refused("UPDATE team SET place = 'moon' WHERE code = 'T-1'",
            "table team, row code 'T-1', column place: 'moon'; expected the code of a row in table "
            "place");
}

static void what_is_wrong_with_conditions_is_named(void **state) {
    (void)state;
    refused("UPDATE team SET grade = -1 WHERE code = 'T-1'", "column grade: -1; expected");
    refused("UPDATE vehicle SET shift_end_s = 0 WHERE code = 'V-1'",
            "table vehicle, row code 'V-1', column shift_end_s: 0; expected more than 0, or NULL "
            "where there is no end");
    refused("UPDATE machine SET ready_s = 'soon'", "column ready_s: 'soon'; expected a number");
    refused("UPDATE incident SET deadline_at = '2026-07-01T00:10:00Z' WHERE code = 'I-2'",
            "column deadline_at: '2026-07-01T00:10:00Z'; expected a moment up to 2147483 seconds "
            "after reported_at");
    refused("UPDATE incident SET deadline_at = 'tomorrow' WHERE code = 'I-2'",
            "column deadline_at: 'tomorrow'; expected a moment like 2026-07-01T06:30:00Z");
    refused("UPDATE need SET grade = 1 WHERE kind = 'pump'",
            "column grade: 1; expected 0 for what is not people");
    refused("UPDATE kind SET operator_kind = 'tent' WHERE code = 'pump'",
            "table kind, row code 'pump', column operator_kind: 'tent'; expected the code of a "
            "kind of people");
    refused("UPDATE kind SET operator_kind = NULL WHERE code = 'pump'",
            "column operator_count: 2; expected 0, without operator_kind");
    refused("UPDATE kind SET operator_kind = 'rescue', operator_count = 1 WHERE code = 'tent'",
            "column operator_count: 1; expected 0 for what is no machine");
}

static void what_is_wrong_with_zones_rules_and_weights_is_named(void **state) {
    (void)state;
    refused("UPDATE zone SET kind = 'tent'",
            "table zone, row code 'Z-1', column kind: 'tent'; expected a kind of people, vehicle "
            "or machine");
    refused("UPDATE zone SET required = 0", "column required: 0; expected a whole number from 1");
    refused("UPDATE rule SET type = 'wish' WHERE id = 1",
            "table rule, row id 1, column type: 'wish'; expected lock, forbid, hold or en_route");
    refused(
        "UPDATE rule SET code = 'V-9' WHERE id = 2",
        "table rule, row id 2, column code: 'V-9'; expected the code of a row in table vehicle");
    refused("UPDATE rule SET kind = NULL WHERE id = 1",
            "table rule, row id 1, column kind: NULL; expected the kind of the items");
    refused("UPDATE rule SET code = 'W-2', kind = 'tent' WHERE id = 1",
            "column kind: 'tent'; expected a kind that warehouse 'W-2' holds");
    refused("UPDATE rule SET incident = 'I-2' WHERE id = 1",
            "column kind: 'sandbag'; expected a kind that incident 'I-2' needs");
    refused("UPDATE rule SET type = 'lock' WHERE id = 4",
            "column code: 'T-2'; expected a team that is available");
    refused("UPDATE weight SET key = 'hope' WHERE value = 8",
            "table weight, row key 'hope', column key: 'hope'; expected severity_minor");
    refused("UPDATE weight SET value = 2 WHERE key = 'reserve_before_response'",
            "column value: 2; expected a whole number from 0 to 1");
}

static void moments_are_read_to_the_second(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int64_t     s;
    } GOOD[]                       = {{"1970-01-01T00:00:00Z", 0},
                                      {"1969-12-31T23:59:59Z", -1},
                                      {"2000-02-29T12:00:00Z", 951825600},
                                      {"2026-07-01T06:30:00Z", 1782887400},
                                      {"9999-12-31T23:59:59Z", 253402300799}};
    static const char *const BAD[] = {"",
                                      "2026-07-01",
                                      "2026-07-01T06:30:00",
                                      "2026-07-01T06:30:00+08",
                                      "2026-02-29T00:00:00Z",
                                      "1900-02-29T00:00:00Z",
                                      "2026-13-01T00:00:00Z",
                                      "2026-07-01T24:00:00Z",
                                      "2026-07-01T06:60:00Z",
                                      "2026-07-01T06:30:60Z",
                                      "0000-07-01T06:30:00Z",
                                      "2026-07-0 T06:30:00Z"};
    int64_t                  s;
    for (size_t i = 0; i < sizeof GOOD / sizeof *GOOD; ++i) {
        assert_true(mu_moment_parse(GOOD[i].text, &s));
        assert_true(s == GOOD[i].s);
    }
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; ++i) assert_false(mu_moment_parse(BAD[i], &s));
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    int64_t       failing = 0;
    muster_status status;
    small_scenario_write(path_of("small.gpkg"), SMALL_COMMAND);
    do {
        muster_scenario *scenario;
        mu_gis_alloc_fail_after(failing++);
        status = muster_scenario_load(&scenario, path_of("small.gpkg"), NULL);
        mu_gis_alloc_fail_after(-1);
        assert_true(status == MUSTER_OK || status == MUSTER_E_NOMEM);
        assert_true((status == MUSTER_OK) == (scenario != NULL));
        muster_scenario_free(scenario);
    } while (status != MUSTER_OK);
    assert_true(failing > 50);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_unit_is_under_the_authority_that_keeps_it),
        cmocka_unit_test(units_and_incidents_have_their_conditions),
        cmocka_unit_test(zones_rules_and_weights_are_read),
        cmocka_unit_test(what_is_on_board_of_whom_is_read),
        cmocka_unit_test(an_old_file_says_nothing),
        cmocka_unit_test(what_is_wrong_with_authorities_is_named),
        cmocka_unit_test(what_is_wrong_with_conditions_is_named),
        cmocka_unit_test(what_is_wrong_with_zones_rules_and_weights_is_named),
        cmocka_unit_test(moments_are_read_to_the_second),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
