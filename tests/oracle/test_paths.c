/* Matrix and route, with a hierarchy and without, against Bellman-Ford on a network in which
 * every snapped place is a node.
 *
 * The oracle splits each edge at the places on it and relaxes every piece until nothing
 * changes: no heap, no seeds, no special case for two places on one edge. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <muster/matrix.h>
#include <muster/route.h>

#include "tests/support/random_network.h"

enum {
    PLACES     = 12,
    ROUNDS     = 250,
    MAX_NODES  = RANDOM_MAX_NODES + PLACES,
    MAX_PIECES = 2 * (RANDOM_MAX_EDGES + 2 * PLACES) + PLACES * PLACES
};

typedef struct piece {
    uint32_t tail, head;
    uint64_t ms, cm;
} piece;

typedef struct split_network {
    uint32_t piece_count;
    piece    pieces[MAX_PIECES];
} split_network;

static uint64_t share(uint32_t whole, double fraction) {
    return (uint64_t)floor(whole * fraction + 0.5);
}

/* One direction of an edge, cut at the places on it; `order` lists them as they are met. */
static void split_arc(split_network *s, const muster_network_data *v, const uint32_t *duration_ms,
                      uint32_t arc, const muster_snap *place, const uint32_t *order,
                      uint32_t count) {
    if (duration_ms[arc] == MUSTER_UNREACHABLE_MS) return;
    const uint32_t e = arc / 2, cm = (uint32_t)lround(v->edge_length_m[e] * 100);
    uint32_t       tail      = arc % 2 ? v->edge_target[e] : v->edge_source[e];
    uint64_t       ms_before = 0, cm_before = 0;
    for (uint32_t i = 0; i <= count; ++i) {
        const bool     at_end   = i == count;
        const double   fraction = at_end    ? 1
                                  : arc % 2 ? 1 - place[order[i]].fraction
                                            : place[order[i]].fraction;
        const uint32_t head     = !at_end   ? v->node_count + order[i]
                                  : arc % 2 ? v->edge_source[e]
                                            : v->edge_target[e];
        const uint64_t ms_here = share(duration_ms[arc], fraction), cm_here = share(cm, fraction);
        s->pieces[s->piece_count++] = (piece){tail, head, ms_here - ms_before, cm_here - cm_before};
        tail                        = head;
        ms_before                   = ms_here;
        cm_before                   = cm_here;
    }
}

static bool is_open(const muster_metric *metric, uint32_t edge) {
    const uint32_t *duration_ms = muster_metric_duration_ms(metric);
    return duration_ms[2 * edge] != MUSTER_UNREACHABLE_MS ||
           duration_ms[2 * edge + 1] != MUSTER_UNREACHABLE_MS;
}

static void split(split_network *s, const muster_metric *metric, const muster_snap *place) {
    const muster_network_data *v = muster_network_view(muster_metric_network(metric));
    s->piece_count               = 0;
    for (uint32_t e = 0; e < v->edge_count; ++e) {
        uint32_t order[PLACES], reversed[PLACES], count = 0;
        for (uint32_t p = 0; p < PLACES; ++p) {
            if (place[p].edge != e) continue;
            uint32_t at = count++; /* insertion by fraction */
            for (; at > 0 && place[order[at - 1]].fraction > place[p].fraction; --at)
                order[at] = order[at - 1];
            order[at] = p;
        }
        for (uint32_t i = 0; i < count; ++i) reversed[i] = order[count - 1 - i];
        split_arc(s, v, muster_metric_duration_ms(metric), 2 * e, place, order, count);
        split_arc(s, v, muster_metric_duration_ms(metric), 2 * e + 1, place, reversed, count);
    }
    /* A place at an end is the node, whoever may drive the edge. */
    for (uint32_t p = 0; p < PLACES; ++p) {
        const double fraction = place[p].fraction;
        if (place[p].edge == MUSTER_NONE || (fraction != 0 && fraction != 1)) continue;
        const uint32_t node =
            fraction == 0 ? v->edge_source[place[p].edge] : v->edge_target[place[p].edge];
        s->pieces[s->piece_count++] = (piece){v->node_count + p, node, 0, 0};
        s->pieces[s->piece_count++] = (piece){node, v->node_count + p, 0, 0};
    }
    /* Places at the same fraction of an edge that is open are one place, in either direction. */
    for (uint32_t p = 0; p < PLACES; ++p) {
        for (uint32_t q = 0; q < PLACES; ++q) {
            if (p != q && place[p].edge != MUSTER_NONE && place[p].edge == place[q].edge &&
                place[p].fraction == place[q].fraction && is_open(metric, place[p].edge)) {
                s->pieces[s->piece_count++] = (piece){v->node_count + p, v->node_count + q, 0, 0};
            }
        }
    }
}

static void bellman_ford(const split_network *s, uint32_t origin, uint64_t ms[MAX_NODES],
                         uint64_t cm[MAX_NODES]) {
    for (uint32_t v = 0; v < MAX_NODES; ++v) ms[v] = cm[v] = UINT64_MAX;
    ms[origin] = cm[origin] = 0;
    for (bool changed = true; changed;) {
        changed = false;
        for (uint32_t i = 0; i < s->piece_count; ++i) {
            const piece *p = &s->pieces[i];
            if (ms[p->tail] == UINT64_MAX) continue;
            const uint64_t m = ms[p->tail] + p->ms, c = cm[p->tail] + p->cm;
            if (m > ms[p->head] || (m == ms[p->head] && c >= cm[p->head])) continue;
            ms[p->head] = m;
            cm[p->head] = c;
            changed     = true;
        }
    }
}

