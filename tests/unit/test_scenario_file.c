/* Scenario files: what is read, and everything that can be wrong in one. */
#include <muster/scenario_file.h>

#include <stdlib.h>

#include "core/alloc.h"
#include "simulation/scenario_file.h"
#include "tests/support/test_folder.h"

static const char SAMPLE[] = "data/samples/scenario.toml";

/* The shortest file that says anything. */
static const char SHORT[] = "format = \"muster-scenario-1\"\n"
                            "[scenario]\n"
                            "code = \"short\"\n"
                            "name = \"Short\"\n"
                            "store = \"town.gpkg\"\n"
                            "start = 2026-07-01T08:00:00+08:00\n"
                            "length_h = 2\n";

static const char *written(const char *text) {
    const char *path = path_of("scenario.toml");
    write_text(path, text);
    return path;
}

static muster_scenario_file *read_text(const char *text) {
    muster_scenario_file *file;
    if (muster_scenario_file_read(&file, written(text), NULL) != MUSTER_OK) {
        fail_msg("%s", muster_error_message());
    }
    return file;
}

/* SHORT and what follows are refused: the message has all of the words, and is one line. */
static void refused(muster_status status, const char *begin, const char *more, const char *one,
                    const char *two) {
    char                  text[4096];
    muster_scenario_file *file = (muster_scenario_file *)text;
    snprintf(text, sizeof text, "%s%s", begin, more);
    const char *path = written(text);
    if (muster_scenario_file_read(&file, path, NULL) != status) {
        fail_msg("%s: %s", more, muster_error_message());
    }
    assert_null(file);
    const char *said = muster_error_message();
    if (!strstr(said, one) || !strstr(said, two) || strchr(said, '\n') || !strstr(said, path)) {
        fail_msg("said: %s; expected \"%s\" and \"%s\"", said, one, two);
    }
}

static void wrong(const char *more, const char *one, const char *two) {
    refused(MUSTER_E_INVALID, SHORT, more, one, two);
}

/* ---- what is read --------------------------------------------------------------------------- */

static void a_short_file_has_the_usual_values(void **state) {
    muster_scenario_file        *file  = read_text(SHORT);
    const muster_scenario_about *about = muster_scenario_file_about(file);
    uint32_t                     count;
    (void)state;
    assert_string_equal(about->code, "short");
    assert_string_equal(about->name, "Short");
    assert_null(about->name_zh);
    assert_string_equal(about->store, path_of("town.gpkg"));
    assert_null(about->store_scenario);
    assert_int_equal(about->start_at_ms, INT64_C(1782864000000));
    assert_int_equal(about->clock_offset_min, 480);
    assert_int_equal(about->length_ms, 7200000);
    assert_int_equal(about->seed, 1);
    assert_int_equal(about->replication_count, 10);
    (void)muster_scenario_file_standards(file, &count);
    assert_int_equal(count, 0);
    (void)muster_scenario_file_policies(file, &count);
    assert_int_equal(count, 2);
    assert_non_null(muster_scenario_file_policy(file, "greedy"));
    assert_null(muster_scenario_file_policy(file, "careful"));
    muster_scenario_file_free(file);
}

static void a_store_is_looked_for_from_the_file_unless_it_is_told_otherwise(void **state) {
    static const char     SERVER[] = "format = \"muster-scenario-1\"\nscenario = {code = \"s\", "
                                     "name = \"S\", store = \"postgresql://db.example.org/city\", "
                                     "start = \"2026-07-01T00:00:00Z\", length_h = 1}\n";
    muster_scenario_file *file;
    (void)state;
    assert_int_equal(muster_scenario_file_read(&file, written(SHORT), "/other/city.gpkg"),
                     MUSTER_OK);
    assert_string_equal(muster_scenario_file_about(file)->store, "/other/city.gpkg");
    muster_scenario_file_free(file);
    file = read_text(SERVER);
    assert_string_equal(muster_scenario_file_about(file)->store,
                        "postgresql://db.example.org/city");
    assert_int_equal(muster_scenario_file_about(file)->clock_offset_min, 0);
    muster_scenario_file_free(file);
}

