/* The rows of a PostGIS database, read and written by binary COPY. Table and column names are those
 * of schema_tables.c, quoted; which schema they are in is the search path's business. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "gis/big_endian.h"
#include "gis/instant.h"
#include "gis/memory.h"
#include "gis/postgis_catalog.h"
#include "gis/postgis_copy_in.h"
#include "gis/postgis_copy_out.h"
#include "gis/postgis_schema.h"
#include "gis/row_store.h"
#include "gis/wkb.h"

enum { SQL_BYTES = 8000 };

/* Microseconds from 1970 to 2000, where PostgreSQL's clock begins. */
static const int64_t EPOCH_US = INT64_C(946684800) * MU_SECOND_US;

/* SQL that grows; what does not fit is cut, and then it is no SQL. No table of ours comes near. */
typedef struct sql_text {
    char   text[SQL_BYTES];
    size_t used;
} sql_text;

static void add(sql_text *sql, const char *before, const char *name, const char *after) {
    const int bytes = snprintf(sql->text + sql->used, sizeof sql->text - sql->used, "%s%s%s",
                               before, name, after);
    if (bytes > 0) sql->used += (size_t)bytes;
    if (sql->used >= sizeof sql->text) sql->used = sizeof sql->text - 1;
}

static bool is_meta(const mu_schema_table *table) {
    return strcmp(table->name, "muster_meta") == 0;
}

/* ---- reading ------------------------------------------------------------------------- */

typedef struct postgis_source {
    mu_row_source          base;
    mu_postgis            *postgis;
    const mu_schema_table *table;
    bool                   is_there;
    bool          is_usable[MU_SCHEMA_COLUMNS]; /* the others say what a missing one says */
    mu_copy_out   rows;
    mu_copy_field field[MU_COPY_COLUMNS];
    char          shown[MU_SCHEMA_COLUMNS][16]; /* a moment that is none: infinity */
} postgis_source;

static muster_status inspect(mu_row_source *base, const mu_schema_table *table, bool only_columns,
                             mu_fault_found *found, void *user) {
    return mu_postgis_catalog_check(((postgis_source *)base)->postgis, table, only_columns, found,
                                    user);
}

static void write_select(const postgis_source *s, sql_text *sql) {
    const mu_schema_table *table = s->table;
    for (uint32_t c = 0; c < table->column_count; ++c) {
        const bool is_shape = table->column[c].type == MU_TYPE_GEOMETRY;
        add(sql, c == 0 ? "SELECT " : ", ", "", "");
        if (s->is_usable[c]) {
            add(sql, is_shape ? "ST_AsBinary(\"" : "\"", table->column[c].name, "\"");
            add(sql, is_shape ? ", 'NDR')" : "", "", "");
        } else {
            add(sql, "NULL", "", "");
        }
    }
    add(sql, " FROM \"", table->name, "\"");
    if (is_meta(table)) add(sql, " WHERE key <> 'schema_version'", "", "");
    if (s->is_usable[0]) add(sql, " ORDER BY \"", table->column[0].name, "\"");
}

static muster_status begin_reading(mu_row_source *base, const mu_schema_table *table,
                                   bool *out_is_there) {
    postgis_source *s   = (postgis_source *)base;
    sql_text        sql = {.used = 0};
    s->table            = table;
    MU_TRY(mu_postgis_catalog_read(s->postgis, table, out_is_there, s->is_usable));
    s->is_there = *out_is_there;
    if (!s->is_there) return MUSTER_OK;
    write_select(s, &sql);
    MU_TRY(mu_copy_out_ask(&s->rows, table->name, sql.text));
    MU_TRY(mu_copy_out_begin(&s->rows));
    return s->rows.column_count == table->column_count
               ? MUSTER_OK
               : mu_copy_out_damaged(&s->rows, "another number of columns");
}

static uint32_t size_of(mu_column_type type) {
    switch (type) {
    case MU_TYPE_BOOLEAN:
        return 1;
    case MU_TYPE_INTEGER:
        return 4;
    case MU_TYPE_BIGINT:
    case MU_TYPE_REAL:
    case MU_TYPE_MOMENT:
    case MU_TYPE_INSTANT:
        return 8;
    default:
        return 0;
    }
}

