/* What one replication does, rule by rule, on a street of eleven junctions. */
#include "simulation/run.h"

#include "tests/support/toy_stage.h"

enum { MINUTE = 60000 };

static const mu_run_options PLAIN    = {.series_ms = MINUTE};
static const mu_run_options RECORDED = {.series_ms = MINUTE, .is_recorded = true};

static const muster_simulated_order *order_of(const muster_replication *r, uint32_t at) {
    uint32_t                      count;
    const muster_simulated_order *order = muster_simulation_orders(r, &count);
    assert_true(at < count);
    return &order[at];
}

static const muster_simulated_incident *incident_of(const muster_replication *r, uint32_t at) {
    uint32_t                         count;
    const muster_simulated_incident *incident = muster_simulation_incidents(r, &count);
    assert_true(at < count);
    return &incident[at];
}

/* Two ambulances at both ends. */
static void two_ambulances(toy_stage *t) {
    toy_stage_init(t, street_network());
    toy_add_ambulance(t, street_lon(0), 30, MINUTE);
    toy_add_ambulance(t, street_lon(10), 30, MINUTE);
    toy_stage_ready(t);
}

static void a_call_is_served_by_the_nearest_who_works_and_returns(void **state) {
    (void)state;
    toy_stage           t;
    toy_course          c;
    const muster_policy greedy = toy_policy("greedy");
    two_ambulances(&t);
    toy_course_init(&c, 120 * MINUTE);
    toy_call(&c, 5 * MINUTE, street_lon(3), 30, "ambulance", 20 * MINUTE)->standard_ms = 5 * MINUTE;
    muster_replication           *r = toy_play(&t, &greedy, &c);
    const muster_simulated_order *o = order_of(r, 0);
    assert_string_equal(o->unit, "U-00");
    assert_string_equal(o->incident, "I-00000");
    assert_string_equal(o->need, "ambulance");
    assert_int_equal(o->issued_ms, 5 * MINUTE);
    assert_int_equal(o->departed_ms, 6 * MINUTE);
    assert_int_equal(o->on_scene_ms, 9 * MINUTE);
    assert_int_equal(o->left_ms, 29 * MINUTE);
    assert_int_equal(o->released_ms, 29 * MINUTE);
    assert_int_equal(o->state, MUSTER_ORDER_RELEASED);
    assert_true(o->distance_m > 2800 && o->distance_m < 2900);
    const muster_simulated_incident *i = incident_of(r, 0);
    assert_int_equal(i->response_ms, 4 * MINUTE);
    assert_int_equal(i->met_ms, 9 * MINUTE);
    assert_int_equal(i->closed_ms, 29 * MINUTE);
    const muster_simulated_totals totals = muster_simulation_totals(r);
    assert_int_equal(totals.within_count, 1);
    assert_int_equal(totals.open_quantity_ms, 4 * MINUTE);
    assert_int_equal(totals.busy_ms, 24 * MINUTE);
    assert_true(totals.distance_m > 5700 && totals.distance_m < 5800);
    mu_record_free(r);
    toy_course_fini(&c);
    toy_stage_fini(&t);
}

static void who_returns_can_be_sent_from_where_he_is(void **state) {
    (void)state;
    toy_stage           t;
    toy_course          c;
    const muster_policy greedy = toy_policy("greedy");
    two_ambulances(&t);
    toy_course_init(&c, 120 * MINUTE);
    toy_call(&c, 0, street_lon(4), 30, "ambulance", 10 * MINUTE);
    /* Released at minute 15, it is at junction 2 two minutes later. */
    toy_call(&c, 17 * MINUTE, street_lon(5), 30, "ambulance", 10 * MINUTE);
    muster_replication           *r = toy_play(&t, &greedy, &c);
    const muster_simulated_order *o = order_of(r, 1);
    assert_string_equal(o->unit, "U-00");
    assert_int_equal(o->departed_ms, 18 * MINUTE);
    assert_int_equal(o->on_scene_ms, 21 * MINUTE);
    mu_record_free(r);
    toy_course_fini(&c);
    toy_stage_fini(&t);
}

