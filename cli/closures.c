/* muster closures: what would be closed, slowed and cut off, before anybody drives there. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/arguments.h"
#include "cli/closed_roads.h"
#include "cli/closures_answer.h"
#include "cli/closures_file.h"
#include "cli/command.h"
#include "cli/geojson_crs.h"
#include "cli/hazard_files.h"
#include "cli/output.h"
#include "cli/profile.h"
#include "cli/site.h"

enum { KEY_EDGE = 0x100, KEY_POLYGON, KEY_LINE, KEY_CLOSURES, KEY_DEPTH, KEY_GEOJSON };

/* One --edge, --polygon, --line or --closures. */
typedef struct cause {
    int         key;
    const char *value;
} cause;

typedef struct closures_options {
    const char       *network, *geojson;
    double            depth_m;
    hazard_choice     hazards;
    uint32_t          cause_count;
    cause            *cause; /* room for one a word of the command line */
    profile_choice    profile;
    coordinate_system system;
} closures_options;

static const struct argp_option OPTIONS[] = {
    PROFILE_OPTIONS,
    COORDINATE_OPTIONS,
    OUTPUT_CRS_OPTION,
    {"edge", KEY_EDGE, "ID", 0, "close the edge with this id", 0},
    {"polygon", KEY_POLYGON, "FILE", FILE_READ, "put the polygons of a GeoJSON file under water",
     0},
    {"depth", KEY_DEPTH, "M", 0, "how deep, where a polygon has no depth_m; else it is closed", 0},
    {"line", KEY_LINE, "FILE", FILE_READ, "close what the lines of a GeoJSON file cross", 0},
    {"closures", KEY_CLOSURES, "FILE", FILE_READ, "polygons, lines and points, all in one file", 0},
    HAZARD_OPTIONS,
    {"geojson", KEY_GEOJSON, "OUT", FILE_WRITTEN, "write roads and what is cut off as GeoJSON", 0},
    {0}};

static error_t check_options(closures_options *o) {
    if (!o->network) return arguments_reject("no network; expected NET.gpkg");
    const error_t without = profile_require(&o->profile);
    if (without != 0) return without;
    if (o->cause_count == 0 && o->hazards.file_count == 0 && !o->hazards.at) {
        return arguments_reject(
            "nothing to close; expected --edge, --polygon, --line, --closures or --at");
    }
    const error_t half = hazard_choice_check(&o->hazards, o->network);
    return half != 0 ? half : coordinate_system_check(&o->system, o->geojson);
}

static error_t take_depth(closures_options *o, const char *value) {
    if (number_parse(&o->depth_m, value) && o->depth_m >= 0) return 0;
    return arguments_reject("--depth is \"%s\"; expected metres, 0 or more", value);
}

static error_t parse(int key, char *value, struct argp_state *state) {
    closures_options *o = state->input;
    switch (key) {
    case KEY_EDGE:
    case KEY_POLYGON:
    case KEY_LINE:
    case KEY_CLOSURES:
        o->cause[o->cause_count++] = (cause){key, value};
        return 0;
    case KEY_DEPTH:
        return take_depth(o, value);
    case KEY_HAZARDS:
    case KEY_AT:
        return hazard_choice_take(&o->hazards, key, value);
    case KEY_GEOJSON:
        o->geojson = value;
        return 0;
    case ARGP_KEY_ARG:
        return arguments_take(&o->network, value, "NET.gpkg");
    case ARGP_KEY_END:
        return check_options(o);
    default:
        return key >= KEY_CRS && key <= KEY_OUTPUT_CRS
                   ? coordinate_system_take(&o->system, key, value)
                   : profile_take(&o->profile, key, value);
    }
}

static const struct argp ARGP = {
    .options  = OPTIONS,
    .parser   = parse,
    .args_doc = "NET.gpkg --profile NAME (--edge ID | --polygon FILE | --line FILE | "
                "--closures FILE | --hazards FILE)...",
    .doc      = "Say what closures do: which roads they close, slow and spare, and which parts of "
                "the network they cut off.\v"
                "Water deeper than the profile wades closes, shallower water slows; bridges and "
                "tunnels are spared. The same files go with --closures of route and matrix."};

/* ---- the answer ---------------------------------------------------------------------- */

