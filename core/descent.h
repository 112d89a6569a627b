/* The way down of a sweep: from the highest node to the lowest, a minimum an arc, many sources side
 * by side. */
#ifndef MU_CORE_DESCENT_H
#define MU_CORE_DESCENT_H

#include "core/cost.h"
#include "core/isa.h"

/* Arcs by their lower end; from[] is the upper one, which has the higher number. */
typedef struct mu_down_arcs {
    uint32_t  node_count;
    uint32_t *first; /* [node_count + 1] */
    uint32_t *from;
    uint32_t *ms,
        *cm; /* what the arc costs; below MUSTER_UNREACHABLE_MS; cm NULL where no length is asked for */
} mu_down_arcs;

/* One of the ways to go down, all with the same result. `row` has lane_count entries a node:
 * mu_cost where lengths are wanted, uint32_t milliseconds where not; it starts at a multiple of
 * MU_LINE_BYTES. Rows of nodes whose `is_seeded` is set are read first, and the flag cleared;
 * what the others hold does not matter. No entry is more than MU_INFINITE_WEIGHT
 * (MUSTER_UNREACHABLE_MS) afterwards. */
typedef struct mu_descent {
    bool     has_lengths;
    uint32_t lane_count;
    void (*run)(const mu_down_arcs *arcs, uint8_t *is_seeded, void *row);
} mu_descent;

enum { MU_MOST_LANES = 32, MU_MOST_COST_LANES = 16 };

/* For `source_count` sources: no more lanes than they need. The isa must be one that the processor
 * has. */
mu_descent mu_descent_for(mu_isa isa, uint32_t source_count, bool has_lengths);

#endif
