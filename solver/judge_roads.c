/* A plan is judged by ways that the road engine is asked for again, and most of the judge's time is
 * waiting for its answers. They depend on the problem alone. So each place is put on the road once,
 * whichever hearing asks for it first, each way is asked for once, and who has a second plan of the
 * same problem to judge (solve.c) keeps the answers: then only what this plan does otherwise is asked.
 *
 * What is kept are answers to the judge's own questions. Nothing here comes from the optimizer. */
#include "solver/judge_roads.h"

#include <muster/matrix.h>
#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "core/pairs.h"
#include "core/snap.h"
#include "core/threads.h"
#include "solver/judge.h"

/* ---- places -------------------------------------------------------------------------- */

/* A site, and who wants to know which place it is. */
typedef struct entry {
    muster_site site;
    uint32_t   *place;
} entry;

static int by_site(const void *a, const void *b) {
    const muster_site *s = &((const entry *)a)->site, *t = &((const entry *)b)->site;
    if (s->lon_deg != t->lon_deg) return s->lon_deg < t->lon_deg ? -1 : 1;
    if (s->lat_deg != t->lat_deg) return s->lat_deg < t->lat_deg ? -1 : 1;
    return 0;
}

static size_t list_sites(const mu_judge_roads *roads, entry *out) {
    const muster_problem *p     = roads->problem;
    size_t                count = 0;
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        for (uint32_t i = 0; i < mu_judge_rows(p, r); ++i) {
            out[count++] = (entry){mu_judge_unit(p, r, i)->site, &roads->of_unit[r][i]};
        }
    }
    for (uint32_t i = 0; i < p->incident_count; ++i) {
        out[count++] = (entry){p->incident[i].site, &roads->of_incident[i]};
    }
    for (uint32_t z = 0; z < p->zone_count; ++z) {
        out[count++] = (entry){p->zone[z].site, &roads->of_zone[z]};
    }
    return count;
}

static void number_places(mu_judge_roads *roads, entry *list) {
    const size_t count = list_sites(roads, list);
    if (count > 0) qsort(list, count, sizeof *list, by_site);
    for (size_t i = 0; i < count; ++i) {
        if (i == 0 || by_site(&list[i - 1], &list[i]) != 0) {
            roads->site[roads->place_count++] = list[i].site;
        }
        *list[i].place = roads->place_count - 1;
    }
}

static muster_status make_room(mu_judge_roads *roads, size_t *out_sites) {
    const muster_problem *p     = roads->problem;
    size_t                sites = (size_t)p->incident_count + p->zone_count;
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) {
        const uint32_t rows = mu_judge_rows(p, r);
        MU_TRY(mu_alloc(&roads->of_unit[r], rows, sizeof *roads->of_unit[r]));
        sites += rows;
    }
    MU_TRY(mu_alloc(&roads->of_incident, p->incident_count, sizeof *roads->of_incident));
    MU_TRY(mu_alloc(&roads->of_zone, p->zone_count, sizeof *roads->of_zone));
    MU_TRY(mu_alloc(&roads->site, sites, sizeof *roads->site));
    for (unsigned u = 0; u < MU_JUDGE_TABLE_USES; ++u) {
        MU_TRY(mu_alloc_zeroed(&roads->table[u], p->metric_count, sizeof *roads->table[u]));
    }
    *out_sites = sites;
    return MUSTER_OK;
}

static muster_status find_places(mu_judge_roads *roads) {
    size_t sites;
    entry *list;
    MU_TRY(make_room(roads, &sites));
    MU_TRY(mu_alloc(&list, sites, sizeof *list));
    number_places(roads, list);
    mu_free(list);
    const size_t cells = (size_t)roads->place_count * roads->problem->metric_count;
    MU_TRY(mu_alloc(&roads->number, cells, sizeof *roads->number));
    for (size_t c = 0; c < cells; ++c) roads->number[c] = MUSTER_NONE;
    return MUSTER_OK;
}

muster_status mu_judge_roads_open(mu_judge_roads *roads, const muster_problem *problem,
                                  uint32_t thread_count) {
    roads->thread_count = thread_count;
    if (roads->problem == problem) return MUSTER_OK;
    mu_judge_roads_fini(roads);
    roads->problem             = problem;
    roads->thread_count        = thread_count;
    const muster_status status = find_places(roads);
    if (status != MUSTER_OK) mu_judge_roads_fini(roads);
    return status;
}

