/* Small siting problems of every model: ties, islands, places and demands that come twice, weights of 0,
 * places that are shut, full or open already, no units and more than there is room for. */
#ifndef TESTS_SUPPORT_RANDOM_SITING_H
#define TESTS_SUPPORT_RANDOM_SITING_H

#include <muster/siting.h>

#include "tests/support/random.h"

enum { SITING_PLACES = 7, SITING_DEMANDS = 9, SITING_UNITS = 5 };

typedef struct random_siting {
    muster_siting_problem problem;
    uint32_t              travel_ms[SITING_PLACES * SITING_DEMANDS];
    int64_t               weight[SITING_DEMANDS];
    uint32_t              existing[SITING_PLACES], room[SITING_PLACES];
    uint32_t              within_ms[SITING_DEMANDS];
    uint32_t              unit_place[SITING_UNITS];
    uint32_t              move_ms[SITING_UNITS * SITING_PLACES];
} random_siting;

static inline uint32_t random_time(uint64_t *rng, uint32_t unreachable_percent, uint32_t longest) {
    if (random_below(rng, 100) < unreachable_percent) {
        return random_below(rng, 2) ? MUSTER_UNREACHABLE_MS : UINT32_MAX;
    }
    return random_below(rng, longest) * (random_below(rng, 8) ? 1 : 1000);
}

static inline void random_siting_travel(random_siting *r, uint64_t *rng) {
    const uint32_t places = r->problem.place_count, demands = r->problem.demand_count;
    const uint32_t unreachable = random_below(rng, 3) * 25, longest = 2 + random_below(rng, 40);
    const bool     has_islands = random_below(rng, 6) == 0;
    for (uint32_t i = 0; i < places; ++i) {
        for (uint32_t j = 0; j < demands; ++j) {
            uint32_t *cell = &r->travel_ms[i * demands + j];
            *cell          = random_time(rng, unreachable, longest);
            if (has_islands && i % 2 != j % 2) *cell = MUSTER_UNREACHABLE_MS;
        }
    }
    if (places > 1 && random_below(rng, 3) == 0) { /* a place twice */
        for (uint32_t j = 0; j < demands; ++j) r->travel_ms[demands + j] = r->travel_ms[j];
    }
    if (demands > 1 && random_below(rng, 3) == 0) { /* a demand twice */
        for (uint32_t i = 0; i < places; ++i) {
            r->travel_ms[i * demands + 1] = r->travel_ms[i * demands];
        }
    }
}

/* Everybody may move anywhere, but no place holds more than stand there now or one: who is sent back may
 * find a home that others have filled. */
static inline void random_siting_crowd(random_siting *r, uint64_t *rng) {
    muster_siting_problem *p = &r->problem;
    p->model                 = MUSTER_MOVE_UP;
    p->room                  = r->room;
    p->unit_count            = 2 + random_below(rng, SITING_UNITS - 1);
    p->move_count            = 2 + random_below(rng, 4);
    p->move_limit_ms         = 60000;
    for (uint32_t i = 0; i < p->place_count; ++i) r->room[i] = 1;
    for (uint32_t u = 0; u < p->unit_count; ++u) {
        r->unit_place[u] = random_below(rng, p->place_count);
        for (uint32_t i = 0; i < p->place_count; ++i) {
            r->move_ms[u * p->place_count + i] = random_below(rng, 60);
        }
    }
}

static inline void random_siting_new(random_siting *r, uint64_t seed) {
    uint64_t               rng       = seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
    muster_siting_problem *p         = &r->problem;
    const bool             has_zeros = random_below(&rng, 3) == 0;
    *p                               = (muster_siting_problem)MUSTER_SITING_PROBLEM_INIT;
    p->model                         = (uint8_t)random_below(&rng, MUSTER_SITING_MODEL_COUNT);
    p->place_count  = random_below(&rng, 12) ? 1 + random_below(&rng, SITING_PLACES) : 0;
    p->demand_count = random_below(&rng, 12) ? 1 + random_below(&rng, SITING_DEMANDS) : 0;
    p->travel_ms    = r->travel_ms;
    random_siting_travel(r, &rng);
    for (uint32_t j = 0; j < p->demand_count; ++j) {
        r->weight[j]    = has_zeros && random_below(&rng, 3) == 0 ? 0 : 1 + random_below(&rng, 20);
        r->within_ms[j] = random_below(&rng, 30);
    }
    for (uint32_t i = 0; i < p->place_count; ++i) {
        r->existing[i] = random_below(&rng, 5) == 0 ? 1 + random_below(&rng, 2) : 0;
        r->room[i]     = random_below(&rng, 4);
    }
    if (random_below(&rng, 4)) p->weight = r->weight;
    if (random_below(&rng, 3) == 0) p->existing = r->existing;
    if (random_below(&rng, 3) == 0) p->room = r->room;
    p->count     = random_below(&rng, 5);
    p->within_ms = random_below(&rng, 30);
    if (random_below(&rng, 5) == 0) p->within_of_demand_ms = r->within_ms;
    p->busy_millionths          = random_below(&rng, 3) ? random_below(&rng, MUSTER_MILLION) : 0;
    static const uint8_t GOAL[] = {MUSTER_P_MEDIAN, MUSTER_MAX_COVER, MUSTER_EXPECTED_COVER};
    p->goal                     = GOAL[random_below(&rng, 3)];
    p->unit_count               = p->place_count > 0 ? random_below(&rng, SITING_UNITS + 1) : 0;
    p->unit_place               = r->unit_place;
    p->move_ms                  = r->move_ms;
    p->move_count               = random_below(&rng, 4);
    p->move_limit_ms            = random_below(&rng, 40);
    for (uint32_t u = 0; u < p->unit_count; ++u) {
        r->unit_place[u] = random_below(&rng, p->place_count);
        for (uint32_t i = 0; i < p->place_count; ++i) {
            r->move_ms[u * p->place_count + i] = random_time(&rng, 10, 60);
        }
        for (uint32_t v = 0; v < u && random_below(&rng, 2); ++v) { /* one like another */
            if (r->unit_place[v] != r->unit_place[u]) continue;
            for (uint32_t i = 0; i < p->place_count; ++i) {
                r->move_ms[u * p->place_count + i] = r->move_ms[v * p->place_count + i];
            }
        }
    }
    if (p->place_count > 0 && random_below(&rng, 12) == 0) random_siting_crowd(r, &rng);
}

#endif
