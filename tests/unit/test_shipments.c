/* Shipments: the judge bites, the reasons are told apart, nothing is overloaded, memory may run
 * out at any moment. */
#include <string.h>

#include "core/alloc.h"
#include "solver/plan.h"
#include "solver/shipment_load.h"
#include "tests/support/random_shipments.h"

static random_shipments r;
static muster_plan     *plan;

static void solve(void) {
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    options.time_limit_ms        = 0;
    if (muster_solve(&plan, &r.problem, &options) != MUSTER_OK)
        fail_msg("%s", muster_error_message());
}

static bool serves_vehicle_needs(void) {
    for (uint32_t i = 0; i < plan->assignment_count; ++i) {
        if (plan->assignment[i].resource == MUSTER_VEHICLE) return true;
    }
    return false;
}

/* A plan with two shipments, to different incidents and from different warehouses, and an idle
 * vehicle. */
static int set_up(void **state) {
    (void)state;
    for (uint64_t seed = 0;; ++seed) {
        random_shipments_new(&r, seed);
        solve();
        if (plan->shipment_count == 2 && plan->shipment[0].incident != plan->shipment[1].incident &&
            plan->shipment[0].stock / SHIP_ITEMS != plan->shipment[1].stock / SHIP_ITEMS &&
            !serves_vehicle_needs()) {
            return 0;
        }
        muster_plan_free(plan);
        random_shipments_free(&r);
    }
}

static int tear_down(void **state) {
    (void)state;
    muster_plan_free(plan);
    random_shipments_free(&r);
    return 0;
}

/* ---- the judge ------------------------------------------------------------------------- */

static muster_assignment *item_of(uint32_t shipment) {
    uint32_t i = 0;
    while (plan->assignment[i].shipment != shipment) ++i;
    return &plan->assignment[i];
}

static void refused_because(const char *why) {
    assert_int_equal(muster_plan_check(plan, &r.problem), MUSTER_E_INTERNAL);
    if (!strstr(muster_error_message(), why)) {
        fail_msg("\"%s\" does not say \"%s\"", muster_error_message(), why);
    }
}

static void a_good_plan_passes(void **state) {
    (void)state;
    assert_int_equal(muster_plan_check(plan, &r.problem), MUSTER_OK);
}

static void rows_that_are_not_there(void **state) {
    (void)state;
    plan->shipment[1].vehicle = 99;
    refused_because("which are not there");
}

static void shipments_out_of_order(void **state) {
    (void)state;
    const muster_shipment first = plan->shipment[0];
    plan->shipment[0]           = plan->shipment[1];
    plan->shipment[1]           = first;
    refused_because("are not in order");
}

static void an_item_that_walks(void **state) {
    (void)state;
    item_of(0)->shipment = MUSTER_NONE;
    refused_because("expected one that is there");
}

static void an_item_on_a_shipment_where_items_come_by_themselves(void **state) {
    (void)state;
    r.problem.item_transport = MUSTER_ITEMS_BY_THEMSELVES;
    refused_because("expected none");
}

static void an_item_on_the_shipment_of_another_incident(void **state) {
    (void)state;
    item_of(0)->shipment = 1;
    refused_because("of another incident or warehouse");
}

static void a_shipment_from_another_warehouse(void **state) {
    (void)state;
    plan->shipment[0].stock = plan->shipment[1].stock;
    refused_because("of another incident or warehouse");
}

static void an_item_before_its_shipment(void **state) {
    (void)state;
    item_of(0)->eta_ms -= 1;
    refused_because("travels otherwise than its shipment");
}

static void a_shipment_of_nothing(void **state) {
    (void)state;
    plan->shipment[2] = plan->shipment[1]; /* there is room for one a vehicle */
    plan->shipment[2].vehicle =
        SHIP_VEHICLES - plan->shipment[0].vehicle - plan->shipment[1].vehicle;
    plan->shipment[2].eta_ms += 1;
    plan->shipment_count = 3;
    refused_because("shipment 2 carries nothing");
}

static void a_vehicle_with_two_shipments(void **state) {
    (void)state;
    plan->shipment[1].vehicle = plan->shipment[0].vehicle;
    refused_because("is used 2 times");
}

static void a_vehicle_that_is_too_small(void **state) {
    (void)state;
    r.kind[2].mass_kg = r.kind[3].mass_kg = 1000;
    refused_because("fit");
}

static void a_vehicle_that_carries_nothing(void **state) {
    (void)state;
    r.vehicle[plan->shipment[0].vehicle].payload_kg = 0;
    refused_because("carries nothing");
}

