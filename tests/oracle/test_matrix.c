/* Tables in every way they can be had, against Dijkstra's: whole and by blocks, with distances and
 * without, on metrics that are plain, perfect, changed; and by air, against the great circle. */
#include <muster/closure.h>
#include <muster/great_circle.h>
#include <muster/matrix.h>
#include <muster/query.h>

#include <math.h>
#include <string.h>

#include "core/alloc.h"
#include "core/metric.h"
#include "tests/support/random_places.h"
#include "tests/support/random_turns.h"
#include "tests/support/town_network.h"

enum { ROUNDS = 120, FROM = 45, TO = 21, CELLS = FROM * TO, MOST_CHANGES = 10 };

typedef struct table {
    uint32_t duration_ms[CELLS];
    double   distance_m[CELLS];
} table;

/* Places in question, and what Dijkstra says of them. */
typedef struct question {
    muster_snap from[FROM], to[TO];
    table       expected;
} question;

static void ask(question *q, const muster_metric *metric, uint64_t *rng) {
    const uint32_t edges = metric->network->view.edge_count;
    random_places(q->from, FROM, edges, rng);
    random_places(q->to, TO, edges, rng);
    q->to[3] = q->from[3];
}

/* The same metric on a network that has no hierarchy. */
static void answer_by_dijkstra(question *q, const muster_metric *metric) {
    muster_metric plain = *metric;
    plain.weights       = (mu_weights){0};
    assert_int_equal(muster_matrix(&plain, FROM, q->from, TO, q->to, 1, q->expected.duration_ms,
                                   q->expected.distance_m),
                     MUSTER_OK);
}

static void assert_rows(const question *q, uint32_t first, uint32_t count, const uint32_t *ms,
                        const double *m) {
    const size_t skip = (size_t)first * TO;
    assert_memory_equal(ms, q->expected.duration_ms + skip, count * TO * sizeof *ms);
    for (uint32_t i = 0; m && i < count * TO; ++i) {
        const double expected = q->expected.distance_m[skip + i];
        assert_true(isnan(expected) ? isnan(m[i]) : m[i] == expected);
    }
}

/* Of few cells, with and without distances: each place of the smaller side is a star. */
static void assert_few(const question *q, const muster_metric *metric, uint32_t rows,
                       uint32_t columns) {
    uint32_t ms[64], durations[64];
    double   m[64];
    assert_true(rows * columns <= 64);
    assert_int_equal(muster_matrix(metric, rows, q->from, columns, q->to, 1, ms, m), MUSTER_OK);
    assert_int_equal(muster_matrix(metric, rows, q->from, columns, q->to, 2, durations, NULL),
                     MUSTER_OK);
    for (uint32_t i = 0; i < rows * columns; ++i) {
        const uint32_t cell     = i / columns * TO + i % columns;
        const double   expected = q->expected.distance_m[cell];
        assert_int_equal(ms[i], q->expected.duration_ms[cell]);
        assert_int_equal(durations[i], q->expected.duration_ms[cell]);
        assert_true(isnan(expected) ? isnan(m[i]) : m[i] == expected);
    }
}

static void assert_all_few(const question *q, const muster_metric *metric) {
    static const uint32_t SHAPE[][2] = {{1, 1}, {1, TO}, {FROM, 1}, {7, 4}, {4, 7}, {7, 8}, {8, 8}};
    for (size_t i = 0; i < sizeof SHAPE / sizeof *SHAPE; ++i) {
        assert_few(q, metric, SHAPE[i][0], SHAPE[i][1]);
    }
}

/* A tall table is swept backward, from its columns, and one that is not forward. */
static void assert_whole(const question *q, const muster_metric *metric, uint32_t rows) {
    static table found;
    for (uint32_t threads = 1; threads <= 8; threads = threads < 3 ? threads + 1 : threads + 5) {
        assert_int_equal(muster_matrix(metric, rows, q->from, TO, q->to, threads, found.duration_ms,
                                       found.distance_m),
                         MUSTER_OK);
        assert_rows(q, 0, rows, found.duration_ms, found.distance_m);
        assert_int_equal(
            muster_matrix(metric, rows, q->from, TO, q->to, threads, found.duration_ms, NULL),
            MUSTER_OK);
        assert_rows(q, 0, rows, found.duration_ms, NULL);
    }
}

