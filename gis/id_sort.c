/* Radix sort from the lowest byte up. Identifiers of one region share their upper bytes,
 * and a byte that all of them share costs a glance: in effect four or five passes. */
#include "gis/id_sort.h"

#include <string.h>

#include "gis/memory.h"

enum { BYTE_VALUES = 256 };

/* Byte `shift` of an id, negative ids first. */
static unsigned byte_at(int64_t id, unsigned shift) {
    const uint64_t key = (uint64_t)id ^ (UINT64_C(1) << 63);
    return (unsigned)(key >> shift) & 0xFF;
}

/* One pass from `from` to `to`; false where all ids have the same byte and none moves. */
static bool scatter(const int64_t *from, int64_t *to, size_t count, unsigned shift) {
    size_t start[BYTE_VALUES] = {0};
    for (size_t i = 0; i < count; ++i) ++start[byte_at(from[i], shift)];
    if (start[byte_at(from[0], shift)] == count) return false;
    size_t sum = 0;
    for (size_t b = 0; b < BYTE_VALUES; ++b) {
        const size_t here = start[b];
        start[b]          = sum;
        sum += here;
    }
    for (size_t i = 0; i < count; ++i) to[start[byte_at(from[i], shift)]++] = from[i];
    return true;
}

muster_status mu_sort_ids(int64_t *ids, size_t count) {
    if (count == 0) return MUSTER_OK;
    int64_t *spare;
    MU_TRY(mu_gis_alloc(&spare, count, sizeof *spare));
    int64_t *from = ids, *to = spare;
    for (unsigned shift = 0; shift < 64; shift += 8) {
        if (!scatter(from, to, count, shift)) continue;
        int64_t *swap = from;
        from          = to;
        to            = swap;
    }
    if (from != ids) memcpy(ids, from, count * sizeof *ids);
    mu_gis_free(spare);
    return MUSTER_OK;
}
