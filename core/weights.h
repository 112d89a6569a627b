/* What the shortcuts of a hierarchy cost for one metric: the result of
 * customization. */
#ifndef MU_CORE_WEIGHTS_H
#define MU_CORE_WEIGHTS_H

#include "core/cost.h"
#include "core/hierarchy.h"

/* MU_NO_PATH would wrap round when two are added; weights say INFINITE_WEIGHT
 * instead: larger than any real cost, and twice it still fits. */
#define MU_INFINITE_WEIGHT ((mu_cost)MUSTER_UNREACHABLE_MS << 32)

/* Finite, but so far that twice it is infinite. A sum that was cut off at infinity had such a
 * part: where no weight is far, infinite means that there is no way. */
static inline bool mu_weight_is_far(mu_cost weight) {
    return weight >= MU_INFINITE_WEIGHT / 2 && weight < MU_INFINITE_WEIGHT;
}

typedef struct mu_weights {
    const mu_hierarchy *hierarchy;
    mu_cost            *up;   /* [up_count] from tail to head of the up-arc */
    mu_cost            *down; /* [up_count] from head to tail */
} mu_weights;

/* Customize, for durations of the graph's arcs: O(triangles), on `thread_count` threads (0: one per
 * core). The result is the same, bit for bit, for any number. */
muster_status mu_weights_init(mu_weights *weights, const mu_hierarchy *hierarchy,
                              const uint32_t *duration_ms, uint32_t thread_count);
void          mu_weights_fini(mu_weights *weights);

/* One step of it: lower the up-arcs of the node with rank `x` by way of every node below,
 * all of which are done. `arc_to` is scratch, [node_count]. */
void mu_weights_relax_node(mu_weights *weights, uint32_t x, uint32_t *arc_to);

#endif
