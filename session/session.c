/* Opening, closing, and what can be asked of a session. */
#include "session/session.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/alloc.h"
#include "session/beginning.h"
#include "session/moment_range.h"
#include "session/pen.h"
#include "session/planning.h"
#include "session/view.h"
#include "session/writer.h"

/* ---- opening ------------------------------------------------------------------------------- */

static void init(muster_session *s, const mu_disk_source *source) {
    s->source  = *source;
    s->process = getpid();
    s->role    = MUSTER_SESSION_STANDBY;
    pthread_mutex_init(&s->lock, NULL);
    mu_turn_init(&s->turn, mu_writer_work, s);
    mu_news_init(&s->news);
}

/* What it takes to speak with the database, which may fail; *out NULL: none is named. No lock is held. */
static muster_status make_central(muster_session *s, mu_central **out) {
    muster_status status = MUSTER_OK;
    *out                 = NULL;
    if (!s->options.given.central) return MUSTER_OK;
    pthread_mutex_lock(&s->lock);
    if (!s->elsewhere) status = mu_elsewhere_new(&s->elsewhere, s->world->base);
    pthread_mutex_unlock(&s->lock);
    return status == MUSTER_OK ? mu_central_new(out, s) : status;
}

/* Speak with it from now on; NULL: with none. The session writes, and no lock is held. */
static void join_central(muster_session *s, mu_central *central) {
    pthread_mutex_lock(&s->lock);
    s->central = central;
    pthread_mutex_unlock(&s->lock);
    if (central) mu_central_begin(central);
}

/* The database first: who is the writer already can no more say that he could not become it. */
muster_status mu_session_take_over(muster_session *s, const mu_session_parts *parts,
                                   int64_t now_ms) {
    mu_central *central;
    MU_TRY(mu_session_check_moment(now_ms));
    MU_TRY(make_central(s, &central));
    const muster_status status = mu_pen_take(s, MUSTER_JOURNAL_TAKE_OVER, parts, now_ms);
    if (status == MUSTER_OK) {
        join_central(s, central);
    } else {
        mu_central_free(central);
    }
    return status;
}

/* A journal that nobody else writes, or that has no record yet: there is no world before it is open. */
static muster_status open_to_write(muster_session *s, uint32_t mode,
                                   const mu_session_parts *parts) {
    mu_central *central;
    MU_TRY(mu_session_check_moment(s->options.given.now_ms));
    MU_TRY(mu_pen_take(s, mode, parts, s->options.given.now_ms));
    MU_TRY(make_central(s, &central));
    join_central(s, central);
    return MUSTER_OK;
}

static muster_status open_to_take_over(muster_session *s, const mu_session_parts *parts) {
    MU_TRY(mu_pen_prepare(s, parts));
    return s->world ? mu_session_take_over(s, parts, s->options.given.now_ms)
                    : open_to_write(s, MUSTER_JOURNAL_TAKE_OVER, parts);
}

static muster_status open_to_read(muster_session *s, const mu_session_parts *parts) {
    s->is_replay = parts->last > 0;
    MU_TRY(mu_pen_read(s, s->is_replay ? parts->last : UINT64_MAX));
    return mu_beginning_roads(s, parts);
}

static muster_status open_in_role(muster_session *s, const mu_session_parts *parts) {
    const muster_session_options *o = &s->options.given;
    mu_snapshots_init(&s->snapshots, &s->source, o->journal, o->snapshot_events, 0);
    if (o->role == MUSTER_SESSION_STANDBY) return open_to_read(s, parts);
    return o->role == MUSTER_SESSION_TAKE_OVER ? open_to_take_over(s, parts)
                                               : open_to_write(s, MUSTER_JOURNAL_OPEN, parts);
}

muster_status mu_session_start(muster_session **out, const muster_session_options *options,
                               const mu_session_parts *parts) {
    muster_session *s;
    *out = NULL;
    MU_TRY(mu_alloc_zeroed(&s, 1, sizeof *s));
    init(s, &parts->disk);
    muster_status status = mu_options_init(&s->options, options);
    if (status == MUSTER_OK) status = mu_planning_init(&s->planning);
    if (status == MUSTER_OK) status = open_in_role(s, parts);
    if (status != MUSTER_OK) {
        muster_session_close(s);
        return status;
    }
    *out = s;
    return MUSTER_OK;
}

muster_status muster_session_open(muster_session **out, const muster_session_options *options) {
    const mu_session_parts parts = {.disk = MU_DISK_SYSTEM};
    return mu_session_start(out, options, &parts);
}

/* ---- closing ------------------------------------------------------------------------------- */

/* In a process that was forked off, locks may be held, and memory be in the middle of a change, by
 * threads that are not there: it is left to the end of the process. */
void muster_session_close(muster_session *s) {
    if (!s || s->process != getpid()) return;
    mu_central_free(s->central);
    (void)mu_snapshots_wait(&s->snapshots);
    muster_journal_close(s->journal);
    muster_journal_reader_free(s->reader);
    mu_writer_fini(s);
    mu_planning_fini(s->planning);
    muster_view_free(s->view);
    mu_world_free(s->world);
    mu_elsewhere_free(s->elsewhere);
    mu_road_base_release(s->road_base);
    mu_news_fini(&s->news);
    mu_turn_fini(&s->turn);
    pthread_mutex_destroy(&s->lock);
    mu_options_fini(&s->options);
    mu_free(s);
}

