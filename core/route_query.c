/* Questions from place to place, by the hierarchy where the metric has one and by Dijkstra's
 * algorithm where not. */
#include <math.h>

#include <muster/query.h>

#include "core/alloc.h"
#include "core/flight.h"
#include "core/query.h"
#include "core/route.h"
#include "core/search.h"
#include "core/snap_check.h"

struct muster_query {
    const muster_metric *metric;
    mu_query             climb;  /* all zeros where the metric has no weights */
    mu_search            search; /* all zeros where it has, or flies */
    mu_path              path;
};

static bool has_hierarchy(const muster_query *q) {
    return q->metric->weights.hierarchy != NULL;
}

muster_status muster_query_new(muster_query **out, const muster_metric *metric) {
    muster_query *q;
    *out = NULL;
    MU_TRY(mu_alloc_zeroed(&q, 1, sizeof *q));
    q->metric            = metric;
    muster_status status = MUSTER_OK;
    if (has_hierarchy(q)) {
        status = mu_query_init(&q->climb, metric);
    } else if (!mu_metric_flies(metric)) {
        status = mu_search_init(&q->search, metric);
    }
    if (status != MUSTER_OK) {
        muster_query_free(q);
        return status;
    }
    *out = q;
    return MUSTER_OK;
}

void muster_query_free(muster_query *q) {
    if (!q) return;
    mu_query_fini(&q->climb);
    mu_search_fini(&q->search);
    mu_path_fini(&q->path);
    mu_free(q);
}

static muster_status check_ends(const muster_query *q, const muster_snap *from,
                                const muster_snap *to) {
    MU_TRY(mu_check_snap(q->metric, "the route's start", from));
    return mu_check_snap(q->metric, "the route's end", to);
}

muster_status muster_query_cost(muster_query *q, const muster_snap *from, const muster_snap *to,
                                uint32_t *out_duration_ms, double *out_distance_m) {
    mu_cost cost;
    MU_TRY(check_ends(q, from, to));
    if (has_hierarchy(q)) {
        cost = mu_query_run(&q->climb, from, to);
    } else if (mu_metric_flies(q->metric)) {
        cost = mu_flight_cost(q->metric, from, to);
    } else {
        mu_search_run(&q->search, MUSTER_FORWARD, from, 1, to);
        cost = mu_search_cost(&q->search, from, to, NULL, NULL);
    }
    const bool is_path = cost != MU_NO_PATH;
    *out_duration_ms   = is_path ? mu_cost_ms(cost) : MUSTER_UNREACHABLE_MS;
    if (out_distance_m) *out_distance_m = is_path ? mu_cost_cm(cost) / 100.0 : (double)NAN;
    return MUSTER_OK;
}

static muster_status find_path(muster_query *q, const muster_snap *from, const muster_snap *to) {
    if (has_hierarchy(q)) return mu_query_path(&q->climb, from, to, &q->path);
    mu_search_run(&q->search, MUSTER_FORWARD, from, 1, to);
    return mu_search_path(&q->search, from, to, &q->path);
}

muster_status muster_query_route(muster_route **out, muster_query *q, const muster_snap *from,
                                 const muster_snap *to) {
    *out = NULL;
    MU_TRY(check_ends(q, from, to));
    if (mu_metric_flies(q->metric)) {
        const mu_cost cost = mu_flight_cost(q->metric, from, to);
        return cost == MU_NO_PATH ? MUSTER_OK : mu_route_fly(out, cost, from, to);
    }
    MU_TRY(find_path(q, from, to));
    if (q->path.cost == MU_NO_PATH) return MUSTER_OK;
    return mu_route_new(out, q->metric->network, &q->path, from, to);
}

muster_status muster_route_new(muster_route **out, const muster_metric *metric,
                               const muster_snap *from, const muster_snap *to) {
    muster_query *query;
    *out = NULL;
    MU_TRY(muster_query_new(&query, metric));
    const muster_status status = muster_query_route(out, query, from, to);
    muster_query_free(query);
    return status;
}
