/* muster db load and muster db dump: everything from one store to another. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/db.h"
#include "cli/json_file.h"
#include "cli/progress.h"

static const struct argp_option OPTIONS[] = {
    DB_SCHEMA_OPTION, DB_REPLACE_OPTION, DB_JSON_OPTION, {0}};

static error_t parse(int key, char *value, struct argp_state *state) {
    db_options *o = state->input;
    if (key == ARGP_KEY_ARG && o->from) return arguments_take(&o->to, value, "FROM and one target");
    if (key == ARGP_KEY_END && !o->to) {
        return arguments_reject("%s; expected %s", o->from ? "no target" : "no store",
                                state->root_argp->args_doc);
    }
    return db_option(o, key, value, state);
}

static void print_text(const muster_database_table *table, uint32_t count) {
    for (uint32_t t = 0; t < count; ++t) {
        if (table[t].row_count == 0) continue;
        printf("%12" PRIu64 "  %s\n", table[t].row_count, table[t].name);
    }
}

static int print_json(const muster_database_table *table, uint32_t count) {
    json_t *rows = json_object();
    for (uint32_t t = 0; t < count; ++t) {
        json_object_set_new(rows, table[t].name, json_integer((json_int_t)table[t].row_count));
    }
    return json_write(json_pack("{s:o}", "rows", rows), "-");
}

static int print(const db_options *o, const muster_database_report *report) {
    uint32_t                     count;
    const muster_database_table *table = muster_database_report_tables(report, &count);
    if (o->is_json) return print_json(table, count);
    print_text(table, count);
    return COMMAND_DONE;
}

static int copy(const db_options *o) {
    muster_database_report *report;
    progress                bar;
    muster_database_options options = db_library_options(o);
    options.progress                = progress_report;
    options.progress_user           = &bar;
    progress_start(&bar);
    const muster_status status = muster_database_copy(&report, o->from, o->to, &options);
    progress_end(&bar);
    if (status != MUSTER_OK) return command_fail_status(status);
    const int code = print(o, report);
    muster_database_report_free(report);
    return code;
}

int db_load(int argc, char **argv) {
    static const struct argp ARGP = {
        .options  = OPTIONS,
        .parser   = parse,
        .args_doc = "FROM CONNECTION",
        .doc = "Copy everything from a GeoPackage, a folder or another database into a PostGIS "
               "database.\v"
               "Its tables have to be there (muster db init) and empty, or --replace is given. "
               "It is one transaction: all or nothing. Every row is checked on the way."};
    db_options o    = {0};
    const int  code = arguments_parse(&ARGP, argc, argv, &o);
    if (code != COMMAND_DONE) return code;
    if (muster_database_is_server(o.to)) return copy(&o);
    return command_fail(COMMAND_USAGE,
                        "\"%s\" is no PostGIS connection; expected one, or muster db dump", o.to);
}

int db_dump(int argc, char **argv) {
    static const struct argp ARGP = {
        .options  = OPTIONS,
        .parser   = parse,
        .args_doc = "FROM FILE.gpkg|FOLDER",
        .doc      = "Copy everything from a PostGIS database, a GeoPackage or a folder into a "
                    "GeoPackage or a folder of CSV and GeoJSON.\v"
                    "It appears whole or not at all. Every row is checked on the way."};
    db_options o    = {0};
    const int  code = arguments_parse(&ARGP, argc, argv, &o);
    if (code != COMMAND_DONE) return code;
    if (!muster_database_is_server(o.to)) return copy(&o);
    return command_fail(COMMAND_USAGE,
                        "a database is the target; expected a file or a folder, or muster db load");
}
