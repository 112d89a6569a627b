/* Is a route what it says? From its arcs, by nothing but the public arrays. */
#ifndef CLI_CHECK_ROUTE_H
#define CLI_CHECK_ROUTE_H

#include <muster/route.h>

/* Each arc starts where the one before ends, all are open, the ends are on the two places' edges,
 * and durations and lengths add up to the route's. Returns COMMAND_DONE, or COMMAND_INTERNAL
 * after saying what is not so. */
int check_route_arcs(const muster_route *route, const muster_metric *metric,
                     const muster_snap *from, const muster_snap *to);

#endif
