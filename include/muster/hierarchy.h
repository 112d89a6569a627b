/** @file muster/hierarchy.h
 *  How good the hierarchy of a network is, and what it costs. */
#ifndef MUSTER_HIERARCHY_H
#define MUSTER_HIERARCHY_H

#include <muster/network.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The quality of an order shows in these numbers: fewer is better. */
typedef struct muster_hierarchy_info {
    uint32_t up_arc_count;   /**< Pairs of nodes that an arc or a shortcut joins. */
    uint64_t triangle_count; /**< What a metric has to look at when it is customized. */
    /** Nodes that a search from one node can meet: itself and its ancestors in the
     *  elimination tree. */
    double   search_space_mean;
    uint32_t search_space_max;
    uint64_t memory_bytes; /**< Of the hierarchy; a metric adds 16 an up-arc. */
} muster_hierarchy_info;

/** Measure the hierarchy of @p network. O(nodes), with 4 bytes a node of scratch.
 *  @return MUSTER_E_INVALID where muster_network_build_hierarchy has not been called,
 *          MUSTER_E_NOMEM. */
MUSTER_API muster_status muster_network_hierarchy_info(const muster_network  *network,
                                                       muster_hierarchy_info *out);

/** About how many bytes muster_network_build_hierarchy will need at its peak, those that the
 *  hierarchy keeps included, beyond what the network has already. O(1). For road networks;
 *  others may need more. */
MUSTER_API uint64_t muster_network_hierarchy_estimate_bytes(const muster_network *network);

#ifdef __cplusplus
}
#endif
#endif
