/** @file muster/journal.h
 *  A journal: what happened, in order, in files that are only ever added to. A record that was
 *  acknowledged survives a crash, and one that was altered afterwards is found: each carries the
 *  SHA-256 of itself and the one before it (Haber and Stornetta, "How to Time-Stamp a Digital
 *  Document", 1991). One process writes at a time, any number read. Part of libmuster_session.
 *
 *  A record is bytes; what they say is the caller's affair. docs/journal.md has the format. */
#ifndef MUSTER_JOURNAL_H
#define MUSTER_JOURNAL_H

#include <muster/error.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    MUSTER_JOURNAL_HASH_BYTES = 32,
    MUSTER_JOURNAL_MOST_BYTES = 1 << 30 /**< Of one record. */
};

/* ---- writing ----------------------------------------------------------------------------- */

/** A journal that is being written; of one thread at a time. */
typedef struct muster_journal muster_journal;

typedef enum muster_journal_mode {
    /** Refused while another process writes. */
    MUSTER_JOURNAL_OPEN,
    /** Whoever writes now is shut out: what they have been told is on the disk stays, their next
     *  muster_journal_sync fails. For a standby on the same file system. */
    MUSTER_JOURNAL_TAKE_OVER
} muster_journal_mode;

typedef struct muster_journal_options {
    size_t   struct_size;
    uint32_t mode;          /**< A muster_journal_mode. */
    uint64_t segment_bytes; /**< A new file is begun when one has so many; 0: 64 MB. */
} muster_journal_options;

#define MUSTER_JOURNAL_OPTIONS_INIT                                                                \
    { .struct_size = sizeof(muster_journal_options) }

/** Open the journal in @p folder, which is made if it is not there, and start a new term of writing
 *  behind its last whole record. What a crash has left half written behind that one was never
 *  acknowledged; it is passed over and stays where it is. O(size of the last segment).
 *  @param out      receives the journal, yours: muster_journal_close
 *  @param folder   its folder
 *  @param options  may be NULL
 *  @return MUSTER_E_IO (another process writes, no permission, disk full), MUSTER_E_FORMAT (an
 *          acknowledged record is damaged, naming file, byte and record), MUSTER_E_NOMEM. */
MUSTER_API muster_status muster_journal_open(muster_journal **out, const char *folder,
                                             const muster_journal_options *options);
/** Nothing that was not synced is written. NULL is welcome. */
MUSTER_API void muster_journal_close(muster_journal *journal);

/** Sequence number of the last record that is on the disk; 0: none is. Numbers count from 1. */
MUSTER_API uint64_t muster_journal_last(const muster_journal *journal);
/** Which term of writing this is: each muster_journal_open has a higher one. */
MUSTER_API uint64_t muster_journal_term(const muster_journal *journal);

/** Add a record; all is copied. It is in memory only until muster_journal_sync.
 *  @param journal       one that is open
 *  @param time_ms       when it happened: milliseconds since 1970, UTC; any order
 *  @param bytes         what the record says
 *  @param size          how many bytes that is
 *  @param out_sequence  receives its number; may be NULL
 *  @return MUSTER_E_INVALID (too long), MUSTER_E_NOMEM, MUSTER_E_IO (see muster_journal_sync). */
MUSTER_API muster_status muster_journal_append(muster_journal *journal, int64_t time_ms,
                                               const void *bytes, size_t size,
                                               uint64_t *out_sequence);

/** Bring all that was added to the disk: once it returns MUSTER_OK, a crash of the process, the system
 *  or the power does not lose it. Many records share one sync.
 *  @return MUSTER_E_IO: none of what was added since the last sync is acknowledged. Where the message
 *          says so (disk full) it is still there, and the next sync tries again; where the disk has
 *          refused to say what it holds, or another process has taken over, every call fails from
 *          then on, and the journal has to be opened anew. */
MUSTER_API muster_status muster_journal_sync(muster_journal *journal);

/* ---- reading ----------------------------------------------------------------------------- */

typedef struct muster_journal_record {
    uint64_t    sequence;
    uint64_t    term;
    int64_t     time_ms;
    size_t      size;
    const void *bytes; /**< The reader's, until the next record. */
    uint8_t     hash[MUSTER_JOURNAL_HASH_BYTES];
} muster_journal_record;

typedef struct muster_journal_reader muster_journal_reader;

/** Read a journal from record @p first on, also while it is being written.
 *  @param out     receives the reader, yours: muster_journal_reader_free
 *  @param folder  the journal's folder
 *  @param first   1, or any later one: the chain before it, in other segments, is not looked at
 *  @return MUSTER_E_IO (no such folder), MUSTER_E_FORMAT (no journal), MUSTER_E_INVALID (no such
 *          record). */
MUSTER_API muster_status muster_journal_reader_new(muster_journal_reader **out, const char *folder,
                                                   uint64_t first);
MUSTER_API void          muster_journal_reader_free(muster_journal_reader *reader);

/** Go to the next record, which has been checked against its hash and the one before.
 *  @param reader     moves on by one record
 *  @param out        receives the record; its bytes live until the next call
 *  @param out_there  false at the end as it is now: ask again later
 *  @return MUSTER_E_FORMAT naming file, byte and record where an acknowledged one is damaged;
 *          MUSTER_E_IO, MUSTER_E_NOMEM. */
MUSTER_API muster_status muster_journal_next(muster_journal_reader *reader,
                                             muster_journal_record *out, bool *out_there);

/** What muster_journal_next has found at the end: bytes of a record that is not whole. */
MUSTER_API uint64_t muster_journal_torn_bytes(const muster_journal_reader *reader);

#ifdef __cplusplus
}
#endif
#endif
