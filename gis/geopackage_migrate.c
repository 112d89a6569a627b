/* See geopackage_migrate.h.
 *
 * SQLite can hardly change a table, so one that was made by other words than today's is made anew and
 * its rows are moved (sqlite.org/lang_altertable.html, section 7). This asks for no list of what changed
 * when, and brings a file of any age to the newest version. The file may hold more than we know of:
 * it is copied as a whole first, columns that are not ours stay in our tables, and so do indexes and
 * triggers. Spatial indexes go on to hold, since no row gets another key.
 *
 * The copy takes the file's place when it is whole. */
#include "gis/geopackage_migrate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gis/database.h"
#include "gis/file.h"
#include "gis/geopackage_store.h"
#include "gis/geopackage_version.h"
#include "gis/memory.h"
#include "gis/value.h"

extern const char mu_geopackage_sql[];          /* geopackage.sql */
extern const char mu_geopackage_scenario_sql[]; /* geopackage_scenario.sql */

enum { NAME_BYTES = 64, SQL_BYTES = 600 };

typedef struct migration {
    mu_database *source, *copy;
    bool         is_scenario; /* has tables beside those of a network */
} migration;

/* ---- questions ---------------------------------------------------------------------------- */

/* Give the text in the first column of every row to a function; `name` becomes ?1. */
static muster_status for_each(mu_database *database, const char *sql, const char *name,
                              muster_status (*take)(void *, const char *), void *user) {
    mu_statement *row;
    bool          is_row;
    mu_value      value;
    MU_TRY(mu_statement_new(&row, database, "sqlite_schema", sql));
    mu_bind_text(row, 1, name);
    muster_status status = mu_statement_next(row, &is_row);
    while (status == MUSTER_OK && is_row) {
        status = mu_column_value(row, 0, &value);
        if (status == MUSTER_OK && value.form == MU_FORM_TEXT) status = take(user, value.bytes);
        if (status == MUSTER_OK) status = mu_statement_next(row, &is_row);
    }
    mu_statement_free(row);
    return status;
}

static muster_status read_number(void *user, const char *text) {
    *(uint32_t *)user = (uint32_t)strtoul(text, NULL, 10);
    return MUSTER_OK;
}

/* mu_geopackage_check_tables has found it to be a version that we know. */
static muster_status read_version(mu_database *database, uint32_t *out) {
    *out = 0;
    return for_each(database, "SELECT value FROM muster_meta WHERE key = ?1", "schema_version",
                    read_number, out);
}

/* The text that makes a table today, without the semicolon; NULL: there is none of that name. */
static const char *find_sql(const char *sql, const char *table, size_t *out_size) {
    char begin[NAME_BYTES + 20];
    snprintf(begin, sizeof begin, "CREATE TABLE %s (", table);
    const char *found = strstr(sql, begin);
    const char *end   = found ? strstr(found, "\n);") : NULL;
    *out_size         = end ? (size_t)(end - found) + 2 : 0;
    return end ? found : NULL;
}

static const char *sql_of(const mu_schema_table *table, size_t *out_size) {
    return find_sql(table->is_network ? mu_geopackage_sql : mu_geopackage_scenario_sql, table->name,
                    out_size);
}

/* Is a scenario's table there? Then all of them should be. */
static muster_status look_for_scenario(migration *m) {
    uint32_t               count;
    const mu_schema_table *tables = mu_schema_tables(&count);
    for (uint32_t t = 0; t < count && !m->is_scenario; ++t) {
        if (tables[t].is_network) continue;
        MU_TRY(mu_database_has_table(m->source, tables[t].name, &m->is_scenario));
    }
    return MUSTER_OK;
}

static muster_status lacks_something(const migration *m, bool *out) {
    uint32_t               count;
    const mu_schema_table *tables = mu_schema_tables(&count);
    bool                   there  = true;
    for (uint32_t t = 0; t < count && there; ++t) {
        if (!tables[t].is_network && !m->is_scenario) continue;
        MU_TRY(mu_database_has_table(m->source, tables[t].name, &there));
        for (uint32_t c = 0; there && c < tables[t].column_count; ++c) {
            MU_TRY(mu_database_has_column(m->source, tables[t].name, tables[t].column[c].name,
                                          &there));
        }
    }
    *out = !there;
    return MUSTER_OK;
}

/* ---- one table ----------------------------------------------------------------------------- */

