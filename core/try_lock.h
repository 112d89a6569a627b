/* A lock that nobody waits for: who does not get it does without. */
#ifndef MU_CORE_TRY_LOCK_H
#define MU_CORE_TRY_LOCK_H

#include <stdatomic.h>
#include <stdbool.h>

typedef struct mu_try_lock {
    atomic_flag is_taken;
} mu_try_lock;

#define MU_TRY_LOCK_INIT                                                                           \
    { ATOMIC_FLAG_INIT }

static inline bool mu_try_lock_take(mu_try_lock *lock) {
    return !atomic_flag_test_and_set_explicit(&lock->is_taken, memory_order_acquire);
}

static inline void mu_try_lock_give_back(mu_try_lock *lock) {
    atomic_flag_clear_explicit(&lock->is_taken, memory_order_release);
}

#endif
