/* Which seeds a test of random problems tries: the first so many, a quarter of them where a sanitizer
 * makes everything slow. MUSTER_BRUTE_FORCE_ROUNDS says how many instead, and MUSTER_BRUTE_FORCE_SEED which is the first, so that a long run can be done
 * in pieces and a failure looked at alone. */
#ifndef TESTS_SUPPORT_ROUNDS_H
#define TESTS_SUPPORT_ROUNDS_H

#include <stdint.h>
#include <stdlib.h>

#ifdef __SANITIZE_ADDRESS__
enum { SANITIZERS_SHARE = 4 };
#else
enum { SANITIZERS_SHARE = 1 };
#endif

typedef struct seeds {
    uint64_t first, end, count;
} seeds;

static inline uint64_t number_asked(const char *variable, uint64_t usual) {
    const char *asked = getenv(variable);
    return asked && *asked ? strtoull(asked, NULL, 10) : usual;
}

static inline seeds seeds_asked(uint64_t usual) {
    const uint64_t first = number_asked("MUSTER_BRUTE_FORCE_SEED", 0);
    const uint64_t share = (usual + SANITIZERS_SHARE - 1) / SANITIZERS_SHARE;
    const uint64_t count = number_asked("MUSTER_BRUTE_FORCE_ROUNDS", share);
    return (seeds){first, first + count, count};
}

#endif
