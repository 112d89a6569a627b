/* What a world makes of events, one by one: what each does, and each way in which it may be refused. */
#include <math.h>
#include <stdio.h>
#include <time.h>

#include "core/alloc.h"
#include "session/issue_text.h"
#include "session/world_event.h"
#include "tests/support/small_base.h"

static muster_event_unit unit(uint8_t resource, const char *code, const char *kind) {
    return (muster_event_unit){resource, code, kind};
}

static const mu_world_unit *state_of(const mu_world *w, uint8_t resource, const char *code,
                                     uint32_t kind) {
    return &w->unit[resource][mu_base_find_unit(w->base, resource, code, kind)];
}

static void verify(const mu_world *w) {
    if (mu_world_verify(w) != MUSTER_OK) fail_msg("%s", muster_error_message());
}

/* It is answered so, and changes nothing. */
static void refused(mu_world *w, const muster_event *e, muster_event_outcome outcome,
                    const char *message) {
    const uint64_t            sequence = w->sequence;
    const muster_event_answer answer   = small_tell(w, e);
    if (answer.outcome != outcome || !strstr(answer.message, message)) {
        fail_msg("%s: %s", muster_event_outcome_name((muster_event_outcome)answer.outcome),
                 answer.message);
    }
    assert_null(strchr(answer.message, '\n'));
    assert_int_equal(w->sequence, sequence);
    verify(w);
}

static muster_event of_order(uint8_t type, int64_t seconds, uint64_t order) {
    muster_event e = small_event(type, seconds);
    e.order        = order;
    return e;
}

static void tell_order(mu_world *w, uint8_t type, int64_t seconds, uint64_t order) {
    const muster_event e = of_order(type, seconds, order);
    small_apply(w, &e);
    verify(w);
}

static uint8_t state_of_order(const mu_world *w, uint64_t number) {
    return mu_world_find_order(w, number)->state;
}

/* ---- base and beginning --------------------------------------------------------------------- */

static void everything_of_the_base_is_found_by_its_code(void **state) {
    (void)state;
    mu_world      *w;
    mu_base       *b       = small_base_and_world(&w);
    const uint32_t sandbag = mu_base_find_kind(b, "sandbag");
    assert_int_equal(sandbag, SMALL_SANDBAG);
    assert_int_equal(mu_base_find_unit(b, MUSTER_PEOPLE, "T-3", 0), 2);
    assert_int_equal(mu_base_find_unit(b, MUSTER_ITEM, "W-2", sandbag), 2);
    assert_int_equal(mu_base_find_unit(b, MUSTER_ITEM, "W-2", SMALL_TENT), MUSTER_NONE);
    assert_int_equal(mu_base_find_unit(b, MUSTER_VEHICLE, "T-3", 0), MUSTER_NONE);
    assert_int_equal(mu_base_find_unit(b, 9, "T-3", 0), MUSTER_NONE);
    assert_int_equal(mu_base_find_authority(b, "town"), SMALL_TOWN);
    assert_string_equal(b->unit[MUSTER_PEOPLE][0].code, "T-1");
    assert_int_equal(b->unit[MUSTER_PEOPLE][0].capability_count, 2);
    assert_int_equal(w->unit[MUSTER_PEOPLE][0].quantity, 12);
    mu_base_release(b);
    verify(w);
    mu_world_free(w);
}

static void consent_is_of_the_nearest_that_is_over_both(void **state) {
    (void)state;
    mu_world *w = small_world();
    mu_base  *b = w->base;
    assert_int_equal(mu_base_consent(b, SMALL_TOWN, SMALL_NORTH), MUSTER_NONE);
    assert_int_equal(mu_base_consent(b, SMALL_NORTH, SMALL_NORTH), MUSTER_NONE);
    assert_int_equal(mu_base_consent(b, SMALL_NORTH, SMALL_TOWN), SMALL_NORTH);
    assert_int_equal(mu_base_consent(b, SMALL_SOUTH, SMALL_TOWN), SMALL_CITY);
    assert_int_equal(mu_base_consent(b, SMALL_SOUTH, MUSTER_NONE), MUSTER_NONE);
    assert_int_equal(mu_base_consent(b, MUSTER_NONE, SMALL_TOWN), MUSTER_NONE);
    assert_true(mu_base_is_over(b, SMALL_CITY, SMALL_TOWN));
    assert_false(mu_base_is_over(b, SMALL_TOWN, SMALL_CITY));
    assert_false(mu_base_is_over(b, SMALL_SOUTH, SMALL_TOWN));
    assert_true(mu_base_is_over(b, MUSTER_NONE, SMALL_CITY));
    mu_world_free(w);
}

/* ---- what every event has ------------------------------------------------------------------- */

static muster_event moved(int64_t seconds, const char *team) {
    muster_event e = small_event(MUSTER_EVENT_UNIT_MOVED, seconds);
    e.unit         = unit(MUSTER_PEOPLE, team, NULL);
    e.lon_deg      = 120.8;
    e.lat_deg      = 30.8;
    return e;
}

static void what_is_told_twice_is_answered_as_the_first_time(void **state) {
    (void)state;
    mu_world          *w = small_world();
    const muster_event e = moved(5, "T-1");
    small_apply(w, &e);
    const muster_event_answer again = small_tell(w, &e);
    assert_int_equal(again.outcome, MUSTER_EVENT_REPEATED);
    assert_int_equal(again.sequence, 1);
    assert_string_equal(again.message, "");
    mu_world_free(w);
}

static void an_event_without_id_author_or_a_time_is_wrong(void **state) {
    (void)state;
    mu_world    *w = small_world();
    muster_event e = moved(5, "T-1");
    e.struct_size  = 8;
    refused(w, &e, MUSTER_EVENT_WRONG, "struct_size is 8; expected ");
    e    = moved(5, "T-1");
    e.id = NULL;
    refused(w, &e, MUSTER_EVENT_WRONG, "id has 0 bytes; expected 1 to 64");
    e.id = "a b";
    refused(w, &e, MUSTER_EVENT_WRONG, "id has 3 bytes, not all of them visible ASCII");
    e.id = "0123456789012345678901234567890123456789012345678901234567890123x";
    refused(w, &e, MUSTER_EVENT_WRONG, "id has more than 64 bytes");
    e         = moved(5, "T-1");
    e.time_ms = 1782864000;
    refused(w, &e, MUSTER_EVENT_WRONG, "time_ms is 1782864000; expected milliseconds since 1970");
    e.time_ms = INT64_MAX;
    refused(w, &e, MUSTER_EVENT_WRONG, "time_ms is 9223372036854775807");
    e        = moved(5, "T-1");
    e.author = "";
    refused(w, &e, MUSTER_EVENT_WRONG, "author is missing");
    e.author = "\xC3(";
    refused(w, &e, MUSTER_EVENT_WRONG, "author is not UTF-8");
    e           = moved(5, "T-1");
    e.authority = "nowhere";
    refused(w, &e, MUSTER_EVENT_UNKNOWN, "there is no authority 'nowhere'");
    e.authority = NULL;
    e.type      = 40;
    refused(w, &e, MUSTER_EVENT_WRONG, "type is 40");
    e.type = MUSTER_EVENT_PLAN_COMMITTED;
    refused(w, &e, MUSTER_EVENT_WRONG, "type is 65");
    mu_world_free(w);
}

/* ---- positions ------------------------------------------------------------------------------ */

static void a_position_counts_unless_a_later_one_is_known(void **state) {
    (void)state;
    mu_world    *w = small_world();
    muster_event e = moved(5, "T-1");
    small_apply(w, &e);
    const mu_world_unit *u = state_of(w, MUSTER_PEOPLE, "T-1", 0);
    assert_true(u->lon_deg == 120.8 && u->lat_deg == 30.8);
    assert_int_equal(u->seen_at_ms, SMALL_NOW_MS + 5000);
    e = moved(4, "T-1");
    refused(w, &e, MUSTER_EVENT_LATE, "the position of 'T-1' is of 1782864004000, but one of");
    mu_world_free(w);
}

static void a_position_off_the_globe_is_wrong(void **state) {
    (void)state;
    static const double PLACES[][2] = {
        {(double)NAN, 30}, {30, (double)INFINITY}, {30.7, 120.7}, {181, 0}};
    mu_world *w = small_world();
    for (size_t i = 0; i < sizeof PLACES / sizeof *PLACES; ++i) {
        muster_event e = moved(5, "T-1");
        e.lon_deg      = PLACES[i][0];
        e.lat_deg      = PLACES[i][1];
        refused(w, &e, MUSTER_EVENT_WRONG, "longitude first");
    }
    mu_world_free(w);
}

static void an_unknown_unit_is_named(void **state) {
    (void)state;
    mu_world    *w = small_world();
    muster_event e = moved(5, "T-9");
    refused(w, &e, MUSTER_EVENT_UNKNOWN, "there is no team 'T-9'");
    e.unit = unit(MUSTER_ITEM, "W-1", "sandbag");
    refused(w, &e, MUSTER_EVENT_WRONG, "a warehouse stays where it is");
    e.unit = unit(7, "T-1", NULL);
    refused(w, &e, MUSTER_EVENT_WRONG, "unit.resource is 7; expected 0 to 3");
    e.unit = unit(MUSTER_PEOPLE, NULL, NULL);
    refused(w, &e, MUSTER_EVENT_WRONG, "unit.code is missing");
    e           = moved(5, "T-2");
    e.authority = "north";
    refused(w, &e, MUSTER_EVENT_FORBIDDEN,
            "unit 'T-2' is 'south''s, which authority 'north' is not over");
    mu_world_free(w);
}

/* ---- orders ---------------------------------------------------------------------------------- */

