/* One thread, which alone speaks with the database and never waits for it: it steps two connections, of
 * the dispatcher and of what is followed, and sleeps until one of them, or the session, has something new.
 * One request is on its way at a time. Which comes next follows from what is promised beside the world
 * (claims.h), not from what was asked before: whoever commits is first, unless orders that were issued
 * before are not claimed yet; then what is known of orders; then what is used up; then what is to be given
 * back, which also goes along with each request that claims, in the same transaction.
 *
 * What was promised and not written down, because the session was killed in between, is found when the
 * dispatcher is taken over: from then on nothing that was asked before can be carried out any more, so
 * all that it holds and the journal does not know is given back. (To ask the same request again after a
 * restart was considered: its answer would be as it was the first time, also where the promise has ended
 * since. A request's id is therefore drawn, and asked again by its process alone.)
 *
 * The world is asked by the lock of the session, for moments; events are told in a turn, like anybody's. */
#include "session/central.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "core/alloc.h"
#include "session/row_taker.h"
#include "session/writer.h"

enum {
    BATCH_MOST  = 200, /* orders of one request, so that none takes long */
    RETRY_MS    = 1000,
    STALE_MS    = 2000,
    ID_BYTES    = 64,
    STATE_BYTES = 16,
    LINE_BYTES  = 512
};

typedef enum phase { TAKING_OVER, LEARNING, READY, FENCED } phase;
typedef enum doing { NOTHING, TAKE, BATCH, COMMIT, STATE, USE, RELEASE } doing;

struct mu_central {
    muster_session *session;
    pthread_t       thread;
    int             wake; /* an eventfd */

    pthread_mutex_t commits;

    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t  changed;
    bool            has_begun, is_stopping, is_away;
    phase           phase;
    mu_claims       claims;
    mu_claim_ask   *ask;                     /* of a commit; NULL: there is none */
    uint64_t        known_at_ms;             /* the database has said something; 0: never */
    char            fence[MU_TROUBLE_BYTES]; /* who has taken over */

    /* The thread's own. */
    muster_dispatcher *dispatcher;
    muster_live       *live; /* from the take-over on */
    doing              doing;
    mu_claim_ask      *batch;
    uint64_t           stated; /* the order whose state is being said */
    char               state[STATE_BYTES];
    int64_t           *ended; /* claims that are to end by the request on its way */
    size_t             ended_count;
    uint64_t           retry_at_ms, pen_at_ms;
    bool               has_pen;
    bool               held_is_new; /* what is held has not been compared with what was promised */
    mu_row_taker      *rows;
    uint64_t           asked_before; /* muster_live_state.asked, at the last answer to a request */
};

uint64_t mu_central_now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static const char *own_code(const mu_central *c) {
    return c->session->options.given.dispatcher;
}

static void keep_trouble(mu_central *c, const char *text) {
    muster_session *s = c->session;
    pthread_mutex_lock(&s->lock);
    snprintf(s->trouble, sizeof s->trouble, "%s", text);
    pthread_mutex_unlock(&s->lock);
}

static void retry_later(mu_central *c, const char *why) {
    if (why && *why) keep_trouble(c, why);
    c->retry_at_ms = mu_central_now_ms() + RETRY_MS;
}

/* ---- telling the session ------------------------------------------------------------------- */

typedef struct telling {
    mu_job              job; /* first */
    muster_event        event;
    char                id[ID_BYTES];
    muster_event_answer answer;
} telling;

static muster_status add_event(muster_session *s, mu_job *job) {
    telling *t = (telling *)job;
    MU_TRY(mu_writer_begin(s));
    return mu_writer_event(s, &t->event, &t->answer);
}

static void begin_event(mu_central *c, telling *t, muster_event_type type, uint64_t order) {
    *t               = (telling){.job = {.run = add_event}, .event = MUSTER_EVENT_INIT};
    t->event.type    = (uint8_t)type;
    t->event.id      = t->id;
    t->event.time_ms = mu_session_latest_moment(c->session);
    t->event.author  = c->session->options.given.author;
    t->event.order   = order;
}

