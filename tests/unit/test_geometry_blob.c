/* Geometry blobs: what is written is read back, what is damaged is refused with a reason. */
#include "gis/geometry_blob.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/cmocka_all.h"
#include "tests/support/random.h"

enum { POINTS = 5, LINE_BYTES = 8 + 32 + 5 + 4 + POINTS * 16, HEADER_BYTES = 8 };

static const double LON[POINTS] = {-180, 120.75, 0, -0.5, 180};
static const double LAT[POINTS] = {90, 30.75, 0, 1e-300, -90};

static char reason[MU_GEOMETRY_REASON_BYTES];

/* Decode from a block that ends where the blob does, so that a sanitizer sees any step
 * beyond. */
static bool decode(mu_geometry_type type, const void *blob, size_t size) {
    mu_geometry geometry;
    void       *exact = malloc(size > 0 ? size : 1);
    assert_non_null(exact);
    memcpy(exact, blob, size);
    memset(reason, 0, sizeof reason);
    const bool is_sound = mu_geometry_decode(&geometry, type, exact, size, reason);
    if (is_sound) {
        double lon, lat;
        mu_geometry_point(&geometry, geometry.point_count - 1, &lon, &lat);
        assert_true(isfinite(lon) && isfinite(lat));
    }
    free(exact);
    return is_sound;
}

static void check_refused(mu_geometry_type type, const void *blob, size_t size,
                          const char *expected) {
    assert_false(decode(type, blob, size));
    assert_string_equal(reason, expected);
}

static mu_bounds make_line(unsigned char out[LINE_BYTES]) {
    mu_bounds bounds;
    assert_int_equal(mu_line_blob_bytes(POINTS), LINE_BYTES);
    mu_line_blob_encode(out, POINTS, LON, LAT, &bounds);
    return bounds;
}

/* ---- there and back ------------------------------------------------------------------ */

static void a_point_comes_back_bit_by_bit(void **state) {
    (void)state;
    for (int i = 0; i < POINTS; ++i) {
        unsigned char blob[MU_POINT_BLOB_BYTES];
        mu_geometry   point;
        double        lon, lat;
        mu_point_blob_encode(blob, LON[i], LAT[i]);
        assert_true(mu_geometry_decode(&point, MU_GEOMETRY_POINT, blob, sizeof blob, reason));
        assert_int_equal(point.point_count, 1);
        mu_geometry_point(&point, 0, &lon, &lat);
        assert_true(lon == LON[i] && lat == LAT[i]);
    }
}

static void a_line_comes_back_with_its_bounds(void **state) {
    (void)state;
    unsigned char   blob[LINE_BYTES];
    mu_geometry     line;
    const mu_bounds bounds = make_line(blob);
    assert_true(bounds.min_lon == -180 && bounds.max_lon == 180);
    assert_true(bounds.min_lat == -90 && bounds.max_lat == 90);
    assert_true(mu_geometry_decode(&line, MU_GEOMETRY_LINE, blob, sizeof blob, reason));
    assert_int_equal(line.point_count, POINTS);
    for (uint32_t i = 0; i < POINTS; ++i) {
        double lon, lat;
        mu_geometry_point(&line, i, &lon, &lat);
        assert_true(lon == LON[i] && lat == LAT[i]);
    }
}

/* OGC 12-128r17, clause 2.1.3, byte by byte: header, byte order, type, x, y. */
static void a_point_is_written_as_the_standard_has_it(void **state) {
    (void)state;
    static const unsigned char EXPECTED[MU_POINT_BLOB_BYTES] = {
        'G', 'P', 0, 1, 0xE6, 0x10, 0, 0, 1, 1, 0, 0, 0, 0,   0,
        0,   0,   0, 0, 0xF0, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0xC0};
    unsigned char blob[MU_POINT_BLOB_BYTES];
    mu_point_blob_encode(blob, 1, -2);
    assert_memory_equal(blob, EXPECTED, sizeof EXPECTED);
}

