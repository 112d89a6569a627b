/* Well-known binary: whole ones in both byte orders, and what is broken anywhere. */
#include "gis/wkb.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "gis/geojson.h"
#include "tests/support/cmocka_all.h"
#include "tests/support/decimal_comma.h"
#include "tests/support/random.h"

enum { MOST_BYTES = 4000 };

typedef struct shape {
    unsigned char bytes[MOST_BYTES];
    size_t        size;
    bool          is_big; /* endian */
} shape;

static void put(shape *s, uint64_t bits, int bytes) {
    for (int i = 0; i < bytes; ++i) {
        const int shift     = s->is_big ? bytes - 1 - i : i;
        s->bytes[s->size++] = (unsigned char)(bits >> 8 * shift);
    }
}

static void put_double(shape *s, double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    put(s, bits, 8);
}

static void put_type(shape *s, uint32_t type) {
    s->bytes[s->size++] = s->is_big ? 0 : 1;
    put(s, type, 4);
}

static void put_points(shape *s, uint64_t *rng, uint32_t count, bool is_ring) {
    const size_t first = s->size + 4;
    put(s, count, 4);
    for (uint32_t i = 0; i + is_ring < count; ++i) {
        put_double(s, (double)(random_u32(rng) % 360) - 180);
        put_double(s, (double)(random_u32(rng) % 180) - 90);
    }
    if (!is_ring) return;
    memcpy(s->bytes + s->size, s->bytes + first, 16);
    s->size += 16;
}

/* Any geometry that is whole. */
static void put_any(shape *s, uint64_t *rng, uint32_t type) {
    put_type(s, type);
    if (type == 1) {
        put_double(s, 120.75);
        put_double(s, -30.5);
    } else if (type == 2) {
        put_points(s, rng, 2 + random_u32(rng) % 5, false);
    } else if (type == 3) {
        const uint32_t rings = 1 + random_u32(rng) % 3;
        put(s, rings, 4);
        for (uint32_t r = 0; r < rings; ++r) put_points(s, rng, 4 + random_u32(rng) % 4, true);
    } else {
        const uint32_t parts = 1 + random_u32(rng) % 3;
        put(s, parts, 4);
        for (uint32_t p = 0; p < parts; ++p) { /* each part may be in another byte order */
            s->is_big = random_u32(rng) % 2;
            put_any(s, rng, type - 3);
        }
    }
}

static bool judge(const shape *s, uint32_t shapes, mu_bounds *bounds) {
    char reason[MU_REASON_BYTES] = "";
    /* At the very end of a block of its own: a byte too far is found by the sanitizer. */
    char *copy = malloc(s->size + 1);
    assert_non_null(copy);
    memcpy(copy, s->bytes, s->size);
    char *exact = realloc(copy, s->size > 0 ? s->size : 1);
    assert_non_null(exact);
    const bool is_whole = mu_wkb_judge(exact, s->size, shapes, bounds, reason);
    char       shown[MU_SHOWN_BYTES];
    mu_wkb_show(shown, sizeof shown, exact, s->size);
    free(exact);
    assert_true(is_whole == (reason[0] == 0));
    return is_whole;
}

static void what_is_whole_is_taken_in_any_byte_order(void **state) {
    (void)state;
    uint64_t rng = 7;
    for (int round = 0; round < 600; ++round) {
        const uint32_t type = 1 + (uint32_t)round % 6;
        shape          s    = {.is_big = random_u32(&rng) % 2};
        mu_bounds      bounds;
        put_any(&s, &rng, type);
        assert_true(judge(&s, 1u << type, &bounds));
        assert_true(bounds.min_lon <= bounds.max_lon && bounds.min_lat <= bounds.max_lat);
        assert_false(judge(&s, (MU_SHAPE_ANY & ~(1u << type)), &bounds));
        s.bytes[s.size++] = 0;
        assert_false(judge(&s, 1u << type, &bounds));
    }
}

static void what_is_cut_anywhere_is_refused(void **state) {
    (void)state;
    uint64_t rng = 8;
    for (uint32_t type = 1; type <= 6; ++type) {
        shape     s = {0};
        mu_bounds bounds;
        put_any(&s, &rng, type);
        for (const size_t whole = s.size; s.size-- > 0 && s.size < whole;) {
            assert_false(judge(&s, MU_SHAPE_ANY, &bounds));
            if (s.size == 0) break;
        }
    }
}

