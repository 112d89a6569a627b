/* See hazard_rows.h. Older files know floods alone, and lack most columns. */
#include "gis/hazard_rows.h"

#include <stdio.h>
#include <string.h>

#include "gis/hazards.h"
#include "gis/polygon_column.h"
#include "gis/shape_column.h"
#include "gis/utf8.h"

enum { SQL_BYTES = 1000, CODE_BYTES = 301, NAME_BYTES = 120, SOURCE_BYTES = 2 * NAME_BYTES };

static const char CLOSURE_PREFIX[] = "closure/";

/* No water is deeper; more is a unit error. */
static const double MOST_DEPTH_M = 12000;

/* Columns in the order of the query, and what stands for one that is missing. */
enum {
    FID_COLUMN,
    CODE_COLUMN,
    SOURCE_COLUMN,
    KIND_COLUMN,
    SEVERITY_COLUMN,
    URGENCY_COLUMN,
    CERTAINTY_COLUMN,
    DEPTH_COLUMN,
    SPEED_COLUMN,
    FORCE_COLUMN,
    STARTS_COLUMN,
    ENDS_COLUMN,
    GEOMETRY_COLUMN,
    COLUMN_COUNT
};

static const struct {
    const char *name;
    bool        is_optional;
} COLUMN[COLUMN_COUNT] = {{"fid", false},       {"code", true},       {"source", true},
                          {"kind", false},      {"severity", true},   {"urgency", true},
                          {"certainty", true},  {"depth_m", true},    {"speed_factor", true},
                          {"wind_force", true}, {"starts_at", false}, {"ends_at", false},
                          {"geom", false}};

typedef struct hazard_reader {
    muster_hazards *hazards;
    const char     *file;
    const char     *scenario;
    mu_shape        shape; /* of the row in hand */
} hazard_reader;

/* ---- columns of both -------------------------------------------------------------------- */

static muster_status read_moment(const mu_row *row, int column, int64_t *out_s) {
    const char *text;
    if (mu_column_is_null(row, column)) return MUSTER_OK; /* without beginning, or end */
    MU_TRY(mu_column_text(row, column, &text));
    if (muster_moment_parse(text, out_s)) return MUSTER_OK;
    return mu_column_unexpected(row, column, "ISO 8601, such as 2026-07-01T06:30:00Z");
}

static muster_status read_code(const mu_row *row, int column, char out[CODE_BYTES]) {
    const char *text;
    MU_TRY(mu_column_text(row, column, &text));
    if (*text == 0 || strlen(text) >= CODE_BYTES - sizeof CLOSURE_PREFIX) {
        return mu_column_unexpected(row, column, "1 to %zu bytes",
                                    CODE_BYTES - sizeof CLOSURE_PREFIX - 1);
    }
    memcpy(out, text, strlen(text) + 1);
    return MUSTER_OK;
}

/* Where a message says that it is from. */
static muster_status write_source(const hazard_reader *r, const mu_row *row,
                                  char out[SOURCE_BYTES]) {
    char    file[NAME_BYTES];
    int64_t fid;
    MU_TRY(mu_column_int(row, FID_COLUMN, INT64_MIN, INT64_MAX, &fid));
    mu_keep_end(file, sizeof file, r->file);
    snprintf(out, SOURCE_BYTES, "\"%s\", table %s, row id %lld", file, row->table, (long long)fid);
    return MUSTER_OK;
}

/* ---- the table hazard ------------------------------------------------------------------- */

/* A word of a list, or `missing` where it is NULL. */
static muster_status read_word(const mu_row *row, int column, int (*find)(const char *), int count,
                               const char *expected, uint8_t *out) {
    const char *text;
    *out = (uint8_t)count;
    if (mu_column_is_null(row, column)) return MUSTER_OK;
    MU_TRY(mu_column_text(row, column, &text));
    *out = (uint8_t)find(text);
    if (*out < count || (column != KIND_COLUMN && strcmp(text, "unknown") == 0)) return MUSTER_OK;
    return mu_column_unexpected(row, column, "%s", expected);
}

static int find_kind(const char *name) {
    return (int)muster_hazard_kind_from_name(name);
}
static int find_severity(const char *name) {
    return (int)muster_severity_from_name(name);
}
static int find_urgency(const char *name) {
    return (int)muster_urgency_from_name(name);
}
static int find_certainty(const char *name) {
    return (int)muster_certainty_from_name(name);
}

