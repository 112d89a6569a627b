/* Does every sum that a plan may come to fit into its 63 bits? */
#ifndef MU_SOLVER_PROBLEM_SUMS_H
#define MU_SOLVER_PROBLEM_SUMS_H

#include <muster/problem.h>

/* The last part of muster_problem_check. */
muster_status mu_problem_check_sums(const muster_problem *problem);

#endif
