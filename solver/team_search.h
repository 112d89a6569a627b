/* Better plans for teams, step by step, from one that exists. */
#ifndef MU_SOLVER_TEAM_SEARCH_H
#define MU_SOLVER_TEAM_SEARCH_H

#include "solver/bundle.h"

typedef struct mu_team_search {
    const mu_market   *market;
    const mu_currency *currency;
    mu_bundler         bundler;
    mu_objective       total;   /* of the plan in hand, exact */
    uint32_t          *team_of; /* [source_count] sink, or MUSTER_NONE */
    /* The plan by sink: its arcs as a list, nearest first. */
    uint32_t     *first;  /* [sink_count] team, or MUSTER_NONE */
    uint32_t     *next;   /* [source_count] */
    size_t       *arc_of; /* [source_count] */
    mu_objective *value;  /* [sink_count] */
    int64_t      *price;  /* [source_count] what taking the team away would cost */
    /* Arcs by team, in order of sink. */
    size_t *first_by_team; /* [source_count + 1] */
    size_t *arc_by_team;   /* [arc_count] */
    /* What has been changed since the last commit. */
    struct mu_change *change;
    uint32_t          change_count;
    size_t            change_capacity;
    mu_objective      total_before;
    /* Scratch. */
    uint32_t *queue, queue_count; /* [sink_count] */
    uint32_t *stamp;              /* [sink_count] the chain that has been here */
    uint32_t  chain;
    uint64_t  random;
} mu_team_search;

/* Start from `team_of` [source_count], which is copied. */
muster_status mu_team_search_init(mu_team_search *search, const mu_market *market,
                                  const mu_currency *currency, const uint32_t *team_of);
void          mu_team_search_fini(mu_team_search *search);

/* Replace the plan in hand. */
muster_status mu_team_search_load(mu_team_search *search, const uint32_t *team_of);

/* People that the plan in hand leaves unmet at a sink. */
int64_t mu_team_search_unmet(const mu_team_search *search, uint32_t sink);

/* How much of what it costs are the stakes of sinks without their minimum. */
mu_objective mu_team_search_staked(const mu_team_search *search);

/* Give every sink in turn the bundle that is best for all, until a round brings nothing.
 * False where the watch ran out first. */
muster_status mu_team_search_descend(mu_team_search *search, mu_watch *watch);

/* Take the teams of some sinks that compete and give them out anew; keep what is not worse. */
muster_status mu_team_search_disturb(mu_team_search *search, const int64_t *price, mu_watch *watch);

#endif
