/* Many-to-many travel times, a block of rows at a time: what a table needs for its targets is
 * prepared once, and so is all memory.
 *
 * Over a hierarchy the targets' part of it is selected and swept (sweep.c). Where many rows are
 * to come, arcs that no fastest path needs are found first (perfect.c) and left out. A tall table
 * that is known as a whole is turned: swept from its targets, backward, to its sources. Without a
 * hierarchy searches start from the smaller side: backward from the targets when they are fewer.
 * A table of few cells is not worth a selection: each place of its smaller side is a star (query.c).
 * By air a cell is a formula (flight.c).
 *
 * Costs are integers, so that every way there and any number of threads give the same table. Each
 * batch of rows or column is one thread's work from start to end. */
#include <muster/matrix.h>

#include <math.h>
#include <string.h>

#include "core/alloc.h"
#include "core/flight.h"
#include "core/query.h"
#include "core/search.h"
#include "core/snap_check.h"
#include "core/sweep.h"
#include "core/threads.h"

struct muster_table {
    const muster_metric *metric;
    uint32_t             to_count;
    const muster_snap   *to;
    muster_snap         *own_to; /* `to`, where it was copied */
    bool                 has_distances;
    bool                 is_turned; /* `to` are the rows, and a block's `from` the columns */
    uint32_t             worker_count;
    mu_perfect           perfect; /* made for this table alone */
    mu_selection         selection;
    mu_sweep            *sweeps;   /* [worker_count] with a hierarchy */
    mu_search           *searches; /* [worker_count] without one */
    mu_flight_table      flight;   /* by air */
};

/* Rows in the making. */
typedef struct block {
    uint32_t           from_count;
    const muster_snap *from;
    uint32_t          *duration_ms;
    double            *distance_m; /* NULL: not asked for */
} block;

static void write_cost(const block *b, size_t cell, mu_cost cost) {
    const bool is_path   = cost != MU_NO_PATH;
    b->duration_ms[cell] = is_path ? mu_cost_ms(cost) : MUSTER_UNREACHABLE_MS;
    if (b->distance_m) b->distance_m[cell] = is_path ? mu_cost_cm(cost) / 100.0 : (double)NAN;
}

static void write_cell(const muster_table *t, const block *b, uint32_t from, uint32_t to,
                       mu_cost cost) {
    write_cost(b, (size_t)from * t->to_count + to, cost);
}

/* ---- over a hierarchy: many sources a sweep -------------------------------------------- */

/* Sweeps come a target at a time, and the table goes a row at a time: so many columns are turned
 * round together. */
enum { TILE_COLUMNS = 16 };

static void copy_durations(const muster_table *t, const mu_sweep *sweep, const block *b,
                           uint32_t first, uint32_t count, uint32_t to) {
    uint32_t       tile[TILE_COLUMNS][MU_MOST_LANES];
    const uint32_t rest  = t->to_count - to;
    const uint32_t width = rest < TILE_COLUMNS ? rest : TILE_COLUMNS;
    for (uint32_t i = 0; i < width; ++i) mu_sweep_durations(sweep, to + i, tile[i]);
    for (uint32_t lane = 0; lane < count; ++lane) {
        uint32_t *cell = &b->duration_ms[(size_t)(first + lane) * t->to_count + to];
        for (uint32_t i = 0; i < width; ++i) cell[i] = tile[i][lane];
    }
}

static void copy_costs(const muster_table *t, const mu_sweep *sweep, const block *b, uint32_t first,
                       uint32_t count, uint32_t to) {
    mu_cost        tile[TILE_COLUMNS][MU_MOST_COST_LANES];
    const uint32_t rest  = t->to_count - to;
    const uint32_t width = rest < TILE_COLUMNS ? rest : TILE_COLUMNS;
    for (uint32_t i = 0; i < width; ++i) mu_sweep_costs(sweep, to + i, tile[i]);
    for (uint32_t lane = 0; lane < count; ++lane) {
        for (uint32_t i = 0; i < width; ++i) write_cell(t, b, first + lane, to + i, tile[i][lane]);
    }
}

static void copy_rows(const muster_table *t, const mu_sweep *sweep, const block *b, uint32_t first,
                      uint32_t count) {
    for (uint32_t to = 0; to < t->to_count; to += TILE_COLUMNS) {
        if (t->has_distances) {
            copy_costs(t, sweep, b, first, count, to);
        } else {
            copy_durations(t, sweep, b, first, count, to);
        }
    }
}

