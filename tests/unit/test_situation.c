/* What becomes of a world in a problem, rule by rule, on a street of eleven junctions. */
#include "session/situation.h"

#include "core/alloc.h"
#include "tests/support/street_world.h"

static const muster_event_need RESCUE[]    = {{"rescue", 8, 0, 0}};
static const muster_event_need PUMPS[]     = {{"pump", 5, 2, 0}};
static const muster_event_need TENTS[]     = {{"tent", 30, 10, 0}, {"sandbag", 100, 0, 0}};
static const muster_event_need AMBULANCE[] = {{"ambulance", 1, 0, 0}};

static mu_situation *situation_at(street_world *s, int64_t minutes) {
    const int64_t now_ms = STREET_NOW_MS + minutes * STREET_MINUTE_MS;
    mu_situation *situation;
    street_ok(mu_situation_new(&situation, s->world, street_roads(s, now_ms), now_ms));
    street_ok(muster_problem_check(&situation->problem));
    return situation;
}

static const muster_team *team_of(const mu_situation *s, const char *code) {
    for (uint32_t i = 0; i < s->problem.team_count; ++i) {
        if (strcmp(s->problem.team[i].unit.code, code) == 0) return &s->problem.team[i];
    }
    return NULL;
}

static const muster_vehicle *vehicle_of(const mu_situation *s, const char *code) {
    for (uint32_t i = 0; i < s->problem.vehicle_count; ++i) {
        if (strcmp(s->problem.vehicle[i].unit.code, code) == 0) return &s->problem.vehicle[i];
    }
    return NULL;
}

static const muster_machine *machine_of(const mu_situation *s, const char *code) {
    for (uint32_t i = 0; i < s->problem.machine_count; ++i) {
        if (strcmp(s->problem.machine[i].unit.code, code) == 0) return &s->problem.machine[i];
    }
    return NULL;
}

static const muster_stock *stock_of(const mu_situation *s, const char *code, uint32_t kind) {
    for (uint32_t i = 0; i < s->problem.stock_count; ++i) {
        const muster_stock *stock = &s->problem.stock[i];
        if (stock->kind == kind && strcmp(stock->unit.code, code) == 0) return stock;
    }
    return NULL;
}

/* The only rule of the problem. */
static const muster_rule *one_rule(const mu_situation *s, uint8_t type) {
    assert_int_equal(s->problem.rule_count, 1);
    assert_int_equal(s->problem.rule[0].type, type);
    return &s->problem.rule[0];
}

static void one_note(const mu_situation *s, const char *text) {
    assert_int_equal(s->note_count, 1);
    assert_string_equal(s->note[0].text, text);
}

/* ---- what is there ----------------------------------------------------------------------------- */

static void who_nobody_has_told_anything_is_free_where_he_is(void **state) {
    (void)state;
    street_world s;
    street_world_init(&s, MUSTER_ITEMS_BY_VEHICLE);
    street_report(&s, "I-1", 5, "west", 1, RESCUE);
    muster_event e    = street_event(&s, MUSTER_EVENT_UNIT_SHIFT, 0);
    e.unit            = (muster_event_unit){MUSTER_PEOPLE, "T-1", NULL};
    e.ready_at_ms     = STREET_NOW_MS + 10 * STREET_MINUTE_MS;
    e.shift_end_at_ms = STREET_NOW_MS + 100 * STREET_MINUTE_MS;
    e.duty_since_ms   = STREET_NOW_MS - 30 * STREET_MINUTE_MS;
    street_apply(&s, &e);
    mu_situation      *now = situation_at(&s, 5);
    const muster_team *t   = team_of(now, "T-1");
    assert_int_equal(now->problem.team_count, 3);
    assert_int_equal(now->problem.stock_count, 3);
    assert_int_equal(now->problem.rule_count, 0);
    assert_int_equal(t->unit.available_ms, 5 * STREET_MINUTE_MS);
    assert_int_equal(t->unit.shift_end_ms, 95 * STREET_MINUTE_MS);
    assert_int_equal(t->unit.duty_ms, 35 * STREET_MINUTE_MS);
    assert_int_equal(t->unit.turnout_ms, STREET_MINUTE_MS);
    assert_int_equal(now->problem.incident[0].authority, STREET_WEST);
    assert_int_equal(now->past_count, 0);
    mu_situation_free(now);
    street_world_fini(&s);
}

