/* Coordinate systems: against formulas that are not PROJ's, there and back, and what cannot be. */
#include <muster/coordinates.h>

#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "gis/china_offset.h"
#include "gis/geodesic.h"
#include "gis/memory.h"
#include "tests/support/cmocka_all.h"
#include "tests/support/random.h"

static muster_crs *crs_of(const char *name) {
    muster_crs *crs;
    if (muster_crs_new(&crs, name) != MUSTER_OK) fail_msg("%s", muster_error_message());
    return crs;
}

static muster_crs *epsg(unsigned code) {
    char name[32];
    snprintf(name, sizeof name, "EPSG:%u", code);
    return crs_of(name);
}

/* ---- names ------------------------------------------------------------------------------- */

static void a_system_has_one_name_however_it_is_written(void **state) {
    (void)state;
    static const struct {
        const char *written, *name, *title;
        int         is_projected;
    } CASE[] = {
        {"WGS84", "WGS 84", "WGS 84", 0},
        {"wgs 84", "WGS 84", "WGS 84", 0},
        {"EPSG:4326", "WGS 84", "WGS 84", 0},
        {"urn:ogc:def:crs:OGC:1.3:CRS84", "WGS 84", "WGS 84", 0},
        {"CGCS2000", "EPSG:4490", "China Geodetic Coordinate System 2000", 0},
        {"urn:ogc:def:crs:EPSG::4490", "EPSG:4490", "China Geodetic Coordinate System 2000", 0},
        {"http://www.opengis.net/def/crs/EPSG/0/4490", "EPSG:4490",
         "China Geodetic Coordinate System 2000", 0},
        {"epsg:4528", "EPSG:4528", "CGCS2000 / 3-degree Gauss-Kruger zone 40", 1},
        {"gcj02", "GCJ-02", "GCJ-02", 0},
        {"GCJ_02", "GCJ-02", "GCJ-02", 0},
        {"bd-09", "BD-09", "BD-09", 0},
    };
    for (size_t i = 0; i < sizeof CASE / sizeof *CASE; ++i) {
        muster_crs *crs = crs_of(CASE[i].written);
        assert_string_equal(muster_crs_name(crs), CASE[i].name);
        assert_string_equal(muster_crs_title(crs), CASE[i].title);
        assert_int_equal(muster_crs_is_projected(crs), CASE[i].is_projected);
        muster_crs_free(crs);
    }
}

static void a_name_that_is_none_is_refused_with_those_there_are(void **state) {
    (void)state;
    static const struct {
        const char *written, *words;
    } CASE[] = {
        {"", "no coordinate system \"\"; expected WGS84, CGCS2000, GCJ-02, BD-09 or EPSG:CODE"},
        {"Mars", "no coordinate system \"Mars\""},
        {"EPSG:", "no coordinate system \"EPSG:\""},
        {"EPSG:-1", "no coordinate system \"EPSG:-1\""},
        {"EPSG:4490x", "no coordinate system \"EPSG:4490x\""},
        {"EPSG:99999999999999999999", "no coordinate system"},
        {"urn:ogc:def:crs:EPSG:4490", "no coordinate system"},
        {"EPSG:1", "EPSG:1: there is no such coordinate system"},
        {"EPSG:4978", "EPSG:4978 is WGS 84; expected a system of longitude and latitude"},
        {"EPSG:5773", "EPSG:5773 is EGM96 height; expected a system of longitude"},
    };
    for (size_t i = 0; i < sizeof CASE / sizeof *CASE; ++i) {
        muster_crs *crs = (muster_crs *)&crs;
        assert_int_equal(muster_crs_new(&crs, CASE[i].written), MUSTER_E_INVALID);
        assert_null(crs);
        if (!strstr(muster_error_message(), CASE[i].words)) fail_msg("%s", muster_error_message());
    }
    char long_name[300];
    memset(long_name, 'x', sizeof long_name);
    long_name[sizeof long_name - 1] = 0;
    muster_crs *crs;
    assert_int_equal(muster_crs_new(&crs, long_name), MUSTER_E_INVALID);
}

