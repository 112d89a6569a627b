/* muster isochrone: what is reached within some minutes, as areas, roads and figures. */
#include <string.h>

#include "cli/arguments.h"
#include "cli/closed_roads.h"
#include "cli/command.h"
#include "cli/duration.h"
#include "cli/isochrone_answer.h"
#include "cli/profile.h"
#include "cli/site.h"

enum { KEY_FROM = 0x100, KEY_LIMIT, KEY_BACKWARD, KEY_CLOSURES, KEY_RADIUS, KEY_ARCS };

static const uint32_t MAX_LIMIT_MS = 7 * 24 * 3600 * 1000u;

/* Ten metres: below, six decimals would be too few for the outline. */
static const uint32_t MIN_RADIUS_M = 10, MAX_RADIUS_M = 100000;

typedef struct isochrone_options {
    const char       *network, *areas_path, *arcs_path;
    profile_choice    profile;
    hazard_choice     hazards;
    coordinate_system system;
    const char       *from[ISOCHRONE_MAX_ORIGINS];
    isochrone_answer  answer;
    output            areas, arcs;
} isochrone_options;

static const struct argp_option OPTIONS[] = {
    {"from", KEY_FROM, "LON,LAT", 0, "where to start; give it again for the nearest of several", 0},
    {"limit", KEY_LIMIT, "TIME", 0, "how far: 10min, 90s, 1h; give it again for several", 0},
    PROFILE_OPTIONS,
    COORDINATE_OPTIONS,
    OUTPUT_CRS_OPTION,
    {"closures", KEY_CLOSURES, "FILE", FILE_READ, "GeoJSON of what is closed: see muster closures",
     0},
    HAZARD_OPTIONS,
    {"backward", KEY_BACKWARD, NULL, 0, "from where the places are reached, instead", 0},
    {"radius", KEY_RADIUS, "METRES", 0, "how far around a road the area goes (250)", 0},
    {"output", 'o', "FILE", FILE_WRITTEN, "write the areas as GeoJSON", 0},
    {"arcs", KEY_ARCS, "FILE", FILE_WRITTEN, "write the parts of roads as GeoJSON", 0},
    {0}};

/* ---- options ---------------------------------------------------------------------------- */

static error_t take_from(isochrone_options *o, const char *text) {
    if (o->answer.origin_count == ISOCHRONE_MAX_ORIGINS) {
        return arguments_reject("--from is given more than %d times", ISOCHRONE_MAX_ORIGINS);
    }
    o->from[o->answer.origin_count++] = text;
    return 0;
}

/* Limits are kept in order. */
static error_t take_limit(isochrone_answer *a, const char *text) {
    uint32_t limit_ms;
    if (!duration_parse(&limit_ms, text, MAX_LIMIT_MS)) {
        return arguments_reject("--limit is \"%s\"; expected a number with its unit, 1ms to 168h: "
                                "90s, 10min or 1h",
                                text);
    }
    if (a->limit_count == ISOCHRONE_MAX_LIMITS) {
        return arguments_reject("--limit is given more than %d times", ISOCHRONE_MAX_LIMITS);
    }
    uint32_t at = a->limit_count;
    while (at > 0 && a->limit_ms[at - 1] > limit_ms) --at;
    if (at > 0 && a->limit_ms[at - 1] == limit_ms) {
        return arguments_reject("--limit %s is given twice", text);
    }
    memmove(&a->limit_ms[at + 1], &a->limit_ms[at], (a->limit_count - at) * sizeof *a->limit_ms);
    a->limit_ms[at] = limit_ms;
    ++a->limit_count;
    return 0;
}

static error_t take_radius(isochrone_answer *a, const char *text) {
    uint32_t      radius_m;
    const error_t error = arguments_number(&radius_m, "--radius", text, MIN_RADIUS_M, MAX_RADIUS_M);
    if (error == 0) a->radius_m = radius_m;
    return error;
}

static error_t check(isochrone_options *o) {
    if (!o->network) return arguments_reject("no network; expected NET.gpkg");
    if (o->answer.origin_count == 0) return arguments_reject("no start; expected --from LON,LAT");
    if (o->answer.limit_count == 0) return arguments_reject("no limit; expected --limit 10min");
    const error_t without = profile_require(&o->profile);
    if (without != 0) return without;
    const error_t half = hazard_choice_check(&o->hazards, o->network);
    return half != 0 ? half : coordinate_system_check(&o->system, o->areas_path || o->arcs_path);
}

static error_t parse(int key, char *value, struct argp_state *state) {
    isochrone_options *o = state->input;
    switch (key) {
    case KEY_FROM:
        return take_from(o, value);
    case KEY_LIMIT:
        return take_limit(&o->answer, value);
    case KEY_BACKWARD:
        o->answer.direction = MUSTER_BACKWARD;
        return 0;
    case KEY_CLOSURES:
        o->answer.closures = value;
        return 0;
    case KEY_HAZARDS:
    case KEY_AT:
        return hazard_choice_take(&o->hazards, key, value);
    case KEY_RADIUS:
        return take_radius(&o->answer, value);
    case 'o':
        o->areas_path = value;
        return 0;
    case KEY_ARCS:
        o->arcs_path = value;
        return 0;
    case ARGP_KEY_ARG:
        return arguments_take(&o->network, value, "NET.gpkg");
    case ARGP_KEY_END:
        return check(o);
    default:
        return key >= KEY_CRS && key <= KEY_OUTPUT_CRS
                   ? coordinate_system_take(&o->system, key, value)
                   : profile_take(&o->profile, key, value);
    }
}