static void who_is_not_available_or_off_duty_is_left_out(void **state) {
    (void)state;
    street_world s;
    street_world_init(&s, MUSTER_ITEMS_BY_VEHICLE);
    street_report(&s, "I-1", 5, "west", 1, RESCUE);
    muster_event e = street_event(&s, MUSTER_EVENT_UNIT_STATUS, 0);
    e.unit         = (muster_event_unit){MUSTER_PEOPLE, "T-1", NULL};
    e.is_available = 0;
    e.reason       = "flooded";
    street_apply(&s, &e);
    e                 = street_event(&s, MUSTER_EVENT_UNIT_SHIFT, 0);
    e.unit            = (muster_event_unit){MUSTER_PEOPLE, "T-2", NULL};
    e.shift_end_at_ms = STREET_NOW_MS + 5 * STREET_MINUTE_MS;
    street_apply(&s, &e);
    mu_situation *now = situation_at(&s, 4);
    assert_null(team_of(now, "T-1"));
    assert_int_equal(team_of(now, "T-2")->unit.shift_end_ms, STREET_MINUTE_MS);
    mu_situation_free(now);
    now = situation_at(&s, 5);
    assert_null(team_of(now, "T-2"));
    assert_non_null(team_of(now, "T-3"));
    mu_situation_free(now);
    street_world_fini(&s);
}

static void a_deadline_that_has_passed_is_a_moment_ahead(void **state) {
    (void)state;
    street_world s;
    street_world_init(&s, MUSTER_ITEMS_BY_VEHICLE);
    muster_event e            = street_event(&s, MUSTER_EVENT_INCIDENT_REPORTED, 0);
    e.incident.code           = "I-1";
    e.incident.lon_deg        = street_lon(5);
    e.incident.lat_deg        = 30;
    e.incident.deadline_at_ms = STREET_NOW_MS + 10 * STREET_MINUTE_MS;
    e.need_count              = 1;
    e.need                    = RESCUE;
    street_apply(&s, &e);
    mu_situation *now = situation_at(&s, 4);
    assert_int_equal(now->problem.incident[0].deadline_ms, 6 * STREET_MINUTE_MS);
    mu_situation_free(now);
    now = situation_at(&s, 30);
    assert_int_equal(now->problem.incident[0].deadline_ms, 1);
    mu_situation_free(now);
    street_world_fini(&s);
}

/* ---- orders of teams and vehicles ------------------------------------------------------------------ */

static void who_has_only_been_told_is_free_and_was_in_the_plan_before(void **state) {
    (void)state;
    street_world s;
    street_world_init(&s, MUSTER_ITEMS_BY_VEHICLE);
    street_report(&s, "I-1", 5, "west", 1, RESCUE);
    const uint64_t order = street_send(&s, MUSTER_PEOPLE, "T-1", "I-1", "rescue", 10);
    mu_situation  *now   = situation_at(&s, 1);
    assert_int_equal(now->problem.rule_count, 0);
    assert_int_equal(now->past_count, 1);
    assert_int_equal(now->past[0].resource, MUSTER_PEOPLE);
    assert_int_equal(now->past[0].quantity, 10);
    assert_int_equal(now->past[0].eta_ms, 8 * STREET_MINUTE_MS);
    assert_int_equal(team_of(now, "T-1")->unit.turnout_ms, STREET_MINUTE_MS); /* at minute 2 */
    assert_true(mu_situation_find_order(now, order)->is_in_past);
    assert_null(mu_situation_find_order(now, order + 1));
    mu_situation_free(now);
    street_world_fini(&s);
}

static void who_has_accepted_is_en_route_with_what_is_left_of_his_turnout(void **state) {
    (void)state;
    street_world s;
    street_world_init(&s, MUSTER_ITEMS_BY_VEHICLE);
    street_report(&s, "I-1", 5, "west", 1, AMBULANCE);
    const uint64_t order = street_send(&s, MUSTER_VEHICLE, "V-1", "I-1", "ambulance", 1);
    street_answer(&s, order, MUSTER_EVENT_ORDER_ACCEPTED, 1);
    mu_situation      *now  = situation_at(&s, 1); /* it departs at minute 2 */
    const muster_rule *rule = one_rule(now, MUSTER_EN_ROUTE);
    assert_int_equal(rule->resource, MUSTER_VEHICLE);
    assert_int_equal(vehicle_of(now, "V-1")->unit.turnout_ms, STREET_MINUTE_MS);
    mu_situation_free(now);
    street_answer(&s, order, MUSTER_EVENT_ORDER_EN_ROUTE, 2);
    muster_event e = street_event(&s, MUSTER_EVENT_UNIT_MOVED, 3);
    e.unit         = (muster_event_unit){MUSTER_VEHICLE, "V-1", NULL};
    e.lon_deg      = street_lon(3);
    e.lat_deg      = 30;
    street_apply(&s, &e);
    now = situation_at(&s, 3);
    assert_int_equal(vehicle_of(now, "V-1")->unit.turnout_ms, 0);
    assert_true(vehicle_of(now, "V-1")->unit.site.lon_deg == street_lon(3));
    (void)one_rule(now, MUSTER_EN_ROUTE);
    assert_int_equal(now->past_count, 1);
    mu_situation_free(now);
    street_world_fini(&s);
}

