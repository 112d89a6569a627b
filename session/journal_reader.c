/* In a segment with another one after it, all records count up to the first of that one, and must be
 * whole; what lies behind them was never acknowledged, for its writer was shut out or has crashed. In
 * the last segment the walk ends at the first record that is not whole. A crash leaves such a one, and
 * so does damage: but where an acknowledged record is damaged, one that was added later may say that
 * it was acknowledged. */
#include "session/journal_reader.h"

#include <inttypes.h>
#include <string.h>

#include "core/alloc.h"

enum { SCAN_BYTES = 1 << 16 };

/* ---- life ---------------------------------------------------------------------------------- */

/* The last segment that begins at or before `first`. */
static muster_status find_segment(muster_journal_reader *r, uint64_t first) {
    const mu_journal_folder *f = &r->folder;
    if (f->segment_count == 0) return MUSTER_OK;
    if (first > 0 && f->segment[0] > first) {
        return muster_fail(MUSTER_E_INVALID,
                           "\"%s\" begins with record %" PRIu64 "; %" PRIu64
                           " is not there any more",
                           f->path, f->segment[0], first);
    }
    while (r->index + 1 < f->segment_count && f->segment[r->index + 1] <= first) ++r->index;
    r->sequence = f->segment[r->index];
    return MUSTER_OK;
}

muster_status mu_journal_reader_init(muster_journal_reader *r, const mu_disk *disk,
                                     const char *path, uint64_t first) {
    *r                   = (muster_journal_reader){.sequence = 1};
    muster_status status = mu_journal_folder_init(&r->folder, disk, path);
    if (status == MUSTER_OK) status = mu_journal_folder_list(&r->folder);
    if (status == MUSTER_OK) status = find_segment(r, first);
    if (status != MUSTER_OK) mu_journal_reader_fini(r);
    return status;
}

void mu_journal_reader_fini(muster_journal_reader *r) {
    if (r->file) r->folder.disk.close_file(r->file);
    mu_journal_folder_fini(&r->folder);
    mu_free(r->record);
    *r = (muster_journal_reader){0};
}

/* ---- failures ------------------------------------------------------------------------------ */

static muster_status fail_read(const muster_journal_reader *r, int error) {
    char name[MU_NUMBERED_NAME_BYTES];
    mu_journal_segment_name(name, r->header.first);
    return mu_journal_fail(&r->folder, name, "read", error);
}

static muster_status fail_damaged(const muster_journal_reader *r) {
    char name[MU_NUMBERED_NAME_BYTES];
    mu_journal_segment_name(name, r->header.first);
    return muster_fail(MUSTER_E_FORMAT,
                       "\"%s/%s\", byte %" PRIu64 ": record %" PRIu64
                       " was acknowledged and is damaged; expected the bytes that were written",
                       r->folder.path, name, r->offset, r->sequence);
}

/* ---- segments ------------------------------------------------------------------------------ */

static muster_status check_link(const muster_journal_reader *r) {
    if (!r->knows_hash || memcmp(r->header.previous, r->hash, MU_HASH_BYTES) == 0) return MUSTER_OK;
    char name[MU_NUMBERED_NAME_BYTES];
    mu_journal_segment_name(name, r->header.first);
    return muster_fail(MUSTER_E_FORMAT,
                       "\"%s/%s\" does not go on from record %" PRIu64
                       ": one of them has been changed",
                       r->folder.path, name, r->sequence - 1);
}

static muster_status open_segment(muster_journal_reader *r) {
    const uint64_t first = r->folder.segment[r->index];
    MU_TRY(mu_journal_segment_open(&r->folder, first, false, &r->file, &r->header));
    MU_TRY(check_link(r));
    r->offset     = MU_SEGMENT_HEADER_BYTES;
    r->knows_hash = true;
    memcpy(r->hash, r->header.hash, MU_HASH_BYTES);
    return MUSTER_OK;
}

static void leave_segment(muster_journal_reader *r) {
    r->folder.disk.close_file(r->file);
    r->file = NULL;
    ++r->index;
}

/* The next segment's first record, where there is a next segment. */
static uint64_t limit_of(const muster_journal_reader *r) {
    const mu_journal_folder *f = &r->folder;
    return r->index + 1 < f->segment_count ? f->segment[r->index + 1] : UINT64_MAX;
}

/* ---- records ------------------------------------------------------------------------------- */

/* A header that is none may ask for more than there is, and is not given memory for that. */
static muster_status make_room(muster_journal_reader *r, size_t bytes, bool *out_is_there) {
    uint64_t size;
    *out_is_there = true;
    if (bytes <= r->capacity) return MUSTER_OK;
    const int error = r->folder.disk.size(r->file, &size);
    if (error != 0) return fail_read(r, error);
    *out_is_there = r->offset + bytes <= size;
    if (!*out_is_there) return MUSTER_OK;
    MU_TRY(mu_realloc(&r->record, bytes, 1));
    r->capacity = bytes;
    return MUSTER_OK;
}

