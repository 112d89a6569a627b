/* Events from outside. What only the roads can tell of an event, how much a polygon closes say, is
 * asked before the turn, on the caller's own time. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "session/writer.h"

typedef struct telling {
    mu_job               job; /* first */
    uint32_t             count;
    const muster_event  *event;
    muster_event_answer *answer;
} telling;

static muster_status check_sizes(uint32_t count, const muster_event *event,
                                 const muster_event_answer *out_answer) {
    if (count > 0 && (!event || !out_answer)) {
        return muster_fail(MUSTER_E_INVALID, "%s is NULL; expected room for %u",
                           event ? "out_answer" : "event", count);
    }
    for (uint32_t i = 0; i < count; ++i) {
        if (event[i].struct_size == sizeof *event) continue;
        return muster_fail(MUSTER_E_INVALID,
                           "event %u: struct_size is %zu; expected %zu, from MUSTER_EVENT_INIT", i,
                           event[i].struct_size, sizeof *event);
    }
    return MUSTER_OK;
}

static bool refuse(muster_event_answer *out, const char *message) {
    out->outcome = MUSTER_EVENT_WRONG;
    snprintf(out->message, sizeof out->message, "%s", message);
    return false;
}

/* Is it an event that others may tell? */
static bool is_told(const muster_event *event, muster_event_answer *out) {
    if (event->type >= MUSTER_EVENT_TYPE_TOLD) {
        return refuse(out,
                      "type is one that a session writes itself, or none; expected one that is "
                      "told to it");
    }
    if (event->id && strncmp(event->id, MU_OWN_ID, strlen(MU_OWN_ID)) == 0) {
        return refuse(out,
                      "id begins with \"" MU_OWN_ID "\", as those of the session's own events do; "
                      "expected another one");
    }
    return true;
}

/* What is wrong whatever the world is like. */
static muster_status check_alone(const muster_session *s, const muster_event *event,
                                 muster_event_answer *out) {
    *out = (muster_event_answer){.outcome = MUSTER_EVENT_APPLIED};
    return is_told(event, out) ? mu_roads_check_event(s->road_base, event, out) : MUSTER_OK;
}

/* ---- from the future ----------------------------------------------------------------------- */

/* The latest time that an event may have. What was told does not move the clock, or devices that are ahead,
 * each by a little, would take it along. */
static int64_t latest_time_ms(muster_session *s) {
    const uint32_t most_ms = s->options.given.clock_ahead_ms;
    if (most_ms == 0 || s->ticked_at_ms == 0) return INT64_MAX;
    pthread_mutex_lock(&s->lock);
    const int64_t clock_ms = s->now_ms;
    pthread_mutex_unlock(&s->lock);
    return clock_ms > INT64_MAX - most_ms ? INT64_MAX : clock_ms + most_ms;
}

/* One that was applied before is answered so, whatever the clock says now. */
static muster_status refuse_early(muster_session *s, const muster_event *event, int64_t latest_ms,
                                  muster_event_answer *out) {
    char           message[MUSTER_EVENT_MESSAGE_BYTES];
    const uint32_t most_ms = s->options.given.clock_ahead_ms;
    MU_TRY(mu_world_check(s->ahead, event, out));
    if (out->outcome != MUSTER_EVENT_APPLIED) return MUSTER_OK;
    snprintf(message, sizeof message,
             "time_ms is %" PRId64 ", %" PRId64
             " s ahead of the session's clock; expected at most %" PRIu32
             " s: look at the clock of who tells it, and tell it again when it is time",
             event->time_ms, (event->time_ms - (latest_ms - most_ms)) / 1000, most_ms / 1000);
    (void)refuse(out, message);
    return MUSTER_OK;
}

/* ---- telling ------------------------------------------------------------------------------- */

static muster_status tell_one(muster_session *s, const muster_event *event, int64_t latest_ms,
                              muster_event_answer *out) {
    return event->time_ms <= latest_ms ? mu_writer_event(s, event, out)
                                       : refuse_early(s, event, latest_ms, out);
}

static muster_status tell_all(muster_session *s, mu_job *job) {
    telling *t = (telling *)job;
    MU_TRY(mu_writer_begin(s));
    const int64_t latest_ms = latest_time_ms(s);
    for (uint32_t i = 0; i < t->count; ++i) {
        if (t->answer[i].outcome == MUSTER_EVENT_WRONG) continue;
        MU_TRY(tell_one(s, &t->event[i], latest_ms, &t->answer[i]));
    }
    return MUSTER_OK;
}

muster_status muster_session_tell(muster_session *session, uint32_t event_count,
                                  const muster_event *event, muster_event_answer *out_answer) {
    MU_TRY(mu_session_check(session));
    MU_TRY(check_sizes(event_count, event, out_answer));
    for (uint32_t i = 0; i < event_count; ++i) {
        MU_TRY(check_alone(session, &event[i], &out_answer[i]));
    }
    telling t = {
        .job = {.run = tell_all}, .count = event_count, .event = event, .answer = out_answer};
    return mu_job_do(session, &t.job);
}
