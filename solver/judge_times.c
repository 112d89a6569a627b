#include <math.h>
#include <muster/matrix.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "solver/judge.h"

/* ---- measuring ----------------------------------------------------------------------- */

typedef struct trip {
    muster_site from;
    uint32_t    assignment;
} trip;

/* Room to measure the assignments by one metric. */
typedef struct desk {
    double      *lon, *lat;
    muster_snap *snap;
    trip        *trip;
    uint32_t    *row; /* by assignment: where it sets out, of the table's rows */
    uint32_t    *table_ms;
    double      *table_m;
} desk;

static int by_place(const void *a, const void *b) {
    const muster_site *s = &((const trip *)a)->from, *t = &((const trip *)b)->from;
    if (s->lon_deg != t->lon_deg) return s->lon_deg < t->lon_deg ? -1 : 1;
    if (s->lat_deg != t->lat_deg) return s->lat_deg < t->lat_deg ? -1 : 1;
    return 0;
}

/* Those by metric m that do not come by vehicle. */
static uint32_t list_trips(const mu_judge *j, uint32_t m, trip *out) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < j->assignment_count; ++i) {
        const muster_assignment *a = &j->assignment[i];
        const muster_unit       *u = mu_judge_unit(j->problem, a->resource, a->index);
        if (u->metric == m && a->shipment == MUSTER_NONE) out[count++] = (trip){u->site, i};
    }
    return count;
}

/* Many set out from the same place: a row for each place. */
static uint32_t number_rows(desk *d, uint32_t trip_count) {
    uint32_t rows = 0;
    if (trip_count > 0) qsort(d->trip, trip_count, sizeof *d->trip, by_place);
    for (uint32_t i = 0; i < trip_count; ++i) {
        if (i == 0 || by_place(&d->trip[i - 1], &d->trip[i]) != 0) {
            d->lon[rows]   = d->trip[i].from.lon_deg;
            d->lat[rows++] = d->trip[i].from.lat_deg;
        }
        d->row[d->trip[i].assignment] = rows - 1;
    }
    return rows;
}

/* Travel times of the assignments by metric m, in one table of their own: rows the places that they
 * set out from, columns the incidents. */
static muster_status measure_metric(mu_judge *j, uint32_t m, desk *d) {
    const muster_problem *p      = j->problem;
    const muster_metric  *metric = p->metric[m];
    muster_snap          *from   = d->snap + p->incident_count;
    for (uint32_t i = 0; i < p->incident_count; ++i) {
        d->lon[i] = p->incident[i].site.lon_deg;
        d->lat[i] = p->incident[i].site.lat_deg;
    }
    MU_TRY(muster_snap_sites(metric, p->incident_count, d->lon, d->lat, NULL, d->snap));
    for (uint32_t i = 0; i < p->incident_count; ++i) {
        j->has_road[i] |= d->snap[i].edge != MUSTER_NONE;
    }
    const uint32_t trips = list_trips(j, m, d->trip), rows = number_rows(d, trips);
    const size_t   cells = (size_t)rows * p->incident_count;
    if (rows == 0) return MUSTER_OK;
    MU_TRY(muster_snap_sites(metric, rows, d->lon, d->lat, NULL, from));
    MU_TRY(mu_realloc(&d->table_ms, cells, sizeof *d->table_ms));
    MU_TRY(mu_realloc(&d->table_m, cells, sizeof *d->table_m));
    MU_TRY(
        muster_matrix(metric, rows, from, p->incident_count, d->snap, 1, d->table_ms, d->table_m));
    for (uint32_t i = 0; i < trips; ++i) {
        const uint32_t a = d->trip[i].assignment;
        const size_t   cell =
            (size_t)d->row[a] * p->incident_count + p->need[j->assignment[a].need].incident;
        j->travel_ms[a]  = d->table_ms[cell];
        j->distance_m[a] = d->table_m[cell];
    }
    return MUSTER_OK;
}

static muster_status measure_all(mu_judge *j, desk *d) {
    const size_t most = (size_t)j->assignment_count + j->problem->incident_count;
    MU_TRY(mu_alloc(&d->lon, most, sizeof *d->lon));
    MU_TRY(mu_alloc(&d->lat, most, sizeof *d->lat));
    MU_TRY(mu_alloc(&d->snap, most, sizeof *d->snap));
    MU_TRY(mu_alloc(&d->trip, j->assignment_count, sizeof *d->trip));
    MU_TRY(mu_alloc(&d->row, j->assignment_count, sizeof *d->row));
    for (uint32_t m = 0; m < j->problem->metric_count; ++m) MU_TRY(measure_metric(j, m, d));
    return MUSTER_OK;
}

static muster_status measure(mu_judge *j) {
    desk                d      = {0};
    const muster_status status = measure_all(j, &d);
    mu_free(d.lon);
    mu_free(d.lat);
    mu_free(d.snap);
    mu_free(d.trip);
    mu_free(d.row);
    mu_free(d.table_ms);
    mu_free(d.table_m);
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
