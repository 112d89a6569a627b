/* JSON as the command writes it. */
#ifndef CLI_JSON_FILE_H
#define CLI_JSON_FILE_H

#include <jansson.h>

/* Write a document, whose reference this takes, to a file or "-". NULL is one that could not
 * be made. Returns the exit code. */
int json_write(json_t *document, const char *path);

#endif
