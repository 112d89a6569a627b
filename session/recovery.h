/* From a journal to the world that follows from it: the latest snapshot that can be read, and what
 * was recorded after it. */
#ifndef MU_SESSION_RECOVERY_H
#define MU_SESSION_RECOVERY_H

#include "session/disk.h"
#include "session/journal_reader.h"
#include "session/world.h"

typedef struct mu_recovery {
    mu_world              *world;
    muster_journal_reader *reader;       /* behind the world's last record */
    uint64_t               snapshot;     /* its record; 0: the beginning served */
    char                   trouble[512]; /* what had to be passed over; "": nothing */
} mu_recovery;

/* Up to record `last`, or the end as it is now (UINT64_MAX). Give it to mu_recovery_fini, also when it
 * fails: MUSTER_E_FORMAT for a journal that is damaged, that is none, or whose records cannot be
 * applied, naming the record; MUSTER_E_INVALID for a record that is not there; MUSTER_E_IO, _NOMEM. */
muster_status mu_recover(mu_recovery *out, const mu_disk_source *source, const char *path,
                         uint64_t last);
void          mu_recovery_fini(mu_recovery *recovery);

/* A reader whose first record is `next`, or one before it. */
muster_status mu_recovery_reader(muster_journal_reader **out, const mu_disk_source *source,
                                 const char *path, uint64_t next);

/* The last record whose time is not after `at_ms`. O(journal). MUSTER_E_INVALID: there is none. */
muster_status mu_recovery_find_time(uint64_t *out, const mu_disk_source *source, const char *path,
                                    int64_t at_ms);

#endif
