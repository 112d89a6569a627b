/* Who could bring something from which warehouse, cheapest first: the trips worth looking at when
 * vehicles have prices. */
#ifndef MU_SOLVER_SHIPMENT_OFFERS_H
#define MU_SOLVER_SHIPMENT_OFFERS_H

#include "solver/shipment_model.h"

/* A trip that could be made. */
typedef struct mu_offer {
    uint32_t eta_s; /* as tier 2 counts it, with the lateness */
    uint32_t vehicle, warehouse;
    int64_t  price; /* of the vehicle, with its diversion */
} mu_offer;

/* A warehouse seen from a destination. */
typedef struct mu_near_warehouse {
    uint32_t warehouse;
    uint32_t soonest_s; /* no vehicle brings anything from there sooner, as tier 2 counts it */
} mu_near_warehouse;

/* Somebody, and when he is there. */
typedef struct mu_timed {
    uint32_t ms, index;
} mu_timed;

/* Vehicles that carry, by warehouse, the one that is there first first; and warehouses by
 * destination, the one that something can come from soonest first. */
typedef struct mu_offers {
    const mu_shipment_model *model;
    uint32_t                 carrier_count;
    uint32_t *carrier;       /* [warehouse_count * carrier_count] vehicles, by number or in order */
    uint32_t *reach_count;   /* [warehouse_count] of them that can get there */
    uint32_t *first_carrier; /* [warehouse_count * slot_count] by that metric; or MUSTER_NONE */
    bool     *is_in_order;   /* [warehouse_count] its carriers, by when they are there */
    mu_timed *scratch;
    mu_near_warehouse *near;       /* [destination_count * warehouse_count] */
    uint32_t          *near_count; /* [destination_count] */
    mu_bulk           *useful;     /* by vehicle: capacity as far as it is ever needed */
    mu_bulk           *largest;    /* [slot_count] of those that travel by that metric */
    int64_t            diversion_unmet_need, diversion_response_time; /* what one costs */
    /* For each warehouse the vehicles that few others are better than, where they have been
     * looked for since the prices were set. */
    const int64_t *price;
    uint32_t       depth;
    uint32_t      *front;       /* [warehouse_count * carrier_count] */
    uint32_t      *front_count; /* [warehouse_count]; MUSTER_NONE: not looked for */
} mu_offers;

muster_status mu_offers_init(mu_offers *offers, const mu_shipment_model *model);
void          mu_offers_fini(mu_offers *offers);

/* A vehicle that is not to be used at all. */
#define MU_NOT_OFFERED INT64_MAX

/* From now on keep, of each warehouse's vehicles, those that fewer than `depth` others beat in all
 * of: time, price, capacity as far as it is ever needed.
 *  price  by vehicle, 0 or more, or MU_NOT_OFFERED; borrowed until it is set again */
void mu_offers_set_prices(mu_offers *offers, const int64_t *price, uint32_t depth);

/* What it costs to send a vehicle to an incident that it is not on its way to, where a unit that
 * stays unmet counts as if it came `unmet_s` late; 0 for all others. */
static inline int64_t mu_offers_diversion(const mu_offers *offers, uint32_t vehicle,
                                          uint32_t incident, int64_t unmet_s) {
    if (!mu_shipment_is_diverted(offers->model, vehicle, incident)) return 0;
    return offers->diversion_unmet_need * unmet_s + offers->diversion_response_time;
}

/* One of them, whether it is worth looking at or not. */
mu_offer mu_offers_one(const mu_offers *offers, uint32_t destination, int64_t unmet_s,
                       uint32_t vehicle, uint32_t warehouse);

enum { MU_OFFERS_MOST = 2000 };

/* The offers for `destination`, with diversions at `unmet_s`, from its `near_most` soonest warehouses that have something it
 * needs, and those that have cargo for it, by ETA. No other offer is sooner than *out_beyond_s (UINT32_MAX: there is none).
 *  stock  by row: what is left
 *  out    room for MU_OFFERS_MOST */
uint32_t mu_offers_list(mu_offers *offers, uint32_t destination, int64_t unmet_s,
                        uint32_t near_most, const int64_t *stock, mu_offer *out,
                        uint32_t *out_beyond_s);

#endif
