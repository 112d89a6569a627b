/* muster sweep: simulate a scenario file at many values of its keys, into one table. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <muster/api.h>
#include <muster/scenario_file.h>
#include <muster/simulation.h>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/progress.h"
#include "cli/sweep_measures.h"
#include "cli/sweep_table.h"

enum { EXIT_INTERRUPTED = 130 };
enum { KEY_GRID = 0x100, KEY_POLICY, KEY_FIRST, KEY_SEED, KEY_STORE };
enum { MOST_POLICIES = 32, MOST_REPLICATIONS = 1000000, MOST_THREADS = 256 };
static const uint64_t MOST_ROWS = 100000000;

typedef struct sweep_options {
    const char *file, *output, *store, *policies;
    sweep_grid  grid;
    uint32_t    first, count, seed, thread_count;
    bool        has_seed;
    char       *policy_list; /* what the names are cut out of */
    const char *policy[MOST_POLICIES];
    uint32_t    policy_count;
} sweep_options;

static const struct argp_option OPTIONS[] = {
    {"grid", KEY_GRID, "KEY=V1,V2,...", 0,
     "a key of the file, as call.CODE.when.per_h or policy.muster.interval_min, and its values; can be "
     "repeated: all combinations are simulated",
     0},
    {"policy", KEY_POLICY, "NAME,...", 0, "policies to simulate; greedy,muster by default", 0},
    {"replications", 'n', "N", 0,
     "how many courses to play at each point; as the file says by default", 0},
    {"first", KEY_FIRST, "K", 0, "the number of the first; 0 by default", 0},
    {"seed", KEY_SEED, "S", 0, "what courses are drawn from, instead of the file's seed", 0},
    {"store", KEY_STORE, "STORE", FILE_READ, "roads and units, instead of the file's store", 0},
    {"jobs", 'j', "N", 0, "replications to play at a time; by default one per core", 0},
    {"output", 'o', "TABLE.csv", FILE_WRITTEN, "the table; one that is there is gone on with", 0},
    {0}};

static error_t check_options(const sweep_options *o) {
    if (!o->file) return arguments_reject("no scenario; expected SCENARIO.toml");
    if (!o->output) return arguments_reject("no place for the table; expected -o TABLE.csv");
    if (strcmp(o->output, "-") == 0) {
        return arguments_reject("-o is \"-\"; expected a file, which can be gone on with");
    }
    if (o->first > UINT32_MAX - MOST_REPLICATIONS) {
        return arguments_reject("--first is %u; expected 0 to %u", o->first,
                                UINT32_MAX - MOST_REPLICATIONS);
    }
    return 0;
}

