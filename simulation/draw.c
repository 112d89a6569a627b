#include "simulation/draw.h"

enum { ROUNDS = 10 };

/* Multipliers and the Weyl sequences of the key, as published. */
static const uint32_t MULTIPLIER[2] = {0xD2511F53u, 0xCD9E8D57u};
static const uint32_t WEYL[2]       = {0x9E3779B9u, 0xBB67AE85u};

void mu_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]) {
    uint32_t x[4] = {counter[0], counter[1], counter[2], counter[3]}, k[2] = {key[0], key[1]};
    for (int round = 0; round < ROUNDS; ++round) {
        const uint64_t a = (uint64_t)MULTIPLIER[0] * x[0], b = (uint64_t)MULTIPLIER[1] * x[2];
        const uint32_t y[4] = {(uint32_t)(b >> 32) ^ x[1] ^ k[0], (uint32_t)b,
                               (uint32_t)(a >> 32) ^ x[3] ^ k[1], (uint32_t)a};
        for (int i = 0; i < 4; ++i) x[i] = y[i];
        for (int i = 0; i < 2; ++i) k[i] += WEYL[i];
    }
    for (int i = 0; i < 4; ++i) out[i] = x[i];
}

static uint64_t draw_of_key(uint64_t key, uint64_t low, uint64_t high) {
    const uint32_t counter[4] = {(uint32_t)low, (uint32_t)(low >> 32), (uint32_t)high,
                                 (uint32_t)(high >> 32)};
    const uint32_t half[2]    = {(uint32_t)key, (uint32_t)(key >> 32)};
    uint32_t       out[4];
    mu_philox(counter, half, out);
    return (uint64_t)out[1] << 32 | out[0];
}

/* FNV-1a (Fowler, Noll and Vo): the same on every machine. It is a counter of Philox afterwards, so that
 * texts that are nearly the same share nothing. */
static uint64_t hash_of(const char *text, uint64_t hash) {
    for (const unsigned char *c = (const unsigned char *)text; c && *c; ++c) {
        hash = (hash ^ *c) * UINT64_C(0x100000001B3);
    }
    return hash;
}

static const uint64_t FNV_START = UINT64_C(0xCBF29CE484222325);

mu_stream mu_stream_of_two(uint64_t seed, uint32_t replication, mu_purpose purpose,
                           const char *entity, const char *other) {
    static const uint64_t PRIME = UINT64_C(0x100000001B3);
    uint64_t              hash  = hash_of(entity, FNV_START);
    if (other) hash = hash_of(other, (hash ^ 0xFF) * PRIME); /* 0xFF is in no UTF-8 */
    return (mu_stream){draw_of_key(seed, hash, (uint64_t)purpose << 32 | replication)};
}

mu_stream mu_stream_of(uint64_t seed, uint32_t replication, mu_purpose purpose,
                       const char *entity) {
    return mu_stream_of_two(seed, replication, purpose, entity, NULL);
}

uint64_t mu_draw(mu_stream stream, uint64_t index, uint32_t lane) {
    return draw_of_key(stream.key, index, lane);
}

/* The upper 52 bits and a half: 2^-53 to 1 - 2^-53, all of them exact. */
double mu_draw_unit(mu_stream stream, uint64_t index, uint32_t lane) {
    return ((double)(mu_draw(stream, index, lane) >> 12) + 0.5) * 0x1p-52;
}

uint64_t mu_draw_below(mu_stream stream, uint64_t index, uint32_t lane, uint64_t count) {
    const uint64_t random = mu_draw(stream, index, lane);
    /* The upper half of the product of two 64-bit numbers, of which each half is 32. */
    const uint64_t a = random >> 32, b = random & UINT32_MAX, c = count >> 32,
                   d = count & UINT32_MAX, middle = a * d + (b * d >> 32);
    return a * c + (middle >> 32) + ((b * c + (middle & UINT32_MAX)) >> 32);
}
