/* A plan that keeps what the last one sends. */
#ifndef MU_SOLVER_KEEP_H
#define MU_SOLVER_KEEP_H

#include <muster/plan.h>

#include "solver/past_match.h"
#include "solver/travel_memory.h"

/* See MUSTER_REPLAN_KEEP. The problem has been checked; the plan has not been judged.
 *  is_same      nothing has changed, and the past plan was a good one: it is not added to either
 *  out_verdict  as mu_kept_find has it */
muster_status mu_keep(muster_plan **out, uint8_t *out_verdict, const muster_problem *problem,
                      const mu_past *past, const mu_past_match *match, bool is_same,
                      uint32_t thread_count, mu_travel_memory *memory);

#endif
