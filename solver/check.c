/* The judge: an independent reading of the rules in muster/plan.h and muster/problem.h. It
 * knows nothing of how a plan is found and shares no code with the optimizer; where both
 * need a sum or a travel time, it works it out again from the problem, by the public calls. */
#include <inttypes.h>
#include <math.h>
#include <muster/matrix.h>
#include <muster/plan.h>

#include "core/alloc.h"
#include "solver/check_shipments.h"

typedef struct judge {
    const muster_plan       *plan;
    const muster_problem    *problem;
    const muster_assignment *assignment;
    uint32_t                 assignment_count;
    const muster_unmet      *unmet;
    uint32_t                 unmet_count;
    int64_t                 *used[MUSTER_RESOURCE_COUNT]; /* by resource index */
    int64_t                 *missing;                     /* by need, after service in order */
    int64_t                 *sent;                        /* by need */
    bool                    *has_road;                    /* by incident */
    uint32_t                *travel_ms;                   /* by assignment */
    double                  *distance_m;
} judge;

#define REFUSE(...) return muster_fail(MUSTER_E_INTERNAL, "the plan breaks a rule: " __VA_ARGS__)

/* ---- the problem's rows, read afresh ------------------------------------------------- */

static uint32_t rows_of(const muster_problem *p, unsigned resource) {
    switch (resource) {
    case MUSTER_PEOPLE:
        return p->team_count;
    case MUSTER_VEHICLE:
        return p->vehicle_count;
    case MUSTER_MACHINE:
        return p->machine_count;
    case MUSTER_ITEM:
        return p->stock_count;
    default:
        return 0;
    }
}

static const muster_unit *unit_of(const muster_problem *p, unsigned resource, uint32_t index) {
    if (resource == MUSTER_PEOPLE) return &p->team[index].unit;
    if (resource == MUSTER_VEHICLE) return &p->vehicle[index].unit;
    if (resource == MUSTER_MACHINE) return &p->machine[index].unit;
    return &p->stock[index].unit;
}

static int64_t amount_of(const muster_problem *p, unsigned resource, uint32_t index) {
    if (resource == MUSTER_PEOPLE) return p->team[index].people;
    if (resource == MUSTER_VEHICLE) return 1;
    if (resource == MUSTER_MACHINE) return p->machine[index].count;
    return p->stock[index].quantity;
}

static bool suits(const muster_problem *p, unsigned resource, uint32_t index, uint32_t kind) {
    if (p->kind[kind].resource != resource) return false;
    if (resource == MUSTER_VEHICLE) return p->vehicle[index].kind == kind;
    if (resource == MUSTER_MACHINE) return p->machine[index].kind == kind;
    if (resource == MUSTER_ITEM) return p->stock[index].kind == kind;
    for (uint32_t c = 0; c < p->team[index].capability_count; ++c) {
        if (p->team[index].capability[c] == kind) return true;
    }
    return false;
}

/* ---- who goes ------------------------------------------------------------------------ */

static muster_status judge_use(judge *j, uint32_t i) {
    const muster_assignment *a = &j->assignment[i];
    const muster_problem    *p = j->problem;
    if (a->need >= p->need_count || a->resource >= MUSTER_RESOURCE_COUNT ||
        a->index >= rows_of(p, a->resource)) {
        REFUSE("assignment %u sends resource %u, row %u, to need %u, which are not there", i,
               a->resource, a->index, a->need);
    }
    const char   *code  = unit_of(p, a->resource, a->index)->code;
    const int64_t whole = amount_of(p, a->resource, a->index);
    if (!suits(p, a->resource, a->index, p->need[a->need].kind)) {
        REFUSE("\"%s\" does not suit need %u, of kind \"%s\"", code, a->need,
               p->kind[p->need[a->need].kind].code);
    }
    if (a->quantity < 1 || (a->resource == MUSTER_PEOPLE && a->quantity != whole)) {
        REFUSE("\"%s\" sends %" PRId64 " to need %u; it has %" PRId64, code, a->quantity, a->need,
               whole);
    }
    j->used[a->resource][a->index] += a->quantity;
    if (j->used[a->resource][a->index] > whole) {
        REFUSE("\"%s\" sends %" PRId64 " in all; it has %" PRId64, code,
               j->used[a->resource][a->index], whole);
    }
    return MUSTER_OK;
}

static muster_status judge_order(const judge *j, uint32_t i) {
    if (i == 0) return MUSTER_OK;
    const muster_assignment *a = &j->assignment[i - 1], *b = &j->assignment[i];
    const bool               is_in_order = a->need != b->need       ? a->need < b->need
                                           : a->eta_ms != b->eta_ms ? a->eta_ms < b->eta_ms
                                           : a->index != b->index   ? a->index < b->index
                                                                    : a->shipment < b->shipment;
    if (!is_in_order) REFUSE("assignments %u and %u are not in order", i - 1, i);
    return MUSTER_OK;
}

