/* A plan is judged by ways that the road engine is asked for again, and most of the judge's time is
 * waiting for its answers. They depend on the problem alone. So each place is put on the road once,
 * whichever hearing asks for it first, each way is asked for once, and who has a second plan of the
 * same problem to judge (solve.c) keeps the answers: then only what this plan does otherwise is asked.
 * Where a place is on the road of a metric, which never changes, and how long it takes from one to another, is
 * the same in the next problem (replan.c): there only what is new is asked, of other places, or by other metrics. Of a
 * metric that was changed into another, what the change does not reach (core/unchanged.h) is the same as well.
 *
 * What is kept are answers to the judge's own questions. Nothing here comes from the optimizer. */
#include "solver/judge_roads.h"

#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "core/metric_id.h"
#include "core/pairs.h"
#include "core/snap.h"
#include "core/threads.h"
#include "core/unchanged.h"
#include "solver/judge_tables.h"

/* ---- places -------------------------------------------------------------------------- */

static muster_status find_places(mu_judge_roads *roads) {
    MU_TRY(mu_judge_places_find(&roads->places, roads->problem));
    MU_TRY(mu_alloc(&roads->metric_id, roads->metric_count, sizeof *roads->metric_id));
    for (uint32_t m = 0; m < roads->metric_count; ++m) {
        roads->metric_id[m] = mu_metric_id(roads->problem->metric[m]);
    }
    for (unsigned u = 0; u < MU_JUDGE_TABLE_USES; ++u) {
        MU_TRY(mu_alloc_zeroed(&roads->table[u], roads->metric_count, sizeof *roads->table[u]));
    }
    const size_t cells = (size_t)roads->places.count * roads->metric_count;
    MU_TRY(mu_alloc(&roads->number, cells, sizeof *roads->number));
    for (size_t c = 0; c < cells; ++c) roads->number[c] = MUSTER_NONE;
    return MUSTER_OK;
}

void mu_judge_roads_fini(mu_judge_roads *roads) {
    for (unsigned u = 0; u < MU_JUDGE_TABLE_USES; ++u) {
        for (uint32_t m = 0; roads->table[u] && m < roads->metric_count; ++m) {
            mu_judge_table_fini(&roads->table[u][m]);
        }
        mu_free(roads->table[u]);
    }
    mu_judge_places_fini(&roads->places);
    mu_free(roads->metric_id);
    mu_free(roads->number);
    mu_free(roads->snap);
    mu_free(roads->way);
    *roads = (mu_judge_roads){0};
}

/* ---- snaps --------------------------------------------------------------------------- */

static uint32_t *number_of(const mu_judge_roads *roads, uint32_t metric, uint32_t place) {
    return &roads->number[(size_t)place * roads->metric_count + metric];
}

/* Room for so many snaps more. */
static muster_status reserve_snaps(mu_judge_roads *roads, size_t more) {
    const size_t wanted = roads->snap_count + more;
    if (wanted <= roads->snap_capacity) return MUSTER_OK;
    const size_t capacity = wanted + wanted / 2;
    MU_TRY(mu_realloc(&roads->snap, capacity, sizeof *roads->snap));
    roads->snap_capacity = capacity;
    return MUSTER_OK;
}

muster_status mu_judge_snap(mu_judge_roads *roads, uint32_t metric, uint32_t place,
                            muster_snap *out) {
    uint32_t *number = number_of(roads, metric, place);
    if (*number == MUSTER_NONE) {
        const muster_site site = roads->places.site[place];
        MU_TRY(reserve_snaps(roads, 1));
        MU_TRY(mu_snap_for_each(1, &roads->problem->metric[metric], site.lon_deg, site.lat_deg,
                                &roads->snap[roads->snap_count]));
        *number = (uint32_t)roads->snap_count++;
    }
    *out = roads->snap[*number];
    return MUSTER_OK;
}

/* ---- from problem to problem --------------------------------------------------------- */

/* What has become of the last problem's places and metrics: their numbers now, or MUSTER_NONE. A metric may have been
 * changed into one of now: then that is its number, and what has been asked of places that the change reaches is
 * forgotten. */
