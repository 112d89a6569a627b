/* Nothing that is on the disk is ever written again: a writer begins a segment of its own, behind the
 * last record that it finds whole. Records are put together in memory, each with its hash, and go to
 * the disk with one sync. When writing fails they are still there, and are written to the same place
 * the next time, or are withdrawn; so that nobody reads along what is withdrawn, the first byte of
 * the first of them, without which it is no record, is written last. When the sync
 * fails nobody knows what the disk holds, and asking it again would be answered from memory
 * ("fsyncgate", Rebello et al., "Can Applications Recover from fsync Failures?", USENIX ATC 2020):
 * then the writer is done for. */
#include "session/journal_writer.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "core/alloc.h"
#include "session/journal_reader.h"

static const uint64_t SEGMENT_BYTES = 64 << 20;

struct muster_journal {
    mu_journal_folder folder;
    uint64_t          term, segment_bytes;
    mu_disk_file     *file;
    uint64_t          first;                /* of the segment */
    uint64_t          offset;               /* in the file, of what is not yet on the disk */
    uint64_t          last;                 /* record that is on the disk */
    uint64_t          added;                /* record that was added last */
    uint8_t           hash[MU_HASH_BYTES];  /* of that one */
    uint8_t       last_hash[MU_HASH_BYTES]; /* what the first record that is waiting goes on from */
    uint8_t      *waiting;                  /* records that are not on the disk */
    size_t        waiting_bytes, waiting_capacity;
    bool          is_spoilt; /* a write that failed has left something behind `offset` */
    muster_status broken;    /* MUSTER_OK, or why every call fails from now on */
    char          reason[512];
};

/* ---- failures ------------------------------------------------------------------------------ */

/* The failure that has just been reported is the last word of this writer. */
static muster_status give_up(muster_journal *j, muster_status status) {
    const char  *message = muster_error_message();
    const size_t length =
        strlen(message) < sizeof j->reason ? strlen(message) : sizeof j->reason - 1;
    memcpy(j->reason, message, length);
    j->reason[length] = 0;
    j->broken         = status;
    return status;
}

static muster_status check_usable(const muster_journal *j) {
    if (j->broken == MUSTER_OK) return MUSTER_OK;
    return muster_fail(j->broken, "the journal has to be opened anew: %s", j->reason);
}

static muster_status fail_on_segment(const muster_journal *j, const char *what, int error) {
    char name[MU_NUMBERED_NAME_BYTES];
    mu_journal_segment_name(name, j->first);
    return mu_journal_fail(&j->folder, name, what, error);
}

static muster_status fail_shut_out(const muster_journal *j) {
    return muster_fail(
        MUSTER_E_IO,
        "\"%s\": another process has taken over; what was added after record %" PRIu64
        " is not acknowledged",
        j->folder.path, j->last);
}

/* ---- segments ------------------------------------------------------------------------------ */

/* Behind the last record that was added, all of which are on the disk. */
static muster_status begin_segment(muster_journal *j, bool is_first) {
    mu_segment_header header = {.first = j->added + 1, .term = j->term};
    mu_disk_file     *file;
    bool              is_taken;
    memcpy(header.previous, j->hash, MU_HASH_BYTES);
    MU_TRY(mu_journal_segment_new(&j->folder, &header, is_first, &file, &is_taken));
    if (is_taken) return give_up(j, fail_shut_out(j));
    if (j->file) j->folder.disk.close_file(j->file);
    j->file   = file;
    j->first  = header.first;
    j->offset = MU_SEGMENT_HEADER_BYTES;
    memcpy(j->hash, header.hash, MU_HASH_BYTES);
    memcpy(j->last_hash, header.hash, MU_HASH_BYTES);
    j->is_spoilt = false;
    return MUSTER_OK;
}

/* ---- adding -------------------------------------------------------------------------------- */

static muster_status make_room(muster_journal *j, size_t bytes) {
    const size_t needed = j->waiting_bytes + bytes;
    if (needed <= j->waiting_capacity) return MUSTER_OK;
    MU_TRY(mu_realloc(&j->waiting, needed + needed / 2, 1));
    j->waiting_capacity = needed + needed / 2;
    return MUSTER_OK;
}

static void put_record(muster_journal *j, const mu_record_header *header, const void *bytes) {
    const size_t padded = mu_record_padded(header->size);
    uint8_t     *record = j->waiting + j->waiting_bytes;
    uint8_t     *own    = record + MU_RECORD_HEADER_BYTES;
    mu_record_encode(header, record);
    if (header->size > 0) memcpy(own, bytes, header->size);
    memset(own + header->size, 0, padded - header->size);
    mu_record_hash(j->hash, j->hash, record, header->size);
    memcpy(own + padded, j->hash, MU_HASH_BYTES);
    j->waiting_bytes += mu_record_stride(header->size);
    j->added = header->sequence;
}

