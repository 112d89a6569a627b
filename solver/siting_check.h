/* Is a siting problem one? */
#ifndef MU_SOLVER_SITING_CHECK_H
#define MU_SOLVER_SITING_CHECK_H

#include <muster/siting.h>

muster_status mu_siting_check(const muster_siting_problem *problem);

#endif
