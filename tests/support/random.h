/* Seeded random numbers for tests: splitmix64 (Steele, Lea and Flood, OOPSLA 2014). */
#ifndef TESTS_SUPPORT_RANDOM_H
#define TESTS_SUPPORT_RANDOM_H

#include <stdint.h>

static inline uint32_t random_u32(uint64_t *state) {
    uint64_t z = (*state += 0x9E3779B97F4A7C15u);
    z          = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z          = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (uint32_t)((z ^ (z >> 31)) >> 32);
}

/* 0 to bound - 1; bound must not be 0. */
static inline uint32_t random_below(uint64_t *state, uint32_t bound) {
    return random_u32(state) % bound;
}

/* Every other time 0, else 0 to bound - 1. (Of a product of two that are drawn, C leaves open which
 * is drawn first.) */
static inline uint32_t random_or_0(uint64_t *state, uint32_t bound) {
    const uint32_t is_some = random_below(state, 2);
    return is_some * random_below(state, bound);
}

/* 0 to 1, 1 not included. */
static inline double random_unit(uint64_t *state) {
    return random_u32(state) / 4294967296.0;
}

#endif
