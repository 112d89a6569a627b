/* Options of `muster site`. What a model does not read is refused, so that nobody believes that it was. */
#include "cli/siting_options.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/duration.h"
#include "cli/site.h"

enum {
    KEY_MODEL = 0x100,
    KEY_DEMAND,
    KEY_CANDIDATES,
    KEY_EXISTING,
    KEY_UNIT,
    KEY_WEIGHT,
    KEY_ADD,
    KEY_COUNT,
    KEY_ROOM,
    KEY_WITHIN,
    KEY_BUSY,
    KEY_GOAL,
    KEY_MOVES,
    KEY_MOVE_WITHIN,
    KEY_LEAVE_OUT,
    KEY_SCENARIO,
    KEY_CLOSURES,
    KEY_TIME_LIMIT,
    KEY_WORK_LIMIT,
    KEY_THREADS,
    KEY_GEOJSON
};

enum { MAX_THREADS = 1024, MAX_UNITS = 1000000, USUAL_TIME_LIMIT_MS = 60000 };

static const uint32_t MAX_WITHIN_MS = 7 * 24 * 3600 * 1000u, MAX_TIME_LIMIT_MS = 24 * 3600 * 1000u;

static const struct argp_option OPTIONS[] = {
    {"model", KEY_MODEL, "NAME", 0,
     "p-median, p-center, max-cover, set-cover, expected-cover or move-up", 0},
    {"add", KEY_ADD, "K", 0, "how many places, or units of expected-cover, to add", 0},
    {"count", KEY_COUNT, "K", 0, "how many there are to be with those that exist, instead", 0},
    {"within", KEY_WITHIN, "TIME", 0, "who is reached by then is covered: 15min, 1h", 0},
    {"busy", KEY_BUSY, "PART", 0, "how likely a unit is busy: 0.3 (0)", 0},
    {"demand", KEY_DEMAND, "LIST", FILE_READ,
     "at-risk, villages, towns, or a CSV file with id, lon, lat and, perhaps, weight; again for "
     "several (at-risk and villages)",
     0},
    {"candidates", KEY_CANDIDATES, "LIST", FILE_READ,
     "where units may wait: warehouses, or one of those lists (warehouses)", 0},
    {"existing", KEY_EXISTING, "LIST", FILE_READ,
     "where some are already, and stay: one of those lists", 0},
    {"unit", KEY_UNIT, "KIND", 0,
     "units of the store that are there: the code of a capability, vehicle, machine or item; "
     "those that move up",
     0},
    {"weight", KEY_WEIGHT, "HOW", 0, "population, or equal (population)", 0},
    {"room", KEY_ROOM, "N", 0, "units that one place holds (no limit)", 0},
    {"goal", KEY_GOAL, "NAME", 0,
     "what move-up is for: p-median, max-cover or expected-cover (expected-cover)", 0},
    {"moves", KEY_MOVES, "M", 0, "how many units may move up", 0},
    {"move-within", KEY_MOVE_WITHIN, "TIME", 0, "and for how long: 20min", 0},
    {"leave-out", KEY_LEAVE_OUT, NULL, 0, "leave out demand that no place reaches", 0},
    {"scenario", KEY_SCENARIO, "CODE", 0, "which of the store's scenarios (its default one)", 0},
    PROFILE_OPTIONS,
    COORDINATE_OPTIONS,
    OUTPUT_CRS_OPTION,
    {"closures", KEY_CLOSURES, "FILE", FILE_READ, "GeoJSON of what is closed: see muster closures",
     0},
    HAZARD_OPTIONS,
    {"time-limit", KEY_TIME_LIMIT, "TIME", 0, "best by then: 500ms, 2s, 1m (1m)", 0},
    {"work-limit", KEY_WORK_LIMIT, "N", 0, "stop after so many steps, whatever the clock", 0},
    {"threads", KEY_THREADS, "N", 0, "threads to use (one per core)", 0},
    {"output", 'o', "FILE", FILE_WRITTEN, "write the answer as JSON", 0},
    {"geojson", KEY_GEOJSON, "FILE", FILE_WRITTEN,
     "write places, demand and who serves whom as GeoJSON", 0},
    {0}};

/* ---- values ------------------------------------------------------------------------------- */

static error_t take_list(siting_names *names, const char *option, const char *value) {
    if (names->count == SITING_MOST_LISTS) {
        return arguments_reject("%s is given more than %d times", option, SITING_MOST_LISTS);
    }
    names->name[names->count++] = value;
    return 0;
}

