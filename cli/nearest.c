/* muster nearest: of many places those that are reached first, or from which one is. */
#include <stdlib.h>

#include <muster/reach.h>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/cut_off.h"
#include "cli/json_file.h"
#include "cli/nearest_answer.h"
#include "cli/output.h"
#include "cli/profile.h"
#include "cli/sites_extent.h"
#include "cli/sites_snap.h"

enum { KEY_FROM = 0x100, KEY_TO, KEY_JSON, KEY_REVERSE, KEY_CLOSURES };
enum { DEFAULT_COUNT = 5, MAX_COUNT = 1000000 };

typedef struct nearest_options {
    const char       *network, *from, *to, *closures, *output;
    uint32_t          count;
    bool              is_json, is_reverse;
    hazard_choice     hazards;
    profile_choice    profile;
    coordinate_system system;
} nearest_options;

static const struct argp_option OPTIONS[] = {
    {"from", KEY_FROM, "LON,LAT", 0, "where the ways start", 0},
    {"to", KEY_TO, "SITES.csv", FILE_READ,
     "where they may end: columns id, lon and lat, in any order", 0},
    PROFILE_OPTIONS,
    COORDINATE_OPTIONS,
    {"closures", KEY_CLOSURES, "FILE", FILE_READ, "GeoJSON of what is closed: see muster closures",
     0},
    HAZARD_OPTIONS,
    {"count", 'k', "K", 0, "how many to find; 5 by default", 0},
    {"reverse", KEY_REVERSE, NULL, 0, "drive from the sites to the place: who gets here first", 0},
    {"json", KEY_JSON, NULL, 0, "print the answer as JSON", 0},
    {"output", 'o', "FILE", FILE_WRITTEN, "write to FILE instead of standard output", 0},
    {0}};

static error_t check_options(nearest_options *o) {
    if (!o->network) return arguments_reject("no network; expected NET.gpkg");
    if (!o->from) return arguments_reject("no start; expected --from LON,LAT");
    if (!o->to) return arguments_reject("no sites; expected --to SITES.csv");
    const error_t without = profile_require(&o->profile);
    if (without != 0) return without;
    return hazard_choice_check(&o->hazards, o->network);
}

