/* muster simulate: play what might happen, under one policy or several. */
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/duration.h"
#include "cli/progress.h"
#include "cli/simulate_folder.h"
#include "cli/simulate_summary.h"

enum { KEY_POLICY = 0x100, KEY_FIRST, KEY_SEED, KEY_RECORD, KEY_JOURNAL, KEY_STORE, KEY_SERIES };
enum { MOST_POLICIES = 32, MOST_RECORDED = 1000, MOST_REPLICATIONS = 1000000, MOST_THREADS = 256 };
enum { DAY_MS = 24 * 60 * 60 * 1000 };

typedef struct simulate_options {
    const char             *file, *store, *folder, *policies;
    uint32_t                seed;
    char                   *policy_list; /* what policies are cut out of */
    uint32_t                recorded[MOST_RECORDED];
    bool                    has_recorded;
    muster_policy           policy[MOST_POLICIES];
    muster_simulate_options simulate;
} simulate_options;

static const struct argp_option OPTIONS[] = {
    {"policy", KEY_POLICY, "NAME,...", 0,
     "policies to compare: greedy, muster, those of the file; greedy,muster by default", 0},
    {"replications", 'n', "N", 0, "how many courses to play; as the file says by default", 0},
    {"first", KEY_FIRST, "K", 0, "the number of the first; 0 by default", 0},
    {"seed", KEY_SEED, "S", 0, "what courses are drawn from, instead of the file's seed", 0},
    {"record", KEY_RECORD, "K,...", 0,
     "replications of which ways, stock and reasons are written too; the first that is played by default, "
     "\"none\" for none",
     0},
    {"series", KEY_SERIES, "TIME", 0, "how far apart the rows of series.csv are; 5min by default",
     0},
    {"store", KEY_STORE, "STORE", FILE_READ, "roads and units, instead of the file's store", 0},
    {"threads", 't', "N", 0, "threads to use; by default one per core", 0},
    {"journal", KEY_JOURNAL, "FOLDER", 0,
     "write the journal of the one replication: see muster journal replay", 0},
    {"output", 'o', "FOLDER", 0, "write the tables of results", 0},
    {0}};

/* ---- the command line ---------------------------------------------------------------------- */

static error_t take_recorded(simulate_options *o, const char *value) {
    muster_simulate_options *s = &o->simulate;
    o->has_recorded            = true;
    s->recorded_count          = 0;
    if (strcmp(value, "none") == 0) return 0;
    if (*value == 0) return arguments_reject("--record names none; expected numbers, or \"none\"");
    for (const char *at = value; *at;) {
        char         number[16];
        const size_t length = strcspn(at, ",");
        if (s->recorded_count == MOST_RECORDED) {
            return arguments_reject("--record names more than %d replications", MOST_RECORDED);
        }
        snprintf(number, sizeof number, "%.*s", (int)(length < 15 ? length : 15), at);
        const error_t wrong = arguments_number(&o->recorded[s->recorded_count], "--record", number,
                                               0, UINT32_MAX - 1);
        if (wrong != 0) return wrong;
        ++s->recorded_count;
        at += length + (at[length] == ',');
    }
    return 0;
}

static error_t check_options(const simulate_options *o) {
    const muster_simulate_options *s = &o->simulate;
    if (!o->file) return arguments_reject("no scenario; expected SCENARIO.toml");
    if (s->first > UINT32_MAX - MOST_REPLICATIONS) {
        return arguments_reject("--first is %u; expected 0 to %u", s->first,
                                UINT32_MAX - MOST_REPLICATIONS);
    }
    return 0;
}

