/* The command line of `muster plan`. */
#ifndef CLI_PLAN_OPTIONS_H
#define CLI_PLAN_OPTIONS_H

#include <muster/language.h>
#include <muster/solve.h>

#include "cli/coordinate_system.h"
#include "cli/hazard_choice.h"

typedef struct plan_options {
    const char   *scenario_path;
    const char   *scenario_code; /* NULL: the file's default scenario */
    const char   *profiles_path; /* NULL: units travel by built-in profiles alone */
    hazard_choice hazards;
    uint32_t      time_limit_ms; /* 0: none, for there is one on work */
    uint32_t      work_limit;    /* 0: none */
    uint32_t      thread_count;  /* 0: one per core */
    uint8_t       method;        /* a muster_method */
    uint8_t       items;         /* a muster_item_transport; _COUNT: as the scenario has it */
    bool          is_compared;   /* with the greedy plan */
    /* A plan to start from; NULL: none. What it was for; NULL: the scenario that is planned. */
    const char *after_path;
    const char *was_path;
    bool        is_kept; /* what it sends */
    uint32_t    gain_ms; /* what a change has to save a need of the least severity; 0: anything */
    /* Where the outputs go; NULL: not asked for, "-": standard output. */
    const char       *plan_path;
    const char       *geojson_path;
    const char       *report_path;
    muster_language   language; /* of what people read */
    coordinate_system system;   /* of the GeoJSON; to be given to coordinate_system_free */
} plan_options;

/* Returns COMMAND_DONE, or the exit code after saying what is wrong. The strings are those
 * of argv. */
int plan_options_read(plan_options *out, int argc, char **argv);

#endif
