/* See database.h. What was chosen, and why:
 *
 *   - SQLite's advice for files from strangers ("Defense Against The Dark Arts") is
 *     followed in full: defensive mode, an untrusted schema, no views, no triggers, no
 *     memory map, cells checked, low limits.
 *   - A damaged b-tree can show the same page as its own child many times over, and so
 *     have more rows than there are atoms. Each statement therefore gets a budget of steps
 *     in proportion to the size of the file, far above what an honest file needs.
 *   - A file in WAL mode would make a reader create files beside it. Where no log is left
 *     to be merged, it is opened as immutable instead.
 *   - A new file is written without journal or sync, because until it is renamed nobody
 *     sees it; it is synced once, before the rename.
 *
 *   - A live file is trusted no more than any other, but for its size, which changes: its
 *     statements have no budget.
 *
 * Invariant: `temporary` is not NULL exactly while a file of that name is ours to remove. */
#include "gis/database.h"

#include <muster/snapshot.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "gis/file.h"
#include "gis/memory.h"
#include "gis/utf8.h"
#include "gis/value.h"

enum {
    HEADER_BYTES   = 100,              /* of an SQLite file */
    NAME_BYTES     = 200,              /* of the path in a message */
    STEPS_AT_ONCE  = 1000,             /* between two looks at the budget */
    STEPS_FOR_FREE = 1000000,          /* of a statement, whatever the size of the file */
    STEPS_PER_BYTE = 64,               /* the greediest of ours takes under 2 */
    BUSY_MS        = 2000,             /* wait so long for somebody else's write */
    LENGTH_LIMIT   = 64 * 1024 * 1024, /* of a value or a row: 4 million shape points */
};

struct mu_database {
    sqlite3 *handle;
    char    *path;
    char     name[NAME_BYTES];
    char    *temporary;
    bool     is_live;
    int64_t  step_budget, steps_left; /* 0: no limit */
};

struct mu_statement {
    mu_row        row; /* the first member: a row leads to its statement */
    mu_database  *database;
    sqlite3_stmt *handle;
    int           bind_result; /* the first failure of a bind since the last run */
    int64_t       key;         /* the first parameter, for messages; 0 where it is no number */
};

/* ---- failures ------------------------------------------------------------------------ */

static muster_status status_of(int result) {
    switch (result & 0xFF) {
    case SQLITE_NOMEM:
        return MUSTER_E_NOMEM;
    case SQLITE_CONSTRAINT:
        return MUSTER_E_INVALID;
    case SQLITE_IOERR:
    case SQLITE_FULL:
    case SQLITE_CANTOPEN:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_READONLY:
        return MUSTER_E_IO;
    default:
        return MUSTER_E_FORMAT;
    }
}

/* SQLite says more where a schema is wrong, and no more than that it is where a page is. */
static const char *reason_of_damage(const mu_database *database) {
    const char *said = database->handle ? sqlite3_errmsg(database->handle) : NULL;
    return said && strcmp(said, sqlite3_errstr(SQLITE_CORRUPT)) != 0
               ? said
               : "the file is damaged, or cut short; expected a whole one, from a copy";
}

static const char *reason_of(const mu_database *database, int result) {
    switch (result & 0xFF) {
    case SQLITE_BUSY:
        return "another program is writing to it; expected it to be done within 2 s: end what it "
               "does there, or try again";
    case SQLITE_CORRUPT:
        return reason_of_damage(database);
    case SQLITE_INTERRUPT:
        return "the file is damaged: more to read than its size explains";
    case SQLITE_READONLY:
        return database->temporary ? sqlite3_errmsg(database->handle)
                                   : "a write was left unfinished; open the file once in the "
                                     "program that wrote it";
    default:
        return database->handle ? sqlite3_errmsg(database->handle) : sqlite3_errstr(result);
    }
}

static muster_status fail_with(const mu_database *database, const char *table, int result) {
    return muster_fail(status_of(result), "\"%s\"%s%s: %s", database->name, table ? ": table " : "",
                       table ? table : "", reason_of(database, result));
}

