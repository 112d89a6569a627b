/* Moments to the microsecond: every day there is, both ways, and what is none. */
#include "gis/instant.h"

#include <stdio.h>
#include <string.h>

#include "gis/moment.h"
#include "tests/support/cmocka_all.h"

static void every_day_is_written_as_it_is_read(void **state) {
    (void)state;
    char    text[MU_INSTANT_BYTES], before[MU_INSTANT_BYTES] = "";
    int64_t us, s, days = 0;
    assert_true(mu_instant_read("0001-01-01T00:00:00Z", 20, &us));
    for (; mu_instant_is_possible(us); us += INT64_C(86400) * MU_SECOND_US, ++days) {
        mu_instant_write(text, us);
        assert_true(strcmp(before, text) < 0);
        assert_true(mu_moment_parse(text, &s)); /* which counts days in another way */
        assert_true(s * MU_SECOND_US == us);
        memcpy(before, text, sizeof before);
    }
    assert_string_equal(before, "9999-12-31T00:00:00Z");
    assert_int_equal(days, 3652059);
}

static void fractions_are_kept_and_written_without_zeros_at_their_end(void **state) {
    (void)state;
    static const char *const TEXT[] = {"2026-07-01T06:30:00.5Z", "1969-12-31T23:59:59.999999Z",
                                       "2026-07-01T06:30:00.000001Z", "0001-01-01T00:00:00.123Z",
                                       "9999-12-31T23:59:59.99999Z"};
    for (size_t i = 0; i < sizeof TEXT / sizeof *TEXT; ++i) {
        char    text[MU_INSTANT_BYTES];
        int64_t us;
        assert_true(mu_instant_read(TEXT[i], strlen(TEXT[i]), &us));
        mu_instant_write(text, us);
        assert_string_equal(text, TEXT[i]);
    }
    int64_t us;
    assert_true(mu_instant_read("1969-12-31T23:59:59.999999Z", 27, &us));
    assert_true(us == -1);
    assert_true(mu_instant_read("1970-01-01T00:00:00.10Z", 23, &us));
    assert_true(us == 100000);
}

static void what_is_no_moment_is_refused(void **state) {
    (void)state;
    static const char *const TEXT[] = {"",
                                       "Z",
                                       "2026-07-01T06:30:00",
                                       "2026-07-01T06:30:00.Z",
                                       "2026-07-01T06:30:00.1234567Z",
                                       "2026-07-01T06:30:00,5Z",
                                       "2026-07-01T06:30:00.5 Z",
                                       "2026-07-01T06:30:00.-5Z",
                                       "2026-07-01T06:30:00.5z",
                                       "2026-02-29T06:30:00Z",
                                       "2026-07-01T06:30:60Z",
                                       "2026-07-01 06:30:00Z",
                                       "0000-07-01T06:30:00Z",
                                       "2026-07-01T06:30:00+00:00"};
    for (size_t i = 0; i < sizeof TEXT / sizeof *TEXT; ++i) {
        int64_t us;
        assert_false(mu_instant_read(TEXT[i], strlen(TEXT[i]), &us));
    }
    assert_false(mu_instant_is_possible(INT64_MIN));
    assert_false(mu_instant_is_possible(INT64_MAX));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_is_written_as_it_is_read),
        cmocka_unit_test(fractions_are_kept_and_written_without_zeros_at_their_end),
        cmocka_unit_test(what_is_no_moment_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
