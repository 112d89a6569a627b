/* What happens because time has passed. */
#include <inttypes.h>
#include <stdio.h>

#include "core/alloc.h"
#include "session/writer.h"

enum { ID_BYTES = 40 };

typedef struct expiry {
    muster_event event;
    char         id[ID_BYTES];
} expiry;

typedef struct tick {
    mu_job   job; /* first */
    int64_t  now_ms;
    uint32_t changes;
    expiry  *expiry; /* of the orders that expire; they live as long as the tick */
} tick;

/* ---- orders -------------------------------------------------------------------------------- */

/* What a trip carries expires with it. */
static bool is_unanswered(const muster_session *s, const mu_world_order *o, int64_t now_ms) {
    const uint32_t timeout_ms = s->options.given.order_timeout_ms;
    return timeout_ms > 0 && o->state == MUSTER_ORDER_ISSUED && o->trip == 0 &&
           o->issued_at_ms <= now_ms - (int64_t)timeout_ms;
}

static void describe(expiry *e, const muster_session *s, uint64_t order, int64_t now_ms) {
    snprintf(e->id, sizeof e->id, MU_OWN_ID "expired-%" PRIu64, order);
    e->event         = (muster_event)MUSTER_EVENT_INIT;
    e->event.id      = e->id;
    e->event.type    = MUSTER_EVENT_ORDER_EXPIRED;
    e->event.time_ms = now_ms;
    e->event.author  = s->options.given.author;
    e->event.order   = order;
}

/* Expiring changes the list of orders, so it is read first. */
static muster_status let_orders_expire(muster_session *s, tick *t) {
    uint32_t count = 0;
    for (uint32_t o = 0; o < s->ahead->order_count; ++o) {
        count += is_unanswered(s, &s->ahead->order[o], t->now_ms);
    }
    if (count == 0) return MUSTER_OK;
    mu_free(t->expiry);
    MU_TRY(mu_alloc(&t->expiry, count, sizeof *t->expiry));
    uint32_t listed = 0;
    for (uint32_t o = 0; o < s->ahead->order_count; ++o) {
        const mu_world_order *order = &s->ahead->order[o];
        if (is_unanswered(s, order, t->now_ms)) {
            describe(&t->expiry[listed++], s, order->number, t->now_ms);
        }
    }
    for (uint32_t e = 0; e < count; ++e) {
        muster_event_answer answer;
        MU_TRY(mu_writer_event(s, &t->expiry[e].event, &answer));
        t->changes += answer.outcome == MUSTER_EVENT_APPLIED;
    }
    return MUSTER_OK;
}

/* ---- what begins and ends by itself -------------------------------------------------------- */

static bool is_between(int64_t moment, int64_t after, int64_t until) {
    return moment > after && moment <= until;
}

static int64_t second_of(int64_t moment_ms) {
    return moment_ms / 1000 - (moment_ms % 1000 < 0);
}

static uint32_t count_hazards(const mu_world *w, int64_t after_ms, int64_t until_ms) {
    const int64_t after_s = second_of(after_ms), until_s = second_of(until_ms);
    uint32_t      count = 0;
    for (uint32_t h = 0; h < w->hazard_count; ++h) {
        const muster_hazard *hazard = &w->hazard[h].hazard;
        count += is_between(hazard->starts_at_s, after_s, until_s);
        count += is_between(hazard->ends_at_s, after_s, until_s);
    }
    return count;
}

static uint32_t count_shifts(const mu_world *w, int64_t after_ms, int64_t until_ms) {
    uint32_t count = 0;
    for (int r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        for (uint32_t u = 0; u < w->base->unit_count[r]; ++u) {
            count += is_between(w->unit[r][u].shift_end_at_ms, after_ms, until_ms);
        }
    }
    return count;
}

static muster_status let_time_pass(muster_session *s, mu_job *job) {
    tick *t    = (tick *)job;
    t->changes = 0;
    MU_TRY(mu_writer_begin(s));
    const int64_t before_ms = s->tick_at_ms > 0 ? s->tick_at_ms : s->ticked_at_ms;
    if (before_ms > 0) {
        t->changes += count_hazards(s->ahead, before_ms, t->now_ms) +
                      count_shifts(s->ahead, before_ms, t->now_ms);
    }
    MU_TRY(let_orders_expire(s, t));
    s->tick_at_ms = t->now_ms;
    pthread_mutex_lock(&s->lock);
    if (t->now_ms > s->now_ms) s->now_ms = t->now_ms;
    pthread_mutex_unlock(&s->lock);
    return MUSTER_OK;
}

muster_status muster_session_tick(muster_session *session, int64_t now_ms,
                                  uint32_t *out_change_count) {
    tick t = {.job = {.run = let_time_pass}, .now_ms = now_ms};
    if (out_change_count) *out_change_count = 0;
    MU_TRY(mu_session_check_moment(now_ms));
    const muster_status status = mu_job_do(session, &t.job);
    mu_free(t.expiry);
    if (out_change_count && status == MUSTER_OK) *out_change_count = t.changes;
    return status;
}
