/* Memory for files that are read, with the habits of core/alloc.h, which stays inside
 * libmuster: sizes are multiplied without overflow, a failure sets the error message, and
 * tests can make the n-th allocation fail. */
#ifndef MU_GIS_MEMORY_H
#define MU_GIS_MEMORY_H

#include <stddef.h>
#include <stdint.h>

#include "core/error.h"

/* `out` and `inout` are addresses of pointers. Nothing is asked for with count 0, but the
 * pointer is not NULL all the same. Give back with mu_gis_free. */
muster_status mu_gis_alloc(void *out, size_t count, size_t size);
muster_status mu_gis_alloc_zeroed(void *out, size_t count, size_t size);
/* Resize *inout; on failure it is as it was. */
muster_status mu_gis_realloc(void *inout, size_t count, size_t size);
/* Room for one more in a growing array: grows *capacity by half when used == *capacity. */
muster_status mu_gis_grow(void *inout, size_t *capacity, size_t used, size_t size);
void          mu_gis_free(void *memory);

/* For tests: let `count` more allocations succeed, then fail all that follow, in every
 * thread; a negative count turns it off. */
void mu_gis_alloc_fail_after(int64_t count);

/* Copies of texts that stay where they are until all are given back together. Start from
 * zeros. */
typedef struct mu_texts {
    struct mu_text_block *newest;
} mu_texts;

muster_status mu_texts_keep(mu_texts *texts, const char *text, const char **out);
void          mu_texts_fini(mu_texts *texts);

#endif