static void a_load_played_down(void **state) {
    (void)state;
    plan->shipment[0].load_kg -= 0.001;
    refused_because("is said to carry");
}

static void an_early_arrival(void **state) {
    (void)state;
    plan->shipment[0].load_at_ms -= 1;
    refused_because("departs at");
}

static void a_short_cut(void **state) {
    (void)state;
    plan->shipment[0].distance_m -= 1;
    for (uint32_t i = 0; i < plan->assignment_count; ++i) {
        if (plan->assignment[i].shipment == 0) plan->assignment[i].distance_m -= 1;
    }
    refused_because("drives");
}

/* ---- loads ----------------------------------------------------------------------------- */

static void a_load_is_the_best_that_fits(void **state) {
    (void)state;
    uint64_t rng = 5;
    for (int round = 0; round < 20000; ++round) {
        mu_load_line  line[3];
        const mu_bulk room = {random_below(&rng, 30), random_below(&rng, 30)};
        int64_t       best = 0, value = 0, g = 0, cm3 = 0;
        for (int i = 0; i < 3; ++i) {
            line[i] = (mu_load_line){random_below(&rng, 9),
                                     random_below(&rng, 5),
                                     {random_below(&rng, 9), random_below(&rng, 9)},
                                     -1};
        }
        const int64_t told = mu_shipment_load(line, 3, room);
        for (int i = 0; i < 3; ++i) {
            assert_true(line[i].quantity >= 0 && line[i].quantity <= line[i].most);
            value += line[i].quantity * line[i].value;
            g += line[i].quantity * line[i].unit.g;
            cm3 += line[i].quantity * line[i].unit.cm3;
        }
        assert_true(g <= room.g && cm3 <= room.cm3);
        for (int64_t a = 0; a <= line[0].most; ++a) {
            for (int64_t b = 0; b <= line[1].most; ++b) {
                for (int64_t c = 0; c <= line[2].most; ++c) {
                    if (a * line[0].unit.g + b * line[1].unit.g + c * line[2].unit.g > room.g ||
                        a * line[0].unit.cm3 + b * line[1].unit.cm3 + c * line[2].unit.cm3 >
                            room.cm3) {
                        continue;
                    }
                    const int64_t v = a * line[0].value + b * line[1].value + c * line[2].value;
                    if (v > best) best = v;
                }
            }
        }
        assert_int_equal(told, value);
        assert_int_equal(value, best);
    }
}

/* ---- reasons and rows ------------------------------------------------------------------ */

/* One van at one warehouse, near one incident. */
static void make_plain(void) {
    random_shipments_new(&r, 1);
    const muster_site here = {120.72, 30.72};
    for (uint32_t v = 0; v < SHIP_VEHICLES; ++v) {
        r.vehicle[v].unit.site  = here;
        r.vehicle[v].payload_kg = 10.0;
        r.vehicle[v].volume_m3  = 1;
        r.vehicle[v].kind       = 1;
    }
    for (uint32_t s = 0; s < SHIP_STOCKS; ++s) {
        r.stock[s].unit.site = here;
        r.stock[s].quantity  = 4;
    }
    for (uint32_t i = 0; i < SHIP_INCIDENTS; ++i) r.incident[i].site = here;
    r.kind[2].mass_kg = 0.1, r.kind[2].volume_m3 = 0; /* 100 fit */
    r.need[0]             = (muster_need){.incident = 0, .kind = 2, .quantity = 5};
    r.need[1]             = (muster_need){.incident = 1, .kind = 3, .quantity = 1};
    r.problem.need_count  = 2;
    r.problem.max_sources = 0;
    r.kind[3].mass_kg     = 0;
    r.problem.stock_count = SHIP_STOCKS;
}

static void unmet_for(muster_unmet_reason reason, int64_t quantity) {
    uint32_t count;
    solve();
    const muster_unmet *unmet = muster_plan_unmet(plan, &count);
    assert_true(count > 0);
    assert_int_equal(unmet[0].need, 0);
    assert_int_equal(unmet[0].reason, reason);
    assert_int_equal(unmet[0].quantity, quantity);
    assert_int_equal(muster_plan_check(plan, &r.problem), MUSTER_OK);
    muster_plan_free(plan);
    random_shipments_free(&r);
}

static void two_warehouses_ship_where_two_may(void **state) {
    (void)state;
    uint32_t count;
    make_plain();
    solve();
    (void)muster_plan_unmet(plan, &count);
    assert_int_equal(count, 0);
    r.problem.max_sources = 1;
    refused_because("is shipped to from 2 warehouses; at most 1 may");
    muster_plan_free(plan);
    random_shipments_free(&r);
}