static void understand_moment(postgis_source *s, uint32_t column, int64_t since_2000,
                              mu_value *out) {
    if (since_2000 != INT64_MAX && since_2000 != INT64_MIN) {
        *out = (mu_value){.form = MU_FORM_WHOLE, .whole = since_2000 + EPOCH_US};
        return;
    }
    const int bytes = snprintf(s->shown[column], sizeof s->shown[column], "%sinfinity",
                               since_2000 == INT64_MIN ? "-" : "");
    *out = (mu_value){.form = MU_FORM_TEXT, .bytes = s->shown[column], .size = (size_t)bytes};
}

static muster_status understand(postgis_source *s, uint32_t column, mu_value *out) {
    const mu_column_type type = s->table->column[column].type;
    const unsigned char *at   = s->field[column].bytes;
    *out                      = (mu_value){.form = MU_FORM_NULL};
    if (!at) return MUSTER_OK;
    const uint32_t size = s->field[column].size, expected = size_of(type);
    if (expected != 0 && size != expected) {
        return muster_fail(
            MUSTER_E_FORMAT, "%s: table %s, column %s: a value of %u bytes; expected %u",
            s->base.name, s->table->name, s->table->column[column].name, size, expected);
    }
    if (expected == 0) {
        out->form  = type == MU_TYPE_GEOMETRY ? MU_FORM_WKB : MU_FORM_TEXT;
        out->bytes = (const char *)at;
        out->size  = size;
        return MUSTER_OK;
    }
    const uint64_t bits = mu_read_big_endian(at, size);
    if (type == MU_TYPE_REAL) {
        out->form = MU_FORM_REAL;
        memcpy(&out->real, &bits, sizeof out->real);
    } else if (type == MU_TYPE_MOMENT || type == MU_TYPE_INSTANT) {
        understand_moment(s, column, (int64_t)bits, out);
    } else {
        out->form  = MU_FORM_WHOLE;
        out->whole = size == 4 ? (int64_t)(int32_t)(uint32_t)bits : (int64_t)bits;
    }
    return MUSTER_OK;
}

static muster_status read_row(mu_row_source *base, mu_value *value, bool *out_row) {
    postgis_source *s = (postgis_source *)base;
    *out_row          = false;
    if (!s->is_there) return MUSTER_OK;
    MU_TRY(mu_copy_out_next(&s->rows, s->field, out_row));
    for (uint32_t c = 0; *out_row && c < s->table->column_count; ++c) {
        if (s->is_usable[c]) {
            MU_TRY(understand(s, c, &value[c]));
        } else {
            value[c] = mu_value_fallback(&s->table->column[c]);
        }
    }
    return MUSTER_OK;
}

static void close_source(mu_row_source *base) {
    postgis_source *s = (postgis_source *)base;
    mu_copy_out_fini(&s->rows);
    mu_postgis_close(s->postgis);
    mu_gis_free(s);
}

muster_status mu_postgis_source_open(mu_row_source **out, const char *connection,
                                     const char *schema) {
    static const mu_row_source_class CLASS = {inspect, begin_reading, read_row, close_source};
    postgis_source                  *s;
    *out = NULL;
    MU_TRY(mu_gis_alloc_zeroed(&s, 1, sizeof *s));
    s->base.class        = &CLASS;
    muster_status status = mu_postgis_open(&s->postgis, connection, NULL, MU_POSTGIS_DUMPS);
    if (status == MUSTER_OK) status = mu_postgis_schema_open(s->postgis, schema);
    if (status != MUSTER_OK) {
        close_source(&s->base);
        return status;
    }
    s->rows.postgis = s->postgis;
    snprintf(s->base.name, sizeof s->base.name, "PostGIS schema \"%.64s\"", schema);
    *out = &s->base;
    return MUSTER_OK;
}

/* ---- writing ------------------------------------------------------------------------- */

typedef struct postgis_target {
    mu_row_target          base;
    mu_postgis            *postgis;
    mu_copy_in             rows;
    const mu_schema_table *table;
    int64_t                greatest_key;
} postgis_target;

