/* Metric by metric: how long everybody who is free in this plan and suits some zone would take to each, and
 * how many of them are in time. */
#include "core/alloc.h"
#include "solver/judge.h"
#include "solver/judge_tables.h"

/* The units that travel by one metric, are free and suit some zone, and their travel times to all. */
typedef struct patrol {
    uint32_t              count;
    uint8_t              *resource; /* [units] */
    uint32_t             *index;    /* [units] */
    uint32_t             *from;     /* [units] places */
    const mu_judge_table *table;
    bool                 *is_asked; /* [kinds] some zone asks for it */
    int64_t              *in_time;  /* [zones] */
} patrol;

static int64_t free_of(const mu_judge *j, unsigned resource, uint32_t index) {
    return mu_judge_amount(j->problem, resource, index) - j->used[resource][index];
}

static bool suits_a_zone(const patrol *u, const muster_problem *p, unsigned resource,
                         uint32_t index) {
    uint32_t        count, k = 0;
    const uint32_t *kind = mu_judge_kinds(p, resource, index, &count);
    while (k < count && !u->is_asked[kind[k]]) ++k;
    return k < count;
}

static void call_out(patrol *u, const mu_judge *j, uint32_t metric) {
    const muster_problem *p = j->problem;
    u->count                = 0;
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        for (uint32_t i = 0; i < mu_judge_rows(p, r); ++i) {
            if (mu_judge_unit(p, r, i)->metric != metric || free_of(j, r, i) == 0) continue;
            if (!suits_a_zone(u, p, r, i)) continue;
            u->from[u->count]     = j->roads->places.of_unit[r][i];
            u->resource[u->count] = (uint8_t)r;
            u->index[u->count++]  = i;
        }
    }
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
            if (!mu_judge_suits(p, u->resource[k], u->index[k], p->zone[z].kind)) continue;
            const uint32_t travel_ms =
                mu_judge_table_ms(u->table, u->from[k], j->roads->places.of_zone[z]);
            if (!is_in_time(unit, &p->zone[z], travel_ms)) continue;
            u->in_time[z] += free_of(j, u->resource[k], u->index[k]);
        }
    }
}

static muster_status gather(patrol *u, const muster_problem *p) {
    size_t units = 0;
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) units += mu_judge_rows(p, r);
    MU_TRY(mu_alloc(&u->resource, units, sizeof *u->resource));
    MU_TRY(mu_alloc(&u->index, units, sizeof *u->index));
    MU_TRY(mu_alloc(&u->from, units, sizeof *u->from));
    MU_TRY(mu_alloc_zeroed(&u->in_time, p->zone_count, sizeof *u->in_time));
    MU_TRY(mu_alloc_zeroed(&u->is_asked, p->kind_count, sizeof *u->is_asked));
    for (uint32_t z = 0; z < p->zone_count; ++z) u->is_asked[p->zone[z].kind] = true;
    return MUSTER_OK;
}

static muster_status judge_zones(mu_judge *j, patrol *u) {
    const muster_problem *p = j->problem;
    MU_TRY(gather(u, p));
    for (uint32_t m = 0; m < p->metric_count; ++m) {
        call_out(u, j, m);
        if (u->count == 0) continue;
        MU_TRY(mu_judge_tabulate(j->roads, MU_JUDGE_COVER, m, u->count, u->from, p->zone_count,
                                 j->roads->places.of_zone, &u->table));
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
    mu_free(u.from);
    mu_free(u.in_time);
    mu_free(u.is_asked);
    return status;
}
