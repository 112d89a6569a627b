/* See postgis_schema.h. A schema is ours if it has a table muster_meta that says which version it is
 * of. One that has anything else, and not that, is somebody's: it is left alone. */
#include "gis/postgis_schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gis/migrations.h"

muster_status mu_postgis_schema_use(mu_postgis *postgis, const char *schema) {
    const char *path;
    MU_TRY(mu_postgis_value(
        postgis,
        "SELECT set_config('search_path', quote_ident($1) || ', ' || quote_ident(nspname), true) "
        "FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace "
        "WHERE extname = 'postgis'",
        1, &schema, "cannot look for PostGIS", &path));
    if (path) return MUSTER_OK;
    return muster_fail(MUSTER_E_IO,
                       "\"%s\": the database has no PostGIS; expected CREATE EXTENSION postgis "
                       "to have been run in it",
                       mu_postgis_name(postgis));
}

static muster_status foreign(const mu_postgis *postgis, const char *schema, const char *why) {
    return muster_fail(MUSTER_E_FORMAT,
                       "\"%s\": schema \"%.64s\" is not muster's: %s; expected an empty one, "
                       "or another name",
                       mu_postgis_name(postgis), schema, why);
}

/* The first thing in the schema that is no extension's; NULL where it is empty. */
static muster_status look_into(mu_postgis *postgis, const char *schema, const char **out) {
    return mu_postgis_value(
        postgis,
        "SELECT min(name) FROM ("
        "SELECT relname::text COLLATE \"C\" AS name, pg_class.oid, relnamespace AS space "
        "FROM pg_class UNION ALL "
        "SELECT proname::text COLLATE \"C\", pg_proc.oid, pronamespace FROM pg_proc) AS things "
        "JOIN pg_namespace ON pg_namespace.oid = space WHERE nspname = $1 AND NOT EXISTS ("
        "SELECT 1 FROM pg_depend WHERE objid = things.oid AND deptype = 'e')",
        1, &schema, "cannot look into the schema", out);
}

static muster_status read_version(mu_postgis *postgis, const char *schema, const char **out) {
    const char *sql;
    MU_TRY(mu_postgis_value(postgis,
                            "SELECT 'SELECT value FROM ' || quote_ident($1) || '.muster_meta WHERE "
                            "key = ''schema_version'''",
                            1, &schema, "cannot quote", &sql));
    return mu_postgis_value(postgis, sql, 0, NULL, "cannot read the version of the tables", out);
}

static muster_status judge_version(const mu_postgis *postgis, const char *schema, const char *text,
                                   uint32_t *out) {
    char      *end;
    uint32_t   newest;
    const long version = text ? strtol(text, &end, 10) : 0;
    (void)mu_migrations(&newest);
    if (!text || end == text || *end != 0 || version < 1) {
        return foreign(postgis, schema,
                       "its muster_meta has no schema_version that is a whole number from 1");
    }
    if (version > (long)newest) {
        return muster_fail(MUSTER_E_FORMAT,
                           "\"%s\": schema \"%.64s\" has version %ld; this muster (%s) knows "
                           "versions up to %u, a newer one is needed",
                           mu_postgis_name(postgis), schema, version, muster_version(), newest);
    }
    *out = (uint32_t)version;
    return MUSTER_OK;
}

muster_status mu_postgis_schema_version(mu_postgis *postgis, const char *schema, uint32_t *out) {
    const char *text;
    char        thing[80];
    *out = 0;
    if (strlen(schema) == 0 || strlen(schema) > 63) {
        return muster_fail(MUSTER_E_INVALID, "schema \"%.64s\"; expected a name of 1 to 63 bytes",
                           schema);
    }
    MU_TRY(look_into(postgis, schema, &text));
    if (!text) return MUSTER_OK;
    snprintf(thing, sizeof thing, "it holds \"%s\"", text);
    MU_TRY(mu_postgis_value(postgis,
                            "SELECT 1 FROM pg_class JOIN pg_namespace ON pg_namespace.oid = "
                            "relnamespace WHERE nspname = $1 AND relname = 'muster_meta'",
                            1, &schema, "cannot look for muster_meta", &text));
    if (!text) return foreign(postgis, schema, thing);
    MU_TRY(read_version(postgis, schema, &text));
    return judge_version(postgis, schema, text, out);
}

