/* One event at a time, and what a planner says of it; and what it refuses. */
#include <muster/closure.h>
#include <muster/replan.h>
#include <string.h>

#include "solver/solve.h"
#include "tests/support/small_road.h"

/* Whoever is at one end cannot be cut off from the middle without being cut off from the other end. */
static small_road      r;
static muster_planner *planner;
static muster_metric  *closed; /* NULL: no road is */

static muster_site place(uint32_t p) {
    return small_road_place(&r, p);
}

static muster_unit unit(const char *code, uint32_t at) {
    return small_road_unit(&r, code, at);
}

static muster_team team(const char *code, uint32_t at, uint32_t people) {
    return small_road_team(&r, code, at, people);
}

/* I-1 has T-1 and I-2 has T-2, who are nearest and just enough; T-3 is idle in the middle. */
static int set_up(void **state) {
    (void)state;
    small_road_init(&r);
    r.team[0]     = team("T-1", 0, 8);
    r.team[1]     = team("T-2", 4, 10);
    r.team[2]     = team("T-3", 2, 6);
    r.team[3]     = team("T-4", 4, 9);
    r.vehicle[0]  = (muster_vehicle){unit("V-1", 0), TRUCK, 1000, 1};
    r.vehicle[1]  = (muster_vehicle){unit("V-2", 4), TRUCK, 1000, 1};
    r.machine[0]  = (muster_machine){unit("M-1", 2), PUMP, 3};
    r.stock[0]    = (muster_stock){unit("W-1", 1), SANDBAG, 100};
    r.incident[0] = (muster_incident){.code = "I-1", .site = place(1), .severity = MUSTER_SEVERE};
    r.incident[1] = (muster_incident){.code = "I-2", .site = place(3), .severity = MUSTER_SEVERE};
    r.incident[2] = (muster_incident){.code = "I-3", .site = place(2), .severity = MUSTER_MINOR};
    r.need[0]     = (muster_need){.incident = 0, .kind = MEDICAL, .quantity = 8};
    r.need[1]     = (muster_need){.incident = 1, .kind = MEDICAL, .quantity = 10};
    r.need[2]     = (muster_need){.incident = 1, .kind = PUMP, .quantity = 2};
    r.need[3]     = (muster_need){.incident = 2, .kind = MEDICAL, .quantity = 6};
    r.problem.team_count = 3, r.problem.machine_count = 1;
    r.problem.incident_count = 2, r.problem.need_count = 3;
    assert_int_equal(muster_planner_new(&planner), MUSTER_OK);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    muster_planner_free(planner);
    muster_metric_free(closed);
    closed = NULL;
    small_road_fini(&r);
    return 0;
}

static void plan(muster_replan mode) {
    muster_plan *made;
    if (muster_planner_plan(&made, planner, &r.problem, NULL, mode) != MUSTER_OK) {
        fail_msg("%s", muster_error_message());
    }
    muster_plan_free(made);
}

static void keep(void) {
    plan(MUSTER_REPLAN_KEEP);
}

static const muster_change *change(uint32_t i) {
    uint32_t             count;
    const muster_change *list = muster_planner_changes(planner, &count);
    assert_true(i < count);
    return &list[i];
}

static void changes_are(uint32_t expected) {
    uint32_t count;
    (void)muster_planner_changes(planner, &count);
    assert_int_equal(count, expected);
}

static void change_is(uint32_t i, const char *code, muster_change_type type,
                      muster_change_reason reason) {
    const muster_change *c = change(i);
    assert_string_equal(c->code, code);
    assert_string_equal(muster_change_type_name((muster_change_type)c->type),
                        muster_change_type_name(type));
    assert_string_equal(muster_change_reason_name((muster_change_reason)c->reason),
                        muster_change_reason_name(reason));
}

/* ---- events ------------------------------------------------------------------------------------ */

