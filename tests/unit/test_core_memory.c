/* Every allocation of the core fails in turn: the call says so, nothing leaks (the leak
 * checker of the dev build watches), and the next call works. */
#include <muster/closure.h>
#include <muster/hierarchy.h>
#include <muster/isochrone.h>
#include <muster/matrix.h>
#include <muster/one_to_all.h>
#include <muster/query.h>
#include <muster/reach.h>

#include "core/alloc.h"
#include "tests/support/random_network.h"

static muster_status query_route(const muster_metric *metric, const muster_snap *snap) {
    muster_query *query  = NULL;
    muster_route *route  = NULL;
    muster_status status = muster_query_new(&query, metric);
    if (status == MUSTER_OK) status = muster_query_route(&route, query, &snap[0], &snap[2]);
    if (status != MUSTER_OK) assert_null(route);
    muster_route_free(route);
    muster_query_free(query);
    return status;
}

/* Slow every road down and flood a corner: `metric` becomes the changed one. */
static muster_status close_some(muster_metric **metric, bool with_all) {
    const uint32_t       first[] = {0, 3};
    const double         lon[] = {120.70, 120.71, 120.70}, lat[] = {30.70, 30.70, 30.71};
    const muster_polygon corner  = {1, first, lon, lat};
    muster_closure      *closure = NULL;
    muster_metric       *changed = NULL;
    uint32_t             count;
    muster_status        status = muster_closure_new(&closure, *metric);
    if (status == MUSTER_OK) status = muster_closure_flood(closure, &corner, 1);
    if (status == MUSTER_OK && with_all) status = muster_closure_slow(closure, NULL, 0, 0.5);
    if (status == MUSTER_OK) {
        const muster_arc_change *change = muster_closure_changes(closure, &count);
        status                          = muster_metric_change(&changed, *metric, count, change);
    }
    muster_closure_free(closure);
    if (status != MUSTER_OK) return status;
    muster_metric_free(*metric);
    *metric = changed;
    return MUSTER_OK;
}

/* Three metrics at once, a perfect one, and a table of it by blocks. */
static muster_status several_metrics(const muster_network *network) {
    static const char *const NAME[3] = {"light", "heavy", "emergency"};
    muster_profile           profile[3];
    muster_metric           *metric[3] = {NULL};
    muster_table            *table     = NULL;
    muster_snap              snap[2];
    muster_snap_outcome      outcome[2];
    uint32_t                 duration_ms[4];
    const double             lon[2] = {120.71, 120.74}, lat[2] = {30.71, 30.72};
    muster_status            status = MUSTER_OK;
    for (int m = 0; m < 3 && status == MUSTER_OK; ++m) {
        status = muster_profile_builtin(&profile[m], NAME[m]);
    }
    if (status == MUSTER_OK) status = muster_metrics_new(metric, network, 3, profile, 2);
    if (status != MUSTER_OK) assert_null(metric[0]);
    if (status == MUSTER_OK) status = muster_snap_each(metric[0], 2, lon, lat, NULL, snap, outcome);
    if (status == MUSTER_OK) status = muster_table_new(&table, metric[0], 2, snap, NULL);
    if (status == MUSTER_OK) status = muster_table_rows(table, 2, snap, duration_ms, NULL);
    muster_table_free(table);
    if (status == MUSTER_OK) status = muster_metric_perfect(metric[0], 2);
    if (status == MUSTER_OK)
        status = muster_matrix(metric[0], 2, snap, 2, snap, 1, duration_ms, NULL);
    for (int m = 0; m < 3; ++m) muster_metric_free(metric[m]);
    return status;
}

/* The whole way from arrays to a route and a table. */
static muster_status whole_way(const muster_network_data *data, bool with_hierarchy) {
    muster_network       *network   = NULL;
    muster_metric        *metric    = NULL;
    muster_route         *route     = NULL;
    muster_isochrone     *isochrone = NULL;
    muster_profile        profile;
    muster_hierarchy_info info;
    muster_snap           snap[3];
    uint32_t              duration_ms[3 * RANDOM_MAX_NODES], index[3], count, largest;
    const double          lon[3] = {120.71, 120.72, 120.74}, lat[3] = {30.71, 30.74, 30.72};
    muster_status         status = muster_profile_builtin(&profile, "emergency");
    if (status == MUSTER_OK) status = muster_network_new(&network, data);
    if (status == MUSTER_OK) status = muster_network_components(network, &count, &largest);
    if (status == MUSTER_OK && with_hierarchy) status = muster_network_build_hierarchy(network);
    if (status == MUSTER_OK && with_hierarchy)
        status = muster_network_hierarchy_info(network, &info);
    if (status == MUSTER_OK) status = several_metrics(network);
    if (status == MUSTER_OK) status = muster_metric_new(&metric, network, &profile);
    if (status == MUSTER_OK) status = close_some(&metric, false);
    if (status == MUSTER_OK) status = close_some(&metric, true);
    if (status == MUSTER_OK) status = muster_snap_sites(metric, 3, lon, lat, NULL, snap);
    if (status == MUSTER_OK) status = muster_matrix(metric, 3, snap, 3, snap, 2, duration_ms, NULL);
    if (status == MUSTER_OK) {
        status = muster_one_to_all(metric, 3, snap, MUSTER_BACKWARD, 2, duration_ms, NULL);
    }
    if (status == MUSTER_OK) {
        const uint32_t limit_ms[2] = {60000, 200000};
        status = muster_isochrone_new(&isochrone, metric, 3, snap, MUSTER_FORWARD, 2, limit_ms);
    }
    if (status == MUSTER_OK) status = muster_route_new(&route, metric, &snap[0], &snap[2]);
    if (status != MUSTER_OK) assert_null(route);
    if (status == MUSTER_OK) status = query_route(metric, snap);
    if (status == MUSTER_OK) {
        status =
            muster_nearest(metric, MUSTER_BACKWARD, snap, 3, snap, 3, &count, index, NULL, NULL);
    }
    muster_route_free(route);
    muster_isochrone_free(isochrone);
    muster_metric_free(metric);
    muster_network_free(network);
    return status;
}

static void fail_every_allocation(bool with_hierarchy) {
    static random_network r;
    muster_network       *network = random_network_new(&r, 5);
    muster_network_free(network);
    int64_t       failing = 0;
    muster_status status;
    do {
        (void)mu_alloc_fail_after(failing++);
        status = whole_way(&r.data, with_hierarchy);
        (void)mu_alloc_fail_after(-1);
        if (status != MUSTER_OK) {
            assert_int_equal(status, MUSTER_E_NOMEM);
            assert_memory_equal(muster_error_message(), "out of memory", 13);
            assert_int_equal(whole_way(&r.data, with_hierarchy), MUSTER_OK);
        }
    } while (status != MUSTER_OK);
    assert_true(failing > 50); /* or nothing has been tried */
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    fail_every_allocation(false);
}

static void every_allocation_may_fail_with_a_hierarchy(void **state) {
    (void)state;
    fail_every_allocation(true);
}

static void a_size_that_overflows_is_refused(void **state) {
    (void)state;
    void *memory = &memory;
    assert_int_equal(mu_alloc(&memory, SIZE_MAX / 2, 8), MUSTER_E_NOMEM);
    assert_null(memory);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_allocation_may_fail),
                                       cmocka_unit_test(every_allocation_may_fail_with_a_hierarchy),
                                       cmocka_unit_test(a_size_that_overflows_is_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
