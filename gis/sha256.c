/* SHA-256 as FIPS 180-4 (NIST, 2015) has it: sections 5.1.1 padding, 5.3.3 start, 6.2.2 the block.
 * The constants are the first 32 bits of the fractional parts of cube roots of primes (4.2.2). */
#include "gis/sha256.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { BLOCK_BYTES = 64, LENGTH_AT = 56 };

static const uint32_t K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t rotate(uint32_t x, int bits) {
    return x >> bits | x << (32 - bits);
}

static uint32_t word_at(const unsigned char *bytes) {
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static void take_block(uint32_t hash[8], const unsigned char block[BLOCK_BYTES]) {
    uint32_t w[64], v[8];
    for (size_t t = 0; t < 16; ++t) w[t] = word_at(block + 4 * t);
    for (int t = 16; t < 64; ++t) {
        const uint32_t a = w[t - 15], b = w[t - 2];
        w[t] = w[t - 16] + (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) + w[t - 7] +
               (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
    }
    memcpy(v, hash, sizeof v);
    for (int t = 0; t < 64; ++t) {
        const uint32_t a = v[0], e = v[4];
        const uint32_t one = v[7] + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) +
                             ((e & v[5]) ^ (~e & v[6])) + K[t] + w[t];
        const uint32_t two = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) +
                             ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));
        memmove(v + 1, v, 7 * sizeof *v);
        v[4] += one;
        v[0] = one + two;
    }
    for (int i = 0; i < 8; ++i) hash[i] += v[i];
}

/* What is left after the whole blocks, a one bit, zeros, and the length in bits. */
static void take_end(uint32_t hash[8], const unsigned char *rest, size_t left, uint64_t size) {
    unsigned char end[2 * BLOCK_BYTES] = {0};
    const size_t  blocks               = left < LENGTH_AT ? 1 : 2;
    memcpy(end, rest, left);
    end[left] = 0x80;
    for (size_t i = 0; i < 8; ++i) {
        end[blocks * BLOCK_BYTES - 1 - i] = (unsigned char)(size * 8 >> 8 * i);
    }
    for (size_t b = 0; b < blocks; ++b) take_block(hash, end + b * BLOCK_BYTES);
}

void mu_sha256_hex(char out[MU_SHA256_HEX_BYTES], const void *bytes, size_t size) {
    uint32_t             hash[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    const unsigned char *at      = bytes;
    size_t               left    = size;
    for (; left >= BLOCK_BYTES; at += BLOCK_BYTES, left -= BLOCK_BYTES) take_block(hash, at);
    take_end(hash, at, left, size);
    for (size_t i = 0; i < 8; ++i) snprintf(out + 8 * i, 9, "%08x", hash[i]);
}
