/* Sorting identifiers in linear time. */
#ifndef MU_GIS_ID_SORT_H
#define MU_GIS_ID_SORT_H

#include <stddef.h>
#include <stdint.h>

#include "core/error.h"

/* Sort by rising value. O(count) time and memory. */
muster_status mu_sort_ids(int64_t *ids, size_t count);

#endif
