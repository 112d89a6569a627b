/* A walk along the records of a journal: what readers do, and a writer to find the end. */
#ifndef MU_SESSION_JOURNAL_READER_H
#define MU_SESSION_JOURNAL_READER_H

#include "session/journal_folder.h"

struct muster_journal_reader {
    mu_journal_folder folder;
    size_t            index;               /* of the segment at hand in the list */
    mu_disk_file     *file;                /* NULL: it is not open yet */
    mu_segment_header header;              /* its */
    uint64_t          offset;              /* of the next record */
    uint64_t          sequence;            /* of that */
    uint8_t           hash[MU_HASH_BYTES]; /* what it goes on from */
    bool              knows_hash;          /* not before the first segment */
    uint64_t          torn_bytes;
    uint8_t          *record; /* the last one that was read */
    size_t            capacity;
};

/* Takes over `disk`, also when it fails. At the first record that is not known to come before `first`:
 * that of a segment. 0: of all. */
muster_status mu_journal_reader_init(muster_journal_reader *reader, const mu_disk *disk,
                                     const char *path, uint64_t first);
void          mu_journal_reader_fini(muster_journal_reader *reader);

#endif
