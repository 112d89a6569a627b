/* The best plan for some people and needs, and the proof that it is, in exact integers. */
#ifndef MU_SOLVER_PEOPLE_PROOF_H
#define MU_SOLVER_PEOPLE_PROOF_H

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

/* Improve team_of within `choice` as far as the watch and `node_limit` allow.
 *  out_bound  no plan within the choice costs less; what team_of costs, where that is proven */
muster_status mu_people_prove(const mu_people_choice *choice, const mu_watch *watch,
                              uint32_t node_limit, uint32_t *team_of, mu_objective *out_bound);

#endif