static int close_edge(const closures_target *target, const char *text) {
    char         *end;
    const int64_t id   = strtoll(text, &end, 10);
    const int     code = closure_list_add(target->list, NULL, 0, text);
    if (code != COMMAND_DONE) return code;
    muster_closure_set_cause(target->closure, target->list->count);
    const bool          is_number = *text != 0 && *end == 0;
    const muster_status status =
        is_number ? muster_closure_edge_ids(target->closure, 1, &id) : MUSTER_E_INVALID;
    if (status != MUSTER_E_INVALID)
        return status == MUSTER_OK ? COMMAND_DONE : command_fail_status(status);
    return command_fail(
        COMMAND_BAD_INPUT,
        "--edge \"%s\": the network has no such edge; expected an edge id of its %u edges", text,
        muster_network_view(muster_metric_network(target->metric))->edge_count);
}

static int add_cause(const closures_target *target, const closures_options *o, const cause *c) {
    if (c->key == KEY_EDGE) return close_edge(target, c->value);
    const unsigned allowed = c->key == KEY_POLYGON ? CLOSURES_POLYGONS
                             : c->key == KEY_LINE  ? CLOSURES_LINES
                                                   : CLOSURES_ALL;
    return closures_file_read(target, c->value, &o->system, allowed, o->depth_m);
}

static int add_hazards(const closures_options *o, const closures_target *target) {
    muster_hazards *hazards;
    if (o->hazards.file_count == 0) return COMMAND_DONE;
    int code = hazards_at_moment(&hazards, &o->hazards, NULL);
    if (code == COMMAND_DONE) {
        code = closed_roads_add_hazards(target->closure, o->profile.profile, hazards, target->list);
    }
    muster_hazards_free(hazards);
    return code;
}

static int write_answer(const closures_answer *answer, const closures_options *o) {
    const char *geojson = o->geojson;
    FILE       *text    = geojson && strcmp(geojson, "-") == 0 ? stderr : stdout;
    if (geojson) {
        const int code =
            geojson_crs_write(closures_answer_geojson(answer), o->system.output, geojson);
        if (code != COMMAND_DONE) return code;
    }
    closures_answer_print(answer, text);
    return COMMAND_DONE;
}

static int answer_closure(const closures_options *o, const closures_target *target) {
    uint32_t                 count;
    const muster_arc_change *change = muster_closure_changes(target->closure, &count);
    muster_metric           *changed;
    closures_answer          answer;
    const muster_status      status = muster_metric_change(&changed, target->metric, count, change);
    if (status != MUSTER_OK) return command_fail_status(status);
    int code = closures_answer_init(&answer, target, changed, o->geojson != NULL);
    if (code == COMMAND_DONE) code = write_answer(&answer, o);
    closures_answer_fini(&answer);
    muster_metric_free(changed);
    return code;
}

static int close_and_answer(const closures_options *o, const muster_metric *metric) {
    closure_list        list = {0};
    muster_closure     *closure;
    const muster_status status = muster_closure_new(&closure, metric);
    if (status != MUSTER_OK) return command_fail_status(status);
    const closures_target target = {closure, metric, &list};
    int                   code   = COMMAND_DONE;
    for (uint32_t i = 0; i < o->cause_count && code == COMMAND_DONE; ++i) {
        code = add_cause(&target, o, &o->cause[i]);
    }
    if (code == COMMAND_DONE) code = add_hazards(o, &target);
    if (code == COMMAND_DONE) code = answer_closure(o, &target);
    muster_closure_free(closure);
    closure_list_free(&list);
    return code;
}

int command_closures(int argc, char **argv) {
    closures_options o = {.depth_m = INFINITY, .cause = calloc((size_t)argc, sizeof *o.cause)};
    profile_network  loaded;
    if (!o.cause) return command_fail(COMMAND_ENVIRONMENT, "out of memory");
    int code = arguments_parse(&ARGP, argc, argv, &o);
    if (code == COMMAND_DONE) code = profile_choose(&o.profile);
    if (code == COMMAND_DONE) code = profile_network_load(&loaded, o.network, o.profile.profile, 1);
    if (code == COMMAND_DONE) {
        code = close_and_answer(&o, loaded.metric);
        profile_network_free(&loaded);
    }
    coordinate_system_free(&o.system);
    profile_free(&o.profile);
    free(o.cause);
    return code;
}
