/* The tree of command: how far up one has to go for a unit. */
#ifndef MU_SOLVER_AUTHORITY_H
#define MU_SOLVER_AUTHORITY_H

#include <muster/problem.h>

/* Levels from the incident's authority to the lowest that is over the unit's as well. 0 where
 * the problem has no authorities or one of the two has none. */
uint32_t mu_escalation(const muster_problem *problem, uint32_t incident_authority,
                       uint32_t unit_authority);

#endif
