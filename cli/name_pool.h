/* Texts as numbers, so that many rows can be compared and counted by them. */
#ifndef CLI_NAME_POOL_H
#define CLI_NAME_POOL_H

#include <stdint.h>

#include <jansson.h>

/* Start from zero. */
typedef struct name_pool {
    json_t      *number; /* of each text */
    uint32_t     count, capacity;
    const char **text; /* of each number */
} name_pool;

/* The number of a text, a new one where it is met first; MUSTER_NONE where memory ran out. */
uint32_t name_pool_add(name_pool *pool, const char *text);

void name_pool_free(name_pool *pool);

#endif
