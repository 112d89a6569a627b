/* A plan has some hundred ways in it, of hundreds of thousands that could have been: a table would
 * hold as many cells as places times places for them. So each is asked for by itself, and by a query
 * that takes microseconds where there is a hierarchy.
 *
 * Without one, a search costs as much to one place as to many: the pairs of a metric are sorted by
 * where they begin, or by where they end if that is at fewer places, and one search answers all that
 * have that end in common. */
#include "core/pairs.h"

#include <math.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "core/flight.h"
#include "core/query.h"
#include "core/search.h"
#include "core/snap_check.h"
#include "core/threads.h"

typedef struct measuring {
    uint32_t       count;
    const mu_pair *pair;
    uint32_t       worker_count;
    uint32_t      *out_ms;
    double        *out_m;
} measuring;

static void write_cost(const measuring *m, uint32_t pair, mu_cost cost) {
    const bool is_path = cost != MU_NO_PATH;
    m->out_ms[pair]    = is_path ? mu_cost_ms(cost) : MUSTER_UNREACHABLE_MS;
    m->out_m[pair]     = is_path ? mu_cost_cm(cost) / 100.0 : (double)NAN;
}

/* ---- with a hierarchy, or by air ------------------------------------------------------- */

enum { PAIRS_AT_ONCE = 32 };

typedef struct asking {
    const measuring *measuring;
    mu_query        *query; /* [worker_count] */
} asking;

static mu_cost ask(mu_query *query, const mu_pair *pair) {
    if (mu_metric_flies(pair->metric)) {
        return mu_flight_cost(pair->metric, &pair->from, &pair->to);
    }
    if (query->metric != pair->metric) mu_query_turn_to(query, pair->metric);
    return mu_query_run(query, &pair->from, &pair->to);
}

static void ask_some(void *user, uint32_t job, uint32_t worker) {
    const asking    *a    = user;
    const measuring *m    = a->measuring;
    const uint32_t   rest = m->count - job * PAIRS_AT_ONCE;
    const uint32_t   end  = job * PAIRS_AT_ONCE + (rest < PAIRS_AT_ONCE ? rest : PAIRS_AT_ONCE);
    for (uint32_t i = job * PAIRS_AT_ONCE; i < end; ++i) {
        write_cost(m, i, ask(&a->query[worker], &m->pair[i]));
    }
}

/* To clean all of a query's memory takes as long as to clean what so many questions use; who stays on his road asks
 * none. */
static bool is_few(const measuring *m, const muster_metric *driving) {
    enum { NODES_A_QUESTION = 1024 };
    uint32_t count = 0;
    for (uint32_t i = 0; i < m->count; ++i) count += m->pair[i].from.edge != m->pair[i].to.edge;
    return count <= 1 + driving->weights.hierarchy->node_count / NODES_A_QUESTION;
}

/* `driving` is a metric that does not fly; NULL: all do. */
static muster_status ask_each(const measuring *m, const muster_metric *driving) {
    asking         a    = {.measuring = m};
    const uint32_t jobs = m->count / PAIRS_AT_ONCE + (m->count % PAIRS_AT_ONCE > 0);
    MU_TRY(mu_alloc_zeroed(&a.query, m->worker_count, sizeof *a.query));
    muster_status status = MUSTER_OK;
    for (uint32_t w = 0; driving && status == MUSTER_OK && w < m->worker_count; ++w) {
        status = is_few(m, driving) ? mu_query_init_few(&a.query[w], driving)
                                    : mu_query_init(&a.query[w], driving);
    }
    if (status == MUSTER_OK) mu_share_jobs(jobs, m->worker_count, ask_some, &a);
    for (uint32_t w = 0; w < m->worker_count; ++w) mu_query_fini(&a.query[w]);
    mu_free(a.query);
    return status;
}

/* ---- without ---------------------------------------------------------------------------- */

/* A pair by the end that its search begins at. */
typedef struct entry {
    muster_snap origin;
    uint32_t    pair;
} entry;

/* The pairs of one metric, those with one origin together. */
typedef struct searching {
    const measuring *measuring;
    muster_direction direction;
    entry           *entry; /* [entry_count] */
    muster_snap     *stop;  /* [entry_count] the other ends */
    uint32_t        *first; /* [origin_count + 1] of entries */
    uint32_t         entry_count, origin_count;
    mu_search       *search; /* [worker_count] */
} searching;

static int compare_origins(const entry *a, const entry *b) {
    if (a->origin.edge != b->origin.edge) return a->origin.edge < b->origin.edge ? -1 : 1;
    if (a->origin.fraction != b->origin.fraction)
        return a->origin.fraction < b->origin.fraction ? -1 : 1;
    return 0;
}

static int by_origin(const void *a, const void *b) {
    return compare_origins(a, b);
}

