/* A file of what-ifs: a JSON list of objects (docs/readiness.md). */
#ifndef CLI_WHAT_IF_FILE_H
#define CLI_WHAT_IF_FILE_H

#include <jansson.h>

#include "cli/what_if.h"

typedef struct what_if_file {
    json_t       *document; /* which the strings of specs belong to */
    uint32_t      count;
    what_if_spec *spec; /* each with a name */
} what_if_file;

/* `store` is where hazards of an "at" without "hazards" are. Returns the exit code after naming file,
 * what-if, member, value and what was expected; what_if_file_free is due in either case. */
int  what_if_file_read(what_if_file *out, const char *path, const char *store);
void what_if_file_free(what_if_file *file);

#endif
