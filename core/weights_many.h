/* Customization of several metrics in one pass. */
#ifndef MU_CORE_WEIGHTS_MANY_H
#define MU_CORE_WEIGHTS_MANY_H

#include "core/weights.h"

/* Weights for `count` metrics: bit for bit those of mu_weights_init, one at a time. Scratch while
 * several are made together: 64 bytes an up-arc. */
muster_status mu_weights_init_many(mu_weights *weights, uint32_t count,
                                   const mu_hierarchy    *hierarchy,
                                   const uint32_t *const *duration_ms, uint32_t thread_count);

#endif