static void the_sample_has_one_of_everything(void **state) {
    muster_scenario_file *f;
    (void)state;
    assert_int_equal(muster_scenario_file_read(&f, SAMPLE, NULL), MUSTER_OK);
    assert_int_equal(f->standard_count, 2);
    assert_int_equal(f->standard[0].response_ms, 480000);
    assert_int_equal(f->standard[0].severity, MUSTER_EXTREME);
    assert_int_equal(f->standard[1].severity, MUSTER_SEVERITY_COUNT);
    assert_int_equal(f->destination_count, 1);
    assert_int_equal(f->units.decline_permille, 20);
    assert_int_equal(f->units.turnout_cv_permille, 250);
    assert_int_equal(f->hazard_count, 6);
    assert_int_equal(f->hazard[0].stage_count, 2);
    assert_true(f->hazard[1].growth && f->hazard[1].may_be_late);
    assert_int_equal(f->hazard[1].late_ms.b, 3600000);
    assert_string_equal(f->hazard[2].file, "data/samples/scenario-alerts.geojson");
    assert_true(f->hazard[3].stage[0].plume.half_angle_deg == muster_plume_half_angle_deg('D'));
    assert_int_equal(f->hazard[5].track_count, 2);
    assert_true(f->hazard[5].track[0].radius_m[0][2] == 120000);
    assert_true(f->hazard[5].track[0].radius_m[1][3] == 60000);
    assert_int_equal(f->hazard[5].band_count, 1);
    assert_int_equal(f->road_failure_count, 3);
    assert_int_equal(f->unit_failure_count, 2);
    assert_int_equal(f->call_up_count, 1);
    assert_string_equal(f->call_up[0].which.kind, "ambulance");
    assert_int_equal(f->call_up[0].which.resource, MUSTER_VEHICLE);
    assert_int_equal(f->call_up[0].lead_ms.b, 2400000);
    assert_int_equal(f->earthquake_count, 1);
    assert_true(f->earthquake[0].class_factor[MUSTER_ROAD_PRIMARY] == 0.5);
    assert_true(f->earthquake[0].class_factor[MUSTER_ROAD_SERVICE] == 1);
    assert_int_equal(f->call_count, 4);
    assert_string_equal(f->call[0].type, "flooding");
    assert_string_equal(f->call[1].type, "injured");
    assert_int_equal(f->call[1].on_scene_ms, 900000);
    assert_int_equal(f->call[2].on_scene_ms, 5400000); /* the mean of its work */
    assert_true(f->call[0].scale[MUSTER_MODERATE] == 1);
    assert_true(f->call[0].scale[MUSTER_SEVERE] == 1.35);
    assert_true(f->call[0].is_of_nearest && !f->call[1].is_of_nearest);
    assert_true(f->call[0].growth && !f->call[1].growth);
    assert_true(f->call[0].growth->chance == 0.4 && f->call[0].growth->factor.b == 2.5);
    assert_int_equal(f->call[0].growth->severity_up, 1);
    assert_true(f->call[0].growth->after_ms.a == 2400000);
    muster_scenario_file_free(f);
}

static void policies_begin_as_those_that_are_built_in(void **state) {
    muster_scenario_file *f;
    uint32_t              count;
    (void)state;
    assert_int_equal(muster_scenario_file_read(&f, SAMPLE, NULL), MUSTER_OK);
    const muster_policy *policy = muster_scenario_file_policies(f, &count);
    assert_int_equal(count, 3);
    assert_string_equal(policy[0].name, "greedy");
    assert_int_equal(policy[0].mode, MUSTER_REPLAN_KEEP);
    assert_int_equal(policy[0].interval_ms, 600000); /* changed by the file */
    assert_string_equal(policy[2].name, "careful");
    assert_int_equal(policy[2].delay_ms, 30000);
    assert_int_equal(policy[2].work_limit, 5000000);
    assert_int_equal(policy[2].way_back, MUSTER_WAY_BACK_STAY);
    assert_int_equal(policy[2].duty_most_ms, 28800000);
    assert_int_equal(policy[2].restock_percent, 20);
    assert_int_equal(policy[2].restock_delay_ms, 14400000);
    muster_scenario_file_free(f);
}

