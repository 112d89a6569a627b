/* Great circles on the sphere.
 *
 * The haversine of an angle is a quarter of the squared chord between the two directions, and its
 * complement a quarter of the square of their sum. So the haversine formula (Sinnott, "Virtues of
 * the haversine", Sky and Telescope 1984) needs no more than sums, two square roots and an arc
 * tangent, and is exact to some nanometres between neighbours, where the cosine formula fails, and
 * between opposites, where haversines alone do. */
#include "core/great_circle.h"

#include <math.h>

static const double DEGREE = 0.017453292519943295;

mu_direction mu_direction_of(double lon_deg, double lat_deg) {
    const double lon = lon_deg * DEGREE, lat = lat_deg * DEGREE;
    return (mu_direction){cos(lat) * cos(lon), cos(lat) * sin(lon), sin(lat)};
}

static double squared(double x, double y, double z) {
    return x * x + y * y + z * z;
}

static double angle(const mu_direction *a, const mu_direction *b) {
    const double apart    = squared(a->x - b->x, a->y - b->y, a->z - b->z);
    const double together = squared(a->x + b->x, a->y + b->y, a->z + b->z);
    return 2 * atan2(sqrt(apart), sqrt(together));
}

double mu_great_circle_m(const mu_direction *a, const mu_direction *b) {
    return MUSTER_EARTH_RADIUS_M * angle(a, b);
}

double muster_great_circle_m(double lon1_deg, double lat1_deg, double lon2_deg, double lat2_deg) {
    const mu_direction a = mu_direction_of(lon1_deg, lat1_deg);
    const mu_direction b = mu_direction_of(lon2_deg, lat2_deg);
    return mu_great_circle_m(&a, &b);
}

/* Both directions, weighed (Shoemake, "Animating rotation with quaternion curves", SIGGRAPH
 * 1985). Nearly opposite ones leave next to nothing in between, hence the way over the pole. */
void muster_great_circle_between(double lon1_deg, double lat1_deg, double lon2_deg, double lat2_deg,
                                 double fraction, double *out_lon_deg, double *out_lat_deg) {
    const mu_direction a     = mu_direction_of(lon1_deg, lat1_deg);
    const mu_direction b     = mu_direction_of(lon2_deg, lat2_deg);
    const double       whole = angle(&a, &b), sine = sin(whole);
    if (fraction <= 0 || fraction >= 1 || whole == 0) {
        *out_lon_deg = fraction < 1 ? lon1_deg : lon2_deg;
        *out_lat_deg = fraction < 1 ? lat1_deg : lat2_deg;
        return;
    }
    if (sine < 1e-9 && whole > 1) {
        muster_great_circle_ahead(lon1_deg, lat1_deg, 0, fraction * whole * MUSTER_EARTH_RADIUS_M,
                                  out_lon_deg, out_lat_deg);
        if (*out_lon_deg > 180) *out_lon_deg -= 360;
        if (*out_lon_deg < -180) *out_lon_deg += 360;
        return;
    }
    const double of_a = sin((1 - fraction) * whole) / sine, of_b = sin(fraction * whole) / sine;
    const double x = of_a * a.x + of_b * b.x, y = of_a * a.y + of_b * b.y;
    *out_lon_deg = atan2(y, x) / DEGREE;
    *out_lat_deg = atan2(of_a * a.z + of_b * b.z, hypot(x, y)) / DEGREE;
}

/* The direct problem (Todhunter, "Spherical Trigonometry", 1886). */
void muster_great_circle_ahead(double lon_deg, double lat_deg, double bearing_deg,
                               double distance_m, double *out_lon_deg, double *out_lat_deg) {
    const double lat = lat_deg * DEGREE, bearing = bearing_deg * DEGREE;
    const double way   = distance_m / MUSTER_EARTH_RADIUS_M;
    const double north = sin(lat) * cos(way) + cos(lat) * sin(way) * cos(bearing);
    const double east  = sin(bearing) * sin(way);
    const double ahead = cos(lat) * cos(way) - sin(lat) * sin(way) * cos(bearing);
    *out_lat_deg       = atan2(north, hypot(east, ahead)) / DEGREE;
    *out_lon_deg       = lon_deg + atan2(east, ahead) / DEGREE;
}
