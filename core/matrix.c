/* Many-to-many travel times by repeated one-to-many search.
 *
 * Searches start from the smaller side: backward from the targets when they are fewer.
 * Costs are integers, so both directions and any number of threads give the same table.
 * Each row or column is one thread's work from start to end; the searches are allocated
 * before the parallel region, where a failure can still be reported simply. */
#include <muster/matrix.h>

#include <math.h>

#include "core/alloc.h"
#include "core/flight.h"
#include "core/search.h"
#include "core/snap_check.h"
#include "core/sweep.h"
#include "core/threads.h"

typedef struct job {
    uint32_t           from_count, to_count;
    const muster_snap *from, *to;
    uint32_t          *duration_ms;
    double            *distance_m;
} job;

static void write_cell(const job *j, uint32_t from, uint32_t to, mu_cost cost) {
    const size_t cell    = (size_t)from * j->to_count + to;
    const bool   is_path = cost != MU_NO_PATH;
    j->duration_ms[cell] = is_path ? mu_cost_ms(cost) : MUSTER_UNREACHABLE_MS;
    if (j->distance_m) j->distance_m[cell] = is_path ? mu_cost_cm(cost) / 100.0 : (double)NAN;
}

/* ---- over a hierarchy: eight sources a sweep ------------------------------------------ */

static void fill_rows(mu_sweep *sweep, const job *j, uint32_t first) {
    const uint32_t rest  = j->from_count - first;
    const uint32_t count = rest < MU_SWEEP_LANES ? rest : MU_SWEEP_LANES;
    mu_sweep_run(sweep, count, &j->from[first]);
    for (uint32_t lane = 0; lane < count; ++lane) {
        const uint32_t from = first + lane;
        for (uint32_t to = 0; to < j->to_count; ++to) {
            write_cell(j, from, to, mu_sweep_cost(sweep, lane, &j->from[from], to));
        }
    }
}

static muster_status run_sweeps(const muster_metric *metric, const job *j, uint32_t asked_threads) {
    const uint32_t batches = j->from_count / MU_SWEEP_LANES + (j->from_count % MU_SWEEP_LANES > 0);
    const uint32_t threads = mu_thread_count(asked_threads, batches);
    mu_selection   selection;
    mu_sweep      *sweeps = NULL;
    MU_TRY(mu_selection_init(&selection, metric, j->to_count, j->to));
    muster_status status = mu_alloc_zeroed(&sweeps, threads, sizeof *sweeps);
    for (uint32_t t = 0; t < threads && status == MUSTER_OK; ++t) {
        status = mu_sweep_init(&sweeps[t], &selection);
    }
    if (status == MUSTER_OK) {
#pragma omp parallel for schedule(dynamic) num_threads(threads)
        for (uint32_t b = 0; b < batches; ++b) {
            fill_rows(&sweeps[mu_thread_number()], j, b * MU_SWEEP_LANES);
        }
    }
    for (uint32_t t = 0; sweeps && t < threads; ++t) mu_sweep_fini(&sweeps[t]);
    mu_free(sweeps);
    mu_selection_fini(&selection);
    return status;
}

/* ---- without one: a search from each place of the smaller side ------------------------- */

static void fill_row(mu_search *search, const job *j, uint32_t from) {
    mu_search_run(search, MUSTER_FORWARD, &j->from[from], j->to_count, j->to);
    for (uint32_t to = 0; to < j->to_count; ++to) {
        write_cell(j, from, to, mu_search_cost(search, &j->from[from], &j->to[to], NULL, NULL));
    }
}

static void fill_column(mu_search *search, const job *j, uint32_t to) {
    mu_search_run(search, MUSTER_BACKWARD, &j->to[to], j->from_count, j->from);
    for (uint32_t from = 0; from < j->from_count; ++from) {
        write_cell(j, from, to, mu_search_cost(search, &j->to[to], &j->from[from], NULL, NULL));
    }
}

static muster_status run_searches(const muster_metric *metric, const job *j,
                                  uint32_t asked_threads) {
    const bool     by_row   = j->from_count <= j->to_count;
    const uint32_t runs     = by_row ? j->from_count : j->to_count;
    const uint32_t threads  = mu_thread_count(asked_threads, runs);
    mu_search     *searches = NULL;
    muster_status  status   = mu_alloc_zeroed(&searches, threads, sizeof *searches);
    for (uint32_t t = 0; t < threads && status == MUSTER_OK; ++t) {
        status = mu_search_init(&searches[t], metric);
    }
    if (status == MUSTER_OK) {
#pragma omp parallel for schedule(dynamic) num_threads(threads)
        for (uint32_t i = 0; i < runs; ++i) {
            mu_search *search = &searches[mu_thread_number()];
            if (by_row) {
                fill_row(search, j, i);
            } else {
                fill_column(search, j, i);
            }
        }
    }
    for (uint32_t t = 0; searches && t < threads; ++t) mu_search_fini(&searches[t]);
    mu_free(searches);
    return status;
}

muster_status muster_matrix(const muster_metric *metric, uint32_t from_count,
                            const muster_snap *from, uint32_t to_count, const muster_snap *to,
                            uint32_t thread_count, uint32_t *out_duration_ms,
                            double *out_distance_m) {
    MU_TRY(mu_check_snaps(metric, "source site", from_count, from));
    MU_TRY(mu_check_snaps(metric, "target site", to_count, to));
    if (mu_metric_flies(metric)) {
        return mu_flight_matrix(metric, from_count, from, to_count, to, thread_count,
                                out_duration_ms, out_distance_m);
    }
    const job j = {from_count, to_count, from, to, out_duration_ms, out_distance_m};
    return metric->weights.hierarchy ? run_sweeps(metric, &j, thread_count)
                                     : run_searches(metric, &j, thread_count);
}
