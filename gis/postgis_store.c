/* Which tables and columns there are is read once, when the store is opened, since every question
 * costs the way to the server and back; and what is asked for goes there together (postgis_copy_out.h). */
#include "gis/postgis_store.h"

#include <stdio.h>
#include <string.h>

#include "gis/memory.h"
#include "gis/migrations.h"
#include "gis/postgis_query.h"

typedef struct known_column {
    const char *table, *column; /* in texts */
} known_column;

typedef struct postgis_store {
    mu_store      store;
    mu_postgis   *postgis;
    mu_copy_out   queries;
    mu_texts      texts;
    known_column *column;
    uint32_t      column_count;
    size_t        column_capacity;
} postgis_store;

/* ---- what there is ------------------------------------------------------------------- */

static bool knows(const postgis_store *s, const char *table, const char *column) {
    for (uint32_t c = 0; c < s->column_count; ++c) {
        if (strcmp(s->column[c].table, table) != 0) continue;
        if (!column || strcmp(s->column[c].column, column) == 0) return true;
    }
    return false;
}

static muster_status has_table(mu_store *store, const char *table, bool *out) {
    *out = knows((postgis_store *)store, table, NULL);
    return MUSTER_OK;
}

static muster_status has_column(mu_store *store, const char *table, const char *column, bool *out) {
    *out = knows((postgis_store *)store, table, column);
    return MUSTER_OK;
}

static muster_status read_column(void *user, const mu_row *row) {
    postgis_store *s = user;
    known_column   known;
    MU_TRY(mu_column_text(row, 0, &known.table));
    MU_TRY(mu_column_text(row, 1, &known.column));
    MU_TRY(mu_texts_keep(&s->texts, known.table, &known.table));
    MU_TRY(mu_texts_keep(&s->texts, known.column, &known.column));
    MU_TRY(mu_gis_grow(&s->column, &s->column_capacity, s->column_count, sizeof known));
    s->column[s->column_count++] = known;
    return MUSTER_OK;
}

/* A view will do as well as a table. */
static muster_status read_columns(postgis_store *s) {
    return mu_postgis_query(
        s->postgis, "pg_attribute",
        "SELECT c.relname::text, a.attname::text FROM pg_class AS c "
        "JOIN pg_namespace AS n ON n.oid = c.relnamespace "
        "JOIN pg_attribute AS a ON a.attrelid = c.oid "
        "WHERE n.nspname = ANY (current_schemas(false)) AND pg_table_is_visible(c.oid) "
        "AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND a.attnum > 0 AND NOT a.attisdropped",
        read_column, s);
}

/* ---- why there is nothing ------------------------------------------------------------ */

typedef struct schema_look {
    bool    is_there;
    int64_t may_use;
} schema_look;

static muster_status read_schema(void *user, const mu_row *row) {
    schema_look *look = user;
    look->is_there    = true;
    return mu_column_int(row, 1, 0, 1, &look->may_use);
}

/* A schema that we may not look into is as good as none to current_schemas. */
static muster_status fail_without_tables(const postgis_store *s) {
    schema_look look = {0};
    MU_TRY(mu_postgis_query(s->postgis, "pg_namespace",
                            "SELECT nspname::text, has_schema_privilege(oid, 'USAGE') "
                            "FROM pg_namespace WHERE nspname = 'muster'",
                            read_schema, &look));
    if (look.is_there && !look.may_use) {
        return muster_fail(MUSTER_E_IO, "\"%s\": permission denied for schema muster",
                           s->store.name);
    }
    return muster_fail(MUSTER_E_FORMAT,
                       "\"%s\" has no tables in the schema \"muster\"; `%s` makes them, and "
                       "?options=-csearch_path=NAME in the connection names another schema",
                       s->store.name, s->store.maker);
}

/* ---- queries ------------------------------------------------------------------------- */

static uint32_t count_of(const char *text, const char *word) {
    uint32_t count = 0;
    while ((text = strstr(text, word))) {
        text += strlen(word);
        ++count;
    }
    return count;
}

/* `text` with each `word` exchanged for another one, to be given to mu_gis_free. */
static muster_status exchange(char **out, const char *text, const char *word, const char *other) {
    const size_t room = strlen(text) + count_of(text, word) * strlen(other) + 1;
    MU_TRY(mu_gis_alloc(out, room, 1));
    size_t used = 0;
    for (const char *at; (at = strstr(text, word)); text = at + strlen(word)) {
        used += (size_t)snprintf(*out + used, room - used, "%.*s%s", (int)(at - text), text, other);
    }
    snprintf(*out + used, room - used, "%s", text);
    return MUSTER_OK;
}

/* COPY takes no parameters. */
static muster_status ask(mu_store *store, const mu_query *query) {
    postgis_store *s       = (postgis_store *)store;
    char          *literal = NULL, *sorted = NULL, *sql = NULL;
    muster_status  status =
        mu_postgis_quote_text(s->postgis, &literal, query->argument ? query->argument : "");
    if (status == MUSTER_OK) {
        status = exchange(&sorted, query->sql, "COLLATE BINARY", "COLLATE \"C\"");
    }
    if (status == MUSTER_OK) status = exchange(&sql, sorted, "?1", literal);
    if (status == MUSTER_OK) status = mu_copy_out_ask(&s->queries, query->table, sql);
    mu_gis_free(literal);
    mu_gis_free(sorted);
    mu_gis_free(sql);
    return status;
}

static muster_status read(mu_store *store, mu_read_row *read_row, void *user) {
    return mu_postgis_read(&((postgis_store *)store)->queries, read_row, user);
}

/* ---- opening ------------------------------------------------------------------------- */

static void close_store(mu_store *store) {
    postgis_store *s = (postgis_store *)store;
    mu_copy_out_fini(&s->queries);
    mu_postgis_close(s->postgis);
    mu_texts_fini(&s->texts);
    mu_gis_free(s->column);
    mu_gis_free(s);
}

static muster_status open_tables(postgis_store *s, const char *connection) {
    MU_TRY(mu_postgis_open(&s->postgis, connection, "muster", MU_POSTGIS_READS));
    s->store.name      = mu_postgis_name(s->postgis);
    s->queries.postgis = s->postgis;
    MU_TRY(read_columns(s));
    return s->column_count > 0 ? MUSTER_OK : fail_without_tables(s);
}

muster_status mu_postgis_store_open(mu_store **out, const char *connection) {
    postgis_store *s;
    uint32_t       newest_version;
    *out = NULL;
    mu_migrations(&newest_version);
    MU_TRY(mu_gis_alloc_zeroed(&s, 1, sizeof *s));
    s->store                   = (mu_store){.maker          = "muster db init",
                                            .newest_version = (int)newest_version,
                                            .has_table      = has_table,
                                            .has_column     = has_column,
                                            .ask            = ask,
                                            .read           = read,
                                            .close          = close_store};
    const muster_status status = open_tables(s, connection);
    if (status == MUSTER_OK) {
        *out = &s->store;
    } else {
        close_store(&s->store);
    }
    return status;
}