static void a_system_without_a_known_way_to_wgs84_is_not_guessed(void **state) {
    (void)state;
    muster_crs *crs;
    assert_int_equal(muster_crs_new(&crs, "EPSG:4610"), MUSTER_E_INVALID); /* Xian 1980 */
    assert_non_null(strstr(muster_error_message(), "PROJ knows no way to WGS 84"));
}

/* Beijing 1954 has ways to WGS 84 for some oil fields and basins, and none for the rest. */
static void where_a_system_has_a_way_to_wgs84_by_region_none_is_used_elsewhere(void **state) {
    (void)state;
    muster_crs  *crs = epsg(4214);
    const double x[] = {108.0, 100.0}, y[] = {38.0, 31.0}; /* Ordos, Sichuan's mountains */
    double       lon[2], lat[2];
    assert_int_equal(muster_crs_to_wgs84(crs, 2, x, y, lon, lat), MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(), "position 1: 100, 31 in EPSG:4214: lies outside of "
                                                "the area that the system is for");
    const double moved_m = mu_geodesic_m(x[0], y[0], lon[0], lat[0]);
    assert_true(moved_m > 10 && moved_m < 200);
    muster_crs_free(crs);
}

static void other_systems_of_epsg_go_there_and_back(void **state) {
    (void)state;
    static const struct {
        unsigned code;
        double   lon, lat;
    } CASE[] = {{3857, 120.76, 30.75}, {32651, 120.76, 30.75}, {2154, 2.35, 48.85},
                {4258, 14.51, 35.9},   {3414, 103.85, 1.29},   {6668, 139.7, 35.7}};
    for (size_t i = 0; i < sizeof CASE / sizeof *CASE; ++i) {
        muster_crs *crs = epsg(CASE[i].code);
        double      x, y, lon, lat;
        if (muster_crs_from_wgs84(crs, 1, &CASE[i].lon, &CASE[i].lat, &x, &y) != MUSTER_OK ||
            muster_crs_to_wgs84(crs, 1, &x, &y, &lon, &lat) != MUSTER_OK) {
            fail_msg("%s", muster_error_message());
        }
        assert_true(mu_geodesic_m(lon, lat, CASE[i].lon, CASE[i].lat) < 0.001);
        muster_crs_free(crs);
    }
}

/* ---- GCJ-02 and BD-09 -------------------------------------------------------------------- */

/* Pairs that were published with other people's code, latitude first as there: the test suite of
 * eviltransform, whose ellipsoid is up to a centimetre off. */
static void published_pairs_are_met(void **state) {
    (void)state;
    static const struct {
        const char *system;
        double      wgs84[2], shifted[2];
    } CASE[] = {
        {"GCJ-02", {31.1774276, 121.5272106}, {31.17530398364597, 121.531541859215}},
        {"GCJ-02", {22.543847, 113.912316}, {22.540796131694766, 113.9171764808363}},
        {"GCJ-02", {39.911954, 116.377817}, {39.91334545536069, 116.38404722455657}},
    };
    for (size_t i = 0; i < sizeof CASE / sizeof *CASE; ++i) {
        muster_crs *crs = crs_of(CASE[i].system);
        double      x, y, lon, lat;
        assert_int_equal(
            muster_crs_from_wgs84(crs, 1, &CASE[i].wgs84[1], &CASE[i].wgs84[0], &x, &y), MUSTER_OK);
        assert_true(mu_geodesic_m(x, y, CASE[i].shifted[1], CASE[i].shifted[0]) < 0.02);
        assert_int_equal(
            muster_crs_to_wgs84(crs, 1, &CASE[i].shifted[1], &CASE[i].shifted[0], &lon, &lat),
            MUSTER_OK);
        assert_true(mu_geodesic_m(lon, lat, CASE[i].wgs84[1], CASE[i].wgs84[0]) < 0.02);
        muster_crs_free(crs);
    }
}

/* The rectangle of the formula, and the longitude and latitude where it has a corner. */
static const double WEST = 72.004, EAST = 137.8347, SOUTH = 0.8293, NORTH = 55.8271;

typedef struct worst {
    double back_m, shift_least_m, shift_most_m;
} worst;

