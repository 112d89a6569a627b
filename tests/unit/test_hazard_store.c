/* Hazards and closures from a GeoPackage, as older files have them and as newer ones do, and who is
 * inside. */
#include <muster/hazard.h>
#include <muster/kit.h>
#include <muster/store.h>

#include <math.h>

#include "gis/memory.h"
#include "tests/support/small_scenario.h"
#include "tests/support/test_folder.h"

static muster_hazards *read_file(const char *edit, const char *scenario) {
    const char     *path = path_of("s.gpkg");
    muster_hazards *set;
    small_scenario_write(path, edit);
    assert_int_equal(muster_hazards_new(&set), MUSTER_OK);
    if (muster_hazards_add_store(set, path, scenario) != MUSTER_OK) {
        fail_msg("%s", muster_error_message());
    }
    return set;
}

/* The table as it is where hazards have a code, a severity and several polygons. */
#define NEWER                                                                                      \
    "CREATE TABLE old AS SELECT * FROM hazard; DROP TABLE hazard;"                                 \
    "CREATE TABLE hazard (fid INTEGER PRIMARY KEY, code TEXT, scenario TEXT, kind TEXT, source "   \
    "TEXT, severity TEXT, urgency TEXT, certainty TEXT, depth_m REAL, speed_factor REAL, "         \
    "wind_force INTEGER, starts_at TEXT, ends_at TEXT, geom BLOB);"

/* Two triangles as well-known binary, at 1,1 and at 2,2; and both as a MULTIPOLYGON. */
#define TRIANGLE_AT_1                                                                              \
    "01030000000100000004000000000000000000f03f000000000000f03f000000000000f83f000000"             \
    "000000f03f000000000000f03f000000000000f83f000000000000f03f000000000000f03f"
#define TRIANGLE_AT_2                                                                              \
    "01030000000100000004000000000000000000004000000000000000400000000000000440000000"             \
    "00000000400000000000000040000000000000044000000000000000400000000000000040"
#define TWO "X'47500001E6100000010600000002000000" TRIANGLE_AT_1 TRIANGLE_AT_2 "'"

static void floods_of_older_files_are_read_with_codes_of_their_own(void **state) {
    (void)state;
    muster_hazards      *set = read_file(NULL, NULL);
    uint32_t             count;
    const muster_hazard *h = muster_hazards_list(set, &count);
    assert_int_equal(count, 1);
    assert_string_equal(h->code, "flood/1");
    assert_int_equal(h->kind, MUSTER_HAZARD_FLOOD);
    assert_int_equal(h->severity, MUSTER_SEVERITY_COUNT);
    assert_true(h->depth_m == 1.5 && isnan(h->speed_factor));
    assert_true(h->ends_at_s - h->starts_at_s == 86400);
    assert_true(muster_hazard_contains(h, 120.71, 30.705));
    muster_hazards_free(set);
}

static void those_of_another_scenario_are_not_read(void **state) {
    (void)state;
    muster_hazards *set = read_file(NULL, "quake");
    uint32_t        count;
    (void)muster_hazards_list(set, &count);
    assert_int_equal(count, 0);
    muster_hazards_free(set);
}

static void newer_columns_and_multipolygons_are_read(void **state) {
    (void)state;
    muster_hazards *set = read_file(
        NEWER "INSERT INTO hazard VALUES (7, '风-1', 'flood', 'wind', NULL, 'severe', 'unknown', "
              "'likely', NULL, 0.5, 10, '2026-07-01T00:00:00Z', '2026-07-02T00:00:00Z', " TWO
              "), (8, NULL, 'flood', 'plume', NULL, NULL, NULL, NULL, NULL, NULL, NULL, "
              "'2026-07-01T00:00:00Z', '2026-07-02T00:00:00Z', " TWO ")",
        "flood");
    uint32_t             count;
    const muster_hazard *h = muster_hazards_list(set, &count);
    assert_int_equal(count, 2);
    assert_string_equal(h[0].code, "风-1");
    assert_int_equal(h[0].kind, MUSTER_HAZARD_WIND);
    assert_int_equal(h[0].severity, MUSTER_SEVERE);
    assert_int_equal(h[0].urgency, MUSTER_URGENCY_COUNT);
    assert_int_equal(h[0].certainty, MUSTER_CERTAINTY_LIKELY);
    assert_int_equal(h[0].wind_force, 10);
    assert_true(h[0].speed_factor == 0.5);
    assert_int_equal(h[0].area.polygon_count, 2);
    assert_true(muster_hazard_contains(&h[0], 1.1, 1.1) && muster_hazard_contains(&h[0], 2.1, 2.1));
    assert_string_equal(h[1].code, "flood/8");
    assert_int_equal(h[1].kind, MUSTER_HAZARD_PLUME);
    muster_hazards_free(set);
}