static void rates_by_hour_go_by_the_clock_on_the_wall(void **state) {
    muster_scenario_file *f;
    (void)state;
    assert_int_equal(muster_scenario_file_read(&f, SAMPLE, NULL), MUSTER_OK);
    const mu_when *w = &f->road_failure[0].when; /* it begins at 18:00 */
    assert_true(w->piece[0].per_h == 1 && w->piece[1].per_h == 2 && w->piece[5].per_h == 1);
    assert_int_equal(w->piece[0].from_ms, 0);
    assert_int_equal(w->piece[6].from_ms, 21600000);
    assert_true(w->piece[6].per_h == 1 && w->piece[12].per_h == 0);
    muster_scenario_file_free(f);
}

static void chinese_names_are_taken_where_the_scenario_speaks_chinese(void **state) {
    static const char TEXT[] =
        "format = \"muster-scenario-1\"\nscenario = {code = \"s\", name = \"S\", language = "
        "\"zh\", store = \"s.gpkg\", start = \"2026-07-01T00:00:00Z\", length_h = 1}\n"
        "call = [{code = \"c\", name = \"Water\", name_zh = \"进水\", severity = \"minor\", "
        "work_min = 1, when = {at_min = 1}, where = {lon_deg = 1, lat_deg = 2}, "
        "need = [{kind = \"pump\", quantity = 1}]}]\n";
    muster_scenario_file *f = read_text(TEXT);
    (void)state;
    assert_string_equal(f->call[0].name, "进水");
    muster_scenario_file_free(f);
}

/* ---- what is refused ------------------------------------------------------------------------ */

#define CALL                                                                                       \
    "[[call]]\ncode = \"c\"\nseverity = \"minor\"\nwork_min = 1\n"                                 \
    "need = [{kind = \"pump\", quantity = 1}]\n"
#define WHEN  "when = {at_min = 1}\n"
#define WHERE "where = {lon_deg = 1, lat_deg = 2}\n"
#define FLOOD "[[hazard]]\ncode = \"h\"\nkind = \"flood\"\n"
#define RING  "polygon = [[1, 1], [2, 1], [2, 2]]"

static void an_unknown_key_is_named_with_the_one_that_was_meant(void **state) {
    (void)state;
    wrong("sede = 3\n", "line 8: scenario has an unknown key 'sede'", "did you mean 'seed'?");
    wrong("zzzzzz = 3\n", "unknown key 'zzzzzz'", "expected code, name");
    wrong("[policy.x]\nintervall_min = 1\n", "policy.x", "did you mean 'interval_min'?");
    wrong(CALL WHEN WHERE "nede = 1\n", "line 15: call[1] has an unknown key 'nede'",
          "did you mean 'need'?");
    wrong("[calls]\n", "the file has an unknown key 'calls'", "did you mean 'call'?");
}

static void what_is_no_toml_is_refused_with_its_line(void **state) {
    (void)state;
    refused(MUSTER_E_FORMAT, SHORT, "seed = \n", "line 8", "");
    refused(MUSTER_E_FORMAT, SHORT, "seed = 1\nseed = 2\n", "line 9", "seed");
    refused(MUSTER_E_FORMAT, SHORT, "about = \"\\u0000\"\n", "line 8", "NUL");
    refused(MUSTER_E_FORMAT, SHORT, "seed = 1 水\n", "line 8", "");
    refused(MUSTER_E_FORMAT, SHORT, "seed = 1 ¡\n", "line 8", "");
    refused(MUSTER_E_FORMAT, SHORT, "about = \"\xFF\"\n", "line 8", "");
}

static void a_file_that_is_not_there_is_said_so(void **state) {
    muster_scenario_file *file;
    (void)state;
    assert_int_equal(muster_scenario_file_read(&file, "/nowhere/x.toml", NULL), MUSTER_E_IO);
    assert_null(file);
    assert_int_equal(muster_scenario_file_read(&file, "/tmp", NULL), MUSTER_E_IO);
    assert_int_equal(muster_scenario_file_read(&file, NULL, NULL), MUSTER_E_INVALID);
}

