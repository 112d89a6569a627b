/* A cell is completed by a few units, and many cells of a place by units from the same row: each way is
 * looked for once. Of equally fast paths any will do: a road that is not on this one can be closed
 * without anybody being later. */
#include "solver/critical_ways.h"

#include <stdlib.h>
#include <string.h>

#include "core/alloc.h"
#include "core/metric.h"
#include "core/query.h"
#include "core/search.h"
#include "core/threads.h"

enum { WAYS_AT_ONCE = 64 };

void mu_ways_fini(mu_ways *w) {
    mu_free(w->way);
    mu_free(w->first_support);
    mu_free(w->support);
    mu_free(w->first_use);
    mu_free(w->use);
    *w = (mu_ways){0};
}

/* ---- who completes what ---------------------------------------------------------------------- */

/* One who completes one cell of the place in hand. */
typedef struct taker {
    uint32_t   row;
    mu_support support;
} taker;

typedef struct gathering {
    const muster_readiness *r;
    mu_ways                *ways;
    mu_queue                queue;
    uint32_t               *metric_of; /* [row_count] */
    taker                  *taker;
    size_t taker_count, taker_room, way_room, first_room, support_count, support_room;
} gathering;

static int by_row_and_standard(const void *a, const void *b) {
    const taker *x = a, *y = b;
    if (x->row != y->row) return x->row < y->row ? -1 : 1;
    if (x->support.standard != y->support.standard) {
        return x->support.standard < y->support.standard ? -1 : 1;
    }
    return x->support.latest_ms < y->support.latest_ms
               ? -1
               : x->support.latest_ms > y->support.latest_ms;
}

static muster_status take_cell(gathering *g, uint32_t place, uint32_t s) {
    const muster_readiness *r       = g->r;
    const mu_supplier      *of_kind = r->supplier + r->first_supplier[r->standard[s].kind];
    if (r->cell[(size_t)place * r->standard_count + s].complete_ms >= r->horizon_ms) {
        return MUSTER_OK;
    }
    (void)mu_readiness_judge(r, r->travel_ms + (size_t)place * r->row_count, s, MUSTER_NONE,
                             &g->queue);
    for (uint32_t i = g->queue.left; i < g->queue.count; ++i) {
        const mu_supplier *supplier   = &of_kind[mu_queue_supplier(g->queue.key[i])];
        const uint32_t     arrival_ms = mu_queue_arrival_ms(g->queue.key[i]);
        MU_TRY(mu_grow(&g->taker, &g->taker_room, g->taker_count, sizeof *g->taker));
        g->taker[g->taker_count++] =
            (taker){supplier->row, {s, arrival_ms, supplier->end_ms - arrival_ms}};
    }
    return MUSTER_OK;
}

static muster_status add_way(gathering *g, uint32_t place, uint32_t row) {
    mu_ways *w = g->ways;
    MU_TRY(mu_grow(&w->way, &g->way_room, w->count, sizeof *w->way));
    MU_TRY(mu_grow(&w->first_support, &g->first_room, w->count, sizeof *w->first_support));
    w->first_support[w->count] = g->support_count;
    w->way[w->count++]         = (mu_way){place, row, g->metric_of[row]};
    return MUSTER_OK;
}

/* Takers of one row and standard are one support; those of one row one way. By air there are no roads. */
static muster_status add_ways(gathering *g, uint32_t place) {
    mu_ways *w = g->ways;
    if (g->taker_count == 0) return MUSTER_OK;
    qsort(g->taker, g->taker_count, sizeof *g->taker, by_row_and_standard);
    for (size_t i = 0; i < g->taker_count; ++i) {
        const taker *t        = &g->taker[i];
        const bool   same_row = i > 0 && g->taker[i - 1].row == t->row;
        if (muster_metric_flies(g->r->metric[g->metric_of[t->row]])) continue;
        if (!same_row) MU_TRY(add_way(g, place, t->row));
        if (same_row && g->taker[i - 1].support.standard == t->support.standard) {
            mu_support *known = &w->support[g->support_count - 1];
            known->latest_ms  = t->support.latest_ms; /* which are in order */
            if (t->support.spare_ms < known->spare_ms) known->spare_ms = t->support.spare_ms;
            continue;
        }
        MU_TRY(mu_grow(&w->support, &g->support_room, g->support_count, sizeof *w->support));
        w->support[g->support_count++] = t->support;
    }
    return MUSTER_OK;
}

