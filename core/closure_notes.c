/* Edges of a list may come in any order and twice; those of an area come rising, each once. */
#include "core/closure_notes.h"

#include <stdlib.h>

#include "core/alloc.h"

static muster_status add(mu_notes *n, mu_note note) {
    MU_TRY(mu_grow(&n->note, &n->capacity, n->count, sizeof *n->note));
    n->note[n->count++] = note;
    return MUSTER_OK;
}

/* With a list that the notes take over, also on failure. */
static muster_status add_own(mu_notes *n, const mu_effect *effect, size_t count, uint32_t *own) {
    const muster_status status =
        add(n, (mu_note){.effect = *effect, .count = count, .edge = own, .own = own});
    if (status != MUSTER_OK) mu_free(own);
    return status;
}

static int by_edge(const void *a, const void *b) {
    const uint32_t *e = a, *f = b;
    return *e < *f ? -1 : *e > *f;
}

static size_t sort_once(uint32_t *edge, size_t count) {
    size_t kept = 0;
    if (count > 1) qsort(edge, count, sizeof *edge, by_edge);
    for (size_t i = 0; i < count; ++i) {
        if (kept == 0 || edge[kept - 1] != edge[i]) edge[kept++] = edge[i];
    }
    return kept;
}

muster_status mu_notes_add_edges(mu_notes *n, const mu_effect *effect, size_t edge_count,
                                 const uint32_t *edge) {
    uint32_t *own;
    if (edge_count == 0) return MUSTER_OK;
    MU_TRY(mu_alloc(&own, edge_count, sizeof *own));
    for (size_t i = 0; i < edge_count; ++i) own[i] = 2 * edge[i] + 1;
    return add_own(n, effect, sort_once(own, edge_count), own);
}

muster_status mu_notes_add_all(mu_notes *n, const mu_effect *effect, uint32_t edge_count) {
    uint32_t *own;
    MU_TRY(mu_alloc(&own, edge_count, sizeof *own));
    for (uint32_t e = 0; e < edge_count; ++e) own[e] = 2 * e + 1;
    return add_own(n, effect, edge_count, own);
}

muster_status mu_notes_add_area(mu_notes *n, const mu_effect *effect, const mu_area_edges *inside) {
    uint32_t *own;
    MU_TRY(mu_alloc_copy(&own, inside->edge, inside->count, sizeof *own));
    return add_own(n, effect, inside->count, own);
}

muster_status mu_notes_add_known(mu_notes *n, const mu_effect *effect, muster_area_memory *memory,
                                 mu_known_area *known) {
    const mu_area_edges *inside = mu_known_area_edges(known);
    const muster_status  status = add(n, (mu_note){.effect = *effect,
                                                   .count  = inside->count,
                                                   .edge   = inside->edge,
                                                   .known  = known,
                                                   .memory = memory});
    if (status != MUSTER_OK) mu_area_memory_give_back(memory, known);
    return status;
}

void mu_notes_fini(mu_notes *n) {
    for (size_t i = 0; i < n->count; ++i) {
        if (n->note[i].known) mu_area_memory_give_back(n->note[i].memory, n->note[i].known);
        mu_free(n->note[i].own);
    }
    mu_free(n->note);
    *n = (mu_notes){0};
}
