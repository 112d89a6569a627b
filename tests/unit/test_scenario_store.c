/* Scenarios from GeoPackages: one that is sound, and each way in which one is not. */
#include <muster/store.h>

#include "gis/memory.h"
#include "tests/support/random.h"
#include "tests/support/small_scenario.h"
#include "tests/support/test_folder.h"

typedef struct spoilt {
    const char *edit, *message;
} spoilt;

static muster_scenario *load(const char *edit, const char *code) {
    muster_scenario *scenario;
    small_scenario_write(path_of("small.gpkg"), edit);
    if (muster_scenario_load(&scenario, path_of("small.gpkg"), code) != MUSTER_OK) {
        fail_msg("%s", muster_error_message());
    }
    return scenario;
}

/* ---- what is sound ------------------------------------------------------------------- */

static void a_scenario_has_its_resources_in_the_order_of_their_codes(void **state) {
    (void)state;
    muster_scenario      *scenario = load(NULL, NULL);
    const muster_problem *p        = muster_scenario_problem(scenario);
    assert_string_equal(muster_scenario_code(scenario), "flood");
    assert_string_equal(muster_scenario_name(scenario), "Flood");
    assert_int_equal(p->kind_count, 6);
    assert_string_equal(p->kind[2].code, "pump");
    assert_string_equal(p->kind[2].name, "Pump");
    assert_int_equal(p->kind[2].resource, MUSTER_MACHINE);

    assert_int_equal(p->team_count, 2); /* T-2 is not available */
    assert_string_equal(p->team[0].unit.code, "T-1");
    assert_string_equal(p->team[0].unit.name, "One");
    assert_true(p->team[0].unit.site.lon_deg == 120.701 && p->team[0].unit.site.lat_deg == 30.701);
    assert_int_equal(p->team[0].unit.turnout_ms, 90500);
    assert_int_equal(p->team[0].people, 12);
    assert_int_equal(p->team[0].capability_count, 2);
    assert_string_equal(p->kind[p->team[0].capability[0]].code, "medical");
    assert_string_equal(p->kind[p->team[0].capability[1]].code, "rescue");
    assert_string_equal(p->team[1].unit.code, "T-3");
    assert_int_equal(p->team[1].capability_count, 0);

    assert_int_equal(p->vehicle_count, 1);
    assert_string_equal(p->vehicle[0].unit.code, "V-1");
    assert_null(p->vehicle[0].unit.name);
    assert_string_equal(p->kind[p->vehicle[0].kind].code, "ambulance");
    assert_int_equal(p->machine_count, 1);
    assert_int_equal(p->machine[0].count, 4);
    assert_string_equal(p->kind[p->machine[0].kind].code, "pump");
    muster_scenario_free(scenario);
}

static void a_whole_scenario_has_who_is_not_available_and_says_so(void **state) {
    (void)state;
    muster_scenario *whole, *scenario = load("UPDATE vehicle SET available = 0", NULL);
    uint32_t         count;
    assert_null(muster_scenario_unavailable(scenario, MUSTER_PEOPLE, &count));
    assert_int_equal(count, 0);
    assert_int_equal(muster_scenario_problem(scenario)->vehicle_count, 0);
    muster_scenario_free(scenario);

    assert_int_equal(muster_scenario_load_whole(&whole, path_of("small.gpkg"), NULL), MUSTER_OK);
    const muster_problem *p   = muster_scenario_problem(whole);
    const uint32_t       *row = muster_scenario_unavailable(whole, MUSTER_PEOPLE, &count);
    assert_int_equal(p->team_count, 3);
    assert_int_equal(count, 1);
    assert_string_equal(p->team[row[0]].unit.code, "T-2");
    assert_int_equal(p->team[row[0]].capability_count, 1);
    assert_string_equal(p->kind[p->team[row[0]].capability[0]].code, "rescue");
    row = muster_scenario_unavailable(whole, MUSTER_VEHICLE, &count);
    assert_int_equal(count, 2);
    assert_string_equal(p->vehicle[row[0]].unit.code, "V-1");
    assert_string_equal(p->vehicle[row[1]].unit.code, "V-2");
    (void)muster_scenario_unavailable(whole, MUSTER_MACHINE, &count);
    assert_int_equal(count, 0);
    (void)muster_scenario_unavailable(whole, MUSTER_RESOURCE_COUNT, &count);
    assert_int_equal(count, 0);

    /* It stays whole. */
    small_scenario_write(path_of("small.gpkg"), "UPDATE team SET available = code = 'T-3'");
    assert_int_equal(muster_scenario_reload(whole, path_of("small.gpkg")), MUSTER_OK);
    p   = muster_scenario_problem(whole);
    row = muster_scenario_unavailable(whole, MUSTER_PEOPLE, &count);
    assert_int_equal(p->team_count, 3);
    assert_int_equal(count, 2);
    assert_string_equal(p->team[row[0]].unit.code, "T-1");
    assert_string_equal(p->team[row[1]].unit.code, "T-2");
    row = muster_scenario_unavailable(whole, MUSTER_VEHICLE, &count);
    assert_int_equal(count, 1);
    assert_string_equal(p->vehicle[row[0]].unit.code, "V-2");
    muster_scenario_free(whole);
}

