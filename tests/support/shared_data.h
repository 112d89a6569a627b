/* Where the large real files are that do not belong in the repository. Tests that want
 * them skip, saying so, when they are not there. */
#ifndef TESTS_SUPPORT_SHARED_DATA_H
#define TESTS_SUPPORT_SHARED_DATA_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/support/cmocka_all.h"

/* The path of a file of the shared data, in a buffer of its own for each of four calls;
 * skips the test when it cannot be read. */
static inline const char *shared_data(const char *name) {
    static char     paths[4][4096];
    static unsigned call;
    char           *path   = paths[call++ % 4];
    const char     *folder = getenv("MUSTER_SHARED");
    if (!folder || !folder[0]) {
        print_message("SKIPPED: MUSTER_SHARED is not set, so there is no %s\n", name);
        skip();
    }
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    if (access(path, R_OK) != 0) {
        print_message("SKIPPED: %s is not there\n", path);
        skip();
    }
    return path;
}

#endif