static bool has_identity(const mu_schema_table *table) {
    return table->column[0].type == MU_TYPE_BIGINT && strcmp(table->name, "node") != 0 &&
           strcmp(table->name, "edge") != 0;
}

static muster_status begin_writing(mu_row_target *base, const mu_schema_table *table) {
    postgis_target *t   = (postgis_target *)base;
    sql_text        sql = {.used = 0};
    t->table            = table;
    t->greatest_key     = 0;
    add(&sql, "\"", table->name, "\"");
    for (uint32_t c = 0; c < table->column_count; ++c) {
        add(&sql, c == 0 ? " (\"" : ", \"", table->column[c].name, "\"");
    }
    add(&sql, ")", "", "");
    return mu_copy_in_begin(&t->rows, sql.text);
}

static muster_status put_geometry(mu_copy_in *rows, const mu_value *value) {
    unsigned char header[MU_EWKB_HEADER_BYTES];
    const size_t  rest = value->size - MU_WKB_HEADER_BYTES;
    mu_wkb_ewkb_header(header, value->bytes);
    MU_TRY(mu_copy_in_size(rows, (uint32_t)(sizeof header + rest)));
    MU_TRY(mu_copy_in_bytes(rows, header, sizeof header));
    return mu_copy_in_bytes(rows, value->bytes + MU_WKB_HEADER_BYTES, rest);
}

static muster_status put_value(postgis_target *t, uint32_t column, const mu_value *value) {
    const mu_column_type type = t->table->column[column].type;
    uint64_t             bits;
    switch (value->form) {
    case MU_FORM_NULL:
        return mu_copy_in_null(&t->rows);
    case MU_FORM_WHOLE:
        bits = (uint64_t)value->whole;
        if (type == MU_TYPE_MOMENT || type == MU_TYPE_INSTANT) bits -= (uint64_t)EPOCH_US;
        return mu_copy_in_number(&t->rows, bits, size_of(type));
    case MU_FORM_REAL:
        memcpy(&bits, &value->real, sizeof bits);
        return mu_copy_in_number(&t->rows, bits, sizeof bits);
    case MU_FORM_WKB:
        return put_geometry(&t->rows, value);
    default:
        MU_TRY(mu_copy_in_size(&t->rows, (uint32_t)value->size));
        return mu_copy_in_bytes(&t->rows, value->bytes, value->size);
    }
}

static muster_status put_row(mu_row_target *base, const mu_value *value, const mu_bounds *bounds) {
    postgis_target *t = (postgis_target *)base;
    (void)bounds; /* PostGIS has its own */
    MU_TRY(mu_copy_in_row(&t->rows, (uint16_t)t->table->column_count));
    for (uint32_t c = 0; c < t->table->column_count; ++c) {
        if (value[c].size > INT_MAX - MU_EWKB_HEADER_BYTES) {
            return muster_fail(MUSTER_E_INVALID, "table %s, column %s: %zu bytes; expected fewer",
                               t->table->name, t->table->column[c].name, value[c].size);
        }
        MU_TRY(put_value(t, c, &value[c]));
    }
    if (value[0].form == MU_FORM_WHOLE && value[0].whole > t->greatest_key) {
        t->greatest_key = value[0].whole;
    }
    return MUSTER_OK;
}

/* Who adds a row later and gives it no key must not be given one that is there. */
static muster_status end_writing(mu_row_target *base) {
    postgis_target *t = (postgis_target *)base;
    MU_TRY(mu_copy_in_end(&t->rows));
    if (t->greatest_key == 0 || !has_identity(t->table)) return MUSTER_OK;
    char              key[24];
    const char       *none;
    const char *const parameter[] = {t->table->name, t->table->column[0].name, key};
    snprintf(key, sizeof key, "%lld", (long long)t->greatest_key);
    return mu_postgis_value(
        t->postgis, "SELECT setval(pg_get_serial_sequence(quote_ident($1), $2), $3::bigint)", 3,
        parameter, "cannot go on counting", &none);
}

