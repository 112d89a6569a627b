/* Sets of keys, against a list that is searched from its beginning. */
#include "gis/key_set.h"

#include <string.h>

#include "gis/memory.h"
#include "tests/support/cmocka_all.h"
#include "tests/support/random.h"

enum { KEYS = 2000, KEY_BYTES = 4 };

static uint32_t find_in_list(const unsigned char (*list)[KEY_BYTES], const size_t *size,
                             uint32_t count, const unsigned char *key, size_t key_size) {
    for (uint32_t i = 0; i < count; ++i) {
        if (size[i] == key_size && memcmp(list[i], key, key_size) == 0) return i;
    }
    return MUSTER_NONE;
}

static void keys_are_numbered_as_they_come_and_found_again(void **state) {
    (void)state;
    static unsigned char list[KEYS][KEY_BYTES];
    static size_t        size[KEYS];
    mu_key_set           set = {0};
    uint64_t             rng = 1;
    for (uint32_t i = 0; i < KEYS; ++i) { /* few bytes, so that many keys come again */
        unsigned char key[KEY_BYTES];
        const size_t  bytes = random_u32(&rng) % (KEY_BYTES + 1);
        uint32_t      number;
        bool          is_new;
        for (size_t b = 0; b < bytes; ++b) key[b] = (unsigned char)(random_u32(&rng) % 7);
        const uint32_t expected =
            find_in_list((const unsigned char(*)[KEY_BYTES])list, size, set.count, key, bytes);
        assert_int_equal(mu_key_set_find(&set, key, bytes), expected);
        const uint32_t before = set.count;
        assert_int_equal(mu_key_set_add(&set, key, bytes, &number, &is_new), MUSTER_OK);
        assert_int_equal(is_new, expected == MUSTER_NONE);
        assert_int_equal(number, is_new ? before : expected);
        if (is_new) {
            memcpy(list[number], key, bytes);
            size[number] = bytes;
        }
    }
    assert_true(set.count > 500);
    mu_key_set_fini(&set);
}

static void an_empty_set_has_nothing_and_no_bytes_are_a_key(void **state) {
    (void)state;
    mu_key_set set = {0};
    uint32_t   number;
    bool       is_new;
    assert_int_equal(mu_key_set_find(&set, "", 0), MUSTER_NONE);
    assert_int_equal(mu_key_set_add(&set, NULL, 0, &number, &is_new), MUSTER_OK);
    assert_true(is_new && number == 0);
    assert_int_equal(mu_key_set_find(&set, "", 0), 0);
    assert_int_equal(mu_key_set_find(&set, "", 1), MUSTER_NONE);
    mu_key_set_fini(&set);
}

static void a_key_that_finds_no_memory_leaves_the_set_as_it_was(void **state) {
    (void)state;
    mu_key_set set     = {0};
    int        refused = 0;
    for (uint32_t i = 0; i < 5000; ++i) {
        uint32_t number;
        bool     is_new;
        mu_gis_alloc_fail_after(i % 3 == 0 ? 0 : -1);
        muster_status status = mu_key_set_add(&set, &i, sizeof i, &number, &is_new);
        mu_gis_alloc_fail_after(-1);
        if (status != MUSTER_OK) {
            assert_int_equal(status, MUSTER_E_NOMEM);
            assert_int_equal(mu_key_set_find(&set, &i, sizeof i), MUSTER_NONE);
            ++refused;
            status = mu_key_set_add(&set, &i, sizeof i, &number, &is_new);
        }
        assert_int_equal(status, MUSTER_OK);
        assert_true(is_new && number == i);
    }
    assert_true(refused > 5);
    for (uint32_t i = 0; i < 5000; ++i) assert_int_equal(mu_key_set_find(&set, &i, sizeof i), i);
    mu_key_set_fini(&set);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_numbered_as_they_come_and_found_again),
        cmocka_unit_test(an_empty_set_has_nothing_and_no_bytes_are_a_key),
        cmocka_unit_test(a_key_that_finds_no_memory_leaves_the_set_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
