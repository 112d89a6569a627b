/* The area within a flight: circles around the places where it can start, joined. */
#ifndef MU_GIS_FLIGHT_AREA_H
#define MU_GIS_FLIGHT_AREA_H

#include "gis/area.h"

/* What an isochrone by air reaches within limit number `limit`. MUSTER_E_INVALID where a circle
 * would reach over a pole or the 180th meridian, MUSTER_E_NOMEM; then, too, there may be something
 * to give back. */
muster_status mu_flight_area(mu_area *area, const muster_isochrone *isochrone, uint32_t limit);

#endif
