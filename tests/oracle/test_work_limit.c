/* With a work limit and no other, a plan is the same to the last bit for any number of threads: every
 * row of it, every value, every bound. And whoever cancels from another thread gets a plan soon. */
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "solver/plan.h"
#include "tests/support/city_fixture.h"
#include "tests/support/rounds.h"

/* ---- the same plan --------------------------------------------------------------------------- */

/* Field by field: between fields there may be anything. */
static bool is_same_assignment(const muster_assignment *a, const muster_assignment *b) {
    return a->resource == b->resource && a->index == b->index && a->need == b->need &&
           a->quantity == b->quantity && a->depart_ms == b->depart_ms && a->eta_ms == b->eta_ms &&
           memcmp(&a->distance_m, &b->distance_m, sizeof a->distance_m) == 0 &&
           a->shipment == b->shipment && a->locked == b->locked && a->escalation == b->escalation &&
           a->is_late == b->is_late && a->is_diverted == b->is_diverted;
}

static bool is_same_shipment(const muster_shipment *a, const muster_shipment *b) {
    return a->vehicle == b->vehicle && a->stock == b->stock && a->incident == b->incident &&
           a->depart_ms == b->depart_ms && a->load_at_ms == b->load_at_ms &&
           a->eta_ms == b->eta_ms &&
           memcmp(&a->distance_m, &b->distance_m, sizeof a->distance_m) == 0 &&
           memcmp(&a->load_kg, &b->load_kg, sizeof a->load_kg) == 0 &&
           memcmp(&a->load_m3, &b->load_m3, sizeof a->load_m3) == 0 &&
           a->is_diverted == b->is_diverted;
}

static bool is_same_plan(const muster_plan *a, const muster_plan *b) {
    if (a->assignment_count != b->assignment_count || a->shipment_count != b->shipment_count ||
        a->unmet_count != b->unmet_count || memcmp(a->tier, b->tier, sizeof a->tier) != 0) {
        return false;
    }
    for (uint32_t i = 0; i < a->assignment_count; ++i) {
        if (!is_same_assignment(&a->assignment[i], &b->assignment[i])) return false;
    }
    for (uint32_t s = 0; s < a->shipment_count; ++s) {
        if (!is_same_shipment(&a->shipment[s], &b->shipment[s])) return false;
    }
    for (uint32_t u = 0; u < a->unmet_count; ++u) {
        const muster_unmet *x = &a->unmet[u], *y = &b->unmet[u];
        if (x->need != y->need || x->quantity != y->quantity || x->reason != y->reason)
            return false;
    }
    return true;
}

static void any_number_of_threads_makes_the_same_plan(void **state) {
    (void)state;
    static const uint32_t THREADS[] = {2, 4, 8};
    const seeds           asked     = seeds_asked(24);
    for (uint64_t seed = asked.first; seed < asked.end; ++seed) {
        static random_city c;
        const uint64_t     work = UINT64_C(1) << (10 + seed % 13);
        random_city_new(&c, &roads, seed, (unsigned)seed % 16);
        muster_plan *plan = city_solve(&c.problem, work, 1);
        for (int t = 0; t < 3; ++t) {
            muster_plan *other = city_solve(&c.problem, work, THREADS[t]);
            if (!is_same_plan(plan, other)) {
                fail_msg("seed %llu, %u threads", (unsigned long long)seed, THREADS[t]);
            }
            muster_plan_free(other);
        }
        muster_plan_free(plan);
    }
}

/* ---- cancelling ------------------------------------------------------------------------------ */

static int64_t now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

typedef struct caller {
    int     cancel;
    int64_t after_ms, cancelled_at_ms;
} caller;

static void *cancel_later(void *user) {
    caller               *c    = user;
    const struct timespec wait = {c->after_ms / 1000, c->after_ms % 1000 * 1000000};
    nanosleep(&wait, NULL);
    c->cancelled_at_ms = now_ms();
    __atomic_store_n(&c->cancel, 1, __ATOMIC_RELAXED);
    return NULL;
}

/* Without any limit: a city with shipments and reserve goes on for seconds. Other programs may keep
 * the machine busy, so "soon" is generous. */
static void another_thread_may_cancel_at_any_moment(void **state) {
    (void)state;
    enum { SOON_MS = 1000 };
    int64_t latest_ms = 0;
    for (int64_t after_ms = 0; after_ms <= 80; after_ms += 4) {
        static random_city   c;
        muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
        caller               who     = {.after_ms = after_ms};
        muster_plan         *plan    = NULL;
        pthread_t            thread;
        random_city_new(&c, &roads, (uint64_t)after_ms, (unsigned)after_ms / 4 % 16);
        options.time_limit_ms = 0;
        options.work_limit    = UINT64_C(1) << 40;
        options.cancel        = &who.cancel;
        assert_int_equal(pthread_create(&thread, NULL, cancel_later, &who), 0);
        assert_int_equal(muster_solve(&plan, &c.problem, &options), MUSTER_OK);
        const int64_t ended_ms = now_ms();
        assert_int_equal(pthread_join(thread, NULL), 0);
        assert_int_equal(muster_plan_check(plan, &c.problem), MUSTER_OK);
        muster_plan_free(plan);
        if (ended_ms - who.cancelled_at_ms > latest_ms) latest_ms = ended_ms - who.cancelled_at_ms;
    }
    print_message("%lld ms after it was cancelled at the latest\n", (long long)latest_ms);
    assert_true(latest_ms <= SOON_MS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_number_of_threads_makes_the_same_plan),
        cmocka_unit_test(another_thread_may_cancel_at_any_moment),
    };
    return cmocka_run_group_tests(tests, lay_roads, lift_roads);
}
