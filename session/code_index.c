#include "session/code_index.h"

#include <string.h>

#include <muster/api.h>

/* Eight bytes at a time, each mixed in by a step of splitmix64 (Steele, Lea and Flood, OOPSLA 2014). Not
 * the same on all machines, so nothing that is kept may depend on it. */
static uint64_t hash_bytes(const void *bytes, size_t size) {
    const char *at   = bytes;
    uint64_t    hash = size, word;
    for (; size > 0; at += sizeof word, size -= size < sizeof word ? size : sizeof word) {
        word = 0;
        memcpy(&word, at, size < sizeof word ? size : sizeof word);
        hash = (hash ^ word) * 0xBF58476D1CE4E5B9u;
        hash ^= hash >> 31;
    }
    return hash;
}

muster_status mu_code_index_init(mu_code_index *index, mu_arena *arena, uint32_t count) {
    uint64_t size = 2;
    while (size < 2 * (uint64_t)count) size *= 2;
    index->mask = (uint32_t)(size - 1);
    return mu_arena_take(arena, &index->entry, (size_t)size, sizeof *index->entry);
}

/* Where it is, or where it would be. */
static mu_code_entry *place_of(const mu_code_index *index, const char *code, uint32_t kind) {
    uint32_t at = (uint32_t)hash_bytes(code, strlen(code)) + kind;
    for (;; ++at) {
        mu_code_entry *e = &index->entry[at & index->mask];
        if (!e->code || (e->kind == kind && strcmp(e->code, code) == 0)) return e;
    }
}

bool mu_code_index_add(mu_code_index *index, const char *code, uint32_t kind, uint32_t row) {
    mu_code_entry *entry = place_of(index, code, kind);
    if (entry->code) return false;
    *entry = (mu_code_entry){code, kind, row};
    return true;
}

uint32_t mu_code_index_find(const mu_code_index *index, const char *code, uint32_t kind) {
    const mu_code_entry *entry = place_of(index, code, kind);
    return entry->code ? entry->row : MUSTER_NONE;
}
