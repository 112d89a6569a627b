/* The way out of a hazard against Bellman and Ford (1958), which knows nothing of searches: what an arc
 * costs on the way out is read off the rules, and of all junctions that are outside the nearest is
 * looked for in full. */
#include <muster/leave.h>

#include <math.h>
#include <muster/matrix.h>
#include <string.h>

#include "core/alloc.h"
#include "tests/support/random_network.h"
#include "tests/support/random_places.h"
#include "tests/support/random_turns.h"

enum { NETWORKS = 1500, SITES = 12, CLOSED = 3, FLOODS = 2, NEVER = INT32_MAX };

typedef struct cost {
    double ms, cm;
} cost;

static const cost FAR = {INFINITY, INFINITY};

static bool is_less(cost a, cost b) {
    return a.ms < b.ms || (a.ms == b.ms && a.cm < b.cm);
}

typedef struct leave_case {
    random_network       r;
    muster_network      *network;
    muster_metric       *base, *changed;
    muster_closure      *closure;
    bool                 is_barred[RANDOM_MAX_EDGES]; /* by what may not be left */
    cost                 arc[2 * RANDOM_MAX_EDGES];   /* on the way out */
    muster_leave_options options;
} leave_case;

/* ---- making cases ---------------------------------------------------------------------- */

static void add_flood(leave_case *c, uint64_t *rng) {
    const double   west = 120.69 + 0.05 * random_unit(rng), south = 30.69 + 0.05 * random_unit(rng);
    const double   east = west + 0.04 * random_unit(rng), north = south + 0.04 * random_unit(rng);
    const uint32_t first[] = {0, 4};
    const double   lon[] = {west, east, east, west}, lat[] = {south, south, north, north};
    const muster_polygon shape   = {1, first, lon, lat};
    const double         depth_m = random_below(rng, 4) ? INFINITY : 0.2;
    muster_closure_set_leaving(c->closure, true);
    assert_int_equal(muster_closure_flood(c->closure, &shape, depth_m), MUSTER_OK);
    muster_closure_set_leaving(c->closure, false);
}

static void bar_edges(leave_case *c, uint64_t *rng) {
    for (int i = 0; i < CLOSED; ++i) {
        const uint32_t edge = random_below(rng, c->r.data.edge_count);
        c->is_barred[edge]  = true;
        assert_int_equal(muster_closure_edges(c->closure, 1, &edge), MUSTER_OK);
    }
}

static void make_network(leave_case *c, uint64_t seed, random_turns *turns) {
    c->network = random_network_new(&c->r, seed);
    if (!turns) return;
    muster_network_free(c->network);
    random_turns_add(turns, &c->r.data, seed);
    assert_int_equal(muster_network_new(&c->network, &c->r.data), MUSTER_OK);
    if (seed % 2) assert_int_equal(muster_network_build_hierarchy(c->network), MUSTER_OK);
}

/* `turns` is room for restrictions; NULL: there are none. */
static void make_case(leave_case *c, uint64_t seed, uint64_t *rng, random_turns *turns) {
    uint32_t count;
    *c = (leave_case){.options = MUSTER_LEAVE_OPTIONS_INIT};
    make_network(c, seed, turns);
    c->base = random_network_metric(c->network, random_below(rng, 2) ? "light" : "emergency");
    c->options.slowdown          = random_below(rng, 3) ? 10 : 1 + random_unit(rng);
    c->options.delay_ms          = random_below(rng, 2) * 1000;
    c->options.island_node_count = random_below(rng, 8);
    assert_int_equal(muster_closure_new(&c->closure, c->base), MUSTER_OK);
    for (int i = 0; i < FLOODS; ++i) add_flood(c, rng);
    bar_edges(c, rng);
    const muster_arc_change *change = muster_closure_changes(c->closure, &count);
    assert_int_equal(muster_metric_change(&c->changed, c->base, count, change), MUSTER_OK);
}

static void free_case(leave_case *c) {
    muster_closure_free(c->closure);
    muster_metric_free(c->changed);
    muster_metric_free(c->base);
    muster_network_free(c->network);
}

/* ---- the oracle ------------------------------------------------------------------------ */