static void go_there_and_back(mu_china_system system, double lon, double lat, worst *w) {
    double x = lon, y = lat;
    mu_china_shift(system, &x, &y);
    const double shift_m = mu_geodesic_m(lon, lat, x, y);
    mu_china_unshift(system, &x, &y);
    const double back_m = mu_geodesic_m(lon, lat, x, y);
    w->back_m           = fmax(w->back_m, back_m);
    w->shift_least_m    = fmin(w->shift_least_m, shift_m);
    w->shift_most_m     = fmax(w->shift_most_m, shift_m);
}

/* A grid of a tenth of a degree over all of the rectangle, its edges and the corner of the formula,
 * and as many positions at random. */
static void there_and_back_is_a_tenth_of_a_millimetre_wherever_the_formula_shifts(void **state) {
    (void)state;
    static const mu_china_system SYSTEM[] = {MU_GCJ02, MU_BD09};
    for (int s = 0; s < 2; ++s) {
        worst    w   = {0, INFINITY, 0};
        uint64_t rng = 11;
        for (int i = 0; i <= 660; ++i) {
            const double lon = i == 660 ? EAST : WEST + 0.1 * i * (65.8307 / 66);
            for (int j = 0; j <= 550; ++j) {
                const double lat = j == 550 ? NORTH : SOUTH + 0.1 * j * (54.9978 / 55);
                go_there_and_back(SYSTEM[s], lon, lat, &w);
            }
        }
        for (int j = 0; j <= 5500; ++j) {
            const double lat = fmin(NORTH, SOUTH + 0.01 * j);
            for (int k = -3; k <= 3; ++k) { /* to both sides of where sqrt|x| has its corner */
                go_there_and_back(SYSTEM[s], 105 + k * 1e-9, lat, &w);
            }
            go_there_and_back(SYSTEM[s], WEST, lat, &w);
            go_there_and_back(SYSTEM[s], EAST, lat, &w);
        }
        for (int i = 0; i < 200000; ++i) {
            const double lon = WEST + (EAST - WEST) * random_below(&rng, 1000000) / 1e6;
            const double lat = SOUTH + (NORTH - SOUTH) * random_below(&rng, 1000000) / 1e6;
            go_there_and_back(SYSTEM[s], lon, lat, &w);
        }
        print_message("%s: back within %.3g m; shifts of %.1f to %.1f m\n",
                      s == 0 ? "GCJ-02" : "BD-09", w.back_m, w.shift_least_m, w.shift_most_m);
        assert_true(w.back_m < 1e-4);
        assert_true(w.shift_least_m > 0.1); /* else it tests nothing */
    }
}

static void nothing_outside_is_shifted_either_way(void **state) {
    (void)state;
    static const double      PLACE[][2] = {{14.51, 35.9}, {-180, -90}, {180, 90},  {0, 0},
                                           {139.7, 35.7}, {100, -5},   {60, 55},   {110, 57},
                                           {71.9, 30},    {138.9, 40}, {110, -0.3}};
    static const char *const SYSTEM[]   = {"GCJ-02", "BD-09"};
    for (size_t s = 0; s < 2; ++s) {
        muster_crs *crs = crs_of(SYSTEM[s]);
        for (size_t i = 0; i < sizeof PLACE / sizeof *PLACE; ++i) {
            double x = PLACE[i][0], y = PLACE[i][1];
            assert_int_equal(muster_crs_from_wgs84(crs, 1, &x, &y, &x, &y), MUSTER_OK);
            assert_true(x == PLACE[i][0] && y == PLACE[i][1]);
            assert_int_equal(muster_crs_to_wgs84(crs, 1, &x, &y, &x, &y), MUSTER_OK);
            assert_true(x == PLACE[i][0] && y == PLACE[i][1]);
        }
        muster_crs_free(crs);
    }
}

/* ---- Gauss-Kruger ------------------------------------------------------------------------ */

