/* A part of a document that a program renews, between two marks: `<!-- NAME: begin -->` and
 * `<!-- NAME: end -->`, each on a line of its own. */
#ifndef CLI_MARKED_TEXT_H
#define CLI_MARKED_TEXT_H

#include <stdio.h>

/* Write what `print` prints between the marks of the file, in place of what is there; all else stays.
 * Returns COMMAND_DONE, or the exit code after saying why: no such file, no marks. */
int marked_text_replace(const char *path, const char *name, void (*print)(void *user, FILE *stream),
                        void *user);

#endif