static void who_is_sent_for_another_authority_is_at_its_disposal(void **state) {
    (void)state;
    street_world s;
    street_world_init(&s, MUSTER_ITEMS_BY_VEHICLE);
    street_report(&s, "I-1", 8, "east", 1, AMBULANCE);
    mu_situation *now = situation_at(&s, 1);
    assert_int_equal(vehicle_of(now, "V-1")->unit.authority, STREET_WEST);
    mu_situation_free(now);
    (void)street_send(&s, MUSTER_VEHICLE, "V-1", "I-1", "ambulance", 1);
    now = situation_at(&s, 1);
    assert_int_equal(vehicle_of(now, "V-1")->unit.authority, STREET_EAST);
    mu_situation_free(now);
    street_world_fini(&s);
}

static void who_is_on_scene_is_locked_there_even_after_his_shift(void **state) {
    (void)state;
    street_world s;
    street_world_init(&s, MUSTER_ITEMS_BY_VEHICLE);
    street_report(&s, "I-1", 5, "west", 1, RESCUE);
    const uint64_t order = street_send(&s, MUSTER_PEOPLE, "T-1", "I-1", "rescue", 10);
    street_answer(&s, order, MUSTER_EVENT_ORDER_ON_SCENE, 6);
    muster_event e    = street_event(&s, MUSTER_EVENT_UNIT_SHIFT, 6);
    e.unit            = (muster_event_unit){MUSTER_PEOPLE, "T-1", NULL};
    e.shift_end_at_ms = STREET_NOW_MS + 7 * STREET_MINUTE_MS;
    street_apply(&s, &e);
    mu_situation      *now  = situation_at(&s, 9);
    const muster_rule *rule = one_rule(now, MUSTER_LOCK);
    const muster_team *t    = team_of(now, "T-1");
    assert_int_equal(rule->need, 0);
    assert_true(t->unit.site.lon_deg == street_lon(5));
    assert_int_equal(t->unit.turnout_ms, 0);
    assert_int_equal(t->unit.shift_end_ms, 0);
    assert_int_equal(now->note_count, 0);
    mu_situation_free(now);
    street_world_fini(&s);
}

static void who_is_on_scene_where_better_ones_are_wanted_now_does_not_count(void **state) {
    (void)state;
    static const muster_event_need BETTER[] = {{"rescue", 8, 0, 2}};
    street_world                   s;
    street_world_init(&s, MUSTER_ITEMS_BY_VEHICLE);
    street_report(&s, "I-1", 5, "west", 1, RESCUE);
    const uint64_t order = street_send(&s, MUSTER_PEOPLE, "T-2", "I-1", "rescue", 8);
    street_answer(&s, order, MUSTER_EVENT_ORDER_ON_SCENE, 6);
    muster_event e  = street_event(&s, MUSTER_EVENT_NEED_CHANGED, 7);
    e.incident.code = "I-1";
    e.need_count    = 1;
    e.need          = BETTER;
    street_apply(&s, &e);
    mu_situation *now = situation_at(&s, 8);
    assert_null(team_of(now, "T-2"));
    assert_int_equal(now->problem.rule_count, 0);
    one_note(now, "\"T-2\" is on scene at \"I-1\", where it serves no need any more");
    assert_int_equal(now->note[0].order, order);
    mu_situation_free(now);
    street_world_fini(&s);
}

/* ---- orders of machines and items ------------------------------------------------------------------- */

