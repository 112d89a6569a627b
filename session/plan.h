/* A plan with the situation that it was made for, and what it makes of the orders that there were. */
#ifndef MU_SESSION_PLAN_H
#define MU_SESSION_PLAN_H

#include "session/moves.h"

struct muster_session_plan {
    mu_situation  *situation;
    muster_plan   *plan;
    uint32_t       change_count;
    muster_change *change;
    mu_moves       moves;
    const char   **consent; /* by assignment: an authority's code, or NULL */
    mu_arena       arena;
};

/* Plan for a situation, which is settled, and taken over, also on failure. What orders have sent is the
 * plan before, so that they stay unless something is gained by it.
 * @return as muster_planner_plan */
muster_status mu_plan_make(muster_session_plan **out, mu_situation *situation,
                           muster_planner *planner, const muster_solve_options *options,
                           muster_replan mode);

#endif
