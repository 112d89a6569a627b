/* A writer on any disk. */
#ifndef MU_SESSION_JOURNAL_WRITER_H
#define MU_SESSION_JOURNAL_WRITER_H

#include <muster/journal.h>

#include "session/disk.h"

/* As muster_journal_open. Takes over `disk`, also when it fails. */
muster_status mu_journal_open(muster_journal **out, const mu_disk *disk, const char *path,
                              const muster_journal_options *options);

/* Take back what was added since the last sync, as if it had never been: after a sync that failed for
 * want of room. Nobody has read it. */
void mu_journal_withdraw(muster_journal *journal);
/* Is this still the one who writes? MUSTER_E_IO where another has taken over, then and from then on. */
muster_status mu_journal_check_term(muster_journal *journal);
/* Does every call fail from now on? */
bool mu_journal_is_lost(const muster_journal *journal);
/* Of the last record that is on the disk, once one was added: what the next goes on from. */
const uint8_t *mu_journal_hash(const muster_journal *journal);

#endif