static muster_status read_words(const mu_row *row, muster_hazard *h) {
    MU_TRY(read_word(row, KIND_COLUMN, find_kind, MUSTER_HAZARD_KIND_COUNT,
                     "flood, wind, plume, closure or alert", &h->kind));
    MU_TRY(read_word(row, SEVERITY_COLUMN, find_severity, MUSTER_SEVERITY_COUNT,
                     "minor, moderate, severe or extreme", &h->severity));
    MU_TRY(read_word(row, URGENCY_COLUMN, find_urgency, MUSTER_URGENCY_COUNT,
                     "immediate, expected, future or past", &h->urgency));
    return read_word(row, CERTAINTY_COLUMN, find_certainty, MUSTER_CERTAINTY_COUNT,
                     "observed, likely, possible or unlikely", &h->certainty);
}

static muster_status read_real(const mu_row *row, int column, double most, double *out) {
    return mu_column_is_null(row, column) ? MUSTER_OK : mu_column_real(row, column, 0, most, out);
}

static muster_status read_numbers(const mu_row *row, muster_hazard *h) {
    int64_t force = 0;
    MU_TRY(read_real(row, DEPTH_COLUMN, MOST_DEPTH_M, &h->depth_m));
    MU_TRY(read_real(row, SPEED_COLUMN, 1, &h->speed_factor));
    if (!mu_column_is_null(row, FORCE_COLUMN)) {
        MU_TRY(mu_column_int(row, FORCE_COLUMN, 0, MUSTER_WIND_FORCE_MOST, &force));
    }
    h->wind_force = (uint8_t)force;
    return MUSTER_OK;
}

static muster_status read_hazard_code(const hazard_reader *r, const mu_row *row,
                                      char out[CODE_BYTES]) {
    int64_t fid;
    if (!mu_column_is_null(row, CODE_COLUMN)) return read_code(row, CODE_COLUMN, out);
    MU_TRY(mu_column_int(row, FID_COLUMN, INT64_MIN, INT64_MAX, &fid));
    snprintf(out, CODE_BYTES, "%s/%lld", strlen(r->scenario) < 200 ? r->scenario : "hazard",
             (long long)fid);
    return MUSTER_OK;
}

static muster_status read_hazard(void *user, const mu_row *row) {
    hazard_reader *r = user;
    muster_hazard  h = MUSTER_HAZARD_INIT;
    char           code[CODE_BYTES], source[SOURCE_BYTES];
    MU_TRY(write_source(r, row, source));
    MU_TRY(read_hazard_code(r, row, code));
    MU_TRY(read_words(row, &h));
    MU_TRY(read_numbers(row, &h));
    MU_TRY(read_moment(row, STARTS_COLUMN, &h.starts_at_s));
    MU_TRY(read_moment(row, ENDS_COLUMN, &h.ends_at_s));
    MU_TRY(mu_column_polygons(row, GEOMETRY_COLUMN, &r->shape.areas));
    h.code   = code;
    h.source = source;
    return mu_hazards_add_rings(r->hazards, &h, &r->shape.areas);
}

static muster_status write_query(char sql[SQL_BYTES], mu_store *store) {
    size_t used = (size_t)snprintf(sql, SQL_BYTES, "SELECT");
    for (int c = 0; c < COLUMN_COUNT; ++c) {
        bool there = true;
        if (COLUMN[c].is_optional) {
            MU_TRY(mu_store_has_column(store, "hazard", COLUMN[c].name, &there));
        }
        used += (size_t)snprintf(sql + used, SQL_BYTES - used, "%s %s%s", c > 0 ? "," : "",
                                 there ? "" : "NULL AS ", COLUMN[c].name);
    }
    snprintf(sql + used, SQL_BYTES - used,
             " FROM hazard WHERE scenario = ?1 COLLATE BINARY ORDER BY fid");
    return MUSTER_OK;
}

static muster_status read_hazards(hazard_reader *r, mu_store *store) {
    char           sql[SQL_BYTES];
    const mu_query query = {"hazard", sql, r->scenario};
    MU_TRY(write_query(sql, store));
    return mu_store_query(store, &query, read_hazard, r);
}

/* ---- the table closure ------------------------------------------------------------------ */

