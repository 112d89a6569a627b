/* Closing roads on a network file: a metric changed against a metric made from the start.
 *
 * usage: bench_closure NETWORK.gpkg
 * One line a job: name, arcs changed, runs, fastest and median in milliseconds, and the fastest as
 * a share of that of a metric from the start. Areas are squares under water around nodes a quarter,
 * half and three quarters down the list, grown until so many of the arcs are closed; scattered
 * arcs are random. A table on every changed metric is compared with Dijkstra's: a difference is a
 * failure. */
#include <math.h>
#include <muster/gis.h>
#include <muster/muster.h>
#include <stdio.h>
#include <string.h>

#include "bench/clock.h"
#include "tests/support/random.h"

enum { RUNS = 15, SITES = 40 };

static int failed(void) {
    fprintf(stderr, "bench_closure: %s\n", muster_error_message());
    return 1;
}

static double g_full_ms; /* a metric from the start, the fastest */

static void print_line(const char *job, uint32_t count, bench_times *times) {
    const double fastest_ms = bench_fastest_ms(times);
    if (g_full_ms == 0) g_full_ms = fastest_ms;
    printf("%-34s %8u %4d %12.3f %12.3f %8.3f\n", job, count, times->count, fastest_ms,
           bench_median_ms(times), fastest_ms / g_full_ms);
}

static muster_status bench_new(const muster_network *network, const muster_profile *profile) {
    bench_times times = {0};
    for (int run = 0; run < RUNS; ++run) {
        muster_metric      *metric;
        const double        start  = bench_now_ms();
        const muster_status status = muster_metric_new(&metric, network, profile);
        if (status != MUSTER_OK) return status;
        bench_add(&times, bench_now_ms() - start);
        muster_metric_free(metric);
    }
    print_line("metric from the start", 2 * muster_network_view(network)->edge_count, &times);
    return MUSTER_OK;
}

/* ---- checking ------------------------------------------------------------------------ */

/* A table by the hierarchy of `metric`, into out_ms[SITES * SITES], between random edges. */
static muster_status table(const muster_metric *metric, uint32_t *out_ms) {
    const muster_network_data *v = muster_network_view(muster_metric_network(metric));
    muster_snap                site[SITES];
    uint64_t                   rng = 2;
    for (int i = 0; i < SITES; ++i) {
        site[i] = (muster_snap){random_below(&rng, v->edge_count), random_unit(&rng), 0, 0, 0};
    }
    return muster_matrix(metric, SITES, site, SITES, site, 1, out_ms, NULL);
}

/* `plain` is a metric of the same profile on the same roads without a hierarchy. */
static muster_status compare_tables(const muster_metric *changed, const muster_metric *plain,
                                    uint32_t count, const muster_arc_change *change) {
    static uint32_t fast[SITES * SITES], slow[SITES * SITES];
    muster_metric  *plain_changed;
    muster_status   status = muster_metric_change(&plain_changed, plain, count, change);
    if (status == MUSTER_OK) status = table(changed, fast);
    if (status == MUSTER_OK) status = table(plain_changed, slow);
    muster_metric_free(plain_changed);
    if (status != MUSTER_OK || memcmp(fast, slow, sizeof fast) == 0) return status;
    return muster_fail(MUSTER_E_INTERNAL, "tables with %u changes differ", count);
}

/* ---- jobs ---------------------------------------------------------------------------- */

typedef struct bench {
    const muster_metric *base, *plain; /* with a hierarchy, and without */
    muster_arc_change   *change;       /* [2 * edge_count] */
} bench;

static muster_status bench_change(const bench *b, const char *job, uint32_t count,
                                  const muster_arc_change *change) {
    bench_times    times   = {0};
    muster_metric *changed = NULL;
    muster_status  status  = MUSTER_OK;
    for (int run = 0; run < RUNS && status == MUSTER_OK; ++run) {
        muster_metric_free(changed);
        const double start = bench_now_ms();
        status             = muster_metric_change(&changed, b->base, count, change);
        bench_add(&times, bench_now_ms() - start);
    }
    if (status == MUSTER_OK) print_line(job, count, &times);
    if (status == MUSTER_OK) status = compare_tables(changed, b->plain, count, change);
    muster_metric_free(changed);
    return status;
}

