/* A folder of the system's. */
#include "session/disk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/alloc.h"
#include "core/new_file.h"
#include "session/held_lock.h"

enum { FOLDER_MODE = 0750, FILE_MODE = 0640 };

typedef struct folder {
    int          descriptor;
    int          lock; /* -1: not taken */
    mu_held_lock held;
} folder;

struct mu_disk_file {
    int          descriptor;
    mu_held_lock held;
};

muster_status mu_disk_fail(const char *path, const char *name, const char *what, int error) {
    char whole[512];
    snprintf(whole, sizeof whole, "%s/%s", path, name);
    errno = error;
    return mu_fail_with_errno(whole, what);
}

static int list(void *user, mu_disk_visit *visit, void *visit_user) {
    const folder *f    = user;
    const int     copy = openat(f->descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR          *all  = copy < 0 ? NULL : fdopendir(copy);
    if (!all) {
        const int error = errno;
        if (copy >= 0) (void)close(copy);
        return error;
    }
    int error = 0;
    for (bool is_end = false; !is_end;) {
        errno                    = 0; /* who visits may change it */
        const struct dirent *one = readdir(all);
        is_end                   = !one;
        error                    = errno;
        if (one) visit(visit_user, one->d_name);
    }
    (void)closedir(all);
    return error;
}

static int open_at(const folder *f, const char *name, int flags, mu_disk_file **out) {
    const int descriptor = openat(f->descriptor, name, flags | O_CLOEXEC | O_NOFOLLOW, FILE_MODE);
    if (descriptor < 0) return errno;
    if (mu_alloc(out, 1, sizeof **out) != MUSTER_OK) {
        (void)close(descriptor);
        return ENOMEM;
    }
    **out = (mu_disk_file){.descriptor = descriptor};
    return 0;
}

static int open_file(void *user, const char *name, bool writes, mu_disk_file **out) {
    return open_at(user, name, writes ? O_RDWR : O_RDONLY, out);
}

static int create(void *user, const char *name, bool replaces, mu_disk_file **out) {
    return open_at(user, name, O_RDWR | O_CREAT | (replaces ? O_TRUNC : O_EXCL), out);
}

/* A second name and then no first: rename would take the place of what is there. */
static int rename_file(void *user, const char *from, const char *name, bool replaces) {
    const int at = ((const folder *)user)->descriptor;
    if (replaces) return renameat(at, from, at, name) == 0 ? 0 : errno;
    if (linkat(at, from, at, name, 0) != 0) return errno;
    return unlinkat(at, from, 0) == 0 ? 0 : errno;
}

static int remove_file(void *user, const char *name) {
    return unlinkat(((const folder *)user)->descriptor, name, 0) == 0 ? 0 : errno;
}

/* It is opened, for then a file system of the network asks its server. */
static int has_file(void *user, const char *name, bool *out) {
    const int at         = ((const folder *)user)->descriptor;
    const int descriptor = openat(at, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    *out                 = descriptor >= 0;
    if (descriptor >= 0) {
        (void)close(descriptor);
    } else if (errno == EMFILE || errno == ENFILE) {
        *out = faccessat(at, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
    }
    return *out || errno == ENOENT ? 0 : errno;
}

static int sync_folder(void *user) {
    return fsync(((const folder *)user)->descriptor) == 0 ? 0 : errno;
}

static int lock(void *user) {
    folder *f = user;
    if (f->lock >= 0) return 0;
    const int descriptor = openat(f->descriptor, "lock", O_RDWR | O_CREAT | O_CLOEXEC, FILE_MODE);
    if (descriptor < 0) return errno;
    const int error = mu_held_lock_take(&f->held, descriptor);
    if (error != 0) {
        (void)close(descriptor);
        return error;
    }
    f->lock = descriptor;
    return 0;
}

static int size_of(mu_disk_file *file, uint64_t *out) {
    struct stat about;
    if (fstat(file->descriptor, &about) != 0) return errno;
    *out = (uint64_t)about.st_size;
    return 0;
}

static int read_file(mu_disk_file *file, uint64_t offset, void *bytes, size_t count,
                     size_t *out_count) {
    *out_count = 0;
    while (*out_count < count) {
        const ssize_t done = pread(file->descriptor, (char *)bytes + *out_count, count - *out_count,
                                   (off_t)(offset + *out_count));
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) return errno;
        if (done == 0) break;
        *out_count += (size_t)done;
    }
    return 0;
}

static int write_file(mu_disk_file *file, uint64_t offset, const void *bytes, size_t count) {
    for (size_t put = 0; put < count;) {
        const ssize_t done =
            pwrite(file->descriptor, (const char *)bytes + put, count - put, (off_t)(offset + put));
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) return errno;
        put += (size_t)done;
    }
    return 0;
}

static int sync_file(mu_disk_file *file) {
    return fdatasync(file->descriptor) == 0 ? 0 : errno;
}

static int lock_file(mu_disk_file *file) {
    return mu_held_lock_take(&file->held, file->descriptor);
}

static void close_file(mu_disk_file *file) {
    if (!file) return;
    mu_held_lock_give_back(&file->held);
    (void)close(file->descriptor);
    mu_free(file);
}

static void close_folder(void *user) {
    folder *f = user;
    if (!f) return;
    mu_held_lock_give_back(&f->held);
    if (f->lock >= 0) (void)close(f->lock);
    (void)close(f->descriptor);
    mu_free(f);
}

/* A folder that was just made is on the disk when the one around it is. */
static int make_folder(const char *path) {
    if (mkdir(path, FOLDER_MODE) != 0) return errno == EEXIST ? 0 : -1;
    const int inside = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const int around = inside < 0 ? -1 : openat(inside, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const int result = around < 0 ? -1 : fsync(around);
    if (around >= 0) (void)close(around);
    if (inside >= 0) (void)close(inside);
    return result;
}

muster_status mu_disk_folder(mu_disk *out, const char *path, bool makes) {
    folder *f;
    if (makes && make_folder(path) != 0) return mu_fail_with_errno(path, "made");
    const int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return mu_fail_with_errno(path, "opened");
    if (mu_alloc(&f, 1, sizeof *f) != MUSTER_OK) {
        (void)close(descriptor);
        return MUSTER_E_NOMEM;
    }
    *f   = (folder){.descriptor = descriptor, .lock = -1};
    *out = (mu_disk){f,         list,        open_file,  create,      rename_file, remove_file,
                     has_file,  sync_folder, lock,       size_of,     read_file,   write_file,
                     sync_file, lock_file,   close_file, close_folder};
    return MUSTER_OK;
}

static muster_status open_system(void *user, mu_disk *out, const char *path, bool makes) {
    (void)user;
    return mu_disk_folder(out, path, makes);
}

const mu_disk_source MU_DISK_SYSTEM = {.open = open_system, .is_shared = true};
