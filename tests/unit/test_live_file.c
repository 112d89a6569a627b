/* A GeoPackage that is written while others read it: nothing is lost, nothing is half, nothing is
 * left beside it. And writers that are killed (kill -9) at any moment. */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <muster/store.h>

#include "gis/database.h"
#include "tests/support/random.h"
#include "tests/support/rounds.h"
#include "tests/support/small_scenario.h"
#include "tests/support/test_folder.h"
#include "tests/support/town_network.h"

static mu_database *open_live(const char *path) {
    mu_database *database;
    if (mu_database_open_live(&database, path) != MUSTER_OK) fail_msg("%s", muster_error_message());
    return database;
}

static int64_t number_of(mu_database *database, const char *sql) {
    mu_statement *statement;
    int64_t       value = -1;
    bool          there;
    assert_int_equal(mu_statement_new(&statement, database, "any", sql), MUSTER_OK);
    if (mu_statement_next(statement, &there) != MUSTER_OK) fail_msg("%s", muster_error_message());
    assert_true(there);
    assert_int_equal(mu_column_int(mu_statement_row(statement), 0, INT64_MIN, INT64_MAX, &value),
                     MUSTER_OK);
    mu_statement_free(statement);
    return value;
}

static bool is_in_wal_mode(const char *path) {
    size_t         size;
    unsigned char *bytes = read_bytes(path, &size);
    const bool     is    = bytes[18] == 2 || bytes[19] == 2;
    free(bytes);
    return is;
}

static bool exists_beside(const char *path, const char *suffix) {
    char beside[200];
    snprintf(beside, sizeof beside, "%s%s", path, suffix);
    return access(beside, F_OK) == 0;
}

static uint32_t elapsed_us(const struct timespec *since) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint32_t)((now.tv_sec - since->tv_sec) * 1000000 +
                      (now.tv_nsec - since->tv_nsec) / 1000);
}

/* ---- live -------------------------------------------------------------------------------- */

static void what_is_committed_is_seen_by_others_and_the_rest_is_not(void **state) {
    (void)state;
    const char *path = path_of("live.gpkg");
    small_scenario_write(path, NULL);
    mu_database *writer = open_live(path), *other = open_live(path), *reader;
    assert_true(is_in_wal_mode(path) && exists_beside(path, "-wal"));
    small_execute(writer, "BEGIN IMMEDIATE; UPDATE team SET people = 99 WHERE code = 'T-1'");
    assert_int_equal(number_of(other, "SELECT people FROM team WHERE code = 'T-1'"), 12);
    assert_int_equal(mu_database_open(&reader, path), MUSTER_OK); /* a snapshot of before */
    small_execute(writer, "COMMIT");
    assert_int_equal(number_of(other, "SELECT people FROM team WHERE code = 'T-1'"), 99);
    assert_int_equal(number_of(reader, "SELECT people FROM team WHERE code = 'T-1'"), 12);
    mu_database_close(reader);
    muster_scenario *scenario; /* while it is live */
    assert_int_equal(muster_scenario_load(&scenario, path, NULL), MUSTER_OK);
    assert_int_equal(muster_scenario_problem(scenario)->team[0].people, 99);
    muster_scenario_free(scenario);
    mu_database_close(writer);
    mu_database_close(other);
}

static void commits_are_on_disk_and_writers_wait_for_each_other(void **state) {
    (void)state;
    enum { FULL = 2 };
    const char *path = path_of("two.gpkg");
    small_scenario_write(path, NULL);
    mu_database *first = open_live(path), *second = open_live(path);
    assert_int_equal(number_of(first, "PRAGMA synchronous"), FULL);
    small_execute(first, "BEGIN IMMEDIATE; UPDATE team SET people = 1 WHERE code = 'T-1'");
    struct timespec start;
    clock_gettime(CLOCK_MONOTONIC, &start);
    assert_int_equal(mu_database_execute(second, "team", "BEGIN IMMEDIATE"), MUSTER_E_IO);
    assert_message(
        path,
        ": table team: another program is writing to it; expected it to be done within 2 s: end what it "
        "does there, or try again");
    assert_true(elapsed_us(&start) >= 1900000);
    small_execute(first, "COMMIT");
    small_execute(second, "BEGIN IMMEDIATE; COMMIT");
    mu_database_close(first);
    mu_database_close(second);
}

