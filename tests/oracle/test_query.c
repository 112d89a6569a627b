/* Point-to-point queries over the hierarchy against Dijkstra, bit for bit, and their paths
 * against the arcs they name. */
#include <math.h>
#include <string.h>

#include <muster/closure.h>
#include <muster/query.h>

#include "core/hierarchy.h"
#include "core/query.h"
#include "core/search.h"
#include "tests/support/random_places.h"
#include "tests/support/random_turns.h"

enum { ROUNDS = 300, PLACES = 12 };

static const char *const PROFILES[] = {"light", "heavy", "emergency"};

/* What driving the path costs: part of its first arc, whole ones, part of its last. */
static mu_cost cost_of(const muster_metric *metric, const mu_path *path, const muster_snap *from,
                       const muster_snap *to) {
    const uint32_t last = path->arc_count - 1;
    if (last == 0) return mu_cost_direct(metric, path->arc[0], from, to);
    mu_cost cost = mu_cost_from(metric, path->arc[0], from->fraction);
    for (uint32_t i = 1; i < last; ++i) {
        cost = mu_cost_add(cost, mu_arc_cost(metric, path->arc[i]));
    }
    return mu_cost_add(cost, mu_cost_to(metric, path->arc[last], to->fraction));
}

static void assert_is_driven(const muster_metric *metric, const mu_path *path,
                             const muster_snap *from, const muster_snap *to) {
    const muster_network *net = metric->network;
    assert_int_equal(path->arc[0] / 2, from->edge);
    assert_int_equal(path->arc[path->arc_count - 1] / 2, to->edge);
    for (uint32_t i = 1; i < path->arc_count; ++i) {
        assert_int_equal(mu_arc_head(net, path->arc[i - 1]), mu_arc_tail(net, path->arc[i]));
    }
    if (mu_graph_has_turns(&net->graph)) {
        assert_true(cost_of(metric, path, from, to) <=
                    path->cost); /* test_turns.c adds the turns */
    } else {
        assert_int_equal(cost_of(metric, path, from, to), path->cost);
    }
}

static void compare(const muster_metric *metric, uint64_t *rng) {
    muster_snap place[PLACES];
    mu_search   search;
    mu_query    query;
    mu_path     path = {0}, plain = {0};
    random_places(place, PLACES, metric->network->view.edge_count, rng);
    place[1]      = place[0];
    place[2].edge = place[0].edge;
    assert_int_equal(mu_query_init(&query, metric), MUSTER_OK);
    assert_int_equal(mu_search_init(&search, metric), MUSTER_OK);
    for (int from = 0; from < PLACES; ++from) {
        mu_search_run(&search, MUSTER_FORWARD, &place[from], PLACES, place);
        for (int to = 0; to < PLACES; ++to) {
            const mu_cost expected = mu_search_cost(&search, &place[from], &place[to], NULL, NULL);
            assert_int_equal(mu_query_run(&query, &place[from], &place[to]), expected);
            assert_int_equal(mu_query_path(&query, &place[from], &place[to], &path), MUSTER_OK);
            assert_int_equal(mu_search_path(&search, &place[from], &place[to], &plain), MUSTER_OK);
            assert_int_equal(path.cost, expected);
            assert_int_equal(plain.cost, expected);
            if (expected == MU_NO_PATH) continue;
            assert_is_driven(metric, &path, &place[from], &place[to]);
            assert_is_driven(metric, &plain, &place[from], &place[to]);
        }
    }
    mu_path_fini(&path);
    mu_path_fini(&plain);
    mu_query_fini(&query);
    mu_search_fini(&search);
}

