/* Is what the command says in order: authorities, zones, rules, weights? */
#ifndef MU_SOLVER_PROBLEM_COMMAND_H
#define MU_SOLVER_PROBLEM_COMMAND_H

#include <muster/problem.h>

/* The part of muster_problem_check that comes after resources, incidents and needs. */
muster_status mu_problem_check_command(const muster_problem *problem);

#endif
