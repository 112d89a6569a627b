/* Tables of which few cells are asked for, against tables that are searched for as a whole. */
#include "solver/open_table.h"

#include <muster/closure.h>
#include <muster/matrix.h>

#include "core/alloc.h"
#include "tests/support/random_places.h"
#include "tests/support/random_turns.h"

enum { ROUNDS = 60, ROWS = 40, COLUMNS = 25, METRICS = 3 };

/* Some sites are twins, and some places near no road. */
typedef struct sites {
    muster_site site[ROWS + COLUMNS];
    muster_snap road[ROWS + COLUMNS], air[ROWS + COLUMNS];
} sites;

typedef struct world {
    random_network  rows;
    random_turns    turns;
    muster_network *network;
    muster_metric  *metric[METRICS]; /* the last flies */
    sites           sites;
} world;

static world w;

static void draw_sites(uint64_t *rng) {
    sites *s = &w.sites;
    random_places(s->road, ROWS + COLUMNS, muster_network_view(w.network)->edge_count, rng);
    for (uint32_t i = 0; i < ROWS + COLUMNS; ++i) {
        s->site[i] = (muster_site){120 + random_unit(rng), 30 + random_unit(rng)};
        s->air[i]  = (muster_snap){MUSTER_BY_AIR, 0, s->site[i].lon_deg, s->site[i].lat_deg, 0};
        if (random_below(rng, 15) == 0) s->road[i].edge = MUSTER_NONE;
        if (i <= ROWS || random_below(rng, 6) > 0) continue;
        const uint32_t twin = ROWS + random_below(rng, i - ROWS);
        s->site[i] = s->site[twin], s->road[i] = s->road[twin], s->air[i] = s->air[twin];
    }
}

/* Roads are closed until whole parts are cut off. */
static muster_metric *cut(muster_metric *metric, uint64_t *rng) {
    const uint32_t    arcs = 2 * muster_network_view(w.network)->edge_count;
    muster_arc_change change[40];
    muster_metric    *changed;
    for (uint32_t i = 0; i < 40; ++i) {
        change[i] = (muster_arc_change){random_below(rng, arcs), MUSTER_UNREACHABLE_MS};
    }
    assert_int_equal(muster_metric_change(&changed, metric, 40, change), MUSTER_OK);
    muster_metric_free(metric);
    return changed;
}

static void make_world(uint64_t seed, uint64_t *rng) {
    w.network = seed % 3 ? random_network_with_turns(&w.rows, &w.turns, seed)
                         : random_network_new(&w.rows, seed);
    assert_int_equal(muster_network_build_hierarchy(w.network), MUSTER_OK);
    w.metric[0] = random_network_metric(w.network, "light");
    w.metric[1] = cut(random_network_metric(w.network, "emergency"), rng);
    w.metric[2] = random_network_metric(w.network, "helicopter");
    draw_sites(rng);
}

static void end_world(void) {
    for (uint32_t m = 0; m < METRICS; ++m) muster_metric_free(w.metric[m]);
    muster_network_free(w.network);
}

static mu_table_side side_of(uint32_t metric, uint32_t first, uint32_t count) {
    const muster_snap *snap = metric == 2 ? w.sites.air : w.sites.road;
    return (mu_table_side){count, w.sites.site + first, snap + first};
}

static mu_asker *make_asker(void) {
    mu_asker *asker;
    assert_int_equal(
        mu_asker_new(&asker, METRICS, (const muster_metric *const *)w.metric, ROWS + COLUMNS),
        MUSTER_OK);
    assert_non_null(asker);
    return asker;
}

/* Cells one by one, and others that are expected: few, or more than half of all. */
static void ask(mu_open_table *t, const uint32_t *whole, uint32_t rows, uint32_t columns,
                uint64_t *rng) {
    static const uint32_t SOME[]   = {0, 5, 40, 700};
    const uint32_t        expected = SOME[random_below(rng, 4)];
    for (uint32_t i = 0; i < 25; ++i) {
        const uint32_t r = random_below(rng, rows), c = random_below(rng, columns);
        assert_int_equal(mu_open_table_ms(t, r, c), whole[r * COLUMNS + c]);
    }
    for (uint32_t i = 0; i < expected; ++i) {
        assert_int_equal(
            mu_open_table_expect(t, random_below(rng, rows), random_below(rng, columns)),
            MUSTER_OK);
    }
    assert_int_equal(mu_open_table_search(t), MUSTER_OK);
    const uint64_t searched = t->memory->searched;
    assert_int_equal(mu_open_table_search(t), MUSTER_OK); /* nothing is expected any more */
    assert_int_equal(t->memory->searched, searched);
    for (uint32_t i = 0; i < 200; ++i) {
        const uint32_t r = random_below(rng, rows), c = random_below(rng, columns);
        assert_int_equal(mu_open_table_ms(t, r, c), whole[r * COLUMNS + c]);
    }
}

