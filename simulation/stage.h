/* What all replications of a simulation stand on and none of them changes: who and what there is, and the
 * roads when nothing is closed. */
#ifndef MU_SIMULATION_STAGE_H
#define MU_SIMULATION_STAGE_H

#include "session/roads.h"

typedef struct mu_stage {
    mu_base              *base;
    mu_road_base         *roads;
    const muster_problem *problem; /* borrowed: of the scenario, which the roads hold */
    const char           *store;   /* borrowed; NULL: nothing of it is kept in a store */
} mu_stage;

/* Of a scenario's problem: its units, its kinds, its authorities; not its incidents. The roads are held. */
muster_status mu_stage_init(mu_stage *stage, const char *scenario, const muster_problem *problem,
                            mu_road_base *roads);
void          mu_stage_fini(mu_stage *stage);

#endif
