/* The layer over SQLite: files that appear whole or not at all, and columns that are taken
 * by type and range. */
#include "gis/database.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "gis/memory.h"
#include "tests/support/test_folder.h"

/* A file of one table, made by `sql`. */
static const char *make_file(const char *name, const char *sql) {
    mu_database *database;
    const char  *path = path_of(name);
    assert_int_equal(mu_database_create(&database, path), MUSTER_OK);
    if (mu_database_execute(database, NULL, sql) != MUSTER_OK)
        fail_msg("%s", muster_error_message());
    assert_int_equal(mu_database_publish(database), MUSTER_OK);
    mu_database_close(database);
    return path;
}

static void check_not_opened(const char *path, muster_status status, const char *rest) {
    mu_database *database = (mu_database *)&database;
    assert_int_equal(mu_database_open(&database, path), status);
    assert_null(database);
    assert_message(path, rest);
}

/* ---- new files ----------------------------------------------------------------------- */

static void a_new_file_appears_when_it_is_published(void **state) {
    (void)state;
    mu_database *database;
    const char  *path   = path_of("new.gpkg");
    const int    before = count_files();
    assert_int_equal(mu_database_create(&database, path), MUSTER_OK);
    assert_int_equal(mu_database_execute(database, "t", "CREATE TABLE t (a)"), MUSTER_OK);
    assert_int_not_equal(access(path, F_OK), 0);
    assert_int_equal(mu_database_publish(database), MUSTER_OK);
    mu_database_close(database);
    assert_int_equal(access(path, F_OK), 0);
    assert_int_equal(count_files(), before + 1);
}

static void a_new_file_that_is_given_up_leaves_the_old_one_and_nothing_else(void **state) {
    (void)state;
    mu_database *database;
    bool         there;
    const char  *path   = make_file("old.gpkg", "CREATE TABLE old (a)");
    const int    before = count_files();
    assert_int_equal(mu_database_create(&database, path), MUSTER_OK);
    assert_int_equal(mu_database_execute(database, "t", "CREATE TABLE young (a)"), MUSTER_OK);
    mu_database_close(database);
    assert_int_equal(count_files(), before);
    assert_int_equal(mu_database_open(&database, path), MUSTER_OK);
    assert_int_equal(mu_database_has_table(database, "old", &there), MUSTER_OK);
    assert_true(there);
    mu_database_close(database);
}

/* Larger than SQLite's cache, so that the disk is full in the middle and not at the end. */
static void a_copy_that_the_disk_does_not_hold_leaves_nothing(void **state) {
    (void)state;
    mu_database  *source, *copy = (mu_database *)&copy;
    struct rlimit size, small;
    const char   *target = path_of("copy.gpkg");
    const char   *path   = make_file("large.gpkg", "CREATE TABLE t (a);"
                                                       "INSERT INTO t VALUES (zeroblob(6000000))");
    const int     before = count_files();
    assert_int_equal(mu_database_open(&source, path), MUSTER_OK);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &size), 0);
    small = (struct rlimit){.rlim_cur = 1000000, .rlim_max = size.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    const muster_status status = mu_database_copy(&copy, source, target);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &size), 0);
    mu_database_close(source);
    assert_int_equal(status, MUSTER_E_IO);
    assert_null(copy);
    assert_int_equal(count_files(), before);
}

static void a_file_cannot_be_made_in_a_folder_that_is_not_there(void **state) {
    (void)state;
    mu_database *database = (mu_database *)&database;
    const char  *path     = path_of("nowhere/new.gpkg");
    assert_int_equal(mu_database_create(&database, path), MUSTER_E_IO);
    assert_null(database);
    assert_non_null(strstr(muster_error_message(), "nowhere/new.gpkg\" cannot be "));
    assert_non_null(strstr(muster_error_message(), "No such file or directory"));
}

