/* From codes to rows, O(1): a hash table with open addressing that is filled once and then read, on any
 * thread. */
#ifndef MU_SESSION_CODE_INDEX_H
#define MU_SESSION_CODE_INDEX_H

#include "session/arena.h"

typedef struct mu_code_entry {
    const char *code; /* NULL: none here */
    uint32_t    kind, row;
} mu_code_entry;

typedef struct mu_code_index {
    mu_code_entry *entry;
    uint32_t       mask; /* their number less 1, a power of two */
} mu_code_index;

/* Room for so many codes, in the arena. */
muster_status mu_code_index_init(mu_code_index *index, mu_arena *arena, uint32_t count);
/* False: it is there already. The code is borrowed. `kind` tells apart rows of the same code. */
bool mu_code_index_add(mu_code_index *index, const char *code, uint32_t kind, uint32_t row);
/* MUSTER_NONE: it is not there. */
uint32_t mu_code_index_find(const mu_code_index *index, const char *code, uint32_t kind);

#endif
