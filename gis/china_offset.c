/* GCJ-02 and BD-09 by their formulas.
 *
 * China's maps for the public are drawn in GCJ-02 (GB 20263-2006), WGS 84 moved by 100 to 700 m.
 * The formula was never published; the one that everybody uses came to light in open code in 2010
 * and stands on the Krassowsky ellipsoid of 1940. Baidu's BD-09 moves GCJ-02 once more, by 900 m.
 *
 * Nothing is shifted outside of a rectangle around China, and BD-09 is left alone there too. The
 * rectangle is larger than the country: at its edge, which runs through the sea and through other
 * countries, shifted and unshifted positions lie side by side.
 *
 * The way back has no formula. It is found by iteration, w <- g - shift(w): the shift changes by
 * less than a thirtieth of the way that w moves, so that each round adds one and a half digits.
 * The solution is taken where it lies in the rectangle; else a position that is outside itself was
 * never shifted, and what remains is a strip inside the edge that no position is shifted to, where
 * the formula is carried on beyond the edge. */
#include "gis/china_offset.h"

#include <math.h>
#include <stdbool.h>

static const double PI                   = 3.14159265358979323846;
static const double DEG                  = 3.14159265358979323846 / 180;
static const double AXIS_M               = 6378245.0; /* Krassowsky's ellipsoid */
static const double ECCENTRICITY_SQUARED = 0.00669342162296594323;

static const double WEST_DEG = 72.004, EAST_DEG = 137.8347;
static const double SOUTH_DEG = 0.8293, NORTH_DEG = 55.8271;

/* A ten-thousandth of a millimetre, and rounds enough for it where the formula is steepest. */
static const double CLOSE_ENOUGH_DEG = 1e-12;
enum { MOST_ROUNDS = 30 };

typedef struct degrees {
    double lon, lat;
} degrees;

/* Inside of the rectangle, or no farther outside than `margin_deg`. */
static bool is_within(degrees w, double margin_deg) {
    return w.lon >= WEST_DEG - margin_deg && w.lon <= EAST_DEG + margin_deg &&
           w.lat >= SOUTH_DEG - margin_deg && w.lat <= NORTH_DEG + margin_deg;
}

/* ---- GCJ-02 ------------------------------------------------------------------------------ */

static double waves(double value, double amplitude1, double period1, double amplitude2,
                    double period2) {
    return (amplitude1 * sin(2 * PI * value / period1) +
            amplitude2 * sin(2 * PI * value / period2)) *
           2 / 3;
}

/* In metres; x and y are degrees from 105 E, 35 N. */
static double east_m(double x, double y) {
    return 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(fabs(x)) +
           waves(x, 20, 1.0 / 3, 20, 1) + waves(x, 20, 2, 40, 6) + waves(x, 150, 24, 300, 60);
}

static double north_m(double x, double y) {
    return -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(fabs(x)) +
           waves(x, 20, 1.0 / 3, 20, 1) + waves(y, 20, 2, 40, 6) + waves(y, 160, 24, 320, 60);
}

static degrees to_gcj02(degrees w) {
    const double x = w.lon - 105, y = w.lat - 35;
    const double sine = sin(w.lat * DEG), cosine = cos(w.lat * DEG);
    const double flat       = 1 - ECCENTRICITY_SQUARED * sine * sine;
    const double meridian_m = AXIS_M * (1 - ECCENTRICITY_SQUARED) / (flat * sqrt(flat));
    const double parallel_m = AXIS_M / sqrt(flat) * cosine;
    return (degrees){w.lon + east_m(x, y) / (parallel_m * DEG),
                     w.lat + north_m(x, y) / (meridian_m * DEG)};
}

/* ---- BD-09 ------------------------------------------------------------------------------- */

static degrees gcj02_to_bd09(degrees g) {
    static const double TURN   = 3.14159265358979323846 * 3000 / 180;
    const double        radius = hypot(g.lon, g.lat) + 0.00002 * sin(g.lat * TURN);
    const double        angle  = atan2(g.lat, g.lon) + 0.000003 * cos(g.lon * TURN);
    return (degrees){radius * cos(angle) + 0.0065, radius * sin(angle) + 0.006};
}

static degrees formula(mu_china_system system, degrees w) {
    const degrees g = to_gcj02(w);
    return system == MU_BD09 ? gcj02_to_bd09(g) : g;
}

/* ---- there and back ------------------------------------------------------------------------ */

void mu_china_shift(mu_china_system system, double *lon_deg, double *lat_deg) {
    const degrees w = {*lon_deg, *lat_deg};
    if (!is_within(w, 0)) return;
    const degrees g = formula(system, w);
    *lon_deg        = g.lon;
    *lat_deg        = g.lat;
}

static degrees solve(mu_china_system system, degrees g) {
    degrees w = g;
    for (int round = 0; round < MOST_ROUNDS; ++round) {
        const degrees there = formula(system, w);
        const double  lon = g.lon - there.lon, lat = g.lat - there.lat;
        w.lon += lon;
        w.lat += lat;
        if (fabs(lon) < CLOSE_ENOUGH_DEG && fabs(lat) < CLOSE_ENOUGH_DEG) break;
    }
    return w;
}

/* The formula is for China: far away, near the poles above all, it runs away, and nothing inside is
 * shifted a whole degree. A solution on the edge is found beside it by as much as rounding does. */
static const double FAR_DEG = 1, ROUNDING_DEG = 1e-9;

void mu_china_unshift(mu_china_system system, double *lon_deg, double *lat_deg) {
    const degrees g = {*lon_deg, *lat_deg};
    if (!is_within(g, FAR_DEG)) return;
    const degrees w = solve(system, g);
    if (!is_within(w, ROUNDING_DEG) && !is_within(g, 0)) return;
    *lon_deg = w.lon;
    *lat_deg = w.lat;
}
