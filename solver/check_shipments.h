/* The judge's eye on shipments. It shares no code with the optimizer either. */
#ifndef MU_SOLVER_CHECK_SHIPMENTS_H
#define MU_SOLVER_CHECK_SHIPMENTS_H

#include "solver/judge.h"

/* Every rule of muster_item_transport, muster_shipment and muster_assignment.shipment. The rows that
 * assignments name are known to be there. What is used of vehicles is added to. */
muster_status mu_check_shipments(mu_judge *judge);

#endif
