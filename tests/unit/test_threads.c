/* A child that was forked off after threads have shared work has none of them: whatever would wait
 * for them never ends. */
#include <muster/matrix.h>
#include <muster/one_to_all.h>

#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/threads.h"
#include "tests/support/random_network.h"

enum { SITES = 40, THREADS = 4, PATIENCE_S = 60 };

typedef struct work {
    muster_network *network;
    muster_metric  *metric;
    muster_snap     site[SITES];
    uint32_t        duration_ms[SITES * SITES], reached_ms[SITES * RANDOM_MAX_NODES];
} work;

static void work_init(work *w, bool with_hierarchy) {
    static random_network r;
    uint64_t              rng = 1;
    w->network                = random_network_new(&r, 5);
    if (with_hierarchy) assert_int_equal(muster_network_build_hierarchy(w->network), MUSTER_OK);
    w->metric = random_network_metric(w->network, "emergency");
    for (int i = 0; i < SITES; ++i) {
        w->site[i] =
            (muster_snap){random_below(&rng, r.data.edge_count), random_unit(&rng), 0, 0, 0};
    }
    assert_int_equal(
        muster_matrix(w->metric, SITES, w->site, SITES, w->site, THREADS, w->duration_ms, NULL),
        MUSTER_OK);
    assert_int_equal(
        muster_one_to_all(w->metric, SITES, w->site, MUSTER_FORWARD, THREADS, w->reached_ms, NULL),
        MUSTER_OK);
}

static void work_fini(work *w) {
    muster_metric_free(w->metric);
    muster_network_free(w->network);
}

/* The same again, with a metric of its own; false: it came out otherwise. */
static bool repeat(const work *w) {
    static uint32_t duration_ms[SITES * SITES], reached_ms[SITES * RANDOM_MAX_NODES];
    const size_t    reached = (size_t)SITES * muster_network_view(w->network)->node_count;
    muster_profile  profile;
    muster_metric  *metric = NULL;
    bool            is_ok  = muster_profile_builtin(&profile, "emergency") == MUSTER_OK &&
                 muster_metric_new(&metric, w->network, &profile) == MUSTER_OK &&
                 muster_matrix(metric, SITES, w->site, SITES, w->site, THREADS, duration_ms,
                               NULL) == MUSTER_OK &&
                 muster_one_to_all(metric, SITES, w->site, MUSTER_FORWARD, THREADS, reached_ms,
                                   NULL) == MUSTER_OK;
    for (size_t i = 0; i < SITES * SITES; ++i) is_ok &= duration_ms[i] == w->duration_ms[i];
    for (size_t i = 0; i < reached; ++i) is_ok &= reached_ms[i] == w->reached_ms[i];
    muster_metric_free(metric);
    return is_ok;
}

/* In a child, which the alarm ends if it waits for ever. */
static int status_of_child(const work *w) {
    int         status;
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        alarm(PATIENCE_S);
        _exit(repeat(w) && mu_thread_count(THREADS, THREADS) == 1 ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void fork_and_repeat(bool with_hierarchy) {
    work w;
    work_init(&w, with_hierarchy);
    assert_int_equal(status_of_child(&w), 0);
    assert_true(repeat(&w)); /* and the parent has noticed nothing */
#ifdef _OPENMP
    assert_int_equal(mu_thread_count(THREADS, THREADS), THREADS);
#endif
    work_fini(&w);
}

static void a_child_computes_tables(void **state) {
    (void)state;
    fork_and_repeat(false);
}

static void a_child_computes_tables_over_a_hierarchy(void **state) {
    (void)state;
    fork_and_repeat(true);
}

enum { JOBS = 1000, MOST_WORKERS = 8 };

typedef struct tally {
    int done[JOBS];         /* each by one thread */
    int jobs[MOST_WORKERS]; /* of a worker, who is one thread at a time */
    int sum;
} tally;

static void count_job(void *user, uint32_t job, uint32_t worker) {
    tally *t = user;
    ++t->done[job];
    ++t->jobs[worker];
}

static void every_job_is_done_once_by_one_worker(void **state) {
    (void)state;
    for (uint32_t threads = 1; threads <= MOST_WORKERS; ++threads) {
        for (uint32_t jobs = 0; jobs <= JOBS; jobs = jobs < 9 ? jobs + 1 : jobs * 3) {
            tally t = {0};
            mu_share_jobs(jobs, threads, count_job, &t);
            for (uint32_t j = 0; j < JOBS; ++j) assert_int_equal(t.done[j], j < jobs);
            for (uint32_t w = 0; w < MOST_WORKERS; ++w) {
                t.sum += t.jobs[w];
                if (w >= threads) assert_int_equal(t.jobs[w], 0);
            }
            assert_int_equal(t.sum, jobs);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_child_computes_tables),
        cmocka_unit_test(a_child_computes_tables_over_a_hierarchy),
        cmocka_unit_test(every_job_is_done_once_by_one_worker),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
