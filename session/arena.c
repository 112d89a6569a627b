#include "session/arena.h"

#include <stdint.h>
#include <string.h>

#include "core/alloc.h"

/* The first block is small, for what the world keeps of one road; each is twice the one before. */
enum { LEAST_BYTES = 1 << 10, MOST_BYTES = 1 << 16, ALIGNMENT = 16 };

struct mu_arena_block {
    struct mu_arena_block *before;
    size_t                 size;
    _Alignas(ALIGNMENT) unsigned char bytes[];
};

static size_t next_size(const mu_arena *a) {
    if (!a->block) return LEAST_BYTES;
    return a->block->size < MOST_BYTES / 2 ? 2 * a->block->size : MOST_BYTES;
}

/* A block of its own for what is larger than one. */
static muster_status add_block(mu_arena *a, size_t bytes) {
    struct mu_arena_block *block;
    const size_t           usual = next_size(a), size = bytes > usual ? bytes : usual;
    if (size > SIZE_MAX - sizeof *block) {
        return muster_fail(MUSTER_E_NOMEM, "out of memory: asked for %zu bytes", size);
    }
    MU_TRY(mu_alloc(&block, 1, sizeof *block + size));
    block->before = a->block;
    block->size   = size;
    a->block      = block;
    a->used       = 0;
    return MUSTER_OK;
}

muster_status mu_arena_take(mu_arena *a, void *out, size_t count, size_t size) {
    if (size > 0 && count > (SIZE_MAX - ALIGNMENT) / size) {
        return muster_fail(MUSTER_E_NOMEM, "out of memory: asked for %zu times %zu bytes", count,
                           size);
    }
    const size_t bytes = (count * size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (!a->block || bytes > a->block->size - a->used) MU_TRY(add_block(a, bytes));
    void *memory = a->block->bytes + a->used;
    memset(memory, 0, bytes);
    memcpy(out, &memory, sizeof memory);
    a->used += bytes;
    return MUSTER_OK;
}

muster_status mu_arena_copy(mu_arena *a, void *out, const void *source, size_t count, size_t size) {
    void *memory = NULL;
    MU_TRY(mu_arena_take(a, &memory, count, size));
    if (count * size > 0) memcpy(memory, source, count * size);
    memcpy(out, &memory, sizeof memory);
    return MUSTER_OK;
}

muster_status mu_arena_text(mu_arena *a, const char **out, const char *text) {
    *out = NULL;
    return text ? mu_arena_copy(a, out, text, strlen(text) + 1, 1) : MUSTER_OK;
}

void mu_arena_fini(mu_arena *a) {
    while (a->block) {
        struct mu_arena_block *before = a->block->before;
        mu_free(a->block);
        a->block = before;
    }
    a->used = 0;
}