typedef struct fate {
    uint32_t *place, *metric;
    bool     *stays; /* [metric * places.count of the last + place] */
} fate;

static uint32_t find_metric(const mu_judge_roads *roads, uint64_t id) {
    uint32_t m = 0;
    while (m < roads->metric_count && roads->metric_id[m] != id) ++m;
    return m < roads->metric_count ? m : MUSTER_NONE;
}

/* The metric of now that has been changed from one of the last problem, and was not there itself. */
static uint32_t find_heir(const mu_judge_roads *last, const mu_judge_roads *now, uint64_t id) {
    uint32_t m = 0;
    while (m < now->metric_count && (mu_unchanged_since(now->problem->metric[m]) != id ||
                                     find_metric(last, now->metric_id[m]) != MUSTER_NONE)) {
        ++m;
    }
    return m < now->metric_count ? m : MUSTER_NONE;
}

/* Where it is on the road is asked anew. */
static muster_status does_stay(const mu_judge_roads *last, uint32_t metric, uint32_t place,
                               mu_judge_roads *now, const fate *f, const mu_unchanged *since,
                               bool *out) {
    const uint32_t number = *number_of(last, metric, place);
    muster_snap    snap;
    *out = false;
    if (number == MUSTER_NONE || f->place[place] == MUSTER_NONE) return MUSTER_OK;
    MU_TRY(mu_judge_snap(now, f->metric[metric], f->place[place], &snap));
    *out = mu_unchanged_at(since, &last->snap[number], &snap);
    return MUSTER_OK;
}

static muster_status find_who_stays(fate *f, const mu_judge_roads *last, uint32_t metric,
                                    mu_judge_roads *now) {
    bool        *stays = f->stays + (size_t)metric * last->places.count;
    mu_unchanged since;
    MU_TRY(mu_unchanged_init(&since, now->problem->metric[f->metric[metric]]));
    muster_status status = MUSTER_OK;
    for (uint32_t i = 0; status == MUSTER_OK && i < last->places.count; ++i) {
        status = does_stay(last, metric, i, now, f, &since, &stays[i]);
    }
    mu_unchanged_fini(&since);
    return status;
}

static muster_status find_fate_of(fate *f, const mu_judge_roads *last, uint32_t metric,
                                  mu_judge_roads *now) {
    bool *stays       = f->stays + (size_t)metric * last->places.count;
    f->metric[metric] = find_metric(now, last->metric_id[metric]);
    if (f->metric[metric] == MUSTER_NONE) {
        f->metric[metric] = find_heir(last, now, last->metric_id[metric]);
        return f->metric[metric] == MUSTER_NONE ? MUSTER_OK : find_who_stays(f, last, metric, now);
    }
    for (uint32_t i = 0; i < last->places.count; ++i) stays[i] = f->place[i] != MUSTER_NONE;
    return MUSTER_OK;
}

static muster_status find_fate(fate *f, const mu_judge_roads *last, mu_judge_roads *now) {
    const size_t cells = (size_t)last->metric_count * last->places.count;
    MU_TRY(mu_alloc(&f->place, last->places.count, sizeof *f->place));
    MU_TRY(mu_alloc(&f->metric, last->metric_count, sizeof *f->metric));
    MU_TRY(mu_alloc_zeroed(&f->stays, cells, sizeof *f->stays));
    for (uint32_t i = 0; i < last->places.count; ++i) {
        f->place[i] = mu_judge_places_at(&now->places, last->places.site[i]);
    }
    for (uint32_t m = 0; m < last->metric_count; ++m) MU_TRY(find_fate_of(f, last, m, now));
    return MUSTER_OK;
}

static bool does_place_stay(const fate *f, const mu_judge_roads *last, uint32_t metric,
                            uint32_t place) {
    return f->stays[(size_t)metric * last->places.count + place];
}

static int by_ends(const void *a, const void *b) {
    const mu_judge_way *v = a, *w = b;
    if (v->metric != w->metric) return v->metric < w->metric ? -1 : 1;
    if (v->from != w->from) return v->from < w->from ? -1 : 1;
    return v->to < w->to ? -1 : v->to > w->to;
}