static void assert_blocks(const question *q, const muster_metric *metric, uint32_t row_count,
                          bool has_distances, uint32_t block) {
    static table         found;
    muster_table        *t       = NULL;
    muster_table_options options = MUSTER_TABLE_OPTIONS_INIT;
    options.row_count            = row_count;
    options.has_distances        = has_distances;
    options.thread_count         = 2;
    assert_int_equal(muster_table_new(&t, metric, TO, q->to, &options), MUSTER_OK);
    for (uint32_t first = 0; first < FROM; first += block) {
        const uint32_t count = FROM - first < block ? FROM - first : block;
        (void)mu_alloc_fail_after(0); /* blocks do without */
        assert_int_equal(muster_table_rows(t, count, q->from + first, found.duration_ms,
                                           has_distances ? found.distance_m : NULL),
                         MUSTER_OK);
        (void)mu_alloc_fail_after(-1);
        assert_rows(q, first, count, found.duration_ms, has_distances ? found.distance_m : NULL);
    }
    muster_table_free(t);
}

static void assert_all_ways(question *q, const muster_metric *metric, uint64_t *rng) {
    ask(q, metric, rng);
    answer_by_dijkstra(q, metric);
    assert_whole(q, metric, FROM);
    assert_whole(q, metric, 2 * TO - 1);
    assert_all_few(q, metric);
    assert_blocks(q, metric, FROM, true, 1 + random_below(rng, FROM));
    assert_blocks(q, metric, FROM, false, 1 + random_below(rng, FROM));
    assert_blocks(q, metric, 0, true, 1 + random_below(rng, FROM)); /* perfect for itself */
    assert_blocks(q, metric, 0, false, 1 + random_below(rng, FROM));
}

static void assert_queries(const question *q, const muster_metric *metric) {
    muster_query *query = NULL;
    assert_int_equal(muster_query_new(&query, metric), MUSTER_OK);
    for (uint32_t i = 0; i < TO; ++i) {
        muster_route *route = NULL;
        assert_int_equal(muster_query_route(&route, query, &q->from[i], &q->to[i]), MUSTER_OK);
        const uint32_t ms = q->expected.duration_ms[i * TO + i];
        assert_int_equal(route ? muster_route_duration_ms(route) : MUSTER_UNREACHABLE_MS, ms);
        muster_route_free(route);
        uint32_t found_ms;
        assert_int_equal(muster_query_cost(query, &q->from[i], &q->to[i], &found_ms, NULL),
                         MUSTER_OK);
        assert_int_equal(found_ms, ms);
    }
    muster_query_free(query);
}

static muster_metric *change_some(const muster_metric *metric, uint64_t *rng) {
    static const uint32_t MS[] = {0,
                                  1000,
                                  MUSTER_UNREACHABLE_MS,
                                  MUSTER_UNREACHABLE_MS - 1,
                                  MUSTER_UNREACHABLE_MS / 2,
                                  MUSTER_UNREACHABLE_MS / 2 + 1};
    muster_arc_change     change[MOST_CHANGES];
    uint32_t              count   = 0;
    muster_metric        *changed = NULL;
    for (int i = 0; i < MOST_CHANGES; ++i) {
        const uint32_t arc = random_below(rng, 2 * metric->network->view.edge_count);
        if (mu_arc_access(metric->network, arc) == 0) continue;
        change[count++] = (muster_arc_change){arc, MS[random_below(rng, sizeof MS / sizeof *MS)]};
    }
    assert_int_equal(muster_metric_change(&changed, metric, count, change), MUSTER_OK);
    return changed;
}

/* Plain, perfect, and both again after a change. */
static void compare_network(const muster_network *network, const char *profile, uint64_t *rng) {
    static question q;
    muster_metric  *metric = random_network_metric(network, profile);
    for (int step = 0; step < 2; ++step) {
        assert_all_ways(&q, metric, rng);
        assert_int_equal(muster_metric_perfect(metric, 2), MUSTER_OK);
        assert_int_equal(metric->perfect.ascent != NULL, network->hierarchy != NULL);
        assert_int_equal(muster_metric_perfect(metric, 2), MUSTER_OK); /* nothing left to do */
        assert_all_ways(&q, metric, rng);
        assert_queries(&q, metric);
        muster_metric *changed = change_some(metric, rng);
        assert_null(changed->perfect.ascent);
        muster_metric_free(metric);
        metric = changed;
    }
    muster_metric_free(metric);
}

