/** @file muster/api.h
 *  What every public header needs: visibility, version, the id of nothing.
 *
 *  The whole library speaks one set of units, and the name says which: times are
 *  milliseconds (_ms), lengths metres (_m), angles degrees (_deg, longitude first,
 *  WGS 84), speeds kilometres an hour (_kmh), weights tonnes (_t) or kilograms (_kg).
 *
 *  Ownership. What comes back through `out` is yours: give it to the matching _free,
 *  which accepts NULL. What an accessor returns belongs to the handle. Inputs are
 *  borrowed until the call returns, unless the function says that it keeps them.
 *  Failure. A call that fails leaves `*out` NULL and changes nothing else.
 *  Threads. A const handle may be read by any number of threads at once. A process that is
 *  forked off one that has used the library may go on using it; calls that share work among
 *  threads then use one.
 */
#ifndef MUSTER_API_H
#define MUSTER_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(MUSTER_STATIC)
#define MUSTER_API
#elif defined(__GNUC__)
#define MUSTER_API __attribute__((visibility("default")))
#else
#define MUSTER_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** "No node", "no edge", "no need": the id of nothing. */
#define MUSTER_NONE UINT32_MAX

/** A travel time that means "there is no way", and the longest the library counts to:
 *  2^31 - 1 ms, 24.8 days, so that the sum of two of them does not wrap in 32 bits. */
#define MUSTER_UNREACHABLE_MS ((uint32_t)INT32_MAX)

/** The version of the library that is linked, as "major.minor.patch". Never fails. */
MUSTER_API const char *muster_version(void);

/** Called now and then by long work. @p fraction runs from 0 to 1 within @p phase, a
 *  short English noun ("reading ways"). Return false to stop: the call then ends with
 *  MUSTER_E_CANCELLED. Called on the thread that made the call. */
typedef bool (*muster_progress)(void *user, const char *phase, double fraction);

#ifdef __cplusplus
}
#endif
#endif