static void a_stock_is_where_its_warehouse_is_and_leaves_when_it_is_loaded(void **state) {
    (void)state;
    muster_scenario      *scenario = load(NULL, NULL);
    const muster_problem *p        = muster_scenario_problem(scenario);
    assert_int_equal(p->stock_count, 3);
    assert_string_equal(p->stock[0].unit.code, "W-1");
    assert_string_equal(p->stock[0].unit.name, "First");
    assert_int_equal(p->stock[0].unit.turnout_ms, 600000);
    assert_true(p->stock[0].unit.site.lon_deg == 120.704);
    assert_string_equal(p->kind[p->stock[0].kind].code, "sandbag");
    assert_int_equal(p->stock[0].quantity, 1000);
    assert_string_equal(p->kind[p->stock[1].kind].code, "tent");
    assert_string_equal(p->stock[2].unit.code, "W-2");
    assert_int_equal(p->stock[2].unit.turnout_ms, 0);
    muster_scenario_free(scenario);
}

static void goods_have_masses_and_vehicles_have_room_where_the_file_says_so(void **state) {
    (void)state;
    muster_scenario *scenario =
        load("UPDATE kind SET mass_kg = 55, volume_m3 = 0.35 WHERE code = 'tent'; "
             "UPDATE vehicle SET payload_kg = 1500.5, volume_m3 = 9 WHERE code = 'V-1'",
             NULL);
    const muster_problem *p = muster_scenario_problem(scenario);
    assert_string_equal(p->kind[5].code, "tent");
    assert_true(p->kind[5].mass_kg == 55 && p->kind[5].volume_m3 == 0.35);
    assert_true(p->kind[4].mass_kg == 0 && p->kind[4].volume_m3 == 0);
    assert_true(p->vehicle[0].payload_kg == 1500.5 && p->vehicle[0].volume_m3 == 9);
    assert_int_equal(p->item_transport, MUSTER_ITEMS_BY_VEHICLE);
    muster_scenario_free(scenario);
}

static void a_unit_without_a_turnout_has_its_profiles(void **state) {
    (void)state;
    muster_scenario      *scenario = load("UPDATE team SET turnout_s = NULL WHERE code = 'T-1';"
                                               "UPDATE vehicle SET turnout_s = NULL, profile = 'boat';"
                                               "UPDATE machine SET turnout_s = 0",
                                          NULL);
    const muster_problem *p        = muster_scenario_problem(scenario);
    assert_int_equal(p->team[0].unit.turnout_ms, 120000);
    assert_int_equal(p->vehicle[0].unit.turnout_ms, 300000);
    assert_int_equal(p->machine[0].unit.turnout_ms, 0);
    muster_scenario_free(scenario);
}

static void units_may_travel_by_profiles_of_a_file(void **state) {
    (void)state;
    const char      *path = path_of("profiles.json");
    muster_profiles *profiles;
    muster_scenario *scenario;
    write_text(path,
               "{\"profiles\": [{\"name\": \"tank\", \"extends\": \"heavy\", \"turnout_s\": 7},"
               "{\"name\": \"light\", \"extends\": \"helicopter\"}]}");
    small_scenario_write(path_of("small.gpkg"),
                         "UPDATE vehicle SET profile = 'tank', turnout_s = NULL");
    assert_int_equal(muster_profiles_read(&profiles, path), MUSTER_OK);
    assert_int_equal(muster_scenario_load_with(&scenario, path_of("small.gpkg"), NULL, profiles),
                     MUSTER_OK);
    const muster_problem *p = muster_scenario_problem(scenario);
    assert_string_equal(muster_metric_profile_name(p->metric[p->vehicle[0].unit.metric]), "tank");
    assert_int_equal(p->vehicle[0].unit.turnout_ms, 7000);
    assert_true(muster_metric_flies(p->metric[p->team[0].unit.metric])); /* "light" is another */
    muster_scenario_free(scenario);
    muster_profiles_free(profiles);
}

static void the_metrics_are_those_of_the_profiles_that_units_name(void **state) {
    (void)state;
    muster_scenario      *scenario = load(NULL, NULL);
    const muster_problem *p        = muster_scenario_problem(scenario);
    assert_int_equal(p->metric_count, 3);
    assert_string_equal(muster_metric_profile_name(p->metric[p->team[0].unit.metric]), "light");
    assert_string_equal(muster_metric_profile_name(p->metric[p->stock[0].unit.metric]), "heavy");
    assert_string_equal(muster_metric_profile_name(p->metric[p->vehicle[0].unit.metric]),
                        "emergency");
    assert_ptr_equal(muster_metric_network(p->metric[0]), muster_scenario_network(scenario));
    assert_int_equal(muster_network_view(muster_scenario_network(scenario))->edge_count, 3);
    muster_scenario_free(scenario);
}