static error_t take_model(siting_options *o, const char *value) {
    o->model = muster_siting_model_from_name(value);
    if (o->model != MUSTER_SITING_MODEL_COUNT) return 0;
    return arguments_reject("--model is \"%s\"; expected p-median, p-center, max-cover, "
                            "set-cover, expected-cover or move-up",
                            value);
}

static error_t take_goal(siting_options *o, const char *value) {
    o->goal     = muster_siting_model_from_name(value);
    o->has_goal = true;
    if (o->goal == MUSTER_P_MEDIAN || o->goal == MUSTER_MAX_COVER ||
        o->goal == MUSTER_EXPECTED_COVER) {
        return 0;
    }
    return arguments_reject("--goal is \"%s\"; expected p-median, max-cover or expected-cover",
                            value);
}

static error_t take_time(uint32_t *out_ms, const char *option, const char *value,
                         uint32_t most_ms) {
    if (duration_parse(out_ms, value, most_ms)) return 0;
    return arguments_reject("%s is \"%s\"; expected a number with its unit, 1ms to %uh: 90s, 15min "
                            "or 1h",
                            option, value, most_ms / 3600000);
}

static error_t take_busy(siting_options *o, const char *value) {
    double busy;
    o->has_busy = true;
    if (number_parse(&busy, value) && busy >= 0 && busy < 1) {
        o->busy_millionths = (uint32_t)lround(busy * MUSTER_MILLION);
        if (o->busy_millionths < MUSTER_MILLION) return 0;
    }
    return arguments_reject("--busy is \"%s\"; expected a part from 0 to 0.999999, as in 0.3",
                            value);
}

static error_t take_weight(siting_options *o, const char *value) {
    o->is_equal = strcmp(value, "equal") == 0;
    if (o->is_equal || strcmp(value, "population") == 0) return 0;
    return arguments_reject("--weight is \"%s\"; expected population or equal", value);
}

static error_t take_count(siting_options *o, int key, const char *value) {
    if (o->count != UINT32_MAX) return arguments_reject("--add or --count twice; expected it once");
    o->has_count = key == KEY_COUNT;
    return arguments_number(&o->count, key == KEY_COUNT ? "--count" : "--add", value, 0, MAX_UNITS);
}

/* ---- what goes with what ------------------------------------------------------------------ */

static muster_siting_model goal_of(const siting_options *o) {
    return o->model == MUSTER_MOVE_UP ? o->goal : o->model;
}

static bool is_cover(const siting_options *o) {
    const muster_siting_model goal = goal_of(o);
    return goal == MUSTER_MAX_COVER || goal == MUSTER_SET_COVER || goal == MUSTER_EXPECTED_COVER;
}

static error_t check_moves(const siting_options *o) {
    if (o->model != MUSTER_MOVE_UP) {
        return o->moves == UINT32_MAX && o->move_within_ms == 0 && !o->has_goal
                   ? 0
                   : arguments_reject("--moves, --move-within and --goal are for --model move-up");
    }
    if (o->units.count == 0) return arguments_reject("no units to move; expected --unit KIND");
    if (o->moves == UINT32_MAX) return arguments_reject("no number of moves; expected --moves M");
    if (o->move_within_ms == 0) return arguments_reject("no limit; expected --move-within TIME");
    return 0;
}

static error_t check_count(const siting_options *o) {
    const char *model     = muster_siting_model_name(o->model);
    const bool  is_wanted = o->model != MUSTER_SET_COVER && o->model != MUSTER_MOVE_UP;
    if (is_wanted && o->count == UINT32_MAX) {
        return arguments_reject("no number for %s; expected --add K or --count K", model);
    }
    if (is_wanted || o->count == UINT32_MAX) return 0;
    return arguments_reject("--add and --count are not for %s", model);
}

static error_t check(siting_options *o) {
    if (!o->store) return arguments_reject("no store; expected muster site STORE");
    if (o->model == MUSTER_SITING_MODEL_COUNT) {
        return arguments_reject("no --model; expected p-median, p-center, max-cover, set-cover, "
                                "expected-cover or move-up");
    }
    error_t wrong = check_count(o);
    if (wrong == 0) wrong = check_moves(o);
    if (wrong != 0) return wrong;
    if (is_cover(o) && o->within_ms == 0) {
        return arguments_reject("no time for who is covered; expected --within TIME");
    }
    if (o->has_busy && goal_of(o) != MUSTER_EXPECTED_COVER) {
        return arguments_reject("--busy is for expected-cover, and moves for it");
    }
    if (o->room != 0 && o->model != MUSTER_EXPECTED_COVER && o->model != MUSTER_MOVE_UP) {
        return arguments_reject("--room is for expected-cover and move-up");
    }
    wrong = profile_require(&o->profile);
    if (wrong == 0) wrong = hazard_choice_check(&o->hazards, o->store);
    return wrong != 0 ? wrong : coordinate_system_check(&o->system, o->geojson);
}

