/* muster site: where units and stock should wait, or who should move up. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <muster/store.h>

#include "cli/closed_roads.h"
#include "cli/command.h"
#include "cli/geojson_crs.h"
#include "cli/json_file.h"
#include "cli/progress.h"
#include "cli/siting_answer.h"
#include "cli/siting_roads.h"

static int fail_memory(void) {
    return command_fail(COMMAND_ENVIRONMENT, "out of memory");
}

/* ---- who and where ------------------------------------------------------------------------- */

static bool asks_scenario(const siting_options *o) {
    bool asks = o->units.count > 0;
    for (uint32_t i = 0; i < o->candidates.count; ++i) {
        asks |= strcmp(o->candidates.name[i], "warehouses") == 0;
    }
    for (uint32_t i = 0; i < o->existing.count; ++i) {
        asks |= strcmp(o->existing.name[i], "warehouses") == 0;
    }
    return asks;
}

static int read_points(siting_answer *a, const muster_problem *problem,
                       const muster_network *network) {
    const siting_options *o    = a->options;
    int                   code = siting_points_add_demand(&a->demand, o, network);
    if (code == COMMAND_DONE) {
        code = siting_points_add_candidates(&a->places, o, problem, network);
    }
    if (code == COMMAND_DONE) {
        code = siting_points_add_existing(&a->places, o, problem, network);
    }
    if (code == COMMAND_DONE) code = siting_points_add_units(&a->places, o, problem);
    return code;
}

/* Only where the store is asked for more than places: a network has no units. */
static int load_points(siting_answer *a, const muster_network *network) {
    const siting_options *o        = a->options;
    muster_scenario      *scenario = NULL;
    if (!asks_scenario(o)) return read_points(a, NULL, network);
    const muster_status status =
        muster_scenario_load_with(&scenario, o->store, o->scenario_code, o->profile.set);
    if (status != MUSTER_OK) return command_fail_status(status);
    const int code = read_points(a, muster_scenario_problem(scenario), network);
    muster_scenario_free(scenario);
    return code;
}

/* ---- the problem --------------------------------------------------------------------------- */

static int fill_units(siting_answer *a) {
    uint64_t count = 0;
    for (uint32_t i = 0; i < a->places.count; ++i) count += a->places.point[i].unit_count;
    if (count > MUSTER_MILLION) {
        return command_fail(COMMAND_BAD_INPUT,
                            "%s has %" PRIu64 " units of --unit; expected %d at most",
                            a->options->store, count, MUSTER_MILLION);
    }
    a->unit_place = malloc((count + 1) * sizeof *a->unit_place);
    if (!a->unit_place) return fail_memory();
    for (uint32_t i = 0; i < a->places.count; ++i) {
        for (uint32_t n = 0; n < a->places.point[i].unit_count; ++n) {
            a->unit_place[a->problem.unit_count++] = i;
        }
    }
    return COMMAND_DONE;
}

/* --count is what there is to be in all. */
static int fill_count(siting_answer *a) {
    const siting_options *o        = a->options;
    uint64_t              existing = 0;
    for (uint32_t i = 0; i < a->places.count; ++i) {
        const uint32_t units = a->places.point[i].unit_count;
        existing += o->model == MUSTER_EXPECTED_COVER ? units : units > 0;
    }
    a->problem.count = o->count == UINT32_MAX ? 0 : o->count;
    if (!o->has_count) return COMMAND_DONE;
    if (existing > o->count) {
        return command_fail(COMMAND_USAGE,
                            "--count is %" PRIu32 ", but there are %" PRIu64
                            " already; expected as many or more",
                            o->count, existing);
    }
    a->problem.count = o->count - (uint32_t)existing;
    return COMMAND_DONE;
}

static int fill_arrays(siting_answer *a) {
    const siting_options *o     = a->options;
    const size_t          room  = a->places.count + (size_t)1;
    const bool            moves = o->model == MUSTER_MOVE_UP;
    a->existing                 = calloc(room, sizeof *a->existing);
    a->room                     = calloc(room, sizeof *a->room);
    a->weight                   = malloc((a->demand.count + (size_t)1) * sizeof *a->weight);
    if (!a->existing || !a->room || !a->weight) return fail_memory();
    for (uint32_t j = 0; j < a->demand.count; ++j) a->weight[j] = a->demand.point[j].weight;
    for (uint32_t i = 0; i < a->places.count; ++i) {
        const siting_point *p = &a->places.point[i];
        if (!moves) a->existing[i] = p->unit_count;
        if (!p->is_candidate) continue;
        a->room[i] = o->room > 0 ? o->room : MUSTER_MILLION;
        ++a->candidate_count;
    }
    return moves ? fill_units(a) : COMMAND_DONE;
}

static int make_problem(siting_answer *a) {
    const siting_options *o    = a->options;
    int                   code = fill_arrays(a);
    if (code == COMMAND_DONE) code = fill_count(a);
    muster_siting_problem *p = &a->problem;
    p->model                 = (uint8_t)o->model;
    p->goal                  = (uint8_t)o->goal;
    p->place_count           = a->places.count;
    p->demand_count          = a->demand.count;
    p->weight                = a->weight;
    p->existing              = a->existing;
    p->room                  = a->room;
    p->unit_place            = a->unit_place;
    p->within_ms             = o->within_ms;
    p->busy_millionths       = o->busy_millionths;
    p->move_count            = o->moves == UINT32_MAX ? 0 : o->moves;
    p->move_limit_ms         = o->move_within_ms;
    return code;
}

