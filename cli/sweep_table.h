/* The table of a sweep: a row for each replication of each policy at each point, on disk as soon as it is
 * done. */
#ifndef CLI_SWEEP_TABLE_H
#define CLI_SWEEP_TABLE_H

#include "cli/measures.h"
#include "cli/sweep_grid.h"

/* What a table is of; rows of another are not mixed with it. */
typedef struct sweep_identity {
    const char *sha256; /* of the scenario file */
    const char *store, *version;
    uint64_t    seed;
} sweep_identity;

/* What of it is to be done: policies in the order of the command line, replications from `first` on. */
typedef struct sweep_extent {
    uint32_t           point_count, policy_count;
    const char *const *policy;
    uint32_t           first, count;
} sweep_extent;

typedef struct sweep_table {
    const char           *path;
    const sweep_grid     *grid;
    const sweep_identity *identity;
    const sweep_extent   *extent;
    int                   descriptor; /* -1: not open */
    bool                 *is_done;    /* by point, policy, replication */
    uint64_t              done_count;
} sweep_table;

/* Open, or begin, the table. What has been done before is in is_done; a row that was cut off while it was
 * written is taken away. A table of another grid, scenario, store, seed or version is refused. Returns the
 * exit code. */
int sweep_table_open(sweep_table *out, const char *path, const sweep_grid *grid,
                     const sweep_identity *identity, const sweep_extent *extent);

bool sweep_table_has(const sweep_table *t, uint32_t point, uint32_t policy, uint32_t replication);

/* Add a row, whole, and bring it to the disk. */
int sweep_table_add(sweep_table *t, uint32_t point, uint32_t policy, uint32_t replication,
                    const double value[MEASURE_COUNT]);

void sweep_table_close(sweep_table *t);

#endif