/* Of a turned table a sweep has so many columns: pieces of rows as they are. */
static void copy_columns(const muster_table *t, const mu_sweep *sweep, const block *b,
                         uint32_t first, uint32_t count) {
    mu_cost piece[MU_MOST_COST_LANES];
    for (uint32_t row = 0; row < t->to_count; ++row) {
        const size_t cell = (size_t)row * b->from_count + first;
        if (!t->has_distances) {
            mu_sweep_durations(sweep, row, &b->duration_ms[cell]);
            continue;
        }
        mu_sweep_costs(sweep, row, piece);
        for (uint32_t lane = 0; lane < count; ++lane) write_cost(b, cell + lane, piece[lane]);
    }
}

static void sweep_rows(const muster_table *t, mu_sweep *sweep, const block *b, uint32_t first) {
    const uint32_t lanes = sweep->descent.lane_count, rest = b->from_count - first;
    const uint32_t count = rest < lanes ? rest : lanes;
    mu_sweep_run(sweep, count, &b->from[first]);
    if (t->is_turned) {
        copy_columns(t, sweep, b, first, count);
    } else {
        copy_rows(t, sweep, b, first, count);
    }
}

static uint32_t count_batches(uint32_t rows, uint32_t lanes) {
    return rows / lanes + (rows % lanes > 0);
}

typedef struct filling {
    const muster_table *table;
    const block        *block;
} filling;

static void do_sweep(void *user, uint32_t batch, uint32_t worker) {
    const filling *f     = user;
    mu_sweep      *sweep = &f->table->sweeps[worker];
    sweep_rows(f->table, sweep, f->block, batch * sweep->descent.lane_count);
}

static void run_sweeps(const muster_table *t, const block *b) {
    filling        work    = {t, b};
    const uint32_t batches = count_batches(b->from_count, t->sweeps[0].descent.lane_count);
    mu_share_jobs(batches, t->worker_count, do_sweep, &work);
}

/* Finding the arcs to leave out costs about as much as sweeping over so many arcs a triangle of
 * the hierarchy: what it saves on 17 on New York, 13 on the home scenario. */
enum { ARCS_SWEPT_FOR_A_TRIANGLE = 16 };

static bool perfect_pays(const muster_table *t, uint32_t row_count) {
    const mu_selection *s       = &t->selection;
    const uint64_t      arcs    = s->arcs.first[s->arcs.node_count];
    const mu_descent    descent = mu_descent_for(mu_isa_best(), row_count, t->has_distances);
    const uint64_t      batches = count_batches(row_count, descent.lane_count);
    return !t->metric->perfect.ascent && batches * arcs / ARCS_SWEPT_FOR_A_TRIANGLE >=
                                             t->metric->weights.hierarchy->triangle_count;
}

static muster_status select_targets(muster_table *t, const mu_perfect *perfect) {
    const muster_direction direction = t->is_turned ? MUSTER_BACKWARD : MUSTER_FORWARD;
    return mu_selection_init(&t->selection, t->metric, direction, perfect, t->has_distances,
                             t->to_count, t->to);
}

static muster_status prepare_sweeps(muster_table *t, uint32_t row_count, uint32_t threads) {
    MU_TRY(select_targets(t, &t->metric->perfect));
    if (perfect_pays(t, row_count)) {
        MU_TRY(mu_perfect_init(&t->perfect, &t->metric->weights, threads));
        mu_selection_fini(&t->selection);
        MU_TRY(select_targets(t, &t->perfect));
    }
    const mu_descent descent = mu_descent_for(mu_isa_best(), row_count, t->has_distances);
    t->worker_count = mu_thread_count(threads, count_batches(row_count, descent.lane_count));
    MU_TRY(mu_alloc_zeroed(&t->sweeps, t->worker_count, sizeof *t->sweeps));
    for (uint32_t w = 0; w < t->worker_count; ++w) {
        MU_TRY(mu_sweep_init(&t->sweeps[w], &t->selection, row_count, t->has_distances));
    }
    return MUSTER_OK;
}

/* ---- without one: a search from each place of the smaller side ------------------------- */

static void search_row(const muster_table *t, mu_search *search, const block *b, uint32_t from) {
    mu_search_run(search, MUSTER_FORWARD, &b->from[from], t->to_count, t->to);
    for (uint32_t to = 0; to < t->to_count; ++to) {
        write_cell(t, b, from, to, mu_search_cost(search, &b->from[from], &t->to[to], NULL, NULL));
    }
}