/* Krueger's series of 1912 to the fourth order in n, on the ellipsoid of CGCS2000. */
static void krueger(double central_deg, double lon_deg, double lat_deg, double *east_m,
                    double *north_m) {
    const double degree = acos(-1) / 180, f = 1 / 298.257222101, n = f / (2 - f);
    const double a  = 6378137.0 / (1 + n) * (1 + n * n / 4 + n * n * n * n / 64);
    const double n2 = n * n, n3 = n2 * n, n4 = n2 * n2;
    const double alpha[] = {n / 2 - 2 * n2 / 3 + 5 * n3 / 16 + 41 * n4 / 180,
                            13 * n2 / 48 - 3 * n3 / 5 + 557 * n4 / 1440,
                            61 * n3 / 240 - 103 * n4 / 140, 49561 * n4 / 161280};
    const double sine = sin(lat_deg * degree), e = 2 * sqrt(n) / (1 + n);
    const double t    = sinh(atanh(sine) - e * atanh(e * sine));
    const double turn = (lon_deg - central_deg) * degree;
    const double xi = atan2(t, cos(turn)), eta = atanh(sin(turn) / sqrt(1 + t * t));
    *north_m = xi;
    *east_m  = eta;
    for (int j = 1; j <= 4; ++j) {
        *north_m += alpha[j - 1] * sin(2 * j * xi) * cosh(2 * j * eta);
        *east_m += alpha[j - 1] * cos(2 * j * xi) * sinh(2 * j * eta);
    }
    *north_m *= a;
    *east_m *= a;
}

typedef struct zone_family {
    unsigned first_code, last_code;
    int      width_deg, first_zone;
    double   first_central_deg;
    bool     has_prefix;
} zone_family;

/* EPSG's four families of zones: 3 and 6 degrees wide, with the zone's number and without. */
static const zone_family FAMILY[] = {{4491, 4501, 6, 13, 75, true},
                                     {4502, 4512, 6, 13, 75, false},
                                     {4513, 4533, 3, 25, 75, true},
                                     {4534, 4554, 3, 25, 75, false}};

static void check_zone(const zone_family *f, unsigned code) {
    const int    zone        = f->first_zone + (int)(code - f->first_code);
    const double central_deg = f->first_central_deg + f->width_deg * (double)(code - f->first_code);
    const double false_m     = 500000 + (f->has_prefix ? 1e6 * zone : 0);
    muster_crs  *crs         = epsg(code);
    assert_int_equal(muster_crs_is_projected(crs), 1);
    for (double lat = 3; lat <= 54; lat += 1.7) {
        for (int i = -4; i <= 4; ++i) { /* into the neighbours by a sixth of a zone */
            const double lon = fmin(fmax(central_deg + f->width_deg * i / 6.0, 70.7), 137.7);
            double       east_m, north_m, x, y, lon_back, lat_back;
            krueger(central_deg, lon, lat, &east_m, &north_m);
            if (muster_crs_from_wgs84(crs, 1, &lon, &lat, &x, &y) != MUSTER_OK) {
                fail_msg("%u: %s", code, muster_error_message());
            }
            assert_true(fabs(x - (false_m + east_m)) < 0.001 && fabs(y - north_m) < 0.001);
            assert_int_equal(muster_crs_to_wgs84(crs, 1, &x, &y, &lon_back, &lat_back), MUSTER_OK);
            assert_true(mu_geodesic_m(lon, lat, lon_back, lat_back) < 0.001);
        }
    }
    muster_crs_free(crs);
}

static void every_zone_of_cgcs2000_agrees_with_kruegers_series_to_the_millimetre(void **state) {
    (void)state;
    for (size_t f = 0; f < sizeof FAMILY / sizeof *FAMILY; ++f) {
        for (unsigned code = FAMILY[f].first_code; code <= FAMILY[f].last_code; ++code) {
            check_zone(&FAMILY[f], code);
        }
    }
}

static void cgcs2000_is_longitude_first_and_within_a_metre_of_wgs84(void **state) {
    (void)state;
    muster_crs  *crs = crs_of("CGCS2000");
    double       lon, lat;
    const double x = 120.7612, y = 30.7534;
    assert_int_equal(muster_crs_to_wgs84(crs, 1, &x, &y, &lon, &lat), MUSTER_OK);
    assert_true(mu_geodesic_m(x, y, lon, lat) < 1);
    muster_crs_free(crs);
}

/* ---- what cannot be ---------------------------------------------------------------------- */

static void check_fault(const char *system, double x, double y, const char *words) {
    muster_crs *crs = crs_of(system);
    double      lon = 1, lat = 1;
    if (muster_crs_to_wgs84(crs, 1, &x, &y, &lon, &lat) != MUSTER_E_INVALID) {
        fail_msg("%s takes %g, %g as %g, %g", system, x, y, lon, lat);
    }
    assert_true(isnan(lon) && isnan(lat));
    if (!strstr(muster_error_message(), words)) fail_msg("%s", muster_error_message());
    muster_crs_free(crs);
}