static void a_wrong_value_is_named_with_what_was_expected(void **state) {
    (void)state;
    refused(MUSTER_E_INVALID, "", "", "line 1: format is missing", "'muster-scenario-1'");
    refused(MUSTER_E_INVALID, "format = \"muster-scenario-2\"\n", "",
            "format is 'muster-scenario-2'", "expected 'muster-scenario-1'");
    wrong("seed = -1\n", "line 8: scenario.seed is -1", "a whole number from 0");
    wrong("seed = 1.5\n", "scenario.seed is 1.5", "a whole number");
    wrong("replications = 0\n", "scenario.replications is 0", "1 to 1000000");
    wrong("language = \"fr\"\n", "scenario.language is 'fr'", "one of en, zh");
    wrong("assumption = [\"a\", \"\"]\n", "scenario.assumption[2] is ''", "a text of 1 to 1000");
    wrong("about = \"a\\nb\"\n", "scenario.about is 'a b'", "without control characters");
    wrong("[[standard]]\nresponse_min = nan\n", "standard[1].response_min is nan", "a number");
    wrong("[[standard]]\nresponse_min = inf\n", "standard[1].response_min is inf", "a number");
    wrong("[[standard]]\n", "line 8: standard[1].response_min is missing", "a number");
    wrong("[standard]\nresponse_min = 3\n", "standard is a table", "a list");
    wrong("[units]\ndecline_share = 1.5\n", "units.decline_share is 1.5", "0 to 1");
    wrong("[[destination]]\ncode = \"A\"\n", "destination[1].code is 'A'", "a code: 1 to 32");
    wrong("[[destination]]\ncode = \"a\"\nlon_deg = 200\nlat_deg = 1\n", "lon_deg is 200", "180");
}

static void moments_have_a_place_on_earth(void **state) {
    static const char BEGIN[] = "format = \"muster-scenario-1\"\n[scenario]\ncode = \"s\"\n"
                                "name = \"S\"\nstore = \"s\"\nlength_h = 1\n";
    (void)state;
    refused(MUSTER_E_INVALID, BEGIN, "start = 2026-07-01T00:00:00\n", "scenario.start",
            "without an offset from UTC");
    refused(MUSTER_E_INVALID, BEGIN, "start = 2026-07-01 08:00:00\n", "scenario.start",
            "2026-07-01T06:30:00+08:00 in China");
    refused(MUSTER_E_INVALID, BEGIN, "start = \"2026-07-01T08:00:00\"\n", "scenario.start",
            "2026-07-01T06:30:00+08:00 in China");
    refused(MUSTER_E_INVALID, BEGIN, "start = 2026-07-01T00:00:00+15:00\n", "scenario.start",
            "its offset from UTC");
    refused(MUSTER_E_INVALID, BEGIN, "start = 2026-07-01\n", "scenario.start", "offset from UTC");
    refused(MUSTER_E_INVALID, BEGIN, "start = 1999-12-31T23:59:59Z\n", "1999-12-31T23:59:59Z",
            "2000 to 2199");
    refused(MUSTER_E_INVALID, BEGIN, "start = \"tomorrow\"\n", "'tomorrow'", "a moment");
    refused(MUSTER_E_INVALID, BEGIN, "start = 3\n", "scenario.start is 3", "a moment");
}

