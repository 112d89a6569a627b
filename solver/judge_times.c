#include <math.h>
#include <muster/matrix.h>

#include "core/alloc.h"
#include "solver/judge.h"

/* ---- measuring ----------------------------------------------------------------------- */

/* Travel times of the assignments by metric m, in one table of their own: rows the
 * assignments, columns the incidents. */
static muster_status measure_metric(mu_judge *j, uint32_t m, double *lon, double *lat,
                                    muster_snap *snap) {
    const muster_problem *p      = j->problem;
    const muster_metric  *metric = p->metric[m];
    for (uint32_t i = 0; i < p->incident_count; ++i) {
        lon[i] = p->incident[i].site.lon_deg;
        lat[i] = p->incident[i].site.lat_deg;
    }
    MU_TRY(muster_snap_sites(metric, p->incident_count, lon, lat, NULL, snap));
    for (uint32_t i = 0; i < p->incident_count; ++i) j->has_road[i] |= snap[i].edge != MUSTER_NONE;
    uint32_t rows = 0;
    for (uint32_t i = 0; i < j->assignment_count; ++i) {
        const muster_unit *u = mu_judge_unit(p, j->assignment[i].resource, j->assignment[i].index);
        if (u->metric != m || j->assignment[i].shipment != MUSTER_NONE) continue;
        lon[rows]   = u->site.lon_deg;
        lat[rows++] = u->site.lat_deg;
    }
    if (rows == 0) return MUSTER_OK;
    muster_snap *from = snap + p->incident_count;
    MU_TRY(muster_snap_sites(metric, rows, lon, lat, NULL, from));
    uint32_t     *table_ms;
    double       *table_m = NULL;
    const size_t  cells   = (size_t)rows * p->incident_count;
    muster_status status  = mu_alloc(&table_ms, cells, sizeof *table_ms);
    if (status == MUSTER_OK) status = mu_alloc(&table_m, cells, sizeof *table_m);
    if (status == MUSTER_OK) {
        status = muster_matrix(metric, rows, from, p->incident_count, snap, 1, table_ms, table_m);
    }
    for (uint32_t i = 0, row = 0; status == MUSTER_OK && i < j->assignment_count; ++i) {
        const muster_assignment *a = &j->assignment[i];
        if (a->shipment != MUSTER_NONE) continue;
        if (mu_judge_unit(p, a->resource, a->index)->metric != m) continue;
        const size_t cell = (size_t)row++ * p->incident_count + p->need[a->need].incident;
        j->travel_ms[i]   = table_ms[cell];
        j->distance_m[i]  = table_m[cell];
    }
    mu_free(table_ms);
    mu_free(table_m);
    return status;
}

static muster_status measure(mu_judge *j) {
    const size_t  most   = (size_t)j->assignment_count + j->problem->incident_count;
    double       *lonlat = NULL;
    muster_snap  *snap   = NULL;
    muster_status status = mu_alloc(&lonlat, 2 * most, sizeof *lonlat);
    if (status == MUSTER_OK) status = mu_alloc(&snap, most, sizeof *snap);
    for (uint32_t m = 0; status == MUSTER_OK && m < j->problem->metric_count; ++m) {
        status = measure_metric(j, m, lonlat, lonlat + most, snap);
    }
    mu_free(lonlat);
    mu_free(snap);
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
