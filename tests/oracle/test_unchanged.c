/* Places that a change of roads does not reach, against tables by both metrics: between any two of them
 * nothing has changed. */
#include "core/unchanged.h"

#include <muster/closure.h>
#include <muster/matrix.h>

#include "core/metric.h"
#include "tests/support/random_places.h"
#include "tests/support/random_turns.h"

enum { ROUNDS = 150, STEPS = 6, PLACES = 40, MOST = 4 };

typedef struct tally {
    uint64_t same, reached, changed, unknown; /* cells */
} tally;

/* Some arcs are closed, opened again, slower or faster. */
static muster_metric *change_some(const muster_metric *metric, const muster_metric *original,
                                  uint64_t *rng) {
    const uint32_t    arcs  = 2 * muster_network_view(metric->network)->edge_count;
    const uint32_t    count = 1 + random_below(rng, MOST);
    muster_arc_change change[MOST];
    muster_metric    *changed;
    for (uint32_t i = 0; i < count; ++i) {
        const uint32_t arc = random_below(rng, arcs), was = original->duration_ms[arc];
        const uint32_t other[] = {MUSTER_UNREACHABLE_MS, was, was / 2, 2 * was};
        const bool     is_open = was < MUSTER_UNREACHABLE_MS;
        change[i] = (muster_arc_change){arc, is_open ? other[random_below(rng, 4)] : was};
    }
    assert_int_equal(muster_metric_change(&changed, metric, count, change), MUSTER_OK);
    return changed;
}

/* Where they were before: some on another road, some elsewhere on theirs, most where they are. */
static void move_some(const muster_snap *place, muster_snap *was_at) {
    for (uint32_t i = 0; i < PLACES; ++i) {
        was_at[i] = place[i % 8 == 0 ? (i + 1) % PLACES : i];
        if (i % 8 == 4) was_at[i].fraction = (1 + was_at[i].fraction) / 3;
    }
}

static void compare(const muster_metric *before, const muster_metric *now, uint64_t *rng,
                    tally *seen) {
    static uint32_t was[PLACES * PLACES], is[PLACES * PLACES];
    muster_snap     place[PLACES], was_at[PLACES];
    mu_unchanged    u;
    random_places(place, PLACES, muster_network_view(now->network)->edge_count, rng);
    move_some(place, was_at);
    assert_int_equal(muster_matrix(before, PLACES, was_at, PLACES, was_at, 1, was, NULL),
                     MUSTER_OK);
    assert_int_equal(muster_matrix(now, PLACES, place, PLACES, place, 1, is, NULL), MUSTER_OK);
    if (mu_unchanged_since(now) == 0) {
        seen->unknown += (uint64_t)PLACES * PLACES;
        return;
    }
    assert_int_equal(mu_unchanged_since(now), mu_metric_id(before));
    assert_int_equal(mu_unchanged_init(&u, now), MUSTER_OK);
    for (uint32_t i = 0; i < PLACES; ++i) {
        for (uint32_t j = 0; j < PLACES; ++j) {
            const uint32_t cell = i * PLACES + j;
            if (mu_unchanged_at(&u, &was_at[i], &place[i]) &&
                mu_unchanged_at(&u, &was_at[j], &place[j])) {
                assert_int_equal(is[cell], was[cell]);
                ++seen->same;
            } else {
                ++seen->reached;
                seen->changed += is[cell] != was[cell];
            }
        }
    }
    mu_unchanged_fini(&u);
}

static void between_places_that_are_not_reached_nothing_changes(void **state) {
    (void)state;
    static random_network r;
    static random_turns   t;
    tally                 seen = {0};
    for (uint64_t seed = 0; seed < ROUNDS; ++seed) {
        uint64_t        rng = seed;
        muster_network *network =
            seed % 3 ? random_network_with_turns(&r, &t, seed) : random_network_new(&r, seed);
        assert_int_equal(muster_network_build_hierarchy(network), MUSTER_OK);
        muster_metric *original = random_network_metric(network, "emergency");
        muster_metric *metric   = random_network_metric(network, "emergency");
        for (int step = 0; step < STEPS; ++step) {
            muster_metric *changed = change_some(metric, original, &rng);
            compare(metric, changed, &rng, &seen);
            muster_metric_free(metric);
            metric = changed;
        }
        muster_metric_free(metric);
        muster_metric_free(original);
        muster_network_free(network);
    }
    print_message("%llu cells the same, %llu reached, %llu of them changed, %llu unknown\n",
                  (unsigned long long)seen.same, (unsigned long long)seen.reached,
                  (unsigned long long)seen.changed, (unsigned long long)seen.unknown);
    assert_true(seen.same > 50000 && seen.changed > 50000);
}

static void of_a_metric_from_the_start_nothing_is_known(void **state) {
    (void)state;
    static random_network r;
    muster_network       *network = random_network_new(&r, 7);
    assert_int_equal(muster_network_build_hierarchy(network), MUSTER_OK);
    muster_metric *metric = random_network_metric(network, "light");
    assert_int_equal(mu_unchanged_since(metric), 0);
    muster_metric_free(metric);
    muster_network_free(network);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(between_places_that_are_not_reached_nothing_changes),
        cmocka_unit_test(of_a_metric_from_the_start_nothing_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