muster_status mu_session_check(const muster_session *s) {
    if (s->process == getpid()) return MUSTER_OK;
    return muster_fail(
        MUSTER_E_INVALID,
        "the session on \"%s\" was opened by process %ld; expected that one, not %ld, "
        "which was forked off and may open its own",
        s->options.given.journal, (long)s->process, (long)getpid());
}

/* ---- the database -------------------------------------------------------------------------- */

mu_central *mu_session_central(muster_session *s) {
    pthread_mutex_lock(&s->lock);
    mu_central *central = s->central;
    pthread_mutex_unlock(&s->lock);
    return central;
}

muster_status mu_session_check_moment(int64_t now_ms) {
    if (mu_is_moment(now_ms)) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID,
                       "it is %" PRId64 "; expected milliseconds since 1970, from 2000 on and "
                       "before 2200",
                       now_ms);
}

/* ---- asking -------------------------------------------------------------------------------- */

int64_t mu_session_latest_moment(muster_session *s) {
    pthread_mutex_lock(&s->lock);
    const int64_t told_ms = s->world->time_ms, now_ms = s->now_ms;
    pthread_mutex_unlock(&s->lock);
    return told_ms > now_ms ? told_ms : now_ms;
}

void mu_session_keep_trouble(muster_session *s) {
    pthread_mutex_lock(&s->lock);
    snprintf(s->trouble, sizeof s->trouble, "%s", muster_error_message());
    pthread_mutex_unlock(&s->lock);
}

static void count_open(const mu_world *w, muster_session_state *out) {
    for (uint32_t i = 0; i < w->incident_count; ++i) {
        out->incident_count += w->incident[i].closed_at_ms == 0;
    }
    for (uint32_t o = 0; o < w->order_count; ++o) {
        const bool is_open = !muster_order_is_over(w->order[o].state);
        out->order_count += is_open;
        out->claim_pending_count += w->order[o].claim == MUSTER_CLAIM_STATE_PENDING;
    }
}

muster_session_state muster_session_get_state(muster_session *s) {
    static _Thread_local char trouble[MU_TROUBLE_BYTES];
    muster_session_state      state = {.central_age_ms = UINT64_MAX, .trouble = trouble};
    trouble[0]                      = 0;
    if (s->process != getpid()) return state;
    pthread_mutex_lock(&s->lock);
    state.sequence        = s->world->sequence;
    state.term            = s->term;
    state.role            = s->role;
    state.journal_is_lost = s->is_journal_lost;
    count_open(s->world, &state);
    memcpy(trouble, s->trouble, sizeof trouble);
    mu_central *central = s->central;
    pthread_mutex_unlock(&s->lock);
    if (central) mu_central_describe(central, &state);
    return state;
}

muster_session_syncs muster_session_get_syncs(muster_session *s) {
    muster_session_syncs syncs = {.sum_us = 0};
    if (s->process != getpid()) return syncs;
    pthread_mutex_lock(&s->lock);
    syncs = s->syncs;
    pthread_mutex_unlock(&s->lock);
    return syncs;
}

/* ---- looking ------------------------------------------------------------------------------- */

static muster_status find_authority(const mu_base *base, const char *code, uint32_t *out) {
    *out = code ? mu_base_find_authority(base, code) : MUSTER_NONE;
    if (!code || *out != MUSTER_NONE) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID, "there is no authority \"%s\"", code);
}

/* The lock is held. What nobody has changed since somebody looked is looked at once more. */
static muster_status look(muster_view **out, muster_session *s, const char *authority_code) {
    uint32_t authority;
    MU_TRY(find_authority(s->world->base, authority_code, &authority));
    const bool is_known = s->view && mu_view_authority(s->view) == authority &&
                          muster_view_sequence(s->view) == s->world->sequence;
    if (!is_known) {
        muster_view *view;
        MU_TRY(mu_view_new(&view, s->world, authority));
        muster_view_free(s->view);
        s->view = view;
    }
    *out = mu_view_hold(s->view);
    return MUSTER_OK;
}

muster_status muster_session_look(muster_view **out, muster_session *s, const char *authority) {
    *out = NULL;
    MU_TRY(mu_session_check(s));
    pthread_mutex_lock(&s->lock);
    const muster_status status = look(out, s, authority);
    pthread_mutex_unlock(&s->lock);
    return status;
}

/* ---- subscribing --------------------------------------------------------------------------- */

muster_status muster_session_news(muster_news **out, muster_session *s, uint64_t after,
                                  uint32_t most, uint32_t timeout_ms, uint32_t *out_count) {
    *out       = NULL;
    *out_count = 0;
    MU_TRY(mu_session_check(s));
    return mu_news_read(out, &s->news, &s->source, s->options.given.journal, after, most,
                        timeout_ms, out_count);
}

int muster_session_descriptor(muster_session *s) {
    return s->process == getpid() ? s->news.descriptor : -1;
}
