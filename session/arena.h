/* Memory for what is made piece by piece and goes as a whole: the texts and arrays of one view, of one
 * problem. */
#ifndef MU_SESSION_ARENA_H
#define MU_SESSION_ARENA_H

#include <stddef.h>

#include "core/error.h"

/* Start from zeros. */
typedef struct mu_arena {
    struct mu_arena_block *block; /* the latest, which knows the one before */
    size_t                 used;  /* bytes of it */
} mu_arena;

/* Room for `count` things of `size` bytes, zeroed; it stays where it is. */
muster_status mu_arena_take(mu_arena *arena, void *out, size_t count, size_t size);
/* A copy; `source` may be NULL when count is 0. */
muster_status mu_arena_copy(mu_arena *arena, void *out, const void *source, size_t count,
                            size_t size);
/* A copy of a text; of NULL: NULL. */
muster_status mu_arena_text(mu_arena *arena, const char **out, const char *text);
void          mu_arena_fini(mu_arena *arena);

#endif
