/* Locks of files that a process has for itself alone. Descriptors are shared with whoever is forked off, and
 * so is a lock (flock): it would stay for as long as any child lives, though who had it is gone. So a child
 * lets go of them as it begins, and whoever gives one back does so for all. */
#ifndef MU_SESSION_HELD_LOCK_H
#define MU_SESSION_HELD_LOCK_H

/* Start from zeros; it does not move while it is held. */
typedef struct mu_held_lock mu_held_lock;
struct mu_held_lock {
    int            descriptor;
    mu_held_lock  *next;
    mu_held_lock **link; /* what points to it; NULL: it is not held, or was before the fork */
};

/* 0 or an errno: EWOULDBLOCK where another process has it, or the same by another descriptor. */
int mu_held_lock_take(mu_held_lock *lock, int descriptor);
/* Before the descriptor is closed; nothing where it is not held. */
void mu_held_lock_give_back(mu_held_lock *lock);

#endif
