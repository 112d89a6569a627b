/* The command line of `muster journal replay`. */
#ifndef CLI_REPLAY_OPTIONS_H
#define CLI_REPLAY_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/arguments.h"

typedef struct replay_options {
    const char     *folder, *store, *incident;
    uint64_t        sequence; /* 0: by time */
    int64_t         at_ms;    /* INT64_MAX: the end */
    uint64_t        order;    /* 0: not asked for */
    muster_language language;
    bool            is_json;
} replay_options;

/* Returns as arguments_parse. */
int replay_options_parse(replay_options *options, int argc, char **argv);

#endif