muster_status mu_postgis_schema_open(mu_postgis *postgis, const char *schema) {
    uint32_t version, newest;
    (void)mu_migrations(&newest);
    MU_TRY(mu_postgis_schema_version(postgis, schema, &version));
    if (version == newest) return mu_postgis_schema_use(postgis, schema);
    if (version == 0) {
        return muster_fail(MUSTER_E_FORMAT,
                           "\"%s\": there are no tables of muster's in schema \"%.64s\"; make "
                           "them with `muster db init`",
                           mu_postgis_name(postgis), schema);
    }
    return muster_fail(MUSTER_E_FORMAT,
                       "\"%s\": schema \"%.64s\" has version %u; bring it to %u with `muster db "
                       "migrate`",
                       mu_postgis_name(postgis), schema, version, newest);
}

/* ---- making and changing it ----------------------------------------------------------- */

static const char *schema_of(const muster_database_options *options) {
    return options && options->schema ? options->schema : "muster";
}

/* Only one at a time, whoever comes second finds it done. */
static muster_status lock(mu_postgis *postgis, const char *schema) {
    const char *none;
    return mu_postgis_value(
        postgis, "SELECT pg_advisory_xact_lock(hashtextextended('muster schema ' || $1, 0))", 1,
        &schema, "another migration is running", &none);
}

static muster_status set_version(mu_postgis *postgis, uint32_t version) {
    char        text[16];
    const char *parameter = text, *none;
    snprintf(text, sizeof text, "%u", version);
    return mu_postgis_value(postgis,
                            "INSERT INTO muster_meta (key, value) VALUES ('schema_version', $1) "
                            "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                            1, &parameter, "cannot note the version", &none);
}

static muster_status run_migrations(mu_postgis *postgis, uint32_t from, uint32_t *out_to) {
    uint32_t            newest;
    char                what[120];
    const mu_migration *migrations = mu_migrations(&newest);
    for (uint32_t m = from; m < newest; ++m) {
        snprintf(what, sizeof what, "migration %s failed", migrations[m].name);
        MU_TRY(mu_postgis_run(postgis, migrations[m].sql, what));
        MU_TRY(set_version(postgis, m + 1));
    }
    *out_to = newest;
    return MUSTER_OK;
}

static muster_status make_schema(mu_postgis *postgis, const char *schema) {
    const char *sql;
    MU_TRY(mu_postgis_run(postgis, "CREATE EXTENSION IF NOT EXISTS postgis",
                          "cannot create the extension postgis"));
    MU_TRY(mu_postgis_value(postgis, "SELECT 'CREATE SCHEMA IF NOT EXISTS ' || quote_ident($1)", 1,
                            &schema, "cannot quote", &sql));
    return mu_postgis_run(postgis, sql, "cannot create the schema");
}

static muster_status migrate(mu_postgis *postgis, const char *schema, bool is_init,
                             muster_database_version *out) {
    MU_TRY(lock(postgis, schema));
    MU_TRY(mu_postgis_schema_version(postgis, schema, &out->from));
    if (is_init && out->from == 0) MU_TRY(make_schema(postgis, schema));
    if (!is_init && out->from == 0) return mu_postgis_schema_open(postgis, schema);
    MU_TRY(mu_postgis_schema_use(postgis, schema));
    MU_TRY(run_migrations(postgis, out->from, &out->to));
    return mu_postgis_commit(postgis);
}

static muster_status open_and_migrate(const char                    *connection,
                                      const muster_database_options *options, bool is_init,
                                      muster_database_version *out) {
    mu_postgis             *postgis;
    muster_database_version version = {0, 0};
    *out                            = version;
    MU_TRY(mu_postgis_open(&postgis, connection, NULL, MU_POSTGIS_LOADS));
    const muster_status status = migrate(postgis, schema_of(options), is_init, &version);
    if (status == MUSTER_OK) *out = version;
    mu_postgis_close(postgis);
    return status;
}

muster_status muster_database_init(const char *connection, const muster_database_options *options,
                                   muster_database_version *out_version) {
    return open_and_migrate(connection, options, true, out_version);
}

muster_status mu_postgis_schema_migrate(const char                    *connection,
                                        const muster_database_options *options,
                                        muster_database_version       *out_version) {
    return open_and_migrate(connection, options, false, out_version);
}