static void search_column(const muster_table *t, mu_search *search, const block *b, uint32_t to) {
    mu_search_run(search, MUSTER_BACKWARD, &t->to[to], b->from_count, b->from);
    for (uint32_t from = 0; from < b->from_count; ++from) {
        write_cell(t, b, from, to, mu_search_cost(search, &t->to[to], &b->from[from], NULL, NULL));
    }
}

static void search_by_row(void *user, uint32_t row, uint32_t worker) {
    const filling *f = user;
    search_row(f->table, &f->table->searches[worker], f->block, row);
}

static void search_by_column(void *user, uint32_t column, uint32_t worker) {
    const filling *f = user;
    search_column(f->table, &f->table->searches[worker], f->block, column);
}

static void run_searches(const muster_table *t, const block *b) {
    filling work = {t, b};
    if (b->from_count <= t->to_count) {
        mu_share_jobs(b->from_count, t->worker_count, search_by_row, &work);
    } else {
        mu_share_jobs(t->to_count, t->worker_count, search_by_column, &work);
    }
}

/* On a small network a search is over before another thread has woken up. */
static muster_status prepare_searches(muster_table *t, uint32_t row_count, uint32_t threads) {
    enum { LEAST_A_THREAD = 10000 }; /* nodes */
    const uint32_t runs  = row_count < t->to_count ? row_count : t->to_count;
    const uint64_t nodes = (uint64_t)runs * muster_network_view(t->metric->network)->node_count;
    const uint64_t jobs  = nodes / LEAST_A_THREAD;
    t->worker_count      = mu_thread_count(threads, jobs < runs ? (uint32_t)jobs : runs);
    MU_TRY(mu_alloc_zeroed(&t->searches, t->worker_count, sizeof *t->searches));
    for (uint32_t w = 0; w < t->worker_count; ++w) {
        MU_TRY(mu_search_init(&t->searches[w], t->metric));
    }
    return MUSTER_OK;
}

/* ---- few cells: climbs ------------------------------------------------------------------- */

/* So many climbs take three quarters of a selection and its sweep on Auckland (54,370 nodes), and all but as
 * long on the home scenario (99,942). */
enum { MOST_CLIMBS = 64 };

static bool is_few(const muster_metric *metric, uint32_t from_count, uint32_t to_count) {
    const uint64_t hubs   = from_count < to_count ? from_count : to_count;
    const uint64_t others = from_count < to_count ? to_count : from_count;
    return metric->weights.hierarchy && !mu_metric_flies(metric) &&
           hubs * (others + 1) <= MOST_CLIMBS;
}

static void write_stars(mu_query *query, uint32_t to_count, const muster_snap *to, const block *b) {
    const bool         is_hub_from = b->from_count < to_count;
    const muster_snap *hub = is_hub_from ? b->from : to, *other = is_hub_from ? to : b->from;
    const uint32_t     hubs   = is_hub_from ? b->from_count : to_count;
    const uint32_t     others = is_hub_from ? to_count : b->from_count;
    mu_cost            cost[MOST_CLIMBS];
    for (uint32_t h = 0; h < hubs; ++h) {
        mu_query_star(query, is_hub_from ? MU_ASCENT : MU_DESCENT, &hub[h], others, other, cost);
        for (uint32_t i = 0; i < others; ++i) {
            const size_t row = is_hub_from ? h : i, column = is_hub_from ? i : h;
            write_cost(b, row * to_count + column, cost[i]);
        }
    }
}

static muster_status climb_cells(const muster_metric *metric, uint32_t to_count,
                                 const muster_snap *to, const block *b) {
    mu_query query;
    if (to_count == 0) return MUSTER_OK;
    MU_TRY(mu_query_init_few(&query, metric));
    write_stars(&query, to_count, to, b);
    mu_query_fini(&query);
    return MUSTER_OK;
}

/* ---- the table --------------------------------------------------------------------------- */

static muster_status prepare_flight(muster_table *t, uint32_t row_count, uint32_t threads) {
    t->worker_count = mu_thread_count(threads, row_count);
    return mu_flight_table_init(&t->flight, t->metric, t->to_count, t->to);
}

static muster_status prepare(muster_table *t, const muster_table_options *o) {
    const uint32_t rows = o->row_count > 0 ? o->row_count : UINT32_MAX;
    if (mu_metric_flies(t->metric)) return prepare_flight(t, rows, o->thread_count);
    return t->metric->weights.hierarchy ? prepare_sweeps(t, rows, o->thread_count)
                                        : prepare_searches(t, rows, o->thread_count);
}

