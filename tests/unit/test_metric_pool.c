/* Metrics that were freed and serve again: those that follow are the same as without, to the bit. */
#include "core/metric_pool.h"

#include <pthread.h>

#include <muster/closure.h>

#include "core/alloc.h"
#include "tests/support/grid_network.h"
#include "tests/support/metric_oracle.h"

enum { SIDE = 30, FEW = 3, THREADS = 4, ROUNDS = 60 };

typedef struct town {
    uint64_t        rng;
    muster_network *network;
    muster_metric  *base;
} town;

static void town_init(town *t, uint64_t seed, uint32_t side) {
    muster_profile profile;
    t->rng     = seed;
    t->network = grid_network(side, &t->rng);
    assert_int_equal(muster_profile_builtin(&profile, "light"), MUSTER_OK);
    assert_int_equal(muster_metric_new(&t->base, t->network, &profile), MUSTER_OK);
}

static void town_fini(town *t) {
    muster_metric_free(t->base);
    muster_network_free(t->network);
}

/* A few arcs, closed or slow. */
static muster_metric *change(const muster_metric *from, uint64_t *rng) {
    muster_arc_change list[FEW];
    muster_metric    *changed = NULL;
    const uint32_t    arcs    = 2 * from->network->view.edge_count;
    for (int i = 0; i < FEW; ++i) {
        const uint32_t slow_ms = 1 + random_below(rng, 100000);
        list[i]                = (muster_arc_change){random_below(rng, arcs),
                                      random_below(rng, 3) ? slow_ms : MUSTER_UNREACHABLE_MS};
    }
    (void)muster_metric_change(&changed, from, FEW, list);
    return changed;
}

static uint32_t kept(void) {
    uint32_t count;
    uint64_t times;
    mu_metric_pool_count(&count, &times);
    return count;
}

static uint64_t taken(void) {
    uint32_t count;
    uint64_t times;
    mu_metric_pool_count(&count, &times);
    return times;
}

/* ---- what serves ---------------------------------------------------------------------------- */

static void a_metric_serves_its_child(void **state) {
    (void)state;
    town t;
    town_init(&t, 1, SIDE);
    muster_metric *before = change(t.base, &t.rng);
    for (int i = 0; i < ROUNDS; ++i) { /* roads from moment to moment */
        muster_metric *now   = change(before, &t.rng);
        const uint64_t times = taken();
        muster_metric_free(before);
        muster_metric *next = change(now, &t.rng);
        assert_int_equal(taken(), times + 1);
        assert_made_from_the_start(next);
        assert_made_from_the_start(now);
        muster_metric_free(now);
        before = next;
    }
    muster_metric_free(before);
    town_fini(&t);
}

static void a_metric_serves_the_one_that_it_was_changed_from(void **state) {
    (void)state;
    town t;
    town_init(&t, 2, SIDE);
    muster_metric_free(change(t.base, &t.rng));
    for (int i = 0; i < ROUNDS; ++i) { /* one trial after the other */
        const uint64_t times = taken();
        muster_metric *trial = change(t.base, &t.rng);
        assert_int_equal(taken(), times + 1);
        assert_made_from_the_start(trial);
        assert_made_from_the_start(t.base);
        muster_metric_free(trial);
    }
    town_fini(&t);
}

static void neither_a_sibling_serves_nor_one_that_was_made_from_the_start(void **state) {
    (void)state;
    town t;
    town_init(&t, 3, SIDE);
    muster_metric *one = change(t.base, &t.rng), *other = change(t.base, &t.rng);
    muster_metric_free(one);
    const uint64_t times = taken();
    muster_metric *child = change(other, &t.rng);
    assert_int_equal(taken(), times);
    const uint32_t count = kept();
    muster_metric_free(t.base); /* the parent of the other one */
    assert_int_equal(kept(), count);
    t.base               = NULL;
    muster_metric *again = change(other, &t.rng);
    assert_int_equal(taken(), times);
    assert_made_from_the_start(again);
    muster_metric_free(again);
    muster_metric_free(child);
    muster_metric_free(other);
    town_fini(&t);
}

