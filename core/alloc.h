/* Memory with three habits: sizes are multiplied without overflow, a failure sets the
 * error message, and tests can make the n-th allocation fail. */
#ifndef MU_CORE_ALLOC_H
#define MU_CORE_ALLOC_H

#include <stddef.h>
#include <stdint.h>

#include "core/error.h"

/* `count` things of `size` bytes; never NULL for count 0. On failure *out is NULL. */
muster_status mu_alloc(void *out, size_t count, size_t size);
/* The same for what will be written as a whole: large pages, where the system has them. */
muster_status mu_alloc_huge(void *out, size_t count, size_t size);
muster_status mu_alloc_zeroed(void *out, size_t count, size_t size);
/* A copy of `count` things; `source` may be NULL when count is 0. */
muster_status mu_alloc_copy(void *out, const void *source, size_t count, size_t size);
/* Resize *inout; on failure it is as it was. */
muster_status mu_realloc(void *inout, size_t count, size_t size);
/* Room for one more in a growing array: grows *capacity by half when used == *capacity. */
muster_status mu_grow(void *inout, size_t *capacity, size_t used, size_t size);
void          mu_free(void *memory);

/* For tests: let `count` more allocations succeed, then fail all that follow, in every
 * thread; a negative count turns it off. Returns how many have been made since the last
 * call. */
int64_t mu_alloc_fail_after(int64_t count);
/* The same for one allocation and none that follow: a failure that is swallowed shows. */
int64_t mu_alloc_fail_once_after(int64_t count);

#endif
