/* Trees over the hierarchy and without it against Dijkstra from place to place, bit for bit. */
#include <muster/one_to_all.h>

#include <math.h>
#include <stdio.h>

#include "core/search.h"
#include "tests/support/grid_network.h"
#include "tests/support/random_places.h"
#include "tests/support/random_turns.h"

enum { ROUNDS = 200, ORIGINS = 11, CELLS = ORIGINS * RANDOM_MAX_NODES };

/* A place at each node; unsnapped where no edge ends there. */
static void place_nodes(const muster_network_data *v, muster_snap *out) {
    for (uint32_t n = 0; n < v->node_count; ++n) out[n] = (muster_snap){.edge = MUSTER_NONE};
    for (uint32_t e = 0; e < v->edge_count; ++e) {
        out[v->edge_source[e]] = (muster_snap){.edge = e, .fraction = 0};
        out[v->edge_target[e]] = (muster_snap){.edge = e, .fraction = 1};
    }
}

static void expect_cell(mu_cost cost, uint32_t duration_ms, double distance_m) {
    if (cost == MU_NO_PATH) {
        assert_int_equal(duration_ms, MUSTER_UNREACHABLE_MS);
        assert_true(isnan(distance_m));
    } else {
        assert_int_equal(duration_ms, mu_cost_ms(cost));
        assert_true(distance_m == mu_cost_cm(cost) / 100.0);
    }
}

static void expect_trees(const muster_metric *metric, const muster_snap *origin,
                         muster_direction direction, const uint32_t *duration_ms,
                         const double *distance_m) {
    const muster_network_data *v = &metric->network->view;
    muster_snap                node[RANDOM_MAX_NODES];
    mu_search                  search;
    place_nodes(v, node);
    assert_int_equal(mu_search_init(&search, metric), MUSTER_OK);
    for (uint32_t o = 0; o < ORIGINS; ++o) {
        mu_search_run(&search, direction, &origin[o], v->node_count, node);
        for (uint32_t n = 0; n < v->node_count; ++n) {
            const mu_cost cost = mu_search_cost(&search, &origin[o], &node[n], NULL, NULL);
            const size_t  cell = (size_t)o * v->node_count + n;
            expect_cell(cost, duration_ms[cell], distance_m[cell]);
        }
    }
    mu_search_fini(&search);
}

static void compare(const muster_network *network, const char *profile, uint64_t *rng) {
    uint32_t       duration_ms[CELLS], same_ms[CELLS];
    double         distance_m[CELLS];
    muster_snap    origin[ORIGINS];
    muster_metric *metric = random_network_metric(network, profile);
    random_places(origin, ORIGINS, network->view.edge_count, rng);
    for (int d = 0; d < 2; ++d) {
        const muster_direction direction = d == 0 ? MUSTER_FORWARD : MUSTER_BACKWARD;
        assert_int_equal(
            muster_one_to_all(metric, ORIGINS, origin, direction, 1, duration_ms, distance_m),
            MUSTER_OK);
        expect_trees(metric, origin, direction, duration_ms, distance_m);
        assert_int_equal(muster_one_to_all(metric, ORIGINS, origin, direction, 3, same_ms, NULL),
                         MUSTER_OK);
        assert_memory_equal(duration_ms, same_ms,
                            ORIGINS * network->view.node_count * sizeof *same_ms);
    }
    muster_metric_free(metric);
}

static void trees_agree_with_dijkstra(void **state) {
    (void)state;
    static random_network    r;
    static random_turns      t;
    static const char *const PROFILES[] = {"light", "heavy", "emergency"};
    for (uint64_t seed = 0; seed < ROUNDS; ++seed) {
        uint64_t        rng = ~seed;
        muster_network *network =
            seed % 3 ? random_network_with_turns(&r, &t, seed) : random_network_new(&r, seed);
        for (int p = 0; p < 3; ++p) compare(network, PROFILES[p], &rng);
        assert_int_equal(muster_network_build_hierarchy(network), MUSTER_OK);
        for (int p = 0; p < 3; ++p) compare(network, PROFILES[p], &rng);
        muster_network_free(network);
    }
}

static void expect_town(const muster_metric *metric, uint32_t count, const muster_snap *origin) {
    const uint32_t nodes       = metric->network->view.node_count;
    const size_t   cells       = (size_t)count * nodes;
    uint32_t      *duration_ms = malloc(cells * sizeof *duration_ms);
    uint32_t      *same_ms     = malloc(cells * sizeof *same_ms);
    double        *distance_m  = malloc(cells * sizeof *distance_m);
    mu_search      search;
    assert_int_equal(mu_search_init(&search, metric), MUSTER_OK);
    assert_int_equal(
        muster_one_to_all(metric, count, origin, MUSTER_FORWARD, 2, duration_ms, distance_m),
        MUSTER_OK);
    assert_int_equal(muster_one_to_all(metric, count, origin, MUSTER_FORWARD, 2, same_ms, NULL),
                     MUSTER_OK);
    for (uint32_t o = 0; o < count; ++o) {
        mu_search_reach(&search, MUSTER_FORWARD, 1, &origin[o], MU_NO_PATH);
        for (uint32_t n = 0; n < nodes; ++n) {
            const mu_cost cost = mu_search_node_cost(&search, n);
            const size_t  cell = (size_t)o * nodes + n;
            expect_cell(cost, duration_ms[cell], distance_m[cell]);
            assert_int_equal(same_ms[cell], duration_ms[cell]);
        }
    }
    mu_search_fini(&search);
    free(duration_ms);
    free(same_ms);
    free(distance_m);
}

/* More nodes than are turned round at once, and no round number of them; fewer trees than lanes,
 * and more than fit one sweep. */
static void trees_of_a_town_are_those_of_a_search(void **state) {
    (void)state;
    enum { SIDE = 35, TREES = 37 };
    static const uint32_t COUNTS[] = {1, 6, TREES};
    muster_snap           origin[TREES];
    uint64_t              rng     = 1;
    muster_network       *network = grid_network(SIDE, &rng);
    muster_metric        *metric  = random_network_metric(network, "light");
    random_places(origin, TREES, network->view.edge_count, &rng);
    for (int c = 0; c < 3; ++c) expect_town(metric, COUNTS[c], origin);
    muster_metric_free(metric);
    muster_network_free(network);
}

static void an_origin_on_no_edge_is_named(void **state) {
    (void)state;
    static random_network r;
    uint32_t              duration_ms[2 * RANDOM_MAX_NODES];
    muster_network       *network   = random_network_new(&r, 1);
    muster_metric        *metric    = random_network_metric(network, "light");
    const muster_snap     origin[2] = {{.edge = MUSTER_NONE}, {.edge = 0, .fraction = 1.5}};
    char                  expected[128];
    snprintf(expected, sizeof expected,
             "origin site 1 is snapped to edge 0 at fraction 1.5; expected an edge below %u and 0 "
             "to 1",
             network->view.edge_count);
    assert_int_equal(muster_one_to_all(metric, 2, origin, MUSTER_FORWARD, 0, duration_ms, NULL),
                     MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(), expected);
    assert_int_equal(muster_one_to_all(metric, 0, NULL, MUSTER_FORWARD, 0, NULL, NULL), MUSTER_OK);
    muster_metric_free(metric);
    muster_network_free(network);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(trees_agree_with_dijkstra),
                                       cmocka_unit_test(trees_of_a_town_are_those_of_a_search),
                                       cmocka_unit_test(an_origin_on_no_edge_is_named)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
