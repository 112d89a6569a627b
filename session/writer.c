#include "session/writer.h"

#include <inttypes.h>
#include <stdio.h>

#include "core/alloc.h"
#include "session/copy_world.h"
#include "session/record.h"
#include "session/sync_times.h"

/* ---- adding -------------------------------------------------------------------------------- */

muster_status mu_writer_begin(muster_session *s) {
    if (!s->journal) {
        return muster_fail(MUSTER_E_INVALID,
                           "the session on \"%s\" is a %s; expected one that writes",
                           s->options.given.journal, s->is_replay ? "replay" : "standby");
    }
    return s->ahead ? MUSTER_OK : mu_copy_world(&s->ahead, s->world);
}

/* Of what has become a record, in bytes that are taken over. */
static muster_status add_record(muster_session *s, mu_written *record, int64_t time_ms) {
    muster_status status =
        mu_grow(&s->written, &s->written_capacity, s->written_count, sizeof *s->written);
    if (status == MUSTER_OK) {
        status = muster_journal_append(s->journal, time_ms, record->json, record->size,
                                       &record->sequence);
    }
    if (status != MUSTER_OK) {
        mu_free(record->json);
        return status;
    }
    s->written[s->written_count++] = *record;
    return MUSTER_OK;
}

/* How long an event is, is known when it is written: one that could not be read again is as wrong as any. */
static void refuse_long(muster_event_answer *out, size_t size) {
    out->outcome = MUSTER_EVENT_WRONG;
    snprintf(out->message, sizeof out->message,
             "the event takes %zu bytes of the journal; expected %d at most: tell it in parts",
             size, MUSTER_EVENT_MOST_BYTES);
}

static muster_status add_event(muster_session *s, const muster_event *event,
                               muster_event_answer *out) {
    mu_written record = {.event = event};
    MU_TRY(mu_record_of_event(&record.json, &record.size, event));
    if (record.size > MUSTER_EVENT_MOST_BYTES) {
        mu_free(record.json);
        refuse_long(out, record.size);
        return MUSTER_OK;
    }
    MU_TRY(add_record(s, &record, event->time_ms));
    out->sequence = record.sequence;
    return mu_world_apply(s->ahead, event, record.sequence);
}

muster_status mu_writer_event(muster_session *s, const muster_event *event,
                              muster_event_answer *out) {
    MU_TRY(mu_world_check(s->ahead, event, out));
    if (out->outcome != MUSTER_EVENT_APPLIED) return MUSTER_OK;
    return add_event(s, event, out);
}

muster_status mu_writer_issue(muster_session *s, const mu_issue *issue, uint64_t *out_sequence) {
    mu_written record = {.issue = issue};
    MU_TRY(mu_record_of_issue(&record.json, &record.size, issue, s->ahead));
    if (record.size > MUSTER_EVENT_MOST_BYTES) {
        mu_free(record.json);
        return muster_fail(
            MUSTER_E_INVALID,
            "the commit takes %zu bytes of the journal for %u orders; expected %d at "
            "most: plan for fewer incidents at once",
            record.size, issue->order_count, MUSTER_EVENT_MOST_BYTES);
    }
    MU_TRY(add_record(s, &record, issue->at_ms));
    *out_sequence = record.sequence;
    return mu_world_apply_issue(s->ahead, issue, record.sequence);
}

/* ---- the end of a turn --------------------------------------------------------------------- */

static void forget_written(muster_session *s) {
    for (size_t i = 0; i < s->written_count; ++i) mu_free(s->written[i].json);
    s->written_count = 0;
}

static void forget_ahead(muster_session *s) {
    mu_world_free(s->ahead);
    s->ahead = NULL;
}

void mu_writer_forget(muster_session *s) {
    if (s->journal) mu_journal_withdraw(s->journal);
    forget_written(s);
    forget_ahead(s);
    s->tick_at_ms = 0;
}

void mu_writer_fini(muster_session *s) {
    forget_written(s);
    forget_ahead(s);
    mu_free(s->written);
}

static void change_places(muster_session *s) {
    pthread_mutex_lock(&s->lock);
    mu_world *behind = s->world;
    s->world         = s->ahead;
    s->ahead         = behind;
    pthread_mutex_unlock(&s->lock);
}

static muster_status do_again(mu_world *world, const mu_written *record) {
    return record->event ? mu_world_apply(world, record->event, record->sequence)
                         : mu_world_apply_issue(world, record->issue, record->sequence);
}

/* What has no memory for it now is copied when it is needed. */
static void catch_up(muster_session *s) {
    for (size_t i = 0; s->ahead && i < s->written_count; ++i) {
        if (do_again(s->ahead, &s->written[i]) != MUSTER_OK) forget_ahead(s);
    }
}