/* Any place on any edge, closed ones too, the ends and repeats on purpose; some nowhere. */
static void scatter(muster_snap *place, const muster_metric *metric, uint64_t *rng) {
    const muster_network_data *v = muster_network_view(muster_metric_network(metric));
    for (uint32_t p = 0; p < PLACES; ++p) {
        static const double FRACTION[] = {0, 1, 0.5, 0.25};
        const uint32_t      e          = random_below(rng, v->edge_count);
        place[p]                       = (muster_snap){
                                  e, random_below(rng, 2) ? FRACTION[random_below(rng, 4)] : random_unit(rng), 120.7,
                                  30.7, 0};
        if (random_below(rng, 10) == 0) place[p].edge = MUSTER_NONE;
        if (p > 0 && random_below(rng, 5) == 0) place[p] = place[p - 1];
    }
}

/* The arcs of a route must be joined end to end and add up to its duration. */
static void check_route(const muster_route *route, const muster_metric *metric,
                        const muster_snap *from, const muster_snap *to) {
    const muster_network_data *v        = muster_network_view(muster_metric_network(metric));
    const uint32_t            *duration = muster_metric_duration_ms(metric);
    uint32_t                   count;
    const uint32_t            *arc = muster_route_arcs(route, &count);
    uint64_t                   ms  = 0;
    for (uint32_t i = 0; i < count; ++i) {
        const uint32_t e     = arc[i] / 2;
        double         start = 0, end = 1;
        if (i == 0) start = arc[i] % 2 ? 1 - from->fraction : from->fraction;
        if (i + 1 == count) end = arc[i] % 2 ? 1 - to->fraction : to->fraction;
        ms += share(duration[arc[i]], end) - share(duration[arc[i]], start);
        if (i == 0) continue;
        const uint32_t before = arc[i - 1];
        const uint32_t joint = before % 2 ? v->edge_source[before / 2] : v->edge_target[before / 2];
        assert_int_equal(joint, arc[i] % 2 ? v->edge_target[e] : v->edge_source[e]);
    }
    assert_int_equal(arc[0] / 2, from->edge);
    assert_int_equal(arc[count - 1] / 2, to->edge);
    assert_int_equal(ms, muster_route_duration_ms(route));
    const uint32_t last = muster_route_point_count(route) - 1;
    assert_true(last >= 1);
    assert_true(muster_route_lon_deg(route)[0] == from->lon_deg);
    assert_true(muster_route_lat_deg(route)[last] == to->lat_deg);
}

static void check_pair(const muster_metric *metric, const muster_snap *from, const muster_snap *to,
                       uint64_t ms, uint64_t cm, uint32_t found_ms, double found_m) {
    const bool is_node = to->fraction == 0 || to->fraction == 1;
    const bool is_path = ms != UINT64_MAX && from->edge != MUSTER_NONE && to->edge != MUSTER_NONE &&
                         (is_node || is_open(metric, to->edge));
    muster_route *route;
    assert_int_equal(muster_route_new(&route, metric, from, to), MUSTER_OK);
    if (!is_path) {
        assert_int_equal(found_ms, MUSTER_UNREACHABLE_MS);
        assert_true(isnan(found_m));
        assert_null(route);
        return;
    }
    assert_int_equal(found_ms, ms);
    assert_int_equal(lround(found_m * 100), cm);
    assert_non_null(route);
    assert_int_equal(muster_route_duration_ms(route), ms);
    assert_int_equal(lround(muster_route_distance_m(route) * 100), cm);
    check_route(route, metric, from, to);
    muster_route_free(route);
}

static void check_table(const muster_metric *metric, uint64_t *rng, uint32_t threads) {
    static split_network s;
    const uint32_t       n = muster_network_view(muster_metric_network(metric))->node_count;
    muster_snap          place[PLACES];
    uint32_t             found_ms[PLACES * PLACES];
    double               found_m[PLACES * PLACES];
    scatter(place, metric, rng);
    split(&s, metric, place);
    const uint32_t from_count = 1 + random_below(rng, PLACES),
                   to_count   = 1 + random_below(rng, PLACES);
    const muster_snap *to     = place + PLACES - to_count;
    assert_int_equal(
        muster_matrix(metric, from_count, place, to_count, to, threads, found_ms, found_m),
        MUSTER_OK);
    for (uint32_t i = 0; i < from_count; ++i) {
        uint64_t ms[MAX_NODES], cm[MAX_NODES];
        bellman_ford(&s, n + i, ms, cm);
        for (uint32_t j = 0; j < to_count; ++j) {
            const uint32_t node = n + PLACES - to_count + j;
            check_pair(metric, &place[i], &to[j], ms[node], cm[node], found_ms[i * to_count + j],
                       found_m[i * to_count + j]);
        }
    }
}

static void matrix_and_route_agree_with_bellman_ford(void **state) {
    (void)state;
    static random_network    r;
    static const char *const PROFILES[] = {"light", "heavy", "emergency"};
    for (uint64_t seed = 0; seed < ROUNDS; ++seed) {
        uint64_t        rng     = ~seed;
        muster_network *network = random_network_new(&r, seed);
        if (seed % 2) assert_int_equal(muster_network_build_hierarchy(network), MUSTER_OK);
        for (int p = 0; p < 3; ++p) {
            muster_metric *metric = random_network_metric(network, PROFILES[p]);
            check_table(metric, &rng, (uint32_t)(seed % 3));
            muster_metric_free(metric);
        }
        muster_network_free(network);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(matrix_and_route_agree_with_bellman_ford)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
