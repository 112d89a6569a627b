/* What a journal asks of a file system: a folder of files, and to be told when bytes are on the disk.
 * It is a table of functions so that a test can play a disk that is full, lies or loses power. Every
 * function returns 0 or an errno. */
#ifndef MU_SESSION_DISK_H
#define MU_SESSION_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"

typedef struct mu_disk_file mu_disk_file;

/* Called with each name in a folder. */
typedef void mu_disk_visit(void *user, const char *name);

typedef struct mu_disk {
    void *user;
    int (*list)(void *user, mu_disk_visit *visit, void *visit_user);
    /* A file that must be there; for reading, or for both. */
    int (*open)(void *user, const char *name, bool writes, mu_disk_file **out);
    /* An empty file; EEXIST where there is one, unless `replaces`. */
    int (*create)(void *user, const char *name, bool replaces, mu_disk_file **out);
    /* Give another name to a file: EEXIST where it is taken, unless `replaces`. */
    int (*rename)(void *user, const char *from, const char *name, bool replaces);
    int (*remove)(void *user, const char *name);
    /* Is there such a file? It takes no memory, and no descriptor where there is none left: a writer asks
     * it when all that it has written is on the disk, and could only give up. */
    int (*has)(void *user, const char *name, bool *out);
    int (*sync_folder)(void *user); /* names are on the disk */
    /* The one writer among honest processes: EWOULDBLOCK where there is another. Until the disk is
     * closed. */
    int (*lock)(void *user);
    int (*size)(mu_disk_file *file, uint64_t *out);
    /* Up to `count` bytes; fewer only at the end. */
    int (*read)(mu_disk_file *file, uint64_t offset, void *bytes, size_t count, size_t *out_count);
    int (*write)(mu_disk_file *file, uint64_t offset, const void *bytes, size_t count);
    int (*sync)(mu_disk_file *file); /* bytes and size are on the disk */
    /* One process has it, until it closes the file or dies: EWOULDBLOCK for any other. */
    int (*lock_file)(mu_disk_file *file);
    void (*close_file)(mu_disk_file *file);
    void (*close)(void *user);
} mu_disk;

/* MUSTER_E_IO, or MUSTER_E_NOMEM, of a file in a folder: `"journal/00000000000000000001.journal" cannot be
 * read: ...`. */
muster_status mu_disk_fail(const char *path, const char *name, const char *what, int error);

/* A real folder. `makes` it where it is not there. */
muster_status mu_disk_folder(mu_disk *out, const char *path, bool makes);

/* Where a session gets its folder from, each time anew. A test gives another one. */
typedef struct mu_disk_source {
    muster_status (*open)(void *user, mu_disk *out, const char *path, bool makes);
    void *user;
    bool  is_shared; /* several threads may use disks of it at once */
} mu_disk_source;

extern const mu_disk_source MU_DISK_SYSTEM;

#endif
