/* Random turn restrictions of every kind for a random network: over a junction or over up to
 * three edges, many with the same beginning, some of which make no sense. */
#ifndef TESTS_SUPPORT_RANDOM_TURNS_H
#define TESTS_SUPPORT_RANDOM_TURNS_H

#include "tests/support/random_network.h"

enum { RANDOM_MAX_TURNS = 40, RANDOM_MAX_VIA = 3 };

typedef struct random_turns {
    muster_turn_restriction turn[RANDOM_MAX_TURNS];
    uint32_t                first_via[RANDOM_MAX_TURNS + 1];
    uint32_t                via_edge[RANDOM_MAX_TURNS * RANDOM_MAX_VIA];
} random_turns;

/* MUSTER_NONE where no edge touches the node. */
static inline uint32_t random_edge_at(const muster_network_data *d, uint32_t node, uint64_t *rng) {
    uint32_t found[RANDOM_MAX_EDGES], count = 0;
    for (uint32_t e = 0; e < d->edge_count; ++e) {
        if (d->edge_source[e] == node || d->edge_target[e] == node) found[count++] = e;
    }
    return count > 0 ? found[random_below(rng, count)] : MUSTER_NONE;
}

static inline uint32_t random_other_end(const muster_network_data *d, uint32_t edge,
                                        uint32_t node) {
    return d->edge_source[edge] == node ? d->edge_target[edge] : d->edge_source[edge];
}

static inline void random_turn(random_turns *t, const muster_network_data *d, uint32_t index,
                               uint64_t *rng) {
    static const uint8_t     EXCEPT[] = {0,
                                         0,
                                         0,
                                         MUSTER_ACCESS_LIGHT,
                                         MUSTER_ACCESS_EMERGENCY,
                                         MUSTER_ACCESS_HEAVY,
                                         MUSTER_ACCESS_ALL};
    static const uint8_t     KIND[]   = {MUSTER_RESTRICTION_NO, MUSTER_RESTRICTION_NO,
                                         MUSTER_RESTRICTION_ONLY, MUSTER_RESTRICTION_PENALTY};
    muster_turn_restriction *turn     = &t->turn[index];
    const bool               again    = index > 0 && random_below(rng, 3) == 0;
    uint32_t                 via      = t->first_via[index];
    *turn            = (muster_turn_restriction){.id = (int64_t)index + 1, .from_way = 5};
    turn->from_edge  = again ? turn[-1].from_edge : random_below(rng, d->edge_count);
    turn->via_node   = again                  ? turn[-1].via_node
                       : random_below(rng, 2) ? d->edge_target[turn->from_edge]
                                              : d->edge_source[turn->from_edge];
    turn->kind       = KIND[random_below(rng, 4)];
    turn->except     = EXCEPT[random_below(rng, sizeof EXCEPT)];
    turn->penalty_ms = turn->kind == MUSTER_RESTRICTION_PENALTY ? random_below(rng, 60000) : 0;
    uint32_t node    = turn->via_node;
    uint32_t steps   = random_below(rng, 2) ? 0 : 1 + random_below(rng, RANDOM_MAX_VIA);
    if (again && t->first_via[index] - t->first_via[index - 1] > 0 && random_below(rng, 2)) {
        t->via_edge[via] = t->via_edge[t->first_via[index - 1]]; /* the same way on */
        node             = random_other_end(d, t->via_edge[via++], node);
        steps            = random_below(rng, RANDOM_MAX_VIA);
    }
    for (uint32_t edge; steps > 0 && node != MUSTER_NONE; --steps) {
        if ((edge = random_edge_at(d, node, rng)) == MUSTER_NONE) break;
        t->via_edge[via++] = edge;
        node               = random_other_end(d, edge, node);
    }
    turn->via_is_way = via > t->first_via[index];
    turn->to_edge    = node == MUSTER_NONE ? MUSTER_NONE : random_edge_at(d, node, rng);
    if (random_below(rng, 12) == 0) turn->to_edge = random_below(rng, d->edge_count);
    if (random_below(rng, 20) == 0) turn->via_node = random_below(rng, d->node_count);
    if (random_below(rng, 40) == 0) turn->from_edge = MUSTER_NONE;
    if (random_below(rng, 40) == 0) turn->via_node = MUSTER_NONE;
    t->first_via[index + 1] = via;
}

/* Restrict turns of `data`, to which `t` belongs from then on. */
static inline void random_turns_add(random_turns *t, muster_network_data *data, uint64_t seed) {
    uint64_t rng            = seed * 77 + 5;
    data->restriction_count = 1 + random_below(&rng, RANDOM_MAX_TURNS);
    t->first_via[0]         = 0;
    for (uint32_t i = 0; i < data->restriction_count; ++i) random_turn(t, data, i, &rng);
    data->restriction           = t->turn;
    data->restriction_first_via = t->first_via;
    data->restriction_via_edge  = t->via_edge;
}

/* random_network_new, with turn restrictions. */
static inline muster_network *random_network_with_turns(random_network *r, random_turns *t,
                                                        uint64_t seed) {
    muster_network *network = NULL;
    muster_network_free(random_network_new(r, seed));
    random_turns_add(t, &r->data, seed);
    assert_int_equal(muster_network_new(&network, &r->data), MUSTER_OK);
    return network;
}

#endif
