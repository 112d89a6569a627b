/* What the three imports share: the options every one takes, saving and the summary. */
#ifndef CLI_IMPORT_H
#define CLI_IMPORT_H

#include <argp.h>
#include <stdbool.h>

#include <muster/import.h>

#include "cli/named_files.h"
#include "cli/progress.h"

typedef struct import_job {
    const char *output; /* -o; NULL: not given */
    bool        is_json;
    progress    progress;
} import_job;

/* Entries of every import's option table. */
#define IMPORT_OPTIONS                                                                             \
    {"output",                                                                                     \
     'o',                                                                                          \
     "NET.gpkg",                                                                                   \
     FILE_WRITTEN,                                                                                 \
     "the network file to write; an existing one is replaced",                                     \
     0},                                                                                           \
    {                                                                                              \
        "json", 'j', NULL, 0, "print the summary as JSON", 0                                       \
    }

/* Take one of these options; ARGP_ERR_UNKNOWN for any other key. */
error_t import_option(import_job *job, int key, char *value);

/* Save and free the network that came with `status`, print what it holds and, for OpenStreetMap
 * (else NULL), what was left out. Returns the exit code. */
int import_finish(import_job *job, muster_status status, muster_network *network,
                  const muster_osm_summary *osm);

/* The imports themselves; argv[0] is "muster import osm". */
int import_osm(int argc, char **argv);
int import_dimacs(int argc, char **argv);
int import_postgis(int argc, char **argv);

#endif
