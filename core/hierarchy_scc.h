/* Strongly connected components by way of a customized hierarchy. */
#ifndef MU_CORE_HIERARCHY_SCC_H
#define MU_CORE_HIERARCHY_SCC_H

#include "core/scc.h"
#include "core/weights.h"

/* The components of mu_scc_init, to the id, of the arcs that `weights` were made for.
 * O(up-arcs). *out_has_far says that some weight is far (mu_weight_is_far): then there may be
 * ways that the weights do not show, and the components are not to be used. */
muster_status mu_hierarchy_scc(mu_scc *scc, const mu_weights *weights, bool *out_has_far);

/* The same for weights that differ from those which `base` was found for in what is infinite only
 * in the up-arcs of the nodes `flipped`. Neither may have far weights. O(nodes + up-arcs of the
 * flipped nodes, of those that change component and of those below them). */
muster_status mu_hierarchy_scc_update(mu_scc *scc, const mu_scc *base, const mu_weights *weights,
                                      uint32_t flip_count, const uint32_t *flipped);

#endif
