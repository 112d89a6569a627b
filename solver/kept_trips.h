/* Which trips of a past plan are still possible. */
#ifndef MU_SOLVER_KEPT_TRIPS_H
#define MU_SOLVER_KEPT_TRIPS_H

#include "solver/dispatch.h"
#include "solver/past_match.h"
#include "solver/shipment_model.h"

typedef struct mu_kept_trips {
    const mu_past           *past;
    const mu_past_match     *match;
    const mu_candidates     *candidates;
    const mu_shipment_model *model;     /* NULL: items come by themselves, and there are no trips */
    uint32_t                *warehouse; /* by vehicle; MUSTER_NONE: it makes no trip */
    uint32_t                *incident;  /* by vehicle */
    mu_bulk                 *load;      /* by vehicle */
    bool                    *is_gone;   /* by vehicle: it has set out */
} mu_kept_trips;

muster_status mu_kept_trips_init(mu_kept_trips *trips, const mu_past *past,
                                 const mu_past_match *match, const mu_candidates *candidates,
                                 const mu_shipment_model *model);
void          mu_kept_trips_fini(mu_kept_trips *trips);

/* May past assignment `was` still be brought, by the same vehicle from the same warehouse? `d` is it
 * now, and gets its vehicle and its time. MUSTER_BECAUSE_COUNT, or the reason why not. */
uint8_t mu_kept_trips_consider(mu_kept_trips *trips, uint32_t was, mu_dispatch *d);

/* Once all have been considered: does the vehicle carry it? `left`, by vehicle, is what is still
 * free; who carries is not. */
bool mu_kept_trips_may_go(mu_kept_trips *trips, const mu_dispatch *d, int64_t *left);

#endif
