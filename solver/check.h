/* The judge, for who has more than one plan of a problem judged. */
#ifndef MU_SOLVER_CHECK_H
#define MU_SOLVER_CHECK_H

#include <muster/plan.h>

#include "solver/judge_roads.h"

/* As muster_plan_check of a problem that has passed muster_problem_check, on so many threads (0: one per core).
 * What the roads answer goes into `roads`, and is not asked for again as long as they are not given back and
 * `problem`, with all that it points to, stays as it is; when it goes, see mu_judge_roads_leave. */
muster_status mu_plan_judge(const muster_plan *plan, const muster_problem *problem,
                            uint32_t thread_count, mu_judge_roads *roads);

#endif
