/* The judge's eye on shipments. It shares no code with the optimizer either. */
#ifndef MU_SOLVER_CHECK_SHIPMENTS_H
#define MU_SOLVER_CHECK_SHIPMENTS_H

#include <muster/plan.h>

#include "core/error.h"

/* Every rule of muster_item_transport, muster_shipment and muster_assignment.shipment. The rows
 * that assignments name are known to be there.
 *  used_vehicles  [vehicle_count] how often each serves a vehicle need; shipments are added */
muster_status mu_check_shipments(const muster_plan *plan, const muster_problem *problem,
                                 int64_t *used_vehicles);

#endif
