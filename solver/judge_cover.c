/* Zone by zone and metric by metric: who is free, how long each would take, how many are in
 * time. */
#include <muster/matrix.h>
#include <muster/snap.h>

#include "core/alloc.h"
#include "solver/judge.h"

/* The free units that suit a zone and travel by one metric. */
typedef struct patrol {
    uint32_t     count;
    uint32_t    *index;   /* [rows] */
    double      *lonlat;  /* [2 * rows] longitudes, then latitudes */
    muster_snap *snap;    /* [rows] */
    uint32_t    *time_ms; /* [rows] */
} patrol;

static void call_out(patrol *u, const mu_judge *j, const muster_zone *zone, uint32_t metric) {
    const muster_problem *p        = j->problem;
    const unsigned        resource = p->kind[zone->kind].resource;
    const uint32_t        rows     = mu_judge_rows(p, resource);
    u->count                       = 0;
    for (uint32_t i = 0; i < rows; ++i) {
        const muster_unit *unit = mu_judge_unit(p, resource, i);
        const int64_t      left = mu_judge_amount(p, resource, i) - j->used[resource][i];
        if (unit->metric != metric || left == 0) continue;
        if (!mu_judge_suits(p, resource, i, zone->kind)) continue;
        u->lonlat[u->count]        = unit->site.lon_deg;
        u->lonlat[rows + u->count] = unit->site.lat_deg;
        u->index[u->count++]       = i;
    }
}

static int64_t count_in_time(const patrol *u, const mu_judge *j, const muster_zone *zone) {
    const unsigned resource = j->problem->kind[zone->kind].resource;
    int64_t        sum      = 0;
    for (uint32_t k = 0; k < u->count; ++k) {
        const muster_unit *unit    = mu_judge_unit(j->problem, resource, u->index[k]);
        uint64_t           time_ms = unit->turnout_ms;
        if (time_ms < unit->available_ms) time_ms = unit->available_ms;
        time_ms += u->time_ms[k];
        if (u->time_ms[k] == MUSTER_UNREACHABLE_MS || time_ms >= MUSTER_UNREACHABLE_MS) continue;
        if (time_ms > zone->radius_ms) continue;
        if (unit->shift_end_ms != 0 && time_ms > unit->shift_end_ms) continue;
        sum += mu_judge_amount(j->problem, resource, u->index[k]) - j->used[resource][u->index[k]];
    }
    return sum;
}

static muster_status judge_zone(mu_judge *j, const muster_zone *zone, patrol *u) {
    const muster_problem *p       = j->problem;
    const uint32_t        rows    = mu_judge_rows(p, p->kind[zone->kind].resource);
    int64_t               in_time = 0;
    for (uint32_t m = 0; m < p->metric_count; ++m) {
        muster_snap to;
        call_out(u, j, zone, m);
        if (u->count == 0) continue;
        MU_TRY(muster_snap_sites(p->metric[m], 1, &zone->site.lon_deg, &zone->site.lat_deg, NULL,
                                 &to));
        MU_TRY(
            muster_snap_sites(p->metric[m], u->count, u->lonlat, u->lonlat + rows, NULL, u->snap));
        MU_TRY(muster_matrix(p->metric[m], u->count, u->snap, 1, &to, 0, u->time_ms, NULL));
        in_time += count_in_time(u, j, zone);
    }
    if (in_time < zone->required) {
        j->tier[MUSTER_TIER_RESERVE] += zone->weight * (zone->required - in_time);
    }
    return MUSTER_OK;
}

static muster_status judge_zones(mu_judge *j, patrol *u) {
    uint32_t rows = 0;
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        if (rows < mu_judge_rows(j->problem, r)) rows = mu_judge_rows(j->problem, r);
    }
    MU_TRY(mu_alloc(&u->index, rows, sizeof *u->index));
    MU_TRY(mu_alloc(&u->lonlat, 2 * (size_t)rows, sizeof *u->lonlat));
    MU_TRY(mu_alloc(&u->snap, rows, sizeof *u->snap));
    MU_TRY(mu_alloc(&u->time_ms, rows, sizeof *u->time_ms));
    for (uint32_t z = 0; z < j->problem->zone_count; ++z) {
        MU_TRY(judge_zone(j, &j->problem->zone[z], u));
    }
    return MUSTER_OK;
}

muster_status mu_judge_cover(mu_judge *j) {
    patrol u = {0};
    if (j->problem->zone_count == 0) return MUSTER_OK;
    const muster_status status = judge_zones(j, &u);
    mu_free(u.index);
    mu_free(u.lonlat);
    mu_free(u.snap);
    mu_free(u.time_ms);
    return status;
}
