/* A way along roads, or by air, as one unit travels it: where it is at each moment. How long it takes is known
 * from the first; what it looks like is not asked of most ways, and takes ten times as long to find out. */
#ifndef MU_SIMULATION_WAY_H
#define MU_SIMULATION_WAY_H

#include <muster/query.h>

#include "core/error.h"

typedef struct mu_way {
    bool          is_way; /* false: there is none */
    uint32_t      duration_ms;
    double        distance_m;
    muster_snap   from, to;
    muster_route *route; /* NULL: it is not drawn yet, and of the following nothing is there */
    uint32_t      point_count; /* 2 or more */
    const double *lon_deg, *lat_deg;
    uint32_t     *offset_ms; /* by point: from the beginning, never falling */
} mu_way;

/* Draw a way that is not drawn, by its route on a metric; the route is taken over. Along each arc time passes
 * evenly. MUSTER_E_NOMEM: it is not drawn. */
muster_status mu_way_draw(mu_way *way, muster_route *route, const muster_metric *metric);
void          mu_way_fini(mu_way *way); /* then it is none */
/* Where it is after so long; at its end from then on. Of a way that is drawn. */
void mu_way_place(const mu_way *way, int64_t after_ms, double *out_lon_deg, double *out_lat_deg);
/* How far it has come after so long. */
double mu_way_distance(const mu_way *way, int64_t after_ms);

#endif