static void somebody_is_brought_to_the_nearest_destination(void **state) {
    (void)state;
    static const mu_course_place HOSPITAL[] = {{"H-1", NULL, 120.0, 30}, {"H-2", NULL, 120.06, 30}};
    toy_stage                    t;
    toy_course                   c;
    const muster_policy          greedy = toy_policy("greedy");
    two_ambulances(&t);
    toy_course_init(&c, 120 * MINUTE);
    mu_course_incident *i           = toy_call(&c, 0, street_lon(4), 30, "ambulance", 10 * MINUTE);
    i->is_transported               = true;
    i->handover_ms                  = 7 * MINUTE;
    c.course.destination_count      = 2;
    c.course.destination            = HOSPITAL;
    muster_replication           *r = toy_play(&t, &greedy, &c);
    const muster_simulated_order *o = order_of(r, 0);
    assert_int_equal(o->left_ms, 15 * MINUTE);
    assert_int_equal(o->released_ms, 24 * MINUTE); /* two minutes to H-2, seven there */
    assert_int_equal(incident_of(r, 0)->closed_ms, 15 * MINUTE);
    mu_record_free(r);
    toy_course_fini(&c);
    toy_stage_fini(&t);
}

static void work_waits_for_the_minimum(void **state) {
    (void)state;
    toy_stage           t;
    toy_course          c;
    const muster_policy greedy = toy_policy("greedy");
    two_ambulances(&t);
    toy_course_init(&c, 120 * MINUTE);
    toy_call(&c, 0, street_lon(4), 30, "ambulance", 10 * MINUTE);
    c.need[0][0].quantity = 2;
    c.need[0][0].minimum  = 2;
    muster_replication *r = toy_play(&t, &greedy, &c);
    assert_int_equal(order_of(r, 0)->on_scene_ms, 5 * MINUTE);
    assert_int_equal(order_of(r, 1)->on_scene_ms, 7 * MINUTE);
    assert_int_equal(incident_of(r, 0)->met_ms, 7 * MINUTE);
    assert_int_equal(incident_of(r, 0)->closed_ms, 17 * MINUTE);
    assert_int_equal(muster_simulation_totals(r).open_quantity_ms, 12 * MINUTE);
    mu_record_free(r);
    toy_course_fini(&c);
    toy_stage_fini(&t);
}

/* A need that is taken back before anybody came is not waited for. */
static void what_is_not_needed_any_more_is_not_waited_for(void **state) {
    (void)state;
    toy_stage           t;
    toy_course          c;
    const muster_policy greedy = toy_policy("greedy");
    two_ambulances(&t);
    toy_course_init(&c, 120 * MINUTE);
    toy_call(&c, 0, street_lon(4), 30, "ambulance", 10 * MINUTE);
    c.need[0][1]                        = (muster_event_need){"rescue", 5, 0, 0};
    c.event[0].need_count               = 2;
    static const muster_event_need NONE = {"rescue", 0, 0, 0};
    muster_event                  *e    = toy_event(&c, MUSTER_EVENT_NEED_CHANGED, 20 * MINUTE);
    e->incident.code                    = "I-00000";
    e->need                             = &NONE;
    e->need_count                       = 1;
    muster_replication *r               = toy_play(&t, &greedy, &c);
    assert_int_equal(order_of(r, 0)->on_scene_ms, 5 * MINUTE);
    assert_int_equal(incident_of(r, 0)->closed_ms, 30 * MINUTE);
    mu_record_free(r);
    toy_course_fini(&c);
    toy_stage_fini(&t);
}

/* Two pumps in the middle, each of which keeps two rescuers busy; two rescuers are nearer than six. */
static void pumps_and_rescuers(toy_stage *t, muster_kind *kinds) {
    static const uint32_t RESCUE[] = {STREET_RESCUE};
    toy_stage_init(t, street_network());
    memcpy(kinds, TOY_KIND, sizeof TOY_KIND);
    kinds[STREET_PUMP].operator_count = 2;
    kinds[STREET_PUMP].operator_kind  = STREET_RESCUE;
    t->problem.kind                   = kinds;
    t->machine[0] = (muster_machine){toy_unit("M-1", street_lon(4), 30, MINUTE), STREET_PUMP, 2};
    t->problem.machine_count = 1;
    for (uint32_t i = 0; i < 2; ++i) {
        t->team[i] =
            (muster_team){.unit   = toy_unit(t->code[i], street_lon(i == 0 ? 5 : 10), 30, MINUTE),
                          .people = i == 0 ? 2 : 6,
                          .capability       = RESCUE,
                          .capability_count = 1};
    }
    t->problem.team_count = 2;
    toy_stage_ready(t);
}