static muster_status check(const mu_database *database, const char *table, int result) {
    return result == SQLITE_OK ? MUSTER_OK : fail_with(database, table, result);
}

/* ---- opening ------------------------------------------------------------------------- */

static muster_status copy_text(char **out, const char *text) {
    const size_t bytes = strlen(text) + 1;
    MU_TRY(mu_gis_alloc(out, bytes, 1));
    memcpy(*out, text, bytes);
    return MUSTER_OK;
}

static muster_status new_database(mu_database **out, const char *path) {
    mu_database *database;
    MU_TRY(mu_gis_alloc_zeroed(&database, 1, sizeof *database));
    const muster_status status = copy_text(&database->path, path);
    if (status != MUSTER_OK) {
        mu_gis_free(database);
        return status;
    }
    mu_keep_end(database->name, sizeof database->name, path);
    *out = database;
    return MUSTER_OK;
}

/* SQLite takes options only from a URI. "./" and "//" keep the path from being read as one
 * of its special names or as a host. */
static muster_status make_uri(char **out, const char *path, const char *options) {
    const size_t room = 3 * strlen(path) + strlen(options) + 16;
    MU_TRY(mu_gis_alloc(out, room, 1));
    char *end = *out + snprintf(*out, room, "file:%s", path[0] == '/' ? "//" : "./");
    for (const char *c = path; *c; ++c) {
        if (*c == '?' || *c == '#' || *c == '%') {
            end += snprintf(end, 4, "%%%02X", (unsigned)*c);
        } else {
            *end++ = *c;
        }
    }
    memcpy(end, options, strlen(options) + 1);
    return MUSTER_OK;
}

static muster_status open_handle(mu_database *database, const char *path, const char *options,
                                 int mode) {
    char *uri;
    MU_TRY(make_uri(&uri, path, options));
    const int result =
        sqlite3_open_v2(uri, &database->handle, mode | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL);
    mu_gis_free(uri);
    return check(database, NULL, result);
}

static int count_steps(void *user) {
    mu_database *database = user;
    database->steps_left -= STEPS_AT_ONCE;
    return database->steps_left < 0;
}

static void set_limits(sqlite3 *handle) {
    static const int LIMIT[][2] = {
        {SQLITE_LIMIT_LENGTH, LENGTH_LIMIT},
        {SQLITE_LIMIT_SQL_LENGTH, 1000000}, /* that of the file's own schema as well */
        {SQLITE_LIMIT_COLUMN, 200},
        {SQLITE_LIMIT_EXPR_DEPTH, 100},
        {SQLITE_LIMIT_COMPOUND_SELECT, 10},
        {SQLITE_LIMIT_VDBE_OP, 25000},
        {SQLITE_LIMIT_FUNCTION_ARG, 10},
        {SQLITE_LIMIT_ATTACHED, 0},
        {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 50},
        {SQLITE_LIMIT_VARIABLE_NUMBER, 10},
        {SQLITE_LIMIT_TRIGGER_DEPTH, 10},
    };
    for (size_t i = 0; i < sizeof LIMIT / sizeof *LIMIT; ++i) {
        sqlite3_limit(handle, LIMIT[i][0], LIMIT[i][1]);
    }
}