static muster_status judge_service(judge *j, uint32_t i, int64_t *tier_2) {
    const muster_assignment *a = &j->assignment[i];
    const muster_need       *n = &j->problem->need[a->need];
    const int64_t served = a->quantity < j->missing[a->need] ? a->quantity : j->missing[a->need];
    if (served < 1 || (a->resource != MUSTER_PEOPLE && served < a->quantity)) {
        REFUSE("assignment %u brings %" PRId64 " to need %u, which lacks %" PRId64, i, a->quantity,
               a->need, j->missing[a->need]);
    }
    int64_t price = (INT64_C(1000000) << j->problem->incident[n->incident].severity) / n->quantity;
    if (price < 1) price = 1;
    j->missing[a->need] -= served;
    j->sent[a->need] += a->quantity;
    *tier_2 += price * served * (a->eta_ms / 1000);
    return MUSTER_OK;
}

/* ---- when ---------------------------------------------------------------------------- */

/* Travel times of the assignments by metric m, in one table of their own: rows the
 * assignments, columns the incidents. */
static muster_status measure_metric(judge *j, uint32_t m, double *lon, double *lat,
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
        const muster_unit *u = unit_of(p, j->assignment[i].resource, j->assignment[i].index);
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
        status = muster_matrix(metric, rows, from, p->incident_count, snap, 0, table_ms, table_m);
    }
    for (uint32_t i = 0, row = 0; status == MUSTER_OK && i < j->assignment_count; ++i) {
        const muster_assignment *a = &j->assignment[i];
        if (unit_of(p, a->resource, a->index)->metric != m || a->shipment != MUSTER_NONE) continue;
        const size_t cell = (size_t)row++ * p->incident_count + p->need[a->need].incident;
        j->travel_ms[i]   = table_ms[cell];
        j->distance_m[i]  = table_m[cell];
    }
    mu_free(table_ms);
    mu_free(table_m);
    return status;
}

