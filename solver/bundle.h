/* The best bundle for one sink: which teams to send it, at a price each. */
#ifndef MU_SOLVER_BUNDLE_H
#define MU_SOLVER_BUNDLE_H

#include "solver/currency.h"

/* What bundles have to keep to, in a case of a branch and bound. */
typedef struct mu_bundle_rules {
    uint8_t  *is_forbidden; /* [arc_count] not 0: the team does not go there */
    uint8_t  *is_forced;    /* [arc_count] 1: it does */
    uint32_t *forced_count; /* [sink_count] of its arcs */
    int64_t  *least, *most; /* [sink_count] people served */
} mu_bundle_rules;

/* One thread's scratch. */
typedef struct mu_bundler {
    const mu_market       *market;
    const mu_bundle_rules *rules;          /* NULL: none */
    int64_t               *value, *before; /* by people there */
    uint8_t               *is_taken;       /* a row of states for each team looked at */
    struct mu_row         *row;            /* those teams */
    size_t                *arc;            /* the bundle found last, nearest first */
    uint32_t               arc_count;
    uint64_t               work; /* steps of all tables so far */
} mu_bundler;

muster_status mu_bundler_init(mu_bundler *bundler, const mu_market *market);
void          mu_bundler_fini(mu_bundler *bundler);

/* Is the sink's need small enough for mu_bundle_find to be exact? */
bool mu_bundle_is_exact(const mu_market *market, uint32_t sink);

/* What a sink without any bundle costs. */
#define MU_NO_BUNDLE (INT64_MAX / 4)

/* The least of: what a bundle costs in `currency`, with those whom it leaves unmet, and the
 * prices (0 or more) of its teams, by team; MU_NO_BUNDLE where the rules leave none. A bundle has
 * the sink's minimum, or nobody, which costs the stake. Exact for needs up to 4,095 people; beyond, a lower bound is
 * returned, the bundle is a good one, and rules do not count. O(teams * people needed). */
int64_t mu_bundle_find(mu_bundler *bundler, const mu_currency *currency, uint32_t sink,
                       const int64_t *price);

#endif
