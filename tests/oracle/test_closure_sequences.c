/* Long lives of metrics: closures come and go, what-ifs branch off from one another, and bases are
 * freed before their children. Beside every metric lies a copy of the durations that it must have,
 * which no code of ours has touched since. After each step the new metric is one made from the
 * start and answers like Dijkstra's algorithm, every other one alive is as it was, and opening all
 * that is closed gives the first metric again, to the bit.
 *
 * Random networks, with and without a hierarchy, a town of blocks, and real extracts where they
 * are; every profile. MUSTER_CLOSURE_ROUNDS=N runs N times as many sequences. */
#include <muster/closure.h>
#include <muster/import.h>

#include <string.h>

#include "core/checksum.h"
#include "tests/support/grid_network.h"
#include "tests/support/metric_oracle.h"
#include "tests/support/random_network.h"
#include "tests/support/shared_data.h"

enum { ALIVE = 6, NETWORKS = 600, STEPS = 12, TOWN = 30, TOWN_STEPS = 100, REAL_STEPS = 8 };

static const char *const PROFILES[] = {"light", "heavy", "emergency"};

static uint64_t rounds(void) {
    const char *asked = getenv("MUSTER_CLOSURE_ROUNDS");
    return asked ? strtoull(asked, NULL, 10) : 1;
}

/* ---- a metric and what it must be ---------------------------------------------------------- */

typedef struct what_if {
    muster_metric *metric; /* NULL: nobody lives here */
    uint32_t      *must_ms;
    uint64_t       weights_sum; /* of its shortcuts, when it was made */
} what_if;

typedef struct world {
    const muster_network *network;
    size_t                arcs;
    muster_metric        *original;
    what_if               alive[ALIVE];
    uint64_t              rng;
} world;

static uint64_t sum_of_weights(const muster_metric *metric) {
    const mu_weights *w = &metric->weights;
    if (!w->hierarchy) return 0;
    const size_t size = w->hierarchy->up_count * sizeof *w->up;
    return mu_checksum(w->up, size) ^ 3 * mu_checksum(w->down, size);
}

static void what_if_free(what_if *w) {
    muster_metric_free(w->metric);
    free(w->must_ms);
    *w = (what_if){0};
}

static void assert_untouched(const world *all, const what_if *w) {
    assert_memory_equal(w->metric->duration_ms, w->must_ms, all->arcs * sizeof *w->must_ms);
    assert_true(sum_of_weights(w->metric) == w->weights_sum);
}

static void world_init(world *w, const muster_network *network, const char *profile,
                       uint64_t seed) {
    *w          = (world){.network = network, .rng = seed};
    w->arcs     = 2 * (size_t)network->view.edge_count;
    w->original = random_network_metric(network, profile);
}

static void world_fini(world *w) {
    for (int i = 0; i < ALIVE; ++i) what_if_free(&w->alive[i]);
    muster_metric_free(w->original);
}

/* ---- steps --------------------------------------------------------------------------------- */

typedef struct changes {
    uint32_t           count;
    muster_arc_change *list;
} changes;

/* A point of some edge, and others as far away as is typical for what happens to roads. */
static void draw_points(world *w, uint32_t count, double *lon, double *lat) {
    const muster_network_data *v     = &w->network->view;
    const uint32_t             node  = v->edge_source[random_below(&w->rng, v->edge_count)];
    const double               width = random_below(&w->rng, 4) ? 0.01 : 0.1;
    for (uint32_t p = 0; p < count; ++p) {
        lon[p] = v->node_lon_deg[node] + width * (random_unit(&w->rng) - 0.5);
        lat[p] = v->node_lat_deg[node] + width * (random_unit(&w->rng) - 0.5);
    }
}

