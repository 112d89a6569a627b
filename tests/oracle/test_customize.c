/* Metrics made by every way and number of threads: one at a time against the definition, several
 * together against one at a time, perfect ones against shortest paths. */
#include <muster/closure.h>
#include <stdlib.h>
#include <string.h>

#include "core/hierarchy.h"
#include "core/metric.h"
#include "core/perfect.h"
#include "core/weights_many.h"
#include "tests/support/random_turns.h"
#include "tests/support/town_network.h"

enum { ROUNDS = 150, TOGETHER_ROUNDS = 30, METRICS = 9, TOWN = 80, MOST_CHANGES = 12 };

static const char *const PROFILE[3] = {"light", "heavy", "emergency"};
static const uint32_t    THREADS[]  = {1, 2, 3, 8};

static mu_cost lesser(mu_cost a, mu_cost b) {
    return a < b ? a : b;
}

/* Straight from the definition: the graph's own arcs, then all triangles from below. */
static void customize_simply(const mu_hierarchy *h, const uint32_t *duration_ms, mu_cost *up,
                             mu_cost *down) {
    for (uint32_t u = 0; u < h->up_count; ++u) up[u] = down[u] = MU_INFINITE_WEIGHT;
    for (uint32_t a = 0; a < h->graph->arc_count; ++a) {
        const uint32_t u = h->up_of_arc[a];
        if (u == MUSTER_NONE || duration_ms[a] == MUSTER_UNREACHABLE_MS) continue;
        const bool ascends = h->rank[mu_graph_tail(h->graph, a)] == h->up_tail[u];
        mu_cost   *weight  = ascends ? &up[u] : &down[u];
        *weight = lesser(*weight, mu_cost_of(duration_ms[a], mu_graph_length_cm(h->graph, a)));
    }
    for (uint32_t v = 0; v < h->node_count; ++v) {
        for (uint32_t x = h->first_up[v]; x < h->first_up[v + 1]; ++x) {
            for (uint32_t y = x + 1; y < h->first_up[v + 1]; ++y) {
                const uint32_t xy = mu_hierarchy_find_up(h, h->up_head[x], h->up_head[y]);
                up[xy]            = lesser(up[xy], down[x] + up[y]);
                down[xy]          = lesser(down[xy], down[y] + up[x]);
            }
        }
    }
}

static void assert_weights(const mu_weights *found, const mu_cost *up, const mu_cost *down) {
    const size_t bytes = found->hierarchy->up_count * sizeof(mu_cost);
    assert_memory_equal(found->up, up, bytes);
    assert_memory_equal(found->down, down, bytes);
}

static void assert_all_ways_agree(const mu_hierarchy *h, uint32_t count,
                                  const uint32_t *const *duration_ms) {
    mu_cost *up[METRICS], *down[METRICS];
    for (uint32_t m = 0; m < count; ++m) {
        up[m]   = malloc(h->up_count * sizeof *up[m] + 1);
        down[m] = malloc(h->up_count * sizeof *down[m] + 1);
        customize_simply(h, duration_ms[m], up[m], down[m]);
    }
    for (size_t t = 0; t < sizeof THREADS / sizeof *THREADS; ++t) {
        mu_weights one, many[METRICS];
        assert_int_equal(mu_weights_init(&one, h, duration_ms[0], THREADS[t]), MUSTER_OK);
        assert_weights(&one, up[0], down[0]);
        mu_weights_fini(&one);
        assert_int_equal(mu_weights_init_many(many, count, h, duration_ms, THREADS[t]), MUSTER_OK);
        for (uint32_t m = 0; m < count; ++m) {
            assert_weights(&many[m], up[m], down[m]);
            mu_weights_fini(&many[m]);
        }
    }
    for (uint32_t m = 0; m < count; ++m) {
        free(up[m]);
        free(down[m]);
    }
}

/* `metric` with some arcs closed, or so slow that the sum of two is at the border of infinity. */
static muster_metric *with_extremes(const muster_metric *metric, uint64_t *rng) {
    static const uint32_t MS[] = {0, MUSTER_UNREACHABLE_MS, MUSTER_UNREACHABLE_MS - 1,
                                  MUSTER_UNREACHABLE_MS / 2, MUSTER_UNREACHABLE_MS / 2 + 1};
    muster_arc_change     change[MOST_CHANGES];
    uint32_t              count   = 0;
    muster_metric        *changed = NULL;
    for (int i = 0; i < MOST_CHANGES; ++i) {
        const uint32_t arc = random_below(rng, 2 * metric->network->view.edge_count);
        const uint32_t ms  = MS[random_below(rng, sizeof MS / sizeof *MS)];
        if (mu_arc_access(metric->network, arc) == 0) continue;
        change[count++] = (muster_arc_change){arc, ms};
    }
    assert_int_equal(muster_metric_change(&changed, metric, count, change), MUSTER_OK);
    return changed;
}

