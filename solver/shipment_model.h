/* What can be shipped: which vehicles carry how much, which warehouses hold what is needed, and
 * how long it takes from each vehicle to each warehouse and from there to each incident. */
#ifndef MU_SOLVER_SHIPMENT_MODEL_H
#define MU_SOLVER_SHIPMENT_MODEL_H

#include "solver/candidates.h"
#include "solver/open_table.h"

/* How much fits, or how much one unit takes. */
typedef struct mu_bulk {
    int64_t g, cm3;
} mu_bulk;

/* Where vehicles stand that travel by one metric. */
typedef struct mu_base {
    uint32_t place; /* of the travel's */
    uint32_t metric;
} mu_base;

/* A warehouse that has something that is needed. */
typedef struct mu_warehouse {
    uint32_t stock;   /* its first row */
    uint32_t carrier; /* the vehicle that has it on board; MUSTER_NONE: it is none */
} mu_warehouse;

/* An incident that needs items. */
typedef struct mu_destination {
    uint32_t incident;
    uint32_t first_need, need_count; /* its lines, in mu_shipment_model.need */
} mu_destination;

/* As far as it is known: where times are asked for one at a time, not until somebody wants to know. */
typedef enum mu_served { MU_SERVED_UNKNOWN, MU_SERVED, MU_NOT_SERVED } mu_served;

/* By vehicle means by its index in the problem, by need the same. A slot is an item that is
 * needed somewhere, or a metric by which goods travel.
 *
 * A destination has a line for each of its needs, for what it asks for beside locks, and after those
 * one for each stock that is locked to one of its needs: cargo, which has to be brought from there
 * whatever it is good for. */
typedef struct mu_shipment_model {
    const muster_problem *problem;
    const mu_candidates  *candidates; /* demand, minimum and supply are theirs */
    uint32_t              max_sources;
    mu_bulk              *capacity;     /* by vehicle; zeros: carries nothing */
    uint32_t             *base_of;      /* by vehicle; MUSTER_NONE: carries nothing */
    bool                 *kind_carries; /* by kind: of a vehicle, some of which carry */
    uint32_t             *headed_for;   /* by vehicle: the incident it is on its way to */
    uint32_t              headed_count; /* vehicles that are on their way */
    uint32_t              base_count;
    mu_base              *base; /* by metric */
    uint32_t              warehouse_count;
    mu_warehouse         *warehouse;
    uint32_t             *warehouse_of; /* by stock; MUSTER_NONE: nothing that is needed */
    uint32_t              item_count;
    uint32_t             *item_of;  /* by kind; MUSTER_NONE: no item, or not needed */
    mu_bulk              *unit;     /* [item_count] */
    uint32_t             *stock_of; /* [warehouse_count * item_count] row; MUSTER_NONE: has none */
    uint32_t              destination_count, most_needs; /* of one destination */
    mu_destination       *destination;
    uint32_t             *need;        /* by line, by destination */
    uint32_t             *item;        /* by line */
    uint32_t             *only;        /* by line: of cargo, its stock; else MUSTER_NONE */
    int64_t              *quantity;    /* by line */
    int64_t              *price;       /* by line; 0 for cargo of needs that have too much */
    uint32_t              cargo_count; /* lines */
    uint32_t              over_count;  /* needs to which more is locked than they ask for: */
    uint32_t             *over;
    uint32_t             *metric_slot; /* by metric; MUSTER_NONE: nothing travels by it */
    uint32_t              slot_count;
    uint8_t  *is_served;  /* [slot_count * warehouse_count] mu_served: some vehicle gets there */
    uint32_t *collect_ms; /* [base_count * warehouse_count] */
    uint32_t *loading_ms; /* [warehouse_count * destination_count] */
    uint32_t *deliver_ms; /* [slot_count * warehouse_count * destination_count] */
    /* Where it is open, by slot instead of those three: */
    mu_open_table *collect;    /* from its bases to warehouses */
    mu_open_table *deliver;    /* from warehouses to destinations */
    uint32_t      *first_base; /* of its bases, which are neighbours */
} mu_shipment_model;

/* A problem whose items come by vehicle. O(bases * warehouses + warehouses * destinations) beside
 * the tables themselves. */
muster_status mu_shipment_model_init(mu_shipment_model *model, const mu_candidates *candidates,
                                     uint32_t thread_count);
/* The same by what `memory` knows of travel times, which remembers them; NULL: no memory. */
muster_status mu_shipment_model_init_from(mu_shipment_model *model, const mu_candidates *candidates,
                                          uint32_t thread_count, mu_travel_memory *memory);