static error_t parse(int key, char *value, struct argp_state *state) {
    nearest_options *o = state->input;
    switch (key) {
    case KEY_FROM:
        o->from = value;
        return 0;
    case KEY_TO:
        o->to = value;
        return 0;
    case 'k':
        return arguments_number(&o->count, "-k", value, 1, MAX_COUNT);
    case KEY_CLOSURES:
        o->closures = value;
        return 0;
    case KEY_REVERSE:
        o->is_reverse = true;
        return 0;
    case KEY_JSON:
        o->is_json = true;
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
    .args_doc = "NET.gpkg --from LON,LAT --to SITES.csv --profile NAME",
    .doc      = "Find the sites of a list that are reached first from a place.\v"
                "Sites that cannot be reached are left out; with --closures it is said what cuts them "
                "off. The exit status is 1 where none can be, or where the place has no road "
                "within 5 km."};

/* ---- the answer ---------------------------------------------------------------------- */

static int write_answer(const nearest_answer *a, const nearest_options *o) {
    const char *path = o->output ? o->output : "-";
    output      out;
    if (o->is_json) return json_write(nearest_answer_json(a), path);
    const int code = output_open(&out, path);
    if (code != COMMAND_DONE) return code;
    nearest_answer_print(a, out.stream);
    return output_publish(&out);
}

/* ---- the search ---------------------------------------------------------------------- */

static int ask(nearest_answer *a, const nearest_options *o, const muster_metric *metric,
               const muster_snap *snap) {
    const uint32_t most = o->count < a->sites.count ? o->count : a->sites.count;
    a->site             = malloc(most * sizeof *a->site);
    a->duration_ms      = malloc(most * sizeof *a->duration_ms);
    a->distance_m       = malloc(most * sizeof *a->distance_m);
    if (!a->site || !a->duration_ms || !a->distance_m) {
        return command_fail(COMMAND_ENVIRONMENT, "out of memory");
    }
    const muster_status status = muster_nearest(
        metric, o->is_reverse ? MUSTER_BACKWARD : MUSTER_FORWARD, &a->from.snap, a->sites.count,
        snap, most, &a->count, a->site, a->duration_ms, a->distance_m);
    if (status != MUSTER_OK) return command_fail_status(status);
    for (uint32_t i = 0; i < a->count; ++i) {
        a->duration_ms[i] += a->from.leave_ms;
        a->distance_m[i] += a->from.leave_m;
    }
    const bool is_closed = o->closures || o->hazards.file_count > 0;
    return is_closed && a->count < most ? nearest_answer_explain(a, snap) : COMMAND_DONE;
}

/* The first site stands for all: programs read them listed. */
static int fail_no_way(const nearest_answer *a, const nearest_options *o) {
    const char *here = a->is_reverse ? "to" : "from", *there = a->is_reverse ? "from" : "to";
    if (a->cut_count == 0) {
        return command_fail(COMMAND_NO, "no road leads %s %s %s any site of %s for %s", here,
                            a->from.text, there, o->to, a->profile);
    }
    char *text = cut_off_text(&a->cut[0].why, &a->closed.list);
    if (!text) return command_fail(COMMAND_ENVIRONMENT, "out of memory");
    command_fail(COMMAND_NO, "no road leads %s %s %s any site of %s for %s; \"%s\": %s", here,
                 a->from.text, there, o->to, a->profile, a->sites.id[a->cut[0].site], text);
    free(text);
    return COMMAND_NO;
}

static int find(nearest_answer *a, const nearest_options *o, const muster_metric *metric) {
    muster_snap *snap;
    int          code = o->is_reverse ? place_snap(&a->from, metric, a->closed.before)
                                      : place_snap_leaving(&a->from, metric, &a->closed);
    if (code == COMMAND_DONE)
        code = sites_check_extent(&a->sites, o->to, muster_metric_network(metric), false);
    if (code == COMMAND_DONE)
        code = sites_snap(&snap, &a->sites, o->to, metric, a->closed.before, "they are left out");
    if (code != COMMAND_DONE) return code;
    code = ask(a, o, metric, snap);
    free(snap);
    if (code == COMMAND_DONE && (a->count > 0 || o->is_json)) code = write_answer(a, o);
    return code == COMMAND_DONE && a->count == 0 ? fail_no_way(a, o) : code;
}

static int load_and_find(nearest_answer *a, const nearest_options *o) {
    profile_network loaded;
    int             code = profile_network_load(&loaded, o->network, o->profile.profile, 1);
    if (code != COMMAND_DONE) return code;
    code = closed_roads_apply(&a->closed, &loaded, o->profile.profile, o->closures, &o->system,
                              &o->hazards);
    if (code == COMMAND_DONE) code = find(a, o, loaded.metric);
    profile_network_free(&loaded);
    return code;
}

int command_nearest(int argc, char **argv) {
    nearest_options o    = {.count = DEFAULT_COUNT};
    nearest_answer  a    = {0};
    int             code = arguments_parse(&ARGP, argc, argv, &o);
    if (code == COMMAND_DONE) code = profile_choose(&o.profile);
    if (code == COMMAND_DONE) code = place_parse(&a.from, "--from", o.from, &o.system);
    if (code == COMMAND_DONE) code = sites_read_csv(&a.sites, o.to, &o.system, false);
    a.profile    = o.profile.name;
    a.is_reverse = o.is_reverse;
    if (code == COMMAND_DONE) code = load_and_find(&a, &o);
    nearest_answer_fini(&a);
    coordinate_system_free(&o.system);
    profile_free(&o.profile);
    return code;
}