/* Rows and columns come and go; what was asked for before is known then. */
static void cells_are_those_of_the_whole_table(void **state) {
    (void)state;
    static uint32_t whole[ROWS * COLUMNS];
    uint64_t        unreachable = 0;
    for (uint64_t seed = 0; seed < ROUNDS; ++seed) {
        uint64_t         rng    = seed;
        mu_travel_memory memory = {0};
        make_world(seed, &rng);
        mu_asker *asker = make_asker();
        for (int turn = 0; turn < 9; ++turn) {
            const uint32_t      m = (uint32_t)turn % METRICS, first = random_below(&rng, 10);
            const uint32_t      rows = ROWS - first, columns = 1 + random_below(&rng, COLUMNS);
            mu_open_table       t;
            const mu_table_side from = side_of(m, first, rows), all = side_of(m, ROWS, COLUMNS);
            const mu_table_side to = side_of(m, ROWS, columns);
            assert_int_equal(
                muster_matrix(w.metric[m], rows, from.snap, COLUMNS, all.snap, 1, whole, NULL),
                MUSTER_OK);
            for (uint32_t i = 0; i < rows * COLUMNS; ++i) {
                unreachable += whole[i] == MUSTER_UNREACHABLE_MS;
            }
            assert_int_equal(mu_open_table_init(&t, &memory, MU_TABLE_TO_INCIDENTS, w.metric[m],
                                                &from, &to, asker),
                             MUSTER_OK);
            ask(&t, whole, rows, columns, &rng);
            mu_open_table_fini(&t);
        }
        assert_true(memory.known > 0);
        mu_asker_free(asker);
        mu_travel_memory_fini(&memory);
        end_world();
    }
    assert_true(unreachable > 10000);
}

static void what_has_been_asked_for_is_not_searched_for_again(void **state) {
    (void)state;
    uint64_t         rng    = 4;
    mu_travel_memory memory = {0};
    uint32_t         ms[2];
    make_world(4, &rng);
    mu_asker           *asker = make_asker();
    const mu_table_side from = side_of(0, 0, ROWS), to = side_of(0, ROWS, COLUMNS);
    for (int time = 0; time < 2; ++time) {
        mu_open_table t;
        assert_int_equal(
            mu_open_table_init(&t, &memory, MU_TABLE_TO_WAREHOUSES, w.metric[0], &from, &to, asker),
            MUSTER_OK);
        ms[time] = mu_open_table_ms(&t, 3, 2);
        assert_int_equal(memory.searched, 1);
        mu_open_table_fini(&t);
        mu_travel_memory_forget(&memory);
    }
    assert_int_equal(ms[0], ms[1]);
    assert_true(memory.known >= 1 && memory.known <= COLUMNS); /* with its twins */
    mu_travel_memory_forget(&memory);                          /* nobody has asked since */
    assert_int_equal(memory.count, 0);
    mu_asker_free(asker);
    mu_travel_memory_fini(&memory);
    end_world();
}

/* Some roads are closed, and a place is on another road than it was: now and then all of them. */
static muster_metric *close_some(muster_metric *metric, uint64_t *rng) {
    const uint32_t    arcs  = 2 * muster_network_view(w.network)->edge_count;
    const uint32_t    count = 1 + random_below(rng, random_below(rng, 5) ? 2 : 40);
    muster_arc_change change[40];
    muster_metric    *changed;
    for (uint32_t i = 0; i < count; ++i) {
        change[i] = (muster_arc_change){random_below(rng, arcs), MUSTER_UNREACHABLE_MS};
    }
    assert_int_equal(muster_metric_change(&changed, metric, count, change), MUSTER_OK);
    w.sites.road[random_below(rng, ROWS)].edge = random_below(rng, arcs / 2);
    return changed;
}

/* All cells: one after the other is expected or asked for, or the table is one that is whole. */
static void compare_all(mu_travel_memory *memory, mu_asker *asker, const muster_metric *metric,
                        bool is_open, uint64_t *rng) {
    static uint32_t     whole[ROWS * COLUMNS], ms[ROWS * COLUMNS];
    const mu_table_side from = side_of(0, 0, ROWS), to = side_of(0, ROWS, COLUMNS);
    mu_open_table       t;
    assert_int_equal(muster_matrix(metric, ROWS, from.snap, COLUMNS, to.snap, 1, whole, NULL),
                     MUSTER_OK);
    if (!is_open) {
        assert_int_equal(
            mu_travel_memory_table(memory, MU_TABLE_TO_INCIDENTS, metric, &from, &to, 1, ms),
            MUSTER_OK);
        assert_memory_equal(ms, whole, sizeof whole);
        return;
    }
    assert_int_equal(
        mu_open_table_init(&t, memory, MU_TABLE_TO_INCIDENTS, metric, &from, &to, asker),
        MUSTER_OK);
    for (uint32_t i = 0; i < ROWS * COLUMNS; ++i) {
        if (random_below(rng, 2)) continue;
        assert_int_equal(mu_open_table_expect(&t, i / COLUMNS, i % COLUMNS), MUSTER_OK);
    }
    assert_int_equal(mu_open_table_search(&t), MUSTER_OK);
    for (uint32_t i = 0; i < ROWS * COLUMNS; ++i) {
        assert_int_equal(mu_open_table_ms(&t, i / COLUMNS, i % COLUMNS), whole[i]);
    }
    mu_open_table_fini(&t);
}