static void a_call_needs_a_time_a_place_and_a_need(void **state) {
    (void)state;
    wrong(CALL WHERE, "line 8: call[1].when is missing", "a table");
    wrong(CALL WHEN, "call[1].where is missing", "a table");
    wrong(CALL WHEN "where = {}\n", "call[1].where says nowhere", "lon_deg and lat_deg");
    wrong(CALL WHEN "where = {lon_deg = 1}\n", "call[1].where.lat_deg is missing", "-90 to 90");
    wrong(CALL WHEN "where = {lat_deg = 1}\n", "call[1].where.lon_deg is missing", "a longitude");
    wrong(CALL WHEN "where = {sites = \"hamlet\"}\n", "sites is 'hamlet'", "village, at_risk_site");
    wrong(CALL WHEN "where = {" RING ", weight = \"equal\"}\n", "a weight without sites", "both");
    wrong(CALL WHEN "where = {" RING ", within_m = 3}\n", "within_m without hazard", "both");
    wrong(CALL WHEN "where = {polygon = [[1, 1], [2, 2], [3, 3]]}\n",
          "where.polygon is a list of 3", "encloses an area");
    wrong(CALL WHEN "where = {polygon = [[1, 1], [2, 2], [3]]}\n",
          "where.polygon[3] is a list of 1", "[LONGITUDE, LATITUDE]");
    wrong(CALL WHEN "where = {point = [{lon_deg = 1, lat_deg = 2, weight = 0}]}\n", "where.point",
          "a weight above 0");
    wrong(CALL WHERE "when = {}\n", "call[1].when has 0 of", "expected one");
    wrong(CALL WHERE "when = {at_min = 1, per_h = 2}\n", "call[1].when has 2 of", "expected one");
    wrong(CALL WHERE "when = {at_min = 1, count = 2}\n", "call[1].when has 1 of", "all but at_min");
    wrong(CALL WHERE "when = {at_min = 121}\n", "when.at_min is 121", "0 to 120");
    wrong(CALL WHERE "when = {per_h = -1}\n", "when.per_h is -1", "0 to 100000");
    wrong(CALL WHERE "when = {per_h_by_hour = [1, 2]}\n", "per_h_by_hour is a list of 2", "24");
    wrong(CALL WHERE "when = {per_h = 1, from_min = 5, until_min = 5}\n", "from minute 5 to 5",
          "an end after the beginning");
    wrong(CALL WHERE "when = {piece = [{from_min = 5, per_h = 1}, {from_min = 5, per_h = 2}]}\n",
          "when.piece[2].from_min is 5", "more than that of the piece before");
    wrong(CALL WHERE "when = {per_km2 = 1}\n", "when.hazard is missing", "beside per_km2");
    wrong(CALL WHERE "when = {hazard = \"h\"}\n", "when.per_km2 is missing", "a number");
    wrong(CALL WHERE "when = {hazard = \"h\", per_km2 = 1}\n", "names the hazard 'h'",
          "[[hazard]]");
    wrong(CALL WHEN "where = {hazard = \"h\"}\n", "line 8: call[1] names the hazard 'h'",
          "[[hazard]]");
    wrong(CALL WHEN WHERE "transport_share = 0.5\n", "call[1].transport_share is 0.5",
          "no [[destination]]");
}

static void growth_says_when_and_what_becomes_of_it(void **state) {
    (void)state;
    wrong(CALL WHEN WHERE "grow = 2\n", "call[1].grow is 2", "a table");
    wrong(CALL WHEN WHERE "grow = {factor = 2}\n", "call[1].grow.after_min is missing",
          "0 to 44640");
    wrong(CALL WHEN WHERE "grow = {after_min = 2}\n",
          "call[1].grow has neither factor nor severity_up", "one or both");
    wrong(CALL WHEN WHERE "grow = {after_min = 2, factor = 0}\n", "call[1].grow.factor is 0",
          "0.01 to 100");
    wrong(CALL WHEN WHERE "grow = {after_min = -2, factor = 2}\n", "call[1].grow.after_min is -2",
          "0 to 44640");
    wrong(CALL WHEN WHERE "grow = {after_min = 2, severity_up = 4}\n",
          "call[1].grow.severity_up is 4", "1 to 3");
    wrong(CALL WHEN WHERE "grow = {after_min = 2, factor = 2, chance = 1.5}\n",
          "call[1].grow.chance is 1.5", "0 to 1");
    wrong(CALL WHEN WHERE "grow = {after_min = 2, factor = 2, until_min = 5}\n",
          "unknown key 'until_min'", "after_min");
}

static void needs_are_there_once_and_one_for_sure(void **state) {
#define NEEDS(list)                                                                                \
    "[[call]]\ncode = \"c\"\nseverity = \"minor\"\nwork_min = 1\n" WHEN WHERE "need = [" list "]\n"
    (void)state;
    wrong(NEEDS(""), "call[1].need is a list of 0", "1 or more");
    wrong(NEEDS("{kind = \"a\", quantity = 1, chance = 0.9}"), "call[1].need", "chance is 1");
    wrong(NEEDS("{kind = \"a\", quantity = 1}, {kind = \"a\", quantity = 2}"), "call[1].need[2]",
          "no need before has");
    wrong(NEEDS("{kind = \"a\", quantity = 0}"), "need[1].quantity is 0", "1 to 1000000000");
    wrong(NEEDS("{kind = \"a\", quantity = {uniform = [3, 2]}}"), "quantity.uniform",
          "[LEAST, MOST]");
    wrong(NEEDS("{kind = \"a\", quantity = {uniform = [3, 4, 5]}}"), "quantity.uniform", "[LEAST");
    wrong(NEEDS("{kind = \"a\", quantity = {normal = [3, -1]}}"), "quantity.normal", "0");
    wrong(NEEDS("{kind = \"a\", quantity = {gamma = [3, 0]}}"), "quantity.gamma", "SHAPE");
    wrong(NEEDS("{kind = \"a\", quantity = {}}"), "quantity has 0 distributions",
          "one of constant");
    wrong(NEEDS("{kind = \"a\", quantity = {constant = 1, one_of = [1]}}"), "has 2 distributions",
          "");
    wrong(NEEDS("{kind = \"a\", quantity = {constant = 2, least = 5, most = 4}}"), "quantity.least",
          "at most 4");
    wrong(NEEDS("{kind = \"a\", quantity = {unifrom = [1, 2]}}"), "unknown key 'unifrom'",
          "did you mean 'uniform'?");
}

