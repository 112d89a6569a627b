/* XXH64 (Collet, "xxHash fast digest algorithm", specification 0.1.1).
 *
 * Chosen because a file of hundreds of megabytes is to be checked at the speed of memory: four
 * independent lanes of eight bytes keep the multiplier busy. Words are taken in little-endian
 * order, as the specification says. */
#include "core/checksum.h"

static const uint64_t PRIME_1 = 0x9E3779B185EBCA87u, PRIME_2 = 0xC2B2AE3D27D4EB4Fu,
                      PRIME_3 = 0x165667B19E3779F9u, PRIME_4 = 0x85EBCA77C2B2AE63u,
                      PRIME_5 = 0x27D4EB2F165667C5u;

enum { LANES = 4, WORD_BYTES = 8, STRIPE_BYTES = WORD_BYTES * LANES };

static uint64_t rotated(uint64_t value, int bits) {
    return value << bits | value >> (64 - bits);
}

static uint64_t word_at(const unsigned char *at, int bytes) {
    uint64_t word = 0;
    for (int i = bytes; i-- > 0;) word = word << 8 | at[i];
    return word;
}

static uint64_t mixed(uint64_t lane, uint64_t word) {
    return rotated(lane + word * PRIME_2, 31) * PRIME_1;
}

/* The whole stripes; moves *at behind them. */
static uint64_t mix_stripes(const unsigned char **at, size_t count) {
    const int ROTATION[LANES] = {1, 7, 12, 18};
    uint64_t  lane[LANES]     = {PRIME_1 + PRIME_2, PRIME_2, 0, 0 - PRIME_1};
    for (size_t i = 0; i < count; ++i) {
        for (int l = 0; l < LANES; ++l, *at += WORD_BYTES) {
            lane[l] = mixed(lane[l], word_at(*at, WORD_BYTES));
        }
    }
    uint64_t hash = 0;
    for (int l = 0; l < LANES; ++l) hash += rotated(lane[l], ROTATION[l]);
    for (int l = 0; l < LANES; ++l) hash = (hash ^ mixed(0, lane[l])) * PRIME_1 + PRIME_4;
    return hash;
}

static uint64_t mix_rest(uint64_t hash, const unsigned char *at, size_t left) {
    for (; left >= WORD_BYTES; left -= WORD_BYTES, at += WORD_BYTES) {
        hash = rotated(hash ^ mixed(0, word_at(at, WORD_BYTES)), 27) * PRIME_1 + PRIME_4;
    }
    if (left >= 4) {
        hash = rotated(hash ^ word_at(at, 4) * PRIME_1, 23) * PRIME_2 + PRIME_3;
        left -= 4;
        at += 4;
    }
    for (; left > 0; --left, ++at) hash = rotated(hash ^ *at * PRIME_5, 11) * PRIME_1;
    return hash;
}

uint64_t mu_checksum(const void *bytes, size_t count) {
    const unsigned char *at = bytes;
    uint64_t hash = count >= STRIPE_BYTES ? mix_stripes(&at, count / STRIPE_BYTES) : PRIME_5;
    hash          = mix_rest(hash + count, at, count % STRIPE_BYTES);
    hash          = (hash ^ hash >> 33) * PRIME_2;
    hash          = (hash ^ hash >> 29) * PRIME_3;
    return hash ^ hash >> 32;
}