static void distrust(mu_database *database) {
    static const int SWITCH[][2] = {
        {SQLITE_DBCONFIG_DEFENSIVE, 1},
        {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
        {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
        {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
        {SQLITE_DBCONFIG_DQS_DML, 0},
        {SQLITE_DBCONFIG_DQS_DDL, 0},
        {SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0},
        {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
    };
    for (size_t i = 0; i < sizeof SWITCH / sizeof *SWITCH; ++i) {
        sqlite3_db_config(database->handle, SWITCH[i][0], SWITCH[i][1], NULL);
    }
    set_limits(database->handle);
    sqlite3_busy_timeout(database->handle, BUSY_MS);
    sqlite3_progress_handler(database->handle, STEPS_AT_ONCE, count_steps, database);
}

/* Look at the file before SQLite does. */
static muster_status peek(mu_database *database, bool *out_is_settled_wal) {
    unsigned char header[HEADER_BYTES] = {0};
    size_t        bytes;
    int64_t       file_bytes;
    MU_TRY(
        mu_file_peek(database->path, database->name, header, sizeof header, &bytes, &file_bytes));
    if (bytes < HEADER_BYTES || memcmp(header, "SQLite format 3", 16) != 0) {
        return muster_fail(MUSTER_E_FORMAT, "\"%s\" is no GeoPackage: it is %s", database->name,
                           muster_network_snapshot_is(database->path)
                               ? "a snapshot; expected the file that it was made of"
                               : "not an SQLite file");
    }
    const bool is_wal     = header[18] == 2 || header[19] == 2;
    *out_is_settled_wal   = is_wal && mu_file_has_no(database->path, "-wal");
    database->step_budget = STEPS_FOR_FREE + STEPS_PER_BYTE * file_bytes;
    database->steps_left  = database->step_budget;
    return MUSTER_OK;
}

static muster_status open_for_reading(mu_database *database) {
    bool is_settled_wal = false;
    MU_TRY(peek(database, &is_settled_wal));
    MU_TRY(open_handle(database, database->path,
                       is_settled_wal ? "?mode=ro&immutable=1" : "?mode=ro", SQLITE_OPEN_READONLY));
    distrust(database);
    MU_TRY(mu_database_execute(database, NULL,
                               "PRAGMA mmap_size = 0; PRAGMA cell_size_check = ON;"
                               "PRAGMA temp_store = MEMORY; PRAGMA query_only = ON; BEGIN"));
    /* The first look takes the snapshot and reads the schema. */
    bool there;
    return mu_database_has_table(database, "muster_meta", &there);
}

muster_status mu_database_open(mu_database **out, const char *path) {
    *out = NULL;
    mu_database *database;
    MU_TRY(new_database(&database, path));
    const muster_status status = open_for_reading(database);
    if (status != MUSTER_OK) {
        mu_database_close(database);
        return status;
    }
    *out = database;
    return MUSTER_OK;
}

/* ---- a live file --------------------------------------------------------------------- */

enum { MODE_BYTES = 16 };

static int keep_mode(void *out_mode, int column_count, char **value, char **name) {
    (void)name;
    if (column_count == 1 && value[0]) snprintf(out_mode, MODE_BYTES, "%s", value[0]);
    return 0;
}

/* SQLite says which mode the file is in afterwards: not every file system can share memory. */
static muster_status enter_wal(mu_database *database) {
    char mode[MODE_BYTES] = "unknown";
    MU_TRY(
        check(database, NULL,
              sqlite3_exec(database->handle, "PRAGMA journal_mode = WAL", keep_mode, mode, NULL)));
    if (strcmp(mode, "wal") == 0) return MUSTER_OK;
    return muster_fail(MUSTER_E_IO,
                       "\"%s\" cannot be used live: its journal mode stays %s; expected a file "
                       "system on which SQLite can share memory",
                       database->name, mode);
}

static muster_status open_for_live_use(mu_database *database) {
    bool is_settled_wal, there;
    MU_TRY(peek(database, &is_settled_wal));
    MU_TRY(open_handle(database, database->path, "?mode=rw", SQLITE_OPEN_READWRITE));
    distrust(database);
    sqlite3_progress_handler(database->handle, 0, NULL, NULL);
    MU_TRY(mu_database_execute(database, NULL,
                               "PRAGMA mmap_size = 0; PRAGMA cell_size_check = ON;"
                               "PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = ON"));
    if (sqlite3_db_readonly(database->handle, "main") != 0) {
        return muster_fail(MUSTER_E_IO, "\"%s\" cannot be used live: it may not be written",
                           database->name);
    }
    MU_TRY(enter_wal(database));
    database->is_live = true;
    MU_TRY(mu_database_execute(database, NULL, "PRAGMA synchronous = FULL"));
    return mu_database_has_table(database, "muster_meta", &there);
}

muster_status mu_database_open_live(mu_database **out, const char *path) {
    *out = NULL;
    mu_database *database;
    MU_TRY(new_database(&database, path));
    const muster_status status = open_for_live_use(database);
    if (status != MUSTER_OK) {
        mu_database_close(database);
        return status;
    }
    *out = database;
    return MUSTER_OK;
}

/* Only the last to use the file can do that; to the others SQLite says that it is locked, and they
 * leave it to whoever is. */
static void leave_wal(mu_database *database) {
    sqlite3_busy_timeout(database->handle, 0);
    (void)sqlite3_exec(database->handle, "ROLLBACK", NULL, NULL, NULL);
    (void)sqlite3_exec(database->handle, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
}

/* ---- a new file ---------------------------------------------------------------------- */

static muster_status open_for_writing(mu_database *database) {
    MU_TRY(mu_file_make_temporary(&database->temporary, database->path, database->name));
    MU_TRY(open_handle(database, database->temporary, "", SQLITE_OPEN_READWRITE));
    return mu_database_execute(database, NULL,
                               "PRAGMA page_size = 4096; PRAGMA journal_mode = OFF;"
                               "PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;"
                               "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536; BEGIN");
}

muster_status mu_database_create(mu_database **out, const char *path) {
    *out = NULL;
    mu_database *database;
    MU_TRY(new_database(&database, path));
    const muster_status status = open_for_writing(database);
    if (status != MUSTER_OK) {
        mu_database_close(database);
        return status;
    }
    *out = database;
    return MUSTER_OK;
}

/* SQLite's own backup reads through its locks and its log, which a copy of the file's bytes
 * would not. It keeps no journal: on a full disk one would stay behind, and what it undoes is
 * given up all the same. A source in WAL mode makes the copy such a file too: the next PRAGMA of a
 * journal ends that, for a log beside the copy would stay behind at the rename. */
static muster_status fill_from(mu_database *database, mu_database *source) {
    MU_TRY(mu_file_make_temporary(&database->temporary, database->path, database->name));
    MU_TRY(open_handle(database, database->temporary, "", SQLITE_OPEN_READWRITE));
    MU_TRY(mu_database_execute(database, NULL, "PRAGMA journal_mode = OFF"));
    database->step_budget  = source->step_budget;
    database->steps_left   = source->step_budget;
    sqlite3_backup *backup = sqlite3_backup_init(database->handle, "main", source->handle, "main");
    if (!backup) return fail_with(database, NULL, sqlite3_errcode(database->handle));
    sqlite3_backup_step(backup, -1);
    MU_TRY(check(database, NULL, sqlite3_backup_finish(backup)));
    distrust(database);
    return mu_database_execute(database, NULL,
                               "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = DELETE;"
                               "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;"
                               "PRAGMA temp_store = MEMORY; PRAGMA cell_size_check = ON; BEGIN");
}

muster_status mu_database_copy(mu_database **out, mu_database *source, const char *path) {
    *out = NULL;
    mu_database *database;
    MU_TRY(new_database(&database, path));
    const muster_status status = fill_from(database, source);
    if (status != MUSTER_OK) {
        mu_database_close(database);
        return status;
    }
    *out = database;
    return MUSTER_OK;
}

muster_status mu_database_publish(mu_database *database) {
    MU_TRY(mu_database_execute(database, NULL, "COMMIT"));
    MU_TRY(check(database, NULL, sqlite3_close(database->handle)));
    database->handle = NULL;
    MU_TRY(mu_file_publish(database->temporary, database->path, database->name));
    mu_gis_free(database->temporary);
    database->temporary = NULL;
    return MUSTER_OK;
}

void mu_database_close(mu_database *database) {
    if (!database) return;
    if (database->is_live) leave_wal(database);
    sqlite3_close(database->handle);
    if (database->temporary) mu_file_remove(database->temporary);
    mu_gis_free(database->temporary);
    mu_gis_free(database->path);
    mu_gis_free(database);
}

const char *mu_database_name(const mu_database *database) {
    return database->name;
}

muster_status mu_database_execute(mu_database *database, const char *table, const char *sql) {
    return check(database, table, sqlite3_exec(database->handle, sql, NULL, NULL, NULL));
}

muster_status mu_database_has_table(mu_database *database, const char *table, bool *out) {
    mu_statement *statement;
    *out = false;
    MU_TRY(mu_statement_new(&statement, database, "sqlite_schema",
                            "SELECT name FROM sqlite_schema WHERE type = 'table' AND "
                            "rootpage > 0 AND name = ?1 COLLATE NOCASE"));
    mu_bind_text(statement, 1, table);
    const muster_status status = mu_statement_next(statement, out);
    mu_statement_free(statement);
    return status;
}

muster_status mu_database_has_column(mu_database *database, const char *table, const char *column,
                                     bool *out) {
    mu_statement *statement;
    *out = false;
    MU_TRY(mu_statement_new(&statement, database, table,
                            "SELECT name FROM pragma_table_info(?1) WHERE name = ?2 "
                            "COLLATE NOCASE"));
    mu_bind_text(statement, 1, table);
    mu_bind_text(statement, 2, column);
    const muster_status status = mu_statement_next(statement, out);
    mu_statement_free(statement);
    return status;
}

/* ---- the row of a statement ---------------------------------------------------------- */

static muster_status take_cell(const mu_row *row, int column, mu_cell *out) {
    const mu_statement *statement = (const mu_statement *)row;
    sqlite3_stmt       *handle    = statement->handle;
    switch (sqlite3_column_type(handle, column)) {
    case SQLITE_INTEGER:
        *out = (mu_cell){.type = MU_CELL_INT, .whole = sqlite3_column_int64(handle, column)};
        return MUSTER_OK;
    case SQLITE_FLOAT:
        *out = (mu_cell){.type = MU_CELL_REAL, .real = sqlite3_column_double(handle, column)};
        return MUSTER_OK;
    case SQLITE_TEXT:
        *out = (mu_cell){.type = MU_CELL_TEXT, .bytes = sqlite3_column_text(handle, column)};
        break;
    case SQLITE_BLOB:
        *out = (mu_cell){.type = MU_CELL_BLOB, .bytes = sqlite3_column_blob(handle, column)};
        break;
    default:
        *out = (mu_cell){.type = MU_CELL_NULL};
        return MUSTER_OK;
    }
    out->size = (size_t)sqlite3_column_bytes(handle, column);
    /* A text may have to be converted, and a blob be unpacked. */
    const bool is_lost = !out->bytes && (out->type == MU_CELL_TEXT || out->size > 0);
    return is_lost ? fail_with(statement->database, row->table, SQLITE_NOMEM) : MUSTER_OK;
}

static const char *column_name(const mu_row *row, int column) {
    return sqlite3_column_name(((const mu_statement *)row)->handle, column);
}

/* ---- statements ---------------------------------------------------------------------- */

muster_status mu_statement_new(mu_statement **out, mu_database *database, const char *table,
                               const char *sql) {
    mu_statement *statement;
    *out = NULL;
    MU_TRY(mu_gis_alloc_zeroed(&statement, 1, sizeof *statement));
    statement->row       = (mu_row){database->name, table, take_cell, column_name};
    statement->database  = database;
    database->steps_left = database->step_budget;
    const int result     = sqlite3_prepare_v2(database->handle, sql, -1, &statement->handle, NULL);
    if (result != SQLITE_OK) {
        mu_gis_free(statement);
        return fail_with(database, table, result);
    }
    *out = statement;
    return MUSTER_OK;
}

void mu_statement_free(mu_statement *statement) {
    if (!statement) return;
    sqlite3_finalize(statement->handle);
    mu_gis_free(statement);
}

static void note(mu_statement *statement, int result) {
    if (statement->bind_result == SQLITE_OK) statement->bind_result = result;
}

/* The analyzer loses sight of why mu_statement_new failed, and thinks it could be no failure. */
// NOLINTBEGIN(clang-analyzer-core.NullDereference)
void mu_bind_null(mu_statement *statement, int parameter) {
    note(statement, sqlite3_bind_null(statement->handle, parameter));
}

void mu_bind_int(mu_statement *statement, int parameter, int64_t value) {
    if (parameter == 1) statement->key = value;
    note(statement, sqlite3_bind_int64(statement->handle, parameter, value));
}

void mu_bind_real(mu_statement *statement, int parameter, double value) {
    note(statement, sqlite3_bind_double(statement->handle, parameter, value));
}

void mu_bind_text(mu_statement *statement, int parameter, const char *text) {
    note(statement, sqlite3_bind_text(statement->handle, parameter, text, -1, SQLITE_STATIC));
}

void mu_bind_blob(mu_statement *statement, int parameter, const void *blob, size_t size) {
    note(statement, sqlite3_bind_blob64(statement->handle, parameter, blob, size, SQLITE_STATIC));
}

void mu_bind_text_copy(mu_statement *statement, int parameter, const char *text, size_t size) {
    note(statement, sqlite3_bind_text64(statement->handle, parameter, text, size, SQLITE_TRANSIENT,
                                        SQLITE_UTF8));
}
// NOLINTEND(clang-analyzer-core.NullDereference)

static int step(mu_statement *statement) {
    const int bound        = statement->bind_result;
    statement->bind_result = SQLITE_OK;
    return bound == SQLITE_OK ? sqlite3_step(statement->handle) : bound;
}

muster_status mu_statement_run(mu_statement *statement) {
    const int result = step(statement);
    if (result == SQLITE_DONE) {
        sqlite3_reset(statement->handle);
        return MUSTER_OK;
    }
    const muster_status status = muster_fail(
        status_of(result), "\"%s\": table %s, row %lld: %s", statement->database->name,
        statement->row.table, (long long)statement->key, reason_of(statement->database, result));
    sqlite3_reset(statement->handle);
    return status;
}

muster_status mu_statement_next(mu_statement *statement, bool *out_row) {
    const int result = step(statement);
    *out_row         = result == SQLITE_ROW;
    if (result == SQLITE_ROW || result == SQLITE_DONE) return MUSTER_OK;
    return fail_with(statement->database, statement->row.table, result);
}

const mu_row *mu_statement_row(const mu_statement *statement) {
    return &statement->row;
}

muster_status mu_column_value(const mu_statement *statement, int column, mu_value *out) {
    *out = (mu_value){.form = MU_FORM_NULL};
    switch (sqlite3_column_type(statement->handle, column)) {
    case SQLITE_INTEGER:
        out->form  = MU_FORM_WHOLE;
        out->whole = sqlite3_column_int64(statement->handle, column);
        return MUSTER_OK;
    case SQLITE_FLOAT:
        out->form = MU_FORM_REAL;
        out->real = sqlite3_column_double(statement->handle, column);
        return MUSTER_OK;
    case SQLITE_TEXT:
        out->form  = MU_FORM_TEXT;
        out->bytes = (const char *)sqlite3_column_text(statement->handle, column);
        break;
    case SQLITE_BLOB:
        out->form  = MU_FORM_WKB;
        out->bytes = sqlite3_column_blob(statement->handle, column);
        break;
    default:
        return MUSTER_OK;
    }
    out->size = (size_t)sqlite3_column_bytes(statement->handle, column);
    if (!out->bytes && out->size > 0) {
        return fail_with(statement->database, statement->row.table, SQLITE_NOMEM);
    }
    if (!out->bytes) out->bytes = ""; /* an empty blob */
    return MUSTER_OK;
}
