/* The rows of a GeoPackage, read and written.
 *
 * A file may be older than the tables of today, or somebody else's: a column that it lacks says what
 * mu_value_fallback says, and a table that it lacks is empty. A new file gets all tables, and of every
 * column with geometry a spatial index, packed at the end. */
#include <stdio.h>
#include <string.h>

#include "gis/database.h"
#include "gis/geopackage_store.h"
#include "gis/instant.h"
#include "gis/layer_styles.h"
#include "gis/memory.h"
#include "gis/row_store.h"
#include "gis/spatial_index.h"
#include "gis/wkb.h"

extern const char mu_geopackage_sql[];          /* geopackage.sql */
extern const char mu_geopackage_scenario_sql[]; /* geopackage_scenario.sql */

enum { SQL_BYTES = 4000 };

/* SQL that grows; what does not fit is cut, and then it is no SQL. No table of ours comes near. */
typedef struct sql_text {
    char   text[SQL_BYTES];
    size_t used;
} sql_text;

static void add(sql_text *sql, const char *first, const char *second) {
    const int bytes =
        snprintf(sql->text + sql->used, sizeof sql->text - sql->used, "%s%s", first, second);
    if (bytes > 0) sql->used += (size_t)bytes;
    if (sql->used >= sizeof sql->text) sql->used = sizeof sql->text - 1;
}

static bool is_meta(const mu_schema_table *table) {
    return strcmp(table->name, "muster_meta") == 0;
}

/* ---- reading ------------------------------------------------------------------------- */

typedef struct geopackage_source {
    mu_row_source          base;
    mu_database           *database;
    mu_statement          *row;
    const mu_schema_table *table;
    bool                   is_missing[MU_SCHEMA_COLUMNS];
    char                   fault[MU_REASON_BYTES]; /* of the geometry in hand */
} geopackage_source;

static muster_status look_for_columns(geopackage_source *s) {
    for (uint32_t c = 0; c < s->table->column_count; ++c) {
        bool there;
        MU_TRY(
            mu_database_has_column(s->database, s->table->name, s->table->column[c].name, &there));
        s->is_missing[c] = !there;
    }
    return MUSTER_OK;
}

/* Older files lack what is newer than they are; a column that must say something, and of which nobody
 * knows what it would say, has to be there. */
static muster_status inspect(mu_row_source *base, const mu_schema_table *table, bool only_columns,
                             mu_fault_found *found, void *user) {
    geopackage_source *s = (geopackage_source *)base;
    bool               is_there;
    (void)only_columns; /* of constraints, rows show what matters */
    MU_TRY(mu_database_has_table(s->database, table->name, &is_there));
    s->table = table;
    if (!is_there) return MUSTER_OK;
    MU_TRY(look_for_columns(s));
    for (uint32_t c = 0; c < table->column_count; ++c) {
        const mu_schema_column *column = &table->column[c];
        if (!s->is_missing[c] || column->may_be_null || column->has_fallback) continue;
        const mu_fault fault = {table, column->name, "", "no such column", "one"};
        MU_TRY(found(user, &fault));
    }
    return MUSTER_OK;
}

static void write_select(const geopackage_source *s, sql_text *sql) {
    const mu_schema_table *table = s->table;
    add(sql, "SELECT ", "");
    for (uint32_t c = 0; c < table->column_count; ++c) {
        add(sql, c > 0 ? ", " : "", s->is_missing[c] ? "NULL" : table->column[c].name);
    }
    add(sql, " FROM ", table->name);
    if (is_meta(table)) add(sql, " WHERE key <> 'schema_version'", "");
    add(sql, " ORDER BY ", table->column[0].name);
}

static muster_status begin_reading(mu_row_source *base, const mu_schema_table *table,
                                   bool *out_is_there) {
    geopackage_source *s   = (geopackage_source *)base;
    sql_text           sql = {.used = 0};
    mu_statement_free(s->row);
    s->row   = NULL;
    s->table = table;
    MU_TRY(mu_database_has_table(s->database, table->name, out_is_there));
    if (!*out_is_there) return MUSTER_OK;
    MU_TRY(look_for_columns(s));
    write_select(s, &sql);
    return mu_statement_new(&s->row, s->database, table->name, sql.text);
}

