/* Small random networks with everything that real ones surprise us with: loops, parallel
 * edges, zero lengths, isolated nodes, one-way streets, closed edges, bent shapes. */
#ifndef TESTS_SUPPORT_RANDOM_NETWORK_H
#define TESTS_SUPPORT_RANDOM_NETWORK_H

#include <muster/metric.h>

#include "tests/support/cmocka_all.h"
#include "tests/support/random.h"

enum { RANDOM_MAX_NODES = 40, RANDOM_MAX_EDGES = 80, RANDOM_MAX_POINTS = 3 * RANDOM_MAX_EDGES };

typedef struct random_network {
    double   lon[RANDOM_MAX_NODES], lat[RANDOM_MAX_NODES];
    uint32_t source[RANDOM_MAX_EDGES], target[RANDOM_MAX_EDGES];
    double   length_m[RANDOM_MAX_EDGES];
    uint8_t class[RANDOM_MAX_EDGES], forward[RANDOM_MAX_EDGES], backward[RANDOM_MAX_EDGES];
    uint32_t            duration_forward[RANDOM_MAX_EDGES], duration_backward[RANDOM_MAX_EDGES];
    uint32_t            first_point[RANDOM_MAX_EDGES + 1];
    double              point_lon[RANDOM_MAX_POINTS], point_lat[RANDOM_MAX_POINTS];
    muster_network_data data;
} random_network;

static inline uint8_t random_access(uint64_t *rng) {
    static const uint8_t ACCESS[] = {7, 7, 7, 5, 4, 8, 0};
    return ACCESS[random_below(rng, sizeof ACCESS)];
}

/* Fill `r` from the seed and return the network built from it. */
static inline muster_network *random_network_new(random_network *r, uint64_t seed) {
    uint64_t       rng   = seed;
    const uint32_t nodes = 2 + random_below(&rng, RANDOM_MAX_NODES - 1);
    const uint32_t edges = 1 + random_below(&rng, RANDOM_MAX_EDGES);
    uint32_t       point = 0;
    for (uint32_t v = 0; v < nodes; ++v) {
        r->lon[v] = 120.7 + 0.05 * random_unit(&rng);
        r->lat[v] = 30.7 + 0.05 * random_unit(&rng);
    }
    for (uint32_t e = 0; e < edges; ++e) {
        r->source[e]           = random_below(&rng, nodes);
        r->target[e]           = random_below(&rng, nodes);
        r->length_m[e]         = random_below(&rng, 8) == 0 ? 0 : 5000 * random_unit(&rng);
        r->class[e]            = (uint8_t)random_below(&rng, MUSTER_ROAD_CLASS_COUNT);
        r->forward[e]          = random_access(&rng);
        r->backward[e]         = random_access(&rng);
        r->duration_forward[e] = random_below(&rng, 4) ? MUSTER_NONE : random_below(&rng, 5) * 1000;
        r->duration_backward[e] =
            random_below(&rng, 4) ? MUSTER_NONE : random_below(&rng, 5) * 1000;
        r->first_point[e] = point;
        for (uint32_t p = random_below(&rng, 3); p > 0; --p, ++point) {
            r->point_lon[point] = 120.7 + 0.05 * random_unit(&rng);
            r->point_lat[point] = 30.7 + 0.05 * random_unit(&rng);
        }
    }
    r->first_point[edges]   = point;
    r->data                 = (muster_network_data){.struct_size               = sizeof(muster_network_data),
                                                    .node_count                = nodes,
                                                    .node_lon_deg              = r->lon,
                                                    .node_lat_deg              = r->lat,
                                                    .edge_count                = edges,
                                                    .edge_source               = r->source,
                                                    .edge_target               = r->target,
                                                    .edge_length_m             = r->length_m,
                                                    .edge_class                = r->class,
                                                    .edge_access_forward       = r->forward,
                                                    .edge_access_backward      = r->backward,
                                                    .edge_duration_forward_ms  = r->duration_forward,
                                                    .edge_duration_backward_ms = r->duration_backward,
                                                    .edge_first_point          = r->first_point,
                                                    .point_lon_deg             = r->point_lon,
                                                    .point_lat_deg             = r->point_lat};
    muster_network *network = NULL;
    assert_int_equal(muster_network_new(&network, &r->data), MUSTER_OK);
    return network;
}

static inline muster_metric *random_network_metric(const muster_network *network,
                                                   const char           *profile_name) {
    muster_profile profile;
    muster_metric *metric = NULL;
    assert_int_equal(muster_profile_builtin(&profile, profile_name), MUSTER_OK);
    assert_int_equal(muster_metric_new(&metric, network, &profile), MUSTER_OK);
    return metric;
}

#endif
