/** @file muster/error.h
 *  Why a call could not do its job. The library never aborts, exits or prints. */
#ifndef MUSTER_ERROR_H
#define MUSTER_ERROR_H

#include <muster/api.h>

#ifdef __cplusplus
extern "C" {
#endif

/** `MUSTER_OK` is zero, failures are negative. An answer is not an error: "no route"
 *  and "need unmet" are answers. */
typedef enum muster_status {
    MUSTER_OK          = 0,
    MUSTER_E_INVALID   = -1, /**< A value is wrong; the message names it. */
    MUSTER_E_NOMEM     = -2, /**< Memory ran out; every handle is as it was. */
    MUSTER_E_IO        = -3, /**< A file could not be opened, read or written. */
    MUSTER_E_FORMAT    = -4, /**< A file is not of the format that was expected. */
    MUSTER_E_SOLVER    = -5, /**< The LP solver failed on a valid problem. */
    MUSTER_E_CANCELLED = -6, /**< The progress callback asked to stop. */
    MUSTER_E_INTERNAL  = -7  /**< A check of our own failed: a bug in muster. */
} muster_status;

/** What the last failed call on this thread ran into: one line of UTF-8 that names
 *  the item, the value and what was expected. Empty before the first failure. Valid
 *  until the next failing call on the same thread. Never NULL. */
MUSTER_API const char *muster_error_message(void);

/** Set this thread's message and return @p status, in one breath:
 *  `return muster_fail(MUSTER_E_INVALID, "row %u: ...", row);`. For libraries that extend
 *  muster, libmuster_gis first of all. Longer messages are cut at 1023 bytes, never in
 *  the middle of a UTF-8 character; control characters become spaces, bytes that are no
 *  UTF-8 question marks. */
MUSTER_API muster_status muster_fail(muster_status status, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;

/** The name of a status, "MUSTER_E_INVALID" say; "unknown status" for a foreign number. */
MUSTER_API const char *muster_status_name(muster_status status);

#ifdef __cplusplus
}
#endif
#endif