static void where_one_may_the_rest_stays_unmet(void **state) {
    (void)state;
    make_plain();
    r.problem.max_sources = 1;
    unmet_for(MUSTER_UNMET_MAX_SOURCES, 1);
}

static void what_is_too_heavy_for_all_has_no_vehicle(void **state) {
    (void)state;
    make_plain();
    r.kind[2].mass_kg = 10.001;
    unmet_for(MUSTER_UNMET_NO_VEHICLE, 5);
}

static void what_fits_to_the_gram_is_carried(void **state) {
    (void)state;
    make_plain();
    r.kind[2].mass_kg        = 10.0 / 3; /* 3334 g, rounded up: two fit, not three */
    r.problem.vehicle_count  = 1;
    r.problem.need_count     = 1;
    r.problem.incident_count = 1;
    unmet_for(MUSTER_UNMET_NO_VEHICLE, 3);
}

static void what_is_gone_is_exhausted(void **state) {
    (void)state;
    make_plain();
    r.stock[0].quantity = 1, r.stock[2].quantity = 2;
    unmet_for(MUSTER_UNMET_EXHAUSTED, 2);
}

static void no_stock_at_all_is_none(void **state) {
    (void)state;
    make_plain();
    r.stock[0].quantity = r.stock[2].quantity = 0;
    unmet_for(MUSTER_UNMET_NONE_EXIST, 5);
}

static void less_than_the_minimum_is_not_sent(void **state) {
    (void)state;
    make_plain();
    r.stock[2].quantity = 0;
    r.need[0].minimum   = 5;
    unmet_for(MUSTER_UNMET_BELOW_MINIMUM, 5);
}

static void no_road_from_the_warehouse_is_unreachable(void **state) {
    (void)state;
    make_plain();
    for (uint32_t s = 0; s < SHIP_STOCKS; ++s) r.stock[s].unit.site = (muster_site){121.9, 31.9};
    unmet_for(MUSTER_UNMET_UNREACHABLE, 5);
}

static void is_refused_for(const char *why) {
    assert_int_equal(muster_problem_check(&r.problem), MUSTER_E_INVALID);
    if (!strstr(muster_error_message(), why)) fail_msg("%s", muster_error_message());
}

static void what_shipments_do_not_obey_is_refused(void **state) {
    (void)state;
    muster_rule rule = {.type = MUSTER_FORBID, .resource = MUSTER_ITEM, .need = MUSTER_NONE};
    make_plain();
    r.problem.rule       = &rule;
    r.problem.rule_count = 1;
    is_refused_for("rule 0 locks or forbids stock 0");
    rule.type = MUSTER_LOCK;
    is_refused_for("rule 0 locks or forbids stock 0");
    rule.type = MUSTER_HOLD;
    assert_int_equal(muster_problem_check(&r.problem), MUSTER_OK);
    rule.type = MUSTER_EN_ROUTE, rule.resource = MUSTER_VEHICLE;
    is_refused_for("rule 0 has vehicle 0");
    random_shipments_free(&r);
}

/* A vehicle that is locked elsewhere brings nothing, and counts where it is locked to. */
static void a_locked_vehicle_makes_no_shipment(void **state) {
    (void)state;
    uint32_t    count;
    muster_rule rule[SHIP_VEHICLES];
    make_plain();
    r.need[1] = (muster_need){.incident = 1, .kind = 1, .quantity = SHIP_VEHICLES};
    for (uint32_t v = 0; v < SHIP_VEHICLES; ++v) {
        rule[v] = (muster_rule){.type     = MUSTER_LOCK,
                                .resource = MUSTER_VEHICLE,
                                .index    = v,
                                .incident = 1,
                                .need     = MUSTER_NONE};
    }
    r.problem.rule       = rule;
    r.problem.rule_count = SHIP_VEHICLES;
    solve();
    (void)muster_plan_shipments(plan, &count);
    assert_int_equal(count, 0);
    muster_plan_free(plan);
    r.problem.rule_count = SHIP_VEHICLES - 1;
    solve();
    const muster_shipment *ship = muster_plan_shipments(plan, &count);
    assert_int_equal(count, 1);
    assert_int_equal(ship->vehicle, SHIP_VEHICLES - 1);
    assert_int_equal(muster_plan_check(plan, &r.problem), MUSTER_OK);
    rule[0].index = ship->vehicle;
    assert_int_equal(muster_plan_check(plan, &r.problem), MUSTER_E_INTERNAL);
    muster_plan_free(plan);
    random_shipments_free(&r);
}