static void price_arcs(leave_case *c) {
    const muster_network_data *v = muster_network_view(c->network);
    for (uint32_t a = 0; a < 2 * v->edge_count; ++a) {
        const double base_ms = muster_metric_duration_ms(c->base)[a];
        double       ms      = muster_metric_duration_ms(c->changed)[a];
        if (ms >= NEVER && base_ms < NEVER && !c->is_barred[a / 2]) {
            ms = floor(base_ms * c->options.slowdown + 0.5);
        }
        c->arc[a] = ms < NEVER ? (cost){ms, round(v->edge_length_m[a / 2] * 100)} : FAR;
    }
}

static uint32_t head_of(const muster_network_data *v, uint32_t arc) {
    return arc & 1 ? v->edge_source[arc / 2] : v->edge_target[arc / 2];
}

static void offer(cost *to, cost value) {
    if (is_less(value, *to)) *to = value;
}

/* What is left of an arc from the place on: the whole without the part before it. */
static cost rest_of(const leave_case *c, uint32_t arc, const muster_snap *from) {
    const double along = arc & 1 ? 1 - from->fraction : from->fraction;
    const cost   whole = c->arc[arc];
    if (along == 1) return (cost){0, 0};
    if (isinf(whole.ms)) return FAR;
    return (cost){whole.ms - floor(whole.ms * along + 0.5),
                  whole.cm - floor(whole.cm * along + 0.5)};
}

static void find_costs(const leave_case *c, const muster_snap *from, cost node[RANDOM_MAX_NODES]) {
    const muster_network_data *v = muster_network_view(c->network);
    for (uint32_t n = 0; n < v->node_count; ++n) node[n] = FAR;
    for (uint32_t arc = 2 * from->edge; arc <= 2 * from->edge + 1; ++arc) {
        offer(&node[head_of(v, arc)], rest_of(c, arc, from));
    }
    for (uint32_t round = 0; round < v->node_count; ++round) {
        for (uint32_t arc = 0; arc < 2 * v->edge_count; ++arc) {
            const cost tail = node[head_of(v, arc ^ 1)];
            offer(&node[head_of(v, arc)],
                  (cost){tail.ms + c->arc[arc].ms, tail.cm + c->arc[arc].cm});
        }
    }
}

static uint32_t least_size(const leave_case *c) {
    const uint32_t largest = muster_metric_component_size(c->changed)[0];
    const uint32_t asked   = c->options.island_node_count;
    return asked == 0 ? 1 : asked < largest ? asked : largest;
}

static bool has_open_edge(const leave_case *c, uint32_t node) {
    const muster_network_data *v  = muster_network_view(c->network);
    const uint32_t            *ms = muster_metric_duration_ms(c->changed);
    for (uint32_t e = 0; e < v->edge_count; ++e) {
        const bool is_at = v->edge_source[e] == node || v->edge_target[e] == node;
        if (is_at && (ms[2 * e] < NEVER || ms[2 * e + 1] < NEVER)) return true;
    }
    return false;
}

/* The junction to get out at, or MUSTER_NONE. */
static uint32_t find_exit(const leave_case *c, const cost *node) {
    const uint32_t *component = muster_metric_component(c->changed);
    const uint32_t *size      = muster_metric_component_size(c->changed);
    uint32_t        best      = MUSTER_NONE;
    for (uint32_t n = 0; n < c->r.data.node_count; ++n) {
        if (node[n].ms >= NEVER || size[component[n]] < least_size(c)) continue;
        if (best == MUSTER_NONE || is_less(node[n], node[best])) best = n;
    }
    return best;
}

static uint32_t junction_of(const muster_network_data *v, const muster_snap *place) {
    assert_true(place->fraction == 0 || place->fraction == 1);
    return place->fraction == 0 ? v->edge_source[place->edge] : v->edge_target[place->edge];
}

