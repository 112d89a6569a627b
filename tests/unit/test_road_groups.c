/* Which edges are one road. All runs east and west, near 120.7 E, 30.7 N: 0.001 degrees of longitude are
 * 96 m there, of latitude 111 m. */
#include "solver/critical_groups.h"

#include <math.h>
#include <string.h>

#include "core/alloc.h"
#include "tests/support/cmocka_all.h"

enum { MOST = 8 };

static const char NAMES[] = "Ring Road\0Dyke Road\0Ring Road"; /* the last is the first again */
enum { RING = 0, DYKE = 10, RING_AGAIN = 20 };

typedef struct sketch {
    double   lon[2 * MOST], lat[2 * MOST], length_m[MOST];
    uint32_t source[MOST], target[MOST], name[MOST], nodes, edges;
    uint8_t class[MOST], forward[MOST], backward[MOST], flags[MOST];
    int8_t layer[MOST];
} sketch;

/* In thousandths of a degree. */
static uint32_t node(sketch *s, double x, double y) {
    s->lon[s->nodes] = 120.7 + 0.001 * x;
    s->lat[s->nodes] = 30.7 + 0.001 * y;
    return s->nodes++;
}

/* One-way from a to b, of the ring road. */
static uint32_t lane(sketch *s, uint32_t a, uint32_t b) {
    const uint32_t e = s->edges++;
    s->source[e] = a, s->target[e] = b;
    s->length_m[e] = 96000 * fabs(s->lon[a] - s->lon[b]) + 111000 * fabs(s->lat[a] - s->lat[b]);
    s->name[e] = RING, s->class[e] = MUSTER_ROAD_PRIMARY, s->forward[e] = MUSTER_ACCESS_ALL;
    return e;
}

/* Two carriageways 22 m apart. */
static sketch two_lanes(void) {
    sketch s = {0};
    (void)lane(&s, node(&s, 0, 0), node(&s, 10, 0));
    (void)lane(&s, node(&s, 10, 0.2), node(&s, 1, 0.2));
    return s;
}

static uint32_t group_count(const sketch *s, uint32_t of_edge[MOST], bool is_inside[2 * MOST]) {
    muster_network_data data = MUSTER_NETWORK_DATA_INIT;
    muster_network     *network;
    mu_road_groups      groups;
    data.node_count = s->nodes, data.node_lon_deg = s->lon, data.node_lat_deg = s->lat;
    data.edge_count = s->edges, data.edge_source = s->source, data.edge_target = s->target;
    data.edge_length_m = s->length_m, data.edge_class = s->class, data.edge_name = s->name;
    data.names = NAMES, data.names_size = sizeof NAMES;
    data.edge_access_forward = s->forward, data.edge_access_backward = s->backward;
    data.edge_flags = s->flags, data.edge_layer = s->layer;
    assert_int_equal(muster_network_new(&network, &data), MUSTER_OK);
    assert_int_equal(mu_road_groups_init(&groups, network), MUSTER_OK);
    uint32_t seen = 0;
    for (uint32_t g = 0; g < groups.count; ++g) { /* lists say the same */
        for (uint32_t i = groups.first[g]; i < groups.first[g + 1]; ++i, ++seen) {
            assert_int_equal(groups.of_edge[groups.edge[i]], g);
            assert_true(i == groups.first[g] || groups.edge[i - 1] < groups.edge[i]);
        }
    }
    assert_int_equal(seen, s->edges);
    const uint32_t count = groups.count;
    memcpy(of_edge, groups.of_edge, s->edges * sizeof *of_edge);
    memcpy(is_inside, groups.is_inside, s->nodes * sizeof *is_inside);
    mu_road_groups_fini(&groups);
    muster_network_free(network);
    return count;
}

static uint32_t count_of(const sketch *s) {
    uint32_t of_edge[MOST];
    bool     is_inside[2 * MOST];
    return group_count(s, of_edge, is_inside);
}

static void two_carriageways_are_one_road(void **state) {
    (void)state;
    sketch s = two_lanes();
    assert_int_equal(count_of(&s), 1);
    s.name[1] = RING_AGAIN;
    assert_int_equal(count_of(&s), 1);
    s.name[0] = s.name[1] = MUSTER_NONE;
    assert_int_equal(count_of(&s), 1);
}

static void but_not_where_anything_is_different(void **state) {
    (void)state;
    for (int what = 0; what < 9; ++what) {
        sketch s = two_lanes();
        if (what == 0) s.name[1] = DYKE;
        if (what == 1) s.name[1] = MUSTER_NONE;
        if (what == 2) s.class[1] = MUSTER_ROAD_SECONDARY;
        if (what == 3) s.layer[1] = 1;
        if (what == 4) s.flags[1] = MUSTER_EDGE_BRIDGE;
        if (what == 5) s.backward[1] = MUSTER_ACCESS_LIGHT; /* a street of its own */
        if (what == 6)
            s.source[1] = s.target[1], s.target[1] = 5 - s.source[1]; /* driven the same way */
        if (what == 7) s.lat[2] = s.lat[3] = 30.7004;                 /* 44 m away */
        if (what == 8) s.lat[2] = 30.7002, s.lat[3] = 30.7050;        /* half a right angle */
        if (what == 8) s.lon[3] = s.lon[2] - 0.0050;
        if (count_of(&s) != 2) fail_msg("case %d is one road", what);
    }
}