/* What the journal does not take is tried again. */
static bool tell(mu_central *c, telling *t) {
    if (mu_job_do(c->session, &t->job) == MUSTER_OK) return true;
    retry_later(c, muster_error_message());
    return false;
}

static bool tell_held(mu_central *c, const mu_claim *claim) {
    telling t;
    begin_event(c, &t, MUSTER_EVENT_CLAIM_HELD, claim->order);
    t.event.claim          = claim->claim;
    t.event.dispatch_order = claim->dispatch_order;
    snprintf(t.id, sizeof t.id, MU_OWN_ID "held-%" PRIu64 "-%" PRId64, claim->order, claim->claim);
    return tell(c, &t);
}

/* One that is on scene stays: who is there is there. */
static void tell_lost(mu_central *c, uint64_t order, const char *why) {
    telling t;
    char    line[LINE_BYTES];
    begin_event(c, &t, MUSTER_EVENT_CLAIM_LOST, order);
    t.event.reason = why;
    snprintf(t.id, sizeof t.id, MU_OWN_ID "lost-%" PRIu64, order);
    if (!tell(c, &t)) return;
    const bool is_lost = t.answer.outcome == MUSTER_EVENT_APPLIED;
    snprintf(line, sizeof line, "order %" PRIu64 " %s: %s", order,
             is_lost ? "is cancelled" : "stays as it is", why);
    keep_trouble(c, line);
    if (is_lost) return;
    pthread_mutex_lock(&c->lock);
    const muster_status status = mu_claims_add_late(&c->claims, order);
    pthread_mutex_unlock(&c->lock);
    if (status != MUSTER_OK) retry_later(c, muster_error_message());
}

/* A job that adds nothing finds out whether the journal is still ours. */
static muster_status add_nothing(muster_session *s, mu_job *job) {
    (void)job;
    return mu_writer_begin(s);
}

/* Who was shut out of the journal must not take the dispatcher from who was let in. */
static bool has_the_pen(mu_central *c) {
    mu_job         job = {.run = add_nothing};
    const uint64_t now = mu_central_now_ms();
    if (now < c->pen_at_ms) return c->has_pen;
    c->has_pen   = mu_job_do(c->session, &job) == MUSTER_OK;
    c->pen_at_ms = now + RETRY_MS;
    if (!c->has_pen) keep_trouble(c, muster_error_message());
    return c->has_pen;
}

/* A commit that has its answer and is not written down yet: nothing is begun until it is. */
static bool is_committing(const mu_central *c) {
    return c->ask && c->ask->stage != MU_ASK_WAITING;
}

/* ---- what others have ---------------------------------------------------------------------- */

static void read_held(mu_central *c) {
    uint32_t           count;
    const muster_held *held = muster_live_held(c->live, &count);
    pthread_mutex_lock(&c->session->lock);
    mu_elsewhere_read(c->session->elsewhere, own_code(c), count, held);
    pthread_mutex_unlock(&c->session->lock);
}

static void read_changes(mu_central *c) {
    bool has_changed = false;
    for (const muster_live_change *k; (k = muster_live_take_change(c->live));) {
        has_changed = true;
        pthread_mutex_lock(&c->session->lock);
        if (k->is_reload || !k->code) {
            mu_elsewhere_forget(c->session->elsewhere, NULL);
        } else {
            mu_elsewhere_forget(c->session->elsewhere, k->code);
        }
        pthread_mutex_unlock(&c->session->lock);
    }
    if (!has_changed) return;
    c->held_is_new = true;
    mu_row_taker_wake(c->rows);
    read_held(c);
}

/* Is all that we have asked for in what is known? What is not would pass for somebody else's. */
static bool knows_what_we_did(const mu_central *c) {
    return c->doing == NOTHING && muster_live_get_state(c->live).known > c->asked_before;
}

