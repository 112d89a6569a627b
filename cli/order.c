/* muster order: the elimination order of a network, kept in its file or in its database. */
#include <stdio.h>
#include <string.h>

#include <muster/database.h>
#include <muster/import.h>
#include <muster/store.h>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/hierarchy_summary.h"
#include "cli/json_file.h"
#include "cli/network_file.h"
#include "cli/progress.h"

enum { KEY_TABLE = 0x100 };

typedef struct order_options {
    const char *path, *output; /* `path`: always a connection where there is a query */
    const char *query, *table;
    bool        is_json;
} order_options;

static error_t check_options(const order_options *o) {
    if (!o->path) return arguments_reject("no FILE; expected a network or a scenario");
    if (o->table && !o->query) return arguments_reject("--table without --query; expected both");
    if (o->query && !o->table) return arguments_reject("--query without --table; expected both");
    if (o->query && o->output) {
        return arguments_reject("-o with --table; expected one of them: a file or a table");
    }
    if (o->output && muster_database_is_server(o->path)) {
        return arguments_reject("-o with a database; expected its order to be kept in it");
    }
    if (o->output && strcmp(o->output, "-") == 0) {
        return arguments_reject("-o is \"-\"; expected a file, for a GeoPackage is no stream");
    }
    return 0;
}

static error_t parse(int key, char *value, struct argp_state *state) {
    order_options *o = state->input;
    switch (key) {
    case 'o':
        o->output = value;
        return 0;
    case 'q':
        o->query = value;
        return 0;
    case KEY_TABLE:
        o->table = value;
        return 0;
    case 'j':
        o->is_json = true;
        return 0;
    case ARGP_KEY_ARG:
        return arguments_take(&o->path, value, "FILE");
    case ARGP_KEY_END:
        return check_options(o);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option OPTIONS[] = {
    {"output", 'o', "OUT.gpkg", 0, "write to this file and leave FILE as it is", 0},
    {"query", 'q', "SQL", 0, "yields the edges, as for muster import postgis", 0},
    {"table", KEY_TABLE, "NAME", 0, "the table, NAME or SCHEMA.NAME, that is to hold the order", 0},
    {"json", 'j', NULL, 0, "print the summary as JSON", 0},
    {0}};

static const struct argp ARGP = {
    .options  = OPTIONS,
    .parser   = parse,
    .args_doc = "FILE [-o OUT.gpkg]\nCONNECTION\nCONNECTION --query SQL --table NAME",
    .doc =
        "Order the nodes of a network or a scenario and keep the order in its file or database, so "
        "that it loads fast; or keep it in a table of the PostGIS that the network comes from.\v"
        "muster import does the first by itself. Everything else in a store stays as it is. The "
        "last is for muster import postgis --order-table."};

static int print(const order_options *o, const hierarchy_summary *summary) {
    const char *where = o->table ? o->table : o->output ? o->output : network_file_name(o->path);
    if (o->is_json) {
        return json_write(json_pack("{s:s, s:o}", o->table ? "table" : "file", where, "hierarchy",
                                    hierarchy_summary_json(summary)),
                          "-");
    }
    puts(where);
    hierarchy_summary_print(summary);
    return COMMAND_DONE;
}

static muster_status make_order(const order_options *o, muster_hierarchy_info *info,
                                progress *bar) {
    if (o->table) {
        return muster_postgis_order(o->path, o->query, o->table, info, progress_report, bar);
    }
    return muster_network_order(o->path, o->output, info, progress_report, bar);
}

int command_order(int argc, char **argv) {
    order_options     o       = {0};
    hierarchy_summary summary = {.build_ms = -1};
    progress          bar;
    const int         code = arguments_parse(&ARGP, argc, argv, &o);
    if (code != COMMAND_DONE) return code;
    progress_start(&bar);
    const muster_status status = make_order(&o, &summary.info, &bar);
    progress_end(&bar);
    if (status != MUSTER_OK) return command_fail_status(status);
    return print(&o, &summary);
}
