/* The R-tree against looking at every item. */
#include "core/rtree.h"

#include <math.h>

#include "tests/support/cmocka_all.h"
#include "tests/support/random.h"

enum { MAX_ITEMS = 600, ROUNDS = 150 };

typedef struct world {
    mu_rtree_query query;
    mu_box         box[MAX_ITEMS];
    double         last;
    uint32_t       last_item, seen, stop_after;
    int            is_seen[MAX_ITEMS];
} world;

static mu_box box_of(const void *user, uint32_t item) {
    return ((const world *)user)->box[item];
}

static double distance_to(void *user, uint32_t item) {
    const world  *w  = user;
    const mu_box *b  = &w->box[item];
    const double  dx = fmax(0, fmax(b->min_x - w->query.x, w->query.x - b->max_x));
    const double  dy = fmax(0, fmax(b->min_y - w->query.y, w->query.y - b->max_y));
    return item % 7 == 3 ? INFINITY : hypot(dx * w->query.scale_x, dy * w->query.scale_y);
}

static bool visit(void *user, uint32_t item, double distance) {
    world *w = user;
    assert_true(distance == distance_to(w, item));
    assert_true(distance > w->last || (distance == w->last && item > w->last_item) || w->seen == 0);
    assert_false(w->is_seen[item]);
    w->is_seen[item] = 1;
    w->last          = distance;
    w->last_item     = item;
    return ++w->seen < w->stop_after;
}

static uint32_t count_within(world *w, uint32_t items, double reach) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < items; ++i) {
        const double d = distance_to(w, i);
        count += d <= reach && !isinf(d);
    }
    return count;
}

static void items_come_nearest_first_and_none_is_left_out(void **state) {
    (void)state;
    static world w;
    for (uint64_t seed = 0; seed < ROUNDS; ++seed) {
        uint64_t       rng   = seed;
        const uint32_t items = seed < 20 ? (uint32_t)seed : random_below(&rng, MAX_ITEMS);
        for (uint32_t i = 0; i < items; ++i) {
            const double x = random_below(&rng, 40), y = random_below(&rng, 40);
            w.box[i] = (mu_box){x, y, x + random_below(&rng, 4), y + random_below(&rng, 4)};
        }
        mu_rtree tree;
        assert_int_equal(mu_rtree_init(&tree, items, box_of, &w), MUSTER_OK);
        for (int q = 0; q < 10; ++q) {
            w.query = (mu_rtree_query){50 * random_unit(&rng) - 5, 50 * random_unit(&rng) - 5,
                                       0.5 + random_unit(&rng), 1};
            const double reach = q == 0 ? INFINITY : 30 * random_unit(&rng);
            for (uint32_t i = 0; i < items; ++i) w.is_seen[i] = 0;
            w.seen       = 0;
            w.stop_after = MUSTER_NONE;
            assert_int_equal(mu_rtree_nearest(&tree, &w.query, reach, distance_to, visit, &w),
                             MUSTER_OK);
            assert_int_equal(w.seen, count_within(&w, items, reach));
        }
        mu_rtree_fini(&tree);
    }
}

static void a_visitor_can_stop(void **state) {
    (void)state;
    static world w;
    mu_rtree     tree;
    for (uint32_t i = 0; i < MAX_ITEMS; ++i) w.box[i] = (mu_box){i, 0, i, 0};
    assert_int_equal(mu_rtree_init(&tree, MAX_ITEMS, box_of, &w), MUSTER_OK);
    w.query      = (mu_rtree_query){100.2, 0, 1, 1};
    w.stop_after = 3;
    assert_int_equal(mu_rtree_nearest(&tree, &w.query, INFINITY, distance_to, visit, &w),
                     MUSTER_OK);
    assert_int_equal(w.seen, 3);
    mu_rtree_fini(&tree);
}

/* The side of a node's box in which the item is: it may be found if it comes as near as that. */
enum { SIDE = 43, STEPS = 255 };

static bool found(void *user, uint32_t item) {
    world *w = user;
    assert_false(w->is_seen[item]);
    w->is_seen[item] = 1;
    return ++w->seen < w->stop_after;
}

static bool comes_within(const mu_box *a, const mu_box *b, double distance) {
    return a->min_x <= b->max_x + distance && b->min_x <= a->max_x + distance &&
           a->min_y <= b->max_y + distance && b->min_y <= a->max_y + distance;
}

static void what_touches_a_box_is_found_and_nothing_far_from_it(void **state) {
    (void)state;
    static world w;
    for (uint64_t seed = 0; seed < ROUNDS; ++seed) {
        uint64_t       rng   = seed;
        const uint32_t items = seed < 20 ? (uint32_t)seed : random_below(&rng, MAX_ITEMS);
        for (uint32_t i = 0; i < items; ++i) { /* some touch sides of others, most do not */
            const double unit = i % 3 ? random_unit(&rng) : 1;
            const double x = unit * random_below(&rng, 40), y = unit * random_below(&rng, 40);
            w.box[i] = (mu_box){x, y, x + random_below(&rng, 3), y + random_below(&rng, 3)};
        }
        mu_rtree tree;
        assert_int_equal(mu_rtree_init(&tree, items, box_of, &w), MUSTER_OK);
        for (int q = 0; q < 20; ++q) {
            const double x = random_below(&rng, 42), y = random_below(&rng, 42);
            const mu_box box = {x, y, q == 0 ? INFINITY : x + random_below(&rng, 9),
                                q == 1 ? INFINITY : y + random_below(&rng, 9)};
            for (uint32_t i = 0; i < items; ++i) w.is_seen[i] = 0;
            w.seen       = 0;
            w.stop_after = MUSTER_NONE;
            mu_rtree_search(&tree, &box, found, &w);
            for (uint32_t i = 0; i < items; ++i) {
                if (comes_within(&w.box[i], &box, 0)) assert_true(w.is_seen[i]);
                if (w.is_seen[i]) {
                    assert_true(comes_within(&w.box[i], &box, (double)SIDE / STEPS));
                }
            }
        }
        mu_rtree_fini(&tree);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_come_nearest_first_and_none_is_left_out),
        cmocka_unit_test(a_visitor_can_stop),
        cmocka_unit_test(what_touches_a_box_is_found_and_nothing_far_from_it)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
