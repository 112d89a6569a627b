/* Options of `muster plan`. */
#include "cli/plan_options.h"

#include <string.h>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/duration.h"

enum {
    KEY_SCENARIO = 0x100,
    KEY_TIME_LIMIT,
    KEY_WORK_LIMIT,
    KEY_THREADS,
    KEY_METHOD,
    KEY_ITEMS,
    KEY_COMPARE,
    KEY_AFTER,
    KEY_WAS,
    KEY_KEEP,
    KEY_GAIN,
    KEY_GEOJSON,
    KEY_REPORT,
    KEY_PROFILES,
    KEY_LANG
};

enum { MAX_THREADS = 1024 };

static const uint32_t MAX_TIME_LIMIT_MS = 24 * 3600 * 1000; /* a day: no plan waits longer */
static const uint32_t MAX_GAIN_MS       = 24 * 3600 * 1000;

static const struct argp_option OPTIONS[] = {
    {"scenario", KEY_SCENARIO, "CODE", 0, "which of the file's scenarios (its default one)", 0},
    {"profiles", KEY_PROFILES, "FILE", FILE_READ, "JSON of profiles that units travel by", 0},
    HAZARD_OPTIONS,
    {"time-limit", KEY_TIME_LIMIT, "TIME", 0, "best plan by then: 500ms, 2s, 1m (2s)", 0},
    {"work-limit", KEY_WORK_LIMIT, "N", 0, "stop after so many steps, whatever the clock", 0},
    {"threads", KEY_THREADS, "N", 0, "threads to use (one per core)", 0},
    {"method", KEY_METHOD, "NAME", 0, "optimize, or greedy: nearest suitable first (optimize)", 0},
    {"items", KEY_ITEMS, "HOW", 0,
     "by-vehicle, or by-themselves (by vehicle where one has a payload)", 0},
    {"compare", KEY_COMPARE, "greedy", 0, "say how much better it is than nearest first", 0},
    {"after", KEY_AFTER, "FILE", 0, "start from this plan (-o), and say what changes and why", 0},
    {"was", KEY_WAS, "FILE", FILE_READ, "the scenario file that plan was for (SCENARIO.gpkg)", 0},
    {"keep", KEY_KEEP, NULL, 0, "keep what that plan sends, where it is still possible", 0},
    {"gain", KEY_GAIN, "TIME", 0,
     "change that plan only where each change saves a minor need this much time: 5min (any gain)",
     0},
    {"output", 'o', "FILE", FILE_WRITTEN, "write the plan as JSON", 0},
    {"geojson", KEY_GEOJSON, "FILE", FILE_WRITTEN, "write incidents and routes as GeoJSON", 0},
    OUTPUT_CRS_OPTION,
    {"report", KEY_REPORT, "FILE", FILE_WRITTEN, "write a report: one HTML page that works offline",
     0},
    {"lang", KEY_LANG, "zh|en", 0,
     "the language of the summary, of what changes and of the report (en)", 0},
    {0}};

static error_t read_time_limit(uint32_t *out_ms, const char *text) {
    if (duration_parse(out_ms, text, MAX_TIME_LIMIT_MS)) return 0;
    return arguments_reject("--time-limit is \"%s\"; expected a number with its unit, 1ms to "
                            "1440m: 500ms, 2s or 1m",
                            text);
}

static error_t read_gain(uint32_t *out_ms, const char *text) {
    if (duration_parse(out_ms, text, MAX_GAIN_MS)) return 0;
    return arguments_reject("--gain is \"%s\"; expected a number with its unit, 1ms to 1440m: "
                            "30s, 5m or 1h",
                            text);
}

static error_t read_method(uint8_t *out, const char *text) {
    const bool is_greedy = strcmp(text, "greedy") == 0;
    if (!is_greedy && strcmp(text, "optimize") != 0) {
        return arguments_reject("--method is \"%s\"; expected optimize or greedy", text);
    }
    *out = is_greedy ? MUSTER_METHOD_GREEDY : MUSTER_METHOD_OPTIMIZE;
    return 0;
}

