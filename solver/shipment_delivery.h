/* All that one destination gets: the cheapest set of trips and loads, when vehicles and stocks
 * have prices. */
#ifndef MU_SOLVER_SHIPMENT_DELIVERY_H
#define MU_SOLVER_SHIPMENT_DELIVERY_H

#include "solver/shipment_offers.h"

enum { MU_DELIVERY_TRIPS = 8, MU_DELIVERY_NEEDS = 16 };

/* The trips of a delivery. */
typedef struct mu_trips {
    uint32_t count, vehicle[MU_DELIVERY_TRIPS], warehouse[MU_DELIVERY_TRIPS];
} mu_trips;

/* What limits a delivery is made under; vehicles have the prices that are set in mu_offers. Costs are price of the need times seconds. */
typedef struct mu_terms {
    const int64_t  *stock_price;         /* by stock, of one unit; NULL: nothing costs anything */
    const int64_t  *stock;               /* by stock: what may be taken */
    const int64_t  *least_stock_price;   /* by item; NULL with stock_price */
    int64_t         least_vehicle_price; /* of those that are offered */
    int64_t         unmet_s;             /* a unit that stays unmet costs as if it came so late */
    uint32_t        near_most;           /* warehouses to look at */
    uint32_t        node_limit;          /* sets of trips to look at */
    const mu_trips *before;              /* what was best at prices like these; NULL: not known */
    bool            is_exclusive;        /* no vehicle twice: the delivery can be carried out */
} mu_terms;

typedef struct mu_delivery {
    uint32_t trip_count;
    mu_offer trip[MU_DELIVERY_TRIPS];
    int64_t  load[MU_DELIVERY_TRIPS][MU_DELIVERY_NEEDS];
    int64_t  cost;  /* of trips, loads and what stays unmet */
    int64_t  bound; /* no delivery costs less */
    uint32_t steps; /* how long it took, as mu_watch_count counts */
} mu_delivery;

/* What a trip that could be made offers. */
typedef struct mu_choice {
    mu_offer offer;
    uint32_t row[MU_DELIVERY_NEEDS];  /* stock, or MUSTER_NONE */
    int64_t  most[MU_DELIVERY_NEEDS]; /* by stock and by room alone */
    int64_t  cost[MU_DELIVERY_NEEDS]; /* of one unit */
} mu_choice;

enum { MU_FLOOR_SHARES = 3 };

/* Least costs over a list of offers. */
typedef struct mu_floor {
    int64_t price;                                      /* of a vehicle */
    int64_t bare[MU_DELIVERY_NEEDS];                    /* of one unit, without the vehicle */
    int64_t shared[MU_FLOOR_SHARES][MU_DELIVERY_NEEDS]; /* with a part of the vehicle */
} mu_floor;

/* A set of trips to which offers from `next` on may be added. */
typedef struct mu_delivery_node {
    int64_t  bound;
    uint32_t next;
    uint16_t way; /* which of the bounds has been the best */
    uint16_t trip_count, trip[MU_DELIVERY_TRIPS];
} mu_delivery_node;

enum { MU_DELIVERY_NODES = 4096 };

/* Room to work in. */
typedef struct mu_delivery_space {
    mu_offer         offer[MU_OFFERS_MOST];
    mu_choice        choice[MU_OFFERS_MOST];
    const mu_choice *by_eta[MU_OFFERS_MOST];
    mu_floor         floor[MU_OFFERS_MOST + 1];
    mu_delivery_node heap[MU_DELIVERY_NODES];
} mu_delivery_space;

/* The best delivery found for `destination`, which may leave cargo behind. A destination with more
 * than MU_DELIVERY_NEEDS lines gets nothing for those behind. */
void mu_delivery_find(mu_delivery *out, mu_offers *offers, const mu_terms *terms,
                      uint32_t destination, mu_delivery_space *space);

#endif
