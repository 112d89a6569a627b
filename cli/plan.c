/* `muster plan`: load a scenario, decide who goes where, say it in every form asked for.
 *
 * All outputs are opened before the work starts, so that a misspelt folder costs no plan, and
 * take their names only when each of them is complete: a plan and a report that lie side by
 * side belong together. The plan is judged once more before a word of it is printed. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/network_file.h"
#include "cli/plan_after.h"
#include "cli/plan_compare.h"
#include "cli/plan_hazards.h"
#include "cli/plan_options.h"
#include "cli/plan_outputs.h"
#include "cli/plan_sites.h"
#include "cli/progress.h"

enum { PLAN_FILE, GEOJSON_FILE, REPORT_FILE, FILE_COUNT };

/* What one run holds; everything starts as nothing and is given back at the end. */
typedef struct planning {
    plan_options     options;
    output           file[FILE_COUNT];
    muster_profiles *profiles; /* of a file; NULL: the scenario has its own */
    muster_scenario *scenario;
    muster_problem   problem; /* the scenario's, as the options want it */
    plan_hazards     hazards;
    muster_plan     *plan;
    plan_after       after;
    plan_view        view;
    plan_compare     compare;
    plan_routes      routes;
    char            *summary;
} planning;

static int open_files(planning *p) {
    const char *const path[FILE_COUNT] = {p->options.plan_path, p->options.geojson_path,
                                          p->options.report_path};
    for (int i = 0; i < FILE_COUNT; ++i) {
        const int code = path[i] ? output_open(&p->file[i], path[i]) : COMMAND_DONE;
        if (code != COMMAND_DONE) return code;
    }
    return COMMAND_DONE;
}

/* A muster_solve_watcher whose user is a `progress *`. A search has no end to measure by. */
static bool show_progress(void *user, const muster_solve_state *state) {
    return progress_report(user, state->phase, 0);
}

/* In units of tier 2: a second of a need counts its severity's weight in millions. */
static int64_t gain(const planning *p) {
    const muster_weights *weights = p->problem.weights;
    const int64_t         weight =
        weights ? weights->severity[MUSTER_MINOR] : muster_severity_weight(MUSTER_MINOR);
    return (int64_t)p->options.gain_ms * 1000 * weight;
}

static muster_status solve(planning *p) {
    progress             bar;
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    options.time_limit_ms        = p->options.time_limit_ms;
    options.work_limit           = p->options.work_limit;
    options.thread_count         = p->options.thread_count;
    options.method               = p->options.method;
    options.churn_response_time  = gain(p);
    progress_start(&bar);
    options.watcher      = show_progress;
    options.watcher_user = &bar;
    const muster_status status =
        p->after.planner
            ? muster_planner_plan(&p->plan, p->after.planner, &p->problem, &options,
                                  p->options.is_kept ? MUSTER_REPLAN_KEEP : MUSTER_REPLAN_IMPROVE)
            : muster_solve(&p->plan, &p->problem, &options);
    progress_end(&bar);
    return status == MUSTER_OK ? muster_plan_check(p->plan, &p->problem) : status;
}

static int decide(planning *p) {
    muster_status status = MUSTER_OK;
    if (p->options.profiles_path) {
        status = muster_profiles_read(&p->profiles, p->options.profiles_path);
    }
    if (status == MUSTER_OK) {
        status = muster_scenario_load_with(&p->scenario, p->options.scenario_path,
                                           p->options.scenario_code, p->profiles);
    }
    if (status != MUSTER_OK) return command_fail_status(status);
    p->problem = *muster_scenario_problem(p->scenario);
    if (p->options.items < MUSTER_ITEM_TRANSPORT_COUNT) {
        p->problem.item_transport = p->options.items;
    }
    int code = COMMAND_DONE;
    if (p->after.document) {
        code = plan_after_adopt(&p->after, &p->options, p->scenario, &p->problem, p->profiles);
    }
    if (code == COMMAND_DONE) {
        code = plan_hazards_apply(&p->hazards, &p->problem, &p->options.hazards,
                                  muster_scenario_code(p->scenario),
                                  muster_scenario_profiles(p->scenario));
    }
    if (code != COMMAND_DONE) return code;
    status = solve(p);
    if (status != MUSTER_OK) return command_fail_status(status);
    code             = plan_view_init(&p->view, p->scenario, &p->problem, p->plan);
    p->view.planner  = p->after.planner;
    p->view.before   = p->after.planner ? &p->after.problem : NULL;
    p->view.language = p->options.language;
    return code;
}

