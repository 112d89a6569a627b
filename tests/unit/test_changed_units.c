/* The list of what has changed of units beside an array that is too simple to be wrong, and its rows. */
#include "gis/changed_units.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/cmocka_all.h"
#include "tests/support/random.h"

enum { UNITS = 6, PLACES = UNITS * 2 * MUSTER_ASPECT_COUNT };

/* Unit, whether it has a kind, and aspect, in the order of the list. */
static muster_changed_unit made(uint32_t place, int64_t quantity, char code[16]) {
    snprintf(code, 16, "W-%u", place / (2 * MUSTER_ASPECT_COUNT));
    return (muster_changed_unit){.resource = MUSTER_ITEM,
                                 .aspect   = (uint8_t)(place % MUSTER_ASPECT_COUNT),
                                 .code     = code,
                                 .kind     = place / MUSTER_ASPECT_COUNT % 2 ? "sandbag" : NULL,
                                 .actor    = "clerk",
                                 .quantity = quantity};
}

static void check_same(const mu_changed_list *list, const int64_t *quantity) {
    size_t at = 0;
    for (uint32_t p = 0; p < PLACES; ++p) {
        char code[16];
        if (quantity[p] == 0) continue;
        const muster_changed_unit expected = made(p, quantity[p], code);
        assert_true(at < list->count);
        const muster_changed_unit *found = &list->unit[at++];
        assert_string_equal(found->code, expected.code);
        assert_string_equal(found->actor, "clerk");
        assert_true((found->kind != NULL) == (expected.kind != NULL));
        assert_int_equal(found->aspect, expected.aspect);
        assert_int_equal(found->quantity, quantity[p]);
    }
    assert_int_equal(list->count, at);
}

static void the_latest_of_each_stays_in_order_also_without_memory(void **state) {
    (void)state;
    mu_changed_list list             = {0};
    int64_t         quantity[PLACES] = {0};
    uint64_t        rng              = 3;
    for (int round = 0; round < 3000; ++round) {
        char                      code[16];
        const uint32_t            place  = random_below(&rng, PLACES);
        const int64_t             wanted = 1 + random_below(&rng, 9);
        const muster_changed_unit unit   = made(place, wanted, code);
        mu_gis_alloc_fail_after(random_below(&rng, 4)); /* now and then */
        const muster_status status = mu_changed_put(&list, &unit);
        mu_gis_alloc_fail_after(-1);
        if (status == MUSTER_OK) quantity[place] = wanted;
        check_same(&list, quantity);
    }
    mu_changed_fini(&list);
    assert_int_equal(list.count, 0);
}

static const char *const ROW[MU_CHANGED_COLUMNS] = {"people",
                                                    "T-1",
                                                    "",
                                                    "shift",
                                                    "1782864000123456",
                                                    "clerk",
                                                    "true",
                                                    "405e2d70a3d70a3d",
                                                    "bfe0000000000000",
                                                    "true",
                                                    "12",
                                                    "1500",
                                                    "",
                                                    "60000"};

static void a_row_is_read_to_the_last_bit(void **state) {
    (void)state;
    muster_changed_unit u;
    assert_true(mu_changed_read(ROW, &u));
    assert_int_equal(u.resource, MUSTER_PEOPLE);
    assert_int_equal(u.aspect, MUSTER_ASPECT_SHIFT);
    assert_null(u.kind);
    assert_int_equal(u.at_us, INT64_C(1782864000123456));
    assert_true(u.lon_deg == 120.71 && u.lat_deg == -0.5);
    assert_true(u.is_there && u.is_available);
    assert_int_equal(u.quantity, 12);
    assert_int_equal(u.ready_ms, 1500);
    assert_int_equal(u.shift_end_ms, 0);
    assert_int_equal(u.duty_ms, 60000);
}

static void a_row_that_makes_no_sense_is_none(void **state) {
    (void)state;
    static const struct {
        int         column;
        const char *text;
    } SPOILT[] = {{0, "boat"},    {3, "colour"},           {4, ""}, {4, "1e9"}, {6, "yes"},
                  {7, "405e2d7"}, {7, "x05e2d70a3d70a3d"}, {9, ""}, {10, ""},   {11, "1.5"},
                  {13, "-"}};
    for (size_t i = 0; i < sizeof SPOILT / sizeof *SPOILT; ++i) {
        const char         *row[MU_CHANGED_COLUMNS];
        muster_changed_unit u;
        memcpy(row, ROW, sizeof row);
        row[SPOILT[i].column] = SPOILT[i].text;
        assert_false(mu_changed_read(row, &u));
    }
    assert_string_equal(muster_aspect_name(MUSTER_ASPECT_STOCK), "stock");
    assert_null(muster_aspect_name(MUSTER_ASPECT_COUNT));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_latest_of_each_stays_in_order_also_without_memory),
        cmocka_unit_test(a_row_is_read_to_the_last_bit),
        cmocka_unit_test(a_row_that_makes_no_sense_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
