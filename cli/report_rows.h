/* Rows of a results folder as JSON for the script of the report. */
#ifndef CLI_REPORT_ROWS_H
#define CLI_REPORT_ROWS_H

#include <jansson.h>

#include "cli/results.h"

enum { REPORT_ROW_COLUMNS = 24 };

/* A table and the columns wanted of it after policy and replication, ended by {NULL}. */
typedef struct report_table {
    const char *file;
    bool        is_optional;
    struct {
        const char *name;
        bool        is_number; /* else a text */
    } column[REPORT_ROW_COLUMNS];
} report_table;

/* {"columns": ["policy", name, ...], "rows": [[number of the policy, cell, ...], ...]} of one
 * replication (from 0). An empty cell of numbers is null. Returns the exit code. */
int report_rows_new(json_t **out, const results *r, const report_table *table,
                    uint32_t replication);

#endif
