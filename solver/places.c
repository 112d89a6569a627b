/* Teams, vehicles and stocks stand at the same places, and each place is asked for by several metrics:
 * the roads around it are gone through once for all of them (core/snap.h). Places are independent of
 * each other, and the only thing that can fail is memory: each thread takes a batch at a time. */
#include "solver/places.h"

#include <stdatomic.h>
#include <string.h>

#include "core/alloc.h"
#include "core/metric_id.h"
#include "core/snap.h"
#include "core/threads.h"
#include "solver/site_index.h"
#include "solver/travel.h"

enum { PLACES_AT_ONCE = 16 };

/* ---- numbers ----------------------------------------------------------------------------- */

static uint32_t number_of(mu_places *p, const mu_site_index *index, muster_site site) {
    uint32_t *at = mu_site_index_at(index, p->site, site);
    if (*at == MUSTER_NONE) {
        *at                 = p->count;
        p->site[p->count++] = site;
    }
    return *at;
}

static void number_all(mu_places *p, const mu_site_index *index) {
    const muster_problem *problem = p->problem;
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        for (uint32_t i = 0; i < muster_problem_unit_count(problem, (muster_resource)r); ++i) {
            p->of_unit[r][i] =
                number_of(p, index, muster_problem_unit(problem, (muster_resource)r, i)->site);
        }
    }
    for (uint32_t i = 0; i < problem->incident_count; ++i) {
        p->of_column[i] = number_of(p, index, problem->incident[i].site);
    }
    for (uint32_t z = 0; z < problem->zone_count; ++z) {
        p->of_column[problem->incident_count + z] = number_of(p, index, problem->zone[z].site);
    }
}

/* Fewer than MUSTER_NONE of all: see mu_travel_init. */
static muster_status number_places(mu_places *p) {
    const muster_problem *problem = p->problem;
    const size_t          columns = (size_t)problem->incident_count + problem->zone_count;
    size_t                all     = columns;
    mu_site_index         index;
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        const uint32_t units = muster_problem_unit_count(problem, (muster_resource)r);
        MU_TRY(mu_alloc(&p->of_unit[r], units, sizeof *p->of_unit[r]));
        all += units;
    }
    MU_TRY(mu_alloc(&p->of_column, columns, sizeof *p->of_column));
    MU_TRY(mu_alloc(&p->site, all, sizeof *p->site));
    MU_TRY(mu_site_index_init(&index, (uint32_t)all));
    number_all(p, &index);
    mu_site_index_fini(&index);
    return MUSTER_OK;
}

/* ---- who asks for what ------------------------------------------------------------------- */

/* A row of metrics for each place: is it to be snapped? */
typedef struct wishes {
    bool    *is_wanted; /* [place * metric_count + metric] */
    uint32_t metric_count;
} wishes;

static void want(const wishes *w, uint32_t place, uint32_t metric) {
    w->is_wanted[(size_t)place * w->metric_count + metric] = true;
}

static void want_units(const mu_places *p, const wishes *w) {
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        for (uint32_t i = 0; i < muster_problem_unit_count(p->problem, (muster_resource)r); ++i) {
            want(w, p->of_unit[r][i],
                 muster_problem_unit(p->problem, (muster_resource)r, i)->metric);
        }
    }
}

static void want_columns(const mu_places *p, const wishes *w) {
    const uint32_t columns = p->problem->incident_count + p->problem->zone_count;
    for (uint32_t c = 0; c < columns; ++c) {
        for (uint32_t m = 0; m < w->metric_count; ++m) want(w, p->of_column[c], m);
    }
}

static bool carries(const muster_vehicle *vehicle) {
    return vehicle->payload_kg > 0 && vehicle->volume_m3 > 0;
}

static void want_stocks(const mu_places *p, const wishes *w, const bool *is_needed,
                        bool *has_carrier) {
    const muster_problem *problem = p->problem;
    for (uint32_t v = 0; v < problem->vehicle_count; ++v) {
        if (carries(&problem->vehicle[v])) has_carrier[problem->vehicle[v].unit.metric] = true;
    }
    for (uint32_t s = 0; s < problem->stock_count; ++s) {
        if (!is_needed[problem->stock[s].kind]) continue;
        for (uint32_t m = 0; m < w->metric_count; ++m) {
            if (has_carrier[m]) want(w, p->of_unit[MUSTER_ITEM][s], m);
        }
    }
}

static muster_status want_shipped(const mu_places *p, const wishes *w) {
    const muster_problem *problem = p->problem;
    bool                 *is_needed, *has_carrier;
    if (problem->item_transport != MUSTER_ITEMS_BY_VEHICLE) return MUSTER_OK;
    MU_TRY(mu_alloc_zeroed(&is_needed, problem->kind_count, sizeof *is_needed));
    muster_status status =
        mu_alloc_zeroed(&has_carrier, problem->metric_count, sizeof *has_carrier);
    if (status == MUSTER_OK) {
        for (uint32_t n = 0; n < problem->need_count; ++n) is_needed[problem->need[n].kind] = true;
        want_stocks(p, w, is_needed, has_carrier);
    }
    mu_free(is_needed);
    mu_free(has_carrier);
    return status;
}

