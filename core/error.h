/* How a failure travels: set once where it happens, passed up untouched. */
#ifndef MU_CORE_ERROR_H
#define MU_CORE_ERROR_H

#include <muster/error.h>

/* The static analyzer does not see that muster_fail returns what it is given, and would
 * follow failures that return MUSTER_OK. */
#ifdef __clang_analyzer__
#define muster_fail(status, ...) ((void)muster_fail(status, __VA_ARGS__), (status))
#endif

/* Leave the function with the callee's failure, whose message is already set. */
#define MU_TRY(call)                                                                               \
    do {                                                                                           \
        const muster_status mu_try_status = (call);                                                \
        if (mu_try_status != MUSTER_OK) return mu_try_status;                                      \
    } while (0)

/* The same for a function that has something to give back at its label `done`. */
#define MU_TRY_GOTO(status, call, done)                                                            \
    do {                                                                                           \
        (status) = (call);                                                                         \
        if ((status) != MUSTER_OK) goto done;                                                      \
    } while (0)

/* A failure met by an OpenMP worker, carried to the calling thread: messages are
 * thread-local, so the worker's would be lost after the join. */
typedef struct mu_worker_error {
    muster_status status;
    char          message[1024];
} mu_worker_error;

/* Keep this thread's failure in `slot`, unless one is there already. Call in a critical
 * section or with a slot a thread. */
void mu_worker_error_keep(mu_worker_error *slot, muster_status status);
/* Raise the slot's failure on the calling thread; MUSTER_OK if there is none. */
muster_status mu_worker_error_raise(const mu_worker_error *slot);

#endif
