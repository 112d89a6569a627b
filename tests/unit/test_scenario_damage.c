/* Every value of a scenario's tables is damaged: each column of each table takes values of every type
 * and size, one at a time and several at once, with all constraints off. What is refused is refused in
 * one line that names the file; what is taken is a problem, and has a plan. */
#include <muster/solve.h>
#include <muster/store.h>
#include <sqlite3.h>

#include "tests/support/random.h"
#include "tests/support/rounds.h"
#include "tests/support/small_command.h"
#include "tests/support/test_folder.h"

static const char *const TABLES[] = {"place",     "kind",  "team",     "team_capability", "vehicle",
                                     "machine",   "stock", "scenario", "incident",        "need",
                                     "warehouse", "zone",  "rule",     "weight"};

enum { TABLE_COUNT = sizeof TABLES / sizeof *TABLES, MOST_COLUMNS = 200 };

/* As SQL writes them. Codes are those of rows that there are, of any table. */
static const char *const VALUES[] = {
    "NULL",
    "0",
    "1",
    "-1",
    "2",
    "0.5",
    "1e308",
    "9e999",
    "-9e999",
    "1000000001",
    "'text'",
    "''",
    "'W-1'",
    "'pump'",
    "'rescue'",
    "'T-1'",
    "'I-1'",
    "'V-1'",
    "'330402'",
    "'boat'",
    "'people'",
    "'lock'",
    "'item'",
    "'severe'",
    "'flood'",
    "x'00ff'",
    "2147483",
    "9223372036854775807",
    "-9223372036854775808",
    "'a' || char(10) || 'b'",
    "char(65535, 127, 0, 8238)",
    "CAST(x'ff' AS TEXT)",
    "replace(hex(zeroblob(5000)), '00', 'long ')",
    "'2026-07-01T00:00:00Z'",
    "'9999-12-31T23:59:59Z'",
    "x'47500001E61000000101000000CDCCCCCCCC2C5E400000000000803E40'"};

enum { VALUE_COUNT = sizeof VALUES / sizeof *VALUES };

typedef struct column {
    int  table;
    char name[32];
} column;

static column         columns[MOST_COLUMNS];
static uint32_t       column_count;
static unsigned char *sound; /* the bytes of a file with nothing wrong in it */
static size_t         sound_bytes;

/* ---- the file ------------------------------------------------------------------------------ */

static void execute(sqlite3 *database, const char *sql) {
    char *message = NULL;
    if (sqlite3_exec(database, sql, NULL, NULL, &message) != SQLITE_OK) {
        fail_msg("%s: %s", sql, message);
    }
}

static void list_columns(sqlite3 *database, int table) {
    char          sql[80];
    sqlite3_stmt *rows;
    snprintf(sql, sizeof sql, "PRAGMA table_info(%s)", TABLES[table]);
    assert_int_equal(sqlite3_prepare_v2(database, sql, -1, &rows, NULL), SQLITE_OK);
    while (sqlite3_step(rows) == SQLITE_ROW) {
        column *c = &columns[column_count++];
        assert_true(column_count < MOST_COLUMNS);
        c->table = table;
        snprintf(c->name, sizeof c->name, "%s", (const char *)sqlite3_column_text(rows, 1));
    }
    sqlite3_finalize(rows);
}

/* One that says everything, but for rules that cannot be obeyed by vehicle, and no table of which has constraints or types. */
static int make_sound_file(void **state) {
    char     sql[400];
    sqlite3 *database;
    if (make_test_folder(state) != 0) return -1;
    const char *path = path_of("sound.gpkg");
    small_scenario_write(path, SMALL_COMMAND);
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    execute(database, "PRAGMA foreign_keys = OFF");
    for (int t = 0; t < TABLE_COUNT; ++t) {
        list_columns(database, t);
        snprintf(sql, sizeof sql,
                 "CREATE TABLE loose AS SELECT * FROM %s; DROP TABLE %s; "
                 "ALTER TABLE loose RENAME TO %s",
                 TABLES[t], TABLES[t], TABLES[t]);
        execute(database, sql);
    }
    execute(database, "UPDATE kind SET mass_kg = 2, volume_m3 = 0.01 WHERE resource = 'item'; "
                      "DELETE FROM rule WHERE type IN ('lock', 'hold', 'en_route')");
    execute(database, "VACUUM");
    sqlite3_close(database);
    sound = read_bytes(path, &sound_bytes);
    return 0;
}

static int forget_sound_file(void **state) {
    free(sound);
    return remove_test_folder(state);
}

/* ---- the damage ---------------------------------------------------------------------------- */

static void damage(sqlite3 *database, const column *c, const char *value, uint32_t row) {
    char sql[400];
    snprintf(sql, sizeof sql,
             "UPDATE %s SET %s = %s WHERE rowid = (SELECT rowid FROM %s LIMIT 1 OFFSET "
             "%u %% max(1, (SELECT count(*) FROM %s)))",
             TABLES[c->table], c->name, value, TABLES[c->table], row, TABLES[c->table]);
    execute(database, sql);
}

static sqlite3 *begin(const char *path) {
    sqlite3 *database;
    write_bytes(path, sound, sound_bytes);
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    execute(database, "PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF");
    return database;
}

static uint64_t loaded, refused, planned;

