/* What every place should have: in time, and on the spot (docs/readiness.md). */
#ifndef CLI_READINESS_STANDARD_H
#define CLI_READINESS_STANDARD_H

#include "cli/readiness_options.h"

enum { HOLDER_SITES, HOLDER_VILLAGES, HOLDER_COUNT };

typedef struct readiness_standard {
    uint32_t                   reach_count;
    muster_readiness_standard *reach;
    uint32_t                   rule_count[HOLDER_COUNT];
    muster_equipment_rule     *rule[HOLDER_COUNT]; /* kinds are the problem's */
    int64_t                   *per_thousand;       /* [kind_count] of the problem */
} readiness_standard;

/* The standard of the options: their file's or our own, of which kinds that the problem lacks are left
 * out, with --capability, --within and --units in their places. Returns the exit code after naming file,
 * list, row, value and what was expected; readiness_standard_free is due in either case. */
int  readiness_standard_read(readiness_standard *out, const readiness_options *options,
                             const muster_problem *problem);
void readiness_standard_free(readiness_standard *standard);

#endif