static void an_order_goes_its_way_to_the_end(void **state) {
    (void)state;
    mu_world *w = small_world();
    small_report(w, "I-1", "north");
    const mu_world_order order = small_order(w, MUSTER_PEOPLE, "T-1", "I-1", "rescue", 12);
    const uint64_t       n     = small_give(w, 1, &order);
    assert_int_equal(n, 1);
    assert_int_equal(state_of(w, MUSTER_PEOPLE, "T-1", 0)->ordered, 12);
    tell_order(w, MUSTER_EVENT_ORDER_ACCEPTED, 10, n);
    tell_order(w, MUSTER_EVENT_ORDER_EN_ROUTE, 20, n);
    muster_event e = of_order(MUSTER_EVENT_ORDER_ACCEPTED, 15, n);
    refused(w, &e, MUSTER_EVENT_LATE, "order 1 is en_route since");
    e = of_order(MUSTER_EVENT_ORDER_DECLINED, 30, n);
    refused(w, &e, MUSTER_EVENT_CONFLICT, "cannot become declined");
    e = of_order(MUSTER_EVENT_ORDER_LOADED, 30, n);
    refused(w, &e, MUSTER_EVENT_CONFLICT, "order 1 is no trip");
    tell_order(w, MUSTER_EVENT_ORDER_ON_SCENE, 600, n);
    assert_true(state_of(w, MUSTER_PEOPLE, "T-1", 0)->lon_deg == 120.75);
    e = of_order(MUSTER_EVENT_ORDER_CANCELLED, 700, n);
    refused(w, &e, MUSTER_EVENT_CONFLICT, "cannot become cancelled");
    tell_order(w, MUSTER_EVENT_ORDER_RELEASED, 900, n);
    assert_int_equal(state_of_order(w, n), MUSTER_ORDER_RELEASED);
    assert_int_equal(state_of(w, MUSTER_PEOPLE, "T-1", 0)->ordered, 0);
    e = of_order(MUSTER_EVENT_ORDER_RELEASED, 901, n);
    refused(w, &e, MUSTER_EVENT_CONFLICT, "order 1 is released");
    e = of_order(MUSTER_EVENT_ORDER_ACCEPTED, 901, 7);
    refused(w, &e, MUSTER_EVENT_UNKNOWN, "order 7 was never issued");
    mu_world_free(w);
}

static void a_trip_takes_its_loads_along_and_hands_them_over(void **state) {
    (void)state;
    mu_world *w = small_world();
    small_report(w, "I-1", NULL);
    mu_world_order order[3] = {small_order(w, MUSTER_VEHICLE, "V-2", "I-1", "truck", 1),
                               small_order(w, MUSTER_ITEM, "W-1", "I-1", "sandbag", 100)};
    order[0].need           = MUSTER_NONE;
    order[0].warehouse      = order[1].unit;
    order[1].trip           = 1;
    const uint64_t n        = small_give(w, 2, order);
    verify(w);
    assert_int_equal(mu_world_find_order(w, n + 1)->trip, n);
    assert_int_equal(state_of(w, MUSTER_ITEM, "W-1", SMALL_SANDBAG)->ordered, 100);
    muster_event e = of_order(MUSTER_EVENT_ORDER_ACCEPTED, 5, n + 1);
    refused(w, &e, MUSTER_EVENT_CONFLICT, "order 2 comes with the trip of order 1");
    tell_order(w, MUSTER_EVENT_ORDER_EN_ROUTE, 5, n);
    tell_order(w, MUSTER_EVENT_ORDER_LOADED, 100, n);
    assert_true(mu_world_find_order(w, n)->is_loaded);
    tell_order(w, MUSTER_EVENT_ORDER_ON_SCENE, 500, n);
    assert_int_equal(state_of_order(w, n + 1), MUSTER_ORDER_ON_SCENE);
    assert_int_equal(state_of(w, MUSTER_ITEM, "W-1", SMALL_SANDBAG)->quantity, 900);
    assert_int_equal(state_of(w, MUSTER_ITEM, "W-1", SMALL_SANDBAG)->ordered, 0);
    assert_int_equal(w->incident[0].need[2].delivered, 100);
    tell_order(w, MUSTER_EVENT_ORDER_RELEASED, 900, n);
    assert_int_equal(state_of(w, MUSTER_VEHICLE, "V-2", 0)->ordered, 0);
    assert_int_equal(state_of(w, MUSTER_ITEM, "W-1", SMALL_SANDBAG)->quantity, 900);
    mu_world_free(w);
}

/* ---- incidents -------------------------------------------------------------------------------- */

static muster_event of_incident(uint8_t type, int64_t seconds, const char *code) {
    muster_event e  = small_event(type, seconds);
    e.incident.code = code;
    return e;
}

static void a_report_says_all_or_is_wrong(void **state) {
    (void)state;
    static const muster_event_need TWICE[]    = {{"pump", 1, 0, 0}, {"pump", 2, 0, 0}};
    static const muster_event_need GRADED[]   = {{"pump", 1, 0, 2}};
    static const muster_event_need LITTLE[]   = {{"pump", 1, 2, 0}};
    static const muster_event_need NEGATIVE[] = {{"pump", -1, 0, 0}};
    static const muster_event_need UNKNOWN[]  = {{"boat", 1, 0, 0}};
    static const muster_event_need HUGE[]     = {{"pump", MUSTER_MAX_QUANTITY + 1, 0, 0}};
    static const struct {
        const muster_event_need *need;
        uint32_t                 count;
        muster_event_outcome     outcome;
        const char              *message;
    } NEEDS[] = {
        {NULL, 0, MUSTER_EVENT_WRONG, "there are 0 needs; expected 1 to 7"},
        {TWICE, 2, MUSTER_EVENT_WRONG, "there are two needs of 'pump'"},
        {GRADED, 1, MUSTER_EVENT_WRONG, "need.grade of 'pump' is 2; expected 0"},
        {LITTLE, 1, MUSTER_EVENT_WRONG, "need.minimum is 2; expected 0 to 1"},
        {NEGATIVE, 1, MUSTER_EVENT_WRONG, "need.quantity is -1; expected 1 to 1000000000"},
        {HUGE, 1, MUSTER_EVENT_WRONG, "need.quantity is 1000000001"},
        {UNKNOWN, 1, MUSTER_EVENT_UNKNOWN, "there is no kind 'boat'"},
    };
    mu_world    *w = small_world();
    muster_event e = of_incident(MUSTER_EVENT_INCIDENT_REPORTED, 1, "I-1");
    for (size_t i = 0; i < sizeof NEEDS / sizeof *NEEDS; ++i) {
        e.need       = NEEDS[i].need;
        e.need_count = NEEDS[i].count;
        refused(w, &e, NEEDS[i].outcome, NEEDS[i].message);
    }
    e.need              = GRADED + 0;
    e.incident.severity = 4;
    refused(w, &e, MUSTER_EVENT_WRONG, "incident.severity is 4; expected 0 to 3");
    e.incident.severity       = 0;
    e.incident.deadline_at_ms = 5;
    refused(w, &e, MUSTER_EVENT_WRONG, "incident.deadline_at_ms is 5; expected milliseconds");
    e.incident.deadline_at_ms = 0;
    e.incident.authority      = "moon";
    refused(w, &e, MUSTER_EVENT_UNKNOWN, "there is no authority 'moon'");
    e.incident.authority = NULL;
    e.incident.lat_deg   = (double)NAN;
    refused(w, &e, MUSTER_EVENT_WRONG, "the incident is at lon_deg 0, lat_deg nan");
    e.incident.lat_deg     = 0;
    e.incident.on_scene_ms = UINT32_MAX;
    refused(w, &e, MUSTER_EVENT_WRONG, "incident.on_scene_ms is 4294967295");
    e.incident.on_scene_ms = 0;
    e.incident.code        = "a\tb";
    refused(w, &e, MUSTER_EVENT_WRONG, "incident.code is not UTF-8, or has a control character");
    char long_code[MUSTER_EVENT_CODE_BYTES + 2];
    memset(long_code, 'I', sizeof long_code - 1);
    long_code[sizeof long_code - 1] = 0;
    e.incident.code                 = long_code;
    refused(w, &e, MUSTER_EVENT_WRONG, "incident.code has more than 200 bytes");
    mu_world_free(w);
}

static void a_code_of_an_incident_is_used_once(void **state) {
    (void)state;
    static const muster_event_need NEED[] = {{"pump", 1, 0, 0}};
    mu_world                      *w      = small_world();
    small_report(w, "I-1", "north");
    muster_event e = of_incident(MUSTER_EVENT_INCIDENT_REPORTED, 9, "I-1");
    e.need         = NEED;
    e.need_count   = 1;
    refused(w, &e, MUSTER_EVENT_CONFLICT, "incident 'I-1' is reported already");
    muster_event closed = of_incident(MUSTER_EVENT_INCIDENT_CLOSED, 9, "I-1");
    closed.authority    = "south";
    refused(w, &closed, MUSTER_EVENT_FORBIDDEN, "incident 'I-1' is 'north''s");
    closed.authority = "north";
    small_apply(w, &closed);
    assert_int_equal(w->incident_count, 0);
    assert_int_equal(w->closed_count, 1);
    refused(w, &e, MUSTER_EVENT_CONFLICT, "incident 'I-1' was there before, and is closed");
    closed.id = "again";
    refused(w, &closed, MUSTER_EVENT_CONFLICT, "incident 'I-1' is closed");
    closed.incident.code = "I-2";
    refused(w, &closed, MUSTER_EVENT_UNKNOWN, "there is no incident 'I-2'");
    mu_world_free(w);
}

