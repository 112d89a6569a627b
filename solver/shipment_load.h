/* What to load: as much value as fits into a vehicle. */
#ifndef MU_SOLVER_SHIPMENT_LOAD_H
#define MU_SOLVER_SHIPMENT_LOAD_H

#include "solver/shipment_model.h"

/* One item that could be loaded, and how much of it is. */
typedef struct mu_load_line {
    int64_t value; /* of one unit, 0 or more */
    int64_t most;
    mu_bulk unit;
    int64_t quantity;
} mu_load_line;

/* Choose the quantities of `count` lines for `room`; returns their value together. Exact where
 * everything fits and in small cases, else near it: see shipment_load.c. No sum of values may
 * leave 63 bits. */
int64_t mu_shipment_load(mu_load_line *line, uint32_t count, mu_bulk room);

#endif
