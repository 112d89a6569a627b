/* Keys that have been met, each with a number from 0 in that order: a hash table of byte strings.
 * Start from zeros. */
#ifndef MU_GIS_KEY_SET_H
#define MU_GIS_KEY_SET_H

#include <stddef.h>
#include <stdint.h>

#include "core/error.h"

typedef struct mu_key_set {
    uint32_t  count;
    uint32_t  slot_count; /* a power of two, or 0 */
    uint32_t *slot;       /* number of a key + 1; 0: free */
    size_t    end_capacity, byte_capacity;
    size_t   *end; /* [count] one behind the key's last byte */
    char     *bytes;
} mu_key_set;

/* Add a key; *out is its number, and *out_is_new whether it was not there. O(size). */
muster_status mu_key_set_add(mu_key_set *set, const void *key, size_t size, uint32_t *out,
                             bool *out_is_new);
/* Its number, or MUSTER_NONE. */
uint32_t mu_key_set_find(const mu_key_set *set, const void *key, size_t size);
void     mu_key_set_fini(mu_key_set *set);

#endif
