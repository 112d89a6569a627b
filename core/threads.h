/* How many threads share work, which of them one is, and sharing it without OpenMP. One thread where
 * OpenMP is left out. */
#ifndef MU_CORE_THREADS_H
#define MU_CORE_THREADS_H

#include <stdint.h>

/* `asked` threads (0: one per core), but no more than there are jobs, and at least one. One in a
 * process that was forked off after threads have been used. Every parallel region has this many. */
uint32_t mu_thread_count(uint32_t asked, uint32_t jobs);
/* In a parallel region: 0 .. its threads - 1. */
uint32_t mu_thread_number(void);

/* From now on `most` threads in the parallel regions that the calling thread begins; how many there were
 * before. For whoever has as many jobs as cores: each is done best alone. */
uint32_t mu_thread_limit(uint32_t most);

/* Do jobs 0 .. job_count - 1, each once, on `thread_count` threads (of mu_thread_count), the calling
 * one among them, or on fewer where the system gives no more. `worker` is 0 .. thread_count - 1, and
 * one thread's for the time of a job. Returns when all are done. */
typedef void mu_do_job(void *user, uint32_t job, uint32_t worker);
void         mu_share_jobs(uint32_t job_count, uint32_t thread_count, mu_do_job *work, void *user);

#endif
