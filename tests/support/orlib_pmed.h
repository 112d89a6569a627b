/* The p-median problems of OR-Library (Beasley, Journal of the Operational Research Society 41, 1990): a
 * graph with lengths, and how many medians. All nodes are demand of weight 1 and places. */
#ifndef TESTS_SUPPORT_ORLIB_PMED_H
#define TESTS_SUPPORT_ORLIB_PMED_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { PMED_COUNT = 40 };

/* Proven optima of p-median, as OR-Library gives them, and of p-center on the same graphs (Elloumi, Labbe
 * and Pochet, INFORMS Journal on Computing 16, 2004). */
static const int64_t PMED_MEDIAN[PMED_COUNT] = {
    5819, 4093, 4250,  3034, 1355, 7824, 5631,  4445, 2734, 1255,  7696, 6634, 4374, 2968,
    1729, 8162, 6999,  4809, 2845, 1789, 9138,  8579, 4619, 2961,  1828, 9917, 8307, 4498,
    3033, 1989, 10086, 9297, 4700, 3013, 10400, 9934, 5057, 11060, 9423, 5128};
static const int64_t PMED_CENTER[PMED_COUNT] = {
    127, 98, 93, 74, 48, 84, 64, 55, 37, 20, 59, 51, 36, 26, 18, 47, 39, 28, 18, 13,
    40,  38, 22, 15, 11, 38, 32, 18, 13, 9,  30, 29, 15, 11, 30, 27, 15, 29, 23, 13};

typedef struct pmed {
    uint32_t  node_count, median_count;
    uint32_t *length; /* [node_count * node_count] of shortest paths */
} pmed;

/* Floyd's algorithm; 2^31 - 1 is no way. */
static inline void pmed_close(pmed *p) {
    const uint32_t n = p->node_count;
    for (uint32_t k = 0; k < n; ++k) {
        for (uint32_t i = 0; i < n; ++i) {
            const uint32_t to_k = p->length[(size_t)i * n + k];
            if (to_k >= INT32_MAX) continue;
            for (uint32_t j = 0; j < n; ++j) {
                const uint32_t via = to_k + p->length[(size_t)k * n + j];
                if (via < p->length[(size_t)i * n + j]) p->length[(size_t)i * n + j] = via;
            }
        }
    }
}

/* A repeated edge: the last one counts. False where the file is not such a graph. */
static inline bool pmed_read(pmed *p, const char *path) {
    unsigned edges = 0, from, to, length;
    FILE    *file  = fopen(path, "r");
    bool     ok = file && fscanf(file, "%u %u %u", &p->node_count, &edges, &p->median_count) == 3;
    const size_t n = ok ? p->node_count : 0;
    p->length      = malloc((n * n + 1) * sizeof *p->length);
    ok             = ok && p->length;
    for (size_t i = 0; ok && i < n * n; ++i) p->length[i] = i % (n + 1) == 0 ? 0 : INT32_MAX;
    for (unsigned e = 0; ok && e < edges; ++e) {
        ok = fscanf(file, "%u %u %u", &from, &to, &length) == 3 && from - 1 < n && to - 1 < n;
        if (ok) p->length[(from - 1) * n + to - 1] = p->length[(to - 1) * n + from - 1] = length;
    }
    if (file) fclose(file);
    if (ok) pmed_close(p);
    return ok;
}

static inline void pmed_free(pmed *p) {
    free(p->length);
    p->length = NULL;
}

#endif
