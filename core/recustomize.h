/* Customization again, of the part that a change of some arcs can reach. */
#ifndef MU_CORE_RECUSTOMIZE_H
#define MU_CORE_RECUSTOMIZE_H

#include "core/weights.h"

/* What an update did to the weights. */
typedef struct mu_recustomized {
    bool      is_full; /* everything was worked out anew; nothing else is known */
    bool      has_far; /* some new weight is far: see mu_weight_is_far */
    uint32_t  flip_count;
    uint32_t *flipped; /* [flip_count] ranks, rising: of one of the node's up-arcs a weight became
                        * infinite, or ceased to be */
    uint32_t  changed_count;
    uint32_t *
        changed; /* [changed_count] up-arcs, each once: all whose weights are not those of before */
} mu_recustomized;

/* `out` starts zeroed, and so do `weights`, unless they are a copy of the base's already. Weights for `duration_ms`, which differs from what `base` was made for in the listed arcs
 * alone: bit for bit what mu_weights_init makes. Costs about two triangles for each that
 * changes; where many arcs change it is a customization from the start. */
muster_status mu_weights_update(mu_weights *weights, const mu_weights *base,
                                const uint32_t *duration_ms, uint32_t changed_count,
                                const uint32_t *changed_arc, mu_recustomized *out);
void          mu_recustomized_fini(mu_recustomized *out);

#endif
