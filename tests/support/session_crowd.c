#include "tests/support/session_crowd.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

enum { COMMITTERS = 2, BESIDES = 3, CLAIM_MS = 200, PLAN_MS = 10 };

typedef struct member {
    void (*act)(struct member *m);
    muster_session *session;
    const char     *name;
    uint32_t        number, rounds;
    int64_t         orders;
    atomic_bool    *is_over;
    muster_status   status;
    char            message[512]; /* of what it ran into, which is its thread's */
    pthread_t       thread;
} member;

static int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- who commits --------------------------------------------------------------------------- */

/* It may be over already: lost to another desk. */
static void release(member *m, uint64_t order) {
    char                id[96];
    muster_event_answer answer;
    muster_event        event = MUSTER_EVENT_INIT;
    snprintf(id, sizeof id, "%s-released-%" PRIu64, m->name, order);
    event.id      = id;
    event.type    = MUSTER_EVENT_ORDER_RELEASED;
    event.time_ms = now_ms();
    event.author  = "crowd";
    event.order   = order;
    m->status     = muster_session_tell(m->session, 1, &event, &answer);
}

static void release_all(member *m, const muster_committed *done) {
    uint32_t            count;
    const muster_order *order = muster_committed_orders(done, &count);
    for (uint32_t i = 0; i < count && m->status == MUSTER_OK; ++i) {
        if (order[i].trip == 0) release(m, order[i].number);
    }
    m->orders += count;
}

static void commit_once(member *m, uint32_t round) {
    char                 id[64];
    muster_session_plan *plan;
    muster_committed    *done;
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    muster_commit        what    = MUSTER_COMMIT_INIT;
    options.time_limit_ms        = PLAN_MS;
    m->status =
        muster_session_plan_make(&plan, m->session, now_ms(), &options, MUSTER_REPLAN_IMPROVE);
    if (m->status != MUSTER_OK) return;
    snprintf(id, sizeof id, "%s-%" PRIu32 "-%" PRIu32, m->name, m->number, round);
    what.id               = id;
    what.author           = "crowd";
    what.now_ms           = now_ms();
    what.claim_timeout_ms = CLAIM_MS;
    m->status             = muster_session_commit(&done, m->session, plan, &what);
    if (m->status == MUSTER_OK) release_all(m, done);
    muster_committed_free(done);
    muster_session_plan_free(plan);
}

static void commit(member *m) {
    for (uint32_t r = 0; r < m->rounds && m->status == MUSTER_OK; ++r) commit_once(m, r);
}

/* ---- who is there beside ------------------------------------------------------------------- */

static void look(member *m) {
    while (!*m->is_over && m->status == MUSTER_OK) {
        muster_view *view;
        m->status = muster_session_look(&view, m->session, NULL);
        muster_view_free(view);
        (void)muster_session_get_state(m->session);
    }
}

static void listen(member *m) {
    uint64_t after = 0;
    while (!*m->is_over && m->status == MUSTER_OK) {
        muster_news *news;
        uint32_t     count;
        m->status = muster_session_news(&news, m->session, after, 50, 20, &count);
        if (m->status == MUSTER_OK && count > 0) after = muster_news_sequence(news, count - 1);
        muster_news_free(news);
    }
}

static void let_time_pass(member *m) {
    const struct timespec pause = {0, 5000000};
    while (!*m->is_over && m->status == MUSTER_OK) {
        m->status = muster_session_tick(m->session, now_ms(), NULL);
        (void)nanosleep(&pause, NULL);
    }
}

/* ---- all ----------------------------------------------------------------------------------- */

static void *run(void *user) {
    member *m = user;
    m->act(m);
    if (m->status != MUSTER_OK) {
        snprintf(m->message, sizeof m->message, "%s", muster_error_message());
    }
    return NULL;
}

static muster_status begin(member *m) {
    if (pthread_create(&m->thread, NULL, run, m) == 0) return MUSTER_OK;
    return muster_fail(MUSTER_E_NOMEM, "thread %" PRIu32 " cannot be started", m->number);
}

static muster_status end(member *m) {
    pthread_join(m->thread, NULL);
    return m->status == MUSTER_OK ? MUSTER_OK : muster_fail(m->status, "%s", m->message);
}

int64_t session_crowd(muster_session *session, const char *name, uint32_t rounds) {
    static void (*const ACT[])(member *) = {commit, commit, look, listen, let_time_pass};
    enum { MEMBERS = COMMITTERS + BESIDES };
    member        all[MEMBERS];
    atomic_bool   is_over = false;
    muster_status status  = MUSTER_OK;
    uint32_t      begun   = 0;
    int64_t       orders  = 0;
    for (; begun < MEMBERS; ++begun) {
        all[begun] = (member){.act     = ACT[begun],
                              .session = session,
                              .name    = name,
                              .number  = begun,
                              .rounds  = rounds,
                              .is_over = &is_over};
        status     = begin(&all[begun]);
        if (status != MUSTER_OK) break;
    }
    for (uint32_t i = 0; i < begun; ++i) {
        if (i == COMMITTERS) is_over = true;
        const muster_status ended = end(&all[i]);
        if (status == MUSTER_OK) status = ended;
        orders += all[i].orders;
    }
    return status == MUSTER_OK ? orders : -1;
}