/* What is told beforehand to have no way has none, and of places that are cut off most is told. */
static void compare_cut_off(const muster_metric *metric, uint64_t *rng, uint64_t *told,
                            uint64_t *unreachable) {
    muster_snap place[PLACES];
    mu_search   search;
    mu_query    query;
    random_places(place, PLACES, metric->network->view.edge_count, rng);
    place[2].edge = place[0].edge;
    assert_int_equal(mu_query_init_few(&query, metric), MUSTER_OK);
    assert_int_equal(mu_search_init(&search, metric), MUSTER_OK);
    for (int to = 0; to < PLACES; ++to) {
        if (place[to].edge == MUSTER_NONE) continue;
        const uint32_t summit = mu_query_summit(&query, MU_DESCENT, &place[to]);
        mu_search_run(&search, MUSTER_BACKWARD, &place[to], PLACES, place);
        for (int from = 0; from < PLACES; ++from) {
            const mu_cost cost = mu_search_cost(&search, &place[to], &place[from], NULL, NULL);
            const bool    may  = mu_query_meets(&query, &place[from], &place[to], summit);
            if (cost != MU_NO_PATH) assert_true(may);
            *told += !may;
            *unreachable += cost == MU_NO_PATH;
        }
        assert_int_equal(mu_query_run(&query, &place[0], &place[to]),
                         mu_search_cost(&search, &place[to], &place[0], NULL, NULL));
    }
    mu_query_fini(&query);
    mu_search_fini(&search);
}

static void who_is_cut_off_is_told_by_the_summit(void **state) {
    (void)state;
    static random_network r;
    static random_turns   t;
    uint64_t              told = 0, unreachable = 0;
    for (uint64_t seed = 0; seed < ROUNDS; ++seed) {
        uint64_t        rng = seed + 70;
        muster_network *network =
            seed % 3 ? random_network_with_turns(&r, &t, seed) : random_network_new(&r, seed);
        assert_int_equal(muster_network_build_hierarchy(network), MUSTER_OK);
        for (int profile = 0; profile < 3; ++profile) {
            muster_metric *metric = random_network_metric(network, PROFILES[profile]);
            compare_cut_off(metric, &rng, &told, &unreachable);
            muster_metric_free(metric);
        }
        muster_network_free(network);
    }
    assert_true(told > unreachable / 2 && told <= unreachable);
}

/* Memory that is anything, as it comes. */
static void init_dirty(mu_query *query, const muster_metric *metric, uint64_t *rng) {
    assert_int_equal(mu_query_init_few(query, metric), MUSTER_OK);
    for (uint32_t r = 0; r < metric->weights.hierarchy->node_count; ++r) {
        for (int side = 0; side < 2; ++side) query->label[r].cost[side] = random_below(rng, 1000);
    }
}

static void assert_star(mu_query *query, mu_search *search, mu_side side, const muster_snap *hub,
                        const muster_snap *place) {
    mu_cost cost[PLACES];
    mu_search_run(search, side == MU_ASCENT ? MUSTER_FORWARD : MUSTER_BACKWARD, hub, PLACES, place);
    mu_query_star(query, side, hub, PLACES, place, cost);
    for (int i = 0; i < PLACES; ++i) {
        assert_int_equal(cost[i], mu_search_cost(search, hub, &place[i], NULL, NULL));
    }
}

/* Between stars, which leave clean what they have used, a question or two. */
static void compare_stars(const muster_metric *metric, mu_query *query, uint64_t *rng) {
    muster_snap place[PLACES];
    mu_search   search;
    random_places(place, PLACES, metric->network->view.edge_count, rng);
    place[1]      = place[0];
    place[2].edge = place[0].edge;
    assert_int_equal(mu_search_init(&search, metric), MUSTER_OK);
    for (int hub = 0; hub < PLACES; ++hub) {
        assert_star(query, &search, MU_ASCENT, &place[hub], place);
        const mu_cost there = mu_query_run(query, &place[hub], &place[0]);
        mu_search_run(&search, MUSTER_FORWARD, &place[hub], 1, place);
        assert_int_equal(there, mu_search_cost(&search, &place[hub], &place[0], NULL, NULL));
        assert_star(query, &search, MU_DESCENT, &place[hub], place);
    }
    mu_search_fini(&search);
}

