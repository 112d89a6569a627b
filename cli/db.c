/* muster db: finds the subcommand. */
#include "cli/db.h"

#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/suggest.h"

typedef struct db_action {
    const char *name;
    int (*run)(int argc, char **argv);
} db_action;

static const db_action ACTIONS[] = {{"init", db_init},
                                    {"migrate", db_migrate},
                                    {"load", db_load},
                                    {"dump", db_dump},
                                    {"check", db_check}};

enum { ACTION_COUNT = sizeof ACTIONS / sizeof *ACTIONS };

static const char EXPECTED[] = "expected init, migrate, load, dump or check";

error_t db_option(db_options *o, int key, char *value, const struct argp_state *state) {
    switch (key) {
    case 's':
        o->schema = value;
        return 0;
    case 'j':
        o->is_json = true;
        return 0;
    case 'r':
        o->is_replacing = true;
        return 0;
    case ARGP_KEY_ARG:
        return arguments_take(&o->from, value, "store");
    case ARGP_KEY_END:
        if (!o->from) return arguments_reject("no store; expected %s", state->root_argp->args_doc);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

muster_database_options db_library_options(const db_options *o) {
    muster_database_options options = MUSTER_DATABASE_OPTIONS_INIT;
    options.schema                  = o->schema;
    options.replace                 = o->is_replacing;
    return options;
}

static int print_help(void) {
    puts("usage: muster db init CONNECTION\n"
         "       muster db migrate CONNECTION|FILE.gpkg\n"
         "       muster db load FROM CONNECTION\n"
         "       muster db dump FROM FILE.gpkg|FOLDER\n"
         "       muster db check STORE\n"
         "\n"
         "Makes, moves and checks the tables of muster. FROM and STORE are a PostGIS database\n"
         "(\"postgresql://...\"), a GeoPackage, or a folder of CSV and GeoJSON.\n"
         "\n"
         "  init     make the tables in a PostGIS database\n"
         "  migrate  bring old tables to the newest version\n"
         "  load     copy everything into a PostGIS database\n"
         "  dump     copy everything into a file or a folder\n"
         "  check    compare a store with the schema, and look at every row\n"
         "\n"
         "muster help db ACTION says more about each.");
    return COMMAND_DONE;
}

static int fail_unknown(const char *name) {
    suggestion best = suggestion_start(name);
    for (int i = 0; i < ACTION_COUNT; ++i) suggestion_offer(&best, ACTIONS[i].name);
    if (best.word) {
        return command_fail(COMMAND_USAGE, "there is no db \"%s\"; did you mean \"%s\"?", name,
                            best.word);
    }
    return command_fail(COMMAND_USAGE, "there is no db \"%s\"; %s", name, EXPECTED);
}

int command_db(int argc, char **argv) {
    if (argc < 2) return command_fail(COMMAND_USAGE, "nothing to do; %s", EXPECTED);
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-?") == 0) return print_help();
    for (int i = 0; i < ACTION_COUNT; ++i) {
        if (strcmp(argv[1], ACTIONS[i].name) != 0) continue;
        char name[64];
        snprintf(name, sizeof name, "%s %s", argv[0], argv[1]);
        argv[1] = name;
        return ACTIONS[i].run(argc - 1, argv + 1);
    }
    return fail_unknown(argv[1]);
}
