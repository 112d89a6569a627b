/* An indexed 4-ary heap. Four children to a node: fewer levels and the children of a node
 * side by side in memory, which for Dijkstra's mix of many pushes and fewer pops beats two
 * (LaMarca and Ladner, "The influence of caches on the performance of heaps", 1996).
 *
 * Invariant: heap->node[heap->where[v]] == v for every v in the heap, and no node comes
 * before its parent. */
#include "core/heap.h"

#include <assert.h>

#include "core/alloc.h"

enum { ARITY = 4 };

muster_status mu_heap_init(mu_heap *heap, uint32_t node_count) {
    *heap                = (mu_heap){0};
    muster_status status = mu_alloc(&heap->node, node_count, sizeof *heap->node);
    if (status == MUSTER_OK) status = mu_alloc(&heap->where, node_count, sizeof *heap->where);
    if (status == MUSTER_OK) status = mu_alloc(&heap->key, node_count, sizeof *heap->key);
    if (status != MUSTER_OK) {
        mu_heap_fini(heap);
        return status;
    }
    for (uint32_t v = 0; v < node_count; ++v) heap->where[v] = MUSTER_NONE;
    return MUSTER_OK;
}

void mu_heap_fini(mu_heap *heap) {
    mu_free(heap->node);
    mu_free(heap->where);
    mu_free(heap->key);
    *heap = (mu_heap){0};
}

void mu_heap_clear(mu_heap *heap) {
    for (uint32_t i = 0; i < heap->size; ++i) heap->where[heap->node[i]] = MUSTER_NONE;
    heap->size = 0;
}

static bool goes_first(const mu_heap *heap, uint32_t a, uint32_t b) {
    return heap->key[a] < heap->key[b] || (heap->key[a] == heap->key[b] && a < b);
}

static void place(mu_heap *heap, uint32_t at, uint32_t node) {
    heap->node[at]    = node;
    heap->where[node] = at;
}

static void sift_up(mu_heap *heap, uint32_t hole, uint32_t node) {
    while (hole > 0) {
        const uint32_t parent = (hole - 1) / ARITY;
        if (!goes_first(heap, node, heap->node[parent])) break;
        place(heap, hole, heap->node[parent]);
        hole = parent;
    }
    place(heap, hole, node);
}

static void sift_down(mu_heap *heap, uint32_t hole, uint32_t node) {
    for (uint32_t first; (first = ARITY * hole + 1) < heap->size;) {
        const uint32_t end  = first + ARITY < heap->size ? first + ARITY : heap->size;
        uint32_t       best = first;
        for (uint32_t c = first + 1; c < end; ++c) {
            if (goes_first(heap, heap->node[c], heap->node[best])) best = c;
        }
        if (!goes_first(heap, heap->node[best], node)) break;
        place(heap, hole, heap->node[best]);
        hole = best;
    }
    place(heap, hole, node);
}

void mu_heap_push_or_decrease(mu_heap *heap, uint32_t node, uint64_t key) {
    uint32_t at = heap->where[node];
    if (at == MUSTER_NONE) {
        at = heap->size++;
    } else if (key >= heap->key[node]) {
        return;
    }
    heap->key[node] = key;
    sift_up(heap, at, node);
}

uint32_t mu_heap_pop(mu_heap *heap) {
    assert(heap->size > 0);
    const uint32_t top  = heap->node[0];
    heap->where[top]    = MUSTER_NONE;
    const uint32_t last = heap->node[--heap->size];
    if (heap->size > 0) sift_down(heap, 0, last);
    return top;
}
