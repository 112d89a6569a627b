/* A snapshot is a header of 128 bytes and the world. Numbers are little-endian. The SHA-256 at its end
 * is of the header before it and of the world. */
#include "session/snapshot_file.h"

#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "session/little_endian.h"
#include "session/numbered_name.h"

enum {
    HEADER_BYTES = 128,
    VERSION      = 1,
    AT_SEQUENCE  = 16,
    AT_SIZE      = 24,
    AT_HASH      = 32,
    AT_SUM       = HEADER_BYTES - MU_HASH_BYTES,
    KEPT         = 2
};

/* Of a world; more is damage. */
#define MOST_BYTES (UINT64_C(1) << 32)

static const uint8_t MAGIC[8] = {'M', 'U', 'S', 'T', 'E', 'R', 'W', '\n'};
static const char    ENDING[] = ".world", NEW_ENDING[] = ".world.new";

static muster_status fail_damaged(const char *path, const char *name, const char *what) {
    return muster_fail(MUSTER_E_FORMAT, "\"%s/%s\" is passed over: %s", path, name, what);
}

/* ---- header -------------------------------------------------------------------------------- */

static void encode(uint8_t header[HEADER_BYTES], const mu_snapshot *s) {
    memset(header, 0, HEADER_BYTES);
    memcpy(header, MAGIC, sizeof MAGIC);
    mu_write_little_endian(header + 8, VERSION, 8);
    mu_write_little_endian(header + AT_SEQUENCE, s->sequence, 8);
    mu_write_little_endian(header + AT_SIZE, s->size, 8);
    memcpy(header + AT_HASH, s->hash, MU_HASH_BYTES);
    mu_hash_two(header + AT_SUM, header, AT_SUM, s->bytes, s->size);
}

/* ---- listing ------------------------------------------------------------------------------- */

typedef struct listing {
    const char   *ending;
    uint64_t     *sequence;
    size_t        count, capacity;
    muster_status status;
} listing;

static void note(void *user, const char *name) {
    listing       *l        = user;
    const uint64_t sequence = mu_number_of_name(name, l->ending);
    if (sequence == 0 || l->status != MUSTER_OK) return;
    l->status = mu_grow(&l->sequence, &l->capacity, l->count, sizeof *l->sequence);
    if (l->status == MUSTER_OK) l->sequence[l->count++] = sequence;
}

static int descending(const void *a, const void *b) {
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x > y ? -1 : x < y;
}

/* The latest first. */
static muster_status list(listing *l, const mu_disk *disk, const char *path, const char *ending) {
    *l              = (listing){.ending = ending};
    const int error = disk->list(disk->user, note, l);
    if (error != 0 && l->status == MUSTER_OK) l->status = mu_disk_fail(path, ".", "listed", error);
    if (l->count > 0) qsort(l->sequence, l->count, sizeof *l->sequence, descending);
    return l->status;
}

/* What cannot be removed may stay. */
static void remove_from(const listing *l, const mu_disk *disk, size_t from) {
    for (size_t i = from; i < l->count; ++i) {
        char name[MU_NUMBERED_NAME_BYTES];
        mu_numbered_name(name, l->sequence[i], l->ending);
        (void)disk->remove(disk->user, name);
    }
}

/* ---- writing ------------------------------------------------------------------------------- */

static int write_file(const mu_disk *disk, const char *name, const mu_snapshot *s) {
    uint8_t       header[HEADER_BYTES];
    mu_disk_file *file;
    int           error = disk->create(disk->user, name, true, &file);
    if (error != 0) return error;
    encode(header, s);
    error = disk->write(file, 0, header, sizeof header);
    if (error == 0) error = disk->write(file, sizeof header, s->bytes, s->size);
    if (error == 0) error = disk->sync(file);
    disk->close_file(file);
    return error;
}

static void clean_up(const mu_disk *disk, const char *path) {
    listing l;
    if (list(&l, disk, path, ENDING) == MUSTER_OK) remove_from(&l, disk, KEPT);
    mu_free(l.sequence);
    if (list(&l, disk, path, NEW_ENDING) == MUSTER_OK) remove_from(&l, disk, 0);
    mu_free(l.sequence);
}

