/* Pairs against the table of all their ends, cell by cell. */
#include "core/pairs.h"

#include <math.h>
#include <muster/matrix.h>
#include <string.h>

#include "core/alloc.h"
#include "core/hierarchy.h"
#include "tests/support/random_network.h"
#include "tests/support/random_places.h"

enum { ROUNDS = 120, PAIRS = 80, METRICS = 4, THREADS = 3 };

static const char *const PROFILES[METRICS] = {"light", "heavy", "emergency", "helicopter"};

typedef struct places {
    muster_network *network;
    muster_metric  *metric[METRICS];
    mu_pair         pair[PAIRS];
} places;

/* One place is at both ends of many, and some fly. */
static void places_new(places *p, uint64_t seed, uint32_t metrics) {
    static random_network r;
    uint64_t              rng = ~seed;
    muster_snap           place[PAIRS / 2];
    p->network = random_network_new(&r, seed);
    if (seed % 2) assert_int_equal(muster_network_build_hierarchy(p->network), MUSTER_OK);
    for (uint32_t m = 0; m < METRICS; ++m) {
        p->metric[m] = random_network_metric(p->network, PROFILES[m]);
    }
    random_places(place, PAIRS / 2, r.data.edge_count, &rng);
    place[0].edge = random_below(&rng, r.data.edge_count);
    for (uint32_t i = 0; i < PAIRS; ++i) {
        mu_pair       *pair   = &p->pair[i];
        const uint32_t metric = METRICS - 1 - random_below(&rng, metrics);
        const uint32_t from   = random_or_0(&rng, PAIRS / 2);
        const uint32_t to     = random_or_0(&rng, PAIRS / 2);
        *pair                 = (mu_pair){p->metric[metric], place[from], place[to]};
        if (metric != METRICS - 1) continue;
        pair->from = (muster_snap){MUSTER_BY_AIR, 0, 120.7, 30.7 + 0.001 * from, 0};
        pair->to   = (muster_snap){MUSTER_BY_AIR, 0, 120.7 + 0.001 * to, 30.7, 0};
        if (from == 3) pair->from.edge = MUSTER_NONE;
    }
}

static void places_free(places *p) {
    for (uint32_t m = 0; m < METRICS; ++m) muster_metric_free(p->metric[m]);
    muster_network_free(p->network);
}

static void each_pair_is_the_cell_of_a_table(void **state) {
    (void)state;
    uint32_t reached = 0;
    for (uint64_t seed = 0; seed < ROUNDS; ++seed) {
        places   p;
        uint32_t ms[PAIRS];
        double   m[PAIRS];
        places_new(&p, seed, seed % 7 ? METRICS : 1);
        assert_int_equal(mu_pairs_measure(PAIRS, p.pair, 1 + (uint32_t)seed % THREADS, ms, m),
                         MUSTER_OK);
        for (uint32_t i = 0; i < PAIRS; ++i) {
            uint32_t cell_ms;
            double   cell_m;
            assert_int_equal(muster_matrix(p.pair[i].metric, 1, &p.pair[i].from, 1, &p.pair[i].to,
                                           1, &cell_ms, &cell_m),
                             MUSTER_OK);
            assert_int_equal(ms[i], cell_ms);
            assert_true(isnan(cell_m) ? isnan(m[i]) : m[i] == cell_m);
            reached += cell_ms < MUSTER_UNREACHABLE_MS;
        }
        places_free(&p);
    }
    assert_in_range(reached, ROUNDS * PAIRS / 4, ROUNDS * PAIRS - 1);
}

/* A metric from before the network had a hierarchy searches. */
static void metrics_with_a_hierarchy_and_without_go_together(void **state) {
    (void)state;
    static random_network r;
    uint64_t              rng     = 5;
    muster_network       *network = random_network_new(&r, 8);
    muster_metric        *old     = random_network_metric(network, "light");
    assert_int_equal(muster_network_build_hierarchy(network), MUSTER_OK);
    muster_metric *young = random_network_metric(network, "light");
    muster_snap    place[2];
    mu_pair        pair[PAIRS];
    uint32_t       ms[PAIRS];
    double         m[PAIRS];
    for (uint32_t i = 0; i < PAIRS; i += 2) {
        random_places(place, 2, r.data.edge_count, &rng);
        pair[i]     = (mu_pair){young, place[0], place[1]};
        pair[i + 1] = (mu_pair){old, place[0], place[1]};
    }
    assert_int_equal(mu_pairs_measure(PAIRS, pair, 2, ms, m), MUSTER_OK);
    for (uint32_t i = 0; i < PAIRS; i += 2) {
        assert_int_equal(ms[i], ms[i + 1]);
        assert_true(isnan(m[i]) ? isnan(m[i + 1]) : m[i] == m[i + 1]);
    }
    muster_metric_free(young);
    muster_metric_free(old);
    muster_network_free(network);
}

static void no_pairs_are_no_work_and_a_place_that_is_on_no_edge_is_named(void **state) {
    (void)state;
    places   p;
    uint32_t ms[PAIRS];
    double   m[PAIRS];
    places_new(&p, 1, METRICS - 1);
    assert_int_equal(mu_pairs_measure(0, NULL, 0, NULL, NULL), MUSTER_OK);
    p.pair[0].metric  = p.metric[0];
    p.pair[0].to.edge = 4000000;
    assert_int_equal(mu_pairs_measure(PAIRS, p.pair, 0, ms, m), MUSTER_E_INVALID);
    assert_non_null(strstr(muster_error_message(), "the end of a pair is snapped to edge 4000000"));
    places_free(&p);
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    for (uint64_t seed = 2; seed < 6; ++seed) {
        places   p;
        uint32_t ms[PAIRS];
        double   m[PAIRS];
        places_new(&p, seed, METRICS);
        (void)mu_alloc_fail_after(-1);
        assert_int_equal(mu_pairs_measure(PAIRS, p.pair, 2, ms, m), MUSTER_OK);
        const int64_t count = mu_alloc_fail_after(-1);
        for (int64_t failing = 0; failing < count; ++failing) {
            (void)mu_alloc_fail_once_after(failing);
            assert_int_equal(mu_pairs_measure(PAIRS, p.pair, 2, ms, m), MUSTER_E_NOMEM);
            (void)mu_alloc_fail_after(-1);
        }
        assert_true(count > 1);
        places_free(&p);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_pair_is_the_cell_of_a_table),
        cmocka_unit_test(metrics_with_a_hierarchy_and_without_go_together),
        cmocka_unit_test(no_pairs_are_no_work_and_a_place_that_is_on_no_edge_is_named),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
