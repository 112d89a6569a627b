/* Snapshots of the world beside a journal's segments: files `<sequence>.world`, so that opening a session
 * need not apply everything since the beginning. They are a convenience: whatever is wrong with one, the
 * one before it serves, or the journal alone. */
#ifndef MU_SESSION_SNAPSHOT_FILE_H
#define MU_SESSION_SNAPSHOT_FILE_H

#include "session/disk.h"
#include "session/hash.h"

typedef struct mu_snapshot {
    uint64_t sequence;            /* the last record that is applied */
    uint8_t  hash[MU_HASH_BYTES]; /* of that record: it belongs to this journal */
    char    *bytes;               /* the world, as mu_world_write has it */
    size_t   size;
} mu_snapshot;

/* Write one beside its name and rename it, and remove all but the latest two. `path` is for messages.
 * MUSTER_E_IO. */
muster_status mu_snapshot_write(const mu_disk *disk, const char *path, const mu_snapshot *snapshot);

/* The latest up to record `last` that can be read, or one of sequence 0: there is none. Give its bytes
 * to mu_free. What is damaged is passed over: *out_is_damaged, and the message says which.
 * MUSTER_E_NOMEM, or MUSTER_E_IO where the folder cannot be listed. */
muster_status mu_snapshot_find(mu_snapshot *out, const mu_disk *disk, const char *path,
                               uint64_t last, bool *out_is_damaged);

#endif
