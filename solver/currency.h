/* Both tiers as one 64-bit number, for engines that weigh instead of compare: prices, bounds,
 * searches. What they find is always compared tier by tier afterwards. */
#ifndef MU_SOLVER_CURRENCY_H
#define MU_SOLVER_CURRENCY_H

#include "solver/market.h"

/* A team with this price is not to be had. */
#define MU_NOT_FOR_SALE (INT64_MAX / 8)

/* What one unit of each tier is worth. */
typedef struct mu_rates {
    int64_t unmet_need, response_time;
} mu_rates;

static inline int64_t mu_rates_worth(mu_rates rates, mu_objective o) {
    return mu_objective_unmet_need(o) * rates.unmet_need +
           mu_objective_response_time(o) * rates.response_time;
}

/* A market's costs in one currency. */
typedef struct mu_currency {
    mu_rates rates;
    int64_t *unit_cost;  /* [arc_count] of each person served */
    int64_t *fixed_cost; /* [arc_count] of sending the team at all */
    int64_t *
        later_cost; /* [arc_count] the least unit_cost of this arc of its sink and those after it */
    int64_t *short_cost; /* [sink_count] of each who stays unmet */
    int64_t *stake;      /* [sink_count] of not having the minimum; 0 until it is counted */
} mu_currency;

muster_status mu_currency_init(mu_currency *currency, const mu_market *market, mu_rates rates);
void          mu_currency_fini(mu_currency *currency);

/* The most that a sink can cost. */
int64_t mu_currency_dearest(const mu_currency *currency, const mu_market *market);

/* A price in another currency: prices are mostly what they mean to tier 1, so they follow its rate. */
static inline int64_t mu_price_at_rate(int64_t price, int64_t from, int64_t to) {
    const mu_objective converted = (mu_objective)price * to / from;
    return converted < MU_NOT_FOR_SALE ? (int64_t)converted : MU_NOT_FOR_SALE;
}

/* Count the sinks' stakes: for plans, not for bounds. */
void mu_currency_count_stakes(mu_currency *currency, const mu_market *market);

#endif
