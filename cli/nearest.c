/* muster nearest: of many places those that are reached first, or from which one is. */
#include <stdlib.h>

#include <muster/reach.h>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/json_file.h"
#include "cli/measure_text.h"
#include "cli/output.h"
#include "cli/place.h"
#include "cli/profile.h"
#include "cli/sites_snap.h"
#include "cli/text_width.h"

enum { KEY_FROM = 0x100, KEY_TO, KEY_PROFILE, KEY_JSON, KEY_REVERSE };
enum { DEFAULT_COUNT = 5, MAX_COUNT = 1000000, ID_WIDTH = 48, DURATION_WIDTH = 15 };

typedef struct nearest_options {
    const char    *network, *from, *to, *profile_name, *output;
    uint32_t       count;
    bool           is_json, is_reverse;
    muster_profile profile;
} nearest_options;

typedef struct nearest_answer {
    const char *profile;
    bool        is_reverse;
    place       from;
    sites       sites;
    uint32_t    count;
    uint32_t   *site, *duration_ms; /* [count] the first first */
    double     *distance_m;
} nearest_answer;

static const struct argp_option OPTIONS[] = {
    {"from", KEY_FROM, "LON,LAT", 0, "where the ways start", 0},
    {"to", KEY_TO, "SITES.csv", 0, "where they may end: columns id, lon and lat, in any order", 0},
    {"profile", KEY_PROFILE, "NAME", 0, "who drives: light, heavy or emergency", 0},
    {"count", 'k', "K", 0, "how many to find; 5 by default", 0},
    {"reverse", KEY_REVERSE, NULL, 0, "drive from the sites to the place: who gets here first", 0},
    {"json", KEY_JSON, NULL, 0, "print the answer as JSON", 0},
    {"output", 'o', "FILE", 0, "write to FILE instead of standard output", 0},
    {0}};

static error_t check_options(const nearest_options *o) {
    if (!o->network) return arguments_reject("no network; expected NET.gpkg");
    if (!o->from) return arguments_reject("no start; expected --from LON,LAT");
    if (!o->to) return arguments_reject("no sites; expected --to SITES.csv");
    if (!o->profile_name)
        return arguments_reject("no --profile; expected light, heavy or emergency");
    return 0;
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
    case KEY_PROFILE:
        o->profile_name = value;
        return 0;
    case 'k':
        return arguments_number(&o->count, "-k", value, 1, MAX_COUNT);
    case KEY_REVERSE:
        o->is_reverse = true;
        return 0;
    case KEY_JSON:
        o->is_json = true;
        return 0;
    case 'o':
        o->output = value;
        return 0;
    case ARGP_KEY_ARG:
        return arguments_take(&o->network, value, "NET.gpkg");
    case ARGP_KEY_END:
        return check_options(o);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp ARGP = {
    .options  = OPTIONS,
    .parser   = parse,
    .args_doc = "NET.gpkg --from LON,LAT --to SITES.csv --profile NAME",
    .doc      = "Find the sites of a list that are reached first from a place.\v"
                "Sites that cannot be reached are left out. The exit status is 1 where none can "
                "be, or where the place has no road within 5 km."};

/* ---- the answer ---------------------------------------------------------------------- */

static void print_text(const nearest_answer *a, FILE *stream) {
    place_print(&a->from, a->is_reverse ? "to" : "from", stream);
    fprintf(stream, "%-9s %s\n", "profile", a->profile);
    for (uint32_t i = 0; i < a->count; ++i) {
        print_duration(stream, a->duration_ms[i], DURATION_WIDTH);
        fputs("  ", stream);
        print_distance(stream, a->distance_m[i]);
        fputs("  ", stream);
        text_print_cut(stream, a->sites.id[a->site[i]], ID_WIDTH);
        fputc('\n', stream);
    }
}

static json_t *json_of(const nearest_answer *a) {
    json_t *list = json_array();
    for (uint32_t i = 0; i < a->count; ++i) {
        json_array_append_new(list, json_pack("{s:s, s:f, s:f}", "id", a->sites.id[a->site[i]],
                                              "duration_s", a->duration_ms[i] / 1000.0,
                                              "distance_m", a->distance_m[i]));
    }
    return json_pack("{s:s, s:o, s:o}", "profile", a->profile, a->is_reverse ? "to" : "from",
                     place_json(&a->from), "nearest", list);
}

static int write_answer(const nearest_answer *a, const nearest_options *o) {
    const char *path = o->output ? o->output : "-";
    output      out;
    if (o->is_json) return json_write(json_of(a), path);
    const int code = output_open(&out, path);
    if (code != COMMAND_DONE) return code;
    print_text(a, out.stream);
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
    if (a->count > 0) return COMMAND_DONE;
    return command_fail(COMMAND_NO,
                        o->is_reverse ? "no road leads to %s from any site of %s for %s"
                                      : "no road leads from %s to any site of %s for %s",
                        a->from.text, o->to, a->profile);
}

static int find(nearest_answer *a, const nearest_options *o, const muster_metric *metric) {
    muster_snap *snap;
    int          code = place_snap(&a->from, metric);
    if (code == COMMAND_DONE)
        code = sites_snap(&snap, &a->sites, o->to, metric, "they are left out");
    if (code != COMMAND_DONE) return code;
    code = ask(a, o, metric, snap);
    free(snap);
    return code == COMMAND_DONE ? write_answer(a, o) : code;
}

static int load_and_find(nearest_answer *a, const nearest_options *o) {
    profile_network loaded;
    int             code = profile_network_load(&loaded, o->network, &o->profile, 1);
    if (code != COMMAND_DONE) return code;
    code = find(a, o, loaded.metric);
    profile_network_free(&loaded);
    return code;
}

int command_nearest(int argc, char **argv) {
    nearest_options o    = {.count = DEFAULT_COUNT};
    nearest_answer  a    = {0};
    int             code = arguments_parse(&ARGP, argc, argv, &o);
    if (code == COMMAND_DONE) code = profile_parse(&o.profile, o.profile_name);
    if (code == COMMAND_DONE) code = place_parse(&a.from, "--from", o.from);
    if (code == COMMAND_DONE) code = sites_read_csv(&a.sites, o.to, false);
    a.profile    = o.profile.name;
    a.is_reverse = o.is_reverse;
    if (code == COMMAND_DONE) code = load_and_find(&a, &o);
    sites_free(&a.sites);
    free(a.site);
    free(a.duration_ms);
    free(a.distance_m);
    return code;
}
