/* Values as PostgreSQL sends them, and what no PostgreSQL sends. */
#include "gis/postgis_cell.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gis/geometry_blob.h"
#include "tests/support/cmocka_all.h"
#include "tests/support/random.h"

enum { GEOMETRY_OID = 17411, ROOM = 256 };

/* A value with its length before it, as in a row. */
typedef struct wire {
    unsigned char bytes[MU_COPY_LENGTH_BYTES + ROOM];
    uint32_t      size;
    char          moment[MU_INSTANT_BYTES];
} wire;

/* Bytes from hexadecimal digits. */
static mu_cell decode(wire *w, mu_postgis_type type, const char *hex) {
    mu_cell cell;
    w->size = (uint32_t)strlen(hex) / 2;
    for (uint32_t i = 0; i < w->size; ++i) {
        const char digits[3]               = {hex[2 * i], hex[2 * i + 1], 0};
        w->bytes[MU_COPY_LENGTH_BYTES + i] = (unsigned char)strtoul(digits, NULL, 16);
    }
    assert_true(mu_postgis_cell(&cell, type, w->bytes + MU_COPY_LENGTH_BYTES, w->size, w->moment));
    return cell;
}

static void types_are_told_by_their_identifiers(void **state) {
    (void)state;
    assert_int_equal(mu_postgis_type_of(16, GEOMETRY_OID), MU_POSTGIS_BOOLEAN);
    assert_int_equal(mu_postgis_type_of(23, GEOMETRY_OID), MU_POSTGIS_INT);
    assert_int_equal(mu_postgis_type_of(701, GEOMETRY_OID), MU_POSTGIS_FLOAT);
    assert_int_equal(mu_postgis_type_of(1043, GEOMETRY_OID), MU_POSTGIS_TEXT);
    assert_int_equal(mu_postgis_type_of(1184, GEOMETRY_OID), MU_POSTGIS_MOMENT);
    assert_int_equal(mu_postgis_type_of(GEOMETRY_OID, GEOMETRY_OID), MU_POSTGIS_GEOMETRY);
    assert_int_equal(mu_postgis_type_of(114, GEOMETRY_OID), MU_POSTGIS_BYTES);
    assert_int_equal(mu_postgis_type_of(0, 0), MU_POSTGIS_BYTES); /* without PostGIS */
}

static void whole_numbers_have_two_four_or_eight_bytes(void **state) {
    (void)state;
    wire w;
    assert_int_equal(decode(&w, MU_POSTGIS_BOOLEAN, "01").whole, 1);
    assert_int_equal(decode(&w, MU_POSTGIS_INT, "FFFE").whole, -2);
    assert_int_equal(decode(&w, MU_POSTGIS_INT, "80000000").whole, INT32_MIN);
    assert_true(decode(&w, MU_POSTGIS_INT, "7FFFFFFFFFFFFFFF").whole == INT64_MAX);
    assert_true(decode(&w, MU_POSTGIS_INT, "8000000000000000").whole == INT64_MIN);
}

static void numbers_are_exact(void **state) {
    (void)state;
    wire w;
    assert_true(decode(&w, MU_POSTGIS_FLOAT, "3FB999999999999A").real == 0.1);
    assert_true(decode(&w, MU_POSTGIS_FLOAT, "3DCCCCCD").real == (double)0.1F);
    assert_true(isnan(decode(&w, MU_POSTGIS_FLOAT, "7FF8000000000000").real));
}

typedef struct numeric {
    const char  *hex;
    mu_cell_type type;
    double       value;
} numeric;

