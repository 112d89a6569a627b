/* The two systems that Chinese map services emit: positions shifted by a formula. */
#ifndef MU_GIS_CHINA_OFFSET_H
#define MU_GIS_CHINA_OFFSET_H

typedef enum mu_china_system { MU_GCJ02, MU_BD09 } mu_china_system;

/* WGS 84 to the system, in place: degrees, longitude first, on the globe. */
void mu_china_shift(mu_china_system system, double *lon_deg, double *lat_deg);
/* And back: exact to a tenth of a millimetre for all that mu_china_shift shifts. */
void mu_china_unshift(mu_china_system system, double *lon_deg, double *lat_deg);

#endif
