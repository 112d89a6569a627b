/* Lengths on the WGS 84 ellipsoid. Behind it stands PROJ's geodesic.h. */
#ifndef MU_GIS_GEODESIC_H
#define MU_GIS_GEODESIC_H

/* The shortest distance between two places, exact to nanometres. */
double mu_geodesic_m(double lon1_deg, double lat1_deg, double lon2_deg, double lat2_deg);

#endif