/* One of each kind, and several; on the road of the small scenario, or far away. */
#define BLOB(wkb)   "X'47500001E6100000" wkb "'"
#define AT_1        "000000000000f03f000000000000f03f"
#define AT_2        "00000000000000400000000000000040"
#define POINT_WKB   "0101000000" AT_1
#define LINE_WKB    "010200000002000000" AT_1 AT_2
#define BIG_POINT   "00000000013ff00000000000004000000000000000" /* the other byte order */
#define POINTS_BLOB BLOB("010400000002000000" POINT_WKB BIG_POINT)
#define LINES_BLOB  BLOB("010500000002000000" LINE_WKB LINE_WKB)
#define CLOSURE                                                                                    \
    "INSERT INTO closure (fid, scenario, code, name, edge, starts_at, ends_at, geom) VALUES "

#define FIRST               "(1, 'flood', '桥', '断桥', 2, NULL, NULL, NULL)"
#define SECOND              "(2, 'flood', 'B', NULL, NULL, " DAY ", " BLOB(POINT_WKB) ")"
#define DAY                 "'2026-07-01T00:00:00Z', '2026-07-02T00:00:00Z'"
#define THIRD               "(3, 'flood', 'C', NULL, NULL, NULL, NULL, " POINTS_BLOB ")"
#define FOURTH              "(4, 'flood', 'D', NULL, -9, NULL, NULL, " BLOB(LINE_WKB) ")"
#define FIFTH               "(5, 'flood', 'E', NULL, NULL, NULL, NULL, " LINES_BLOB ")"
#define SIXTH               "(6, 'flood', 'F', NULL, NULL, NULL, NULL, " TWO ")"
#define OF_ANOTHER_SCENARIO "(7, 'quake', 'G', NULL, 1, NULL, NULL, NULL)"

static void closures_are_read_with_all_that_they_close(void **state) {
    (void)state;
    static const char EDIT[] = "DELETE FROM hazard;" CLOSURE FIRST "," SECOND "," THIRD "," FOURTH
                               "," FIFTH "," SIXTH "," OF_ANOTHER_SCENARIO;
    muster_hazards      *set = read_file(EDIT, NULL);
    uint32_t             count;
    const muster_hazard *h = muster_hazards_list(set, &count);
    assert_int_equal(count, 6);
    for (uint32_t i = 0; i < count; ++i) assert_int_equal(h[i].kind, MUSTER_HAZARD_CLOSURE);
    assert_string_equal(h[0].code, "桥");
    assert_string_equal(h[0].name, "断桥");
    assert_true(h[0].edge_count == 1 && h[0].edge_id[0] == 2);
    assert_true(h[0].starts_at_s == MUSTER_MOMENT_FIRST && h[0].ends_at_s == MUSTER_MOMENT_LAST);
    assert_true(h[1].points.point_count == 1 && h[1].points.lon_deg[0] == 1);
    assert_true(h[1].ends_at_s - h[1].starts_at_s == 86400 && h[1].name == NULL);
    assert_true(h[2].points.point_count == 2 && h[2].points.lat_deg[1] == 2);
    assert_true(h[3].lines.line_count == 1 && h[3].edge_id[0] == -9);
    assert_true(h[4].lines.line_count == 2 && h[4].lines.lon_deg[3] == 2);
    assert_int_equal(h[5].area.polygon_count, 2);
    muster_hazards_free(set);
}

