/* muster db init and muster db migrate: tables that are made, and brought up to date. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/db.h"
#include "cli/json_file.h"

static const struct argp_option OPTIONS[] = {DB_SCHEMA_OPTION, DB_JSON_OPTION, {0}};

static error_t parse(int key, char *value, struct argp_state *state) {
    return db_option(state->input, key, value, state);
}

/* A connection may hold a password, so it is not repeated. */
static int print(const db_options *o, muster_database_version version) {
    if (o->is_json) {
        return json_write(json_pack("{s:i, s:i}", "from_version", (int)version.from, "to_version",
                                    (int)version.to),
                          "-");
    }
    if (version.from == version.to) {
        printf("schema version %u, nothing to do\n", version.to);
    } else if (version.from == 0) {
        printf("schema version %u made\n", version.to);
    } else {
        printf("schema version %u, was %u\n", version.to, version.from);
    }
    return COMMAND_DONE;
}

static int run(const struct argp *argp, int argc, char **argv,
               muster_status (*make)(const char *, const muster_database_options *,
                                     muster_database_version *)) {
    db_options              o = {0};
    muster_database_version version;
    const int               code = arguments_parse(argp, argc, argv, &o);
    if (code != COMMAND_DONE) return code;
    const muster_database_options options = db_library_options(&o);
    const muster_status           status  = make(o.from, &options, &version);
    return status == MUSTER_OK ? print(&o, version) : command_fail_status(status);
}

int db_init(int argc, char **argv) {
    static const struct argp ARGP = {
        .options  = OPTIONS,
        .parser   = parse,
        .args_doc = "CONNECTION",
        .doc      = "Make the tables in a PostGIS database, in a schema of their own.\v"
                    "Where they are already, they are brought to the newest version. A schema that "
                    "holds anything else is left alone."};
    return run(&ARGP, argc, argv, muster_database_init);
}

int db_migrate(int argc, char **argv) {
    static const struct argp ARGP = {
        .options  = OPTIONS,
        .parser   = parse,
        .args_doc = "CONNECTION|FILE.gpkg",
        .doc = "Bring the tables of a PostGIS database or of a GeoPackage to the newest version.\v"
               "In PostGIS what is missing is run in one transaction. A GeoPackage is written anew "
               "beside itself, with all that is in it, and renamed."};
    return run(&ARGP, argc, argv, muster_database_migrate);
}