/* What was promised is not there any more: for what is open it is asked for again. */
static void look_for_gone(mu_central *c) {
    char               line[LINE_BYTES];
    uint32_t           count;
    const muster_held *held         = muster_live_held(c->live, &count);
    const bool         is_following = muster_live_get_state(c->live).phase == MUSTER_LIVE_FOLLOWING;
    if (!c->held_is_new || !is_following || !knows_what_we_did(c)) return;
    pthread_mutex_lock(&c->lock);
    const bool     is_settled = !is_committing(c);
    const uint64_t order      = is_settled ? mu_claims_forget_gone(&c->claims, count, held) : 0;
    pthread_mutex_unlock(&c->lock);
    c->held_is_new = !is_settled;
    if (order == 0) return;
    snprintf(line, sizeof line,
             "order %" PRIu64 ": its claim is not in the database any more, where somebody has "
             "ended it; it is claimed again unless it is over or its goods are handed over",
             order);
    keep_trouble(c, line);
}

/* So much of a unit is not to be had, as the database sees it: all of it, or what we believe to be free
 * and it does not. An order that it was refused for is cancelled then, or was never issued. */
static void refuse_unit(mu_central *c, const mu_claim_ask *ask, const mu_claim_refusal *r,
                        bool is_issued) {
    const mu_world_order *o = &ask->wanted[r->line];
    muster_session       *s = c->session;
    pthread_mutex_lock(&s->lock);
    const mu_world_unit *unit     = &s->world->unit[o->resource][o->unit];
    int64_t              quantity = unit->quantity;
    if (r->reason == MUSTER_CLAIM_SHORT) {
        quantity -= unit->ordered - (is_issued ? o->quantity : 0) + r->remaining;
    }
    if (quantity > 0) mu_elsewhere_refuse(s->elsewhere, o->resource, o->unit, quantity);
    pthread_mutex_unlock(&s->lock);
}

/* ---- beginning ----------------------------------------------------------------------------- */

/* What the dispatcher holds, now that nobody else can write for it. */
static void learn(mu_central *c) {
    uint32_t           count;
    const muster_held *held = muster_live_held(c->live, &count);
    pthread_mutex_lock(&c->lock);
    pthread_mutex_lock(&c->session->lock);
    const muster_status status =
        mu_claims_begin(&c->claims, c->session->world, own_code(c), count, held);
    pthread_mutex_unlock(&c->session->lock);
    if (status == MUSTER_OK) c->phase = READY;
    pthread_cond_broadcast(&c->changed);
    pthread_mutex_unlock(&c->lock);
    if (status != MUSTER_OK) retry_later(c, muster_error_message());
}

static void begin_learning(mu_central *c) {
    muster_live_options options = MUSTER_LIVE_OPTIONS_INIT;
    options.dispatcher          = own_code(c);
    if (muster_live_new(&c->live, c->session->options.given.central, &options) != MUSTER_OK) {
        retry_later(c, muster_error_message());
        return;
    }
    pthread_mutex_lock(&c->lock);
    c->phase = LEARNING;
    pthread_mutex_unlock(&c->lock);
}

static void be_fenced(mu_central *c, const char *why) {
    pthread_mutex_lock(&c->lock);
    c->phase = FENCED;
    snprintf(c->fence, sizeof c->fence, "%s", why);
    pthread_cond_broadcast(&c->changed);
    pthread_mutex_unlock(&c->lock);
    keep_trouble(c, why);
}

/* ---- orders that are issued and not claimed ------------------------------------------------ */

typedef struct listing {
    const mu_world *world;
    uint32_t        count;
    mu_world_order  order[BATCH_MOST];
    const char     *incident[BATCH_MOST]; /* codes of theirs */
} listing;

