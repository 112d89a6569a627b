/* Sorting by upper halves against the library's sort. */
#include "solver/key_sort.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/cmocka_all.h"
#include "tests/support/random.h"

enum { MOST = 700, ROUNDS = 2000 };

static int by_key(const void *a, const void *b) {
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* Lower halves ascend, as indices do: then a stable sort by the upper ones is one by both. */
static void equal_keys_stay_in_order(void **state) {
    (void)state;
    static uint64_t       key[MOST], expected[MOST], scratch[MOST];
    static const uint32_t BOUND[] = {1, 3, 200, 70000, 20000000, UINT32_MAX};
    for (uint64_t seed = 0; seed < ROUNDS; ++seed) {
        uint64_t       rng   = seed;
        const uint32_t count = random_below(&rng, seed % 2 ? MOST : 70);
        const uint32_t bound = BOUND[random_below(&rng, 6)], least = UINT32_MAX - bound;
        const uint32_t base = random_or_0(&rng, least > 0 ? least : 1);
        for (uint32_t i = 0; i < count; ++i) {
            key[i] = (uint64_t)(base + random_below(&rng, bound)) << 32 | (3 * i + 1);
        }
        memcpy(expected, key, sizeof key);
        if (count > 0) qsort(expected, count, sizeof *expected, by_key);
        mu_sort_keys(count, key, scratch);
        assert_memory_equal(key, expected, count * sizeof *key);
    }
}

/* Nor do lower halves count where they do not ascend. */
static void lower_halves_do_not_count(void **state) {
    (void)state;
    enum { COUNT = 100 };
    uint64_t key[COUNT], scratch[COUNT];
    for (uint32_t count = 2; count <= COUNT; ++count) {
        for (uint32_t i = 0; i < count; ++i) key[i] = (uint64_t)(i % 2) << 40 | (count - i);
        mu_sort_keys(count, key, scratch);
        for (uint32_t i = 1; i < count; ++i) {
            const bool is_same = key[i - 1] >> 32 == key[i] >> 32;
            assert_true(is_same ? key[i - 1] > key[i] : key[i - 1] >> 32 < key[i] >> 32);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_keys_stay_in_order),
        cmocka_unit_test(lower_halves_do_not_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