static void an_update_sets_what_it_says_unless_it_is_late(void **state) {
    (void)state;
    mu_world *w = small_world();
    small_report(w, "I-1", "north");
    muster_event e            = of_incident(MUSTER_EVENT_INCIDENT_UPDATED, 9, "I-1");
    e.incident.name           = "Dike";
    e.incident.severity       = MUSTER_EXTREME;
    e.incident.set            = MUSTER_SET_NAME | MUSTER_SET_ALL_OR_NOTHING;
    e.incident.all_or_nothing = 7;
    small_apply(w, &e);
    assert_string_equal(w->incident[0].name, "Dike");
    assert_int_equal(w->incident[0].severity, MUSTER_SEVERE);
    assert_true(w->incident[0].all_or_nothing);
    e              = of_incident(MUSTER_EVENT_INCIDENT_UPDATED, 8, "I-1");
    e.incident.set = MUSTER_SET_NAME;
    refused(w, &e, MUSTER_EVENT_LATE, "an update of incident of 'I-1' is of 1782864008000");
    e = of_incident(MUSTER_EVENT_INCIDENT_UPDATED, 10, "I-1");
    refused(w, &e, MUSTER_EVENT_WRONG, "incident.set is 0; expected one or several");
    e.incident.set       = MUSTER_SET_AUTHORITY;
    e.incident.authority = "city";
    e.authority          = "north";
    refused(w, &e, MUSTER_EVENT_FORBIDDEN, "the incident 'I-1' is 'city''s");
    mu_world_free(w);
}

static void a_need_that_is_told_again_is_as_it_is_told(void **state) {
    (void)state;
    static const muster_event_need NEED[] = {
        {"pump", 0, 0, 0}, {"tent", 9, 0, 0}, {"sandbag", 200, 0, 0}};
    mu_world *w = small_world();
    small_report(w, "I-1", NULL);
    mu_world_order order = small_order(w, MUSTER_ITEM, "W-2", "I-1", "sandbag", 100);
    tell_order(w, MUSTER_EVENT_ORDER_ON_SCENE, 100, small_give(w, 1, &order));
    muster_event e = of_incident(MUSTER_EVENT_NEED_CHANGED, 200, "I-1");
    e.need         = NEED;
    e.need_count   = 3;
    small_apply(w, &e);
    const mu_world_incident *i = &w->incident[0];
    assert_int_equal(i->need_count, 4);
    assert_int_equal(i->need[1].kind, SMALL_SANDBAG);
    assert_int_equal(i->need[1].quantity, 200);
    assert_int_equal(i->need[1].delivered, 100);
    assert_int_equal(i->need[3].kind, SMALL_TENT);
    e            = of_incident(MUSTER_EVENT_NEED_CHANGED, 100, "I-1");
    e.need       = NEED;
    e.need_count = 3;
    refused(w, &e, MUSTER_EVENT_LATE, "a need of incident of 'I-1'");
    mu_world_free(w);
}

static void who_is_on_scene_stays_when_an_incident_is_closed(void **state) {
    (void)state;
    mu_world *w = small_world();
    small_report(w, "I-1", NULL);
    const mu_world_order order[] = {small_order(w, MUSTER_PEOPLE, "T-1", "I-1", "rescue", 12),
                                    small_order(w, MUSTER_PEOPLE, "T-2", "I-1", "rescue", 8)};
    const uint64_t       n       = small_give(w, 2, order);
    tell_order(w, MUSTER_EVENT_ORDER_ON_SCENE, 100, n);
    muster_event e = of_incident(MUSTER_EVENT_INCIDENT_CLOSED, 200, "I-1");
    small_apply(w, &e);
    verify(w);
    assert_int_equal(state_of_order(w, n), MUSTER_ORDER_ON_SCENE);
    assert_int_equal(state_of_order(w, n + 1), MUSTER_ORDER_CANCELLED);
    assert_string_equal(mu_world_find_order(w, n + 1)->reason, "the incident is closed");
    assert_string_equal(mu_world_find_order(w, n + 1)->changed_by, "desk 1");
    assert_int_equal(w->incident_count, 1);
    assert_int_equal(w->incident[0].order_count, 1);
    mu_world_free(w);
}

/* ---- units ------------------------------------------------------------------------------------ */

static void a_status_of_a_warehouse_is_that_of_all_it_has(void **state) {
    (void)state;
    mu_world    *w = small_world();
    muster_event e = small_event(MUSTER_EVENT_UNIT_STATUS, 5);
    e.unit         = unit(MUSTER_ITEM, "W-1", NULL);
    e.reason       = "flooded";
    small_apply(w, &e);
    assert_false(w->unit[MUSTER_ITEM][0].is_available || w->unit[MUSTER_ITEM][1].is_available);
    assert_true(w->unit[MUSTER_ITEM][2].is_available);
    assert_string_equal(w->unit[MUSTER_ITEM][1].reason, "flooded");
    verify(w);
    e              = small_event(MUSTER_EVENT_UNIT_STATUS, 6);
    e.unit         = unit(MUSTER_ITEM, "W-1", "tent");
    e.is_available = 1;
    small_apply(w, &e);
    assert_true(w->unit[MUSTER_ITEM][1].is_available);
    assert_null(w->unit[MUSTER_ITEM][1].reason);
    e      = small_event(MUSTER_EVENT_UNIT_STATUS, 5);
    e.unit = unit(MUSTER_ITEM, "W-1", NULL);
    refused(w, &e, MUSTER_EVENT_LATE, "a status of 'W-1'");
    e.unit = unit(MUSTER_ITEM, "W-9", NULL);
    refused(w, &e, MUSTER_EVENT_UNKNOWN, "there is no warehouse 'W-9'");
    e.unit = unit(MUSTER_ITEM, "W-2", "tent");
    refused(w, &e, MUSTER_EVENT_UNKNOWN, "warehouse 'W-2' has no stock of 'tent'");
    mu_world_free(w);
}

static void a_team_under_orders_goes_with_those_who_are_there(void **state) {
    (void)state;
    mu_world *w = small_world();
    small_report(w, "I-1", NULL);
    const mu_world_order order[] = {small_order(w, MUSTER_PEOPLE, "T-1", "I-1", "rescue", 12),
                                    small_order(w, MUSTER_MACHINE, "M-1", "I-1", "pump", 3)};
    const uint64_t       n       = small_give(w, 2, order);
    muster_event         e       = small_event(MUSTER_EVENT_UNIT_CREW, 5);
    e.unit                       = unit(MUSTER_PEOPLE, "T-1", NULL);
    e.quantity                   = 9;
    small_apply(w, &e);
    assert_int_equal(mu_world_find_order(w, n)->quantity, 9);
    verify(w);
    e          = small_event(MUSTER_EVENT_UNIT_CREW, 6);
    e.unit     = unit(MUSTER_PEOPLE, "T-1", NULL);
    e.quantity = 0;
    refused(w, &e, MUSTER_EVENT_CONFLICT, "quantity of 'T-1' is 0, but 9 of it are under orders");
    e.unit     = unit(MUSTER_MACHINE, "M-1", NULL);
    e.quantity = 2;
    refused(w, &e, MUSTER_EVENT_CONFLICT, "quantity of 'M-1' is 2, but 3 of it are under orders");
    e.quantity = -1;
    refused(w, &e, MUSTER_EVENT_WRONG, "quantity is -1; expected 0 to 1000000000");
    e.quantity = INT64_MAX;
    refused(w, &e, MUSTER_EVENT_WRONG, "quantity is 9223372036854775807");
    e.unit = unit(MUSTER_VEHICLE, "V-1", NULL);
    refused(w, &e, MUSTER_EVENT_WRONG, "expected people or machine: a vehicle is one");
    e          = small_event(MUSTER_EVENT_UNIT_CREW, 4);
    e.unit     = unit(MUSTER_PEOPLE, "T-1", NULL);
    e.quantity = 10;
    refused(w, &e, MUSTER_EVENT_LATE, "the quantity of 'T-1'");
    mu_world_free(w);
}

static void a_shift_is_of_moments_that_there_are(void **state) {
    (void)state;
    mu_world    *w    = small_world();
    muster_event e    = small_event(MUSTER_EVENT_UNIT_SHIFT, 5);
    e.unit            = unit(MUSTER_PEOPLE, "T-1", NULL);
    e.shift_end_at_ms = SMALL_NOW_MS + 3600000;
    e.duty_since_ms   = SMALL_NOW_MS - 3600000;
    small_apply(w, &e);
    assert_int_equal(w->unit[MUSTER_PEOPLE][0].shift_end_at_ms, SMALL_NOW_MS + 3600000);
    e               = small_event(MUSTER_EVENT_UNIT_SHIFT, 6);
    e.unit          = unit(MUSTER_PEOPLE, "T-1", NULL);
    e.duty_since_ms = SMALL_NOW_MS + 7000;
    refused(w, &e, MUSTER_EVENT_WRONG, "duty_since_ms is 1782864007000, after time_ms");
    e.duty_since_ms = 0;
    e.ready_at_ms   = -1;
    refused(w, &e, MUSTER_EVENT_WRONG, "ready_at_ms is -1; expected milliseconds since 1970");
    mu_world_free(w);
}

static void stock_is_never_less_than_nothing_or_what_is_under_orders(void **state) {
    (void)state;
    mu_world *w = small_world();
    small_report(w, "I-1", NULL);
    const mu_world_order order = small_order(w, MUSTER_ITEM, "W-2", "I-1", "sandbag", 250);
    (void)small_give(w, 1, &order);
    muster_event e = small_event(MUSTER_EVENT_STOCK_MOVED, 5);
    e.unit         = unit(MUSTER_ITEM, "W-2", "sandbag");
    e.quantity     = -51;
    refused(w, &e, MUSTER_EVENT_CONFLICT,
            "51 of 'sandbag' leave 'W-2', which has 300, 250 of them under orders");
    e.quantity    = -50;
    e.destination = "W-1";
    small_apply(w, &e);
    verify(w);
    assert_int_equal(w->unit[MUSTER_ITEM][2].quantity, 250);
    assert_int_equal(w->unit[MUSTER_ITEM][0].quantity, 1050);
    e             = small_event(MUSTER_EVENT_STOCK_MOVED, 5);
    e.unit        = unit(MUSTER_ITEM, "W-1", "sandbag");
    e.quantity    = 10;
    e.destination = "W-2";
    refused(w, &e, MUSTER_EVENT_WRONG, "quantity is 10 with a destination; expected a negative");
    e.quantity    = -10;
    e.destination = "W-1";
    refused(w, &e, MUSTER_EVENT_WRONG, "destination is 'W-1' itself");
    e.destination = "W-2";
    e.authority   = "north";
    refused(w, &e, MUSTER_EVENT_FORBIDDEN, "warehouse 'W-2' is 'south''s");
    e.authority   = NULL;
    e.destination = NULL;
    e.quantity    = 0;
    refused(w, &e, MUSTER_EVENT_WRONG, "quantity is 0; expected what comes or leaves");
    e.quantity = INT64_MIN;
    refused(w, &e, MUSTER_EVENT_WRONG, "quantity is -9223372036854775808");
    e.quantity = MUSTER_MAX_QUANTITY;
    refused(w, &e, MUSTER_EVENT_CONFLICT, "1000000000 of 'sandbag' come to 'W-1', which has 1050");
    e.quantity = MUSTER_MAX_QUANTITY - 1050;
    small_apply(w, &e);
    verify(w);
    mu_world_free(w);
}