/* Followers are to read everything anew: see is_loading in migrations/0002_dispatch.sql. */
static muster_status publish(mu_row_target *base) {
    mu_postgis *postgis = ((postgis_target *)base)->postgis;
    const char *none;
    MU_TRY(
        mu_postgis_value(postgis, "SELECT end_loading()", 0, NULL, "cannot tell followers", &none));
    return mu_postgis_commit(postgis);
}

static void close_target(mu_row_target *base) {
    postgis_target *t = (postgis_target *)base;
    mu_copy_in_fini(&t->rows);
    mu_postgis_close(t->postgis);
    mu_gis_free(t);
}

/* ---- what was there ------------------------------------------------------------------- */

/* Others may read on, but not write until this is over. */
static muster_status lock_tables(mu_postgis *postgis) {
    uint32_t               count;
    sql_text               sql    = {.used = 0};
    const mu_schema_table *tables = mu_schema_tables(&count);
    for (uint32_t t = 0; t < count; ++t) {
        add(&sql, t == 0 ? "LOCK TABLE \"" : ", \"", tables[t].name, "\"");
    }
    add(&sql, " IN EXCLUSIVE MODE", "", "");
    MU_TRY(mu_postgis_run(postgis, sql.text, "cannot lock the tables"));
    return mu_postgis_run(postgis, "SET LOCAL muster.is_loading = 'yes'", "cannot begin to load");
}

static muster_status require_empty(mu_postgis *postgis, const mu_schema_table *table,
                                   const char *schema) {
    sql_text    sql = {.used = 0};
    const char *row;
    add(&sql, "SELECT 1 FROM \"", table->name, "\"");
    if (is_meta(table)) add(&sql, " WHERE key <> 'schema_version'", "", "");
    add(&sql, " LIMIT 1", "", "");
    MU_TRY(mu_postgis_value(postgis, sql.text, 0, NULL, "cannot look into a table", &row));
    if (!row) return MUSTER_OK;
    return muster_fail(
        MUSTER_E_IO,
        "PostGIS schema \"%.64s\": table %s has rows already; expected empty tables, "
        "or --replace",
        schema, table->name);
}

/* Deleting, unlike TRUNCATE, leaves the old rows to those who are reading them. */
static muster_status empty(mu_postgis *postgis, const mu_schema_table *table) {
    sql_text sql = {.used = 0};
    char     what[80];
    add(&sql, "DELETE FROM \"", table->name, "\"");
    if (is_meta(table)) add(&sql, " WHERE key <> 'schema_version'", "", "");
    snprintf(what, sizeof what, "cannot empty table %s", table->name);
    return mu_postgis_run(postgis, sql.text, what);
}

/* From the last table to the first, since they refer to those before them. */
static muster_status make_room(mu_postgis *postgis, const char *schema, bool is_replacing) {
    uint32_t               count;
    const mu_schema_table *tables = mu_schema_tables(&count);
    for (uint32_t t = count; t-- > 0;) {
        MU_TRY(is_replacing ? empty(postgis, &tables[t])
                            : require_empty(postgis, &tables[t], schema));
    }
    return MUSTER_OK;
}

muster_status mu_postgis_target_open(mu_row_target **out, const char *connection,
                                     const char *schema, bool is_replacing) {
    static const mu_row_target_class CLASS = {begin_writing, put_row, end_writing, publish,
                                              close_target};
    postgis_target                  *t;
    *out = NULL;
    MU_TRY(mu_gis_alloc_zeroed(&t, 1, sizeof *t));
    t->base.class        = &CLASS;
    muster_status status = mu_postgis_open(&t->postgis, connection, NULL, MU_POSTGIS_LOADS);
    if (status == MUSTER_OK) status = mu_postgis_schema_open(t->postgis, schema);
    if (status == MUSTER_OK) status = lock_tables(t->postgis);
    if (status == MUSTER_OK) status = make_room(t->postgis, schema, is_replacing);
    if (status != MUSTER_OK) {
        close_target(&t->base);
        return status;
    }
    t->rows.postgis = t->postgis;
    snprintf(t->base.name, sizeof t->base.name, "PostGIS schema \"%.64s\"", schema);
    *out = &t->base;
    return MUSTER_OK;
}