static muster_status take_snaps(mu_judge_roads *now, const mu_judge_roads *last, const fate *f) {
    MU_TRY(reserve_snaps(now, last->snap_count));
    for (uint32_t i = 0; i < last->places.count; ++i) {
        for (uint32_t m = 0; m < last->metric_count; ++m) {
            const uint32_t number = *number_of(last, m, i);
            if (number == MUSTER_NONE || !does_place_stay(f, last, m, i)) continue;
            if (now->metric_id[f->metric[m]] != last->metric_id[m]) continue;
            *number_of(now, f->metric[m], f->place[i]) = (uint32_t)now->snap_count;
            now->snap[now->snap_count++]               = last->snap[number];
        }
    }
    return MUSTER_OK;
}

/* Nobody asks for old ways any more. Where they have become so many, those of now are few of them. */
enum { MOST_WAYS = 1 << 16 };

static muster_status take_ways(mu_judge_roads *now, const mu_judge_roads *last, const fate *f) {
    if (last->way_count == 0 || last->way_count > MOST_WAYS) return MUSTER_OK;
    MU_TRY(mu_alloc(&now->way, last->way_count, sizeof *now->way));
    for (uint32_t i = 0; i < last->way_count; ++i) {
        mu_judge_way way = last->way[i];
        if (!does_place_stay(f, last, way.metric, way.from)) continue;
        if (!does_place_stay(f, last, way.metric, way.to)) continue;
        way.metric                 = f->metric[way.metric];
        way.from                   = f->place[way.from];
        way.to                     = f->place[way.to];
        now->way[now->way_count++] = way;
    }
    if (now->way_count > 0) qsort(now->way, now->way_count, sizeof *now->way, by_ends);
    return MUSTER_OK;
}

/* Rows or columns, by place now. */
static muster_status renumber(uint32_t **inout, const mu_judge_roads *now,
                              const mu_judge_roads *last, uint32_t metric, const fate *f) {
    uint32_t *number_of;
    MU_TRY(mu_alloc(&number_of, now->places.count, sizeof *number_of));
    for (uint32_t i = 0; i < now->places.count; ++i) number_of[i] = MUSTER_NONE;
    for (uint32_t i = 0; i < last->places.count; ++i) {
        if (does_place_stay(f, last, metric, i)) number_of[f->place[i]] = (*inout)[i];
    }
    mu_free(*inout);
    *inout = number_of;
    return MUSTER_OK;
}

/* Rows and columns of places that are gone stay behind in it until the next table is made from it. */
static muster_status take_tables(mu_judge_roads *now, mu_judge_roads *last, const fate *f) {
    for (unsigned u = 0; u < MU_JUDGE_TABLE_USES; ++u) {
        for (uint32_t m = 0; m < last->metric_count; ++m) {
            mu_judge_table *table = &last->table[u][m];
            if (f->metric[m] == MUSTER_NONE || !table->ms) continue;
            if (now->table[u][f->metric[m]].ms) continue; /* of a metric that is there twice */
            MU_TRY(renumber(&table->row_of, now, last, m, f));
            MU_TRY(renumber(&table->column_of, now, last, m, f));
            now->table[u][f->metric[m]] = *table;
            *table                      = (mu_judge_table){0};
        }
    }
    return MUSTER_OK;
}

static muster_status take_over(mu_judge_roads *now, mu_judge_roads *last) {
    fate f = {0};
    if (last->places.count == 0) return MUSTER_OK;
    muster_status status = find_fate(&f, last, now);
    if (status == MUSTER_OK) status = take_snaps(now, last, &f);
    if (status == MUSTER_OK) status = take_ways(now, last, &f);
    if (status == MUSTER_OK) status = take_tables(now, last, &f);
    mu_free(f.place);
    mu_free(f.metric);
    mu_free(f.stays);
    return status;
}

muster_status mu_judge_roads_open(mu_judge_roads *roads, const muster_problem *problem,
                                  uint32_t thread_count) {
    roads->thread_count = thread_count;
    if (roads->problem == problem) return MUSTER_OK;
    mu_judge_roads now = {
        .problem = problem, .thread_count = thread_count, .metric_count = problem->metric_count};
    muster_status status = find_places(&now);
    if (status == MUSTER_OK) status = take_over(&now, roads);
    mu_judge_roads_fini(roads);
    if (status == MUSTER_OK) {
        *roads = now;
    } else {
        mu_judge_roads_fini(&now);
    }
    return status;
}

