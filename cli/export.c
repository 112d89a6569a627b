/* muster export: the graph that is searched for a profile, so that anybody can search it too.
 *
 * Nodes have the ids of the network file. Arc 2 * i is the file's i-th edge (from 0) from source
 * to target, arc 2 * i + 1 its way back; arcs that the profile may not use are left out. */
#include <inttypes.h>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/csv_output.h"
#include "cli/output.h"
#include "cli/profile.h"
#include "cli/progress.h"

enum { KEY_NODES = 0x100, KEY_ARCS };

typedef struct export_options {
    const char    *network, *nodes, *arcs;
    profile_choice profile;
} export_options;

static const struct argp_option OPTIONS[] = {
    {"nodes", KEY_NODES, "N.csv", 0, "write node_id,lon,lat", 0},
    {"arcs", KEY_ARCS, "A.csv", 0, "write arc_id,from_node,to_node,length_m,duration_ms,class", 0},
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
    .args_doc = "NET.gpkg --nodes N.csv --arcs A.csv --profile NAME",
    .doc = "Write the graph that is searched as CSV: every node, and the arcs that the profile "
           "may use."};

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

/* Both files or none: they are published when both are complete. */
static int write_files(output *nodes, output *arcs, const profile_network *loaded) {
    const muster_network_data *net = muster_network_view(loaded->network);
    write_nodes(nodes->stream, net);
    write_arcs(arcs->stream, net, muster_metric_duration_ms(loaded->metric));
    if (progress_is_stopped()) return progress_fail_stopped();
    const int code = output_publish(nodes);
    return code == COMMAND_DONE ? output_publish(arcs) : code;
}

static int open_and_write(const export_options *o, const profile_network *loaded) {
    output   nodes = {0}, arcs = {0};
    progress interrupt;
    progress_start(&interrupt);
    int code = output_open(&nodes, o->nodes);
    if (code == COMMAND_DONE) code = output_open(&arcs, o->arcs);
    if (code == COMMAND_DONE) code = write_files(&nodes, &arcs, loaded);
    output_discard(&nodes);
    output_discard(&arcs);
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
