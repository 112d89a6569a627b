/* A file that appears whole or not at all: it grows beside its target under another name and
 * is renamed when it is on the disk. */
#ifndef MU_CORE_NEW_FILE_H
#define MU_CORE_NEW_FILE_H

#include <stddef.h>

#include "core/error.h"

typedef struct mu_new_file {
    const char *path; /* the target; the caller's */
    char       *temporary;
    int         descriptor;
    uint64_t    bytes; /* written so far */
} mu_new_file;

/* MUSTER_E_IO with the system's reason where the folder or the target cannot be written. */
muster_status mu_new_file_open(mu_new_file *file, const char *path);
muster_status mu_new_file_write(mu_new_file *file, const void *bytes, size_t count);
/* Bring it to the disk and give it its name. Call mu_new_file_close all the same. */
muster_status mu_new_file_publish(mu_new_file *file);
/* Give back; a file that was not published is removed. */
void mu_new_file_close(mu_new_file *file);

/* MUSTER_E_IO: `"net.mnet" cannot be opened: No such file or directory`, from errno. */
muster_status mu_fail_with_errno(const char *path, const char *what);

#endif
