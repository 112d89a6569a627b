/* Rules that contradict each other or the problem. */
#ifndef MU_SOLVER_CONFLICT_H
#define MU_SOLVER_CONFLICT_H

#include "solver/rules.h"

/* MUSTER_E_INVALID, naming the rules, where they cannot all be obeyed. */
muster_status mu_conflict_refuse(const mu_rules *rules);

#endif