/* ---- rules ------------------------------------------------------------------------------------- */

static void who_has_declined_is_not_sent_there_again(void **state) {
    (void)state;
    mu_world *w = small_world();
    small_report(w, "I-1", NULL);
    const mu_world_order order = small_order(w, MUSTER_PEOPLE, "T-1", "I-1", "rescue", 12);
    muster_event         e =
        small_rule(MUSTER_COMMAND_LOCK, 2, "C-1", unit(MUSTER_PEOPLE, "T-1", NULL), "I-1");
    small_apply(w, &e);
    const uint64_t n = small_give(w, 1, &order);
    tell_order(w, MUSTER_EVENT_ORDER_DECLINED, 10, n);
    assert_int_equal(w->rule_count, 1);
    assert_string_equal(w->rule[0].code, "declined-1");
    const mu_issue            issue  = small_issue(1, &order);
    const muster_event_answer answer = small_commit(w, &issue);
    assert_int_equal(answer.outcome, MUSTER_EVENT_CONFLICT);
    assert_string_equal(answer.message, "'T-1' may not be sent to 'I-1' by rule 'declined-1' "
                                        "(forbid); expected that to be lifted, or a new plan");
    e = small_rule(MUSTER_COMMAND_LOCK, 20, "C-2", unit(MUSTER_PEOPLE, "T-1", NULL), "I-1");
    refused(w, &e, MUSTER_EVENT_CONFLICT, "rule 'C-2' on 'T-1' contradicts rule 'declined-1'");
    e           = small_event(MUSTER_EVENT_RULE_LIFTED, 20);
    e.rule.code = "declined-1";
    small_apply(w, &e);
    assert_int_equal(small_give(w, 1, &order), n + 1);
    e = small_rule(MUSTER_COMMAND_HOLD, 30, "declined-7", unit(MUSTER_PEOPLE, "T-1", NULL), NULL);
    refused(w, &e, MUSTER_EVENT_WRONG, "expected another beginning than declined- or expired-");
    mu_world_free(w);
}

static void who_is_forced_elsewhere_is_called_back(void **state) {
    (void)state;
    mu_world *w = small_world();
    small_report(w, "I-1", NULL);
    small_report(w, "I-2", NULL);
    const mu_world_order order[] = {small_order(w, MUSTER_PEOPLE, "T-1", "I-1", "rescue", 12),
                                    small_order(w, MUSTER_MACHINE, "M-1", "I-1", "pump", 1),
                                    small_order(w, MUSTER_MACHINE, "M-1", "I-1", "pump", 2)};
    const uint64_t       n       = small_give(w, 3, order);
    tell_order(w, MUSTER_EVENT_ORDER_ON_SCENE, 100, n);
    muster_event e =
        small_rule(MUSTER_COMMAND_FORCE, 200, "C-1", unit(MUSTER_PEOPLE, "T-1", NULL), "I-2");
    e.reason = "the dike breaks";
    small_apply(w, &e);
    verify(w);
    assert_int_equal(state_of_order(w, n), MUSTER_ORDER_RELEASED);
    assert_string_equal(mu_world_find_order(w, n)->reason, "the dike breaks");
    e = small_rule(MUSTER_COMMAND_FORCE, 201, "C-2", unit(MUSTER_MACHINE, "M-1", NULL), "I-2");
    e.rule.quantity = 2;
    small_apply(w, &e);
    verify(w);
    assert_int_equal(state_of_order(w, n + 1), MUSTER_ORDER_ISSUED);
    assert_int_equal(state_of_order(w, n + 2), MUSTER_ORDER_CANCELLED);
    const mu_world_order again = small_order(w, MUSTER_PEOPLE, "T-1", "I-2", "rescue", 12);
    tell_order(w, MUSTER_EVENT_ORDER_RELEASED, 300, small_give(w, 1, &again));
    assert_int_equal(w->rule_count, 1); /* the force is carried out */
    mu_world_free(w);
}

static void what_is_locked_for_others_is_not_free(void **state) {
    (void)state;
    mu_world *w = small_world();
    small_report(w, "I-1", NULL);
    small_report(w, "I-2", NULL);
    muster_event e =
        small_rule(MUSTER_COMMAND_LOCK, 2, "C-1", unit(MUSTER_MACHINE, "M-1", NULL), "I-1");
    e.rule.quantity = 3;
    small_apply(w, &e);
    assert_int_equal(mu_world_free_for(w, MUSTER_MACHINE, 0, 1), 1);
    assert_int_equal(mu_world_free_for(w, MUSTER_MACHINE, 0, 0), 4);
    mu_world_order order = small_order(w, MUSTER_MACHINE, "M-1", "I-1", "pump", 2);
    const uint64_t n     = small_give(w, 1, &order);
    assert_int_equal(mu_world_free_for(w, MUSTER_MACHINE, 0, 1), 1);
    order.quantity = 2;
    (void)small_give(w, 1, &order); /* more than is locked */
    assert_int_equal(mu_world_free_for(w, MUSTER_MACHINE, 0, 1), 0);
    tell_order(w, MUSTER_EVENT_ORDER_CANCELLED, 10, n + 1);
    tell_order(w, MUSTER_EVENT_ORDER_RELEASED, 10, n);
    assert_int_equal(w->rule[0].rule.quantity, 1); /* two of the three have been there */
    assert_int_equal(mu_world_free_for(w, MUSTER_MACHINE, 0, 1), 3);
    order.quantity = 3;
    (void)small_give(w, 1, &order);
    assert_int_equal(mu_world_free_for(w, MUSTER_MACHINE, 0, 1), 1);
    mu_world_free(w);
}

static void rules_that_no_plan_could_obey_are_refused(void **state) {
    (void)state;
    mu_world *w = small_world();
    small_report(w, "I-1", NULL);
    small_report(w, "I-2", "south");
    const muster_event_unit team = unit(MUSTER_PEOPLE, "T-1", NULL);
    const muster_event_unit pump = unit(MUSTER_MACHINE, "M-1", NULL);
    muster_event            e    = small_rule(MUSTER_COMMAND_LOCK, 2, "C-1", team, "I-1");
    small_apply(w, &e);
    e = small_rule(MUSTER_COMMAND_HOLD, 3, "C-1", team, NULL);
    refused(w, &e, MUSTER_EVENT_CONFLICT, "rule 'C-1' holds already");
    e = small_rule(MUSTER_COMMAND_HOLD, 3, "C-2", team, NULL);
    refused(w, &e, MUSTER_EVENT_CONFLICT, "contradicts rule 'C-1' (lock)");
    e = small_rule(MUSTER_COMMAND_FORBID, 3, "C-2", team, "I-1");
    refused(w, &e, MUSTER_EVENT_CONFLICT, "contradicts rule 'C-1' (lock)");
    e = small_rule(MUSTER_COMMAND_FORCE, 3, "C-2", team, "I-2");
    refused(w, &e, MUSTER_EVENT_CONFLICT, "contradicts rule 'C-1' (lock)");
    e               = small_rule(MUSTER_COMMAND_LOCK, 3, "C-2", pump, "I-1");
    e.rule.quantity = 3;
    small_apply(w, &e);
    e               = small_rule(MUSTER_COMMAND_LOCK, 4, "C-3", pump, "I-2");
    e.rule.quantity = 2;
    refused(w, &e, MUSTER_EVENT_CONFLICT, "5 of 'M-1' would be locked in all, and there are 4");
    e.rule.quantity = -1;
    refused(w, &e, MUSTER_EVENT_WRONG, "rule.quantity is -1");
    e = small_rule(MUSTER_COMMAND_LOCK, 4, "C-3", unit(MUSTER_PEOPLE, "T-2", NULL), "I-1");
    e.rule.need = "pump";
    refused(w, &e, MUSTER_EVENT_CONFLICT, "incident 'I-1' has no need of 'pump' that 'T-2' can");
    e.rule.need    = NULL;
    e.rule.command = 4;
    refused(w, &e, MUSTER_EVENT_WRONG, "rule.command is 4; expected 0 to 3");
    e = small_rule(MUSTER_COMMAND_LOCK, 4, "C-3", unit(MUSTER_VEHICLE, "V-1", NULL), "I-2");
    e.authority = "north";
    refused(w, &e, MUSTER_EVENT_FORBIDDEN, "who may send it there, 'V-1' is 'city''s");
    e           = small_event(MUSTER_EVENT_RULE_LIFTED, 20);
    e.rule.code = "C-9";
    refused(w, &e, MUSTER_EVENT_UNKNOWN, "there is no rule 'C-9'");
    e           = small_event(MUSTER_EVENT_RULE_LIFTED, 1);
    e.rule.code = "C-1";
    refused(w, &e, MUSTER_EVENT_LATE, "the lifting of rule of 'C-1'");
    e           = small_event(MUSTER_EVENT_RULE_LIFTED, 20);
    e.rule.code = "C-1";
    small_apply(w, &e);
    e = small_rule(MUSTER_COMMAND_LOCK, 19, "C-1", team, "I-1");
    refused(w, &e, MUSTER_EVENT_LATE, "rule 'C-1' is of 1782864019000, but ended at");
    mu_world_free(w);
}

/* ---- roads and hazards --------------------------------------------------------------------------- */