static void a_row_that_cannot_be_written_is_named(void **state) {
    (void)state;
    mu_database  *database;
    mu_statement *insert;
    const char   *path = path_of("row.gpkg");
    assert_int_equal(mu_database_create(&database, path), MUSTER_OK);
    assert_int_equal(
        mu_database_execute(database, "t", "CREATE TABLE t (a INTEGER PRIMARY KEY, b NOT NULL)"),
        MUSTER_OK);
    assert_int_equal(mu_statement_new(&insert, database, "t", "INSERT INTO t VALUES (?1, ?2)"),
                     MUSTER_OK);
    mu_bind_int(insert, 1, 17);
    mu_bind_null(insert, 2);
    assert_int_equal(mu_statement_run(insert), MUSTER_E_INVALID);
    assert_message(path, ": table t, row 17: NOT NULL constraint failed: t.b");
    mu_bind_real(insert, 2, 0.5); /* the statement still works */
    assert_int_equal(mu_statement_run(insert), MUSTER_OK);
    mu_bind_text(insert, 9, "no such parameter");
    assert_int_equal(mu_statement_run(insert), MUSTER_E_FORMAT);
    mu_statement_free(insert);
    mu_database_close(database);
}

/* ---- files from strangers ------------------------------------------------------------- */

static void what_is_no_database_is_told_from_what_is_not_there(void **state) {
    (void)state;
    const char *text = path_of("text.gpkg"), *empty = path_of("empty.gpkg");
    write_text(text, "<osm version='0.6'/>");
    write_text(empty, "");
    check_not_opened(text, MUSTER_E_FORMAT, " is no GeoPackage: it is not an SQLite file");
    check_not_opened(empty, MUSTER_E_FORMAT, " is no GeoPackage: it is not an SQLite file");
    check_not_opened(path_of("none.gpkg"), MUSTER_E_IO,
                     " cannot be opened: No such file or directory");
    check_not_opened(test_folder, MUSTER_E_IO,
                     " cannot be opened: it is a folder; expected a file (of a folder of tables "
                     "muster db dump makes a GeoPackage)");
}

static void a_header_with_nothing_behind_it_is_refused(void **state) {
    (void)state;
    size_t         size;
    const char    *path  = make_file("whole.gpkg", "CREATE TABLE t (a); INSERT INTO t VALUES (1)");
    const char    *cut   = path_of("cut.gpkg");
    unsigned char *bytes = read_bytes(path, &size);
    mu_database   *database;
    write_bytes(cut, bytes, 100);
    assert_int_equal(mu_database_open(&database, cut), MUSTER_E_FORMAT);
    memset(bytes + 100, 0xA5, size - 100);
    write_bytes(cut, bytes, size);
    assert_int_equal(mu_database_open(&database, cut), MUSTER_E_FORMAT);
    assert_null(database);
    free(bytes);
}

static void a_file_that_is_cut_short_is_said_to_be_damaged(void **state) {
    (void)state;
    mu_database *database = NULL;
    bool         there;
    const char  *path = make_file("short.gpkg", "CREATE TABLE t (a);"
                                                 "INSERT INTO t VALUES (zeroblob(100000))");
    assert_int_equal(truncate(path, 20000), 0);
    muster_status status = mu_database_open(&database, path);
    if (status == MUSTER_OK) status = mu_database_has_table(database, "t", &there);
    assert_int_equal(status, MUSTER_E_FORMAT);
    assert_non_null(strstr(muster_error_message(), "the file is damaged, or cut short"));
    mu_database_close(database);
}

static void reading_makes_no_file_and_changes_none(void **state) {
    (void)state;
    mu_database   *database;
    size_t         size, size_after;
    const char    *path   = make_file("quiet.gpkg", "CREATE TABLE t (a); INSERT INTO t VALUES (1)");
    unsigned char *bytes  = read_bytes(path, &size);
    const int      before = count_files();
    assert_int_equal(mu_database_open(&database, path), MUSTER_OK);
    assert_int_not_equal(mu_database_execute(database, "t", "DELETE FROM t"), MUSTER_OK);
    assert_int_equal(count_files(), before);
    mu_database_close(database);
    unsigned char *after = read_bytes(path, &size_after);
    assert_int_equal(size_after, size);
    assert_memory_equal(after, bytes, size);
    free(bytes);
    free(after);
}