static void the_last_to_close_leaves_one_plain_file(void **state) {
    (void)state;
    const char *path = path_of("plain.gpkg");
    small_scenario_write(path, NULL);
    const int    before = count_files();
    mu_database *first = open_live(path), *last = open_live(path);
    small_execute(first, "UPDATE team SET people = 50 WHERE code = 'T-1'");
    small_execute(first, "BEGIN IMMEDIATE; UPDATE team SET people = 51 WHERE code = 'T-1'");
    mu_database_close(first); /* what it has not committed is undone */
    assert_true(exists_beside(path, "-wal"));
    assert_int_equal(number_of(last, "SELECT people FROM team WHERE code = 'T-1'"), 50);
    mu_database_close(last);
    assert_false(is_in_wal_mode(path));
    assert_int_equal(count_files(), before);
}

static void an_export_of_a_live_file_is_out_of_wal_mode(void **state) {
    (void)state;
    const char  *path = path_of("source.gpkg"), *copy = path_of("export.gpkg");
    mu_database *live, *source, *target;
    small_scenario_write(path, NULL);
    live = open_live(path);
    small_execute(live, "UPDATE team SET people = 77 WHERE code = 'T-1'");
    assert_int_equal(mu_database_open(&source, path), MUSTER_OK);
    assert_int_equal(mu_database_copy(&target, source, copy), MUSTER_OK);
    assert_int_equal(mu_database_publish(target), MUSTER_OK);
    mu_database_close(target);
    mu_database_close(source);
    mu_database_close(live);
    assert_false(is_in_wal_mode(copy) || exists_beside(copy, "-wal") ||
                 exists_beside(copy, "-shm"));
    assert_int_equal(mu_database_open(&source, copy), MUSTER_OK);
    assert_int_equal(number_of(source, "SELECT people FROM team WHERE code = 'T-1'"), 77);
    mu_database_close(source);
}

static void a_live_file_is_trusted_no_more_than_any_other(void **state) {
    (void)state;
    const char  *path = path_of("trigger.gpkg");
    mu_database *live;
    small_scenario_write(path, "CREATE TRIGGER t AFTER UPDATE ON team BEGIN DELETE FROM node; END;"
                               "CREATE VIEW v AS SELECT 1 AS one");
    live = open_live(path);
    small_execute(live, "UPDATE team SET people = 3 WHERE code = 'T-1'");
    assert_int_equal(number_of(live, "SELECT count(*) FROM node"), 4);
    assert_int_not_equal(mu_database_execute(live, "v", "SELECT one FROM v"), MUSTER_OK);
    assert_int_not_equal(mu_database_execute(live, "x", "ATTACH 'other.db' AS x"), MUSTER_OK);
    assert_int_not_equal(mu_database_execute(live, "sqlite_schema",
                                             "PRAGMA writable_schema = ON; DELETE FROM "
                                             "sqlite_schema"),
                         MUSTER_OK);
    assert_int_equal(mu_database_execute(live, "team_capability",
                                         "INSERT INTO team_capability (team, kind) VALUES ('T-9', "
                                         "'rescue')"),
                     MUSTER_E_INVALID); /* no such team */
    mu_database_close(live);
}

static void what_cannot_be_used_live_is_said(void **state) {
    (void)state;
    mu_database *database = (mu_database *)&database;
    const char  *text     = path_of("text.gpkg");
    write_text(text, "no database");
    assert_int_equal(mu_database_open_live(&database, text), MUSTER_E_FORMAT);
    assert_null(database);
    assert_int_equal(mu_database_open_live(&database, path_of("none.gpkg")), MUSTER_E_IO);
    assert_null(database);
}

/* ---- killed ------------------------------------------------------------------------------ */

static void sleep_us(uint32_t us) {
    nanosleep(&(struct timespec){us / 1000000, us % 1000000 * 1000L}, NULL);
}

static void kill_and_wait(pid_t child) {
    int how;
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, &how, 0), child);
}

/* Let it come to its end, which is a good one; returns how long it took. */
static uint32_t wait_for(pid_t child, const struct timespec *start) {
    int how;
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFEXITED(how) && WEXITSTATUS(how) == 0);
    return elapsed_us(start);
}