static void a_closure_that_is_called_as_a_hazard_is_told_apart(void **state) {
    (void)state;
    muster_hazards      *set = read_file("UPDATE hazard SET code = 'C-1';" CLOSURE
                                         "(1, 'flood', 'C-1', NULL, 2, NULL, NULL, NULL),"
                                              "(2, 'flood', 'C-2', NULL, 2, NULL, NULL, NULL)",
                                         NULL);
    uint32_t             count;
    const muster_hazard *h = muster_hazards_list(set, &count);
    assert_int_equal(count, 3);
    assert_string_equal(h[1].code, "closure/C-1");
    assert_string_equal(h[2].code, "C-2");
    assert_non_null(strstr(h[1].source, "table closure, row id 1"));
    muster_hazards_free(set);
}

static void either_table_may_be_missing(void **state) {
    (void)state;
    uint32_t        count;
    muster_hazards *set = read_file("DROP TABLE closure", NULL);
    (void)muster_hazards_list(set, &count);
    assert_int_equal(count, 1);
    muster_hazards_free(set);
    set =
        read_file(CLOSURE "(1, 'flood', 'C', NULL, 2, NULL, NULL, NULL); DROP TABLE hazard", NULL);
    (void)muster_hazards_list(set, &count);
    assert_int_equal(count, 1);
    muster_hazards_free(set);
}

/* Two profiles: the point closes the same road to both. */
static void closures_close_roads_or_are_named_with_their_row(void **state) {
    (void)state;
    muster_network *network;
    muster_hazards *set = read_file(
        CLOSURE "(1, 'flood', 'E', NULL, 1, NULL, NULL, NULL),"
                "(2, 'flood', 'P', NULL, NULL, NULL, NULL, (SELECT geom FROM node WHERE id = 4)),"
                "(3, 'flood', 'X', NULL, 99, NULL, NULL, NULL),"
                "(4, 'flood', 'Y', NULL, NULL, NULL, NULL, " BLOB(POINT_WKB) ")",
        NULL);
    uint32_t             count, changes;
    const muster_hazard *h = muster_hazards_list(set, &count);
    assert_int_equal(muster_network_load(&network, path_of("s.gpkg")), MUSTER_OK);
    for (int p = 0; p < 2; ++p) {
        muster_profile  profile;
        muster_metric  *metric;
        muster_closure *closure;
        assert_int_equal(muster_profile_builtin(&profile, p == 0 ? "light" : "helicopter"),
                         MUSTER_OK);
        assert_int_equal(muster_metric_new(&metric, network, &profile), MUSTER_OK);
        assert_int_equal(muster_closure_new(&closure, metric), MUSTER_OK);
        assert_int_equal(muster_hazard_close(closure, &profile, &h[1], NULL), MUSTER_OK);
        assert_int_equal(muster_hazard_close(closure, &profile, &h[2], NULL), MUSTER_OK);
        (void)muster_closure_changes(closure, &changes);
        assert_int_equal(changes, p == 0 ? 2 + 1 : 0); /* the second is one-way */
        assert_int_equal(muster_hazard_close(closure, &profile, &h[3], NULL), MUSTER_E_INVALID);
        assert_non_null(strstr(muster_error_message(),
                               "table closure, row id 3 cannot be used: edge "
                               "99 is to be closed, but no edge"));
        assert_int_equal(muster_hazard_close(closure, &profile, &h[4], NULL), MUSTER_E_INVALID);
        assert_non_null(strstr(muster_error_message(),
                               "table closure, row id 4 cannot be used: point "
                               "0 at 1,1 has no road near it"));
        muster_closure_free(closure);
        muster_metric_free(metric);
    }
    muster_network_free(network);
    muster_hazards_free(set);
}

static void check_refused(const char *edit, const char *scenario, const char *message) {
    const char     *path = path_of("s.gpkg");
    muster_hazards *set;
    small_scenario_write(path, edit);
    assert_int_equal(muster_hazards_new(&set), MUSTER_OK);
    assert_int_not_equal(muster_hazards_add_store(set, path, scenario), MUSTER_OK);
    if (!strstr(muster_error_message(), message)) {
        fail_msg("\"%s\" does not say \"%s\"", muster_error_message(), message);
    }
    muster_hazards_free(set);
}