static void hazards_have_one_way_to_be_told(void **state) {
    (void)state;
    wrong(FLOOD, "hazard[1] has 0 of file, stage and grow", "expected one");
    wrong(FLOOD "file = \"x\"\nstage = [{at_min = 1, depth_m = 1, " RING "}]\n", "has 2 of file",
          "");
    wrong(FLOOD "stage = [{at_min = 1, " RING "}]\n", "stage[1].depth_m is missing", "0 to 100");
    wrong(FLOOD "stage = [{at_min = 1, depth_m = 1}]\n", "stage[1] has 0 areas", "polygon or file");
    wrong(FLOOD "stage = [{at_min = 1, depth_m = 1, " RING "}, {at_min = 1, depth_m = 1, " RING
                "}]\n",
          "stage[2].at_min is 1", "more than that of the stage before");
    wrong(FLOOD "until_min = 1\nstage = [{at_min = 1, depth_m = 1, " RING "}]\n", "until_min is 1",
          "more than at_min of the last stage");
    wrong(FLOOD "grow = {lon_deg = 1, lat_deg = 1, step_min = 1, reach_m = 5, depth_m = 1, "
                "from_min = 9, until_min = 8}\n",
          "grow is from minute 9 to 8", "in order");
    wrong(FLOOD "grow = {step_min = 1, reach_m = 5, depth_m = 1}\n", "grows from 0 of line",
          "expected one");
    wrong("[[hazard]]\ncode = \"h\"\nkind = \"typhoon\"\nstep_min = 60\ntrack = []\n",
          "hazard[1].track is a list of 0", "2 or more");
    wrong(
        "[[hazard]]\ncode = \"h\"\nkind = \"plume\"\nstage = [{at_min = 1, lon_deg = 1, lat_deg = "
        "1, wind_from_deg = 0, distance_m = 5}]\n",
        "half_angle_deg and stability", "expected one");
    wrong("[[hazard]]\ncode = \"h\"\nkind = \"wind\"\nstage = [{at_min = 1, " RING "}]\n",
          "stage[1].wind_force is missing", "1 to 17");
    wrong("[[hazard]]\ncode = \"h\"\nkind = \"fire\"\n", "hazard[1].kind is 'fire'", "typhoon");
}

static void failures_say_what_and_when(void **state) {
    (void)state;
    wrong("[[road_failure]]\ncode = \"r\"\nlasts_min = 5\n" WHEN,
          "road_failure[1] has 0 of edge_id", "expected one");
    wrong("[[road_failure]]\ncode = \"r\"\nlasts_min = 5\nclass = [\"canal\"]\n" WHEN,
          "class[1] is 'canal'", "motorway");
    wrong(
        "[[road_failure]]\ncode = \"r\"\nlasts_min = 5\nedge_id = [1]\nbridges_alone = true\n" WHEN,
        "bridges_alone without class", "both");
    wrong("[[unit_failure]]\ncode = \"u\"\nresource = \"vehicle\"\nlasts_min = 5\n",
          "per_unit_per_day and when, or none", "expected one");
    wrong("[[unit_failure]]\ncode = \"u\"\nresource = \"ship\"\nlasts_min = 5\n" WHEN,
          "resource is 'ship'", "people, vehicle, machine, item");
    wrong("[[earthquake]]\ncode = \"q\"\nat_min = 1\nlon_deg = 1\nlat_deg = 1\nmagnitude = 5\n"
          "collapse = [{within_km = 2, chance = 1}, {within_km = 2, chance = 0}]\n",
          "collapse[2].within_km is 2", "more than that of the ring before");
}