muster_status muster_journal_append(muster_journal *j, int64_t time_ms, const void *bytes,
                                    size_t size, uint64_t *out_sequence) {
    MU_TRY(check_usable(j));
    if (size > MUSTER_JOURNAL_MOST_BYTES) {
        return muster_fail(MUSTER_E_INVALID, "the record has %zu bytes; expected %d at most", size,
                           MUSTER_JOURNAL_MOST_BYTES);
    }
    if (j->waiting_bytes == 0 && j->offset >= j->segment_bytes) MU_TRY(begin_segment(j, false));
    MU_TRY(make_room(j, mu_record_stride(size)));
    const mu_record_header header = {
        .size = (uint32_t)size, .sequence = j->added + 1, .time_ms = time_ms, .synced = j->last};
    put_record(j, &header, bytes);
    if (out_sequence) *out_sequence = header.sequence;
    return MUSTER_OK;
}

/* ---- to the disk --------------------------------------------------------------------------- */

/* No room is no damage. */
static bool is_for_a_while(int error) {
    return error == ENOSPC || error == EDQUOT;
}

/* Zeros over what an earlier write has left behind what is waiting: a whole record might be in it. */
static int wipe_rest(muster_journal *j) {
    static const uint8_t ZEROS[4096];
    uint64_t             size;
    const int            error = j->folder.disk.size(j->file, &size);
    if (error != 0) return error;
    for (uint64_t at = j->offset + j->waiting_bytes; at < size; at += sizeof ZEROS) {
        const size_t left   = size - at < sizeof ZEROS ? (size_t)(size - at) : sizeof ZEROS;
        const int    result = j->folder.disk.write(j->file, at, ZEROS, left);
        if (result != 0) return result;
    }
    return 0;
}

/* One byte is written or is not. */
static int write_first_byte_last(muster_journal *j) {
    int error = j->folder.disk.write(j->file, j->offset + 1, j->waiting + 1, j->waiting_bytes - 1);
    if (error == 0 && j->is_spoilt) error = wipe_rest(j);
    if (error == 0) error = j->folder.disk.write(j->file, j->offset, j->waiting, 1);
    j->is_spoilt = error != 0;
    return error;
}

static muster_status write_waiting(muster_journal *j) {
    const int error = write_first_byte_last(j);
    if (error == 0) return MUSTER_OK;
    const muster_status status = fail_on_segment(j, "written, and is tried again", error);
    return is_for_a_while(error) ? status : give_up(j, fail_on_segment(j, "written", error));
}

static muster_status look_for_others(muster_journal *j) {
    bool is_over;
    MU_TRY(mu_journal_term_is_over(&j->folder, j->term, &is_over));
    return is_over ? fail_shut_out(j) : MUSTER_OK;
}

/* Where memory is short, nobody knows; but nothing has been written that could be lost. */
muster_status mu_journal_check_term(muster_journal *j) {
    MU_TRY(check_usable(j));
    const muster_status status = look_for_others(j);
    return status == MUSTER_OK || status == MUSTER_E_NOMEM ? status : give_up(j, status);
}

muster_status muster_journal_sync(muster_journal *j) {
    MU_TRY(check_usable(j));
    if (j->waiting_bytes == 0) return MUSTER_OK;
    MU_TRY(write_waiting(j));
    const int error = j->folder.disk.sync(j->file);
    if (error != 0) return give_up(j, fail_on_segment(j, "brought to the disk", error));
    const muster_status status = look_for_others(j);
    if (status != MUSTER_OK) return give_up(j, status);
    j->offset += j->waiting_bytes;
    j->waiting_bytes = 0;
    j->last          = j->added;
    memcpy(j->last_hash, j->hash, MU_HASH_BYTES);
    return MUSTER_OK;
}

void mu_journal_withdraw(muster_journal *j) {
    j->waiting_bytes = 0;
    j->added         = j->last;
    memcpy(j->hash, j->last_hash, MU_HASH_BYTES);
}

/* ---- life ---------------------------------------------------------------------------------- */

/* Go along to the end of what there is. `out_term` is the highest that wrote. */
static muster_status find_end(muster_journal *j, const mu_disk *disk, uint64_t *out_term) {
    muster_journal_reader reader;
    muster_journal_record record;
    bool                  is_there = true;
    const mu_disk         borrowed = *disk;
    MU_TRY(mu_journal_reader_init(&reader, &borrowed, j->folder.path, UINT64_MAX));
    muster_status status = MUSTER_OK;
    while (status == MUSTER_OK && is_there) {
        status = muster_journal_next(&reader, &record, &is_there);
    }
    /* What was read may be in the system's memory alone: it is built upon from now on. */
    if (status == MUSTER_OK && reader.file) {
        const int error = disk->sync(reader.file);
        if (error != 0) {
            status = mu_journal_fail(&reader.folder, ".", "brought to the disk", error);
        }
    }
    if (status == MUSTER_OK) {
        j->last = j->added = reader.sequence - 1;
        /* An empty segment gives its place to the new one. */
        const bool is_empty = reader.file && reader.sequence == reader.header.first;
        memcpy(j->hash, is_empty ? reader.header.previous : reader.hash, MU_HASH_BYTES);
        *out_term = reader.header.term;
    }
    mu_journal_reader_fini(&reader);
    return status;
}

