/* Which moments there are: a clock that has lost its battery says 1970, one that counts seconds is
 * off by a factor of a thousand. */
#ifndef MU_SESSION_MOMENT_RANGE_H
#define MU_SESSION_MOMENT_RANGE_H

#include <stdbool.h>
#include <stdint.h>

#define MU_MOMENT_FIRST_MS INT64_C(946684800000)  /* 2000-01-01, UTC */
#define MU_MOMENT_END_MS   INT64_C(7258118400000) /* 2200-01-01 */

static inline bool mu_is_moment(int64_t moment_ms) {
    return moment_ms >= MU_MOMENT_FIRST_MS && moment_ms < MU_MOMENT_END_MS;
}

#endif
