/* From a plan of shipments to a better one. */
#ifndef MU_SOLVER_SHIPMENT_SEARCH_H
#define MU_SOLVER_SHIPMENT_SEARCH_H

#include "solver/fleet.h"
#include "solver/shipment_delivery.h"
#include "solver/watch.h"

typedef struct mu_shipment_search {
    mu_fleet            *fleet;
    const mu_candidates *candidates;
    mu_offers           *offers;
    int64_t              unmet_s;
    int64_t             *priced;      /* by vehicle: what it does, by the price of the needs */
    int64_t             *loss;        /* by vehicle: if the best that is free does it */
    int64_t             *price;       /* by vehicle */
    bool                *is_reserved; /* by vehicle */
    mu_delivery_space   *space;
    mu_fleet             before; /* to go back to */
} mu_shipment_search;

muster_status mu_shipment_search_init(mu_shipment_search *search, mu_fleet *fleet,
                                      const mu_candidates *candidates, mu_offers *offers,
                                      int64_t unmet_s);
void          mu_shipment_search_fini(mu_shipment_search *search);

/* Think again about each destination and each vehicle need in turn, as long as that gains
 * anything, or until the watch runs out. */
void mu_shipment_search_run(mu_shipment_search *search, mu_watch *watch);

/* Start anew: let each destination and each vehicle need in turn buy, at these prices, from what
 * those before it have left; most severe first, but destinations with cargo before all others. Cargo
 * may be left behind all the same. */
muster_status mu_shipment_search_build(mu_shipment_search *search, const int64_t *vehicle_price,
                                       const int64_t *stock_price, mu_watch *watch);

#endif
