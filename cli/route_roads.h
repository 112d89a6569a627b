/* A route as the driver reads it: which roads, in which order, how far along each. */
#ifndef CLI_ROUTE_ROADS_H
#define CLI_ROUTE_ROADS_H

#include <muster/route.h>

typedef struct route_road {
    const char *name; /* the network's; NULL: unnamed */
    const char *class_name;
    double      distance_m;
} route_road;

/* Consecutive arcs of one name, or unnamed and of one class, are one road. `out` is for the
 * caller to free. Returns the exit code. */
int route_roads_list(route_road **out, uint32_t *out_count, const muster_network *network,
                     const muster_route *route, const muster_snap *from, const muster_snap *to);

#endif
