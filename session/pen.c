#include "session/pen.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/alloc.h"
#include "session/beginning.h"
#include "session/record.h"
#include "session/recovery.h"
#include "session/writer.h"

/* Segments so short that no opening reads much of what a snapshot has made needless: see recovery. */
static const uint64_t SEGMENT_BYTES = 8 << 20;

/* ---- following ----------------------------------------------------------------------------- */

/* What was seen of the world before is forgotten with it: its records may have been withdrawn, and as many
 * others have come. */
static void put_world(muster_session *s, mu_world *world) {
    pthread_mutex_lock(&s->lock);
    mu_world    *before = s->world;
    muster_view *view   = s->view;
    s->world            = world;
    s->view             = NULL;
    pthread_mutex_unlock(&s->lock);
    mu_world_free(before);
    muster_view_free(view);
    mu_planning_forget_roads(s->planning);
}

static void keep_trouble_of(muster_session *s, const mu_recovery *r) {
    if (r->trouble[0] == 0) return;
    pthread_mutex_lock(&s->lock);
    memcpy(s->trouble, r->trouble, sizeof s->trouble);
    pthread_mutex_unlock(&s->lock);
}

muster_status mu_pen_read(muster_session *s, uint64_t last) {
    mu_recovery r;
    muster_journal_reader_free(s->reader);
    s->reader                  = NULL;
    const muster_status status = mu_recover(&r, &s->source, s->options.given.journal, last);
    keep_trouble_of(s, &r);
    if (status == MUSTER_OK) {
        mu_snapshots_init(&s->snapshots, &s->source, s->options.given.journal,
                          s->options.given.snapshot_events, r.snapshot);
        put_world(s, r.world);
        mu_news_begin(&s->news, r.world->sequence);
        s->reader = r.reader;
        r.world   = NULL;
        r.reader  = NULL;
    }
    mu_recovery_fini(&r);
    return status;
}

static muster_status apply(muster_session *s, const muster_journal_record *record) {
    pthread_mutex_lock(&s->lock);
    const muster_status status =
        mu_record_apply(s->world, record->sequence, record->bytes, record->size);
    pthread_mutex_unlock(&s->lock);
    return status;
}

/* Who has no memory for news reads it from the journal. */
static void pass_on(muster_session *s, const muster_journal_record *record) {
    char *json;
    (void)mu_alloc_copy(&json, record->bytes, record->size, 1);
    mu_news_add(&s->news, record->sequence, json, record->size);
}

static muster_status apply_what_there_is(muster_session *s, uint32_t *out_applied) {
    bool is_there = true;
    while (is_there) {
        muster_journal_record record;
        MU_TRY(muster_journal_next(s->reader, &record, &is_there));
        if (!is_there || record.sequence <= s->world->sequence) continue;
        MU_TRY(apply(s, &record));
        pass_on(s, &record);
        ++*out_applied;
    }
    return MUSTER_OK;
}

muster_status mu_pen_follow(muster_session *s, uint32_t *out_applied) {
    *out_applied = 0;
    if (!s->reader) {
        MU_TRY(mu_recovery_reader(&s->reader, &s->source, s->options.given.journal,
                                  s->world->sequence + 1));
    }
    muster_status status = apply_what_there_is(s, out_applied);
    if (*out_applied > 0) mu_news_tell(&s->news);
    if (status == MUSTER_OK) return status;
    /* The reader may be past a record that was not applied. */
    muster_journal_reader_free(s->reader);
    s->reader = NULL;
    return status == MUSTER_E_INVALID ? mu_pen_read(s, UINT64_MAX) : status;
}

/* ---- before anybody is shut out ------------------------------------------------------------ */

static muster_status has_record(const muster_session *s, bool *out) {
    const char           *path = s->options.given.journal;
    mu_disk               disk;
    muster_journal_reader reader;
    muster_journal_record record;
    MU_TRY(s->source.open(s->source.user, &disk, path, true));
    MU_TRY(mu_journal_reader_init(&reader, &disk, path, 0));
    const muster_status status = muster_journal_next(&reader, &record, out);
    mu_journal_reader_fini(&reader);
    return status;
}

muster_status mu_pen_prepare(muster_session *s, const mu_session_parts *parts) {
    bool is_there;
    MU_TRY(has_record(s, &is_there));
    if (!is_there) return MUSTER_OK;
    MU_TRY(mu_pen_read(s, UINT64_MAX));
    return mu_beginning_roads(s, parts);
}

/* ---- writing ------------------------------------------------------------------------------- */

static muster_status open_journal(muster_session *s, uint32_t mode) {
    muster_journal_options options = MUSTER_JOURNAL_OPTIONS_INIT;
    mu_disk                disk;
    options.mode          = mode;
    options.segment_bytes = SEGMENT_BYTES;
    MU_TRY(s->source.open(s->source.user, &disk, s->options.given.journal, true));
    return mu_journal_open(&s->journal, &disk, s->options.given.journal, &options);
}

/* All that is in the journal, which nobody else adds to any more. A standby reads on to the end, and not
 * only to a number: there it finds out what it has read of a writer who was shut out. */
static muster_status take_in(muster_session *s, const mu_session_parts *parts) {
    const uint64_t last = muster_journal_last(s->journal);
    uint32_t       applied;
    if (last == 0) return mu_beginning_world(s, parts);
    if (!s->world) {
        MU_TRY(mu_pen_read(s, last));
    } else {
        MU_TRY(mu_pen_follow(s, &applied));
    }
    if (s->world->sequence == last) return MUSTER_OK;
    return muster_fail(MUSTER_E_FORMAT,
                       "\"%s\" ends with record %" PRIu64 ", but what was read ends with %" PRIu64,
                       s->options.given.journal, last, s->world->sequence);
}

static muster_status say_opened(muster_session *s, int64_t now_ms) {
    char                id[40];
    muster_event        event = MUSTER_EVENT_INIT;
    muster_event_answer answer;
    snprintf(id, sizeof id, MU_OWN_ID "opened-%" PRIu64, muster_journal_term(s->journal));
    event.id      = id;
    event.type    = MUSTER_EVENT_OPENED;
    event.time_ms = now_ms;
    event.author  = s->options.given.author;
    MU_TRY(mu_writer_begin(s));
    muster_status status = mu_writer_event(s, &event, &answer);
    if (status == MUSTER_OK && answer.outcome != MUSTER_EVENT_APPLIED) {
        status = muster_fail(MUSTER_E_INVALID, "the journal cannot be opened: %s", answer.message);
    }
    return status == MUSTER_OK ? mu_writer_end(s) : status;
}

static muster_status take(muster_session *s, uint32_t mode, const mu_session_parts *parts,
                          int64_t now_ms) {
    MU_TRY(open_journal(s, mode));
    MU_TRY(take_in(s, parts));
    if (!s->road_base) MU_TRY(mu_beginning_roads(s, parts));
    return say_opened(s, now_ms);
}

muster_status mu_pen_take(muster_session *s, uint32_t mode, const mu_session_parts *parts,
                          int64_t now_ms) {
    const muster_status status = take(s, mode, parts, now_ms);
    if (status != MUSTER_OK) {
        mu_writer_forget(s);
        muster_journal_close(s->journal);
        s->journal = NULL;
        return status;
    }
    muster_journal_reader_free(s->reader);
    s->reader = NULL;
    pthread_mutex_lock(&s->lock);
    s->role = MUSTER_SESSION_WRITE;
    s->term = muster_journal_term(s->journal);
    pthread_mutex_unlock(&s->lock);
    return MUSTER_OK;
}