static void a_star_is_a_query_to_each_place(void **state) {
    (void)state;
    static random_network r;
    static random_turns   t;
    for (uint64_t seed = 0; seed < ROUNDS; ++seed) {
        uint64_t        rng = ~seed;
        mu_query        clean, dirty;
        muster_network *network =
            seed % 3 ? random_network_with_turns(&r, &t, seed) : random_network_new(&r, seed);
        assert_int_equal(muster_network_build_hierarchy(network), MUSTER_OK);
        muster_metric *metric = random_network_metric(network, PROFILES[seed % 3]);
        assert_int_equal(mu_query_init(&clean, metric), MUSTER_OK);
        init_dirty(&dirty, metric, &rng);
        compare_stars(metric, &clean, &rng);
        compare_stars(metric, &dirty, &rng);
        mu_query_fini(&clean);
        mu_query_fini(&dirty);
        muster_metric_free(metric);
        muster_network_free(network);
    }
}

static void queries_agree_with_dijkstra(void **state) {
    (void)state;
    static random_network r;
    static random_turns   t;
    for (uint64_t seed = 0; seed < ROUNDS; ++seed) {
        uint64_t        rng = ~seed;
        muster_network *network =
            seed % 3 ? random_network_with_turns(&r, &t, seed) : random_network_new(&r, seed);
        assert_int_equal(muster_network_build_hierarchy(network), MUSTER_OK);
        for (int p = 0; p < 3; ++p) {
            muster_metric *metric = random_network_metric(network, PROFILES[p]);
            compare(metric, &rng);
            muster_metric_free(metric);
        }
        muster_network_free(network);
    }
}

static muster_query *query_of(const muster_metric *metric) {
    muster_query *query = NULL;
    assert_int_equal(muster_query_new(&query, metric), MUSTER_OK);
    return query;
}

static void compare_handles(muster_query *plain, muster_query *fast, const muster_snap *from,
                            const muster_snap *to) {
    uint32_t      plain_ms, fast_ms;
    double        plain_m, fast_m;
    muster_route *plain_route, *fast_route;
    assert_int_equal(muster_query_cost(plain, from, to, &plain_ms, &plain_m), MUSTER_OK);
    assert_int_equal(muster_query_cost(fast, from, to, &fast_ms, &fast_m), MUSTER_OK);
    assert_int_equal(muster_query_route(&plain_route, plain, from, to), MUSTER_OK);
    assert_int_equal(muster_query_route(&fast_route, fast, from, to), MUSTER_OK);
    assert_int_equal(plain_ms, fast_ms);
    assert_int_equal(plain_ms == MUSTER_UNREACHABLE_MS, plain_route == NULL);
    assert_int_equal(plain_route == NULL, fast_route == NULL);
    assert_int_equal(isnan(plain_m), plain_route == NULL);
    if (plain_route) {
        assert_true(plain_m == fast_m && plain_m == muster_route_distance_m(fast_route));
        assert_true(muster_route_distance_m(plain_route) == plain_m);
        assert_int_equal(muster_route_duration_ms(plain_route), plain_ms);
        assert_int_equal(muster_route_duration_ms(fast_route), plain_ms);
    }
    muster_route_free(plain_route);
    muster_route_free(fast_route);
}

static void a_handle_says_the_same_with_a_hierarchy_and_without(void **state) {
    (void)state;
    static random_network r;
    for (uint64_t seed = 0; seed < ROUNDS / 10; ++seed) {
        uint64_t        rng           = ~seed;
        muster_network *plain_network = random_network_new(&r, seed);
        muster_network *fast_network  = random_network_new(&r, seed);
        assert_int_equal(muster_network_build_hierarchy(fast_network), MUSTER_OK);
        muster_metric *plain_metric = random_network_metric(plain_network, "emergency");
        muster_metric *fast_metric  = random_network_metric(fast_network, "emergency");
        muster_query  *plain = query_of(plain_metric), *fast = query_of(fast_metric);
        for (int i = 0; i < 50; ++i) {
            muster_snap place[2];
            random_places(place, 2, r.data.edge_count, &rng);
            compare_handles(plain, fast, &place[0], &place[1]);
        }
        muster_query_free(plain);
        muster_query_free(fast);
        muster_metric_free(plain_metric);
        muster_metric_free(fast_metric);
        muster_network_free(plain_network);
        muster_network_free(fast_network);
    }
}

