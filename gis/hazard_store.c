/* Hazards from the table of a GeoPackage or PostGIS. Older files know floods alone, and lack most columns. */
#include <muster/hazard.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "gis/hazards.h"
#include "gis/network_store.h"
#include "gis/polygon_column.h"
#include "gis/store.h"
#include "gis/utf8.h"

enum { SQL_BYTES = 1000, CODE_BYTES = 400, NAME_BYTES = 120 };

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
    mu_rings        rings;
} hazard_reader;

/* ---- columns --------------------------------------------------------------------------- */

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
    return muster_hazard_kind_from_name(name);
}
static int find_severity(const char *name) {
    return muster_severity_from_name(name);
}
static int find_urgency(const char *name) {
    return muster_urgency_from_name(name);
}
static int find_certainty(const char *name) {
    return muster_certainty_from_name(name);
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

static muster_status read_moment(const mu_row *row, int column, int64_t *out_s) {
    const char *text;
    if (mu_column_is_null(row, column)) return MUSTER_OK; /* without beginning, or end */
    MU_TRY(mu_column_text(row, column, &text));
    if (muster_moment_parse(text, out_s)) return MUSTER_OK;
    return mu_column_unexpected(row, column, "ISO 8601, such as 2026-07-01T06:30:00Z");
}

/* ---- a row ----------------------------------------------------------------------------- */

static muster_status read_code(const hazard_reader *r, const mu_row *row, int64_t fid,
                               char out[CODE_BYTES]) {
    const char *text;
    snprintf(out, CODE_BYTES, "%s/%lld", strlen(r->scenario) < 200 ? r->scenario : "hazard",
             (long long)fid);
    if (mu_column_is_null(row, CODE_COLUMN)) return MUSTER_OK;
    MU_TRY(mu_column_text(row, CODE_COLUMN, &text));
    if (*text == 0 || strlen(text) >= CODE_BYTES) {
        return mu_column_unexpected(row, CODE_COLUMN, "1 to %d bytes", CODE_BYTES - 1);
    }
    memcpy(out, text, strlen(text) + 1);
    return MUSTER_OK;
}

static muster_status read_row(void *user, const mu_row *row) {
    hazard_reader *r = user;
    muster_hazard  h = MUSTER_HAZARD_INIT;
    char           code[CODE_BYTES], source[2 * NAME_BYTES], file[NAME_BYTES];
    int64_t        fid;
    MU_TRY(mu_column_int(row, FID_COLUMN, INT64_MIN, INT64_MAX, &fid));
    MU_TRY(read_code(r, row, fid, code));
    MU_TRY(read_words(row, &h));
    MU_TRY(read_numbers(row, &h));
    MU_TRY(read_moment(row, STARTS_COLUMN, &h.starts_at_s));
    MU_TRY(read_moment(row, ENDS_COLUMN, &h.ends_at_s));
    MU_TRY(mu_column_polygons(row, GEOMETRY_COLUMN, &r->rings));
    mu_keep_end(file, sizeof file, r->file);
    snprintf(source, sizeof source, "\"%s\", table hazard, row id %lld", file, (long long)fid);
    h.code   = code;
    h.source = source;
    return mu_hazards_add_rings(r->hazards, &h, &r->rings);
}

/* ---- the table ------------------------------------------------------------------------- */

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

typedef struct scenario_choice {
    mu_texts   *texts;
    const char *wanted, *code; /* NULL: the default; none yet */
} scenario_choice;

static muster_status take_code(void *user, const mu_row *row) {
    scenario_choice *choice = user;
    const char      *code;
    int64_t          is_default;
    MU_TRY(mu_column_text(row, 0, &code));
    MU_TRY(mu_column_int(row, 1, 0, 1, &is_default));
    const bool is_it = choice->wanted ? strcmp(choice->wanted, code) == 0 : is_default != 0;
    return is_it && !choice->code ? mu_texts_keep(choice->texts, code, &choice->code) : MUSTER_OK;
}

/* The scenario asked for, or the default one. */
static muster_status choose(mu_store *store, mu_texts *texts, const char *wanted,
                            const char **out) {
    scenario_choice choice = {texts, wanted, NULL};
    const mu_query  query  = {
          "scenario", "SELECT code, is_default FROM scenario ORDER BY code COLLATE BINARY", NULL};
    MU_TRY(mu_store_query(store, &query, take_code, &choice));
    *out = choice.code;
    if (choice.code) return MUSTER_OK;
    char quoted[NAME_BYTES];
    mu_quote(quoted, sizeof quoted,
             wanted && mu_is_utf8(wanted, strlen(wanted)) ? wanted : "(not UTF-8)");
    return muster_fail(MUSTER_E_INVALID, "\"%s\" has no scenario %s; expected one of its codes",
                       store->name, wanted ? quoted : "that is the default");
}

static muster_status read_table(hazard_reader *r, mu_store *store, mu_texts *texts,
                                const char *wanted) {
    static const char *const TABLE[] = {"hazard", "scenario"};
    char                     sql[SQL_BYTES];
    bool                     there;
    MU_TRY(mu_network_check_tables(store));
    for (int t = 0; t < 2; ++t) {
        MU_TRY(mu_store_has_table(store, TABLE[t], &there));
        if (there) continue;
        return muster_fail(MUSTER_E_FORMAT,
                           "\"%s\" has no table \"%s\"; docs/schema.md describes it", store->name,
                           TABLE[t]);
    }
    MU_TRY(choose(store, texts, wanted, &r->scenario));
    MU_TRY(write_query(sql, store));
    const mu_query query = {"hazard", sql, r->scenario};
    return mu_store_query(store, &query, read_row, r);
}

muster_status muster_hazards_add_store(muster_hazards *hazards, const char *place,
                                       const char *wanted) {
    mu_store *store;
    mu_texts  texts = {0};
    MU_TRY(mu_store_open(&store, place));
    hazard_reader       r      = {.hazards = hazards, .file = store->name};
    const muster_status status = read_table(&r, store, &texts, wanted);
    mu_rings_fini(&r.rings);
    mu_texts_fini(&texts);
    mu_store_close(store);
    return status;
}
