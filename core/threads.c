/* See threads.h.
 *
 * libgomp keeps its threads between parallel regions, and a process that was forked off has none
 * of them while libgomp counts on all: the next region would wait for ever (GCC bug 60035).
 * A region of one thread waits for nobody. So a child of a process that has shared work works
 * alone; one that was forked off before, or runs another program, does not notice. */
#include "core/threads.h"

#ifdef _OPENMP
#include <omp.h>
#include <pthread.h>
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
#else
static uint32_t available_threads(uint32_t asked) {
    (void)asked;
    return 1;
}

uint32_t mu_thread_number(void) {
    return 0;
}
#endif

uint32_t mu_thread_count(uint32_t asked, uint32_t jobs) {
    const uint32_t available = available_threads(asked);
    const uint32_t most      = jobs > 0 ? jobs : 1;
    return available < most ? available : most;
}
