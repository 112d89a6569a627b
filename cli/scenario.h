/* What the jobs of `muster scenario` share: the file, its scenario in a store, and a course drawn from it. */
#ifndef CLI_SCENARIO_H
#define CLI_SCENARIO_H

#include <argp.h>
#include <stdbool.h>

#include <muster/course.h>

#include "cli/named_files.h"

typedef struct scenario_options {
    const char *file, *store, *output, *geojson;
    uint32_t    replication, seed; /* seed: read where has_seed */
    bool        has_seed, is_json, is_file_alone;
} scenario_options;

enum {
    SCENARIO_KEY_STORE = 0x100,
    SCENARIO_KEY_SEED,
    SCENARIO_KEY_GEOJSON,
    SCENARIO_KEY_FILE_ONLY
};

/* Entries of the option table of each job. */
#define SCENARIO_OPTIONS                                                                            \
    {                                                                                               \
        "store", SCENARIO_KEY_STORE, "STORE", FILE_READ, "the store to take instead of the file's", \
        0},                                                                                         \
        {"replication", 'r', "R", 0, "which of its replications (0)", 0}, {                         \
        "seed", SCENARIO_KEY_SEED, "S", 0, "the seed to take instead of the file's", 0              \
    }

/* The argp_parser of all, whose input is a `scenario_options *`. */
error_t scenario_options_parse(int key, char *value, struct argp_state *state);

typedef struct drawn_scenario {
    muster_scenario_file *file;
    muster_scenario      *scenario; /* NULL where the file alone was read */
    muster_course        *course;
} drawn_scenario;

/* Read, load and draw. Returns the exit code; scenario_free in any case. */
int  scenario_draw_course(drawn_scenario *out, const scenario_options *options);
void scenario_free(drawn_scenario *drawn);

/* The jobs; argv[0] is "muster scenario check". */
int scenario_check(int argc, char **argv);
int scenario_draw(int argc, char **argv);

/* What is in the file and in the course, for people and for programs. */
int scenario_summary_print(const drawn_scenario *drawn, const scenario_options *options);
int scenario_summary_json(const drawn_scenario *drawn, const scenario_options *options);
/* Calls as points, hazards and roads as they are and from when to when. */
int scenario_geojson(const drawn_scenario *drawn, const char *path);

#endif