static void the_first_plan_changes_nothing(void **state) {
    (void)state;
    muster_plan *first, *solved;
    uint32_t     one, two;
    assert_int_equal(muster_planner_plan(&first, planner, &r.problem, NULL, MUSTER_REPLAN_KEEP),
                     MUSTER_OK);
    assert_int_equal(muster_solve(&solved, &r.problem, NULL), MUSTER_OK);
    const muster_assignment *a = muster_plan_assignments(first, &one);
    const muster_assignment *b = muster_plan_assignments(solved, &two);
    assert_int_equal(one, 3);
    assert_int_equal(two, 3);
    for (uint32_t i = 0; i < one; ++i) {
        assert_true(a[i].resource == b[i].resource && a[i].index == b[i].index);
        assert_true(a[i].need == b[i].need && a[i].eta_ms == b[i].eta_ms);
    }
    changes_are(0);
    muster_plan_free(first);
    muster_plan_free(solved);
}

static void a_new_incident_gets_what_is_free(void **state) {
    (void)state;
    keep();
    r.problem.incident_count = 3, r.problem.need_count = 4;
    keep();
    changes_are(1);
    change_is(0, "T-3", MUSTER_CHANGE_SENT, MUSTER_BECAUSE_NEW_INCIDENT);
    assert_string_equal(change(0)->text[MUSTER_ENGLISH],
                        "T-3 (6 people) goes to I-3, there in 1.0 min: I-3 is new.");
    assert_int_equal(change(0)->index, 2);
    assert_int_equal(change(0)->need, 3);
    assert_null(change(0)->incident_before);
    assert_true(muster_planner_last_times(planner).searched > 0);
}

static void a_closed_incident_frees_who_was_there(void **state) {
    (void)state;
    keep();
    /* I-2 comes first then; codes tell. */
    r.problem.incident = r.incident + 1, r.problem.incident_count = 1;
    r.problem.need = r.need + 1, r.problem.need_count = 2;
    r.need[1].incident = r.need[2].incident = 0;
    keep();
    changes_are(1);
    change_is(0, "T-1", MUSTER_CHANGE_TAKEN_BACK, MUSTER_BECAUSE_INCIDENT_CLOSED);
    assert_string_equal(change(0)->text[MUSTER_ENGLISH],
                        "T-1 (8 people) no longer goes to I-1: I-1 is closed.");
    assert_int_equal(change(0)->need, MUSTER_NONE);
}

static void who_is_lost_is_replaced(void **state) {
    (void)state;
    keep();
    r.problem.team = r.team + 1, r.problem.team_count = 2;
    keep();
    changes_are(2);
    change_is(0, "T-1", MUSTER_CHANGE_TAKEN_BACK, MUSTER_BECAUSE_UNIT_LOST);
    assert_int_equal(change(0)->index, MUSTER_NONE);
    change_is(1, "T-3", MUSTER_CHANGE_SENT, MUSTER_BECAUSE_REPLACEMENT);
    assert_string_equal(change(1)->replaced, "T-1");
    assert_string_equal(change(0)->text[MUSTER_ENGLISH],
                        "T-1 (8 people) no longer goes to I-1: it is not there any more.");
}

/* Names are the planner's: the caller's may be gone by then, as the incident is. */
static void chinese_has_the_name_of_what_is_gone(void **state) {
    (void)state;
    char team_name[] = "一队", incident_name[] = "河堤决口";
    r.team[0].unit.name = team_name, r.incident[0].name = incident_name;
    keep();
    memset(team_name, '?', sizeof team_name - 1);
    memset(incident_name, '?', sizeof incident_name - 1);
    r.team[0].unit.name = "第一队";
    r.problem.incident = r.incident + 1, r.problem.incident_count = 1;
    r.problem.need = r.need + 1, r.problem.need_count = 2;
    r.need[1].incident = r.need[2].incident = 0;
    keep();
    changes_are(1);
    assert_string_equal(change(0)->text[MUSTER_CHINESE],
                        "一队（T-1，8 人）不再派往河堤决口（I-1）：该事件已结束。");
}