/* What numeric_send gives: number of digits, weight, sign, scale, digits. */
static void numerics_are_whole_where_they_can_be(void **state) {
    (void)state;
    static const numeric CASE[] = {
        {"0000000000000000", MU_CELL_INT, 0},
        {"00010000000000000014", MU_CELL_INT, 20},
        {"00010001000000000001", MU_CELL_INT, 10000},
        {"00010000400000000007", MU_CELL_INT, -7},
        {"0002000100000000000107D0", MU_CELL_INT, 12000},
        {"0002000000000001005A1388", MU_CELL_REAL, 90.5},
        {"00020000400000020001001E", MU_CELL_REAL, -1.003},
        {"0001FFFF000000010FA0", MU_CELL_REAL, 0.4},
        {"0001FFFE000000050FA0", MU_CELL_REAL, 0.00004},
        {"00010005000000000001", MU_CELL_REAL, 1e20}, /* more than fits */
    };
    for (size_t i = 0; i < sizeof CASE / sizeof *CASE; ++i) {
        wire          w;
        const mu_cell cell = decode(&w, MU_POSTGIS_NUMERIC, CASE[i].hex);
        assert_int_equal(cell.type, CASE[i].type);
        const double value = cell.type == MU_CELL_INT ? (double)cell.whole : cell.real;
        if (!(value == CASE[i].value)) fail_msg("%s: %.17g", CASE[i].hex, value);
    }
    wire w;
    assert_true(isnan(decode(&w, MU_POSTGIS_NUMERIC, "00000000C0000000").real));
}

static void a_numeric_with_more_bytes_than_digits_is_none(void **state) {
    (void)state;
    unsigned char bytes[MU_COPY_LENGTH_BYTES + 12] = {[MU_COPY_LENGTH_BYTES + 1] = 1};
    mu_cell       cell;
    assert_false(
        mu_postgis_cell(&cell, MU_POSTGIS_NUMERIC, bytes + MU_COPY_LENGTH_BYTES, 12, NULL));
    assert_true(mu_postgis_cell(&cell, MU_POSTGIS_NUMERIC, bytes + MU_COPY_LENGTH_BYTES, 10, NULL));
}

static void texts_end_with_a_nul_and_spoil_nothing_behind(void **state) {
    (void)state;
    wire w;
    memset(w.bytes, 0xAB, sizeof w.bytes);
    mu_cell cell = decode(&w, MU_POSTGIS_TEXT, "E58D97E6B996");
    assert_string_equal(cell.bytes, "南湖");
    assert_int_equal(cell.size, 6);
    assert_int_equal(w.bytes[MU_COPY_LENGTH_BYTES + 6], 0xAB);
    cell = decode(&w, MU_POSTGIS_TEXT, "");
    assert_string_equal(cell.bytes, "");
    assert_int_equal(cell.size, 0);
}

static void moments_become_texts_to_the_second(void **state) {
    (void)state;
    wire w;
    assert_string_equal(decode(&w, MU_POSTGIS_MOMENT, "0000000000000000").bytes,
                        "2000-01-01T00:00:00Z");
    assert_string_equal(decode(&w, MU_POSTGIS_MOMENT, "00000000000F423F").bytes,
                        "2000-01-01T00:00:00Z"); /* 999,999 us */
    assert_string_equal(decode(&w, MU_POSTGIS_MOMENT, "FFFFFFFFFFFFFFFF").bytes,
                        "1999-12-31T23:59:59Z");
    assert_string_equal(decode(&w, MU_POSTGIS_MOMENT, "7FFFFFFFFFFFFFFF").bytes, "after year 9999");
    assert_string_equal(decode(&w, MU_POSTGIS_MOMENT, "8000000000000000").bytes, "before year 1");
}

static void geometries_are_those_of_a_geopackage(void **state) {
    (void)state;
    wire        w;
    mu_geometry point;
    char        reason[MU_GEOMETRY_REASON_BYTES];
    double      lon, lat;
    mu_cell     cell =
        decode(&w, MU_POSTGIS_GEOMETRY, "0101000020E6100000CDCCCCCCCC2C5E400000000000803E40");
    if (!mu_geometry_decode(&point, MU_GEOMETRY_POINT, cell.bytes, cell.size, reason))
        fail_msg("%s", reason);
    mu_geometry_point(&point, 0, &lon, &lat);
    assert_true(lon == 120.7 && lat == 30.5);
    /* Big-endian, as from a server of another make. */
    cell = decode(&w, MU_POSTGIS_GEOMETRY, "0020000001000010E6405E2CCCCCCCCCCD403E800000000000");
    assert_true(mu_geometry_decode(&point, MU_GEOMETRY_POINT, cell.bytes, cell.size, reason));
    mu_geometry_point(&point, 0, &lon, &lat);
    assert_true(lon == 120.7 && lat == 30.5);
}

