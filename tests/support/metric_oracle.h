/* What a metric must be, worked out without a look at any other: shortcuts and components from its
 * durations alone, and tables by Dijkstra's algorithm. */
#ifndef TESTS_SUPPORT_METRIC_ORACLE_H
#define TESTS_SUPPORT_METRIC_ORACLE_H

#include <math.h>
#include <stdlib.h>

#include <muster/matrix.h>

#include "core/search.h"
#include "tests/support/cmocka_all.h"
#include "tests/support/random.h"

static inline void assert_same_components(const mu_scc *a, const mu_scc *b, size_t nodes) {
    assert_int_equal(a->count, b->count);
    assert_memory_equal(a->component, b->component, nodes * sizeof *a->component);
    assert_memory_equal(a->size, b->size, a->count * sizeof *a->size);
}

static inline void assert_same_weights(const mu_weights *a, const mu_weights *b) {
    assert_ptr_equal(a->hierarchy, b->hierarchy);
    if (!a->hierarchy || a->hierarchy->up_count == 0) return;
    const size_t size = a->hierarchy->up_count * sizeof(mu_cost);
    assert_memory_equal(a->up, b->up, size);
    assert_memory_equal(a->down, b->down, size);
}

/* Components are found anew by Tarjan's algorithm, which is what a metric without shortcuts does. */
static inline void assert_made_from_the_start(const muster_metric *metric) {
    const muster_network *network = metric->network;
    muster_metric         fresh   = *metric;
    mu_weights            weights = {0};
    fresh.weights                 = weights;
    assert_int_equal(mu_metric_find_components(&fresh), MUSTER_OK);
    if (network->hierarchy) {
        assert_int_equal(mu_weights_init(&weights, network->hierarchy, metric->duration_ms, 1),
                         MUSTER_OK);
    }
    assert_same_components(&metric->scc, &fresh.scc, network->view.node_count);
    assert_same_weights(&metric->weights, &weights);
    mu_scc_fini(&fresh.scc);
    if (mu_graph_has_turns(&network->graph)) mu_scc_fini(&fresh.graph_scc);
    mu_weights_fini(&weights);
}

/* Times and distances, to the bit. */
static inline void assert_table_is_dijkstras(const muster_metric *metric, uint64_t *rng) {
    enum { SITES = 6 };
    muster_snap site[SITES];
    uint32_t    duration_ms[SITES * SITES];
    double      distance_m[SITES * SITES];
    mu_search   search;
    for (int i = 0; i < SITES; ++i) {
        site[i] = (muster_snap){random_below(rng, metric->network->view.edge_count),
                                random_unit(rng), 0, 0, 0};
    }
    assert_int_equal(muster_matrix(metric, SITES, site, SITES, site, 1, duration_ms, distance_m),
                     MUSTER_OK);
    assert_int_equal(mu_search_init(&search, metric), MUSTER_OK);
    for (int from = 0; from < SITES; ++from) {
        mu_search_run(&search, MUSTER_FORWARD, &site[from], SITES, site);
        for (int to = 0; to < SITES; ++to) {
            const int     cell = from * SITES + to;
            const mu_cost cost = mu_search_cost(&search, &site[from], &site[to], NULL, NULL);
            if (cost == MU_NO_PATH) {
                assert_int_equal(duration_ms[cell], MUSTER_UNREACHABLE_MS);
                assert_true(isnan(distance_m[cell]));
            } else {
                assert_int_equal(duration_ms[cell], mu_cost_ms(cost));
                assert_true(distance_m[cell] == mu_cost_cm(cost) / 100.0);
            }
        }
    }
    mu_search_fini(&search);
}

#endif