static void who_has_moved_arrives_at_another_time(void **state) {
    (void)state;
    keep();
    r.team[0].unit.site = place(1);
    keep();
    changes_are(1);
    change_is(0, "T-1", MUSTER_CHANGE_TIME, MUSTER_BECAUSE_UNIT_MOVED);
    assert_int_equal(change(0)->eta_ms, 60000);
    assert_true(change(0)->eta_before_ms > 60000);
}

/* Both ways of the road between two places. */
static void close_road(uint32_t edge) {
    const muster_arc_change arcs[] = {{2 * edge, MUSTER_UNREACHABLE_MS},
                                      {2 * edge + 1, MUSTER_UNREACHABLE_MS}};
    assert_int_equal(muster_metric_change(&closed, r.metric, 2, arcs), MUSTER_OK);
    r.metric_of[0] = closed;
}

/* Where T-1 stands there is no road any more: it starts from the next one. */
static void a_closed_road_changes_times(void **state) {
    (void)state;
    keep();
    close_road(0);
    keep();
    changes_are(1);
    change_is(0, "T-1", MUSTER_CHANGE_TIME, MUSTER_BECAUSE_ROADS);
}

static void who_is_cut_off_is_replaced(void **state) {
    (void)state;
    r.team[0] = team("T-1", 2, 9), r.team[2] = team("T-3", 0, 8),
    r.team[2].unit.turnout_ms = 900000;
    keep();
    close_road(1);
    keep();
    changes_are(2);
    change_is(0, "T-1", MUSTER_CHANGE_TAKEN_BACK, MUSTER_BECAUSE_ROADS);
    assert_string_equal(change(0)->text[MUSTER_ENGLISH],
                        "T-1 (9 people) no longer goes to I-1: roads to I-1 have changed.");
    change_is(1, "T-3", MUSTER_CHANGE_SENT, MUSTER_BECAUSE_REPLACEMENT);
    assert_string_equal(
        change(1)->text[MUSTER_ENGLISH],
        "T-3 (8 people) goes to I-1, there in 19.0 min: it takes the place of T-1.");
}

static void a_smaller_need_lets_go_and_a_larger_one_gets_more(void **state) {
    (void)state;
    keep();
    r.need[2].quantity = 1, r.need[0].quantity = 14;
    keep();
    changes_are(2);
    change_is(0, "T-3", MUSTER_CHANGE_SENT, MUSTER_BECAUSE_NEED_CHANGED);
    change_is(1, "M-1", MUSTER_CHANGE_QUANTITY, MUSTER_BECAUSE_NEED_CHANGED);
    assert_int_equal(change(1)->quantity_before, 2);
    assert_int_equal(change(1)->quantity, 1);
    assert_string_equal(change(1)->text[MUSTER_ENGLISH],
                        "M-1 (1 \"pump\") to I-2 instead of 2: needs there have changed.");
}

static void orders_are_obeyed(void **state) {
    (void)state;
    keep();
    r.rule[0] = (muster_rule){.type = MUSTER_HOLD, .resource = MUSTER_PEOPLE, .index = 0};
    r.rule[1] = (muster_rule){.type     = MUSTER_LOCK,
                              .resource = MUSTER_PEOPLE,
                              .index    = 2,
                              .incident = 1,
                              .need     = MUSTER_NONE};
    r.problem.rule_count = 2;
    keep();
    change_is(0, "T-1", MUSTER_CHANGE_TAKEN_BACK, MUSTER_BECAUSE_ORDERS);
    change_is(1, "T-3", MUSTER_CHANGE_SENT, MUSTER_BECAUSE_ORDERS);
}

static void who_has_changed_is_said_to_have(void **state) {
    (void)state;
    keep();
    r.team[0].capability_count = 0;
    r.team[1].unit.turnout_ms  = 120000;
    keep();
    changes_are(3);
    change_is(0, "T-1", MUSTER_CHANGE_TAKEN_BACK, MUSTER_BECAUSE_UNIT_CHANGED);
    change_is(1, "T-2", MUSTER_CHANGE_TIME, MUSTER_BECAUSE_UNIT_CHANGED);
    change_is(2, "T-3", MUSTER_CHANGE_SENT, MUSTER_BECAUSE_REPLACEMENT);
}

