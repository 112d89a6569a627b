/* Options of `muster readiness`. */
#include "cli/readiness_options.h"

#include <stdlib.h>
#include <string.h>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/duration.h"

enum {
    KEY_SCENARIO = 0x100,
    KEY_PROFILES,
    KEY_STANDARD,
    KEY_PLACES,
    KEY_WITHIN,
    KEY_UNITS,
    KEY_CAPABILITY,
    KEY_CLOSE_EDGE,
    KEY_CLOSURES,
    KEY_WITHOUT,
    KEY_AFTER,
    KEY_WHAT_IF,
    KEY_N_1,
    KEY_WORST,
    KEY_THREADS,
    KEY_GEOJSON,
    KEY_CSV
};

enum { MAX_UNITS = 1000000, MAX_WORST = 1000000, MAX_THREADS = 1024, DEFAULT_WORST = 20 };

static const uint32_t MAX_WITHIN_MS = 24 * 3600 * 1000;

static const struct argp_option OPTIONS[] = {
    {"scenario", KEY_SCENARIO, "CODE", 0, "which of the store's scenarios (its default one)", 0},
    {"profiles", KEY_PROFILES, "FILE", FILE_READ, "JSON of profiles that units travel by", 0},
    {"standard", KEY_STANDARD, "FILE", FILE_READ, "JSON of what every place should have (our own)",
     0},
    {"places", KEY_PLACES, "WHICH", 0, "sites, villages or all (all)", 0},
    {"within", KEY_WITHIN, "TIME", 0, "in which it has to be there: 20min (30min)", 0},
    {"units", KEY_UNITS, "K", 0, "how many teams, vehicles, pools or warehouses (1)", 0},
    {"capability", KEY_CAPABILITY, "KIND", 0,
     "of this kind: a capability, a vehicle, a machine or an item; as often as needed", 0},
    {"close-edge", KEY_CLOSE_EDGE, "ID", 0, "with this road closed; as often as needed", 0},
    {"closures", KEY_CLOSURES, "FILE", FILE_READ, "with what a GeoJSON closes: see muster closures",
     0},
    HAZARD_OPTIONS,
    {"without", KEY_WITHOUT, "CODE", 0,
     "without the team, vehicle, machines or warehouse of this code; as often as needed", 0},
    {"after", KEY_AFTER, "PLAN.json", FILE_READ,
     "after what this plan (muster plan -o) sends is gone", 0},
    {"what-if", KEY_WHAT_IF, "FILE", FILE_READ, "JSON of what-ifs, each compared with now", 0},
    {"n-1", KEY_N_1, "PART", 0,
     "what hurts most if it is missing: roads, bridges, warehouses or units; as often as needed",
     0},
    {"worst", KEY_WORST, "N", 0, "how long lists are (20)", 0},
    {"threads", KEY_THREADS, "N", 0, "threads to use (one per core)", 0},
    COORDINATE_OPTIONS,
    OUTPUT_CRS_OPTION,
    {"output", 'o', "FILE", FILE_WRITTEN, "write everything as JSON", 0},
    {"geojson", KEY_GEOJSON, "FILE", FILE_WRITTEN, "write the places as GeoJSON", 0},
    {"csv", KEY_CSV, "FILE", FILE_WRITTEN, "write a row for each place and standard as CSV", 0},
    {0}};

static error_t read_places(unsigned *out, const char *text) {
    if (strcmp(text, "sites") == 0) {
        *out = READINESS_SITES;
    } else if (strcmp(text, "villages") == 0) {
        *out = READINESS_VILLAGES;
    } else if (strcmp(text, "all") == 0) {
        *out = READINESS_SITES | READINESS_VILLAGES;
    } else {
        return arguments_reject("--places is \"%s\"; expected sites, villages or all", text);
    }
    return 0;
}

static error_t read_within(uint32_t *out_ms, const char *text) {
    if (duration_parse(out_ms, text, MAX_WITHIN_MS)) return 0;
    return arguments_reject("--within is \"%s\"; expected a number with its unit, 1ms to 1440m: "
                            "90s, 20min or 1h",
                            text);
}