static void a_pool_that_has_parts_under_orders_is_several_rows(void **state) {
    (void)state;
    street_world s;
    street_world_init(&s, MUSTER_ITEMS_BY_VEHICLE);
    street_report(&s, "I-1", 5, "west", 1, PUMPS);
    const uint64_t there    = street_send(&s, MUSTER_MACHINE, "M-1", "I-1", "pump", 1);
    const uint64_t accepted = street_send(&s, MUSTER_MACHINE, "M-1", "I-1", "pump", 2);
    (void)street_send(&s, MUSTER_MACHINE, "M-1", "I-1", "pump", 1);
    street_answer(&s, there, MUSTER_EVENT_ORDER_ON_SCENE, 5);
    street_answer(&s, accepted, MUSTER_EVENT_ORDER_ACCEPTED, 5);
    mu_situation *now = situation_at(&s, 6);
    assert_int_equal(machine_of(now, "M-1")->count, 3); /* free, or told alone */
    assert_int_equal(machine_of(now, "M-1#1")->count, 1);
    assert_int_equal(machine_of(now, "M-1#2")->count, 2);
    assert_true(machine_of(now, "M-1#1")->unit.site.lon_deg == street_lon(5));
    assert_true(machine_of(now, "M-1#2")->unit.site.lon_deg == street_lon(3));
    assert_int_equal(now->problem.rule_count, 2);
    assert_int_equal(now->problem.rule[0].type, MUSTER_LOCK);
    assert_int_equal(now->problem.rule[1].type, MUSTER_LOCK);
    assert_int_equal(now->past_count, 3);
    mu_situation_free(now);
    street_world_fini(&s);
}

static void what_other_dispatchers_have_is_not_planned_for(void **state) {
    (void)state;
    street_world  s;
    mu_situation *now;
    mu_elsewhere *elsewhere;
    street_world_init(&s, MUSTER_ITEMS_BY_VEHICLE);
    street_report(&s, "I-1", 5, "west", 1, PUMPS);
    const muster_held held[] = {
        {.resource = MUSTER_MACHINE, .code = "M-1", .quantity = 2, .dispatcher = "B"},
        {.resource = MUSTER_PEOPLE, .code = "T-1", .quantity = 1, .dispatcher = "B"},
        {.resource = MUSTER_MACHINE, .code = "M-1", .quantity = 1, .dispatcher = "A"}};
    muster_roads  *roads = street_roads(&s, STREET_NOW_MS);
    mu_situation  *all   = situation_at(&s, 0);
    const uint32_t teams = all->problem.team_count;
    const int64_t  pumps = machine_of(all, "M-1")->count;
    street_ok(mu_elsewhere_new(&elsewhere, s.world->base));
    mu_elsewhere_read(elsewhere, "A", 3, held);
    street_ok(mu_situation_take(&now, s.world, elsewhere, roads, STREET_NOW_MS));
    assert_int_equal(now->problem.team_count, teams - 1);
    assert_int_equal(machine_of(now, "M-1")->count, pumps - 2);
    mu_situation_free(now);
    mu_elsewhere_read(elsewhere, "A", 0, NULL);
    street_ok(mu_situation_take(&now, s.world, elsewhere, roads, STREET_NOW_MS));
    assert_int_equal(now->problem.team_count, teams);
    mu_situation_free(now);
    mu_situation_free(all);
    mu_elsewhere_free(elsewhere);
    street_world_fini(&s);
}

static void what_was_delivered_is_not_missing_any_more(void **state) {
    (void)state;
    street_world s;
    street_world_init(&s, MUSTER_ITEMS_BY_VEHICLE);
    street_report(&s, "I-1", 5, "west", 2, TENTS);
    const uint64_t trip = street_ship(&s, "K-1", "W-1", "I-1", "tent", 25);
    street_answer(&s, trip, MUSTER_EVENT_ORDER_ON_SCENE, 9);
    mu_situation *now = situation_at(&s, 10);
    assert_int_equal(now->problem.need_count, 2);
    assert_int_equal(now->problem.need[0].quantity, 5);
    assert_int_equal(now->problem.need[0].minimum, 1);
    assert_int_equal(stock_of(now, "W-1", STREET_TENT)->quantity, 15);
    assert_null(vehicle_of(now, "K-1")); /* it hands over */
    mu_situation_free(now);
    street_answer(&s, trip, MUSTER_EVENT_ORDER_RELEASED, 11);
    const uint64_t last = street_ship(&s, "K-1", "W-1", "I-1", "tent", 5);
    street_answer(&s, last, MUSTER_EVENT_ORDER_ON_SCENE, 12);
    now = situation_at(&s, 13);
    assert_int_equal(now->problem.need_count, 1);
    assert_int_equal(now->problem.need[0].kind, STREET_SANDBAG);
    mu_situation_free(now);
    street_world_fini(&s);
}