static void what_is_left_may_be_of_no_use(void **state) {
    (void)state;
    r.need[0].quantity = r.need[0].minimum = 24;
    r.problem.need_count = 2, r.need[1].quantity = 1, r.need[1].incident = 0;
    r.need[1].kind = PUMP, r.problem.incident_count = 1;
    keep();
    r.problem.team_count = 2;
    keep();
    changes_are(3);
    change_is(0, "T-1", MUSTER_CHANGE_TAKEN_BACK, MUSTER_BECAUSE_UNFIT);
    change_is(1, "T-2", MUSTER_CHANGE_TAKEN_BACK, MUSTER_BECAUSE_UNFIT);
    change_is(2, "T-3", MUSTER_CHANGE_TAKEN_BACK, MUSTER_BECAUSE_UNIT_LOST);
}

static void who_comes_closes_a_gap(void **state) {
    (void)state;
    r.need[1].quantity = 40;
    keep();
    r.problem.team_count = 4;
    keep();
    changes_are(1);
    change_is(0, "T-4", MUSTER_CHANGE_SENT, MUSTER_BECAUSE_GAP);
}

/* T-1, T-2 and T-3 are all far from where they go. */
static const muster_assignment CROSSED[] = {
    {.resource = MUSTER_PEOPLE, .index = 0, .need = 1, .quantity = 8, .shipment = MUSTER_NONE},
    {.resource = MUSTER_PEOPLE, .index = 1, .need = 0, .quantity = 10, .shipment = MUSTER_NONE}};

static void keeping_keeps_what_is_bad_and_improving_does_not(void **state) {
    (void)state;
    r.problem.need_count = 2, r.need[1].quantity = 8;
    assert_int_equal(muster_planner_adopt(planner, &r.problem, 2, CROSSED, 0, NULL), MUSTER_OK);
    keep();
    change_is(0, "T-1", MUSTER_CHANGE_TIME, MUSTER_BECAUSE_UNFIT); /* the adopted said 0 minutes */
    plan(MUSTER_REPLAN_IMPROVE);
    changes_are(2);
    change_is(0, "T-1", MUSTER_CHANGE_REDIRECTED, MUSTER_BECAUSE_BETTER);
    change_is(1, "T-2", MUSTER_CHANGE_REDIRECTED, MUSTER_BECAUSE_BETTER);
    assert_string_equal(change(0)->incident_before, "I-2");
    assert_string_equal(change(0)->incident, "I-1");
    plan(MUSTER_REPLAN_IMPROVE);
    changes_are(0);
}

/* Plan again from crossed teams, for a gain of so much response time for each change at least. */
static int64_t uncross(int64_t churn, uint32_t *out_changes) {
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    muster_plan         *made;
    options.churn_response_time = churn;
    assert_int_equal(muster_planner_adopt(planner, &r.problem, 2, CROSSED, 0, NULL), MUSTER_OK);
    keep(); /* so that times are known */
    assert_int_equal(
        muster_planner_plan(&made, planner, &r.problem, &options, MUSTER_REPLAN_IMPROVE),
        MUSTER_OK);
    const int64_t response_time = muster_plan_tier(made, MUSTER_TIER_RESPONSE_TIME).value;
    (void)muster_planner_changes(planner, out_changes);
    muster_plan_free(made);
    return response_time;
}

static void a_change_is_made_only_where_it_gains_enough(void **state) {
    (void)state;
    uint32_t changes;
    r.problem.team_count = 2, r.problem.need_count = 2, r.need[1].quantity = 8;
    const int64_t kept = uncross(INT64_MAX, &changes);
    assert_int_equal(changes, 0);
    const int64_t gain = kept - uncross(0, &changes);
    assert_int_equal(changes, 2);
    assert_true(gain > 0);
    assert_int_equal(uncross(gain / 2, &changes), kept - gain);
    assert_int_equal(changes, 2);
    assert_int_equal(uncross(gain / 2 + 1, &changes), kept);
    assert_int_equal(changes, 0);
}

