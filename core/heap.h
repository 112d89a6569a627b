/* A priority queue of node ids with 64-bit keys that can be lowered in place. */
#ifndef MU_CORE_HEAP_H
#define MU_CORE_HEAP_H

#include "core/error.h"

typedef struct mu_heap {
    uint32_t  size;
    uint32_t *node;  /* [size] heap order */
    uint32_t *where; /* by node: its place in `node`, MUSTER_NONE when not in the heap */
    uint64_t *key;   /* by node */
} mu_heap;

muster_status mu_heap_init(mu_heap *heap, uint32_t node_count);
void          mu_heap_fini(mu_heap *heap);
void          mu_heap_clear(mu_heap *heap); /* O(size) */

/* Put `node` in with `key`, or lower its key; a higher key changes nothing. */
void mu_heap_push_or_decrease(mu_heap *heap, uint32_t node, uint64_t key);
/* The node with the least key, ties by least id. The heap must not be empty. */
uint32_t mu_heap_pop(mu_heap *heap);

#endif