static void check_message(const char *path, const char *what) {
    const char *message = muster_error_message();
    if (strchr(message, '\n') || !strstr(message, path)) fail_msg("%s: \"%s\"", what, message);
}

/* Rules may contradict each other; then there is no plan. */
static void check_plan(const muster_problem *problem, const char *what) {
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    muster_plan         *plan    = NULL;
    options.time_limit_ms        = 0;
    options.work_limit           = 20000;
    options.thread_count         = 1;
    const muster_status status   = muster_solve(&plan, problem, &options);
    if (status != MUSTER_OK) {
        if (status != MUSTER_E_INVALID || !strstr(muster_error_message(), "cannot be obeyed")) {
            fail_msg("%s: %s", what, muster_error_message());
        }
        return;
    }
    assert_int_equal(muster_plan_check(plan, problem), MUSTER_OK);
    muster_plan_free(plan);
    ++planned;
}

static void check_file(const char *path, const char *what) {
    muster_scenario    *scenario = (muster_scenario *)&scenario;
    const muster_status status   = muster_scenario_load(&scenario, path, NULL);
    if (status == MUSTER_OK) {
        ++loaded;
        check_plan(muster_scenario_problem(scenario), what);
        muster_scenario_free(scenario);
        return;
    }
    ++refused;
    assert_null(scenario);
    if (status != MUSTER_E_INVALID && status != MUSTER_E_FORMAT) {
        fail_msg("%s: status %d: %s", what, (int)status, muster_error_message());
    }
    check_message(path, what);
}

static void tell(void) {
    print_message("%llu files refused, %llu loaded, %llu of them planned\n",
                  (unsigned long long)refused, (unsigned long long)loaded,
                  (unsigned long long)planned);
    assert_true(refused > 0 && planned > 0);
    refused = loaded = planned = 0;
}

/* ---- tests --------------------------------------------------------------------------------- */

static void the_file_is_sound_without_damage(void **state) {
    (void)state;
    const char *path = path_of("damaged.gpkg");
    sqlite3_close(begin(path));
    check_file(path, "sound");
    assert_int_equal(planned, 1);
    loaded = planned = 0;
}

/* Every third of them; MUSTER_DAMAGE_STEP=1: all. */
static void any_value_in_any_column_is_refused_or_harmless(void **state) {
    (void)state;
    const char    *path = path_of("damaged.gpkg");
    const uint32_t step = (uint32_t)number_asked("MUSTER_DAMAGE_STEP", 3 * SANITIZERS_SHARE);
    for (uint32_t i = 0; i < column_count; ++i) {
        for (uint32_t v = i % step; v < VALUE_COUNT; v += step) {
            char     what[200];
            sqlite3 *database = begin(path);
            snprintf(what, sizeof what, "%s.%s = %s", TABLES[columns[i].table], columns[i].name,
                     VALUES[v]);
            damage(database, &columns[i], VALUES[v], i + v);
            sqlite3_close(database);
            check_file(path, what);
        }
    }
    tell();
}

/* Every other time, goods come by vehicle. */
static void several_at_once_are_refused_or_harmless(void **state) {
    (void)state;
    const char *path  = path_of("damaged.gpkg");
    const seeds asked = seeds_asked(200);
    for (uint64_t seed = asked.first; seed < asked.end; ++seed) {
        char     what[40];
        uint64_t rng      = seed * 53;
        sqlite3 *database = begin(path);
        snprintf(what, sizeof what, "seed %llu", (unsigned long long)seed);
        if (seed % 2) execute(database, "UPDATE vehicle SET payload_kg = 1500, volume_m3 = 9");
        for (uint32_t hits = 1 + random_below(&rng, 4); hits > 0; --hits) {
            const uint32_t c = random_below(&rng, column_count),
                           v = random_below(&rng, VALUE_COUNT);
            damage(database, &columns[c], VALUES[v], random_below(&rng, 8));
        }
        sqlite3_close(database);
        check_file(path, what);
    }
    tell();
}

/* Rows that are twice there, or not at all. */
static void rows_may_be_missing_or_repeated(void **state) {
    (void)state;
    const char *path = path_of("damaged.gpkg");
    for (int t = 0; t < TABLE_COUNT; ++t) {
        static const char *const EDIT[] = {"DELETE FROM %s", "DELETE FROM %s WHERE rowid % 2 = 0",
                                           "INSERT INTO %s SELECT * FROM %s",
                                           "DELETE FROM %s WHERE rowid % 2 = 1"};
        for (size_t e = 0; e < sizeof EDIT / sizeof *EDIT; ++e) {
            char     sql[200] = "";
            sqlite3 *database = begin(path);
            for (const char *at = EDIT[e]; *at; ++at) { /* no format: % is also SQL's */
                const size_t used = strlen(sql);
                const bool   name = at[0] == '%' && at[1] == 's';
                snprintf(sql + used, sizeof sql - used, "%.*s", name ? 31 : 1,
                         name ? TABLES[t] : at);
                at += name;
            }
            execute(database, sql);
            sqlite3_close(database);
            check_file(path, sql);
        }
    }
    tell();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_file_is_sound_without_damage),
        cmocka_unit_test(any_value_in_any_column_is_refused_or_harmless),
        cmocka_unit_test(several_at_once_are_refused_or_harmless),
        cmocka_unit_test(rows_may_be_missing_or_repeated),
    };
    return cmocka_run_group_tests(tests, make_sound_file, forget_sound_file);
}
