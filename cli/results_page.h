/* The report of a simulation: one HTML page that opens without a network. */
#ifndef CLI_RESULTS_PAGE_H
#define CLI_RESULTS_PAGE_H

#include <muster/language.h>

#include "cli/measures.h"
#include "cli/output.h"

/* What was read of a results folder. */
typedef struct results_data {
    const results  *results;
    const outcomes *outcomes;
    const measures *measures;
    name_pool      *pool;
} results_data;

typedef struct results_page {
    muster_language language;
    const char     *store;       /* of the roads and the water; NULL: none */
    uint32_t        replication; /* the one on the map, from 0 */
    double          confidence;
} results_page;

/* Returns the exit code. */
int results_page_write(output *out, const results_data *data, const results_page *options);

#endif
