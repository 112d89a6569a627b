/* GeoPackages from strangers: what stands in a table's place, what is too large, what is damaged.
 * Nothing crashes, nothing of the file's own SQL runs, and what is wrong is said in one line. */
#include <string.h>

#include <muster/map.h>
#include <muster/store.h>

#include "tests/support/random.h"
#include "tests/support/rounds.h"
#include "tests/support/small_scenario.h"
#include "tests/support/test_folder.h"

static muster_status load(const char *path) {
    muster_scenario    *scenario;
    const muster_status status = muster_scenario_load(&scenario, path, NULL);
    muster_scenario_free(scenario);
    return status;
}

static void check_refused(const char *edit, muster_status expected, const char *words) {
    const char *path = path_of("hostile.gpkg");
    small_scenario_write(path, edit);
    assert_int_equal(load(path), expected);
    if (!strstr(muster_error_message(), words)) fail_msg("%s", muster_error_message());
    assert_null(strchr(muster_error_message(), '\n'));
}

static void what_is_no_table_is_not_read_as_one(void **state) {
    (void)state;
    check_refused("ALTER TABLE node RENAME TO hidden; CREATE VIEW node AS SELECT * FROM hidden",
                  MUSTER_E_FORMAT, "has no table \"node\"");
    check_refused("ALTER TABLE team RENAME TO hidden; CREATE VIEW team AS WITH RECURSIVE n (i) AS "
                  "(SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT * FROM hidden, n",
                  MUSTER_E_FORMAT, "has no table \"team\"");
    check_refused("DROP TABLE need; CREATE VIRTUAL TABLE need USING rtree (id, a, b)",
                  MUSTER_E_FORMAT, "has no table \"need\"");
}

/* A generated column is computed when it is read, by whoever reads it. */
static void what_a_column_computes_is_bounded(void **state) {
    (void)state;
    check_refused("ALTER TABLE team RENAME TO t; CREATE TABLE team AS SELECT * FROM t;"
                  "ALTER TABLE team DROP COLUMN code;"
                  "ALTER TABLE team ADD COLUMN code TEXT GENERATED ALWAYS AS "
                  "(hex(zeroblob(90000000))) VIRTUAL",
                  MUSTER_E_FORMAT, "table team: string or blob too big");
}

static void triggers_do_not_run_when_a_copy_is_written(void **state) {
    (void)state;
    const char *path = path_of("trigger.gpkg"), *ordered = path_of("ordered.gpkg");
    small_scenario_write(path, "CREATE TRIGGER t AFTER UPDATE ON node BEGIN DELETE FROM edge; END");
    assert_int_equal(muster_network_order(path, ordered, NULL, NULL, NULL), MUSTER_OK);
    assert_int_equal(load(ordered), MUSTER_OK);
}

static void a_value_larger_than_any_honest_one_is_refused(void **state) {
    (void)state;
    check_refused("UPDATE team SET name = CAST(zeroblob(67200000) AS TEXT) WHERE code = 'T-1'",
                  MUSTER_E_FORMAT, "table team: string or blob too big");
    check_refused("UPDATE edge SET geom = zeroblob(60000000) WHERE id = 1", MUSTER_E_INVALID,
                  "table edge, row id 1, column geom: the geometry is no GeoPackage geometry");
}

static void a_geometry_nested_deeply_is_refused_at_the_first_level(void **state) {
    (void)state;
    /* A collection of one, 6000 times over, as WKB has it. */
    check_refused("UPDATE incident SET geom = CAST(x'47500001E6100000' || "
                  "replace(hex(zeroblob(6000)), '00', char(1, 7, 0, 0, 0, 1, 0, 0, 0)) AS BLOB)",
                  MUSTER_E_INVALID, "expected a POINT");
    check_refused("UPDATE incident SET geom = x'47500001E6100000010700000001000000"
                  "010700000001000000'",
                  MUSTER_E_INVALID, "expected a POINT");
}

static void another_reference_system_is_refused_by_its_number(void **state) {
    (void)state;
    check_refused("UPDATE team SET geom = x'4750000189110000010100000000000000000059400000000000003"
                  "E40' WHERE code = 'T-1'",
                  MUSTER_E_INVALID, "has srs_id 4489; expected 4326 (WGS 84)");
}

/* Bytes of a sound file are overwritten, a few here and there or a whole page. */
static void damaged_pages_are_refused_or_harmless(void **state) {
    (void)state;
    const char    *path = path_of("sound.gpkg"), *damaged = path_of("damaged.gpkg");
    size_t         size;
    uint64_t       rng     = 17;
    const uint32_t rounds  = (uint32_t)number_asked("MUSTER_DAMAGE_ROUNDS", 600 / SANITIZERS_SHARE);
    uint32_t       refused = 0;
    small_scenario_write(path, NULL);
    unsigned char *sound = read_bytes(path, &size), *bytes = malloc(size);
    assert_non_null(bytes);
    for (uint32_t round = 0; round < rounds; ++round) {
        memcpy(bytes, sound, size);
        if (round % 8 == 0) { /* a page takes another's place */
            const uint32_t pages = (uint32_t)(size / 4096);
            memcpy(bytes + 4096 * (size_t)random_below(&rng, pages),
                   sound + 4096 * (size_t)random_below(&rng, pages), 4096);
        } else { /* headers of pages are hit more often than what is in them */
            for (uint32_t hits = 1 + random_below(&rng, 6); hits > 0; --hits) {
                const uint32_t page = random_below(&rng, (uint32_t)(size / 4096));
                const uint32_t at   = random_below(&rng, random_below(&rng, 2) ? 64 : 4096);
                bytes[4096 * (size_t)page + at] = (unsigned char)random_u32(&rng);
            }
        }
        write_bytes(damaged, bytes, size);
        muster_map *map;
        refused += load(damaged) != MUSTER_OK;
        (void)muster_map_load(&map, damaged, "flood", 0);
        muster_map_free(map);
    }
    assert_true(refused > rounds / 10 && refused < rounds);
    free(bytes);
    free(sound);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_no_table_is_not_read_as_one),
        cmocka_unit_test(what_a_column_computes_is_bounded),
        cmocka_unit_test(triggers_do_not_run_when_a_copy_is_written),
        cmocka_unit_test(a_value_larger_than_any_honest_one_is_refused),
        cmocka_unit_test(a_geometry_nested_deeply_is_refused_at_the_first_level),
        cmocka_unit_test(another_reference_system_is_refused_by_its_number),
        cmocka_unit_test(damaged_pages_are_refused_or_harmless),
    };
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
