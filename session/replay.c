/* A session as it was at a moment gone by. */
#include "core/alloc.h"
#include "session/recovery.h"
#include "session/session.h"

muster_status mu_session_replay(muster_session **out, const muster_session_options *options,
                                const mu_session_parts *parts, uint64_t sequence, int64_t at_ms) {
    muster_session_options as_standby = *options;
    mu_session_parts       until      = *parts;
    *out                              = NULL;
    as_standby.role                   = MUSTER_SESSION_STANDBY;
    if (sequence == 0) {
        MU_TRY(mu_recovery_find_time(&sequence, &parts->disk, options->journal, at_ms));
    }
    until.last = sequence;
    return mu_session_start(out, &as_standby, &until);
}

muster_status muster_session_replay(muster_session **out, const muster_session_options *options,
                                    uint64_t sequence, int64_t at_ms) {
    const mu_session_parts parts = {.disk = MU_DISK_SYSTEM};
    return mu_session_replay(out, options, &parts, sequence, at_ms);
}
