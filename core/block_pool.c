/* See block_pool.h. A block fits when at most a fifth of it is left over; of those that do, the
 * smallest is taken, the one that came last first: its lines are in the cache still. When there are
 * too many the oldest goes. */
#include "core/block_pool.h"

#include <stdlib.h>
#include <string.h>

#include "core/try_lock.h"

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__)
#include <malloc.h>
static size_t size_of(void *block) {
    return malloc_usable_size(block);
}
#else
/* Sizes cannot be told, or somebody watches for the use of what is free: nothing is kept. */
static size_t size_of(void *block) {
    (void)block;
    return 0;
}
#endif

enum { MOST_BLOCKS = 64, LEAST_BYTES = 64 << 10, MOST_BYTES = 16 << 20, MOST_TOTAL = 48 << 20 };

typedef struct kept_block {
    void  *memory;
    size_t bytes;
} kept_block;

static mu_try_lock lock = MU_TRY_LOCK_INIT;
static kept_block  kept[MOST_BLOCKS]; /* the oldest first */
static int         kept_count;
static size_t      kept_total;

static void *remove_at(int place) {
    void *memory = kept[place].memory;
    kept_total -= kept[place].bytes;
    --kept_count;
    memmove(&kept[place], &kept[place + 1], (size_t)(kept_count - place) * sizeof kept[0]);
    return memory;
}

static bool fits(const kept_block *block, size_t bytes) {
    return block->bytes >= bytes && block->bytes - bytes <= block->bytes / 5;
}

static void *take(size_t bytes) {
    int best = -1;
    for (int i = kept_count; i-- > 0;) {
        if (fits(&kept[i], bytes) && (best < 0 || kept[i].bytes < kept[best].bytes)) best = i;
    }
    return best < 0 ? NULL : remove_at(best);
}

/* Who asks for more than is ever kept builds something, which must not find memory held back. */
void *mu_block_pool_take(size_t bytes) {
    if (bytes > MOST_BYTES) mu_block_pool_clear();
    if (bytes < LEAST_BYTES || bytes > MOST_BYTES || !mu_try_lock_take(&lock)) return NULL;
    void *memory = take(bytes);
    mu_try_lock_give_back(&lock);
    return memory;
}

bool mu_block_pool_keep(void *memory) {
    if (!memory) return false;
    const size_t bytes = size_of(memory);
    if (bytes < LEAST_BYTES || bytes > MOST_BYTES || !mu_try_lock_take(&lock)) return false;
    while (kept_count == MOST_BLOCKS || kept_total + bytes > MOST_TOTAL) free(remove_at(0));
    kept[kept_count++] = (kept_block){memory, bytes};
    kept_total += bytes;
    mu_try_lock_give_back(&lock);
    return true;
}

__attribute__((destructor)) void mu_block_pool_clear(void) {
    if (!mu_try_lock_take(&lock)) return;
    while (kept_count > 0) free(remove_at(kept_count - 1));
    mu_try_lock_give_back(&lock);
}
