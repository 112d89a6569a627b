/* muster journal: finds what is to be done with a journal. */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/journal_options.h"
#include "cli/suggest.h"

static int print_help(void) {
    puts("usage: muster journal verify FOLDER [--json]\n"
         "       muster journal export FOLDER [--first N] [--last N] [-o FILE]\n"
         "\n"
         "Looks at a journal: what happened, in order, in files that are only ever added to.\n"
         "\n"
         "  verify   check every record against its hash, and say what there is\n"
         "  export   give the records out as lines of JSON\n"
         "\n"
         "muster help journal verify says more.");
    return COMMAND_DONE;
}

int command_journal(int argc, char **argv) {
    if (argc < 2) {
        return command_fail(COMMAND_USAGE,
                            "nothing to do with a journal; expected verify or export");
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-?") == 0) return print_help();
    const bool verifies = strcmp(argv[1], "verify") == 0;
    if (!verifies && strcmp(argv[1], "export") != 0) {
        suggestion best = suggestion_start(argv[1]);
        suggestion_offer(&best, "verify");
        suggestion_offer(&best, "export");
        return best.word
                   ? command_fail(COMMAND_USAGE,
                                  "there is no journal command \"%s\"; did you mean \"%s\"?",
                                  argv[1], best.word)
                   : command_fail(COMMAND_USAGE,
                                  "there is no journal command \"%s\"; expected verify or export",
                                  argv[1]);
    }
    char name[64];
    snprintf(name, sizeof name, "%s %s", argv[0], argv[1]);
    argv[1] = name;
    return verifies ? journal_verify(argc - 1, argv + 1) : journal_export(argc - 1, argv + 1);
}
