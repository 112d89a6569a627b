/* See new_file.h. */
#include "core/new_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/alloc.h"

enum { NAME_TRIES = 100, MOST_AT_ONCE = 1 << 30 };

muster_status mu_fail_with_errno(const char *path, const char *what) {
    const int number = errno;
    char      reason[128];
    if (strerror_r(number, reason, sizeof reason) != 0) {
        snprintf(reason, sizeof reason, "error %d", number);
    }
    return muster_fail(number == ENOMEM ? MUSTER_E_NOMEM : MUSTER_E_IO, "\"%s\" cannot be %s: %s",
                       path, what, reason);
}

/* A rename would quietly replace a device or a folder's entry. */
static muster_status check_target(const char *path) {
    struct stat about;
    if (stat(path, &about) != 0 || S_ISREG(about.st_mode)) return MUSTER_OK;
    return muster_fail(MUSTER_E_IO, "\"%s\" cannot be written: it is no regular file", path);
}

/* `<path>.tmp-<process>-<number>`: two threads or processes take different ones. */
static void open_some_name(mu_new_file *file, size_t room) {
    for (int number = 0; number < NAME_TRIES; ++number) {
        snprintf(file->temporary, room, "%s.tmp-%ld-%d", file->path, (long)getpid(), number);
        file->descriptor = open(file->temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (file->descriptor >= 0 || errno != EEXIST) return;
    }
}

muster_status mu_new_file_open(mu_new_file *file, const char *path) {
    const size_t room = strlen(path) + 48;
    *file             = (mu_new_file){.path = path, .descriptor = -1};
    MU_TRY(check_target(path));
    MU_TRY(mu_alloc(&file->temporary, room, 1));
    open_some_name(file, room);
    if (file->descriptor >= 0) return MUSTER_OK;
    const muster_status status = mu_fail_with_errno(path, "written");
    mu_free(file->temporary);
    file->temporary = NULL;
    return status;
}

muster_status mu_new_file_write(mu_new_file *file, const void *bytes, size_t count) {
    const char *at = bytes;
    file->bytes += count;
    while (count > 0) {
        const ssize_t done =
            write(file->descriptor, at, count < MOST_AT_ONCE ? count : MOST_AT_ONCE);
        if (done < 0 && errno != EINTR) return mu_fail_with_errno(file->path, "written");
        if (done > 0) at += done, count -= (size_t)done;
    }
    return MUSTER_OK;
}

muster_status mu_new_file_publish(mu_new_file *file) {
    const bool is_synced = fsync(file->descriptor) == 0;
    const bool is_closed = is_synced && close(file->descriptor) == 0;
    if (is_synced) file->descriptor = -1;
    if (!is_closed || rename(file->temporary, file->path) != 0) {
        return mu_fail_with_errno(file->path, "written");
    }
    mu_free(file->temporary);
    file->temporary = NULL;
    return MUSTER_OK;
}

void mu_new_file_close(mu_new_file *file) {
    if (file->descriptor >= 0) close(file->descriptor);
    if (file->temporary) unlink(file->temporary);
    mu_free(file->temporary);
    *file = (mu_new_file){.descriptor = -1};
}
