/* What a choice of teams is worth, exactly. */
#ifndef MU_SOLVER_PEOPLE_VALUE_H
#define MU_SOLVER_PEOPLE_VALUE_H

#include "solver/market.h"

/* team_of [market.source_count] is the sink of each team or MUSTER_NONE. Send home whom
 * `sink` does not need, and everybody where its minimum is not reached; what the rest costs. */
mu_objective mu_people_settle(const mu_market *market, uint32_t sink, uint32_t *team_of);

#endif
