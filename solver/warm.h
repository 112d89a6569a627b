/* What a solve has learnt of teams, for the next one to begin with. */
#ifndef MU_SOLVER_WARM_H
#define MU_SOLVER_WARM_H

#include "solver/master.h"
#include "solver/past_match.h"

/* In rows of one problem. Nothing of it need be right: prices give bounds whatever they are, and
 * bundles are looked at before they are used. All 0: nothing is known. */
typedef struct mu_warm {
    int64_t  rate;  /* what a unit of tier 1 is worth in the prices; 0: there are none */
    int64_t *price; /* [team_count] 0 or more; negative: not known */
    uint32_t team_count;
    /* Bundles: a need, and the teams team[first[b]] .. team[first[b + 1] - 1]. */
    uint32_t *need, *team;
    size_t   *first; /* [bundle_count + 1]; NULL: there are none */
    uint32_t  bundle_count;
} mu_warm;

void mu_warm_fini(mu_warm *warm);

/* The same in rows of the problem of now, which has so many teams: of who is gone, nothing; bundles
 * without those. `out` need not be initialized. */
muster_status mu_warm_match(mu_warm *out, const mu_warm *past, const mu_past_match *match,
                            uint32_t team_count);

/* Are the prices of most of the market's teams known? */
bool mu_warm_is_of_use(const mu_warm *warm, const mu_market *market);

/* Where it is of use: set the prices of teams that are known, in the currency, though to no more
 * than a need could pay; others stay as they are. */
void mu_warm_set_prices(const mu_warm *warm, mu_team_prices *prices, const mu_currency *currency);

/* Add the bundles of the master's sinks, of teams that may go there, unless that is less than a
 * minimum. */
muster_status mu_warm_add_bundles(const mu_warm *warm, mu_master *master);

/* After column generation: the prices of the master's teams, beside those of others that were known,
 * and of every sink some bundles that cost least at these. */
muster_status mu_warm_learn(mu_warm *warm, const mu_master *master);

#endif
