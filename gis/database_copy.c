/* Checking what a store holds, and copying it to another: the same walk over the same tables, with or
 * without somebody at its end. Bringing one up to date is another's business for each kind of store.
 *
 * Rows are judged on the way, whatever the two stores are: a folder has no constraints, an old
 * GeoPackage few, and what PostGIS says of a violated one is less than what we know of the row. */
#include <muster/database.h>

#include <string.h>

#include "gis/database_report.h"
#include "gis/geopackage_migrate.h"
#include "gis/postgis_schema.h"
#include "gis/row_store.h"

enum { ROWS_BETWEEN_PROGRESS = 8192 };

typedef struct walk {
    const muster_database_options *options;
    mu_row_source                 *source;
    mu_row_target                 *target; /* NULL: rows are only checked */
    mu_fault_found                *found;
    mu_row_checker                *checker;
    muster_database_report        *report;
    uint32_t                       table, table_count;
    mu_value                       value[MU_SCHEMA_COLUMNS];
} walk;

static const char *schema_of(const muster_database_options *options) {
    return options && options->schema ? options->schema : "muster";
}

static muster_status progress(const walk *w, const char *phase) {
    const muster_database_options *o = w->options;
    if (!o || !o->progress) return MUSTER_OK;
    if (o->progress(o->progress_user, phase, (double)w->table / w->table_count)) return MUSTER_OK;
    return muster_fail(MUSTER_E_CANCELLED, "%s: cancelled", w->source->name);
}

/* ---- faults ------------------------------------------------------------------------------ */

static muster_status note_fault(void *user, const mu_fault *fault) {
    return mu_report_fault(((walk *)user)->report, fault);
}

/* What is copied has none. */
static muster_status refuse_fault(void *user, const mu_fault *fault) {
    const walk *w       = user;
    const bool  has_row = fault->row[0] != 0, has_column = fault->column[0] != 0;
    return muster_fail(MUSTER_E_INVALID, "%s: table %s%s%s%s%s: %s; expected %s", w->source->name,
                       fault->table->name, has_row ? ", row " : "", fault->row,
                       has_column ? ", column " : "", fault->column, fault->value, fault->expected);
}

/* ---- rows -------------------------------------------------------------------------------- */

static muster_status pass_row(walk *w) {
    mu_bounds bounds;
    MU_TRY(mu_row_checker_row(w->checker, w->value, &bounds));
    mu_report_row(w->report);
    return w->target ? w->target->class->put(w->target, w->value, &bounds) : MUSTER_OK;
}

static muster_status pass_rows(walk *w, const mu_schema_table *table) {
    bool     is_row;
    uint64_t row = 0;
    MU_TRY(w->source->class->next(w->source, w->value, &is_row));
    while (is_row) {
        if (row++ % ROWS_BETWEEN_PROGRESS == 0) MU_TRY(progress(w, table->name));
        MU_TRY(pass_row(w));
        MU_TRY(w->source->class->next(w->source, w->value, &is_row));
    }
    return MUSTER_OK;
}

static muster_status pass_table(walk *w, const mu_schema_table *table) {
    bool is_there;
    MU_TRY(progress(w, table->name));
    mu_report_begin(w->report, table);
    MU_TRY(w->source->class->inspect(w->source, table, w->target != NULL, w->found, w));
    MU_TRY(w->source->class->begin(w->source, table, &is_there));
    mu_report_is_there(w->report, is_there);
    MU_TRY(mu_row_checker_begin(w->checker, table));
    if (w->target) MU_TRY(w->target->class->begin(w->target, table));
    if (is_there) MU_TRY(pass_rows(w, table));
    MU_TRY(mu_row_checker_end(w->checker));
    return w->target ? w->target->class->end(w->target) : MUSTER_OK;
}

static muster_status pass_all(walk *w) {
    const mu_schema_table *tables = mu_schema_tables(&w->table_count);
    for (w->table = 0; w->table < w->table_count; ++w->table) {
        MU_TRY(pass_table(w, &tables[w->table]));
    }
    return w->target ? w->target->class->publish(w->target) : MUSTER_OK;
}

static muster_status run(walk *w, bool looks_around) {
    MU_TRY(mu_row_checker_new(&w->checker, w->found, w, looks_around));
    return pass_all(w);
}

/* The report becomes the caller's, or is given back. */
static muster_status finish(walk *w, muster_status status, muster_database_report **out) {
    mu_row_source_close(w->source);
    mu_row_target_close(w->target);
    mu_row_checker_free(w->checker);
    if (status == MUSTER_OK && out) {
        *out = w->report;
    } else {
        muster_database_report_free(w->report);
    }
    return status;
}

/* ---- both ends --------------------------------------------------------------------------- */

muster_status muster_database_check(muster_database_report **out, const char *store,
                                    const muster_database_options *options) {
    walk w = {.options = options, .found = note_fault};
    *out   = NULL;
    MU_TRY(mu_report_new(&w.report));
    muster_status status = mu_row_source_open(&w.source, store, schema_of(options));
    if (status == MUSTER_OK) status = run(&w, true);
    return finish(&w, status, out);
}

static muster_status open_both(walk *w, const char *from, const char *to) {
    const bool may_replace = w->options && w->options->replace;
    if (strcmp(from, to) == 0) {
        return muster_fail(MUSTER_E_INVALID, "a store is to be copied to itself; expected two");
    }
    MU_TRY(mu_row_source_open(&w->source, from, schema_of(w->options)));
    return mu_row_target_open(&w->target, to, schema_of(w->options), may_replace);
}

muster_status muster_database_copy(muster_database_report **out, const char *from, const char *to,
                                   const muster_database_options *options) {
    walk w = {.options = options, .found = refuse_fault};
    if (out) *out = NULL;
    MU_TRY(mu_report_new(&w.report));
    muster_status status = open_both(&w, from, to);
    if (status == MUSTER_OK) status = run(&w, false);
    return finish(&w, status, out);
}

bool muster_database_is_server(const char *store) {
    return mu_store_kind_of(store) == MU_STORE_POSTGIS;
}

muster_status muster_database_migrate(const char *store, const muster_database_options *options,
                                      muster_database_version *out_version) {
    switch (mu_store_kind_of(store)) {
    case MU_STORE_POSTGIS:
        return mu_postgis_schema_migrate(store, options, out_version);
    case MU_STORE_GEOPACKAGE:
        return mu_geopackage_migrate(store, out_version);
    default:
        *out_version = (muster_database_version){0, 0};
        return muster_fail(MUSTER_E_INVALID,
                           "\"%.200s\" is a folder, or nothing; expected a PostGIS database or a "
                           "GeoPackage",
                           store);
    }
}
