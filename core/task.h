/* A job on a thread of its own, beside the caller's. */
#ifndef MU_CORE_TASK_H
#define MU_CORE_TASK_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"

typedef struct mu_task {
    muster_status (*run)(void *user);
    void           *user;
    mu_worker_error error;
    bool            has_thread; /* otherwise it was done at once */
    pthread_t       thread;
    pthread_mutex_t lock;
    pthread_cond_t  ended;
    bool            is_done;
} mu_task;

/* Start `run`. Where `is_beside` is false, or the system has no thread for it, it is done on
 * return. The task stays where it is until it is joined. */
void mu_task_start(mu_task *task, muster_status (*run)(void *user), void *user, bool is_beside);
/* Wait for its end, so long at most: whether it has come. */
bool mu_task_wait(mu_task *task, uint32_t timeout_ms);
/* Wait for its end; its failure is the calling thread's. */
muster_status mu_task_join(mu_task *task);

#endif