/* ---- solving ------------------------------------------------------------------------------- */

/* A muster_siting_watcher whose user is a `progress *`. A search has no end to measure by. */
static bool show_progress(void *user, const muster_siting_state *state) {
    return progress_report(user, state->phase, 0);
}

static int solve_once(siting_answer *a, progress *bar) {
    const siting_options *o       = a->options;
    muster_siting_options options = MUSTER_SITING_OPTIONS_INIT;
    options.time_limit_ms         = o->time_limit_ms;
    options.work_limit            = o->work_limit;
    options.thread_count          = o->thread_count;
    options.watcher               = show_progress;
    options.watcher_user          = bar;
    const muster_status status    = muster_siting_solve(&a->siting, &a->problem, &options);
    if (status != MUSTER_OK) return command_fail_status(status);
    a->result = muster_siting_view(a->siting);
    return COMMAND_DONE;
}

/* Who stands in the way of all others, and may be left out: then once more without them. */
static int leave_out(siting_answer *a) {
    const muster_siting_result *r = a->result;
    a->left_out                   = malloc(r->stranded_count * sizeof *a->left_out);
    if (!a->left_out) return fail_memory();
    a->left_out_count = r->stranded_count;
    for (uint32_t i = 0; i < r->stranded_count; ++i) {
        a->left_out[i]                         = r->stranded[i];
        a->weight[r->stranded[i]]              = 0;
        a->demand.point[r->stranded[i]].weight = 0;
    }
    muster_siting_free(a->siting);
    a->siting = NULL;
    return COMMAND_DONE;
}

static int solve(siting_answer *a) {
    progress bar;
    progress_start(&bar);
    int code = solve_once(a, &bar);
    if (code == COMMAND_DONE && a->options->leaves_out &&
        a->result->outcome == MUSTER_SITING_INFEASIBLE && a->result->stranded_count > 0) {
        code = leave_out(a);
        if (code == COMMAND_DONE) code = solve_once(a, &bar);
    }
    progress_end(&bar);
    return code == COMMAND_DONE ? siting_answer_compare(a) : code;
}

/* ---- the answer ---------------------------------------------------------------------------- */

static int write_answer(const siting_answer *a) {
    const siting_options *o    = a->options;
    int                   code = COMMAND_DONE;
    if (o->output) code = json_write(siting_answer_json(a), o->output);
    if (code == COMMAND_DONE && o->geojson) {
        code = geojson_crs_write(siting_answer_geojson(a), o->system.output, o->geojson);
    }
    if (code != COMMAND_DONE) return code;
    const bool is_taken =
        (o->output && strcmp(o->output, "-") == 0) || (o->geojson && strcmp(o->geojson, "-") == 0);
    return siting_answer_print(a, is_taken ? stderr : stdout);
}

static int fail_none(const siting_answer *a) {
    const muster_siting_result *r = a->result;
    if (r->stranded_count > 0) {
        return command_fail(COMMAND_NO,
                            "%" PRIu32 " demands, \"%s\" first, are out of reach of every place; "
                            "--leave-out leaves them out",
                            r->stranded_count, a->demand.point[r->stranded[0]].id);
    }
    if (r->least_count > 0) {
        return command_fail(COMMAND_NO,
                            "%" PRIu32 " more places do not reach everybody; it takes %" PRIu32
                            " at least",
                            a->problem.count, r->least_count);
    }
    return command_fail(COMMAND_NO, r->outcome == MUSTER_SITING_INFEASIBLE
                                        ? "no siting reaches everybody"
                                        : "no siting was found within the limits; allow more time");
}

static int decide(siting_answer *a, const muster_metric *metric, const closed_roads *closed) {
    int code = make_problem(a);
    if (code == COMMAND_DONE) code = siting_roads_measure(a, metric, closed);
    if (code != COMMAND_DONE) return code;
    a->problem.travel_ms = a->travel_ms;
    a->problem.move_ms   = a->move_ms;
    code                 = solve(a);
    if (code == COMMAND_DONE) code = write_answer(a);
    return code == COMMAND_DONE && !siting_answer_is_found(a) ? fail_none(a) : code;
}

static int run(siting_answer *a) {
    enum { SEARCHES = 1000 }; /* there are some hundred places and as many demands, or more */
    const siting_options *o = a->options;
    profile_network       loaded;
    closed_roads          closed = {0};
    int code = profile_network_load(&loaded, o->store, o->profile.profile, SEARCHES);
    if (code != COMMAND_DONE) return code;
    code = load_points(a, loaded.network);
    if (code == COMMAND_DONE) {
        code = closed_roads_apply(&closed, &loaded, o->profile.profile, o->closures, &o->system,
                                  &o->hazards);
    }
    if (code == COMMAND_DONE) code = decide(a, loaded.metric, &closed);
    closed_roads_free(&closed);
    profile_network_free(&loaded);
    return code;
}

int command_site(int argc, char **argv) {
    siting_options o;
    siting_answer  a    = {.options = &o, .problem = MUSTER_SITING_PROBLEM_INIT};
    int            code = siting_options_read(&o, argc, argv);
    if (code == COMMAND_DONE) code = profile_choose(&o.profile);
    if (code == COMMAND_DONE) code = run(&a);
    siting_answer_free(&a);
    coordinate_system_free(&o.system);
    profile_free(&o.profile);
    return code;
}
