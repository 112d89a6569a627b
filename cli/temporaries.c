/* A handler may come in between any two instructions, and on any thread, so what it reads is an array
 * of atomic pointers, and all that it calls is on POSIX's list of what a handler may call. A name
 * that has become the target's a moment before is no longer there, which harms nobody. */
#include "cli/temporaries.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

enum {
    MOST = 64
}; /* `muster simulate` has a dozen at once; what is beyond stays when it is killed */

static _Atomic(const char *) kept[MOST];

static void handle(int signal) {
    struct sigaction action;
    if (sigaction(signal, NULL, &action) != 0 || action.sa_handler != SIG_DFL) return;
    memset(&action, 0, sizeof action);
    action.sa_handler = temporaries_end;
    sigaction(signal, &action, NULL);
}

/* Put `next` where `before` is. Returns false if it is nowhere. */
static bool replace(const char *before, const char *next) {
    for (size_t i = 0; i < MOST; ++i) {
        const char *expected = before;
        if (atomic_compare_exchange_strong(&kept[i], &expected, next)) return true;
    }
    return false;
}

void temporaries_keep(const char *path) {
    if (!replace(NULL, path)) return;
    handle(SIGINT);
    handle(SIGTERM);
    handle(SIGHUP);
}

void temporaries_forget(const char *path) {
    replace(path, NULL);
}

void temporaries_end(int number) {
    for (size_t i = 0; i < MOST; ++i) {
        const char *path = atomic_load(&kept[i]);
        if (path) unlink(path);
    }
    signal(number, SIG_DFL);
    raise(number);
}
