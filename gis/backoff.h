/* How long to wait before trying again: exponential backoff with full jitter. */
#ifndef MU_GIS_BACKOFF_H
#define MU_GIS_BACKOFF_H

#include <stdint.h>

typedef struct mu_backoff {
    uint32_t first_ms, most_ms;
    uint32_t attempt; /* since the last success */
    uint64_t random;  /* state of the generator */
} mu_backoff;

void mu_backoff_init(mu_backoff *backoff, uint32_t first_ms, uint32_t most_ms, uint64_t seed);
/* 0 to the lesser of most_ms and first_ms * 2^attempt; counts the attempt. */
uint32_t mu_backoff_next_ms(mu_backoff *backoff);
void     mu_backoff_succeed(mu_backoff *backoff);

#endif
