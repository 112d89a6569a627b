/* Layers as a GeoPackage: what is refused, what fails without memory, and what is in the file. GDAL reads such
 * files in tests/cli/test_results_export.py. */
#include <muster/layer_file.h>

#include <math.h>

#include "gis/database.h"
#include "gis/geometry_blob.h"
#include "gis/memory.h"
#include "tests/support/test_folder.h"

static const muster_layer_column COLUMN[] = {
    {"code", MUSTER_LAYER_TEXT}, {"count", MUSTER_LAYER_INTEGER}, {"depth_m", MUSTER_LAYER_REAL}};
static const muster_layer_value VALUE[] = {
    {true, 0, 0, "a"}, {true, 7, 0, NULL}, {true, 0, 1.5, NULL}};

static muster_layer_file *new_file(const char *path) {
    muster_layer_file *file;
    assert_int_equal(muster_layer_file_new(&file, path), MUSTER_OK);
    return file;
}

/* One layer of each shape with a row; returns what failed first. */
static muster_status write_all(muster_layer_file *f) {
    static const double       LON[] = {120, 121, 121, 120, 120}, LAT[] = {30, 30, 31, 31, 30};
    static const uint32_t     RING[] = {0, 1}, POINT[] = {0, 5};
    const muster_multipolygon area = {1, RING, POINT, LON, LAT, 0};
    MU_TRY(muster_layer_file_begin(f, "points", MUSTER_LAYER_POINTS, 3, COLUMN));
    MU_TRY(muster_layer_file_add_point(f, 120.5, 30.5, VALUE));
    MU_TRY(muster_layer_file_begin(f, "lines", MUSTER_LAYER_LINES, 3, COLUMN));
    MU_TRY(muster_layer_file_add_line(f, 3, LON, LAT, VALUE));
    MU_TRY(muster_layer_file_begin(f, "areas", MUSTER_LAYER_AREAS, 3, COLUMN));
    MU_TRY(muster_layer_file_add_area(f, &area, VALUE));
    MU_TRY(muster_layer_file_begin(f, "empty", MUSTER_LAYER_AREAS, 0, NULL));
    return muster_layer_file_publish(f);
}

static bool is_there(const char *path) {
    return access(path, F_OK) == 0;
}

static void a_file_appears_when_it_is_published(void **state) {
    const char        *path = path_of("all.gpkg");
    muster_layer_file *file = new_file(path);
    (void)state;
    assert_false(is_there(path));
    assert_int_equal(write_all(file), MUSTER_OK);
    assert_true(is_there(path));
    muster_layer_file_free(file);

    mu_database *database;
    bool         has = false;
    assert_int_equal(mu_database_open(&database, path), MUSTER_OK);
    static const char *const TABLES[] = {"points", "lines", "areas", "empty", "gpkg_extensions"};
    for (size_t i = 0; i < sizeof TABLES / sizeof *TABLES; ++i) {
        assert_int_equal(mu_database_has_table(database, TABLES[i], &has), MUSTER_OK);
        assert_true(has);
    }
    mu_database_close(database);
}

static void a_file_that_is_not_published_never_was(void **state) {
    const char        *path = path_of("gone.gpkg");
    muster_layer_file *file = new_file(path);
    (void)state;
    assert_int_equal(muster_layer_file_begin(file, "points", MUSTER_LAYER_POINTS, 3, COLUMN),
                     MUSTER_OK);
    muster_layer_file_free(file);
    assert_false(is_there(path));
    muster_layer_file_free(NULL);
}

static void assert_refused(muster_status status, const char *message) {
    assert_int_equal(status, MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(), message);
}

