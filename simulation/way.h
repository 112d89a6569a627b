/* A way along roads, or by air, as one unit travels it: where it is at each moment. */
#ifndef MU_SIMULATION_WAY_H
#define MU_SIMULATION_WAY_H

#include <muster/query.h>

#include "core/error.h"

typedef struct mu_way {
    uint32_t  duration_ms;
    double    distance_m;
    uint32_t  point_count; /* 2 or more; 0: there is no way */
    double   *lon_deg, *lat_deg;
    uint32_t *offset_ms; /* by point: from the beginning, never falling */
} mu_way;

/* Of a route on a metric; `from` and `to` are the snaps that it was asked for. Along each arc time passes
 * evenly. MUSTER_E_NOMEM: *out is no way. */
muster_status mu_way_of(mu_way *out, const muster_route *route, const muster_metric *metric,
                        const muster_snap *from, const muster_snap *to);
void          mu_way_fini(mu_way *way); /* then it is none */
/* Where it is after so long; at its end from then on. */
void mu_way_place(const mu_way *way, int64_t after_ms, double *out_lon_deg, double *out_lat_deg);
/* How far it has come after so long. */
double mu_way_distance(const mu_way *way, int64_t after_ms);

#endif
