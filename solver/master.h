/* The restricted master program: for each sink one of the bundles known so far, each team once. */
#ifndef MU_SOLVER_MASTER_H
#define MU_SOLVER_MASTER_H

#include "solver/lp.h"
#include "solver/team_prices.h"

typedef struct mu_master {
    const mu_market   *market;
    mu_team_prices    *prices;
    const mu_currency *currency;
    mu_lp_live        *lp;
    double             scale;     /* costs are divided by it, so that the largest is about 1000 */
    double             tolerance; /* of its own value, within which the program is solved */
    /* The columns. First a penalty for each sink, then its empty bundle. */
    uint32_t      column_count;
    uint32_t     *sink;      /* by column */
    mu_objective *cost;      /* by column */
    int64_t      *served;    /* by column: people */
    size_t       *first_arc; /* by column, and one more */
    size_t       *arc;       /* of the market */
    uint8_t      *is_out;    /* by column: against the rules, or not to be had in a dive */
    size_t        sink_capacity, cost_capacity, served_capacity, first_capacity, arc_capacity;
    size_t        out_capacity, arc_count;
    uint32_t      given_count; /* columns that the program has; later ones wait */
    int64_t      *dual;        /* [source_count] prices of teams in the last solution */
    int64_t      *best_price;  /* [source_count] those of the best bound */
    const mu_bundle_rules *rules;
    mu_rates               kept_rates[MU_LP_PLACES]; /* at which the bases kept were optimal */
    uint32_t               kept_count, place;        /* place: of the last one */
} mu_master;

/* As exact as doubles allow, which is the default; close enough for a bound that has other gaps; and
 * enough to go on with, in half the time. */
#define MU_MASTER_EXACT 1e-11
#define MU_MASTER_CLOSE 1e-5
#define MU_MASTER_ROUGH 2e-4

/* `prices` is used for pricing and as scratch. GLPK's own failures come back as
 * MUSTER_E_SOLVER, here and below: nothing is lost but the program. */
muster_status mu_master_init(mu_master *master, const mu_market *market, mu_team_prices *prices);
void          mu_master_fini(mu_master *master);

/* Weigh the tiers by `currency`, which stays the caller's, from now on, and convert the prices in
 * `prices` to it. */
muster_status mu_master_set_currency(mu_master *master, const mu_currency *currency);

/* Add a bundle: arcs of `sink`, nearest first. */
muster_status mu_master_add(mu_master *master, uint32_t sink, const size_t *arc, uint32_t count);

/* Start the next program from a plan whose bundles have been added. After a currency has been set.
 *  team_of  [source_count] a sink, or MUSTER_NONE */
muster_status mu_master_start_with(mu_master *master, const uint32_t *team_of);

/* Keep to `rules`, which stay the caller's, NULL: to none; bundles against them are put out. */
muster_status mu_master_set_rules(mu_master *master, const mu_bundle_rules *rules);

/* Column generation: find bundles that improve the program until none does, starting at the
 * prices in `prices`; on return those are the prices of the best bound. Ends early when the watch
 * is over.
 *  enough     a bound that is as good as any higher one
 *  out_bound  in the currency: no plan costs less; valid however it ends; MU_NO_BUNDLE where no
 *             plan keeps to the rules
 *  out_is_solved  the bound is within the tolerance of the program's value, or no bundle
 *                 improves that */
muster_status mu_master_generate(mu_master *master, mu_watch *watch, int64_t enough,
                                 int64_t *out_bound, bool *out_is_solved);

/* After that: make a plan. The bundles that the program likes most are taken for good, and it is
 * solved again, with new bundles from the teams that are left, until every sink has one.
 *  team_of  [source_count] a sink, or MUSTER_NONE */
muster_status mu_master_dive(mu_master *master, mu_watch *watch, uint32_t *team_of);

#endif
