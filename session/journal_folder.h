/* The files of a journal: segments, and a mark for each term of writing. */
#ifndef MU_SESSION_JOURNAL_FOLDER_H
#define MU_SESSION_JOURNAL_FOLDER_H

#include "session/disk.h"
#include "session/journal_format.h"
#include "session/numbered_name.h"

typedef struct mu_journal_folder {
    mu_disk       disk;    /* the folder's from mu_journal_folder_init on */
    char         *path;    /* for messages */
    uint64_t     *segment; /* number of the first record, ascending */
    size_t        segment_count, segment_capacity;
    uint64_t      term;   /* the latest of the marks; 0: none */
    uint64_t      oldest; /* term of the first mark or unfinished segment; 0: none */
    mu_disk_file *mark; /* of our own term, locked for as long as it is open; NULL: there is none */
} mu_journal_folder;

/* Takes over `disk`, also when it fails. */
muster_status mu_journal_folder_init(mu_journal_folder *folder, const mu_disk *disk,
                                     const char *path);
void          mu_journal_folder_fini(mu_journal_folder *folder);

/* Look at the folder: which segments there are, which terms. */
muster_status mu_journal_folder_list(mu_journal_folder *folder);

void mu_journal_segment_name(char name[MU_NUMBERED_NAME_BYTES], uint64_t first);

/* Open a segment and read its header. */
muster_status mu_journal_segment_open(mu_journal_folder *folder, uint64_t first, bool writes,
                                      mu_disk_file **out, mu_segment_header *header);
/* Make one, with its header, on the disk. The first of a term takes the place of an empty one that an
 * earlier term has left, and *out_is_taken says that a later term has begun; for any other it says that
 * there is one of that name already. Then none is made. */
muster_status mu_journal_segment_new(mu_journal_folder *folder, mu_segment_header *header,
                                     bool is_first, mu_disk_file **out, bool *out_is_taken);

/* Does the writer of the latest term live? The folder has been looked at. */
muster_status mu_journal_has_writer(mu_journal_folder *folder, bool *out);

/* Begin the next term of writing. Of several who do at once, each gets another one, and who is overtaken
 * already is told so. The folder has been looked at, and is looked at again. */
muster_status mu_journal_term_begin(mu_journal_folder *folder, uint64_t least, uint64_t *out_term);
/* Has somebody begun a later one? */
muster_status mu_journal_term_is_over(mu_journal_folder *folder, uint64_t term, bool *out_is_over);

/* As mu_disk_fail. */
muster_status mu_journal_fail(const mu_journal_folder *folder, const char *name, const char *what,
                              int error);

#endif
