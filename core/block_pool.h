/* Large blocks that were given back, kept for whoever asks for one next.
 *
 * A flood takes ten arrays of a megabyte, writes them once and gives them back, again and again
 * through a night. The C library returns such memory to the system each time and asks for it anew,
 * and then a page fault for every 4 KB costs more than the work: with a pool a flood of 1 % of the
 * home scenario takes a third of the time (bench_closure).
 *
 * The pool is the process's, bounded, and holds nothing but memory that is free. Any thread may
 * call; nobody ever waits: who finds it in use does without, also in a child forked meanwhile. */
#ifndef MU_CORE_BLOCK_POOL_H
#define MU_CORE_BLOCK_POOL_H

#include <stdbool.h>
#include <stddef.h>

/* A block for `bytes`, with whatever is in it; NULL: there is none that fits. */
void *mu_block_pool_take(size_t bytes);
/* Keep a block of malloc or realloc. False: it is too small or too large to be kept, and the
 * caller's still. */
bool mu_block_pool_keep(void *block);
/* Give everything back to the C library. */
void mu_block_pool_clear(void);

#endif