/* Returns the outcome that is right. */
static muster_leave_outcome check_site(const leave_case *c, const muster_snap *from,
                                       const muster_leave *got) {
    const muster_network_data *v  = muster_network_view(c->network);
    const uint32_t            *ms = muster_metric_duration_ms(c->changed);
    cost                       node[RANDOM_MAX_NODES];
    if (from->edge == MUSTER_NONE) return MUSTER_LEAVE_NO_WAY;
    if (ms[2 * from->edge] < NEVER || ms[2 * from->edge + 1] < NEVER) {
        assert_int_equal(got->place.edge, from->edge);
        assert_true(got->place.fraction == from->fraction && got->duration_ms == 0);
        return MUSTER_LEAVE_NOT_NEEDED;
    }
    find_costs(c, from, node);
    const uint32_t exit = find_exit(c, node);
    if (exit == MUSTER_NONE || !has_open_edge(c, exit)) return MUSTER_LEAVE_NO_WAY;
    assert_int_equal(junction_of(v, &got->place), exit);
    assert_true(ms[2 * got->place.edge] < NEVER || ms[2 * got->place.edge + 1] < NEVER);
    if (node[exit].ms == 0 && node[exit].cm == 0) return MUSTER_LEAVE_NOT_NEEDED;
    assert_int_equal(got->duration_ms, (uint32_t)node[exit].ms + c->options.delay_ms);
    assert_true(fabs(got->distance_m - node[exit].cm / 100) < 1e-6);
    return MUSTER_LEAVE_BY_ROAD;
}

static void the_way_out_is_the_nearest_there_is(void **state) {
    (void)state;
    static leave_case c;
    uint32_t          seen[MUSTER_LEAVE_NO_WAY + 1] = {0};
    for (uint64_t seed = 0; seed < NETWORKS; ++seed) {
        uint64_t     rng = seed + 77;
        muster_snap  from[SITES];
        muster_leave out[SITES];
        make_case(&c, seed, &rng, NULL);
        price_arcs(&c);
        random_places(from, SITES, c.r.data.edge_count, &rng);
        assert_int_equal(muster_leave_sites(c.closure, c.changed, SITES, from, &c.options, out),
                         MUSTER_OK);
        for (int i = 0; i < SITES; ++i) {
            const muster_leave_outcome right = check_site(&c, &from[i], &out[i]);
            assert_int_equal(out[i].outcome, right);
            ++seen[right];
        }
        free_case(&c);
    }
    assert_true(seen[MUSTER_LEAVE_BY_ROAD] > 500 && seen[MUSTER_LEAVE_NO_WAY] > 500);
}

/* ---- with turns ------------------------------------------------------------------------ */

/* What may be left, slow, as a metric that the library's tables know. */
static muster_metric *metric_of_way_out(const leave_case *c) {
    muster_arc_change change[2 * RANDOM_MAX_EDGES];
    uint32_t          count = 0;
    muster_metric    *metric;
    for (uint32_t arc = 0; arc < 2 * c->r.data.edge_count; ++arc) {
        const bool is_closed = muster_metric_duration_ms(c->changed)[arc] >= NEVER;
        if (!is_closed || !isfinite(c->arc[arc].ms)) continue;
        change[count++] = (muster_arc_change){arc, (uint32_t)fmin(c->arc[arc].ms, NEVER)};
    }
    assert_int_equal(muster_metric_change(&metric, c->changed, count, change), MUSTER_OK);
    return metric;
}

/* The junctions outside, as ends of edges. */
static uint32_t list_outside(const leave_case *c, muster_snap *place) {
    const muster_network_data *v         = muster_network_view(c->network);
    const uint32_t            *component = muster_metric_component(c->changed);
    const uint32_t            *size      = muster_metric_component_size(c->changed);
    uint32_t                   count     = 0;
    for (uint32_t n = 0; n < v->node_count; ++n) {
        if (size[component[n]] < least_size(c)) continue;
        for (uint32_t e = 0; e < v->edge_count; ++e) {
            if (v->edge_source[e] != n && v->edge_target[e] != n) continue;
            place[count++] = (muster_snap){e, v->edge_source[e] == n ? 0 : 1, 0, 0, 0};
            break;
        }
    }
    return count;
}

