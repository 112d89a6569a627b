/* Names, each kept once, in one block of NUL-ended strings: the `names` of
 * muster_network_data. */
#ifndef MU_GIS_NAME_POOL_H
#define MU_GIS_NAME_POOL_H

#include "core/error.h"

/* Start from zeros; give back with mu_name_pool_fini. */
typedef struct mu_name_pool {
    char     *text;
    size_t    text_size, text_capacity;
    uint32_t *slot; /* a hash table of offsets, MUSTER_NONE where free */
    size_t    slot_count, name_count;
} mu_name_pool;

/* The offset of `name` in text; NULL gives MUSTER_NONE. */
muster_status mu_name_pool_add(mu_name_pool *pool, const char *name, uint32_t *out_offset);
void          mu_name_pool_fini(mu_name_pool *pool);

#endif