static void finish(muster_table *t) {
    for (uint32_t w = 0; t->sweeps && w < t->worker_count; ++w) mu_sweep_fini(&t->sweeps[w]);
    for (uint32_t w = 0; t->searches && w < t->worker_count; ++w) mu_search_fini(&t->searches[w]);
    mu_free(t->sweeps);
    mu_free(t->searches);
    mu_selection_fini(&t->selection);
    mu_perfect_fini(&t->perfect);
    mu_flight_table_fini(&t->flight);
    mu_free(t->own_to);
}

static muster_status fill(const muster_table *t, const block *b) {
    if (t->to_count == 0) return MUSTER_OK;
    MU_TRY(mu_check_snaps(t->metric, "source site", b->from_count, b->from));
    if (mu_metric_flies(t->metric)) {
        mu_flight_table_rows(&t->flight, b->from_count, b->from, t->worker_count, b->duration_ms,
                             b->distance_m);
    } else if (t->sweeps) {
        run_sweeps(t, b);
    } else {
        run_searches(t, b);
    }
    return MUSTER_OK;
}

static muster_status check_options(const muster_table_options *options) {
    if (options->struct_size == sizeof *options) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID, "table options have struct_size %zu; expected %zu",
                       options->struct_size, sizeof *options);
}

static muster_status copy_and_prepare(muster_table *t, const muster_table_options *options) {
    MU_TRY(mu_alloc_copy(&t->own_to, t->to, t->to_count, sizeof *t->to));
    t->to = t->own_to;
    return prepare(t, options);
}

muster_status muster_table_new(muster_table **out, const muster_metric *metric, uint32_t to_count,
                               const muster_snap *to, const muster_table_options *options) {
    static const muster_table_options DEFAULTS = MUSTER_TABLE_OPTIONS_INIT;
    *out                                       = NULL;
    if (!options) options = &DEFAULTS;
    MU_TRY(check_options(options));
    MU_TRY(mu_check_snaps(metric, "target site", to_count, to));
    muster_table *t;
    MU_TRY(mu_alloc_zeroed(&t, 1, sizeof *t));
    *t = (muster_table){
        .metric = metric, .to_count = to_count, .to = to, .has_distances = options->has_distances};
    const muster_status status = copy_and_prepare(t, options);
    if (status != MUSTER_OK) {
        muster_table_free(t);
        return status;
    }
    *out = t;
    return MUSTER_OK;
}

void muster_table_free(muster_table *t) {
    if (!t) return;
    finish(t);
    mu_free(t);
}

muster_status muster_table_rows(muster_table *t, uint32_t from_count, const muster_snap *from,
                                uint32_t *out_duration_ms, double *out_distance_m) {
    if (out_distance_m && !t->has_distances) {
        return muster_fail(MUSTER_E_INVALID,
                           "the table was made without distances; expected has_distances in its "
                           "options, or no out_distance_m");
    }
    return fill(t, &(block){from_count, from, out_duration_ms, out_distance_m});
}

/* Each source climbs by itself, and what targets have in common is swept once for many sources. */
static bool is_tall(const muster_metric *metric, uint32_t from_count, uint32_t to_count) {
    return metric->weights.hierarchy && from_count / 2 >= to_count && to_count > 0;
}

muster_status muster_matrix(const muster_metric *metric, uint32_t from_count,
                            const muster_snap *from, uint32_t to_count, const muster_snap *to,
                            uint32_t thread_count, uint32_t *out_duration_ms,
                            double *out_distance_m) {
    MU_TRY(mu_check_snaps(metric, "source site", from_count, from));
    MU_TRY(mu_check_snaps(metric, "target site", to_count, to));
    if (from_count == 0) return MUSTER_OK;
    if (is_few(metric, from_count, to_count)) {
        return climb_cells(metric, to_count, to,
                           &(block){from_count, from, out_duration_ms, out_distance_m});
    }
    const bool   is_turned = is_tall(metric, from_count, to_count);
    const block  whole = {is_turned ? to_count : from_count, is_turned ? to : from, out_duration_ms,
                         out_distance_m};
    muster_table t     = {.metric        = metric,
                          .to_count      = is_turned ? from_count : to_count,
                          .to            = is_turned ? from : to,
                          .has_distances = out_distance_m != NULL,
                          .is_turned     = is_turned};
    const muster_table_options options = {sizeof options, thread_count, whole.from_count,
                                          t.has_distances};
    muster_status              status  = prepare(&t, &options);
    if (status == MUSTER_OK) status = fill(&t, &whole);
    finish(&t);
    return status;
}
