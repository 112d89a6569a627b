/* A file has nothing to send ahead: what is asked for waits until it is read. */
#include "gis/geopackage_store.h"

#include "gis/geopackage_version.h"
#include "gis/memory.h"
#include "gis/network_store.h"

typedef struct asked {
    mu_query      query; /* texts are the store's */
    struct asked *next;
} asked;

typedef struct geopackage_store {
    mu_store     store;
    mu_database *database;
    bool         is_ours;
    mu_texts     texts;
    asked       *first, *last;
} geopackage_store;

static muster_status has_table(mu_store *store, const char *table, bool *out) {
    return mu_database_has_table(((geopackage_store *)store)->database, table, out);
}

static muster_status has_column(mu_store *store, const char *table, const char *column, bool *out) {
    return mu_database_has_column(((geopackage_store *)store)->database, table, column, out);
}

/* ---- queries ------------------------------------------------------------------------- */

static muster_status keep_texts(geopackage_store *s, mu_query *query) {
    MU_TRY(mu_texts_keep(&s->texts, query->sql, &query->sql));
    return query->argument ? mu_texts_keep(&s->texts, query->argument, &query->argument)
                           : MUSTER_OK;
}

static muster_status ask(mu_store *store, const mu_query *query) {
    geopackage_store *s = (geopackage_store *)store;
    asked            *added;
    MU_TRY(mu_gis_alloc_zeroed(&added, 1, sizeof *added));
    added->query = *query;
    if (s->last) s->last->next = added;
    if (!s->first) s->first = added;
    s->last = added;
    return keep_texts(s, &added->query);
}

static mu_query take_first(geopackage_store *s) {
    asked         *first = s->first;
    const mu_query query = first->query;
    s->first             = first->next;
    if (!s->first) s->last = NULL;
    mu_gis_free(first);
    return query;
}

static muster_status read_rows(mu_statement *statement, mu_read_row *read_row, void *user) {
    for (bool there = true;;) {
        MU_TRY(mu_statement_next(statement, &there));
        if (!there) return MUSTER_OK;
        MU_TRY(read_row(user, mu_statement_row(statement)));
    }
}

static muster_status read(mu_store *store, mu_read_row *read_row, void *user) {
    geopackage_store *s     = (geopackage_store *)store;
    const mu_query    query = take_first(s);
    mu_statement     *statement;
    MU_TRY(mu_statement_new(&statement, s->database, query.table, query.sql));
    if (query.argument) mu_bind_text(statement, 1, query.argument);
    const muster_status status = read_rows(statement, read_row, user);
    mu_statement_free(statement);
    return status;
}

/* ---- opening ------------------------------------------------------------------------- */

static void close_store(mu_store *store) {
    geopackage_store *s = (geopackage_store *)store;
    while (s->first) take_first(s);
    mu_texts_fini(&s->texts);
    if (s->is_ours) mu_database_close(s->database);
    mu_gis_free(s);
}

muster_status mu_geopackage_store_new(mu_store **out, mu_database *database) {
    geopackage_store *s;
    *out = NULL;
    MU_TRY(mu_gis_alloc_zeroed(&s, 1, sizeof *s));
    s->store    = (mu_store){.name           = mu_database_name(database),
                             .maker          = "muster import osm",
                             .newest_version = MU_GEOPACKAGE_VERSION,
                             .has_table      = has_table,
                             .has_column     = has_column,
                             .ask            = ask,
                             .read           = read,
                             .close          = close_store};
    s->database = database;
    *out        = &s->store;
    return MUSTER_OK;
}

muster_status mu_geopackage_store_open(mu_store **out, const char *path) {
    mu_database *database;
    *out = NULL;
    MU_TRY(mu_database_open(&database, path));
    const muster_status status = mu_geopackage_store_new(out, database);
    if (status == MUSTER_OK) {
        ((geopackage_store *)*out)->is_ours = true;
    } else {
        mu_database_close(database);
    }
    return status;
}

muster_status mu_geopackage_check_tables(mu_database *database) {
    mu_store *store;
    MU_TRY(mu_geopackage_store_new(&store, database));
    const muster_status status = mu_network_check_tables(store);
    mu_store_close(store);
    return status;
}
