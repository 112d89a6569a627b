/* muster order: the elimination order of a network, kept in its file. */
#include <stdio.h>
#include <string.h>

#include <muster/store.h>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/hierarchy_summary.h"
#include "cli/json_file.h"
#include "cli/progress.h"

typedef struct order_options {
    const char *path, *output;
    bool        is_json;
} order_options;

static error_t parse(int key, char *value, struct argp_state *state) {
    order_options *o = state->input;
    switch (key) {
    case 'o':
        o->output = value;
        return 0;
    case 'j':
        o->is_json = true;
        return 0;
    case ARGP_KEY_ARG:
        return arguments_take(&o->path, value, "FILE");
    case ARGP_KEY_END:
        if (!o->path) return arguments_reject("no FILE; expected a network or a scenario");
        if (o->output && strcmp(o->output, "-") == 0) {
            return arguments_reject("-o is \"-\"; expected a file, for a GeoPackage is no stream");
        }
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option OPTIONS[] = {
    {"output", 'o', "OUT.gpkg", 0, "write to this file and leave FILE as it is", 0},
    {"json", 'j', NULL, 0, "print the summary as JSON", 0},
    {0}};

static const struct argp ARGP = {
    .options  = OPTIONS,
    .parser   = parse,
    .args_doc = "FILE [-o OUT.gpkg]",
    .doc = "Order the nodes of a network or a scenario and keep the order in the file, so that "
           "it loads fast.\vmuster import does this by itself. Everything else in the file "
           "stays as it is."};

static int print(const order_options *o, const hierarchy_summary *summary) {
    const char *path = o->output ? o->output : o->path;
    if (o->is_json) {
        return json_write(
            json_pack("{s:s, s:o}", "file", path, "hierarchy", hierarchy_summary_json(summary)),
            "-");
    }
    puts(path);
    hierarchy_summary_print(summary);
    return COMMAND_DONE;
}

int command_order(int argc, char **argv) {
    order_options     o       = {0};
    hierarchy_summary summary = {.build_ms = -1};
    progress          bar;
    const int         code = arguments_parse(&ARGP, argc, argv, &o);
    if (code != COMMAND_DONE) return code;
    progress_start(&bar);
    const muster_status status =
        muster_network_order(o.path, o.output, &summary.info, progress_report, &bar);
    progress_end(&bar);
    if (status != MUSTER_OK) return command_fail_status(status);
    return print(&o, &summary);
}