static void a_trip_that_is_told_is_in_the_plan_before_alone(void **state) {
    (void)state;
    street_world s;
    street_world_init(&s, MUSTER_ITEMS_BY_VEHICLE);
    street_report(&s, "I-1", 5, "west", 2, TENTS);
    (void)street_ship(&s, "K-1", "W-1", "I-1", "tent", 25);
    mu_situation *now = situation_at(&s, 1);
    assert_int_equal(now->problem.rule_count, 0);
    assert_int_equal(now->problem.stock_count, 3);
    assert_int_equal(stock_of(now, "W-1", STREET_TENT)->quantity, 40);
    assert_int_equal(now->past_shipment_count, 1);
    assert_int_equal(now->past_count, 1);
    assert_int_equal(now->past[0].shipment, 0);
    mu_situation_free(now);
    street_world_fini(&s);
}

static void a_trip_that_was_accepted_is_a_warehouse_of_its_own(void **state) {
    (void)state;
    street_world s;
    street_world_init(&s, MUSTER_ITEMS_BY_VEHICLE);
    street_report(&s, "I-1", 5, "west", 2, TENTS);
    const uint64_t trip = street_ship(&s, "K-1", "W-1", "I-1", "tent", 25);
    street_answer(&s, trip, MUSTER_EVENT_ORDER_EN_ROUTE, 2);
    mu_situation       *now  = situation_at(&s, 3);
    const muster_rule  *rule = one_rule(now, MUSTER_EN_ROUTE);
    const muster_stock *load = stock_of(now, "W-1#1", STREET_TENT);
    assert_int_equal(rule->resource, MUSTER_ITEM);
    assert_ptr_equal(&now->problem.stock[rule->index], load);
    assert_ptr_equal(&now->problem.vehicle[rule->vehicle], vehicle_of(now, "K-1"));
    assert_int_equal(load->quantity, 25);
    assert_int_equal(load->unit.turnout_ms, STREET_MINUTE_MS); /* it is loaded yet */
    assert_true(load->unit.site.lon_deg == street_lon(6));
    assert_int_equal(stock_of(now, "W-1", STREET_TENT)->quantity, 15);
    mu_situation_free(now);
    street_answer(&s, trip, MUSTER_EVENT_ORDER_LOADED, 5);
    muster_event e = street_event(&s, MUSTER_EVENT_UNIT_MOVED, 6);
    e.unit         = (muster_event_unit){MUSTER_VEHICLE, "K-1", NULL};
    e.lon_deg      = street_lon(5.5);
    e.lat_deg      = 30;
    street_apply(&s, &e);
    now  = situation_at(&s, 6);
    load = stock_of(now, "W-1#1", STREET_TENT);
    assert_int_equal(load->unit.turnout_ms, 0);
    assert_true(load->unit.site.lon_deg == street_lon(5.5));
    mu_situation_free(now);
    street_world_fini(&s);
}

static void what_a_broken_truck_has_on_board_stays_where_it_is(void **state) {
    (void)state;
    street_world s;
    street_world_init(&s, MUSTER_ITEMS_BY_VEHICLE);
    street_report(&s, "I-1", 5, "west", 2, TENTS);
    const uint64_t trip = street_ship(&s, "K-1", "W-1", "I-1", "tent", 25);
    street_answer(&s, trip, MUSTER_EVENT_ORDER_LOADED, 5);
    muster_event e = street_event(&s, MUSTER_EVENT_UNIT_STATUS, 6);
    e.unit         = (muster_event_unit){MUSTER_VEHICLE, "K-1", NULL};
    street_apply(&s, &e);
    mu_situation *now = situation_at(&s, 6);
    assert_null(vehicle_of(now, "K-1"));
    assert_null(stock_of(now, "W-1#1", STREET_TENT));
    assert_int_equal(stock_of(now, "W-1", STREET_TENT)->quantity, 15);
    assert_false(mu_situation_find_order(now, trip)->is_in_past);
    one_note(now, "what \"K-1\" has on board stays where it is: the vehicle is not available");
    mu_situation_free(now);
    street_world_fini(&s);
}

/* ---- commanders' words ------------------------------------------------------------------------------ */

static const muster_event_unit T1 = {MUSTER_PEOPLE, "T-1", NULL},
                               M1 = {MUSTER_MACHINE, "M-1", NULL};