static void call_ups_say_who_and_when(void **state) {
    (void)state;
    wrong("[[call_up]]\ncode = \"u\"\nresource = \"vehicle\"\n", "call_up[1].when is missing",
          "a table");
    wrong("[[call_up]]\ncode = \"u\"\nresource = \"machine\"\n" WHEN,
          "call_up[1].resource is 'machine'", "one of people, vehicle");
    wrong("[[call_up]]\ncode = \"u\"\nresource = \"people\"\nlead_min = -1\n" WHEN,
          "call_up[1].lead_min is -1", "0 to 44640");
    wrong("[[call_up]]\ncode = \"u\"\nresource = \"people\"\nlasts_min = 5\n" WHEN,
          "unknown key 'lasts_min'", "lead_min");
    wrong(
        "[[call_up]]\ncode = \"u\"\nresource = \"people\"\nwhen = {hazard = \"h\", per_km2 = 1}\n",
        "names the hazard 'h'", "[[hazard]]");
    wrong("[[call_up]]\ncode = \"u\"\nresource = \"people\"\n" WHEN
          "[[call_up]]\ncode = \"u\"\nresource = \"people\"\n" WHEN,
          "call_up[2].code is 'u'", "call-up before it has");
}

static void a_code_is_there_once_in_the_whole_file(void **state) {
    (void)state;
    wrong(CALL WHEN WHERE CALL WHEN WHERE, "line 16: call[2].code is 'c'", "no call");
    wrong(CALL WHEN WHERE
          "[[hazard]]\ncode = \"c\"\nkind = \"flood\"\nstage = [{at_min = 1, depth_m "
          "= 1, " RING "}]\n",
          "hazard[1].code is 'c'", "no call, hazard");
    wrong("[[destination]]\ncode = \"a\"\nlon_deg = 1\nlat_deg = 1\n[[destination]]\ncode = "
          "\"a\"\nlon_deg = 1\nlat_deg = 1\n",
          "destination[2].code is 'a'", "no destination before");
}

static void policies_are_made_from_others(void **state) {
    (void)state;
    wrong("[policy.x]\nbase = \"y\"\n", "policy.x.base is 'y'", "built in, or one before");
    wrong("[policy.greedy]\nbase = \"muster\"\n", "policy.greedy.base is 'muster'", "built in");
    wrong("[policy.x]\nwork_limit = 0\n", "policy.x.work_limit is 0", "from 1");
    wrong("[policy.\"a b\"]\n", "is no policy", "a name is 1 to 63");
    wrong("[policy.x]\nmode = \"best\"\n", "policy.x.mode is 'best'", "keep, improve");
}

/* ---- overrides ------------------------------------------------------------------------------ */

static muster_scenario_file *read_with(uint32_t count, const char *const *override) {
    muster_scenario_file *file;
    if (muster_scenario_file_read_with(&file, SAMPLE, NULL, count, override) != MUSTER_OK) {
        fail_msg("%s", muster_error_message());
    }
    return file;
}

static void overrides_are_read_as_if_they_stood_in_the_file(void **state) {
    static const char *const OVERRIDE[] = {
        "scenario.seed=7",                   /* of a table */
        "policy.careful.interval_min = 5",   /* spaces are TOML's */
        "policy.muster.interval_min=3",      /* of a table that is not there */
        "standard.injured.response_min=9.5", /* of a list, by type */
        "call.shelter.when={count = 11, from_min = 1}" /* by code; a table as a whole */,
        "destination.hospital.name=\"St. John's = west\"",
        "scenario.seed=8" /* the last counts */,
    };
    (void)state;
    muster_scenario_file *file = read_with(sizeof OVERRIDE / sizeof *OVERRIDE, OVERRIDE);
    uint32_t              count;
    assert_int_equal(muster_scenario_file_about(file)->seed, 8);
    assert_int_equal(muster_scenario_file_policy(file, "careful")->interval_ms, 300000);
    assert_int_equal(muster_scenario_file_policy(file, "careful")->delay_ms, 30000);
    assert_int_equal(muster_scenario_file_policy(file, "muster")->interval_ms, 180000);
    assert_int_equal(muster_scenario_file_standards(file, &count)[0].response_ms, 570000);
    assert_int_equal(count, 2);
    assert_string_equal(file->destination[0].name, "St. John's = west");
    muster_scenario_file_free(file);
}

