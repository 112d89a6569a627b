/* muster route: one fastest way. That there is none is an answer, with an exit code of its own. */
#include <inttypes.h>
#include <stdlib.h>

#include "cli/arguments.h"
#include "cli/closed_roads.h"
#include "cli/command.h"
#include "cli/cut_off.h"
#include "cli/geojson_crs.h"
#include "cli/json_file.h"
#include "cli/output.h"
#include "cli/profile.h"
#include "cli/route_answer.h"

enum { KEY_FROM = 0x100, KEY_TO, KEY_JSON, KEY_GEOJSON, KEY_CLOSURES };

typedef struct route_options {
    const char       *network, *from, *to, *closures, *output;
    bool              is_json, is_geojson;
    hazard_choice     hazards;
    profile_choice    profile;
    coordinate_system system;
} route_options;

static const struct argp_option OPTIONS[] = {
    {"from", KEY_FROM, "LON,LAT", 0, "where the way starts", 0},
    {"to", KEY_TO, "LON,LAT", 0, "where it ends", 0},
    PROFILE_OPTIONS,
    COORDINATE_OPTIONS,
    OUTPUT_CRS_OPTION,
    {"closures", KEY_CLOSURES, "FILE", FILE_READ, "GeoJSON of what is closed: see muster closures",
     0},
    HAZARD_OPTIONS,
    {"json", KEY_JSON, NULL, 0, "print the answer as JSON", 0},
    {"geojson", KEY_GEOJSON, NULL, 0, "print it as a GeoJSON Feature, with its line", 0},
    {"output", 'o', "FILE", FILE_WRITTEN, "write to FILE instead of standard output", 0},
    {0}};

static error_t check_options(route_options *o) {
    if (!o->network) return arguments_reject("no network; expected NET.gpkg");
    if (!o->from) return arguments_reject("no start; expected --from LON,LAT");
    if (!o->to) return arguments_reject("no end; expected --to LON,LAT");
    const error_t without = profile_require(&o->profile);
    if (without != 0) return without;
    if (o->is_json && o->is_geojson) {
        return arguments_reject("--json and --geojson at once; expected one of them");
    }
    const error_t half = hazard_choice_check(&o->hazards, o->network);
    return half != 0 ? half : coordinate_system_check(&o->system, o->is_geojson);
}

