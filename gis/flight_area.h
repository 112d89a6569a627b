/* The area within a flight: circles around the places where it can start, joined. */
#ifndef MU_GIS_FLIGHT_AREA_H
#define MU_GIS_FLIGHT_AREA_H

#include <muster/isochrone_polygon.h>

#include "core/error.h"

/* The arrays of a muster_multipolygon. Start from zeros. */
typedef struct mu_area {
    uint32_t  polygon_count;
    uint32_t *first_ring, *first_point;
    double   *lon_deg, *lat_deg;
    double    area_m2;
} mu_area;

void mu_area_fini(mu_area *area);

/* What an isochrone by air reaches within limit number `limit`. MUSTER_E_INVALID where a circle
 * would reach over a pole or the 180th meridian, MUSTER_E_NOMEM; then, too, there may be something
 * to give back. */
muster_status mu_flight_area(mu_area *area, const muster_isochrone *isochrone, uint32_t limit);

#endif
