#define _POSIX_C_SOURCE 200809L /* pthread_condattr_setclock */
#include "core/task.h"

#include <time.h>

static void *work(void *user) {
    mu_task            *task   = user;
    const muster_status status = task->run(task->user);
    if (status != MUSTER_OK) mu_worker_error_keep(&task->error, status);
    pthread_mutex_lock(&task->lock);
    task->is_done = true;
    pthread_cond_signal(&task->ended);
    pthread_mutex_unlock(&task->lock);
    return NULL;
}

/* Waiting is by a clock that nobody sets. */
static void prepare(mu_task *task) {
    pthread_condattr_t by_clock;
    pthread_mutex_init(&task->lock, NULL);
    pthread_condattr_init(&by_clock);
    pthread_condattr_setclock(&by_clock, CLOCK_MONOTONIC);
    pthread_cond_init(&task->ended, &by_clock);
    pthread_condattr_destroy(&by_clock);
}

void mu_task_start(mu_task *task, muster_status (*run)(void *user), void *user, bool is_beside) {
    *task = (mu_task){.run = run, .user = user};
    prepare(task);
    task->has_thread = is_beside && pthread_create(&task->thread, NULL, work, task) == 0;
    if (!task->has_thread) (void)work(task);
}

bool mu_task_wait(mu_task *task, uint32_t timeout_ms) {
    struct timespec until;
    int             error = 0;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += timeout_ms / 1000;
    until.tv_nsec += (long)(timeout_ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) ++until.tv_sec, until.tv_nsec -= 1000000000;
    pthread_mutex_lock(&task->lock);
    while (!task->is_done && error == 0) {
        error = pthread_cond_timedwait(&task->ended, &task->lock, &until);
    }
    const bool is_done = task->is_done;
    pthread_mutex_unlock(&task->lock);
    return is_done;
}

muster_status mu_task_join(mu_task *task) {
    if (task->has_thread) (void)pthread_join(task->thread, NULL);
    pthread_cond_destroy(&task->ended);
    pthread_mutex_destroy(&task->lock);
    return mu_worker_error_raise(&task->error);
}
