/* Radix sort from the lowest digit up (Knuth, The Art of Computer Programming 3, 5.2.5). Keys are times,
 * of which the upper digits mostly are all the same: those passes are left out. A few keys are inserted
 * one by one, which takes less than to count digits. */
#include "solver/key_sort.h"

#include <string.h>

enum { FEW = 32, DIGIT_BITS = 8, DIGITS = 4, VALUES = 1 << DIGIT_BITS };

static uint32_t digit_of(uint64_t key, unsigned digit) {
    return (uint32_t)(key >> (32 + digit * DIGIT_BITS)) % VALUES;
}

static void insert_each(size_t count, uint64_t *key) {
    for (size_t i = 1; i < count; ++i) {
        const uint64_t fresh = key[i];
        size_t         hole  = i;
        for (; hole > 0 && key[hole - 1] >> 32 > fresh >> 32; --hole) key[hole] = key[hole - 1];
        key[hole] = fresh;
    }
}

/* From `key` to `out`, by one digit; `seen`: how many keys have each value of it. */
static void distribute(size_t count, const uint64_t *key, uint64_t *out, unsigned digit,
                       const uint32_t seen[VALUES]) {
    size_t place[VALUES], next = 0;
    for (uint32_t v = 0; v < VALUES; ++v) {
        place[v] = next;
        next += seen[v];
    }
    for (size_t i = 0; i < count; ++i) out[place[digit_of(key[i], digit)]++] = key[i];
}

void mu_sort_keys(size_t count, uint64_t *key, uint64_t *scratch) {
    uint32_t  seen[DIGITS][VALUES] = {{0}};
    uint64_t *from = key, *to = scratch;
    if (count <= FEW) {
        insert_each(count, key);
        return;
    }
    for (size_t i = 0; i < count; ++i) {
        for (unsigned d = 0; d < DIGITS; ++d) ++seen[d][digit_of(key[i], d)];
    }
    for (unsigned d = 0; d < DIGITS; ++d) {
        if (seen[d][digit_of(key[0], d)] == count) continue;
        distribute(count, from, to, d, seen[d]);
        uint64_t *other = from;
        from            = to;
        to              = other;
    }
    if (from != key) memcpy(key, from, count * sizeof *key);
}