static void two_stocks_of_one_item_in_one_warehouse_are_refused(void **state) {
    (void)state;
    make_plain();
    r.stock[1].kind = 2;
    assert_int_equal(muster_problem_check(&r.problem), MUSTER_E_INVALID);
    assert_non_null(strstr(muster_error_message(), "two stocks of warehouse"));
    r.problem.item_transport = MUSTER_ITEMS_BY_THEMSELVES;
    assert_int_equal(muster_problem_check(&r.problem), MUSTER_OK);
    random_shipments_free(&r);
}

/* ---- roads and memory ------------------------------------------------------------------ */

static void both_legs_together_are_as_long_as_the_shipment_says(void **state) {
    (void)state;
    for (uint32_t s = 0; s < plan->shipment_count; ++s) {
        const muster_shipment *ship = &plan->shipment[s];
        muster_route          *to, *on;
        assert_int_equal(muster_plan_shipment_route(&to, plan, &r.problem, s), MUSTER_OK);
        assert_int_equal(
            muster_plan_route(&on, plan, &r.problem, (uint32_t)(item_of(s) - plan->assignment)),
            MUSTER_OK);
        assert_int_equal(ship->depart_ms + muster_route_duration_ms(to), ship->load_at_ms);
        assert_int_equal(ship->load_at_ms + r.stock[ship->stock].unit.turnout_ms +
                             muster_route_duration_ms(on),
                         ship->eta_ms);
        const double metres = muster_route_distance_m(to) + muster_route_distance_m(on);
        assert_true(metres - ship->distance_m < 0.005 && ship->distance_m - metres < 0.005);
        muster_route_free(to);
        muster_route_free(on);
    }
    muster_route *none;
    assert_int_equal(muster_plan_shipment_route(&none, plan, &r.problem, 2), MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(), "shipment 2, but the plan has 2");
}

static bool stop_at_shipments(void *user, const muster_solve_state *now) {
    const bool is_there = strcmp(now->phase, "shipments") == 0;
    *(int *)user += is_there;
    return !is_there;
}

static void a_caller_who_stops_among_the_shipments_gets_a_plan(void **state) {
    (void)state;
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    muster_plan         *other;
    int                  calls = 0;
    options.watcher            = stop_at_shipments;
    options.watcher_user       = &calls;
    assert_int_equal(muster_solve(&other, &r.problem, &options), MUSTER_OK);
    assert_int_equal(calls, 1);
    assert_int_equal(muster_plan_check(other, &r.problem), MUSTER_OK);
    muster_plan_free(other);
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    muster_status status;
    int64_t       failing = 0;
    do {
        muster_plan *other = NULL;
        (void)mu_alloc_fail_after(failing++);
        status = muster_solve(&other, &r.problem, NULL);
        (void)mu_alloc_fail_after(-1);
        if (status == MUSTER_OK) {
            muster_plan_free(other);
            continue;
        }
        assert_int_equal(status, MUSTER_E_NOMEM);
        assert_null(other);
    } while (status != MUSTER_OK);
    assert_true(failing > 50);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(a_good_plan_passes),
        CASE(rows_that_are_not_there),
        CASE(shipments_out_of_order),
        CASE(an_item_that_walks),
        CASE(an_item_on_a_shipment_where_items_come_by_themselves),
        CASE(an_item_on_the_shipment_of_another_incident),
        CASE(a_shipment_from_another_warehouse),
        CASE(an_item_before_its_shipment),
        CASE(a_shipment_of_nothing),
        CASE(a_vehicle_with_two_shipments),
        CASE(a_vehicle_that_is_too_small),
        CASE(a_vehicle_that_carries_nothing),
        CASE(a_load_played_down),
        CASE(an_early_arrival),
        CASE(a_short_cut),
        cmocka_unit_test(a_load_is_the_best_that_fits),
        cmocka_unit_test(two_warehouses_ship_where_two_may),
        cmocka_unit_test(where_one_may_the_rest_stays_unmet),
        cmocka_unit_test(what_is_too_heavy_for_all_has_no_vehicle),
        cmocka_unit_test(what_fits_to_the_gram_is_carried),
        cmocka_unit_test(what_is_gone_is_exhausted),
        cmocka_unit_test(no_stock_at_all_is_none),
        cmocka_unit_test(less_than_the_minimum_is_not_sent),
        cmocka_unit_test(no_road_from_the_warehouse_is_unreachable),
        cmocka_unit_test(what_shipments_do_not_obey_is_refused),
        cmocka_unit_test(a_locked_vehicle_makes_no_shipment),
        cmocka_unit_test(two_stocks_of_one_item_in_one_warehouse_are_refused),
        CASE(both_legs_together_are_as_long_as_the_shipment_says),
        CASE(a_caller_who_stops_among_the_shipments_gets_a_plan),
        CASE(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
