/* Reading along, and taking over. */
#include "session/pen.h"
#include "session/writer.h"

typedef struct standing_by {
    mu_job   job; /* first */
    int64_t  now_ms;
    uint32_t applied;
    bool     is_promoted;
} standing_by;

static muster_status require_standby(const muster_session *s) {
    if (s->is_replay) {
        return muster_fail(MUSTER_E_INVALID,
                           "the session on \"%s\" is a replay, which follows nobody; expected a "
                           "standby",
                           s->options.given.journal);
    }
    if (!s->journal) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID,
                       "the session on \"%s\" writes it already; expected a standby",
                       s->options.given.journal);
}

static muster_status follow(muster_session *s, mu_job *job) {
    standing_by *f = (standing_by *)job;
    MU_TRY(require_standby(s));
    return mu_pen_follow(s, &f->applied);
}

static muster_status promote(muster_session *s, mu_job *job) {
    standing_by           *p     = (standing_by *)job;
    const mu_session_parts parts = {.disk = s->source};
    MU_TRY(require_standby(s));
    const muster_status status = mu_session_take_over(s, &parts, p->now_ms);
    p->is_promoted             = status == MUSTER_OK;
    return status;
}

muster_status muster_session_follow(muster_session *session, uint32_t *out_applied) {
    standing_by         f      = {.job = {.run = follow}};
    const muster_status status = mu_job_do(session, &f.job);
    if (out_applied) *out_applied = f.applied;
    return status;
}

muster_status muster_session_promote(muster_session *session, int64_t now_ms) {
    standing_by         p      = {.job = {.run = promote}, .now_ms = now_ms};
    const muster_status status = mu_job_do(session, &p.job);
    /* What a turn ends with, the look whether somebody else has taken over by now, is a writer's trouble:
     * whatever he is told next is answered by it. */
    return p.is_promoted ? MUSTER_OK : status;
}
