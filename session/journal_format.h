/* How a journal lies in its files. Numbers are little-endian; docs/journal.md shows it to users.
 *
 * A segment is a file named after the number of its first record: a header of 128 bytes, then records,
 * each of 32 bytes that say what it is, its own bytes filled up to eight, and a hash of 32. A hash is
 * the SHA-256 of the hash before it, the 32 bytes and the record's own; a segment's header has the hash
 * of the last record before it in it, and a hash of itself that the first record goes on from. So
 * no byte that counts can be changed without every later hash. */
#ifndef MU_SESSION_JOURNAL_FORMAT_H
#define MU_SESSION_JOURNAL_FORMAT_H

#include <muster/journal.h>

#include "session/hash.h"

enum { MU_SEGMENT_HEADER_BYTES = 128, MU_RECORD_HEADER_BYTES = 32, MU_RECORD_ALIGNMENT = 8 };

typedef struct mu_segment_header {
    uint64_t first; /* number of the first record, whether it is there yet or not */
    uint64_t term;  /* of whoever writes it */
    uint8_t  previous[MU_HASH_BYTES];
    uint8_t  hash[MU_HASH_BYTES];
} mu_segment_header;

/* Fill in header->hash too. */
void mu_segment_encode(mu_segment_header *header, uint8_t bytes[MU_SEGMENT_HEADER_BYTES]);
/* NULL, or what is wrong: "it has no header of a journal". */
const char *mu_segment_decode(mu_segment_header *header,
                              const uint8_t      bytes[MU_SEGMENT_HEADER_BYTES]);

typedef struct mu_record_header {
    uint32_t size;
    uint64_t sequence;
    int64_t  time_ms;
    /* The last record that was acknowledged when this one was added. What follows on one that is not
     * whole tells thereby whether that was a loss: an acknowledged record that is damaged, or one
     * that a crash has cut off. */
    uint64_t synced;
} mu_record_header;

void mu_record_encode(const mu_record_header *header, uint8_t bytes[MU_RECORD_HEADER_BYTES]);
/* False where this is none. */
bool mu_record_decode(mu_record_header *header, const uint8_t bytes[MU_RECORD_HEADER_BYTES]);

/* Own bytes filled up to eight. */
size_t mu_record_padded(size_t size);
/* From one record to the next. */
size_t mu_record_stride(size_t size);

/* `record` is header and padded bytes, mu_record_stride() less a hash. */
void mu_record_hash(uint8_t hash[MU_HASH_BYTES], const uint8_t previous[MU_HASH_BYTES],
                    const uint8_t *record, size_t size);

#endif
