/* A plan for teams that compete in large numbers, and its bound: column generation, diving and
 * local search. */
#ifndef MU_SOLVER_TEAM_ENGINE_H
#define MU_SOLVER_TEAM_ENGINE_H

#include "solver/bound.h"
#include "solver/warm.h"

/* Improve team_of [market.source_count], the sink of each team or MUSTER_NONE, until it is proven
 * to be the best or the watch is over.
 *  part     [sink_count] sinks of one part compete with each other and with no others
 *  bound    has rates, and receives what no plan is better than at these
 *  warm     what is known from before, in the rows of the problem, brought up to date; or NULL
 * A failure of GLPK only costs quality. */
muster_status mu_team_engine_run(const mu_market *market, const uint32_t *part,
                                 uint32_t thread_count, mu_watch *watch, uint32_t *team_of,
                                 mu_bound *bound, mu_warm *warm);

#endif
