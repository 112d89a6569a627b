/* Branch and price: how good can a plan for teams be at best? */
#ifndef MU_SOLVER_TEAM_PROOF_H
#define MU_SOLVER_TEAM_PROOF_H

#include "solver/master.h"

typedef struct mu_team_proof {
    const mu_market *market;
    mu_master       *master; /* its currency is that of the proof */
    mu_team_prices  *prices; /* the master's */
    mu_watch        *watch;
    const uint32_t  *part;   /* [sink_count] as in team_engine.h */
    int64_t          target; /* a case that cannot be better is done with */
    /* Called with each whole plan that is met; it may lower the target. */
    muster_status (*found)(void *user, const uint32_t *team_of);
    void *user;
    /* The search. */
    uint32_t        node_count;
    mu_bundle_rules rules;
    int64_t         open; /* the least bound of cases that were given up; INT64_MAX: none was */
    int64_t        *part_bound; /* [sink_count] scratch */
    uint32_t       *team_of;    /* [source_count] scratch */
} mu_team_proof;

/* Decide case by case whether any plan costs less than the target. Set the fields up to `user` and leave the rest zeroed.
 *  out_bound  no plan costs less than this or the target */
muster_status mu_team_prove(mu_team_proof *proof, int64_t *out_bound);

#endif
