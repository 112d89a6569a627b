/** @file muster/moment.h
 *  Moments as texts: ISO 8601, to the second. Part of libmuster_gis. */
#ifndef MUSTER_MOMENT_H
#define MUSTER_MOMENT_H

#include <muster/api.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Seconds from 1970, UTC; of what has no beginning, and no end. */
#define MUSTER_MOMENT_FIRST INT64_MIN
#define MUSTER_MOMENT_LAST  INT64_MAX

/** Bytes of a moment as text, NUL included. */
#define MUSTER_MOMENT_BYTES 28

/** Parse "2026-07-01T06:30:00Z", or with an offset from UTC in the place of Z, "+08:00", as CAP has
 *  it; years 0001 to 9999. False for anything else. */
MUSTER_API bool muster_moment_parse(const char *text, int64_t *out_s);

/** "2026-07-01T06:30:00Z"; "-" for what is before year 1 or after year 9999. Returns @p out. */
MUSTER_API const char *muster_moment_text(char out[MUSTER_MOMENT_BYTES], int64_t moment_s);

/** "2026-07-01T14:30:00+08:00": the same moment by a clock so many minutes before UTC; with Z where that
 *  is 0. "-" also for a clock that is 15 hours off or more, which no place has. Returns @p out. */
MUSTER_API const char *muster_moment_text_by(char out[MUSTER_MOMENT_BYTES], int64_t moment_s,
                                             int32_t offset_min);

#ifdef __cplusplus
}
#endif
#endif
