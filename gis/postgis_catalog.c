/* See postgis_catalog.h. The catalog is asked for one text a question, a line for each column,
 * constraint or index in PostgreSQL's own words, and what ought to be there is looked for among the
 * lines. That some CHECK looks at a column is all that is asked of checks: whether it is the right one
 * shows in the rows, which are checked as well. */
#include "gis/postgis_catalog.h"

#include <stdio.h>
#include <string.h>

enum { LINE_BYTES = 300 };

static const char COLUMNS[] =
    "SELECT string_agg(attname || ' ' || format_type(atttypid, atttypmod) || CASE WHEN attnotnull "
    "THEN ' NOT NULL' ELSE '' END, E'\\n' ORDER BY attnum) FROM pg_attribute "
    "WHERE attrelid = to_regclass(quote_ident($1)) AND attnum > 0 AND NOT attisdropped";
static const char CONSTRAINTS[] =
    "SELECT string_agg(replace(pg_get_constraintdef(oid), '\"', ''), E'\\n') FROM pg_constraint "
    "WHERE conrelid = to_regclass(quote_ident($1))";
static const char INDEXES[] =
    "SELECT string_agg(pg_get_indexdef(indexrelid), E'\\n') FROM pg_index "
    "WHERE indrelid = to_regclass(quote_ident($1))";

/* The lines, which live until others are asked for; NULL: there are none. */
static muster_status ask(mu_postgis *postgis, const char *sql, const mu_schema_table *table,
                         const char **out) {
    return mu_postgis_value(postgis, sql, 1, &table->name, "cannot read the catalog", out);
}

/* The line that begins with `begin`, as a copy that may be cut; false where there is none. */
static bool find_line(const char *lines, const char *begin, char out[LINE_BYTES]) {
    const size_t length = strlen(begin);
    for (const char *line = lines; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, begin, length) != 0) continue;
        snprintf(out, LINE_BYTES, "%.*s", (int)strcspn(line, "\n"), line);
        return true;
    }
    return false;
}

/* ---- columns ----------------------------------------------------------------------------- */

static const char *geometry_type(uint32_t shapes) {
    switch (shapes) {
    case MU_SHAPE_POINT:
        return "geometry(Point,4326)";
    case MU_SHAPE_LINE:
        return "geometry(LineString,4326)";
    case MU_SHAPE_POLYGON:
        return "geometry(Polygon,4326)";
    default:
        return "geometry(Geometry,4326)";
    }
}

static const char *type_of(const mu_schema_column *column) {
    switch (column->type) {
    case MU_TYPE_BOOLEAN:
        return "boolean";
    case MU_TYPE_INTEGER:
        return "integer";
    case MU_TYPE_BIGINT:
        return "bigint";
    case MU_TYPE_REAL:
        return "double precision";
    case MU_TYPE_TEXT:
        return "text";
    case MU_TYPE_JSON:
        return "json";
    case MU_TYPE_MOMENT:
        return "timestamp(0) with time zone";
    case MU_TYPE_INSTANT:
        return "timestamp with time zone";
    default:
        return geometry_type(column->shapes);
    }
}

/* What the catalog says of a column behind its name; "" where it is not there. */
static void describe(const char *columns, const mu_schema_column *column, char out[LINE_BYTES]) {
    char begin[80], line[LINE_BYTES];
    out[0] = 0;
    snprintf(begin, sizeof begin, "%s ", column->name);
    if (find_line(columns, begin, line)) snprintf(out, LINE_BYTES, "%s", line + strlen(begin));
}

static bool is_of_type(const char *described, const mu_schema_column *column) {
    const size_t length = strlen(type_of(column));
    return strncmp(described, type_of(column), length) == 0 &&
           (described[length] == 0 || strcmp(described + length, " NOT NULL") == 0);
}

muster_status mu_postgis_catalog_read(mu_postgis *postgis, const mu_schema_table *table,
                                      bool *out_is_there, bool out_is_usable[MU_SCHEMA_COLUMNS]) {
    const char *columns;
    char        described[LINE_BYTES] = "";
    MU_TRY(ask(postgis, COLUMNS, table, &columns));
    *out_is_there = columns != NULL;
    for (uint32_t c = 0; columns && c < table->column_count; ++c) {
        describe(columns, &table->column[c], described);
        out_is_usable[c] = is_of_type(described, &table->column[c]);
    }
    return MUSTER_OK;
}

static muster_status tell(const mu_schema_table *table, const char *column, const char *value,
                          const char *expected, const char *more, mu_fault_found *found,
                          void *user) {
    mu_fault fault = {.table = table, .column = column};
    snprintf(fault.value, sizeof fault.value, "%.70s", value);
    snprintf(fault.expected, sizeof fault.expected, "%s%s", expected, more);
    return found(user, &fault);
}

static muster_status check_columns(const mu_schema_table *table, const char *columns,
                                   mu_fault_found *found, void *user) {
    char described[LINE_BYTES] = "";
    for (uint32_t c = 0; c < table->column_count; ++c) {
        const mu_schema_column *column = &table->column[c];
        const char             *end    = column->may_be_null ? "" : " NOT NULL";
        describe(columns, column, described);
        if (described[0] == 0) {
            MU_TRY(tell(table, column->name, "no such column", type_of(column), end, found, user));
            continue;
        }
        const bool is_not_null = strstr(described, " NOT NULL") != NULL;
        if (is_of_type(described, column) && is_not_null == !column->may_be_null) continue;
        MU_TRY(tell(table, column->name, described, type_of(column), end, found, user));
    }
    return MUSTER_OK;
}

