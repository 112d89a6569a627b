/* See siting_check.h: each value by itself. That sums fit is seen to where they are made. */
#include "solver/siting_check.h"

#include <inttypes.h>

#include "core/error.h"
#include "solver/siting_table.h"

/* So that numbers of units fit, whatever is added to what. */
enum { MOST_UNITS = 1000000 };

static muster_status check_array(const void *array, const char *name, uint32_t count) {
    if (array || count == 0) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID, "%s is NULL; expected %" PRIu32 " entries", name, count);
}

static muster_status check_units(const char *name, const uint32_t *units, uint32_t count) {
    for (uint32_t i = 0; units && i < count; ++i) {
        if (units[i] <= MOST_UNITS) continue;
        return muster_fail(MUSTER_E_INVALID,
                           "%s of place %" PRIu32 " is %" PRIu32 "; expected %d at most", name, i,
                           units[i], MOST_UNITS);
    }
    return MUSTER_OK;
}

static muster_status check_weights(const muster_siting_problem *p) {
    for (uint32_t j = 0; p->weight && j < p->demand_count; ++j) {
        if (p->weight[j] >= 0 && p->weight[j] <= MUSTER_MAX_DEMAND_WEIGHT) continue;
        return muster_fail(MUSTER_E_INVALID,
                           "demand %" PRIu32 " weighs %" PRId64 "; expected 0 to %" PRId64, j,
                           p->weight[j], MUSTER_MAX_DEMAND_WEIGHT);
    }
    return MUSTER_OK;
}

static muster_status check_moves(const muster_siting_problem *p) {
    if (p->goal != MUSTER_P_MEDIAN && p->goal != MUSTER_MAX_COVER &&
        p->goal != MUSTER_EXPECTED_COVER) {
        return muster_fail(MUSTER_E_INVALID,
                           "the goal of the moves is %u; expected MUSTER_P_MEDIAN, "
                           "MUSTER_MAX_COVER or MUSTER_EXPECTED_COVER",
                           p->goal);
    }
    if (p->unit_count > MOST_UNITS) {
        return muster_fail(MUSTER_E_INVALID, "%" PRIu32 " units are free; expected %d at most",
                           p->unit_count, MOST_UNITS);
    }
    MU_TRY(check_array(p->unit_place, "unit_place", p->unit_count));
    MU_TRY(check_array(p->move_ms, "move_ms", p->unit_count));
    for (uint32_t u = 0; u < p->unit_count; ++u) {
        if (p->unit_place[u] < p->place_count) continue;
        return muster_fail(MUSTER_E_INVALID,
                           "unit %" PRIu32 " is at place %" PRIu32 "; expected one of %" PRIu32, u,
                           p->unit_place[u], p->place_count);
    }
    return MUSTER_OK;
}

muster_status mu_siting_check(const muster_siting_problem *p) {
    if (p->model >= MUSTER_SITING_MODEL_COUNT) {
        return muster_fail(MUSTER_E_INVALID, "the model is %u; expected a muster_siting_model",
                           p->model);
    }
    if (p->place_count > 0) MU_TRY(check_array(p->travel_ms, "travel_ms", p->demand_count));
    MU_TRY(check_weights(p));
    MU_TRY(check_units("existing", p->existing, p->place_count));
    MU_TRY(check_units("room", p->room, p->place_count));
    if (p->count > MOST_UNITS) {
        return muster_fail(MUSTER_E_INVALID, "count is %" PRIu32 "; expected %d at most", p->count,
                           MOST_UNITS);
    }
    if (mu_siting_goal(p) == MUSTER_EXPECTED_COVER && p->busy_millionths >= MUSTER_MILLION) {
        return muster_fail(MUSTER_E_INVALID, "busy_millionths is %" PRIu32 "; expected 0 to %d",
                           p->busy_millionths, MUSTER_MILLION - 1);
    }
    return p->model == MUSTER_MOVE_UP ? check_moves(p) : MUSTER_OK;
}