static void what_is_wrong_is_named_with_its_row(void **state) {
    (void)state;
    check_refused(NULL, "nobody", "has no scenario 'nobody'");
    check_refused("UPDATE scenario SET is_default = 0", NULL, "no scenario that is the default");
    check_refused("DROP TABLE hazard; DROP TABLE closure", NULL,
                  "has no table \"hazard\" and no \"closure\"");
    check_refused("UPDATE hazard SET kind = 'fire'", NULL,
                  "row fid 1, column kind: 'fire'; expected flood, wind");
    check_refused("UPDATE hazard SET depth_m = -1", NULL, "column depth_m: -1");
    check_refused("UPDATE hazard SET starts_at = 'noon'", NULL, "column starts_at: 'noon'");
    check_refused("UPDATE hazard SET ends_at = starts_at", NULL, "hazard 'flood/1' from");
    check_refused(NEWER
                  "INSERT INTO hazard SELECT fid, 'A', scenario, kind, NULL, 'bad', NULL, NULL, "
                  "depth_m, NULL, NULL, starts_at, ends_at, geom FROM old",
                  NULL, "column severity: 'bad'");
    check_refused("UPDATE hazard SET geom = X'47500001E6100000010600000002000000" TRIANGLE_AT_1 "'",
                  NULL, "ends before its polygon 1");
    check_refused("UPDATE hazard SET geom = X'47500001E6100000010600000000000000'", NULL,
                  "the geometry is empty");
    check_refused("UPDATE hazard SET geom = X'47500001E61000000106000000010000000102000000'", NULL,
                  "polygon 0 has byte order 1 and type 2");
}

static void what_is_wrong_with_a_closure_is_named_with_its_row(void **state) {
    (void)state;
    check_refused(CLOSURE "(5, 'flood', '', NULL, 1, NULL, NULL, NULL)", NULL,
                  "table closure, row fid 5, column code: ''; expected 1 to");
    check_refused(CLOSURE "(5, 'flood', 'A', NULL, 1.5, NULL, NULL, NULL)", NULL,
                  "column edge: 1.5; expected a whole number");
    check_refused(CLOSURE "(5, 'flood', 'A', NULL, 1, 'noon', NULL, NULL)", NULL,
                  "column starts_at: 'noon'");
    check_refused(CLOSURE "(5, 'flood', 'A', NULL, 1, '2026-07-02T00:00:00Z', "
                          "'2026-07-01T00:00:00Z', NULL)",
                  NULL, "hazard 'A' from");
    check_refused(CLOSURE "(5, 'flood', 'A', x'00', 1, NULL, NULL, NULL)", NULL,
                  "column name: a blob of 1 bytes; expected a text");
    check_refused(CLOSURE "(5, 'flood', 'A', NULL, NULL, NULL, NULL, x'00')", NULL,
                  "column geom: a blob of 1 bytes; expected a GeoPackage geometry");
    check_refused(CLOSURE "(5, 'flood', 'A', NULL, NULL, NULL, NULL, " BLOB("0107000000"
                                                                            "00000000") ")",
                  NULL, "column geom: a blob of 17 bytes; expected a");
    check_refused(CLOSURE
                  "(5, 'flood', 'A', NULL, NULL, NULL, NULL, " BLOB("0101000000" AT_1 AT_1) ")",
                  NULL, "nothing behind the last point");
    check_refused(
        "DROP TABLE closure; CREATE TABLE closure (fid INTEGER PRIMARY KEY, scenario, code, "
        "name, edge, starts_at, ends_at, geom);" CLOSURE
        "(5, 'flood', 'A', NULL, NULL, NULL, NULL, NULL)",
        NULL, "column geom: NULL; expected a geometry, or an edge");
}