static error_t read_part(bool parts[MUSTER_PART_COUNT], const char *text) {
    for (unsigned p = 0; p < MUSTER_PART_COUNT; ++p) {
        const char  *name   = muster_part_name((muster_part)p);
        const size_t length = strlen(name);
        if (strncmp(text, name, length) == 0 && strcmp(text + length, "s") == 0) {
            parts[p] = true;
            return 0;
        }
    }
    return arguments_reject("--n-1 is \"%s\"; expected roads, bridges, warehouses or units", text);
}

static error_t check(readiness_options *o) {
    if (!o->store) return arguments_reject("no store; expected muster readiness SCENARIO.gpkg");
    const error_t wrong = hazard_choice_check(&o->changes.hazards, o->store);
    return wrong != 0 ? wrong : coordinate_system_check(&o->system, o->geojson_path);
}

static error_t parse_change(readiness_options *o, int key, char *text) {
    what_if_spec *c = &o->changes;
    switch (key) {
    case KEY_CLOSE_EDGE:
        if (what_if_parse_edge(c, text)) return 0;
        return arguments_reject("--close-edge is \"%s\"; expected the id of an edge", text);
    case KEY_CLOSURES:
        c->closures = text;
        return 0;
    case KEY_HAZARDS:
    case KEY_AT:
        return hazard_choice_take(&c->hazards, key, text);
    case KEY_WITHOUT:
        c->without[c->without_count++] = text;
        return 0;
    case KEY_AFTER:
        c->after = text;
        return 0;
    default:
        return coordinate_system_take(&o->system, key, text);
    }
}

static error_t parse(int key, char *text, struct argp_state *state) {
    readiness_options *o = state->input;
    switch (key) {
    case KEY_SCENARIO:
        o->scenario_code = text;
        return 0;
    case KEY_PROFILES:
        o->profiles_path = text;
        return 0;
    case KEY_STANDARD:
        o->standard_path = text;
        return 0;
    case KEY_PLACES:
        return read_places(&o->places, text);
    case KEY_WITHIN:
        return read_within(&o->within_ms, text);
    case KEY_UNITS:
        return arguments_number(&o->unit_count, "--units", text, 1, MAX_UNITS);
    case KEY_CAPABILITY:
        o->kind[o->kind_count++] = text;
        return 0;
    case KEY_WHAT_IF:
        o->what_ifs = text;
        return 0;
    case KEY_N_1:
        return read_part(o->parts, text);
    case KEY_WORST:
        return arguments_number(&o->worst, "--worst", text, 1, MAX_WORST);
    case KEY_THREADS:
        return arguments_number(&o->thread_count, "--threads", text, 1, MAX_THREADS);
    case 'o':
        o->json_path = text;
        return 0;
    case KEY_GEOJSON:
        o->geojson_path = text;
        return 0;
    case KEY_CSV:
        o->csv_path = text;
        return 0;
    case ARGP_KEY_ARG:
        return arguments_take(&o->store, text, "SCENARIO.gpkg");
    case ARGP_KEY_END:
        return check(o);
    default:
        return parse_change(o, key, text);
    }
}

int readiness_options_read(readiness_options *o, int argc, char **argv) {
    const struct argp argp = {
        .options  = OPTIONS,
        .parser   = parse,
        .args_doc = "SCENARIO.gpkg",
        .doc =
            "Say who gets in time to each at-risk site and village, which are the weakest, what "
            "changes with a road closed, in a flood or after a dispatch, and what breaks first.\v"
            "A summary is printed on standard output; where an output FILE is \"-\", on "
            "standard error."};
    const size_t words = (size_t)argc + 1;
    *o                 = (readiness_options){.places = READINESS_SITES | READINESS_VILLAGES,
                                             .worst  = DEFAULT_WORST,
                                             .kind   = malloc(words * sizeof *o->kind)};
    const int code     = what_if_spec_init(&o->changes, words);
    if (!o->kind || code != COMMAND_DONE) return command_fail(COMMAND_ENVIRONMENT, "out of memory");
    return arguments_parse(&argp, argc, argv, o);
}

void readiness_options_free(readiness_options *o) {
    free(o->kind);
    what_if_spec_free(&o->changes);
    coordinate_system_free(&o->system);
}