static int write_files(planning *p) {
    output *file = p->file;
    int     code = COMMAND_DONE;
    if (file[GEOJSON_FILE].stream || file[REPORT_FILE].stream) {
        code = plan_routes_init(&p->routes, &p->view);
    }
    if (code == COMMAND_DONE && file[PLAN_FILE].stream) {
        code = plan_json_write(&file[PLAN_FILE], &p->view);
    }
    if (code == COMMAND_DONE && file[GEOJSON_FILE].stream) {
        code =
            plan_geojson_write(&file[GEOJSON_FILE], &p->view, &p->routes, p->options.system.output);
    }
    if (code == COMMAND_DONE && file[REPORT_FILE].stream) {
        code = report_write(&file[REPORT_FILE], &p->view, &p->routes, p->options.scenario_path,
                            p->hazards.active);
    }
    return code;
}

/* A full disk is met here, while no file has taken its name yet. */
static int flush_files(planning *p) {
    for (int i = 0; i < FILE_COUNT; ++i) {
        if (p->file[i].stream && (fflush(p->file[i].stream) != 0 || ferror(p->file[i].stream))) {
            return command_fail(COMMAND_ENVIRONMENT, "%s: cannot be written: %s", p->file[i].path,
                                strerror(errno));
        }
    }
    return COMMAND_DONE;
}

static int publish_files(planning *p) {
    int code = flush_files(p);
    for (int i = 0; code == COMMAND_DONE && i < FILE_COUNT; ++i) {
        if (p->file[i].stream) code = output_publish(&p->file[i]);
    }
    return code;
}

/* The summary waits in memory until the files have taken their names: what can still fail
 * for want of memory fails before that. */
static int compose_summary(planning *p) {
    size_t size;
    FILE  *stream = open_memstream(&p->summary, &size);
    if (!stream) return command_fail(COMMAND_ENVIRONMENT, "out of memory");
    const int  code = plan_summary_print(stream, &p->view);
    const bool ok   = !ferror(stream);
    if (fclose(stream) != 0 || !ok || !p->summary) { /* which fclose may have lost */
        return command_fail(COMMAND_ENVIRONMENT, "out of memory");
    }
    return code;
}

/* Where a file goes to standard output, nothing else may. */
static int print_summary(const planning *p) {
    const plan_options *o        = &p->options;
    const char *const   path[]   = {o->plan_path, o->geojson_path, o->report_path};
    bool                is_taken = false;
    for (int i = 0; i < FILE_COUNT; ++i) is_taken |= path[i] && strcmp(path[i], "-") == 0;
    fputs(p->summary, is_taken ? stderr : stdout);
    return COMMAND_DONE;
}

static int run(planning *p, int argc, char **argv) {
    int code = plan_options_read(&p->options, argc, argv);
    if (code == COMMAND_DONE && p->options.after_path) {
        code = plan_after_read(&p->after, &p->options);
    }
    if (code == COMMAND_DONE) code = open_files(p);
    if (code == COMMAND_DONE) code = decide(p);
    if (code == COMMAND_DONE && p->options.is_compared) {
        code = plan_compare_init(&p->compare, &p->view, p->options.thread_count);
    }
    if (code == COMMAND_DONE) code = write_files(p);
    if (code == COMMAND_DONE) code = compose_summary(p);
    if (code == COMMAND_DONE) code = publish_files(p);
    if (code == COMMAND_DONE)
        code = plan_sites_warn(p->view.problem, network_file_name(p->options.scenario_path));
    return code == COMMAND_DONE ? print_summary(p) : code;
}

int command_plan(int argc, char **argv) {
    planning  p    = {0};
    const int code = run(&p, argc, argv);
    free(p.summary);
    plan_routes_fini(&p.routes);
    plan_view_fini(&p.view);
    plan_compare_fini(&p.compare);
    plan_after_fini(&p.after);
    muster_plan_free(p.plan);
    plan_hazards_free(&p.hazards);
    muster_scenario_free(p.scenario);
    muster_profiles_free(p.profiles);
    coordinate_system_free(&p.options.system);
    for (int i = 0; i < FILE_COUNT; ++i) output_discard(&p.file[i]);
    return code;
}