static void a_position_that_cannot_be_is_named_with_what_it_looks_like(void **state) {
    (void)state;
    static const char *const ANY[] = {"WGS84", "CGCS2000", "GCJ-02", "BD-09", "EPSG:4528"};
    for (size_t i = 0; i < sizeof ANY / sizeof *ANY; ++i) {
        check_fault(ANY[i], (double)NAN, 0, "expected two numbers");
        check_fault(ANY[i], (double)INFINITY, 0, "expected two numbers"); /* no error of PROJ's */
        check_fault(ANY[i], 0, -(double)INFINITY, "expected two numbers");
        check_fault(ANY[i], 1e300, 1e300, "1e+300, 1e+300 in ");
    }
    for (int i = 0; i < 4; ++i) {
        check_fault(ANY[i], 30.75, 120.76, "looks swapped; expected the longitude first");
        check_fault(ANY[i], 40512345, 3404000, "looks like metres of a projected system");
        check_fault(ANY[i], 200, 95, "expected a longitude from -180 to 180");
    }
    check_fault("EPSG:4528", 120.76, 30.75,
                "120.76, 30.75 in EPSG:4528: looks like degrees; "
                "expected metres");
    check_fault("EPSG:4528", 3404000, 40572900, "looks swapped; expected the easting first");
    check_fault("EPSG:4549", 3404000, 572900, "looks swapped; expected the easting first");
    check_fault("EPSG:4528", 572900, 3404000, "has no zone number before it");
    check_fault("EPSG:4549", 40572900, 3404000, "has a zone number before it");
    check_fault("EPSG:4528", 39572900, 3404000, "outside of the area");
    check_fault("EPSG:4528", 41572900, 3404000, "outside of the area");
}

static void a_position_beside_the_zone_is_not_projected_either(void **state) {
    (void)state;
    muster_crs  *crs   = epsg(4528);
    const double lon[] = {120.5, 130, 120.5, 181}, lat[] = {30.5, 30.5, 91, 0};
    double       x[4], y[4];
    assert_int_equal(muster_crs_from_wgs84(crs, 4, lon, lat, x, y), MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(), "position 1: 130, 30.5 in EPSG:4528: lies outside "
                                                "of the area that the system is for");
    assert_true(isfinite(x[0]) && isfinite(y[0]));
    for (int i = 1; i < 4; ++i) assert_true(isnan(x[i]) && isnan(y[i]));
    muster_crs_free(crs);
}

static void of_many_the_first_wrong_one_is_named_and_the_others_are_converted(void **state) {
    (void)state;
    muster_crs *crs = crs_of("GCJ-02");
    double      x[] = {120.7612, 30.75, 120.8, (double)NAN}, y[] = {30.7534, 120.76, 30.8, 1};
    double      lon[4], lat[4], one_lon, one_lat;
    assert_int_equal(muster_crs_to_wgs84(crs, 4, x, y, lon, lat), MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(), "position 1: 30.75, 120.76 in GCJ-02: looks "
                                                "swapped; expected the longitude first");
    assert_true(isnan(lon[1]) && isnan(lat[1]) && isnan(lon[3]) && isnan(lat[3]));
    for (int i = 0; i < 4; i += 2) {
        assert_int_equal(muster_crs_to_wgs84(crs, 1, &x[i], &y[i], &one_lon, &one_lat), MUSTER_OK);
        assert_true(lon[i] == one_lon && lat[i] == one_lat);
    }
    assert_int_equal(muster_crs_to_wgs84(crs, 4, x, y, x, y), MUSTER_E_INVALID); /* in place */
    assert_memory_equal(x, lon, sizeof x);
    assert_int_equal(muster_crs_to_wgs84(crs, 0, NULL, NULL, NULL, NULL), MUSTER_OK);
    muster_crs_free(crs);
}

