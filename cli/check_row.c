/* See check_row.h. */
#include "cli/check_row.h"

#include <math.h>
#include <stdlib.h>

#include <muster/matrix.h>
#include <muster/reach.h>

#include "cli/check_route.h"
#include "cli/command.h"

/* ---- drawing ------------------------------------------------------------------------- */

/* splitmix64 (Steele, Lea and Flood, OOPSLA 2014), the upper half. */
static uint32_t random_u32(uint64_t *state) {
    uint64_t z = (*state += 0x9E3779B97F4A7C15u);
    z          = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z          = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (uint32_t)((z ^ (z >> 31)) >> 32);
}

/* One place in four is a junction, where the rules are others. */
static muster_status draw_place(muster_snap *out, const muster_metric *metric, uint64_t *state) {
    const muster_network_data *v      = muster_network_view(muster_metric_network(metric));
    const uint32_t             edge   = random_u32(state) % v->edge_count;
    const double               share  = random_u32(state) % 4 ? random_u32(state) / 0x1p32 : 0;
    const uint32_t             source = v->edge_source[edge], target = v->edge_target[edge];
    const double               lon_deg =
        v->node_lon_deg[source] + share * (v->node_lon_deg[target] - v->node_lon_deg[source]);
    const double lat_deg =
        v->node_lat_deg[source] + share * (v->node_lat_deg[target] - v->node_lat_deg[source]);
    return muster_snap_sites(metric, 1, &lon_deg, &lat_deg, NULL, out);
}

int check_row_draw(check_row *out, uint32_t count, const muster_metric *metric, uint64_t *state) {
    *out                 = (check_row){.count = count};
    muster_status status = draw_place(&out->origin, metric, state);
    for (uint32_t i = 0; i < count && status == MUSTER_OK; ++i) {
        status = draw_place(&out->place[i], metric, state);
    }
    if (status == MUSTER_OK) {
        status =
            muster_matrix(metric, 1, &out->origin, count, out->place, 1, out->out_ms, out->out_m);
    }
    if (status == MUSTER_OK) {
        status =
            muster_matrix(metric, count, out->place, 1, &out->origin, 1, out->back_ms, out->back_m);
    }
    return status == MUSTER_OK ? COMMAND_DONE : command_fail_status(status);
}

/* ---- comparing ----------------------------------------------------------------------- */

static bool is_same(uint32_t a_ms, double a_m, uint32_t b_ms, double b_m) {
    return a_ms == b_ms && (a_m == b_m || (isnan(a_m) && isnan(b_m)));
}

static int compare(const char *what, const muster_snap *from, const muster_snap *to, uint32_t ms,
                   double m, uint32_t expected_ms, double expected_m) {
    if (is_same(ms, m, expected_ms, expected_m)) return COMMAND_DONE;
    return command_fail(COMMAND_INTERNAL,
                        "the %s from edge %u at %.17g to edge %u at %.17g says %u ms and %.2f m; "
                        "Dijkstra's algorithm says %u ms and %.2f m",
                        what, from->edge, from->fraction, to->edge, to->fraction, ms, m,
                        expected_ms, expected_m);
}

static int compare_queries(const check_row *row, muster_query *query) {
    for (uint32_t i = 0; i < row->count; ++i) {
        uint32_t            ms;
        double              m;
        const muster_status status =
            muster_query_cost(query, &row->origin, &row->place[i], &ms, &m);
        if (status != MUSTER_OK) return command_fail_status(status);
        const int code =
            compare("query", &row->origin, &row->place[i], ms, m, row->out_ms[i], row->out_m[i]);
        if (code != COMMAND_DONE) return code;
    }
    return COMMAND_DONE;
}

static int compare_route(const muster_route *route, const turn_list *turns, const muster_snap *from,
                         const muster_snap *to, uint32_t expected_ms, double expected_m) {
    const uint32_t ms   = route ? muster_route_duration_ms(route) : MUSTER_UNREACHABLE_MS;
    const double   m    = route ? muster_route_distance_m(route) : (double)NAN;
    const int      code = compare("route", from, to, ms, m, expected_ms, expected_m);
    return code == COMMAND_DONE && route ? check_route_arcs(route, turns, from, to) : code;
}

static int compare_routes(const check_row *row, const turn_list *turns, muster_query *query) {
    int code = COMMAND_DONE;
    for (uint32_t i = 0; i < row->count && code == COMMAND_DONE; ++i) {
        muster_route       *route;
        const muster_status status =
            muster_query_route(&route, query, &row->origin, &row->place[i]);
        if (status != MUSTER_OK) return command_fail_status(status);
        code = compare_route(route, turns, &row->origin, &row->place[i], row->out_ms[i],
                             row->out_m[i]);
        muster_route_free(route);
    }
    return code;
}

