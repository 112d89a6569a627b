/* Moments as texts: ISO 8601 in UTC, to the second. */
#ifndef MU_GIS_MOMENT_H
#define MU_GIS_MOMENT_H

#include <stdbool.h>
#include <stdint.h>

/* Seconds from 1970 of "2026-07-01T06:30:00Z"; years 0001 to 9999. False for anything else. */
bool mu_moment_parse(const char *text, int64_t *out_s);
/* Is it of the years 0001 to 9999? */
bool mu_moment_is_possible(int64_t moment_s);

#endif