static void random_damage_is_refused_or_harmless(void **state) {
    (void)state;
    uint64_t rng  = 9;
    int      kept = 0;
    for (int round = 0; round < 60000; ++round) {
        shape     s = {.is_big = random_u32(&rng) % 2};
        mu_bounds bounds;
        put_any(&s, &rng, 1 + random_u32(&rng) % 6);
        for (uint32_t i = 0; i < 1 + random_u32(&rng) % 3; ++i) {
            s.bytes[random_u32(&rng) % s.size] = (unsigned char)random_u32(&rng);
        }
        if (!judge(&s, MU_SHAPE_ANY, &bounds)) continue;
        assert_true(bounds.min_lon >= -180 && bounds.max_lon <= 180 && bounds.min_lat >= -90 &&
                    bounds.max_lat <= 90);
        ++kept;
    }
    assert_true(kept > 100);
}

static void headers_lead_to_the_geometry_and_say_its_reference_system(void **state) {
    (void)state;
    unsigned char   blob[MU_BLOB_HEADER_BYTES + 100], ewkb[MU_EWKB_HEADER_BYTES];
    char            reason[MU_REASON_BYTES];
    const mu_bounds bounds = {1, 2, 3, 4};
    uint64_t        rng    = 1;
    for (int is_big = 0; is_big < 2; ++is_big) {
        shape s = {.is_big = is_big};
        put_any(&s, &rng, 2);
        const size_t header = mu_wkb_blob_header(blob, false, &bounds);
        assert_int_equal(header, MU_BLOB_HEADER_BYTES);
        assert_int_equal(mu_wkb_in_blob(blob, header + 1, reason), header);
        assert_int_equal(mu_wkb_in_blob(blob, header - 1, reason), 0);
        assert_int_equal(mu_wkb_blob_header(blob, true, &bounds), 8);
        assert_int_equal(mu_wkb_in_blob(blob, 8, reason), 8);
        mu_wkb_ewkb_header(ewkb, (const char *)s.bytes);
        const unsigned char little[] = {1, 2, 0, 0, 0x20, 0xE6, 0x10, 0, 0};
        const unsigned char big[]    = {0, 0x20, 0, 0, 2, 0, 0, 0x10, 0xE6};
        assert_memory_equal(ewkb, is_big ? big : little, sizeof ewkb);
    }
}

static void numbers_are_read_as_they_were_written(void **state) {
    (void)state;
    static const double ODD[] = {
        0.0,     -0.0,   5e-324, DBL_MIN, DBL_MAX, -DBL_MAX, 0.1,
        1.0 / 3, 120.75, 1e15,   1e16,    1e22,    1e23,     9007199254740993.0};
    char     text[MU_JSON_NUMBER_BYTES];
    double   back;
    uint64_t rng = 3;
    begin_decimal_comma();
    for (int i = 0; i < 200000; ++i) {
        double value;
        if (i < (int)(sizeof ODD / sizeof *ODD)) {
            value = ODD[i];
        } else {
            const uint64_t bits = (uint64_t)random_u32(&rng) << 32 | random_u32(&rng);
            memcpy(&value, &bits, sizeof value);
            if (!(value - value == 0)) continue; /* infinite, or not a number */
        }
        mu_json_write_number(text, value);
        assert_true(mu_json_read_number(text, strlen(text), &back));
        assert_memory_equal(&back, &value, sizeof value);
    }
    mu_json_write_number(text, 120.75);
    assert_string_equal(text, "120.75");
    mu_json_write_number(text, 5);
    assert_string_equal(text, "5.0");
    end_decimal_comma();
    static const char *const NONE[] = {"",      "nan", "inf", "-",  "1,5",   "0x10",
                                       "1e400", "1 2", "+1",  ".5", "\"1\"", "true"};
    for (size_t i = 0; i < sizeof NONE / sizeof *NONE; ++i) {
        assert_false(mu_json_read_number(NONE[i], strlen(NONE[i]), &back));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_whole_is_taken_in_any_byte_order),
        cmocka_unit_test(what_is_cut_anywhere_is_refused),
        cmocka_unit_test(random_damage_is_refused_or_harmless),
        cmocka_unit_test(headers_lead_to_the_geometry_and_say_its_reference_system),
        cmocka_unit_test(numbers_are_read_as_they_were_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