static void a_geometry_in_another_system_or_in_none_is_told(void **state) {
    (void)state;
    static const char *const CASE[][2] = {
        {"0101000020110F0000CDCCCCCCCC2C5E400000000000803E40",
         "has srs_id 3857; expected 4326 (WGS 84): ogr2ogr -t_srs EPSG:4326, or ST_Transform, converts"},
        {"0101000000CDCCCCCCCC2C5E400000000000803E40",
         "has srs_id 0; expected 4326 (WGS 84): ogr2ogr -t_srs EPSG:4326, or ST_Transform, converts"},
        {"01010000A0E6100000CDCCCCCCCC2C5E400000000000803E400000000000803E40",
         "has Z or M values (type 1001); expected a two-dimensional POINT"},
        {"0106000020E610000000000000", "is a MULTIPOLYGON; expected a POINT"},
    };
    for (size_t i = 0; i < sizeof CASE / sizeof *CASE; ++i) {
        wire          w;
        mu_geometry   point;
        char          reason[MU_GEOMETRY_REASON_BYTES];
        const mu_cell cell = decode(&w, MU_POSTGIS_GEOMETRY, CASE[i][0]);
        assert_false(mu_geometry_decode(&point, MU_GEOMETRY_POINT, cell.bytes, cell.size, reason));
        assert_string_equal(reason, CASE[i][1]);
    }
}

/* In memory of exactly that size, so that a sanitizer sees a byte too far. */
static void any_bytes_are_a_value_or_none(void **state) {
    (void)state;
    uint64_t rng = 9;
    char     moment[MU_INSTANT_BYTES];
    for (int round = 0; round < 200000; ++round) {
        const uint32_t size  = (uint32_t)(random_u32(&rng) % 48);
        unsigned char *bytes = malloc(MU_COPY_LENGTH_BYTES + size);
        assert_non_null(bytes);
        for (uint32_t i = 0; i < size; ++i) {
            const uint32_t r                = random_u32(&rng);
            bytes[MU_COPY_LENGTH_BYTES + i] = (unsigned char)(r % 3 ? r >> 8 & 3 : r >> 8);
        }
        mu_cell               cell;
        mu_geometry           line;
        char                  reason[MU_GEOMETRY_REASON_BYTES];
        const mu_postgis_type type =
            (mu_postgis_type)(random_u32(&rng) % (MU_POSTGIS_GEOMETRY + 1));
        if (mu_postgis_cell(&cell, type, bytes + MU_COPY_LENGTH_BYTES, size, moment)) {
            if (type == MU_POSTGIS_TEXT) assert_true(strlen(cell.bytes) <= size);
            if (type == MU_POSTGIS_GEOMETRY)
                (void)mu_geometry_decode(&line, MU_GEOMETRY_LINE, cell.bytes, cell.size, reason);
        }
        free(bytes);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_are_told_by_their_identifiers),
        cmocka_unit_test(whole_numbers_have_two_four_or_eight_bytes),
        cmocka_unit_test(numbers_are_exact),
        cmocka_unit_test(numerics_are_whole_where_they_can_be),
        cmocka_unit_test(a_numeric_with_more_bytes_than_digits_is_none),
        cmocka_unit_test(texts_end_with_a_nul_and_spoil_nothing_behind),
        cmocka_unit_test(moments_become_texts_to_the_second),
        cmocka_unit_test(geometries_are_those_of_a_geopackage),
        cmocka_unit_test(a_geometry_in_another_system_or_in_none_is_told),
        cmocka_unit_test(any_bytes_are_a_value_or_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