static void the_needs_are_those_of_the_scenario_that_was_asked_for(void **state) {
    (void)state;
    muster_scenario      *scenario = load(NULL, NULL);
    const muster_problem *p        = muster_scenario_problem(scenario);
    assert_int_equal(p->incident_count, 2);
    assert_string_equal(p->incident[0].code, "I-1");
    assert_string_equal(p->incident[0].name, "Dike");
    assert_int_equal(p->incident[0].severity, MUSTER_SEVERE);
    assert_null(p->incident[1].name);
    assert_int_equal(p->need_count, 3);
    assert_int_equal(p->need[0].incident, 0);
    assert_string_equal(p->kind[p->need[0].kind].code, "pump");
    assert_int_equal(p->need[0].quantity, 2);
    assert_int_equal(p->need[0].minimum, 1);
    assert_int_equal(p->need[2].incident, 1);
    muster_scenario_free(scenario);

    scenario = load(NULL, "quake");
    p        = muster_scenario_problem(scenario);
    assert_string_equal(muster_scenario_name(scenario), "Quake");
    assert_int_equal(p->incident_count, 1);
    assert_int_equal(p->incident[0].severity, MUSTER_EXTREME);
    assert_int_equal(p->need_count, 1);
    assert_int_equal(p->need[0].quantity, 6);
    muster_scenario_free(scenario);
}

static void a_file_in_utf_16_is_read_like_one_in_utf_8(void **state) {
    (void)state;
    mu_database     *database;
    muster_scenario *scenario;
    /* U+FF11 sorts before U+1F692 in UTF-8, behind it in UTF-16. */
    const char *edit = "INSERT INTO kind (code, resource, category, name, unit) VALUES "
                       "('\xEF\xBC\x91', 'machine', 'any', 'a', 'pieces'),"
                       "('\xF0\x9F\x9A\x92', 'machine', 'any', 'b', 'pieces');"
                       "UPDATE machine SET kind = '\xEF\xBC\x91'";
    assert_int_equal(mu_database_create(&database, path_of("wide.gpkg")), MUSTER_OK);
    small_execute(database, "COMMIT; PRAGMA encoding = 'UTF-16le'; BEGIN");
    small_execute(database, mu_geopackage_sql);
    small_execute(database, mu_geopackage_scenario_sql);
    small_write_network(database);
    small_write_inventory(database);
    small_write_demand(database);
    small_execute(database, edit);
    assert_int_equal(mu_database_publish(database), MUSTER_OK);
    mu_database_close(database);
    assert_int_equal(muster_scenario_load(&scenario, path_of("wide.gpkg"), NULL), MUSTER_OK);
    const muster_problem *p = muster_scenario_problem(scenario);
    assert_string_equal(p->kind[p->machine[0].kind].code, "\xEF\xBC\x91");
    muster_scenario_free(scenario);
}

static void a_scenario_without_incidents_asks_for_nothing(void **state) {
    (void)state;
    muster_scenario *scenario = load("DELETE FROM need; DELETE FROM incident", NULL);
    assert_int_equal(muster_scenario_problem(scenario)->incident_count, 0);
    assert_int_equal(muster_scenario_problem(scenario)->need_count, 0);
    muster_scenario_free(scenario);
}

/* ---- again ---------------------------------------------------------------------------- */

static void a_scenario_that_is_read_again_is_as_the_store_is_now_and_keeps_its_roads(void **state) {
    (void)state;
    muster_scenario       *scenario = load(NULL, "quake");
    const muster_problem  *p        = muster_scenario_problem(scenario);
    const muster_network  *network  = muster_scenario_network(scenario);
    const muster_profiles *profiles = muster_scenario_profiles(scenario);
    const muster_metric   *light    = p->metric[p->team[0].unit.metric];
    /* The boat's profile is new, the ambulance's no longer used, and the roads are not looked at. */
    small_scenario_write(path_of("small.gpkg"),
                         "UPDATE team SET people = 7, geom = (SELECT geom FROM node WHERE id = 4);"
                         "UPDATE machine SET profile = 'boat';"
                         "UPDATE vehicle SET profile = 'light'; UPDATE team SET profile = 'light';"
                         "UPDATE need SET quantity = 9; DELETE FROM edge WHERE id = 3;"
                         "INSERT INTO weight (key, value) VALUES ('severity_extreme', 500);"
                         "UPDATE scenario SET name = 'Aftershock' WHERE code = 'quake'");
    if (muster_scenario_reload(scenario, path_of("small.gpkg")) != MUSTER_OK) {
        fail_msg("%s", muster_error_message());
    }
    p = muster_scenario_problem(scenario);
    assert_string_equal(muster_scenario_code(scenario), "quake");
    assert_string_equal(muster_scenario_name(scenario), "Aftershock");
    assert_int_equal(p->team[0].people, 7);
    assert_true(p->team[0].unit.site.lat_deg == 30.71);
    assert_int_equal(p->need[0].quantity, 9);
    assert_int_equal(p->weights->severity[MUSTER_EXTREME], 500);
    assert_ptr_equal(muster_scenario_network(scenario), network);
    assert_ptr_equal(muster_scenario_profiles(scenario), profiles);
    assert_int_equal(muster_network_view(network)->edge_count, 3);
    assert_int_equal(p->metric_count, 3); /* light, boat, heavy */
    assert_ptr_equal(p->metric[p->team[0].unit.metric], light);
    assert_ptr_equal(p->metric[p->vehicle[0].unit.metric], light);
    assert_string_equal(muster_metric_profile_name(p->metric[p->machine[0].unit.metric]), "boat");
    assert_int_equal(muster_problem_check(p), MUSTER_OK);
    muster_scenario_free(scenario);
}

