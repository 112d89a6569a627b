/* The inside of a network: the user's arrays, copied, and what searches need beside them. */
#ifndef MU_CORE_NETWORK_H
#define MU_CORE_NETWORK_H

#include <muster/network.h>

#include "core/graph.h"
#include "core/rtree.h"

enum { MU_NETWORK_ARRAYS = 40 };

struct muster_network {
    muster_network_data view; /* every pointer is one of `owned`, or NULL with no entries */

    uint32_t *length_cm; /* [edge_count] */
    mu_graph  roads;     /* of junctions and arcs alone */
    /* What searches run on: with all that it takes to obey turn restrictions. The same arrays
     * where there is nothing to obey. */
    mu_graph             graph;
    mu_rtree             edges;     /* bounding boxes of the edges' shapes */
    struct mu_hierarchy *hierarchy; /* NULL: none has been built */
    struct mu_near      *near; /* what is near to places, as it is found: all that ever changes */

    /* The mapped file that all arrays are in, those of the hierarchy too, and then nothing is
     * owned; NULL: the arrays are in memory. */
    const unsigned char *snapshot;
    size_t               snapshot_bytes;

    void    *owned[MU_NETWORK_ARRAYS];
    uint32_t owned_count;
};

static inline uint32_t mu_arc_tail(const muster_network *network, uint32_t arc) {
    return arc & 1 ? network->view.edge_target[arc >> 1] : network->view.edge_source[arc >> 1];
}

static inline uint32_t mu_arc_head(const muster_network *network, uint32_t arc) {
    return mu_arc_tail(network, arc ^ 1);
}

static inline uint8_t mu_arc_access(const muster_network *network, uint32_t arc) {
    return arc & 1 ? network->view.edge_access_backward[arc >> 1]
                   : network->view.edge_access_forward[arc >> 1];
}

/* A graph of the network's nodes and arcs, without lists: network's own arrays. */
mu_graph mu_network_bare_graph(const muster_network *network);

/* The whole line of an edge: both ends and the interior points, by position. In line: whoever looks for what is
 * near, or under water, asks for every point of many edges. */
static inline uint32_t mu_edge_point_count(const muster_network *network, uint32_t edge) {
    const uint32_t *first = network->view.edge_first_point;
    return first[edge + 1] - first[edge] + 2;
}

static inline void mu_edge_point(const muster_network *network, uint32_t edge, uint32_t position,
                                 double *lon_deg, double *lat_deg) {
    const muster_network_data *v        = &network->view;
    const uint32_t             interior = v->edge_first_point[edge + 1] - v->edge_first_point[edge];
    if (position == 0 || position > interior) {
        const uint32_t node = position == 0 ? v->edge_source[edge] : v->edge_target[edge];
        *lon_deg            = v->node_lon_deg[node];
        *lat_deg            = v->node_lat_deg[node];
    } else {
        *lon_deg = v->point_lon_deg[v->edge_first_point[edge] + position - 1];
        *lat_deg = v->point_lat_deg[v->edge_first_point[edge] + position - 1];
    }
}

#endif