static int compare_tables(const check_row *row, const muster_metric *metric) {
    uint32_t      out_ms[CHECK_ROW_PLACES], back_ms[CHECK_ROW_PLACES];
    double        out_m[CHECK_ROW_PLACES], back_m[CHECK_ROW_PLACES];
    muster_status status =
        muster_matrix(metric, 1, &row->origin, row->count, row->place, 1, out_ms, out_m);
    if (status == MUSTER_OK) {
        status = muster_matrix(metric, row->count, row->place, 1, &row->origin, 1, back_ms, back_m);
    }
    if (status != MUSTER_OK) return command_fail_status(status);
    int code = COMMAND_DONE;
    for (uint32_t i = 0; i < row->count && code == COMMAND_DONE; ++i) {
        code = compare("table", &row->origin, &row->place[i], out_ms[i], out_m[i], row->out_ms[i],
                       row->out_m[i]);
        if (code != COMMAND_DONE) return code;
        code = compare("table", &row->place[i], &row->origin, back_ms[i], back_m[i],
                       row->back_ms[i], row->back_m[i]);
    }
    return code;
}

/* ---- the nearest --------------------------------------------------------------------- */

static bool goes_first(const uint32_t *ms, const double *m, uint32_t a, uint32_t b) {
    if (ms[a] != ms[b]) return ms[a] < ms[b];
    return m[a] != m[b] ? m[a] < m[b] : a < b;
}

/* Those that can be reached, in order; returns how many. By insertion: there are few. */
static uint32_t sort_reached(const uint32_t *ms, const double *m, uint32_t count, uint32_t *order) {
    uint32_t reached = 0;
    for (uint32_t i = 0; i < count; ++i) {
        if (ms[i] == MUSTER_UNREACHABLE_MS) continue;
        uint32_t at = reached++;
        for (; at > 0 && goes_first(ms, m, i, order[at - 1]); --at) order[at] = order[at - 1];
        order[at] = i;
    }
    return reached;
}

typedef struct reached {
    uint32_t count, place[CHECK_ROW_PLACES], ms[CHECK_ROW_PLACES];
    double   m[CHECK_ROW_PLACES];
} reached;

static int compare_reached(const char *what, const reached *r, const check_row *row,
                           muster_direction direction) {
    const bool      forward     = direction == MUSTER_FORWARD;
    const uint32_t *expected_ms = forward ? row->out_ms : row->back_ms;
    const double   *expected_m  = forward ? row->out_m : row->back_m;
    uint32_t        order[CHECK_ROW_PLACES];
    bool            is_equal = r->count == sort_reached(expected_ms, expected_m, row->count, order);
    for (uint32_t i = 0; i < r->count && is_equal; ++i) {
        is_equal = r->place[i] == order[i] &&
                   is_same(r->ms[i], r->m[i], expected_ms[order[i]], expected_m[order[i]]);
    }
    if (is_equal) return COMMAND_DONE;
    return command_fail(COMMAND_INTERNAL,
                        "the %s of %u places %s edge %u at %.17g are others, or in another order, "
                        "than Dijkstra's algorithm says",
                        what, row->count, forward ? "from" : "to", row->origin.edge,
                        row->origin.fraction);
}

static int compare_nearest(const check_row *row, const muster_metric *metric,
                           muster_direction direction) {
    reached             r;
    const muster_status status =
        muster_nearest(metric, direction, &row->origin, row->count, row->place, row->count,
                       &r.count, r.place, r.ms, r.m);
    if (status != MUSTER_OK) return command_fail_status(status);
    return compare_reached("nearest", &r, row, direction);
}

/* By the search that muster_nearest leaves for a table when all are wanted. */
static int compare_search(const check_row *row, const muster_metric *metric) {
    muster_reach *reach;
    reached       r      = {0};
    muster_status status = muster_reach_new(&reach, metric, MUSTER_FORWARD, row->count, row->place);
    if (status == MUSTER_OK) status = muster_reach_start(reach, &row->origin);
    while (status == MUSTER_OK && r.count < row->count &&
           muster_reach_next(reach, MUSTER_UNREACHABLE_MS, &r.place[r.count], &r.ms[r.count],
                             &r.m[r.count])) {
        ++r.count;
    }
    muster_reach_free(reach);
    if (status != MUSTER_OK) return command_fail_status(status);
    return compare_reached("first met", &r, row, MUSTER_FORWARD);
}

int check_row_compare(const check_row *row, const turn_list *turns, muster_query *query) {
    const muster_metric *metric = turns->metric;
    int                  code   = compare_queries(row, query);
    if (code == COMMAND_DONE) code = compare_routes(row, turns, query);
    if (code == COMMAND_DONE) code = compare_tables(row, metric);
    if (code == COMMAND_DONE) code = compare_nearest(row, metric, MUSTER_FORWARD);
    if (code == COMMAND_DONE) code = compare_nearest(row, metric, MUSTER_BACKWARD);
    if (code == COMMAND_DONE) code = compare_search(row, metric);
    return code;
}
