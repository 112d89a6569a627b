#include <math.h>

#include "core/alloc.h"
#include "solver/judge.h"

/* ---- measuring ----------------------------------------------------------------------- */

/* The way of an assignment that does not come by vehicle. */
static mu_judge_way way_of(const mu_judge *j, const muster_assignment *a) {
    const muster_unit *unit     = mu_judge_unit(j->problem, a->resource, a->index);
    const uint32_t     incident = j->problem->need[a->need].incident;
    return (mu_judge_way){.metric = unit->metric,
                          .from   = j->roads->places.of_unit[a->resource][a->index],
                          .to     = j->roads->places.of_incident[incident]};
}

/* In the order of the assignments.
 *  out  [assignment_count] */
static muster_status measure(const mu_judge *j, mu_judge_way *out) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < j->assignment_count; ++i) {
        const muster_assignment *a = &j->assignment[i];
        if (a->shipment == MUSTER_NONE) out[count++] = way_of(j, a);
    }
    return mu_judge_measure(j->roads, count, out);
}

/* ---- who has to be asked ------------------------------------------------------------- */

static bool is_over(const muster_problem *p, uint32_t over, uint32_t authority) {
    while (authority != MUSTER_NONE && authority != over) {
        authority = p->authority[authority].parent;
    }
    return authority == over;
}

/* Up from the incident until somebody is over the unit as well. */
uint8_t mu_judge_escalation(const muster_problem *p, uint32_t incident, const muster_unit *unit) {
    const uint32_t own = p->incident[incident].authority;
    if (p->authority_count == 0 || own == MUSTER_NONE || unit->authority == MUSTER_NONE) return 0;
    uint32_t asked = own;
    while (asked != MUSTER_NONE && !is_over(p, asked, unit->authority)) {
        asked = p->authority[asked].parent;
    }
    const uint8_t level = asked == MUSTER_NONE ? MUSTER_MUTUAL_AID : p->authority[asked].level;
    return (uint8_t)(level - p->authority[own].level);
}

/* ---- times --------------------------------------------------------------------------- */

static muster_status judge_order(const mu_judge *j, uint32_t i) {
    if (i == 0) return MUSTER_OK;
    const muster_assignment *a = &j->assignment[i - 1], *b = &j->assignment[i];
    bool                     is_in_order = a->shipment < b->shipment;
    if (a->index != b->index) is_in_order = a->index < b->index;
    if (a->eta_ms != b->eta_ms) is_in_order = a->eta_ms < b->eta_ms;
    if (a->need != b->need) is_in_order = a->need < b->need;
    if (!is_in_order) MU_REFUSE("assignments %u and %u are not in order", i - 1, i);
    return MUSTER_OK;
}

/* `way` is that of an assignment that does not come by vehicle: mu_check_shipments has seen to others. */
static muster_status judge_way(const mu_judge *j, const muster_assignment *a,
                               const mu_judge_way *way) {
    const muster_unit *unit = mu_judge_unit(j->problem, a->resource, a->index);
    if (way->ms == MUSTER_UNREACHABLE_MS) {
        MU_REFUSE("\"%s\" cannot reach need %u", unit->code, a->need);
    }
    uint64_t depart_ms = (uint64_t)unit->turnout_ms + j->weights.escalation_delay_ms[a->escalation];
    if (depart_ms < unit->available_ms) depart_ms = unit->available_ms;
    if (a->depart_ms != depart_ms || a->eta_ms != depart_ms + way->ms) {
        MU_REFUSE("\"%s\" departs at %u and reaches need %u at %u ms; expected %" PRIu64
                  " and %" PRIu64,
                  unit->code, a->depart_ms, a->need, a->eta_ms, depart_ms, depart_ms + way->ms);
    }
    if (!(fabs(a->distance_m - way->m) < 0.005)) {
        MU_REFUSE("\"%s\" drives %.2f m to need %u; expected %.2f", unit->code, a->distance_m,
                  a->need, way->m);
    }
    return MUSTER_OK;
}

static muster_status judge_escalation(mu_judge *j, const muster_assignment *a) {
    const uint32_t     incident = j->problem->need[a->need].incident;
    const muster_unit *unit     = mu_judge_unit(j->problem, a->resource, a->index);
    const uint8_t      levels   = mu_judge_escalation(j->problem, incident, unit);
    if (a->escalation != levels) {
        MU_REFUSE("\"%s\" is %u levels up from need %u; expected %u", unit->code, a->escalation,
                  a->need, levels);
    }
    j->tier[MUSTER_TIER_ESCALATION] += levels;
    return MUSTER_OK;
}

static muster_status judge_limits(const mu_judge *j, uint32_t i) {
    const muster_assignment *a       = &j->assignment[i];
    const muster_unit       *unit    = mu_judge_unit(j->problem, a->resource, a->index);
    const muster_incident   *at      = &j->problem->incident[j->problem->need[a->need].incident];
    const bool               is_late = at->deadline_ms != 0 && a->eta_ms > at->deadline_ms;
    if (a->is_late != is_late) {
        MU_REFUSE("\"%s\" reaches need %u at %u ms with the deadline at %u, but the plan calls it "
                  "%s",
                  unit->code, a->need, a->eta_ms, at->deadline_ms, a->is_late ? "late" : "in time");
    }
    const uint64_t free_ms = (uint64_t)a->eta_ms + at->on_scene_ms;
    if (unit->shift_end_ms != 0 && free_ms > unit->shift_end_ms) {
        MU_REFUSE("\"%s\" is free again at %" PRIu64 " ms; its shift ends at %u", unit->code,
                  free_ms, unit->shift_end_ms);
    }
    return MUSTER_OK;
}

static muster_status judge_all(mu_judge *j, mu_judge_way *way) {
    MU_TRY(measure(j, way));
    for (uint32_t i = 0; i < j->assignment_count; ++i) {
        const muster_assignment *a = &j->assignment[i];
        MU_TRY(judge_order(j, i));
        MU_TRY(judge_escalation(j, a));
        if (a->shipment == MUSTER_NONE) MU_TRY(judge_way(j, a, way++));
        MU_TRY(judge_limits(j, i));
    }
    return MUSTER_OK;
}

muster_status mu_judge_times(mu_judge *j) {
    mu_judge_way *way;
    MU_TRY(mu_alloc(&way, j->assignment_count, sizeof *way));
    const muster_status status = judge_all(j, way);
    mu_free(way);
    return status;
}
