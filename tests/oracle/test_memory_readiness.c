/* Each allocation of a readiness, of a what-if and of each kind of N-1 fails alone, in turn: it is told,
 * nothing leaks, and the next call works. */
#include "core/alloc.h"
#include "tests/support/random_readiness.h"
#include "tests/support/rounds.h"

/* All that can be asked about one problem. */
static muster_status ask_all(const random_readiness *q, uint32_t threads) {
    muster_readiness_options options = q->options;
    muster_readiness        *base = NULL, *after = NULL;
    muster_criticals        *list = NULL;
    muster_readiness_unit    unit[4];
    uint32_t                 count;
    const uint32_t           edge   = 0;
    const muster_gone        gone   = {MUSTER_PEOPLE, 0, 0};
    const muster_what_if     change = {1, &edge, 1, &gone, NULL};
    options.thread_count            = threads;
    muster_status status = muster_readiness_new(&base, &q->base.problem, READY_PLACES, q->place,
                                                READY_STANDARDS, q->standard, &options);
    if (status == MUSTER_OK) status = muster_readiness_units(base, 0, 0, 4, &count, unit);
    if (status == MUSTER_OK) status = muster_readiness_change(&after, base, &change);
    for (unsigned part = 0; part < MUSTER_PART_COUNT && status == MUSTER_OK; ++part) {
        status = muster_criticals_find(&list, base, (muster_part)part, 3, NULL, NULL);
        muster_criticals_free(list);
    }
    muster_readiness_free(after);
    muster_readiness_free(base);
    return status;
}

static void fail_each(uint64_t seed, uint32_t threads, int64_t step) {
    static random_readiness q;
    random_readiness_new(&q, seed);
    (void)mu_alloc_fail_after(-1);
    assert_int_equal(ask_all(&q, threads), MUSTER_OK);
    const int64_t count = mu_alloc_fail_after(-1);
    for (int64_t failing = 0; failing < count; failing += step) {
        (void)mu_alloc_fail_once_after(failing);
        const muster_status status = ask_all(&q, threads);
        const bool          failed = mu_alloc_fail_after(-1) > failing;
        if (!failed) { /* several threads do not always ask equally often */
            assert_true(status == MUSTER_OK && threads > 1);
        } else if (status != MUSTER_E_NOMEM) {
            fail_msg("seed %llu: allocation %lld of %lld failed, and the answer was %d",
                     (unsigned long long)seed, (long long)failing, (long long)count, (int)status);
        }
    }
    assert_int_equal(ask_all(&q, threads), MUSTER_OK);
    random_readiness_free(&q);
}

static void a_failed_allocation_is_told(void **state) {
    (void)state;
    const seeds asked = seeds_asked(3);
    for (uint64_t seed = asked.first; seed < asked.end; ++seed) fail_each(seed, 1, 1);
}

static void on_several_threads_as_well(void **state) {
    (void)state;
    fail_each(4, 3, 7);
}

static void tiers_tell_it_too(void **state) {
    (void)state;
    static const muster_authority CITY[] = {{"city", NULL, MUSTER_CITY, MUSTER_NONE}};
    static random_readiness       q;
    const int64_t                 people = 1000, per_thousand[RANDOM_KINDS] = {0, 0, 0, 0, 0, 1};
    muster_stock_tier             tier[RANDOM_KINDS * MUSTER_LEVEL_COUNT];
    muster_status                 status = MUSTER_E_NOMEM;
    random_readiness_new(&q, 3);
    q.base.problem.authority_count = 1;
    q.base.problem.authority       = CITY;
    for (int64_t failing = 0; status != MUSTER_OK; ++failing) {
        (void)mu_alloc_fail_once_after(failing);
        status = muster_stock_tiers(&q.base.problem, &people, per_thousand, tier);
        (void)mu_alloc_fail_after(-1);
        assert_true(failing < 100 && (status == MUSTER_OK || status == MUSTER_E_NOMEM));
    }
    random_readiness_free(&q);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failed_allocation_is_told),
        cmocka_unit_test(on_several_threads_as_well),
        cmocka_unit_test(tiers_tell_it_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