static muster_status fail_being_written(const muster_journal *j) {
    return muster_fail(MUSTER_E_IO,
                       "\"%s\" is being written by another process; expected none, or to take over",
                       j->folder.path);
}

static muster_status take_lock(muster_journal *j, uint32_t mode) {
    const int error = j->folder.disk.lock(j->folder.disk.user);
    if (error == 0) return MUSTER_OK;
    if (error != EWOULDBLOCK) return mu_journal_fail(&j->folder, "lock", "taken", error);
    return mode == MUSTER_JOURNAL_TAKE_OVER ? MUSTER_OK : fail_being_written(j);
}

/* The lock may be that of one who was shut out, or nobody's any more. */
static muster_status check_no_writer(muster_journal *j, uint32_t mode) {
    bool has_writer;
    if (mode == MUSTER_JOURNAL_TAKE_OVER) return MUSTER_OK;
    MU_TRY(mu_journal_has_writer(&j->folder, &has_writer));
    return has_writer ? fail_being_written(j) : MUSTER_OK;
}

/* A disk that somebody else closes. */
static void close_nothing(void *user) {
    (void)user;
}

static muster_status start(muster_journal *j, uint32_t mode) {
    uint64_t term     = 0;
    mu_disk  borrowed = j->folder.disk;
    borrowed.close    = close_nothing;
    MU_TRY(take_lock(j, mode));
    MU_TRY(mu_journal_folder_list(&j->folder));
    MU_TRY(check_no_writer(j, mode));
    MU_TRY(mu_journal_term_begin(&j->folder, 1, &j->term));
    MU_TRY(find_end(j, &borrowed, &term));
    if (term >= j->term) {
        MU_TRY(mu_journal_term_begin(&j->folder, term + 1, &j->term));
        MU_TRY(find_end(j, &borrowed, &term));
    }
    return begin_segment(j, true);
}

static muster_status check_options(const muster_journal_options *o) {
    if (o->struct_size != sizeof *o) {
        return muster_fail(MUSTER_E_INVALID,
                           "struct_size is %zu; expected %zu, from MUSTER_JOURNAL_OPTIONS_INIT",
                           o->struct_size, sizeof *o);
    }
    if (o->mode <= MUSTER_JOURNAL_TAKE_OVER) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID, "mode is %u; expected MUSTER_JOURNAL_OPEN or _TAKE_OVER",
                       o->mode);
}

muster_status mu_journal_open(muster_journal **out, const mu_disk *disk, const char *path,
                              const muster_journal_options *options) {
    muster_journal *j;
    *out                 = NULL;
    muster_status status = mu_alloc_zeroed(&j, 1, sizeof *j);
    if (status != MUSTER_OK) {
        disk->close(disk->user);
        return status;
    }
    j->segment_bytes = options->segment_bytes > 0 ? options->segment_bytes : SEGMENT_BYTES;
    status           = mu_journal_folder_init(&j->folder, disk, path);
    if (status == MUSTER_OK) status = start(j, options->mode);
    if (status != MUSTER_OK) {
        muster_journal_close(j);
        return status;
    }
    *out = j;
    return MUSTER_OK;
}

muster_status muster_journal_open(muster_journal **out, const char *folder,
                                  const muster_journal_options *options) {
    static const muster_journal_options DEFAULTS = MUSTER_JOURNAL_OPTIONS_INIT;
    mu_disk                             disk;
    *out = NULL;
    if (!options) options = &DEFAULTS;
    MU_TRY(check_options(options));
    MU_TRY(mu_disk_folder(&disk, folder, true));
    return mu_journal_open(out, &disk, folder, options);
}

void muster_journal_close(muster_journal *j) {
    if (!j) return;
    if (j->file) j->folder.disk.close_file(j->file);
    mu_journal_folder_fini(&j->folder);
    mu_free(j->waiting);
    mu_free(j);
}

uint64_t muster_journal_last(const muster_journal *j) {
    return j->last;
}

uint64_t muster_journal_term(const muster_journal *j) {
    return j->term;
}

bool mu_journal_is_lost(const muster_journal *j) {
    return j->broken != MUSTER_OK;
}

const uint8_t *mu_journal_hash(const muster_journal *j) {
    return j->last_hash;
}
