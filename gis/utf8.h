/* Texts from strangers: are they UTF-8, and how much of them fits into a message? */
#ifndef MU_GIS_UTF8_H
#define MU_GIS_UTF8_H

#include <stdbool.h>
#include <stddef.h>

bool mu_is_utf8(const char *text, size_t size);

/* `text` in single quotes, cut to `room` bytes with "..." where it is longer, never in the
 * middle of a character. `room` is 16 or more. */
void mu_quote(char *out, size_t room, const char *text);
/* The end of `text`, which tells most of a path; "..." before it where some was cut. */
void mu_keep_end(char *out, size_t room, const char *text);

#endif
