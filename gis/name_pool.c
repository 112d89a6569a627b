/* Open addressing with linear probing, at most two thirds full. Invariant: slot_count is 0
 * or a power of two, and every name is found from its hash before the first free slot. */
#include "gis/name_pool.h"

#include <string.h>

#include "gis/memory.h"

static uint64_t hash_of(const char *name) { /* FNV-1a */
    uint64_t hash = UINT64_C(0xCBF29CE484222325);
    for (const unsigned char *c = (const unsigned char *)name; *c != 0; ++c) {
        hash = (hash ^ *c) * UINT64_C(0x100000001B3);
    }
    return hash ^ (hash >> 32);
}

/* The slot that holds `name`, or the free one where it belongs. */
static uint32_t *find_slot(const mu_name_pool *pool, const char *name) {
    size_t at = (size_t)hash_of(name) & (pool->slot_count - 1);
    while (pool->slot[at] != MUSTER_NONE && strcmp(pool->text + pool->slot[at], name) != 0) {
        at = (at + 1) & (pool->slot_count - 1);
    }
    return &pool->slot[at];
}

static muster_status rehash(mu_name_pool *pool) {
    const size_t larger = pool->slot_count > 0 ? 2 * pool->slot_count : 1024;
    uint32_t    *fresh;
    MU_TRY(mu_gis_alloc(&fresh, larger, sizeof *fresh));
    for (size_t i = 0; i < larger; ++i) fresh[i] = MUSTER_NONE;
    mu_gis_free(pool->slot);
    pool->slot       = fresh;
    pool->slot_count = larger;
    for (size_t at = 0; at < pool->text_size; at += strlen(pool->text + at) + 1) {
        *find_slot(pool, pool->text + at) = (uint32_t)at;
    }
    return MUSTER_OK;
}

static muster_status append(mu_name_pool *pool, const char *name, uint32_t *out_offset) {
    const size_t length = strlen(name) + 1;
    if (length > UINT32_MAX - 1 - pool->text_size) {
        return muster_fail(MUSTER_E_INVALID, "road names fill more than 4 GiB");
    }
    if (pool->text_size + length > pool->text_capacity) {
        const size_t larger = 2 * (pool->text_size + length);
        MU_TRY(mu_gis_realloc(&pool->text, larger, 1));
        pool->text_capacity = larger;
    }
    memcpy(pool->text + pool->text_size, name, length);
    *out_offset = (uint32_t)pool->text_size;
    pool->text_size += length;
    ++pool->name_count;
    return MUSTER_OK;
}

muster_status mu_name_pool_add(mu_name_pool *pool, const char *name, uint32_t *out_offset) {
    *out_offset = MUSTER_NONE;
    if (!name) return MUSTER_OK;
    if (3 * (pool->name_count + 1) > 2 * pool->slot_count) MU_TRY(rehash(pool));
    uint32_t *slot = find_slot(pool, name);
    if (*slot == MUSTER_NONE) MU_TRY(append(pool, name, slot));
    *out_offset = *slot;
    return MUSTER_OK;
}

void mu_name_pool_fini(mu_name_pool *pool) {
    mu_gis_free(pool->text);
    mu_gis_free(pool->slot);
    *pool = (mu_name_pool){0};
}
