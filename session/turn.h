/* Who writes next. Threads that come while somebody writes wait, and the first of them to wake does
 * what all of them have come for at once: a group commit (DeWitt et al., "Implementation Techniques
 * for Main Memory Database Systems", SIGMOD 1984). So a hundred threads share one sync of the disk. */
#ifndef MU_SESSION_TURN_H
#define MU_SESSION_TURN_H

#include <pthread.h>
#include <stdbool.h>

#include "core/error.h"

/* What one thread has come for; part of something larger that `work` knows. Start from zeros. */
typedef struct mu_turn_entry mu_turn_entry;
struct mu_turn_entry {
    mu_turn_entry  *next;
    mu_worker_error error; /* what `work` says to the thread */
    bool            is_done;
};

/* Do all that is listed from `first` on. One thread at a time. */
typedef void mu_turn_work(void *user, mu_turn_entry *first);

typedef struct mu_turn {
    pthread_mutex_t lock;
    pthread_cond_t  ended;
    mu_turn_work   *work;
    void           *user;
    mu_turn_entry  *first, **end; /* those who wait, in the order in which they came */
    bool            is_taken;
} mu_turn;

void mu_turn_init(mu_turn *turn, mu_turn_work *work, void *user);
void mu_turn_fini(mu_turn *turn);

/* Returns when it is done, with the entry's own failure. */
muster_status mu_turn_take(mu_turn *turn, mu_turn_entry *entry);

#endif