void mu_judge_roads_leave(mu_judge_roads *roads) {
    roads->problem = NULL;
}

/* ---- ways ---------------------------------------------------------------------------- */

static const mu_judge_way *recall(const mu_judge_roads *roads, const mu_judge_way *way) {
    if (roads->way_count == 0) return NULL;
    return bsearch(way, roads->way, roads->way_count, sizeof *way, by_ends);
}

/* Those that are not known, each once, in order. */
static uint32_t list_unknown(const mu_judge_roads *roads, uint32_t count, const mu_judge_way *way,
                             mu_judge_way *out) {
    uint32_t unknown = 0, kept = 0;
    for (uint32_t i = 0; i < count; ++i) {
        if (!recall(roads, &way[i])) out[unknown++] = way[i];
    }
    if (unknown > 0) qsort(out, unknown, sizeof *out, by_ends);
    for (uint32_t i = 0; i < unknown; ++i) {
        if (kept == 0 || by_ends(&out[kept - 1], &out[i]) != 0) out[kept++] = out[i];
    }
    return kept;
}

/* Answers come as two rows of numbers. */
typedef struct answers {
    mu_pair  *pair;
    uint32_t *ms;
    double   *m;
} answers;

/* A way takes some microseconds. Where it is few, nobody should have to wait for a thread that a busy
 * system does not run. */
static uint32_t threads_for(const mu_judge_roads *roads, uint32_t count) {
    enum { FEW = 256 };
    return mu_thread_count(roads->thread_count, count / FEW);
}

static muster_status ask_with(mu_judge_roads *roads, uint32_t count, mu_judge_way *way,
                              answers *a) {
    MU_TRY(mu_alloc(&a->pair, count, sizeof *a->pair));
    MU_TRY(mu_alloc(&a->ms, count, sizeof *a->ms));
    MU_TRY(mu_alloc(&a->m, count, sizeof *a->m));
    for (uint32_t i = 0; i < count; ++i) {
        a->pair[i].metric = roads->problem->metric[way[i].metric];
        MU_TRY(mu_judge_snap(roads, way[i].metric, way[i].from, &a->pair[i].from));
        MU_TRY(mu_judge_snap(roads, way[i].metric, way[i].to, &a->pair[i].to));
    }
    MU_TRY(mu_pairs_measure(count, a->pair, threads_for(roads, count), a->ms, a->m));
    for (uint32_t i = 0; i < count; ++i) {
        way[i].ms = a->ms[i];
        way[i].m  = a->m[i];
    }
    return MUSTER_OK;
}

static muster_status ask(mu_judge_roads *roads, uint32_t count, mu_judge_way *way) {
    answers             a      = {0};
    const muster_status status = ask_with(roads, count, way, &a);
    mu_free(a.pair);
    mu_free(a.ms);
    mu_free(a.m);
    return status;
}

static muster_status remember(mu_judge_roads *roads, uint32_t count, const mu_judge_way *way) {
    if (count == 0) return MUSTER_OK;
    MU_TRY(mu_realloc(&roads->way, (size_t)roads->way_count + count, sizeof *roads->way));
    memcpy(roads->way + roads->way_count, way, count * sizeof *way);
    roads->way_count += count;
    qsort(roads->way, roads->way_count, sizeof *roads->way, by_ends);
    return MUSTER_OK;
}

muster_status mu_judge_measure(mu_judge_roads *roads, uint32_t count, mu_judge_way *way) {
    mu_judge_way *unknown;
    MU_TRY(mu_alloc(&unknown, count, sizeof *unknown));
    const uint32_t unknown_count = list_unknown(roads, count, way, unknown);
    muster_status  status        = ask(roads, unknown_count, unknown);
    if (status == MUSTER_OK) status = remember(roads, unknown_count, unknown);
    mu_free(unknown);
    for (uint32_t i = 0; status == MUSTER_OK && i < count; ++i) way[i] = *recall(roads, &way[i]);
    return status;
}
