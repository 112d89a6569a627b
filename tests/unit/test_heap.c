/* The heap against sorting. */
#include "core/heap.h"
#include "tests/support/cmocka_all.h"
#include "tests/support/random.h"

enum { NODES = 200, ROUNDS = 200 };

static uint32_t least(const uint64_t *key, const int *is_in) {
    uint32_t best = MUSTER_NONE;
    for (uint32_t v = 0; v < NODES; ++v) {
        if (is_in[v] && (best == MUSTER_NONE || key[v] < key[best])) best = v;
    }
    return best;
}

static void pops_come_in_order_of_key_then_id(void **state) {
    (void)state;
    mu_heap heap;
    assert_int_equal(mu_heap_init(&heap, NODES), MUSTER_OK);
    for (uint64_t seed = 0; seed < ROUNDS; ++seed) {
        uint64_t rng = seed, key[NODES] = {0};
        int      is_in[NODES] = {0};
        mu_heap_clear(&heap);
        for (int step = 0; step < 3 * NODES; ++step) {
            const uint32_t node = random_below(&rng, NODES);
            const uint64_t k    = random_below(&rng, 50);
            mu_heap_push_or_decrease(&heap, node, k);
            if (!is_in[node] || k < key[node]) key[node] = k;
            is_in[node] = 1;
            if (random_below(&rng, 3) == 0) {
                const uint32_t popped = mu_heap_pop(&heap);
                assert_int_equal(popped, least(key, is_in));
                is_in[popped] = 0;
            }
        }
        while (heap.size > 0) {
            const uint32_t popped = mu_heap_pop(&heap);
            assert_int_equal(popped, least(key, is_in));
            is_in[popped] = 0;
        }
        assert_int_equal(least(key, is_in), MUSTER_NONE);
    }
    mu_heap_fini(&heap);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(pops_come_in_order_of_key_then_id)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