static void swap(unsigned char *at, size_t bytes) {
    for (size_t i = 0; i < bytes / 2; ++i) {
        const unsigned char byte = at[i];
        at[i]                    = at[bytes - 1 - i];
        at[bytes - 1 - i]        = byte;
    }
}

/* Header and body say their byte order each for itself. */
static void big_endian_blobs_are_read_as_well(void **state) {
    (void)state;
    unsigned char blob[LINE_BYTES];
    mu_geometry   line;
    double        lon, lat;
    make_line(blob);
    unsigned char *body = blob + 8 + 32;
    body[0]             = 0;
    swap(body + 1, 4);
    swap(body + 5, 4);
    for (int i = 0; i < 2 * POINTS; ++i) swap(body + 9 + 8 * i, 8);
    for (int header = 0; header < 2; ++header) {
        assert_true(mu_geometry_decode(&line, MU_GEOMETRY_LINE, blob, sizeof blob, reason));
        mu_geometry_point(&line, 1, &lon, &lat);
        assert_true(lon == LON[1] && lat == LAT[1]);
        blob[3] &= 0xFE;
        swap(blob + 4, 4);
    }
}

static void the_envelope_is_passed_over_whatever_it_says(void **state) {
    (void)state;
    static const size_t DOUBLES[] = {0, 4, 6, 6, 8};
    for (unsigned kind = 0; kind <= 4; ++kind) {
        unsigned char point[MU_POINT_BLOB_BYTES], blob[MU_POINT_BLOB_BYTES + 64];
        const size_t  room = DOUBLES[kind] * sizeof(double);
        mu_point_blob_encode(point, 1, 2);
        memcpy(blob, point, HEADER_BYTES);
        memset(blob + HEADER_BYTES, 0xFF, room); /* NaN */
        memcpy(blob + HEADER_BYTES + room, point + HEADER_BYTES, sizeof point - HEADER_BYTES);
        blob[3] = (unsigned char)(1 | kind << 1);
        assert_true(decode(MU_GEOMETRY_POINT, blob, sizeof point + room));
    }
}

/* ---- what is damaged ----------------------------------------------------------------- */

static void a_blob_cut_anywhere_is_refused(void **state) {
    (void)state;
    unsigned char blob[LINE_BYTES + 1] = {0};
    make_line(blob);
    for (size_t size = 0; size < LINE_BYTES; ++size) {
        assert_false(decode(MU_GEOMETRY_LINE, blob, size));
        assert_true(reason[0] != 0);
    }
    check_refused(MU_GEOMETRY_LINE, blob, 3, "ends within its header (3 bytes left of 8)");
    check_refused(MU_GEOMETRY_LINE, blob, 20, "ends within its envelope (12 bytes left of 32)");
    check_refused(MU_GEOMETRY_LINE, blob, 44, "ends within its type (4 bytes left of 5)");
    check_refused(MU_GEOMETRY_LINE, blob, 46,
                  "ends within its number of points (1 bytes left of 4)");
    check_refused(MU_GEOMETRY_LINE, blob, LINE_BYTES - 1, "ends after 4 of 5 points");
    check_refused(MU_GEOMETRY_LINE, blob, LINE_BYTES + 1, "has 1 bytes behind its last point");
}

typedef struct wrong_byte {
    size_t        at;
    unsigned char value;
    const char   *reason;
} wrong_byte;

static void a_wrong_header_is_named(void **state) {
    (void)state;
    static const wrong_byte CASE[] = {
        {0, 'g', "is no GeoPackage geometry: it starts with bytes 67 50"},
        {2, 1, "has version 1; expected 0"},
        {3, 1 | 32, "is of an extended type; expected a plain one"},
        {3, 1 | 5 << 1, "has envelope kind 5; expected 0 to 4"},
        {3, 1 | 16, "is empty"},
        {4, 0x11,
         "has srs_id 4113; expected 4326 (WGS 84): ogr2ogr -t_srs EPSG:4326, or ST_Transform, converts"},
        {8, 2, "has byte order 2; expected 0 or 1"},
        {9, 2, "is a LINESTRING; expected a POINT"},
        {9, 9, "is of unknown type 9; expected a POINT"},
        {12, 0x20, "has an EWKB type with an SRID inside; expected a plain POINT"},
        {12, 0x80, "has Z or M values (type 2147483649); expected a two-dimensional POINT"},
    };
    for (size_t i = 0; i < sizeof CASE / sizeof *CASE; ++i) {
        unsigned char blob[MU_POINT_BLOB_BYTES];
        mu_point_blob_encode(blob, 1, 2);
        blob[CASE[i].at] = CASE[i].value;
        check_refused(MU_GEOMETRY_POINT, blob, sizeof blob, CASE[i].reason);
    }
}

