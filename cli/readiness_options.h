/* The command line of `muster readiness`. */
#ifndef CLI_READINESS_OPTIONS_H
#define CLI_READINESS_OPTIONS_H

#include <muster/readiness.h>

#include "cli/coordinate_system.h"
#include "cli/what_if.h"

enum { READINESS_SITES = 1, READINESS_VILLAGES = 2 }; /* which places, as bits */

typedef struct readiness_options {
    const char       *store;
    const char       *scenario_code; /* NULL: the store's default */
    const char       *profiles_path;
    const char       *standard_path; /* NULL: our own */
    unsigned          places;
    uint32_t          within_ms;  /* 0: as the standard says */
    uint32_t          unit_count; /* likewise */
    uint32_t          kind_count;
    const char      **kind;     /* of --capability; room for one a word of the command line */
    what_if_spec      changes;  /* what the state differs from now in */
    const char       *what_ifs; /* a file; NULL: none */
    bool              parts[MUSTER_PART_COUNT]; /* of --n-1 */
    uint32_t          worst;
    uint32_t          thread_count;
    const char       *json_path, *geojson_path, *csv_path;
    coordinate_system system; /* of --closures and the GeoJSON */
} readiness_options;

/* Returns COMMAND_DONE, or the exit code after saying what is wrong; readiness_options_free is due in
 * either case. The strings are those of argv. */
int  readiness_options_read(readiness_options *out, int argc, char **argv);
void readiness_options_free(readiness_options *options);

#endif
