/* From a path to a route, which is what the user gets. */
#ifndef MU_CORE_ROUTE_H
#define MU_CORE_ROUTE_H

#include <muster/route.h>

#include "core/path.h"

/* Copies the path, which must be one: its cost is not MU_NO_PATH. */
muster_status mu_route_new(muster_route **out, const muster_network *network, const mu_path *path,
                           const muster_snap *from, const muster_snap *to);

/* The great circle between two places, which takes `cost`. */
muster_status mu_route_fly(muster_route **out, mu_cost cost, const muster_snap *from,
                           const muster_snap *to);

#endif
