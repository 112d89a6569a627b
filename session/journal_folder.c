/* Terms are files that are made under a name that must not be there yet. Whoever makes the one of the
 * next term has shut out all of the earlier ones: before they acknowledge anything they look for it,
 * after their bytes are on the disk, and it was made before the new writer read where the journal
 * ends. So either their bytes were read, or they see the mark. (The order of Dekker's algorithm: each
 * writes its own and then reads the other's.)
 *
 * Marks of terms gone by are removed, from the lowest on. A writer looks for the next mark first and
 * then for its own: when the next one is gone again, so is its own.
 *
 * A writer that is overtaken while it opens has acknowledged nothing, and must not put its first segment
 * in the place of the next writer's. That segment is a file of another name from the beginning of its
 * term on, made before it looks for later marks, and whoever makes one of those removes it: then there is
 * nothing to be renamed any more.
 *
 * A writer has its mark locked for as long as it lives. So who asks politely is refused also where the
 * lock of the folder is free again, or was another's, because somebody was taken over from. */
#include "session/journal_folder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"

enum { TERM_TRIES = 1000 };

static const char SEGMENT_ENDING[] = ".journal", TERM_ENDING[] = ".term";
static const char NEW_ENDING[] = ".new"; /* of the term that makes it */

/* ---- names --------------------------------------------------------------------------------- */

void mu_journal_segment_name(char name[MU_NUMBERED_NAME_BYTES], uint64_t first) {
    mu_numbered_name(name, first, SEGMENT_ENDING);
}

muster_status mu_journal_fail(const mu_journal_folder *folder, const char *name, const char *what,
                              int error) {
    return mu_disk_fail(folder->path, name, what, error);
}

/* ---- life ---------------------------------------------------------------------------------- */

muster_status mu_journal_folder_init(mu_journal_folder *f, const mu_disk *disk, const char *path) {
    *f                         = (mu_journal_folder){.disk = *disk};
    const muster_status status = mu_alloc_copy(&f->path, path, strlen(path) + 1, 1);
    if (status != MUSTER_OK) mu_journal_folder_fini(f);
    return status;
}

void mu_journal_folder_fini(mu_journal_folder *f) {
    if (f->mark) f->disk.close_file(f->mark);
    if (f->disk.close) f->disk.close(f->disk.user);
    mu_free(f->path);
    mu_free(f->segment);
    *f = (mu_journal_folder){0};
}

/* ---- listing ------------------------------------------------------------------------------- */

typedef struct listing {
    mu_journal_folder *folder;
    muster_status      status;
} listing;

static void note_name(void *user, const char *name) {
    listing           *l       = user;
    mu_journal_folder *f       = l->folder;
    const uint64_t     segment = mu_number_of_name(name, SEGMENT_ENDING),
                   term        = mu_number_of_name(name, TERM_ENDING);
    const uint64_t mark        = term > 0 ? term : mu_number_of_name(name, NEW_ENDING);
    if (term > f->term) f->term = term;
    if (mark > 0 && (f->oldest == 0 || mark < f->oldest)) f->oldest = mark;
    if (segment == 0 || l->status != MUSTER_OK) return;
    l->status = mu_grow(&f->segment, &f->segment_capacity, f->segment_count, sizeof *f->segment);
    if (l->status == MUSTER_OK) f->segment[f->segment_count++] = segment;
}

