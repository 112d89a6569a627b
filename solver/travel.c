/* Many units stand at the same place: pumps in a depot, teams at a station. So units are
 * sorted by metric and place, each different place becomes one row of one table, and a
 * metric's rows, which lie together, are filled by a single call to muster_matrix. */
#include "solver/travel.h"

#include <muster/matrix.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "solver/authority.h"
#include "solver/places.h"
#include "solver/weights.h"

const muster_unit *mu_unit(const muster_problem *p, muster_resource resource, uint32_t index) {
    switch (resource) {
    case MUSTER_PEOPLE:
        return &p->team[index].unit;
    case MUSTER_VEHICLE:
        return &p->vehicle[index].unit;
    case MUSTER_MACHINE:
        return &p->machine[index].unit;
    default:
        return &p->stock[index].unit;
    }
}

uint32_t mu_unit_count(const muster_problem *p, muster_resource resource) {
    const uint32_t count[] = {p->team_count, p->vehicle_count, p->machine_count, p->stock_count};
    return count[resource];
}

/* ---- rows ---------------------------------------------------------------------------- */

typedef struct place {
    muster_site site;
    uint32_t    metric, resource, index;
} place;

static int by_place(const void *a, const void *b) {
    const place *p = a, *q = b;
    if (p->metric != q->metric) return p->metric < q->metric ? -1 : 1;
    if (p->site.lon_deg != q->site.lon_deg) return p->site.lon_deg < q->site.lon_deg ? -1 : 1;
    if (p->site.lat_deg != q->site.lat_deg) return p->site.lat_deg < q->site.lat_deg ? -1 : 1;
    return 0;
}

static uint32_t list_places(const muster_problem *p, place *places) {
    uint32_t count = 0;
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        for (uint32_t i = 0; i < mu_unit_count(p, (muster_resource)r); ++i) {
            const muster_unit *unit = mu_unit(p, (muster_resource)r, i);
            places[count++]         = (place){unit->site, unit->metric, r, i};
        }
    }
    return count;
}

static void number_rows(mu_travel *t, const place *places, uint32_t count) {
    for (uint32_t i = 0; i < count; ++i) {
        if (i == 0 || by_place(&places[i - 1], &places[i]) != 0) {
            t->row_metric[t->row_count] = places[i].metric;
            t->row_site[t->row_count++] = places[i].site;
        }
        t->row[places[i].resource][places[i].index] = t->row_count - 1;
    }
}

static muster_status make_rows(mu_travel *t) {
    const muster_problem *p     = t->problem;
    size_t                units = 0;
    place                *places;
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        const uint32_t count = mu_unit_count(p, (muster_resource)r);
        MU_TRY(mu_alloc(&t->row[r], count, sizeof *t->row[r]));
        units += count;
    }
    if (units >= MUSTER_NONE) {
        return muster_fail(MUSTER_E_INVALID, "%zu resources; expected fewer than %u", units,
                           MUSTER_NONE);
    }
    MU_TRY(mu_alloc(&t->row_metric, units, sizeof *t->row_metric));
    MU_TRY(mu_alloc(&t->row_site, units, sizeof *t->row_site));
    MU_TRY(mu_alloc(&places, units, sizeof *places));
    const uint32_t count = list_places(p, places);
    qsort(places, count, sizeof *places, by_place);
    number_rows(t, places, count);
    mu_free(places);
    return MUSTER_OK;
}

/* ---- the table ----------------------------------------------------------------------- */

/* Where the columns are, and room to snap them and the rows of one metric. */
typedef struct desk {
    muster_site *site; /* [column_count] */
    muster_snap *from, *to;
    bool        *has_road; /* [column_count] scratch */
} desk;

/* As fill_rows, by what has been kept. */
static muster_status remember_rows(mu_travel *t, mu_travel_memory *memory, uint32_t m,
                                   uint32_t first, uint32_t count, uint32_t threads,
                                   const desk *d) {
    const size_t cell = (size_t)first * t->column_count;
    MU_TRY(mu_travel_memory_table(memory, MU_TABLE_TO_INCIDENTS, t->problem->metric[m], count,
                                  t->row_site + first, t->column_count, d->site, threads,
                                  t->duration_ms + cell, t->distance_m + cell, d->has_road));
    for (uint32_t i = 0; i < t->problem->incident_count; ++i) {
        t->incident_has_road[i] |= d->has_road[i];
    }
    return MUSTER_OK;
}

/* The rows first .. first + count - 1, which travel by metric m. */
static muster_status fill_rows(mu_travel *t, uint32_t m, uint32_t first, uint32_t count,
                               uint32_t threads, const desk *d) {
    const muster_problem *p      = t->problem;
    const muster_metric  *metric = p->metric[m];
    const size_t          cell   = (size_t)first * t->column_count;
    MU_TRY(mu_places_snap(metric, t->column_count, d->site, threads, d->to));
    for (uint32_t i = 0; i < p->incident_count; ++i) {
        if (d->to[i].edge != MUSTER_NONE) t->incident_has_road[i] = true;
    }
    if (count == 0) return MUSTER_OK;
    MU_TRY(mu_places_snap(metric, count, &t->row_site[first], threads, d->from));
    return muster_matrix(metric, count, d->from, t->column_count, d->to, threads,
                         t->duration_ms + cell, t->distance_m + cell);
}

static muster_status fill(mu_travel *t, uint32_t threads, mu_travel_memory *memory, const desk *d) {
    uint32_t first = 0;
    for (uint32_t m = 0; m < t->problem->metric_count; ++m) {
        uint32_t end = first;
        while (end < t->row_count && t->row_metric[end] == m) ++end;
        MU_TRY(memory ? remember_rows(t, memory, m, first, end - first, threads, d)
                      : fill_rows(t, m, first, end - first, threads, d));
        first = end;
    }
    return MUSTER_OK;
}

