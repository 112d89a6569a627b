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

/* ---- orders about stock ----------------------------------------------------------------- */

static muster_rule order;

static void make_order(muster_rule_type type, muster_resource resource, uint32_t index,
                       int64_t quantity) {
    make_plain();
    order                = (muster_rule){.type     = (uint8_t)type,
                                         .resource = (uint8_t)resource,
                                         .index    = index,
                                         .incident = 0,
                                         .need     = MUSTER_NONE,
                                         .quantity = quantity};
    r.problem.rule       = &order;
    r.problem.rule_count = 1;
}

static int64_t brought_from(uint32_t stock, uint32_t need, int64_t *out_locked) {
    int64_t sum = 0;
    *out_locked = 0;
    for (uint32_t i = 0; i < plan->assignment_count; ++i) {
        const muster_assignment *a = &plan->assignment[i];
        if (a->resource != MUSTER_ITEM || a->index != stock || a->need != need) continue;
        sum += a->quantity;
        *out_locked += a->locked;
    }
    return sum;
}

static void stock_that_is_forbidden_stays(void **state) {
    (void)state;
    int64_t locked;
    make_order(MUSTER_FORBID, MUSTER_ITEM, 0, 0);
    solve();
    assert_int_equal(brought_from(0, 0, &locked), 0);
    assert_int_equal(brought_from(2, 0, &locked), 4);
    assert_int_equal(muster_plan_check(plan, &r.problem), MUSTER_OK);
    order.index = 2;
    refused_because("rule 0 keeps");
    muster_plan_free(plan);
    random_shipments_free(&r);
}

static void stock_that_is_forbidden_everywhere_is_ruled_out(void **state) {
    (void)state;
    make_order(MUSTER_FORBID, MUSTER_ITEM, 0, 0);
    r.stock[2].quantity = 0;
    unmet_for(MUSTER_UNMET_RULED_OUT, 5);
}

static void stock_on_hold_is_ruled_out(void **state) {
    (void)state;
    make_order(MUSTER_HOLD, MUSTER_ITEM, 0, 0);
    r.stock[2].quantity = 0;
    unmet_for(MUSTER_UNMET_RULED_OUT, 5);
}

/* The nearer warehouse has enough; what is locked in the other comes all the same, and counts. */
static void stock_that_is_locked_comes(void **state) {
    (void)state;
    int64_t locked;
    make_order(MUSTER_LOCK, MUSTER_ITEM, 2, 3);
    r.stock[2].unit.site = r.stock[3].unit.site = (muster_site){120.745, 30.745};
    r.stock[0].quantity                         = 9;
    solve();
    assert_int_equal(brought_from(2, 0, &locked), 3);
    assert_int_equal(locked, 3);
    assert_int_equal(brought_from(0, 0, &locked), 2);
    assert_int_equal(locked, 0);
    assert_int_equal(muster_plan_check(plan, &r.problem), MUSTER_OK);
    order.quantity = 4;
    refused_because("rule 0 locks 4");
    muster_plan_free(plan);
    random_shipments_free(&r);
}

/* As where items come by themselves: a lock comes before what a need asks for. */
static void more_than_is_needed_comes_if_it_is_locked(void **state) {
    (void)state;
    int64_t locked;
    make_order(MUSTER_LOCK, MUSTER_ITEM, 0, 0);
    r.need[0].quantity = 2;
    solve();
    assert_int_equal(brought_from(0, 0, &locked), 4);
    assert_int_equal(locked, 4);
    assert_int_equal(brought_from(2, 0, &locked), 0);
    assert_int_equal(muster_plan_check(plan, &r.problem), MUSTER_OK);
    muster_plan_free(plan);
    random_shipments_free(&r);
}

static void what_no_vehicle_can_bring_is_refused_with_its_rules(void **state) {
    (void)state;
    muster_rule     rule[2];
    uint32_t        found[2], count;
    muster_conflict conflict;
    make_order(MUSTER_LOCK, MUSTER_ITEM, 0, 4);
    r.kind[2].mass_kg       = 3; /* three fit, and there is one vehicle */
    r.problem.vehicle_count = 1;
    assert_int_equal(muster_solve(&plan, &r.problem, NULL), MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(),
                        "rule 0 cannot be obeyed: \"C3\" is locked to incident \"C5\", but no "
                        "vehicles can bring all that is locked");
    r.problem.vehicle_count = 2;
    rule[0]        = (muster_rule){.type = MUSTER_HOLD, .resource = MUSTER_VEHICLE, .index = 1};
    rule[1]        = order;
    r.problem.rule = rule;
    r.problem.rule_count = 2;
    assert_int_equal(muster_problem_conflict(&r.problem, &conflict, found, &count), MUSTER_OK);
    assert_int_equal(conflict, MUSTER_CONFLICT_NO_VEHICLE);
    assert_string_equal(muster_conflict_name(conflict), "no_vehicle");
    assert_int_equal(count, 2);
    assert_int_equal(found[0], 1);
    assert_int_equal(found[1], 0);
    r.problem.rule_count = 0;
    random_shipments_free(&r);
}