/* When the call at the fifth junction, for eight rescuers and two pumps, is over. */
static int64_t closed_with_pumps(int64_t least_pumps) {
    toy_stage           t;
    toy_course          c;
    muster_kind         kinds[STREET_KINDS];
    const muster_policy greedy = toy_policy("greedy");
    pumps_and_rescuers(&t, kinds);
    toy_course_init(&c, 120 * MINUTE);
    toy_call(&c, 0, street_lon(4), 30, "rescue", 10 * MINUTE);
    c.need[0][0].quantity  = 8;
    c.need[0][1]           = (muster_event_need){"pump", 2, least_pumps, 0};
    c.event[0].need_count  = 2;
    muster_replication *r  = toy_play(&t, &greedy, &c);
    const int64_t       at = incident_of(r, 0)->closed_ms;
    uint32_t            count;
    (void)muster_simulation_orders(r, &count);
    assert_int_equal(count, 3);
    assert_int_equal(incident_of(r, 0)->met_ms, 7 * MINUTE);
    mu_record_free(r);
    toy_course_fini(&c);
    toy_stage_fini(&t);
    return at;
}

static void machines_work_with_who_operates_them(void **state) {
    (void)state;
    assert_int_equal(closed_with_pumps(0),
                     12 * MINUTE); /* two people are there at minute 2: one pump */
    assert_int_equal(closed_with_pumps(2), 17 * MINUTE); /* the other six at minute 7: both pumps */
}

static void work_that_is_interrupted_goes_on_where_it_was(void **state) {
    (void)state;
    toy_stage           t;
    toy_course          c;
    const muster_policy greedy = toy_policy("greedy");
    two_ambulances(&t);
    toy_course_init(&c, 120 * MINUTE);
    toy_call(&c, 0, street_lon(4), 30, "ambulance", 10 * MINUTE); /* from minute 5 on */
    toy_call(&c, 6 * MINUTE, street_lon(9), 30, "ambulance", 60 * MINUTE);
    muster_event *e = toy_event(&c, MUSTER_EVENT_RULE_SET, 8 * MINUTE);
    e->rule         = (muster_event_rule){.code     = "C-1",
                                          .command  = MUSTER_COMMAND_FORCE,
                                          .unit     = {MUSTER_VEHICLE, "U-00", NULL},
                                          .incident = "I-00001"};
    toy_event(&c, MUSTER_EVENT_RULE_LIFTED, 9 * MINUTE)->rule.code = "C-1";
    muster_replication              *r                             = toy_play(&t, &greedy, &c);
    const muster_simulated_incident *i                             = incident_of(r, 0);
    uint32_t                         count, last = 0;
    const muster_simulated_order    *o = muster_simulation_orders(r, &count);
    assert_int_equal(o[0].state, MUSTER_ORDER_RELEASED);
    assert_int_equal(o[0].ended_ms, 8 * MINUTE); /* three minutes are done */
    for (uint32_t n = 1; n < count; ++n) {
        if (strcmp(o[n].incident, "I-00000") == 0 && o[n].on_scene_ms != MU_NEVER) last = n;
    }
    assert_true(last > 0);
    assert_int_equal(i->closed_ms, o[last].on_scene_ms + 7 * MINUTE);
    mu_record_free(r);
    toy_course_fini(&c);
    toy_stage_fini(&t);
}

/* A road between two junctions. */
static void close_road(toy_course *c, int64_t after_ms, int64_t edge, const char *code) {
    static int64_t id[TOY_UNITS];
    static int     used;
    muster_event  *e     = toy_event(c, MUSTER_EVENT_ROAD_CLOSED, after_ms);
    id[used % TOY_UNITS] = 1000 - edge;
    e->road.code         = code;
    e->road.edge_count   = 1;
    e->road.edge_id      = &id[used++ % TOY_UNITS];
}