static void free_table(mu_judge_table *t) {
    mu_free(t->row_of);
    mu_free(t->column_of);
    mu_free(t->ms);
}

void mu_judge_roads_fini(mu_judge_roads *roads) {
    for (unsigned u = 0; u < MU_JUDGE_TABLE_USES; ++u) {
        for (uint32_t m = 0; roads->table[u] && m < roads->problem->metric_count; ++m) {
            free_table(&roads->table[u][m]);
        }
        mu_free(roads->table[u]);
    }
    for (unsigned r = 0; r < MUSTER_RESOURCE_COUNT; ++r) mu_free(roads->of_unit[r]);
    mu_free(roads->of_incident);
    mu_free(roads->of_zone);
    mu_free(roads->site);
    mu_free(roads->number);
    mu_free(roads->snap);
    mu_free(roads->way);
    *roads = (mu_judge_roads){0};
}

/* ---- snaps --------------------------------------------------------------------------- */

static uint32_t *number_of(const mu_judge_roads *roads, uint32_t metric, uint32_t place) {
    return &roads->number[(size_t)place * roads->problem->metric_count + metric];
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
        const muster_site site = roads->site[place];
        MU_TRY(reserve_snaps(roads, 1));
        MU_TRY(mu_snap_for_each(1, &roads->problem->metric[metric], site.lon_deg, site.lat_deg,
                                &roads->snap[roads->snap_count]));
        *number = (uint32_t)roads->snap_count++;
    }
    *out = roads->snap[*number];
    return MUSTER_OK;
}

static bool is_snapped(const mu_judge_roads *roads, uint32_t place) {
    uint32_t m = 0;
    while (m < roads->problem->metric_count && *number_of(roads, m, place) != MUSTER_NONE) ++m;
    return m == roads->problem->metric_count;
}

muster_status mu_judge_snap_for_each(mu_judge_roads *roads, uint32_t place, muster_snap *out) {
    const uint32_t    metrics = roads->problem->metric_count;
    const muster_site site    = roads->site[place];
    if (!is_snapped(roads, place)) {
        MU_TRY(reserve_snaps(roads, metrics));
        MU_TRY(mu_snap_for_each(metrics, roads->problem->metric, site.lon_deg, site.lat_deg,
                                &roads->snap[roads->snap_count]));
        for (uint32_t m = 0; m < metrics; ++m) {
            *number_of(roads, m, place) = (uint32_t)roads->snap_count++;
        }
    }
    for (uint32_t m = 0; m < metrics; ++m) out[m] = roads->snap[*number_of(roads, m, place)];
    return MUSTER_OK;
}

/* ---- ways ---------------------------------------------------------------------------- */

static int by_ends(const void *a, const void *b) {
    const mu_judge_way *v = a, *w = b;
    if (v->metric != w->metric) return v->metric < w->metric ? -1 : 1;
    if (v->from != w->from) return v->from < w->from ? -1 : 1;
    return v->to < w->to ? -1 : v->to > w->to;
}

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

/* ---- tables -------------------------------------------------------------------------- */

/* The making of a table from what is left of the last one. */
typedef struct tabulation {
    mu_judge_roads       *roads;
    uint32_t              metric;
    const mu_judge_table *last;
    mu_judge_table        now;
    uint32_t             *row, *column; /* places */
    uint32_t             *fresh;        /* [fresh_count] columns that the last has not, in order */
    uint32_t              fresh_count;
    muster_snap          *from, *to;
    uint32_t             *ms; /* [row_count * fresh_count] */
} tabulation;

/* Each place once. Returns how many that are. */
static uint32_t number(uint32_t count, const uint32_t *place, uint32_t *number_of, uint32_t *out) {
    uint32_t different = 0;
    for (uint32_t i = 0; i < count; ++i) {
        if (number_of[place[i]] != MUSTER_NONE) continue;
        number_of[place[i]] = different;
        out[different++]    = place[i];
    }
    return different;
}

static bool has_rows(const tabulation *t) {
    uint32_t i = 0;
    while (t->last->row_of && i < t->now.row_count && t->last->row_of[t->row[i]] != MUSTER_NONE)
        ++i;
    return t->last->row_of && i == t->now.row_count;
}

