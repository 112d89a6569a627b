/* Files as the system sees them: what is at a path, and how a new one appears whole.
 *
 * `name` is the path as messages show it. Failures are MUSTER_E_IO with the system's
 * reason, but for MUSTER_E_NOMEM. */
#ifndef MU_GIS_FILE_H
#define MU_GIS_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"

/* Read up to `room` bytes from the beginning of a regular file. */
muster_status mu_file_peek(const char *path, const char *name, unsigned char *out, size_t room,
                           size_t *out_bytes, int64_t *out_file_bytes);

/* Is there nothing, or nothing but an empty file, at `path` with `suffix` behind it? Links
 * in `path` are followed first. */
bool mu_file_has_no(const char *path, const char *suffix);

/* `path` without links, or as it is where it cannot be followed; to be given to mu_gis_free. */
muster_status mu_file_follow(char **out, const char *path);

/* Make an empty file of a new name beside `path`; *out is to be given to mu_gis_free. */
muster_status mu_file_make_temporary(char **out, const char *path, const char *name);
/* Bring the temporary file to disk and give it the name `path`; the permissions are those of
 * the file that it replaces. */
muster_status mu_file_publish(const char *temporary, const char *path, const char *name);
void          mu_file_remove(const char *path);

#endif
