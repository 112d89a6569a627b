/* A leg of a route, road by road: OSRM's RouteLeg. */
#ifndef SERVICE_STEPS_H
#define SERVICE_STEPS_H

#include <muster/route.h>

#include "service/line.h"

typedef struct mu_leg {
    const muster_metric *metric;
    const muster_route  *route;
    const muster_snap   *from, *to;
    mu_line_form         form;
    bool                 has_steps;
} mu_leg;

/* {"distance":...,"duration":...,"weight":...,"summary":...,"steps":[...]}. The durations of the steps
 * add up to that of the leg, to the millisecond.
 * @return MUSTER_E_NOMEM */
muster_status mu_leg_write(mu_text *text, const mu_leg *leg);

#endif