static int ascending(const void *a, const void *b) {
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

muster_status mu_journal_folder_list(mu_journal_folder *f) {
    listing l        = {.folder = f};
    f->segment_count = 0;
    f->term = f->oldest = 0;
    const int error     = f->disk.list(f->disk.user, note_name, &l);
    if (error != 0) return mu_journal_fail(f, ".", "listed", error);
    if (f->segment_count > 0) qsort(f->segment, f->segment_count, sizeof *f->segment, ascending);
    return l.status;
}

/* ---- segments ------------------------------------------------------------------------------ */

static muster_status read_header(mu_journal_folder *f, const char *name, uint64_t first,
                                 mu_disk_file *file, mu_segment_header *header) {
    uint8_t   bytes[MU_SEGMENT_HEADER_BYTES];
    size_t    count;
    const int error = f->disk.read(file, 0, bytes, sizeof bytes, &count);
    if (error != 0) return mu_journal_fail(f, name, "read", error);
    const char *wrong =
        count < sizeof bytes ? "it is shorter than its header" : mu_segment_decode(header, bytes);
    if (!wrong && header->first != first) wrong = "its header is of another segment";
    if (!wrong) return MUSTER_OK;
    return muster_fail(MUSTER_E_FORMAT, "\"%s/%s\" is no segment of a journal: %s", f->path, name,
                       wrong);
}

muster_status mu_journal_segment_open(mu_journal_folder *f, uint64_t first, bool writes,
                                      mu_disk_file **out, mu_segment_header *header) {
    char name[MU_NUMBERED_NAME_BYTES];
    mu_journal_segment_name(name, first);
    const int error = f->disk.open(f->disk.user, name, writes, out);
    if (error != 0) return mu_journal_fail(f, name, "opened", error);
    const muster_status status = read_header(f, name, first, *out, header);
    if (status != MUSTER_OK) {
        f->disk.close_file(*out);
        *out = NULL;
    }
    return status;
}

/* The header alone, on the disk, under a name that is given away: the last thing that can fail. */
static int write_new(mu_journal_folder *f, mu_disk_file *file, const char *new_name,
                     const uint8_t *bytes, size_t count, const char *name, bool replaces) {
    int error = f->disk.write(file, 0, bytes, count);
    if (error == 0) error = f->disk.sync(file);
    if (error == 0) error = f->disk.rename(f->disk.user, new_name, name, replaces);
    return error == 0 ? f->disk.sync_folder(f->disk.user) : error;
}

muster_status mu_journal_segment_new(mu_journal_folder *f, mu_segment_header *header, bool is_first,
                                     mu_disk_file **out, bool *out_is_taken) {
    uint8_t bytes[MU_SEGMENT_HEADER_BYTES];
    char    name[MU_NUMBERED_NAME_BYTES], new_name[MU_NUMBERED_NAME_BYTES];
    *out          = NULL;
    *out_is_taken = false;
    mu_segment_encode(header, bytes);
    mu_journal_segment_name(name, header->first);
    mu_numbered_name(new_name, header->term, NEW_ENDING);
    int error = is_first ? f->disk.open(f->disk.user, new_name, true, out)
                         : f->disk.create(f->disk.user, new_name, true, out);
    if (error == 0) {
        error = write_new(f, *out, new_name, bytes, sizeof bytes, name, is_first);
        if (error != 0) f->disk.close_file(*out);
    }
    if (error == 0) return MUSTER_OK;
    *out          = NULL;
    *out_is_taken = error == (is_first ? ENOENT : EEXIST);
    return *out_is_taken ? MUSTER_OK : mu_journal_fail(f, name, "made", error);
}

/* ---- terms --------------------------------------------------------------------------------- */

static muster_status has_file(mu_journal_folder *f, const char *name, bool *out) {
    const int error = f->disk.has(f->disk.user, name, out);
    return error == 0 ? MUSTER_OK : mu_journal_fail(f, name, "looked for", error);
}

muster_status mu_journal_has_writer(mu_journal_folder *f, bool *out) {
    char          name[MU_NUMBERED_NAME_BYTES];
    mu_disk_file *file;
    *out = false;
    if (f->term == 0) return MUSTER_OK;
    mu_numbered_name(name, f->term, TERM_ENDING);
    int error = f->disk.open(f->disk.user, name, true, &file);
    if (error == ENOENT) return MUSTER_OK; /* the next term has begun, as will be seen */
    if (error == 0) {
        error = f->disk.lock_file(file);
        f->disk.close_file(file);
    }
    *out = error == EWOULDBLOCK;
    return error == 0 || *out ? MUSTER_OK : mu_journal_fail(f, name, "looked at", error);
}

static int make_mark(mu_journal_folder *f, const char *name) {
    if (f->mark) f->disk.close_file(f->mark);
    f->mark   = NULL;
    int error = f->disk.create(f->disk.user, name, false, &f->mark);
    if (error != 0) return error;
    error = f->disk.lock_file(f->mark);
    return error == 0 ? f->disk.sync_folder(f->disk.user) : error;
}

/* The first that nobody has, from `term` on. */
static muster_status claim(mu_journal_folder *f, uint64_t term, uint64_t *out_term) {
    for (int tries = 0; tries < TERM_TRIES; ++tries, ++term) {
        char name[MU_NUMBERED_NAME_BYTES];
        mu_numbered_name(name, term, TERM_ENDING);
        const int error = make_mark(f, name);
        if (error == EEXIST) continue;
        *out_term = term;
        return error == 0 ? MUSTER_OK : mu_journal_fail(f, name, "made", error);
    }
    return muster_fail(MUSTER_E_IO, "\"%s\": others began %d terms of writing at the same time",
                       f->path, TERM_TRIES);
}

/* From here on there is the file that the first segment is made of. */
static muster_status make_new(mu_journal_folder *f, uint64_t term) {
    char          name[MU_NUMBERED_NAME_BYTES];
    mu_disk_file *file;
    mu_numbered_name(name, term, NEW_ENDING);
    const int error = f->disk.create(f->disk.user, name, true, &file);
    if (error != 0) return mu_journal_fail(f, name, "made", error);
    f->disk.close_file(file);
    return MUSTER_OK;
}

/* Segments that earlier terms have not finished must be gone; of their marks, what cannot be removed may
 * stay, with all that are later. */
static muster_status clean_up(mu_journal_folder *f, uint64_t term) {
    char name[MU_NUMBERED_NAME_BYTES];
    bool removes_marks = true;
    for (uint64_t t = f->oldest; t < term; ++t) {
        mu_numbered_name(name, t, NEW_ENDING);
        const int error = f->disk.remove(f->disk.user, name);
        if (error != 0 && error != ENOENT) return mu_journal_fail(f, name, "removed", error);
        mu_numbered_name(name, t, TERM_ENDING);
        const int mark_error = removes_marks ? f->disk.remove(f->disk.user, name) : 0;
        removes_marks        = removes_marks && (mark_error == 0 || mark_error == ENOENT);
    }
    return MUSTER_OK;
}

muster_status mu_journal_term_begin(mu_journal_folder *f, uint64_t least, uint64_t *out_term) {
    MU_TRY(claim(f, f->term >= least ? f->term + 1 : least, out_term));
    MU_TRY(make_new(f, *out_term));
    MU_TRY(mu_journal_folder_list(f));
    if (f->term > *out_term) {
        return muster_fail(MUSTER_E_IO,
                           "\"%s\": another process has taken over while it was opened", f->path);
    }
    return clean_up(f, *out_term);
}

muster_status mu_journal_term_is_over(mu_journal_folder *f, uint64_t term, bool *out_is_over) {
    char name[MU_NUMBERED_NAME_BYTES];
    bool has_own;
    mu_numbered_name(name, term + 1, TERM_ENDING);
    MU_TRY(has_file(f, name, out_is_over));
    if (*out_is_over) return MUSTER_OK;
    mu_numbered_name(name, term, TERM_ENDING);
    MU_TRY(has_file(f, name, &has_own));
    *out_is_over = !has_own;
    return MUSTER_OK;
}
