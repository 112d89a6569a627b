/* See siting_answer.h. It reads nothing but the problem, so that an error of the engine shows. */
#include "solver/siting_answer.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "core/alloc.h"
#include "solver/siting_table.h"

muster_status mu_siting_answer_new(muster_siting **out, const muster_siting_problem *p) {
    const uint32_t units = p->model == MUSTER_MOVE_UP ? p->unit_count : 0;
    muster_siting *s;
    muster_status  status;
    *out = NULL;
    MU_TRY(mu_alloc_zeroed(&s, 1, sizeof *s));
    MU_TRY_GOTO(status, mu_alloc_zeroed(&s->unit_count, p->place_count, sizeof *s->unit_count),
                failed);
    MU_TRY_GOTO(status, mu_alloc(&s->place_of_demand, p->demand_count, sizeof *s->place_of_demand),
                failed);
    MU_TRY_GOTO(status, mu_alloc(&s->travel_ms, p->demand_count, sizeof *s->travel_ms), failed);
    MU_TRY_GOTO(status, mu_alloc(&s->stranded, p->demand_count, sizeof *s->stranded), failed);
    MU_TRY_GOTO(status, mu_alloc(&s->place_of_unit, units, sizeof *s->place_of_unit), failed);
    s->result = (muster_siting_result){.unit_count      = s->unit_count,
                                       .place_of_demand = s->place_of_demand,
                                       .travel_ms       = s->travel_ms,
                                       .place_of_unit   = s->place_of_unit,
                                       .stranded        = s->stranded};
    for (uint32_t i = 0; i < p->place_count; ++i) s->unit_count[i] = mu_siting_existing(p, i);
    for (uint32_t u = 0; u < units; ++u) s->place_of_unit[u] = p->unit_place[u];
    *out = s;
    return MUSTER_OK;
failed:
    muster_siting_free(s);
    return status;
}

void muster_siting_free(muster_siting *s) {
    if (!s) return;
    mu_free(s->unit_count);
    mu_free(s->place_of_demand);
    mu_free(s->travel_ms);
    mu_free(s->place_of_unit);
    mu_free(s->stranded);
    mu_free(s);
}

const muster_siting_result *muster_siting_view(const muster_siting *s) {
    return &s->result;
}

void mu_siting_find_stranded(muster_siting *s, const muster_siting_problem *p,
                             const uint8_t *is_usable) {
    for (uint32_t j = 0; j < p->demand_count; ++j) {
        bool is_reached = mu_siting_weight(p, j) == 0;
        for (uint32_t i = 0; i < p->place_count && !is_reached; ++i) {
            is_reached = is_usable[i] && mu_siting_time(p, i, j) < MUSTER_UNREACHABLE_MS;
        }
        if (!is_reached) s->stranded[s->result.stranded_count++] = j;
    }
}

/* ---- who is served from where -------------------------------------------------------------- */

static void assign(muster_siting *s, const muster_siting_problem *p) {
    for (uint32_t j = 0; j < p->demand_count; ++j) {
        s->place_of_demand[j] = MUSTER_NONE;
        s->travel_ms[j]       = MUSTER_UNREACHABLE_MS;
    }
    for (uint32_t i = 0; i < p->place_count; ++i) {
        const uint32_t *row = p->travel_ms + (size_t)i * p->demand_count;
        for (uint32_t j = 0; s->unit_count[i] > 0 && j < p->demand_count; ++j) {
            if (row[j] >= s->travel_ms[j]) continue;
            s->travel_ms[j]       = row[j];
            s->place_of_demand[j] = i;
        }
    }
}

/* ---- what it is worth ---------------------------------------------------------------------- */

static int64_t expected_of(const muster_siting_problem *p, uint64_t units) {
    int64_t level = MUSTER_MILLION - p->busy_millionths, sum = 0;
    for (uint64_t n = 0; n < units && level > 0; ++n) {
        sum += level;
        level = level * p->busy_millionths / MUSTER_MILLION;
    }
    return sum;
}

static uint64_t units_within(const muster_siting *s, const muster_siting_problem *p, uint32_t j) {
    uint64_t units = 0;
    for (uint32_t i = 0; i < p->place_count; ++i) {
        if (mu_siting_time(p, i, j) < MUSTER_UNREACHABLE_MS) units += s->unit_count[i];
    }
    return units;
}