/* From metric to metric, of which those of before are gone, as a new one on each. */
static void a_handle_turns_to_the_metric_of_the_next_moment(void **state) {
    (void)state;
    static random_network r;
    for (uint64_t seed = 0; seed < ROUNDS / 3; ++seed) {
        uint64_t        rng     = ~seed;
        muster_network *network = random_network_new(&r, seed);
        if (seed % 3) assert_int_equal(muster_network_build_hierarchy(network), MUSTER_OK);
        muster_metric *metric = random_network_metric(network, PROFILES[0]);
        muster_query  *turns  = query_of(metric);
        for (int i = 1; i < 12; ++i) {
            muster_metric_free(metric);
            metric             = random_network_metric(network, PROFILES[i % 3]);
            muster_query *anew = query_of(metric);
            assert_int_equal(muster_query_turn_to(turns, metric), MUSTER_OK);
            for (int pair = 0; pair < 6; ++pair) {
                muster_snap place[2];
                random_places(place, 2, r.data.edge_count, &rng);
                compare_handles(turns, anew, &place[0], &place[1]);
            }
            muster_query_free(anew);
        }
        muster_query_free(turns);
        muster_metric_free(metric);
        muster_network_free(network);
    }
}

static void refuse_turn(muster_query *query, const muster_metric *metric, const char *message) {
    assert_int_equal(muster_query_turn_to(query, metric), MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(), message);
}

static void a_handle_does_not_turn_to_another_network_or_into_the_air(void **state) {
    (void)state;
    static random_network r;
    muster_network       *network = random_network_new(&r, 1), *other = random_network_new(&r, 1);
    muster_metric        *drives    = random_network_metric(network, "light"), *flies;
    muster_metric        *elsewhere = random_network_metric(other, "light");
    muster_query         *query     = query_of(drives);
    muster_profile        profile;
    assert_int_equal(muster_profile_builtin(&profile, "light"), MUSTER_OK);
    profile.name             = "helicopter";
    profile.flight_speed_kmh = 200;
    assert_int_equal(muster_metric_new(&flies, network, &profile), MUSTER_OK);
    refuse_turn(query, elsewhere, "the metric is of another network; expected that of the query");
    refuse_turn(
        query, flies,
        "ways on the metric of \"helicopter\" are found in another manner than the query's; "
        "expected both to drive or to fly, with a hierarchy or without one");
    assert_int_equal(muster_query_turn_to(query, drives), MUSTER_OK);
    muster_query_free(query);
    muster_metric_free(elsewhere);
    muster_metric_free(flies);
    muster_metric_free(drives);
    muster_network_free(other);
    muster_network_free(network);
}

static void a_place_that_is_on_no_edge_is_named(void **state) {
    (void)state;
    static random_network r;
    muster_network       *network = random_network_new(&r, 1);
    muster_metric        *metric  = random_network_metric(network, "light");
    muster_query         *query   = query_of(metric);
    muster_route         *route   = NULL;
    uint32_t              ms;
    const muster_snap     good = {0, 0.5, 0, 0, 0}, far = {r.data.edge_count, 0.5, 0, 0, 0},
                      half = {0, NAN, 0, 0, 0};
    assert_int_equal(muster_query_cost(query, &far, &good, &ms, NULL), MUSTER_E_INVALID);
    assert_non_null(strstr(muster_error_message(), "start is snapped to edge"));
    assert_int_equal(muster_query_route(&route, query, &good, &half), MUSTER_E_INVALID);
    assert_non_null(strstr(muster_error_message(), "end is snapped to edge 0 at fraction"));
    assert_null(route);
    muster_query_free(query);
    muster_metric_free(metric);
    muster_network_free(network);
}