/* A trip and what it brings are claimed together. */
static void list_order(listing *l, const mu_world_order *order) {
    l->incident[l->count] = l->world->incident[order->incident].code;
    mu_world_order *to    = &l->order[l->count++];
    *to                   = *order;
    to->trip              = 0;
    for (uint32_t i = 0; order->trip != 0 && i + 1 < l->count; ++i) {
        if (l->order[i].number == order->trip) to->trip = i + 1;
    }
}

/* The lock is held. In the order in which they were issued. */
static void list_open(const mu_central *c, listing *l) {
    for (uint32_t at = 0; l->count < BATCH_MOST; ++at) {
        at = mu_claims_next_open(&c->claims, l->world, at);
        if (at == MUSTER_NONE) return;
        list_order(l, &l->world->order[at]);
    }
}

/* Both locks are held. */
static muster_status make_batch(mu_central *c) {
    const mu_world *w = c->session->world;
    listing         l = {.world = w};
    list_open(c, &l);
    if (l.count == 0) return MUSTER_OK;
    MU_TRY(mu_claim_ask_new(&c->batch, w->base, l.order[0].issued_at_ms, l.count, l.order,
                            l.incident, 0, NULL));
    for (uint32_t i = 0; i < l.count; ++i) c->batch->order[i] = l.order[i].number;
    return MUSTER_OK;
}

/* Is it refused because of itself, and not of what earlier lines ask for? */
static bool is_definite(const mu_claim_ask *ask, uint32_t refusal) {
    const mu_world_order *o = &ask->wanted[ask->refusal[refusal].line];
    for (uint32_t i = 0; i < refusal; ++i) {
        const mu_world_order *before = &ask->wanted[ask->refusal[i].line];
        if (before->resource == o->resource && before->unit == o->unit) return false;
    }
    return true;
}

/* The order that events speak of: of a load, its trip. */
static uint64_t whole_of(mu_central *c, uint64_t order) {
    muster_session *s = c->session;
    pthread_mutex_lock(&s->lock);
    const mu_world_order *o     = mu_world_find_order(s->world, order);
    const uint64_t        whole = o && o->trip != 0 ? o->trip : order;
    pthread_mutex_unlock(&s->lock);
    return whole;
}

static void lose(mu_central *c, const mu_claim_ask *ask) {
    for (uint32_t i = 0; i < ask->refusal_count; ++i) {
        const mu_claim_refusal *r = &ask->refusal[i];
        if (!is_definite(ask, i)) continue;
        refuse_unit(c, ask, r, true);
        tell_lost(c, whole_of(c, ask->order[r->line]), r->message);
    }
}

/* ---- requests ------------------------------------------------------------------------------ */

/* Both locks are held. */
static muster_status begin_claiming(mu_central *c, mu_claim_ask *ask) {
    char request[MUSTER_REQUEST_BYTES];
    MU_TRY(mu_claim_ask_release(ask, &c->claims, c->session->world));
    MU_TRY(mu_claims_reserve(&c->claims, ask->asked_count));
    MU_TRY(muster_request_draw(request));
    const muster_claim_plan plan = mu_claim_ask_plan(ask);
    MU_TRY(muster_dispatcher_commit(c->dispatcher, request, &plan));
    ask->stage = MU_ASK_ASKED;
    return MUSTER_OK;
}

static muster_status begin_state(mu_central *c, const mu_claim *claim, const char *state) {
    MU_TRY(muster_dispatcher_set_order_state(c->dispatcher, claim->dispatch_order, state));
    c->doing  = STATE;
    c->stated = claim->order;
    snprintf(c->state, sizeof c->state, "%s", state);
    return MUSTER_OK;
}

