/* Metric by metric: who is free, how long each would take to each zone, how many are in time. */
#include <muster/matrix.h>
#include <muster/snap.h>

#include "core/alloc.h"
#include "solver/judge.h"

/* The free units that travel by one metric and suit some zone, and their travel times to all. */
typedef struct patrol {
    uint32_t     count;
    uint8_t     *resource;  /* [units] */
    uint32_t    *index;     /* [units] */
    double      *lon, *lat; /* [units or zones] */
    muster_snap *from, *to; /* [units], [zones] */
    uint32_t    *time_ms;   /* [units * zones] */
    int64_t     *in_time;   /* [zones] */
} patrol;

static int64_t free_of(const mu_judge *j, unsigned resource, uint32_t index) {
    return mu_judge_amount(j->problem, resource, index) - j->used[resource][index];
}

static bool suits_a_zone(const muster_problem *p, unsigned resource, uint32_t index) {
    for (uint32_t z = 0; z < p->zone_count; ++z) {
        if (mu_judge_suits(p, resource, index, p->zone[z].kind)) return true;
    }
    return false;
}

static void call_out(patrol *u, const mu_judge *j, uint32_t metric) {
    const muster_problem *p = j->problem;
    u->count                = 0;
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        for (uint32_t i = 0; i < mu_judge_rows(p, r); ++i) {
            const muster_unit *unit = mu_judge_unit(p, r, i);
            if (unit->metric != metric || free_of(j, r, i) == 0 || !suits_a_zone(p, r, i)) continue;
            u->lon[u->count]      = unit->site.lon_deg;
            u->lat[u->count]      = unit->site.lat_deg;
            u->resource[u->count] = (uint8_t)r;
            u->index[u->count++]  = i;
        }
    }
}

static muster_status measure(patrol *u, const muster_problem *p, const muster_metric *metric) {
    MU_TRY(muster_snap_sites(metric, u->count, u->lon, u->lat, NULL, u->from));
    for (uint32_t z = 0; z < p->zone_count; ++z) {
        u->lon[z] = p->zone[z].site.lon_deg;
        u->lat[z] = p->zone[z].site.lat_deg;
    }
    MU_TRY(muster_snap_sites(metric, p->zone_count, u->lon, u->lat, NULL, u->to));
    return muster_matrix(metric, u->count, u->from, p->zone_count, u->to, 1, u->time_ms, NULL);
}

static bool is_in_time(const muster_unit *unit, const muster_zone *zone, uint32_t travel_ms) {
    uint64_t time_ms = unit->turnout_ms;
    if (time_ms < unit->available_ms) time_ms = unit->available_ms;
    time_ms += travel_ms;
    if (travel_ms == MUSTER_UNREACHABLE_MS || time_ms >= MUSTER_UNREACHABLE_MS) return false;
    if (unit->shift_end_ms != 0 && time_ms > unit->shift_end_ms) return false;
    return time_ms <= zone->radius_ms;
}

static void count_in_time(patrol *u, const mu_judge *j) {
    const muster_problem *p = j->problem;
    for (uint32_t k = 0; k < u->count; ++k) {
        const muster_unit *unit = mu_judge_unit(p, u->resource[k], u->index[k]);
        for (uint32_t z = 0; z < p->zone_count; ++z) {
            const uint32_t travel_ms = u->time_ms[(size_t)k * p->zone_count + z];
            if (!mu_judge_suits(p, u->resource[k], u->index[k], p->zone[z].kind)) continue;
            if (!is_in_time(unit, &p->zone[z], travel_ms)) continue;
            u->in_time[z] += free_of(j, u->resource[k], u->index[k]);
        }
    }
}

static muster_status gather(patrol *u, const muster_problem *p) {
    size_t units = 0;
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) units += mu_judge_rows(p, r);
    const size_t places = units > p->zone_count ? units : p->zone_count;
    MU_TRY(mu_alloc(&u->resource, units, sizeof *u->resource));
    MU_TRY(mu_alloc(&u->index, units, sizeof *u->index));
    MU_TRY(mu_alloc(&u->lon, places, sizeof *u->lon));
    MU_TRY(mu_alloc(&u->lat, places, sizeof *u->lat));
    MU_TRY(mu_alloc(&u->from, units, sizeof *u->from));
    MU_TRY(mu_alloc(&u->to, p->zone_count, sizeof *u->to));
    MU_TRY(mu_alloc(&u->time_ms, units * p->zone_count, sizeof *u->time_ms));
    return mu_alloc_zeroed(&u->in_time, p->zone_count, sizeof *u->in_time);
}

static muster_status judge_zones(mu_judge *j, patrol *u) {
    const muster_problem *p = j->problem;
    MU_TRY(gather(u, p));
    for (uint32_t m = 0; m < p->metric_count; ++m) {
        call_out(u, j, m);
        if (u->count == 0) continue;
        MU_TRY(measure(u, p, p->metric[m]));
        count_in_time(u, j);
    }
    for (uint32_t z = 0; z < p->zone_count; ++z) {
        const int64_t lacking = p->zone[z].required - u->in_time[z];
        if (lacking > 0) j->tier[MUSTER_TIER_RESERVE] += p->zone[z].weight * lacking;
    }
    return MUSTER_OK;
}

muster_status mu_judge_cover(mu_judge *j) {
    patrol u = {0};
    if (j->problem->zone_count == 0) return MUSTER_OK;
    const muster_status status = judge_zones(j, &u);
    mu_free(u.resource);
    mu_free(u.index);
    mu_free(u.lon);
    mu_free(u.lat);
    mu_free(u.from);
    mu_free(u.to);
    mu_free(u.time_ms);
    mu_free(u.in_time);
    return status;
}
