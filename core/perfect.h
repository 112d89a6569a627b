/* Which up-arcs a search needs: those that no way over a higher node undercuts. */
#ifndef MU_CORE_PERFECT_H
#define MU_CORE_PERFECT_H

#include "core/weights.h"

/* Up-arcs in order of their tails. */
typedef struct mu_kept {
    const uint32_t *first; /* by rank, [node_count + 1]: positions in `arc` */
    const uint32_t *arc;   /* NULL: all are kept, and positions are up-arcs */
} mu_kept;

static inline uint32_t mu_kept_arc(const mu_kept *kept, uint32_t position) {
    return kept->arc ? kept->arc[position] : position;
}

/* All zeros: nothing is known, every up-arc is needed. */
typedef struct mu_perfect {
    uint32_t *first_ascent, *ascent;   /* to be climbed, from tail to head */
    uint32_t *first_descent, *descent; /* to be descended, from head to tail */
} mu_perfect;

/* O(triangles), on `thread_count` threads (0: one per core), with 16 bytes an up-arc of scratch.
 * The weights themselves stay as they are. */
muster_status mu_perfect_init(mu_perfect *perfect, const mu_weights *weights,
                              uint32_t thread_count);
void          mu_perfect_fini(mu_perfect *perfect);

mu_kept mu_kept_ascents(const mu_weights *weights, const mu_perfect *perfect);
mu_kept mu_kept_descents(const mu_weights *weights, const mu_perfect *perfect);

#endif
