#include "session/snapshots.h"

#include <string.h>

#include "core/alloc.h"

void mu_snapshots_init(mu_snapshots *s, const mu_disk_source *source, const char *path,
                       uint64_t every, uint64_t last) {
    *s = (mu_snapshots){.source = *source, .path = path, .every = every, .last = last};
}

static muster_status write_beside(void *user) {
    mu_snapshots *s = user;
    mu_disk       disk;
    MU_TRY(s->source.open(s->source.user, &disk, s->path, false));
    const muster_status status = mu_snapshot_write(&disk, s->path, &s->snapshot);
    disk.close(disk.user);
    return status;
}

muster_status mu_snapshots_wait(mu_snapshots *s) {
    if (!s->is_running) return MUSTER_OK;
    const muster_status status = mu_task_join(&s->task);
    mu_free(s->snapshot.bytes);
    s->snapshot   = (mu_snapshot){0};
    s->is_running = false;
    return status;
}

muster_status mu_snapshots_offer(mu_snapshots *s, const mu_world *world,
                                 const uint8_t hash[MU_HASH_BYTES]) {
    if (s->every == 0 || world->sequence - s->last < s->every) return MUSTER_OK;
    if (s->is_running && !mu_task_wait(&s->task, 0)) return MUSTER_OK;
    const muster_status before = mu_snapshots_wait(s);
    s->last                    = world->sequence;
    s->snapshot.sequence       = world->sequence;
    memcpy(s->snapshot.hash, hash, MU_HASH_BYTES);
    MU_TRY(mu_world_write(world, &s->snapshot.bytes, &s->snapshot.size));
    s->is_running = true;
    mu_task_start(&s->task, write_beside, s, s->source.is_shared);
    return before;
}
