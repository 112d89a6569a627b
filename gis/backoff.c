/* M. Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015: of the ways to draw it,
 * "full jitter" makes the fewest calls, because it spreads clients over the whole of the time. */
#include "gis/backoff.h"

/* splitmix64 (Steele, Lea and Flood, OOPSLA 2014). */
static uint64_t next_random(uint64_t *state) {
    uint64_t z = (*state += 0x9E3779B97F4A7C15u);
    z          = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z          = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

void mu_backoff_init(mu_backoff *backoff, uint32_t first_ms, uint32_t most_ms, uint64_t seed) {
    *backoff = (mu_backoff){.first_ms = first_ms, .most_ms = most_ms, .random = seed};
}

uint32_t mu_backoff_next_ms(mu_backoff *backoff) {
    const uint32_t doublings = backoff->attempt < 32 ? backoff->attempt : 32; /* 2^64 is far off */
    const uint64_t ceiling   = (uint64_t)backoff->first_ms << doublings;
    const uint64_t most      = ceiling < backoff->most_ms ? ceiling : backoff->most_ms;
    if (backoff->attempt < UINT32_MAX) ++backoff->attempt;
    return (uint32_t)(next_random(&backoff->random) % (most + 1));
}

void mu_backoff_succeed(mu_backoff *backoff) {
    backoff->attempt = 0;
}