/* Of four who save two are killed, between 0 and a little more than the time that it takes. */
static void a_save_that_is_killed_leaves_the_old_file_or_the_new_one(void **state) {
    (void)state;
    const char     *path       = path_of("saved.gpkg");
    muster_network *network[2] = {town_network_new(20, 1), town_network_new(24, 2)};
    struct timespec start;
    uint64_t        rng     = 3;
    uint32_t        seen[2] = {0}, rounds = (uint32_t)number_asked("MUSTER_KILL_ROUNDS", 60);
    assert_int_equal(muster_network_save(network[0], path, NULL, NULL), MUSTER_OK);
    clock_gettime(CLOCK_MONOTONIC, &start);
    assert_int_equal(muster_network_save(network[0], path, NULL, NULL), MUSTER_OK);
    uint32_t save_us = elapsed_us(&start);
    for (uint32_t round = 0; round < rounds; ++round) {
        const uint32_t which = round % 2;
        clock_gettime(CLOCK_MONOTONIC, &start);
        const pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            _exit(muster_network_save(network[which], path, NULL, NULL) == MUSTER_OK ? 0 : 1);
        }
        if (round % 4 >= 2) {
            save_us = wait_for(child, &start); /* the disk's pace changes */
        } else {
            sleep_us(random_below(&rng, save_us + save_us / 4));
            kill_and_wait(child);
        }
        muster_network *loaded;
        if (muster_network_load(&loaded, path) != MUSTER_OK) fail_msg("%s", muster_error_message());
        const muster_network_data *view  = muster_network_view(loaded);
        const uint32_t             is    = view->node_count == 20 * 20 ? 0 : 1;
        const muster_network_data *whole = muster_network_view(network[is]);
        assert_int_equal(view->node_count, whole->node_count);
        assert_int_equal(view->edge_count, whole->edge_count);
        assert_memory_equal(view->node_lon_deg, whole->node_lon_deg,
                            view->node_count * sizeof(double));
        ++seen[is];
        muster_network_free(loaded);
        assert_false(exists_beside(path, "-journal") || exists_beside(path, "-wal"));
    }
    assert_true(seen[0] > 0 && seen[1] > 0);
    /* What was begun lies beside it under other names, and is in nobody's way. */
    assert_int_equal(muster_network_save(network[1], path, NULL, NULL), MUSTER_OK);
    muster_network_free(network[0]);
    muster_network_free(network[1]);
}

/* Move a person from one team to the other, again and again, and tell of each commit. */
static void move_people(const char *path, int tell) {
    mu_database *live;
    if (mu_database_open_live(&live, path) != MUSTER_OK) _exit(1);
    for (;;) {
        if (mu_database_execute(live, "team",
                                "BEGIN IMMEDIATE;"
                                "UPDATE team SET people = people + 1 WHERE code = 'T-1';"
                                "UPDATE team SET people = people - 1 WHERE code = 'T-2';"
                                "COMMIT") != MUSTER_OK ||
            write(tell, "x", 1) != 1) {
            _exit(1);
        }
    }
}

static int64_t count_told(int told) {
    char    bytes[4096];
    int64_t count = 0;
    ssize_t got;
    while ((got = read(told, bytes, sizeof bytes)) > 0) count += got;
    return count;
}

static int64_t wait_for_one(int told) {
    char byte;
    assert_int_equal(read(told, &byte, 1), 1);
    return 1;
}

static void a_live_writer_that_is_killed_loses_nothing_that_it_told_of(void **state) {
    (void)state;
    const char *path = path_of("moved.gpkg");
    uint64_t    rng  = 5;
    int64_t     told = 0;
    small_scenario_write(path, "UPDATE team SET people = 1000000 WHERE code = 'T-2'");
    const uint32_t rounds = (uint32_t)number_asked("MUSTER_KILL_ROUNDS", 60);
    for (uint32_t round = 0; round < rounds; ++round) {
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        const pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) move_people(path, ends[1]);
        close(ends[1]);
        if (round % 2) told += wait_for_one(ends[0]); /* else it may be killed while it opens */
        sleep_us(random_below(&rng, 20000));
        kill_and_wait(child);
        told += count_told(ends[0]);
        close(ends[0]);
        mu_database  *live  = open_live(path); /* works in the log that was left */
        const int64_t moved = number_of(live, "SELECT people FROM team WHERE code = 'T-1'") - 12;
        assert_int_equal(number_of(live, "SELECT people FROM team WHERE code = 'T-2'"),
                         1000000 - moved);
        assert_true(moved == told ||
                    moved == told + 1); /* killed between the commit and the word */
        told = moved;
        mu_database_close(live);
        assert_false(is_in_wal_mode(path) || exists_beside(path, "-wal"));
    }
    assert_true(told >= rounds / 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_committed_is_seen_by_others_and_the_rest_is_not),
        cmocka_unit_test(commits_are_on_disk_and_writers_wait_for_each_other),
        cmocka_unit_test(the_last_to_close_leaves_one_plain_file),
        cmocka_unit_test(an_export_of_a_live_file_is_out_of_wal_mode),
        cmocka_unit_test(a_live_file_is_trusted_no_more_than_any_other),
        cmocka_unit_test(what_cannot_be_used_live_is_said),
        cmocka_unit_test(a_save_that_is_killed_leaves_the_old_file_or_the_new_one),
        cmocka_unit_test(a_live_writer_that_is_killed_loses_nothing_that_it_told_of),
    };
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