/* Bytes 18 and 19 of the header say that the file was last written with a log beside it. */
static void a_file_in_wal_mode_is_read_without_a_file_beside_it(void **state) {
    (void)state;
    mu_database   *database;
    size_t         size;
    const char    *path  = make_file("wal.gpkg", "CREATE TABLE t (a)");
    unsigned char *bytes = read_bytes(path, &size);
    bool           there;
    bytes[18] = bytes[19] = 2;
    write_bytes(path, bytes, size);
    const int before = count_files();
    assert_int_equal(mu_database_open(&database, path), MUSTER_OK);
    assert_int_equal(mu_database_has_table(database, "t", &there), MUSTER_OK);
    assert_true(there);
    assert_int_equal(count_files(), before);
    mu_database_close(database);
    free(bytes);
}

static void a_name_with_signs_of_a_uri_is_only_a_name(void **state) {
    (void)state;
    mu_database *database;
    const char  *path = make_file("a?mode=memory#b%20c.gpkg", "CREATE TABLE t (a)");
    assert_int_equal(access(path, F_OK), 0);
    assert_int_equal(mu_database_open(&database, path), MUSTER_OK);
    mu_database_close(database);
}

static void only_ordinary_tables_count_as_tables(void **state) {
    (void)state;
    mu_database *database;
    static const struct {
        const char *name;
        bool        there;
    } CASE[] = {{"plain", true}, {"PLAIN", true}, {"view", false}, {"tree", false}, {"x", false}};
    const char *path =
        make_file("tables.gpkg", "CREATE TABLE plain (a); CREATE VIEW view AS SELECT 1;"
                                 "CREATE VIRTUAL TABLE tree USING rtree (id, a, b)");
    assert_int_equal(mu_database_open(&database, path), MUSTER_OK);
    for (size_t i = 0; i < sizeof CASE / sizeof *CASE; ++i) {
        bool there = !CASE[i].there;
        assert_int_equal(mu_database_has_table(database, CASE[i].name, &there), MUSTER_OK);
        assert_int_equal(there, CASE[i].there);
    }
    mu_database_close(database);
}

static void work_out_of_all_proportion_to_the_file_is_stopped(void **state) {
    (void)state;
    mu_database  *database;
    mu_statement *row;
    bool          there;
    const char   *path = make_file("budget.gpkg", "CREATE TABLE t (a)");
    assert_int_equal(mu_database_open(&database, path), MUSTER_OK);
    assert_int_equal(mu_statement_new(&row, database, "t",
                                      "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 "
                                      "FROM n) SELECT count(*) FROM n"),
                     MUSTER_OK);
    assert_int_equal(mu_statement_next(row, &there), MUSTER_E_FORMAT);
    assert_false(there);
    assert_message(path, ": table t: the file is damaged: more to read than its size explains");
    mu_statement_free(row);
    mu_database_close(database);
}

/* ---- columns ------------------------------------------------------------------------- */

static mu_database  *columns_database;
static mu_statement *columns_row;

/* The row (17, `value`), columns key and v. */
static void open_row(const char *value) {
    char sql[256];
    bool there;
    snprintf(sql, sizeof sql, "CREATE TABLE t (key, v); INSERT INTO t VALUES (17, %s)", value);
    assert_int_equal(mu_database_open(&columns_database, make_file("columns.gpkg", sql)),
                     MUSTER_OK);
    assert_int_equal(mu_statement_new(&columns_row, columns_database, "t", "SELECT key, v FROM t"),
                     MUSTER_OK);
    assert_int_equal(mu_statement_next(columns_row, &there), MUSTER_OK);
    assert_true(there);
}

static void close_row(void) {
    mu_statement_free(columns_row);
    mu_database_close(columns_database);
}

typedef struct column_case {
    const char *value, *message; /* NULL: it is taken */
} column_case;

static void check_taken(const column_case *cases, size_t count, muster_status (*take)(void)) {
    for (size_t i = 0; i < count; ++i) {
        char message[200];
        open_row(cases[i].value);
        assert_int_equal(take(), cases[i].message ? MUSTER_E_INVALID : MUSTER_OK);
        if (cases[i].message) {
            snprintf(message, sizeof message, ": table t, row key 17, column v: %s",
                     cases[i].message);
            assert_message(path_of("columns.gpkg"), message);
        }
        close_row();
    }
}