static muster_status sit_down(desk *d, const mu_travel *t) {
    const muster_problem *p = t->problem;
    MU_TRY(mu_alloc(&d->site, t->column_count, sizeof *d->site));
    MU_TRY(mu_alloc(&d->from, t->row_count, sizeof *d->from));
    MU_TRY(mu_alloc(&d->to, t->column_count, sizeof *d->to));
    MU_TRY(mu_alloc(&d->has_road, t->column_count, sizeof *d->has_road));
    for (uint32_t i = 0; i < p->incident_count; ++i) d->site[i] = p->incident[i].site;
    for (uint32_t z = 0; z < p->zone_count; ++z) {
        d->site[p->incident_count + z] = p->zone[z].site;
    }
    return MUSTER_OK;
}

static muster_status make_table(mu_travel *t, uint32_t threads, mu_travel_memory *memory) {
    const size_t cells = (size_t)t->row_count * t->column_count;
    desk         d     = {0};
    MU_TRY(mu_alloc_zeroed(&t->incident_has_road, t->problem->incident_count,
                           sizeof *t->incident_has_road));
    MU_TRY(mu_alloc(&t->duration_ms, cells, sizeof *t->duration_ms));
    MU_TRY(mu_alloc(&t->distance_m, cells, sizeof *t->distance_m));
    if (t->column_count == 0) return MUSTER_OK;
    muster_status status = sit_down(&d, t);
    if (status == MUSTER_OK) status = fill(t, threads, memory, &d);
    mu_free(d.has_road);
    mu_free(d.site);
    mu_free(d.from);
    mu_free(d.to);
    return status;
}

muster_status mu_travel_init(mu_travel *travel, const muster_problem *problem,
                             uint32_t thread_count) {
    return mu_travel_init_from(travel, problem, thread_count, NULL);
}

muster_status mu_travel_init_from(mu_travel *travel, const muster_problem *problem,
                                  uint32_t thread_count, mu_travel_memory *memory) {
    const uint64_t columns = (uint64_t)problem->incident_count + problem->zone_count;
    *travel                = (mu_travel){.problem = problem, .column_count = (uint32_t)columns};
    muster_status status   = MUSTER_OK;
    if (columns >= MUSTER_NONE) {
        status = muster_fail(MUSTER_E_INVALID, "%llu incidents and zones; expected fewer than %u",
                             (unsigned long long)columns, MUSTER_NONE);
    }
    if (status == MUSTER_OK) status = make_rows(travel);
    if (status == MUSTER_OK) status = make_table(travel, thread_count, memory);
    if (status != MUSTER_OK) mu_travel_fini(travel);
    return status;
}

void mu_travel_fini(mu_travel *travel) {
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) mu_free(travel->row[r]);
    mu_free(travel->row_metric);
    mu_free(travel->row_site);
    mu_free(travel->duration_ms);
    mu_free(travel->distance_m);
    mu_free(travel->incident_has_road);
    *travel = (mu_travel){0};
}

static size_t cell_of(const mu_travel *t, muster_resource resource, uint32_t index,
                      uint32_t column) {
    return (size_t)t->row[resource][index] * t->column_count + column;
}

uint32_t mu_unit_escalation(const muster_problem *p, muster_resource resource, uint32_t index,
                            uint32_t incident) {
    return mu_escalation(p, p->incident[incident].authority,
                         mu_unit(p, resource, index)->authority);
}

static uint32_t saturate(uint64_t ms) {
    return ms < MUSTER_UNREACHABLE_MS ? (uint32_t)ms : MUSTER_UNREACHABLE_MS;
}

uint32_t mu_depart_ms(const muster_problem *p, muster_resource resource, uint32_t index,
                      uint32_t incident) {
    const muster_unit *unit  = mu_unit(p, resource, index);
    const uint32_t     level = mu_unit_escalation(p, resource, index, incident);
    const uint64_t     ready_ms =
        (uint64_t)unit->turnout_ms + mu_weights(p)->escalation_delay_ms[level];
    return saturate(ready_ms > unit->available_ms ? ready_ms : unit->available_ms);
}

uint32_t mu_travel_eta_ms(const mu_travel *t, muster_resource resource, uint32_t index,
                          uint32_t incident) {
    const uint32_t travel_ms = t->duration_ms[cell_of(t, resource, index, incident)];
    if (travel_ms == MUSTER_UNREACHABLE_MS) return MUSTER_UNREACHABLE_MS;
    return saturate((uint64_t)mu_depart_ms(t->problem, resource, index, incident) + travel_ms);
}

uint32_t mu_travel_cover_ms(const mu_travel *t, muster_resource resource, uint32_t index,
                            uint32_t zone) {
    const muster_unit *unit = mu_unit(t->problem, resource, index);
    const uint32_t     ready_ms =
        unit->turnout_ms > unit->available_ms ? unit->turnout_ms : unit->available_ms;
    const uint32_t travel_ms =
        t->duration_ms[cell_of(t, resource, index, t->problem->incident_count + zone)];
    if (travel_ms == MUSTER_UNREACHABLE_MS) return MUSTER_UNREACHABLE_MS;
    return saturate((uint64_t)ready_ms + travel_ms);
}

double mu_travel_distance_m(const mu_travel *t, muster_resource resource, uint32_t index,
                            uint32_t incident) {
    return t->distance_m[cell_of(t, resource, index, incident)];
}
