/* Callbacks come on the thread that made the call, which is one of those that share the jobs: it reports
 * between its own, and what it is answered the others look up before each of theirs. */
#include "solver/critical_watch.h"

#include <pthread.h>
#include <stdatomic.h>

muster_status mu_critical_report(const mu_critical_watch *w, const char *phase, double fraction) {
    if (!w->progress || w->progress(w->progress_user, phase, fraction)) return MUSTER_OK;
    return muster_fail(MUSTER_E_CANCELLED, "cancelled while %s", phase);
}

typedef struct sharing {
    const mu_critical_watch *watch;
    const mu_critical_phase *phase;
    mu_do_job               *work;
    void                    *user;
    pthread_t                caller;
    atomic_uint_fast64_t     done;
    atomic_bool              is_stopped;
    muster_status            status; /* the caller's */
} sharing;

static void do_watched(void *user, uint32_t job, uint32_t worker) {
    sharing *s = user;
    if (atomic_load(&s->is_stopped)) return;
    s->work(s->user, job, worker);
    const uint64_t done = atomic_fetch_add(&s->done, 1) + 1;
    if (!pthread_equal(pthread_self(), s->caller)) return;
    s->status = mu_critical_report(s->watch, s->phase->name, (double)done / (double)s->phase->all);
    if (s->status != MUSTER_OK) atomic_store(&s->is_stopped, true);
}

muster_status mu_critical_share(const mu_critical_watch *watch, const mu_critical_phase *phase,
                                uint32_t job_count, uint32_t thread_count, mu_do_job *work,
                                void *user) {
    sharing s = {.watch  = watch,
                 .phase  = phase,
                 .work   = work,
                 .user   = user,
                 .caller = pthread_self(),
                 .done   = phase->done,
                 .status = MUSTER_OK};
    mu_share_jobs(job_count, thread_count, do_watched, &s);
    return s.status;
}
