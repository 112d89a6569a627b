/* What every subcommand of `muster` shares: exit codes and how failures are said. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <muster/error.h>

/* The documented exit codes (docs/cli.md). */
enum {
    COMMAND_DONE        = 0,
    COMMAND_NO          = 1, /* the answer is "no": no route */
    COMMAND_USAGE       = 2, /* the command line is wrong */
    COMMAND_BAD_INPUT   = 3, /* a file or a value in it is wrong */
    COMMAND_ENVIRONMENT = 4, /* no memory, no such file, no permission, no server */
    COMMAND_INTERNAL    = 5  /* a bug in muster */
};

/* Print "muster: ..." as one line on standard error and return `exit_code`, in one breath. */
int command_fail(int exit_code, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The static analyzer does not see that it returns what it is given. */
#ifdef __clang_analyzer__
#define command_fail(exit_code, ...) ((void)command_fail(exit_code, __VA_ARGS__), (exit_code))
#endif

/* The same with the library's message, and the exit code that goes with `status`. */
int command_fail_status(muster_status status);

/* One function a subcommand. argv[0] is "muster route" for messages; arguments follow. */
int command_import(int argc, char **argv);
int command_info(int argc, char **argv);
int command_order(int argc, char **argv);
int command_snapshot(int argc, char **argv);
int command_export(int argc, char **argv);
int command_route(int argc, char **argv);
int command_matrix(int argc, char **argv);
int command_nearest(int argc, char **argv);
int command_isochrone(int argc, char **argv);
int command_closures(int argc, char **argv);
int command_hazards(int argc, char **argv);
int command_plan(int argc, char **argv);
int command_readiness(int argc, char **argv);
int command_explain(int argc, char **argv);
int command_site(int argc, char **argv);
int command_compare(int argc, char **argv);
int command_report(int argc, char **argv);
int command_sweep(int argc, char **argv);
int command_profiles(int argc, char **argv);
int command_journal(int argc, char **argv);
int command_scenario(int argc, char **argv);
int command_simulate(int argc, char **argv);
int command_serve(int argc, char **argv);
int command_check(int argc, char **argv);
int command_db(int argc, char **argv);
int command_bench(int argc, char **argv);

#endif
