/* The command lines of `muster journal verify` and `export`. */
#ifndef CLI_JOURNAL_OPTIONS_H
#define CLI_JOURNAL_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/arguments.h"

typedef struct journal_options {
    const char *folder, *output;
    uint64_t    first, last; /* 0: not asked for */
    bool        is_json;
} journal_options;

/* The argp_parser of both, whose input is a `journal_options *`. */
error_t journal_options_parse(int key, char *value, struct argp_state *state);

/* One function each, as for the commands themselves. */
int journal_verify(int argc, char **argv);
int journal_export(int argc, char **argv);
int journal_replay(int argc, char **argv);

#endif