static muster_status bench_scattered(const bench *b, double percent) {
    const uint32_t arcs  = 2 * muster_network_view(muster_metric_network(b->base))->edge_count;
    const uint32_t count = percent > 0 ? (uint32_t)(arcs * percent / 100) : 1;
    uint64_t       rng   = 1;
    char           job[64];
    for (uint32_t i = 0; i < count; ++i) {
        b->change[i] = (muster_arc_change){random_below(&rng, arcs), MUSTER_UNREACHABLE_MS};
    }
    snprintf(job, sizeof job, percent > 0 ? "scattered, %g %%" : "one arc", percent);
    return bench_change(b, job, count, b->change);
}

/* What a square of water closes. */
static muster_status flood(const bench *b, uint32_t node, double half_deg, muster_closure **out) {
    const muster_network_data *v = muster_network_view(muster_metric_network(b->base));
    const double               x = v->node_lon_deg[node], y = v->node_lat_deg[node];
    const double               lon[]   = {x - half_deg, x + half_deg, x + half_deg, x - half_deg};
    const double               lat[]   = {y - half_deg, y - half_deg, y + half_deg, y + half_deg};
    const uint32_t             first[] = {0, 4};
    const muster_polygon       square  = {1, first, lon, lat};
    const muster_status        status  = muster_closure_new(out, b->base);
    return status == MUSTER_OK ? muster_closure_flood(*out, &square, INFINITY) : status;
}

static muster_status bench_area(const bench *b, uint32_t quarter, double percent) {
    const muster_network_data *v       = muster_network_view(muster_metric_network(b->base));
    const uint32_t             node    = v->node_count / 4 * quarter;
    const double               enough  = 2 * v->edge_count * percent / 100;
    muster_closure            *closure = NULL;
    muster_status              status  = MUSTER_OK;
    uint32_t                   count   = 0;
    bench_times                times   = {0};
    char                       job[64];
    for (double half_deg = 0.002; status == MUSTER_OK && count < enough; half_deg *= 1.05) {
        muster_closure_free(closure);
        const double start = bench_now_ms();
        status             = flood(b, node, half_deg, &closure);
        times              = (bench_times){0};
        bench_add(&times, bench_now_ms() - start);
        if (status == MUSTER_OK) muster_closure_changes(closure, &count);
    }
    snprintf(job, sizeof job, "area %u, %g %%: which arcs", quarter, percent);
    if (status == MUSTER_OK) print_line(job, count, &times);
    snprintf(job, sizeof job, "area %u, %g %%", quarter, percent);
    if (status == MUSTER_OK) {
        status = bench_change(b, job, count, muster_closure_changes(closure, &count));
    }
    muster_closure_free(closure);
    return status;
}

static muster_status bench_all(const bench *b) {
    static const double PERCENT[] = {0.1, 1, 5, 20};
    muster_status       status    = bench_scattered(b, 0);
    for (int i = 0; i < 4 && status == MUSTER_OK; ++i) status = bench_scattered(b, PERCENT[i]);
    for (uint32_t quarter = 1; quarter <= 3; ++quarter) {
        for (int i = 0; i < 4 && status == MUSTER_OK; ++i) {
            status = bench_area(b, quarter, PERCENT[i]);
        }
    }
    return status;
}

static muster_status bench_network(muster_network *network) {
    bench          b     = {0};
    muster_metric *plain = NULL, *base = NULL;
    muster_profile profile;
    muster_status  status = muster_profile_builtin(&profile, "light");
    if (status == MUSTER_OK) status = muster_metric_new(&plain, network, &profile);
    if (status == MUSTER_OK) status = muster_network_build_hierarchy(network);
    if (status == MUSTER_OK) status = bench_new(network, &profile);
    if (status == MUSTER_OK) status = muster_metric_new(&base, network, &profile);
    b = (bench){base, plain,
                malloc(2 * (size_t)muster_network_view(network)->edge_count * sizeof *b.change)};
    if (status == MUSTER_OK && !b.change) {
        status = muster_fail(MUSTER_E_NOMEM, "out of memory for changes");
    }
    if (status == MUSTER_OK) status = bench_all(&b);
    free(b.change);
    muster_metric_free(base);
    muster_metric_free(plain);
    return status;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: bench_closure NETWORK.gpkg\n");
        return 2;
    }
    muster_network *network;
    if (muster_network_load(&network, argv[1])) return failed();
    printf("%-34s %8s %4s %12s %12s %8s\n", "job", "arcs", "runs", "fastest ms", "median ms",
           "share");
    if (bench_network(network)) return failed();
    muster_network_free(network);
    return 0;
}
