#include "cli/replay_options.h"

#include <muster/moment.h>

static error_t read_moment(int64_t *out, const char *text) {
    int64_t at_s;
    if (muster_moment_parse(text, &at_s) && at_s < INT64_MAX / 1000 && at_s > INT64_MIN / 1000) {
        *out = at_s * 1000 + 999; /* to the end of that second */
        return 0;
    }
    return arguments_reject(
        "--at is \"%s\"; expected a moment with Z or its offset from UTC, as in "
        "2026-07-01T14:30:00+08:00",
        text);
}

static error_t check(const replay_options *o) {
    if (!o->folder) return arguments_reject("no journal; expected its FOLDER");
    if (!o->store) return arguments_reject("no --store; expected where its roads are");
    if (o->sequence > 0 && o->at_ms != INT64_MAX) {
        return arguments_reject("--sequence and --at; expected one of them");
    }
    if (o->order > 0 && o->incident) {
        return arguments_reject("--order and --incident; expected one of them");
    }
    return 0;
}

static error_t parse(int key, char *value, struct argp_state *state) {
    replay_options *o = state->input;
    switch (key) {
    case 's':
        o->store = value;
        return 0;
    case 'a':
        return read_moment(&o->at_ms, value);
    case 'n':
        return arguments_ordinal(&o->sequence, "--sequence", value, "a number");
    case 'o':
        return arguments_ordinal(&o->order, "--order", value, "a number");
    case 'i':
        o->incident = value;
        return 0;
    case 'l':
        return arguments_language(&o->language, value);
    case 'j':
        o->is_json = true;
        return 0;
    case ARGP_KEY_ARG:
        return arguments_take(&o->folder, value, "FOLDER");
    case ARGP_KEY_END:
        return check(o);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option OPTIONS[] = {
    {"store", 's', "STORE", 0, "GeoPackage or database with the roads of the journal", 0},
    {"at", 'a', "MOMENT", 0, "as it was then (at the end)", 0},
    {"sequence", 'n', "N", 0, "as it was after record N", 0},
    {"order", 'o', "N", 0, "why was that sent?", 0},
    {"incident", 'i', "CODE", 0, "why is that served as it is?", 0},
    {"lang", 'l', "zh|en", 0, "the language of the answer (en)", 0},
    {"json", 'j', NULL, 0, "print all of it as JSON", 0},
    {0}};

int replay_options_parse(replay_options *options, int argc, char **argv) {
    static const struct argp argp = {
        .options  = OPTIONS,
        .parser   = parse,
        .args_doc = "FOLDER",
        .doc =
            "Say what was known at a moment gone by, which plan was committed last, by whom, on the "
            "knowledge of which record, and how good it was.\vWith an order or an incident: what "
            "its needs got, and why, by the roads, units and orders as they were when it was "
            "committed."};
    *options = (replay_options){.at_ms = INT64_MAX};
    return arguments_parse(&argp, argc, argv, options);
}
