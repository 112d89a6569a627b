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
        assert_int_equal(mu_rtree_init(&tree, items, w.box), MUSTER_OK);
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
    assert_int_equal(mu_rtree_init(&tree, MAX_ITEMS, w.box), MUSTER_OK);
    w.query      = (mu_rtree_query){100.2, 0, 1, 1};
    w.stop_after = 3;
    assert_int_equal(mu_rtree_nearest(&tree, &w.query, INFINITY, distance_to, visit, &w),
                     MUSTER_OK);
    assert_int_equal(w.seen, 3);
    mu_rtree_fini(&tree);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_come_nearest_first_and_none_is_left_out),
        cmocka_unit_test(a_visitor_can_stop)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