/* A road of many junctions, eliminated from one end: one shortcut holds them all. */
static void shortcuts_may_nest_as_deep_as_the_network_is_long(void **state) {
    (void)state;
    enum { NODES = 30000 };
    static double   lon[NODES], lat[NODES], length_m[NODES - 1];
    static uint32_t source[NODES - 1], target[NODES - 1], rank[NODES];
    muster_network *network = NULL;
    for (uint32_t v = 0; v < NODES; ++v) {
        lon[v]  = 120 + v * 1e-5;
        lat[v]  = 30;
        rank[v] = v == 0 ? NODES - 2 : v == NODES - 1 ? v : v - 1;
        if (v + 1 < NODES) source[v] = v, target[v] = v + 1, length_m[v] = 1;
    }
    muster_network_data data = MUSTER_NETWORK_DATA_INIT;
    data.node_count = NODES, data.node_lon_deg = lon, data.node_lat_deg = lat;
    data.edge_count = NODES - 1, data.edge_source = source, data.edge_target = target;
    data.edge_length_m = length_m, data.node_rank = rank;
    assert_int_equal(muster_network_new(&network, &data), MUSTER_OK);
    assert_int_equal(muster_network_build_hierarchy(network), MUSTER_OK);
    muster_metric    *metric = random_network_metric(network, "light");
    muster_route     *route  = NULL;
    const muster_snap from = {0, 0, 120, 30, 0}, to = {NODES - 2, 1, lon[NODES - 1], 30, 0};
    uint32_t          count = 0;
    assert_int_equal(muster_route_new(&route, metric, &from, &to), MUSTER_OK);
    (void)muster_route_arcs(route, &count);
    assert_in_range(count, NODES - 1, NODES + 1);
    assert_true(muster_route_distance_m(route) == NODES - 1);
    muster_route_free(route);
    muster_metric_free(metric);
    muster_network_free(network);
}

/* ---- what is left of a route ------------------------------------------------------------- */

/* Some arcs are closed, some slower, some faster. */
static muster_metric *random_change(const muster_metric *base, uint64_t *rng) {
    enum { CHANGES = 4 };
    muster_arc_change change[CHANGES];
    muster_metric    *changed = NULL;
    const uint32_t    arcs    = 2 * base->network->view.edge_count;
    for (int i = 0; i < CHANGES; ++i) {
        const uint32_t arc = random_below(rng, arcs), ms = base->duration_ms[arc];
        const bool     is_open = ms < MUSTER_UNREACHABLE_MS && random_below(rng, 3) > 0;
        change[i] = (muster_arc_change){arc, is_open ? ms / 2 + random_below(rng, ms + 1)
                                                     : MUSTER_UNREACHABLE_MS};
    }
    assert_int_equal(muster_metric_change(&changed, base, CHANGES, change), MUSTER_OK);
    return changed;
}

static void assert_same_line(const muster_route *a, const muster_route *b) {
    const uint32_t points = muster_route_point_count(a);
    assert_int_equal(muster_route_point_count(b), points);
    assert_memory_equal(muster_route_lon_deg(a), muster_route_lon_deg(b), points * sizeof(double));
    assert_memory_equal(muster_route_lat_deg(a), muster_route_lat_deg(b), points * sizeof(double));
}

static bool has_arcs(const muster_route *route, const uint32_t *arc, uint32_t count) {
    uint32_t        has;
    const uint32_t *its = muster_route_arcs(route, &has);
    return has == count && memcmp(its, arc, count * sizeof *arc) == 0;
}

/* Returns whether it is the fastest. */
static bool compare_rest(const muster_route *route, const muster_metric *metric,
                         muster_query *query, uint32_t first, const muster_snap *from,
                         const muster_snap *to) {
    uint32_t      count, fastest_ms;
    double        fastest_m;
    uint32_t     *arc  = (uint32_t *)muster_route_arcs(route, &count);
    const mu_path path = {.arc_count = count - first, .arc = arc + first};
    const mu_cost cost = cost_of(metric, &path, from, to);
    muster_route *rest, *found;
    assert_int_equal(muster_route_rest(&rest, route, metric, from, to), MUSTER_OK);
    assert_int_equal(rest == NULL, cost >= MU_INFINITE_WEIGHT);
    assert_int_equal(muster_query_cost(query, from, to, &fastest_ms, &fastest_m), MUSTER_OK);
    if (!rest) return false;
    assert_true(has_arcs(rest, path.arc, path.arc_count));
    assert_int_equal(muster_route_duration_ms(rest), mu_cost_ms(cost));
    assert_true(muster_route_distance_m(rest) == mu_cost_cm(cost) / 100.0);
    assert_true(fastest_ms <= mu_cost_ms(cost));
    const bool is_fastest =
        fastest_ms == mu_cost_ms(cost) && fastest_m == muster_route_distance_m(rest);
    assert_int_equal(muster_query_route(&found, query, from, to), MUSTER_OK);
    if (has_arcs(found, path.arc, path.arc_count)) {
        assert_true(is_fastest);
        assert_same_line(rest, found);
    }
    muster_route_free(found);
    muster_route_free(rest);
    return is_fastest;
}

