/* A text with several owners, on any thread: who has changed each of a hundred orders is kept once. It
 * is read like any other, and must not be written to. */
#ifndef MU_SESSION_TEXT_H
#define MU_SESSION_TEXT_H

#include <stddef.h>

#include "core/error.h"

/* A copy with one owner; of NULL: NULL. */
muster_status mu_text_new(char **out, const char *text);
/* A copy of so many bytes, with an end behind them. */
muster_status mu_text_new_of(char **out, const char *bytes, size_t size);
/* One more owner, of what mu_text_new made or of NULL. Returns `text`. */
char *mu_text_hold(char *text);
void  mu_text_release(char *text);

#endif
