/* A fastest path as the arcs that are driven, and how shortcuts turn into them. */
#ifndef MU_CORE_PATH_H
#define MU_CORE_PATH_H

#include <muster/snap.h>

#include "core/metric.h"

/* An up-arc of the hierarchy, driven from its lower end to its upper one or back. */
typedef struct mu_hop {
    uint32_t up_arc;
    bool     ascends;
} mu_hop;

/* Start from all zeros; its memory is kept from one path to the next. */
typedef struct mu_path {
    mu_cost   cost;
    uint32_t  arc_count;
    uint32_t *arc; /* in driving order; the first and the last may be driven in part */
    size_t    arc_capacity;
    uint32_t  hop_count; /* those still to be unpacked, the next one last */
    mu_hop   *hop;
    size_t    hop_capacity;
} mu_path;

void          mu_path_fini(mu_path *path);
muster_status mu_path_add_arc(mu_path *path, uint32_t arc);
/* The arc of the network that an arc of the graph is; nothing for a turn. */
muster_status mu_path_add_road(mu_path *path, const mu_graph *graph, uint32_t arc);
muster_status mu_path_add_hop(mu_path *path, mu_hop hop);

/* Append the arcs that the path's hops stand for, last hop first; none is left. The hops must
 * be passable for `metric`, which has weights. MUSTER_E_INTERNAL if those are not a
 * customization's. */
muster_status mu_path_unpack(mu_path *path, const muster_metric *metric);

/* The arc of the origin's edge by which a path gets to a node of the graph, the arc of the target's
 * by which it comes from there: of two that do (a loop), the cheaper. */
uint32_t mu_path_first_arc(const muster_metric *metric, const muster_snap *from, uint32_t node);
uint32_t mu_path_last_arc(const muster_metric *metric, const muster_snap *to, uint32_t node);

#endif
