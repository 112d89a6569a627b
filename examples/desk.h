/* What the two threads of the dispatch system share, and what its files ask of each other. */
#ifndef DESK_H
#define DESK_H

#include <muster/session.h>
#include <stdatomic.h>

#include "ledger.h"

#define AUTHOR    "dispatch_system"
#define BEGIN_MS  INT64_C(1782936000000) /* 2026-07-01T20:00:00Z */
#define MINUTE_MS INT64_C(60000)

typedef struct desk {
    muster_session  *session;
    ledger          *ledger;
    uint64_t         seed;
    uint32_t         incident_count;
    uint32_t         night_minutes; /* how long the night is, and */
    uint32_t         pace_ms;       /* how long one of its minutes takes here */
    _Atomic(int64_t) now_ms;        /* the night's clock, which the feed advances */
    atomic_bool      feed_is_over;
    atomic_bool      has_failed; /* either thread: the other one ends too */
} desk;

/* Say what a call of the library ran into, and have both threads end. False, always. */
bool desk_failed(desk *d, const char *what);

/* After a call that writes: is it worth trying again? A full disk has taken nothing, and ids make it
 * harmless to say the same again; then this waits a second, a few times. Any other failure is final:
 * whoever sees to it that this program runs starts it again, which opens the session anew. */
bool desk_tries_again(muster_status status, int *tries);

/* "20:14" of a moment, in @p out. */
const char *clock_text(char out[8], int64_t at_ms);

/* The threads; argument: the desk. */
void *feed_night(void *of_desk);
void *plan_night(void *of_desk);

#endif
