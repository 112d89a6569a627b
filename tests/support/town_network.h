/* A town of square blocks: large enough for separators and for several tasks at a time, with some
 * streets that are closed, one-way or very long. */
#ifndef TESTS_SUPPORT_TOWN_NETWORK_H
#define TESTS_SUPPORT_TOWN_NETWORK_H

#include <muster/metric.h>
#include <stdlib.h>

#include "tests/support/cmocka_all.h"
#include "tests/support/random.h"

/* `side` streets each way. */
static inline muster_network *town_network_new(uint32_t side, uint64_t seed) {
    const uint32_t       nodes = side * side;
    double              *lon = malloc(nodes * sizeof *lon), *lat = malloc(nodes * sizeof *lat);
    double              *length_m = malloc(2 * nodes * sizeof *length_m);
    uint32_t            *source   = malloc(2 * nodes * sizeof *source);
    uint32_t            *target   = malloc(2 * nodes * sizeof *target);
    uint8_t             *forward = malloc(2 * nodes), *backward = malloc(2 * nodes);
    muster_network      *network  = NULL;
    muster_network_data  data     = MUSTER_NETWORK_DATA_INIT;
    static const uint8_t ACCESS[] = {7, 7, 7, 7, 7, 5, 4, 8, 0};
    for (uint32_t v = 0; v < nodes; ++v) {
        lon[v] = 120 + 0.001 * (v % side);
        lat[v] = 30 + 0.001 * (v / side);
        for (uint32_t along = 0; along < 2; ++along) {
            if ((along ? v / side : v % side) == side - 1) continue;
            const uint32_t e = data.edge_count++;
            source[e]        = v;
            target[e]        = along ? v + side : v + 1;
            length_m[e]      = 100 + random_below(&seed, 40);
            forward[e]       = ACCESS[random_below(&seed, sizeof ACCESS)];
            backward[e]      = ACCESS[random_below(&seed, sizeof ACCESS)];
        }
    }
    data.node_count = nodes, data.node_lon_deg = lon, data.node_lat_deg = lat;
    data.edge_source = source, data.edge_target = target, data.edge_length_m = length_m;
    data.edge_access_forward = forward, data.edge_access_backward = backward;
    assert_int_equal(muster_network_new(&network, &data), MUSTER_OK);
    free(lon), free(lat), free(length_m), free(source), free(target), free(forward), free(backward);
    return network;
}

#endif