static void a_hold_and_a_forbid_are_rules_of_who_is_free(void **state) {
    (void)state;
    street_world s;
    street_world_init(&s, MUSTER_ITEMS_BY_VEHICLE);
    street_report(&s, "I-1", 5, "west", 1, RESCUE);
    street_rule(&s, "C-1", MUSTER_COMMAND_HOLD, T1, NULL, 0);
    mu_situation      *now  = situation_at(&s, 2);
    const muster_rule *hold = one_rule(now, MUSTER_HOLD);
    assert_ptr_equal(&now->problem.team[hold->index], team_of(now, "T-1"));
    assert_string_equal(now->word[0].rule, "C-1");
    mu_situation_free(now);
    street_world_fini(&s);
}

static void what_is_on_board_is_not_held_with_what_is_in_the_warehouse(void **state) {
    (void)state;
    static const muster_event_unit TENTS_OF_W1 = {MUSTER_ITEM, "W-1", "tent"};
    street_world                   s;
    street_world_init(&s, MUSTER_ITEMS_BY_VEHICLE);
    street_report(&s, "I-1", 5, "west", 2, TENTS);
    const uint64_t trip = street_ship(&s, "K-1", "W-1", "I-1", "tent", 25);
    street_answer(&s, trip, MUSTER_EVENT_ORDER_EN_ROUTE, 2);
    street_rule(&s, "C-1", MUSTER_COMMAND_HOLD, TENTS_OF_W1, NULL, 0);
    mu_situation *now = situation_at(&s, 3);
    assert_int_equal(now->problem.rule_count, 3); /* it is not loaded yet: both rows are held */
    mu_situation_free(now);
    street_answer(&s, trip, MUSTER_EVENT_ORDER_LOADED, 4);
    now = situation_at(&s, 5);
    assert_int_equal(now->problem.rule_count, 2);
    assert_int_equal(now->problem.rule[1].type, MUSTER_HOLD);
    assert_ptr_equal(&now->problem.stock[now->problem.rule[1].index],
                     stock_of(now, "W-1", STREET_TENT));
    mu_situation_free(now);
    street_world_fini(&s);
}

static void a_lock_waits_until_its_unit_is_free(void **state) {
    (void)state;
    street_world s;
    street_world_init(&s, MUSTER_ITEMS_BY_VEHICLE);
    street_report(&s, "I-1", 5, "west", 1, RESCUE);
    street_report(&s, "I-2", 2, "west", 1, RESCUE);
    street_report(&s, "I-3", 3, "west", 1, RESCUE);
    const uint64_t order = street_send(&s, MUSTER_PEOPLE, "T-1", "I-1", "rescue", 10);
    street_answer(&s, order, MUSTER_EVENT_ORDER_ACCEPTED, 1);
    street_rule(&s, "C-1", MUSTER_COMMAND_LOCK, T1, "I-2", 0);
    mu_situation *now = situation_at(&s, 2);
    assert_int_equal(now->problem.rule_count, 2);
    assert_int_equal(now->problem.rule[0].type, MUSTER_EN_ROUTE);
    assert_int_equal(now->problem.rule[1].type, MUSTER_FORBID); /* it goes to no third place */
    assert_int_equal(now->problem.rule[1].incident, 2);
    one_note(now, "rule \"C-1\" of \"T-1\" waits: it is under another order");
    mu_situation_free(now);
    street_answer(&s, order, MUSTER_EVENT_ORDER_RELEASED, 3);
    now = situation_at(&s, 4);
    assert_int_equal(one_rule(now, MUSTER_LOCK)->incident, 1);
    mu_situation_free(now);
    street_world_fini(&s);
}

static void what_of_a_pool_goes_there_already_is_part_of_what_is_locked(void **state) {
    (void)state;
    street_world s;
    street_world_init(&s, MUSTER_ITEMS_BY_VEHICLE);
    street_report(&s, "I-1", 5, "west", 1, PUMPS);
    const uint64_t order = street_send(&s, MUSTER_MACHINE, "M-1", "I-1", "pump", 2);
    street_answer(&s, order, MUSTER_EVENT_ORDER_ACCEPTED, 1);
    street_rule(&s, "C-1", MUSTER_COMMAND_LOCK, M1, "I-1", 5);
    mu_situation *now = situation_at(&s, 2);
    assert_int_equal(now->problem.rule_count, 2);
    assert_int_equal(now->problem.rule[1].type, MUSTER_LOCK);
    assert_int_equal(now->problem.rule[1].quantity, 3);
    mu_situation_free(now);
    street_world_fini(&s);
}

