/* How many threads share a job, and which of them one is; one thread without OpenMP. */
#ifndef MU_CORE_THREADS_H
#define MU_CORE_THREADS_H

#include <stdint.h>

/* `asked` threads (0: one per core), but no more than there are jobs, and at least one. One in a
 * process that was forked off after threads have been used. Every parallel region has this many. */
uint32_t mu_thread_count(uint32_t asked, uint32_t jobs);
/* In a parallel region: 0 .. its threads - 1. */
uint32_t mu_thread_number(void);

#endif
