/* Random numbers without a state, and what is made of them: published vectors, independence, and the
 * distributions by chi-square and Kolmogorov-Smirnov on fixed seeds. */
#include "simulation/draw.h"

#include <math.h>
#include <stdlib.h>

#include "tests/support/cmocka_all.h"

enum { DRAWS = 20000, BINS = 100 };

/* Of Random123 1.09, kat_vectors: philox4x32, 10 rounds. */
static void philox_gives_the_published_numbers(void **state) {
    static const uint32_t COUNTER[3][4] = {{0, 0, 0, 0},
                                           {0xFFFFFFFFu, 0xFFFFFFFFu, 0xFFFFFFFFu, 0xFFFFFFFFu},
                                           {0x243F6A88u, 0x85A308D3u, 0x13198A2Eu, 0x03707344u}};
    static const uint32_t KEY[3][2]     = {
            {0, 0}, {0xFFFFFFFFu, 0xFFFFFFFFu}, {0xA4093822u, 0x299F31D0u}};
    static const uint32_t EXPECTED[3][4] = {{0x6627E8D5u, 0xE169C58Du, 0xBC57AC4Cu, 0x9B00DBD8u},
                                            {0x408F276Du, 0x41C83B0Eu, 0xA20BC7C6u, 0x6D5451FDu},
                                            {0xD16CFE09u, 0x94FDCCEBu, 0x5001E420u, 0x24126EA1u}};
    (void)state;
    for (int v = 0; v < 3; ++v) {
        uint32_t out[4];
        mu_philox(COUNTER[v], KEY[v], out);
        assert_memory_equal(out, EXPECTED[v], sizeof out);
    }
}

/* The same for ever: courses that were published must not change. */
static void a_draw_is_the_same_in_every_version(void **state) {
    const mu_stream s = mu_stream_of(1, 0, MU_DRAW_CALL_PLACE, "flooded-village");
    const mu_stream t = mu_stream_of_two(1, 7, MU_DRAW_TURNOUT, "TM-0001", "flooded-village-3");
    (void)state;
    assert_true(s.key == UINT64_C(0x51493A788B450A90));
    assert_true(mu_draw(s, 0, 0) == UINT64_C(0xE059F141EA03C2B4));
    assert_true(mu_draw(s, 41, 2) == UINT64_C(0xE23986F320EFAE82));
    assert_true(t.key == UINT64_C(0x25DF4811ECD7CD30));
}

static void every_part_of_what_is_asked_for_counts(void **state) {
    const mu_stream s   = mu_stream_of(1, 2, MU_DRAW_CALL_TIME, "a");
    const uint64_t  own = mu_draw(s, 3, 0);
    (void)state;
    assert_true(own == mu_draw(mu_stream_of(1, 2, MU_DRAW_CALL_TIME, "a"), 3, 0));
    assert_true(own != mu_draw(mu_stream_of(2, 2, MU_DRAW_CALL_TIME, "a"), 3, 0));
    assert_true(own != mu_draw(mu_stream_of(1, 3, MU_DRAW_CALL_TIME, "a"), 3, 0));
    assert_true(own != mu_draw(mu_stream_of(1, 2, MU_DRAW_CALL_PLACE, "a"), 3, 0));
    assert_true(own != mu_draw(mu_stream_of(1, 2, MU_DRAW_CALL_TIME, "b"), 3, 0));
    assert_true(own != mu_draw(mu_stream_of(1, 2, MU_DRAW_CALL_TIME, NULL), 3, 0));
    assert_true(own != mu_draw(s, 4, 0));
    assert_true(own != mu_draw(s, 3, 1));
}

static void two_entities_are_not_one_with_a_longer_name(void **state) {
    const mu_stream ab_c = mu_stream_of_two(1, 2, MU_DRAW_TURNOUT, "ab", "c");
    const mu_stream a_bc = mu_stream_of_two(1, 2, MU_DRAW_TURNOUT, "a", "bc");
    const mu_stream abc  = mu_stream_of(1, 2, MU_DRAW_TURNOUT, "abc");
    (void)state;
    assert_true(ab_c.key != a_bc.key && ab_c.key != abc.key && a_bc.key != abc.key);
}

