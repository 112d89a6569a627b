/* Components against plain reachability, and their numbering. */
#include "core/scc.h"

#include <string.h>

#include "core/alloc.h"
#include "core/network.h"
#include "tests/support/random_network.h"

enum { ROUNDS = 300 };

/* reach[u][v]: v can be reached from u (Warshall). */
static void reachability(const muster_network *net, const uint8_t *usable,
                         uint8_t reach[RANDOM_MAX_NODES][RANDOM_MAX_NODES]) {
    const uint32_t n = net->view.node_count;
    memset(reach, 0, RANDOM_MAX_NODES * RANDOM_MAX_NODES);
    for (uint32_t v = 0; v < n; ++v) reach[v][v] = 1;
    for (uint32_t a = 0; a < 2 * net->view.edge_count; ++a) {
        if (usable[a]) reach[mu_arc_tail(net, a)][mu_arc_head(net, a)] = 1;
    }
    for (uint32_t k = 0; k < n; ++k) {
        for (uint32_t i = 0; i < n; ++i) {
            for (uint32_t j = 0; j < n; ++j) reach[i][j] |= reach[i][k] & reach[k][j];
        }
    }
}

static void components_are_mutual_reachability(void **state) {
    (void)state;
    static random_network r;
    static uint8_t        reach[RANDOM_MAX_NODES][RANDOM_MAX_NODES];
    for (uint64_t seed = 0; seed < ROUNDS; ++seed) {
        muster_network *net = random_network_new(&r, seed);
        uint8_t         usable[2 * RANDOM_MAX_EDGES];
        for (uint32_t a = 0; a < 2 * r.data.edge_count; ++a) {
            usable[a] = mu_arc_access(net, a) != 0;
        }
        mu_scc scc;
        assert_int_equal(mu_scc_init(&scc, &net->graph, usable), MUSTER_OK);
        reachability(net, usable, reach);
        uint32_t counted[RANDOM_MAX_NODES] = {0};
        for (uint32_t u = 0; u < r.data.node_count; ++u) {
            ++counted[scc.component[u]];
            for (uint32_t v = 0; v < r.data.node_count; ++v) {
                assert_int_equal(scc.component[u] == scc.component[v], reach[u][v] & reach[v][u]);
            }
        }
        for (uint32_t c = 0; c < scc.count; ++c) {
            assert_int_equal(scc.size[c], counted[c]);
            if (c > 0) assert_true(scc.size[c - 1] >= scc.size[c]);
        }
        mu_scc_fini(&scc);
        muster_network_free(net);
    }
}

/* A path of a million nodes must not need a million stack frames. */
static void a_long_path_does_not_overflow_the_stack(void **state) {
    (void)state;
    enum { LENGTH = 1000000 };
    double   *coordinate, *length_m;
    uint32_t *node;
    assert_int_equal(mu_alloc_zeroed(&coordinate, LENGTH, sizeof *coordinate), MUSTER_OK);
    assert_int_equal(mu_alloc_zeroed(&length_m, LENGTH, sizeof *length_m), MUSTER_OK);
    assert_int_equal(mu_alloc(&node, LENGTH, sizeof *node), MUSTER_OK);
    for (uint32_t v = 0; v < LENGTH; ++v) node[v] = v;
    muster_network_data data = MUSTER_NETWORK_DATA_INIT;
    data.node_count          = LENGTH;
    data.node_lon_deg        = coordinate;
    data.node_lat_deg        = coordinate;
    data.edge_count          = LENGTH - 1;
    data.edge_source         = node;
    data.edge_target         = node + 1;
    data.edge_length_m       = length_m;
    muster_network *network;
    uint32_t        count, largest;
    assert_int_equal(muster_network_new(&network, &data), MUSTER_OK);
    assert_int_equal(muster_network_components(network, &count, &largest), MUSTER_OK);
    assert_int_equal(count, 1);
    assert_int_equal(largest, LENGTH);
    muster_network_free(network);
    mu_free(coordinate);
    mu_free(length_m);
    mu_free(node);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(components_are_mutual_reachability),
                                       cmocka_unit_test(a_long_path_does_not_overflow_the_stack)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