static void a_road_is_one_of_edges_a_line_places_or_an_area(void **state) {
    (void)state;
    static const double   FAR_LON[]    = {-170, 170, 0};
    static const double   FAR_LAT[]    = {0, 0, 1};
    static const uint32_t SHORT_RING[] = {0, 2};
    static const uint32_t LATE_RING[]  = {1, 4};
    mu_world             *w            = small_world();
    muster_event          e            = small_road(MUSTER_EVENT_ROAD_CLOSED, 5, "R-1");
    e.road.edge_count                  = 0;
    refused(w, &e, MUSTER_EVENT_WRONG,
            "has 0 edges, a line of 0 points, 0 points by themselves and an area of 0 rings");
    e.road.edge_count  = 1;
    e.road.point_count = 3;
    e.road.lon_deg     = SMALL_RING_LON;
    e.road.lat_deg     = SMALL_RING_LAT;
    refused(w, &e, MUSTER_EVENT_WRONG, "expected one of the four");
    e.road.edge_count = 0;
    e.road.points     = (muster_points){1, SMALL_RING_LON, SMALL_RING_LAT};
    refused(w, &e, MUSTER_EVENT_WRONG, "expected one of the four");
    e.road.point_count = 0;
    e.road.points      = (muster_points){3, SMALL_RING_LAT, SMALL_RING_LON};
    refused(w, &e, MUSTER_EVENT_WRONG, "a point of the road is at lon_deg 30.7, lat_deg 120.7");
    e.road.points = (muster_points){2, (double[]){120.7, NAN}, SMALL_RING_LAT};
    refused(w, &e, MUSTER_EVENT_WRONG, "a point of the road is at lon_deg nan");
    e.road.points = (muster_points){3, SMALL_RING_LON, NULL};
    refused(w, &e, MUSTER_EVENT_WRONG, "road.points has 3 points, but not where they are");
    e.road.points      = (muster_points){0};
    e.road.edge_count  = 0;
    e.road.point_count = 1;
    refused(w, &e, MUSTER_EVENT_WRONG, "road.line has 1 points; expected 2 or more");
    e.road.point_count = 2;
    e.road.lon_deg     = FAR_LON;
    e.road.lat_deg     = FAR_LAT;
    refused(w, &e, MUSTER_EVENT_WRONG, "the road goes from lon_deg -170 to 170");
    e.road.lon_deg = SMALL_RING_LAT;
    e.road.lat_deg = SMALL_RING_LON;
    refused(w, &e, MUSTER_EVENT_WRONG, "a point of the road is at lon_deg 30.7, lat_deg 120.7");
    e.road.point_count = 0;
    e.road.area        = (muster_polygon){1, SHORT_RING, SMALL_RING_LON, SMALL_RING_LAT};
    refused(w, &e, MUSTER_EVENT_WRONG, "ring 0 of road.area has 2 points; expected 3 or more");
    e.road.area.first_point = LATE_RING;
    refused(w, &e, MUSTER_EVENT_WRONG, "first_point of road.area begins with 1; expected 0");
    e                   = small_road(MUSTER_EVENT_ROAD_SLOWED, 5, "R-1");
    e.road.speed_factor = 1;
    refused(w, &e, MUSTER_EVENT_WRONG, "road.speed_factor is 1; expected more than 0 and less");
    e.road.speed_factor = (double)NAN;
    refused(w, &e, MUSTER_EVENT_WRONG, "road.speed_factor is nan");
    mu_world_free(w);
}

static void the_same_code_replaces_what_it_was_and_does_not_come_back(void **state) {
    (void)state;
    mu_world    *w       = small_world();
    muster_event e       = small_road(MUSTER_EVENT_ROAD_CLOSED, 5, "R-1");
    e.road.speed_factor  = 0.25; /* is not read */
    const uint64_t first = w->roads_version;
    small_apply(w, &e);
    assert_true(w->road[0].road.speed_factor == 0);
    e                   = small_road(MUSTER_EVENT_ROAD_SLOWED, 6, "R-1");
    e.road.speed_factor = 0.25;
    small_apply(w, &e);
    assert_int_equal(w->road_count, 1);
    assert_true(w->road[0].road.speed_factor == 0.25);
    assert_int_equal(w->roads_version, first + 2);
    e = small_road(MUSTER_EVENT_ROAD_CLOSED, 5, "R-1");
    refused(w, &e, MUSTER_EVENT_LATE, "a closing of road of 'R-1' is of 1782864005000");
    e = small_road(MUSTER_EVENT_ROAD_OPENED, 5, "R-1");
    refused(w, &e, MUSTER_EVENT_LATE, "the opening of road of 'R-1'");
    e = small_road(MUSTER_EVENT_ROAD_OPENED, 8, "R-1");
    small_apply(w, &e);
    assert_int_equal(w->road_count, 0);
    e = small_road(MUSTER_EVENT_ROAD_CLOSED, 7, "R-1");
    refused(w, &e, MUSTER_EVENT_LATE, "road 'R-1' is of 1782864007000, but ended at 1782864008000");
    e = small_road(MUSTER_EVENT_ROAD_OPENED, 9, "R-1");
    refused(w, &e, MUSTER_EVENT_UNKNOWN, "no road 'R-1' is closed or slow");
    e = small_road(MUSTER_EVENT_ROAD_CLOSED, 9, "R-1");
    small_apply(w, &e);
    verify(w);
    mu_world_free(w);
}

static void a_hazard_is_one_that_can_be_drawn(void **state) {
    (void)state;
    static const uint32_t FALLING[] = {0, 3, 2};
    mu_world             *w         = small_world();
    muster_hazard         h         = small_hazard("H-1");
    muster_event          e         = small_event(MUSTER_EVENT_HAZARD_GROWN, 5);
    refused(w, &e, MUSTER_EVENT_WRONG, "hazard is missing");
    e.hazard  = &h;
    h.depth_m = -1;
    refused(w, &e, MUSTER_EVENT_WRONG, "hazard 'H-1' is -1 m deep; expected 0 or more");
    h           = small_hazard("H-1");
    h.ends_at_s = h.starts_at_s;
    refused(w, &e, MUSTER_EVENT_WRONG, "expected an end after its beginning");
    h      = small_hazard("H-1");
    h.area = (muster_multipolygon){0};
    refused(w, &e, MUSTER_EVENT_WRONG, "hazard 'H-1' has neither an area nor lines");
    h.edge_count = 1;
    refused(w, &e, MUSTER_EVENT_WRONG, "hazard 'H-1' has points or edges, but not which");
    h.edge_id = SMALL_EDGES;
    refused(w, &e, MUSTER_EVENT_WRONG, "expected them of a closure alone");
    h.kind   = MUSTER_HAZARD_CLOSURE;
    h.points = (muster_points){2, (double[]){120.7, INFINITY}, SMALL_RING_LAT};
    refused(w, &e, MUSTER_EVENT_WRONG, "hazard 'H-1'");
    h.points = (muster_points){2, SMALL_RING_LON, NULL};
    refused(w, &e, MUSTER_EVENT_WRONG, "hazard 'H-1' has points or edges, but not which");
    h                    = small_hazard("H-1");
    h.area.first_ring    = FALLING;
    h.area.polygon_count = 2;
    refused(w, &e, MUSTER_EVENT_WRONG, "first_ring of the hazard does not rise from 0");
    h = small_hazard(NULL);
    refused(w, &e, MUSTER_EVENT_WRONG, "hazard.code is missing");
    h = small_hazard("H-1");
    small_apply(w, &e);
    e        = small_event(MUSTER_EVENT_HAZARD_ENDED, 4);
    e.hazard = &h;
    refused(w, &e, MUSTER_EVENT_LATE, "the end of hazard of 'H-1'");
    e        = small_event(MUSTER_EVENT_HAZARD_ENDED, 6);
    e.hazard = &h;
    small_apply(w, &e);
    assert_int_equal(w->hazard_count, 0);
    e.id = "again";
    refused(w, &e, MUSTER_EVENT_UNKNOWN, "there is no hazard 'H-1'");
    mu_world_free(w);
}

/* ---- commits ------------------------------------------------------------------------------------- */

static void not_issued(mu_world *w, const mu_issue *issue, uint32_t expected,
                       muster_event_outcome outcome, const char *message) {
    muster_event_answer answer;
    uint32_t            order;
    assert_int_equal(mu_world_check_issue(w, issue, &answer, &order), MUSTER_OK);
    if (answer.outcome != outcome || !strstr(answer.message, message)) {
        fail_msg("%s: %s", muster_event_outcome_name((muster_event_outcome)answer.outcome),
                 answer.message);
    }
    assert_int_equal(order, expected);
}

