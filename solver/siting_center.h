/* The p-center: bisection over travel times. */
#ifndef MU_SOLVER_SITING_CENTER_H
#define MU_SOLVER_SITING_CENTER_H

#include <muster/siting.h>

#include "solver/watch.h"

typedef struct mu_siting_center {
    uint32_t *units;      /* [place_count] the caller's: those that are opened */
    bool      is_found;   /* some solution is known */
    int64_t   longest_ms; /* its longest travel time */
    int64_t   bound_ms;   /* none has a shorter one */
    int64_t
        least_count; /* where none reaches everybody: so many places it takes at least; else 0 */
} mu_siting_center;

/* Everybody has to be within reach of some place. */
muster_status mu_siting_center_find(mu_siting_center *center, const muster_siting_problem *problem,
                                    mu_watch *watch, uint32_t thread_count);

#endif
