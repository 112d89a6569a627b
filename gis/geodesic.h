/* Lengths and areas on the WGS 84 ellipsoid. Behind it stands PROJ's geodesic.h. */
#ifndef MU_GIS_GEODESIC_H
#define MU_GIS_GEODESIC_H

#include <stddef.h>

/* The shortest distance between two places, exact to nanometres. */
double mu_geodesic_m(double lon1_deg, double lat1_deg, double lon2_deg, double lat2_deg);

/* The area of a ring of `count` places, whose last joins its first: positive when it runs
 * counter-clockwise, negative clockwise. */
double mu_geodesic_area_m2(size_t count, const double *lon_deg, const double *lat_deg);

#endif