/* ---- constraints and indexes ---------------------------------------------------------------- */

/* "scenario code" as "scenario, code". */
static void list(char out[LINE_BYTES], const char *names) {
    size_t used = 0;
    for (; *names && used + 3 < LINE_BYTES; ++names) {
        if (*names == ' ') out[used++] = ',';
        out[used++] = *names;
    }
    out[used] = 0;
}

/* One that is not yet enforced of the old rows counts as missing. */
static muster_status require(const mu_schema_table *table, const char *lines, const char *expected,
                             mu_fault_found *found, void *user) {
    char line[LINE_BYTES];
    if (lines && find_line(lines, expected, line) && !strstr(line, "NOT VALID")) return MUSTER_OK;
    return tell(table, "", "no such constraint", expected, "", found, user);
}

static muster_status require_keys(const mu_schema_table *table, const char *lines,
                                  mu_fault_found *found, void *user) {
    char expected[2 * LINE_BYTES + 40], names[LINE_BYTES], to[LINE_BYTES];
    /* muster_meta has a key that means nothing, as all tables have, and is not moved. */
    const bool is_meta = strcmp(table->name, "muster_meta") == 0;
    snprintf(expected, sizeof expected, "%s (%s)", is_meta ? "UNIQUE" : "PRIMARY KEY",
             table->column[0].name);
    MU_TRY(require(table, lines, expected, found, user));
    for (int u = 0; u < MU_SCHEMA_UNIQUE && table->unique[u]; ++u) {
        list(names, table->unique[u]);
        snprintf(expected, sizeof expected, "UNIQUE (%s)", names);
        MU_TRY(require(table, lines, expected, found, user));
    }
    for (int r = 0; r < MU_SCHEMA_REFERENCES && table->reference[r].columns; ++r) {
        list(names, table->reference[r].columns);
        list(to, table->reference[r].to);
        snprintf(expected, sizeof expected, "FOREIGN KEY (%s) REFERENCES %s(%s)", names,
                 table->reference[r].table, to);
        MU_TRY(require(table, lines, expected, found, user));
    }
    return MUSTER_OK;
}

/* Does another table say which values there are? */
static bool is_reference(const mu_schema_table *table, const mu_schema_column *column) {
    for (int r = 0; r < MU_SCHEMA_REFERENCES && table->reference[r].columns; ++r) {
        const char *columns = table->reference[r].columns;
        if (mu_schema_has_word(columns, column->name, strlen(column->name))) return true;
    }
    return false;
}

static bool is_name_byte(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '_';
}

/* Is there a CHECK that names the column? */
static bool is_checked(const char *lines, const char *column) {
    const size_t length = strlen(column);
    for (const char *line = lines; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        const char *end = line + strcspn(line, "\n");
        if (strncmp(line, "CHECK", 5) != 0) continue;
        for (const char *at = strstr(line, column); at && at < end; at = strstr(at + 1, column)) {
            if (!is_name_byte(at[-1]) && !is_name_byte(at[length])) return true;
        }
    }
    return false;
}

static muster_status require_checks(const mu_schema_table *table, const char *lines,
                                    mu_fault_found *found, void *user) {
    for (uint32_t c = 0; c < table->column_count; ++c) {
        const mu_schema_column *column = &table->column[c];
        const bool is_limited          = column->is_bounded || column->words || column->digits ||
                                column->type == MU_TYPE_MOMENT || column->type == MU_TYPE_GEOMETRY;
        if (!is_limited || is_reference(table, column)) continue;
        if (lines && is_checked(lines, column->name)) continue;
        MU_TRY(tell(table, column->name, "no such constraint", "CHECK of its values", "", found,
                    user));
    }
    return MUSTER_OK;
}

static muster_status check_constraints(mu_postgis *postgis, const mu_schema_table *table,
                                       mu_fault_found *found, void *user) {
    const char *lines;
    MU_TRY(ask(postgis, CONSTRAINTS, table, &lines));
    MU_TRY(require_keys(table, lines, found, user));
    MU_TRY(require_checks(table, lines, found, user));
    if (mu_schema_geometry(table) == MUSTER_NONE) return MUSTER_OK;
    MU_TRY(ask(postgis, INDEXES, table, &lines));
    if (lines && strstr(lines, "USING gist (geom)")) return MUSTER_OK;
    return tell(table, "geom", "no such index", "a spatial index: USING gist (geom)", "", found,
                user);
}

muster_status mu_postgis_catalog_check(mu_postgis *postgis, const mu_schema_table *table,
                                       bool only_columns, mu_fault_found *found, void *user) {
    const char *columns;
    MU_TRY(ask(postgis, COLUMNS, table, &columns));
    if (!columns) return tell(table, "", "no such table", table->title, "", found, user);
    MU_TRY(check_columns(table, columns, found, user));
    return only_columns ? MUSTER_OK : check_constraints(postgis, table, found, user);
}