/* Where some row is new, all columns are. */
static void find_fresh(tabulation *t) {
    const bool has = has_rows(t);
    for (uint32_t c = 0; c < t->now.column_count; ++c) {
        if (has && t->last->column_of[t->column[c]] != MUSTER_NONE) continue;
        t->fresh[t->fresh_count++] = c;
    }
}

static muster_status ask_table(tabulation *t) {
    const muster_metric *metric = t->roads->problem->metric[t->metric];
    if (t->fresh_count == 0) return MUSTER_OK;
    for (uint32_t i = 0; i < t->now.row_count; ++i) {
        MU_TRY(mu_judge_snap(t->roads, t->metric, t->row[i], &t->from[i]));
    }
    for (uint32_t i = 0; i < t->fresh_count; ++i) {
        MU_TRY(mu_judge_snap(t->roads, t->metric, t->column[t->fresh[i]], &t->to[i]));
    }
    return muster_matrix(metric, t->now.row_count, t->from, t->fresh_count, t->to, 1, t->ms, NULL);
}

static void put_together(const tabulation *t) {
    for (uint32_t i = 0; i < t->now.row_count; ++i) {
        const uint32_t *ms    = t->ms + (size_t)i * t->fresh_count;
        uint32_t       *out   = t->now.ms + (size_t)i * t->now.column_count;
        uint32_t        fresh = 0;
        for (uint32_t c = 0; c < t->now.column_count; ++c) {
            const bool is_fresh = fresh < t->fresh_count && t->fresh[fresh] == c;
            out[c] = is_fresh ? ms[fresh++] : mu_judge_table_ms(t->last, t->row[i], t->column[c]);
        }
    }
}

static muster_status number_all(tabulation *t, uint32_t from_count, const uint32_t *from,
                                uint32_t to_count, const uint32_t *to) {
    const uint32_t places = t->roads->place_count;
    MU_TRY(mu_alloc(&t->now.row_of, places, sizeof *t->now.row_of));
    MU_TRY(mu_alloc(&t->now.column_of, places, sizeof *t->now.column_of));
    MU_TRY(mu_alloc(&t->row, from_count, sizeof *t->row));
    MU_TRY(mu_alloc(&t->column, to_count, sizeof *t->column));
    for (uint32_t i = 0; i < places; ++i) t->now.row_of[i] = t->now.column_of[i] = MUSTER_NONE;
    t->now.row_count    = number(from_count, from, t->now.row_of, t->row);
    t->now.column_count = number(to_count, to, t->now.column_of, t->column);
    return MUSTER_OK;
}

static muster_status fill(tabulation *t) {
    const size_t rows = t->now.row_count, columns = t->now.column_count;
    MU_TRY(mu_alloc(&t->fresh, columns, sizeof *t->fresh));
    find_fresh(t);
    MU_TRY(mu_alloc(&t->from, rows, sizeof *t->from));
    MU_TRY(mu_alloc(&t->to, t->fresh_count, sizeof *t->to));
    MU_TRY(mu_alloc(&t->ms, rows * t->fresh_count, sizeof *t->ms));
    MU_TRY(ask_table(t));
    MU_TRY(mu_alloc(&t->now.ms, rows * columns, sizeof *t->now.ms));
    put_together(t);
    return MUSTER_OK;
}

muster_status mu_judge_tabulate(mu_judge_roads *roads, mu_judge_table_use use, uint32_t metric,
                                uint32_t from_count, const uint32_t *from, uint32_t to_count,
                                const uint32_t *to, const mu_judge_table **out) {
    mu_judge_table *table  = &roads->table[use][metric];
    tabulation      t      = {.roads = roads, .metric = metric, .last = table};
    muster_status   status = number_all(&t, from_count, from, to_count, to);
    if (status == MUSTER_OK) status = fill(&t);
    mu_free(t.row);
    mu_free(t.column);
    mu_free(t.fresh);
    mu_free(t.from);
    mu_free(t.to);
    mu_free(t.ms);
    free_table(status == MUSTER_OK ? table : &t.now);
    if (status != MUSTER_OK) return status;
    *table = t.now;
    *out   = table;
    return MUSTER_OK;
}

uint32_t mu_judge_table_ms(const mu_judge_table *table, uint32_t from, uint32_t to) {
    return table->ms[(size_t)table->row_of[from] * table->column_count + table->column_of[to]];
}