static muster_status gather(gathering *g) {
    const muster_readiness *r = g->r;
    for (uint32_t m = 0; m < r->problem->metric_count; ++m) {
        for (uint32_t row = r->first_row[m]; row < r->first_row[m + 1]; ++row) {
            g->metric_of[row] = m;
        }
    }
    for (uint32_t p = 0; p < r->place_count; ++p) {
        g->taker_count = 0;
        for (uint32_t s = 0; s < r->standard_count; ++s) MU_TRY(take_cell(g, p, s));
        MU_TRY(add_ways(g, p));
    }
    MU_TRY(mu_grow(&g->ways->first_support, &g->first_room, g->ways->count,
                   sizeof *g->ways->first_support));
    g->ways->first_support[g->ways->count] = g->support_count;
    return MUSTER_OK;
}

static muster_status gather_all(mu_ways *ways, const muster_readiness *r) {
    gathering     g      = {.r = r, .ways = ways};
    muster_status status = mu_queue_init(&g.queue, r);
    if (status == MUSTER_OK) status = mu_alloc(&g.metric_of, r->row_count, sizeof *g.metric_of);
    if (status == MUSTER_OK) status = gather(&g);
    mu_queue_fini(&g.queue);
    mu_free(g.metric_of);
    mu_free(g.taker);
    return status;
}

/* ---- their paths ------------------------------------------------------------------------------- */

/* What a thread asks with, for the metric it was last asked about. */
typedef struct finder {
    const muster_metric *metric;
    mu_query             climb;
    mu_search            search;
    mu_path              path;
} finder;

/* A road that a way uses. */
typedef struct step {
    uint32_t    group;
    mu_road_use use;
} step;

typedef struct steps {
    size_t count, room;
    step  *step;
} steps;

typedef struct tracing {
    const muster_readiness  *r;
    const mu_ways           *ways;
    const mu_critical_watch *watch;
    const mu_road_groups    *groups;
    finder                  *finder;  /* [threads] */
    mu_worker_error         *failure; /* [threads] */
    steps                   *of_job;
} tracing;

static void finder_fini(finder *f) {
    mu_query_fini(&f->climb);
    mu_search_fini(&f->search);
    mu_path_fini(&f->path);
    *f = (finder){0};
}

static muster_status turn_to(finder *f, const muster_metric *metric) {
    if (f->metric == metric) return MUSTER_OK;
    finder_fini(f);
    MU_TRY(metric->weights.hierarchy ? mu_query_init(&f->climb, metric)
                                     : mu_search_init(&f->search, metric));
    f->metric = metric;
    return MUSTER_OK;
}

static muster_status find_path(finder *f, const muster_snap *from, const muster_snap *to) {
    if (f->metric->weights.hierarchy) return mu_query_path(&f->climb, from, to, &f->path);
    mu_search_run(&f->search, MUSTER_FORWARD, from, 1, to);
    return mu_search_path(&f->search, from, to, &f->path);
}

static muster_status add_step(steps *to, uint32_t group, uint32_t way, uint32_t arc) {
    MU_TRY(mu_grow(&to->step, &to->room, to->count, sizeof *to->step));
    to->step[to->count++] = (step){group, {way, arc}};
    return MUSTER_OK;
}

static muster_status trace_way(const tracing *t, finder *f, uint32_t way, steps *to) {
    const muster_readiness *r       = t->r;
    const mu_way           *w       = &t->ways->way[way];
    const muster_snap      *from    = &r->row_snap[w->row];
    const muster_snap      *end     = &r->place_snap[(size_t)w->metric * r->place_count + w->place];
    const uint32_t         *of_edge = t->groups->of_edge;
    const muster_network   *network = muster_metric_network(r->metric[w->metric]);
    MU_TRY(turn_to(f, r->metric[w->metric]));
    MU_TRY(find_path(f, from, end));
    const uint32_t move[] = {from->edge, end->edge, r->row_anchor[w->row],
                             r->place_anchor[(size_t)w->metric * r->place_count + w->place]};
    for (uint32_t i = 0; i < 4; ++i) MU_TRY(add_step(to, of_edge[move[i]], way, MUSTER_NONE));
    for (uint32_t i = 0; i < f->path.arc_count; ++i) {
        const uint32_t arc = f->path.arc[i], edge = arc / 2;
        if (edge == from->edge || edge == end->edge) continue;
        if (i > 0 && t->groups->is_inside[mu_arc_tail(network, arc)]) continue; /* led on to */
        MU_TRY(add_step(to, of_edge[edge], way, arc));
    }
    return MUSTER_OK;
}

