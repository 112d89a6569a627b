/* muster bench: how fast muster is here, on a planner's own scenario, beside what was aimed at. */
#define _GNU_SOURCE /* nftw, mkdtemp */
#include <errno.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/arguments.h"
#include "cli/bench_machine.h"
#include "cli/bench_parts.h"
#include "cli/command.h"
#include "cli/json_file.h"
#include "cli/marked_text.h"
#include "cli/progress.h"

enum { KEY_SCENARIO = 0x100, KEY_ONLY, KEY_ROUNDS, KEY_FOLDER, KEY_MARKDOWN };

enum { ROUNDS = 10, ROUNDS_MOST = 400, PATH_BYTES = 512, OPEN_FILES = 16 };

static const char MARK[] = "muster bench";

typedef struct bench_options {
    const char *store, *scenario, *only, *folder, *json, *markdown;
    uint32_t    rounds;
} bench_options;

/* In the order in which they are measured: the store makes what the others need. */
typedef struct bench_part {
    const char *name, *phase;
    muster_status (*run)(bench_context *b);
} bench_part;

static const bench_part PARTS[] = {
    {"roads", "roads", bench_roads},
    {"plans", "plans", bench_plans},
    {"live", "live dispatch", bench_live},
    {"http", "HTTP", bench_http},
};

enum { PART_COUNT = sizeof PARTS / sizeof *PARTS };

/* ---- options ----------------------------------------------------------------------------- */

static const struct argp_option OPTIONS[] = {
    {"scenario", KEY_SCENARIO, "CODE", 0, "which one, where the store has several", 0},
    {"only", KEY_ONLY, "PART", 0, "one part alone: roads, plans, live or http", 0},
    {"rounds", KEY_ROUNDS, "N", 0,
     "how often each is done (10); the fastest or a percentile counts", 0},
    {"folder", KEY_FOLDER, "DIR", 0,
     "where the journal of live dispatch is written, and removed again ($TMPDIR or /tmp): its disk "
     "is what is measured",
     0},
    {"output", 'o', "FILE", FILE_WRITTEN, "write JSON", 0},
    {"markdown", KEY_MARKDOWN, "FILE", FILE_WRITTEN,
     "put the table between the marks \"<!-- muster bench: begin -->\" and \"end\" of a document",
     0},
    {0}};

static error_t take_part(bench_options *o, const char *value) {
    for (int i = 0; i < PART_COUNT; ++i) {
        if (strcmp(PARTS[i].name, value) != 0) continue;
        o->only = value;
        return 0;
    }
    return arguments_reject("--only is \"%s\"; expected roads, plans, live or http", value);
}

static error_t parse(int key, char *value, struct argp_state *state) {
    bench_options *o = state->input;
    switch (key) {
    case KEY_SCENARIO:
        o->scenario = value;
        return 0;
    case KEY_ONLY:
        return take_part(o, value);
    case KEY_ROUNDS:
        return arguments_number(&o->rounds, "--rounds", value, 1, ROUNDS_MOST);
    case KEY_FOLDER:
        o->folder = value;
        return 0;
    case KEY_MARKDOWN:
        o->markdown = value;
        return 0;
    case 'o':
        o->json = value;
        return 0;
    case ARGP_KEY_ARG:
        return arguments_take(&o->store, value, "STORE");
    case ARGP_KEY_END:
        return o->store ? 0 : arguments_reject("no STORE; expected a scenario");
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp ARGP = {
    .options  = OPTIONS,
    .parser   = parse,
    .args_doc = "STORE",
    .doc = "Measure roads, plans, the store and live dispatch on this machine, with a scenario.\v"
           "Beside each figure stands what was aimed at for the home scenario on two cores. Other "
           "scenarios are larger or smaller, and other programs on the machine slow it down: "
           "compare figures of one run. A minute; nothing of the store is changed."};

/* ---- a folder that goes away -------------------------------------------------------------- */

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk) {
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

static int make_folder(char out[PATH_BYTES], const char *where) {
    const char *const temporary = getenv("TMPDIR");
    if (!where) where = temporary && *temporary ? temporary : "/tmp";
    char *const whole  = realpath(where, NULL); /* sockets are named from the root */
    const int   length = whole ? snprintf(out, PATH_BYTES, "%s/muster-bench-XXXXXX", whole) : 0;
    const bool  fits   = length > 0 && length < PATH_BYTES;
    const bool  made   = fits && mkdtemp(out);
    const char *reason = whole && !fits ? "its path is too long" : strerror(errno);
    free(whole);
    if (made) return COMMAND_DONE;
    return command_fail(COMMAND_ENVIRONMENT, "no folder can be made in %s: %s", where, reason);
}

/* ---- measuring --------------------------------------------------------------------------- */

static int run_parts(bench_context *b, const bench_options *o) {
    progress bar;
    progress_start(&bar);
    (void)progress_report(&bar, "store", 0);
    muster_status status = bench_store(b);
    for (int i = 0; i < PART_COUNT && status == MUSTER_OK && !progress_is_stopped(); ++i) {
        if (o->only && strcmp(o->only, PARTS[i].name) != 0) continue;
        (void)progress_report(&bar, PARTS[i].phase, 0);
        status = PARTS[i].run(b);
    }
    progress_end(&bar);
    if (status != MUSTER_OK) return command_fail_status(status);
    return progress_is_stopped() ? progress_fail_stopped() : COMMAND_DONE;
}

static int measure(bench_table *table, const bench_options *o) {
    char                folder[PATH_BYTES];
    const bench_machine before = bench_machine_now();
    bench_context       b      = {.store  = o->store,
                                  .code   = o->scenario,
                                  .folder = folder,
                                  .rounds = o->rounds,
                                  .table  = table,
                                  .seed   = 1};
    int                 code   = make_folder(folder, o->folder);
    if (code != COMMAND_DONE) return code;
    code = run_parts(&b, o);
    if (code == COMMAND_DONE) bench_machine_say(table, &before, b.scenario);
    muster_metric_free(b.metric);
    muster_scenario_free(b.scenario);
    if (nftw(folder, remove_one, OPEN_FILES, FTW_DEPTH | FTW_PHYS) == 0) return code;
    return command_fail(code == COMMAND_DONE ? COMMAND_ENVIRONMENT : code, "%s is left over",
                        folder);
}

static void print_markdown(void *user, FILE *stream) {
    bench_table_print_markdown(user, stream);
}

int command_bench(int argc, char **argv) {
    bench_options o     = {.rounds = ROUNDS};
    bench_table   table = {0};
    int           code  = arguments_parse(&ARGP, argc, argv, &o);
    if (code == COMMAND_DONE) code = measure(&table, &o);
    if (code != COMMAND_DONE) return code;
    bench_table_print(&table, stdout);
    if (o.json) code = json_write(bench_table_json(&table), o.json);
    if (code == COMMAND_DONE && o.markdown) {
        code = marked_text_replace(o.markdown, MARK, print_markdown, &table);
    }
    return code;
}