static void compare_network(const muster_network *network, uint32_t count, uint64_t *rng) {
    muster_metric  *metric[METRICS];
    const uint32_t *duration_ms[METRICS];
    for (uint32_t m = 0; m < count; ++m) {
        metric[m]              = random_network_metric(network, PROFILE[m % 3]);
        muster_metric *changed = with_extremes(metric[m], rng);
        muster_metric_free(metric[m]);
        metric[m]      = changed;
        duration_ms[m] = changed->duration_ms;
    }
    assert_all_ways_agree(network->hierarchy, count, duration_ms);
    for (uint32_t m = 0; m < count; ++m) muster_metric_free(metric[m]);
}

/* Two in three have turns. */
static muster_network *some_network(uint64_t seed) {
    static random_network r;
    static random_turns   t;
    return seed % 3 ? random_network_with_turns(&r, &t, seed) : random_network_new(&r, seed);
}

static void weights_are_what_they_are_defined_to_be(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < ROUNDS; ++seed) {
        uint64_t        rng     = ~seed;
        muster_network *network = some_network(seed);
        assert_int_equal(muster_network_build_hierarchy(network), MUSTER_OK);
        compare_network(network, 1 + random_below(&rng, METRICS), &rng);
        muster_network_free(network);
    }
}

static void so_are_those_of_a_town_with_many_subtrees(void **state) {
    (void)state;
    uint64_t        rng     = 5;
    muster_network *network = town_network_new(TOWN, 3);
    assert_int_equal(muster_network_build_hierarchy(network), MUSTER_OK);
    compare_network(network, 3, &rng);
    muster_network_free(network);
}

/* ---- several metrics at the front door ----------------------------------------------------- */

static void assert_components(const mu_scc *found, const mu_scc *expected, uint32_t node_count) {
    assert_int_equal(found->count, expected->count);
    assert_int_equal(found->component != NULL, expected->component != NULL);
    if (!found->component) return;
    assert_memory_equal(found->component, expected->component, node_count * sizeof(uint32_t));
    assert_memory_equal(found->size, expected->size, found->count * sizeof(uint32_t));
}

static void assert_same_metric(const muster_metric *found, const muster_metric *expected) {
    const mu_graph *g = &found->network->graph;
    assert_string_equal(muster_metric_profile_name(found), muster_metric_profile_name(expected));
    assert_memory_equal(found->duration_ms, expected->duration_ms, g->arc_count * sizeof(uint32_t));
    assert_components(&found->scc, &expected->scc, g->junction_count);
    assert_components(&found->graph_scc, &expected->graph_scc, g->node_count);
    assert_ptr_equal(found->weights.hierarchy, expected->weights.hierarchy);
    if (!found->weights.hierarchy) return;
    assert_weights(&found->weights, expected->weights.up, expected->weights.down);
}

/* One that flies makes no weights for those after it to take. */
static void compare_together(const muster_network *network) {
    static const char *const NAME[] = {"drone", "light", "helicopter", "heavy",
                                       "boat",  "drone", "light",      "emergency"};
    enum { COUNT = sizeof NAME / sizeof *NAME };
    muster_profile profile[COUNT];
    muster_metric *together[COUNT];
    for (uint32_t m = 0; m < COUNT; ++m) {
        assert_int_equal(muster_profile_builtin(&profile[m], NAME[m]), MUSTER_OK);
    }
    for (uint32_t count = 1; count <= COUNT; ++count) {
        assert_int_equal(muster_metrics_new(together, network, count, profile, 2), MUSTER_OK);
        for (uint32_t m = 0; m < count; ++m) {
            muster_metric *alone = random_network_metric(network, NAME[m]);
            assert_same_metric(together[m], alone);
            assert_int_equal(alone->weights.hierarchy != NULL,
                             network->hierarchy && !muster_metric_flies(alone));
            muster_metric_free(alone);
            muster_metric_free(together[m]);
        }
    }
}

static void metrics_made_together_are_those_made_alone(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < TOGETHER_ROUNDS; ++seed) {
        muster_network *network = seed < 2 ? town_network_new(TOWN, 4) : some_network(seed);
        if (seed % 2) assert_int_equal(muster_network_build_hierarchy(network), MUSTER_OK);
        compare_together(network);
        muster_network_free(network);
    }
}

static void one_bad_profile_of_several_leaves_no_metric(void **state) {
    (void)state;
    muster_network *network = town_network_new(3, 4);
    muster_profile  profile[3];
    muster_metric  *metric[3];
    for (int m = 0; m < 3; ++m) {
        assert_int_equal(muster_profile_builtin(&profile[m], PROFILE[m]), MUSTER_OK);
    }
    profile[2].speed_factor = -1;
    assert_int_equal(muster_metrics_new(metric, network, 3, profile, 0), MUSTER_E_INVALID);
    assert_non_null(strstr(muster_error_message(), "\"emergency\" has speed_factor -1"));
    for (int m = 0; m < 3; ++m) assert_null(metric[m]);
    assert_int_equal(muster_metrics_new(metric, network, 0, NULL, 0), MUSTER_OK);
    muster_network_free(network);
}

