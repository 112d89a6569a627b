/* When a snapshot of the world is due, and writing it beside everything else. */
#ifndef MU_SESSION_SNAPSHOTS_H
#define MU_SESSION_SNAPSHOTS_H

#include "core/task.h"
#include "session/snapshot_file.h"
#include "session/world.h"

typedef struct mu_snapshots {
    mu_disk_source source;
    const char    *path;  /* the caller's */
    uint64_t       every; /* so many records; 0: never */
    uint64_t       last;  /* record that one was begun with */
    bool           is_running;
    mu_task        task;
    mu_snapshot    snapshot; /* that is being written */
} mu_snapshots;

/* `last` is the record of the latest that there is. */
void mu_snapshots_init(mu_snapshots *snapshots, const mu_disk_source *source, const char *path,
                       uint64_t every, uint64_t last);
/* Waits for the one that is being written; its failure is the caller's. */
muster_status mu_snapshots_wait(mu_snapshots *snapshots);

/* Begin one, where it is due and none is being written: the world is turned into bytes on this thread,
 * which go to the disk on another. `hash` is of its last record. A failure of the one before is told
 * now. */
muster_status mu_snapshots_offer(mu_snapshots *snapshots, const mu_world *world,
                                 const uint8_t hash[MU_HASH_BYTES]);

#endif
