/* The sites that a problem is about, each once: what the judge calls places. Nothing here comes from the
 * optimizer, which has numbers of its own. */
#ifndef MU_SOLVER_JUDGE_PLACES_H
#define MU_SOLVER_JUDGE_PLACES_H

#include <muster/problem.h>

#include "core/error.h"

typedef struct mu_judge_places {
    uint32_t     count;
    muster_site *site;                           /* [count] in the order in which they are met */
    uint32_t    *of_unit[MUSTER_RESOURCE_COUNT]; /* places, by resource index */
    uint32_t    *of_incident, *of_zone;
    uint32_t    *slot; /* [mask + 1] places by site; MUSTER_NONE: none */
    uint32_t     mask;
} mu_judge_places;

/* MUSTER_E_NOMEM: what is there is to be freed all the same. O(rows) in practice. */
muster_status mu_judge_places_find(mu_judge_places *out, const muster_problem *problem);
void          mu_judge_places_fini(mu_judge_places *places);

/* The place with that site; MUSTER_NONE: there is none. */
uint32_t mu_judge_places_at(const mu_judge_places *places, muster_site site);

#endif