static void what_closed_roads_do_not_reach_is_known(void **state) {
    (void)state;
    uint64_t known[2] = {0};
    for (uint64_t seed = 0; seed < (uint64_t)2 * ROUNDS; ++seed) {
        uint64_t         rng     = seed;
        const bool       is_open = seed % 2 == 1;
        mu_travel_memory memory  = {0};
        make_world(seed, &rng);
        mu_asker *asker = make_asker();
        compare_all(&memory, asker, w.metric[0], is_open, &rng);
        for (int turn = 0; turn < 5; ++turn) {
            muster_metric *closed = close_some(w.metric[0], &rng);
            mu_travel_memory_forget(&memory);
            memory.known = 0;
            compare_all(&memory, asker, closed, is_open, &rng);
            known[is_open] += memory.known;
            muster_metric_free(w.metric[0]);
            w.metric[0] = closed;
        }
        mu_asker_free(asker);
        mu_travel_memory_fini(&memory);
        end_world();
    }
    assert_true(known[0] > 10000 && known[1] > 10000);
}

static void without_a_hierarchy_nothing_is_open(void **state) {
    (void)state;
    mu_asker *asker;
    w.network   = random_network_new(&w.rows, 1);
    w.metric[0] = random_network_metric(w.network, "light");
    assert_int_equal(mu_asker_new(&asker, 1, (const muster_metric *const *)w.metric, 5), MUSTER_OK);
    assert_null(asker);
    w.metric[1] = random_network_metric(w.network, "drone");
    assert_int_equal(mu_asker_new(&asker, 1, (const muster_metric *const *)w.metric + 1, 5),
                     MUSTER_OK);
    assert_non_null(asker);
    mu_asker_free(asker);
    muster_metric_free(w.metric[0]);
    muster_metric_free(w.metric[1]);
    muster_network_free(w.network);
}

/* A table that is expected, with an answer that was known before: whatever fails, that stays, and the rest can be
 * asked for. */
static muster_status expect_all(mu_open_table *t) {
    for (uint32_t r = 0; r < ROWS; ++r) {
        for (uint32_t c = 0; c < COLUMNS; ++c) MU_TRY(mu_open_table_expect(t, r, c));
    }
    return mu_open_table_search(t);
}

static muster_status live(mu_travel_memory *memory, uint32_t *out_ms) {
    const mu_table_side from = side_of(0, 0, ROWS), to = side_of(0, ROWS, COLUMNS);
    mu_asker           *asker;
    mu_open_table       t;
    MU_TRY(mu_asker_new(&asker, METRICS, (const muster_metric *const *)w.metric, ROWS + COLUMNS));
    muster_status status =
        mu_open_table_init(&t, memory, MU_TABLE_TO_INCIDENTS, w.metric[0], &from, &to, asker);
    if (status == MUSTER_OK) status = expect_all(&t);
    if (status == MUSTER_OK) *out_ms = mu_open_table_ms(&t, 3, 2);
    if (t.times.duration_ms) mu_open_table_fini(&t);
    mu_asker_free(asker);
    return status;
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    uint64_t rng     = 4;
    bool     is_over = false;
    uint32_t right_ms;
    make_world(4, &rng);
    const mu_table_side from = side_of(0, 3, 1), to = side_of(0, ROWS + 2, 1);
    assert_int_equal(muster_matrix(w.metric[0], 1, from.snap, 1, to.snap, 1, &right_ms, NULL),
                     MUSTER_OK);
    for (int64_t failing = 0; !is_over; ++failing) {
        mu_travel_memory memory = {0};
        uint32_t         ms     = 0;
        (void)mu_alloc_fail_once_after(failing);
        const muster_status status = live(&memory, &ms);
        is_over                    = mu_alloc_fail_after(-1) <= failing;
        assert_int_equal(status, is_over ? MUSTER_OK : MUSTER_E_NOMEM);
        assert_int_equal(live(&memory, &ms), MUSTER_OK);
        assert_int_equal(ms, right_ms);
        mu_travel_memory_fini(&memory);
    }
    end_world();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_those_of_the_whole_table),
        cmocka_unit_test(what_has_been_asked_for_is_not_searched_for_again),
        cmocka_unit_test(what_closed_roads_do_not_reach_is_known),
        cmocka_unit_test(without_a_hierarchy_nothing_is_open),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