/* Where what is locked is, and where it is locked to. */
static void want_locks(const mu_places *p, const wishes *w) {
    const muster_problem *problem = p->problem;
    for (uint32_t r = 0; r < problem->rule_count; ++r) {
        const muster_rule *rule = &problem->rule[r];
        if (rule->type != MUSTER_LOCK) continue;
        const muster_resource resource = (muster_resource)rule->resource;
        const uint32_t        metric = muster_problem_unit(problem, resource, rule->index)->metric;
        want(w, p->of_unit[resource][rule->index], metric);
        want(w, p->of_column[rule->incident], metric);
    }
}

static muster_status list_wishes(mu_places *p, const wishes *w) {
    size_t count = 0;
    for (size_t i = 0; i < (size_t)p->count * w->metric_count; ++i) count += w->is_wanted[i];
    MU_TRY(mu_alloc(&p->first, (size_t)p->count + 1, sizeof *p->first));
    MU_TRY(mu_alloc(&p->metric, count, sizeof *p->metric));
    MU_TRY(mu_alloc(&p->snap, count, sizeof *p->snap));
    count = 0;
    for (uint32_t i = 0; i < p->count; ++i) {
        p->first[i] = count;
        for (uint32_t m = 0; m < w->metric_count; ++m) {
            if (w->is_wanted[(size_t)i * w->metric_count + m]) p->metric[count++] = m;
        }
    }
    p->first[p->count] = count;
    return MUSTER_OK;
}

static muster_status want_all(const mu_places *p, const wishes *w) {
    want_units(p, w);
    want_columns(p, w);
    return want_shipped(p, w);
}

static muster_status find_wishes(mu_places *p, bool locks_alone) {
    wishes        w      = {.metric_count = p->problem->metric_count};
    muster_status status = MUSTER_OK;
    MU_TRY(mu_alloc_zeroed(&w.is_wanted, (size_t)p->count * w.metric_count, sizeof *w.is_wanted));
    if (locks_alone) {
        want_locks(p, &w);
    } else {
        status = want_all(p, &w);
    }
    if (status == MUSTER_OK) status = list_wishes(p, &w);
    mu_free(w.is_wanted);
    return status;
}

/* ---- what is known ------------------------------------------------------------------------- */

/* The snaps of a place that is known. */
static void recall_place(mu_places *p, uint32_t place, const mu_known_places *known, uint32_t at,
                         bool *is_known) {
    for (size_t i = p->first[place]; i < p->first[place + 1]; ++i) {
        const uint64_t id = mu_metric_id(p->problem->metric[p->metric[i]]);
        size_t         k  = known->first[at];
        while (k < known->first[at + 1] && known->metric_id[k] != id) ++k;
        if (k == known->first[at + 1]) continue;
        p->snap[i]  = known->snap[k];
        is_known[i] = true;
    }
}

static muster_status recall(mu_places *p, const mu_known_places *known, bool *is_known) {
    mu_site_index index;
    if (!known || known->count == 0) return MUSTER_OK;
    MU_TRY(mu_site_index_init(&index, known->count));
    for (uint32_t k = 0; k < known->count; ++k) {
        *mu_site_index_at(&index, known->site, known->site[k]) = k;
    }
    for (uint32_t i = 0; i < p->count; ++i) {
        const uint32_t at = *mu_site_index_at(&index, known->site, p->site[i]);
        if (at != MUSTER_NONE) recall_place(p, i, known, at, is_known);
    }
    mu_site_index_fini(&index);
    return MUSTER_OK;
}

static muster_status remember(const mu_places *p, mu_known_places *known) {
    const size_t    count  = p->first[p->count];
    mu_known_places k      = {.count = p->count};
    muster_status   status = mu_alloc_copy(&k.site, p->site, p->count, sizeof *k.site);
    if (status == MUSTER_OK) {
        status = mu_alloc_copy(&k.first, p->first, (size_t)p->count + 1, sizeof *k.first);
    }
    if (status == MUSTER_OK) status = mu_alloc_copy(&k.snap, p->snap, count, sizeof *k.snap);
    if (status == MUSTER_OK) status = mu_alloc(&k.metric_id, count, sizeof *k.metric_id);
    if (status != MUSTER_OK) {
        mu_known_places_fini(&k);
        return status;
    }
    for (size_t i = 0; i < count; ++i) {
        k.metric_id[i] = mu_metric_id(p->problem->metric[p->metric[i]]);
    }
    mu_known_places_fini(known);
    *known = k;
    return MUSTER_OK;
}

void mu_known_places_fini(mu_known_places *known) {
    mu_free(known->site);
    mu_free(known->first);
    mu_free(known->metric_id);
    mu_free(known->snap);
    *known = (mu_known_places){0};
}

/* ---- snapping -------------------------------------------------------------------------------- */