static void improving_sends_the_nearest_to_a_new_incident(void **state) {
    (void)state;
    r.problem.team_count = 2, r.problem.incident_count = 3, r.problem.need_count = 4;
    r.incident[2].severity   = MUSTER_EXTREME;
    r.problem.incident_count = 2, r.problem.need_count = 3;
    keep();
    r.problem.incident_count = 3, r.problem.need_count = 4;
    plan(MUSTER_REPLAN_IMPROVE);
    const muster_change *c = change(0);
    assert_int_equal(c->type, MUSTER_CHANGE_REDIRECTED);
    assert_int_equal(c->reason, MUSTER_BECAUSE_NEW_INCIDENT);
    assert_string_equal(c->incident, "I-3");
}

static void ship(void) {
    r.problem.item_transport = MUSTER_ITEMS_BY_VEHICLE;
    r.problem.vehicle_count = 2, r.problem.vehicle = r.vehicle;
    r.problem.stock_count = 1, r.problem.stock = r.stock;
    r.need[2] = (muster_need){.incident = 1, .kind = SANDBAG, .quantity = 50};
}

static void another_vehicle_brings_what_the_lost_one_would_have(void **state) {
    (void)state;
    ship();
    keep();
    r.problem.vehicle = r.vehicle + 1, r.problem.vehicle_count = 1;
    keep();
    changes_are(1);
    change_is(0, "W-1", MUSTER_CHANGE_CARRIER, MUSTER_BECAUSE_UNIT_LOST);
    assert_string_equal(change(0)->vehicle_before, "V-1");
    assert_string_equal(change(0)->vehicle, "V-2");
    assert_int_equal(change(0)->quantity, 50);
}

/* The warehouse's stock is locked to an incident that got none: a vehicle that was free brings it, and
 * what was on its way stays so. */
static void what_is_locked_is_brought_beside_what_is_kept(void **state) {
    (void)state;
    ship();
    keep();
    r.need[3]            = (muster_need){.incident = 0, .kind = SANDBAG, .quantity = 10};
    r.rule[0]            = (muster_rule){.type     = MUSTER_LOCK,
                                         .resource = MUSTER_ITEM,
                                         .index    = 0,
                                         .incident = 0,
                                         .need     = MUSTER_NONE,
                                         .quantity = 20};
    r.problem.rule_count = 1;
    r.problem.need_count = 4;
    muster_plan *now;
    uint32_t     count, brought = 0;
    assert_int_equal(muster_planner_plan(&now, planner, &r.problem, NULL, MUSTER_REPLAN_KEEP),
                     MUSTER_OK);
    (void)muster_plan_shipments(now, &count);
    assert_int_equal(count, 2);
    const muster_assignment *a = muster_plan_assignments(now, &count);
    for (uint32_t i = 0; i < count; ++i) {
        if (a[i].resource != MUSTER_ITEM) continue;
        brought += (uint32_t)a[i].quantity;
        assert_int_equal(a[i].locked, a[i].need == 3 ? 20 : 0);
    }
    assert_int_equal(brought, 70);
    assert_int_equal(muster_plan_check(now, &r.problem), MUSTER_OK);
    muster_plan_free(now);
}

/* All that is told anew is on which vehicle it is. */
static void what_is_on_board_of_another_vehicle_is_brought_by_that_one(void **state) {
    (void)state;
    muster_plan *now;
    uint32_t     count;
    ship();
    r.stock[0].unit.turnout_ms = 0;
    r.rule[0]                  = (muster_rule){
                         .type = MUSTER_EN_ROUTE, .resource = MUSTER_ITEM, .incident = 1, .need = MUSTER_NONE};
    r.problem.rule_count = 1;
    keep();
    r.rule[0].vehicle = 1;
    assert_int_equal(muster_planner_plan(&now, planner, &r.problem, NULL, MUSTER_REPLAN_KEEP),
                     MUSTER_OK);
    const muster_shipment *trip = muster_plan_shipments(now, &count);
    assert_int_equal(count, 1);
    assert_int_equal(trip[0].vehicle, 1);
    muster_plan_free(now);
}