static void a_name_that_cannot_be_is_named(void **state) {
    muster_layer_file *file = new_file(path_of("names.gpkg"));
    (void)state;
    static const char *const WRONG[] = {
        "",        "Points",   "1st", "a b",  "gpkg_x",
        "rtree_x", "sqlite_x", "fid", "geom", "x\"); DROP TABLE y; --"};
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; ++i) {
        const muster_layer_column column = {WRONG[i], MUSTER_LAYER_TEXT};
        char                      message[160];
        snprintf(message, sizeof message,
                 "the layer \"%s\" has a name that cannot be; expected 1 to 48 of a-z, 0-9 and _",
                 WRONG[i]);
        assert_refused(muster_layer_file_begin(file, WRONG[i], MUSTER_LAYER_POINTS, 0, NULL),
                       message);
        snprintf(message, sizeof message,
                 "the column \"%s\" has a name that cannot be; expected 1 to 48 of a-z, 0-9 and _",
                 WRONG[i]);
        assert_refused(muster_layer_file_begin(file, "points", MUSTER_LAYER_POINTS, 1, &column),
                       message);
    }
    const muster_layer_column twice[] = {{"a", MUSTER_LAYER_TEXT}, {"a", MUSTER_LAYER_REAL}};
    assert_refused(muster_layer_file_begin(file, "points", MUSTER_LAYER_POINTS, 2, twice),
                   "the column \"a\" comes twice; expected it once");
    assert_refused(muster_layer_file_begin(file, "points", MUSTER_LAYER_POINTS, 65, twice),
                   "a layer of 65 columns; expected 64 at most");
    assert_int_equal(muster_layer_file_begin(file, "points", MUSTER_LAYER_POINTS, 1, twice),
                     MUSTER_OK);
    assert_refused(muster_layer_file_begin(file, "points", MUSTER_LAYER_LINES, 1, twice),
                   "the layer \"points\" comes twice; expected it once");
    muster_layer_file_free(file);
}

static void a_row_that_cannot_be_is_named(void **state) {
    muster_layer_file        *file  = new_file(path_of("rows.gpkg"));
    const double              lon[] = {120, (double)NAN}, lat[] = {30, 31};
    const muster_multipolygon none = {0};
    (void)state;
    assert_refused(muster_layer_file_add_point(file, 0, 0, VALUE),
                   "a POINT for no layer; expected a layer of that shape");
    assert_int_equal(muster_layer_file_begin(file, "lines", MUSTER_LAYER_LINES, 3, COLUMN),
                     MUSTER_OK);
    assert_refused(muster_layer_file_add_point(file, 0, 0, VALUE),
                   "a POINT for lines; expected a layer of that shape");
    assert_refused(muster_layer_file_add_line(file, 1, lon, lat, VALUE),
                   "layer lines: a line of 1 points; expected 2 or more");
    assert_refused(muster_layer_file_add_line(file, 2, lon, lat, VALUE),
                   "layer lines: point 1 lies at nan,31; expected degrees");
    assert_int_equal(muster_layer_file_begin(file, "areas", MUSTER_LAYER_AREAS, 3, COLUMN),
                     MUSTER_OK);
    assert_refused(muster_layer_file_add_area(file, &none, VALUE),
                   "layer areas: an area of no polygon; expected one or more");
    assert_int_equal(muster_layer_file_publish(file),
                     MUSTER_OK); /* what was refused is not in it */
    muster_layer_file_free(file);
}

static void a_folder_that_is_not_there_is_said(void **state) {
    muster_layer_file *file;
    (void)state;
    assert_int_equal(muster_layer_file_new(&file, "/nowhere/at/all.gpkg"), MUSTER_E_IO);
    assert_null(file);
}

static void every_allocation_may_fail(void **state) {
    const char   *path   = path_of("memory.gpkg");
    muster_status status = MUSTER_E_NOMEM;
    (void)state;
    for (int n = 0; status != MUSTER_OK; ++n) {
        muster_layer_file *file = NULL;
        assert_true(n < 1000);
        mu_gis_alloc_fail_after(n);
        status = muster_layer_file_new(&file, path);
        if (status == MUSTER_OK) status = write_all(file);
        mu_gis_alloc_fail_after(-1);
        if (status != MUSTER_OK) assert_int_equal(status, MUSTER_E_NOMEM);
        muster_layer_file_free(file);
        assert_int_equal(is_there(path), status == MUSTER_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_appears_when_it_is_published),
        cmocka_unit_test(a_file_that_is_not_published_never_was),
        cmocka_unit_test(a_name_that_cannot_be_is_named),
        cmocka_unit_test(a_row_that_cannot_be_is_named),
        cmocka_unit_test(a_folder_that_is_not_there_is_said),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