/* Then it is customized from the start, and how it differs is not known. */
static void one_of_which_nearly_all_has_changed_serves_its_children_alone(void **state) {
    (void)state;
    static muster_arc_change list[4 * SIDE * SIDE];
    town                     t;
    muster_metric           *slow;
    town_init(&t, 4, SIDE);
    const uint32_t arcs = 2 * t.network->view.edge_count;
    for (uint32_t a = 0; a < arcs; ++a) list[a] = (muster_arc_change){a, 7000 + a};
    assert_int_equal(muster_metric_change(&slow, t.base, arcs, list), MUSTER_OK);
    muster_metric *child = change(slow, &t.rng);
    muster_metric_free(slow);
    uint64_t       times = taken();
    muster_metric *other = change(t.base, &t.rng);
    assert_int_equal(taken(), times);
    muster_metric *next = change(child, &t.rng);
    assert_int_equal(taken(), times + 1);
    assert_made_from_the_start(other);
    assert_made_from_the_start(next);
    muster_metric_free(next);
    muster_metric_free(other);
    muster_metric_free(child);
    town_fini(&t);
}

/* ---- bounds --------------------------------------------------------------------------------- */

static void those_of_a_network_go_with_it(void **state) {
    (void)state;
    town           one, other;
    const uint32_t before = kept();
    town_init(&one, 5, SIDE);
    town_init(&other, 6, SIDE);
    muster_metric_free(change(one.base, &one.rng));
    muster_metric_free(change(other.base, &other.rng));
    assert_int_equal(kept(), before + 2);
    town_fini(&one);
    assert_int_equal(kept(), before + 1);
    town_fini(&other);
    assert_int_equal(kept(), before);
}

static void sixteen_are_kept_and_the_oldest_goes_first(void **state) {
    (void)state;
    muster_metric *all[18];
    town           t;
    town_init(&t, 7, SIDE);
    for (int i = 0; i < 18; ++i) all[i] = change(t.base, &t.rng);
    muster_metric *child = change(all[0], &t.rng);
    for (int i = 0; i < 18; ++i) muster_metric_free(all[i]);
    assert_int_equal(kept(), 16);
    const uint64_t times = taken();
    muster_metric *next  = change(child, &t.rng); /* whose parent has gone */
    assert_int_equal(taken(), times);
    muster_metric_free(next);
    muster_metric_free(child);
    town_fini(&t);
    assert_int_equal(kept(), 0);
}

/* ---- failures ------------------------------------------------------------------------------- */

/* What failed half-way is not kept, and the metric that it was taken from is lost at worst. */
static void memory_that_runs_out_spoils_nothing(void **state) {
    (void)state;
    town t;
    town_init(&t, 8, SIDE);
    for (int64_t n = 0; n < 40; ++n) {
        muster_metric_free(change(t.base, &t.rng));
        (void)mu_alloc_fail_after(n);
        muster_metric *trial = change(t.base, &t.rng);
        (void)mu_alloc_fail_after(-1);
        if (trial) assert_made_from_the_start(trial);
        muster_metric *next = change(t.base, &t.rng);
        assert_made_from_the_start(next);
        muster_metric_free(next);
        muster_metric_free(trial);
    }
    town_fini(&t);
}

/* ---- threads -------------------------------------------------------------------------------- */

typedef struct walker {
    const town *town;
    uint64_t    rng;
} walker;

static void *walk(void *user) {
    walker        *w      = user;
    muster_metric *before = change(w->town->base, &w->rng);
    for (int i = 0; i < ROUNDS && before; ++i) {
        muster_metric *now =
            random_below(&w->rng, 3) ? change(before, &w->rng) : change(w->town->base, &w->rng);
        muster_metric_free(before);
        before = now;
    }
    return before;
}

static void threads_share_the_pool(void **state) {
    (void)state;
    town      t;
    pthread_t thread[THREADS];
    walker    w[THREADS];
    town_init(&t, 9, SIDE);
    for (int i = 0; i < THREADS; ++i) {
        w[i] = (walker){&t, (uint64_t)i};
        assert_int_equal(pthread_create(&thread[i], NULL, walk, &w[i]), 0);
    }
    for (int i = 0; i < THREADS; ++i) {
        void *last;
        assert_int_equal(pthread_join(thread[i], &last), 0);
        assert_non_null(last);
        assert_made_from_the_start(last);
        muster_metric_free(last);
    }
    town_fini(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_metric_serves_its_child),
        cmocka_unit_test(a_metric_serves_the_one_that_it_was_changed_from),
        cmocka_unit_test(neither_a_sibling_serves_nor_one_that_was_made_from_the_start),
        cmocka_unit_test(one_of_which_nearly_all_has_changed_serves_its_children_alone),
        cmocka_unit_test(those_of_a_network_go_with_it),
        cmocka_unit_test(sixteen_are_kept_and_the_oldest_goes_first),
        cmocka_unit_test(memory_that_runs_out_spoils_nothing),
        cmocka_unit_test(threads_share_the_pool),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
