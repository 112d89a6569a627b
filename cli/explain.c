/* `muster explain`: why a plan does for an incident what it does.
 *
 * The plan is read from a file that `muster plan` wrote, or made anew. One that is read is held
 * against the scenario first: who is sent where and when must be possible, and arrive when it
 * says. Why something is unmet is worked out anew from that; the plan's own reason counts where it
 * does not follow from who goes where alone, and is said where it is another one. */
#include <muster/solve.h>
#include <stdlib.h>
#include <string.h>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/duration.h"
#include "cli/explain_answer.h"
#include "cli/json_file.h"
#include "cli/network_file.h"
#include "cli/plan_hazards.h"
#include "cli/plan_read.h"
#include "cli/progress.h"
#include "cli/suggest.h"

enum {
    KEY_SCENARIO = 0x100,
    KEY_PLAN,
    KEY_INCIDENT,
    KEY_TIME_LIMIT,
    KEY_THREADS,
    KEY_PROFILES,
    KEY_LANG,
    KEY_JSON
};

enum { MAX_THREADS = 1024, MAX_TIME_LIMIT_MS = 24 * 3600 * 1000 };

typedef struct explain_options {
    const char     *scenario_path, *scenario_code, *plan_path, *incident, *profiles_path;
    hazard_choice   hazards;
    uint32_t        time_limit_ms, thread_count;
    muster_language language;
    bool            is_json;
} explain_options;

/* What one run holds. */
typedef struct explaining {
    explain_options        options;
    json_t                *document; /* the plan's file */
    muster_profiles       *profiles;
    muster_scenario       *scenario;
    muster_plan           *plan;
    muster_problem         problem; /* the scenario's, with items as the plan has them */
    plan_hazards           hazards;
    plan_moves             read;       /* from the file */
    muster_unmet          *read_unmet; /* from the file; NULL: it says nothing of that */
    uint32_t               shipment_count;
    const muster_shipment *shipment;
    muster_reasons        *reasons;
    explain_answer         answer;
} explaining;

/* ---- the command line ------------------------------------------------------------------------ */

static const struct argp_option OPTIONS[] = {
    {"incident", KEY_INCIDENT, "CODE", 0, "the incident to explain", 0},
    {"plan", KEY_PLAN, "FILE", 0, "a plan.json of muster plan (plan anew)", 0},
    {"scenario", KEY_SCENARIO, "CODE", 0,
     "which of the file's scenarios (the plan's, or its default one)", 0},
    {"profiles", KEY_PROFILES, "FILE", 0, "JSON of profiles that units travel by", 0},
    HAZARD_OPTIONS,
    {"time-limit", KEY_TIME_LIMIT, "TIME", 0, "when planning anew: best plan by then (2s)", 0},
    {"threads", KEY_THREADS, "N", 0, "threads to use (one per core)", 0},
    {"lang", KEY_LANG, "zh|en", 0, "the language of the answer (en)", 0},
    {"json", KEY_JSON, NULL, 0, "print the answer as JSON", 0},
    {0}};

static error_t check(explain_options *o) {
    if (!o->scenario_path || !o->incident) {
        return arguments_reject("no %s; expected muster explain SCENARIO.gpkg --incident CODE",
                                o->scenario_path ? "--incident" : "scenario file");
    }
    return hazard_choice_check(&o->hazards, o->scenario_path);
}

