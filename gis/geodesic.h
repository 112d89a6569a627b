/* Lengths and areas on the WGS 84 ellipsoid. Behind it stands PROJ's geodesic.h. */
#ifndef MU_GIS_GEODESIC_H
#define MU_GIS_GEODESIC_H

#include <stddef.h>

/* The shortest distance between two places, exact to nanometres. */
double mu_geodesic_m(double lon1_deg, double lat1_deg, double lon2_deg, double lat2_deg);

/* The area of a ring of `count` places, whose last joins its first: positive when it runs
 * counter-clockwise, negative clockwise. */
double mu_geodesic_area_m2(size_t count, const double *lon_deg, const double *lat_deg);

/* Where one gets from a place in a direction (clockwise from north) after a distance. The longitude is
 * not wrapped at 180 degrees: it goes on from `lon_deg`. */
void mu_geodesic_ahead(double lon_deg, double lat_deg, double bearing_deg, double distance_m,
                       double *out_lon_deg, double *out_lat_deg);
/* The place at a fraction, 0 to 1, of the shortest way from one place to another; the longitude goes
 * on from `lon1_deg`. */
void mu_geodesic_between(double lon1_deg, double lat1_deg, double lon2_deg, double lat2_deg,
                         double fraction, double *out_lon_deg, double *out_lat_deg);

#endif