static void coordinates_that_are_no_numbers_are_refused(void **state) {
    (void)state;
    unsigned char blob[LINE_BYTES], point[MU_POINT_BLOB_BYTES];
    mu_point_blob_encode(point, (double)NAN, (double)NAN);
    check_refused(MU_GEOMETRY_POINT, point, sizeof point, "is empty");
    mu_point_blob_encode(point, 120, (double)INFINITY);
    check_refused(MU_GEOMETRY_POINT, point, sizeof point, "has point 0 at (120, inf)");
    make_line(blob);
    memset(blob + LINE_BYTES - 8, 0xFF, 8);
    assert_false(decode(MU_GEOMETRY_LINE, blob, sizeof blob));
    assert_non_null(strstr(reason, "has point 4 at (180, "));
}

static void a_number_of_points_that_cannot_be_is_refused_before_it_is_multiplied(void **state) {
    (void)state;
    static const struct {
        unsigned char count[4];
        const char   *reason;
    } CASE[] = {{{0, 0, 0, 0}, "is empty"},
                {{1, 0, 0, 0}, "has 1 point; a line has 2 or more"},
                {{4, 0, 0, 0}, "has 16 bytes behind its last point"},
                {{0xFF, 0xFF, 0xFF, 0xFF}, "ends after 5 of 4294967295 points"},
                {{0, 0, 0, 0x10}, "ends after 5 of 268435456 points"}}; /* 2^32 bytes */
    for (size_t i = 0; i < sizeof CASE / sizeof *CASE; ++i) {
        unsigned char blob[LINE_BYTES];
        make_line(blob);
        memcpy(blob + 8 + 32 + 5, CASE[i].count, 4);
        check_refused(MU_GEOMETRY_LINE, blob, sizeof blob, CASE[i].reason);
    }
}

static void random_damage_is_refused_or_harmless(void **state) {
    (void)state;
    uint64_t rng = 7;
    for (int round = 0; round < 20000; ++round) {
        unsigned char blob[LINE_BYTES];
        make_line(blob);
        for (uint32_t hits = 1 + random_below(&rng, 4); hits > 0; --hits) {
            blob[random_below(&rng, LINE_BYTES)] = (unsigned char)random_u32(&rng);
        }
        const size_t size = random_below(&rng, 2) ? LINE_BYTES : random_below(&rng, LINE_BYTES);
        const mu_geometry_type type = random_below(&rng, 8) ? MU_GEOMETRY_LINE : MU_GEOMETRY_POINT;
        if (!decode(type, blob, size)) assert_true(reason[0] != 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_point_comes_back_bit_by_bit),
        cmocka_unit_test(a_line_comes_back_with_its_bounds),
        cmocka_unit_test(a_point_is_written_as_the_standard_has_it),
        cmocka_unit_test(big_endian_blobs_are_read_as_well),
        cmocka_unit_test(the_envelope_is_passed_over_whatever_it_says),
        cmocka_unit_test(a_blob_cut_anywhere_is_refused),
        cmocka_unit_test(a_wrong_header_is_named),
        cmocka_unit_test(coordinates_that_are_no_numbers_are_refused),
        cmocka_unit_test(a_number_of_points_that_cannot_be_is_refused_before_it_is_multiplied),
        cmocka_unit_test(random_damage_is_refused_or_harmless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