static void a_hold_undoes_what_a_pool_has_accepted(void **state) {
    (void)state;
    street_world s;
    street_world_init(&s, MUSTER_ITEMS_BY_VEHICLE);
    street_report(&s, "I-1", 5, "west", 1, PUMPS);
    const uint64_t order = street_send(&s, MUSTER_MACHINE, "M-1", "I-1", "pump", 2);
    street_answer(&s, order, MUSTER_EVENT_ORDER_ACCEPTED, 1);
    street_rule(&s, "C-1", MUSTER_COMMAND_HOLD, M1, NULL, 0);
    mu_situation *now = situation_at(&s, 2);
    assert_int_equal(now->problem.rule_count, 2); /* of what is free, and of what is not */
    assert_int_equal(now->problem.rule[0].type, MUSTER_HOLD);
    assert_int_equal(now->problem.rule[1].type, MUSTER_HOLD);
    one_note(now, "order 1 of \"M-1#1\" to \"I-1\" cannot stay as it is: it is on hold");
    mu_situation_free(now);
    street_world_fini(&s);
}

static void a_road_that_is_cut_undoes_what_a_pool_has_accepted(void **state) {
    (void)state;
    street_world s;
    street_world_init(&s, MUSTER_ITEMS_BY_VEHICLE);
    street_report(&s, "I-1", 5, "west", 1, PUMPS);
    const uint64_t order = street_send(&s, MUSTER_MACHINE, "M-1", "I-1", "pump", 2);
    street_answer(&s, order, MUSTER_EVENT_ORDER_ACCEPTED, 1);
    muster_event e    = street_event(&s, MUSTER_EVENT_ROAD_CLOSED, 2);
    e.road.code       = "R-1";
    e.road.edge_count = 1;
    e.road.edge_id    = (int64_t[]){996}; /* between junctions 4 and 5 */
    street_apply(&s, &e);
    mu_situation *now = situation_at(&s, 2);
    assert_int_equal(now->problem.rule_count, 0);
    one_note(now,
             "order 1 of \"M-1#1\" to \"I-1\" cannot stay as it is: no road leads there any more");
    mu_situation_free(now);
    street_world_fini(&s);
}

static void a_forbid_counts_more_than_who_is_on_scene(void **state) {
    (void)state;
    street_world s;
    street_world_init(&s, MUSTER_ITEMS_BY_VEHICLE);
    street_report(&s, "I-1", 5, "west", 1, RESCUE);
    const uint64_t order = street_send(&s, MUSTER_PEOPLE, "T-1", "I-1", "rescue", 10);
    street_answer(&s, order, MUSTER_EVENT_ORDER_ON_SCENE, 6);
    street_rule(&s, "C-1", MUSTER_COMMAND_FORBID, T1, "I-1", 0);
    mu_situation *now = situation_at(&s, 7);
    assert_null(team_of(now, "T-1"));
    assert_int_equal(now->problem.rule_count, 0);
    one_note(
        now,
        "\"T-1\" is on scene at \"I-1\", where rule \"C-1\" forbids it to go: it does not count "
        "there");
    mu_situation_free(now);
    street_world_fini(&s);
}

static void what_one_part_has_declined_another_part_goes_on_with(void **state) {
    (void)state;
    street_world s;
    street_world_init(&s, MUSTER_ITEMS_BY_VEHICLE);
    street_report(&s, "I-1", 5, "west", 1, PUMPS);
    const uint64_t accepted = street_send(&s, MUSTER_MACHINE, "M-1", "I-1", "pump", 2);
    const uint64_t declined = street_send(&s, MUSTER_MACHINE, "M-1", "I-1", "pump", 3);
    street_answer(&s, accepted, MUSTER_EVENT_ORDER_ACCEPTED, 1);
    street_answer(&s, declined, MUSTER_EVENT_ORDER_DECLINED, 1);
    mu_situation *now = situation_at(&s, 2);
    assert_int_equal(now->problem.rule_count, 2);
    assert_int_equal(now->problem.rule[0].type, MUSTER_LOCK);
    assert_int_equal(now->problem.rule[1].type, MUSTER_FORBID);
    assert_ptr_equal(&now->problem.machine[now->problem.rule[1].index], machine_of(now, "M-1"));
    assert_int_equal(now->note_count, 0);
    mu_situation_free(now);
    street_world_fini(&s);
}

