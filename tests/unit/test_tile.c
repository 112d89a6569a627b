/* Every way to turn a tile round that this processor has, entry by entry. */
#include "core/tile.h"

#include <math.h>
#include <string.h>

#include "core/descent.h"
#include "core/weights.h"
#include "tests/support/cmocka_all.h"
#include "tests/support/random.h"

enum { ROUNDS = 50, STRIDE = MU_TILE_NODES + 3, CELLS = STRIDE * MU_MOST_LANES };

typedef struct tile {
    uint32_t        ms[MU_TILE_NODES][MU_MOST_LANES];
    mu_cost         cost[MU_TILE_NODES][MU_MOST_LANES];
    const uint32_t *ms_row[MU_TILE_NODES];
    const mu_cost  *cost_row[MU_TILE_NODES];
} tile;

/* No way, or one; its length may be nothing, or all that fits. */
static mu_cost random_cost(uint64_t *rng) {
    if (random_below(rng, 4) == 0) return MU_INFINITE_WEIGHT;
    const uint32_t ms = random_below(rng, 2) ? random_below(rng, 1000)
                                             : MUSTER_UNREACHABLE_MS - 1 - random_below(rng, 3);
    switch (random_below(rng, 3)) {
    case 0:
        return mu_cost_of(ms, random_below(rng, 3));
    case 1:
        return mu_cost_of(ms, UINT32_MAX - random_below(rng, 3));
    default:
        return mu_cost_of(ms, random_below(rng, 2000000000));
    }
}

/* Rows in another order than their nodes'. */
static void fill(tile *t, uint64_t *rng) {
    const uint32_t shift = random_below(rng, MU_TILE_NODES);
    for (uint32_t i = 0; i < MU_TILE_NODES; ++i) {
        for (uint32_t lane = 0; lane < MU_MOST_LANES; ++lane) {
            t->cost[i][lane] = random_cost(rng);
            t->ms[i][lane]   = mu_cost_ms(t->cost[i][lane]);
        }
        t->ms_row[(i + shift) % MU_TILE_NODES]   = t->ms[i];
        t->cost_row[(i + shift) % MU_TILE_NODES] = t->cost[i];
    }
}

static uint32_t whole(uint32_t lanes) {
    return (lanes + MU_TILE_LANES - 1) / MU_TILE_LANES * MU_TILE_LANES;
}

/* Nothing is written between the rows, or behind the last that may be. */
static void expect_untouched(const void *cell, size_t size, uint32_t lanes) {
    static const uint8_t RUBBISH[sizeof(double)] = {0x5A, 0x5A, 0x5A, 0x5A, 0x5A, 0x5A, 0x5A, 0x5A};
    for (uint32_t c = 0; c < CELLS; ++c) {
        if (c % STRIDE < MU_TILE_NODES && c / STRIDE < whole(lanes)) continue;
        assert_memory_equal((const uint8_t *)cell + c * size, RUBBISH, size);
    }
}

static void check_durations(const tile *t, mu_isa isa, uint32_t lanes) {
    uint32_t ms[CELLS];
    memset(ms, 0x5A, sizeof ms);
    mu_tile_for(isa).durations(t->ms_row, lanes,
                               (mu_tile_out){.duration_ms = ms, .stride = STRIDE});
    for (uint32_t lane = 0; lane < lanes; ++lane) {
        for (uint32_t i = 0; i < MU_TILE_NODES; ++i) {
            assert_int_equal(ms[lane * STRIDE + i], t->ms_row[i][lane]);
        }
    }
    expect_untouched(ms, sizeof *ms, lanes);
}

static void check_costs(const tile *t, mu_isa isa, uint32_t lanes) {
    uint32_t ms[CELLS];
    double   m[CELLS];
    memset(ms, 0x5A, sizeof ms);
    memset(m, 0x5A, sizeof m);
    mu_tile_for(isa).costs(t->cost_row, lanes, (mu_tile_out){ms, m, STRIDE});
    for (uint32_t lane = 0; lane < lanes; ++lane) {
        for (uint32_t i = 0; i < MU_TILE_NODES; ++i) {
            const mu_cost cost = t->cost_row[i][lane];
            const double  got  = m[lane * STRIDE + i];
            assert_int_equal(ms[lane * STRIDE + i], mu_cost_ms(cost));
            if (cost >= MU_INFINITE_WEIGHT) {
                assert_true(isnan(got));
            } else {
                assert_true(got == mu_cost_cm(cost) / 100.0);
            }
        }
    }
    expect_untouched(ms, sizeof *ms, lanes);
    expect_untouched(m, sizeof *m, lanes);
}

static void every_way_to_turn_a_tile_gives_the_same(void **state) {
    (void)state;
    static tile t;
    uint64_t    rng = 1;
    for (int round = 0; round < ROUNDS; ++round) {
        fill(&t, &rng);
        for (mu_isa isa = MU_ISA_PORTABLE; isa <= mu_isa_best(); ++isa) {
            for (uint32_t lanes = 1; lanes <= MU_MOST_LANES; ++lanes) {
                check_durations(&t, isa, lanes);
                check_costs(&t, isa, lanes);
            }
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_way_to_turn_a_tile_gives_the_same)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