/* 1 in 1,000 by chance, and the seed is fixed: chi-square with 99 degrees of freedom. */
static const double CHI_SQUARE_MOST = 148.23;

static void units_fill_the_interval_evenly(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < 5; ++seed) {
        const mu_stream s         = mu_stream_of(seed, 0, MU_DRAW_CALL_PLACE, "x");
        uint32_t        bin[BINS] = {0};
        double          chi       = 0;
        for (uint32_t i = 0; i < DRAWS; ++i) {
            const double u = mu_draw_unit(s, i, 0);
            assert_true(u > 0 && u < 1);
            ++bin[(uint32_t)(u * BINS)];
        }
        for (int b = 0; b < BINS; ++b) {
            const double expected = (double)DRAWS / BINS, off = bin[b] - expected;
            chi += off * off / expected;
        }
        assert_true(chi < CHI_SQUARE_MOST);
    }
}

/* Neighbours in index, lane, replication and entity: pairs fill a square of 10 by 10. */
static void neighbours_are_independent(void **state) {
    (void)state;
    for (int kind = 0; kind < 4; ++kind) {
        uint32_t bin[BINS] = {0};
        double   chi       = 0;
        for (uint32_t i = 0; i < DRAWS; ++i) {
            const mu_stream s   = mu_stream_of(9, i, MU_DRAW_CALL_PLACE, "call-1");
            const mu_stream one = mu_stream_of(9, 0, MU_DRAW_CALL_PLACE, "call-1");
            const double    x   = kind < 2 ? mu_draw_unit(one, i, 0) : mu_draw_unit(s, 0, 0);
            const double    y =
                kind == 0   ? mu_draw_unit(one, i + 1, 0)
                   : kind == 1 ? mu_draw_unit(one, i, 1)
                   : kind == 2
                       ? mu_draw_unit(mu_stream_of(9, i + 1, MU_DRAW_CALL_PLACE, "call-1"), 0, 0)
                       : mu_draw_unit(mu_stream_of(9, i, MU_DRAW_CALL_PLACE, "call-2"), 0, 0);
            ++bin[(uint32_t)(x * 10) * 10 + (uint32_t)(y * 10)];
        }
        for (int b = 0; b < BINS; ++b) {
            const double expected = (double)DRAWS / BINS, off = bin[b] - expected;
            chi += off * off / expected;
        }
        assert_true(chi < CHI_SQUARE_MOST);
    }
}

static void whole_numbers_below_a_count_are_all_there(void **state) {
    const mu_stream s       = mu_stream_of(3, 0, MU_DRAW_ROAD_WHICH, "x");
    uint32_t        seen[7] = {0};
    double          chi     = 0;
    (void)state;
    for (uint32_t i = 0; i < DRAWS; ++i) {
        const uint64_t n = mu_draw_below(s, i, 0, 7);
        assert_true(n < 7);
        ++seen[n];
        assert_int_equal(mu_draw_below(s, i, 0, 1), 0);
        /* The upper half of the product, as 128 bits have it. */
        const uint64_t                          large = UINT64_C(0xFEDCBA9876543210) - i;
        __extension__ typedef unsigned __int128 wide;
        assert_true(mu_draw_below(s, i, 0, large) ==
                    (uint64_t)((wide)mu_draw(s, i, 0) * large >> 64));
    }
    for (int n = 0; n < 7; ++n) {
        const double expected = DRAWS / 7.0, off = seen[n] - expected;
        chi += off * off / expected;
    }
    assert_true(chi < 22.46); /* 1 in 1,000 of 6 degrees of freedom */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(philox_gives_the_published_numbers),
        cmocka_unit_test(a_draw_is_the_same_in_every_version),
        cmocka_unit_test(every_part_of_what_is_asked_for_counts),
        cmocka_unit_test(two_entities_are_not_one_with_a_longer_name),
        cmocka_unit_test(units_fill_the_interval_evenly),
        cmocka_unit_test(neighbours_are_independent),
        cmocka_unit_test(whole_numbers_below_a_count_are_all_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
