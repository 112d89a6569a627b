/* muster snapshot: a network as a file that is mapped instead of read. */
#include <stdio.h>
#include <string.h>

#include <muster/snapshot.h>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/hierarchy_summary.h"
#include "cli/json_file.h"
#include "cli/network_file.h"

typedef struct snapshot_options {
    const char *path, *output;
    bool        is_json;
} snapshot_options;

static error_t check_options(const snapshot_options *o) {
    if (!o->path) return arguments_reject("no network; expected NET.gpkg");
    if (!o->output) return arguments_reject("no output; expected -o NET.mnet");
    if (strcmp(o->output, "-") != 0) return 0;
    return arguments_reject("-o is \"-\"; expected a file, for a snapshot is no stream");
}

static error_t parse(int key, char *value, struct argp_state *state) {
    snapshot_options *o = state->input;
    switch (key) {
    case 'o':
        o->output = value;
        return 0;
    case 'j':
        o->is_json = true;
        return 0;
    case ARGP_KEY_ARG:
        return arguments_take(&o->path, value, "NET.gpkg");
    case ARGP_KEY_END:
        return check_options(o);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option OPTIONS[] = {{"output", 'o', "NET.mnet", FILE_WRITTEN,
                                              "the snapshot to write; an existing one is replaced",
                                              0},
                                             {"json", 'j', NULL, 0, "print the summary as JSON", 0},
                                             {0}};

static const struct argp ARGP = {
    .options  = OPTIONS,
    .parser   = parse,
    .args_doc = "NET.gpkg -o NET.mnet",
    .doc = "Write a network, with its hierarchy, to a file that opens in milliseconds and that "
           "processes share. Every command that takes NET takes a snapshot too.\vA snapshot is "
           "for speed, not for keeping: another version of muster may want it made again."};

static int print(const snapshot_options *o, const hierarchy_summary *summary) {
    if (o->is_json) {
        return json_write(json_pack("{s:s, s:o}", "file", o->output, "hierarchy",
                                    hierarchy_summary_json(summary)),
                          "-");
    }
    puts(o->output);
    hierarchy_summary_print(summary);
    return COMMAND_DONE;
}

int command_snapshot(int argc, char **argv) {
    snapshot_options  o = {0};
    hierarchy_summary summary;
    muster_network   *network;
    progress          bar;
    int               code = arguments_parse(&ARGP, argc, argv, &o);
    if (code != COMMAND_DONE) return code;
    progress_start(&bar);
    muster_status status = network_file_load(&network, o.path);
    if (status != MUSTER_OK) return command_fail_status(status);
    status = hierarchy_summary_build(&summary, network, &bar);
    if (status == MUSTER_OK) status = muster_network_snapshot_write(network, o.output);
    code = status == MUSTER_OK ? print(&o, &summary) : command_fail_status(status);
    muster_network_free(network);
    return code;
}
