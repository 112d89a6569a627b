/* The road engine: a metric, a flood, trees, tables and questions. */
#include <math.h>
#include <stdlib.h>

#include <muster/closure.h>
#include <muster/matrix.h>
#include <muster/one_to_all.h>
#include <muster/query.h>

#include "cli/bench_parts.h"
#include "cli/stopwatch.h"

static const char PART[] = "roads";

enum { SIDE = 1000, TREES = 32, QUESTIONS = 1000, FLOODS = 3 };

uint32_t bench_draw(bench_context *b, uint32_t bound) {
    uint64_t z = (b->seed += 0x9E3779B97F4A7C15u);
    z          = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z          = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (uint32_t)((z ^ (z >> 31)) >> 32) % bound;
}

muster_status bench_draw_places(bench_context *b, uint32_t count, muster_snap *out) {
    const muster_network_data *v         = muster_network_view(muster_metric_network(b->metric));
    const uint32_t            *component = muster_metric_component(b->metric);
    double                    *lon_deg   = calloc(2 * (size_t)count, sizeof *lon_deg);
    if (!lon_deg) return muster_fail(MUSTER_E_NOMEM, "out of memory for %u places", count);
    double *lat_deg = lon_deg + count;
    for (uint32_t i = 0; i < count;) {
        const uint32_t node = bench_draw(b, v->node_count);
        if (component[node] != 0) continue;
        lon_deg[i]   = v->node_lon_deg[node];
        lat_deg[i++] = v->node_lat_deg[node];
    }
    const muster_status status = muster_snap_sites(b->metric, count, lon_deg, lat_deg, NULL, out);
    free(lon_deg);
    return status;
}

/* ---- metrics ----------------------------------------------------------------------------- */

/* The fastest of the rounds: the machine was in nobody else's hands then. */
static muster_status time_metric(bench_context *b, double *out_ms) {
    stopwatch      times = {0};
    muster_profile profile;
    muster_status  status = muster_profile_builtin(&profile, "light");
    for (uint32_t i = 0; i < b->rounds && status == MUSTER_OK; ++i) {
        const double   start = stopwatch_now_ms();
        muster_metric *metric;
        status = muster_metric_new(&metric, muster_metric_network(b->metric), &profile);
        stopwatch_keep(&times, start);
        if (status == MUSTER_OK) muster_metric_free(metric);
    }
    *out_ms = stopwatch_percentile_ms(&times, 0);
    return status;
}

/* The metric with a square under deep water; how many arcs that closes. */
static muster_status flood(const bench_context *b, muster_site middle, double half_deg,
                           muster_metric **out, uint32_t *out_arcs) {
    const double   west = middle.lon_deg - half_deg, east = middle.lon_deg + half_deg;
    const double   south = middle.lat_deg - half_deg, north = middle.lat_deg + half_deg;
    const double   lon_deg[] = {west, east, east, west}, lat_deg[] = {south, south, north, north};
    const uint32_t first[]    = {0, 4};
    const muster_polygon area = {1, first, lon_deg, lat_deg};
    muster_closure      *closure;
    muster_status        status = muster_closure_new(&closure, b->metric);
    if (status != MUSTER_OK) return status;
    status = muster_closure_flood(closure, &area, INFINITY);
    if (status == MUSTER_OK) {
        const muster_arc_change *change = muster_closure_changes(closure, out_arcs);
        status                          = muster_metric_change(out, b->metric, *out_arcs, change);
    }
    muster_closure_free(closure);
    return status;
}

/* The smallest square, to a twentieth, that closes 1 % of all arcs, or all there are. */
static muster_status find_square(const bench_context *b, muster_site middle, double *out_half_deg) {
    static const double WIDEST_DEG = 40;
    const uint32_t enough = muster_network_view(muster_metric_network(b->metric))->edge_count / 50;
    uint32_t       arcs   = 0;
    for (double half_deg = 0.0005; half_deg < WIDEST_DEG && arcs <= enough; half_deg *= 1.05) {
        muster_metric      *flooded;
        const muster_status status = flood(b, middle, half_deg, &flooded, &arcs);
        if (status != MUSTER_OK) return status;
        muster_metric_free(flooded);
        *out_half_deg = half_deg;
    }
    return MUSTER_OK;
}

static muster_status time_floods(bench_context *b, double *out_ms) {
    stopwatch     times          = {0};
    muster_snap   middle[FLOODS] = {0};
    muster_status status         = bench_draw_places(b, FLOODS, middle);
    for (uint32_t f = 0; f < FLOODS && status == MUSTER_OK; ++f) {
        const muster_site site     = {middle[f].lon_deg, middle[f].lat_deg};
        double            half_deg = 0;
        status                     = find_square(b, site, &half_deg);
        for (uint32_t i = 0; i < b->rounds && status == MUSTER_OK; ++i) {
            muster_metric *flooded;
            uint32_t       arcs;
            const double   start = stopwatch_now_ms();
            status               = flood(b, site, half_deg, &flooded, &arcs);
            stopwatch_keep(&times, start);
            if (status == MUSTER_OK) muster_metric_free(flooded);
        }
    }
    *out_ms = stopwatch_percentile_ms(&times, 50);
    return status;
}