static void trace_some(void *user, uint32_t job, uint32_t worker) {
    const tracing *t     = user;
    const size_t   first = (size_t)job * WAYS_AT_ONCE;
    const size_t   end =
        first + WAYS_AT_ONCE < t->ways->count ? first + WAYS_AT_ONCE : t->ways->count;
    for (size_t way = first; way < end && t->failure[worker].status == MUSTER_OK; ++way) {
        const muster_status status =
            trace_way(t, &t->finder[worker], (uint32_t)way, &t->of_job[job]);
        if (status != MUSTER_OK) mu_worker_error_keep(&t->failure[worker], status);
    }
}

/* By group; jobs are in order of way, and so are the uses of a group. */
static muster_status sort_steps(mu_ways *w, const steps *of_job, uint32_t jobs, uint32_t groups) {
    size_t count = 0;
    MU_TRY(mu_alloc_zeroed(&w->first_use, (size_t)groups + 2, sizeof *w->first_use));
    size_t *end = w->first_use + 1; /* of a group's uses, once they are all in */
    for (uint32_t j = 0; j < jobs; ++j) {
        for (size_t i = 0; i < of_job[j].count; ++i) ++end[of_job[j].step[i].group + 1];
        count += of_job[j].count;
    }
    for (uint32_t g = 0; g < groups; ++g) end[g + 1] += end[g];
    MU_TRY(mu_alloc(&w->use, count, sizeof *w->use));
    for (uint32_t j = 0; j < jobs; ++j) {
        for (size_t i = 0; i < of_job[j].count; ++i) {
            const step *s           = &of_job[j].step[i];
            w->use[end[s->group]++] = s->use;
        }
    }
    return MUSTER_OK;
}

static muster_status trace_with(mu_ways *ways, tracing *t, uint32_t jobs, uint32_t threads) {
    const mu_critical_phase phase = {"tracing ways", 0, jobs};
    MU_TRY(mu_critical_share(t->watch, &phase, jobs, threads, trace_some, t));
    for (uint32_t i = 0; i < threads; ++i) MU_TRY(mu_worker_error_raise(&t->failure[i]));
    return sort_steps(ways, t->of_job, jobs, t->groups->count);
}

static muster_status trace_all(mu_ways *ways, const muster_readiness *r,
                               const mu_road_groups *groups, const mu_critical_watch *watch) {
    const uint32_t jobs = (uint32_t)(ways->count / WAYS_AT_ONCE + (ways->count % WAYS_AT_ONCE > 0));
    const uint32_t threads = mu_thread_count(r->thread_count, jobs);
    tracing        t       = {.r = r, .ways = ways, .groups = groups, .watch = watch};
    muster_status  status  = mu_alloc_zeroed(&t.finder, threads, sizeof *t.finder);
    if (status == MUSTER_OK) status = mu_alloc_zeroed(&t.failure, threads, sizeof *t.failure);
    if (status == MUSTER_OK) status = mu_alloc_zeroed(&t.of_job, jobs, sizeof *t.of_job);
    if (status == MUSTER_OK) status = trace_with(ways, &t, jobs, threads);
    for (uint32_t i = 0; t.finder && i < threads; ++i) finder_fini(&t.finder[i]);
    for (uint32_t j = 0; t.of_job && j < jobs; ++j) mu_free(t.of_job[j].step);
    mu_free(t.finder);
    mu_free(t.failure);
    mu_free(t.of_job);
    return status;
}

/* ---- all of it ---------------------------------------------------------------------------------- */

static muster_status find_ways(mu_ways *ways, const muster_readiness *r,
                               const mu_road_groups *groups, const mu_critical_watch *watch) {
    MU_TRY(gather_all(ways, r));
    if (ways->count >= MUSTER_NONE) {
        return muster_fail(MUSTER_E_INVALID, "%zu ways to places; expected fewer than %u",
                           ways->count, MUSTER_NONE);
    }
    return trace_all(ways, r, groups, watch);
}

muster_status mu_ways_init(mu_ways *ways, const muster_readiness *r, const mu_road_groups *groups,
                           const mu_critical_watch *watch) {
    *ways                      = (mu_ways){0};
    const muster_status status = find_ways(ways, r, groups, watch);
    if (status != MUSTER_OK) mu_ways_fini(ways);
    return status;
}