static void a_carriageway_in_pieces_is_beside_the_whole_of_the_other(void **state) {
    (void)state;
    sketch         s = {0};
    const uint32_t a = node(&s, 10, 0.2), b = node(&s, 6, 0.2), c = node(&s, 0, 0.2);
    (void)lane(&s, node(&s, 0, 0), node(&s, 10, 0));
    (void)lane(&s, a, b);
    (void)lane(&s, b, c);
    assert_int_equal(count_of(&s), 1);
}

/* Five carriageways in pieces, one after the other: a piece belongs to where its middle is. */
static void a_road_does_not_grow_all_along(void **state) {
    (void)state;
    sketch   s = {0};
    uint32_t of_edge[MOST];
    bool     is_inside[2 * MOST];
    uint32_t there = node(&s, 0, 0), back = node(&s, 0, 0.2);
    for (int i = 1; i <= 3; ++i) {
        const uint32_t next = node(&s, 10 * i, 0), next_back = node(&s, 10 * i, 0.2);
        (void)lane(&s, there, next);
        (void)lane(&s, next_back, back);
        there = next, back = next_back;
    }
    assert_int_equal(group_count(&s, of_edge, is_inside), 3);
    for (uint32_t e = 0; e < 6; ++e) assert_int_equal(of_edge[e], e / 2);
}

static void spans_of_a_bridge_are_one_up_to_a_junction(void **state) {
    (void)state;
    sketch         s = {0};
    uint32_t       of_edge[MOST];
    bool           is_inside[2 * MOST];
    const uint32_t a = node(&s, 0, 0), b = node(&s, 1, 0), c = node(&s, 2, 0), d = node(&s, 3, 0);
    (void)lane(&s, a, b);
    (void)lane(&s, c, b); /* whichever way they are drawn */
    (void)lane(&s, c, d);
    for (uint32_t e = 0; e < 3; ++e) s.flags[e] = MUSTER_EDGE_BRIDGE;
    assert_int_equal(group_count(&s, of_edge, is_inside), 1);
    assert_true(!is_inside[a] && is_inside[b] && is_inside[c] && !is_inside[d]);
    (void)lane(&s, c, node(&s, 2, 1)); /* a ramp */
    assert_int_equal(group_count(&s, of_edge, is_inside), 3);
    assert_true(of_edge[0] == of_edge[1] && is_inside[b] && !is_inside[c]);
    s.layer[1] = 2;
    assert_int_equal(group_count(&s, of_edge, is_inside), 4);
    assert_false(is_inside[b]);
    s.layer[1] = 0, s.flags[0] = s.flags[1] = 0; /* what is no bridge has no spans */
    assert_int_equal(group_count(&s, of_edge, is_inside), 4);
}

/* A bridge that is drawn as two, each of two spans, cut at different places. */
static void a_bridge_drawn_as_two_is_one(void **state) {
    (void)state;
    sketch         s = {0};
    const uint32_t a = node(&s, 0, 0), b = node(&s, 3, 0), c = node(&s, 9, 0);
    const uint32_t d = node(&s, 9, 0.2), e = node(&s, 7, 0.2), f = node(&s, 0, 0.2);
    (void)lane(&s, a, b);
    (void)lane(&s, b, c);
    (void)lane(&s, d, e);
    (void)lane(&s, e, f);
    for (uint32_t i = 0; i < 4; ++i) s.flags[i] = MUSTER_EDGE_BRIDGE;
    assert_int_equal(count_of(&s), 1);
}

static void a_failed_allocation_is_told(void **state) {
    (void)state;
    muster_network_data data    = MUSTER_NETWORK_DATA_INIT;
    sketch              s       = two_lanes();
    muster_network     *network = NULL;
    mu_road_groups      groups;
    data.node_count = s.nodes, data.node_lon_deg = s.lon, data.node_lat_deg = s.lat;
    data.edge_count = s.edges, data.edge_source = s.source, data.edge_target = s.target;
    data.edge_length_m = s.length_m;
    assert_int_equal(muster_network_new(&network, &data), MUSTER_OK);
    for (int64_t failing = 0; failing < 6; ++failing) {
        (void)mu_alloc_fail_once_after(failing);
        assert_int_equal(mu_road_groups_init(&groups, network), MUSTER_E_NOMEM);
        (void)mu_alloc_fail_after(-1);
        assert_null(groups.of_edge);
    }
    muster_network_free(network);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_carriageways_are_one_road),
        cmocka_unit_test(but_not_where_anything_is_different),
        cmocka_unit_test(a_carriageway_in_pieces_is_beside_the_whole_of_the_other),
        cmocka_unit_test(a_road_does_not_grow_all_along),
        cmocka_unit_test(spans_of_a_bridge_are_one_up_to_a_junction),
        cmocka_unit_test(a_bridge_drawn_as_two_is_one),
        cmocka_unit_test(a_failed_allocation_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
