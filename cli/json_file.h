/* JSON as the command reads and writes it. */
#ifndef CLI_JSON_FILE_H
#define CLI_JSON_FILE_H

#include <jansson.h>

/* Read the document of a file; `expected` is what it should be, for messages. A byte order mark is
 * passed over, a name that comes twice in an object refused. Returns the exit code; *out is the
 * caller's to give back, NULL on failure. */
int json_read(json_t **out, const char *path, const char *expected);

/* Write a document, whose reference this takes, to a file or "-". NULL is one that could not
 * be made. Returns the exit code. */
int json_write(json_t *document, const char *path);

#endif
