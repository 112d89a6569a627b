/* Karney's algorithm ("Algorithms for geodesics", J. Geodesy 2013), as PROJ carries it.
 *
 * The series of the ellipsoid is set up anew at each call: that is about a tenth of the
 * time of one distance, and asks for no lock and no state. */
#include "gis/geodesic.h"

#include <geodesic.h>

double mu_geodesic_m(double lon1_deg, double lat1_deg, double lon2_deg, double lat2_deg) {
    struct geod_geodesic wgs84;
    double               length_m;
    geod_init(&wgs84, 6378137.0, 1 / 298.257223563);
    geod_inverse(&wgs84, lat1_deg, lon1_deg, lat2_deg, lon2_deg, &length_m, NULL, NULL);
    return length_m;
}

double mu_geodesic_area_m2(size_t count, const double *lon_deg, const double *lat_deg) {
    struct geod_geodesic wgs84;
    struct geod_polygon  ring;
    double               area_m2;
    geod_init(&wgs84, 6378137.0, 1 / 298.257223563);
    geod_polygon_init(&ring, 0);
    for (size_t i = 0; i < count; ++i) {
        geod_polygon_addpoint(&wgs84, &ring, lat_deg[i], lon_deg[i]);
    }
    geod_polygon_compute(&wgs84, &ring, 0, 1, &area_m2, NULL);
    return area_m2;
}

void mu_geodesic_ahead(double lon_deg, double lat_deg, double bearing_deg, double distance_m,
                       double *out_lon_deg, double *out_lat_deg) {
    struct geod_geodesic wgs84;
    geod_init(&wgs84, 6378137.0, 1 / 298.257223563);
    geod_gendirect(&wgs84, lat_deg, lon_deg, bearing_deg, GEOD_LONG_UNROLL, distance_m, out_lat_deg,
                   out_lon_deg, NULL, NULL, NULL, NULL, NULL, NULL);
}

void mu_geodesic_between(double lon1_deg, double lat1_deg, double lon2_deg, double lat2_deg,
                         double fraction, double *out_lon_deg, double *out_lat_deg) {
    struct geod_geodesic wgs84;
    double               length_m, bearing_deg;
    geod_init(&wgs84, 6378137.0, 1 / 298.257223563);
    geod_inverse(&wgs84, lat1_deg, lon1_deg, lat2_deg, lon2_deg, &length_m, &bearing_deg, NULL);
    mu_geodesic_ahead(lon1_deg, lat1_deg, bearing_deg, fraction * length_m, out_lon_deg,
                      out_lat_deg);
}
