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

/* How ways are found on a metric. */
typedef enum method { FLY, CLIMB, SEARCH } method;

struct muster_query {
    const muster_metric  *metric;
    const muster_network *network; /* the metric's, which may be gone when another one comes */
    method                method;  /* likewise */
    mu_query              climb;   /* all zeros but for CLIMB */
    mu_search             search;  /* all zeros but for SEARCH */
    mu_path               path;
};

static method method_of(const muster_metric *metric) {
    if (metric->weights.hierarchy) return CLIMB;
    return mu_metric_flies(metric) ? FLY : SEARCH;
}

muster_status muster_query_new(muster_query **out, const muster_metric *metric) {
    muster_query *q;
    *out = NULL;
    MU_TRY(mu_alloc_zeroed(&q, 1, sizeof *q));
    q->metric            = metric;
    q->network           = metric->network;
    q->method            = method_of(metric);
    muster_status status = MUSTER_OK;
    if (q->method == CLIMB) status = mu_query_init(&q->climb, metric);
    if (q->method == SEARCH) status = mu_search_init(&q->search, metric);
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

muster_status muster_query_turn_to(muster_query *q, const muster_metric *metric) {
    if (metric->network != q->network) {
        return muster_fail(MUSTER_E_INVALID,
                           "the metric is of another network; expected that of the query");
    }
    if (method_of(metric) != q->method) {
        return muster_fail(
            MUSTER_E_INVALID,
            "ways on the metric of \"%s\" are found in another manner than the query's; "
            "expected both to drive or to fly, with a hierarchy or without one",
            metric->profile.name);
    }
    q->metric        = metric;
    q->search.metric = metric;
    if (q->method == CLIMB) mu_query_turn_to(&q->climb, metric);
    return MUSTER_OK;
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
    if (q->method == CLIMB) {
        cost = mu_query_run(&q->climb, from, to);
    } else if (q->method == FLY) {
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
    if (q->method == CLIMB) return mu_query_path(&q->climb, from, to, &q->path);
    mu_search_run(&q->search, MUSTER_FORWARD, from, 1, to);
    return mu_search_path(&q->search, from, to, &q->path);
}

muster_status muster_query_route(muster_route **out, muster_query *q, const muster_snap *from,
                                 const muster_snap *to) {
    *out = NULL;
    MU_TRY(check_ends(q, from, to));
    if (q->method == FLY) {
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
