/* Why items do not come, where vehicles have to bring them. */
#ifndef MU_SOLVER_SHIPMENT_UNMET_H
#define MU_SOLVER_SHIPMENT_UNMET_H

#include <muster/plan.h>

#include "solver/fleet.h"

typedef struct mu_shipment_unmet {
    const mu_fleet *fleet;
    uint32_t       *idle; /* vehicles that carry and are free */
    uint32_t        idle_count;
} mu_shipment_unmet;

/* Of a fleet that has been filled (mu_shipment_fill). */
muster_status mu_shipment_unmet_init(mu_shipment_unmet *unmet, const mu_fleet *fleet);
void          mu_shipment_unmet_fini(mu_shipment_unmet *unmet);

/* The first reason that holds for an item need that lacks something; `is_incomplete`: it is of an
 * incident that should get all, and does not. O(warehouses * idle). */
muster_unmet_reason mu_shipment_unmet_reason(const mu_shipment_unmet *unmet,
                                             const mu_candidates *candidates, uint32_t need,
                                             bool is_incomplete);

#endif
