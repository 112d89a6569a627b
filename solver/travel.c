/* Many units stand at the same place: pumps in a depot, teams at a station. So units are
 * sorted by metric and place, each different place becomes one row of one table, and a
 * metric's rows, which lie together, are filled by a single call to muster_matrix. */
#include "solver/travel.h"

#include <muster/matrix.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"

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

static muster_status snap(const muster_metric *metric, uint32_t count, const muster_site *site,
                          size_t stride, muster_snap *out) {
    double *lon;
    MU_TRY(mu_alloc(&lon, 2 * (size_t)count, sizeof *lon));
    double *lat = lon + count;
    for (uint32_t i = 0; i < count; ++i) {
        muster_site s;
        memcpy(&s, (const char *)site + i * stride, sizeof s);
        lon[i] = s.lon_deg;
        lat[i] = s.lat_deg;
    }
    const muster_status status = muster_snap_sites(metric, count, lon, lat, NULL, out);
    mu_free(lon);
    return status;
}

/* The rows first .. first + count - 1, which travel by metric m; `from` and `to` have room. */
static muster_status fill_rows(mu_travel *t, uint32_t m, uint32_t first, uint32_t count,
                               uint32_t threads, muster_snap *from, muster_snap *to) {
    const muster_problem *p      = t->problem;
    const muster_metric  *metric = p->metric[m];
    const size_t          cell   = (size_t)first * p->incident_count;
    MU_TRY(snap(metric, p->incident_count, &p->incident[0].site, sizeof *p->incident, to));
    for (uint32_t i = 0; i < p->incident_count; ++i) {
        if (to[i].edge != MUSTER_NONE) t->incident_has_road[i] = true;
    }
    if (count == 0) return MUSTER_OK;
    MU_TRY(snap(metric, count, &t->row_site[first], sizeof *t->row_site, from));
    return muster_matrix(metric, count, from, p->incident_count, to, threads, t->duration_ms + cell,
                         t->distance_m + cell);
}

static muster_status fill(mu_travel *t, uint32_t threads, muster_snap *from, muster_snap *to) {
    uint32_t first = 0;
    for (uint32_t m = 0; m < t->problem->metric_count; ++m) {
        uint32_t end = first;
        while (end < t->row_count && t->row_metric[end] == m) ++end;
        MU_TRY(fill_rows(t, m, first, end - first, threads, from, to));
        first = end;
    }
    return MUSTER_OK;
}

static muster_status make_table(mu_travel *t, uint32_t threads) {
    const uint32_t incidents = t->problem->incident_count;
    const size_t   cells     = (size_t)t->row_count * incidents;
    muster_snap   *snaps;
    MU_TRY(mu_alloc_zeroed(&t->incident_has_road, incidents, sizeof *t->incident_has_road));
    MU_TRY(mu_alloc(&t->duration_ms, cells, sizeof *t->duration_ms));
    MU_TRY(mu_alloc(&t->distance_m, cells, sizeof *t->distance_m));
    if (incidents == 0) return MUSTER_OK;
    MU_TRY(mu_alloc(&snaps, (size_t)t->row_count + incidents, sizeof *snaps));
    const muster_status status = fill(t, threads, snaps, snaps + t->row_count);
    mu_free(snaps);
    return status;
}

muster_status mu_travel_init(mu_travel *travel, const muster_problem *problem,
                             uint32_t thread_count) {
    *travel              = (mu_travel){.problem = problem};
    muster_status status = make_rows(travel);
    if (status == MUSTER_OK) status = make_table(travel, thread_count);
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
                      uint32_t incident) {
    return (size_t)t->row[resource][index] * t->problem->incident_count + incident;
}

uint32_t mu_travel_eta_ms(const mu_travel *t, muster_resource resource, uint32_t index,
                          uint32_t incident) {
    const uint32_t travel_ms = t->duration_ms[cell_of(t, resource, index, incident)];
    if (travel_ms == MUSTER_UNREACHABLE_MS) return MUSTER_UNREACHABLE_MS;
    const uint32_t eta_ms = mu_unit(t->problem, resource, index)->turnout_ms + travel_ms;
    return eta_ms < MUSTER_UNREACHABLE_MS ? eta_ms : MUSTER_UNREACHABLE_MS;
}

double mu_travel_distance_m(const mu_travel *t, muster_resource resource, uint32_t index,
                            uint32_t incident) {
    return t->distance_m[cell_of(t, resource, index, incident)];
}