static void a_failed_allocation_leaves_nothing(void **state) {
    (void)state;
    static const char *const NAME[] = {"GCJ-02", "EPSG:4528"};
    for (size_t i = 0; i < 2; ++i) {
        muster_status status = MUSTER_E_NOMEM;
        for (int64_t n = 0; n < 10 && status == MUSTER_E_NOMEM; ++n) {
            muster_crs *crs = (muster_crs *)&crs;
            mu_gis_alloc_fail_after(n);
            status = muster_crs_new(&crs, NAME[i]);
            mu_gis_alloc_fail_after(-1);
            assert_true((status == MUSTER_OK) == (crs != NULL));
            muster_crs_free(crs);
        }
        assert_int_equal(status, MUSTER_OK);
    }
}

/* ---- threads ----------------------------------------------------------------------------- */

enum { THREADS = 4, POSITIONS = 500 };

static void *convert_many(void *user) {
    double     *sum = user;
    muster_crs *crs;
    if (muster_crs_new(&crs, "EPSG:4528") != MUSTER_OK) return NULL;
    for (int i = 0; i < POSITIONS; ++i) {
        double lon = 119 + i * 0.004, lat = 28 + i * 0.01;
        if (muster_crs_from_wgs84(crs, 1, &lon, &lat, &lon, &lat) != MUSTER_OK) break;
        *sum += lon + lat;
    }
    muster_crs_free(crs);
    return NULL;
}

static void threads_with_systems_of_their_own_do_not_meet(void **state) {
    (void)state;
    pthread_t thread[THREADS];
    double    sum[THREADS] = {0}, alone = 0;
    convert_many(&alone);
    for (int i = 0; i < THREADS; ++i) {
        assert_int_equal(pthread_create(&thread[i], NULL, convert_many, &sum[i]), 0);
    }
    for (int i = 0; i < THREADS; ++i) pthread_join(thread[i], NULL);
    for (int i = 0; i < THREADS; ++i) assert_true(sum[i] == alone && alone > 0);
}

/* ---- where a network is ------------------------------------------------------------------ */

static void a_swapped_pair_is_told_by_where_the_network_is(void **state) {
    (void)state;
    static const double   LON[] = {14.2, 14.5, 14.4}, LAT[] = {35.8, 36.0, 36.1};
    static const uint32_t SOURCE[] = {0}, TARGET[] = {1};
    static const double   LENGTH_M[] = {1000};
    muster_network_data   data       = MUSTER_NETWORK_DATA_INIT;
    muster_network       *network;
    data.node_count    = 3;
    data.node_lon_deg  = LON;
    data.node_lat_deg  = LAT;
    data.edge_count    = 1;
    data.edge_source   = SOURCE;
    data.edge_target   = TARGET;
    data.edge_length_m = LENGTH_M;
    assert_int_equal(muster_network_new(&network, &data), MUSTER_OK);
    const muster_extent e = muster_network_extent(network);
    assert_true(e.west_deg == 14.2 && e.east_deg == 14.5 && e.south_deg == 35.8 &&
                e.north_deg == 36.1);
    assert_int_equal(muster_extent_look(&e, 14.3, 35.9), MUSTER_POSITION_NEAR);
    assert_int_equal(muster_extent_look(&e, 14.15, 36.15), MUSTER_POSITION_NEAR);
    assert_int_equal(muster_extent_look(&e, 35.9, 14.3), MUSTER_POSITION_SWAPPED);
    assert_int_equal(muster_extent_look(&e, 35.9, 13.9), MUSTER_POSITION_FAR);
    assert_int_equal(muster_extent_look(&e, 120.7, 30.7), MUSTER_POSITION_FAR);
    assert_int_equal(muster_extent_look(&e, (double)NAN, 35.9), MUSTER_POSITION_FAR);
    muster_network_free(network);
}

/* ---- a network --------------------------------------------------------------------------- */