static void the_way_out_obeys_turn_restrictions(void **state) {
    (void)state;
    static leave_case   c;
    static random_turns turns;
    uint32_t            left = 0;
    for (uint64_t seed = 0; seed < NETWORKS; ++seed) {
        uint64_t     rng = seed + 5;
        muster_snap  from[SITES], outside[RANDOM_MAX_NODES];
        muster_leave out[SITES];
        uint32_t     ms[SITES * RANDOM_MAX_NODES];
        double       m[SITES * RANDOM_MAX_NODES];
        make_case(&c, seed, &rng, &turns);
        price_arcs(&c);
        random_places(from, SITES, c.r.data.edge_count, &rng);
        muster_metric *way_out = metric_of_way_out(&c);
        const uint32_t count   = list_outside(&c, outside);
        assert_int_equal(muster_leave_sites(c.closure, c.changed, SITES, from, &c.options, out),
                         MUSTER_OK);
        assert_int_equal(muster_matrix(way_out, SITES, from, count, outside, 1, ms, m), MUSTER_OK);
        for (uint32_t i = 0; i < SITES; ++i) {
            cost best = FAR;
            if (out[i].outcome != MUSTER_LEAVE_BY_ROAD) continue;
            for (uint32_t o = 0; o < count; ++o) {
                if (ms[i * count + o] < NEVER) {
                    offer(&best, (cost){ms[i * count + o], round(m[i * count + o] * 100)});
                }
            }
            assert_int_equal(out[i].duration_ms, (uint32_t)best.ms + c.options.delay_ms);
            assert_int_equal(lround(out[i].distance_m * 100), lround(best.cm));
            ++left;
        }
        muster_metric_free(way_out);
        free_case(&c);
    }
    assert_true(left > 500);
}

/* ---- what is wrong --------------------------------------------------------------------- */

static void what_is_wrong_is_named(void **state) {
    (void)state;
    static leave_case    c, other;
    uint64_t             rng    = 1;
    muster_leave_options slow   = MUSTER_LEAVE_OPTIONS_INIT;
    const muster_snap    beyond = {RANDOM_MAX_EDGES, 0, 0, 0, 0};
    muster_leave         out;
    make_case(&c, 3, &rng, NULL);
    make_case(&other, 4, &rng, NULL);
    assert_int_equal(muster_leave_sites(c.closure, c.changed, 1, &beyond, NULL, &out),
                     MUSTER_E_INVALID);
    assert_non_null(strstr(muster_error_message(), "site 0 is snapped to edge 80"));
    assert_int_equal(muster_leave_sites(c.closure, other.changed, 0, NULL, NULL, NULL),
                     MUSTER_E_INVALID);
    assert_non_null(strstr(muster_error_message(), "of another network"));
    slow.slowdown = 0.5;
    assert_int_equal(muster_leave_sites(c.closure, c.changed, 0, NULL, &slow, NULL),
                     MUSTER_E_INVALID);
    assert_non_null(strstr(muster_error_message(), "slowdown 0.5; expected 1 or more"));
    slow.slowdown = NAN;
    assert_int_equal(muster_leave_sites(c.closure, c.changed, 0, NULL, &slow, NULL),
                     MUSTER_E_INVALID);
    slow.struct_size = 1;
    assert_int_equal(muster_leave_sites(c.closure, c.changed, 0, NULL, &slow, NULL),
                     MUSTER_E_INVALID);
    free_case(&other);
    free_case(&c);
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    static leave_case c;
    uint64_t          rng = 1;
    muster_snap       from[SITES];
    muster_leave      out[SITES];
    muster_status     status = MUSTER_E_NOMEM;
    make_case(&c, 3, &rng, NULL);
    random_places(from, SITES, c.r.data.edge_count, &rng);
    for (int64_t n = 0; status != MUSTER_OK; ++n) {
        mu_alloc_fail_after(n);
        status = muster_leave_sites(c.closure, c.changed, SITES, from, NULL, out);
        mu_alloc_fail_after(-1);
        assert_true(status == MUSTER_OK || (status == MUSTER_E_NOMEM && n < 100));
    }
    free_case(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_way_out_is_the_nearest_there_is),
        cmocka_unit_test(the_way_out_obeys_turn_restrictions),
        cmocka_unit_test(what_is_wrong_is_named),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
