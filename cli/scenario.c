/* muster scenario: finds what is to be done with a scenario file. */
#include "cli/scenario.h"

#include <stdio.h>
#include <string.h>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/suggest.h"

static int print_help(void) {
    puts("usage: muster scenario check FILE [--store STORE] [--file-only] [--json]\n"
         "       muster scenario draw FILE [--store STORE] [-r R] [-o EVENTS] [--geojson OUT]\n"
         "\n"
         "Looks at a scenario file: what a planner says will happen from outside.\n"
         "\n"
         "  check   find what is wrong with it, and say what there is\n"
         "  draw    draw one replication: its events, as a session is told them\n"
         "\n"
         "muster help scenario check says more, docs/scenarios.md has the file.");
    return COMMAND_DONE;
}

typedef struct job {
    const char *name;
    int (*run)(int argc, char **argv);
} job;

static const job JOBS[] = {{"check", scenario_check}, {"draw", scenario_draw}};

static int fail_unknown(const char *word) {
    suggestion best = suggestion_start(word);
    for (size_t j = 0; j < sizeof JOBS / sizeof *JOBS; ++j) suggestion_offer(&best, JOBS[j].name);
    if (best.word) {
        return command_fail(COMMAND_USAGE,
                            "there is no scenario command \"%s\"; did you mean \"%s\"?", word,
                            best.word);
    }
    return command_fail(COMMAND_USAGE,
                        "there is no scenario command \"%s\"; expected check or draw", word);
}

int command_scenario(int argc, char **argv) {
    if (argc < 2) {
        return command_fail(COMMAND_USAGE, "nothing to do with a scenario; expected check or draw");
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-?") == 0) return print_help();
    for (size_t j = 0; j < sizeof JOBS / sizeof *JOBS; ++j) {
        if (strcmp(argv[1], JOBS[j].name) != 0) continue;
        char name[64];
        snprintf(name, sizeof name, "%s %s", argv[0], argv[1]);
        argv[1] = name;
        return JOBS[j].run(argc - 1, argv + 1);
    }
    return fail_unknown(argv[1]);
}

/* ---- what the jobs share ------------------------------------------------------------------- */

static error_t check_options(const scenario_options *o) {
    if (!o->file) return arguments_reject("no file; expected a scenario file");
    if (o->is_file_alone && o->store) {
        return arguments_reject("--file-only and --store at once; expected one of them");
    }
    if (o->output && o->geojson && strcmp(o->output, "-") == 0 && strcmp(o->geojson, "-") == 0) {
        return arguments_reject("both outputs to standard output; expected one of them in a file");
    }
    return 0;
}

error_t scenario_options_parse(int key, char *value, struct argp_state *state) {
    scenario_options *o = state->input;
    switch (key) {
    case SCENARIO_KEY_STORE:
        o->store = value;
        return 0;
    case SCENARIO_KEY_SEED:
        o->has_seed = true;
        return arguments_number(&o->seed, "--seed", value, 0, UINT32_MAX);
    case 'r':
        return arguments_number(&o->replication, "--replication", value, 0, UINT32_MAX);
    case 'o':
        o->output = value;
        return 0;
    case 'j':
        o->is_json = true;
        return 0;
    case SCENARIO_KEY_GEOJSON:
        o->geojson = value;
        return 0;
    case SCENARIO_KEY_FILE_ONLY:
        o->is_file_alone = true;
        return 0;
    case ARGP_KEY_ARG:
        return arguments_take(&o->file, value, "FILE");
    case ARGP_KEY_END:
        return check_options(o);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int scenario_draw_course(drawn_scenario *out, const scenario_options *o) {
    *out                 = (drawn_scenario){0};
    muster_status status = muster_scenario_file_read(&out->file, o->file, o->store);
    if (status == MUSTER_OK && !o->is_file_alone) {
        const muster_scenario_about *about = muster_scenario_file_about(out->file);
        status                             = muster_scenario_file_load(&out->scenario, out->file);
        if (status == MUSTER_OK) {
            status = muster_course_draw(&out->course, out->file, out->scenario,
                                        o->has_seed ? o->seed : about->seed, o->replication);
        }
    }
    return status == MUSTER_OK ? COMMAND_DONE : command_fail_status(status);
}

void scenario_free(drawn_scenario *d) {
    muster_course_free(d->course);
    muster_scenario_free(d->scenario);
    muster_scenario_file_free(d->file);
}