static void close_something(world *w, muster_closure *closure) {
    enum { POINTS = 5 };
    static const uint32_t FIRST[] = {0, POINTS};
    double                lon[POINTS], lat[POINTS];
    const muster_polygon  area    = {1, FIRST, lon, lat};
    const uint32_t        edge    = random_below(&w->rng, w->network->view.edge_count);
    const double          depth_m = random_unit(&w->rng);
    draw_points(w, POINTS, lon, lat);
    switch (random_below(&w->rng, 5)) {
    case 0:
        assert_int_equal(muster_closure_line(closure, 2, lon, lat), MUSTER_OK);
        break;
    case 1:
        assert_int_equal(muster_closure_flood(closure, &area, depth_m), MUSTER_OK);
        break;
    case 2:
        assert_int_equal(muster_closure_slow(closure, &area, 0, depth_m), MUSTER_OK);
        break;
    case 3:
        assert_int_equal(muster_closure_slow(closure, NULL, 1u << random_below(&w->rng, 17), 0.8),
                         MUSTER_OK);
        break;
    default:
        assert_int_equal(muster_closure_edges(closure, 1, &edge), MUSTER_OK);
    }
}

/* By the calls of muster_closure: nothing gets faster. */
static changes draw_closures(world *w, const muster_metric *base) {
    muster_closure *closure = NULL;
    changes         c       = {0, malloc(w->arcs * sizeof *c.list)};
    assert_int_equal(muster_closure_new(&closure, base), MUSTER_OK);
    for (uint32_t i = random_below(&w->rng, 4); i > 0; --i) close_something(w, closure);
    const muster_arc_change *list = muster_closure_changes(closure, &c.count);
    assert_true(c.list && c.count <= w->arcs);
    memcpy(c.list, list, c.count * sizeof *list);
    for (uint32_t i = 0; i < c.count; ++i) {
        assert_true(list[i].duration_ms > base->duration_ms[list[i].arc]);
    }
    muster_closure_free(closure);
    return c;
}

/* Arc by arc, closed, opened, faster and slower; one of them may come twice. */
static changes draw_single_changes(world *w) {
    enum { MOST = 40 };
    changes c = {0, malloc(MOST * sizeof *c.list)};
    assert_non_null(c.list);
    for (uint32_t i = random_below(&w->rng, MOST); i > 0; --i) {
        const uint32_t arc    = random_below(&w->rng, (uint32_t)w->arcs);
        const uint32_t random = random_below(&w->rng, 300000);
        if (mu_arc_access(w->network, arc) == 0) continue;
        c.list[c.count++] =
            (muster_arc_change){arc, random_below(&w->rng, 2) ? MUSTER_UNREACHABLE_MS : random};
    }
    return c;
}

/* Whatever differs from the original opens again, or a share of it. */
static changes draw_openings(world *w, const muster_metric *base, uint32_t one_in) {
    changes c = {0, malloc(w->arcs * sizeof *c.list)};
    assert_non_null(c.list);
    for (uint32_t arc = 0; arc < w->arcs; ++arc) {
        const uint32_t before_ms = w->original->duration_ms[arc];
        if (base->duration_ms[arc] == before_ms || random_below(&w->rng, one_in)) continue;
        c.list[c.count++] = (muster_arc_change){arc, before_ms};
    }
    return c;
}

static uint32_t *durations_after(const world *w, const uint32_t *before_ms, const changes *c) {
    uint32_t *must_ms = malloc(w->arcs * sizeof *must_ms);
    assert_non_null(must_ms);
    memcpy(must_ms, before_ms, w->arcs * sizeof *must_ms);
    for (uint32_t i = 0; i < c->count; ++i) must_ms[c->list[i].arc] = c->list[i].duration_ms;
    return must_ms;
}

/* The new metric moves in where somebody may live: that one goes, though others came from it, and it
 * may be the very base. */
static const what_if *settle_in(world *w, const muster_metric *base, const uint32_t *base_ms,
                                changes c) {
    what_if made = {.must_ms = durations_after(w, base_ms, &c)};
    assert_int_equal(muster_metric_change(&made.metric, base, c.count, c.list), MUSTER_OK);
    free(c.list);
    made.weights_sum = sum_of_weights(made.metric);
    what_if *home    = &w->alive[random_below(&w->rng, ALIVE)];
    what_if_free(home);
    *home = made;
    return home;
}