static void places_and_at_risk_sites_are_listed(void **state) {
    (void)state;
    const char         *path = path_of("s.gpkg");
    muster_named_sites *sites;
    uint32_t            count;
    small_scenario_write(
        path, "INSERT INTO place (code, name, level, geom) SELECT '330402001201', '桥边村', "
              "'village', geom FROM at_risk_site");
    assert_int_equal(muster_named_sites_load(&sites, path), MUSTER_OK);
    const muster_named_site *s = muster_named_sites_list(sites, &count);
    assert_int_equal(count, 2);
    assert_string_equal(s[0].table, "at_risk_site");
    assert_int_equal(s[0].population, 800);
    assert_string_equal(s[1].name, "桥边村");
    assert_string_equal(s[1].level, "village");
    assert_true(s[1].population == -1 && s[1].lon_deg == 120.705);
    muster_named_sites_free(sites);
}

static void what_sites_keep_is_listed_by_site_and_kind(void **state) {
    (void)state;
    const char  *path = path_of("s.gpkg");
    muster_kits *kits;
    uint32_t     count;
    small_scenario_write(path, "INSERT INTO kit (site, kind, quantity) VALUES ('R-1', 'pump', 2)");
    assert_int_equal(muster_kits_load(&kits, path), MUSTER_OK);
    const muster_kit *kit = muster_kits_list(kits, &count);
    assert_int_equal(count, 2);
    assert_string_equal(kit[0].site, "R-1");
    assert_string_equal(kit[0].kind, "pump");
    assert_string_equal(kit[1].kind, "tent");
    assert_int_equal(kit[1].quantity, 3);
    muster_kits_free(kits);
    small_scenario_write(path, "DROP TABLE kit");
    assert_int_equal(muster_kits_load(&kits, path), MUSTER_OK);
    (void)muster_kits_list(kits, &count);
    assert_int_equal(count, 0);
    muster_kits_free(kits);
    small_scenario_write(path, "UPDATE kit SET quantity = -1");
    assert_int_equal(muster_kits_load(&kits, path), MUSTER_E_INVALID);
    assert_null(kits);
    assert_non_null(strstr(muster_error_message(), "row site 'R-1', column quantity: -1"));
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    const char   *path   = path_of("s.gpkg");
    muster_status status = MUSTER_E_NOMEM;
    small_scenario_write(path,
                         CLOSURE "(1, 'flood', 'A', 'a', 1, NULL, NULL, " LINES_BLOB "),"
                                 "(2, 'flood', 'B', NULL, NULL, NULL, NULL, " POINTS_BLOB ")");
    for (int64_t n = 0; status != MUSTER_OK; ++n) {
        muster_hazards     *set   = NULL;
        muster_named_sites *sites = NULL;
        muster_kits        *kits  = NULL;
        mu_gis_alloc_fail_after(n);
        status = muster_hazards_new(&set);
        if (status == MUSTER_OK) status = muster_hazards_add_store(set, path, NULL);
        if (status == MUSTER_OK) status = muster_named_sites_load(&sites, path);
        if (status == MUSTER_OK) status = muster_kits_load(&kits, path);
        mu_gis_alloc_fail_after(-1);
        assert_true(status == MUSTER_OK || status == MUSTER_E_NOMEM);
        muster_kits_free(kits);
        muster_named_sites_free(sites);
        muster_hazards_free(set);
        assert_true(n < 1000);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(floods_of_older_files_are_read_with_codes_of_their_own),
        cmocka_unit_test(those_of_another_scenario_are_not_read),
        cmocka_unit_test(newer_columns_and_multipolygons_are_read),
        cmocka_unit_test(closures_are_read_with_all_that_they_close),
        cmocka_unit_test(a_closure_that_is_called_as_a_hazard_is_told_apart),
        cmocka_unit_test(either_table_may_be_missing),
        cmocka_unit_test(closures_close_roads_or_are_named_with_their_row),
        cmocka_unit_test(what_is_wrong_is_named_with_its_row),
        cmocka_unit_test(what_is_wrong_with_a_closure_is_named_with_its_row),
        cmocka_unit_test(places_and_at_risk_sites_are_listed),
        cmocka_unit_test(what_sites_keep_is_listed_by_site_and_kind),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