static void a_situation_does_not_change_when_the_world_goes_on(void **state) {
    (void)state;
    street_world s;
    street_world_init(&s, MUSTER_ITEMS_BY_VEHICLE);
    street_report(&s, "I-1", 5, "west", 1, RESCUE);
    const uint64_t order = street_send(&s, MUSTER_PEOPLE, "T-1", "I-1", "rescue", 10);
    street_answer(&s, order, MUSTER_EVENT_ORDER_ACCEPTED, 1);
    mu_situation   *now     = situation_at(&s, 1);
    muster_network *network = s.network;
    s.network               = NULL;
    street_world_fini(&s);
    assert_string_equal(now->problem.incident[0].code, "I-1");
    assert_string_equal(team_of(now, "T-1")->unit.code, "T-1");
    assert_string_equal(now->order[0].incident_code, "I-1");
    street_ok(muster_problem_check(&now->problem));
    mu_situation_free(now);
    muster_network_free(network);
}

static void memory_that_runs_out_leaves_nothing_behind(void **state) {
    (void)state;
    street_world s;
    street_world_init(&s, MUSTER_ITEMS_BY_VEHICLE);
    street_report(&s, "I-1", 5, "west", 1, PUMPS);
    street_report(&s, "I-2", 6, "west", 2, TENTS);
    const uint64_t order = street_send(&s, MUSTER_MACHINE, "M-1", "I-1", "pump", 2);
    street_answer(&s, order, MUSTER_EVENT_ORDER_ACCEPTED, 1);
    const uint64_t trip = street_ship(&s, "K-1", "W-1", "I-2", "tent", 25);
    street_answer(&s, trip, MUSTER_EVENT_ORDER_LOADED, 2);
    street_rule(&s, "C-1", MUSTER_COMMAND_HOLD, M1, NULL, 0);
    mu_situation *now;
    muster_roads *roads  = street_roads(&s, STREET_NOW_MS);
    muster_status status = MUSTER_E_NOMEM;
    int64_t       count  = 0;
    for (; status != MUSTER_OK; ++count) {
        mu_alloc_fail_after(count);
        status = mu_situation_new(&now, s.world, roads, STREET_NOW_MS);
        mu_alloc_fail_after(-1);
        assert_true(status == MUSTER_OK || (status == MUSTER_E_NOMEM && !now));
    }
    assert_true(count > 20);
    mu_situation_free(now);
    street_world_fini(&s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_nobody_has_told_anything_is_free_where_he_is),
        cmocka_unit_test(who_is_not_available_or_off_duty_is_left_out),
        cmocka_unit_test(a_deadline_that_has_passed_is_a_moment_ahead),
        cmocka_unit_test(who_has_only_been_told_is_free_and_was_in_the_plan_before),
        cmocka_unit_test(who_has_accepted_is_en_route_with_what_is_left_of_his_turnout),
        cmocka_unit_test(who_is_sent_for_another_authority_is_at_its_disposal),
        cmocka_unit_test(who_is_on_scene_is_locked_there_even_after_his_shift),
        cmocka_unit_test(who_is_on_scene_where_better_ones_are_wanted_now_does_not_count),
        cmocka_unit_test(a_pool_that_has_parts_under_orders_is_several_rows),
        cmocka_unit_test(what_other_dispatchers_have_is_not_planned_for),
        cmocka_unit_test(what_was_delivered_is_not_missing_any_more),
        cmocka_unit_test(a_trip_that_is_told_is_in_the_plan_before_alone),
        cmocka_unit_test(a_trip_that_was_accepted_is_a_warehouse_of_its_own),
        cmocka_unit_test(what_a_broken_truck_has_on_board_stays_where_it_is),
        cmocka_unit_test(a_hold_and_a_forbid_are_rules_of_who_is_free),
        cmocka_unit_test(what_is_on_board_is_not_held_with_what_is_in_the_warehouse),
        cmocka_unit_test(a_lock_waits_until_its_unit_is_free),
        cmocka_unit_test(what_of_a_pool_goes_there_already_is_part_of_what_is_locked),
        cmocka_unit_test(a_hold_undoes_what_a_pool_has_accepted),
        cmocka_unit_test(a_road_that_is_cut_undoes_what_a_pool_has_accepted),
        cmocka_unit_test(a_forbid_counts_more_than_who_is_on_scene),
        cmocka_unit_test(what_one_part_has_declined_another_part_goes_on_with),
        cmocka_unit_test(a_situation_does_not_change_when_the_world_goes_on),
        cmocka_unit_test(memory_that_runs_out_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
