/* In which order to eliminate the nodes of a network. */
#ifndef MU_CORE_ORDER_H
#define MU_CORE_ORDER_H

#include "core/network.h"

/* Nodes in elimination order, [node_count]: node_at[0] goes first. The same for
 * the same network, every time. O(n log n) for road networks. */
muster_status mu_order_nodes(const muster_network *network, uint32_t *node_at);

#endif
