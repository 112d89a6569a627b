/* muster journal: finds what is to be done with a journal. */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/journal_options.h"
#include "cli/suggest.h"

static int print_help(void) {
    puts("usage: muster journal verify FOLDER [--json]\n"
         "       muster journal export FOLDER [--first N] [--last N] [-o FILE]\n"
         "       muster journal replay FOLDER --store STORE [--at MOMENT | --sequence N]\n"
         "                             [--order N | --incident CODE] [--json]\n"
         "\n"
         "Looks at a journal: what happened, in order, in files that are only ever added to.\n"
         "\n"
         "  verify   check every record against its hash, and say what there is\n"
         "  export   give the records out as lines of JSON\n"
         "  replay   say what was known at a moment, and why somebody was sent\n"
         "\n"
         "muster help journal verify says more.");
    return COMMAND_DONE;
}

typedef struct job {
    const char *name;
    int (*run)(int argc, char **argv);
} job;

static const job JOBS[] = {
    {"verify", journal_verify}, {"export", journal_export}, {"replay", journal_replay}};

static int fail_unknown(const char *word) {
    suggestion best = suggestion_start(word);
    for (size_t j = 0; j < sizeof JOBS / sizeof *JOBS; ++j) suggestion_offer(&best, JOBS[j].name);
    if (best.word) {
        return command_fail(COMMAND_USAGE,
                            "there is no journal command \"%s\"; did you mean \"%s\"?", word,
                            best.word);
    }
    return command_fail(COMMAND_USAGE,
                        "there is no journal command \"%s\"; expected verify, export or replay",
                        word);
}

int command_journal(int argc, char **argv) {
    if (argc < 2) {
        return command_fail(COMMAND_USAGE,
                            "nothing to do with a journal; expected verify, export or replay");
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
