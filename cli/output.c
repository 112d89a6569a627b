/* Files that appear whole or not at all.
 *
 * The temporary file lies in the target's folder, because rename() is atomic only within one
 * file system, and carries the process id, so that two runs do not write into each other's, and
 * a number, for one that was killed long ago may have had the same id. It is created exclusively
 * and with the permissions that a plain fopen() would give. Every way a write can fail late (full
 * disk, closed pipe) is looked for in ferror, fflush, fsync and fclose: an answer that is cut
 * short must not look like success. */
#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/temporaries.h"

enum { NAME_TRIES = 100 };

static int fail_writing(const output *out, int error) {
    const char *name = strcmp(out->path, "-") == 0 ? "standard output" : out->path;
    return command_fail(COMMAND_ENVIRONMENT, "%s: cannot be written: %s", name, strerror(error));
}

static int open_standard_output(output *out) {
    out->stream = stdout;
    return COMMAND_DONE;
}

/* A device or a pipe ("/dev/null") should not be replaced but written to. A folder can be
 * neither, which opening it in place says at once. */
static bool is_replaceable(const char *path) {
    struct stat target;
    return stat(path, &target) != 0 || S_ISREG(target.st_mode);
}

static int open_in_place(output *out) {
    out->stream = fopen(out->path, "w");
    return out->stream ? COMMAND_DONE : fail_writing(out, errno);
}

/* Returns a descriptor, or -1 with errno. */
static int open_some_name(char *name, size_t room, const char *target) {
    int descriptor = -1;
    errno          = EEXIST;
    for (int number = 0; number < NAME_TRIES && descriptor < 0 && errno == EEXIST; ++number) {
        snprintf(name, room, "%s.tmp-%ld-%d", target, (long)getpid(), number);
        descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL, 0666);
    }
    return descriptor;
}

static int open_temporary(output *out) {
    const size_t room = strlen(out->path) + 48;
    out->temporary    = malloc(room);
    if (!out->temporary) return command_fail(COMMAND_ENVIRONMENT, "out of memory");
    const int descriptor = open_some_name(out->temporary, room, out->path);
    if (descriptor >= 0) out->stream = fdopen(descriptor, "w");
    if (out->stream) {
        temporaries_keep(out->temporary);
        return COMMAND_DONE;
    }
    const int error = errno;
    if (descriptor >= 0) {
        close(descriptor);
        unlink(out->temporary);
    }
    free(out->temporary);
    out->temporary = NULL;
    return fail_writing(out, error);
}

int output_open(output *out, const char *path) {
    *out      = (output){0};
    out->path = strdup(path);
    if (!out->path) return command_fail(COMMAND_ENVIRONMENT, "out of memory");
    if (strcmp(path, "-") == 0) return open_standard_output(out);
    const int code = is_replaceable(path) ? open_temporary(out) : open_in_place(out);
    if (code != COMMAND_DONE) output_discard(out);
    return code;
}

/* Bring everything to the disk; returns 0 or the errno of the first thing that failed. */
static int settle(output *out) {
    int error = 0;
    if (fflush(out->stream) != 0) {
        error = errno;
    } else if (ferror(out->stream)) { /* an earlier write failed, and its errno is gone */
        error = EIO;
    }
    if (out->temporary && error == 0 && fsync(fileno(out->stream)) != 0) error = errno;
    if (out->stream != stdout && fclose(out->stream) != 0 && error == 0) error = errno;
    out->stream = NULL;
    return error;
}

static void give_back_name(output *out) {
    if (out->temporary) temporaries_forget(out->temporary);
    free(out->temporary);
    out->temporary = NULL;
}

int output_publish(output *out) {
    int error = settle(out);
    if (error == 0 && out->temporary && rename(out->temporary, out->path) != 0) error = errno;
    const int code = error == 0 ? COMMAND_DONE : fail_writing(out, error);
    if (error == 0) give_back_name(out);
    output_discard(out);
    return code;
}

void output_discard(output *out) {
    if (out->stream && out->stream != stdout) fclose(out->stream);
    if (out->temporary) unlink(out->temporary);
    give_back_name(out);
    free(out->path);
    *out = (output){0};
}