/* Texts of SQL to be run later, in their order. */
typedef struct sql_list {
    char **sql;
    size_t count, capacity;
} sql_list;

static muster_status keep(void *user, const char *sql) {
    sql_list    *list = user;
    const size_t size = strlen(sql) + 1;
    char        *copy;
    MU_TRY(mu_gis_grow(&list->sql, &list->capacity, list->count, sizeof *list->sql));
    MU_TRY(mu_gis_alloc(&copy, size, 1));
    memcpy(copy, sql, size);
    list->sql[list->count++] = copy;
    return MUSTER_OK;
}

static muster_status run_all(const sql_list *list, mu_database *database, const char *table) {
    for (size_t i = 0; i < list->count; ++i) {
        MU_TRY(mu_database_execute(database, table, list->sql[i]));
    }
    return MUSTER_OK;
}

static void list_fini(sql_list *list) {
    for (size_t i = 0; i < list->count; ++i) mu_gis_free(list->sql[i]);
    mu_gis_free(list->sql);
    *list = (sql_list){0};
}

/* Run what a question answers. */
static muster_status run_answers(mu_database *database, const char *table, const char *question) {
    sql_list      list   = {0};
    muster_status status = for_each(database, question, table, keep, &list);
    if (status == MUSTER_OK) status = run_all(&list, database, table);
    list_fini(&list);
    return status;
}

static muster_status create(mu_database *database, const mu_schema_table *table) {
    size_t      size;
    char       *sql;
    const char *text = sql_of(table, &size);
    if (!text) return muster_fail(MUSTER_E_INTERNAL, "no SQL makes table %s", table->name);
    MU_TRY(mu_gis_alloc(&sql, size + 1, 1));
    memcpy(sql, text, size);
    sql[size]                  = 0;
    const muster_status status = mu_database_execute(database, table->name, sql);
    mu_gis_free(sql);
    return status;
}

/* Columns of the old table that are not ours; names and types are quoted, whatever they are. */
static const char ADD_COLUMNS[] =
    "SELECT printf('ALTER TABLE \"%w\" ADD COLUMN \"%w\"%s', ?1, name, "
    "CASE WHEN type = '' THEN '' ELSE printf(' \"%w\"', type) END) "
    "FROM pragma_table_xinfo('muster_old_' || ?1) AS old WHERE hidden <> 1 AND NOT EXISTS "
    "(SELECT 1 FROM pragma_table_xinfo(?1) AS new WHERE new.name = old.name COLLATE NOCASE)";
static const char MOVE_ROWS[] =
    "SELECT printf('INSERT INTO \"%w\" (%s) SELECT %s FROM \"muster_old_%w\"', ?1, names, names, "
    "?1) FROM (SELECT group_concat(printf('\"%w\"', new.name), ', ') AS names "
    "FROM pragma_table_info(?1) AS new JOIN pragma_table_xinfo('muster_old_' || ?1) AS old "
    "ON old.name = new.name COLLATE NOCASE)";
static const char DROP_OLD[] = "SELECT printf('DROP TABLE \"muster_old_%w\"', ?1)";
static const char RENAME[] =
    "SELECT printf('ALTER TABLE \"%w\" RENAME TO \"muster_old_%w\"', ?1, ?1)";
static const char BELONGINGS[] =
    "SELECT sql FROM sqlite_schema WHERE tbl_name = ?1 COLLATE NOCASE AND type IN ('index', "
    "'trigger') AND sql IS NOT NULL ORDER BY rowid";

static muster_status rebuild_with(migration *m, const mu_schema_table *table,
                                  sql_list *belongings) {
    MU_TRY(for_each(m->copy, BELONGINGS, table->name, keep, belongings));
    MU_TRY(run_answers(m->copy, table->name, RENAME));
    MU_TRY(create(m->copy, table));
    MU_TRY(run_answers(m->copy, table->name, ADD_COLUMNS));
    MU_TRY(run_answers(m->copy, table->name, MOVE_ROWS));
    MU_TRY(run_answers(m->copy, table->name, DROP_OLD));
    return run_all(belongings, m->copy, table->name);
}

static muster_status rebuild(migration *m, const mu_schema_table *table) {
    sql_list            belongings = {0};
    const muster_status status     = rebuild_with(m, table, &belongings);
    list_fini(&belongings);
    return status;
}

typedef struct comparison {
    const mu_schema_table *table;
    bool                   is_same;
} comparison;

