/* Small random questions of readiness: places, standards and resources on odd networks, on networks with
 * turn restrictions, and in towns where there is a way round most streets. */
#ifndef TESTS_SUPPORT_RANDOM_READINESS_H
#define TESTS_SUPPORT_RANDOM_READINESS_H

#include <muster/readiness.h>

#include "tests/support/random_problem.h"
#include "tests/support/random_turns.h"
#include "tests/support/town_network.h"

enum {
    READY_PLACES    = 7,
    READY_STANDARDS = 5,
    READY_TOWN      = 11,
    READY_NODES     = 3 * READY_TOWN * READY_TOWN,
    READY_EDGES     = 10 * READY_TOWN * READY_TOWN
};

typedef struct random_readiness {
    random_problem            base;
    random_turns              turns;
    uint8_t                   flags[RANDOM_MAX_EDGES]; /* of edges: some are bridges */
    muster_readiness_place    place[READY_PLACES];
    char                      place_code[READY_PLACES][8];
    muster_readiness_standard standard[READY_STANDARDS];
    muster_readiness_options  options;
} random_readiness;

static inline void ready_take_network(random_readiness *q, muster_network *network, uint64_t seed) {
    random_problem_free(&q->base);
    q->base.network = network;
    if (seed % 2) assert_int_equal(muster_network_build_hierarchy(network), MUSTER_OK);
    q->base.metric_of[0] = q->base.metric[0] = random_network_metric(network, "light");
    q->base.metric_of[1]                     = q->base.metric[1] =
        random_network_metric(network, seed % 5 == 0 ? "helicopter" : "emergency");
}

/* From the square of random networks to that of towns. */
static inline void ready_move(muster_site *site) {
    site->lon_deg = 120 + (site->lon_deg - 120.7) * 0.02 * READY_TOWN;
    site->lat_deg = 30 + (site->lat_deg - 30.7) * 0.02 * READY_TOWN;
}

static inline void ready_move_to_town(random_readiness *q) {
    for (uint32_t t = 0; t < RANDOM_TEAMS; ++t) ready_move(&q->base.team[t].unit.site);
    for (uint32_t i = 0; i < RANDOM_OTHERS; ++i) {
        ready_move(&q->base.vehicle[i].unit.site);
        ready_move(&q->base.machine[i].unit.site);
        ready_move(&q->base.stock[i].unit.site);
    }
    for (uint32_t i = 0; i < RANDOM_INCIDENTS; ++i) ready_move(&q->base.incident[i].site);
    for (uint32_t p = 0; p < READY_PLACES; ++p) ready_move(&q->place[p].site);
}

static inline void ready_draw_unit(muster_unit *unit, uint64_t *rng) {
    unit->turnout_ms   = random_below(rng, 200) * 1000;
    unit->available_ms = random_or_0(rng, 300) * 1000;
    unit->shift_end_ms = random_below(rng, 4) == 0 ? 1 + random_below(rng, 900) * 1000 : 0;
}

static inline void ready_draw(random_readiness *q, uint64_t *rng) {
    for (uint32_t t = 0; t < RANDOM_TEAMS; ++t) ready_draw_unit(&q->base.team[t].unit, rng);
    for (uint32_t i = 0; i < RANDOM_OTHERS; ++i) {
        ready_draw_unit(&q->base.vehicle[i].unit, rng);
        ready_draw_unit(&q->base.machine[i].unit, rng);
        ready_draw_unit(&q->base.stock[i].unit, rng);
    }
    q->base.stock[1].unit = q->base.stock[0].unit; /* two stocks of one warehouse */
    q->options            = (muster_readiness_options)MUSTER_READINESS_OPTIONS_INIT;
    q->options.horizon_ms = 600000 + random_below(rng, 3000) * 1000;
    for (uint32_t p = 0; p < READY_PLACES; ++p) {
        snprintf(q->place_code[p], sizeof q->place_code[p], "P%u", p);
        q->place[p] =
            (muster_readiness_place){q->place_code[p], random_site(rng), random_or_0(rng, 1000)};
    }
    for (uint32_t s = 0; s < READY_STANDARDS; ++s) {
        q->standard[s] = (muster_readiness_standard){.kind      = random_below(rng, RANDOM_KINDS),
                                                     .within_ms = 1 + random_below(rng, 599) * 1000,
                                                     .unit_count = random_below(rng, 3),
                                                     .quantity   = random_or_0(rng, 12)};
        if (q->standard[s].quantity == 0 && q->standard[s].unit_count == 0) {
            q->standard[s].unit_count = 1;
        }
    }
}

/* That of the random problem, with bridges, and with turns that are restricted or not. */
static inline muster_network *ready_odd_network(random_readiness *q, uint64_t seed, uint64_t *rng) {
    muster_network_data *data    = &q->base.network_rows.data;
    muster_network      *network = NULL;
    for (uint32_t e = 0; e < data->edge_count; ++e) {
        q->flags[e] = random_below(rng, seed % 2 ? 4 : 2) == 0 ? MUSTER_EDGE_BRIDGE : 0;
    }
    data->edge_flags = q->flags;
    if (seed % 3 == 1) random_turns_add(&q->turns, data, seed);
    assert_int_equal(muster_network_new(&network, data), MUSTER_OK);
    return network;
}

