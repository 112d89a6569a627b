/* The best plan for some people and needs, and the proof that it is, in exact integers. */
#ifndef MU_SOLVER_PEOPLE_PROOF_H
#define MU_SOLVER_PEOPLE_PROOF_H

#include "solver/people_model.h"

/* Improve team_of within `choice` as far as the watch and `node_limit` allow.
 *  out_bound  no plan within the choice costs less; what team_of costs, where that is proven */
muster_status mu_people_prove(const mu_people_choice *choice, const mu_watch *watch,
                              uint32_t node_limit, uint32_t *team_of, mu_objective *out_bound);

#endif