/* -1: somebody is not served who has to be. */
static int64_t worth(const muster_siting *s, const muster_siting_problem *p) {
    const muster_siting_model goal = mu_siting_goal(p);
    int64_t                   sum = 0, longest_ms = 0;
    for (uint32_t j = 0; j < p->demand_count; ++j) {
        const int64_t weight = mu_siting_weight(p, j);
        if (weight == 0) continue;
        const uint64_t within = units_within(s, p, j);
        if (within == 0 && goal != MUSTER_MAX_COVER && goal != MUSTER_EXPECTED_COVER) return -1;
        if (goal == MUSTER_P_MEDIAN) sum += weight * s->travel_ms[j];
        if (goal == MUSTER_P_CENTER && s->travel_ms[j] > longest_ms) longest_ms = s->travel_ms[j];
        if (goal == MUSTER_MAX_COVER && within > 0) sum += weight;
        if (goal == MUSTER_EXPECTED_COVER) sum += weight * expected_of(p, within);
    }
    if (goal == MUSTER_P_CENTER) return longest_ms;
    return goal == MUSTER_SET_COVER ? s->result.chosen_count : sum;
}

/* ---- whether it may be --------------------------------------------------------------------- */

static muster_status refuse(const char *what, uint32_t index) {
    return muster_fail(MUSTER_E_INTERNAL, "the siting has %s %" PRIu32 ", which it may not", what,
                       index);
}

static muster_status judge_moves(const muster_siting *s, const muster_siting_problem *p) {
    uint32_t moved = 0;
    for (uint32_t u = 0; u < p->unit_count; ++u) {
        const uint32_t place = s->place_of_unit[u];
        if (place == p->unit_place[u]) continue;
        const uint32_t time_ms = p->move_ms[(size_t)u * p->place_count + place];
        if (++moved > p->move_count || time_ms > p->move_limit_ms ||
            time_ms >= MUSTER_UNREACHABLE_MS) {
            return refuse("moved unit", u);
        }
    }
    return MUSTER_OK;
}

/* Free units that were at a place, or may be. */
static muster_status judge_rooms(const muster_siting *s, const muster_siting_problem *p,
                                 uint32_t *standing) {
    const bool is_expected = p->model == MUSTER_EXPECTED_COVER || p->model == MUSTER_MOVE_UP;
    uint64_t   added       = 0;
    for (uint32_t u = 0; p->model == MUSTER_MOVE_UP && u < p->unit_count; ++u) {
        ++standing[p->unit_place[u]];
    }
    for (uint32_t i = 0; i < p->place_count; ++i) {
        const uint32_t more = s->unit_count[i] - mu_siting_existing(p, i);
        const uint32_t room = mu_siting_room(p, i, is_expected ? UINT32_MAX : 1);
        added += more;
        if (more > (room > standing[i] ? room : standing[i])) return refuse("units at place", i);
    }
    if (p->model != MUSTER_SET_COVER && p->model != MUSTER_MOVE_UP && added > p->count) {
        return refuse("more units than", p->count);
    }
    return MUSTER_OK;
}

muster_status mu_siting_answer(muster_siting *s, const muster_siting_problem *p, int64_t objective,
                               int64_t bound) {
    uint32_t *standing;
    MU_TRY(mu_alloc_zeroed(&standing, p->place_count, sizeof *standing));
    muster_status status = judge_rooms(s, p, standing);
    mu_free(standing);
    if (status == MUSTER_OK && p->model == MUSTER_MOVE_UP) status = judge_moves(s, p);
    if (status != MUSTER_OK) return status;
    assign(s, p);
    const int64_t found = worth(s, p);
    if (found != objective) {
        return muster_fail(MUSTER_E_INTERNAL,
                           "the siting is worth %" PRId64 ", and is said to be worth %" PRId64,
                           found, objective);
    }
    s->result.objective = objective;
    s->result.bound     = bound;
    s->result.outcome   = bound == objective ? MUSTER_SITING_OPTIMAL : MUSTER_SITING_FEASIBLE;
    s->result.gap       = fabs((double)(objective - bound)) / fmax(1, fabs((double)objective));
    return MUSTER_OK;
}