static void refuses(const char *override, const char *one, const char *two) {
    muster_scenario_file *file;
    if (muster_scenario_file_read_with(&file, SAMPLE, NULL, 1, &override) != MUSTER_E_INVALID) {
        fail_msg("%s was taken", override);
    }
    assert_null(file);
    const char *said = muster_error_message();
    if (!strstr(said, one) || !strstr(said, two) || strchr(said, '\n')) {
        fail_msg("said: %s; expected \"%s\" and \"%s\"", said, one, two);
    }
}

static void an_override_that_cannot_be_is_named(void **state) {
    (void)state;
    refuses("scenario.seed", "override \"scenario.seed\"", "expected KEY=VALUE");
    refuses("=1", "override \"=1\"", "names with dots");
    refuses("scenario..seed=1", "override \"scenario..seed=1\"", "names with dots");
    refuses("scenario.seed=", "override \"scenario.seed=\"", "a value as TOML has them");
    refuses("scenario.seed=1\nlength_h=2", "override", "a value as TOML has them");
    refuses("scenario.seed.of=1", "override \"scenario.seed.of=1\"", "leads through tables");
    refuses("call.fire.severity='minor'", "override", "the code of one of the file's tables");
    refuses("call=1", "call", "list"); /* the reader's own words */
    refuses("call.shelter=1", "override", "not in a list of tables");
    refuses("scenario.sede=1", "sede", "seed");
    refuses("scenario.length_h=-3", "\" as overridden: scenario.length_h is -3", "expected");
    refuses("policy.greedy.interval_min='soon'", "policy.greedy.interval_min is 'soon'",
            "expected");
}

/* ---- memory --------------------------------------------------------------------------------- */

/* Each of our allocations fails in turn: nothing is there, nothing leaks, and the next reading works. */
static void no_memory_leaves_nothing_behind(void **state) {
    muster_scenario_file *file;
    int64_t               n = 0;
    (void)state;
    for (;; ++n) {
        (void)mu_alloc_fail_once_after(n);
        const muster_status status = muster_scenario_file_read(&file, SAMPLE, NULL);
        (void)mu_alloc_fail_once_after(-1);
        if (status == MUSTER_OK) break;
        assert_int_equal(status, MUSTER_E_NOMEM);
        assert_null(file);
    }
    assert_true(n > 5);
    muster_scenario_file_free(file);
    muster_scenario_file_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_short_file_has_the_usual_values),
        cmocka_unit_test(a_store_is_looked_for_from_the_file_unless_it_is_told_otherwise),
        cmocka_unit_test(the_sample_has_one_of_everything),
        cmocka_unit_test(policies_begin_as_those_that_are_built_in),
        cmocka_unit_test(rates_by_hour_go_by_the_clock_on_the_wall),
        cmocka_unit_test(chinese_names_are_taken_where_the_scenario_speaks_chinese),
        cmocka_unit_test(overrides_are_read_as_if_they_stood_in_the_file),
        cmocka_unit_test(an_override_that_cannot_be_is_named),
        cmocka_unit_test(an_unknown_key_is_named_with_the_one_that_was_meant),
        cmocka_unit_test(what_is_no_toml_is_refused_with_its_line),
        cmocka_unit_test(a_file_that_is_not_there_is_said_so),
        cmocka_unit_test(a_wrong_value_is_named_with_what_was_expected),
        cmocka_unit_test(moments_have_a_place_on_earth),
        cmocka_unit_test(a_call_needs_a_time_a_place_and_a_need),
        cmocka_unit_test(growth_says_when_and_what_becomes_of_it),
        cmocka_unit_test(needs_are_there_once_and_one_for_sure),
        cmocka_unit_test(hazards_have_one_way_to_be_told),
        cmocka_unit_test(failures_say_what_and_when),
        cmocka_unit_test(call_ups_say_who_and_when),
        cmocka_unit_test(a_code_is_there_once_in_the_whole_file),
        cmocka_unit_test(policies_are_made_from_others),
        cmocka_unit_test(no_memory_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