/* A bent road in GCJ-02 that is 1 km long by its line, and one whose ends are the same place. */
static void a_network_in_another_system_is_converted_with_its_lengths(void **state) {
    (void)state;
    muster_crs           *crs       = crs_of("GCJ-02");
    const double          wgs_lon[] = {120.76, 120.765, 120.77}, wgs_lat[] = {30.75, 30.755, 30.75};
    double                lon[3], lat[3];
    static const uint32_t SOURCE[] = {0, 1}, TARGET[] = {1, 1}, FIRST_POINT[] = {0, 1, 1};
    static const double   LENGTH_M[] = {1000, 7};
    static const int64_t  ID[]       = {70, 90};
    muster_network_data   data       = MUSTER_NETWORK_DATA_INIT;
    muster_network       *network, *converted;
    assert_int_equal(muster_crs_from_wgs84(crs, 3, wgs_lon, wgs_lat, lon, lat), MUSTER_OK);
    const double ends_lon[] = {lon[0], lon[2]}, ends_lat[] = {lat[0], lat[2]};
    data.node_count = 2, data.node_lon_deg = ends_lon, data.node_lat_deg = ends_lat;
    data.node_id    = ID;
    data.edge_count = 2, data.edge_source = SOURCE, data.edge_target = TARGET;
    data.edge_length_m = LENGTH_M, data.edge_first_point = FIRST_POINT;
    data.point_lon_deg = &lon[1], data.point_lat_deg = &lat[1];
    assert_int_equal(muster_network_new(&network, &data), MUSTER_OK);
    assert_int_equal(muster_crs_network(&converted, network, crs), MUSTER_OK);
    const muster_network_data *view = muster_network_view(converted);
    assert_true(
        mu_geodesic_m(view->node_lon_deg[1], view->node_lat_deg[1], wgs_lon[2], wgs_lat[2]) < 1e-4);
    assert_true(mu_geodesic_m(view->point_lon_deg[0], view->point_lat_deg[0], wgs_lon[1],
                              wgs_lat[1]) < 1e-4);
    const double before_m = mu_geodesic_m(lon[0], lat[0], lon[1], lat[1]) +
                            mu_geodesic_m(lon[1], lat[1], lon[2], lat[2]);
    const double after_m = mu_geodesic_m(wgs_lon[0], wgs_lat[0], wgs_lon[1], wgs_lat[1]) +
                           mu_geodesic_m(wgs_lon[1], wgs_lat[1], wgs_lon[2], wgs_lat[2]);
    assert_true(fabs(view->edge_length_m[0] - 1000 * after_m / before_m) < 0.011);
    assert_true(view->edge_length_m[1] == 7 && view->node_id[1] == 90);
    muster_network_free(converted);
    for (int64_t n = 0; n < 4; ++n) {
        mu_gis_alloc_fail_after(n);
        assert_int_equal(muster_crs_network(&converted, network, crs), MUSTER_E_NOMEM);
        mu_gis_alloc_fail_after(-1);
        assert_null(converted);
    }
    muster_crs_free(crs);
    crs = epsg(4528);
    assert_int_equal(muster_crs_network(&converted, network, crs), MUSTER_E_INVALID);
    assert_non_null(strstr(muster_error_message(), "EPSG:4528 has easting and northing"));
    assert_null(converted);
    muster_crs_free(crs);
    muster_network_free(network);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_system_has_one_name_however_it_is_written),
        cmocka_unit_test(a_name_that_is_none_is_refused_with_those_there_are),
        cmocka_unit_test(a_system_without_a_known_way_to_wgs84_is_not_guessed),
        cmocka_unit_test(where_a_system_has_a_way_to_wgs84_by_region_none_is_used_elsewhere),
        cmocka_unit_test(other_systems_of_epsg_go_there_and_back),
        cmocka_unit_test(published_pairs_are_met),
        cmocka_unit_test(there_and_back_is_a_tenth_of_a_millimetre_wherever_the_formula_shifts),
        cmocka_unit_test(nothing_outside_is_shifted_either_way),
        cmocka_unit_test(every_zone_of_cgcs2000_agrees_with_kruegers_series_to_the_millimetre),
        cmocka_unit_test(cgcs2000_is_longitude_first_and_within_a_metre_of_wgs84),
        cmocka_unit_test(a_position_that_cannot_be_is_named_with_what_it_looks_like),
        cmocka_unit_test(a_position_beside_the_zone_is_not_projected_either),
        cmocka_unit_test(of_many_the_first_wrong_one_is_named_and_the_others_are_converted),
        cmocka_unit_test(a_failed_allocation_leaves_nothing),
        cmocka_unit_test(threads_with_systems_of_their_own_do_not_meet),
        cmocka_unit_test(a_swapped_pair_is_told_by_where_the_network_is),
        cmocka_unit_test(a_network_in_another_system_is_converted_with_its_lengths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
