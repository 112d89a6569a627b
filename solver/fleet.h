/* Vehicles and what they do: a plan of shipments in the making. Every vehicle is free, serves a
 * vehicle need, or is on a trip: one warehouse, one destination, a load. */
#ifndef MU_SOLVER_FLEET_H
#define MU_SOLVER_FLEET_H

#include "solver/draft.h"
#include "solver/shipment_model.h"

/* By vehicle, by need and by stock mean by the index in the problem; a load is by vehicle and by
 * the place of the line among its destination's: load[vehicle * most_needs + k]. */
typedef struct mu_fleet {
    const mu_shipment_model *model;
    const mu_travel         *travel;
    uint32_t                *need_of;        /* by vehicle: what it serves, or MUSTER_NONE */
    uint32_t                *warehouse_of;   /* by vehicle: of its trip, or MUSTER_NONE */
    uint32_t                *destination_of; /* by vehicle on a trip */
    uint32_t                *eta_ms;         /* by vehicle on a trip */
    uint32_t                *next_trip;      /* by vehicle on a trip: to the same destination */
    uint32_t                *first_trip;     /* by destination */
    mu_bulk                 *room;           /* by vehicle: what it could still take */
    int64_t                 *load;
    int64_t                 *missing; /* by need, beside locks */
    int64_t                 *stock;   /* by stock: what is left, beside locks */
    int64_t                 *owed;    /* by line: of cargo, what nobody brings yet */
    int64_t                  owed_sum;
} mu_fleet;

/* All vehicles free, all needs missing. */
muster_status mu_fleet_init(mu_fleet *fleet, const mu_shipment_model *model,
                            const mu_travel *travel);
void          mu_fleet_fini(mu_fleet *fleet);

bool mu_fleet_is_free(const mu_fleet *fleet, uint32_t vehicle);

/* A free vehicle serves a vehicle need, which lacks one; and no more. */
void mu_fleet_serve(mu_fleet *fleet, uint32_t vehicle, uint32_t need);
void mu_fleet_release(mu_fleet *fleet, uint32_t vehicle);

/* A free vehicle starts a trip with nothing on it; a trip ends and its load goes back. */
void mu_fleet_open(mu_fleet *fleet, uint32_t vehicle, uint32_t warehouse, uint32_t destination);
void mu_fleet_close(mu_fleet *fleet, uint32_t vehicle);
/* Load `quantity` more for the k-th line of the trip's destination; less where negative. */
void mu_fleet_load(mu_fleet *fleet, uint32_t vehicle, uint32_t k, int64_t quantity);

/* What the k-th line of a destination lacks. */
int64_t mu_fleet_lacking(const mu_fleet *fleet, uint32_t destination, uint32_t k);

/* The price of all that is on board, and whether cargo is; would it fit into another vehicle? */
int64_t mu_fleet_priced_load(const mu_fleet *fleet, uint32_t vehicle);
bool    mu_fleet_has_cargo(const mu_fleet *fleet, uint32_t vehicle);
bool    mu_fleet_could_carry(const mu_fleet *fleet, uint32_t other, uint32_t vehicle);

/* A free vehicle takes over what another does, who is free then. It has room for the load. */
void mu_fleet_hand_over(mu_fleet *fleet, uint32_t vehicle, uint32_t other);

/* Different warehouses that ship to `destination`, beside what is on board; whether `warehouse` is, or may be, one. */
uint32_t mu_fleet_source_count(const mu_fleet *fleet, uint32_t destination);
bool     mu_fleet_may_ship(const mu_fleet *fleet, uint32_t warehouse, uint32_t destination);

/* Both tiers of the needs for items, and for vehicles whose kind carries, with diversions. */
mu_objective mu_fleet_objective(const mu_fleet *fleet);
/* Does every need that gets something get its minimum, and is all cargo on its way? */
bool mu_fleet_is_useful(const mu_fleet *fleet);
/* Make `to`, a fleet of the same model, do what `from` does. */
void mu_fleet_copy(mu_fleet *to, const mu_fleet *from);

/* Take over what `draft` says of items and of vehicles whose kind carries; have `draft` say of
 * those what the fleet does, instead of what it says. */
void          mu_fleet_read(mu_fleet *fleet, const mu_draft *draft);
muster_status mu_fleet_write(const mu_fleet *fleet, mu_draft *draft);

#endif
