/* Lines and polygons on a grid of whole numbers, where everything can be worked out exactly. */
#include "core/polygon.h"

#include "tests/support/cmocka_all.h"
#include "tests/support/random.h"

enum { ROUNDS = 20000, GRID = 12, MOST_POINTS = 8 };

static int32_t whole(uint64_t *rng) {
    return (int32_t)random_below(rng, GRID);
}

static int sign(int32_t number) {
    return number > 0 ? 1 : number < 0 ? -1 : 0;
}

typedef struct grid_line {
    int32_t ax, ay, bx, by;
} grid_line;

static int side_of(const grid_line *l, int32_t x, int32_t y) {
    return sign((l->bx - l->ax) * (y - l->ay) - (l->by - l->ay) * (x - l->ax));
}

static bool is_between(int32_t a, int32_t b, int32_t x) {
    return (a <= x && x <= b) || (b <= x && x <= a);
}

static bool lies_on(const grid_line *l, int32_t x, int32_t y) {
    return side_of(l, x, y) == 0 && is_between(l->ax, l->bx, x) && is_between(l->ay, l->by, y);
}

/* An end of one lies on the other, or they cross between their ends. */
static bool touch(const grid_line *l, const grid_line *m) {
    if (lies_on(l, m->ax, m->ay) || lies_on(l, m->bx, m->by)) return true;
    if (lies_on(m, l->ax, l->ay) || lies_on(m, l->bx, l->by)) return true;
    return side_of(l, m->ax, m->ay) * side_of(l, m->bx, m->by) < 0 &&
           side_of(m, l->ax, l->ay) * side_of(m, l->bx, l->by) < 0;
}

static mu_segment segment_of(const grid_line *l) {
    return (mu_segment){{l->ax, l->ay}, {l->bx, l->by}};
}

static void segments_touch_as_whole_numbers_say(void **state) {
    (void)state;
    uint64_t rng   = 1;
    int      found = 0;
    for (int round = 0; round < ROUNDS; ++round) {
        const grid_line  l = {whole(&rng), whole(&rng), whole(&rng), whole(&rng)};
        const grid_line  m = {whole(&rng), whole(&rng), whole(&rng), whole(&rng)};
        const mu_segment s = segment_of(&l), t = segment_of(&m);
        assert_int_equal(mu_segments_touch(&s, &t), touch(&l, &m));
        found += touch(&l, &m);
    }
    assert_true(found > ROUNDS / 20 && found < ROUNDS / 2); /* or the grid says nothing */
}

/* One or two rings of random corners; they may cross themselves and each other. */
typedef struct grid_polygon {
    uint32_t first[3], ring_count;
    int32_t  x[2 * MOST_POINTS], y[2 * MOST_POINTS];
    double   lon[2 * MOST_POINTS], lat[2 * MOST_POINTS];
} grid_polygon;

static void random_polygon(grid_polygon *g, uint64_t *rng) {
    uint32_t p    = 0;
    g->ring_count = 1 + random_below(rng, 2);
    for (uint32_t r = 0; r < g->ring_count; ++r) {
        g->first[r] = p;
        for (uint32_t left = 3 + random_below(rng, MOST_POINTS - 2); left > 0; --left, ++p) {
            g->lon[p] = g->x[p] = whole(rng);
            g->lat[p] = g->y[p] = whole(rng);
        }
    }
    g->first[g->ring_count] = p;
}

static grid_line side_at(const grid_polygon *g, uint32_t ring, uint32_t p) {
    const uint32_t next = p + 1 < g->first[ring + 1] ? p + 1 : g->first[ring];
    return (grid_line){g->x[p], g->y[p], g->x[next], g->y[next]};
}

/* Crossings of the ray to the east from a little above (x, y); no corner can lie on it. */
static bool is_inside(const grid_polygon *g, int32_t x, int32_t y) {
    bool inside = false;
    for (uint32_t r = 0; r < g->ring_count; ++r) {
        for (uint32_t p = g->first[r]; p < g->first[r + 1]; ++p) {
            const grid_line l = side_at(g, r, p);
            if ((l.ay <= y) == (l.by <= y)) continue;
            const int towards = l.by > l.ay ? 1 : -1;
            if (side_of(&l, x, y) * towards > 0) inside = !inside;
        }
    }
    return inside;
}

static bool is_on_a_side(const grid_polygon *g, int32_t x, int32_t y) {
    for (uint32_t r = 0; r < g->ring_count; ++r) {
        for (uint32_t p = g->first[r]; p < g->first[r + 1]; ++p) {
            const grid_line l = side_at(g, r, p);
            if (lies_on(&l, x, y)) return true;
        }
    }
    return false;
}