static void what_has_changed_since_the_plan_is_not_issued(void **state) {
    (void)state;
    mu_world *w = small_world();
    small_report(w, "I-1", "north");
    mu_world_order order[] = {small_order(w, MUSTER_MACHINE, "M-1", "I-1", "pump", 2),
                              small_order(w, MUSTER_PEOPLE, "T-1", "I-1", "rescue", 11)};
    mu_issue       issue   = small_issue(2, order);
    not_issued(w, &issue, 1, MUSTER_EVENT_CONFLICT, "11 of 'T-1' are to be sent, but 12 of 12");
    order[1].quantity = 12;
    order[1].consent  = SMALL_CITY;
    not_issued(w, &issue, 1, MUSTER_EVENT_UNKNOWN, "order 1 of the plan has consent 0");
    order[1].consent = MUSTER_NONE;
    issue.authority  = "south";
    not_issued(w, &issue, 0, MUSTER_EVENT_FORBIDDEN, "what can be decided of unit 'M-1' is 'city'");
    issue.authority    = NULL;
    order[1].eta_at_ms = 0;
    not_issued(w, &issue, 1, MUSTER_EVENT_WRONG, "a time of an order is 0");
    order[1].eta_at_ms  = SMALL_NOW_MS;
    order[1].distance_m = (double)NAN;
    not_issued(w, &issue, 1, MUSTER_EVENT_WRONG, "distance_m is nan");
    order[1].distance_m = 0;
    order[1]            = order[0];
    order[1].quantity   = 3;
    not_issued(w, &issue, 1, MUSTER_EVENT_CONFLICT, "3 of 'M-1' are to be sent, but 2 of 4");
    order[1].quantity = 2;
    order[1].incident = 7;
    not_issued(w, &issue, 1, MUSTER_EVENT_UNKNOWN, "order 1 of the plan has incident 7");
    order[1].incident = 0;
    issue.id          = "";
    not_issued(w, &issue, MUSTER_NONE, MUSTER_EVENT_WRONG, "id has 0 bytes; expected 1 to 64");
    issue.id = "night plan"; /* what could be committed, and then not be copied or read again */
    not_issued(w, &issue, MUSTER_NONE, MUSTER_EVENT_WRONG,
               "id has 10 bytes, not all of them visible ASCII");
    issue.id = "\xE5\xA4\x9C";
    not_issued(w, &issue, MUSTER_NONE, MUSTER_EVENT_WRONG,
               "id has 3 bytes, not all of them visible ASCII");
    issue.id = "plan-x";
    assert_int_equal(small_commit(w, &issue).outcome, MUSTER_EVENT_APPLIED);
    assert_int_equal(small_commit(w, &issue).outcome, MUSTER_EVENT_REPEATED);
    const uint64_t gone[] = {1, 9};
    issue                 = small_issue(0, NULL);
    issue.cancelled       = gone;
    issue.cancelled_count = 2;
    not_issued(w, &issue, MUSTER_NONE, MUSTER_EVENT_UNKNOWN, "order 9 cannot be taken back");
    tell_order(w, MUSTER_EVENT_ORDER_ON_SCENE, 50, 1);
    not_issued(w, &issue, MUSTER_NONE, MUSTER_EVENT_CONFLICT,
               "order 1 cannot be taken back: it is");
    mu_world_free(w);
}

static void a_loaded_vehicle_is_redirected_with_what_it_has(void **state) {
    (void)state;
    mu_world *w = small_world();
    small_report(w, "I-1", NULL);
    small_report(w, "I-2", NULL);
    mu_world_order order[2] = {small_order(w, MUSTER_VEHICLE, "V-2", "I-1", "truck", 1),
                               small_order(w, MUSTER_ITEM, "W-1", "I-1", "sandbag", 1000)};
    order[0].need           = MUSTER_NONE;
    order[0].warehouse      = order[1].unit;
    order[1].trip           = 1;
    order[0].is_loaded      = true;
    mu_issue issue          = small_issue(2, order);
    not_issued(w, &issue, 0, MUSTER_EVENT_CONFLICT, "vehicle 'V-2' has nothing on board from");
    order[0].is_loaded = false;
    const uint64_t n   = small_give(w, 2, order);
    tell_order(w, MUSTER_EVENT_ORDER_LOADED, 10, n);
    order[0].is_loaded = true;
    order[0].incident = order[1].incident = 1;
    issue                                 = small_issue(2, order);
    issue.cancelled                       = &n;
    issue.cancelled_count                 = 1;
    const muster_event_answer answer      = small_commit(w, &issue);
    if (answer.outcome != MUSTER_EVENT_APPLIED) fail_msg("%s", answer.message);
    verify(w);
    assert_true(mu_world_find_order(w, n + 2)->is_loaded);
    assert_int_equal(state_of_order(w, n + 2), MUSTER_ORDER_ISSUED);
    assert_int_equal(state_of_order(w, n + 1), MUSTER_ORDER_CANCELLED);
    assert_int_equal(w->unit[MUSTER_ITEM][0].ordered, 1000);
    mu_world_free(w);
}

static void of_goods_that_were_handed_over_it_stays_known_whether_they_were_promised(void **state) {
    (void)state;
    mu_world *w = small_world();
    small_report(w, "I-1", NULL);
    mu_world_order order[3];
    for (int i = 0; i < 3; ++i) {
        order[i]       = small_order(w, MUSTER_ITEM, "W-1", "I-1", "sandbag", 10);
        order[i].claim = MUSTER_CLAIM_STATE_PENDING;
    }
    (void)small_give(w, 3, order);
    for (uint64_t o = 1; o <= 2; ++o) {
        muster_event e = of_order(MUSTER_EVENT_ORDER_ON_SCENE, 5, o);
        small_apply(w, &e);
    }
    for (uint64_t o = 1; o <= 3; ++o) {
        muster_event e = of_order(MUSTER_EVENT_ORDER_RELEASED, 6, o);
        small_apply(w, &e);
    }
    assert_int_equal(mu_world_find_order(w, 1)->claim, MUSTER_CLAIM_STATE_PENDING);
    assert_int_equal(mu_world_find_order(w, 3)->claim, MUSTER_CLAIM_STATE_NONE);
    muster_event e   = of_order(MUSTER_EVENT_CLAIM_HELD, 7, 1);
    e.claim          = 77;
    e.dispatch_order = 78;
    small_apply(w, &e);
    assert_int_equal(mu_world_find_order(w, 1)->claim, MUSTER_CLAIM_STATE_HELD);
    e.id = "again";
    refused(w, &e, MUSTER_EVENT_CONFLICT, "order 1 is released; expected an open one");
    e.order = 3;
    refused(w, &e, MUSTER_EVENT_CONFLICT, "order 3 is released; expected an open one");
    assert_int_equal(mu_world_verify(w), MUSTER_OK);
    mu_world_free(w);
}

static void a_claim_is_held_as_long_as_its_order_is_open(void **state) {
    (void)state;
    mu_world *w = small_world();
    small_report(w, "I-1", NULL);
    mu_world_order order = small_order(w, MUSTER_PEOPLE, "T-1", "I-1", "rescue", 12);
    order.claim          = MUSTER_CLAIM_STATE_PENDING;
    const uint64_t n     = small_give(w, 1, &order);
    muster_event   e     = of_order(MUSTER_EVENT_CLAIM_HELD, 5, n);
    refused(w, &e, MUSTER_EVENT_WRONG, "claim is 0; expected 1 to ");
    e.claim = 77;
    refused(w, &e, MUSTER_EVENT_WRONG, "dispatch_order is 0; expected 1 to ");
    e.dispatch_order = 78;
    small_apply(w, &e);
    assert_int_equal(mu_world_find_order(w, n)->claim, MUSTER_CLAIM_STATE_HELD);
    e        = of_order(MUSTER_EVENT_CLAIM_LOST, 6, n);
    e.reason = "it is dispatcher 2's";
    small_apply(w, &e);
    assert_int_equal(state_of_order(w, n), MUSTER_ORDER_CANCELLED);
    assert_int_equal(mu_world_find_order(w, n)->claim, MUSTER_CLAIM_STATE_NONE);
    assert_int_equal(mu_world_find_order(w, n)->claim_number, 77);
    e       = of_order(MUSTER_EVENT_CLAIM_HELD, 7, n);
    e.claim = 78;
    refused(w, &e, MUSTER_EVENT_CONFLICT, "order 1 is cancelled; expected an open one");
    mu_world_free(w);
}

/* ---- forgetting ------------------------------------------------------------------------------------ */

static void of_orders_that_are_over_the_last_thousand_stay(void **state) {
    (void)state;
    enum { MANY = 1300 };
    mu_world *w = small_world();
    small_report(w, "I-0", NULL);
    small_report(w, "I-1", NULL);
    const mu_world_order first = small_order(w, MUSTER_PEOPLE, "T-2", "I-0", "rescue", 8);
    tell_order(w, MUSTER_EVENT_ORDER_RELEASED, 10, small_give(w, 1, &first));
    muster_event e = of_incident(MUSTER_EVENT_INCIDENT_CLOSED, 11, "I-0");
    small_apply(w, &e);
    assert_int_equal(w->incident_count, 2); /* an order names it */
    for (uint32_t i = 0; i < MANY; ++i) {
        const mu_world_order order = small_order(w, MUSTER_PEOPLE, "T-1", "I-1", "rescue", 12);
        e = of_order(MUSTER_EVENT_ORDER_CANCELLED, 20, small_give(w, 1, &order));
        small_apply(w, &e);
    }
    verify(w);
    assert_int_equal(w->order_count, MU_WORLD_OVER_MOST);
    assert_int_equal(w->order[0].number, 1 + MANY - MU_WORLD_OVER_MOST + 1);
    assert_int_equal(w->incident_count, 1);
    assert_string_equal(w->closed[0], "I-0");
    e = of_order(MUSTER_EVENT_ORDER_ACCEPTED, 30, 5);
    refused(w, &e, MUSTER_EVENT_CONFLICT, "order 5 was over long ago");
    mu_world_free(w);
}

static void remember(mu_told *told, mu_told_list list, const char *id, uint64_t sequence) {
    const mu_told_key key = mu_told_key_of(id);
    assert_int_equal(mu_told_reserve(told, list), MUSTER_OK);
    mu_told_add(told, list, &key, sequence);
}

/* 0: it is not remembered. */
static uint64_t remembered(const mu_told *told, const char *id) {
    const mu_told_key key = mu_told_key_of(id);
    uint64_t          sequence;
    return mu_told_find(told, &key, &sequence) ? sequence : 0;
}

