/* Sorting by a number of 32 bits. */
#ifndef MU_SOLVER_KEY_SORT_H
#define MU_SOLVER_KEY_SORT_H

#include <stddef.h>
#include <stdint.h>

/* Sort `key` [count] by their upper halves; those with equal ones stay in the order in which they are.
 * `scratch` [count] has room for as many. O(count). */
void mu_sort_keys(size_t count, uint64_t *key, uint64_t *scratch);

#endif
