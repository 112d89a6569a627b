/* The list of claims beside an array that is too simple to be wrong, and the queue of changes. */
#include "gis/held.h"

#include <stdio.h>
#include <string.h>

#include "gis/change_queue.h"
#include "tests/support/cmocka_all.h"
#include "tests/support/random.h"

enum { CLAIMS = 60 };

static muster_held made(int64_t claim, int64_t quantity, char code[16]) {
    snprintf(code, 16, "T%d-%d", (int)claim, (int)quantity);
    return (muster_held){.claim      = claim,
                         .code       = code,
                         .kind       = quantity % 2 ? "sandbag" : NULL,
                         .quantity   = quantity,
                         .dispatcher = "A"};
}

/* quantity[c] of claim c; 0: not there. */
static void check_same(const mu_held_list *list, const int64_t *quantity) {
    size_t at = 0;
    for (int64_t c = 0; c < CLAIMS; ++c) {
        char code[16];
        if (quantity[c] == 0) continue;
        const muster_held expected = made(c, quantity[c], code);
        assert_true(at < list->count);
        const muster_held *found = &list->held[at++];
        assert_int_equal(found->claim, c);
        assert_int_equal(found->quantity, quantity[c]);
        assert_string_equal(found->code, expected.code);
        assert_string_equal(found->dispatcher, "A");
        assert_true((found->kind != NULL) == (quantity[c] % 2 == 1));
        assert_null(found->incident);
    }
    assert_int_equal(list->count, at);
}

static void any_sequence_leaves_what_it_should(void **state) {
    (void)state;
    mu_held_list list             = {0};
    int64_t      quantity[CLAIMS] = {0};
    uint64_t     rng              = 1;
    for (int round = 0; round < 5000; ++round) {
        const uint32_t claim = random_below(&rng, CLAIMS);
        char           code[16];
        if (random_below(&rng, 2)) {
            const int64_t     wanted = 1 + random_below(&rng, 9);
            const muster_held held   = made(claim, wanted, code);
            mu_gis_alloc_fail_after(random_below(&rng, 4)); /* now and then */
            if (mu_held_put(&list, &held) == MUSTER_OK) quantity[claim] = wanted;
            mu_gis_alloc_fail_after(-1);
        } else {
            mu_held_remove(&list, claim);
            quantity[claim] = 0;
        }
        if (round % 2000 == 1999) {
            mu_held_clear(&list);
            memset(quantity, 0, sizeof quantity);
        }
        check_same(&list, quantity);
    }
    mu_held_fini(&list);
    assert_int_equal(list.count, 0);
}

/* ---- changes ------------------------------------------------------------------------- */

static void put(mu_changes *changes, int64_t number) {
    char                     code[16];
    const muster_live_change change = {.number = number, .subject = "vehicle", .code = code};
    snprintf(code, sizeof code, "V%d", (int)number);
    assert_int_equal(mu_changes_put(changes, &change), MUSTER_OK);
}

static void changes_come_out_in_the_order_they_went_in(void **state) {
    (void)state;
    mu_changes all = {0}, more = {0};
    assert_null(mu_changes_take(&all));
    mu_changes_append(&all, &more); /* of nothing */
    for (int64_t n = 0; n < 5; ++n) put(&all, n);
    for (int64_t n = 5; n < 9; ++n) put(&more, n);
    mu_changes_append(&all, &more);
    assert_int_equal(more.count, 0);
    assert_int_equal(all.count, 9);
    put(&all, 9);
    for (int64_t n = 0; n < 10; ++n) {
        char                      code[16];
        const muster_live_change *taken = mu_changes_take(&all);
        snprintf(code, sizeof code, "V%d", (int)n);
        assert_int_equal(taken->number, n);
        assert_string_equal(taken->code, code);
        assert_string_equal(taken->subject, "vehicle");
        assert_null(taken->scenario);
    }
    assert_null(mu_changes_take(&all));
    put(&all, 10);
    mu_changes_clear(&all);
    assert_int_equal(all.count, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_sequence_leaves_what_it_should),
        cmocka_unit_test(changes_come_out_in_the_order_they_went_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
