/* One writer publishes metrics, readers ask whichever they hold: what a dispatch system does all
 * day. Built with ThreadSanitizer (`cmake --preset tsan`) it finds data races, in every build it
 * compares what the readers are told with Dijkstra's algorithm on the same metric.
 *
 * The network is large enough for customization to share its work among threads, which the
 * readers' tables do as well. */
#include <muster/explain.h>
#include <muster/isochrone.h>
#include <muster/matrix.h>
#include <muster/one_to_all.h>
#include <muster/query.h>
#include <muster/reach.h>

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "core/search.h"
#include "tests/support/grid_network.h"
#include "tests/support/random_network.h"

enum {
    SIDE    = 72,
    NODES   = SIDE * SIDE,
    READERS = 3,
    METRICS = 24,
    SITES   = 12,
    THREADS = 2,
    ROUNDS  = 2
};

/* ---- who holds which metric ---------------------------------------------------------------- */

typedef struct version {
    muster_metric *metric;
    uint32_t       holders; /* the board is one */
} version;

typedef struct board {
    pthread_mutex_t       lock;
    version              *current;
    bool                  is_over;
    const muster_network *network;
    atomic_uint           failures, answers;
} board;

static version *hold(board *b) {
    pthread_mutex_lock(&b->lock);
    version *v = b->is_over ? NULL : b->current;
    if (v) ++v->holders;
    pthread_mutex_unlock(&b->lock);
    return v;
}

static void let_go(board *b, version *v) {
    pthread_mutex_lock(&b->lock);
    const bool is_last = --v->holders == 0;
    pthread_mutex_unlock(&b->lock);
    if (!is_last) return;
    muster_metric_free(v->metric);
    free(v);
}

static void publish(board *b, muster_metric *metric) {
    version *v = malloc(sizeof *v);
    *v         = (version){metric, 1};
    pthread_mutex_lock(&b->lock);
    version *old = b->current;
    b->current   = v;
    pthread_mutex_unlock(&b->lock);
    if (old) let_go(b, old);
}

/* ---- readers ------------------------------------------------------------------------------- */

/* cmocka's assertions belong to the main thread: others count. */
static void expect(board *b, bool is_so) {
    atomic_fetch_add(&b->answers, 1);
    if (!is_so) atomic_fetch_add(&b->failures, 1);
}

typedef struct answers {
    muster_snap site[SITES];
    uint32_t    plain_ms[SITES * SITES]; /* Dijkstra's */
    uint32_t    table_ms[SITES * SITES], tree_ms[NODES];
} answers;

static void search_plainly(board *b, const muster_metric *metric, answers *a) {
    mu_search search;
    expect(b, mu_search_init(&search, metric) == MUSTER_OK);
    for (int from = 0; from < SITES; ++from) {
        mu_search_run(&search, MUSTER_FORWARD, &a->site[from], SITES, a->site);
        for (int to = 0; to < SITES; ++to) {
            const mu_cost cost = mu_search_cost(&search, &a->site[from], &a->site[to], NULL, NULL);
            a->plain_ms[from * SITES + to] =
                cost == MU_NO_PATH ? MUSTER_UNREACHABLE_MS : mu_cost_ms(cost);
        }
    }
    mu_search_fini(&search);
}

static void ask_for_a_table(board *b, const muster_metric *metric, answers *a) {
    expect(b, muster_matrix(metric, SITES, a->site, SITES, a->site, THREADS, a->table_ms, NULL) ==
                  MUSTER_OK);
    expect(b, memcmp(a->table_ms, a->plain_ms, sizeof a->table_ms) == 0);
}

static void ask_for_ways(board *b, const muster_metric *metric, const answers *a) {
    muster_query *query = NULL;
    uint32_t      duration_ms;
    expect(b, muster_query_new(&query, metric) == MUSTER_OK);
    for (int to = 0; to < SITES; ++to) {
        muster_route *route = NULL;
        expect(b, muster_query_cost(query, &a->site[0], &a->site[to], &duration_ms, NULL) ==
                      MUSTER_OK);
        expect(b, duration_ms == a->plain_ms[to]);
        expect(b, muster_query_route(&route, query, &a->site[0], &a->site[to]) == MUSTER_OK);
        expect(b, (route ? muster_route_duration_ms(route) : MUSTER_UNREACHABLE_MS) == duration_ms);
        muster_route_free(route);
    }
    muster_query_free(query);
}

static void ask_for_the_nearest(board *b, const muster_metric *metric, const answers *a) {
    uint32_t count, target[SITES], duration_ms[SITES], reached = 0;
    expect(b, muster_nearest(metric, MUSTER_FORWARD, &a->site[1], SITES, a->site, SITES, &count,
                             target, duration_ms, NULL) == MUSTER_OK);
    for (uint32_t i = 0; i < count; ++i) {
        expect(b, duration_ms[i] == a->plain_ms[SITES + target[i]]);
        expect(b, i == 0 || duration_ms[i - 1] <= duration_ms[i]);
    }
    for (int to = 0; to < SITES; ++to) reached += a->plain_ms[SITES + to] < MUSTER_UNREACHABLE_MS;
    expect(b, count == reached);
}

