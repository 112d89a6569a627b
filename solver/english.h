/* What sentences in English have in common. */
#ifndef MU_SOLVER_ENGLISH_H
#define MU_SOLVER_ENGLISH_H

#include <stdint.h>

/* The word behind a number, or the verb: "1 person", "0 people", "1 is", "2 are". */
static inline const char *mu_english_of(int64_t count, const char *one, const char *many) {
    return count == 1 ? one : many;
}

#endif