static void who_is_cut_off_on_his_way_says_so_and_another_goes(void **state) {
    (void)state;
    toy_stage           t;
    toy_course          c;
    const muster_policy greedy = toy_policy("greedy");
    two_ambulances(&t);
    toy_course_init(&c, 120 * MINUTE);
    toy_call(&c, 0, street_lon(4), 30, "ambulance", 10 * MINUTE);
    close_road(&c, 3 * MINUTE, 3, "R-1"); /* between junctions 3 and 4; it is at 2 */
    muster_replication           *r = toy_play(&t, &greedy, &c);
    const muster_simulated_order *o = order_of(r, 0);
    assert_int_equal(o->state, MUSTER_ORDER_CANCELLED);
    assert_int_equal(o->ended_ms, 3 * MINUTE);
    assert_string_equal(o->reason, "the way there is closed");
    assert_string_equal(order_of(r, 1)->unit, "U-01");
    assert_int_equal(order_of(r, 1)->issued_ms, 3 * MINUTE);
    assert_int_equal(incident_of(r, 0)->response_ms, 10 * MINUTE);
    mu_record_free(r);
    toy_course_fini(&c);
    toy_stage_fini(&t);
}

static void open_road(toy_course *c, int64_t after_ms, const char *code) {
    toy_event(c, MUSTER_EVENT_ROAD_OPENED, after_ms)->road.code = code;
}

/* Nothing else happens then. The other call, which nobody could serve, lies behind a road that stays closed. */
static void who_gets_to_a_call_by_a_road_that_opens_is_sent_there(void **state) {
    (void)state;
    toy_stage     t;
    toy_course    c;
    muster_policy greedy = toy_policy("greedy");
    greedy.interval_ms   = 0;
    toy_stage_init(&t, street_network());
    toy_add_ambulance(&t, street_lon(1), 30, MINUTE);
    toy_stage_ready(&t);
    toy_course_init(&c, 120 * MINUTE);
    close_road(&c, 0, 3, "R-1");
    close_road(&c, 0, 6, "R-2");
    toy_call(&c, MINUTE, street_lon(5), 30, "ambulance", 10 * MINUTE);
    toy_call(&c, MINUTE, street_lon(9), 30, "pump", 10 * MINUTE);
    open_road(&c, 30 * MINUTE, "R-1");
    muster_replication *r = toy_play(&t, &greedy, &c);
    assert_int_equal(order_of(r, 0)->issued_ms, 30 * MINUTE);
    assert_int_equal(incident_of(r, 0)->response_ms, 34 * MINUTE);
    assert_int_equal(incident_of(r, 1)->response_ms, MU_NEVER);
    mu_record_free(r);
    toy_course_fini(&c);
    toy_stage_fini(&t);
}

/* They wait in one part of the street, which the roads of then cut off from the call, and those of now cut in two. */
static void of_two_who_waited_together_the_one_who_gets_there_is_sent(void **state) {
    (void)state;
    toy_stage     t;
    toy_course    c;
    muster_policy greedy = toy_policy("greedy");
    greedy.interval_ms   = 0;
    greedy.delay_ms      = MINUTE;
    toy_stage_init(&t, street_network());
    toy_add_ambulance(&t, street_lon(0), 30, MINUTE);
    toy_add_ambulance(&t, street_lon(3), 30, MINUTE);
    toy_stage_ready(&t);
    toy_course_init(&c, 120 * MINUTE);
    close_road(&c, 0, 4, "R-1");
    toy_call(&c, MINUTE, street_lon(6), 30, "ambulance", 10 * MINUTE);
    close_road(&c, 30 * MINUTE, 1, "R-2");
    open_road(&c, 30 * MINUTE, "R-1");
    muster_replication *r = toy_play(&t, &greedy, &c);
    assert_string_equal(order_of(r, 0)->unit, "U-01");
    assert_int_equal(order_of(r, 0)->issued_ms, 31 * MINUTE);
    mu_record_free(r);
    toy_course_fini(&c);
    toy_stage_fini(&t);
}

