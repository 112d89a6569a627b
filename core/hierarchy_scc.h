/* Strongly connected components by way of a customized hierarchy. */
#ifndef MU_CORE_HIERARCHY_SCC_H
#define MU_CORE_HIERARCHY_SCC_H

#include "core/scc.h"
#include "core/weights.h"

/* The components of mu_scc_init, to the id, of the arcs that `weights` were made for.
 * O(up-arcs). *out_has_far says that some weight is far (mu_weight_is_far): then there may be
 * ways that the weights do not show, and the components are not to be used. */
muster_status mu_hierarchy_scc(mu_scc *scc, const mu_weights *weights, bool *out_has_far);

/* Whether `weights` have the very components `scc` of other weights, from which they differ in
 * what is infinite at the nodes of these ranks alone. No weight may be far. O(their up-arcs). */
muster_status mu_hierarchy_scc_stays(const mu_scc *scc, const mu_weights *weights, uint32_t count,
                                     const uint32_t *rank, bool *out_stays);

#endif