static void assert_original_again(world *w, const what_if *from) {
    changes        c     = draw_openings(w, from->metric, 1);
    muster_metric *again = NULL;
    assert_int_equal(muster_metric_change(&again, from->metric, c.count, c.list), MUSTER_OK);
    assert_memory_equal(again->duration_ms, w->original->duration_ms,
                        w->arcs * sizeof *again->duration_ms);
    assert_same_weights(&again->weights, &w->original->weights);
    assert_same_components(&again->scc, &w->original->scc, w->network->view.node_count);
    muster_metric_free(again);
    free(c.list);
}

static void step(world *w) {
    const what_if       *base    = &w->alive[random_below(&w->rng, ALIVE)];
    const muster_metric *metric  = base->metric ? base->metric : w->original;
    const uint32_t      *base_ms = base->metric ? base->must_ms : w->original->duration_ms;
    changes              c;
    switch (random_below(&w->rng, 5)) {
    case 0:
        c = draw_openings(w, metric, 1 + random_below(&w->rng, 3));
        break;
    case 1:
        c = draw_single_changes(w);
        break;
    default:
        c = draw_closures(w, metric);
    }
    const what_if *made = settle_in(w, metric, base_ms, c);
    assert_made_from_the_start(made->metric);
    assert_table_is_dijkstras(made->metric, &w->rng);
    for (int i = 0; i < ALIVE; ++i) {
        if (w->alive[i].metric) assert_untouched(w, &w->alive[i]);
    }
    if (random_below(&w->rng, 4) == 0) assert_original_again(w, made);
}

/* At the end the very first goes before all others, which must still be whole. */
static void live(const muster_network *network, const char *profile, uint32_t steps,
                 uint64_t seed) {
    world w;
    world_init(&w, network, profile, seed);
    for (uint32_t i = 0; i < steps; ++i) step(&w);
    muster_metric_free(w.original);
    w.original = NULL;
    for (int i = 0; i < ALIVE; ++i) {
        if (!w.alive[i].metric) continue;
        assert_untouched(&w, &w.alive[i]);
        assert_table_is_dijkstras(w.alive[i].metric, &w.rng);
    }
    world_fini(&w);
}

/* ---- networks ------------------------------------------------------------------------------ */

static void random_networks_close_and_open(void **state) {
    (void)state;
    static random_network r;
    for (uint64_t seed = 0; seed < NETWORKS * rounds(); ++seed) {
        muster_network *network = random_network_new(&r, seed);
        if (seed % 4 != 0) assert_int_equal(muster_network_build_hierarchy(network), MUSTER_OK);
        for (int p = 0; p < 3; ++p) live(network, PROFILES[p], STEPS, ~seed);
        muster_network_free(network);
    }
}

static void a_town_closes_and_opens(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < rounds(); ++seed) {
        uint64_t        rng     = seed;
        muster_network *network = grid_network(TOWN, &rng);
        for (int p = 0; p < 3; ++p) live(network, PROFILES[p], TOWN_STEPS, seed);
        muster_network_free(network);
    }
}

static void a_real_extract_closes_and_opens(const char *name) {
    muster_network *network = NULL;
    const char     *path    = shared_data(name);
    assert_int_equal(muster_import_osm(&network, path, NULL, NULL, NULL), MUSTER_OK);
    assert_int_equal(muster_network_build_hierarchy(network), MUSTER_OK);
    for (uint64_t seed = 0; seed < rounds(); ++seed) {
        for (int p = 0; p < 3; ++p) live(network, PROFILES[p], REAL_STEPS, seed);
    }
    muster_network_free(network);
}

static void andorra_closes_and_opens(void **state) {
    (void)state;
    a_real_extract_closes_and_opens("osm/andorra-valhalla.osm.pbf");
}

static void malta_closes_and_opens(void **state) {
    (void)state;
    a_real_extract_closes_and_opens("osm/malta-graphhopper.osm.pbf");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_networks_close_and_open),
        cmocka_unit_test(a_town_closes_and_opens),
        cmocka_unit_test(andorra_closes_and_opens),
        cmocka_unit_test(malta_closes_and_opens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