/* ---- perfect ones -------------------------------------------------------------------------- */

/* All pairs by the hierarchy's weights: Floyd and Warshall. */
static void find_least(const mu_weights *w, mu_cost *least) {
    const mu_hierarchy *h = w->hierarchy;
    const size_t        n = h->node_count;
    for (size_t i = 0; i < n * n; ++i) least[i] = i % (n + 1) ? MU_INFINITE_WEIGHT : 0;
    for (uint32_t u = 0; u < h->up_count; ++u) {
        least[h->up_tail[u] * n + h->up_head[u]] = w->up[u];
        least[h->up_head[u] * n + h->up_tail[u]] = w->down[u];
    }
    for (size_t k = 0; k < n; ++k) {
        for (size_t i = 0; i < n; ++i) {
            for (size_t j = 0; j < n; ++j) {
                least[i * n + j] = lesser(least[i * n + j], least[i * n + k] + least[k * n + j]);
            }
        }
    }
}

static void assert_keeps_what_is_least(const mu_weights *w) {
    const mu_hierarchy *h     = w->hierarchy;
    mu_cost            *least = malloc((size_t)h->node_count * h->node_count * sizeof *least);
    mu_perfect          p;
    uint32_t            up = 0, down = 0;
    find_least(w, least);
    assert_int_equal(mu_perfect_init(&p, w, 2), MUSTER_OK);
    for (uint32_t u = 0; u < h->up_count; ++u) {
        const size_t  tail = h->up_tail[u], head = h->up_head[u], n = h->node_count;
        const mu_cost there = least[tail * n + head], back = least[head * n + tail];
        if (there < MU_INFINITE_WEIGHT && w->up[u] == there) assert_int_equal(p.ascent[up++], u);
        if (back < MU_INFINITE_WEIGHT && w->down[u] == back) assert_int_equal(p.descent[down++], u);
        if (u + 1 == h->up_count || h->up_tail[u + 1] != tail) {
            assert_int_equal(p.first_ascent[tail + 1], up);
            assert_int_equal(p.first_descent[tail + 1], down);
        }
    }
    mu_perfect_fini(&p);
    free(least);
}

static void a_perfect_metric_keeps_the_arcs_that_nothing_undercuts(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < ROUNDS; ++seed) {
        uint64_t        rng     = ~seed;
        muster_network *network = some_network(seed);
        assert_int_equal(muster_network_build_hierarchy(network), MUSTER_OK);
        muster_metric *metric  = random_network_metric(network, PROFILE[seed % 3]);
        muster_metric *changed = with_extremes(metric, &rng);
        assert_keeps_what_is_least(&metric->weights);
        assert_keeps_what_is_least(&changed->weights);
        muster_metric_free(metric);
        muster_metric_free(changed);
        muster_network_free(network);
    }
}

static void so_it_does_in_a_town_from_any_number_of_threads(void **state) {
    (void)state;
    muster_network *network = town_network_new(TOWN, 3);
    mu_perfect      first;
    assert_int_equal(muster_network_build_hierarchy(network), MUSTER_OK);
    muster_metric      *metric = random_network_metric(network, "light");
    const mu_hierarchy *h      = network->hierarchy;
    assert_int_equal(mu_perfect_init(&first, &metric->weights, 1), MUSTER_OK);
    const uint32_t ups   = first.first_ascent[h->node_count];
    const uint32_t downs = first.first_descent[h->node_count];
    assert_in_range(ups, 1, h->up_count - 1); /* or nothing has been left out */
    for (size_t t = 1; t < sizeof THREADS / sizeof *THREADS; ++t) {
        mu_perfect again;
        assert_int_equal(mu_perfect_init(&again, &metric->weights, THREADS[t]), MUSTER_OK);
        assert_memory_equal(again.first_ascent, first.first_ascent, (h->node_count + 1) * 4);
        assert_memory_equal(again.first_descent, first.first_descent, (h->node_count + 1) * 4);
        assert_memory_equal(again.ascent, first.ascent, ups * sizeof *first.ascent);
        assert_memory_equal(again.descent, first.descent, downs * sizeof *first.descent);
        mu_perfect_fini(&again);
    }
    mu_perfect_fini(&first);
    muster_metric_free(metric);
    muster_network_free(network);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weights_are_what_they_are_defined_to_be),
        cmocka_unit_test(so_are_those_of_a_town_with_many_subtrees),
        cmocka_unit_test(metrics_made_together_are_those_made_alone),
        cmocka_unit_test(one_bad_profile_of_several_leaves_no_metric),
        cmocka_unit_test(a_perfect_metric_keeps_the_arcs_that_nothing_undercuts),
        cmocka_unit_test(so_it_does_in_a_town_from_any_number_of_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
