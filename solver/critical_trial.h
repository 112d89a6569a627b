/* What is lost without one road, exactly. */
#ifndef MU_SOLVER_CRITICAL_TRIAL_H
#define MU_SOLVER_CRITICAL_TRIAL_H

#include "solver/critical_groups.h"
#include "solver/readiness.h"

/* Room for one trial at a time: one a thread. */
typedef struct mu_trial {
    mu_queue     queue;
    muster_site *site;     /* [place_count] of those that can lose */
    muster_snap *to, *old; /* [place_count] */
    uint32_t    *row;      /* [row_count] those to be measured again */
    muster_snap *from;     /* [row_count] */
    uint32_t    *measured; /* [row_count * place_count] */
    uint32_t    *row_ms;   /* [place_count * row_count] of places that can lose, row by row */
} mu_trial;

muster_status mu_trial_init(mu_trial *trial, const muster_readiness *r);
void          mu_trial_fini(mu_trial *trial);

/* A cell that can lose. */
typedef struct mu_doubt {
    uint32_t place; /* in mu_doubts.place */
    uint32_t standard;
} mu_doubt;

/* What can lose by one road, and by when all that can lose is complete at the latest, or never: the
 * horizon. */
typedef struct mu_doubts {
    uint32_t  place_count, count;
    uint32_t *place, *limit_ms; /* [place_count] */
    mu_doubt *doubt;            /* [count] in order of place */
} mu_doubts;

/* Close all edges of `group` and judge anew all cells that can lose by it. Loses what
 * muster_readiness_change and muster_readiness_compare would say. */
muster_status mu_trial_run(mu_trial *trial, const muster_readiness *r, const mu_road_groups *groups,
                           uint32_t group, const mu_doubts *doubts, muster_readiness_loss *out);

#endif
