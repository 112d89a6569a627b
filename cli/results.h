/* A folder of `muster simulate`: run.json, which says what was simulated, and tables beside it. */
#ifndef CLI_RESULTS_H
#define CLI_RESULTS_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "cli/result_table.h"

typedef struct results {
    char        *folder;
    json_t      *run; /* the document; what follows points into it */
    const char  *name, *sha256, *version;
    const char  *store; /* as the scenario file names it; NULL: not told */
    int64_t      length_ms, seed;
    uint32_t     first_replication, replication_count;
    uint32_t     policy_count;
    const char **policy; /* names, in the order of the tables */
} results;

/* Read run.json of a folder. Returns the exit code; afterwards *out is empty, or to be closed. */
int  results_open(results *out, const char *folder);
void results_close(results *r);

/* The policy of this name; MUSTER_NONE: there is none. */
uint32_t results_policy(const results *r, const char *name);

/* Say that a folder has no such policy, and which it has; returns the exit code. */
int results_fail_policy(const results *r, const char *name);

/* Where a row belongs: its cells 0 and 1 are the policy and the replication, as in all tables. */
typedef struct row_place {
    uint32_t policy;
    uint32_t replication; /* from 0, whatever the first of the folder is */
} row_place;
int results_place(row_place *out, const results *r, const table_row *row);

/* result_table_read of a table of the folder ("orders.csv"). */
int results_read(const results *r, const char *table, uint32_t column_count,
                 const char *const *column, bool is_optional, table_visitor visit, void *user);

/* folder/name, for the caller to free; NULL where memory ran out. */
char *results_path(const results *r, const char *name);

#endif