static void what_cannot_be_read_again_leaves_the_scenario_as_it_was(void **state) {
    (void)state;
    static const spoilt CASE[] = {
        {"UPDATE team SET people = -1", "people"},
        {"DELETE FROM scenario WHERE code = 'quake'", "has no scenario 'quake'"},
        {"UPDATE machine SET profile = 'tank'", "tank"},
        {"DROP TABLE need", "has no table \"need\""},
    };
    muster_scenario      *scenario = load(NULL, "quake");
    const muster_problem *p        = muster_scenario_problem(scenario);
    const muster_problem  before   = *p;
    for (size_t i = 0; i < sizeof CASE / sizeof *CASE; ++i) {
        small_scenario_write(path_of("spoilt.gpkg"), CASE[i].edit);
        assert_int_not_equal(muster_scenario_reload(scenario, path_of("spoilt.gpkg")), MUSTER_OK);
        assert_non_null(strstr(muster_error_message(), CASE[i].message));
        assert_memory_equal(p, &before, sizeof before);
        assert_int_equal(muster_problem_check(p), MUSTER_OK);
    }
    small_scenario_write(path_of("small.gpkg"), "UPDATE machine SET profile = 'boat'");
    int64_t allowed = 0;
    for (;; ++allowed) {
        mu_gis_alloc_fail_after(allowed);
        const muster_status status = muster_scenario_reload(scenario, path_of("small.gpkg"));
        mu_gis_alloc_fail_after(-1);
        if (status == MUSTER_OK) break;
        assert_int_equal(status, MUSTER_E_NOMEM);
        assert_memory_equal(p, &before, sizeof before);
        assert_int_equal(muster_problem_check(p), MUSTER_OK);
    }
    assert_true(allowed > 20);
    muster_scenario_free(scenario);
}

/* ---- what is not --------------------------------------------------------------------- */

static void check_refused(const char *edit, const char *code, muster_status status,
                          const char *message) {
    muster_scenario *scenario = (muster_scenario *)&scenario;
    const char      *path     = path_of("spoilt.gpkg");
    small_scenario_write(path, edit);
    assert_int_equal(muster_scenario_load(&scenario, path, code), status);
    assert_null(scenario);
    assert_message(path, message);
}

#define CHECK_EACH_REFUSED(cases, status)                                                          \
    for (size_t i = 0; i < sizeof(cases) / sizeof *(cases); ++i) {                                 \
        check_refused((cases)[i].edit, NULL, status, (cases)[i].message);                          \
    }

static void an_unknown_scenario_is_answered_with_those_there_are(void **state) {
    (void)state;
    check_refused(NULL, "storm", MUSTER_E_INVALID,
                  " has no scenario 'storm'; expected one of 'flood', 'quake'");
    check_refused(NULL, "", MUSTER_E_INVALID,
                  " has no scenario ''; expected one of 'flood', 'quake'");
    check_refused(NULL, "\xFF", MUSTER_E_INVALID,
                  " has no scenario '(not UTF-8)'; expected one of 'flood', 'quake'");
}

static void a_long_list_of_scenarios_is_cut(void **state) {
    (void)state;
    check_refused(
        "WITH RECURSIVE n (i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 999)"
        "INSERT INTO scenario (code, name, starts_at, is_default) SELECT 'a scenario with a rather long code, number ' || i, "
        "'n', 's', 0 FROM n",
        "storm", MUSTER_E_INVALID,
        " has no scenario 'storm'; expected one of "
        "'a scenario with a rather long code, number 100', "
        "'a scenario with a rather long code, number 101', "
        "'a scenario with a rather long code, number 102', "
        "'a scenario with a rather long code, number 103', "
        "'a scenario with a rather long code, number 104', "
        "'a scenario with a rather long code, number 105', "
        "'a scenario with a rather long code, number 106', "
        "'a scenario with a rather long code, number 107' and 894 more");
}

static void one_scenario_has_to_be_the_default(void **state) {
    (void)state;
    static const spoilt CASE[] = {
        {"UPDATE scenario SET is_default = 0",
         ": table scenario has no row with is_default 1; expected one, or the code of one of "
         "'flood', 'quake'"},
        {"UPDATE scenario SET is_default = 1",
         ": table scenario, row code 'quake', column is_default: 1; expected 0, because scenario "
         "'flood' is the default"},
        {"UPDATE scenario SET is_default = 2 WHERE code = 'quake'",
         ": table scenario, row code 'quake', column is_default: 2; expected a whole number from 0 "
         "to 1"},
        {"DELETE FROM scenario", ": table scenario is empty"},
        {"UPDATE scenario SET code = '' WHERE code = 'quake'",
         ": table scenario, row code '', column code: ''; expected a text that is not empty"},
        {SMALL_UNCONSTRAIN("scenario") "UPDATE scenario SET code = 'flood'",
         ": table scenario, row code 'flood', column code: there are two rows of this code"},
        {SMALL_UNCONSTRAIN("scenario") "UPDATE scenario SET name = NULL",
         ": table scenario, row code 'flood', column name: NULL; expected a text"},
    };
    CHECK_EACH_REFUSED(CASE, MUSTER_E_INVALID);
    muster_scenario *scenario = load("UPDATE scenario SET is_default = 0", "quake");
    muster_scenario_free(scenario);
}

