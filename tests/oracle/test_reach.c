/* Growing searches and the k nearest against Dijkstra's costs, sorted. */
#include <muster/reach.h>

#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "core/hierarchy.h"
#include "core/search.h"
#include "tests/support/random_places.h"
#include "tests/support/random_turns.h"

enum { ROUNDS = 300, TARGETS = 15 };

typedef struct cost_of_target {
    mu_cost  cost;
    uint32_t target;
} cost_of_target;

static int by_cost_then_target(const void *a, const void *b) {
    const cost_of_target *x = a, *y = b;
    if (x->cost != y->cost) return x->cost < y->cost ? -1 : 1;
    return x->target < y->target ? -1 : x->target > y->target;
}

/* Returns how many can be reached; they come first. */
static uint32_t sorted_costs(mu_search *search, muster_direction direction,
                             const muster_snap *origin, const muster_snap *target,
                             cost_of_target *out) {
    uint32_t count = 0;
    mu_search_run(search, direction, origin, TARGETS, target);
    for (uint32_t t = 0; t < TARGETS; ++t) {
        out[t] = (cost_of_target){mu_search_cost(search, origin, &target[t], NULL, NULL), t};
        count += out[t].cost != MU_NO_PATH;
    }
    qsort(out, TARGETS, sizeof *out, by_cost_then_target);
    return count;
}

static void assert_is(const cost_of_target *expected, uint32_t target, uint32_t ms, double m) {
    assert_int_equal(target, expected->target);
    assert_int_equal(ms, mu_cost_ms(expected->cost));
    assert_true(m == mu_cost_cm(expected->cost) / 100.0);
}

/* Radii grow by random steps, zero included; now and then the search is left unfinished. */
static void follow(muster_reach *reach, const cost_of_target *expected, uint32_t count,
                   uint64_t *rng) {
    uint32_t target, ms, next = 0;
    double   m;
    for (uint32_t radius_ms = 0; radius_ms < 2000000;) {
        while (next < count && mu_cost_ms(expected[next].cost) <= radius_ms) {
            assert_true(muster_reach_next(reach, radius_ms, &target, &ms, &m));
            assert_is(&expected[next++], target, ms, m);
            if (random_below(rng, 100) == 0) return;
        }
        assert_false(muster_reach_next(reach, radius_ms, &target, &ms, &m));
        radius_ms += random_below(rng, 400000);
    }
    while (muster_reach_next(reach, MUSTER_UNREACHABLE_MS, &target, NULL, NULL)) {
        assert_int_equal(target, expected[next++].target);
    }
    assert_int_equal(next, count);
    assert_false(muster_reach_next(reach, UINT32_MAX, &target, NULL, NULL));
}

static void ask_nearest(const muster_metric *metric, muster_direction direction,
                        const muster_snap *origin, const muster_snap *target,
                        const cost_of_target *expected, uint32_t count) {
    uint32_t found, index[TARGETS + 1], ms[TARGETS + 1];
    double   m[TARGETS + 1];
    for (uint32_t k = 0; k <= TARGETS + 1; k += 4) {
        assert_int_equal(
            muster_nearest(metric, direction, origin, TARGETS, target, k, &found, index, ms, m),
            MUSTER_OK);
        assert_int_equal(found, k < count ? k : count);
        for (uint32_t i = 0; i < found; ++i) assert_is(&expected[i], index[i], ms[i], m[i]);
    }
}

static void compare(const muster_metric *metric, muster_direction direction, uint64_t *rng) {
    const uint32_t edges = metric->network->view.edge_count;
    muster_snap    origin, target[TARGETS];
    cost_of_target expected[TARGETS];
    mu_search      search;
    muster_reach  *reach;
    random_places(target, TARGETS, edges, rng);
    target[1] = target[0];
    assert_int_equal(mu_search_init(&search, metric), MUSTER_OK);
    assert_int_equal(muster_reach_new(&reach, metric, direction, TARGETS, target), MUSTER_OK);
    for (int i = 0; i < 5; ++i) { /* one reach, many origins */
        random_places(&origin, 1, edges, rng);
        if (i == 0) origin.edge = target[0].edge;
        const uint32_t count = sorted_costs(&search, direction, &origin, target, expected);
        assert_int_equal(muster_reach_start(reach, &origin), MUSTER_OK);
        follow(reach, expected, count, rng);
        ask_nearest(metric, direction, &origin, target, expected, count);
    }
    muster_reach_free(reach);
    mu_search_fini(&search);
}

static void targets_come_in_order_of_dijkstras_costs(void **state) {
    (void)state;
    static random_network    r;
    static random_turns      t;
    static const char *const PROFILES[] = {"light", "heavy", "emergency"};
    for (uint64_t seed = 0; seed < ROUNDS; ++seed) {
        uint64_t        rng = ~seed;
        muster_network *network =
            seed % 3 ? random_network_with_turns(&r, &t, seed) : random_network_new(&r, seed);
        if (seed % 2) assert_int_equal(muster_network_build_hierarchy(network), MUSTER_OK);
        for (int p = 0; p < 3; ++p) {
            muster_metric *metric = random_network_metric(network, PROFILES[p]);
            compare(metric, MUSTER_FORWARD, &rng);
            compare(metric, MUSTER_BACKWARD, &rng);
            muster_metric_free(metric);
        }
        muster_network_free(network);
    }
}