typedef struct snapping {
    mu_places            *places;
    const bool           *is_known; /* as places->snap */
    const muster_metric **metric;   /* [threads][metric_count] scratch */
    muster_snap          *snap;     /* the same */
    atomic_int            status;   /* of a batch that failed */
} snapping;

static muster_status snap_place(const snapping *s, uint32_t place, uint32_t worker) {
    mu_places            *p      = s->places;
    const size_t          row    = (size_t)worker * p->problem->metric_count;
    const muster_metric **metric = &s->metric[row];
    uint32_t              count  = 0;
    for (size_t i = p->first[place]; i < p->first[place + 1]; ++i) {
        if (!s->is_known[i]) metric[count++] = p->problem->metric[p->metric[i]];
    }
    if (count == 0) return MUSTER_OK;
    MU_TRY(mu_snap_for_each(count, metric, p->site[place].lon_deg, p->site[place].lat_deg,
                            &s->snap[row]));
    count = 0;
    for (size_t i = p->first[place]; i < p->first[place + 1]; ++i) {
        if (!s->is_known[i]) p->snap[i] = s->snap[row + count++];
    }
    return MUSTER_OK;
}

static void snap_batch(void *user, uint32_t job, uint32_t worker) {
    snapping      *s     = user;
    const uint32_t first = job * PLACES_AT_ONCE, rest = s->places->count - first;
    const uint32_t end = first + (rest < PLACES_AT_ONCE ? rest : PLACES_AT_ONCE);
    for (uint32_t i = first; i < end; ++i) {
        const muster_status status = snap_place(s, i, worker);
        if (status != MUSTER_OK) atomic_store(&s->status, status);
    }
}

/* A message belongs to the thread that it arose on, hence a new one for the caller's. */
static muster_status snap_with(snapping *s, uint32_t threads) {
    const uint32_t count = s->places->count;
    mu_share_jobs(count / PLACES_AT_ONCE + (count % PLACES_AT_ONCE > 0), threads, snap_batch, s);
    const muster_status status = (muster_status)atomic_load(&s->status);
    if (status == MUSTER_OK) return MUSTER_OK;
    return muster_fail(status, "out of memory for the snaps of %u places", count);
}

/* Waking threads takes longer than one needs for so few. */
static uint32_t threads_for(const mu_places *p, const bool *is_known, uint32_t threads) {
    enum { FEW = 64 };
    size_t fresh = 0;
    for (size_t i = 0; i < p->first[p->count]; ++i) fresh += !is_known[i];
    return mu_thread_count(threads,
                           fresh / FEW < UINT32_MAX ? (uint32_t)(fresh / FEW) : UINT32_MAX);
}

static muster_status snap_fresh(mu_places *p, const bool *is_known, uint32_t thread_count) {
    const uint32_t threads = threads_for(p, is_known, thread_count);
    const size_t   most    = (size_t)threads * p->problem->metric_count;
    snapping       s       = {.places = p, .is_known = is_known};
    muster_status  status  = mu_alloc(&s.metric, most, sizeof(void *));
    if (status == MUSTER_OK) status = mu_alloc(&s.snap, most, sizeof *s.snap);
    if (status == MUSTER_OK) status = snap_with(&s, threads);
    mu_free(s.metric);
    mu_free(s.snap);
    return status;
}

/* ---- all of it ------------------------------------------------------------------------------- */

static muster_status fill(mu_places *p, bool locks_alone, uint32_t thread_count,
                          mu_known_places *known) {
    bool *is_known;
    MU_TRY(number_places(p));
    MU_TRY(find_wishes(p, locks_alone));
    MU_TRY(mu_alloc_zeroed(&is_known, p->first[p->count], sizeof *is_known));
    muster_status status = recall(p, known, is_known);
    if (status == MUSTER_OK) status = snap_fresh(p, is_known, thread_count);
    mu_free(is_known);
    if (status == MUSTER_OK && known) status = remember(p, known);
    return status;
}

muster_status mu_places_init(mu_places *p, const muster_problem *problem, uint32_t thread_count,
                             mu_known_places *known) {
    *p                         = (mu_places){.problem = problem};
    const muster_status status = fill(p, false, thread_count, known);
    if (status != MUSTER_OK) mu_places_fini(p);
    return status;
}

muster_status mu_places_init_locks(mu_places *p, const muster_problem *problem) {
    *p                         = (mu_places){.problem = problem};
    const muster_status status = fill(p, true, 1, NULL);
    if (status != MUSTER_OK) mu_places_fini(p);
    return status;
}

void mu_places_fini(mu_places *p) {
    mu_free(p->site);
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) mu_free(p->of_unit[r]);
    mu_free(p->of_column);
    mu_free(p->first);
    mu_free(p->metric);
    mu_free(p->snap);
    *p = (mu_places){0};
}

const muster_snap *mu_places_snap(const mu_places *p, uint32_t place, uint32_t metric) {
    size_t i = p->first[place];
    while (p->metric[i] != metric) ++i;
    return &p->snap[i];
}
