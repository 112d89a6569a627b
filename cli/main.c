/* muster: the planner's command. Finds the subcommand and hands over to it. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <muster/api.h>

#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/suggest.h"

enum { MAX_HELP_ARGUMENTS = 8 };

typedef struct subcommand {
    const char *name;
    const char *summary;
    int (*run)(int argc, char **argv);
} subcommand;

static int command_help(int argc, char **argv);

static const subcommand COMMANDS[] = {
    {"import", "make a network from OpenStreetMap, DIMACS or PostGIS", command_import},
    {"info", "say what a network or a scenario holds", command_info},
    {"order", "order the nodes of a network in its file, so that it loads fast", command_order},
    {"snapshot", "write a network to a file that opens in milliseconds", command_snapshot},
    {"export", "write the graph that is searched as CSV", command_export},
    {"route", "find the fastest way from one place to another", command_route},
    {"matrix", "make a table of travel times between many places", command_matrix},
    {"nearest", "find the places of a list that are reached first", command_nearest},
    {"isochrone", "find what is reached within some minutes", command_isochrone},
    {"closures", "say what closed and flooded roads cut off", command_closures},
    {"hazards", "list floods, storms, plumes and alerts, and say whom they concern",
     command_hazards},
    {"plan", "decide which resources go to which incident", command_plan},
    {"readiness", "say who gets to every place in time, and what breaks first", command_readiness},
    {"explain", "say why a plan does what it does", command_explain},
    {"site", "find where units and stock should wait, or who should move up", command_site},
    {"compare", "say how simulated policies differ, and how sure that is", command_compare},
    {"sweep", "simulate a scenario file at many values of its keys", command_sweep},
    {"report", "make a page of a simulation: map, charts, comparison", command_report},
    {"profiles", "show how kinds of units travel", command_profiles},
    {"journal", "check a journal, or give its records out", command_journal},
    {"scenario", "check a scenario file, or draw what happens in it", command_scenario},
    {"simulate", "play what might happen, under one policy or several", command_simulate},
    {"serve", "answer routes, tables and isochrones over HTTP", command_serve},
    {"db", "make, move and check the tables of a store", command_db},
    {"bench", "measure how fast all of that is on this machine", command_bench},
    {"check", "compare fast travel times with plain ones", command_check},
    {"help", "explain a command", command_help},
};

enum { COMMAND_COUNT = sizeof COMMANDS / sizeof *COMMANDS };

/* ---- help ---------------------------------------------------------------------------- */

static int print_overview(void) {
    puts("usage: muster COMMAND ...\n"
         "\n"
         "Decides which rescue teams, vehicles, machines and stocks go to which emergency, on a\n"
         "road network.\n");
    for (int i = 0; i < COMMAND_COUNT; ++i) {
        printf("  %-9s %s\n", COMMANDS[i].name, COMMANDS[i].summary);
    }
    puts("\n"
         "  muster help COMMAND   what a command takes\n"
         "  muster --version      which version this is\n"
         "\n"
         "Exit status: 0 done; 1 the answer is no (no route); 2 the command line is wrong;\n"
         "3 a file or a value in it is wrong; 4 no memory, no such file, no permission, no\n"
         "server; 5 a bug in muster; 130 stopped by Ctrl-C.");
    return COMMAND_DONE;
}

static int print_version(void) {
    printf("muster %s\n", muster_version());
    return COMMAND_DONE;
}

/* ---- dispatch ------------------------------------------------------------------------ */

static int fail_unknown(const char *name) {
    suggestion best = suggestion_start(name);
    for (int i = 0; i < COMMAND_COUNT; ++i) suggestion_offer(&best, COMMANDS[i].name);
    if (best.word) {
        return command_fail(COMMAND_USAGE, "there is no command \"%s\"; did you mean \"%s\"?", name,
                            best.word);
    }
    char expected[16 * COMMAND_COUNT] = "";
    for (int i = 0; i < COMMAND_COUNT; ++i) {
        const size_t length = strlen(expected);
        snprintf(expected + length, sizeof expected - length, "%s%s",
                 i == 0                  ? ""
                 : i + 1 < COMMAND_COUNT ? ", "
                                         : " or ",
                 COMMANDS[i].name);
    }
    return command_fail(COMMAND_USAGE, "there is no command \"%s\"; expected %s", name, expected);
}

/* Run the subcommand argv[0] names, which becomes "muster NAME" for its messages. */
static int run_command(int argc, char **argv) {
    for (int i = 0; i < COMMAND_COUNT; ++i) {
        if (strcmp(argv[0], COMMANDS[i].name) != 0) continue;
        char name[32];
        snprintf(name, sizeof name, "muster %s", argv[0]);
        argv[0] = name;
        return COMMANDS[i].run(argc, argv);
    }
    return fail_unknown(argv[0]);
}

/* `muster help import osm` is `muster import osm --help`. */
static int command_help(int argc, char **argv) {
    static char option[] = "--help";
    char       *words[MAX_HELP_ARGUMENTS + 2];
    int         count = 0;
    if (argc < 2 || argv[1][0] == '-') return print_overview();
    while (count < MAX_HELP_ARGUMENTS && count + 1 < argc) {
        words[count] = argv[count + 1];
        ++count;
    }
    if (strcmp(words[0], "help") == 0) return print_overview();
    words[count++] = option;
    words[count]   = NULL;
    return run_command(count, words);
}

static int run(int argc, char **argv) {
    if (argc < 2) {
        return command_fail(COMMAND_USAGE, "no command; expected one of those of muster --help");
    }
    if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) return print_version();
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) return print_overview();
    if (argv[1][0] == '-') {
        return command_fail(COMMAND_USAGE,
                            "muster has no option \"%s\"; expected a command, --help or --version",
                            argv[1]);
    }
    return run_command(argc - 1, argv + 1);
}

/* What was printed must have got out: a full disk behind `> file` is a failure. */
static int flush_standard_output(int code) {
    output out;
    if (code != COMMAND_DONE) return code; /* which says more than a lost line would */
    code = output_open(&out, "-");
    return code == COMMAND_DONE ? output_publish(&out) : code;
}

int main(int argc, char **argv) {
    signal(SIGPIPE, SIG_IGN); /* a closed pipe is then a failed write, which is said */
    return flush_standard_output(run(argc, argv));
}