static void tell_subscribers(muster_session *s) {
    for (size_t i = 0; i < s->written_count; ++i) {
        mu_news_add(&s->news, s->written[i].sequence, s->written[i].json, s->written[i].size);
        s->written[i].json = NULL;
    }
    mu_news_tell(&s->news);
}

/* Positions come by the thousand, and are nobody's claim. */
static void wake_central(muster_session *s) {
    mu_central *central = mu_session_central(s);
    for (size_t i = 0; central && i < s->written_count; ++i) {
        const muster_event *event = s->written[i].event;
        if (event && event->type == MUSTER_EVENT_UNIT_MOVED) continue;
        mu_central_wake(central);
        return;
    }
}

static void offer_snapshot(muster_session *s) {
    if (!s->ahead) return;
    const uint8_t *hash = mu_journal_hash(s->journal);
    if (mu_snapshots_offer(&s->snapshots, s->ahead, hash) != MUSTER_OK) mu_session_keep_trouble(s);
}

static muster_status sync(muster_session *s) {
    const uint64_t      began_us = mu_sync_times_now_us();
    const muster_status status   = muster_journal_sync(s->journal);
    const uint64_t      took_us  = mu_sync_times_now_us() - began_us;
    pthread_mutex_lock(&s->lock);
    if (status == MUSTER_OK) {
        mu_sync_times_add(&s->syncs, took_us);
    } else {
        ++s->syncs.failed_count;
    }
    pthread_mutex_unlock(&s->lock);
    return status;
}

/* What was refused was refused by what is known here: by who is shut out, nothing is answered. */
static muster_status bring_to_disk(muster_session *s) {
    if (s->written_count > 0) return sync(s);
    return s->journal ? mu_journal_check_term(s->journal) : MUSTER_OK;
}

muster_status mu_writer_end(muster_session *s) {
    const muster_status status = bring_to_disk(s);
    if (status != MUSTER_OK) {
        mu_session_keep_trouble(s);
        mu_writer_forget(s);
        return status;
    }
    if (s->tick_at_ms > 0) s->ticked_at_ms = s->tick_at_ms;
    s->tick_at_ms = 0;
    if (s->written_count == 0) return MUSTER_OK;
    change_places(s);
    tell_subscribers(s);
    wake_central(s);
    catch_up(s);
    forget_written(s);
    offer_snapshot(s);
    return MUSTER_OK;
}

/* ---- turns --------------------------------------------------------------------------------- */

static void fail_entry(mu_turn_entry *entry, muster_status status) {
    entry->error = (mu_worker_error){0};
    mu_worker_error_keep(&entry->error, status);
}

/* What a job that fails has added cannot be told from what others have: then all are taken back. */
static muster_status run_jobs(muster_session *s, mu_turn_entry *first, const mu_turn_entry *end) {
    for (mu_turn_entry *e = first; e != end; e = e->next) {
        mu_job             *job    = (mu_job *)e;
        const size_t        before = s->written_count;
        const muster_status status = job->run(s, job);
        fail_entry(e, status);
        if (status == MUSTER_OK) continue;
        if (status == MUSTER_E_IO) mu_session_keep_trouble(s);
        const bool is_clean = s->written_count == before;
        if (is_clean) continue;
        mu_writer_forget(s);
        return status;
    }
    return mu_writer_end(s);
}

/* One after the other, where they could not be done together. */
static void run_alone(muster_session *s, mu_turn_entry *first) {
    for (mu_turn_entry *e = first; e; e = e->next) {
        const muster_status status = run_jobs(s, e, e->next);
        if (status != MUSTER_OK) fail_entry(e, status);
    }
}

static void look_at_journal(muster_session *s) {
    pthread_mutex_lock(&s->lock);
    s->is_journal_lost = s->journal && mu_journal_is_lost(s->journal);
    pthread_mutex_unlock(&s->lock);
}

void mu_writer_work(void *user, mu_turn_entry *first) {
    muster_session     *s      = user;
    const muster_status status = run_jobs(s, first, NULL);
    look_at_journal(s);
    if (status == MUSTER_OK) return;
    /* The disk would say the same to each. */
    if (status != MUSTER_E_IO && first->next) {
        run_alone(s, first);
        return;
    }
    for (mu_turn_entry *e = first; e; e = e->next) {
        if (e->error.status == MUSTER_OK) fail_entry(e, status);
    }
}

muster_status mu_job_do(muster_session *s, mu_job *job) {
    MU_TRY(mu_session_check(s));
    return mu_turn_take(&s->turn, &job->entry);
}