static void a_missing_table_or_column_is_named(void **state) {
    (void)state;
    static const char *const TABLE[] = {"scenario", "kind",    "team",      "team_capability",
                                        "vehicle",  "machine", "warehouse", "stock",
                                        "incident", "need"};
    for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; ++i) {
        char edit[64], message[160];
        snprintf(edit, sizeof edit, "DROP TABLE %s", TABLE[i]);
        snprintf(message, sizeof message,
                 " has no table \"%s\": not a muster scenario; docs/schema.md describes the tables "
                 "of one",
                 TABLE[i]);
        check_refused(edit, NULL, MUSTER_E_FORMAT, message);
    }
    static const spoilt CASE[] = {
        {"DROP TABLE edge",
         " has no table \"edge\": not a muster network; make one with `muster import osm`"},
        {"ALTER TABLE team RENAME COLUMN turnout_s TO turnout_min",
         ": table team: no such column: turnout_s"},
        {"DROP TABLE need; CREATE VIEW need AS SELECT 1",
         " has no table \"need\": not a muster scenario; docs/schema.md describes the tables of "
         "one"},
    };
    CHECK_EACH_REFUSED(CASE, MUSTER_E_FORMAT);
}

static void a_file_that_is_not_there_is_an_input_error(void **state) {
    (void)state;
    muster_scenario *scenario = (muster_scenario *)&scenario;
    assert_int_equal(muster_scenario_load(&scenario, path_of("nothing.gpkg"), NULL), MUSTER_E_IO);
    assert_null(scenario);
    assert_message(path_of("nothing.gpkg"), " cannot be opened: No such file or directory");
}

static void a_wrong_value_is_named_with_what_was_expected(void **state) {
    (void)state;
    static const spoilt CASE[] = {
        {"UPDATE kind SET resource = 'animal' WHERE code = 'pump'",
         ": table kind, row code 'pump', column resource: 'animal'; expected people, vehicle, "
         "machine or item"},
        {"UPDATE team SET people = 0 WHERE code = 'T-1'",
         ": table team, row code 'T-1', column people: 0; expected a whole number from 1 to "
         "1000000000"},
        {"UPDATE team SET people = 'ten' WHERE code = 'T-2'",
         ": table team, row code 'T-2', column people: 'ten'; expected a whole number from 1 to "
         "1000000000"},
        {"UPDATE team SET available = 2 WHERE code = 'T-1'",
         ": table team, row code 'T-1', column available: 2; expected a whole number from 0 to 1"},
        {"UPDATE team SET turnout_s = -1 WHERE code = 'T-1'",
         ": table team, row code 'T-1', column turnout_s: -1; expected a number from 0 to 2147483"},
        {"UPDATE team SET turnout_s = 9e999 WHERE code = 'T-1'",
         ": table team, row code 'T-1', column turnout_s: inf; expected a number from 0 to "
         "2147483"},
        {"UPDATE kind SET mass_kg = -0.5 WHERE code = 'tent'",
         ": table kind, row code 'tent', column mass_kg: -0.5; expected a number from 0 to "
         "1000000"},
        {"UPDATE vehicle SET payload_kg = 'much' WHERE code = 'V-2'",
         ": table vehicle, row code 'V-2', column payload_kg: 'much'; expected a number from 0 to "
         "1000000000"},
        {"UPDATE vehicle SET profile = 'tank' WHERE code = 'V-1'",
         ": table vehicle, row code 'V-1', column profile: 'tank'; expected light, heavy, "
         "emergency, boat, helicopter or drone"},
        {"UPDATE machine SET count = -1",
         ": table machine, row code 'M-1', column count: -1; expected a whole number from 0 to "
         "1000000000"},
        {"PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'loading_s REAL    "
         "NOT NULL', 'loading_s REAL') WHERE name = 'warehouse'; PRAGMA writable_schema = RESET; "
         "UPDATE warehouse SET loading_s = NULL WHERE code = 'W-1'",
         ": table warehouse, row code 'W-1', column loading_s: NULL; expected a number from 0 to "
         "2147483"},
        {"UPDATE warehouse SET loading_s = 'soon' WHERE code = 'W-1'",
         ": table warehouse, row code 'W-1', column loading_s: 'soon'; expected a number from 0 to "
         "2147483"},
        {"UPDATE stock SET quantity = 1000000001 WHERE id = 3",
         ": table stock, row id 3, column quantity: 1000000001; expected a whole number from 0 to "
         "1000000000"},
        {"UPDATE incident SET severity = 'awful' WHERE code = 'I-2'",
         ": table incident, row code 'I-2', column severity: 'awful'; expected minor, moderate, "
         "severe or extreme"},
        {"UPDATE need SET quantity = 0 WHERE id = 1",
         ": table need, row id 1, column quantity: 0; expected a whole number from 1 to "
         "1000000000"},
        {"UPDATE need SET minimum = 3 WHERE id = 3",
         ": table need, row id 3, column minimum: 3; expected a whole number from 0 to 2"},
        {"UPDATE edge SET length_m = -958 WHERE id = 2",
         ": table edge, row id 2, column length_m: -958; expected a number from 0 to 9999999"},
    };
    CHECK_EACH_REFUSED(CASE, MUSTER_E_INVALID);
}

