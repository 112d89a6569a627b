/* What a noted closure knows: of each call which edges it concerns, and what it makes of them. */
#ifndef MU_CORE_CLOSURE_NOTES_H
#define MU_CORE_CLOSURE_NOTES_H

#include "core/area_memory.h"
#include "core/closure_effect.h"

typedef struct mu_note {
    mu_effect           effect;
    size_t              count;
    const uint32_t     *edge; /* [count] as in mu_area_edges, each once, rising */
    uint32_t           *own;  /* where they are no memory's */
    mu_known_area      *known;
    muster_area_memory *memory; /* whose that is */
} mu_note;

/* Start from zeros. */
typedef struct mu_notes {
    size_t   count, capacity;
    mu_note *note;
} mu_notes;

/* Each fails before it has changed anything. */
muster_status mu_notes_add_edges(mu_notes *notes, const mu_effect *effect, size_t edge_count,
                                 const uint32_t *edge);
muster_status mu_notes_add_all(mu_notes *notes, const mu_effect *effect, uint32_t edge_count);
muster_status mu_notes_add_area(mu_notes *notes, const mu_effect *effect,
                                const mu_area_edges *inside);
/* Given back by mu_notes_fini, or at once on failure. */
muster_status mu_notes_add_known(mu_notes *notes, const mu_effect *effect,
                                 muster_area_memory *memory, mu_known_area *known);
void          mu_notes_fini(mu_notes *notes);

#endif
