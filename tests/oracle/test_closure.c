/* Metrics that came about by closing and opening, against ones made from the start: the same
 * durations, shortcuts and components, to the bit, and tables like Dijkstra's. And the road nearest to
 * a point, against a look at each piece of each road. */
#include <muster/closure.h>

#include <math.h>

#include "core/edge_line.h"
#include "core/plane.h"
#include "tests/support/grid_network.h"
#include "tests/support/metric_oracle.h"
#include "tests/support/random_turns.h"

enum {
    NETWORKS    = 250,
    STEPS       = 16,
    GRID        = 24, /* nodes on a side */
    GRID_STEPS  = 400,
    GRID_EDGES  = 2 * GRID * (GRID - 1),
    MAX_EDGES   = GRID_EDGES, /* of all networks here */
    MAX_CHANGES = 2 * MAX_EDGES
};

/* Close, restore, slow down or speed up some arcs; with `has_far` now and then one almost for ever,
 * so that sums are cut off at infinity. */
static uint32_t random_changes(muster_arc_change *change, const muster_metric *original,
                               bool has_far, uint64_t *rng) {
    const muster_network *network = original->network;
    const uint32_t        arcs    = 2 * network->view.edge_count;
    const uint32_t        most    = random_below(rng, 3) ? 1 + random_below(rng, 4) : arcs;
    uint32_t              count   = 0;
    for (uint32_t i = 0; i < most; ++i) {
        const uint32_t arc = random_below(rng, arcs);
        uint32_t       duration_ms;
        if (mu_arc_access(network, arc) == 0) continue;
        switch (random_below(rng, 8)) {
        case 0:
            duration_ms = random_below(rng, 100000);
            break;
        case 1:
            duration_ms = has_far && random_below(rng, 20) == 0 ? MUSTER_UNREACHABLE_MS - 1 - i : 0;
            break;
        case 2:
        case 3:
        case 4:
            duration_ms = original->duration_ms[arc];
            break;
        default:
            duration_ms = MUSTER_UNREACHABLE_MS;
        }
        change[count++] = (muster_arc_change){arc, duration_ms};
    }
    return count;
}

static void restore_all(const muster_metric *changed, const muster_metric *original) {
    const uint32_t    arcs = 2 * original->network->view.edge_count;
    muster_arc_change change[MAX_CHANGES];
    uint32_t          count = 0;
    muster_metric    *again = NULL;
    for (uint32_t a = 0; a < arcs; ++a) {
        if (mu_arc_access(original->network, a) == 0) continue;
        change[count++] = (muster_arc_change){a, original->duration_ms[a]};
    }
    assert_int_equal(muster_metric_change(&again, changed, count, change), MUSTER_OK);
    assert_memory_equal(again->duration_ms, original->duration_ms,
                        original->network->graph.arc_count * sizeof(uint32_t));
    assert_made_from_the_start(again);
    muster_metric_free(again);
}

static void walk_through_changes(const muster_metric *original, int steps, bool has_far,
                                 uint64_t *rng) {
    muster_arc_change    change[MAX_CHANGES];
    const muster_metric *base    = original;
    muster_metric       *changed = NULL;
    for (int step = 0; step < steps; ++step) {
        const uint32_t count = random_changes(change, original, has_far, rng);
        muster_metric *next  = NULL;
        assert_int_equal(muster_metric_change(&next, base, count, change), MUSTER_OK);
        for (uint32_t i = count; i-- > 0;) { /* the last change of an arc counts */
            bool is_last = true;
            for (uint32_t j = i + 1; j < count; ++j) is_last &= change[j].arc != change[i].arc;
            if (!is_last) continue;
            assert_int_equal(next->duration_ms[change[i].arc], change[i].duration_ms);
        }
        assert_made_from_the_start(next);
        assert_table_is_dijkstras(next, rng);
        assert_made_from_the_start(base);
        muster_metric_free(changed);
        base = changed = next;
    }
    restore_all(base, original);
    muster_metric_free(changed);
}

static void a_changed_metric_is_one_made_from_the_start(void **state) {
    (void)state;
    static random_network    r;
    static random_turns      t;
    static const char *const PROFILES[] = {"light", "heavy", "emergency"};
    for (uint64_t seed = 0; seed < NETWORKS; ++seed) {
        uint64_t        rng = ~seed;
        muster_network *network =
            seed % 3 ? random_network_with_turns(&r, &t, seed) : random_network_new(&r, seed);
        if (seed % 4 != 0) assert_int_equal(muster_network_build_hierarchy(network), MUSTER_OK);
        muster_metric *metric = random_network_metric(network, PROFILES[seed % 3]);
        assert_made_from_the_start(metric);
        walk_through_changes(metric, STEPS, seed % 5 == 0, &rng);
        muster_metric_free(metric);
        muster_network_free(network);
    }
}

static void a_changed_town_is_one_made_from_the_start(void **state) {
    (void)state;
    uint64_t        rng     = 1;
    muster_network *network = grid_network(GRID, &rng);
    muster_metric  *metric  = random_network_metric(network, "light");
    assert_true(network->hierarchy->most_up > 20); /* only then have nodes few dirty arcs of many */
    walk_through_changes(metric, GRID_STEPS, false, &rng);
    muster_metric_free(metric);
    muster_network_free(network);
}

static bool has_end(const muster_network_data *v, uint32_t edge, uint32_t node) {
    return v->edge_source[edge] == node || v->edge_target[edge] == node;
}

/* Everything from `node` leads over `corner`, in and out almost for ever: twice that is infinite to
 * the shortcuts, and yet there is a way. */