/* A network of one edge over a point halfway. */
static bool edge_is_in(const mu_polygon *polygon, const int32_t x[3], const int32_t y[3]) {
    const double        lon[] = {x[0], x[2]}, lat[] = {y[0], y[2]}, length_m = 1;
    const double        middle_lon = x[1], middle_lat = y[1];
    const uint32_t      source = 0, target = 1, first_point[] = {0, 1};
    muster_network     *network = NULL;
    muster_network_data data    = {.struct_size      = sizeof data,
                                   .node_count       = 2,
                                   .node_lon_deg     = lon,
                                   .node_lat_deg     = lat,
                                   .edge_count       = 1,
                                   .edge_source      = &source,
                                   .edge_target      = &target,
                                   .edge_length_m    = &length_m,
                                   .edge_first_point = first_point,
                                   .point_lon_deg    = &middle_lon,
                                   .point_lat_deg    = &middle_lat};
    assert_int_equal(muster_network_new(&network, &data), MUSTER_OK);
    const bool is_in = mu_polygon_cover_of_edge(polygon, network, 0) != MU_COVERS_NOTHING;
    muster_network_free(network);
    return is_in;
}

static bool edge_should_be_in(const grid_polygon *g, const int32_t x[3], const int32_t y[3]) {
    for (int i = 0; i < 2; ++i) {
        const grid_line road = {x[i], y[i], x[i + 1], y[i + 1]};
        for (uint32_t r = 0; r < g->ring_count; ++r) {
            for (uint32_t p = g->first[r]; p < g->first[r + 1]; ++p) {
                const grid_line l = side_at(g, r, p);
                if (touch(&l, &road)) return true;
            }
        }
    }
    return is_inside(g, x[0], y[0]);
}

static void points_and_edges_are_inside_as_whole_numbers_say(void **state) {
    (void)state;
    uint64_t rng = 2;
    for (int round = 0; round < ROUNDS / 10; ++round) {
        grid_polygon g;
        mu_polygon   polygon;
        random_polygon(&g, &rng);
        const muster_polygon shape = {g.ring_count, g.first, g.lon, g.lat};
        assert_int_equal(mu_polygon_init(&polygon, &shape), MUSTER_OK);
        for (int i = 0; i < 10; ++i) {
            const int32_t x[3] = {whole(&rng), whole(&rng), whole(&rng)};
            const int32_t y[3] = {whole(&rng), whole(&rng), whole(&rng)};
            if (!is_on_a_side(&g, x[0], y[0])) {
                assert_int_equal(mu_polygon_contains(&polygon, (mu_point){x[0], y[0]}),
                                 is_inside(&g, x[0], y[0]));
            }
            assert_int_equal(edge_is_in(&polygon, x, y), edge_should_be_in(&g, x, y));
        }
        mu_polygon_fini(&polygon);
    }
}

static void a_hole_is_outside(void **state) {
    (void)state;
    const double         lon[]   = {0, 9, 9, 0, 0, 3, 6, 6, 3, 3};
    const double         lat[]   = {0, 0, 9, 9, 0, 3, 3, 6, 6, 3};
    const uint32_t       first[] = {0, 5, 10};
    const muster_polygon shape   = {2, first, lon, lat};
    mu_polygon           polygon;
    assert_int_equal(mu_polygon_init(&polygon, &shape), MUSTER_OK);
    assert_true(mu_polygon_contains(&polygon, (mu_point){1, 1}));
    assert_false(mu_polygon_contains(&polygon, (mu_point){4, 5}));
    assert_true(mu_polygon_contains(&polygon, (mu_point){8, 3}));
    assert_false(mu_polygon_contains(&polygon, (mu_point){10, 3}));
    mu_polygon_fini(&polygon);
}

static void a_wrong_polygon_is_refused(void **state) {
    (void)state;
    const double   lon[] = {0, 9, 900, 0}, lat[] = {0, 0, 9, 9};
    const uint32_t none[] = {0}, two[] = {0, 2}, four[] = {0, 4};
    mu_polygon     polygon;
    assert_int_equal(mu_polygon_init(&polygon, &(muster_polygon){0, none, lon, lat}),
                     MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(), "the polygon has 0 rings; expected 1 or more");
    assert_int_equal(mu_polygon_init(&polygon, &(muster_polygon){1, two, lon, lat}),
                     MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(),
                        "ring 0 of the polygon has points 0 to 2; expected 3 or more");
    assert_int_equal(mu_polygon_init(&polygon, &(muster_polygon){1, four, lon, lat}),
                     MUSTER_E_INVALID);
    assert_memory_equal(muster_error_message(), "point 2 of the polygon is 900,9", 31);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(segments_touch_as_whole_numbers_say),
        cmocka_unit_test(points_and_edges_are_inside_as_whole_numbers_say),
        cmocka_unit_test(a_hole_is_outside),
        cmocka_unit_test(a_wrong_polygon_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
