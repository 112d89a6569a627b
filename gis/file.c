/* See file.h. Writing beside the target and renaming is the one way to replace a file that
 * a crash, a full disk or a reader cannot catch half done. */
#define _XOPEN_SOURCE 700 /* realpath */
#include "gis/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gis/memory.h"

enum { TEMPORARY_TRIES = 100 };

static muster_status fail_with_errno(const char *name, const char *what) {
    const int number = errno;
    char      reason[128];
    if (strerror_r(number, reason, sizeof reason) != 0) {
        snprintf(reason, sizeof reason, "error %d", number);
    }
    return muster_fail(number == ENOMEM ? MUSTER_E_NOMEM : MUSTER_E_IO, "\"%s\" cannot be %s: %s",
                       name, what, reason);
}

static void close_keeping_errno(int file) {
    const int number = errno;
    close(file);
    errno = number;
}

muster_status mu_file_peek(const char *path, const char *name, unsigned char *out, size_t room,
                           size_t *out_bytes, int64_t *out_file_bytes) {
    struct stat about;
    if (stat(path, &about) != 0) return fail_with_errno(name, "opened");
    if (S_ISDIR(about.st_mode)) {
        return muster_fail(
            MUSTER_E_IO,
            "\"%s\" cannot be opened: it is a folder; expected a file (of a folder of "
            "tables muster db dump makes a GeoPackage)",
            name);
    }
    if (!S_ISREG(about.st_mode)) { /* opening a pipe would wait for its other end */
        return muster_fail(MUSTER_E_IO, "\"%s\" cannot be opened: it is no regular file", name);
    }
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return fail_with_errno(name, "opened");
    const ssize_t bytes = read(file, out, room);
    close_keeping_errno(file);
    if (bytes < 0) return fail_with_errno(name, "read");
    *out_bytes      = (size_t)bytes;
    *out_file_bytes = (int64_t)about.st_size;
    return MUSTER_OK;
}

bool mu_file_has_no(const char *path, const char *suffix) {
    char real[PATH_MAX], beside[PATH_MAX + 16];
    if (!realpath(path, real)) return false;
    snprintf(beside, sizeof beside, "%s%s", real, suffix);
    struct stat about;
    return stat(beside, &about) != 0 ? errno == ENOENT : about.st_size == 0;
}

muster_status mu_file_follow(char **out, const char *path) {
    char real[PATH_MAX];
    *out              = NULL;
    const char *found = realpath(path, real) ? real : path;
    MU_TRY(mu_gis_alloc(out, strlen(found) + 1, 1));
    memcpy(*out, found, strlen(found) + 1);
    return MUSTER_OK;
}

/* ---- a new file ---------------------------------------------------------------------- */

/* A rename would quietly replace a device or a socket with our file. */
static muster_status check_target(const char *path, const char *name) {
    struct stat about;
    if (stat(path, &about) != 0 || S_ISREG(about.st_mode)) return MUSTER_OK;
    return muster_fail(MUSTER_E_IO, "\"%s\" cannot be written: it is no regular file", name);
}

/* `<path>.tmp-<process>`, or with `-1`, `-2`... behind it where that is taken. */
muster_status mu_file_make_temporary(char **out, const char *path, const char *name) {
    const size_t room = strlen(path) + 40;
    char        *temporary;
    *out = NULL;
    MU_TRY(check_target(path, name));
    MU_TRY(mu_gis_alloc(&temporary, room, 1));
    int file = -1, number = 0;
    do {
        const int bytes = snprintf(temporary, room, "%s.tmp-%ld", path, (long)getpid());
        if (number > 0) snprintf(temporary + bytes, room - (size_t)bytes, "-%d", number);
        file = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    } while (file < 0 && errno == EEXIST && ++number < TEMPORARY_TRIES);
    if (file < 0) {
        const muster_status status = fail_with_errno(name, "written");
        mu_gis_free(temporary);
        return status;
    }
    close(file);
    *out = temporary;
    return MUSTER_OK;
}

static bool sync_path(const char *path) {
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    const bool is_synced = fsync(file) == 0;
    close_keeping_errno(file);
    return is_synced;
}

/* So that the new name survives a power cut. Some file systems cannot; the file is whole
 * either way, so that is no failure. */
static void sync_folder_of(const char *path) {
    char        folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    if (!slash) {
        (void)sync_path(".");
    } else if (slash - path + 1 < PATH_MAX) {
        snprintf(folder, sizeof folder, "%.*s", (int)(slash - path) + 1, path);
        (void)sync_path(folder);
    }
}

muster_status mu_file_publish(const char *temporary, const char *path, const char *name) {
    struct stat replaced;
    if (stat(path, &replaced) == 0) (void)chmod(temporary, replaced.st_mode & 07777);
    if (!sync_path(temporary) || rename(temporary, path) != 0) {
        return fail_with_errno(name, "written");
    }
    sync_folder_of(path);
    return MUSTER_OK;
}

void mu_file_remove(const char *path) {
    unlink(path);
}