static void lead_over_corner(const muster_metric *metric, uint32_t corner, uint32_t node) {
    const muster_network_data *v = &metric->network->view;
    muster_arc_change          change[12];
    uint32_t                   count   = 0;
    muster_metric             *changed = NULL;
    for (uint32_t e = 0; e < v->edge_count; ++e) {
        const bool     is_far = has_end(v, e, corner);
        const uint32_t ms     = is_far ? MUSTER_UNREACHABLE_MS - 1 : MUSTER_UNREACHABLE_MS;
        if (!is_far && !has_end(v, e, node)) continue;
        change[count++] = (muster_arc_change){2 * e, ms};
        change[count++] = (muster_arc_change){2 * e + 1, ms};
    }
    assert_int_equal(muster_metric_change(&changed, metric, count, change), MUSTER_OK);
    assert_int_equal(changed->scc.count, 1);
    assert_made_from_the_start(changed);
    muster_metric_free(changed);
}

static void a_way_too_long_for_shortcuts_still_joins(void **state) {
    (void)state;
    uint64_t        rng     = 1;
    muster_network *network = grid_network(GRID, &rng);
    muster_metric  *metric  = random_network_metric(network, "light");
    const uint32_t  corner  = GRID * GRID - 1;
    lead_over_corner(metric, 0, 1);
    lead_over_corner(metric, 0, GRID);
    lead_over_corner(metric, corner, corner - 1);
    lead_over_corner(metric, corner, corner - GRID);
    muster_metric_free(metric);
    muster_network_free(network);
}

/* ---- the nearest road -------------------------------------------------------------------- */

static double distance_to_edge(const muster_network *network, uint32_t edge, double lon_deg,
                               double lat_deg) {
    const mu_plane plane   = mu_plane_at(lat_deg);
    double         nearest = INFINITY;
    for (uint32_t i = 0; i + 1 < mu_edge_point_count(network, edge); ++i) {
        double x0, y0, x1, y1;
        mu_edge_point(network, edge, i, &x0, &y0);
        mu_edge_point(network, edge, i + 1, &x1, &y1);
        const double ax = (x0 - lon_deg) * plane.x_m_per_deg,
                     ay = (y0 - lat_deg) * plane.y_m_per_deg;
        const double bx = (x1 - lon_deg) * plane.x_m_per_deg,
                     by = (y1 - lat_deg) * plane.y_m_per_deg;
        const double dx = bx - ax, dy = by - ay, square = dx * dx + dy * dy;
        const double along = square > 0 ? fmin(1, fmax(0, -(ax * dx + ay * dy) / square)) : 0;
        nearest            = fmin(nearest, hypot(ax + along * dx, ay + along * dy));
    }
    return nearest;
}

/* Among the first by distance, whoever may drive there, is the one that is closed. */
static void check_point(const muster_network *network, const muster_metric *metric, double lon_deg,
                        double lat_deg) {
    const muster_network_data *v       = muster_network_view(network);
    double                     nearest = INFINITY;
    bool                       is_used = false, is_unused = false; /* the nearest, by the metric */
    uint32_t                   count;
    muster_closure            *closure;
    for (uint32_t e = 0; e < v->edge_count; ++e) {
        if ((v->edge_access_forward[e] | v->edge_access_backward[e]) == 0) continue;
        nearest = fmin(nearest, distance_to_edge(network, e, lon_deg, lat_deg));
    }
    for (uint32_t e = 0; e < v->edge_count; ++e) { /* several meet at a junction */
        if ((v->edge_access_forward[e] | v->edge_access_backward[e]) == 0) continue;
        if (distance_to_edge(network, e, lon_deg, lat_deg) > nearest + 1e-6) continue;
        *(mu_metric_uses(metric, e) ? &is_used : &is_unused) = true;
    }
    assert_int_equal(muster_closure_new(&closure, metric), MUSTER_OK);
    const muster_status status = muster_closure_points(closure, 1, &lon_deg, &lat_deg);
    if (fabs(nearest - 5000) > 0.01) {
        assert_int_equal(status, nearest < 5000 ? MUSTER_OK : MUSTER_E_INVALID);
    }
    const muster_arc_change *change = muster_closure_changes(closure, &count);
    assert_true(count <= 2 && (count > 0 ? is_used : is_unused || status != MUSTER_OK));
    for (uint32_t i = 0; i < count; ++i) {
        assert_int_equal(change[i].duration_ms, MUSTER_UNREACHABLE_MS);
        assert_int_equal(change[i].arc / 2, change[0].arc / 2);
        const double away = distance_to_edge(network, change[i].arc / 2, lon_deg, lat_deg);
        assert_true(fabs(away - nearest) < 1e-6);
    }
    muster_closure_free(closure);
}

static void a_point_closes_the_nearest_road_of_all(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < NETWORKS; ++seed) {
        random_network  r;
        uint64_t        rng     = seed;
        muster_network *network = random_network_new(&r, seed);
        muster_metric  *metric;
        muster_profile  profile;
        assert_int_equal(muster_profile_builtin(&profile, seed % 2 ? "light" : "emergency"),
                         MUSTER_OK);
        assert_int_equal(muster_metric_new(&metric, network, &profile), MUSTER_OK);
        for (int i = 0; i < 20; ++i) {
            check_point(network, metric, 120.66 + 0.13 * random_unit(&rng),
                        30.66 + 0.13 * random_unit(&rng));
        }
        muster_metric_free(metric);
        muster_network_free(network);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_changed_metric_is_one_made_from_the_start),
        cmocka_unit_test(a_changed_town_is_one_made_from_the_start),
        cmocka_unit_test(a_way_too_long_for_shortcuts_still_joins),
        cmocka_unit_test(a_point_closes_the_nearest_road_of_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