/* A town anew, in the making. */
typedef struct ready_town {
    double   lon[READY_NODES], lat[READY_NODES], length_m[READY_EDGES];
    uint32_t source[READY_EDGES], target[READY_EDGES], nodes, edges;
    uint8_t  forward[READY_EDGES], backward[READY_EDGES], flags[READY_EDGES];
} ready_town;

static inline void ready_draw_street(ready_town *t, uint32_t source, uint32_t target,
                                     double length_m, uint8_t forward, uint8_t backward,
                                     uint8_t flags) {
    const uint32_t e = t->edges++;
    t->source[e] = source, t->target[e] = target, t->length_m[e] = length_m;
    t->forward[e] = forward, t->backward[e] = backward, t->flags[e] = flags;
}

static inline uint32_t ready_draw_node_between(ready_town *t, uint32_t a, uint32_t b) {
    t->lon[t->nodes] = (t->lon[a] + t->lon[b]) / 2;
    t->lat[t->nodes] = (t->lat[a] + t->lat[b]) / 2;
    return t->nodes++;
}

/* One carriageway is whole, of the other are two pieces with a junction between, and beside each of them
 * is something slow. */
static inline void ready_draw_pieces(ready_town *t, uint32_t a, uint32_t b, double length_m) {
    const uint32_t between = ready_draw_node_between(t, a, b);
    ready_draw_street(t, a, b, length_m, 7, 0, 0);
    ready_draw_street(t, b, between, length_m / 2, 7, 0, 0);
    ready_draw_street(t, between, a, length_m / 2, 7, 0, 0);
    ready_draw_street(t, b, between, length_m * 2, 7, 7, MUSTER_EDGE_TUNNEL);
    ready_draw_street(t, between, a, length_m * 2, 7, 7, MUSTER_EDGE_TUNNEL);
}

/* Some streets have two carriageways, which may be bridges; some bridges are of two spans. */
static inline muster_network *ready_rebuild_town(muster_network *town, uint64_t *rng) {
    static ready_town          t;
    const muster_network_data *v    = muster_network_view(town);
    muster_network_data        data = MUSTER_NETWORK_DATA_INIT;
    muster_network            *network;
    t.nodes = v->node_count, t.edges = 0;
    memcpy(t.lon, v->node_lon_deg, t.nodes * sizeof *t.lon);
    memcpy(t.lat, v->node_lat_deg, t.nodes * sizeof *t.lat);
    for (uint32_t e = 0; e < v->edge_count; ++e) {
        const uint32_t a = v->edge_source[e], b = v->edge_target[e], kind = random_below(rng, 10);
        const double   length_m = v->edge_length_m[e];
        const uint8_t  forward = v->edge_access_forward[e], backward = v->edge_access_backward[e];
        if (kind < 2) {
            ready_draw_street(&t, a, b, length_m, 7, 0, (uint8_t)kind);
            ready_draw_street(&t, b, a, length_m + random_below(rng, 3), 7, 0, (uint8_t)kind);
        } else if (kind == 2) {
            const uint32_t between = ready_draw_node_between(&t, a, b);
            ready_draw_street(&t, a, between, length_m / 2, 7, 7, MUSTER_EDGE_BRIDGE);
            ready_draw_street(&t, b, between, length_m / 2, 7, random_below(rng, 2) ? 7 : 0,
                              MUSTER_EDGE_BRIDGE);
        } else if (kind == 3) {
            ready_draw_pieces(&t, a, b, length_m);
        } else {
            ready_draw_street(&t, a, b, length_m, forward, backward, kind == 4);
        }
    }
    data.node_count = t.nodes, data.node_lon_deg = t.lon, data.node_lat_deg = t.lat;
    data.edge_count = t.edges, data.edge_source = t.source, data.edge_target = t.target;
    data.edge_length_m = t.length_m, data.edge_flags = t.flags;
    data.edge_access_forward = t.forward, data.edge_access_backward = t.backward;
    assert_int_equal(muster_network_new(&network, &data), MUSTER_OK);
    muster_network_free(town);
    return network;
}

static inline void random_readiness_new(random_readiness *q, uint64_t seed) {
    uint64_t rng = seed * 77 + 5;
    random_problem_new(&q->base, seed);
    ready_draw(q, &rng);
    if (seed % 3 == 2) {
        ready_take_network(q, ready_rebuild_town(town_network_new(READY_TOWN, seed), &rng),
                           seed / 3);
        ready_move_to_town(q);
    } else {
        ready_take_network(q, ready_odd_network(q, seed, &rng), seed / 3);
    }
}

static inline muster_readiness *random_readiness_make(const random_readiness *q, uint32_t threads) {
    muster_readiness        *r;
    muster_readiness_options options = q->options;
    options.thread_count             = threads;
    if (muster_readiness_new(&r, &q->base.problem, READY_PLACES, q->place, READY_STANDARDS,
                             q->standard, &options) != MUSTER_OK) {
        fail_msg("%s", muster_error_message());
    }
    return r;
}

static inline void random_readiness_free(random_readiness *q) {
    random_problem_free(&q->base);
}

#endif