static void tables_agree_with_dijkstra(void **state) {
    (void)state;
    static random_network    r;
    static random_turns      turns;
    static const char *const PROFILES[] = {"light", "heavy", "emergency"};
    for (uint64_t seed = 0; seed < ROUNDS; ++seed) {
        uint64_t        rng = ~seed;
        muster_network *network =
            seed % 3 ? random_network_with_turns(&r, &turns, seed) : random_network_new(&r, seed);
        if (seed % 5 != 0) assert_int_equal(muster_network_build_hierarchy(network), MUSTER_OK);
        compare_network(network, PROFILES[seed / 3 % 3], &rng);
        muster_network_free(network);
    }
}

static void those_of_a_town_do(void **state) {
    (void)state;
    uint64_t        rng     = 1;
    muster_network *network = town_network_new(80, 9);
    assert_int_equal(muster_network_build_hierarchy(network), MUSTER_OK);
    compare_network(network, "light", &rng);
    muster_network_free(network);
}

/* Anywhere on the globe, now and then nowhere. */
static void places_in_the_air(muster_snap *snap, uint32_t count, uint64_t *rng) {
    for (uint32_t i = 0; i < count; ++i) {
        const bool   is_nowhere = random_below(rng, 8) == 0;
        const double lon_deg    = random_below(rng, 361) - 180.0,
                     lat_deg    = random_below(rng, 181) - 90.0;
        snap[i]                 = is_nowhere ? (muster_snap){MUSTER_NONE, 0, NAN, NAN, INFINITY}
                                             : (muster_snap){MUSTER_BY_AIR, 0, lon_deg, lat_deg, 0};
    }
}

static void answer_by_great_circle(question *q, const muster_profile *profile) {
    for (uint32_t i = 0; i < CELLS; ++i) {
        const muster_snap *from = &q->from[i / TO], *to = &q->to[i % TO];
        q->expected.duration_ms[i] = MUSTER_UNREACHABLE_MS;
        q->expected.distance_m[i]  = NAN;
        if (from->edge == MUSTER_NONE || to->edge == MUSTER_NONE) continue;
        const double way_m =
            muster_great_circle_m(from->lon_deg, from->lat_deg, to->lon_deg, to->lat_deg);
        const double ms            = profile->setup_ms + way_m * 3600 / profile->flight_speed_kmh;
        q->expected.duration_ms[i] = (uint32_t)floor(ms + 0.5);
        q->expected.distance_m[i]  = floor(way_m * 100 + 0.5) / 100;
    }
}

static void tables_by_air_are_great_circles(void **state) {
    (void)state;
    static question q;
    uint64_t        rng     = 7;
    muster_network *network = town_network_new(4, 1);
    muster_profile  profile;
    assert_int_equal(muster_network_build_hierarchy(network), MUSTER_OK);
    assert_int_equal(muster_profile_builtin(&profile, "helicopter"), MUSTER_OK);
    muster_metric *metric = random_network_metric(network, "helicopter");
    for (int round = 0; round < 20; ++round) {
        places_in_the_air(q.from, FROM, &rng);
        places_in_the_air(q.to, TO, &rng);
        answer_by_great_circle(&q, &profile);
        assert_whole(&q, metric, FROM);
        for (int way = 0; way < 4; ++way) {
            assert_blocks(&q, metric, way & 1 ? FROM : 0, way & 2, 1 + random_below(&rng, FROM));
        }
    }
    assert_int_equal(muster_metric_perfect(metric, 0), MUSTER_OK); /* nothing to do */
    muster_metric_free(metric);
    muster_network_free(network);
}