/* What has been handed over is used up; what is over otherwise is given back. */
static muster_status begin_ending(mu_central *c) {
    char            request[MUSTER_REQUEST_BYTES];
    const mu_world *w    = c->session->world;
    const size_t    most = c->claims.count + c->claims.spare_count;
    mu_free(c->ended);
    c->ended = NULL;
    MU_TRY(mu_alloc(&c->ended, most, sizeof *c->ended));
    MU_TRY(muster_request_draw(request));
    c->ended_count = mu_claims_list_used(&c->claims, w, c->ended);
    if (c->ended_count > 0) {
        MU_TRY(muster_dispatcher_use(c->dispatcher, request, (uint32_t)c->ended_count, c->ended));
        c->doing = USE;
        return MUSTER_OK;
    }
    c->ended_count = mu_claims_list_over(&c->claims, w, c->ended);
    if (c->ended_count == 0) return MUSTER_OK;
    MU_TRY(muster_dispatcher_release(c->dispatcher, request, (uint32_t)c->ended_count, c->ended));
    c->doing = RELEASE;
    return MUSTER_OK;
}

/* Both locks are held. */
static muster_status begin_next(mu_central *c) {
    const char *state;
    MU_TRY(make_batch(c));
    if (c->batch) {
        MU_TRY(begin_claiming(c, c->batch));
        c->doing = BATCH;
        return MUSTER_OK;
    }
    if (c->ask && c->ask->stage == MU_ASK_WAITING) {
        MU_TRY(begin_claiming(c, c->ask));
        c->doing = COMMIT;
        return MUSTER_OK;
    }
    mu_claim *claim = mu_claims_next_state(&c->claims, c->session->world, &state);
    return claim ? begin_state(c, claim, state) : begin_ending(c);
}

static bool find_unwritten(mu_central *c, mu_claim *out) {
    pthread_mutex_lock(&c->lock);
    pthread_mutex_lock(&c->session->lock);
    const mu_claim *claim =
        is_committing(c) ? NULL : mu_claims_next_unwritten(&c->claims, c->session->world);
    if (claim) *out = *claim;
    pthread_mutex_unlock(&c->session->lock);
    pthread_mutex_unlock(&c->lock);
    return claim != NULL;
}

static void go_on(mu_central *c) {
    mu_claim claim;
    while (find_unwritten(c, &claim)) {
        if (!tell_held(c, &claim)) return;
    }
    pthread_mutex_lock(&c->lock);
    pthread_mutex_lock(&c->session->lock);
    const muster_status status = is_committing(c) ? MUSTER_OK : begin_next(c);
    pthread_mutex_unlock(&c->session->lock);
    pthread_mutex_unlock(&c->lock);
    if (status == MUSTER_OK) return;
    mu_claim_ask_free(c->batch);
    c->batch = NULL;
    retry_later(c, muster_error_message());
}

static void begin(mu_central *c) {
    if (c->doing != NOTHING || mu_central_now_ms() < c->retry_at_ms) return;
    if (c->phase == TAKING_OVER) {
        if (muster_dispatcher_token(c->dispatcher) > 0) {
            begin_learning(c);
        } else if (muster_dispatcher_take_over(c->dispatcher) == MUSTER_OK) {
            c->doing = TAKE;
        } else {
            retry_later(c, muster_error_message());
        }
    } else if (c->phase == READY) {
        go_on(c);
    }
}

/* ---- answers ------------------------------------------------------------------------------- */

/* The lock is held. */
static void finish_ask(mu_central *c) {
    mu_claim_ask_keep(c->ask, &c->claims);
    mu_claim_ask_free(c->ask);
    c->ask = NULL;
}

static bool take_claims(mu_central *c, mu_claim_ask *ask, const muster_claim_answer *a) {
    pthread_mutex_lock(&c->lock);
    const muster_status status = mu_claim_ask_take(ask, a);
    if (status == MUSTER_OK && ask == c->batch) mu_claim_ask_keep(ask, &c->claims);
    if (status == MUSTER_OK && ask == c->ask) {
        for (uint32_t i = 0; i < ask->refusal_count; ++i) {
            refuse_unit(c, ask, &ask->refusal[i], ask->is_settled);
        }
        if (ask->is_settled) finish_ask(c);
    }
    pthread_cond_broadcast(&c->changed);
    pthread_mutex_unlock(&c->lock);
    return status == MUSTER_OK;
}

