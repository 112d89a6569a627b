/* Sums of words, by which things are told apart: the same words in the same order have the same sum. Words are stirred
 * in one after the other, as splitmix64 does (Steele, Lea and Flood, 2014). Not for what somebody might forge. */
#ifndef MU_CORE_STIR_H
#define MU_CORE_STIR_H

#include <stdint.h>
#include <string.h>

static inline uint64_t mu_stir(uint64_t sum, uint64_t word) {
    uint64_t z = (sum ^ word) + 0x9E3779B97F4A7C15u;
    z          = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z          = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

/* By its bits: 0 and -0 differ. */
static inline uint64_t mu_stir_double(uint64_t sum, double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return mu_stir(sum, bits);
}

/* Eight bytes a word, and the end, so that texts in a row cannot be cut elsewhere. */
static inline uint64_t mu_stir_text(uint64_t sum, const char *text) {
    const size_t size = strlen(text) + 1;
    for (size_t at = 0; at < size; at += sizeof(uint64_t)) {
        uint64_t     word = 0;
        const size_t left = size - at;
        memcpy(&word, text + at, left < sizeof word ? left : sizeof word);
        sum = mu_stir(sum, word);
    }
    return sum;
}

#endif