static error_t parse(int key, char *value, struct argp_state *state) {
    sweep_options *o = state->input;
    switch (key) {
    case KEY_GRID:
        return sweep_grid_add(&o->grid, value);
    case KEY_POLICY:
        o->policies = value;
        return 0;
    case 'n':
        return arguments_number(&o->count, "--replications", value, 1, MOST_REPLICATIONS);
    case KEY_FIRST:
        return arguments_number(&o->first, "--first", value, 0, UINT32_MAX);
    case KEY_SEED:
        o->has_seed = true;
        return arguments_number(&o->seed, "--seed", value, 0, UINT32_MAX);
    case KEY_STORE:
        o->store = value;
        return 0;
    case 'j':
        return arguments_number(&o->thread_count, "--jobs", value, 1, MOST_THREADS);
    case 'o':
        o->output = value;
        return 0;
    case ARGP_KEY_ARG:
        return arguments_take(&o->file, value, "SCENARIO.toml");
    case ARGP_KEY_END:
        return check_options(o);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp ARGP = {
    .options  = OPTIONS,
    .parser   = parse,
    .args_doc = "SCENARIO.toml --grid KEY=V1,V2,... [--grid ...] -o TABLE.csv",
    .doc =
        "Simulate a scenario file at all combinations of some values of its keys, into one table: a row "
        "for each point, policy and replication.\v"
        "A row is on disk as soon as it is done. The same command, after it was stopped or killed, "
        "goes on where it was; with more replications, policies or values it adds what is missing. A "
        "table of another scenario file, store, seed or version is refused."};

/* ---- points -------------------------------------------------------------------------- */

/* "KEY=VALUE" for each axis, made anew for each point. */
typedef struct overrides {
    uint32_t    count;
    const char *text[GRID_MOST_AXES];
    char       *own[GRID_MOST_AXES];
} overrides;

static void overrides_free(overrides *v) {
    for (uint32_t a = 0; a < v->count; ++a) free(v->own[a]);
}

static bool overrides_make(overrides *v, const sweep_grid *g, uint32_t point) {
    *v = (overrides){0};
    for (uint32_t a = 0; a < g->axis_count; ++a) {
        const char  *key = g->axis[a].key, *value = sweep_grid_value(g, point, a);
        const size_t size = strlen(key) + strlen(value) + 2;
        char        *text = malloc(size);
        v->own[v->count]  = text;
        v->text[v->count] = text;
        ++v->count;
        if (!text) return false;
        snprintf(text, size, "%s=%s", key, value);
    }
    return true;
}

/* The scenario file as it is at a point. */
static int read_point(muster_scenario_file **out, const sweep_options *o, uint32_t point) {
    overrides v;
    *out                 = NULL;
    muster_status status = MUSTER_E_NOMEM;
    const bool    ok     = overrides_make(&v, &o->grid, point);
    if (ok) status = muster_scenario_file_read_with(out, o->file, o->store, v.count, v.text);
    overrides_free(&v);
    if (!ok) return command_fail(COMMAND_ENVIRONMENT, "out of memory");
    return status == MUSTER_OK ? COMMAND_DONE : command_fail_status(status);
}

static int check_policies(const muster_scenario_file *file, const sweep_options *o) {
    for (uint32_t p = 0; p < o->policy_count; ++p) {
        if (muster_scenario_file_policy(file, o->policy[p])) continue;
        return command_fail(COMMAND_USAGE,
                            "there is no policy \"%s\" in %s; expected greedy, muster, or one "
                            "of its own",
                            o->policy[p], o->file);
    }
    return COMMAND_DONE;
}

/* Everything that can be wrong is said before anything is simulated. */
static int check_points(const sweep_options *o) {
    const uint32_t count = sweep_grid_count(&o->grid);
    for (uint32_t point = 0; point < count; ++point) {
        muster_scenario_file *file;
        int                   code = read_point(&file, o, point);
        if (code == COMMAND_DONE) code = check_policies(file, o);
        muster_scenario_file_free(file);
        if (code != COMMAND_DONE) return code;
    }
    return COMMAND_DONE;
}

/* ---- playing ------------------------------------------------------------------------- */

typedef struct sweeping {
    const sweep_options *options;
    sweep_table         *table;
    uint32_t             point, policy; /* in hand */
    uint64_t             begun_count;   /* rows done when this sweep began */
    uint64_t             row_count;     /* of the whole table */
    uint64_t             before;        /* rows done before what is played now */
    uint32_t             playing_count;
    progress             bar;
    int                  code; /* of a row that could not be added */
} sweeping;

/* Of what was missing when this sweep began. */
static bool report(void *user, const char *phase, double fraction) {
    sweeping    *s    = user;
    const double done = (double)(s->before - s->begun_count) + fraction * s->playing_count;
    (void)phase;
    return progress_report(&s->bar, "simulating", done / (double)(s->row_count - s->begun_count));
}

static muster_status take(void *user, const muster_replication *r) {
    sweeping *s = user;
    double    value[MEASURE_COUNT];
    if (!sweep_measure(value, r)) return MUSTER_E_NOMEM;
    s->code =
        sweep_table_add(s->table, s->point, s->policy, muster_simulation_replication(r), value);
    return s->code == COMMAND_DONE ? MUSTER_OK : MUSTER_E_IO;
}

static int fail_stopped(sweeping *s) {
    progress_end(&s->bar);
    return command_fail(EXIT_INTERRUPTED,
                        "stopped; %" PRIu64 " of %" PRIu64
                        " rows are in %s, and the same command goes on",
                        s->table->done_count, s->row_count, s->options->output);
}

/* Replications from `first` on that are all missing. */
static int play(sweeping *s, const muster_simulation *simulation, const muster_policy *policy,
                uint32_t first, uint32_t count) {
    const sweep_options    *o    = s->options;
    muster_simulate_options play = MUSTER_SIMULATE_OPTIONS_INIT;
    play.policy_count            = 1;
    play.policy                  = policy;
    play.first                   = first;
    play.count                   = count;
    play.has_seed                = o->has_seed;
    play.seed                    = o->seed;
    play.thread_count            = o->thread_count;
    play.taker                   = take;
    play.taker_user              = s;
    play.progress                = report;
    play.progress_user           = s;
    s->before                    = s->table->done_count;
    s->playing_count             = count;
    const muster_status status   = muster_simulate(simulation, &play);
    if (status == MUSTER_OK) return COMMAND_DONE;
    if (s->code != COMMAND_DONE) return s->code;
    if (progress_is_stopped()) return fail_stopped(s);
    progress_end(&s->bar);
    return command_fail_status(status);
}

static int play_policy(sweeping *s, const muster_simulation *simulation,
                       const muster_policy *policy) {
    const sweep_extent *e    = s->table->extent;
    int                 code = COMMAND_DONE;
    for (uint32_t i = 0; i < e->count && code == COMMAND_DONE;) {
        uint32_t length = 0;
        while (i + length < e->count &&
               !sweep_table_has(s->table, s->point, s->policy, e->first + i + length)) {
            ++length;
        }
        if (length > 0) code = play(s, simulation, policy, e->first + i, length);
        i += length + 1;
    }
    return code;
}

static bool is_done(const sweeping *s) {
    const sweep_extent *e = s->table->extent;
    for (uint32_t p = 0; p < e->policy_count; ++p) {
        for (uint32_t i = 0; i < e->count; ++i) {
            if (!sweep_table_has(s->table, s->point, p, e->first + i)) return false;
        }
    }
    return true;
}

static int play_point(sweeping *s) {
    muster_scenario_file *file;
    muster_simulation    *simulation = NULL;
    int                   code       = read_point(&file, s->options, s->point);
    if (code != COMMAND_DONE) return code;
    const muster_status status = muster_simulation_new(&simulation, file);
    if (status != MUSTER_OK) code = command_fail_status(status);
    for (s->policy = 0; code == COMMAND_DONE && s->policy < s->options->policy_count; ++s->policy) {
        code = play_policy(s, simulation,
                           muster_scenario_file_policy(file, s->options->policy[s->policy]));
    }
    muster_simulation_free(simulation);
    muster_scenario_file_free(file);
    return code;
}

static int play_points(sweeping *s) {
    int code = COMMAND_DONE;
    progress_start(&s->bar);
    for (s->point = 0; code == COMMAND_DONE && s->point < s->table->extent->point_count;
         ++s->point) {
        if (!is_done(s)) code = play_point(s);
    }
    progress_end(&s->bar);
    return code;
}

/* ---- the sweep ----------------------------------------------------------------------- */

static int sweep_into(const sweep_options *o, const sweep_identity *identity,
                      const sweep_extent *extent) {
    sweep_table table;
    int         code = sweep_table_open(&table, o->output, &o->grid, identity, extent);
    if (code != COMMAND_DONE) return code;
    sweeping s = {.options     = o,
                  .table       = &table,
                  .begun_count = table.done_count,
                  .row_count =
                      (uint64_t)extent->point_count * extent->policy_count * extent->count};
    code       = play_points(&s);
    if (code == COMMAND_DONE) {
        printf("%s: %" PRIu64 " rows, %" PRIu64
               " of them new: %u points, %u policies, %u replications\n",
               o->output, s.row_count, s.row_count - s.begun_count, extent->point_count,
               extent->policy_count, extent->count);
    }
    sweep_table_close(&table);
    return code;
}

/* With the file as it is, without any of the grid's values. */
static int sweep(const sweep_options *o, const muster_scenario_file *file) {
    const muster_scenario_about *about      = muster_scenario_file_about(file);
    muster_simulation           *simulation = NULL;
    const muster_status          status     = muster_simulation_new(&simulation, file);
    if (status != MUSTER_OK) return command_fail_status(status);
    const sweep_identity identity = {.sha256  = muster_simulation_sha256(simulation),
                                     .store   = about->store,
                                     .version = muster_version(),
                                     .seed    = o->has_seed ? o->seed : about->seed};
    const sweep_extent   extent   = {.point_count  = sweep_grid_count(&o->grid),
                                     .policy_count = o->policy_count,
                                     .policy       = o->policy,
                                     .first        = o->first,
                                     .count = o->count > 0 ? o->count : about->replication_count};
    const uint64_t       rows = (uint64_t)extent.point_count * extent.policy_count * extent.count;
    const int            code = rows <= MOST_ROWS ? sweep_into(o, &identity, &extent)
                                                  : command_fail(COMMAND_USAGE,
                                                                 "the table would have %" PRIu64
                                                                 " rows; expected %" PRIu64 " at most",
                                                                 rows, MOST_ROWS);
    muster_simulation_free(simulation);
    return code;
}

static int cut_policies(sweep_options *o) {
    char *rest     = NULL;
    o->policy_list = strdup(o->policies ? o->policies : "greedy,muster");
    if (!o->policy_list) return command_fail(COMMAND_ENVIRONMENT, "out of memory");
    for (char *name = strtok_r(o->policy_list, ",", &rest); name;
         name       = strtok_r(NULL, ",", &rest)) {
        for (uint32_t p = 0; p < o->policy_count; ++p) {
            if (strcmp(o->policy[p], name) != 0) continue;
            return command_fail(COMMAND_USAGE, "--policy names \"%s\" twice; expected it once",
                                name);
        }
        if (o->policy_count == MOST_POLICIES) {
            return command_fail(COMMAND_USAGE, "--policy names more than %d", MOST_POLICIES);
        }
        o->policy[o->policy_count++] = name;
    }
    if (o->policy_count > 0) return COMMAND_DONE;
    return command_fail(COMMAND_USAGE, "--policy names none; expected one or several, with commas");
}

int command_sweep(int argc, char **argv) {
    sweep_options         o    = {0};
    muster_scenario_file *file = NULL;
    int                   code = arguments_parse(&ARGP, argc, argv, &o);
    if (code == COMMAND_DONE) code = cut_policies(&o);
    if (code == COMMAND_DONE) {
        const muster_status status = muster_scenario_file_read(&file, o.file, o.store);
        if (status != MUSTER_OK) code = command_fail_status(status);
    }
    if (code == COMMAND_DONE) code = check_points(&o);
    if (code == COMMAND_DONE) code = sweep(&o, file);
    muster_scenario_file_free(file);
    free(o.policy_list);
    sweep_grid_free(&o.grid);
    return code;
}