static void ask_for_an_isochrone(board *b, const muster_metric *metric, answers *a) {
    muster_isochrone *isochrone = NULL;
    const uint32_t    limit_ms  = 120000;
    uint32_t          count, near = 0;
    expect(b, muster_one_to_all(metric, 1, a->site, MUSTER_FORWARD, THREADS, a->tree_ms, NULL) ==
                  MUSTER_OK);
    expect(b, muster_isochrone_new(&isochrone, metric, 1, a->site, MUSTER_FORWARD, 1, &limit_ms) ==
                  MUSTER_OK);
    muster_isochrone_nodes(isochrone, 0, &count);
    for (int v = 0; v < NODES; ++v) near += a->tree_ms[v] <= limit_ms;
    expect(b, count == near);
    muster_isochrone_free(isochrone);
}

/* A closure of the metric in hand, which others hold as well. */
static void ask_why_not(board *b, const muster_metric *metric, const answers *a) {
    const double       lon[] = {120.03, 120.03}, lat[] = {29, 31};
    muster_closure    *closure   = NULL;
    muster_explainer  *explainer = NULL;
    muster_explanation why;
    expect(b, muster_closure_new(&closure, metric) == MUSTER_OK);
    muster_closure_set_cause(closure, 4);
    expect(b, muster_closure_line(closure, 2, lon, lat) == MUSTER_OK);
    expect(b, muster_explainer_new(&explainer, closure) == MUSTER_OK);
    for (int to = 0; to < SITES; ++to) {
        expect(b, muster_explainer_ask(explainer, &a->site[0], &a->site[to], &why) == MUSTER_OK);
        expect(b, (why.cut == MUSTER_CUT_ALWAYS) == (a->plain_ms[to] == MUSTER_UNREACHABLE_MS));
    }
    muster_explainer_free(explainer);
    muster_closure_free(closure);
}

static void ask_everything(board *b, const muster_metric *metric, uint64_t *rng) {
    answers       *a     = malloc(sizeof *a);
    const uint32_t edges = muster_network_view(b->network)->edge_count;
    for (int i = 0; i < SITES; ++i) {
        a->site[i] = (muster_snap){random_below(rng, edges), random_unit(rng), 0, 0, 0};
    }
    search_plainly(b, metric, a);
    ask_for_a_table(b, metric, a);
    ask_for_ways(b, metric, a);
    ask_for_the_nearest(b, metric, a);
    ask_for_an_isochrone(b, metric, a);
    ask_why_not(b, metric, a);
    free(a);
}

typedef struct reader {
    pthread_t   thread;
    board      *board;
    uint64_t    rng;
    atomic_uint rounds;
} reader;

static void *read_on(void *user) {
    reader  *r = user;
    version *v;
    while ((v = hold(r->board)) != NULL) {
        ask_everything(r->board, v->metric, &r->rng);
        let_go(r->board, v);
        atomic_fetch_add(&r->rounds, 1);
    }
    return NULL;
}

/* ---- the writer ---------------------------------------------------------------------------- */

/* Close some streets of the metric in force, or open others again; now and then start anew. */
static muster_metric *next_metric(const board *b, uint32_t number, uint64_t *rng) {
    enum { CHANGES = 200 };
    muster_arc_change change[CHANGES];
    muster_metric    *next = NULL;
    if (number % 4 == 3) return random_network_metric(b->network, "light");
    for (int i = 0; i < CHANGES; ++i) {
        const uint32_t arc    = random_below(rng, 2 * muster_network_view(b->network)->edge_count);
        const bool     closes = random_below(rng, 4) > 0;
        change[i] = (muster_arc_change){arc, closes ? MUSTER_UNREACHABLE_MS : 10000 + arc % 100};
    }
    assert_int_equal(muster_metric_change(&next, b->current->metric, CHANGES, change), MUSTER_OK);
    return next;
}

/* On a busy machine all metrics may be there before the first reader runs: each shall have asked. */
static bool has_every_reader_asked(const reader *readers) {
    int i = 0;
    while (i < READERS && atomic_load(&readers[i].rounds) >= ROUNDS) ++i;
    return i == READERS;
}

static void write_and_read(board *b) {
    reader   readers[READERS];
    uint64_t rng = 1;
    publish(b, random_network_metric(b->network, "light"));
    for (int i = 0; i < READERS; ++i) {
        readers[i] = (reader){.board = b, .rng = 100 + (uint64_t)i};
        assert_int_equal(pthread_create(&readers[i].thread, NULL, read_on, &readers[i]), 0);
    }
    for (uint32_t i = 0; i < METRICS || !has_every_reader_asked(readers); ++i) {
        publish(b, next_metric(b, i, &rng));
    }
    pthread_mutex_lock(&b->lock);
    b->is_over = true;
    pthread_mutex_unlock(&b->lock);
    for (int i = 0; i < READERS; ++i) pthread_join(readers[i].thread, NULL);
    let_go(b, b->current);
}

static void readers_are_told_of_the_metric_that_they_hold(void **state) {
    (void)state;
    uint64_t        rng     = 1;
    muster_network *network = grid_network(SIDE, &rng);
    board           b       = {.lock = PTHREAD_MUTEX_INITIALIZER, .network = network};
    write_and_read(&b);
    assert_true(atomic_load(&b.answers) > READERS * 100);
    assert_int_equal(atomic_load(&b.failures), 0);
    muster_network_free(network);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(readers_are_told_of_the_metric_that_they_hold)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
