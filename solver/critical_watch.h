/* Who looks for what hurts most tells how far it has come, and is told to stop. */
#ifndef MU_SOLVER_CRITICAL_WATCH_H
#define MU_SOLVER_CRITICAL_WATCH_H

#include <muster/api.h>

#include "core/error.h"
#include "core/threads.h"

typedef struct mu_critical_watch {
    muster_progress progress; /* NULL: nobody asks */
    void           *progress_user;
} mu_critical_watch;

/* So much of a phase is done, as the thread says that made the call. MUSTER_E_CANCELLED: stop. */
muster_status mu_critical_report(const mu_critical_watch *watch, const char *phase,
                                 double fraction);

/* mu_share_jobs, whose calling thread reports `phase` after each of its jobs. `done` jobs of `all` were
 * before these. MUSTER_E_CANCELLED: some jobs were left out. */
typedef struct mu_critical_phase {
    const char *name;
    uint64_t    done, all;
} mu_critical_phase;
muster_status mu_critical_share(const mu_critical_watch *watch, const mu_critical_phase *phase,
                                uint32_t job_count, uint32_t thread_count, mu_do_job *work,
                                void *user);

#endif
