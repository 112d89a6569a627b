/* See alloc.h. The out parameters are `void *` so that any pointer's address fits without
 * a cast at the call; they are copied in and out bytewise, which strict aliasing allows. */
#define _DEFAULT_SOURCE /* madvise */
#include "core/alloc.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "core/block_pool.h"

static atomic_int_least64_t allowance = -1; /* negative: unlimited */
static atomic_int_least64_t made      = 0;
static atomic_bool          fails_once;

int64_t mu_alloc_fail_after(int64_t count) {
    atomic_store(&fails_once, false);
    atomic_store(&allowance, count < 0 ? -1 : count);
    return atomic_exchange(&made, 0);
}

int64_t mu_alloc_fail_once_after(int64_t count) {
    const int64_t before = mu_alloc_fail_after(count);
    atomic_store(&fails_once, true);
    return before;
}

static bool may_allocate(void) {
    atomic_fetch_add(&made, 1);
    int_least64_t left = atomic_load(&allowance);
    while (left > 0) {
        if (atomic_compare_exchange_weak(&allowance, &left, left - 1)) return true;
    }
    if (left == 0 && atomic_load(&fails_once)) {
        return !atomic_compare_exchange_strong(&allowance, &left, -1);
    }
    return left < 0;
}

static muster_status out_of_memory(size_t count, size_t size) {
    return muster_fail(MUSTER_E_NOMEM, "out of memory: asked for %zu times %zu bytes", count, size);
}

/* Bytes to ask for, or 0 where count * size does not fit. */
static size_t total_bytes(size_t count, size_t size) {
    if (count == 0 || size == 0) return 1;
    return count > SIZE_MAX / size ? 0 : count * size;
}

static void hand_over(void *out, void *memory) {
    memcpy(out, &memory, sizeof memory);
}

static void *new_block(size_t bytes) {
    void *memory = mu_block_pool_take(bytes);
    return memory ? memory : malloc(bytes);
}

static void *new_zeroed_block(size_t bytes) {
    void *memory = mu_block_pool_take(bytes);
    return memory ? memset(memory, 0, bytes) : calloc(1, bytes);
}

muster_status mu_alloc(void *out, size_t count, size_t size) {
    const size_t bytes  = total_bytes(count, size);
    void        *memory = bytes > 0 && may_allocate() ? new_block(bytes) : NULL;
    hand_over(out, memory);
    return memory ? MUSTER_OK : out_of_memory(count, size);
}

muster_status mu_alloc_zeroed(void *out, size_t count, size_t size) {
    const size_t bytes  = total_bytes(count, size);
    void        *memory = bytes > 0 && may_allocate() ? new_zeroed_block(bytes) : NULL;
    hand_over(out, memory);
    return memory ? MUSTER_OK : out_of_memory(count, size);
}

/* A page fault costs about a microsecond, and there is one for 4 KB, or one for 2 MB: three metrics
 * of New York made together (bench_customize), 150 MB, took 160 ms, and take 107. The pages that
 * lie in the block as a whole are asked for; not to be given them is no failure. */
static void ask_for_huge_pages(void *memory, size_t bytes) {
#ifdef MADV_HUGEPAGE
    const size_t huge = (size_t)2 << 20, past = (uintptr_t)memory % huge;
    const size_t skip = past > 0 ? huge - past : 0;
    if (bytes < skip + huge) return;
    (void)madvise((char *)memory + skip, (bytes - skip) / huge * huge, MADV_HUGEPAGE);
#else
    (void)memory;
    (void)bytes;
#endif
}

muster_status mu_alloc_huge(void *out, size_t count, size_t size) {
    void *memory;
    MU_TRY(mu_alloc(&memory, count, size));
    ask_for_huge_pages(memory, total_bytes(count, size));
    hand_over(out, memory);
    return MUSTER_OK;
}

muster_status mu_alloc_copy(void *out, const void *source, size_t count, size_t size) {
    MU_TRY(mu_alloc(out, count, size));
    void *memory;
    memcpy(&memory, out, sizeof memory);
    if (count > 0) memcpy(memory, source, count * size);
    return MUSTER_OK;
}

muster_status mu_realloc(void *inout, size_t count, size_t size) {
    void *old;
    memcpy(&old, inout, sizeof old);
    const size_t bytes  = total_bytes(count, size);
    void        *memory = bytes > 0 && may_allocate() ? realloc(old, bytes) : NULL;
    if (!memory) return out_of_memory(count, size);
    hand_over(inout, memory);
    return MUSTER_OK;
}

muster_status mu_grow(void *inout, size_t *capacity, size_t used, size_t size) {
    if (used < *capacity) return MUSTER_OK;
    const size_t larger = *capacity < 16 ? 16 : *capacity + *capacity / 2;
    MU_TRY(mu_realloc(inout, larger, size));
    *capacity = larger;
    return MUSTER_OK;
}

void mu_free(void *memory) {
    if (!mu_block_pool_keep(memory)) free(memory);
}