static muster_status take_digit(void) {
    int64_t value;
    return mu_column_int(mu_statement_row(columns_row), 1, 0, 9, &value);
}

static void whole_numbers_are_taken_by_type_and_range(void **state) {
    (void)state;
    static const column_case CASE[] = {
        {"0", NULL},
        {"9", NULL},
        {"-1", "-1; expected a whole number from 0 to 9"},
        {"10", "10; expected a whole number from 0 to 9"},
        {"1.0", "1; expected a whole number from 0 to 9"},
        {"'1'", "'1'; expected a whole number from 0 to 9"},
        {"NULL", "NULL; expected a whole number from 0 to 9"},
        {"x'01'", "a blob of 1 bytes; expected a whole number from 0 to 9"},
    };
    check_taken(CASE, sizeof CASE / sizeof *CASE, take_digit);
}

static muster_status take_fraction(void) {
    double value;
    return mu_column_real(mu_statement_row(columns_row), 1, 0, 1, &value);
}

static void numbers_are_taken_by_type_and_range(void **state) {
    (void)state;
    static const column_case CASE[] = {
        {"0.5", NULL},
        {"1", NULL},
        {"-0.001", "-0.001; expected a number from 0 to 1"},
        {"9e999", "inf; expected a number from 0 to 1"},
        {"9e999 - 9e999", "NULL; expected a number from 0 to 1"}, /* NaN */
        {"'0.5'", "'0.5'; expected a number from 0 to 1"},
    };
    check_taken(CASE, sizeof CASE / sizeof *CASE, take_fraction);
}

static muster_status take_text(void) {
    const char         *text   = "untouched";
    const muster_status status = mu_column_text(mu_statement_row(columns_row), 1, &text);
    assert_true((status == MUSTER_OK) == (text != NULL));
    return status;
}

static void texts_are_utf_8_without_nul(void **state) {
    (void)state;
    static const column_case CASE[] = {
        {"''", NULL},
        {"'\xE5\x98\x89'", NULL},
        {"5", "5; expected a text"},
        {"NULL", "NULL; expected a text"},
        {"CAST(x'6100' AS TEXT)", "a text with a NUL character inside"},
        {"CAST(x'FF61' AS TEXT)", "a text not in UTF-8"},
    };
    check_taken(CASE, sizeof CASE / sizeof *CASE, take_text);
}

static void a_value_too_long_for_a_message_is_cut(void **state) {
    (void)state;
    int64_t value;
    open_row("printf('%.*c', 500, 'x')");
    assert_int_equal(mu_column_int(mu_statement_row(columns_row), 1, 0, 9, &value),
                     MUSTER_E_INVALID);
    assert_non_null(strstr(muster_error_message(), "xxx...'; expected a whole number"));
    assert_true(strlen(muster_error_message()) < 300);
    close_row();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_file_appears_when_it_is_published),
        cmocka_unit_test(a_new_file_that_is_given_up_leaves_the_old_one_and_nothing_else),
        cmocka_unit_test(a_copy_that_the_disk_does_not_hold_leaves_nothing),
        cmocka_unit_test(a_file_cannot_be_made_in_a_folder_that_is_not_there),
        cmocka_unit_test(a_row_that_cannot_be_written_is_named),
        cmocka_unit_test(what_is_no_database_is_told_from_what_is_not_there),
        cmocka_unit_test(a_header_with_nothing_behind_it_is_refused),
        cmocka_unit_test(a_file_that_is_cut_short_is_said_to_be_damaged),
        cmocka_unit_test(reading_makes_no_file_and_changes_none),
        cmocka_unit_test(a_file_in_wal_mode_is_read_without_a_file_beside_it),
        cmocka_unit_test(a_name_with_signs_of_a_uri_is_only_a_name),
        cmocka_unit_test(only_ordinary_tables_count_as_tables),
        cmocka_unit_test(work_out_of_all_proportion_to_the_file_is_stopped),
        cmocka_unit_test(whole_numbers_are_taken_by_type_and_range),
        cmocka_unit_test(numbers_are_taken_by_type_and_range),
        cmocka_unit_test(texts_are_utf_8_without_nul),
        cmocka_unit_test(a_value_too_long_for_a_message_is_cut),
    };
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