static void a_wrong_code_is_named(void **state) {
    (void)state;
    static const spoilt CASE[] = {
        {"UPDATE team SET code = '' WHERE code = 'T-1'",
         ": table team, row code '', column code: ''; expected a text that is not empty"},
        {SMALL_UNCONSTRAIN("team") "UPDATE team SET code = NULL WHERE code = 'T-1'",
         ": table team, row code NULL, column code: NULL; expected a text"},
        {SMALL_UNCONSTRAIN("team") "UPDATE team SET code = 'T-1' WHERE code = 'T-2'",
         ": table team, row code 'T-1', column code: there are two rows of this code"},
        {SMALL_UNCONSTRAIN("kind") "INSERT INTO kind SELECT * FROM kind WHERE code = 'pump'",
         ": table kind, row code 'pump', column code: there are two rows of this code"},
        {SMALL_UNCONSTRAIN("incident") "UPDATE incident SET code = 'I-1'",
         ": table incident, row code 'I-1', column code: there are two rows of this code"},
        {SMALL_UNCONSTRAIN("stock") "UPDATE stock SET kind = 'tent' WHERE warehouse = 'W-1'",
         ": table stock, row id 3, column kind: 'tent'; expected one row for each kind of "
         "warehouse 'W-1'"},
        {SMALL_UNCONSTRAIN("need") "UPDATE need SET kind = 'pump' WHERE incident = 'I-1'",
         ": table need, row id 3, column kind: 'pump'; expected one row for each kind of incident "
         "'I-1'"},
    };
    CHECK_EACH_REFUSED(CASE, MUSTER_E_INVALID);
}

static void a_reference_to_nothing_is_named(void **state) {
    (void)state;
    static const spoilt CASE[] = {
        {"UPDATE team_capability SET team = 'T-9' WHERE id = 1",
         ": table team_capability, row id 1, column team: 'T-9'; expected the code of a row in "
         "table team"},
        {"UPDATE vehicle SET kind = 'boat' WHERE code = 'V-1'",
         ": table vehicle, row code 'V-1', column kind: 'boat'; expected the code of a row in "
         "table kind"},
        {"UPDATE stock SET warehouse = 'W-9' WHERE id = 1",
         ": table stock, row id 1, column warehouse: 'W-9'; expected the code of a row in table "
         "warehouse"},
        {"UPDATE need SET incident = 'I-9' WHERE id = 1",
         ": table need, row id 1, column incident: 'I-9'; expected the code of a row in table "
         "incident"},
        {"UPDATE need SET kind = 'hope' WHERE id = 1",
         ": table need, row id 1, column kind: 'hope'; expected the code of a row in table kind"},
    };
    CHECK_EACH_REFUSED(CASE, MUSTER_E_INVALID);
}

static void a_kind_of_another_resource_is_named(void **state) {
    (void)state;
    static const spoilt CASE[] = {
        {"UPDATE vehicle SET kind = 'pump' WHERE code = 'V-1'",
         ": table vehicle, row code 'V-1', column kind: 'pump'; expected a kind of resource "
         "'vehicle', not 'machine'"},
        {"UPDATE machine SET kind = 'tent'",
         ": table machine, row code 'M-1', column kind: 'tent'; expected a kind of resource "
         "'machine', not 'item'"},
        {"UPDATE team_capability SET kind = 'pump' WHERE id = 1",
         ": table team_capability, row id 1, column kind: 'pump'; expected a kind of resource "
         "'people', not 'machine'"},
        {"UPDATE stock SET kind = 'medical' WHERE id = 1",
         ": table stock, row id 1, column kind: 'medical'; expected a kind of resource 'item', not "
         "'people'"},
    };
    CHECK_EACH_REFUSED(CASE, MUSTER_E_INVALID);
}

static void a_place_off_the_globe_is_named(void **state) {
    (void)state;
    static const spoilt CASE[] = {
        {"UPDATE team SET geom = " SMALL_BLOB_AT(SMALL_30_5, SMALL_120_5) " WHERE code = 'T-1'",
         ": table team, row code 'T-1', column geom: latitude 120.5 looks swapped with longitude "
         "30.5; expected longitude first"},
        {"UPDATE incident SET geom = " SMALL_BLOB_AT(SMALL_400, SMALL_30_5) " WHERE code = 'I-2'",
         ": table incident, row code 'I-2', column geom: longitude 400; expected -180 to 180"},
        {"UPDATE machine SET geom = " SMALL_BLOB_AT(SMALL_120_5, SMALL_NAN),
         ": table machine, row code 'M-1', column geom: the geometry has point 0 at (120.5, nan)"},
        {"UPDATE warehouse SET geom = x'00' WHERE code = 'W-1'",
         ": table warehouse, row code 'W-1', column geom: the geometry ends within its header (1 "
         "bytes left of 8)"},
        {"UPDATE vehicle SET geom = 'here' WHERE code = 'V-1'",
         ": table vehicle, row code 'V-1', column geom: 'here'; expected a geometry"},
    };
    CHECK_EACH_REFUSED(CASE, MUSTER_E_INVALID);
}

