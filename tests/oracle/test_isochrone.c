/* Isochrones against tables, trees and routes between the same snaps. */
#include <muster/isochrone.h>
#include <muster/matrix.h>
#include <muster/one_to_all.h>
#include <muster/route.h>

#include <math.h>

#include "core/metric.h"
#include "tests/support/random_places.h"
#include "tests/support/random_turns.h"

enum { ROUNDS = 250, ORIGINS = 4, LIMITS = 3, PLACES = 60 };

typedef struct trial {
    const muster_metric *metric;
    muster_snap          origin[ORIGINS];
    muster_direction     direction;
    uint32_t             limit_ms[LIMITS];
    muster_isochrone    *isochrone;
} trial;

/* The least time between an origin and a place, by the table. */
static uint32_t table_ms(const trial *t, const muster_snap *place) {
    uint32_t   cell_ms[ORIGINS], best_ms = MUSTER_UNREACHABLE_MS;
    const bool forward = t->direction == MUSTER_FORWARD;
    assert_int_equal(forward
                         ? muster_matrix(t->metric, ORIGINS, t->origin, 1, place, 1, cell_ms, NULL)
                         : muster_matrix(t->metric, 1, place, ORIGINS, t->origin, 1, cell_ms, NULL),
                     MUSTER_OK);
    for (int o = 0; o < ORIGINS; ++o) best_ms = cell_ms[o] < best_ms ? cell_ms[o] : best_ms;
    return best_ms;
}

/* ---- nodes ------------------------------------------------------------------------------ */

static void nodes_are_those_of_the_trees(const trial *t) {
    static uint32_t tree_ms[ORIGINS * RANDOM_MAX_NODES];
    const uint32_t  n       = t->metric->network->view.node_count;
    uint32_t        most_ms = 0;
    for (int l = 0; l < LIMITS; ++l) most_ms = t->limit_ms[l] > most_ms ? t->limit_ms[l] : most_ms;
    assert_int_equal(
        muster_one_to_all(t->metric, ORIGINS, t->origin, t->direction, 1, tree_ms, NULL),
        MUSTER_OK);
    for (uint32_t v = 0; v < n; ++v) {
        uint32_t best_ms = MUSTER_UNREACHABLE_MS;
        for (uint32_t o = 0; o < ORIGINS; ++o) {
            if (tree_ms[o * n + v] < best_ms) best_ms = tree_ms[o * n + v];
        }
        if (best_ms > most_ms) best_ms = MUSTER_UNREACHABLE_MS;
        assert_int_equal(muster_isochrone_duration_ms(t->isochrone)[v], best_ms);
    }
}

static void nodes_come_nearest_first(const trial *t, uint32_t limit) {
    const uint32_t *duration_ms = muster_isochrone_duration_ms(t->isochrone);
    uint32_t        count, within = 0;
    const uint32_t *node = muster_isochrone_nodes(t->isochrone, limit, &count);
    for (uint32_t i = 0; i < count; ++i) {
        assert_true(duration_ms[node[i]] <= t->limit_ms[limit]);
        if (i == 0) continue;
        assert_true(duration_ms[node[i - 1]] < duration_ms[node[i]] ||
                    (duration_ms[node[i - 1]] == duration_ms[node[i]] && node[i - 1] < node[i]));
    }
    for (uint32_t v = 0; v < t->metric->network->view.node_count; ++v) {
        within += duration_ms[v] <= t->limit_ms[limit];
    }
    assert_int_equal(count, within);
}

/* ---- parts ------------------------------------------------------------------------------ */

static void parts_are_in_order(const trial *t, uint32_t limit) {
    uint32_t                count;
    const muster_edge_part *part = muster_isochrone_parts(t->isochrone, limit, &count);
    for (uint32_t i = 0; i < count; ++i) {
        assert_true(part[i].from_fraction >= 0 && part[i].from_fraction < part[i].to_fraction &&
                    part[i].to_fraction <= 1);
        if (i == 0) continue;
        assert_true(
            part[i - 1].edge < part[i].edge ||
            (part[i - 1].edge == part[i].edge && part[i - 1].to_fraction < part[i].from_fraction));
    }
}

