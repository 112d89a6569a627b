/* Nothing is decided by distances, so they are found in the end, for the ways of the plan alone. From
 * plan to plan most of these are the same: they are kept in order and looked up. */
#include "solver/plan_distances.h"

#include <stdlib.h>
#include <time.h>

#include "core/alloc.h"
#include "core/metric_id.h"
#include "core/pairs.h"

/* ---- ways ---------------------------------------------------------------------------------- */

/* From place to place by a metric of the problem, and what is to receive its length. */
typedef struct way {
    uint32_t from, to, metric;
    double  *distance_m;
} way;

/* A way of a shipment adds to the other. */
static uint32_t list_ways(muster_plan *plan, const mu_travel *t, way *out) {
    const muster_problem *p      = t->problem;
    const mu_places      *places = &t->places;
    uint32_t              count  = 0;
    for (uint32_t i = 0; i < plan->assignment_count; ++i) {
        muster_assignment *a = &plan->assignment[i];
        if (a->shipment != MUSTER_NONE) continue;
        out[count++] = (way){
            places->of_unit[a->resource][a->index], places->of_column[p->need[a->need].incident],
            muster_problem_unit(p, (muster_resource)a->resource, a->index)->metric, &a->distance_m};
    }
    for (uint32_t i = 0; i < plan->shipment_count; ++i) {
        muster_shipment *s         = &plan->shipment[i];
        const uint32_t   warehouse = places->of_unit[MUSTER_ITEM][s->stock];
        const uint32_t   metric    = p->vehicle[s->vehicle].unit.metric;
        out[count++] =
            (way){places->of_unit[MUSTER_VEHICLE][s->vehicle], warehouse, metric, &s->distance_m};
        out[count++] = (way){warehouse, places->of_column[s->incident], metric, &s->distance_m};
    }
    return count;
}

/* ---- what is known --------------------------------------------------------------------------- */

static int compare_sites(muster_site a, muster_site b) {
    if (a.lon_deg != b.lon_deg) return a.lon_deg < b.lon_deg ? -1 : 1;
    if (a.lat_deg != b.lat_deg) return a.lat_deg < b.lat_deg ? -1 : 1;
    return 0;
}

static int in_order(const void *a, const void *b) {
    const mu_known_way *x = a, *y = b;
    if (x->metric_id != y->metric_id) return x->metric_id < y->metric_id ? -1 : 1;
    const int by_start = compare_sites(x->from, y->from);
    return by_start != 0 ? by_start : compare_sites(x->to, y->to);
}

static mu_known_way describe(const mu_travel *t, const way *w) {
    return (mu_known_way){.metric_id = mu_metric_id(t->problem->metric[w->metric]),
                          .from      = t->places.site[w->from],
                          .to        = t->places.site[w->to]};
}

/* The length of a way; negative: it is not known. */
static double recall(const mu_travel_memory *memory, const mu_travel *t, const way *w) {
    if (!memory || memory->way_count == 0) return -1;
    const mu_known_way  key = describe(t, w);
    const mu_known_way *known =
        bsearch(&key, memory->way, memory->way_count, sizeof *memory->way, in_order);
    return known ? known->distance_m : -1;
}

static muster_status remember(mu_travel_memory *memory, const mu_travel *t, uint32_t count,
                              const way *w, const double *distance_m) {
    mu_known_way *known;
    MU_TRY(mu_alloc(&known, count, sizeof *known));
    for (uint32_t i = 0; i < count; ++i) {
        known[i]            = describe(t, &w[i]);
        known[i].distance_m = distance_m[i];
    }
    if (count > 0) qsort(known, count, sizeof *known, in_order);
    mu_free(memory->way);
    memory->way       = known;
    memory->way_count = count;
    return MUSTER_OK;
}

/* ---- what is not ------------------------------------------------------------------------------ */

static muster_status measure_some(uint32_t count, const mu_pair *pair, uint32_t thread_count,
                                  double *out_m) {
    uint32_t *ms;
    MU_TRY(mu_alloc(&ms, count, sizeof *ms));
    const muster_status status = mu_pairs_measure(count, pair, thread_count, ms, out_m);
    mu_free(ms);
    return status;
}

/* Those that are not known, `pair` being room for all: negative in `distance_m` until then. */
static muster_status measure_unknown(const mu_travel *t, uint32_t count, const way *w,
                                     uint32_t thread_count, mu_pair *pair, double *distance_m) {
    uint32_t unknown = 0;
    double  *found;
    for (uint32_t i = 0; i < count; ++i) {
        if (distance_m[i] >= 0) continue;
        pair[unknown++] = (mu_pair){t->problem->metric[w[i].metric],
                                    *mu_places_snap(&t->places, w[i].from, w[i].metric),
                                    *mu_places_snap(&t->places, w[i].to, w[i].metric)};
    }
    MU_TRY(mu_alloc(&found, unknown, sizeof *found));
    const muster_status status = measure_some(unknown, pair, thread_count, found);
    for (uint32_t i = 0, k = 0; status == MUSTER_OK && i < count; ++i) {
        if (distance_m[i] < 0) distance_m[i] = found[k++];
    }
    mu_free(found);
    return status;
}

/* ---- all of it -------------------------------------------------------------------------------- */

static muster_status measure(const mu_travel *t, uint32_t count, const way *w,
                             uint32_t thread_count, mu_travel_memory *memory) {
    double       *distance_m = NULL;
    mu_pair      *pair       = NULL;
    muster_status status     = mu_alloc(&distance_m, count, sizeof *distance_m);
    if (status == MUSTER_OK) status = mu_alloc(&pair, count, sizeof *pair);
    if (status == MUSTER_OK) {
        for (uint32_t i = 0; i < count; ++i) distance_m[i] = recall(memory, t, &w[i]);
        status = measure_unknown(t, count, w, thread_count, pair, distance_m);
    }
    for (uint32_t i = 0; status == MUSTER_OK && i < count; ++i) *w[i].distance_m += distance_m[i];
    if (status == MUSTER_OK && memory) status = remember(memory, t, count, w, distance_m);
    mu_free(distance_m);
    mu_free(pair);
    return status;
}

static int64_t now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

muster_status mu_plan_measure(muster_plan *plan, const mu_travel *travel, uint32_t thread_count,
                              mu_travel_memory *memory) {
    const int64_t start_us = now_us();
    way          *ways;
    MU_TRY(mu_alloc(&ways, (size_t)plan->assignment_count + 2 * (size_t)plan->shipment_count,
                    sizeof *ways));
    const uint32_t      count  = list_ways(plan, travel, ways);
    const muster_status status = measure(travel, count, ways, thread_count, memory);
    mu_free(ways);
    if (memory) memory->spent_us += (uint64_t)(now_us() - start_us);
    for (uint32_t i = 0; i < plan->assignment_count; ++i) {
        muster_assignment *a = &plan->assignment[i];
        if (a->shipment != MUSTER_NONE) a->distance_m = plan->shipment[a->shipment].distance_m;
    }
    return status;
}
