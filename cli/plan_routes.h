/* The roads the assignments take, each line found once; and those on which vehicles fetch what
 * they ship. */
#ifndef CLI_PLAN_ROUTES_H
#define CLI_PLAN_ROUTES_H

#include <muster/route.h>

#include "cli/plan_view.h"

typedef struct plan_routes {
    uint32_t       route_count;
    muster_route **route;
    /* [assignment_count] Index in route; MUSTER_NONE where there is no line to draw. */
    uint32_t *of_assignment;
    /* [shipment_count] The first leg, to the warehouse; NULL where there is no line to draw. */
    muster_route **fetch;
    uint32_t       fetch_count;
} plan_routes;

/* Returns COMMAND_DONE, or the exit code after saying why; plan_routes_fini is due in
 * either case. */
int  plan_routes_init(plan_routes *out, const plan_view *view);
void plan_routes_fini(plan_routes *routes);

#endif