/* What SQLite has becomes what the column means, where it can. */
static void understand(geopackage_source *s, const mu_schema_column *column, mu_value *value) {
    if (column->type == MU_TYPE_REAL && value->form == MU_FORM_WHOLE) {
        *value = (mu_value){.form = MU_FORM_REAL, .real = (double)value->whole};
    }
    if (column->type == MU_TYPE_MOMENT || column->type == MU_TYPE_INSTANT) {
        mu_value_read_moment(value);
    }
    if (column->type != MU_TYPE_GEOMETRY || value->form != MU_FORM_WKB) return;
    const size_t header = mu_wkb_in_blob(value->bytes, value->size, s->fault);
    if (header == 0) value->fault = s->fault;
    value->bytes += header;
    value->size -= header;
}

static muster_status read_row(mu_row_source *base, mu_value *value, bool *out_row) {
    geopackage_source     *s     = (geopackage_source *)base;
    const mu_schema_table *table = s->table;
    *out_row                     = false;
    if (!s->row) return MUSTER_OK;
    MU_TRY(mu_statement_next(s->row, out_row));
    for (uint32_t c = 0; *out_row && c < table->column_count; ++c) {
        if (s->is_missing[c]) {
            value[c] = mu_value_fallback(&table->column[c]);
            continue;
        }
        MU_TRY(mu_column_value(s->row, (int)c, &value[c]));
        understand(s, &table->column[c], &value[c]);
    }
    return MUSTER_OK;
}

static void close_source(mu_row_source *base) {
    geopackage_source *s = (geopackage_source *)base;
    mu_statement_free(s->row);
    mu_database_close(s->database);
    mu_gis_free(s);
}

muster_status mu_geopackage_source_open(mu_row_source **out, const char *path) {
    static const mu_row_source_class CLASS = {inspect, begin_reading, read_row, close_source};
    geopackage_source               *s;
    *out = NULL;
    MU_TRY(mu_gis_alloc_zeroed(&s, 1, sizeof *s));
    s->base.class        = &CLASS;
    muster_status status = mu_database_open(&s->database, path);
    if (status == MUSTER_OK) status = mu_geopackage_check_tables(s->database);
    if (status != MUSTER_OK) {
        close_source(&s->base);
        return status;
    }
    snprintf(s->base.name, sizeof s->base.name, "\"%s\"", mu_database_name(s->database));
    *out = &s->base;
    return MUSTER_OK;
}

/* ---- writing ------------------------------------------------------------------------- */

typedef struct geopackage_target {
    mu_row_target          base;
    mu_database           *database;
    mu_statement          *insert;
    const mu_schema_table *table;
    uint32_t               geometry; /* column; MUSTER_NONE: the table has none */
    uint32_t               count;    /* rows of the table that have a geometry */
    size_t                 id_capacity, bounds_capacity, blob_capacity;
    int64_t               *id;
    mu_bounds             *bounds;
    unsigned char         *blob;
} geopackage_target;

static void write_insert(const mu_schema_table *table, sql_text *sql) {
    char parameter[16];
    add(sql, is_meta(table) ? "INSERT OR REPLACE INTO " : "INSERT INTO ", table->name);
    for (uint32_t c = 0; c < table->column_count; ++c) {
        add(sql, c > 0 ? ", " : " (", table->column[c].name);
    }
    for (uint32_t c = 0; c < table->column_count; ++c) {
        snprintf(parameter, sizeof parameter, "?%u", c + 1);
        add(sql, c > 0 ? ", " : ") VALUES (", parameter);
    }
    add(sql, ")", "");
}

static muster_status begin_writing(mu_row_target *base, const mu_schema_table *table) {
    geopackage_target *t   = (geopackage_target *)base;
    sql_text           sql = {.used = 0};
    mu_statement_free(t->insert);
    t->insert   = NULL;
    t->table    = table;
    t->geometry = mu_schema_geometry(table);
    t->count    = 0;
    write_insert(table, &sql);
    return mu_statement_new(&t->insert, t->database, table->name, sql.text);
}

static muster_status bind_geometry(geopackage_target *t, const mu_value *value,
                                   const mu_bounds *bounds) {
    const bool   is_point = t->table->column[t->geometry].shapes == MU_SHAPE_POINT;
    const size_t most     = MU_BLOB_HEADER_BYTES + value->size;
    if (most > t->blob_capacity) {
        MU_TRY(mu_gis_realloc(&t->blob, most + most / 2, 1));
        t->blob_capacity = most + most / 2;
    }
    const size_t header = mu_wkb_blob_header(t->blob, is_point, bounds);
    memcpy(t->blob + header, value->bytes, value->size);
    mu_bind_blob(t->insert, (int)t->geometry + 1, t->blob, header + value->size);
    return MUSTER_OK;
}