static void locks_from_more_warehouses_than_may_ship_are_refused(void **state) {
    (void)state;
    muster_rule     rule[2];
    uint32_t        found[2], count;
    muster_conflict conflict;
    make_order(MUSTER_LOCK, MUSTER_ITEM, 0, 1);
    rule[0] = rule[1] = order;
    rule[1].index     = 2;
    r.problem.rule = rule, r.problem.rule_count = 2;
    assert_int_equal(muster_problem_conflict(&r.problem, &conflict, found, &count), MUSTER_OK);
    assert_int_equal(conflict, MUSTER_NO_CONFLICT);
    r.problem.max_sources = 1;
    assert_int_equal(muster_problem_conflict(&r.problem, &conflict, found, &count), MUSTER_OK);
    assert_int_equal(conflict, MUSTER_CONFLICT_NO_VEHICLE);
    assert_int_equal(count, 2);
    random_shipments_free(&r);
}

/* ---- vehicles on their way -------------------------------------------------------------- */

static uint32_t trips_to(uint32_t incident) {
    uint32_t count = 0;
    for (uint32_t s = 0; s < plan->shipment_count; ++s) {
        count += plan->shipment[s].incident == incident;
    }
    return count;
}

/* One vehicle, on its way to the incident that needs less: it goes where it gains more, unless that is
 * not worth the diversion. */
static void a_carrier_is_diverted_only_for_a_gain(void **state) {
    (void)state;
    make_order(MUSTER_EN_ROUTE, MUSTER_VEHICLE, 0, 0);
    r.weights               = (muster_weights)MUSTER_WEIGHTS_INIT;
    r.problem.weights       = &r.weights;
    r.problem.vehicle_count = 1;
    order.incident          = 1;
    r.incident[0].severity  = MUSTER_EXTREME;
    r.incident[1].severity  = MUSTER_MINOR;
    r.need[0].quantity      = 4;
    solve();
    assert_int_equal(trips_to(0), 1);
    assert_int_equal(plan->shipment[0].is_diverted, 1);
    assert_int_equal(muster_plan_tier(plan, MUSTER_TIER_UNMET_NEED).value, 1000000);
    assert_int_equal(muster_plan_tier(plan, MUSTER_TIER_ESCALATION).value, 1);
    assert_int_equal(muster_plan_check(plan, &r.problem), MUSTER_OK);
    plan->shipment[0].is_diverted = 0;
    refused_because("shipment 0 is a diversion, but the plan says it is not");
    muster_plan_free(plan);
    r.weights.diversion_unmet_need = 7000000; /* 8,000,000 for 1,000,000 */
    solve();
    assert_int_equal(trips_to(1), 1);
    assert_int_equal(plan->shipment[0].is_diverted, 0);
    assert_int_equal(muster_plan_check(plan, &r.problem), MUSTER_OK);
    muster_plan_free(plan);
    r.weights.diversion_unmet_need    = 6999999;
    r.weights.diversion_response_time = 5;
    solve();
    assert_int_equal(trips_to(0), 1);
    assert_int_equal(muster_plan_check(plan, &r.problem), MUSTER_OK);
    muster_plan_free(plan);
    random_shipments_free(&r);
}

static void what_is_not_worth_a_diversion_says_so(void **state) {
    (void)state;
    make_order(MUSTER_EN_ROUTE, MUSTER_VEHICLE, 0, 0);
    r.weights                      = (muster_weights)MUSTER_WEIGHTS_INIT;
    r.weights.diversion_unmet_need = INT64_C(1) << 40;
    r.problem.weights              = &r.weights;
    r.problem.vehicle_count        = 1;
    r.problem.need_count           = 2;
    order.incident                 = 1;
    r.stock[1].quantity = r.stock[3].quantity = 0; /* nothing for its own */
    unmet_for(MUSTER_UNMET_DIVERSION, 5);
}

/* ---- what is on board ------------------------------------------------------------------- */

enum { LOADS = 2 };
static muster_rule load[LOADS];

/* The second warehouse is on board of vehicle 1, which is on its way to incident 0. */
static void make_load(void) {
    make_plain();
    for (uint32_t i = 0; i < LOADS; ++i) {
        r.stock[2 + i].unit.turnout_ms = 0;
        load[i]                        = (muster_rule){.type     = MUSTER_EN_ROUTE,
                                                       .resource = MUSTER_ITEM,
                                                       .index    = 2 + i,
                                                       .incident = 0,
                                                       .need     = MUSTER_NONE,
                                                       .vehicle  = 1};
    }
    r.weights            = (muster_weights)MUSTER_WEIGHTS_INIT;
    r.problem.weights    = &r.weights;
    r.problem.rule       = load;
    r.problem.rule_count = LOADS;
}

