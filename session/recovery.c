#include "session/recovery.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <muster/moment.h>

#include "core/alloc.h"
#include "session/record.h"
#include "session/snapshot_file.h"

static void keep_trouble(mu_recovery *r) {
    snprintf(r->trouble, sizeof r->trouble, "%s", muster_error_message());
}

void mu_recovery_fini(mu_recovery *r) {
    mu_world_free(r->world);
    muster_journal_reader_free(r->reader);
    *r = (mu_recovery){0};
}

muster_status mu_recovery_reader(muster_journal_reader **out, const mu_disk_source *source,
                                 const char *path, uint64_t next) {
    mu_disk                disk;
    muster_journal_reader *reader;
    *out = NULL;
    MU_TRY(mu_alloc(&reader, 1, sizeof *reader));
    muster_status status = source->open(source->user, &disk, path, false);
    if (status == MUSTER_OK) status = mu_journal_reader_init(reader, &disk, path, next);
    if (status != MUSTER_OK) {
        mu_free(reader);
        return status;
    }
    *out = reader;
    return MUSTER_OK;
}

/* ---- where to begin ------------------------------------------------------------------------ */

static muster_status fail_missing(const char *path, uint64_t sequence) {
    return muster_fail(MUSTER_E_INVALID,
                       "\"%s\" has no record %" PRIu64 "; expected one that is there", path,
                       sequence);
}

/* The reader goes to the snapshot's last record, which has to be the one that it was made after. */
static muster_status check_snapshot(mu_recovery *r, const mu_snapshot *s,
                                    const mu_disk_source *source, const char *path) {
    muster_journal_record record   = {0};
    bool                  is_there = true;
    MU_TRY(mu_recovery_reader(&r->reader, source, path, s->sequence));
    while (record.sequence < s->sequence && is_there) {
        MU_TRY(muster_journal_next(r->reader, &record, &is_there));
    }
    if (is_there && memcmp(record.hash, s->hash, MU_HASH_BYTES) == 0) return MUSTER_OK;
    return muster_fail(MUSTER_E_FORMAT,
                       "\"%s\": the snapshot of record %" PRIu64
                       " is passed over: it is of another journal",
                       path, s->sequence);
}

static muster_status use_snapshot(mu_recovery *r, const mu_snapshot *s,
                                  const mu_disk_source *source, const char *path) {
    muster_status status = check_snapshot(r, s, source, path);
    if (status == MUSTER_OK) status = mu_world_read(&r->world, s->bytes, s->size);
    if (status == MUSTER_OK && r->world->sequence != s->sequence) {
        status = muster_fail(MUSTER_E_FORMAT,
                             "\"%s\": the snapshot of record %" PRIu64
                             " is passed over: it is of another record",
                             path, s->sequence);
    }
    if (status == MUSTER_OK) {
        r->snapshot = s->sequence;
        return MUSTER_OK;
    }
    mu_world_free(r->world);
    muster_journal_reader_free(r->reader);
    r->world  = NULL;
    r->reader = NULL;
    return status;
}

/* The latest that serves; none is no failure. */
static muster_status begin_with_snapshot(mu_recovery *r, const mu_disk_source *source,
                                         const mu_disk *disk, const char *path, uint64_t last) {
    while (!r->world && last > 0) {
        mu_snapshot snapshot;
        bool        is_damaged;
        MU_TRY(mu_snapshot_find(&snapshot, disk, path, last, &is_damaged));
        if (is_damaged) keep_trouble(r);
        if (snapshot.sequence == 0) return MUSTER_OK;
        const muster_status status = use_snapshot(r, &snapshot, source, path);
        mu_free(snapshot.bytes);
        if (status == MUSTER_E_NOMEM) return status;
        if (status != MUSTER_OK) keep_trouble(r);
        last = snapshot.sequence - 1;
    }
    return MUSTER_OK;
}

static muster_status begin_with_first_record(mu_recovery *r, const mu_disk_source *source,
                                             const char *path) {
    muster_journal_record record;
    bool                  is_there;
    MU_TRY(mu_recovery_reader(&r->reader, source, path, 0));
    MU_TRY(muster_journal_next(r->reader, &record, &is_there));
    if (!is_there) {
        return muster_fail(MUSTER_E_FORMAT, "\"%s\" is no journal of a session: it has no record",
                           path);
    }
    if (record.sequence != 1) {
        return muster_fail(MUSTER_E_FORMAT,
                           "\"%s\" begins with record %" PRIu64
                           " and has no snapshot to begin with; expected one or the other",
                           path, record.sequence);
    }
    return mu_record_read_world(&r->world, record.bytes, record.size);
}

/* ---- on from there ------------------------------------------------------------------------- */

static muster_status apply_rest(mu_recovery *r, const char *path, uint64_t last) {
    bool is_there = true;
    while (r->world->sequence < last && is_there) {
        muster_journal_record record;
        MU_TRY(muster_journal_next(r->reader, &record, &is_there));
        if (!is_there) break;
        MU_TRY(mu_record_apply(r->world, record.sequence, record.bytes, record.size));
    }
    if (last == UINT64_MAX || r->world->sequence >= last) return MUSTER_OK;
    return fail_missing(path, last);
}

muster_status mu_recover(mu_recovery *r, const mu_disk_source *source, const char *path,
                         uint64_t last) {
    mu_disk disk;
    *r = (mu_recovery){0};
    MU_TRY(source->open(source->user, &disk, path, false));
    muster_status status = begin_with_snapshot(r, source, &disk, path, last);
    disk.close(disk.user);
    if (status == MUSTER_OK && !r->world) status = begin_with_first_record(r, source, path);
    if (status == MUSTER_OK) status = apply_rest(r, path, last);
    return status;
}

/* ---- by time ------------------------------------------------------------------------------- */

static muster_status fail_early(const char *path, int64_t at_ms) {
    char moment[MUSTER_MOMENT_BYTES];
    return muster_fail(MUSTER_E_INVALID,
                       "\"%s\" has no record as early as %s; expected a time from its first one on",
                       path, muster_moment_text(moment, at_ms / 1000));
}

muster_status mu_recovery_find_time(uint64_t *out, const mu_disk_source *source, const char *path,
                                    int64_t at_ms) {
    muster_journal_reader *reader;
    muster_journal_record  record;
    bool                   is_there = true, is_empty = true;
    *out = 0;
    MU_TRY(mu_recovery_reader(&reader, source, path, 0));
    muster_status status = MUSTER_OK;
    while (status == MUSTER_OK && is_there) {
        status = muster_journal_next(reader, &record, &is_there);
        if (status != MUSTER_OK || !is_there) continue;
        is_empty = false;
        if (record.time_ms <= at_ms) *out = record.sequence;
    }
    muster_journal_reader_free(reader);
    if (status != MUSTER_OK || *out > 0) return status;
    return is_empty
               ? muster_fail(MUSTER_E_FORMAT, "\"%s\" is no journal, or has no record yet", path)
               : fail_early(path, at_ms);
}
