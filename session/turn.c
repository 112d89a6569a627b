#include "session/turn.h"

void mu_turn_init(mu_turn *t, mu_turn_work *work, void *user) {
    *t     = (mu_turn){.work = work, .user = user};
    t->end = &t->first;
    pthread_mutex_init(&t->lock, NULL);
    pthread_cond_init(&t->ended, NULL);
}

void mu_turn_fini(mu_turn *t) {
    pthread_cond_destroy(&t->ended);
    pthread_mutex_destroy(&t->lock);
}

/* The lock is held when this is called and when it returns. An entry is its thread's again as soon as
 * it is marked as done. */
static void work_for_all(mu_turn *t) {
    mu_turn_entry *first = t->first;
    t->first             = NULL;
    t->end               = &t->first;
    t->is_taken          = true;
    pthread_mutex_unlock(&t->lock);
    t->work(t->user, first);
    pthread_mutex_lock(&t->lock);
    for (mu_turn_entry *e = first; e; e = e->next) e->is_done = true;
    t->is_taken = false;
    pthread_cond_broadcast(&t->ended);
}

muster_status mu_turn_take(mu_turn *t, mu_turn_entry *entry) {
    pthread_mutex_lock(&t->lock);
    *t->end = entry;
    t->end  = &entry->next;
    while (t->is_taken && !entry->is_done) pthread_cond_wait(&t->ended, &t->lock);
    if (!entry->is_done) work_for_all(t);
    pthread_mutex_unlock(&t->lock);
    return mu_worker_error_raise(&entry->error);
}
