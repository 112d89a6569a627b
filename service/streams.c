/* See streams.h. What is missed between looking and waiting is the danger here: a stream reads `woken`,
 * looks, and may only wait if `woken` is still the same under the lock that whoever wakes has to take. */
#include "service/streams.h"

#include "service/clock.h"

/* So that whoever has gone away is noticed, and what lies between keeps the connection open. */
enum { MOST_BEAT_MS = 15000 };

void mu_streams_init(mu_streams *s, uint32_t beat_ms) {
    pthread_mutex_init(&s->lock, NULL);
    s->is_there   = true;
    s->beat_ms    = beat_ms < MOST_BEAT_MS ? beat_ms : MOST_BEAT_MS;
    s->beat_at_ms = mu_clock_ms() + s->beat_ms;
}

void mu_streams_fini(mu_streams *s) {
    if (s->is_there) pthread_mutex_destroy(&s->lock);
    s->is_there = false;
}

bool mu_streams_wait(mu_streams *s, mu_waiter *waiter, uint64_t woken) {
    pthread_mutex_lock(&s->lock);
    const bool waits = s->woken == woken;
    if (waits) {
        waiter->next = s->first;
        s->first     = waiter;
    }
    pthread_mutex_unlock(&s->lock);
    return waits;
}

void mu_streams_wake(mu_streams *s) {
    pthread_mutex_lock(&s->lock);
    mu_waiter *waiter = s->first;
    s->first          = NULL;
    ++s->woken;
    pthread_mutex_unlock(&s->lock);
    for (mu_waiter *next; waiter; waiter = next) {
        next = waiter->next; /* it may be gone once it is awake */
        waiter->wake(waiter);
    }
}

void mu_streams_beat(mu_streams *s) {
    if (mu_clock_ms() < s->beat_at_ms) return;
    s->beat_at_ms = mu_clock_ms() + s->beat_ms;
    ++s->beats;
    mu_streams_wake(s);
}

void mu_streams_stop(mu_streams *s) {
    if (!s->is_there) return;
    s->is_stopping = true;
    mu_streams_wake(s);
}