static void ids_are_remembered_until_so_many_have_come_after(void **state) {
    (void)state;
    mu_told    *told;
    mu_told_key key;
    uint64_t    sequence;
    char        id[MUSTER_EVENT_ID_BYTES + 1];
    assert_int_equal(mu_told_new(&told), MUSTER_OK);
    for (uint64_t i = 1; i <= 3 * (uint64_t)MU_TOLD_MOVES_MOST; ++i) {
        snprintf(id, sizeof id, "%064llu", (unsigned long long)(i * i));
        remember(told, MU_TOLD_MOVES, id, i);
        const uint64_t old = i > MU_TOLD_MOVES_MOST ? i - MU_TOLD_MOVES_MOST : 0;
        if (i % 977 == 0 && old > 0) {
            snprintf(id, sizeof id, "%064llu", (unsigned long long)(old * old));
            assert_int_equal(remembered(told, id), 0);
            snprintf(id, sizeof id, "%064llu", (unsigned long long)((old + 1) * (old + 1)));
            assert_int_equal(remembered(told, id), old + 1);
        }
    }
    assert_int_equal(mu_told_count(told, MU_TOLD_MOVES), MU_TOLD_MOVES_MOST);
    mu_told_get(told, MU_TOLD_MOVES, 0, &key, &sequence);
    assert_int_equal(sequence, 2 * MU_TOLD_MOVES_MOST + 1);
    assert_int_equal(remembered(told, "x"), 0);
    mu_told_free(told);
}

/* 128 bits of SHA-256: what a snapshot of one machine says is found on another. */
static void an_id_has_the_same_key_everywhere(void **state) {
    (void)state;
    static const uint8_t ABC[MU_TOLD_KEY_BYTES] = {0xBA, 0x78, 0x16, 0xBF, 0x8F, 0x01, 0xCF, 0xEA,
                                                   0x41, 0x41, 0x40, 0xDE, 0x5D, 0xAE, 0x22, 0x23};
    const mu_told_key    key                    = mu_told_key_of("abc");
    assert_memory_equal(key.byte, ABC, sizeof ABC);
}

/* All ways to look at once take about as long for keys that were drawn so that they begin alike, end alike
 * or count up as for any others: were they all in one place, it would be a thousand million steps. */
static void keys_that_were_made_alike_do_not_crowd(void **state) {
    (void)state;
    enum { COUNT = MU_TOLD_MOVES_MOST };
    for (int kind = 0; kind < 3; ++kind) {
        mu_told *told;
        uint64_t sequence;
        assert_int_equal(mu_told_new(&told), MUSTER_OK);
        const clock_t start = clock();
        for (uint64_t i = 0; i < 2 * (uint64_t)COUNT; ++i) {
            mu_told_key    key  = {{0}};
            const uint64_t word = kind == 0 ? i : kind == 1 ? i << 40 : i * 4096;
            memcpy(key.byte, &word, sizeof word);
            assert_int_equal(mu_told_reserve(told, MU_TOLD_MOVES), MUSTER_OK);
            assert_false(mu_told_find(told, &key, &sequence));
            mu_told_add(told, MU_TOLD_MOVES, &key, i + 1);
            assert_true(mu_told_find(told, &key, &sequence));
        }
        assert_in_range((clock() - start) * 1000 / CLOCKS_PER_SEC, 0, 500);
        mu_told_free(told);
    }
}

/* ---- as bytes ------------------------------------------------------------------------------- */

static char *bytes_of(const mu_world *w, size_t *size) {
    char *bytes;
    if (mu_world_write(w, &bytes, size) != MUSTER_OK) fail_msg("%s", muster_error_message());
    return bytes;
}

static void a_world_comes_back_from_its_bytes(void **state) {
    (void)state;
    mu_world *w = small_rich_world(), *again;
    size_t    size, size_again;
    verify(w);
    char *bytes = bytes_of(w, &size);
    if (mu_world_read(&again, bytes, size) != MUSTER_OK) fail_msg("%s", muster_error_message());
    char *bytes_again = bytes_of(again, &size_again);
    assert_int_equal(size, size_again);
    assert_memory_equal(bytes, bytes_again, size);
    assert_int_equal(again->rule_count, w->rule_count);
    assert_string_equal(again->rule[0].rule.unit.kind, "sandbag");
    const muster_hazard *closure = &again->hazard[2].hazard;
    assert_string_equal(closure->code, "H-3");
    assert_int_equal(closure->points.point_count, 2);
    assert_true(closure->points.lon_deg[1] == 120.8 && closure->points.lat_deg[0] == 30.7);
    assert_int_equal(closure->edge_count, 3);
    assert_int_equal(closure->edge_id[1], -3);
    assert_string_equal(again->road[2].road.code, "R-3");
    assert_int_equal(again->road[2].road.points.point_count, 2);
    mu_free(bytes);
    mu_free(bytes_again);
    mu_world_free(w);
    mu_world_free(again);
}

/* As version 1 was: the same up to what is remembered of events, which were the texts of their ids. The
 * world has been told these, and no positions. */
static char *bytes_of_version_1(const mu_world *w, uint32_t count, const char *const *id,
                                size_t *size) {
    char  *bytes = bytes_of(w, size);
    char   old[8192];
    size_t at = *size - 4 - count * (MU_TOLD_KEY_BYTES + 8) - 4, old_size = at + 4;
    assert_int_equal(mu_told_count(w->told, MU_TOLD_EVENTS), count);
    assert_true(*size < sizeof old);
    memcpy(old, bytes, old_size);
    old[8] = 1;
    for (uint32_t i = 0; i < count; ++i) {
        mu_told_key key;
        uint64_t    sequence;
        mu_told_get(w->told, MU_TOLD_EVENTS, i, &key, &sequence);
        const size_t length = strlen(id[i]);
        old[old_size++]     = (char)length;
        memcpy(old + old_size, id[i], length);
        memset(old + old_size + length, 0, 8);
        old[old_size + length] = (char)sequence;
        old_size += length + 8;
    }
    memset(old + old_size, 0, 4);
    mu_free(bytes);
    assert_int_equal(mu_alloc_copy(&bytes, old, old_size + 4, 1), MUSTER_OK);
    *size = old_size + 4;
    return bytes;
}

static void a_world_of_the_first_version_is_read_and_written_as_one_of_now(void **state) {
    (void)state;
    static const char *const ID[] = {"first", "and-second"};
    mu_world                *w    = small_world(), *again;
    size_t                   size, now_size, again_size;
    for (uint32_t i = 0; i < 2; ++i) {
        muster_event e = small_event(MUSTER_EVENT_UNIT_STATUS, 10 + i);
        e.id           = ID[i];
        e.unit         = unit(MUSTER_PEOPLE, "T-1", NULL);
        small_apply(w, &e);
    }
    char *now = bytes_of(w, &now_size);
    char *old = bytes_of_version_1(w, 2, ID, &size);
    if (mu_world_read(&again, old, size) != MUSTER_OK) fail_msg("%s", muster_error_message());
    assert_int_equal(remembered(again->told, "first"), remembered(w->told, "first"));
    assert_int_not_equal(remembered(again->told, "and-second"), 0);
    char *written = bytes_of(again, &again_size);
    assert_int_equal(now_size, again_size);
    assert_memory_equal(now, written, now_size);
    mu_world_free(again);
    for (size_t i = 0; i < size; ++i)
        assert_int_not_equal(mu_world_read(&again, old, i), MUSTER_OK);
    old[8] = 3;
    assert_int_equal(mu_world_read(&again, old, size), MUSTER_E_FORMAT);
    assert_non_null(strstr(muster_error_message(), "another version; expected 1 or 2"));
    mu_free(now);
    mu_free(old);
    mu_free(written);
    mu_world_free(w);
}

/* What fuzzers begin with: one that was written by version 1, with all that it had, and one of now. */
static void the_worlds_of_the_corpus_are_read(void **state) {
    (void)state;
    static const char *const PATH[] = {"tests/fuzz/corpus/world/version-1.bin",
                                       "tests/fuzz/corpus/world/rich.bin"};
    for (size_t i = 0; i < sizeof PATH / sizeof *PATH; ++i) {
        char      bytes[16384];
        mu_world *w;
        FILE     *file = fopen(PATH[i], "rb");
        assert_non_null(file);
        const size_t size = fread(bytes, 1, sizeof bytes, file);
        assert_int_equal(fclose(file), 0);
        if (mu_world_read(&w, bytes, size) != MUSTER_OK) fail_msg("%s", muster_error_message());
        assert_int_equal(w->hazard_count, i == 0 ? 2 : 3);
        assert_int_equal(w->road_count, i == 0 ? 2 : 3);
        assert_int_equal(remembered(w->told, "second") > 0, 1);
        mu_world_free(w);
    }
}

/* Bytes that were changed are refused, or are those of another world. */
static void check_spoilt(const char *bytes, size_t size) {
    mu_world *w;
    char     *exact;
    assert_int_equal(mu_alloc_copy(&exact, bytes, size, 1), MUSTER_OK);
    const muster_status status = mu_world_read(&w, exact, size);
    if (status == MUSTER_OK) {
        size_t size_again;
        char  *again = bytes_of(w, &size_again);
        assert_int_equal(size, size_again);
        assert_memory_equal(again, exact, size);
        mu_free(again);
        mu_world_free(w);
    } else {
        assert_int_equal(status, MUSTER_E_FORMAT);
        assert_null(w);
    }
    mu_free(exact);
}

static void spoilt_bytes_are_refused_or_another_world(void **state) {
    (void)state;
    static const unsigned char FLIPS[] = {0x01, 0x80, 0xFF};
    mu_world                  *w       = small_rich_world();
    size_t                     size;
    char                      *bytes = bytes_of(w, &size);
    for (size_t i = 0; i < size; ++i) {
        check_spoilt(bytes, i);
        for (size_t f = 0; f < sizeof FLIPS; ++f) {
            bytes[i] = (char)((unsigned char)bytes[i] ^ FLIPS[f]);
            check_spoilt(bytes, size);
            bytes[i] = (char)((unsigned char)bytes[i] ^ FLIPS[f]);
        }
    }
    mu_world *none;
    assert_int_equal(mu_world_read(&none, bytes, size - 1), MUSTER_E_FORMAT);
    assert_non_null(strstr(muster_error_message(), "the bytes of the world are damaged at byte "));
    mu_free(bytes);
    mu_world_free(w);
}

