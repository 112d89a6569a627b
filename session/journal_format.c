#include "session/journal_format.h"

#include <string.h>

#include "session/little_endian.h"

enum { VERSION = 1, AT_FIRST = 16, AT_TERM = 24, AT_PREVIOUS = 32, AT_HASH = 96 };

static const uint8_t SEGMENT_MAGIC[8] = {'M', 'U', 'S', 'T', 'E', 'R', 'J', '\n'};
static const uint8_t RECORD_MAGIC[4]  = {'M', 'R', 'E', 'C'};

/* ---- segments ------------------------------------------------------------------------------ */

void mu_segment_encode(mu_segment_header *h, uint8_t bytes[MU_SEGMENT_HEADER_BYTES]) {
    memset(bytes, 0, MU_SEGMENT_HEADER_BYTES);
    memcpy(bytes, SEGMENT_MAGIC, sizeof SEGMENT_MAGIC);
    mu_write_little_endian(bytes + 8, VERSION, 4);
    mu_write_little_endian(bytes + 12, MU_SEGMENT_HEADER_BYTES, 4);
    mu_write_little_endian(bytes + AT_FIRST, h->first, 8);
    mu_write_little_endian(bytes + AT_TERM, h->term, 8);
    memcpy(bytes + AT_PREVIOUS, h->previous, MU_HASH_BYTES);
    mu_hash_two(h->hash, bytes, AT_HASH, NULL, 0);
    memcpy(bytes + AT_HASH, h->hash, MU_HASH_BYTES);
}

const char *mu_segment_decode(mu_segment_header *h, const uint8_t bytes[MU_SEGMENT_HEADER_BYTES]) {
    if (memcmp(bytes, SEGMENT_MAGIC, sizeof SEGMENT_MAGIC) != 0) {
        return "it does not begin like a journal";
    }
    if (mu_read_little_endian(bytes + 8, 4) != VERSION)
        return "it is of another version; expected 1";
    h->first = mu_read_little_endian(bytes + AT_FIRST, 8);
    h->term  = mu_read_little_endian(bytes + AT_TERM, 8);
    memcpy(h->previous, bytes + AT_PREVIOUS, MU_HASH_BYTES);
    mu_hash_two(h->hash, bytes, AT_HASH, NULL, 0);
    return memcmp(h->hash, bytes + AT_HASH, MU_HASH_BYTES) == 0 ? NULL : "its header is damaged";
}

/* ---- records ------------------------------------------------------------------------------- */

void mu_record_encode(const mu_record_header *h, uint8_t bytes[MU_RECORD_HEADER_BYTES]) {
    memcpy(bytes, RECORD_MAGIC, sizeof RECORD_MAGIC);
    mu_write_little_endian(bytes + 4, h->size, 4);
    mu_write_little_endian(bytes + 8, h->sequence, 8);
    mu_write_little_endian(bytes + 16, (uint64_t)h->time_ms, 8);
    mu_write_little_endian(bytes + 24, h->synced, 8);
}

bool mu_record_decode(mu_record_header *h, const uint8_t bytes[MU_RECORD_HEADER_BYTES]) {
    *h = (mu_record_header){.size     = (uint32_t)mu_read_little_endian(bytes + 4, 4),
                            .sequence = mu_read_little_endian(bytes + 8, 8),
                            .time_ms  = (int64_t)mu_read_little_endian(bytes + 16, 8),
                            .synced   = mu_read_little_endian(bytes + 24, 8)};
    return memcmp(bytes, RECORD_MAGIC, sizeof RECORD_MAGIC) == 0 &&
           h->size <= MUSTER_JOURNAL_MOST_BYTES && h->synced < h->sequence;
}

size_t mu_record_padded(size_t size) {
    return (size + MU_RECORD_ALIGNMENT - 1) / MU_RECORD_ALIGNMENT * MU_RECORD_ALIGNMENT;
}

size_t mu_record_stride(size_t size) {
    return MU_RECORD_HEADER_BYTES + mu_record_padded(size) + MU_HASH_BYTES;
}

void mu_record_hash(uint8_t hash[MU_HASH_BYTES], const uint8_t previous[MU_HASH_BYTES],
                    const uint8_t *record, size_t size) {
    mu_hash_two(hash, previous, MU_HASH_BYTES, record,
                MU_RECORD_HEADER_BYTES + mu_record_padded(size));
}
