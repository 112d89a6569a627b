/* Random networks in which no field is left at its default. */
#ifndef TESTS_SUPPORT_FULL_NETWORK_H
#define TESTS_SUPPORT_FULL_NETWORK_H

#include "tests/support/random_turns.h"

/* A random network with everything that random_network.h leaves at its default. */
typedef struct full_network {
    random_network r;
    int64_t        node_id[RANDOM_MAX_NODES], edge_id[RANDOM_MAX_EDGES];
    int64_t        way_id[RANDOM_MAX_EDGES];
    float          speed_forward[RANDOM_MAX_EDGES], speed_backward[RANDOM_MAX_EDGES];
    float          maxheight[RANDOM_MAX_EDGES], maxweight[RANDOM_MAX_EDGES];
    float          maxwidth[RANDOM_MAX_EDGES];
    uint8_t        flags[RANDOM_MAX_EDGES];
    int8_t         layer[RANDOM_MAX_EDGES];
    uint32_t       name[RANDOM_MAX_EDGES];
    random_turns   turns;
} full_network;

static const char FULL_NAMES[] = "\xE4\xB8\xAD\xE5\xB1\xB1\xE8\xB7\xAF\0O'Connell \"Street\"\0";

static inline int64_t full_next_id(uint64_t *rng, int64_t last) {
    return last + 1 + (random_below(rng, 3) ? 0 : (int64_t)random_u32(rng) * 1000);
}

static inline float full_some_or_none(uint64_t *rng, float most) {
    return random_below(rng, 2) ? 0 : (float)random_unit(rng) * most;
}

static inline void full_fill_edges(full_network *f, uint64_t *rng) {
    for (uint32_t e = 0; e < f->r.data.edge_count; ++e) {
        static const uint32_t OFFSET[] = {MUSTER_NONE, 0, 10};
        f->edge_id[e]        = full_next_id(rng, e > 0 ? f->edge_id[e - 1] : INT64_MIN + 7);
        f->way_id[e]         = (int64_t)random_u32(rng) - 1000000;
        f->speed_forward[e]  = full_some_or_none(rng, 120);
        f->speed_backward[e] = full_some_or_none(rng, 120);
        f->maxheight[e]      = full_some_or_none(rng, 5);
        f->maxwidth[e]       = full_some_or_none(rng, 4);
        f->maxweight[e]      = full_some_or_none(rng, 50);
        f->flags[e]          = (uint8_t)random_below(rng, 4);
        f->layer[e]          = (int8_t)(random_below(rng, 256) - 128);
        f->name[e]           = OFFSET[random_below(rng, 3)];
    }
}

static inline void full_fill_turns(full_network *f, uint64_t *rng, muster_network_data *data,
                                   uint64_t seed) {
    random_turns_add(&f->turns, data, seed);
    for (uint32_t i = 0; i < data->restriction_count; ++i) {
        muster_turn_restriction *turn = &f->turns.turn[i];
        turn->id                      = (int64_t)random_u32(rng);
        turn->to_way                  = -6;
        turn->via_id                  = 7;
    }
}

static inline muster_network *full_network_new(full_network *f, uint64_t seed) {
    uint64_t rng = seed + 12345;
    muster_network_free(random_network_new(&f->r, seed));
    for (uint32_t v = 0; v < f->r.data.node_count; ++v) {
        f->node_id[v] = full_next_id(&rng, v > 0 ? f->node_id[v - 1] : -5);
    }
    full_fill_edges(f, &rng);
    muster_network_data data     = f->r.data;
    data.node_id                 = f->node_id;
    data.edge_id                 = f->edge_id;
    data.edge_way_id             = f->way_id;
    data.edge_speed_forward_kmh  = f->speed_forward;
    data.edge_speed_backward_kmh = f->speed_backward;
    data.edge_maxheight_m        = f->maxheight;
    data.edge_maxwidth_m         = f->maxwidth;
    data.edge_maxweight_t        = f->maxweight;
    data.edge_flags              = f->flags;
    data.edge_layer              = f->layer;
    data.edge_name               = f->name;
    data.names                   = FULL_NAMES;
    data.names_size              = sizeof FULL_NAMES - 1;
    muster_network *network      = NULL;
    full_fill_turns(f, &rng, &data, seed);
    assert_int_equal(muster_network_new(&network, &data), MUSTER_OK);
    return network;
}

#endif