static const struct argp ARGP = {
    .options  = OPTIONS,
    .parser   = parse,
    .args_doc = "NET.gpkg --from LON,LAT --limit TIME --profile NAME",
    .doc =
        "Find what is reached within some time from a place, or from the nearest of "
        "several, in a network or a scenario.\vPlaces are moved to the nearest road that the profile "
        "may use, 5 km at most. A summary is printed on standard output; where a FILE is "
        "\"-\", on standard error."};

/* ---- the answer ------------------------------------------------------------------------- */

static int snap_origins(isochrone_options *o, const muster_metric *metric,
                        const muster_metric *before) {
    isochrone_answer   *a       = &o->answer;
    muster_snap_options options = MUSTER_SNAP_OPTIONS_INIT;
    options.island_metric       = before;
    for (uint32_t i = 0; i < a->origin_count; ++i) {
        const muster_status status = muster_snap_sites(metric, 1, &a->site[i].lon_deg,
                                                       &a->site[i].lat_deg, &options, &a->snap[i]);
        if (status != MUSTER_OK) return command_fail_status(status);
        if (a->snap[i].edge == MUSTER_NONE) {
            return site_fail_far(o->from[i], &a->site[i], &a->snap[i], metric);
        }
    }
    return COMMAND_DONE;
}

static int find(isochrone_options *o, const muster_metric *metric, const muster_metric *before) {
    isochrone_answer *a    = &o->answer;
    const int         code = snap_origins(o, metric, before);
    if (code != COMMAND_DONE) return code;
    muster_status status = muster_isochrone_new(&a->isochrone, metric, a->origin_count, a->snap,
                                                a->direction, a->limit_count, a->limit_ms);
    if (status == MUSTER_OK) {
        status = muster_isochrone_polygons_new(&a->polygons, a->isochrone, a->radius_m);
    }
    return status == MUSTER_OK ? COMMAND_DONE : command_fail_status(status);
}

static int open_files(isochrone_options *o) {
    int code = o->areas_path ? output_open(&o->areas, o->areas_path) : COMMAND_DONE;
    if (code == COMMAND_DONE && o->arcs_path) code = output_open(&o->arcs, o->arcs_path);
    return code;
}

static int write_answer(isochrone_options *o) {
    int code = COMMAND_DONE;
    if (o->areas_path) code = isochrone_write_areas(&o->areas, &o->answer);
    if (code == COMMAND_DONE && o->arcs_path) code = isochrone_write_arcs(&o->arcs, &o->answer);
    if (code == COMMAND_DONE && o->areas_path) code = output_publish(&o->areas);
    if (code == COMMAND_DONE && o->arcs_path) code = output_publish(&o->arcs);
    if (code != COMMAND_DONE) return code;
    const bool is_taken = (o->areas_path && strcmp(o->areas_path, "-") == 0) ||
                          (o->arcs_path && strcmp(o->arcs_path, "-") == 0);
    isochrone_print(is_taken ? stderr : stdout, &o->answer);
    return COMMAND_DONE;
}

static int parse_places(isochrone_options *o) {
    int code = COMMAND_DONE;
    for (uint32_t i = 0; i < o->answer.origin_count && code == COMMAND_DONE; ++i) {
        code = site_parse(&o->answer.site[i], "--from", o->from[i], &o->system);
    }
    return code;
}

static int run(isochrone_options *o) {
    profile_network loaded;
    closed_roads    closed = {0};
    int             code   = open_files(o);
    if (code == COMMAND_DONE)
        code = profile_network_load(&loaded, o->network, o->profile.profile, 1);
    if (code != COMMAND_DONE) return code;
    o->answer.profile    = o->profile.name;
    o->answer.output_crs = o->system.output;
    code = closed_roads_apply(&closed, &loaded, o->profile.profile, o->answer.closures, &o->system,
                              &o->hazards);
    if (code == COMMAND_DONE) code = find(o, loaded.metric, closed.before);
    if (code == COMMAND_DONE) code = write_answer(o);
    muster_isochrone_polygons_free(o->answer.polygons);
    muster_isochrone_free(o->answer.isochrone);
    closed_roads_free(&closed);
    profile_network_free(&loaded);
    return code;
}

int command_isochrone(int argc, char **argv) {
    isochrone_options o    = {.answer.radius_m = 250};
    int               code = arguments_parse(&ARGP, argc, argv, &o);
    if (code == COMMAND_DONE) code = profile_choose(&o.profile);
    if (code == COMMAND_DONE) code = parse_places(&o);
    if (code == COMMAND_DONE) code = run(&o);
    output_discard(&o.areas);
    output_discard(&o.arcs);
    coordinate_system_free(&o.system);
    profile_free(&o.profile);
    return code;
}
