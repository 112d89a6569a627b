/* The folder of results that `muster simulate` writes and `muster compare` and `muster report` read:
 * docs/simulation.md has its tables. */
#ifndef CLI_SIMULATE_FOLDER_H
#define CLI_SIMULATE_FOLDER_H

#include <jansson.h>

#include <muster/gis.h>
#include <muster/simulation.h>

#include "cli/output.h"

typedef enum simulate_table {
    SIMULATE_INCIDENTS,
    SIMULATE_NEEDS,
    SIMULATE_ORDERS,
    SIMULATE_SERIES,
    SIMULATE_STOCK,
    SIMULATE_PLANS,
    SIMULATE_PRICES,
    SIMULATE_MOVES,
    SIMULATE_EXPLANATIONS,
    SIMULATE_REFUSALS,
    SIMULATE_TOTALS,
    SIMULATE_TABLE_COUNT
} simulate_table;

/* Start from zeros. */
typedef struct simulate_folder {
    const char *path;
    output      table[SIMULATE_TABLE_COUNT];
} simulate_folder;

/* What was simulated, for run.json. */
typedef struct simulate_about {
    const muster_scenario_file    *file;
    const muster_simulation       *simulation;
    const muster_simulate_options *options;
    uint64_t                       seed;
} simulate_about;

/* Make the folder where it is not there, and begin its tables. Returns the exit code. */
int simulate_folder_open(simulate_folder *folder, const char *path);
/* The rows of one replication. */
void simulate_folder_add(simulate_folder *folder, const muster_replication *replication);
/* With run.json, which tells that all is there, last. `hazards` is taken. */
int simulate_folder_publish(simulate_folder *folder, const simulate_about *about, json_t *hazards);
/* Nothing is left of what was not published. Harmless after that, and on a zeroed folder. */
void simulate_folder_discard(simulate_folder *folder);

/* Hazards of a replication as features of a collection, added to `features`; false: no memory. */
bool simulate_hazards_add(json_t *features, const muster_replication *replication);

#endif
