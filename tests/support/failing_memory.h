/* Memory that runs out: the linker lets all allocations of muster in a program pass by here (--wrap), and the
 * one that is counted down to fails; or that one and all after it, until there is memory again. For one file
 * of a program. */
#ifndef TESTS_SUPPORT_FAILING_MEMORY_H
#define TESTS_SUPPORT_FAILING_MEMORY_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

static _Atomic int64_t until_failure = INT64_MAX;
static _Atomic bool    stays_out;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

static inline bool memory_has_run_out(void) {
    const int64_t left = --until_failure;
    return left == 0 || (left < 0 && stays_out);
}

void *__wrap_malloc(size_t size) {
    return memory_has_run_out() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size) {
    return memory_has_run_out() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size) {
    return memory_has_run_out() ? NULL : __real_realloc(old, size);
}

#endif
