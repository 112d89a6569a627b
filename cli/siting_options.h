/* The command line of `muster site`. */
#ifndef CLI_SITING_OPTIONS_H
#define CLI_SITING_OPTIONS_H

#include <muster/siting.h>

#include "cli/coordinate_system.h"
#include "cli/hazard_choice.h"
#include "cli/profile.h"

enum { SITING_MOST_LISTS = 16 };

/* Names of lists: those of the store, or files. */
typedef struct siting_names {
    uint32_t    count;
    const char *name[SITING_MOST_LISTS];
} siting_names;

typedef struct siting_options {
    const char         *store;
    const char         *scenario_code; /* NULL: the store's default scenario */
    muster_siting_model model, goal;
    siting_names        demand, candidates, existing, units;
    bool                is_equal; /* all demand weighs the same */
    bool                leaves_out;
    bool                has_count; /* `count` is with what is there, else beside it */
    bool                has_goal, has_busy;
    uint32_t            count, moves, room;
    uint32_t            within_ms, move_within_ms; /* 0: not given */
    uint32_t            busy_millionths;
    uint32_t            time_limit_ms, work_limit, thread_count; /* 0: none, none, one per core */
    const char         *closures;
    hazard_choice       hazards;
    profile_choice      profile;
    coordinate_system   system;
    const char         *output, *geojson;
} siting_options;

/* Returns COMMAND_DONE, or the exit code after saying what is wrong. The strings are those of argv. */
int siting_options_read(siting_options *out, int argc, char **argv);

#endif