static muster_status note_bounds(geopackage_target *t, int64_t id, const mu_bounds *bounds) {
    MU_TRY(mu_gis_grow(&t->id, &t->id_capacity, t->count, sizeof *t->id));
    MU_TRY(mu_gis_grow(&t->bounds, &t->bounds_capacity, t->count, sizeof *t->bounds));
    t->id[t->count]       = id;
    t->bounds[t->count++] = *bounds;
    return MUSTER_OK;
}

static muster_status bind(geopackage_target *t, uint32_t column, const mu_value *value) {
    const mu_column_type type      = t->table->column[column].type;
    const int            parameter = (int)column + 1;
    char                 moment[MU_INSTANT_BYTES];
    switch (value->form) {
    case MU_FORM_NULL:
        mu_bind_null(t->insert, parameter);
        break;
    case MU_FORM_WHOLE:
        if (type == MU_TYPE_MOMENT || type == MU_TYPE_INSTANT) {
            mu_instant_write(moment, value->whole);
            mu_bind_text_copy(t->insert, parameter, moment, strlen(moment));
        } else {
            mu_bind_int(t->insert, parameter, value->whole);
        }
        break;
    case MU_FORM_REAL:
        mu_bind_real(t->insert, parameter, value->real);
        break;
    default:
        mu_bind_text_copy(t->insert, parameter, value->bytes, value->size);
    }
    return MUSTER_OK;
}

static muster_status put_row(mu_row_target *base, const mu_value *value, const mu_bounds *bounds) {
    geopackage_target *t = (geopackage_target *)base;
    for (uint32_t c = 0; c < t->table->column_count; ++c) {
        if (value[c].form != MU_FORM_WKB) MU_TRY(bind(t, c, &value[c]));
    }
    if (t->geometry != MUSTER_NONE && value[t->geometry].form == MU_FORM_WKB) {
        MU_TRY(bind_geometry(t, &value[t->geometry], bounds));
        MU_TRY(note_bounds(t, value[0].whole, bounds));
    }
    return mu_statement_run(t->insert);
}

static muster_status end_writing(mu_row_target *base) {
    geopackage_target *t = (geopackage_target *)base;
    mu_statement_free(t->insert);
    t->insert = NULL;
    if (t->geometry == MUSTER_NONE) return MUSTER_OK;
    return mu_spatial_index_write(t->database, t->table->name, t->table->column[0].name, t->count,
                                  t->id, t->bounds);
}

static muster_status publish(mu_row_target *base) {
    return mu_database_publish(((geopackage_target *)base)->database);
}

static void close_target(mu_row_target *base) {
    geopackage_target *t = (geopackage_target *)base;
    mu_statement_free(t->insert);
    mu_database_close(t->database);
    mu_gis_free(t->id);
    mu_gis_free(t->bounds);
    mu_gis_free(t->blob);
    mu_gis_free(t);
}

static muster_status make_tables(geopackage_target *t, const char *path) {
    MU_TRY(mu_database_create(&t->database, path));
    MU_TRY(mu_database_execute(t->database, NULL, mu_geopackage_sql));
    MU_TRY(mu_database_execute(t->database, NULL, mu_geopackage_scenario_sql));
    return mu_layer_styles_write(t->database);
}

muster_status mu_geopackage_target_open(mu_row_target **out, const char *path, bool is_replacing) {
    static const mu_row_target_class CLASS = {begin_writing, put_row, end_writing, publish,
                                              close_target};
    geopackage_target               *t;
    *out = NULL;
    MU_TRY(mu_store_check_free(path, is_replacing));
    MU_TRY(mu_gis_alloc_zeroed(&t, 1, sizeof *t));
    t->base.class              = &CLASS;
    const muster_status status = make_tables(t, path);
    if (status != MUSTER_OK) {
        close_target(&t->base);
        return status;
    }
    snprintf(t->base.name, sizeof t->base.name, "\"%s\"", mu_database_name(t->database));
    *out = &t->base;
    return MUSTER_OK;
}
