/* muster export: the graph that is searched for a profile, so that anybody can search it too.
 *
 * Nodes have the ids of the network file. Arc 2 * i is the file's i-th edge (from 0) from source
 * to target, arc 2 * i + 1 its way back; arcs that the profile may not use are left out, and turns
 * that cost it nothing. */
#include <inttypes.h>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/csv_output.h"
#include "cli/output.h"
#include "cli/profile.h"
#include "cli/progress.h"

enum { KEY_NODES = 0x100, KEY_ARCS, KEY_TURNS };

typedef struct export_options {
    const char    *network, *nodes, *arcs, *turns;
    profile_choice profile;
} export_options;

static const struct argp_option OPTIONS[] = {
    {"nodes", KEY_NODES, "N.csv", FILE_WRITTEN, "write node_id,lon,lat", 0},
    {"arcs", KEY_ARCS, "A.csv", FILE_WRITTEN,
     "write arc_id,from_node,to_node,length_m,duration_ms,class", 0},
    {"turns", KEY_TURNS, "T.csv", FILE_WRITTEN, "write from_arc,via_arcs,to_arc,duration_ms", 0},
    PROFILE_OPTIONS,
    {0}};

static error_t check_options(const export_options *o) {
    if (!o->network) return arguments_reject("no network; expected NET.gpkg");
    if (!o->nodes) return arguments_reject("no place for the nodes; expected --nodes N.csv");
    if (!o->arcs) return arguments_reject("no place for the arcs; expected --arcs A.csv");
    const error_t without = profile_require(&o->profile);
    if (without != 0) return without;
    return 0;
}

static error_t parse(int key, char *value, struct argp_state *state) {
    export_options *o = state->input;
    switch (key) {
    case KEY_NODES:
        o->nodes = value;
        return 0;
    case KEY_ARCS:
        o->arcs = value;
        return 0;
    case KEY_TURNS:
        o->turns = value;
        return 0;
    case ARGP_KEY_ARG:
        return arguments_take(&o->network, value, "NET.gpkg");
    case ARGP_KEY_END:
        return check_options(o);
    default:
        return profile_take(&o->profile, key, value);
    }
}

static const struct argp ARGP = {
    .options  = OPTIONS,
    .parser   = parse,
    .args_doc = "NET.gpkg --nodes N.csv --arcs A.csv [--turns T.csv] --profile NAME",
    .doc =
        "Write the graph that is searched as CSV: every node, the arcs that the profile may use, "
        "and the turns that it may not make or that take it time."};

/* ---- writing ------------------------------------------------------------------------- */

static void write_nodes(FILE *stream, const muster_network_data *net) {
    fputs("node_id,lon,lat\n", stream);
    for (uint32_t v = 0; v < net->node_count && !progress_is_stopped(); ++v) {
        fprintf(stream, "%" PRId64 ",", net->node_id[v]);
        csv_print_exact(stream, net->node_lon_deg[v]);
        fputc(',', stream);
        csv_print_exact(stream, net->node_lat_deg[v]);
        fputc('\n', stream);
    }
}

static void write_arcs(FILE *stream, const muster_network_data *net, const uint32_t *duration_ms) {
    fputs("arc_id,from_node,to_node,length_m,duration_ms,class\n", stream);
    for (uint32_t a = 0; a / 2 < net->edge_count && !progress_is_stopped(); ++a) {
        const uint32_t e      = a / 2;
        const uint32_t source = a % 2 == 0 ? net->edge_source[e] : net->edge_target[e];
        const uint32_t target = a % 2 == 0 ? net->edge_target[e] : net->edge_source[e];
        if (duration_ms[a] == MUSTER_UNREACHABLE_MS) continue;
        fprintf(stream, "%" PRIu32 ",%" PRId64 ",%" PRId64 ",%.2f,%" PRIu32 ",%s\n", a,
                net->node_id[source], net->node_id[target], net->edge_length_m[e], duration_ms[a],
                muster_road_class_name((muster_road_class)net->edge_class[e]));
    }
}

static void write_turn(FILE *stream, const muster_turn *turn) {
    fprintf(stream, "%" PRIu32 ",", turn->arc[0]);
    for (uint32_t i = 1; i + 1 < turn->arc_count; ++i) {
        fprintf(stream, "%s%" PRIu32, i > 1 ? " " : "", turn->arc[i]);
    }
    fprintf(stream, ",%" PRIu32 ",", turn->arc[turn->arc_count - 1]);
    if (turn->duration_ms != MUSTER_UNREACHABLE_MS) fprintf(stream, "%" PRIu32, turn->duration_ms);
    fputc('\n', stream);
}

/* Turns onto or from roads that the profile may not use are left out with them. */
static bool is_driven(const muster_turn *turn, const uint32_t *duration_ms) {
    for (uint32_t i = 0; i < turn->arc_count; ++i) {
        if (duration_ms[turn->arc[i]] == MUSTER_UNREACHABLE_MS) return false;
    }
    return true;
}

static void write_turns(FILE *stream, const muster_metric *metric) {
    const uint32_t *duration_ms = muster_metric_duration_ms(metric);
    fputs("from_arc,via_arcs,to_arc,duration_ms\n", stream);
    for (uint32_t t = 0; t < muster_metric_turn_count(metric) && !progress_is_stopped(); ++t) {
        const muster_turn turn = muster_metric_turn(metric, t);
        if (turn.duration_ms > 0 && is_driven(&turn, duration_ms)) write_turn(stream, &turn);
    }
}

/* The files to write; that of the turns is open only where it is asked for. */
typedef struct export_files {
    output nodes, arcs, turns;
} export_files;

/* All files or none: they are published when all are complete. */
static int write_files(export_files *files, const profile_network *loaded) {
    const muster_network_data *net = muster_network_view(loaded->network);
    write_nodes(files->nodes.stream, net);
    write_arcs(files->arcs.stream, net, muster_metric_duration_ms(loaded->metric));
    if (files->turns.stream) write_turns(files->turns.stream, loaded->metric);
    if (progress_is_stopped()) return progress_fail_stopped();
    int code = output_publish(&files->nodes);
    if (code == COMMAND_DONE) code = output_publish(&files->arcs);
    if (code == COMMAND_DONE && files->turns.stream) code = output_publish(&files->turns);
    return code;
}

static int open_and_write(const export_options *o, const profile_network *loaded) {
    export_files files = {0};
    progress     interrupt;
    progress_start(&interrupt);
    int code = output_open(&files.nodes, o->nodes);
    if (code == COMMAND_DONE) code = output_open(&files.arcs, o->arcs);
    if (code == COMMAND_DONE && o->turns) code = output_open(&files.turns, o->turns);
    if (code == COMMAND_DONE) code = write_files(&files, loaded);
    output_discard(&files.nodes);
    output_discard(&files.arcs);
    output_discard(&files.turns);
    return code;
}

int command_export(int argc, char **argv) {
    export_options  o = {0};
    profile_network loaded;
    int             code = arguments_parse(&ARGP, argc, argv, &o);
    if (code == COMMAND_DONE) code = profile_choose(&o.profile);
    if (code == COMMAND_DONE && o.profile.profile->flight_speed_kmh > 0) {
        code = command_fail(COMMAND_NO, "%s flies and uses no road; expected a profile that drives",
                            o.profile.name);
    }
    if (code == COMMAND_DONE) code = profile_network_load(&loaded, o.network, o.profile.profile, 1);
    if (code == COMMAND_DONE) {
        code = open_and_write(&o, &loaded);
        profile_network_free(&loaded);
    }
    profile_free(&o.profile);
    return code;
}