static muster_status fetch(muster_journal_reader *r, size_t at, size_t count, bool *out_is_there) {
    size_t got;
    MU_TRY(make_room(r, at + count, out_is_there));
    if (!*out_is_there) return MUSTER_OK;
    const int error = r->folder.disk.read(r->file, r->offset + at, r->record + at, count, &got);
    if (error != 0) return fail_read(r, error);
    *out_is_there = got == count;
    return MUSTER_OK;
}

/* The record at hand, and whether it is whole. */
static muster_status read_record(muster_journal_reader *r, mu_record_header *header,
                                 uint8_t hash[MU_HASH_BYTES], bool *out_is_whole) {
    MU_TRY(fetch(r, 0, MU_RECORD_HEADER_BYTES, out_is_whole));
    if (!*out_is_whole) return MUSTER_OK;
    *out_is_whole = mu_record_decode(header, r->record) && header->sequence == r->sequence;
    if (!*out_is_whole) return MUSTER_OK;
    const size_t rest = mu_record_stride(header->size) - MU_RECORD_HEADER_BYTES;
    MU_TRY(fetch(r, MU_RECORD_HEADER_BYTES, rest, out_is_whole));
    if (!*out_is_whole) return MUSTER_OK;
    const size_t at = mu_record_stride(header->size) - MU_HASH_BYTES;
    mu_record_hash(hash, r->hash, r->record, header->size);
    *out_is_whole = memcmp(hash, r->record + at, MU_HASH_BYTES) == 0;
    return MUSTER_OK;
}

/* What lies `behind` so many bytes may also be what writes on a full disk have left, one over the other:
 * a header whose numbers are of two. So they have to go together, with each other and with where it is. */
static bool tells_of_a_loss(const muster_journal_reader *r, const uint8_t *bytes, uint64_t behind) {
    mu_record_header later;
    return mu_record_decode(&later, bytes) && later.sequence > r->sequence &&
           later.sequence - r->sequence <= behind / mu_record_stride(0) &&
           later.synced >= r->sequence && later.synced < later.sequence;
}

/* Is there a record behind the one at hand that was added after that one was acknowledged? */
static muster_status find_loss(muster_journal_reader *r, uint64_t size, bool *out_is_lost) {
    uint8_t *chunk;
    *out_is_lost = false;
    MU_TRY(mu_alloc(&chunk, SCAN_BYTES, 1));
    muster_status status = MUSTER_OK;
    /* Chunks overlap by a header less one step. */
    for (uint64_t at = r->offset + MU_RECORD_ALIGNMENT; at + MU_RECORD_HEADER_BYTES <= size;
         at += SCAN_BYTES - MU_RECORD_HEADER_BYTES + MU_RECORD_ALIGNMENT) {
        size_t    count;
        const int error = r->folder.disk.read(r->file, at, chunk, SCAN_BYTES, &count);
        if (error != 0) status = fail_read(r, error);
        if (error != 0) break;
        for (size_t i = 0; i + MU_RECORD_HEADER_BYTES <= count && !*out_is_lost;
             i += MU_RECORD_ALIGNMENT) {
            *out_is_lost = tells_of_a_loss(r, chunk + i, at + i - r->offset);
        }
        if (*out_is_lost) break;
    }
    mu_free(chunk);
    return status;
}

/* The record at hand was not whole, and no segment follows: is it the end? What tells of a loss may have
 * been written since, and then the record was before that. */
static muster_status judge_end(muster_journal_reader *r, bool *out_is_end) {
    mu_record_header header;
    uint8_t          hash[MU_HASH_BYTES];
    uint64_t         size;
    bool             is_lost, is_whole;
    *out_is_end     = true;
    const int error = r->folder.disk.size(r->file, &size);
    if (error != 0) return fail_read(r, error);
    r->torn_bytes = size > r->offset ? size - r->offset : 0;
    MU_TRY(find_loss(r, size, &is_lost));
    if (!is_lost) return MUSTER_OK;
    MU_TRY(read_record(r, &header, hash, &is_whole));
    *out_is_end = false;
    return is_whole ? MUSTER_OK : fail_damaged(r);
}

