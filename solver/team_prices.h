/* What each team is worth to those who compete for it, and the bound that follows. */
#ifndef MU_SOLVER_TEAM_PRICES_H
#define MU_SOLVER_TEAM_PRICES_H

#include "solver/bundle.h"

typedef struct mu_team_prices {
    const mu_market *market;
    int64_t         *price; /* [source_count] 0 or more: whoever prices sets them */
    /* What the last evaluation found. */
    int64_t    *value;     /* [sink_count] of the best bundle at these prices */
    uint8_t    *is_chosen; /* [arc_count] the bundle's teams */
    uint32_t    thread_count;
    mu_bundler *bundlers; /* [thread_count] */
} mu_team_prices;

/* All prices are 0. The market is the caller's, who keeps it. */
muster_status mu_team_prices_init(mu_team_prices *prices, const mu_market *market,
                                  uint32_t thread_count);
void          mu_team_prices_fini(mu_team_prices *prices);

/* Set the prices to those of the relaxation in which teams may be split; as they were where the
 * watch runs out first. */
muster_status mu_team_prices_relax(mu_team_prices *prices, const mu_currency *currency,
                                   const mu_watch *watch);

/* From now on bundles keep to `rules`, NULL: to none. */
void mu_team_prices_set_rules(mu_team_prices *prices, const mu_bundle_rules *rules);

/* Find every sink's best bundle at the prices. Returns the bound, in the currency: no plan costs
 * less; MU_NO_BUNDLE where no plan keeps to the rules. The same for any number of threads.
 *  part        [sink_count] which part of the market a sink is of, itself a sink; with
 *  part_bound  [sink_count] receives the bound of each part; both may be NULL
 * No team may be wanted by sinks of two parts. */
int64_t mu_team_prices_evaluate(mu_team_prices *prices, const mu_currency *currency,
                                const uint32_t *part, int64_t *part_bound);

/* Steps of the dynamic programs so far. */
uint64_t mu_team_prices_work(const mu_team_prices *prices);

#endif
