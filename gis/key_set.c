/* See key_set.h. Linear probing in a table that is at most half full; the hash is FNV-1a (Fowler,
 * Noll, Vo), finished by a multiplication so that its upper bits count as well. Who makes up keys
 * that collide only slows down the reading of a file of his own. */
#include "gis/key_set.h"

#include <string.h>

#include "gis/memory.h"

enum { FIRST_SLOTS = 64 };

static uint32_t hash_of(const void *key, size_t size) {
    const unsigned char *byte = key;
    uint64_t             hash = UINT64_C(0xCBF29CE484222325);
    for (size_t i = 0; i < size; ++i) hash = (hash ^ byte[i]) * UINT64_C(0x100000001B3);
    return (uint32_t)(hash * UINT64_C(0x9E3779B97F4A7C15) >> 32);
}

static bool is_key(const mu_key_set *set, uint32_t number, const void *key, size_t size) {
    const size_t begin = number == 0 ? 0 : set->end[number - 1];
    return set->end[number] - begin == size &&
           (size == 0 || memcmp(set->bytes + begin, key, size) == 0);
}

/* The slot of a key, or the free one where it belongs. */
static uint32_t slot_of(const mu_key_set *set, const void *key, size_t size) {
    uint32_t slot = hash_of(key, size) & (set->slot_count - 1);
    while (set->slot[slot] != 0 && !is_key(set, set->slot[slot] - 1, key, size)) {
        slot = (slot + 1) & (set->slot_count - 1);
    }
    return slot;
}

/* All keys are different, so each goes to the first free slot. */
static void fill(mu_key_set *set) {
    for (uint32_t i = 0; i < set->count; ++i) {
        const size_t begin = i == 0 ? 0 : set->end[i - 1];
        const size_t size  = set->end[i] - begin;
        uint32_t     slot  = hash_of(size == 0 ? "" : set->bytes + begin, size);
        for (slot &= set->slot_count - 1; set->slot[slot] != 0;) {
            slot = (slot + 1) & (set->slot_count - 1);
        }
        set->slot[slot] = i + 1;
    }
}

static muster_status make_room(mu_key_set *set, size_t size) {
    const size_t used = set->count == 0 ? 0 : set->end[set->count - 1];
    MU_TRY(mu_gis_grow(&set->end, &set->end_capacity, set->count, sizeof *set->end));
    if (set->byte_capacity - used < size) {
        const size_t larger = set->byte_capacity + set->byte_capacity / 2 + size + 1024;
        MU_TRY(mu_gis_realloc(&set->bytes, larger, 1));
        set->byte_capacity = larger;
    }
    if (set->count < set->slot_count / 2) return MUSTER_OK;
    const uint32_t slots = set->slot_count == 0 ? FIRST_SLOTS : 2 * set->slot_count;
    uint32_t      *slot;
    MU_TRY(mu_gis_alloc_zeroed(&slot, slots, sizeof *slot));
    mu_gis_free(set->slot);
    set->slot       = slot;
    set->slot_count = slots;
    fill(set);
    return MUSTER_OK;
}

muster_status mu_key_set_add(mu_key_set *set, const void *key, size_t size, uint32_t *out,
                             bool *out_is_new) {
    MU_TRY(make_room(set, size));
    const uint32_t slot = slot_of(set, key, size);
    *out_is_new         = set->slot[slot] == 0;
    *out                = *out_is_new ? set->count : set->slot[slot] - 1;
    if (!*out_is_new) return MUSTER_OK;
    if (set->count == INT32_MAX) return muster_fail(MUSTER_E_INVALID, "over %d keys", INT32_MAX);
    const size_t begin = set->count == 0 ? 0 : set->end[set->count - 1];
    if (size > 0) memcpy(set->bytes + begin, key, size);
    set->end[set->count++] = begin + size;
    set->slot[slot]        = set->count;
    return MUSTER_OK;
}

uint32_t mu_key_set_find(const mu_key_set *set, const void *key, size_t size) {
    if (set->slot_count == 0) return MUSTER_NONE;
    const uint32_t number = set->slot[slot_of(set, key, size)];
    return number == 0 ? MUSTER_NONE : number - 1;
}

void mu_key_set_fini(mu_key_set *set) {
    mu_gis_free(set->slot);
    mu_gis_free(set->end);
    mu_gis_free(set->bytes);
    *set = (mu_key_set){0};
}
