/* What the pool of large blocks keeps, gives out and gives back. */
#include "core/block_pool.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "core/threads.h"
#include "tests/support/cmocka_all.h"
#include "tests/support/random.h"

enum { KB = 1024, MB = 1024 * 1024 };

static int start_empty(void **state) {
    (void)state;
    mu_block_pool_clear();
    return 0;
}

static void keep(size_t bytes) {
    void *block = malloc(bytes);
    assert_non_null(block);
    if (!mu_block_pool_keep(block)) free(block);
}

/* Blocks of that size in the pool, which has none afterwards. */
static int take_all(size_t bytes) {
    int   count = 0;
    void *block[100];
    while (count < 100 && (block[count] = mu_block_pool_take(bytes))) ++count;
    for (int i = 0; i < count; ++i) free(block[i]);
    return count;
}

static void a_large_block_is_given_out_again(void **state) {
    (void)state;
    void *block = malloc(MB);
    assert_true(mu_block_pool_keep(block));
    assert_ptr_equal(mu_block_pool_take(MB), block);
    assert_null(mu_block_pool_take(MB));
    free(block);
}

static void small_and_huge_blocks_and_none_are_not_kept(void **state) {
    (void)state;
    void *small = malloc(KB), *huge = malloc(17 * MB);
    assert_false(mu_block_pool_keep(NULL));
    assert_false(mu_block_pool_keep(small));
    assert_false(mu_block_pool_keep(huge));
    free(small);
    free(huge);
}

static void a_block_serves_what_leaves_a_fifth_of_it_at_most(void **state) {
    (void)state;
    keep(MB);
    assert_null(mu_block_pool_take(MB / 2));
    assert_null(mu_block_pool_take(2 * MB));
    void *block = mu_block_pool_take(MB - MB / 6);
    assert_non_null(block);
    free(block);
}

static void the_smallest_that_fits_is_taken(void **state) {
    (void)state;
    keep(MB + MB / 8);
    keep(MB);
    keep(MB + MB / 16);
    void *block = mu_block_pool_take(MB - MB / 16);
    assert_non_null(block);
    keep(MB / 4); /* of another size */
    assert_int_equal(take_all(MB), 2);
    free(block);
}

static void the_pool_is_bounded_and_drops_the_oldest(void **state) {
    (void)state;
    for (int i = 0; i < 10; ++i) keep(MB);
    for (int i = 0; i < 200; ++i) keep(70 * KB);
    assert_int_equal(take_all(MB), 0);
    assert_int_equal(take_all(70 * KB), 64);
    for (int i = 0; i < 10; ++i) keep(15 * MB);
    assert_in_range(take_all(15 * MB), 1, 3);
}

static void who_asks_for_more_than_is_ever_kept_finds_all_given_back(void **state) {
    (void)state;
    void *block;
    keep(MB);
    assert_int_equal(mu_alloc(&block, 20, MB), MUSTER_OK);
    assert_int_equal(take_all(MB), 0);
    mu_free(block);
}

static void memory_that_is_asked_for_zeroed_is_zero(void **state) {
    (void)state;
    unsigned char *block;
    assert_int_equal(mu_alloc(&block, 1, MB), MUSTER_OK);
    memset(block, 0xa5, MB);
    void *const first = block;
    mu_free(block);
    assert_int_equal(mu_alloc_zeroed(&block, 1, MB), MUSTER_OK);
    assert_ptr_equal(block, first);
    for (size_t i = 0; i < MB; ++i) assert_int_equal(block[i], 0);
    mu_free(block);
}

/* Each block is filled with its owner's name: nobody else may have it at the same time. */
static void own_blocks(void *user, uint32_t job, uint32_t worker) {
    enum { HELD = 4, ROUNDS = 300 };
    const uint64_t name       = job + 1;
    uint64_t      *held[HELD] = {0}, rng = name;
    (void)worker;
    for (int round = 0; round < ROUNDS; ++round) {
        const uint32_t i     = random_below(&rng, HELD);
        const size_t   words = ((size_t)64 * KB << random_below(&rng, 3)) / sizeof **held;
        if (held[i] && (held[i][0] != name || held[i][8 * KB - 1] != name)) {
            atomic_fetch_add((atomic_int *)user, 1);
        }
        mu_free(held[i]);
        held[i] = NULL;
        if (mu_alloc(&held[i], words, sizeof **held) != MUSTER_OK) continue;
        for (size_t w = 0; w < words; ++w) held[i][w] = name;
    }
    for (int i = 0; i < HELD; ++i) mu_free(held[i]);
}

static void no_block_has_two_owners(void **state) {
    (void)state;
    atomic_int wrong = 0;
    mu_share_jobs(8, 4, own_blocks, &wrong);
    assert_int_equal(wrong, 0);
}

/* Not where the C library does not tell sizes, nor under the address sanitizer. */
static bool keeps_blocks(void) {
    void      *block   = malloc(MB);
    const bool is_kept = mu_block_pool_keep(block);
    if (!is_kept) free(block);
    return is_kept;
}

int main(void) {
    if (!keeps_blocks()) {
        print_message("SKIPPED: this build keeps no blocks\n");
        return 0;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_large_block_is_given_out_again, start_empty),
        cmocka_unit_test_setup(small_and_huge_blocks_and_none_are_not_kept, start_empty),
        cmocka_unit_test_setup(a_block_serves_what_leaves_a_fifth_of_it_at_most, start_empty),
        cmocka_unit_test_setup(the_smallest_that_fits_is_taken, start_empty),
        cmocka_unit_test_setup(the_pool_is_bounded_and_drops_the_oldest, start_empty),
        cmocka_unit_test_setup(who_asks_for_more_than_is_ever_kept_finds_all_given_back,
                               start_empty),
        cmocka_unit_test_setup(memory_that_is_asked_for_zeroed_is_zero, start_empty),
        cmocka_unit_test_setup(no_block_has_two_owners, start_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
