/* Great circles against textbook values and the cosine formula. */
#include <muster/great_circle.h>

#include <math.h>

#include "core/great_circle.h"
#include "tests/support/cmocka_all.h"
#include "tests/support/random.h"

/* cmocka's own compares floats. */
#define assert_near(found, expected, most) assert_true(fabs((found) - (expected)) <= (most))

static const double DEGREE = 0.017453292519943295;

static void known_distances_come_out(void **state) {
    (void)state;
    const double quarter_m = MUSTER_EARTH_RADIUS_M * 90 * DEGREE;
    assert_near(muster_great_circle_m(10, 20, 10, 20), 0, 0);
    assert_near(muster_great_circle_m(0, 0, 90, 0), quarter_m, 1e-6);
    assert_near(muster_great_circle_m(-77, 0, 5, 90), quarter_m, 1e-6);
    assert_near(muster_great_circle_m(0, 0, 180, 0), 2 * quarter_m, 1e-6);
    assert_near(muster_great_circle_m(30, 40, -150, -40), 2 * quarter_m, 1e-3);
    assert_near(muster_great_circle_m(179.5, 0, -179.5, 0), quarter_m / 90, 1e-6);
    /* Nashville to Los Angeles, the example of Rosetta Code, whose radius is 6372.8 km */
    assert_near(muster_great_circle_m(-86.67, 36.12, -118.40, 33.94),
                2887.259951 * 6371.0088 / 6372.8 * 1000, 0.01);
}

/* In long double, by the haversine as books print it. */
static double book_m(double lon1, double lat1, double lon2, double lat2) {
    const long double deg = acosl(-1) / 180;
    const long double a = sinl((lat2 - lat1) * deg / 2), b = sinl((lon2 - lon1) * deg / 2);
    const long double h = a * a + cosl(lat1 * deg) * cosl(lat2 * deg) * b * b;
    return (double)(2 * MUSTER_EARTH_RADIUS_M * asinl(sqrtl(fminl(1, h))));
}

static void it_is_the_haversine_formula_near_and_far(void **state) {
    (void)state;
    uint64_t rng = 1;
    for (int round = 0; round < 20000; ++round) {
        const double reach = pow(10, -7 * random_unit(&rng)) * 90;
        const double lon1 = 360 * random_unit(&rng) - 180, lat1 = 180 * random_unit(&rng) - 90;
        const double lon2    = fmax(-180, fmin(180, lon1 + reach * (2 * random_unit(&rng) - 1)));
        const double lat2    = fmax(-90, fmin(90, lat1 + reach * (2 * random_unit(&rng) - 1)));
        const double there_m = muster_great_circle_m(lon1, lat1, lon2, lat2);
        assert_true(fabs(there_m - book_m(lon1, lat1, lon2, lat2)) < 1e-6 + 1e-12 * there_m);
        assert_true(there_m == muster_great_circle_m(lon2, lat2, lon1, lat1));
        const mu_direction a = mu_direction_of(lon1, lat1), b = mu_direction_of(lon2, lat2);
        assert_true(there_m == mu_great_circle_m(&a, &b));
    }
}

static void places_between_share_out_the_way(void **state) {
    (void)state;
    uint64_t rng = 2;
    for (int round = 0; round < 5000; ++round) {
        const double lon1 = 360 * random_unit(&rng) - 180, lat1 = 180 * random_unit(&rng) - 90;
        const double lon2 = 360 * random_unit(&rng) - 180, lat2 = 180 * random_unit(&rng) - 90;
        const double share = random_unit(&rng);
        const double whole = muster_great_circle_m(lon1, lat1, lon2, lat2);
        double       lon, lat;
        muster_great_circle_between(lon1, lat1, lon2, lat2, share, &lon, &lat);
        assert_true(lon >= -180 && lon <= 180 && lat >= -90 && lat <= 90);
        if (whole > 2e7) continue; /* nearly opposite: any way is as good */
        assert_true(fabs(muster_great_circle_m(lon1, lat1, lon, lat) - share * whole) < 0.01);
        assert_true(fabs(muster_great_circle_m(lon, lat, lon2, lat2) - (1 - share) * whole) < 0.01);
    }
    double lon, lat;
    muster_great_circle_between(1.25, 2.5, 3.75, 5.5, 0, &lon, &lat);
    assert_true(lon == 1.25 && lat == 2.5);
    muster_great_circle_between(1.25, 2.5, 3.75, 5.5, 1, &lon, &lat);
    assert_true(lon == 3.75 && lat == 5.5);
    muster_great_circle_between(1.25, 2.5, 1.25, 2.5, 0.5, &lon, &lat);
    assert_true(lon == 1.25 && lat == 2.5);
    muster_great_circle_between(30, 40, -150, -40, 0.5, &lon, &lat); /* over the pole */
    assert_near(lat, 50, 1e-6);
    assert_near(fabs(lon), 150, 1e-6);
}

static void what_lies_ahead_is_as_far_as_asked(void **state) {
    (void)state;
    uint64_t rng = 3;
    double   lon, lat;
    for (int round = 0; round < 5000; ++round) {
        const double lon1 = 360 * random_unit(&rng) - 180, lat1 = 178 * random_unit(&rng) - 89;
        const double way_m = 1e7 * random_unit(&rng);
        muster_great_circle_ahead(lon1, lat1, 360 * random_unit(&rng), way_m, &lon, &lat);
        assert_true(fabs(lon - lon1) <= 180 && fabs(lat) <= 90);
        assert_true(fabs(muster_great_circle_m(lon1, lat1, lon, lat) - way_m) < 0.01);
    }
    muster_great_circle_ahead(10, 0, 90, MUSTER_EARTH_RADIUS_M * 20 * DEGREE, &lon, &lat);
    assert_near(lon, 30, 1e-9);
    assert_near(lat, 0, 1e-9);
    muster_great_circle_ahead(10, 0, 0, MUSTER_EARTH_RADIUS_M * 20 * DEGREE, &lon, &lat);
    assert_near(lon, 10, 1e-9);
    assert_near(lat, 20, 1e-9);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_distances_come_out),
        cmocka_unit_test(it_is_the_haversine_formula_near_and_far),
        cmocka_unit_test(places_between_share_out_the_way),
        cmocka_unit_test(what_lies_ahead_is_as_far_as_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