/* A network large enough for the table to be the faster way when targets are few: a grid. */
static muster_network *grid_new(void) {
    enum { SIDE = 60, NODES = SIDE * SIDE, EDGES = 2 * SIDE * (SIDE - 1) };
    static double   lon[NODES], lat[NODES], length_m[EDGES];
    static uint32_t source[EDGES], target[EDGES];
    uint32_t        edge = 0;
    uint64_t        rng  = 1;
    for (uint32_t v = 0; v < NODES; ++v) {
        lon[v] = 120 + v % SIDE * 0.001;
        lat[v] = 30 + v / SIDE * 0.001;
        if (v % SIDE + 1 < SIDE) source[edge] = v, target[edge++] = v + 1;
        if (v / SIDE + 1 < SIDE) source[edge] = v, target[edge++] = v + SIDE;
    }
    for (uint32_t e = 0; e < EDGES; ++e) length_m[e] = 100 + random_below(&rng, 50);
    muster_network_data data = MUSTER_NETWORK_DATA_INIT;
    data.node_count = NODES, data.node_lon_deg = lon, data.node_lat_deg = lat;
    data.edge_count = EDGES, data.edge_source = source, data.edge_target = target;
    data.edge_length_m      = length_m;
    muster_network *network = NULL;
    assert_int_equal(muster_network_new(&network, &data), MUSTER_OK);
    assert_int_equal(muster_network_build_hierarchy(network), MUSTER_OK);
    return network;
}

static void a_table_gives_the_same_k_nearest_as_a_search(void **state) {
    (void)state;
    muster_network *network = grid_new();
    muster_metric  *metric  = random_network_metric(network, "light");
    uint64_t        rng     = 1;
    compare(metric, MUSTER_FORWARD, &rng);
    compare(metric, MUSTER_BACKWARD, &rng);
    muster_metric_free(metric);
    muster_network_free(network);
}

static void every_allocation_of_the_table_may_fail(void **state) {
    (void)state;
    muster_network *network = grid_new();
    muster_metric  *metric  = random_network_metric(network, "light");
    muster_snap     target[TARGETS];
    uint32_t        count, index[TARGETS];
    uint64_t        rng     = 2;
    int64_t         failing = 0;
    muster_status   status;
    random_places(target, TARGETS, network->view.edge_count, &rng);
    do {
        (void)mu_alloc_fail_after(failing++);
        status = muster_nearest(metric, MUSTER_FORWARD, &target[1], TARGETS, target, TARGETS,
                                &count, index, NULL, NULL);
        (void)mu_alloc_fail_after(-1);
        if (status != MUSTER_OK) assert_int_equal(status, MUSTER_E_NOMEM);
        assert_int_equal(status == MUSTER_OK, count > 0);
    } while (status != MUSTER_OK);
    assert_true(failing > 5);
    muster_metric_free(metric);
    muster_network_free(network);
}

static void a_place_that_is_on_no_edge_is_named(void **state) {
    (void)state;
    static random_network r;
    muster_network       *network = random_network_new(&r, 1);
    muster_metric        *metric  = random_network_metric(network, "light");
    muster_reach         *reach   = NULL;
    uint32_t              found, index, ms;
    const muster_snap     place[] = {{0, 0.5, 0, 0, 0}, {r.data.edge_count, 0.5, 0, 0, 0}};
    assert_int_equal(muster_reach_new(&reach, metric, MUSTER_FORWARD, 2, place), MUSTER_E_INVALID);
    assert_non_null(strstr(muster_error_message(), "target 1 is snapped to edge"));
    assert_null(reach);
    assert_int_equal(muster_reach_new(&reach, metric, MUSTER_FORWARD, 1, place), MUSTER_OK);
    assert_false(muster_reach_next(reach, 1, &index, NULL, NULL)); /* not started */
    assert_int_equal(muster_reach_start(reach, &place[1]), MUSTER_E_INVALID);
    assert_int_equal(
        muster_nearest(metric, MUSTER_FORWARD, &place[1], 1, place, 1, &found, &index, &ms, NULL),
        MUSTER_E_INVALID);
    assert_non_null(strstr(muster_error_message(), "the origin is snapped to edge"));
    muster_reach_free(reach);
    muster_metric_free(metric);
    muster_network_free(network);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(targets_come_in_order_of_dijkstras_costs),
        cmocka_unit_test(a_table_gives_the_same_k_nearest_as_a_search),
        cmocka_unit_test(every_allocation_of_the_table_may_fail),
        cmocka_unit_test(a_place_that_is_on_no_edge_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
