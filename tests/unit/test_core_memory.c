/* Every allocation of the core fails in turn: the call says so, nothing leaks (the leak
 * checker of the dev build watches), and the next call works. */
#include <muster/hierarchy.h>
#include <muster/matrix.h>
#include <muster/route.h>

#include "core/alloc.h"
#include "tests/support/random_network.h"

/* The whole way from arrays to a route and a table. */
static muster_status whole_way(const muster_network_data *data, bool with_hierarchy) {
    muster_network       *network = NULL;
    muster_metric        *metric  = NULL;
    muster_route         *route   = NULL;
    muster_profile        profile;
    muster_hierarchy_info info;
    muster_snap           snap[3];
    uint32_t              duration_ms[9], count, largest;
    const double          lon[3] = {120.71, 120.72, 120.74}, lat[3] = {30.71, 30.74, 30.72};
    muster_status         status = muster_profile_builtin(&profile, "emergency");
    if (status == MUSTER_OK) status = muster_network_new(&network, data);
    if (status == MUSTER_OK) status = muster_network_components(network, &count, &largest);
    if (status == MUSTER_OK && with_hierarchy) status = muster_network_build_hierarchy(network);
    if (status == MUSTER_OK && with_hierarchy)
        status = muster_network_hierarchy_info(network, &info);
    if (status == MUSTER_OK) status = muster_metric_new(&metric, network, &profile);
    if (status == MUSTER_OK) status = muster_snap_sites(metric, 3, lon, lat, NULL, snap);
    if (status == MUSTER_OK) status = muster_matrix(metric, 3, snap, 3, snap, 2, duration_ms, NULL);
    if (status == MUSTER_OK) status = muster_route_new(&route, metric, &snap[0], &snap[2]);
    if (status != MUSTER_OK) assert_null(route);
    muster_route_free(route);
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
