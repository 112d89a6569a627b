#include "session/held_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/file.h>
#include <unistd.h>

static pthread_mutex_t lock_of_list = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t  registered   = PTHREAD_ONCE_INIT;
static mu_held_lock   *first;

static void enter(void) {
    pthread_mutex_lock(&lock_of_list);
}

static void leave(void) {
    pthread_mutex_unlock(&lock_of_list);
}

/* The number stays taken, by what nobody waits for: whoever closes it here, as he would have, closes nothing
 * else. */
static void let_go_in_child(void) {
    const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    for (mu_held_lock *lock = first; lock; lock = lock->next) {
        if (nothing >= 0) {
            (void)dup2(nothing, lock->descriptor);
            (void)fcntl(lock->descriptor, F_SETFD, FD_CLOEXEC);
        }
        lock->link = NULL;
    }
    if (nothing >= 0) (void)close(nothing);
    first = NULL;
    leave();
}

static void register_once(void) {
    (void)pthread_atfork(enter, leave, let_go_in_child);
}

/* The list is locked. */
static void take_out(mu_held_lock *lock) {
    *lock->link = lock->next;
    if (lock->next) lock->next->link = lock->link;
    lock->link = NULL;
}

int mu_held_lock_take(mu_held_lock *lock, int descriptor) {
    (void)pthread_once(&registered, register_once);
    enter();
    const int error = flock(descriptor, LOCK_EX | LOCK_NB) == 0 ? 0 : errno;
    if (error == 0 && !lock->link) {
        *lock = (mu_held_lock){.descriptor = descriptor, .next = first, .link = &first};
        if (first) first->link = &lock->next;
        first = lock;
    }
    leave();
    return error;
}

void mu_held_lock_give_back(mu_held_lock *lock) {
    enter();
    if (lock->link) {
        (void)flock(lock->descriptor, LOCK_UN);
        take_out(lock);
    }
    leave();
}