static error_t parse(int key, char *text, struct argp_state *state) {
    explain_options *o = state->input;
    switch (key) {
    case KEY_SCENARIO:
        o->scenario_code = text;
        return 0;
    case KEY_PLAN:
        o->plan_path = text;
        return 0;
    case KEY_INCIDENT:
        o->incident = text;
        return 0;
    case KEY_PROFILES:
        o->profiles_path = text;
        return 0;
    case KEY_TIME_LIMIT:
        if (duration_parse(&o->time_limit_ms, text, MAX_TIME_LIMIT_MS)) return 0;
        return arguments_reject("--time-limit is \"%s\"; expected a number with its unit, 1ms to "
                                "1440m: 500ms, 2s or 1m",
                                text);
    case KEY_THREADS:
        return arguments_number(&o->thread_count, "--threads", text, 1, MAX_THREADS);
    case KEY_HAZARDS:
    case KEY_AT:
        return hazard_choice_take(&o->hazards, key, text);
    case KEY_LANG:
        return arguments_language(&o->language, text);
    case KEY_JSON:
        o->is_json = true;
        return 0;
    case ARGP_KEY_ARG:
        return arguments_take(&o->scenario_path, text, "SCENARIO.gpkg");
    case ARGP_KEY_END:
        return check(o);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp ARGP = {
    .options  = OPTIONS,
    .parser   = parse,
    .args_doc = "SCENARIO.gpkg --incident CODE",
    .doc =
        "Explain what a plan does for an incident: why a need stays unmet, why the nearest is "
        "not sent, what one more would be worth.\vEverything is worked out from who goes where. The plan's "
        "own reasons count where that does not tell why something is unmet, and are said where they differ."};

/* ---- the plan -------------------------------------------------------------------------------- */

static int read_plan_file(explaining *e) {
    explain_options *o = &e->options;
    const char      *code;
    if (!o->plan_path) return COMMAND_DONE;
    int status = json_read(&e->document, o->plan_path, "a plan of muster plan -o");
    if (status == COMMAND_DONE) status = plan_read_scenario(&code, e->document, o->plan_path);
    if (status != COMMAND_DONE) return status;
    if (o->scenario_code && strcmp(o->scenario_code, code) != 0) {
        return command_fail(COMMAND_BAD_INPUT,
                            "%s: scenario.code is \"%s\"; expected \"%s\", which --scenario names",
                            o->plan_path, code, o->scenario_code);
    }
    o->scenario_code = code;
    return COMMAND_DONE;
}

static int load_scenario(explaining *e) {
    muster_status status = MUSTER_OK;
    if (e->options.profiles_path) {
        status = muster_profiles_read(&e->profiles, e->options.profiles_path);
    }
    if (status == MUSTER_OK) {
        status = muster_scenario_load_with(&e->scenario, e->options.scenario_path,
                                           e->options.scenario_code, e->profiles);
    }
    if (status != MUSTER_OK) return command_fail_status(status);
    e->problem                = *muster_scenario_problem(e->scenario);
    e->problem.item_transport = plan_read_transport(e->document, e->problem.item_transport);
    e->answer.scenario        = e->scenario;
    e->answer.problem         = &e->problem;
    e->answer.plan_path       = e->options.plan_path;
    e->answer.language        = e->options.language;
    return plan_hazards_apply(&e->hazards, &e->problem, &e->options.hazards,
                              muster_scenario_code(e->scenario),
                              muster_scenario_profiles(e->scenario));
}

static int find_incident(explaining *e) {
    const muster_problem *p    = muster_scenario_problem(e->scenario);
    suggestion            best = suggestion_start(e->options.incident);
    for (uint32_t i = 0; i < p->incident_count; ++i) {
        suggestion_offer(&best, p->incident[i].code);
        if (strcmp(p->incident[i].code, e->options.incident) != 0) continue;
        e->answer.incident = i;
        return COMMAND_DONE;
    }
    return command_fail(COMMAND_BAD_INPUT, "%s: scenario \"%s\" has no incident \"%s\"%s%s%s",
                        network_file_name(e->options.scenario_path),
                        muster_scenario_code(e->scenario), e->options.incident,
                        best.word ? "; did you mean \"" : "", best.word ? best.word : "",
                        best.word ? "\"?" : "");
}

/* A muster_solve_watcher whose user is a `progress *`. */
static bool show_progress(void *user, const muster_solve_state *state) {
    return progress_report(user, state->phase, 0);
}

static int make_plan(explaining *e) {
    progress             bar;
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    options.time_limit_ms        = e->options.time_limit_ms;
    options.thread_count         = e->options.thread_count;
    options.watcher              = show_progress;
    options.watcher_user         = &bar;
    progress_start(&bar);
    const muster_status status = muster_solve(&e->plan, &e->problem, &options);
    progress_end(&bar);
    if (status != MUSTER_OK) return command_fail_status(status);
    e->answer.assignment = muster_plan_assignments(e->plan, &e->answer.assignment_count);
    e->answer.told       = muster_plan_unmet(e->plan, &e->answer.told_count);
    e->shipment          = muster_plan_shipments(e->plan, &e->shipment_count);
    return COMMAND_DONE;
}

static int take_plan(explaining *e) {
    if (!e->document) return make_plan(e);
    int code = plan_read_moves(&e->read, e->document, e->options.plan_path, &e->problem);
    if (code == COMMAND_DONE) {
        code = plan_read_unmet(&e->read_unmet, &e->answer.told_count, e->document,
                               e->options.plan_path, &e->problem);
    }
    e->answer.told             = e->read_unmet;
    e->answer.assignment       = e->read.assignment;
    e->answer.assignment_count = e->read.assignment_count;
    e->shipment                = e->read.shipment;
    e->shipment_count          = e->read.shipment_count;
    return code;
}

/* ---- the answer ------------------------------------------------------------------------------- */

static int open_reasons(explaining *e) {
    muster_status status = muster_reasons_new(&e->reasons, &e->problem, e->answer.assignment_count,
                                              e->answer.assignment, e->shipment_count, e->shipment,
                                              e->options.thread_count);
    if (status == MUSTER_OK) {
        status = muster_reasons_tell(e->reasons, e->answer.told_count, e->answer.told);
    }
    if (status == MUSTER_E_INVALID && e->document) {
        return command_fail(COMMAND_BAD_INPUT, "%s does not fit %s: %s", e->options.plan_path,
                            network_file_name(e->options.scenario_path), muster_error_message());
    }
    return status == MUSTER_OK ? COMMAND_DONE : command_fail_status(status);
}

static int explain(explaining *e) {
    const muster_problem *p = &e->problem;
    e->answer.why           = calloc((size_t)p->need_count + 1, sizeof(muster_why *));
    if (!e->answer.why) return command_fail(COMMAND_ENVIRONMENT, "out of memory");
    for (uint32_t n = 0; n < p->need_count; ++n) {
        if (p->need[n].incident != e->answer.incident) continue;
        const muster_status status = muster_why_new(&e->answer.why[n], e->reasons, n);
        if (status != MUSTER_OK) return command_fail_status(status);
    }
    if (e->options.is_json) return json_write(explain_answer_json(&e->answer), "-");
    explain_answer_print(stdout, &e->answer);
    return COMMAND_DONE;
}

static int run(explaining *e, int argc, char **argv) {
    int code = arguments_parse(&ARGP, argc, argv, &e->options);
    if (code == COMMAND_DONE) code = read_plan_file(e);
    if (code == COMMAND_DONE) code = load_scenario(e);
    if (code == COMMAND_DONE) code = find_incident(e);
    if (code == COMMAND_DONE) code = take_plan(e);
    if (code == COMMAND_DONE) code = open_reasons(e);
    return code == COMMAND_DONE ? explain(e) : code;
}

int command_explain(int argc, char **argv) {
    const muster_solve_options defaults = MUSTER_SOLVE_OPTIONS_INIT;
    explaining                 e        = {.options = {.time_limit_ms = defaults.time_limit_ms}};
    const int                  code     = run(&e, argc, argv);
    if (e.answer.why) {
        for (uint32_t n = 0; n < e.problem.need_count; ++n) muster_why_free(e.answer.why[n]);
        free(e.answer.why);
    }
    muster_reasons_free(e.reasons);
    muster_plan_free(e.plan);
    plan_moves_free(&e.read);
    free(e.read_unmet);
    plan_hazards_free(&e.hazards);
    muster_scenario_free(e.scenario);
    muster_profiles_free(e.profiles);
    json_decref(e.document);
    return code;
}