static void group(searching *s, muster_direction direction) {
    const mu_pair *pair = s->measuring->pair;
    s->direction        = direction;
    s->origin_count     = 0;
    for (uint32_t i = 0; i < s->entry_count; ++i) {
        entry *e  = &s->entry[i];
        e->origin = direction == MUSTER_FORWARD ? pair[e->pair].from : pair[e->pair].to;
    }
    qsort(s->entry, s->entry_count, sizeof *s->entry, by_origin);
    for (uint32_t i = 0; i < s->entry_count; ++i) {
        const mu_pair *p = &pair[s->entry[i].pair];
        s->stop[i]       = direction == MUSTER_FORWARD ? p->to : p->from;
        if (i > 0 && compare_origins(&s->entry[i - 1], &s->entry[i]) == 0) continue;
        s->first[s->origin_count++] = i;
    }
    s->first[s->origin_count] = s->entry_count;
}

static void search_from(void *user, uint32_t number, uint32_t worker) {
    const searching   *s      = user;
    mu_search         *search = &s->search[worker];
    const uint32_t     first = s->first[number], end = s->first[number + 1];
    const muster_snap *origin = &s->entry[first].origin;
    mu_search_run(search, s->direction, origin, end - first, &s->stop[first]);
    for (uint32_t i = first; i < end; ++i) {
        write_cost(s->measuring, s->entry[i].pair,
                   mu_search_cost(search, origin, &s->stop[i], NULL, NULL));
    }
}

/* The smaller side, and a search for each thread. */
static muster_status search_all(searching *s, const muster_metric *metric) {
    const uint32_t workers = s->measuring->worker_count;
    muster_status  status  = MUSTER_OK;
    group(s, MUSTER_FORWARD);
    const uint32_t froms = s->origin_count;
    group(s, MUSTER_BACKWARD);
    if (froms <= s->origin_count) group(s, MUSTER_FORWARD);
    MU_TRY(mu_alloc_zeroed(&s->search, workers, sizeof *s->search));
    for (uint32_t w = 0; status == MUSTER_OK && w < workers; ++w) {
        status = mu_search_init(&s->search[w], metric);
    }
    if (status == MUSTER_OK) mu_share_jobs(s->origin_count, workers, search_from, s);
    for (uint32_t w = 0; w < workers; ++w) mu_search_fini(&s->search[w]);
    mu_free(s->search);
    return status;
}

/* The pairs of the same metric as pair `like`, which is the first of them. */
static muster_status search_metric(searching *s, uint32_t like) {
    const measuring     *m      = s->measuring;
    const muster_metric *metric = m->pair[like].metric;
    s->entry_count              = 0;
    for (uint32_t i = 0; i < m->count; ++i) {
        if (m->pair[i].metric != metric) continue;
        if (i < like) return MUSTER_OK;
        s->entry[s->entry_count++].pair = i;
    }
    if (!mu_metric_flies(metric)) return search_all(s, metric);
    for (uint32_t i = 0; i < s->entry_count; ++i) {
        const mu_pair *p = &m->pair[s->entry[i].pair];
        write_cost(m, s->entry[i].pair, mu_flight_cost(metric, &p->from, &p->to));
    }
    return MUSTER_OK;
}

static muster_status search_each(const measuring *m) {
    searching     s      = {.measuring = m};
    muster_status status = mu_alloc(&s.entry, m->count, sizeof *s.entry);
    if (status == MUSTER_OK) status = mu_alloc(&s.stop, m->count, sizeof *s.stop);
    if (status == MUSTER_OK) status = mu_alloc(&s.first, (size_t)m->count + 1, sizeof *s.first);
    for (uint32_t i = 0; status == MUSTER_OK && i < m->count; ++i) status = search_metric(&s, i);
    mu_free(s.entry);
    mu_free(s.stop);
    mu_free(s.first);
    return status;
}

/* ---- both ------------------------------------------------------------------------------- */

/* The first that does not fly; NULL: all do. */
static const muster_metric *find_driving(uint32_t count, const mu_pair *pair) {
    uint32_t i = 0;
    while (i < count && mu_metric_flies(pair[i].metric)) ++i;
    return i < count ? pair[i].metric : NULL;
}

/* A metric that is older than the hierarchy of its network has no part in it. */
static bool have_hierarchy(uint32_t count, const mu_pair *pair) {
    for (uint32_t i = 0; i < count; ++i) {
        if (!pair[i].metric->weights.hierarchy && !mu_metric_flies(pair[i].metric)) return false;
    }
    return true;
}

muster_status mu_pairs_measure(uint32_t count, const mu_pair *pair, uint32_t thread_count,
                               uint32_t *out_ms, double *out_m) {
    const uint32_t  jobs = count / PAIRS_AT_ONCE + 1;
    const measuring m    = {.count        = count,
                            .pair         = pair,
                            .worker_count = mu_thread_count(thread_count, jobs),
                            .out_ms       = out_ms,
                            .out_m        = out_m};
    for (uint32_t i = 0; i < count; ++i) {
        MU_TRY(mu_check_snap(pair[i].metric, "the start of a pair", &pair[i].from));
        MU_TRY(mu_check_snap(pair[i].metric, "the end of a pair", &pair[i].to));
    }
    if (count == 0) return MUSTER_OK;
    return have_hierarchy(count, pair) ? ask_each(&m, find_driving(count, pair)) : search_each(&m);
}
