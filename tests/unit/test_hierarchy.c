/* The hierarchy's order: where it comes from and how good it is said to be. */
#include "core/hierarchy.h"

#include <muster/hierarchy.h>

#include <string.h>

#include "tests/support/random_network.h"

/* An order of our own, unlike METIS': what comes back is that order, post-ordered once. */
static void a_stored_order_is_taken_instead_of_a_new_one(void **state) {
    (void)state;
    static random_network r;
    static uint32_t       rank[RANDOM_MAX_NODES];
    uint32_t              different = 0;
    for (uint64_t seed = 0; seed < 20; ++seed) {
        muster_network *plain = random_network_new(&r, seed), *first = NULL, *second = NULL;
        const size_t    bytes = r.data.node_count * sizeof *rank;
        for (uint32_t v = 0; v < r.data.node_count; ++v) rank[v] = v;
        r.data.node_rank = rank;
        assert_int_equal(muster_network_new(&first, &r.data), MUSTER_OK);
        assert_int_equal(muster_network_build_hierarchy(first), MUSTER_OK);
        r.data.node_rank = first->hierarchy->rank;
        assert_int_equal(muster_network_new(&second, &r.data), MUSTER_OK);
        assert_int_equal(muster_network_build_hierarchy(second), MUSTER_OK);
        assert_int_equal(muster_network_build_hierarchy(plain), MUSTER_OK);
        assert_true(mu_hierarchy_check(first->hierarchy) && mu_hierarchy_check(second->hierarchy));
        assert_memory_equal(first->hierarchy->rank, second->hierarchy->rank, bytes);
        different += memcmp(first->hierarchy->rank, plain->hierarchy->rank, bytes) != 0;
        muster_network_free(plain);
        muster_network_free(first);
        muster_network_free(second);
    }
    assert_true(different > 0);
}

/* Triangles and search spaces, counted the slow way. */
static void the_quality_of_an_order_is_counted_right(void **state) {
    (void)state;
    static random_network r;
    for (uint64_t seed = 0; seed < 20; ++seed) {
        muster_hierarchy_info info;
        muster_network       *network = random_network_new(&r, seed);
        assert_int_equal(muster_network_hierarchy_info(network, &info), MUSTER_E_INVALID);
        assert_int_equal(muster_network_build_hierarchy(network), MUSTER_OK);
        assert_int_equal(muster_network_hierarchy_info(network, &info), MUSTER_OK);
        const mu_hierarchy *h         = network->hierarchy;
        uint64_t            triangles = 0, met = 0;
        for (uint32_t a = 0; a < h->up_count; ++a) {
            for (uint32_t b = a + 1; b < h->up_count; ++b)
                triangles += h->up_tail[a] == h->up_tail[b];
        }
        for (uint32_t v = 0; v < h->node_count; ++v) {
            for (uint32_t p = v; p != MUSTER_NONE; p = h->parent[p]) ++met;
        }
        assert_int_equal(info.up_arc_count, h->up_count);
        assert_int_equal(info.triangle_count, triangles);
        assert_true(info.search_space_mean * h->node_count > (double)met - 0.5 &&
                    info.search_space_mean * h->node_count < (double)met + 0.5);
        assert_true(info.search_space_max >= info.search_space_mean);
        assert_true(muster_network_hierarchy_estimate_bytes(network) > 0);
        muster_network_free(network);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stored_order_is_taken_instead_of_a_new_one),
        cmocka_unit_test(the_quality_of_an_order_is_counted_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
