/* Is a route what it says? From its arcs, by nothing but the public arrays. */
#ifndef CLI_CHECK_ROUTE_H
#define CLI_CHECK_ROUTE_H

#include <muster/route.h>

#include "cli/turn_list.h"

/* Each arc starts where the one before ends, all are open, no turn is forbidden, the ends are on
 * the two places' edges, and durations and lengths add up to the route's. `turns` are those of the
 * route's metric. Returns COMMAND_DONE, or COMMAND_INTERNAL after saying what is not so. */
int check_route_arcs(const muster_route *route, const turn_list *turns, const muster_snap *from,
                     const muster_snap *to);

#endif