static muster_status compare(void *user, const char *sql) {
    comparison *c = user;
    size_t      size;
    const char *today = sql_of(c->table, &size);
    c->is_same        = today && strlen(sql) == size && memcmp(sql, today, size) == 0;
    return MUSTER_OK;
}

static muster_status update_table(migration *m, const mu_schema_table *table) {
    comparison c = {table, false};
    bool       is_there;
    MU_TRY(mu_database_has_table(m->copy, table->name, &is_there));
    if (!is_there) return create(m->copy, table);
    MU_TRY(for_each(m->copy,
                    "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?1 "
                    "COLLATE NOCASE",
                    table->name, compare, &c));
    return c.is_same ? MUSTER_OK : rebuild(m, table);
}

/* ---- what a GeoPackage says of its tables ------------------------------------------------- */

static const char *geometry_name(const mu_schema_table *table) {
    switch (table->column[mu_schema_geometry(table)].shapes) {
    case MU_SHAPE_POINT:
        return "POINT";
    case MU_SHAPE_LINE:
        return "LINESTRING";
    case MU_SHAPE_POLYGON:
        return "POLYGON";
    default:
        return "GEOMETRY";
    }
}

/* Titles and names are ours: nothing in them needs quoting. */
static muster_status register_table(migration *m, const mu_schema_table *table) {
    const bool has_geometry = mu_schema_geometry(table) != MUSTER_NONE;
    char       sql[SQL_BYTES];
    snprintf(sql, sizeof sql,
             "INSERT OR IGNORE INTO gpkg_contents (table_name, data_type, identifier, description, "
             "srs_id) VALUES ('%s', '%s', '%s', '%s', %s)",
             table->name, has_geometry ? "features" : "attributes", table->name, table->title,
             has_geometry ? "4326" : "NULL");
    MU_TRY(mu_database_execute(m->copy, "gpkg_contents", sql));
    if (!has_geometry) return MUSTER_OK;
    snprintf(sql, sizeof sql,
             "INSERT OR REPLACE INTO gpkg_geometry_columns (table_name, column_name, "
             "geometry_type_name, srs_id, z, m) VALUES ('%s', 'geom', '%s', 4326, 0, 0)",
             table->name, geometry_name(table));
    return mu_database_execute(m->copy, "gpkg_geometry_columns", sql);
}

/* ---- all of it ------------------------------------------------------------------------------ */

static muster_status update_all(migration *m) {
    char                   sql[120];
    uint32_t               count;
    const mu_schema_table *tables = mu_schema_tables(&count);
    /* Tables are renamed without those that refer to them being told. */
    MU_TRY(mu_database_execute(m->copy, NULL, "PRAGMA legacy_alter_table = ON"));
    for (uint32_t t = 0; t < count; ++t) {
        if (!tables[t].is_network && !m->is_scenario) continue;
        MU_TRY(update_table(m, &tables[t]));
        MU_TRY(register_table(m, &tables[t]));
    }
    snprintf(sql, sizeof sql, "UPDATE muster_meta SET value = '%d' WHERE key = 'schema_version'",
             MU_GEOPACKAGE_VERSION);
    return mu_database_execute(m->copy, "muster_meta", sql);
}

static muster_status migrate(migration *m, const char *path, muster_database_version *out) {
    bool is_old;
    MU_TRY(mu_database_open(&m->source, path));
    MU_TRY(mu_geopackage_check_tables(m->source));
    MU_TRY(read_version(m->source, &out->from));
    out->to = MU_GEOPACKAGE_VERSION;
    MU_TRY(look_for_scenario(m));
    MU_TRY(lacks_something(m, &is_old));
    if (!is_old && out->from == MU_GEOPACKAGE_VERSION) return MUSTER_OK;
    MU_TRY(mu_database_copy(&m->copy, m->source, path));
    MU_TRY(update_all(m));
    return mu_database_publish(m->copy);
}

muster_status mu_geopackage_migrate(const char *path, muster_database_version *out_version) {
    migration               m       = {0};
    muster_database_version version = {0, 0};
    char                   *target; /* a link to the file is kept, and what it leads to replaced */
    *out_version = version;
    MU_TRY(mu_file_follow(&target, path));
    const muster_status status = migrate(&m, target, &version);
    if (status == MUSTER_OK) *out_version = version;
    mu_database_close(m.copy);
    mu_database_close(m.source);
    mu_gis_free(target);
    return status;
}
