/** @file muster/link.h
 *  A connection to the dispatch centre's PostgreSQL that never blocks and that comes back: what
 *  muster_dispatcher and muster_live share. Part of libmuster_gis.
 *
 *  A step does what can be done at once and returns. Between steps the caller's event loop waits
 *  for what the handle asks for: a descriptor, or the time that it names, whichever comes first. A
 *  step that comes too early does no harm. A handle belongs to one thread at a time.
 *
 *  Nothing blocks but the resolution of a host's name (libpq's): give `hostaddr` where that may
 *  take long. */
#ifndef MUSTER_LINK_H
#define MUSTER_LINK_H

#include <muster/error.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How to reach the database. Start from `MUSTER_LINK_OPTIONS_INIT`. Texts are copied. */
typedef struct muster_link_options {
    size_t      struct_size;
    const char *connection; /**< A libpq connection string or URI. */
    const char *schema;     /**< Where the tables are; NULL: "muster". */
    /** By when a connection has to stand, and an answer to be there; else the connection counts as
     *  lost. */
    uint32_t connect_timeout_ms;
    uint32_t answer_timeout_ms;
    /** The server's own: it gives a statement up that runs for so long, or waits so long for
     *  others. */
    uint32_t statement_timeout_ms;
    uint32_t lock_timeout_ms;
    /** Before attempt n + 1, counted from 0 after the last success, it waits for a time that is
     *  drawn between 0 and `backoff_first_ms * 2^n`, at most `backoff_most_ms`: exponential backoff
     *  with full jitter (M. Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog,
     *  2015). So clients that lost a server together do not come back together. */
    uint32_t backoff_first_ms;
    uint32_t backoff_most_ms;
    uint64_t seed; /**< Of what is drawn; 0: another one each time. */
    /** Milliseconds that never go backwards; NULL: the system's monotonic clock. */
    uint64_t (*now_ms)(void *user);
    void *now_user;
} muster_link_options;

#define MUSTER_LINK_OPTIONS_INIT                                                                   \
    {                                                                                              \
        .struct_size = sizeof(muster_link_options), .connect_timeout_ms = 5000,                    \
        .answer_timeout_ms = 15000, .statement_timeout_ms = 10000, .lock_timeout_ms = 2000,        \
        .backoff_first_ms = 100, .backoff_most_ms = 10000                                          \
    }

/** What to wait for before the next step. */
typedef struct muster_wait {
    int      fd;         /**< -1: nothing but time. */
    bool     for_read;   /**< Until there is something to read, */
    bool     for_write;  /**< or until one can write, */
    uint32_t timeout_ms; /**< but no longer than that; 0: step at once. */
} muster_wait;

/** The longest that muster_wait.timeout_ms is. */
#define MUSTER_WAIT_MOST_MS 60000u

#ifdef __cplusplus
}
#endif
#endif