static void a_table_by_air_takes_no_place_on_a_road(void **state) {
    (void)state;
    muster_network   *network = town_network_new(4, 1);
    muster_metric    *flies   = random_network_metric(network, "drone"), *drives;
    const muster_snap road = {0, 0.5, 120, 30, 0}, air = {MUSTER_BY_AIR, 0, 120, 30, 0};
    muster_table     *t = NULL;
    uint32_t          ms;
    drives = random_network_metric(network, "light");
    assert_int_equal(muster_table_new(&t, flies, 1, &road, NULL), MUSTER_E_INVALID);
    assert_non_null(strstr(muster_error_message(), "target site 0 is snapped to edge 0"));
    assert_int_equal(muster_table_new(&t, drives, 1, &air, NULL), MUSTER_E_INVALID);
    assert_null(t);
    assert_int_equal(muster_table_new(&t, flies, 1, &air, NULL), MUSTER_OK);
    assert_int_equal(muster_table_rows(t, 1, &road, &ms, NULL), MUSTER_E_INVALID);
    assert_non_null(strstr(muster_error_message(), "source site 0 is snapped to edge 0"));
    muster_table_free(t);
    muster_metric_free(flies);
    muster_metric_free(drives);
    muster_network_free(network);
}

static void tables_may_be_empty(void **state) {
    (void)state;
    for (int with_hierarchy = 0; with_hierarchy < 2; ++with_hierarchy) {
        muster_network *network = town_network_new(4, 1);
        if (with_hierarchy) assert_int_equal(muster_network_build_hierarchy(network), MUSTER_OK);
        muster_metric    *metric = random_network_metric(network, "light");
        const muster_snap snap   = {0, 0.5, 0, 0, 0};
        muster_table     *t      = NULL;
        uint32_t          ms     = 77;
        assert_int_equal(muster_matrix(metric, 0, NULL, 1, &snap, 0, &ms, NULL), MUSTER_OK);
        assert_int_equal(muster_matrix(metric, 1, &snap, 0, NULL, 0, &ms, NULL), MUSTER_OK);
        assert_int_equal(muster_table_new(&t, metric, 0, NULL, NULL), MUSTER_OK);
        assert_int_equal(muster_table_rows(t, 1, &snap, &ms, NULL), MUSTER_OK);
        muster_table_free(t);
        assert_int_equal(muster_table_new(&t, metric, 1, &snap, NULL), MUSTER_OK);
        assert_int_equal(muster_table_rows(t, 0, NULL, &ms, NULL), MUSTER_OK);
        assert_int_equal(ms, 77);
        muster_table_free(t);
        muster_metric_free(metric);
        muster_network_free(network);
    }
}

static void what_a_table_is_asked_wrongly_is_named(void **state) {
    (void)state;
    muster_network      *network = town_network_new(4, 1);
    muster_metric       *metric  = random_network_metric(network, "light");
    muster_table        *t       = NULL;
    muster_table_options options = MUSTER_TABLE_OPTIONS_INIT;
    const muster_snap    snap = {0, 0.5, 0, 0, 0}, wrong[2] = {snap, {999, 0, 0, 0, 0}};
    uint32_t             ms[4];
    double               m[4];
    assert_int_equal(muster_table_new(&t, metric, 2, wrong, NULL), MUSTER_E_INVALID);
    assert_null(t);
    assert_non_null(strstr(muster_error_message(), "target site 1 is snapped to edge 999"));
    options.struct_size = 3;
    assert_int_equal(muster_table_new(&t, metric, 1, &snap, &options), MUSTER_E_INVALID);
    assert_non_null(strstr(muster_error_message(), "struct_size 3"));
    assert_int_equal(muster_table_new(&t, metric, 1, &snap, NULL), MUSTER_OK);
    assert_int_equal(muster_table_rows(t, 2, wrong, ms, NULL), MUSTER_E_INVALID);
    assert_non_null(strstr(muster_error_message(), "source site 1 is snapped to edge 999"));
    assert_int_equal(muster_table_rows(t, 1, &snap, ms, m), MUSTER_E_INVALID);
    assert_non_null(strstr(muster_error_message(), "made without distances"));
    muster_table_free(t);
    muster_table_free(NULL);
    muster_metric_free(metric);
    muster_network_free(network);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_agree_with_dijkstra),
        cmocka_unit_test(those_of_a_town_do),
        cmocka_unit_test(tables_by_air_are_great_circles),
        cmocka_unit_test(a_table_by_air_takes_no_place_on_a_road),
        cmocka_unit_test(tables_may_be_empty),
        cmocka_unit_test(what_a_table_is_asked_wrongly_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
