/* Rules that contradict each other or the problem. */
#ifndef MU_SOLVER_CONFLICT_H
#define MU_SOLVER_CONFLICT_H

#include "solver/rules.h"

/* MUSTER_E_INVALID with the conflict told in one line; rule[0] is a lock. */
muster_status mu_conflict_fail(const muster_problem *problem, muster_conflict conflict,
                               const uint32_t *rule, uint32_t count);
/* The same, naming the rules, where they cannot all be obeyed. Whether vehicles can bring all that is
 * locked is not asked: see carriage.h. */
muster_status mu_conflict_refuse(const mu_rules *rules);

#endif