static error_t read_items(uint8_t *out, const char *text) {
    const bool is_by_vehicle = strcmp(text, "by-vehicle") == 0;
    if (!is_by_vehicle && strcmp(text, "by-themselves") != 0) {
        return arguments_reject("--items is \"%s\"; expected by-vehicle or by-themselves", text);
    }
    *out = is_by_vehicle ? MUSTER_ITEMS_BY_VEHICLE : MUSTER_ITEMS_BY_THEMSELVES;
    return 0;
}

static error_t read_compare(bool *out, const char *text) {
    if (strcmp(text, "greedy") != 0) {
        return arguments_reject("--compare is \"%s\"; expected greedy", text);
    }
    *out = true;
    return 0;
}

static error_t check(plan_options *options) {
    if (!options->scenario_path) {
        return arguments_reject("no scenario file; expected muster plan SCENARIO.gpkg");
    }
    if (!options->after_path && (options->was_path || options->is_kept || options->gain_ms > 0)) {
        return arguments_reject("%s without --after; expected a plan to start from",
                                options->was_path  ? "--was"
                                : options->is_kept ? "--keep"
                                                   : "--gain");
    }
    if (options->is_kept && options->gain_ms > 0) {
        return arguments_reject("--keep and --gain contradict each other; expected one of them");
    }
    const error_t wrong = hazard_choice_check(&options->hazards, options->scenario_path);
    if (wrong != 0) return wrong;
    return coordinate_system_check(&options->system, options->geojson_path);
}

static error_t parse(int key, char *text, struct argp_state *state) {
    plan_options *options = state->input;
    switch (key) {
    case KEY_SCENARIO:
        options->scenario_code = text;
        return 0;
    case KEY_PROFILES:
        options->profiles_path = text;
        return 0;
    case KEY_HAZARDS:
    case KEY_AT:
        return hazard_choice_take(&options->hazards, key, text);
    case KEY_TIME_LIMIT:
        return read_time_limit(&options->time_limit_ms, text);
    case KEY_WORK_LIMIT:
        return arguments_number(&options->work_limit, "--work-limit", text, 1, INT32_MAX);
    case KEY_THREADS:
        return arguments_number(&options->thread_count, "--threads", text, 1, MAX_THREADS);
    case KEY_METHOD:
        return read_method(&options->method, text);
    case KEY_ITEMS:
        return read_items(&options->items, text);
    case KEY_COMPARE:
        return read_compare(&options->is_compared, text);
    case KEY_AFTER:
        options->after_path = text;
        return 0;
    case KEY_WAS:
        options->was_path = text;
        return 0;
    case KEY_KEEP:
        options->is_kept = true;
        return 0;
    case KEY_GAIN:
        return read_gain(&options->gain_ms, text);
    case KEY_LANG:
        return arguments_language(&options->language, text);
    case 'o':
        options->plan_path = text;
        return 0;
    case KEY_GEOJSON:
        options->geojson_path = text;
        return 0;
    case KEY_REPORT:
        options->report_path = text;
        return 0;
    case ARGP_KEY_ARG:
        return arguments_take(&options->scenario_path, text, "SCENARIO.gpkg");
    case ARGP_KEY_END:
        return check(options);
    default:
        return coordinate_system_take(&options->system, key, text);
    }
}

int plan_options_read(plan_options *out, int argc, char **argv) {
    const muster_solve_options defaults = MUSTER_SOLVE_OPTIONS_INIT;
    const struct argp          argp     = {
                     .options  = OPTIONS,
                     .parser   = parse,
                     .args_doc = "SCENARIO.gpkg",
                     .doc      = "Decide who goes where: teams, vehicles, machines and stocks to the "
                                              "incidents of a scenario.\vA summary is printed on standard output; "
                                              "where an output FILE is \"-\", on standard error."};
    *out = (plan_options){.method = defaults.method, .items = MUSTER_ITEM_TRANSPORT_COUNT};
    const int code = arguments_parse(&argp, argc, argv, out);
    if (out->time_limit_ms == 0 && out->work_limit == 0)
        out->time_limit_ms = defaults.time_limit_ms;
    return code;
}
