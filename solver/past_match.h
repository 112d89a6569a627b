/* Which row of the past is which row of now, by codes. */
#ifndef MU_SOLVER_PAST_MATCH_H
#define MU_SOLVER_PAST_MATCH_H

#include "solver/past.h"

/* What rows are of: the four resources (muster_resource), then these. */
enum { MU_ROWS_INCIDENT = MUSTER_RESOURCE_COUNT, MU_ROWS_NEED, MU_ROWS_COUNT };

/* Units are known by their code, stocks by that of the warehouse and the item, incidents by theirs,
 * needs by those of incident and kind. Where several rows are called the same, the first is the
 * first, and so on. */
typedef struct mu_past_match {
    uint32_t *now[MU_ROWS_COUNT];  /* by row of the past; MUSTER_NONE: it is gone */
    uint32_t *past[MU_ROWS_COUNT]; /* by row of now; MUSTER_NONE: it is new */
} mu_past_match;

/* O(rows). */
muster_status mu_past_match_init(mu_past_match *match, const mu_past *past,
                                 const muster_problem *problem);
void          mu_past_match_fini(mu_past_match *match);

#endif
