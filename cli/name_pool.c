/* jansson's objects are hash tables that own their keys. */
#include "cli/name_pool.h"

#include <stdbool.h>
#include <stdlib.h>

#include <muster/api.h>

static bool reserve(name_pool *pool) {
    if (!pool->number) pool->number = json_object();
    if (!pool->number || pool->count < pool->capacity) return pool->number != NULL;
    const uint32_t capacity = 2 * pool->capacity + 64;
    const char   **larger   = realloc(pool->text, capacity * sizeof *larger);
    if (!larger) return false;
    pool->text     = larger;
    pool->capacity = capacity;
    return true;
}

uint32_t name_pool_add(name_pool *pool, const char *text) {
    const json_t *known = json_object_get(pool->number, text);
    if (known) return (uint32_t)json_integer_value(known);
    if (!reserve(pool) || json_object_set_new(pool->number, text, json_integer(pool->count)) != 0) {
        return MUSTER_NONE;
    }
    pool->text[pool->count] = json_object_iter_key(json_object_iter_at(pool->number, text));
    return pool->count++;
}

void name_pool_free(name_pool *pool) {
    json_decref(pool->number);
    free(pool->text);
    *pool = (name_pool){0};
}