/* The same for who asks for few times, where the candidates' travel is open: they are searched for then, and the model
 * is of one thread. */
muster_status mu_shipment_model_init_open(mu_shipment_model *model, const mu_candidates *candidates,
                                          uint32_t thread_count, mu_travel_memory *memory);
/* Somebody is going to ask when the vehicle, which carries, can load there; how long it takes from there by each slot,
 * or by the vehicle's; and now search for all that is expected. Nothing where the model is not open. MUSTER_E_NOMEM. */
muster_status mu_shipment_model_expect(const mu_shipment_model *model, uint32_t vehicle,
                                       uint32_t warehouse);
muster_status mu_shipment_model_expect_deliveries(const mu_shipment_model *model,
                                                  uint32_t warehouse, uint32_t destination);
muster_status mu_shipment_model_expect_trip(const mu_shipment_model *model, uint32_t vehicle,
                                            uint32_t warehouse, uint32_t destination);
bool          mu_shipment_model_is_open(const mu_shipment_model *model);
bool          mu_shipment_model_is_expected(const mu_shipment_model *model); /* is anything? */
muster_status mu_shipment_model_search(const mu_shipment_model *model);
void          mu_shipment_model_fini(mu_shipment_model *model);

/* The destination that an incident is, which needs items. O(log destinations). */
uint32_t mu_shipment_destination(const mu_shipment_model *model, uint32_t incident);

/* The row of `warehouse` that the line at place `at` of model.need may be served from; MUSTER_NONE:
 * the warehouse has none, or a rule forbids it. O(rules of the row). */
uint32_t mu_shipment_row(const mu_shipment_model *model, uint32_t warehouse, uint32_t at);
/* The line of a need for an item. O(log destinations + lines of its own). */
uint32_t mu_shipment_line(const mu_shipment_model *model, uint32_t need);
/* Has the destination cargo in the warehouse? O(lines of the destination), if there is any cargo. */
bool mu_shipment_has_cargo(const mu_shipment_model *model, uint32_t warehouse,
                           uint32_t destination);

/* Is a vehicle that is sent to `incident` on its way to another? */
static inline bool mu_shipment_is_diverted(const mu_shipment_model *model, uint32_t vehicle,
                                           uint32_t incident) {
    return model->headed_for[vehicle] != MUSTER_NONE && model->headed_for[vehicle] != incident;
}
/* And what that costs. */
mu_objective mu_shipment_diversion(const mu_shipment_model *model, uint32_t vehicle,
                                   uint32_t incident);

/* Is it on board of a vehicle? Then it is no source that max_sources counts. */
static inline bool mu_shipment_is_on_board(const mu_shipment_model *model, uint32_t warehouse) {
    return model->warehouse[warehouse].carrier != MUSTER_NONE;
}

/* The number of the metric that a vehicle travels by, among those of all that carry. */
static inline uint32_t mu_shipment_slot(const mu_shipment_model *model, uint32_t vehicle) {
    return model->metric_slot[model->base[model->base_of[vehicle]].metric];
}

/* By that metric, or MUSTER_UNREACHABLE_MS. */
static inline uint32_t mu_shipment_deliver_ms(const mu_shipment_model *model, uint32_t slot,
                                              uint32_t warehouse, uint32_t destination) {
    const size_t row = (size_t)slot * model->warehouse_count + warehouse;
    if (model->deliver) return mu_open_table_ms(&model->deliver[slot], warehouse, destination);
    return model->deliver_ms[row * model->destination_count + destination];
}

/* From when a vehicle is at the warehouse, or it is ordered, until goods for there are handed over. */
uint32_t mu_shipment_loading_ms(const mu_shipment_model *model, uint32_t warehouse,
                                uint32_t destination);

/* Can any vehicle bring anything from `warehouse` to `destination`? O(slots). */
bool mu_shipment_can_ship(const mu_shipment_model *model, uint32_t warehouse, uint32_t destination);

/* From the order until `vehicle` departs, until it can load at `warehouse`, and until it is at
 * `destination`; MUSTER_UNREACHABLE_MS where there is no way, and for the last where a rule or a
 * shift forbids it. The vehicle must be one that carries. */
uint32_t mu_shipment_depart_ms(const mu_shipment_model *model, uint32_t vehicle);
uint32_t mu_shipment_load_at_ms(const mu_shipment_model *model, uint32_t vehicle,
                                uint32_t warehouse);
uint32_t mu_shipment_eta_ms(const mu_shipment_model *model, uint32_t vehicle, uint32_t warehouse,
                            uint32_t destination);
#endif
