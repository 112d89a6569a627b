/* A writer on any disk. */
#ifndef MU_SESSION_JOURNAL_WRITER_H
#define MU_SESSION_JOURNAL_WRITER_H

#include <muster/journal.h>

#include "session/disk.h"

/* As muster_journal_open. Takes over `disk`, also when it fails. */
muster_status mu_journal_open(muster_journal **out, const mu_disk *disk, const char *path,
                              const muster_journal_options *options);

#endif
