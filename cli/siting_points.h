/* The places that `muster site` chooses among, and the demand that they serve: of the store, or of CSV
 * files. */
#ifndef CLI_SITING_POINTS_H
#define CLI_SITING_POINTS_H

#include <muster/problem.h>

#include "cli/siting_options.h"

typedef struct siting_point {
    char       *id, *name; /* "" where there is no name */
    muster_site site;
    int64_t     weight;
    uint32_t    unit_count; /* that are there */
    bool        is_candidate;
} siting_point;

typedef struct siting_points {
    uint32_t      count, capacity;
    siting_point *point;
    uint32_t      unweighted_count; /* whose population is not known */
} siting_points;

/* Add what the names stand for. A place that is there already, by its coordinates, is not added again but
 * where it is demand, which is kept as it comes. `problem`: for warehouses, NULL: none. Return COMMAND_DONE
 * or the exit code. */
int siting_points_add_demand(siting_points *points, const siting_options *options,
                             const muster_network *network);
int siting_points_add_candidates(siting_points *points, const siting_options *options,
                                 const muster_problem *problem, const muster_network *network);
/* Places of --existing, with a unit each. */
int siting_points_add_existing(siting_points *points, const siting_options *options,
                               const muster_problem *problem, const muster_network *network);
/* Where the units of --unit are. They are unit_count of their points. */
int  siting_points_add_units(siting_points *points, const siting_options *options,
                             const muster_problem *problem);
void siting_points_free(siting_points *points);

#endif
