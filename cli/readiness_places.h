/* The places of a store that have to be reached, and what they keep themselves. */
#ifndef CLI_READINESS_PLACES_H
#define CLI_READINESS_PLACES_H

#include <muster/gis.h>

#include "cli/readiness_standard.h"

typedef struct readiness_places {
    muster_named_sites       *sites;
    muster_kits              *kits;
    uint32_t                  count;
    const muster_named_site **named; /* [count] at-risk sites, then villages, each by code */
    muster_readiness_place   *place; /* [count] weights are people, or 1 where they are not known */
    uint32_t                  holder_count[HOLDER_COUNT];
    int64_t                  *people;                  /* [count] 0: not known */
    int64_t                  *people_of_authority;     /* [authority_count] of the problem */
    muster_equipment         *equipment[HOLDER_COUNT]; /* [holder_count * rule_count] */
} readiness_places;

/* Of the kinds that the options ask for. Returns the exit code; readiness_places_free is due in either
 * case. */
int  readiness_places_read(readiness_places *out, const readiness_options *options,
                           const muster_problem *problem, const readiness_standard *standard);
void readiness_places_free(readiness_places *places);

#endif