static void a_trip_stays_when_stock_and_incidents_come(void **state) {
    (void)state;
    ship();
    keep();
    r.stock[0].quantity      = 200;
    r.problem.incident_count = 3, r.problem.need_count = 4;
    keep();
    changes_are(1);
    change_is(0, "T-3", MUSTER_CHANGE_SENT, MUSTER_BECAUSE_NEW_INCIDENT);
}

/* A metric is known by itself: another one at the same address is another one. */
static void a_metric_is_not_known_by_its_address(void **state) {
    (void)state;
    muster_profile profile;
    keep();
    keep();
    assert_int_equal(muster_planner_last_times(planner).searched, 0);
    for (int i = 0; i < 20; ++i) {
        muster_metric_free(r.metric);
        assert_int_equal(muster_profile_builtin(&profile, i % 2 ? "light" : "heavy"), MUSTER_OK);
        assert_int_equal(muster_metric_new(&r.metric, r.network, &profile), MUSTER_OK);
        r.metric_of[0] = r.metric;
        keep();
        assert_true(muster_planner_last_times(planner).searched > 0);
    }
}

/* ---- what is refused ---------------------------------------------------------------------------- */

static void what_is_refused_leaves_the_planner_as_it_was(void **state) {
    (void)state;
    muster_plan *made = (muster_plan *)&r;
    keep();
    assert_int_equal(muster_planner_plan(&made, planner, &r.problem, NULL, (muster_replan)7),
                     MUSTER_E_INVALID);
    assert_null(made);
    assert_string_equal(muster_error_message(), "mode 7; expected 0 to 1");
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    options.churn_response_time  = -1;
    assert_int_equal(
        muster_planner_plan(&made, planner, &r.problem, &options, MUSTER_REPLAN_IMPROVE),
        MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(), "churn thresholds 0 and -1; expected 0 or more");
    r.need[0].quantity = -1;
    assert_int_equal(muster_planner_plan(&made, planner, &r.problem, NULL, MUSTER_REPLAN_KEEP),
                     MUSTER_E_INVALID);
    r.need[0].quantity = 8;
    keep();
    changes_are(0);
}

static void a_plan_about_something_else_is_not_adopted(void **state) {
    (void)state;
    muster_assignment a = CROSSED[0];
    a.index             = 3;
    assert_int_equal(muster_planner_adopt(planner, &r.problem, 1, &a, 0, NULL), MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(),
                        "assignment 0 sends 8 of resource 0, row 3, to need 1 by shipment "
                        "4294967295; expected what the problem and the plan have");
    const muster_shipment trip = {.vehicle = 9};
    assert_int_equal(muster_planner_adopt(planner, &r.problem, 0, NULL, 1, &trip),
                     MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(), "shipment 0 is by vehicle 9, but there are 0");
}

/* ---- what is known of teams ------------------------------------------------------------------ */

/* T-2 has gone, T-9 is new, and they come in another order; I-1 has been closed. */
static void what_is_known_of_teams_is_found_again_by_code(void **state) {
    (void)state;
    int64_t       price[] = {10, 20, 30};
    uint32_t      need[] = {0, 1, 1}, members[] = {0, 0, 1, 2, 2};
    size_t        first[] = {0, 1, 4, 5};
    const mu_warm before  = {1024, price, 3, need, members, first, 3};
    mu_past       past;
    mu_past_match match;
    mu_warm       now;
    assert_int_equal(mu_past_init(&past, &r.problem, 0, NULL, 0, NULL), MUSTER_OK);
    r.team[1]     = r.team[0];
    r.team[0]     = r.team[2];
    r.team[2]     = team("T-9", 1, 4);
    r.incident[0] = r.incident[1];
    r.need[0] = r.need[1], r.need[1] = r.need[2];
    r.need[0].incident = r.need[1].incident = 0;
    r.problem.incident_count = 1, r.problem.need_count = 2;
    assert_int_equal(mu_past_match_init(&match, &past, &r.problem), MUSTER_OK);
    assert_int_equal(mu_warm_match(&now, &before, &match, r.problem.team_count), MUSTER_OK);
    assert_int_equal(now.rate, 1024);
    const int64_t expected[] = {30, 10, -1};
    assert_memory_equal(now.price, expected, sizeof expected);
    /* The bundles of I-2: without T-2 it is T-1 and T-3, and T-3 alone. */
    const uint32_t of[] = {1, 0, 0};
    assert_int_equal(now.bundle_count, 2);
    assert_true(now.need[0] == 0 && now.need[1] == 0);
    assert_true(now.first[1] == 2 && now.first[2] == 3);
    assert_memory_equal(now.team, of, sizeof of);
    mu_warm_fini(&now);
    mu_past_match_fini(&match);
    mu_past_fini(&past);
}