static uint32_t first_on_edge(const muster_route *route, uint32_t edge) {
    uint32_t        count, i = 0;
    const uint32_t *arc = muster_route_arcs(route, &count);
    while (arc[i] / 2 != edge) ++i;
    return i;
}

/* Of all routes, wherever one has come to on his way, by the roads of then and by others. */
static void compare_rests(const muster_metric *then, const muster_metric *now, uint64_t *rng,
                          uint32_t *fastest, uint32_t *compared) {
    muster_snap    place[PLACES];
    muster_query  *query_then = query_of(then), *query_now = query_of(now);
    const uint32_t edges = then->network->view.edge_count;
    random_places(place, PLACES, edges, rng);
    for (int pair = 0; pair + 1 < PLACES; ++pair) {
        uint32_t      count;
        muster_route *route;
        assert_int_equal(muster_query_route(&route, query_then, &place[pair], &place[pair + 1]),
                         MUSTER_OK);
        if (!route) continue;
        const uint32_t *arc = muster_route_arcs(route, &count);
        for (uint32_t i = 0; i < count; ++i) {
            const double      share = 0.001 + 0.998 * random_unit(rng);
            const muster_snap from  = {arc[i] / 2, share, 0, 0, 0};
            const uint32_t    first = first_on_edge(route, arc[i] / 2);
            const bool was = compare_rest(route, then, query_then, first, &from, &place[pair + 1]);
            if (first == i && i > 0 && i + 1 < count) assert_true(was);
            *fastest += compare_rest(route, now, query_now, first, &from, &place[pair + 1]);
            ++*compared;
        }
        muster_route_free(route);
    }
    muster_query_free(query_then);
    muster_query_free(query_now);
}

static void what_is_left_of_a_route_is_driven_as_it_was_found(void **state) {
    (void)state;
    static random_network r;
    uint32_t              fastest = 0, compared = 0;
    for (uint64_t seed = 0; seed < ROUNDS; ++seed) {
        uint64_t        rng     = ~seed;
        muster_network *network = random_network_new(&r, seed);
        if (seed % 3) assert_int_equal(muster_network_build_hierarchy(network), MUSTER_OK);
        muster_metric *then = random_network_metric(network, PROFILES[seed % 3]);
        muster_metric *now  = random_change(then, &rng);
        compare_rests(then, now, &rng, &fastest, &compared);
        muster_metric_free(now);
        muster_metric_free(then);
        muster_network_free(network);
    }
    assert_true(fastest > compared / 2 && fastest < compared);
}

static void assert_not_told(const muster_route *route, const muster_metric *metric,
                            muster_snap from, muster_snap to) {
    muster_route *rest = NULL;
    assert_int_equal(muster_route_rest(&rest, route, metric, &from, &to), MUSTER_OK);
    assert_null(rest);
}

/* Four junctions in a row, and one aside. */
static muster_network *row_network(const muster_turn_restriction *turn, uint32_t turn_count) {
    static const double   LON[]    = {120, 120.01, 120.02, 120.03, 120.01};
    static const double   LAT[]    = {30, 30, 30, 30, 30.01};
    static const uint32_t SOURCE[] = {0, 1, 2, 1}, TARGET[] = {1, 2, 3, 4};
    static const double   LENGTH[] = {1000, 1000, 1000, 1000};
    muster_network       *network  = NULL;
    muster_network_data   data     = MUSTER_NETWORK_DATA_INIT;
    data.node_count = 5, data.node_lon_deg = LON, data.node_lat_deg = LAT;
    data.edge_count = 4, data.edge_source = SOURCE, data.edge_target = TARGET;
    data.edge_length_m = LENGTH, data.restriction = turn, data.restriction_count = turn_count;
    assert_int_equal(muster_network_new(&network, &data), MUSTER_OK);
    return network;
}