static void without_memory_no_world_is_written_or_read(void **state) {
    (void)state;
    mu_world *w = small_rich_world(), *again;
    size_t    size;
    char     *bytes = bytes_of(w, &size), *none;
    for (int64_t i = 0;; ++i) {
        (void)mu_alloc_fail_after(i);
        const muster_status status = mu_world_read(&again, bytes, size);
        (void)mu_alloc_fail_after(-1);
        mu_world_free(again);
        if (status == MUSTER_OK) break;
        assert_int_equal(status, MUSTER_E_NOMEM);
    }
    (void)mu_alloc_fail_after(0);
    assert_int_equal(mu_world_write(w, &none, &size), MUSTER_E_NOMEM);
    (void)mu_alloc_fail_after(-1);
    assert_null(none);
    mu_free(bytes);
    mu_world_free(w);
}

/* ---- commits as JSON ------------------------------------------------------------------------- */

/* A trip from the second row of a warehouse, with its load, and a team by consent of the city. */
static mu_issue issue_of_everything(const mu_world *w, mu_world_order order[3]) {
    order[0]                = small_order(w, MUSTER_VEHICLE, "V-2", "I-1", "truck", 1);
    order[1]                = small_order(w, MUSTER_ITEM, "W-1", "I-1", "sandbag", 100);
    order[2]                = small_order(w, MUSTER_PEOPLE, "T-2", "I-1", "rescue", 8);
    order[0].need           = MUSTER_NONE;
    order[0].warehouse      = order[1].unit + 1;
    order[1].trip           = 1;
    order[2].claim          = MUSTER_CLAIM_STATE_HELD;
    order[2].claim_number   = 31;
    order[2].dispatch_order = 32;
    mu_issue issue          = small_issue(3, order);
    issue.id                = "plan";
    issue.authority         = "city";
    issue.plan_sequence     = 1;
    issue.plan_json         = "{\"version\": \"0.1.0\", \"tiers\": [{\"value\": 0.1}]}";
    return issue;
}

static void a_commit_read_from_its_record_does_the_same(void **state) {
    (void)state;
    mu_world      *w = small_world(), *again;
    mu_world_order order[3];
    mu_issue_text *text;
    size_t         size, size_b, json_size, other_size;
    char          *json, *other;
    small_report(w, "I-1", "north");
    char *bytes = bytes_of(w, &size);
    assert_int_equal(mu_world_read(&again, bytes, size), MUSTER_OK);
    mu_free(bytes);
    const mu_issue issue = issue_of_everything(w, order);
    assert_int_equal(mu_issue_write(&json, &json_size, w, &issue), MUSTER_OK);
    assert_true(mu_issue_is(json, json_size));
    assert_false(mu_issue_is(json, 10));
    if (mu_issue_read(&text, again, json, json_size) != MUSTER_OK) {
        fail_msg("%s", muster_error_message());
    }
    assert_int_equal(mu_issue_write(&other, &other_size, again, mu_issue_of(text)), MUSTER_OK);
    assert_string_equal(json, other);
    const muster_event_answer first = small_commit(w, &issue);
    if (first.outcome != MUSTER_EVENT_APPLIED) fail_msg("%s", first.message);
    assert_int_equal(small_commit(again, mu_issue_of(text)).outcome, MUSTER_EVENT_APPLIED);
    bytes         = bytes_of(w, &size);
    char *bytes_b = bytes_of(again, &size_b);
    assert_int_equal(size, size_b);
    assert_memory_equal(bytes, bytes_b, size);
    verify(w);
    mu_free(bytes);
    mu_free(bytes_b);
    mu_free(json);
    mu_free(other);
    mu_issue_text_free(text);
    mu_world_free(w);
    mu_world_free(again);
}

static void a_record_of_a_commit_that_is_wrong_says_where(void **state) {
    (void)state;
    static const char *const WRONG[][3] = {
        {"\"I-1\"", "\"I-7\"", "order[0].incident is \"I-7\"; expected a code that is there"},
        {"\"T-2\"", "\"T-7\"", "order[2].unit is {"},
        {"\"W-1\",\"load", "\"W-7\",\"load", "order[0].warehouse is \"W-7\""},
        {"\"cancelled\":[]", "\"cancelled\":[0]", "cancelled is [0]; expected numbers"},
        {"\"quantity\":8", "\"quantity\":0", "order[2].quantity is 0; expected an integer from 1"},
        {"\"consent\"", "\"consemt\"", "order[0] has a member \"consemt\"; expected "},
        {"\"held\"", "\"hold\"", "order[2].claim is \"hold\"; expected one of none, pending, held"},
        {"plan_committed", "plan_commuted", "type is \"plan_commuted\"; expected plan_committed"},
        {"\"plan\":{", "\"plans\":{", "plan is no object"},
    };
    mu_world      *w = small_world();
    mu_world_order order[3];
    char          *json;
    size_t         size;
    small_report(w, "I-1", "north");
    const mu_issue issue = issue_of_everything(w, order);
    assert_int_equal(mu_issue_write(&json, &size, w, &issue), MUSTER_OK);
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; ++i) {
        char           spoilt[4000];
        const char    *at = strstr(json, WRONG[i][0]);
        mu_issue_text *text;
        if (!at) fail_msg("%s is not in %s", WRONG[i][0], json);
        const int n = snprintf(spoilt, sizeof spoilt, "%.*s%s%s", (int)(at - json), json,
                               WRONG[i][1], at + strlen(WRONG[i][0]));
        assert_int_equal(mu_issue_read(&text, w, spoilt, (size_t)n), MUSTER_E_INVALID);
        assert_null(text);
        if (!strstr(muster_error_message(), WRONG[i][2])) fail_msg("%s", muster_error_message());
    }
    mu_free(json);
    mu_world_free(w);
}

static void without_memory_no_commit_is_written_or_read(void **state) {
    (void)state;
    mu_world      *w = small_world();
    mu_world_order order[3];
    char          *json, *other;
    size_t         size, other_size;
    mu_issue_text *text;
    muster_status  status = MUSTER_E_NOMEM;
    small_report(w, "I-1", "north");
    const mu_issue issue = issue_of_everything(w, order);
    assert_int_equal(mu_issue_write(&json, &size, w, &issue), MUSTER_OK);
    for (int64_t i = 0; status != MUSTER_OK; ++i) {
        (void)mu_alloc_fail_after(i);
        status = mu_issue_read(&text, w, json, size);
        (void)mu_alloc_fail_after(-1);
        assert_true(status == MUSTER_OK || (status == MUSTER_E_NOMEM && !text));
        mu_issue_text_free(text);
    }
    status = MUSTER_E_NOMEM;
    for (int64_t i = 0; status != MUSTER_OK; ++i) {
        (void)mu_alloc_fail_after(i);
        status = mu_issue_write(&other, &other_size, w, &issue);
        (void)mu_alloc_fail_after(-1);
        assert_true(status == MUSTER_OK || (status == MUSTER_E_NOMEM && !other));
        mu_free(other);
    }
    mu_free(json);
    mu_world_free(w);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_of_the_base_is_found_by_its_code),
        cmocka_unit_test(consent_is_of_the_nearest_that_is_over_both),
        cmocka_unit_test(what_is_told_twice_is_answered_as_the_first_time),
        cmocka_unit_test(an_event_without_id_author_or_a_time_is_wrong),
        cmocka_unit_test(a_position_counts_unless_a_later_one_is_known),
        cmocka_unit_test(a_position_off_the_globe_is_wrong),
        cmocka_unit_test(an_unknown_unit_is_named),
        cmocka_unit_test(an_order_goes_its_way_to_the_end),
        cmocka_unit_test(a_trip_takes_its_loads_along_and_hands_them_over),
        cmocka_unit_test(a_report_says_all_or_is_wrong),
        cmocka_unit_test(a_code_of_an_incident_is_used_once),
        cmocka_unit_test(an_update_sets_what_it_says_unless_it_is_late),
        cmocka_unit_test(a_need_that_is_told_again_is_as_it_is_told),
        cmocka_unit_test(who_is_on_scene_stays_when_an_incident_is_closed),
        cmocka_unit_test(a_status_of_a_warehouse_is_that_of_all_it_has),
        cmocka_unit_test(a_team_under_orders_goes_with_those_who_are_there),
        cmocka_unit_test(a_shift_is_of_moments_that_there_are),
        cmocka_unit_test(stock_is_never_less_than_nothing_or_what_is_under_orders),
        cmocka_unit_test(who_has_declined_is_not_sent_there_again),
        cmocka_unit_test(who_is_forced_elsewhere_is_called_back),
        cmocka_unit_test(what_is_locked_for_others_is_not_free),
        cmocka_unit_test(rules_that_no_plan_could_obey_are_refused),
        cmocka_unit_test(a_road_is_one_of_edges_a_line_places_or_an_area),
        cmocka_unit_test(the_same_code_replaces_what_it_was_and_does_not_come_back),
        cmocka_unit_test(a_hazard_is_one_that_can_be_drawn),
        cmocka_unit_test(what_has_changed_since_the_plan_is_not_issued),
        cmocka_unit_test(a_loaded_vehicle_is_redirected_with_what_it_has),
        cmocka_unit_test(a_claim_is_held_as_long_as_its_order_is_open),
        cmocka_unit_test(of_goods_that_were_handed_over_it_stays_known_whether_they_were_promised),
        cmocka_unit_test(of_orders_that_are_over_the_last_thousand_stay),
        cmocka_unit_test(ids_are_remembered_until_so_many_have_come_after),
        cmocka_unit_test(an_id_has_the_same_key_everywhere),
        cmocka_unit_test(keys_that_were_made_alike_do_not_crowd),
        cmocka_unit_test(a_world_comes_back_from_its_bytes),
        cmocka_unit_test(a_world_of_the_first_version_is_read_and_written_as_one_of_now),
        cmocka_unit_test(the_worlds_of_the_corpus_are_read),
        cmocka_unit_test(spoilt_bytes_are_refused_or_another_world),
        cmocka_unit_test(without_memory_no_world_is_written_or_read),
        cmocka_unit_test(a_commit_read_from_its_record_does_the_same),
        cmocka_unit_test(a_record_of_a_commit_that_is_wrong_says_where),
        cmocka_unit_test(without_memory_no_commit_is_written_or_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
