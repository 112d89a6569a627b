#include "session/row_taker.h"

#include "core/alloc.h"
#include "session/central.h"
#include "session/changed_rows.h"
#include "session/claims.h"
#include "session/writer.h"

enum {
    ROWS_MOST = 64,   /* changes that share a sync of the disk */
    SOON_MS   = 100,  /* until it is looked whether we know all that we did */
    AGAIN_MS  = 1000, /* until what cannot be is tried again */
    NEVER_MS  = 3600000
};

struct mu_row_taker {
    muster_session *session;
    bool            is_new;  /* something is */
    uint32_t        wait_ms; /* until what could not be taken is tried again */
    uint64_t        again_at_ms;
    mu_row_event    row[ROWS_MOST];
};

typedef struct telling_rows {
    mu_job              job; /* first */
    uint32_t            count;
    const mu_row_event *row;
    muster_event_answer answer[ROWS_MOST];
} telling_rows;

static muster_status tell_all(muster_session *s, mu_job *job) {
    telling_rows *t = (telling_rows *)job;
    MU_TRY(mu_writer_begin(s));
    for (uint32_t i = 0; i < t->count; ++i) {
        MU_TRY(mu_writer_event(s, &t->row[i].event, &t->answer[i]));
    }
    return MUSTER_OK;
}

/* The world's row of a stock; MUSTER_NONE: there is none. */
static uint32_t find_stock(const mu_base *b, const muster_changed_unit *u) {
    const uint32_t kind = mu_base_find_kind(b, u->kind);
    return kind == MUSTER_NONE ? MUSTER_NONE : mu_base_find_unit(b, MUSTER_ITEM, u->code, kind);
}

/* The next ROWS_MOST events, from *at on. */
static uint32_t list(mu_row_taker *t, const muster_live *live, bool knows_all, uint32_t *at) {
    uint32_t                   count, held_count, listed = 0;
    const muster_changed_unit *unit = muster_live_changed_units(live, &count);
    const muster_held         *held = muster_live_held(live, &held_count);
    pthread_mutex_lock(&t->session->lock);
    const mu_world *w = t->session->world;
    for (; *at < count && listed < ROWS_MOST; ++*at) {
        const muster_changed_unit *u         = &unit[*at];
        int64_t                    unsettled = 0;
        if (u->aspect == MUSTER_ASPECT_STOCK) {
            const uint32_t stock = find_stock(w->base, u);
            if (!knows_all) t->wait_ms = SOON_MS;
            if (!knows_all || stock == MUSTER_NONE) continue;
            unsettled = mu_claims_unsettled(w, stock, held_count, held);
        }
        listed += mu_row_event_of(&t->row[listed], w, u, unsettled);
    }
    pthread_mutex_unlock(&t->session->lock);
    return listed;
}

/* What cannot be as things are is tried again, for orders end; it is said once. */
static void take_refusal(mu_row_taker *t, const mu_row_event *row,
                         const muster_event_answer *answer, bool is_said) {
    if (answer->outcome == MUSTER_EVENT_APPLIED || answer->outcome == MUSTER_EVENT_REPEATED ||
        answer->outcome == MUSTER_EVENT_LATE) {
        return;
    }
    if (answer->outcome == MUSTER_EVENT_CONFLICT && t->wait_ms > AGAIN_MS) t->wait_ms = AGAIN_MS;
    if (is_said) return;
    (void)muster_fail(MUSTER_E_INVALID, "changed in the database by %.60s: %s", row->author,
                      answer->message);
    mu_session_keep_trouble(t->session);
}

static bool tell(mu_row_taker *t, uint32_t count, bool is_said) {
    telling_rows job = {.job = {.run = tell_all}, .count = count, .row = t->row};
    if (mu_job_do(t->session, &job.job) != MUSTER_OK) {
        mu_session_keep_trouble(t->session);
        return false;
    }
    for (uint32_t i = 0; i < count; ++i) take_refusal(t, &t->row[i], &job.answer[i], is_said);
    return true;
}

void mu_row_taker_step(mu_row_taker *t, const muster_live *live, bool knows_all) {
    const bool is_due  = t->is_new || mu_central_now_ms() >= t->again_at_ms;
    const bool is_said = !t->is_new;
    if (!is_due || muster_live_get_state(live).phase != MUSTER_LIVE_FOLLOWING) return;
    t->is_new   = false;
    t->wait_ms  = NEVER_MS;
    uint32_t at = 0, count = ROWS_MOST;
    while (count == ROWS_MOST) {
        count = list(t, live, knows_all, &at);
        if (count == 0 || tell(t, count, is_said)) continue;
        t->wait_ms = AGAIN_MS;
        count      = 0;
    }
    t->again_at_ms = mu_central_now_ms() + t->wait_ms;
}

void mu_row_taker_wake(mu_row_taker *t) {
    t->is_new = true;
}

uint32_t mu_row_taker_wait_ms(const mu_row_taker *t) {
    return t->wait_ms;
}

muster_status mu_row_taker_new(mu_row_taker **out, muster_session *session) {
    MU_TRY(mu_alloc_zeroed(out, 1, sizeof **out));
    (*out)->session = session;
    (*out)->wait_ms = NEVER_MS;
    return MUSTER_OK;
}

void mu_row_taker_free(mu_row_taker *t) {
    mu_free(t);
}