static error_t parse(int key, char *value, struct argp_state *state) {
    simulate_options        *o = state->input;
    muster_simulate_options *s = &o->simulate;
    switch (key) {
    case KEY_POLICY:
        o->policies = value;
        return 0;
    case 'n':
        return arguments_number(&s->count, "--replications", value, 1, MOST_REPLICATIONS);
    case KEY_FIRST:
        return arguments_number(&s->first, "--first", value, 0, UINT32_MAX);
    case KEY_SEED:
        s->has_seed = 1;
        return arguments_number(&o->seed, "--seed", value, 0, UINT32_MAX);
    case KEY_RECORD:
        return take_recorded(o, value);
    case KEY_SERIES:
        if (duration_parse(&s->series_ms, value, DAY_MS) && s->series_ms >= 1000) return 0;
        return arguments_reject("--series is \"%s\"; expected a time from 1s to 24h", value);
    case KEY_STORE:
        o->store = value;
        return 0;
    case 't':
        return arguments_number(&s->thread_count, "--threads", value, 1, MOST_THREADS);
    case KEY_JOURNAL:
        s->journal = value;
        return 0;
    case 'o':
        o->folder = value;
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
    .args_doc = "SCENARIO.toml [--policy NAME,...] [-n N] [-o FOLDER]",
    .doc =
        "Play what might happen: courses drawn from a scenario file, under each policy the same, through "
        "the code that live dispatch runs on.\v"
        "Prints what the policies come to; the same command gives the same results on any machine with "
        "any number of threads. docs/simulation.md describes the tables."};

/* ---- policies ------------------------------------------------------------------------------ */

static int fail_unknown_policy(const muster_scenario_file *file, const char *name) {
    uint32_t             count;
    char                 list[400] = "";
    size_t               length    = 0;
    const muster_policy *p         = muster_scenario_file_policies(file, &count);
    for (uint32_t i = 0; i < count && length < sizeof list - 80; ++i) {
        length += (size_t)snprintf(list + length, sizeof list - length, "%s%s", i > 0 ? ", " : "",
                                   p[i].name);
    }
    return command_fail(COMMAND_USAGE, "there is no policy \"%s\"; expected one of %s", name, list);
}

/* Names in the order in which they were asked for. */
static int choose_policies(simulate_options *o, const muster_scenario_file *file) {
    o->policy_list = strdup(o->policies ? o->policies : "greedy,muster");
    if (!o->policy_list) return command_fail(COMMAND_ENVIRONMENT, "out of memory");
    char *rest = NULL;
    for (char *name = strtok_r(o->policy_list, ",", &rest); name;
         name       = strtok_r(NULL, ",", &rest)) {
        const muster_policy *found = muster_scenario_file_policy(file, name);
        if (!found) return fail_unknown_policy(file, name);
        if (o->simulate.policy_count == MOST_POLICIES) {
            return command_fail(COMMAND_USAGE, "--policy names more than %d", MOST_POLICIES);
        }
        for (uint32_t i = 0; i < o->simulate.policy_count; ++i) {
            if (strcmp(o->policy[i].name, name) == 0) {
                return command_fail(COMMAND_USAGE, "--policy names \"%s\" twice; expected it once",
                                    name);
            }
        }
        o->policy[o->simulate.policy_count++] = *found;
    }
    o->simulate.policy = o->policy;
    if (o->simulate.policy_count > 0) return COMMAND_DONE;
    return command_fail(COMMAND_USAGE, "--policy names none; expected one or several, with commas");
}

/* ---- playing ------------------------------------------------------------------------------- */

typedef struct playing {
    simulate_folder  folder;
    simulate_summary summary;
    json_t          *hazards; /* features */
    const char      *first_policy;
    progress         bar;
    bool             is_full; /* there was no memory for the results */
} playing;

/* Hazards are the same under every policy. */
static muster_status take(void *user, const muster_replication *r) {
    playing *p = user;
    if (p->folder.path) simulate_folder_add(&p->folder, r);
    const bool is_first = strcmp(muster_simulation_policy(r), p->first_policy) == 0;
    p->is_full =
        !simulate_summary_add(&p->summary, r) || (is_first && !simulate_hazards_add(p->hazards, r));
    return p->is_full ? MUSTER_E_NOMEM : MUSTER_OK;
}

static int begin(playing *p, const simulate_options *o) {
    p->summary.sum          = calloc(o->simulate.policy_count, sizeof *p->summary.sum);
    p->summary.policy_count = o->simulate.policy_count;
    p->hazards              = json_array();
    p->first_policy         = o->policy[0].name;
    if (!p->summary.sum || !p->hazards) return command_fail(COMMAND_ENVIRONMENT, "out of memory");
    for (uint32_t i = 0; i < o->simulate.policy_count; ++i) {
        p->summary.sum[i].policy = o->policy[i].name;
    }
    return o->folder ? simulate_folder_open(&p->folder, o->folder) : COMMAND_DONE;
}

static int run(playing *p, simulate_options *o, const simulate_about *about) {
    muster_simulate_options *s = &o->simulate;
    s->taker                   = take;
    s->taker_user              = p;
    s->progress                = progress_report;
    s->progress_user           = &p->bar;
    progress_start(&p->bar);
    const muster_status status = muster_simulate(about->simulation, s);
    progress_end(&p->bar);
    if (status == MUSTER_E_CANCELLED) return progress_fail_stopped();
    if (p->is_full) return command_fail(COMMAND_ENVIRONMENT, "out of memory");
    if (status != MUSTER_OK) return command_fail_status(status);
    if (!o->folder) return COMMAND_DONE;
    json_t *hazards = p->hazards;
    p->hazards      = NULL;
    return simulate_folder_publish(&p->folder, about, hazards);
}

static int play(simulate_options *o, const simulate_about *about) {
    playing p    = {0};
    int     code = begin(&p, o);
    if (code == COMMAND_DONE) code = run(&p, o, about);
    if (code == COMMAND_DONE) simulate_summary_print(&p.summary, stdout);
    simulate_folder_discard(&p.folder);
    simulate_summary_fini(&p.summary);
    json_decref(p.hazards);
    return code;
}

/* ---- the command --------------------------------------------------------------------------- */

/* One replication is enough for a journal, and all that it can have. */
static uint32_t count_of(const simulate_options *o, const muster_scenario_about *about) {
    if (o->simulate.count > 0) return o->simulate.count;
    return o->simulate.journal ? 1 : about->replication_count;
}

/* What is played is known only when the file has been read. */
static int check_played(simulate_options *o) {
    muster_simulate_options *s = &o->simulate;
    if (s->journal && (s->count > 1 || s->policy_count > 1)) {
        return command_fail(COMMAND_USAGE,
                            "--journal is of one replication under one policy, and these are %u "
                            "under %u; expected --policy NAME and -n 1",
                            s->count, s->policy_count);
    }
    if (!o->has_recorded) o->recorded[0] = s->first;
    for (uint32_t i = 0; i < s->recorded_count; ++i) {
        if (o->recorded[i] >= s->first && o->recorded[i] - s->first < s->count) continue;
        return command_fail(COMMAND_USAGE,
                            "--record is %u, which is not played; expected %u to %u, or \"none\"",
                            o->recorded[i], s->first, s->first + (s->count - 1));
    }
    return COMMAND_DONE;
}

static int load_and_play(simulate_options *o, const muster_scenario_file *file) {
    const muster_scenario_about *about = muster_scenario_file_about(file);
    muster_simulation           *simulation;
    int                          code = choose_policies(o, file);
    o->simulate.count                 = count_of(o, about);
    if (code == COMMAND_DONE) code = check_played(o);
    if (code != COMMAND_DONE) return code;
    const muster_status status = muster_simulation_new(&simulation, file);
    if (status != MUSTER_OK) return command_fail_status(status);
    o->simulate.seed            = o->seed;
    const simulate_about played = {.file       = file,
                                   .simulation = simulation,
                                   .options    = &o->simulate,
                                   .seed       = o->simulate.has_seed ? o->seed : about->seed};
    code                        = play(o, &played);
    muster_simulation_free(simulation);
    return code;
}

int command_simulate(int argc, char **argv) {
    simulate_options      o    = {.simulate = MUSTER_SIMULATE_OPTIONS_INIT};
    muster_scenario_file *file = NULL;
    o.simulate.count           = 0;
    o.simulate.recorded_count  = 1;
    o.simulate.recorded        = o.recorded;
    int code                   = arguments_parse(&ARGP, argc, argv, &o);
    if (code != COMMAND_DONE) return code;
    const muster_status status = muster_scenario_file_read(&file, o.file, o.store);
    code = status == MUSTER_OK ? load_and_play(&o, file) : command_fail_status(status);
    muster_scenario_file_free(file);
    free(o.policy_list);
    return code;
}