/* ---- the parser --------------------------------------------------------------------------- */

static error_t take_shared(siting_options *o, int key, char *value) {
    if (key == KEY_HAZARDS || key == KEY_AT) return hazard_choice_take(&o->hazards, key, value);
    return key >= KEY_CRS && key <= KEY_OUTPUT_CRS ? coordinate_system_take(&o->system, key, value)
                                                   : profile_take(&o->profile, key, value);
}

static error_t take_name(siting_options *o, int key, char *value) {
    switch (key) {
    case KEY_DEMAND:
        return take_list(&o->demand, "--demand", value);
    case KEY_CANDIDATES:
        return take_list(&o->candidates, "--candidates", value);
    case KEY_EXISTING:
        return take_list(&o->existing, "--existing", value);
    case KEY_UNIT:
        return take_list(&o->units, "--unit", value);
    case KEY_SCENARIO:
        o->scenario_code = value;
        return 0;
    case KEY_CLOSURES:
        o->closures = value;
        return 0;
    case KEY_GEOJSON:
        o->geojson = value;
        return 0;
    case 'o':
        o->output = value;
        return 0;
    default:
        return take_shared(o, key, value);
    }
}

static error_t parse(int key, char *value, struct argp_state *state) {
    siting_options *o = state->input;
    switch (key) {
    case KEY_MODEL:
        return take_model(o, value);
    case KEY_ADD:
    case KEY_COUNT:
        return take_count(o, key, value);
    case KEY_WITHIN:
        return take_time(&o->within_ms, "--within", value, MAX_WITHIN_MS);
    case KEY_BUSY:
        return take_busy(o, value);
    case KEY_WEIGHT:
        return take_weight(o, value);
    case KEY_ROOM:
        return arguments_number(&o->room, "--room", value, 1, MAX_UNITS);
    case KEY_GOAL:
        return take_goal(o, value);
    case KEY_MOVES:
        return arguments_number(&o->moves, "--moves", value, 0, MAX_UNITS);
    case KEY_MOVE_WITHIN:
        return take_time(&o->move_within_ms, "--move-within", value, MAX_WITHIN_MS);
    case KEY_LEAVE_OUT:
        o->leaves_out = true;
        return 0;
    case KEY_TIME_LIMIT:
        return take_time(&o->time_limit_ms, "--time-limit", value, MAX_TIME_LIMIT_MS);
    case KEY_WORK_LIMIT:
        return arguments_number(&o->work_limit, "--work-limit", value, 1, INT32_MAX);
    case KEY_THREADS:
        return arguments_number(&o->thread_count, "--threads", value, 0, MAX_THREADS);
    case ARGP_KEY_ARG:
        return arguments_take(&o->store, value, "STORE");
    case ARGP_KEY_END:
        return check(o);
    default:
        return take_name(o, key, value);
    }
}

static const struct argp ARGP = {
    .options  = OPTIONS,
    .parser   = parse,
    .args_doc = "STORE --model NAME --profile NAME",
    .doc = "Find where units and stock should wait, or who should move up, and prove that nothing "
           "is better.\vA summary is printed on standard output; where a FILE is \"-\", on "
           "standard error. The exit status is 1 where it cannot be done: some demand is out of "
           "reach of every place, or the places are too few."};

int siting_options_read(siting_options *o, int argc, char **argv) {
    *o             = (siting_options){.model = MUSTER_SITING_MODEL_COUNT,
                                      .goal  = MUSTER_EXPECTED_COVER,
                                      .count = UINT32_MAX,
                                      .moves = UINT32_MAX};
    const int code = arguments_parse(&ARGP, argc, argv, o);
    if (code != COMMAND_DONE) return code;
    if (o->work_limit == 0 && o->time_limit_ms == 0) o->time_limit_ms = USUAL_TIME_LIMIT_MS;
    if (o->demand.count == 0) {
        o->demand = (siting_names){2, {"at-risk", "villages"}};
    }
    if (o->candidates.count == 0 && o->model != MUSTER_MOVE_UP) {
        o->candidates = (siting_names){1, {"warehouses"}};
    }
    return COMMAND_DONE;
}