static void a_breakdown_is_repaired_and_another_goes(void **state) {
    (void)state;
    toy_stage           t;
    toy_course          c;
    const muster_policy greedy = toy_policy("greedy");
    two_ambulances(&t);
    toy_course_init(&c, 600 * MINUTE);
    toy_call(&c, 0, street_lon(4), 30, "ambulance", 10 * MINUTE);
    c.course.units.failure_permille = 1000;
    c.course.units.repair_ms        = 60 * MINUTE;
    muster_replication           *r = toy_play(&t, &greedy, &c);
    const muster_simulated_order *o = order_of(r, 0);
    assert_string_equal(o->reason, "it has broken down");
    assert_string_equal(order_of(r, 1)->unit, "U-01");
    uint32_t count;
    (void)muster_simulation_orders(r, &count);
    assert_true(count >= 4); /* each time again */
    mu_record_free(r);
    toy_course_fini(&c);
    toy_stage_fini(&t);
}

static void who_declines_is_not_asked_again(void **state) {
    (void)state;
    toy_stage           t;
    toy_course          c;
    const muster_policy greedy = toy_policy("greedy");
    two_ambulances(&t);
    toy_course_init(&c, 600 * MINUTE);
    toy_call(&c, 0, street_lon(4), 30, "ambulance", 10 * MINUTE);
    c.course.units.decline_permille = 1000;
    muster_replication *r           = toy_play(&t, &greedy, &c);
    uint32_t            count;
    (void)muster_simulation_orders(r, &count);
    assert_int_equal(count, 2);
    assert_int_equal(order_of(r, 0)->state, MUSTER_ORDER_DECLINED);
    assert_int_equal(order_of(r, 0)->ended_ms, MINUTE);
    assert_int_equal(order_of(r, 1)->state, MUSTER_ORDER_DECLINED);
    assert_int_equal(incident_of(r, 0)->response_ms, MU_NEVER);
    mu_record_free(r);
    toy_course_fini(&c);
    toy_stage_fini(&t);
}

/* ---- things -------------------------------------------------------------------------------- */

static void a_truck_and_a_warehouse(toy_stage *t) {
    toy_stage_init(t, street_network());
    t->vehicle[0] =
        (muster_vehicle){toy_unit("K-1", street_lon(2), 30, MINUTE), STREET_TRUCK, 5000, 10};
    t->stock[0] =
        (muster_stock){toy_unit("W-1", street_lon(4), 30, 3 * MINUTE), STREET_SANDBAG, 100};
    t->problem.vehicle_count  = 1;
    t->problem.stock_count    = 1;
    t->problem.item_transport = MUSTER_ITEMS_BY_VEHICLE;
    toy_stage_ready(t);
}

static void a_trip_loads_brings_and_returns(void **state) {
    (void)state;
    toy_stage           t;
    toy_course          c;
    const muster_policy greedy = toy_policy("greedy");
    a_truck_and_a_warehouse(&t);
    toy_course_init(&c, 120 * MINUTE);
    toy_call(&c, 0, street_lon(8), 30, "sandbag", 0);
    c.need[0][0].quantity           = 60;
    muster_replication           *r = toy_play(&t, &greedy, &c);
    const muster_simulated_order *o = order_of(r, 0);
    assert_string_equal(o->unit, "K-1");
    assert_null(o->need);
    assert_int_equal(o->departed_ms, MINUTE);
    assert_int_equal(o->loaded_ms, 6 * MINUTE);
    assert_int_equal(o->on_scene_ms, 10 * MINUTE);
    assert_int_equal(o->released_ms, 10 * MINUTE);
    o = order_of(r, 1);
    assert_int_equal(o->trip, 1);
    assert_int_equal(o->quantity, 60);
    assert_int_equal(o->on_scene_ms, 10 * MINUTE);
    assert_string_equal(o->kind, "sandbag");
    assert_int_equal(incident_of(r, 0)->met_ms, 10 * MINUTE);
    assert_int_equal(incident_of(r, 0)->response_ms, 10 * MINUTE);
    mu_record_free(r);
    toy_course_fini(&c);
    toy_stage_fini(&t);
}