static void take_batch(mu_central *c, const muster_claim_answer *a) {
    if (a->outcome == MUSTER_CLAIM_LOST) lose(c, c->batch);
    mu_claim_ask_free(c->batch);
    c->batch = NULL;
}

static void take_state(mu_central *c, const muster_claim_answer *a) {
    const mu_claim *claim;
    pthread_mutex_lock(&c->lock);
    claim = mu_claims_find(&c->claims, c->stated);
    if (claim && a->outcome == MUSTER_CLAIM_DONE && strcmp(c->state, "declined") == 0) {
        const int64_t ended = claim->claim;
        mu_claims_remove(&c->claims, 1, &ended);
    } else {
        mu_claims_said(&c->claims, c->stated);
    }
    pthread_mutex_unlock(&c->lock);
}

static void take_ending(mu_central *c) {
    pthread_mutex_lock(&c->lock);
    mu_claims_remove(&c->claims, c->ended_count, c->ended);
    pthread_mutex_unlock(&c->lock);
}

/* The answer is there until the next request begins. */
static void take_answer(mu_central *c) {
    const muster_claim_answer *a    = muster_dispatcher_answer(c->dispatcher);
    const doing                done = c->doing;
    if (!a || done == NOTHING) return;
    if (a->outcome == MUSTER_CLAIM_FENCED) be_fenced(c, a->message);
    if (done == BATCH && !take_claims(c, c->batch, a)) return;
    if (done == COMMIT && !take_claims(c, c->ask, a)) return;
    c->doing = NOTHING;
    if (c->live) c->asked_before = muster_live_get_state(c->live).asked;
    /* A state may be refused because it is known: one that was said before a restart. */
    if (a->outcome == MUSTER_CLAIM_REFUSED && done != STATE) retry_later(c, a->message);
    if (done == BATCH) take_batch(c, a);
    if (done == STATE) take_state(c, a);
    const bool is_ending = done == RELEASE || done == USE;
    if (is_ending && a->outcome == MUSTER_CLAIM_DONE) take_ending(c);
}

/* ---- the thread ---------------------------------------------------------------------------- */

static void note_state(mu_central *c, bool has_answer) {
    const char             *trouble = muster_dispatcher_trouble(c->dispatcher);
    const uint64_t          now     = mu_central_now_ms();
    const muster_live_state live =
        c->live ? muster_live_get_state(c->live) : (muster_live_state){.age_ms = UINT64_MAX};
    pthread_mutex_lock(&c->lock);
    if (has_answer) c->known_at_ms = now;
    if (live.age_ms < now && now - live.age_ms > c->known_at_ms) c->known_at_ms = now - live.age_ms;
    const bool was_away = c->is_away;
    c->is_away          = c->live ? live.phase == MUSTER_LIVE_AWAY : trouble[0] != 0;
    const bool is_news  = c->is_away && !was_away;
    if (is_news) pthread_cond_broadcast(&c->changed);
    pthread_mutex_unlock(&c->lock);
    if (is_news) keep_trouble(c, c->live ? live.trouble : trouble);
}

static void step(mu_central *c) {
    if (c->phase == TAKING_OVER && !has_the_pen(c)) return;
    if (muster_dispatcher_step(c->dispatcher) != MUSTER_OK) keep_trouble(c, muster_error_message());
    const bool has_answer = c->doing != NOTHING && muster_dispatcher_answer(c->dispatcher);
    take_answer(c);
    if (c->live) {
        if (muster_live_step(c->live) != MUSTER_OK) keep_trouble(c, muster_error_message());
        read_changes(c);
        if (c->phase == LEARNING && muster_live_get_state(c->live).phase == MUSTER_LIVE_FOLLOWING) {
            learn(c);
        }
        if (c->phase == READY) look_for_gone(c);
        if (c->phase == READY || c->phase == FENCED) {
            mu_row_taker_step(c->rows, c->live, knows_what_we_did(c));
        }
    }
    note_state(c, has_answer);
    begin(c);
}

