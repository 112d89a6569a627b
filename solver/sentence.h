/* Text that grows as it is said. */
#ifndef MU_SOLVER_SENTENCE_H
#define MU_SOLVER_SENTENCE_H

#include <stddef.h>
#include <stdint.h>

#include "core/error.h"

/* Starts as zeros; `text` is the caller's, who gives it back to mu_free. */
typedef struct mu_sentence {
    char         *text;
    size_t        length, capacity;
    muster_status status; /* the first failure; nothing is written after it */
} mu_sentence;

__attribute__((format(printf, 2, 3))) void mu_say(mu_sentence *sentence, const char *format, ...);

/* With one decimal is how people are told them. */
static inline double mu_minutes(uint32_t ms) {
    return ms / 60000.0;
}

#endif