static void what_nobody_needs_any_more_is_brought_back(void **state) {
    (void)state;
    toy_stage           t;
    toy_course          c;
    const muster_policy greedy = toy_policy("greedy");
    mu_run              run;
    bool                is_over = false;
    a_truck_and_a_warehouse(&t);
    toy_course_init(&c, 120 * MINUTE);
    toy_call(&c, 0, street_lon(8), 30, "sandbag", 0);
    c.need[0][0].quantity                                                  = 60;
    toy_event(&c, MUSTER_EVENT_INCIDENT_CLOSED, 8 * MINUTE)->incident.code = "I-00000";
    street_ok(mu_run_open(&run, &t.stage, &greedy, &c.course, &RECORDED));
    while (!is_over) street_ok(mu_run_step(&run, &is_over));
    assert_int_equal(mu_run_world(&run)->unit[MUSTER_ITEM][0].quantity, 100);
    assert_true(mu_run_world(&run)->unit[MUSTER_VEHICLE][0].is_available);
    street_ok(mu_run_end(&run));
    /* Out of the books on the way back, two minutes from junction 6 to 4. */
    assert_int_equal(run.record->stock.count, 3);
    assert_int_equal(run.record->stock.row[1].quantity, 40);
    assert_int_equal(run.record->stock.row[1].time_ms, 8 * MINUTE);
    assert_int_equal(run.record->stock.row[2].quantity, 100);
    assert_int_equal(run.record->stock.row[2].time_ms, 10 * MINUTE);
    assert_true(run.record->move.count >= 4);
    mu_run_close(&run);
    toy_course_fini(&c);
    toy_stage_fini(&t);
}

static void low_stock_is_ordered_anew(void **state) {
    (void)state;
    toy_stage     t;
    toy_course    c;
    muster_policy policy    = toy_policy("greedy");
    policy.restock_percent  = 50;
    policy.restock_delay_ms = 30 * MINUTE;
    a_truck_and_a_warehouse(&t);
    toy_course_init(&c, 240 * MINUTE);
    toy_call(&c, 0, street_lon(8), 30, "sandbag", 120 * MINUTE);
    c.need[0][0].quantity = 160;
    muster_replication *r;
    street_ok(mu_run_play(&r, &t.stage, &policy, &c.course, &RECORDED));
    assert_int_equal(r->stock.row[1].quantity, 0);
    assert_int_equal(r->stock.row[1].time_ms, 10 * MINUTE);
    assert_int_equal(r->stock.row[2].quantity, 100);
    assert_int_equal(r->stock.row[2].time_ms, 40 * MINUTE);
    assert_int_equal(r->stock.row[3].quantity, 40);
    assert_int_equal(r->incident.row[0].met_quantity, 160);
    mu_record_free(r);
    toy_course_fini(&c);
    toy_stage_fini(&t);
}

static void machines_are_in_their_pool_again_when_they_are_back(void **state) {
    (void)state;
    toy_stage           t;
    toy_course          c;
    const muster_policy greedy = toy_policy("greedy");
    toy_stage_init(&t, street_network());
    t.machine[0] = (muster_machine){toy_unit("M-1", street_lon(2), 30, MINUTE), STREET_PUMP, 3};
    t.problem.machine_count = 1;
    toy_stage_ready(&t);
    toy_course_init(&c, 120 * MINUTE);
    toy_call(&c, 0, street_lon(5), 30, "pump", 10 * MINUTE);
    c.need[0][0].quantity = 3;
    toy_call(&c, 15 * MINUTE, street_lon(5), 30, "pump", 10 * MINUTE);
    muster_replication *r = toy_play(&t, &greedy, &c);
    assert_int_equal(order_of(r, 0)->quantity, 3);
    assert_int_equal(order_of(r, 0)->released_ms, 14 * MINUTE);
    /* They are back at minute 17, and one sets out again. */
    assert_int_equal(order_of(r, 1)->issued_ms, 17 * MINUTE);
    assert_int_equal(order_of(r, 1)->quantity, 1);
    mu_record_free(r);
    toy_course_fini(&c);
    toy_stage_fini(&t);
}

static void who_has_worked_for_long_rests_at_his_base(void **state) {
    (void)state;
    toy_stage     t;
    toy_course    c;
    muster_policy policy = toy_policy("greedy");
    policy.duty_most_ms  = 15 * MINUTE;
    policy.rest_ms       = 60 * MINUTE;
    toy_stage_init(&t, street_network());
    toy_add_ambulance(&t, street_lon(0), 30, MINUTE);
    toy_stage_ready(&t);
    toy_course_init(&c, 240 * MINUTE);
    toy_call(&c, 0, street_lon(4), 30, "ambulance", 10 * MINUTE); /* home at minute 19 */
    toy_call(&c, 20 * MINUTE, street_lon(4), 30, "ambulance", 10 * MINUTE);
    muster_replication *r = toy_play(&t, &policy, &c);
    assert_int_equal(order_of(r, 1)->departed_ms, (19 + 60) * MINUTE);
    mu_record_free(r);
    toy_course_fini(&c);
    toy_stage_fini(&t);
}

