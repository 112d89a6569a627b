/* A table that no memory should hold: row by row in blocks, and what memory it took.
 *
 * usage: bench_table NETWORK.gpkg [SITES]
 * SITES (20,000) random places to as many others, all at once 1.6 GB of durations. Prints the time
 * a cell, and by how much the most memory the process ever had has grown; if that is more than
 * MOST_GROWTH_MB, it is a failure. */
#include <muster/gis.h>
#include <muster/muster.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "bench/clock.h"
#include "tests/support/random.h"

enum { SITES = 20000, BLOCK_CELLS = 4000000, MOST_GROWTH_MB = 128 };

static int failed(void) {
    fprintf(stderr, "bench_table: %s\n", muster_error_message());
    return 1;
}

static double peak_mb(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024; /* kilobytes on Linux */
}

static muster_status snap_sites(const muster_metric *metric, uint32_t count, muster_snap *out) {
    const muster_network_data *v      = muster_network_view(muster_metric_network(metric));
    uint64_t                   rng    = 1;
    muster_status              status = MUSTER_OK;
    for (uint32_t i = 0; i < count && status == MUSTER_OK; ++i) {
        const uint32_t node = random_below(&rng, v->node_count);
        status = muster_snap_sites(metric, 1, &v->node_lon_deg[node], &v->node_lat_deg[node], NULL,
                                   &out[i]);
    }
    return status;
}

/* All rows, and a sum of them, so that two ways can be compared. */
static muster_status make_rows(muster_table *table, uint32_t sites, const muster_snap *from,
                               uint32_t *ms, double *m, uint64_t *sum) {
    const uint32_t block  = sites < BLOCK_CELLS ? BLOCK_CELLS / sites : 1;
    muster_status  status = MUSTER_OK;
    *sum                  = 0;
    for (uint32_t first = 0; first < sites && status == MUSTER_OK; first += block) {
        const uint32_t count = sites - first < block ? sites - first : block;
        status               = muster_table_rows(table, count, from + first, ms, m);
        for (size_t i = 0; i < (size_t)count * sites; ++i) *sum += ms[i];
    }
    return status;
}

static muster_status bench_table(const muster_metric *metric, uint32_t sites,
                                 const muster_snap *site, bool has_distances, uint32_t threads,
                                 uint64_t *sum) {
    muster_table        *table   = NULL;
    muster_table_options options = MUSTER_TABLE_OPTIONS_INIT;
    uint32_t            *ms      = malloc(BLOCK_CELLS * sizeof *ms);
    double              *m       = has_distances ? malloc(BLOCK_CELLS * sizeof *m) : NULL;
    options.thread_count         = threads;
    options.row_count            = sites;
    options.has_distances        = has_distances;
    const double  start = bench_now_ms(), before_mb = peak_mb();
    muster_status status = muster_table_new(&table, metric, sites, site + sites, &options);
    if (status == MUSTER_OK) status = make_rows(table, sites, site, ms, m, sum);
    const double ms_in_all = bench_now_ms() - start, growth_mb = peak_mb() - before_mb;
    muster_table_free(table);
    free(ms);
    free(m);
    if (status != MUSTER_OK) return status;
    printf("%u x %u%s, %u thread%s: %.0f ms, %.2f ns a cell, peak grew by %.0f MB\n", sites, sites,
           has_distances ? " + lengths" : "", threads, threads == 1 ? "" : "s", ms_in_all,
           ms_in_all * 1e6 / sites / sites, growth_mb);
    if (growth_mb <= MOST_GROWTH_MB) return MUSTER_OK;
    return muster_fail(MUSTER_E_INTERNAL, "the peak grew by %.0f MB; expected %d at most",
                       growth_mb, MOST_GROWTH_MB);
}

static muster_status bench_metric(const muster_metric *metric, uint32_t sites) {
    uint64_t      sum[3] = {0};
    muster_snap  *site   = malloc(2 * (size_t)sites * sizeof *site);
    muster_status status = snap_sites(metric, 2 * sites, site);
    if (status == MUSTER_OK) status = bench_table(metric, sites, site, false, 1, &sum[0]);
    if (status == MUSTER_OK) status = bench_table(metric, sites, site, false, 2, &sum[1]);
    if (status == MUSTER_OK) status = bench_table(metric, sites, site, true, 2, &sum[2]);
    free(site);
    if (status != MUSTER_OK || (sum[0] == sum[1] && sum[0] == sum[2])) return status;
    return muster_fail(MUSTER_E_INTERNAL, "two ways to a table differ");
}

int main(int argc, char **argv) {
    muster_network *network;
    muster_metric  *metric;
    muster_profile  light;
    const int       sites = argc > 2 ? atoi(argv[2]) : SITES;
    if (argc < 2 || argc > 3 || sites < 1 || sites > BLOCK_CELLS) {
        fprintf(stderr, "usage: bench_table NETWORK.gpkg [SITES]\n");
        return 2;
    }
    if (muster_network_load(&network, argv[1])) return failed();
    if (muster_network_build_hierarchy(network)) return failed();
    if (muster_profile_builtin(&light, "light")) return failed();
    if (muster_metric_new(&metric, network, &light)) return failed();
    if (bench_metric(metric, (uint32_t)sites)) return failed();
    muster_metric_free(metric);
    muster_network_free(network);
    return 0;
}
