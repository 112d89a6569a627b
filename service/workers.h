/* Threads for what takes longer than others should wait. */
#ifndef SERVICE_WORKERS_H
#define SERVICE_WORKERS_H

#include <pthread.h>

#include <muster/error.h>

/* Something to do; embedded in what it is about. */
typedef struct mu_job {
    void (*run)(struct mu_job *job, uint32_t worker);
    struct mu_job *next;
} mu_job;

typedef struct mu_workers {
    pthread_mutex_t   lock;
    pthread_cond_t    something;
    mu_job           *first, **last;
    bool              is_stopping;
    uint32_t          count;
    struct mu_worker *worker; /* [count] */
} mu_workers;

muster_status mu_workers_start(mu_workers *workers, uint32_t count);
/* To be done by some worker, in the order in which jobs come. False once they are stopping. */
bool mu_workers_give(mu_workers *workers, mu_job *job);
/* Take no more jobs; those that have been given are done first. Harmless on zeroed ones. */
void mu_workers_stop(mu_workers *workers);
/* When nobody gives any more. Harmless on zeroed ones. */
void mu_workers_fini(mu_workers *workers);

#endif