static muster_status measure(judge *j) {
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

static muster_status judge_times(const judge *j, uint32_t i) {
    const muster_assignment *a    = &j->assignment[i];
    const muster_unit       *unit = unit_of(j->problem, a->resource, a->index);
    if (a->shipment != MUSTER_NONE) return MUSTER_OK; /* mu_check_shipments has seen to it */
    if (j->travel_ms[i] == MUSTER_UNREACHABLE_MS) {
        REFUSE("\"%s\" cannot reach need %u", unit->code, a->need);
    }
    if (a->depart_ms != unit->turnout_ms || a->eta_ms != a->depart_ms + j->travel_ms[i]) {
        REFUSE("\"%s\" departs at %u and reaches need %u at %u ms; expected %u and %u", unit->code,
               a->depart_ms, a->need, a->eta_ms, unit->turnout_ms,
               unit->turnout_ms + j->travel_ms[i]);
    }
    if (!(fabs(a->distance_m - j->distance_m[i]) < 0.005)) {
        REFUSE("\"%s\" drives %.2f m to need %u; expected %.2f", unit->code, a->distance_m, a->need,
               j->distance_m[i]);
    }
    return MUSTER_OK;
}

/* ---- what stays unmet ----------------------------------------------------------------- */

/* What suits the need: how much there is at all, and how much of it is idle. Whether the
 * idle could come by road is judged only through the reasons that do not depend on it. */
static void count_suitable(const judge *j, uint32_t need, int64_t *exist) {
    const uint32_t kind     = j->problem->need[need].kind;
    const unsigned resource = j->problem->kind[kind].resource;
    *exist                  = 0;
    for (uint32_t i = 0; i < rows_of(j->problem, resource); ++i) {
        if (suits(j->problem, resource, i, kind)) *exist += amount_of(j->problem, resource, i);
    }
}

static muster_status judge_reason(const judge *j, const muster_unmet *u) {
    const muster_need *n            = &j->problem->need[u->need];
    const bool         is_unsnapped = u->reason == MUSTER_UNMET_UNSNAPPED;
    int64_t            exist;
    count_suitable(j, u->need, &exist);
    if (is_unsnapped == j->has_road[n->incident]) {
        REFUSE("need %u is %s, but its incident has %s road", u->need,
               is_unsnapped ? "unsnapped" : "unmet for another reason",
               j->has_road[n->incident] ? "a" : "no");
    }
    if (!is_unsnapped && (u->reason == MUSTER_UNMET_NONE_EXIST) != (exist == 0)) {
        REFUSE("need %u is unmet for reason %u, but %" PRId64 " of its kind exist", u->need,
               u->reason, exist);
    }
    if (u->reason == MUSTER_UNMET_BELOW_MINIMUM && (n->minimum == 0 || j->sent[u->need] > 0)) {
        REFUSE("need %u is below its minimum of %" PRId64 " with %" PRId64 " sent", u->need,
               n->minimum, j->sent[u->need]);
    }
    if (u->reason > MUSTER_UNMET_EXHAUSTED &&
        (j->problem->item_transport != MUSTER_ITEMS_BY_VEHICLE ||
         j->problem->kind[n->kind].resource != MUSTER_ITEM)) {
        REFUSE("need %u is unmet for reason %u, which is one of items that come by vehicle",
               u->need, u->reason);
    }
    if (u->reason <= MUSTER_UNMET_UNREACHABLE && j->sent[u->need] > 0) {
        REFUSE("need %u is out of reach for all, but %" PRId64 " are sent", u->need,
               j->sent[u->need]);
    }
    return MUSTER_OK;
}

static muster_status judge_unmet(const judge *j, int64_t *tier_1) {
    uint32_t next = 0;
    for (uint32_t n = 0; n < j->problem->need_count; ++n) {
        const muster_need *need = &j->problem->need[n];
        if (j->sent[n] > 0 && j->sent[n] < need->minimum) {
            REFUSE("need %u is sent %" PRId64 ", less than its minimum, %" PRId64, n, j->sent[n],
                   need->minimum);
        }
        const bool is_listed = next < j->unmet_count && j->unmet[next].need == n;
        if (is_listed != (j->missing[n] > 0) ||
            (is_listed && j->unmet[next].quantity != j->missing[n])) {
            REFUSE("need %u lacks %" PRId64 ", but the plan says %" PRId64, n, j->missing[n],
                   is_listed ? j->unmet[next].quantity : 0);
        }
        if (!is_listed) continue;
        MU_TRY(judge_reason(j, &j->unmet[next++]));
        int64_t price =
            (INT64_C(1000000) << j->problem->incident[need->incident].severity) / need->quantity;
        if (price < 1) price = 1;
        *tier_1 += price * j->missing[n];
    }
    if (next != j->unmet_count) REFUSE("%u unmet needs are listed out of order", j->unmet_count);
    return MUSTER_OK;
}

/* ---- how good ------------------------------------------------------------------------ */

static muster_status judge_tiers(const judge *j, int64_t tier_1, int64_t tier_2) {
    const muster_tier_result first  = muster_plan_tier(j->plan, MUSTER_TIER_UNMET_NEED);
    const muster_tier_result second = muster_plan_tier(j->plan, MUSTER_TIER_RESPONSE_TIME);
    if (first.value != tier_1 || second.value != tier_2) {
        REFUSE("its tiers are worth %" PRId64 " and %" PRId64 ", not %" PRId64 " and %" PRId64,
               tier_1, tier_2, first.value, second.value);
    }
    if (first.bound > first.value || (first.bound == first.value && second.bound > second.value)) {
        REFUSE("its bounds, %" PRId64 " and %" PRId64 ", are above its values, %" PRId64
               " and %" PRId64,
               first.bound, second.bound, first.value, second.value);
    }
    const bool is_proven = first.bound == first.value && second.bound == second.value;
    if (is_proven != (muster_plan_outcome(j->plan) == MUSTER_OPTIMAL)) {
        REFUSE("its outcome does not follow from its bounds");
    }
    return MUSTER_OK;
}

static muster_status hold_court(judge *j) {
    int64_t tier_1 = 0, tier_2 = 0;
    for (uint32_t n = 0; n < j->problem->need_count; ++n) {
        j->missing[n] = j->problem->need[n].quantity;
    }
    for (uint32_t i = 0; i < j->assignment_count; ++i) MU_TRY(judge_use(j, i));
    MU_TRY(mu_check_shipments(j->plan, j->problem, j->used[MUSTER_VEHICLE]));
    MU_TRY(measure(j));
    for (uint32_t i = 0; i < j->assignment_count; ++i) {
        MU_TRY(judge_order(j, i));
        MU_TRY(judge_times(j, i));
        MU_TRY(judge_service(j, i, &tier_2));
    }
    MU_TRY(judge_unmet(j, &tier_1));
    return judge_tiers(j, tier_1, tier_2);
}

static muster_status take_seats(judge *j) {
    const muster_problem *p = j->problem;
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        MU_TRY(mu_alloc_zeroed(&j->used[r], rows_of(p, r), sizeof(int64_t)));
    }
    MU_TRY(mu_alloc(&j->missing, p->need_count, sizeof *j->missing));
    MU_TRY(mu_alloc_zeroed(&j->sent, p->need_count, sizeof *j->sent));
    MU_TRY(mu_alloc_zeroed(&j->has_road, p->incident_count, sizeof *j->has_road));
    MU_TRY(mu_alloc(&j->travel_ms, j->assignment_count, sizeof *j->travel_ms));
    return mu_alloc(&j->distance_m, j->assignment_count, sizeof *j->distance_m);
}

muster_status muster_plan_check(const muster_plan *plan, const muster_problem *problem) {
    judge j              = {.plan = plan, .problem = problem};
    j.assignment         = muster_plan_assignments(plan, &j.assignment_count);
    j.unmet              = muster_plan_unmet(plan, &j.unmet_count);
    muster_status status = muster_problem_check(problem);
    if (status == MUSTER_OK) status = take_seats(&j);
    if (status == MUSTER_OK) status = hold_court(&j);
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) mu_free(j.used[r]);
    mu_free(j.missing);
    mu_free(j.sent);
    mu_free(j.has_road);
    mu_free(j.travel_ms);
    mu_free(j.distance_m);
    return status;
}
