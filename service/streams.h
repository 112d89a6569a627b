/* Answers that go on for as long as somebody reads them, and who of them waits for something to happen. */
#ifndef SERVICE_STREAMS_H
#define SERVICE_STREAMS_H

#include <pthread.h>
#include <stdatomic.h>

#include "service/text.h"

/* Embedded in what a resource streams. */
typedef struct mu_stream {
    /* Add what there is by now: nothing where nothing has happened. False: that was all. It is called by
     * one worker at a time, and takes no longer than what a worker does for a request. */
    bool (*read)(struct mu_stream *stream, mu_text *text);
    void (*free)(struct mu_stream *stream);
} mu_stream;

typedef struct mu_waiter {
    void (*wake)(struct mu_waiter *waiter);
    struct mu_waiter *next;
} mu_waiter;

typedef struct mu_streams {
    pthread_mutex_t  lock;
    mu_waiter       *first;    /* guarded by lock */
    bool             is_there; /* it has been initialized */
    uint32_t         beat_ms;
    int64_t          beat_at_ms;   /* of the thread that beats */
    _Atomic uint64_t woken, beats; /* how often */
    _Atomic uint32_t count;        /* streams there are */
    _Atomic bool     is_stopping;
} mu_streams;

/* @param beat_ms  a heartbeat so often, or oftener where that is long */
void mu_streams_init(mu_streams *streams, uint32_t beat_ms);
/* When nobody waits any more. Harmless on zeroed ones. */
void mu_streams_fini(mu_streams *streams);

/* Wait, unless something has happened since `woken` was read: then false. Once waiting, the waiter is
 * whoever's who wakes it. */
bool mu_streams_wait(mu_streams *streams, mu_waiter *waiter, uint64_t woken);
/* Something has happened: all look. */
void mu_streams_wake(mu_streams *streams);
/* To be called often by one thread: when it is time for a heartbeat, all look. */
void mu_streams_beat(mu_streams *streams);
/* All look, and end. */
void mu_streams_stop(mu_streams *streams);

#endif
