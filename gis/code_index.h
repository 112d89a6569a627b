/* From codes, which people give to things, to indices from 0. */
#ifndef MU_GIS_CODE_INDEX_H
#define MU_GIS_CODE_INDEX_H

#include <stdlib.h>
#include <string.h>

#include "gis/memory.h"

typedef struct mu_coded {
    const char *code;
    uint32_t    index;
} mu_coded;

/* Start from zeros; give back with mu_code_index_fini. Add all, sort, then find. */
typedef struct mu_code_index {
    mu_coded *entry;
    size_t    count, capacity;
} mu_code_index;

/* The code is borrowed. */
static inline muster_status mu_code_index_add(mu_code_index *index, const char *code,
                                              uint32_t value) {
    MU_TRY(mu_gis_grow(&index->entry, &index->capacity, index->count, sizeof *index->entry));
    index->entry[index->count++] = (mu_coded){code, value};
    return MUSTER_OK;
}

static inline int mu_compare_codes(const void *a, const void *b) {
    return strcmp(((const mu_coded *)a)->code, ((const mu_coded *)b)->code);
}

static inline void mu_code_index_sort(mu_code_index *index) {
    if (index->count > 0) {
        qsort(index->entry, index->count, sizeof *index->entry, mu_compare_codes);
    }
}

/* The entry, which stays where it is from now on, or NULL. */
static inline const mu_coded *mu_code_index_find(const mu_code_index *index, const char *code) {
    const mu_coded wanted = {code, 0};
    if (index->count == 0) return NULL;
    return bsearch(&wanted, index->entry, index->count, sizeof wanted, mu_compare_codes);
}

static inline void mu_code_index_fini(mu_code_index *index) {
    mu_gis_free(index->entry);
}

#endif
