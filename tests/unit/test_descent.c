/* Every way down that this processor has, against the portable one. */
#include "core/descent.h"

#include <stdlib.h>
#include <string.h>

#include "core/weights.h"
#include "tests/support/cmocka_all.h"
#include "tests/support/random.h"

enum { NODES = 60, MOST_ARCS = NODES * 6, ROUNDS = 200, MOST_SOURCES = 40 };

typedef struct graph {
    uint32_t     first[NODES + 1], from[MOST_ARCS], ms[MOST_ARCS], cm[MOST_ARCS];
    uint8_t      is_seeded[NODES];
    mu_cost      seed[NODES][MOST_SOURCES]; /* by node and source */
    mu_down_arcs arcs;
} graph;

/* Small, or so large that the sum of two is at the border of infinity, or beyond. */
static uint32_t random_ms(uint64_t *rng) {
    switch (random_below(rng, 4)) {
    case 0:
        return MUSTER_UNREACHABLE_MS - 1 - random_below(rng, 3);
    case 1:
        return MUSTER_UNREACHABLE_MS / 2 - 1 + random_below(rng, 3);
    default:
        return random_below(rng, 50);
    }
}

static void fill(graph *g, uint64_t *rng) {
    uint32_t count = 0;
    for (uint32_t p = 0; p < NODES; ++p) {
        g->first[p] = count;
        for (uint32_t a = random_below(rng, 6); a > 0 && p + 1 < NODES; --a) {
            g->from[count] = p + 1 + random_below(rng, NODES - 1 - p);
            g->ms[count]   = random_ms(rng);
            g->cm[count++] = random_below(rng, 4);
        }
        g->is_seeded[p] = random_below(rng, 3) == 0;
        for (uint32_t s = 0; s < MOST_SOURCES; ++s) {
            const bool is_set = random_below(rng, 2) != 0;
            g->seed[p][s] =
                is_set ? mu_cost_of(random_ms(rng), random_below(rng, 4)) : MU_INFINITE_WEIGHT;
        }
    }
    g->first[NODES] = count;
    g->arcs         = (mu_down_arcs){NODES, g->first, g->from, g->ms, g->cm};
}

/* Rows start as rubbish, but for those that are seeded. */
static void run(const graph *g, mu_isa isa, uint32_t sources, bool has_lengths,
                mu_cost out[NODES][MOST_SOURCES]) {
    const mu_descent d    = mu_descent_for(isa, sources, has_lengths);
    const uint32_t   size = has_lengths ? sizeof(mu_cost) : sizeof(uint32_t);
    void            *row  = aligned_alloc(MU_LINE_BYTES, (size_t)NODES * d.lane_count * size);
    for (uint32_t first = 0; first < sources; first += d.lane_count) {
        uint8_t is_seeded[NODES];
        memcpy(is_seeded, g->is_seeded, sizeof is_seeded);
        memset(row, 0x5A, (size_t)NODES * d.lane_count * size);
        for (uint32_t i = 0; i < NODES * d.lane_count; ++i) {
            const uint32_t node = i / d.lane_count, source = first + i % d.lane_count;
            const mu_cost  seed = source < sources ? g->seed[node][source] : MU_INFINITE_WEIGHT;
            if (!g->is_seeded[node]) continue;
            if (has_lengths) ((mu_cost *)row)[i] = seed;
            if (!has_lengths) ((uint32_t *)row)[i] = mu_cost_ms(seed);
        }
        d.run(&g->arcs, is_seeded, row);
        for (uint32_t p = 0; p < NODES; ++p) assert_int_equal(is_seeded[p], 0);
        for (uint32_t i = 0; i < NODES * d.lane_count; ++i) {
            const uint32_t source = first + i % d.lane_count;
            if (source >= sources) continue;
            out[i / d.lane_count][source] =
                has_lengths ? ((mu_cost *)row)[i] : mu_cost_of(((uint32_t *)row)[i], 0);
        }
    }
    free(row);
}

/* Too simple to be wrong. */
static void expect(const graph *g, uint32_t sources, mu_cost out[NODES][MOST_SOURCES]) {
    for (uint32_t p = NODES; p-- > 0;) {
        for (uint32_t s = 0; s < sources; ++s) {
            mu_cost best = g->is_seeded[p] ? g->seed[p][s] : MU_INFINITE_WEIGHT;
            for (uint32_t a = g->first[p]; a < g->first[p + 1]; ++a) {
                const mu_cost through = out[g->from[a]][s] + mu_cost_of(g->ms[a], g->cm[a]);
                if (through < best) best = through;
            }
            out[p][s] = best;
        }
    }
}

static void compare(const graph *g, mu_isa isa, uint32_t sources) {
    static mu_cost expected[NODES][MOST_SOURCES], costs[NODES][MOST_SOURCES],
        durations[NODES][MOST_SOURCES];
    expect(g, sources, expected);
    run(g, isa, sources, true, costs);
    run(g, isa, sources, false, durations);
    for (uint32_t p = 0; p < NODES; ++p) {
        for (uint32_t s = 0; s < sources; ++s) {
            assert_int_equal(costs[p][s], expected[p][s]);
            assert_int_equal(mu_cost_ms(durations[p][s]), mu_cost_ms(expected[p][s]));
        }
    }
}

static void every_way_down_gives_the_same(void **state) {
    (void)state;
    static graph g;
    uint64_t     rng = 1;
    for (int round = 0; round < ROUNDS; ++round) {
        fill(&g, &rng);
        for (mu_isa isa = MU_ISA_PORTABLE; isa <= mu_isa_best(); ++isa) {
            compare(&g, isa, 1);
            compare(&g, isa, 7);
            compare(&g, isa, 16);
            compare(&g, isa, MOST_SOURCES);
        }
    }
}

static void lanes_are_no_more_than_sources_need(void **state) {
    (void)state;
    for (mu_isa isa = MU_ISA_PORTABLE; isa <= mu_isa_best(); ++isa) {
        assert_int_equal(mu_descent_for(isa, 1, false).lane_count, 16);
        assert_int_equal(mu_descent_for(isa, 1, true).lane_count, 8);
        assert_true(mu_descent_for(isa, 1000, false).lane_count <= MU_MOST_LANES);
        assert_true(mu_descent_for(isa, 1000, true).lane_count <= MU_MOST_COST_LANES);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_way_down_gives_the_same),
        cmocka_unit_test(lanes_are_no_more_than_sources_need),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