static void an_incident_without_a_need_is_named(void **state) {
    (void)state;
    check_refused("DELETE FROM need WHERE incident = 'I-2'", NULL, MUSTER_E_INVALID,
                  ": incident 1 (\"I-2\") has no need; expected at least one, or no incident");
}

static void an_empty_inventory_is_refused_but_one_resource_is_enough(void **state) {
    (void)state;
    check_refused("UPDATE team SET available = 0; UPDATE vehicle SET available = 0;"
                  "DELETE FROM machine; DELETE FROM stock",
                  NULL, MUSTER_E_INVALID,
                  ": no team, vehicle, machine or stock is available; expected at least one");
    muster_scenario *scenario =
        load("DELETE FROM team_capability; DELETE FROM team; DELETE FROM vehicle;"
             "DELETE FROM stock; DELETE FROM warehouse",
             NULL);
    assert_int_equal(muster_scenario_problem(scenario)->machine_count, 1);
    muster_scenario_free(scenario);
}

/* ---- damage and memory -------------------------------------------------------------------------- */

static void random_damage_is_refused_or_harmless(void **state) {
    (void)state;
    uint64_t    rng = 13;
    size_t      size;
    const char *path = path_of("damaged.gpkg");
    small_scenario_write(path_of("small.gpkg"), NULL);
    unsigned char *bytes   = read_bytes(path_of("small.gpkg"), &size);
    unsigned char *damaged = malloc(size);
    assert_non_null(damaged);
    for (int round = 0; round < 300; ++round) {
        muster_scenario   *scenario;
        muster_store_info *info;
        memcpy(damaged, bytes, size);
        for (uint32_t hits = 1 + random_below(&rng, 40); hits > 0; --hits) {
            damaged[16 + random_below(&rng, (uint32_t)size - 16)] = (unsigned char)random_u32(&rng);
        }
        write_bytes(path, damaged, size);
        muster_status status = muster_scenario_load(&scenario, path, NULL);
        assert_true((status == MUSTER_OK) == (scenario != NULL));
        muster_scenario_free(scenario);
        status = muster_store_info_read(&info, path);
        assert_true((status == MUSTER_OK) == (info != NULL));
        muster_store_info_free(info);
    }
    free(bytes);
    free(damaged);
}

static void running_out_of_memory_leaves_nothing_behind(void **state) {
    (void)state;
    muster_scenario   *scenario = NULL;
    muster_store_info *info     = NULL;
    small_scenario_write(path_of("small.gpkg"), NULL);
    int64_t allowed = 0;
    for (;; ++allowed) {
        mu_gis_alloc_fail_after(allowed);
        const muster_status status =
            muster_scenario_load_whole(&scenario, path_of("small.gpkg"), NULL);
        mu_gis_alloc_fail_after(-1);
        if (status == MUSTER_OK) break;
        assert_int_equal(status, MUSTER_E_NOMEM);
        assert_null(scenario);
    }
    assert_true(allowed > 30);
    muster_scenario_free(scenario);
    for (allowed = 0;; ++allowed) {
        mu_gis_alloc_fail_after(allowed);
        const muster_status status = muster_store_info_read(&info, path_of("small.gpkg"));
        mu_gis_alloc_fail_after(-1);
        if (status == MUSTER_OK) break;
        assert_int_equal(status, MUSTER_E_NOMEM);
        assert_null(info);
    }
    muster_store_info_free(info);
}

/* ---- the census ---------------------------------------------------------------------- */

static void check_census(const char *edit, const muster_store_count *expected, uint32_t count) {
    muster_store_info *info;
    uint32_t           found_count;
    small_scenario_write(path_of("small.gpkg"), edit);
    assert_int_equal(muster_store_info_read(&info, path_of("small.gpkg")), MUSTER_OK);
    const muster_store_count *found = muster_store_info_counts(info, &found_count);
    for (uint32_t i = 0; i < found_count && i < count; ++i) {
        assert_string_equal(found[i].what, expected[i].what);
        assert_string_equal(found[i].kind, expected[i].kind);
        assert_string_equal(found[i].tier, expected[i].tier);
        assert_int_equal(found[i].row_count, expected[i].row_count);
        assert_int_equal(found[i].quantity, expected[i].quantity);
    }
    assert_int_equal(found_count, count);
    muster_store_info_free(info);
}

