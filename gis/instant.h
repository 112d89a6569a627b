/* Moments to the microsecond, from 1970 and in UTC, as numbers and as ISO 8601 texts. */
#ifndef MU_GIS_INSTANT_H
#define MU_GIS_INSTANT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MU_SECOND_US = 1000000, MU_INSTANT_BYTES = 32 }; /* no less than MUSTER_MOMENT_BYTES */

/* "2026-07-01T06:30:00Z", or with a fraction of 1 to 6 digits before the Z; years 0001 to 9999.
 * False for anything else. */
bool mu_instant_read(const char *text, size_t size, int64_t *out_us);
/* The text of a possible one, with as much of a fraction as it has. */
void mu_instant_write(char out[MU_INSTANT_BYTES], int64_t us);
/* Is it of the years 0001 to 9999? */
bool mu_instant_is_possible(int64_t us);

#endif
