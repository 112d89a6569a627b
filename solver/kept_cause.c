/* The past and now are compared field by field, the most telling first: who has moved arrives at
 * another time whatever else has changed. */
#include "solver/kept_cause.h"

#include <string.h>

#include "core/metric_id.h"
#include "solver/weights.h"

static bool has_moved(muster_site a, muster_site b) {
    return a.lon_deg != b.lon_deg || a.lat_deg != b.lat_deg;
}

/* Authorities are known by their codes. */
static bool is_other_authority(const muster_problem *past, uint32_t a, const muster_problem *now,
                               uint32_t b) {
    const bool has_a = past->authority_count > 0 && a != MUSTER_NONE;
    const bool has_b = now->authority_count > 0 && b != MUSTER_NONE;
    if (!has_a || !has_b) return has_a != has_b;
    return strcmp(past->authority[a].code, now->authority[b].code) != 0;
}

static bool has_other_hours(const muster_unit *a, const muster_unit *b) {
    return a->turnout_ms != b->turnout_ms || a->available_ms != b->available_ms ||
           a->shift_end_ms != b->shift_end_ms;
}

muster_change_reason mu_kept_why_later(const mu_past *past, const muster_problem *now,
                                       muster_resource resource, uint32_t index_was, uint32_t index,
                                       uint32_t incident_was, uint32_t incident) {
    const muster_problem *p  = &past->problem;
    const muster_unit    *a  = muster_problem_unit(p, resource, index_was),
                      *b     = muster_problem_unit(now, resource, index);
    const muster_incident *x = &p->incident[incident_was], *y = &now->incident[incident];
    if (has_moved(x->site, y->site) || x->on_scene_ms != y->on_scene_ms) {
        return MUSTER_BECAUSE_NEED_CHANGED;
    }
    if (has_moved(a->site, b->site)) return MUSTER_BECAUSE_UNIT_MOVED;
    if (has_other_hours(a, b)) return MUSTER_BECAUSE_UNIT_CHANGED;
    if (is_other_authority(p, a->authority, now, b->authority) ||
        is_other_authority(p, x->authority, now, y->authority) ||
        memcmp(past->weights.escalation_delay_ms, mu_weights(now)->escalation_delay_ms,
               sizeof past->weights.escalation_delay_ms) != 0) {
        return MUSTER_BECAUSE_ORDERS;
    }
    if (past->metric_id[a->metric] != mu_metric_id(now->metric[b->metric])) {
        return MUSTER_BECAUSE_ROADS;
    }
    return MUSTER_BECAUSE_COUNT;
}

muster_change_reason mu_kept_why_not(const mu_past *past, const mu_candidates *c,
                                     const muster_assignment *was, uint32_t index, uint32_t need) {
    const muster_problem *now      = c->travel->problem;
    const muster_resource resource = (muster_resource)was->resource;
    const muster_need    *before   = &past->problem.need[was->need];
    const uint32_t        incident = now->need[need].incident;
    if (mu_supply(now, resource, index) == 0) return MUSTER_BECAUSE_UNIT_LOST;
    if (!mu_is_of_kind(now, resource, index, now->need[need].kind)) {
        return MUSTER_BECAUSE_UNIT_CHANGED;
    }
    if (!mu_is_good_enough(now, resource, index, need)) {
        return before->grade != now->need[need].grade ? MUSTER_BECAUSE_NEED_CHANGED
                                                      : MUSTER_BECAUSE_UNIT_CHANGED;
    }
    if (c->supply[resource][index] <= 0 || !mu_rules_allow(c->rules, resource, index, incident)) {
        return MUSTER_BECAUSE_ORDERS;
    }
    const muster_change_reason later =
        mu_kept_why_later(past, now, resource, was->index, index, before->incident, incident);
    return later == MUSTER_BECAUSE_COUNT ? MUSTER_BECAUSE_UNFIT : later;
}
