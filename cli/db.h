/* The subcommands of `muster db`, and what they share. */
#ifndef CLI_DB_H
#define CLI_DB_H

#include <stdbool.h>

#include <muster/database.h>

#include "cli/arguments.h"

typedef struct db_options {
    const char *from, *to; /* `to` is NULL where one store is enough */
    const char *schema;
    bool        is_json, is_replacing;
} db_options;

#define DB_SCHEMA_OPTION                                                                           \
    { "schema", 's', "NAME", 0, "the schema of PostGIS that holds the tables; muster", 0 }
#define DB_JSON_OPTION                                                                             \
    { "json", 'j', NULL, 0, "print the answer as JSON", 0 }
#define DB_REPLACE_OPTION                                                                          \
    { "replace", 'r', NULL, 0, "what is there already may be replaced", 0 }

/* For parsers: the options above, and one store. */
error_t db_option(db_options *options, int key, char *value, const struct argp_state *state);

/* What the library takes. */
muster_database_options db_library_options(const db_options *options);

/* One function a subcommand, as in command.h. */
int db_init(int argc, char **argv);
int db_migrate(int argc, char **argv);
int db_load(int argc, char **argv);
int db_dump(int argc, char **argv);
int db_check(int argc, char **argv);

#endif