static error_t parse(int key, char *value, struct argp_state *state) {
    route_options *o = state->input;
    switch (key) {
    case KEY_FROM:
        o->from = value;
        return 0;
    case KEY_TO:
        o->to = value;
        return 0;
    case KEY_CLOSURES:
        o->closures = value;
        return 0;
    case KEY_JSON:
        o->is_json = true;
        return 0;
    case KEY_GEOJSON:
        o->is_geojson = true;
        return 0;
    case KEY_HAZARDS:
    case KEY_AT:
        return hazard_choice_take(&o->hazards, key, value);
    case 'o':
        o->output = value;
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
    .args_doc = "NET.gpkg --from LON,LAT --to LON,LAT --profile NAME",
    .doc      = "Find the fastest way from one place to another, in a network or a scenario.\v"
                "Places are moved to the nearest road that the profile may use, 5 km at most. The "
                "exit status is 1 where there is no way, or no road that near; closures that "
                "leave no way are named. Who starts inside a hazard leaves it first: docs/hazards.md."};

/* ---- the answer ---------------------------------------------------------------------- */

static int write_text(const route_answer *answer, const char *path) {
    output    out;
    const int code = output_open(&out, path);
    if (code != COMMAND_DONE) return code;
    route_answer_print(answer, out.stream);
    return output_publish(&out);
}

static int write_answer(const route_answer *answer, const route_options *o) {
    const char *path = o->output ? o->output : "-";
    if (o->is_json) return json_write(route_answer_json(answer), path);
    if (o->is_geojson) {
        return geojson_crs_write(route_answer_geojson(answer), o->system.output, path);
    }
    return write_text(answer, path);
}

static int describe(route_answer *answer, const route_options *o, const muster_network *network,
                    const muster_route *route) {
    answer->duration_ms = muster_route_duration_ms(route) + answer->end[FROM].leave_ms;
    answer->distance_m  = muster_route_distance_m(route) + answer->end[FROM].leave_m;
    answer->point_count = muster_route_point_count(route);
    answer->lon_deg     = muster_route_lon_deg(route);
    answer->lat_deg     = muster_route_lat_deg(route);
    int code            = route_roads_list(&answer->road, &answer->road_count, network, route,
                                           &answer->end[FROM].snap, &answer->end[TO].snap);
    if (code == COMMAND_DONE) code = write_answer(answer, o);
    free(answer->road);
    return code;
}

static int fail_without_roads(const route_answer *a, const muster_metric *before) {
    const uint32_t *size = muster_metric_component_size(before);
    const char     *from = a->end[FROM].text, *to = a->end[TO].text;
    const char     *anyway = a->closures->count > 0 ? ", closures or not" : "";
    if (a->why.from_component == a->why.to_component) {
        return command_fail(COMMAND_NO, "no road leads from %s to %s for %s%s", from, to,
                            a->profile, anyway);
    }
    return command_fail(COMMAND_NO,
                        "no road leads from %s to %s for %s%s: the one lies in a part of %" PRIu32
                        " nodes, the other in another of %" PRIu32,
                        from, to, a->profile, anyway, size[a->why.from_component],
                        size[a->why.to_component]);
}

static int fail_cut_off(const route_answer *a) {
    char *text = cut_off_text(&a->why, a->closures);
    if (!text) return command_fail(COMMAND_ENVIRONMENT, "out of memory");
    command_fail(COMMAND_NO, "no road leads from %s to %s for %s: %s", a->end[FROM].text,
                 a->end[TO].text, a->profile, text);
    free(text);
    return COMMAND_NO;
}

/* Programs get the answer as they get any other; people read it on standard error. */
static int answer_no_way(route_answer *answer, const route_options *o, closed_roads *closed) {
    const muster_snap *from = &answer->end[FROM].snap, *to = &answer->end[TO].snap;
    int                code = closed_roads_explain(closed, from, to, &answer->why);
    if (code != COMMAND_DONE) return code;
    answer->closures = &closed->list;
    if (o->is_json || o->is_geojson) code = write_answer(answer, o);
    if (code != COMMAND_DONE) return code;
    return answer->why.cut == MUSTER_CUT_ALWAYS ? fail_without_roads(answer, closed->before)
                                                : fail_cut_off(answer);
}

static int find(route_answer *answer, const route_options *o, const profile_network *loaded,
                closed_roads *closed) {
    muster_route *route;
    const place  *from = &answer->end[FROM], *to = &answer->end[TO];
    int           code = place_snap_leaving(&answer->end[FROM], loaded->metric, closed);
    if (code == COMMAND_DONE) code = place_snap(&answer->end[TO], loaded->metric, closed->before);
    if (code != COMMAND_DONE) return code;
    const muster_status status = muster_route_new(&route, loaded->metric, &from->snap, &to->snap);
    if (status != MUSTER_OK) return command_fail_status(status);
    if (!route) return answer_no_way(answer, o, closed);
    code = describe(answer, o, loaded->network, route);
    muster_route_free(route);
    return code;
}

int command_route(int argc, char **argv) {
    route_options   o      = {0};
    route_answer    answer = {0};
    closed_roads    closed;
    profile_network loaded;
    int             code = arguments_parse(&ARGP, argc, argv, &o);
    if (code == COMMAND_DONE) code = profile_choose(&o.profile);
    if (code == COMMAND_DONE) code = place_parse(&answer.end[FROM], "--from", o.from, &o.system);
    if (code == COMMAND_DONE) code = place_parse(&answer.end[TO], "--to", o.to, &o.system);
    if (code == COMMAND_DONE) code = profile_network_load(&loaded, o.network, o.profile.profile, 1);
    if (code == COMMAND_DONE) {
        answer.profile = o.profile.name;
        code = closed_roads_apply(&closed, &loaded, o.profile.profile, o.closures, &o.system,
                                  &o.hazards);
        if (code == COMMAND_DONE) code = find(&answer, &o, &loaded, &closed);
        closed_roads_free(&closed);
        profile_network_free(&loaded);
    }
    coordinate_system_free(&o.system);
    profile_free(&o.profile);
    return code;
}
