/* muster hazards: what files of hazards and alerts hold, and what that means at a moment. */
#include <stdlib.h>
#include <string.h>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/hazards_answer.h"
#include "cli/json_file.h"
#include "cli/output.h"
#include "cli/profile.h"

enum {
    KEY_NETWORK = 0x100,
    KEY_SCENARIO,
    KEY_SIGNALS,
    KEY_LANGUAGE,
    KEY_EXERCISES,
    KEY_JSON,
    KEY_GEOJSON
};

typedef struct hazards_options {
    hazard_choice        hazards;
    const char          *network, *scenario, *signals, *geojson;
    muster_alert_options alerts;
    bool                 is_json;
    profile_choice       profile;
} hazards_options;

static const struct argp_option OPTIONS[] = {
    {"at", KEY_AT, "MOMENT", 0, "say what holds then: 2026-07-01T14:30:00+08:00, or now", 0},
    {"network", KEY_NETWORK, "NET.gpkg", FILE_READ,
     "say who lives inside, and which roads are closed", 0},
    PROFILE_OPTIONS,
    {"scenario", KEY_SCENARIO, "CODE", 0,
     "whose hazards of a GeoPackage or database (its default one's)", 0},
    {"language", KEY_LANGUAGE, "TAG", 0, "of alerts in several languages (zh)", 0},
    {"exercises", KEY_EXERCISES, NULL, 0, "let messages of exercises count", 0},
    {"signals", KEY_SIGNALS, "FILE", FILE_READ, "CSV of signals and what they set off", 0},
    {"json", KEY_JSON, NULL, 0, "print the answer as JSON", 0},
    {"geojson", KEY_GEOJSON, "OUT", FILE_WRITTEN,
     "write the areas as GeoJSON: those that hold, with --at", 0},
    {0}};

static error_t check_options(const hazards_options *o) {
    if (o->hazards.file_count == 0) {
        return arguments_reject(
            "no file; expected GeoJSON, a CAP message, a GeoPackage or a database");
    }
    if (o->network && !o->hazards.at) {
        return arguments_reject("--network without --at; expected the moment to look at");
    }
    if (o->profile.name && !o->network) {
        return arguments_reject("--profile without --network; expected the roads to look at");
    }
    if (o->is_json && o->geojson && strcmp(o->geojson, "-") == 0) {
        return arguments_reject("--json and --geojson - at once; expected one on standard output");
    }
    return 0;
}

static error_t parse(int key, char *value, struct argp_state *state) {
    hazards_options *o = state->input;
    switch (key) {
    case KEY_AT:
        return hazard_choice_take(&o->hazards, key, value);
    case KEY_NETWORK:
        o->network = value;
        return 0;
    case KEY_SCENARIO:
        o->scenario = value;
        return 0;
    case KEY_SIGNALS:
        o->signals = value;
        return 0;
    case KEY_LANGUAGE:
        o->alerts.language = value;
        return 0;
    case KEY_EXERCISES:
        o->alerts.takes_exercises = true;
        return 0;
    case KEY_JSON:
        o->is_json = true;
        return 0;
    case KEY_GEOJSON:
        o->geojson = value;
        return 0;
    case ARGP_KEY_ARG:
        return hazard_choice_add_file(&o->hazards, value);
    case ARGP_KEY_END:
        return check_options(o);
    default:
        return profile_take(&o->profile, key, value);
    }
}

static const struct argp ARGP = {
    .options  = OPTIONS,
    .parser   = parse,
    .args_doc = "FILE...",
    .doc =
        "Read hazards and alerts, repair what has to be, and list them.\v"
        "A FILE is GeoJSON, a CAP 1.2 message, or a GeoPackage or database with hazards. With --at it is "
        "said what holds then, with --network who is inside, and with --profile too which "
        "roads are closed. docs/hazards.md describes the files and the rules."};

/* ---- the answer ------------------------------------------------------------------------ */

static int find_effects(hazards_answer *a, const hazards_options *o) {
    profile_network loaded;
    if (!o->hazards.at) return COMMAND_DONE;
    if (!o->profile.name) return hazards_answer_find_effects(a, NULL, NULL, o->network);
    int code = profile_network_load(&loaded, o->network, o->profile.profile, 1);
    if (code != COMMAND_DONE) return code;
    code = hazards_answer_find_effects(a, &loaded, o->profile.profile, o->network);
    profile_network_free(&loaded);
    return code;
}

static int write_answer(const hazards_answer *a, const hazards_options *o) {
    const bool is_taken = o->geojson && strcmp(o->geojson, "-") == 0;
    if (o->geojson) {
        const int code = json_write(hazards_answer_geojson(a), o->geojson);
        if (code != COMMAND_DONE) return code;
    }
    if (o->is_json) return json_write(hazards_answer_json(a), "-");
    hazards_answer_print(a, is_taken ? stderr : stdout);
    return COMMAND_DONE;
}

static int answer(const hazards_options *o, const hazard_files *files,
                  const muster_signals *signals) {
    hazards_answer a    = {.files         = files,
                           .at            = o->hazards.at,
                           .at_s          = o->hazards.at_s,
                           .table         = signals,
                           .alert_options = &o->alerts};
    int            code = hazards_answer_find_signals(&a);
    if (code == COMMAND_DONE) code = find_effects(&a, o);
    if (code == COMMAND_DONE) code = write_answer(&a, o);
    hazards_answer_fini(&a);
    return code;
}

static int run(const hazards_options *o) {
    hazard_files        files;
    muster_signals     *signals;
    const muster_status status = muster_signals_read(&signals, o->signals);
    if (status != MUSTER_OK) return command_fail_status(status);
    int code = hazard_files_read(&files, &o->hazards, o->scenario, &o->alerts);
    if (code == COMMAND_DONE) {
        hazard_files_say_notes(&files);
        code = answer(o, &files, signals);
    }
    hazard_files_free(&files);
    muster_signals_free(signals);
    return code;
}

int command_hazards(int argc, char **argv) {
    hazards_options o    = {.alerts = MUSTER_ALERT_OPTIONS_INIT};
    int             code = arguments_parse(&ARGP, argc, argv, &o);
    if (code == COMMAND_DONE && o.profile.name) code = profile_choose(&o.profile);
    if (code == COMMAND_DONE) code = run(&o);
    profile_free(&o.profile);
    return code;
}
