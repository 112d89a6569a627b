/* See workers.h. How many jobs wait is limited by who gives them out: one a request in flight. */
#include "service/workers.h"

#include <stdlib.h>

typedef struct mu_worker {
    mu_workers *workers;
    uint32_t    number;
    pthread_t   thread;
} mu_worker;

static mu_job *take(mu_workers *w) {
    pthread_mutex_lock(&w->lock);
    while (!w->first && !w->is_stopping) pthread_cond_wait(&w->something, &w->lock);
    mu_job *job = w->first;
    if (job) w->first = job->next;
    if (!w->first) w->last = &w->first;
    pthread_mutex_unlock(&w->lock);
    return job;
}

static void *work(void *user) {
    const mu_worker *self = user;
    for (mu_job *job; (job = take(self->workers)) != NULL;) job->run(job, self->number);
    return NULL;
}

void mu_workers_stop(mu_workers *w) {
    if (!w->worker) return;
    pthread_mutex_lock(&w->lock);
    w->is_stopping = true;
    pthread_cond_broadcast(&w->something);
    pthread_mutex_unlock(&w->lock);
    for (; w->count > 0; --w->count) pthread_join(w->worker[w->count - 1].thread, NULL);
}

void mu_workers_fini(mu_workers *w) {
    if (!w->worker) return;
    mu_workers_stop(w);
    pthread_cond_destroy(&w->something);
    pthread_mutex_destroy(&w->lock);
    free(w->worker);
    w->worker = NULL;
}

muster_status mu_workers_start(mu_workers *w, uint32_t count) {
    *w      = (mu_workers){.worker = calloc(count, sizeof *w->worker)};
    w->last = &w->first;
    if (!w->worker) return muster_fail(MUSTER_E_NOMEM, "out of memory for %u workers", count);
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->something, NULL);
    for (; w->count < count; ++w->count) {
        mu_worker *worker = &w->worker[w->count];
        *worker           = (mu_worker){.workers = w, .number = w->count};
        if (pthread_create(&worker->thread, NULL, work, worker) != 0) {
            const uint32_t started = w->count;
            mu_workers_fini(w);
            return muster_fail(MUSTER_E_NOMEM, "only %u of %u workers can be started", started,
                               count);
        }
    }
    return MUSTER_OK;
}

bool mu_workers_give(mu_workers *w, mu_job *job) {
    job->next = NULL;
    pthread_mutex_lock(&w->lock);
    const bool is_taken = !w->is_stopping;
    if (is_taken) {
        *w->last = job;
        w->last  = &job->next;
        pthread_cond_signal(&w->something);
    }
    pthread_mutex_unlock(&w->lock);
    return is_taken;
}