/* ---- what cannot be ------------------------------------------------------------------------ */

static void a_course_with_orders_or_out_of_order_is_refused(void **state) {
    (void)state;
    toy_stage           t;
    toy_course          c;
    const muster_policy greedy = toy_policy("greedy");
    muster_replication *r;
    two_ambulances(&t);
    toy_course_init(&c, 120 * MINUTE);
    toy_event(&c, MUSTER_EVENT_ORDER_RELEASED, 0)->order = 1;
    assert_int_equal(mu_run_play(&r, &t.stage, &greedy, &c.course, &PLAIN), MUSTER_E_INVALID);
    assert_string_equal(
        muster_error_message(),
        "event 0 of the course, \"c-00000\", is order_released; expected what happens "
        "from outside, no places of units and no orders");
    assert_null(r);
    c.course.event_count = 0;
    toy_call(&c, 10 * MINUTE, street_lon(4), 30, "ambulance", MINUTE);
    toy_call(&c, 9 * MINUTE, street_lon(4), 30, "ambulance", MINUTE);
    assert_int_equal(mu_run_play(&r, &t.stage, &greedy, &c.course, &PLAIN), MUSTER_E_INVALID);
    c.course.end_at_ms = c.course.start_at_ms;
    assert_int_equal(mu_run_play(&r, &t.stage, &greedy, &c.course, &PLAIN), MUSTER_E_INVALID);
    toy_course_fini(&c);
    toy_stage_fini(&t);
}

static void what_the_session_refuses_is_written_down(void **state) {
    (void)state;
    toy_stage           t;
    toy_course          c;
    const muster_policy greedy = toy_policy("greedy");
    uint32_t            count;
    two_ambulances(&t);
    toy_course_init(&c, 120 * MINUTE);
    toy_event(&c, MUSTER_EVENT_ROAD_OPENED, 2 * MINUTE)->road.code = "R-9";
    muster_replication             *r                              = toy_play(&t, &greedy, &c);
    const muster_simulated_refusal *row = muster_simulation_refusals(r, &count);
    assert_int_equal(count, 1);
    assert_string_equal(row->id, "c-00000");
    assert_int_equal(row->time_ms, 2 * MINUTE);
    assert_non_null(strstr(row->message, "R-9"));
    mu_record_free(r);
    toy_course_fini(&c);
    toy_stage_fini(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_is_served_by_the_nearest_who_works_and_returns),
        cmocka_unit_test(who_returns_can_be_sent_from_where_he_is),
        cmocka_unit_test(somebody_is_brought_to_the_nearest_destination),
        cmocka_unit_test(work_waits_for_the_minimum),
        cmocka_unit_test(what_is_not_needed_any_more_is_not_waited_for),
        cmocka_unit_test(machines_work_with_who_operates_them),
        cmocka_unit_test(work_that_is_interrupted_goes_on_where_it_was),
        cmocka_unit_test(who_is_cut_off_on_his_way_says_so_and_another_goes),
        cmocka_unit_test(who_gets_to_a_call_by_a_road_that_opens_is_sent_there),
        cmocka_unit_test(of_two_who_waited_together_the_one_who_gets_there_is_sent),
        cmocka_unit_test(a_breakdown_is_repaired_and_another_goes),
        cmocka_unit_test(who_declines_is_not_asked_again),
        cmocka_unit_test(a_trip_loads_brings_and_returns),
        cmocka_unit_test(what_nobody_needs_any_more_is_brought_back),
        cmocka_unit_test(low_stock_is_ordered_anew),
        cmocka_unit_test(machines_are_in_their_pool_again_when_they_are_back),
        cmocka_unit_test(who_has_worked_for_long_rests_at_his_base),
        cmocka_unit_test(a_course_with_orders_or_out_of_order_is_refused),
        cmocka_unit_test(what_the_session_refuses_is_written_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
