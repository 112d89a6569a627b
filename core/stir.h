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

#endif