muster_status mu_snapshot_write(const mu_disk *disk, const char *path, const mu_snapshot *s) {
    char name[MU_NUMBERED_NAME_BYTES], new_name[MU_NUMBERED_NAME_BYTES];
    mu_numbered_name(name, s->sequence, ENDING);
    mu_numbered_name(new_name, s->sequence, NEW_ENDING);
    int error = write_file(disk, new_name, s);
    if (error == 0) error = disk->rename(disk->user, new_name, name, true);
    if (error == 0) error = disk->sync_folder(disk->user);
    if (error != 0) (void)disk->remove(disk->user, new_name);
    if (error != 0) return mu_disk_fail(path, name, "written", error);
    clean_up(disk, path);
    return MUSTER_OK;
}

/* ---- reading ------------------------------------------------------------------------------- */

static muster_status read_bytes(mu_snapshot *s, const mu_disk *disk, mu_disk_file *file,
                                const char *path, const char *name) {
    uint8_t  header[HEADER_BYTES], sum[MU_HASH_BYTES];
    uint64_t size  = 0;
    size_t   count = 0;
    int      error = disk->size(file, &size);
    if (error == 0) error = disk->read(file, 0, header, sizeof header, &count);
    if (error != 0) return mu_disk_fail(path, name, "read", error);
    if (count < sizeof header || memcmp(header, MAGIC, sizeof MAGIC) != 0 ||
        mu_read_little_endian(header + 8, 8) != VERSION ||
        mu_read_little_endian(header + AT_SEQUENCE, 8) != s->sequence) {
        return fail_damaged(path, name, "its header is not that of a snapshot of its name");
    }
    if (mu_read_little_endian(header + AT_SIZE, 8) != size - sizeof header || size > MOST_BYTES) {
        return fail_damaged(path, name, "it is not as long as its header says");
    }
    s->size = (size_t)size - sizeof header;
    MU_TRY(mu_alloc(&s->bytes, s->size, 1));
    error = disk->read(file, sizeof header, s->bytes, s->size, &count);
    if (error != 0) return mu_disk_fail(path, name, "read", error);
    mu_hash_two(sum, header, AT_SUM, s->bytes, count);
    if (count != s->size || memcmp(sum, header + AT_SUM, MU_HASH_BYTES) != 0) {
        return fail_damaged(path, name, "its bytes are not those that were written");
    }
    memcpy(s->hash, header + AT_HASH, MU_HASH_BYTES);
    return MUSTER_OK;
}

static muster_status read_one(mu_snapshot *out, const mu_disk *disk, const char *path,
                              uint64_t sequence) {
    char          name[MU_NUMBERED_NAME_BYTES];
    mu_disk_file *file;
    *out = (mu_snapshot){.sequence = sequence};
    mu_numbered_name(name, sequence, ENDING);
    const int error = disk->open(disk->user, name, false, &file);
    if (error != 0) return mu_disk_fail(path, name, "opened", error);
    const muster_status status = read_bytes(out, disk, file, path, name);
    disk->close_file(file);
    if (status != MUSTER_OK) {
        mu_free(out->bytes);
        *out = (mu_snapshot){0};
    }
    return status;
}

muster_status mu_snapshot_find(mu_snapshot *out, const mu_disk *disk, const char *path,
                               uint64_t last, bool *out_is_damaged) {
    listing l;
    *out                 = (mu_snapshot){0};
    *out_is_damaged      = false;
    muster_status status = list(&l, disk, path, ENDING);
    for (size_t i = 0; status == MUSTER_OK && out->sequence == 0 && i < l.count; ++i) {
        if (l.sequence[i] > last) continue;
        status = read_one(out, disk, path, l.sequence[i]);
        if (status == MUSTER_E_FORMAT || status == MUSTER_E_IO) {
            *out_is_damaged = true;
            status          = MUSTER_OK;
        }
    }
    mu_free(l.sequence);
    return status;
}
