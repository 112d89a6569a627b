/* Sweeps over the hierarchy against Dijkstra, bit for bit. */
#include "core/sweep.h"

#include <string.h>

#include "core/hierarchy.h"
#include "core/search.h"
#include "tests/support/random_places.h"
#include "tests/support/random_turns.h"

enum { ROUNDS = 300, SOURCES = 41, TARGETS = 9 };

static void compare_lane(const mu_sweep *sweep, uint32_t lane, const muster_snap *source,
                         mu_search *search) {
    const muster_snap *target = sweep->selection->target;
    mu_search_run(search, sweep->selection->direction, source, TARGETS, target);
    for (uint32_t t = 0; t < TARGETS; ++t) {
        const mu_cost expected = mu_search_cost(search, source, &target[t], NULL, NULL);
        if (sweep->descent.has_lengths) {
            mu_cost cost[MU_MOST_COST_LANES];
            mu_sweep_costs(sweep, t, cost);
            assert_int_equal(cost[lane], expected);
        } else {
            uint32_t ms[MU_MOST_LANES];
            mu_sweep_durations(sweep, t, ms);
            assert_int_equal(ms[lane],
                             expected == MU_NO_PATH ? MUSTER_UNREACHABLE_MS : mu_cost_ms(expected));
        }
    }
}

/* From the first `count` sources, so that rows are one line or two. */
static void compare_sweeps(const mu_selection *selection, const muster_snap *source, uint32_t count,
                           bool has_lengths) {
    mu_sweep  sweep;
    mu_search search;
    assert_int_equal(mu_sweep_init(&sweep, selection, count, has_lengths), MUSTER_OK);
    assert_int_equal(mu_search_init(&search, selection->metric), MUSTER_OK);
    const uint32_t lanes = sweep.descent.lane_count;
    for (uint32_t first = 0; first < count; first += lanes) {
        const uint32_t now = count - first < lanes ? count - first : lanes;
        mu_sweep_run(&sweep, now, source + first);
        for (uint32_t lane = 0; lane < now; ++lane) {
            compare_lane(&sweep, lane, &source[first + lane], &search);
        }
    }
    mu_search_fini(&search);
    mu_sweep_fini(&sweep);
}

static void compare(const muster_metric *metric, muster_direction direction,
                    const mu_perfect *perfect, uint64_t *rng) {
    muster_snap  source[SOURCES], target[TARGETS];
    mu_selection selection;
    random_places(source, SOURCES, metric->network->view.edge_count, rng);
    random_places(target, TARGETS, metric->network->view.edge_count, rng);
    target[0] = source[0];
    for (int has_lengths = 0; has_lengths < 2; ++has_lengths) {
        assert_int_equal(
            mu_selection_init(&selection, metric, direction, perfect, has_lengths, TARGETS, target),
            MUSTER_OK);
        for (int is_long = 0; is_long <= has_lengths; ++is_long) {
            compare_sweeps(&selection, source, SOURCES, is_long);
            compare_sweeps(&selection, source, 5, is_long);
        }
        mu_selection_fini(&selection);
    }
}

static void compare_both_ways(const muster_metric *metric, uint64_t *rng) {
    mu_perfect perfect = {0};
    compare(metric, MUSTER_FORWARD, &perfect, rng);
    compare(metric, MUSTER_BACKWARD, &perfect, rng);
    assert_int_equal(mu_perfect_init(&perfect, &metric->weights, 1), MUSTER_OK);
    compare(metric, MUSTER_FORWARD, &perfect, rng);
    compare(metric, MUSTER_BACKWARD, &perfect, rng);
    mu_perfect_fini(&perfect);
}

static void same_weights_from_any_number_of_threads(const muster_metric *metric) {
    const mu_hierarchy *hierarchy = metric->network->hierarchy;
    const size_t        size      = hierarchy->up_count * sizeof(mu_cost);
    for (uint32_t threads = 1; threads <= 3; ++threads) {
        mu_weights again;
        assert_int_equal(mu_weights_init(&again, hierarchy, metric->duration_ms, threads),
                         MUSTER_OK);
        assert_memory_equal(metric->weights.up, again.up, size);
        assert_memory_equal(metric->weights.down, again.down, size);
        mu_weights_fini(&again);
    }
}

static void sweeps_agree_with_dijkstra(void **state) {
    (void)state;
    static random_network    r;
    static random_turns      t;
    static const char *const PROFILES[] = {"light", "heavy", "emergency"};
    for (uint64_t seed = 0; seed < ROUNDS; ++seed) {
        uint64_t        rng = ~seed;
        muster_network *network =
            seed % 3 ? random_network_with_turns(&r, &t, seed) : random_network_new(&r, seed);
        assert_int_equal(muster_network_build_hierarchy(network), MUSTER_OK);
        assert_true(mu_hierarchy_check(network->hierarchy));
        for (int p = 0; p < 3; ++p) {
            muster_metric *metric = random_network_metric(network, PROFILES[p]);
            same_weights_from_any_number_of_threads(metric);
            compare_both_ways(metric, &rng);
            muster_metric_free(metric);
        }
        muster_network_free(network);
    }
}

static void check_stored_rank(muster_network *first, const random_network *r) {
    muster_network *second = NULL;
    assert_int_equal(muster_network_build_hierarchy(first), MUSTER_OK);
    muster_network_data data = r->data;
    data.node_rank           = muster_network_view(first)->node_rank;
    assert_int_equal(muster_network_new(&second, &data), MUSTER_OK);
    assert_int_equal(muster_network_build_hierarchy(second), MUSTER_OK);
    assert_int_equal(first->hierarchy->up_count, second->hierarchy->up_count);
    assert_memory_equal(first->hierarchy->up_head, second->hierarchy->up_head,
                        first->hierarchy->up_count * sizeof(uint32_t));
    assert_memory_equal(muster_network_view(first)->node_rank,
                        muster_network_view(second)->node_rank,
                        data.node_count * sizeof *data.node_rank);
    muster_network_free(first);
    muster_network_free(second);
}

static void a_rank_that_was_stored_gives_the_same_hierarchy(void **state) {
    (void)state;
    static random_network r;
    static random_turns   t;
    for (uint64_t seed = 0; seed < 40; ++seed) {
        check_stored_rank(random_network_new(&r, seed), &r);
        check_stored_rank(random_network_with_turns(&r, &t, seed), &r);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sweeps_agree_with_dijkstra),
        cmocka_unit_test(a_rank_that_was_stored_gives_the_same_hierarchy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
