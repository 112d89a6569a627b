/* How long bringing the journal to the disk takes: a histogram. */
#ifndef MU_SESSION_SYNC_TIMES_H
#define MU_SESSION_SYNC_TIMES_H

#include <muster/session.h>

/* Of a clock that goes on evenly, from some moment on. */
uint64_t mu_sync_times_now_us(void);
void     mu_sync_times_add(muster_session_syncs *times, uint64_t took_us);

#endif
