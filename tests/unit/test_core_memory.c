/* Every allocation of the core fails in turn: the call says so, nothing leaks (the leak
 * checker of the dev build watches), and the next call works. */
#include <muster/closure.h>
#include <muster/explain.h>
#include <muster/hierarchy.h>
#include <muster/isochrone.h>
#include <muster/matrix.h>
#include <muster/one_to_all.h>
#include <muster/query.h>
#include <muster/reach.h>

#include "core/alloc.h"
#include "tests/support/random_turns.h"

enum { METRICS = 4 };

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

static muster_status explain(const muster_metric *metric, const muster_snap *snap) {
    muster_closure    *closure   = NULL;
    muster_explainer  *explainer = NULL;
    muster_explanation found;
    const double       lon[] = {120.70, 120.75}, lat[] = {30.70, 30.75};
    const int64_t      edge_id = 1;
    muster_status      status  = muster_closure_new(&closure, metric);
    if (status == MUSTER_OK) status = muster_closure_points(closure, 2, lon, lat);
    if (status == MUSTER_OK) status = muster_closure_edge_ids(closure, 1, &edge_id);
    if (status == MUSTER_OK) status = muster_closure_line(closure, 2, lon, lat);
    if (status == MUSTER_OK) status = muster_explainer_new(&explainer, closure);
    if (status != MUSTER_OK) assert_null(explainer);
    if (status == MUSTER_OK) status = muster_explainer_ask(explainer, &snap[0], &snap[2], &found);
    muster_explainer_free(explainer);
    muster_closure_free(closure);
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

static muster_status table_of(const muster_metric *metric, const muster_snap snap[2]) {
    muster_table *table = NULL;
    uint32_t      duration_ms[4];
    muster_status status = muster_table_new(&table, metric, 2, snap, NULL);
    if (status == MUSTER_OK) status = muster_table_rows(table, 2, snap, duration_ms, NULL);
    muster_table_free(table);
    return status;
}

/* Several metrics at once, one by air, one made perfect, and tables by blocks. */
static muster_status several_metrics(const muster_network *network) {
    static const char *const NAME[METRICS] = {"light", "drone", "heavy", "emergency"};
    muster_profile           profile[METRICS];
    muster_metric           *metric[METRICS] = {NULL};
    muster_snap              snap[2];
    muster_snap_outcome      outcome[2];
    uint32_t                 duration_ms[4];
    const double             lon[2] = {120.71, 120.74}, lat[2] = {30.71, 30.72};
    muster_status            status = MUSTER_OK;
    for (int m = 0; m < METRICS && status == MUSTER_OK; ++m) {
        status = muster_profile_builtin(&profile[m], NAME[m]);
    }
    if (status == MUSTER_OK) status = muster_metrics_new(metric, network, METRICS, profile, 2);
    if (status != MUSTER_OK) assert_null(metric[0]);
    if (status == MUSTER_OK) status = muster_snap_each(metric[0], 2, lon, lat, NULL, snap, outcome);
    if (status == MUSTER_OK) status = table_of(metric[0], snap);
    if (status == MUSTER_OK) status = muster_metric_perfect(metric[0], 2);
    if (status == MUSTER_OK)
        status = muster_matrix(metric[0], 2, snap, 2, snap, 1, duration_ms, NULL);
    if (status == MUSTER_OK) status = muster_snap_each(metric[1], 2, lon, lat, NULL, snap, outcome);
    if (status == MUSTER_OK) status = table_of(metric[1], snap);
    for (int m = 0; m < METRICS; ++m) muster_metric_free(metric[m]);
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
    if (status == MUSTER_OK) status = explain(metric, snap);
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

static void fail_every_allocation(bool with_turns, bool with_hierarchy) {
    static random_network r;
    static random_turns   t;
    muster_network       *network =
        with_turns ? random_network_with_turns(&r, &t, 5) : random_network_new(&r, 5);
    if (with_turns) assert_true(muster_network_applied_restriction_count(network) > 0);
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
    fail_every_allocation(false, false);
}

static void every_allocation_may_fail_with_a_hierarchy(void **state) {
    (void)state;
    fail_every_allocation(false, true);
}

static void every_allocation_may_fail_with_turn_restrictions(void **state) {
    (void)state;
    fail_every_allocation(true, false);
    fail_every_allocation(true, true);
}

/* Change one arc with every allocation failing in turn; returns how many there are. */
static int64_t fail_every_allocation_of(const muster_metric *base, muster_arc_change change) {
    for (int64_t failing = 0;; ++failing) {
        muster_metric *changed = NULL;
        (void)mu_alloc_fail_after(failing);
        const muster_status status = muster_metric_change(&changed, base, 1, &change);
        (void)mu_alloc_fail_after(-1);
        if (status == MUSTER_OK) {
            muster_metric_free(changed);
            return failing;
        }
        assert_int_equal(status, MUSTER_E_NOMEM);
        assert_null(changed);
    }
}

/* So little that weights and components are carried over where they do not change, instead of
 * being worked out anew: no change takes less for that than closing a road that connects. */
static void every_allocation_of_a_small_change_may_fail(void **state) {
    (void)state;
    static random_network r;
    muster_network       *network = random_network_new(&r, 5);
    assert_int_equal(muster_network_build_hierarchy(network), MUSTER_OK);
    muster_metric  *metric      = random_network_metric(network, "emergency");
    const uint32_t *duration_ms = muster_metric_duration_ms(metric);
    int64_t         least = INT64_MAX, most = 0;
    for (uint32_t arc = 0; arc < 2 * r.data.edge_count; ++arc) {
        const uint32_t changed[] = {duration_ms[arc], MUSTER_UNREACHABLE_MS};
        for (unsigned i = 0; i < 2; ++i) {
            const int64_t count =
                fail_every_allocation_of(metric, (muster_arc_change){arc, changed[i]});
            if (count < least) least = count;
            if (count > most) most = count;
        }
    }
    assert_true(least < most);
    muster_metric_free(metric);
    muster_network_free(network);
}

static void a_size_that_overflows_is_refused(void **state) {
    (void)state;
    void *memory = &memory;
    assert_int_equal(mu_alloc(&memory, SIZE_MAX / 2, 8), MUSTER_E_NOMEM);
    assert_null(memory);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(every_allocation_may_fail_with_a_hierarchy),
        cmocka_unit_test(every_allocation_of_a_small_change_may_fail),
        cmocka_unit_test(every_allocation_may_fail_with_turn_restrictions),
        cmocka_unit_test(a_size_that_overflows_is_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