static void add_wait(struct pollfd *to, const muster_wait *wait, uint32_t *timeout_ms) {
    *to = (struct pollfd){.fd = wait->fd};
    if (wait->for_read) to->events |= POLLIN;
    if (wait->for_write) to->events |= POLLOUT;
    if (wait->timeout_ms < *timeout_ms) *timeout_ms = wait->timeout_ms;
}

static void sleep_until_there_is_more(mu_central *c) {
    struct pollfd  waiting[3] = {{.fd = c->wake, .events = POLLIN}, {.fd = -1}, {.fd = -1}};
    uint32_t       timeout_ms = RETRY_MS;
    const uint64_t now        = mu_central_now_ms();
    uint64_t       ticks;
    if (c->retry_at_ms > now && c->retry_at_ms - now < timeout_ms) {
        timeout_ms = (uint32_t)(c->retry_at_ms - now);
    }
    if (mu_row_taker_wait_ms(c->rows) < timeout_ms) timeout_ms = mu_row_taker_wait_ms(c->rows);
    if (c->phase != TAKING_OVER || c->has_pen) {
        const muster_wait wait = muster_dispatcher_wait(c->dispatcher);
        add_wait(&waiting[1], &wait, &timeout_ms);
    }
    if (c->live) {
        const muster_wait wait = muster_live_wait(c->live);
        add_wait(&waiting[2], &wait, &timeout_ms);
    }
    (void)poll(waiting, 3, (int)timeout_ms);
    (void)!read(c->wake, &ticks, sizeof ticks);
}

static bool is_stopping(mu_central *c) {
    pthread_mutex_lock(&c->lock);
    const bool stops = c->is_stopping;
    pthread_mutex_unlock(&c->lock);
    return stops;
}

static void wait_for_the_beginning(mu_central *c) {
    pthread_mutex_lock(&c->lock);
    while (!c->has_begun && !c->is_stopping) pthread_cond_wait(&c->changed, &c->lock);
    pthread_mutex_unlock(&c->lock);
}

static void *work(void *central) {
    mu_central *c = central;
    wait_for_the_beginning(c);
    while (!is_stopping(c)) {
        step(c);
        sleep_until_there_is_more(c);
    }
    return NULL;
}

void mu_central_wake(mu_central *c) {
    const uint64_t one = 1;
    (void)!write(c->wake, &one, sizeof one);
}

/* ---- for who commits ----------------------------------------------------------------------- */

void mu_central_lock_commits(mu_central *c) {
    pthread_mutex_lock(&c->commits);
}

void mu_central_unlock_commits(mu_central *c) {
    pthread_mutex_unlock(&c->commits);
}

static void wait_until(mu_central *c, uint64_t deadline_ms) {
    const struct timespec at = {.tv_sec  = (time_t)(deadline_ms / 1000),
                                .tv_nsec = (long)(deadline_ms % 1000) * 1000000};
    (void)pthread_cond_timedwait(&c->changed, &c->lock, &at);
}

muster_status mu_central_claim(mu_central *c, mu_claim_ask *ask, uint64_t deadline_ms,
                               bool *out_is_answered) {
    pthread_mutex_lock(&c->lock);
    if (!c->ask) c->ask = ask;
    mu_central_wake(c);
    while (c->ask == ask && ask->stage != MU_ASK_ANSWERED && c->phase != FENCED && !c->is_away &&
           mu_central_now_ms() < deadline_ms) {
        wait_until(c, deadline_ms);
    }
    *out_is_answered   = ask->stage == MU_ASK_ANSWERED;
    muster_status done = MUSTER_OK;
    if (c->phase == FENCED) {
        done = muster_fail(MUSTER_E_IO,
                           "dispatcher \"%s\" is another session's: %s; expected this session to "
                           "be opened anew where it is to commit again",
                           own_code(c), c->fence);
    }
    pthread_mutex_unlock(&c->lock);
    return done;
}

