/* Prices of vehicles and stocks, and the bound that they prove. */
#ifndef MU_SOLVER_SHIPMENT_DUAL_H
#define MU_SOLVER_SHIPMENT_DUAL_H

#include "solver/fleet.h"
#include "solver/shipment_delivery.h"
#include "solver/warm_fleet.h"
#include "solver/watch.h"

/* Costs are price of the need times seconds; what stays unmet counts as unmet_s late. */
typedef struct mu_shipment_dual {
    const mu_fleet      *fleet; /* for model, travel and candidates; what it does is not read */
    const mu_candidates *candidates;
    mu_offers           *offers;
    int64_t              unmet_s;
    uint32_t             vehicle_need_count;
    uint32_t            *vehicle_need;                /* needs for vehicles whose kind carries */
    int64_t             *vehicle_price, *stock_price; /* the best so far */
    mu_objective         bound;                       /* what they prove */
    bool                 has_bound;
    /* What the search for better ones moves. */
    double            *vehicle_worth, *stock_worth; /* how much of a price grows with unmet_s */
    double            *vehicle_at, *stock_at, *vehicle_step, *stock_step;
    int64_t           *vehicle_trial, *stock_trial, *least_stock, *supply;
    int64_t           *use;    /* of vehicles, then of stocks */
    mu_offer          *bought; /* by one vehicle need */
    mu_trips          *before; /* by destination: what it bought last */
    bool               has_evaluated;
    mu_delivery_space *space;
    double             reach; /* how far above the best bound the next is hoped for */
    uint32_t           stalled, node_limit;
} mu_shipment_dual;

/* Prices of what is plenty are 0 at first. Set `reach` before the first step. */
muster_status mu_shipment_dual_init(mu_shipment_dual *dual, const mu_fleet *fleet,
                                    const mu_candidates *candidates, mu_offers *offers,
                                    int64_t unmet_s);
void          mu_shipment_dual_fini(mu_shipment_dual *dual);

/* Start from the prices of the last time instead, for what has any: whether anything has. */
bool mu_shipment_dual_start_from(mu_shipment_dual *dual, const mu_warm_fleet *warm);
/* The best prices so far, for the next time; those before where there are none. */
void mu_shipment_dual_learn(const mu_shipment_dual *dual, mu_warm_fleet *warm);

/* One step of the subgradient method; none where the watch runs out first. */
void mu_shipment_dual_step(mu_shipment_dual *dual, mu_watch *watch);
/* What the same prices prove where unmet need counts as if it came `unmet_s` late; a weak bound
 * where the watch runs out first. */
mu_objective mu_shipment_dual_weigh(mu_shipment_dual *dual, int64_t unmet_s, mu_watch *watch);
/* Look at the best prices again, and closer. */
void mu_shipment_dual_finish(mu_shipment_dual *dual, mu_watch *watch);

#endif
