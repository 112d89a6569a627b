/* See memory.h. The out parameters are `void *` so that any pointer's address fits without
 * a cast at the call; they are copied in and out bytewise, which strict aliasing allows. */
#include "gis/memory.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static atomic_int_least64_t allowance = -1; /* negative: unlimited */

void mu_gis_alloc_fail_after(int64_t count) {
    atomic_store(&allowance, count < 0 ? -1 : count);
}

static bool may_allocate(void) {
    int_least64_t left = atomic_load(&allowance);
    while (left > 0) {
        if (atomic_compare_exchange_weak(&allowance, &left, left - 1)) return true;
    }
    return left < 0;
}

muster_status mu_gis_realloc(void *inout, size_t count, size_t size) {
    void *old;
    memcpy(&old, inout, sizeof old);
    const bool   fits   = size == 0 || count <= SIZE_MAX / size;
    const size_t bytes  = fits && count * size > 0 ? count * size : 1;
    void        *memory = fits && may_allocate() ? realloc(old, bytes) : NULL;
    if (!memory) {
        return muster_fail(MUSTER_E_NOMEM, "out of memory: asked for %zu times %zu bytes", count,
                           size);
    }
    memcpy(inout, &memory, sizeof memory);
    return MUSTER_OK;
}

muster_status mu_gis_alloc(void *out, size_t count, size_t size) {
    void *nothing = NULL;
    memcpy(out, &nothing, sizeof nothing);
    return mu_gis_realloc(out, count, size);
}

muster_status mu_gis_alloc_zeroed(void *out, size_t count, size_t size) {
    MU_TRY(mu_gis_alloc(out, count, size));
    void *memory;
    memcpy(&memory, out, sizeof memory);
    memset(memory, 0, count * size);
    return MUSTER_OK;
}

muster_status mu_gis_grow(void *inout, size_t *capacity, size_t used, size_t size) {
    if (used < *capacity) return MUSTER_OK;
    const size_t larger = *capacity < 16 ? 16 : *capacity + *capacity / 2;
    MU_TRY(mu_gis_realloc(inout, larger, size));
    *capacity = larger;
    return MUSTER_OK;
}

void mu_gis_free(void *memory) {
    free(memory);
}

/* ---- texts --------------------------------------------------------------------------- */

enum { BLOCK_BYTES = 16000 };

typedef struct mu_text_block {
    struct mu_text_block *older;
    size_t                used, size;
    char                  bytes[];
} mu_text_block;

static muster_status add_block(mu_texts *texts, size_t needed) {
    const size_t   size = needed > BLOCK_BYTES ? needed : BLOCK_BYTES;
    mu_text_block *block;
    MU_TRY(mu_gis_alloc(&block, 1, sizeof *block + size));
    *block        = (mu_text_block){.older = texts->newest, .used = 0, .size = size};
    texts->newest = block;
    return MUSTER_OK;
}

muster_status mu_texts_keep(mu_texts *texts, const char *text, const char **out) {
    const size_t   bytes = strlen(text) + 1;
    mu_text_block *block = texts->newest;
    if (!block || block->size - block->used < bytes) MU_TRY(add_block(texts, bytes));
    block = texts->newest;
    *out  = memcpy(block->bytes + block->used, text, bytes);
    block->used += bytes;
    return MUSTER_OK;
}

void mu_texts_fini(mu_texts *texts) {
    while (texts->newest) {
        mu_text_block *block = texts->newest;
        texts->newest        = block->older;
        mu_gis_free(block);
    }
}