/* How far a place is from a part on its edge, as a fraction; 0 on it, 2 where there is none. */
static double distance_to_part(const trial *t, uint32_t limit, const muster_snap *place) {
    uint32_t                count;
    const muster_edge_part *part = muster_isochrone_parts(t->isochrone, limit, &count);
    double                  best = 2;
    for (uint32_t i = 0; i < count; ++i) {
        if (part[i].edge != place->edge) continue;
        const double before = part[i].from_fraction - place->fraction;
        const double after  = place->fraction - part[i].to_fraction;
        best                = fmin(best, fmax(0, fmax(before, after)));
    }
    return best;
}

/* Half a millisecond of driving on the edge, where that is not all of it. */
static double half_ms(const trial *t, uint32_t edge) {
    double most = 0;
    for (uint32_t arc = 2 * edge; arc <= 2 * edge + 1; ++arc) {
        const uint32_t whole_ms = t->metric->duration_ms[arc];
        if (whole_ms > 0 && whole_ms < MUSTER_UNREACHABLE_MS) most = fmax(most, 0.5 / whole_ms);
    }
    return most + 1e-9;
}

static void place_agrees_with_table(const trial *t, uint32_t limit, const muster_snap *place) {
    if (place->edge == MUSTER_NONE) return;
    const bool   is_within = table_ms(t, place) <= t->limit_ms[limit];
    const double distance  = distance_to_part(t, limit, place);
    const bool   is_end    = place->fraction <= 0 || place->fraction >= 1;
    if (distance <= 0) assert_true(is_within);
    if (is_end || distance <= half_ms(t, place->edge)) return; /* junctions are nodes */
    for (int o = 0; o < ORIGINS; ++o) { /* an origin is there however little time there is */
        if (t->origin[o].edge == place->edge &&
            fabs(t->origin[o].fraction - place->fraction) <= half_ms(t, place->edge))
            return;
    }
    assert_false(is_within);
}

/* Inside, at and just beyond the ends of each part. */
static void ends_agree_with_table(const trial *t, uint32_t limit) {
    uint32_t                count;
    const muster_edge_part *part = muster_isochrone_parts(t->isochrone, limit, &count);
    for (uint32_t i = 0; i < count; ++i) {
        const double near   = half_ms(t, part[i].edge) * 1.01;
        const double list[] = {part[i].from_fraction, part[i].to_fraction,
                               (part[i].from_fraction + part[i].to_fraction) / 2,
                               part[i].from_fraction - near, part[i].to_fraction + near};
        for (int f = 0; f < 5; ++f) {
            const muster_snap place = {.edge = part[i].edge, .fraction = list[f]};
            if (list[f] >= 0 && list[f] <= 1) place_agrees_with_table(t, limit, &place);
        }
    }
}

static void route_agrees_with_part(const trial *t, uint32_t limit) {
    uint32_t                count;
    const muster_edge_part *part    = muster_isochrone_parts(t->isochrone, limit, &count);
    uint32_t                best_ms = MUSTER_UNREACHABLE_MS;
    if (count == 0) return;
    const muster_snap end = {.edge = part[count - 1].edge, .fraction = part[count - 1].to_fraction};
    for (int o = 0; o < ORIGINS; ++o) {
        muster_route *route;
        const bool    forward = t->direction == MUSTER_FORWARD;
        assert_int_equal(muster_route_new(&route, t->metric, forward ? &t->origin[o] : &end,
                                          forward ? &end : &t->origin[o]),
                         MUSTER_OK);
        if (route && muster_route_duration_ms(route) < best_ms) {
            best_ms = muster_route_duration_ms(route);
        }
        muster_route_free(route);
    }
    assert_true(best_ms <= t->limit_ms[limit]);
}