static const muster_store_count CENSUS[] = {
    {"node", "", "", 4, 4},
    {"edge", "primary", "", 2, 2},
    {"edge", "service", "", 1, 1},
    {"arc", "", "", 5, 5},
    {"component", "largest", "", 1, 3},
    {"component", "other", "", 1, 1},
    {"restriction", "no", "", 1, 1},
    {"restriction", "only", "", 0, 0},
    {"restriction", "penalty", "", 0, 0},
    {"restriction", "applied", "", 1, 1},
    {"team", "", "city", 1, 12},
    {"team", "", "county", 1, 8},
    {"team", "", "village", 1, 5},
    {"capability", "medical", "city", 1, 12},
    {"capability", "rescue", "city", 1, 12},
    {"capability", "rescue", "county", 1, 8},
    {"vehicle", "ambulance", "city", 2, 2},
    {"machine", "pump", "town", 1, 4},
    {"warehouse", "", "city", 1, 1},
    {"warehouse", "", "town", 1, 1},
    {"stock", "sandbag", "city", 1, 1000},
    {"stock", "sandbag", "town", 1, 300},
    {"stock", "tent", "city", 1, 20},
    {"at_risk_site", "", "", 1, 1},
    {"kit", "tent", "", 1, 3},
    {"scenario", "flood", "", 1, 1},
    {"scenario", "quake", "", 1, 1},
    {"incident", "flood", "", 2, 2},
    {"incident", "quake", "", 1, 1},
    {"need", "flood", "", 3, 3},
    {"need", "quake", "", 1, 1},
};

static void a_census_counts_everything_once(void **state) {
    (void)state;
    check_census(NULL, CENSUS, sizeof CENSUS / sizeof *CENSUS);
}

static void a_census_of_a_network_leaves_out_what_is_not_there(void **state) {
    (void)state;
    check_census("DROP TABLE place; DROP TABLE kind; DROP TABLE team; DROP TABLE team_capability;"
                 "DROP TABLE vehicle; DROP TABLE machine; DROP TABLE warehouse; DROP TABLE stock;"
                 "DROP TABLE at_risk_site; DROP TABLE kit; DROP TABLE scenario;"
                 "DROP TABLE incident; DROP TABLE need",
                 CENSUS, 10);
}

static void a_census_refuses_what_it_cannot_add_up(void **state) {
    (void)state;
    static const spoilt CASE[] = {
        {"UPDATE stock SET quantity = -5 WHERE id = 1",
         ": table stock, row kind 'sandbag', column min(stock.quantity): -5; expected a whole "
         "number from 0 to 1000000000"},
        {"UPDATE machine SET count = 'many'",
         ": table machine, row kind 'pump', column min(count): 'many'; expected a whole number "
         "from 0 to 1000000000"},
        {"UPDATE stock SET warehouse = 'W-9' WHERE id = 1",
         ": table stock, row kind 'sandbag', column tier: NULL; expected a text"},
    };
    for (size_t i = 0; i < sizeof CASE / sizeof *CASE; ++i) {
        muster_store_info *info = (muster_store_info *)&info;
        const char        *path = path_of("spoilt.gpkg");
        small_scenario_write(path, CASE[i].edit);
        assert_int_equal(muster_store_info_read(&info, path), MUSTER_E_INVALID);
        assert_null(info);
        assert_message(path, CASE[i].message);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_scenario_has_its_resources_in_the_order_of_their_codes),
        cmocka_unit_test(a_whole_scenario_has_who_is_not_available_and_says_so),
        cmocka_unit_test(a_stock_is_where_its_warehouse_is_and_leaves_when_it_is_loaded),
        cmocka_unit_test(goods_have_masses_and_vehicles_have_room_where_the_file_says_so),
        cmocka_unit_test(the_metrics_are_those_of_the_profiles_that_units_name),
        cmocka_unit_test(a_unit_without_a_turnout_has_its_profiles),
        cmocka_unit_test(units_may_travel_by_profiles_of_a_file),
        cmocka_unit_test(the_needs_are_those_of_the_scenario_that_was_asked_for),
        cmocka_unit_test(a_file_in_utf_16_is_read_like_one_in_utf_8),
        cmocka_unit_test(a_scenario_without_incidents_asks_for_nothing),
        cmocka_unit_test(a_scenario_that_is_read_again_is_as_the_store_is_now_and_keeps_its_roads),
        cmocka_unit_test(what_cannot_be_read_again_leaves_the_scenario_as_it_was),
        cmocka_unit_test(an_unknown_scenario_is_answered_with_those_there_are),
        cmocka_unit_test(a_long_list_of_scenarios_is_cut),
        cmocka_unit_test(one_scenario_has_to_be_the_default),
        cmocka_unit_test(a_missing_table_or_column_is_named),
        cmocka_unit_test(a_file_that_is_not_there_is_an_input_error),
        cmocka_unit_test(a_wrong_value_is_named_with_what_was_expected),
        cmocka_unit_test(a_wrong_code_is_named),
        cmocka_unit_test(a_reference_to_nothing_is_named),
        cmocka_unit_test(a_kind_of_another_resource_is_named),
        cmocka_unit_test(a_place_off_the_globe_is_named),
        cmocka_unit_test(an_incident_without_a_need_is_named),
        cmocka_unit_test(an_empty_inventory_is_refused_but_one_resource_is_enough),
        cmocka_unit_test(random_damage_is_refused_or_harmless),
        cmocka_unit_test(running_out_of_memory_leaves_nothing_behind),
        cmocka_unit_test(a_census_counts_everything_once),
        cmocka_unit_test(a_census_of_a_network_leaves_out_what_is_not_there),
        cmocka_unit_test(a_census_refuses_what_it_cannot_add_up),
    };
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