static const muster_shipment *trip_of(uint32_t vehicle) {
    for (uint32_t s = 0; s < plan->shipment_count; ++s) {
        if (plan->shipment[s].vehicle == vehicle) return &plan->shipment[s];
    }
    return NULL;
}

static void what_is_on_board_comes_with_its_vehicle(void **state) {
    (void)state;
    make_load();
    solve();
    const muster_shipment *with = trip_of(1);
    assert_non_null(with);
    assert_int_equal(with->incident, 0);
    assert_int_equal(with->stock, 2);
    assert_int_equal(with->eta_ms, with->load_at_ms); /* all at one place, and nothing to load */
    assert_int_equal(with->is_diverted, 0);
    for (uint32_t s = 0; s < plan->shipment_count; ++s) {
        if (plan->shipment[s].vehicle != 1) assert_true(plan->shipment[s].stock < 2);
    }
    assert_int_equal(muster_plan_check(plan, &r.problem), MUSTER_OK);
    load[0].vehicle = load[1].vehicle = 2;
    refused_because("says what is on board of whom");
    muster_plan_free(plan);
    random_shipments_free(&r);
}

/* One source may ship beside it; were it not on board, it would be the second. */
static void what_is_on_board_is_no_source(void **state) {
    (void)state;
    make_load();
    r.problem.max_sources    = 1;
    r.problem.need_count     = 1;
    r.need[0]                = (muster_need){.incident = 0, .kind = 2, .quantity = 4};
    r.problem.incident_count = 1;
    r.stock[0].quantity = r.stock[2].quantity = 2;
    solve();
    assert_int_equal(muster_plan_tier(plan, MUSTER_TIER_UNMET_NEED).value, 0);
    assert_non_null(trip_of(1));
    assert_true(trips_to(0) > 1);
    assert_int_equal(muster_plan_check(plan, &r.problem), MUSTER_OK);
    r.problem.rule_count = 0;
    refused_because("is shipped to from 2 warehouses; at most 1 may");
    muster_plan_free(plan);
    random_shipments_free(&r);
}

/* It is wanted itself elsewhere, but has something on board; though nobody wants that. */
static void who_has_something_on_board_serves_no_need(void **state) {
    (void)state;
    make_load();
    r.need[0]           = (muster_need){.incident = 0, .kind = 3, .quantity = 1};
    r.need[1]           = (muster_need){.incident = 1, .kind = 1, .quantity = 3};
    r.stock[3].quantity = 0;
    solve();
    for (uint32_t i = 0; i < plan->assignment_count; ++i) {
        if (plan->assignment[i].resource == MUSTER_VEHICLE)
            assert_int_not_equal(plan->assignment[i].index, 1);
    }
    assert_int_equal(muster_plan_check(plan, &r.problem), MUSTER_OK);
    for (uint32_t i = 0; i < plan->assignment_count; ++i) {
        if (plan->assignment[i].resource != MUSTER_VEHICLE) continue;
        load[0].vehicle = load[1].vehicle = plan->assignment[i].index;
    }
    refused_because("has something on board of it");
    muster_plan_free(plan);
    random_shipments_free(&r);
}

static void what_is_on_board_is_diverted_for_a_gain(void **state) {
    (void)state;
    make_load();
    load[0].incident = load[1].incident = 1;
    r.incident[0].severity              = MUSTER_EXTREME;
    r.incident[1].severity              = MUSTER_MINOR;
    r.stock[0].quantity = r.stock[1].quantity = 0;
    r.weights.diversion_unmet_need            = 1000;
    solve();
    assert_non_null(trip_of(1));
    assert_int_equal(trip_of(1)->incident, 0);
    assert_int_equal(trip_of(1)->is_diverted, 1);
    assert_int_equal(muster_plan_check(plan, &r.problem), MUSTER_OK);
    muster_plan_free(plan);
    r.weights.diversion_unmet_need = 8000000;
    solve();
    assert_int_equal(trip_of(1)->incident, 1);
    assert_int_equal(trip_of(1)->is_diverted, 0);
    assert_int_equal(muster_plan_check(plan, &r.problem), MUSTER_OK);
    muster_plan_free(plan);
    random_shipments_free(&r);
}

static void is_refused_for(const char *why) {
    assert_int_equal(muster_problem_check(&r.problem), MUSTER_E_INVALID);
    if (!strstr(muster_error_message(), why)) fail_msg("%s", muster_error_message());
}