static void lines_run_along_the_edge(const trial *t, uint32_t limit) {
    const muster_network_data *v = &t->metric->network->view;
    double                     lon[8], lat[8];
    uint32_t                   count;
    const muster_edge_part    *part = muster_isochrone_parts(t->isochrone, limit, &count);
    for (uint32_t i = 0; i < count; ++i) {
        const uint32_t points = muster_edge_part_line(t->metric->network, &part[i], lon, lat);
        const uint32_t source = v->edge_source[part[i].edge], target = v->edge_target[part[i].edge];
        assert_in_range(points, 2, 5);
        if (part[i].from_fraction <= 0) assert_true(lon[0] == v->node_lon_deg[source]);
        if (part[i].to_fraction >= 1) assert_true(lat[points - 1] == v->node_lat_deg[target]);
    }
}

/* ---- trials ----------------------------------------------------------------------------- */

static void try_once(trial *t, uint64_t *rng) {
    muster_snap place[PLACES];
    random_places(t->origin, ORIGINS, t->metric->network->view.edge_count, rng);
    random_places(place, PLACES, t->metric->network->view.edge_count, rng);
    place[0] = t->origin[0];
    for (int l = 0; l < LIMITS; ++l) t->limit_ms[l] = random_below(rng, l == 0 ? 3000 : 600000);
    assert_int_equal(muster_isochrone_new(&t->isochrone, t->metric, ORIGINS, t->origin,
                                          t->direction, LIMITS, t->limit_ms),
                     MUSTER_OK);
    nodes_are_those_of_the_trees(t);
    for (uint32_t l = 0; l < LIMITS; ++l) {
        nodes_come_nearest_first(t, l);
        parts_are_in_order(t, l);
        for (int p = 0; p < PLACES; ++p) place_agrees_with_table(t, l, &place[p]);
        ends_agree_with_table(t, l);
        route_agrees_with_part(t, l);
        lines_run_along_the_edge(t, l);
    }
    muster_isochrone_free(t->isochrone);
}

static void isochrones_agree_with_tables(void **state) {
    (void)state;
    static random_network r;
    static random_turns   t;
    for (uint64_t seed = 0; seed < ROUNDS; ++seed) {
        uint64_t        rng = ~seed;
        muster_network *network =
            seed % 3 ? random_network_with_turns(&r, &t, seed) : random_network_new(&r, seed);
        if (seed % 2) assert_int_equal(muster_network_build_hierarchy(network), MUSTER_OK);
        muster_metric *metric = random_network_metric(network, seed % 3 ? "emergency" : "light");
        trial          once   = {.metric = metric};
        for (int d = 0; d < 2; ++d) {
            once.direction = d == 0 ? MUSTER_FORWARD : MUSTER_BACKWARD;
            try_once(&once, &rng);
        }
        muster_metric_free(metric);
        muster_network_free(network);
    }
}

static void wrong_limits_are_named(void **state) {
    (void)state;
    static random_network r;
    muster_network       *network     = random_network_new(&r, 1);
    muster_metric        *metric      = random_network_metric(network, "light");
    const uint32_t        limit_ms[2] = {5, MUSTER_UNREACHABLE_MS};
    const muster_snap     origin      = {.edge = 0};
    muster_isochrone     *isochrone;
    assert_int_equal(
        muster_isochrone_new(&isochrone, metric, 1, &origin, MUSTER_FORWARD, 2, limit_ms),
        MUSTER_E_INVALID);
    assert_null(isochrone);
    assert_string_equal(muster_error_message(),
                        "limit 1 is 2147483647 ms; expected less than 2147483647");
    assert_int_equal(
        muster_isochrone_new(&isochrone, metric, 1, &origin, MUSTER_FORWARD, 0, limit_ms),
        MUSTER_E_INVALID);
    muster_metric_free(metric);
    muster_network_free(network);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(isochrones_agree_with_tables),
                                       cmocka_unit_test(wrong_limits_are_named)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
