/* A town of blocks, whose separators are wide: `side` streets each way, all two-way, with a
 * hierarchy. */
#ifndef TESTS_SUPPORT_GRID_NETWORK_H
#define TESTS_SUPPORT_GRID_NETWORK_H

#include <stdlib.h>

#include <muster/network.h>

#include "tests/support/cmocka_all.h"
#include "tests/support/random.h"

static inline muster_network *grid_network(uint32_t side, uint64_t *rng) {
    const size_t        nodes = (size_t)side * side, edges = 2 * nodes;
    double             *lon = calloc(nodes, sizeof *lon), *lat = calloc(nodes, sizeof *lat);
    double             *length_m = calloc(edges, sizeof *length_m);
    uint32_t           *source   = calloc(edges, sizeof *source);
    uint32_t           *target   = calloc(edges, sizeof *target);
    muster_network     *network  = NULL;
    muster_network_data data     = {.struct_size   = sizeof data,
                                    .node_count    = (uint32_t)nodes,
                                    .node_lon_deg  = lon,
                                    .node_lat_deg  = lat,
                                    .edge_source   = source,
                                    .edge_target   = target,
                                    .edge_length_m = length_m};
    assert_true(lon && lat && length_m && source && target);
    for (uint32_t v = 0; v < nodes; ++v) {
        lon[v] = 120 + 0.001 * (v % side);
        lat[v] = 30 + 0.001 * (v / side);
        for (uint32_t along = 0; along < 2; ++along) {
            if ((along ? v / side : v % side) == side - 1) continue;
            source[data.edge_count]     = v;
            target[data.edge_count]     = along ? v + side : v + 1;
            length_m[data.edge_count++] = 100 + random_below(rng, 40);
        }
    }
    assert_int_equal(muster_network_new(&network, &data), MUSTER_OK);
    assert_int_equal(muster_network_build_hierarchy(network), MUSTER_OK);
    free(lon);
    free(lat);
    free(length_m);
    free(source);
    free(target);
    return network;
}

#endif
