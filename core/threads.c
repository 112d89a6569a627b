/* See threads.h.
 *
 * libgomp keeps its threads between parallel regions, and a process that was forked off has none
 * of them while libgomp counts on all: the next region would wait for ever (GCC bug 60035).
 * A region of one thread waits for nobody. So a child of a process that has shared work works
 * alone; one that was forked off before, or runs another program, does not notice.
 *
 * And its threads wait for each other, and for the next region, by spinning: five milliseconds of
 * processor time that others could use, the one who is waited for among them. Where other programs
 * keep all cores busy, the first plan of a solve took 460 ms so, and 110 on threads that sleep, or on
 * one. So what a solve shares is shared by threads that are made for it and sleep at its end: 30
 * microseconds each. */
#include "core/threads.h"

#ifdef _OPENMP
#include <omp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

static bool is_orphan; /* written where there is one thread only */

static void note_fork(void) {
    is_orphan = true;
}

static void watch_forks(void) {
    (void)pthread_atfork(NULL, NULL, note_fork); /* fails where there is no memory to fork with */
}

static uint32_t available_threads(uint32_t asked) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, watch_forks);
    if (is_orphan) return 1;
    return asked > 0 ? asked : (uint32_t)omp_get_max_threads();
}

uint32_t mu_thread_number(void) {
    return (uint32_t)omp_get_thread_num();
}

uint32_t mu_thread_limit(uint32_t most) {
    const uint32_t before = (uint32_t)omp_get_max_threads();
    omp_set_num_threads((int)most);
    return before;
}

/* ---- jobs ---------------------------------------------------------------------------- */

enum { MOST_HELPERS = 255 };

typedef struct shared {
    uint32_t             job_count;
    mu_do_job           *work;
    void                *user;
    atomic_uint_fast64_t next;    /* job; 64 bits, for each thread goes past the end once */
    atomic_uint_fast32_t workers; /* so far */
} shared;

static void do_jobs(shared *s) {
    const uint32_t worker = (uint32_t)atomic_fetch_add(&s->workers, 1);
    for (uint64_t job; (job = atomic_fetch_add(&s->next, 1)) < s->job_count;) {
        s->work(s->user, (uint32_t)job, worker);
    }
}

static void *help(void *user) {
    do_jobs(user);
    return NULL;
}

void mu_share_jobs(uint32_t job_count, uint32_t thread_count, mu_do_job *work, void *user) {
    shared         s      = {.job_count = job_count, .work = work, .user = user};
    const uint32_t wanted = mu_thread_count(thread_count, job_count) - 1;
    pthread_t      helper[MOST_HELPERS];
    uint32_t       count = 0;
    while (count < wanted && count < MOST_HELPERS &&
           pthread_create(&helper[count], NULL, help, &s) == 0) {
        ++count;
    }
    do_jobs(&s);
    for (uint32_t i = 0; i < count; ++i) (void)pthread_join(helper[i], NULL);
}
#else
static uint32_t available_threads(uint32_t asked) {
    (void)asked;
    return 1;
}

uint32_t mu_thread_number(void) {
    return 0;
}

uint32_t mu_thread_limit(uint32_t most) {
    (void)most;
    return 1;
}

void mu_share_jobs(uint32_t job_count, uint32_t thread_count, mu_do_job *work, void *user) {
    (void)thread_count;
    for (uint32_t job = 0; job < job_count; ++job) work(user, job, 0);
}
#endif

uint32_t mu_thread_count(uint32_t asked, uint32_t jobs) {
    const uint32_t available = available_threads(asked);
    const uint32_t most      = jobs > 0 ? jobs : 1;
    return available < most ? available : most;
}
