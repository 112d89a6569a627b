/* Whether jansson has run out of memory, which it does not always say: then a text is taken for one that is
 * wrong, and who sent it would not send it again; or a letter of a word is left out (2.14, lex_save). */
#ifndef SERVICE_JSON_MEMORY_H
#define SERVICE_JSON_MEMORY_H

#include <stdbool.h>

/* Notice it from now on, in all of the process. Before any thread uses jansson. */
void mu_json_memory_watch(void);
/* Has it, on this thread, since this was called last? */
bool mu_json_memory_ran_out(void);

#endif