static void loads_that_contradict_themselves_are_refused(void **state) {
    (void)state;
    muster_rule rule[LOADS + 1];
    make_load();
    assert_int_equal(muster_problem_check(&r.problem), MUSTER_OK);
    r.problem.rule_count = 1; /* what else is in the warehouse? */
    is_refused_for(
        "rule 0 has stock 2 (\"C4\") on board of vehicle 1 (\"C1\"); expected the same of "
        "all that is in the same warehouse");
    r.problem.rule_count = LOADS;
    load[1].incident     = 1;
    is_refused_for("expected the same of all that is in the same warehouse");
    load[1].incident = 0, load[1].vehicle = SHIP_VEHICLES;
    is_refused_for("expected the same of all that is in the same warehouse");
    load[0].vehicle = SHIP_VEHICLES;
    is_refused_for("rule 0 has vehicle 3; expected 0 to 2");
    load[0].vehicle = load[1].vehicle = 1;
    memcpy(rule, load, sizeof load);
    rule[LOADS] = (muster_rule){
        .type = MUSTER_EN_ROUTE, .resource = MUSTER_VEHICLE, .index = 1, .incident = 1};
    r.problem.rule = rule, r.problem.rule_count = LOADS + 1;
    is_refused_for("expected the incident that it is on its way to");
    rule[LOADS] = rule[0], rule[LOADS].index = 0;
    is_refused_for("expected nothing else on board of it");
    rule[LOADS] = (muster_rule){
        .type = MUSTER_LOCK, .resource = MUSTER_VEHICLE, .index = 1, .need = MUSTER_NONE};
    is_refused_for("expected a vehicle that is not locked");
    r.problem.rule = load, r.problem.rule_count = LOADS;
    r.problem.item_transport = MUSTER_ITEMS_BY_THEMSELVES;
    is_refused_for(
        "rule 0 has some of item on their way; expected a team or a vehicle, where items "
        "come by themselves");
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

static void fail_everywhere(void) {
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

static void every_allocation_may_fail(void **state) {
    (void)state;
    fail_everywhere();
}

/* With cargo, a load and a vehicle that is on its way; and where rules contradict each other. */
static void nor_do_orders_leak(void **state) {
    (void)state;
    muster_rule     rule[LOADS + 2];
    uint32_t        found[LOADS + 2], count;
    muster_conflict conflict;
    make_load();
    memcpy(rule, load, sizeof load);
    rule[LOADS] = (muster_rule){
        .type = MUSTER_LOCK, .resource = MUSTER_ITEM, .need = MUSTER_NONE, .quantity = 1};
    rule[LOADS + 1] = (muster_rule){.type = MUSTER_EN_ROUTE, .resource = MUSTER_VEHICLE};
    r.problem.rule = rule, r.problem.rule_count = LOADS + 2;
    fail_everywhere();
    r.kind[2].mass_kg = 10.5;
    for (int64_t failing = 0;; ++failing) {
        (void)mu_alloc_fail_after(failing);
        const muster_status status = muster_problem_conflict(&r.problem, &conflict, found, &count);
        (void)mu_alloc_fail_after(-1);
        if (status == MUSTER_OK) break;
        assert_int_equal(status, MUSTER_E_NOMEM);
    }
    assert_int_equal(conflict, MUSTER_CONFLICT_NO_VEHICLE);
    assert_int_equal(count, 1);
    assert_int_equal(found[0], LOADS);
    random_shipments_free(&r);
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
        cmocka_unit_test(stock_that_is_forbidden_stays),
        cmocka_unit_test(stock_that_is_forbidden_everywhere_is_ruled_out),
        cmocka_unit_test(stock_on_hold_is_ruled_out),
        cmocka_unit_test(stock_that_is_locked_comes),
        cmocka_unit_test(more_than_is_needed_comes_if_it_is_locked),
        cmocka_unit_test(what_no_vehicle_can_bring_is_refused_with_its_rules),
        cmocka_unit_test(locks_from_more_warehouses_than_may_ship_are_refused),
        cmocka_unit_test(a_carrier_is_diverted_only_for_a_gain),
        cmocka_unit_test(what_is_not_worth_a_diversion_says_so),
        cmocka_unit_test(what_is_on_board_comes_with_its_vehicle),
        cmocka_unit_test(what_is_on_board_is_no_source),
        cmocka_unit_test(who_has_something_on_board_serves_no_need),
        cmocka_unit_test(what_is_on_board_is_diverted_for_a_gain),
        cmocka_unit_test(loads_that_contradict_themselves_are_refused),
        cmocka_unit_test(a_locked_vehicle_makes_no_shipment),
        cmocka_unit_test(two_stocks_of_one_item_in_one_warehouse_are_refused),
        CASE(both_legs_together_are_as_long_as_the_shipment_says),
        CASE(a_caller_who_stops_among_the_shipments_gets_a_plan),
        CASE(every_allocation_may_fail),
        cmocka_unit_test(nor_do_orders_leak),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
