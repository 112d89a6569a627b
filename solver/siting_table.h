/* How well each place would serve each demand: what all models begin with. */
#ifndef MU_SOLVER_SITING_TABLE_H
#define MU_SOLVER_SITING_TABLE_H

#include <muster/siting.h>

#include "core/error.h"

/* What the model, or the goal of the moves, counts. */
static inline muster_siting_model mu_siting_goal(const muster_siting_problem *p) {
    return (muster_siting_model)(p->model == MUSTER_MOVE_UP ? p->goal : p->model);
}

/* Does it ask who is within reach, and not how long it takes? */
static inline bool mu_siting_is_cover(const muster_siting_problem *p) {
    const muster_siting_model goal = mu_siting_goal(p);
    return goal == MUSTER_MAX_COVER || goal == MUSTER_SET_COVER || goal == MUSTER_EXPECTED_COVER;
}

static inline int64_t mu_siting_weight(const muster_siting_problem *p, uint32_t demand) {
    return p->weight ? p->weight[demand] : 1;
}

static inline uint32_t mu_siting_existing(const muster_siting_problem *p, uint32_t place) {
    return p->existing ? p->existing[place] : 0;
}

/* How many units may come to a place, of so many. */
static inline uint32_t mu_siting_room(const muster_siting_problem *p, uint32_t place,
                                      uint32_t most) {
    const uint32_t room = p->room ? p->room[place] : most;
    return room < most ? room : most;
}

/* The time of a pair; 0 for who is within reach where that is all that counts.
 * MUSTER_UNREACHABLE_MS: it does not serve. */
static inline uint32_t mu_siting_time(const muster_siting_problem *p, uint32_t place,
                                      uint32_t demand) {
    const uint32_t time_ms = p->travel_ms[(size_t)place * p->demand_count + demand];
    if (time_ms >= MUSTER_UNREACHABLE_MS) return MUSTER_UNREACHABLE_MS;
    if (!mu_siting_is_cover(p)) return time_ms;
    const uint32_t within_ms =
        p->within_of_demand_ms ? p->within_of_demand_ms[demand] : p->within_ms;
    return time_ms <= within_ms ? 0 : MUSTER_UNREACHABLE_MS;
}

#endif
