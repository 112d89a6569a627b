/* Roads of a service are replaced all the time while threads search them: each thread keeps what it holds,
 * and what nobody holds is freed. Built with ThreadSanitizer it finds data races, with AddressSanitizer
 * whoever searches what has been freed; in every build, queries are compared with the table of the same
 * metric. */
#include <muster/closure.h>
#include <muster/matrix.h>

#include <pthread.h>

#include "service/roads.h"
#include "tests/support/town_network.h"

enum { SIDE = 24, READERS = 4, VERSIONS = 150, SITES = 6, ANSWERS = 25 };

typedef struct stage {
    mu_road_board    board;
    muster_snap      site[SITES];
    _Atomic bool     is_over;
    _Atomic uint32_t answers[READERS], failures, mixed;
} stage;

typedef struct reader {
    stage    *stage;
    uint32_t  slot;
    pthread_t thread;
} reader;

/* cmocka's assertions belong to the main thread: others count. */
static void ask(stage *s, uint32_t slot) {
    uint32_t       table_ms[SITES], query_ms;
    mu_roads      *roads = mu_road_board_hold(&s->board, slot);
    const uint32_t m     = slot % roads->metric_count;
    muster_query  *query;
    bool           is_right = mu_roads_query(&query, roads, slot, m) == MUSTER_OK &&
                    muster_matrix(roads->metric[m], 1, &s->site[slot % SITES], SITES, s->site, 1,
                                  table_ms, NULL) == MUSTER_OK;
    for (uint32_t to = 0; to < SITES && is_right; ++to) {
        is_right = muster_query_cost(query, &s->site[slot % SITES], &s->site[to], &query_ms,
                                     NULL) == MUSTER_OK &&
                   query_ms == table_ms[to];
    }
    /* All metrics of one moment are of that moment: arc 0 takes what the version says in each. */
    if (muster_metric_duration_ms(roads->metric[0])[0] !=
        muster_metric_duration_ms(roads->metric[1])[0]) {
        ++s->mixed;
    }
    mu_road_board_let_go(&s->board, slot);
    ++s->answers[slot];
    s->failures += !is_right;
}

static void *read_all(void *user) {
    const reader *r = user;
    while (!r->stage->is_over) ask(r->stage, r->slot);
    return NULL;
}

/* On a busy machine all versions may be made before the first reader runs: each shall have searched. */
static bool has_every_reader_answered(const stage *s) {
    uint32_t i = 0;
    while (i < READERS && s->answers[i] >= ANSWERS) ++i;
    return i == READERS;
}

/* Two profiles, whose first arc takes so long; NULL out of memory. */
static mu_roads *make_roads(const muster_metric *const before[2], uint32_t version) {
    const muster_arc_change change     = {0, 1000 + version};
    muster_metric          *changed[2] = {NULL, NULL};
    mu_roads               *roads      = NULL;
    assert_int_equal(muster_metric_change(&changed[0], before[0], 1, &change), MUSTER_OK);
    assert_int_equal(muster_metric_change(&changed[1], before[1], 1, &change), MUSTER_OK);
    assert_int_equal(mu_roads_take(&roads, 2, before, changed, READERS), MUSTER_OK);
    return roads;
}

static muster_metric *metric_of(const muster_network *network, const char *name) {
    muster_metric *metric = NULL;
    muster_profile profile;
    assert_int_equal(muster_profile_builtin(&profile, name), MUSTER_OK);
    assert_int_equal(muster_metric_new(&metric, network, &profile), MUSTER_OK);
    return metric;
}

static void roads_are_replaced_while_they_are_searched(void **state) {
    (void)state;
    static stage    s;
    muster_network *network = town_network_new(SIDE, 3);
    assert_int_equal(muster_network_build_hierarchy(network), MUSTER_OK);
    muster_metric *light = metric_of(network, "emergency"), *heavy = metric_of(network, "boat");
    const muster_metric *before[2] = {light, heavy};
    reader               all[READERS];
    uint64_t             rng = 8;
    for (uint32_t i = 0; i < SITES; ++i) {
        const double lon = 120 + 0.001 * SIDE * random_unit(&rng),
                     lat = 30 + 0.001 * SIDE * random_unit(&rng);
        assert_int_equal(muster_snap_sites(light, 1, &lon, &lat, NULL, &s.site[i]), MUSTER_OK);
    }
    assert_int_equal(mu_road_board_init(&s.board, make_roads(before, 0), READERS), MUSTER_OK);
    for (uint32_t i = 0; i < READERS; ++i) {
        all[i] = (reader){.stage = &s, .slot = i};
        assert_int_equal(pthread_create(&all[i].thread, NULL, read_all, &all[i]), 0);
    }
    uint32_t version = 0;
    while (version < VERSIONS || !has_every_reader_answered(&s)) {
        mu_road_board_replace(&s.board, make_roads(before, ++version));
        if (version % 7 == 0) mu_road_board_sweep(&s.board);
    }
    s.is_over = true;
    for (uint32_t i = 0; i < READERS; ++i) pthread_join(all[i].thread, NULL);
    mu_road_board_sweep(&s.board);
    assert_null(s.board.replaced); /* nobody holds any */
    assert_int_equal(s.board.version, version);
    assert_int_equal(s.failures, 0);
    assert_int_equal(s.mixed, 0);
    mu_road_board_fini(&s.board);
    muster_metric_free(light);
    muster_metric_free(heavy);
    muster_network_free(network);
}

static void what_is_held_stays(void **state) {
    (void)state;
    mu_road_board   board;
    muster_network *network = town_network_new(8, 1);
    assert_int_equal(muster_network_build_hierarchy(network), MUSTER_OK);
    muster_metric       *light     = metric_of(network, "emergency");
    const muster_metric *before[2] = {light, light};
    assert_int_equal(mu_road_board_init(&board, make_roads(before, 1), READERS), MUSTER_OK);
    const mu_roads *held = mu_road_board_hold(&board, 2);
    mu_road_board_replace(&board, make_roads(before, 2));
    assert_ptr_equal(board.replaced, held);
    assert_int_equal(muster_metric_duration_ms(held->metric[0])[0], 1001);
    const mu_roads *fresh = mu_road_board_hold(&board, 1);
    assert_int_equal(muster_metric_duration_ms(fresh->metric[0])[0], 1002);
    mu_road_board_let_go(&board, 2);
    mu_road_board_sweep(&board);
    assert_null(board.replaced);
    mu_road_board_let_go(&board, 1);
    mu_road_board_fini(&board);
    muster_metric_free(light);
    muster_network_free(network);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(roads_are_replaced_while_they_are_searched),
        cmocka_unit_test(what_is_held_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