/* fid and code are where they are in a hazard. */
enum {
    CLOSURE_NAME_COLUMN = CODE_COLUMN + 1,
    CLOSURE_EDGE_COLUMN,
    CLOSURE_STARTS_COLUMN,
    CLOSURE_ENDS_COLUMN,
    CLOSURE_GEOMETRY_COLUMN
};

/* Codes are unique in a table; what a hazard is called as well is told apart. */
static muster_status read_closure_code(const hazard_reader *r, const mu_row *row,
                                       char out[CODE_BYTES]) {
    const size_t prefix = sizeof CLOSURE_PREFIX - 1;
    MU_TRY(read_code(row, CODE_COLUMN, out));
    if (!mu_hazards_has_code(r->hazards, out)) return MUSTER_OK;
    memmove(out + prefix, out, strlen(out) + 1);
    memcpy(out, CLOSURE_PREFIX, prefix);
    return MUSTER_OK;
}

static muster_status read_edge(const mu_row *row, muster_hazard *h, int64_t *edge_id) {
    if (mu_column_is_null(row, CLOSURE_EDGE_COLUMN)) return MUSTER_OK;
    MU_TRY(mu_column_int(row, CLOSURE_EDGE_COLUMN, INT64_MIN, INT64_MAX, edge_id));
    h->edge_count = 1;
    h->edge_id    = edge_id;
    return MUSTER_OK;
}

static muster_status read_shape(hazard_reader *r, const mu_row *row, muster_hazard *h) {
    const mu_shape *s = &r->shape;
    mu_shape_clear(&r->shape);
    if (mu_column_is_null(row, CLOSURE_GEOMETRY_COLUMN)) {
        if (h->edge_count > 0) return MUSTER_OK;
        return mu_column_unexpected(row, CLOSURE_GEOMETRY_COLUMN, "a geometry, or an edge");
    }
    MU_TRY(mu_column_shape(row, CLOSURE_GEOMETRY_COLUMN, &r->shape));
    h->lines =
        (muster_lines){s->lines.count, s->lines.first_point, s->lines.lon_deg, s->lines.lat_deg};
    h->points = (muster_points){s->points.point_count, s->points.lon_deg, s->points.lat_deg};
    return MUSTER_OK;
}

static muster_status read_closure(void *user, const mu_row *row) {
    hazard_reader *r = user;
    muster_hazard  h = MUSTER_HAZARD_INIT;
    char           code[CODE_BYTES], source[SOURCE_BYTES];
    int64_t        edge_id;
    MU_TRY(write_source(r, row, source));
    MU_TRY(read_closure_code(r, row, code));
    MU_TRY(read_moment(row, CLOSURE_STARTS_COLUMN, &h.starts_at_s));
    MU_TRY(read_moment(row, CLOSURE_ENDS_COLUMN, &h.ends_at_s));
    MU_TRY(read_edge(row, &h, &edge_id));
    MU_TRY(read_shape(r, row, &h));
    if (!mu_column_is_null(row, CLOSURE_NAME_COLUMN)) {
        MU_TRY(mu_column_text(row, CLOSURE_NAME_COLUMN, &h.name));
    }
    h.kind   = MUSTER_HAZARD_CLOSURE;
    h.code   = code;
    h.source = source;
    return mu_hazards_add_rings(r->hazards, &h, &r->shape.areas);
}

static muster_status read_closures(hazard_reader *r, mu_store *store) {
    const mu_query query = {"closure",
                            "SELECT fid, code, name, edge, starts_at, ends_at, geom FROM closure "
                            "WHERE scenario = ?1 COLLATE BINARY ORDER BY fid",
                            r->scenario};
    return mu_store_query(store, &query, read_closure, r);
}

/* ---- both ------------------------------------------------------------------------------- */

muster_status mu_hazard_rows_read(muster_hazards *hazards, mu_store *store,
                                  const char *scenario_code) {
    hazard_reader r = {.hazards = hazards, .file = store->name, .scenario = scenario_code};
    bool          has_hazards, has_closures;
    MU_TRY(mu_store_has_table(store, "hazard", &has_hazards));
    MU_TRY(mu_store_has_table(store, "closure", &has_closures));
    muster_status status = has_hazards ? read_hazards(&r, store) : MUSTER_OK;
    if (status == MUSTER_OK && has_closures) status = read_closures(&r, store);
    mu_shape_fini(&r.shape);
    return status;
}