void mu_central_settle(mu_central *c, mu_claim_ask *ask) {
    if (!ask) return;
    pthread_mutex_lock(&c->lock);
    ask->is_settled = true;
    if (c->ask != ask) {
        mu_claim_ask_free(ask);
    } else if (ask->stage == MU_ASK_ANSWERED) {
        finish_ask(c);
    } else if (ask->stage == MU_ASK_WAITING) {
        c->ask = NULL;
        mu_claim_ask_free(ask);
    }
    pthread_mutex_unlock(&c->lock);
    mu_central_wake(c);
}

void mu_central_describe(mu_central *c, muster_session_state *out) {
    const uint64_t now = mu_central_now_ms();
    pthread_mutex_lock(&c->lock);
    out->central_age_ms    = c->known_at_ms > 0 ? now - c->known_at_ms : UINT64_MAX;
    out->central_is_away   = c->is_away || out->central_age_ms > STALE_MS;
    out->central_is_fenced = c->phase == FENCED;
    pthread_mutex_unlock(&c->lock);
}

/* ---- life ---------------------------------------------------------------------------------- */

static void init(mu_central *c, muster_session *s) {
    pthread_condattr_t by_clock;
    c->session = s;
    pthread_mutex_init(&c->commits, NULL);
    pthread_mutex_init(&c->lock, NULL);
    pthread_condattr_init(&by_clock);
    pthread_condattr_setclock(&by_clock, CLOCK_MONOTONIC);
    pthread_cond_init(&c->changed, &by_clock);
    pthread_condattr_destroy(&by_clock);
    c->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
}

static void fini(mu_central *c) {
    muster_dispatcher_free(c->dispatcher);
    muster_live_free(c->live);
    mu_claims_fini(&c->claims);
    mu_claim_ask_free(c->ask);
    mu_claim_ask_free(c->batch);
    mu_free(c->ended);
    mu_row_taker_free(c->rows);
    if (c->wake >= 0) (void)close(c->wake);
    pthread_cond_destroy(&c->changed);
    pthread_mutex_destroy(&c->lock);
    pthread_mutex_destroy(&c->commits);
    mu_free(c);
}

/* No signal of the process is meant for it. */
static muster_status start(mu_central *c) {
    sigset_t all, before;
    sigfillset(&all);
    if (c->wake < 0) return muster_fail(MUSTER_E_IO, "the system has no descriptor to wake by");
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const int error = pthread_create(&c->thread, NULL, work, c);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (error == 0) return MUSTER_OK;
    return muster_fail(MUSTER_E_IO, "the system has no thread for the database: %s",
                       strerror(error));
}

muster_status mu_central_new(mu_central **out, muster_session *s) {
    mu_central                   *c;
    const muster_session_options *o = &s->options.given;
    *out                            = NULL;
    MU_TRY(mu_alloc_zeroed(&c, 1, sizeof *c));
    init(c, s);
    muster_status status =
        muster_dispatcher_new(&c->dispatcher, o->dispatcher, o->author, o->central);
    if (status == MUSTER_OK) status = mu_row_taker_new(&c->rows, s);
    if (status == MUSTER_OK) status = start(c);
    if (status != MUSTER_OK) {
        fini(c);
        return status;
    }
    *out = c;
    return MUSTER_OK;
}

void mu_central_begin(mu_central *c) {
    pthread_mutex_lock(&c->lock);
    c->has_begun = true;
    pthread_cond_broadcast(&c->changed);
    pthread_mutex_unlock(&c->lock);
}

void mu_central_free(mu_central *c) {
    if (!c) return;
    pthread_mutex_lock(&c->lock);
    c->is_stopping = true;
    pthread_cond_broadcast(&c->changed);
    pthread_mutex_unlock(&c->lock);
    mu_central_wake(c);
    pthread_join(c->thread, NULL);
    fini(c);
}
