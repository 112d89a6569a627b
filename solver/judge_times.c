#include <math.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "core/pairs.h"
#include "core/snap.h"
#include "solver/judge.h"

/* ---- measuring ----------------------------------------------------------------------- */

typedef struct trip {
    muster_site from;
    uint32_t    metric, assignment;
} trip;

/* Room to measure the assignments that do not come by vehicle. */
typedef struct desk {
    muster_snap *incident; /* [incident * metric_count + metric] */
    trip        *trip;
    mu_pair     *pair; /* by trip */
    uint32_t    *ms;
    double      *m;
} desk;

static int by_start(const void *a, const void *b) {
    const trip *s = a, *t = b;
    if (s->metric != t->metric) return s->metric < t->metric ? -1 : 1;
    if (s->from.lon_deg != t->from.lon_deg) return s->from.lon_deg < t->from.lon_deg ? -1 : 1;
    if (s->from.lat_deg != t->from.lat_deg) return s->from.lat_deg < t->from.lat_deg ? -1 : 1;
    return 0;
}

static muster_status snap_incidents(mu_judge *j, desk *d) {
    const muster_problem *p = j->problem;
    for (uint32_t i = 0; i < p->incident_count; ++i) {
        muster_snap *snap = &d->incident[(size_t)i * p->metric_count];
        MU_TRY(mu_snap_for_each(p->metric_count, p->metric, p->incident[i].site.lon_deg,
                                p->incident[i].site.lat_deg, snap));
        for (uint32_t m = 0; m < p->metric_count; ++m) {
            j->has_road[i] |= snap[m].edge != MUSTER_NONE;
        }
    }
    return MUSTER_OK;
}

static uint32_t list_trips(const mu_judge *j, trip *out) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < j->assignment_count; ++i) {
        const muster_assignment *a = &j->assignment[i];
        const muster_unit       *u = mu_judge_unit(j->problem, a->resource, a->index);
        if (a->shipment == MUSTER_NONE) out[count++] = (trip){u->site, u->metric, i};
    }
    if (count > 0) qsort(out, count, sizeof *out, by_start);
    return count;
}

/* Many set out from the same place. */
static muster_status list_pairs(const mu_judge *j, uint32_t trip_count, desk *d) {
    const muster_problem *p = j->problem;
    for (uint32_t i = 0; i < trip_count; ++i) {
        const trip    *t        = &d->trip[i];
        const uint32_t incident = p->need[j->assignment[t->assignment].need].incident;
        d->pair[i].metric       = p->metric[t->metric];
        d->pair[i].to           = d->incident[(size_t)incident * p->metric_count + t->metric];
        if (i > 0 && by_start(&d->trip[i - 1], t) == 0) {
            d->pair[i].from = d->pair[i - 1].from;
        } else {
            MU_TRY(mu_snap_for_each(1, &p->metric[t->metric], t->from.lon_deg, t->from.lat_deg,
                                    &d->pair[i].from));
        }
    }
    return MUSTER_OK;
}

static muster_status measure_all(mu_judge *j, desk *d) {
    const size_t most = j->assignment_count, incidents = j->problem->incident_count;
    MU_TRY(mu_alloc(&d->incident, incidents * j->problem->metric_count, sizeof *d->incident));
    MU_TRY(mu_alloc(&d->trip, most, sizeof *d->trip));
    MU_TRY(mu_alloc(&d->pair, most, sizeof *d->pair));
    MU_TRY(mu_alloc(&d->ms, most, sizeof *d->ms));
    MU_TRY(mu_alloc(&d->m, most, sizeof *d->m));
    MU_TRY(snap_incidents(j, d));
    const uint32_t count = list_trips(j, d->trip);
    MU_TRY(list_pairs(j, count, d));
    MU_TRY(mu_pairs_measure(count, d->pair, 1, d->ms, d->m));
    for (uint32_t i = 0; i < count; ++i) {
        j->travel_ms[d->trip[i].assignment]  = d->ms[i];
        j->distance_m[d->trip[i].assignment] = d->m[i];
    }
    return MUSTER_OK;
}

static muster_status measure(mu_judge *j) {
    desk                d      = {0};
    const muster_status status = measure_all(j, &d);
    mu_free(d.incident);
    mu_free(d.trip);
    mu_free(d.pair);
    mu_free(d.ms);
    mu_free(d.m);
    return status;
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

static muster_status judge_journey(mu_judge *j, uint32_t i) {
    const muster_assignment *a        = &j->assignment[i];
    const uint32_t           incident = j->problem->need[a->need].incident;
    const muster_unit       *unit     = mu_judge_unit(j->problem, a->resource, a->index);
    const uint8_t            levels   = mu_judge_escalation(j->problem, incident, unit);
    if (a->escalation != levels) {
        MU_REFUSE("\"%s\" is %u levels up from need %u; expected %u", unit->code, a->escalation,
                  a->need, levels);
    }
    j->tier[MUSTER_TIER_ESCALATION] += levels;
    if (a->shipment != MUSTER_NONE) return MUSTER_OK; /* mu_check_shipments has seen to it */
    if (j->travel_ms[i] == MUSTER_UNREACHABLE_MS) {
        MU_REFUSE("\"%s\" cannot reach need %u", unit->code, a->need);
    }
    uint64_t depart_ms = (uint64_t)unit->turnout_ms + j->weights.escalation_delay_ms[levels];
    if (depart_ms < unit->available_ms) depart_ms = unit->available_ms;
    if (a->depart_ms != depart_ms || a->eta_ms != depart_ms + j->travel_ms[i]) {
        MU_REFUSE(
            "\"%s\" departs at %u and reaches need %u at %u ms; expected %" PRIu64 " and %" PRIu64,
            unit->code, a->depart_ms, a->need, a->eta_ms, depart_ms, depart_ms + j->travel_ms[i]);
    }
    if (!(fabs(a->distance_m - j->distance_m[i]) < 0.005)) {
        MU_REFUSE("\"%s\" drives %.2f m to need %u; expected %.2f", unit->code, a->distance_m,
                  a->need, j->distance_m[i]);
    }
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

muster_status mu_judge_times(mu_judge *j) {
    MU_TRY(measure(j));
    for (uint32_t i = 0; i < j->assignment_count; ++i) {
        MU_TRY(judge_order(j, i));
        MU_TRY(judge_journey(j, i));
        MU_TRY(judge_limits(j, i));
    }
    return MUSTER_OK;
}
