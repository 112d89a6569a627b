/* Texts that live in one block with what they belong to. NULL stays NULL. */
#ifndef MU_GIS_PACKED_TEXT_H
#define MU_GIS_PACKED_TEXT_H

#include <stddef.h>
#include <string.h>

static inline size_t mu_packed_bytes(const char *text) {
    return text ? strlen(text) + 1 : 0;
}

/* Copy the text to *at, which moves on behind it. */
static inline const char *mu_packed_put(char **at, const char *text) {
    if (!text) return NULL;
    const size_t size = strlen(text) + 1;
    char        *copy = memcpy(*at, text, size);
    *at += size;
    return copy;
}

#endif