/* The list again, with the segment at hand in it. */
static muster_status look_for_more(muster_journal_reader *r, bool *out_has_more) {
    const uint64_t here = r->file ? r->header.first : 0;
    MU_TRY(mu_journal_folder_list(&r->folder));
    const mu_journal_folder *f = &r->folder;
    r->index                   = 0;
    while (r->index < f->segment_count && f->segment[r->index] < here) ++r->index;
    *out_has_more = r->file ? r->index + 1 < f->segment_count : f->segment_count > 0;
    if (!*out_has_more || !r->file || f->segment[r->index + 1] >= r->sequence) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID,
                       "\"%s\": record %" PRIu64 " was read and then withdrawn, for its writer was "
                       "shut out before it was acknowledged; read again from %" PRIu64,
                       f->path, r->sequence - 1, f->segment[r->index + 1]);
}

static void take(muster_journal_reader *r, const mu_record_header *header,
                 const uint8_t hash[MU_HASH_BYTES], muster_journal_record *out) {
    *out = (muster_journal_record){.sequence = header->sequence,
                                   .term     = r->header.term,
                                   .time_ms  = header->time_ms,
                                   .size     = header->size,
                                   .bytes    = r->record + MU_RECORD_HEADER_BYTES};
    memcpy(out->hash, hash, MU_HASH_BYTES);
    memcpy(r->hash, hash, MU_HASH_BYTES);
    r->offset += mu_record_stride(header->size);
    ++r->sequence;
    r->torn_bytes = 0;
}

/* A segment that was empty may be replaced by another one of its name: by the next writer's. */
static muster_status reopen(muster_journal_reader *r) {
    const bool is_empty = r->file && r->sequence == r->header.first;
    if (!is_empty) return MUSTER_OK;
    r->folder.disk.close_file(r->file);
    r->file       = NULL;
    r->knows_hash = false; /* what it goes on from was checked the first time */
    return open_segment(r);
}

/* One step: a record, the end, or neither yet. */
static muster_status step(muster_journal_reader *r, muster_journal_record *out, bool *out_there,
                          bool *out_is_end) {
    mu_record_header header;
    uint8_t          hash[MU_HASH_BYTES];
    bool             has_more;
    if (!r->file && r->index >= r->folder.segment_count) {
        MU_TRY(look_for_more(r, &has_more));
        *out_is_end = !has_more;
        if (has_more && r->sequence == 1) r->sequence = r->folder.segment[0];
        return MUSTER_OK;
    }
    if (!r->file) MU_TRY(open_segment(r));
    if (r->sequence >= limit_of(r)) {
        leave_segment(r);
        return MUSTER_OK;
    }
    MU_TRY(read_record(r, &header, hash, out_there));
    if (*out_there) {
        take(r, &header, hash, out);
        return MUSTER_OK;
    }
    if (limit_of(r) != UINT64_MAX) return fail_damaged(r);
    MU_TRY(look_for_more(r, &has_more));
    if (has_more) return MUSTER_OK;
    MU_TRY(reopen(r));
    return judge_end(r, out_is_end);
}

muster_status muster_journal_next(muster_journal_reader *r, muster_journal_record *out,
                                  bool *out_there) {
    bool is_end = false;
    *out_there  = false;
    while (!*out_there && !is_end) MU_TRY(step(r, out, out_there, &is_end));
    return MUSTER_OK;
}

uint64_t muster_journal_torn_bytes(const muster_journal_reader *r) {
    return r->torn_bytes;
}

/* ---- for users ----------------------------------------------------------------------------- */

/* From the first record of its segment to the one that is asked for. */
static muster_status skip_to(muster_journal_reader *r, uint64_t first) {
    muster_journal_record record;
    bool                  is_there = true;
    while (r->sequence < first && is_there) MU_TRY(muster_journal_next(r, &record, &is_there));
    if (r->sequence >= first) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID,
                       "\"%s\" ends with record %" PRIu64
                       "; expected one up to it, or the next, not "
                       "%" PRIu64,
                       r->folder.path, r->sequence - 1, first);
}

muster_status muster_journal_reader_new(muster_journal_reader **out, const char *path,
                                        uint64_t first) {
    mu_disk disk;
    *out = NULL;
    MU_TRY(mu_disk_folder(&disk, path, false));
    muster_journal_reader *reader;
    muster_status          status = mu_alloc(&reader, 1, sizeof *reader);
    if (status != MUSTER_OK) {
        disk.close(disk.user);
        return status;
    }
    status = mu_journal_reader_init(reader, &disk, path, first);
    if (status == MUSTER_OK && reader->folder.segment_count == 0) {
        status = muster_fail(MUSTER_E_FORMAT, "\"%s\" is no journal: it has no segment", path);
    }
    if (status == MUSTER_OK) status = skip_to(reader, first);
    if (status != MUSTER_OK) {
        muster_journal_reader_free(reader);
        return status;
    }
    *out = reader;
    return MUSTER_OK;
}

void muster_journal_reader_free(muster_journal_reader *reader) {
    if (!reader) return;
    mu_journal_reader_fini(reader);
    mu_free(reader);
}
