/** @file muster/great_circle.h
 *  Straight lines over the earth, as what flies takes them.
 *
 *  The earth is a sphere of its mean radius. Distances differ from geodesics on the WGS 84
 *  ellipsoid by less than 0.6 %: most along a meridian at the equator (0.56 % too long) and at
 *  the poles (0.45 % too short). */
#ifndef MUSTER_GREAT_CIRCLE_H
#define MUSTER_GREAT_CIRCLE_H

#include <muster/api.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The mean radius R1 of the earth (Moritz, "Geodetic Reference System 1980", J. Geodesy 2000). */
#define MUSTER_EARTH_RADIUS_M 6371008.8

/** The distance between two places. O(1). */
MUSTER_API double muster_great_circle_m(double lon1_deg, double lat1_deg, double lon2_deg,
                                        double lat2_deg);

/** The place at a fraction of the way from one place to another: 0 is the one, 1 the other, to the
 *  last bit. Between places opposite each other on the globe all ways are straight: it is then
 *  that over the north pole. Longitudes come out from -180 to 180. O(1). */
MUSTER_API void muster_great_circle_between(double lon1_deg, double lat1_deg, double lon2_deg,
                                            double lat2_deg, double fraction, double *out_lon_deg,
                                            double *out_lat_deg);

/** Where one gets from a place in a direction (clockwise from north) after a distance. The longitude
 *  is not wrapped at 180 degrees: it lies within 180 degrees of @p lon_deg. O(1). */
MUSTER_API void muster_great_circle_ahead(double lon_deg, double lat_deg, double bearing_deg,
                                          double distance_m, double *out_lon_deg,
                                          double *out_lat_deg);

#ifdef __cplusplus
}
#endif
#endif