static void of_whom_a_rest_is_not_told(void **state) {
    (void)state;
    static random_network         r;
    const muster_turn_restriction turn = {
        .from_edge = 0, .via_node = 1, .to_edge = 3, .kind = MUSTER_RESTRICTION_NO};
    muster_network   *row = row_network(NULL, 0), *turns = row_network(&turn, 1);
    muster_network   *large  = random_network_new(&r, 2);
    muster_metric    *drives = random_network_metric(row, "light"), *flies = NULL;
    muster_metric    *restricted = random_network_metric(turns, "light");
    muster_metric    *elsewhere  = random_network_metric(large, "light");
    muster_profile    air;
    muster_route     *route = NULL, *rest = NULL;
    const muster_snap start = {0, 0.5, 120.005, 30, 0}, end = {2, 0.5, 120.025, 30, 0};
    const muster_snap middle = {1, 0.5, 120.015, 30, 0}, aside = {3, 0.5, 120.01, 30.005, 0};
    const muster_snap junction = {1, 1, 120.02, 30, 0}, corner = {1, 0, 120.01, 30, 0};
    assert_int_equal(muster_profile_builtin(&air, "light"), MUSTER_OK);
    air.flight_speed_kmh = 200;
    assert_int_equal(muster_metric_new(&flies, row, &air), MUSTER_OK);
    assert_int_equal(muster_route_new(&route, drives, &start, &end), MUSTER_OK);
    assert_int_equal(muster_route_rest(&rest, route, drives, &middle, &end), MUSTER_OK);
    assert_true(muster_route_distance_m(rest) == 1000);
    assert_int_equal(muster_route_point_count(rest), 3);
    muster_route_free(rest);
    assert_not_told(route, drives, aside, end);
    assert_not_told(route, drives, junction, end);
    assert_not_told(route, drives, corner, end);
    assert_not_told(route, drives, middle, aside);
    assert_not_told(route, drives, (muster_snap){.edge = MUSTER_NONE}, end);
    assert_not_told(route, restricted, middle, end);
    muster_snap above = middle, beyond = end;
    above.edge = beyond.edge = MUSTER_BY_AIR;
    assert_not_told(route, flies, above, beyond);
    assert_int_equal(
        muster_route_rest(&rest, route, drives, &middle, &(muster_snap){9, 0.5, 0, 0, 0}),
        MUSTER_E_INVALID);
    assert_non_null(strstr(muster_error_message(), "the rest's end is snapped to edge 9"));
    muster_route_free(route);
    muster_route *far = NULL;
    for (uint32_t e = r.data.edge_count; e-- > 4 && !far;) {
        const muster_snap there = {e, 0.3, 0, 0, 0}, on = {e, 0.6, 0, 0, 0};
        assert_int_equal(muster_route_new(&far, elsewhere, &there, &on), MUSTER_OK);
    }
    assert_non_null(far);
    assert_int_equal(muster_route_rest(&rest, far, drives, &middle, &end), MUSTER_E_INVALID);
    assert_non_null(strstr(muster_error_message(), "but the metric's network has 8 arcs"));
    assert_null(rest);
    muster_route_free(far);
    muster_metric_free(elsewhere);
    muster_metric_free(restricted);
    muster_metric_free(flies);
    muster_metric_free(drives);
    muster_network_free(large);
    muster_network_free(turns);
    muster_network_free(row);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(queries_agree_with_dijkstra),
        cmocka_unit_test(a_star_is_a_query_to_each_place),
        cmocka_unit_test(who_is_cut_off_is_told_by_the_summit),
        cmocka_unit_test(a_handle_says_the_same_with_a_hierarchy_and_without),
        cmocka_unit_test(a_handle_turns_to_the_metric_of_the_next_moment),
        cmocka_unit_test(a_handle_does_not_turn_to_another_network_or_into_the_air),
        cmocka_unit_test(a_place_that_is_on_no_edge_is_named),
        cmocka_unit_test(what_is_left_of_a_route_is_driven_as_it_was_found),
        cmocka_unit_test(of_whom_a_rest_is_not_told),
        cmocka_unit_test(shortcuts_may_nest_as_deep_as_the_network_is_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