static muster_status metrics(bench_context *b) {
    double        metric_ms, flood_ms;
    muster_status status = time_metric(b, &metric_ms);
    if (status == MUSTER_OK) status = time_floods(b, &flood_ms);
    if (status != MUSTER_OK) return status;
    bench_table_add(b->table, PART, "a metric of the whole network, one thread", metric_ms, "ms");
    bench_table_aim(b->table, PART, "a flood of 1 % of it, outline to metric, median",
                    flood_ms / metric_ms * 100, "% of that", BENCH_AT_MOST, 20);
    return status;
}

/* ---- tables ------------------------------------------------------------------------------ */

/* The fastest of the rounds, one thread, durations alone. */
static muster_status time_table(bench_context *b, uint32_t from, uint32_t to,
                                const muster_snap *place, uint32_t *out_table, double *out_ms) {
    stopwatch     times  = {0};
    muster_status status = MUSTER_OK;
    for (uint32_t i = 0; i < b->rounds && status == MUSTER_OK; ++i) {
        const double start = stopwatch_now_ms();
        status = muster_matrix(b->metric, from, place, to, place + SIDE, 1, out_table, NULL);
        stopwatch_keep(&times, start);
    }
    *out_ms = stopwatch_percentile_ms(&times, 0);
    return status;
}

static muster_status tables(bench_context *b, const muster_snap *place, uint32_t *table) {
    double        small_ms, large_ms;
    muster_status status = time_table(b, 50, 200, place, table, &small_ms);
    if (status == MUSTER_OK) status = time_table(b, SIDE, SIDE, place, table, &large_ms);
    if (status != MUSTER_OK) return status;
    bench_table_add(b->table, PART, "table 50 x 200, one thread", small_ms, "ms");
    bench_table_aim(b->table, PART, "table 1000 x 1000, one thread", large_ms * 1e6 / SIDE / SIDE,
                    "ns a cell", BENCH_AT_MOST, 30);
    return status;
}

static muster_status trees(bench_context *b, const muster_snap *place) {
    stopwatch     times = {0};
    const size_t  nodes = muster_network_view(muster_metric_network(b->metric))->node_count;
    uint32_t     *out   = malloc(TREES * nodes * sizeof *out);
    muster_status status =
        out ? MUSTER_OK : muster_fail(MUSTER_E_NOMEM, "out of memory for %d trees", (int)TREES);
    for (uint32_t i = 0; i < b->rounds && status == MUSTER_OK; ++i) {
        const double start = stopwatch_now_ms();
        status = muster_one_to_all(b->metric, TREES, place, MUSTER_FORWARD, 1, out, NULL);
        stopwatch_keep(&times, start);
    }
    free(out);
    if (status != MUSTER_OK) return status;
    bench_table_aim(b->table, PART, "one place to every junction, one thread",
                    stopwatch_percentile_ms(&times, 0) / TREES, "ms a tree", BENCH_AT_MOST, 0.2);
    return status;
}

static muster_status questions(bench_context *b, const muster_snap *place) {
    muster_query *query;
    muster_status status = muster_query_new(&query, b->metric);
    if (status != MUSTER_OK) return status;
    const double start = stopwatch_now_ms();
    for (uint32_t i = 0; i < QUESTIONS && status == MUSTER_OK; ++i) {
        uint32_t duration_ms;
        status = muster_query_cost(query, &place[i % SIDE], &place[SIDE + (7 * i + 1) % SIDE],
                                   &duration_ms, NULL);
    }
    const double all_ms = stopwatch_now_ms() - start;
    muster_query_free(query);
    if (status != MUSTER_OK) return status;
    bench_table_add(b->table, PART, "one place to one place", all_ms * 1000 / QUESTIONS, "us");
    return status;
}

/* ---- all --------------------------------------------------------------------------------- */

muster_status bench_roads(bench_context *b) {
    muster_snap  *place = malloc(2 * (size_t)SIDE * sizeof *place);
    uint32_t     *table = malloc((size_t)SIDE * SIDE * sizeof *table);
    muster_status status =
        place && table ? MUSTER_OK : muster_fail(MUSTER_E_NOMEM, "out of memory for a table");
    if (status == MUSTER_OK) status = metrics(b);
    if (status == MUSTER_OK) status = bench_draw_places(b, 2 * SIDE, place);
    if (status == MUSTER_OK) status = trees(b, place);
    if (status == MUSTER_OK) status = tables(b, place, table);
    if (status == MUSTER_OK) status = questions(b, place);
    free(table);
    free(place);
    return status;
}