/* ---- the time limit ------------------------------------------------------------------------ */

static void what_the_end_of_a_call_takes_is_learnt_from_those_before(void **state) {
    (void)state;
    assert_int_equal(mu_solve_learn_us(0, 9000), 9000);
    assert_int_equal(mu_solve_learn_us(9000, 9100), 9100);
    /* One that was held up is not the rule: half as long again at most. */
    assert_int_equal(mu_solve_learn_us(9000, 900000), 13500);
    /* And one that was quick is not either, but several are. */
    int64_t us = mu_solve_learn_us(9000, 1000);
    assert_true(us > 8000 && us < 9000);
    for (int i = 0; i < 1000; ++i) us = mu_solve_learn_us(us, 1000);
    assert_true(us < 1100);
}

static void names_of_enums_end_where_the_enums_do(void **state) {
    (void)state;
    assert_string_equal(muster_replan_name(MUSTER_REPLAN_IMPROVE), "improve");
    assert_null(muster_replan_name(MUSTER_REPLAN_COUNT));
    assert_int_equal(muster_replan_from_name("keep"), MUSTER_REPLAN_KEEP);
    assert_int_equal(muster_replan_from_name("kept"), MUSTER_REPLAN_COUNT);
    assert_string_equal(muster_change_type_name(MUSTER_CHANGE_CARRIER), "carrier");
    assert_null(muster_change_type_name(MUSTER_CHANGE_TYPE_COUNT));
    assert_string_equal(muster_change_reason_name(MUSTER_BECAUSE_BETTER), "better");
    assert_null(muster_change_reason_name(MUSTER_BECAUSE_COUNT));
    muster_planner_free(NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(the_first_plan_changes_nothing),
        TEST(a_new_incident_gets_what_is_free),
        TEST(a_closed_incident_frees_who_was_there),
        TEST(who_is_lost_is_replaced),
        TEST(chinese_has_the_name_of_what_is_gone),
        TEST(who_has_moved_arrives_at_another_time),
        TEST(a_closed_road_changes_times),
        TEST(who_is_cut_off_is_replaced),
        TEST(a_smaller_need_lets_go_and_a_larger_one_gets_more),
        TEST(orders_are_obeyed),
        TEST(who_has_changed_is_said_to_have),
        TEST(what_is_left_may_be_of_no_use),
        TEST(who_comes_closes_a_gap),
        TEST(keeping_keeps_what_is_bad_and_improving_does_not),
        TEST(a_change_is_made_only_where_it_gains_enough),
        TEST(improving_sends_the_nearest_to_a_new_incident),
        TEST(another_vehicle_brings_what_the_lost_one_would_have),
        TEST(what_is_locked_is_brought_beside_what_is_kept),
        TEST(what_is_on_board_of_another_vehicle_is_brought_by_that_one),
        TEST(a_trip_stays_when_stock_and_incidents_come),
        TEST(a_metric_is_not_known_by_its_address),
        TEST(what_is_refused_leaves_the_planner_as_it_was),
        TEST(a_plan_about_something_else_is_not_adopted),
        TEST(what_is_known_of_teams_is_found_again_by_code),
        TEST(what_the_end_of_a_call_takes_is_learnt_from_those_before),
        TEST(names_of_enums_end_where_the_enums_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
