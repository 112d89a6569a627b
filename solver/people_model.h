/* Which team goes to which need, as an integer program over a choice of pairs. */
#ifndef MU_SOLVER_PEOPLE_MODEL_H
#define MU_SOLVER_PEOPLE_MODEL_H

#include "solver/market.h"

/* Some needs, and the pairs by which teams may be sent to them. Teams in it go to these
 * needs or nowhere; needs in it are served by these teams alone. */
typedef struct mu_people_choice {
    const mu_market *market;
    uint32_t         sink_count;
    const uint32_t  *sink;
    size_t           arc_count;
    const size_t    *arc; /* of the market, each at most once, to these sinks */
} mu_people_choice;

/* Improve team_of [market.source_count], the sink of each team or MUSTER_NONE, within the
 * choice: tier 1 first, then tier 2 among the best in tier 1.
 *  limit_ms  for each of the two
 * The result is the best within the choice up to rounding errors; people_proof.h proves.
 * Where the solver fails, team_of is as it was. */
muster_status mu_people_choose(const mu_people_choice *choice, const mu_watch *watch,
                               uint32_t limit_ms, uint32_t *team_of);

#endif
