/* A small inventory and its world, made by hand: three teams, two vehicles, a pool of pumps, two
 * warehouses, under a city, two of its counties and a town of one. No roads. */
#ifndef TESTS_SUPPORT_SMALL_BASE_H
#define TESTS_SUPPORT_SMALL_BASE_H

#include <stdio.h>
#include <string.h>

#include "session/world.h"
#include "tests/support/cmocka_all.h"

#define SMALL_NOW_MS INT64_C(1782864000000) /* 2026-07-01T00:00:00Z */

enum {
    SMALL_MEDICAL,
    SMALL_RESCUE,
    SMALL_AMBULANCE,
    SMALL_TRUCK,
    SMALL_PUMP,
    SMALL_SANDBAG,
    SMALL_TENT,
    SMALL_KINDS
};

static const muster_kind SMALL_KIND[SMALL_KINDS] = {
    {.code = "medical", .resource = MUSTER_PEOPLE},
    {.code = "rescue", .name = "Rescue", .resource = MUSTER_PEOPLE},
    {.code = "ambulance", .resource = MUSTER_VEHICLE},
    {.code = "truck", .resource = MUSTER_VEHICLE},
    {.code           = "pump",
     .resource       = MUSTER_MACHINE,
     .operator_count = 2,
     .operator_kind  = SMALL_RESCUE},
    {.code = "sandbag", .resource = MUSTER_ITEM, .mass_kg = 20, .volume_m3 = 0.02},
    {.code = "tent", .resource = MUSTER_ITEM, .mass_kg = 30},
};

enum { SMALL_CITY, SMALL_NORTH, SMALL_SOUTH, SMALL_TOWN, SMALL_AUTHORITIES };

static const muster_authority SMALL_AUTHORITY[SMALL_AUTHORITIES] = {
    {"city", "City", MUSTER_CITY, MUSTER_NONE},
    {"north", NULL, MUSTER_COUNTY, SMALL_CITY},
    {"south", NULL, MUSTER_COUNTY, SMALL_CITY},
    {"town", NULL, MUSTER_TOWN, SMALL_NORTH},
};

static const uint32_t SMALL_BOTH[] = {SMALL_RESCUE, SMALL_MEDICAL};

static inline muster_unit small_unit(const char *code, uint32_t authority) {
    return (muster_unit){
        .code = code, .site = {120.7, 30.7}, .turnout_ms = 60000, .authority = authority};
}

static inline mu_base *small_base_and_world(mu_world **out_world) {
    static const char *const PROFILE[] = {"light", "heavy"};
    const muster_team        team[]    = {
                  {.unit             = small_unit("T-1", SMALL_TOWN),
                   .people           = 12,
                   .capability       = SMALL_BOTH,
                   .capability_count = 2,
                   .grade            = 1},
                  {.unit             = small_unit("T-2", SMALL_SOUTH),
                   .people           = 8,
                   .capability       = SMALL_BOTH,
                   .capability_count = 1},
                  {.unit             = small_unit("T-3", MUSTER_NONE),
                   .people           = 5,
                   .capability       = SMALL_BOTH,
                   .capability_count = 2},
    };
    const muster_vehicle vehicle[] = {
        {.unit = small_unit("V-1", SMALL_NORTH), .kind = SMALL_AMBULANCE},
        {.unit       = small_unit("V-2", SMALL_CITY),
         .kind       = SMALL_TRUCK,
         .payload_kg = 5000,
         .volume_m3  = 20},
    };
    const muster_machine machine[] = {
        {.unit = small_unit("M-1", SMALL_CITY), .kind = SMALL_PUMP, .count = 4}};
    const muster_stock stock[] = {
        {.unit = small_unit("W-1", SMALL_NORTH), .kind = SMALL_SANDBAG, .quantity = 1000},
        {.unit = small_unit("W-1", SMALL_NORTH), .kind = SMALL_TENT, .quantity = 20},
        {.unit = small_unit("W-2", SMALL_SOUTH), .kind = SMALL_SANDBAG, .quantity = 300},
    };
    const muster_zone zone[]  = {{.code      = "Z-1",
                                  .site      = {120.71, 30.71},
                                  .kind      = SMALL_AMBULANCE,
                                  .radius_ms = 600000,
                                  .required  = 1,
                                  .weight    = 2}};
    muster_problem    problem = MUSTER_PROBLEM_INIT;
    problem.metric_count      = 2;
    problem.kind_count        = SMALL_KINDS;
    problem.kind              = SMALL_KIND;
    problem.team_count        = 3;
    problem.team              = team;
    problem.vehicle_count     = 2;
    problem.vehicle           = vehicle;
    problem.machine_count     = 1;
    problem.machine           = machine;
    problem.stock_count       = 3;
    problem.stock             = stock;
    problem.authority_count   = SMALL_AUTHORITIES;
    problem.authority         = SMALL_AUTHORITY;
    problem.zone_count        = 1;
    problem.zone              = zone;
    problem.item_transport    = MUSTER_ITEMS_BY_VEHICLE;
    mu_base *base             = NULL;
    if (mu_base_new(&base, "flood", &problem, PROFILE, 77) != MUSTER_OK ||
        mu_world_new(out_world, base, &problem, SMALL_NOW_MS) != MUSTER_OK) {
        fail_msg("%s", muster_error_message());
    }
    return base;
}

static inline mu_world *small_world(void) {
    mu_world *world;
    mu_base_release(small_base_and_world(&world));
    return world;
}

/* ---- telling ------------------------------------------------------------------------------- */

/* An event with an id of its own, `seconds` after the beginning. */
static inline muster_event small_event(uint8_t type, int64_t seconds) {
    static char     id[64][24];
    static unsigned next;
    char           *own = id[next % 64];
    snprintf(own, sizeof id[0], "e-%u", next++);
    return (muster_event){.struct_size = sizeof(muster_event),
                          .id          = own,
                          .type        = type,
                          .time_ms     = SMALL_NOW_MS + 1000 * seconds,
                          .author      = "desk 1"};
}

/* What it is answered; applied where it may be. */
static inline muster_event_answer small_tell(mu_world *world, const muster_event *event) {
    muster_event_answer answer;
    if (mu_world_check(world, event, &answer) != MUSTER_OK) {
        fail_msg("%s", muster_error_message());
    }
    if (answer.outcome == MUSTER_EVENT_APPLIED &&
        mu_world_apply(world, event, world->sequence + 1) != MUSTER_OK) {
        fail_msg("%s", muster_error_message());
    }
    return answer;
}

static inline void small_apply(mu_world *world, const muster_event *event) {
    const muster_event_answer answer = small_tell(world, event);
    if (answer.outcome != MUSTER_EVENT_APPLIED) fail_msg("%s", answer.message);
}

/* An incident that needs rescue, a pump and sandbags. */
static inline void small_report(mu_world *world, const char *code, const char *authority) {
    static const muster_event_need NEED[] = {
        {"rescue", 10, 2, 0}, {"pump", 3, 0, 0}, {"sandbag", 500, 0, 0}, {"ambulance", 1, 0, 0}};
    muster_event e       = small_event(MUSTER_EVENT_INCIDENT_REPORTED, 1);
    e.incident.code      = code;
    e.incident.lon_deg   = 120.75;
    e.incident.lat_deg   = 30.75;
    e.incident.severity  = MUSTER_SEVERE;
    e.incident.authority = authority;
    e.need_count         = 4;
    e.need               = NEED;
    small_apply(world, &e);
}

/* ---- ordering ------------------------------------------------------------------------------ */

static inline mu_world_order small_order(const mu_world *world, uint8_t resource, const char *unit,
                                         const char *incident, const char *need, int64_t quantity) {
    const mu_base *b    = world->base;
    const uint32_t kind = need ? mu_base_find_kind(b, need) : MUSTER_NONE;
    mu_world_order o    = {.resource     = resource,
                           .unit         = mu_base_find_unit(b, resource, unit, kind),
                           .incident     = mu_world_find_incident(world, incident),
                           .need         = kind,
                           .quantity     = quantity,
                           .depart_at_ms = SMALL_NOW_MS,
                           .eta_at_ms    = SMALL_NOW_MS + 600000,
                           .load_at_ms   = SMALL_NOW_MS + 300000,
                           .distance_m   = 1234.5};
    o.consent           = mu_base_consent(b, b->unit[resource][o.unit].authority,
                                          world->incident[o.incident].authority);
    return o;
}

static inline mu_issue small_issue(uint32_t count, const mu_world_order *order) {
    static char     id[64][24];
    static unsigned next;
    char           *own = id[next % 64];
    snprintf(own, sizeof id[0], "plan-%u", next++);
    return (mu_issue){.id          = own,
                      .at_ms       = SMALL_NOW_MS + 2000,
                      .author      = "desk 2",
                      .order_count = count,
                      .order       = order,
                      .plan_json   = "{}"};
}

static inline muster_event_answer small_commit(mu_world *world, const mu_issue *issue) {
    muster_event_answer answer;
    uint32_t            order;
    assert_int_equal(mu_world_check_issue(world, issue, &answer, &order), MUSTER_OK);
    if (answer.outcome == MUSTER_EVENT_APPLIED) {
        assert_int_equal(mu_world_apply_issue(world, issue, world->sequence + 1), MUSTER_OK);
    }
    return answer;
}

/* The number of the first. */
static inline uint64_t small_give(mu_world *world, uint32_t count, const mu_world_order *order) {
    const uint64_t            first  = world->order_last + 1;
    const mu_issue            issue  = small_issue(count, order);
    const muster_event_answer answer = small_commit(world, &issue);
    if (answer.outcome != MUSTER_EVENT_APPLIED) fail_msg("%s", answer.message);
    return first;
}

/* ---- roads ---------------------------------------------------------------------------------- */

static const double   SMALL_RING_LON[]   = {120.7, 120.8, 120.8, 120.7};
static const double   SMALL_RING_LAT[]   = {30.7, 30.7, 30.8, 30.8};
static const uint32_t SMALL_RING_FIRST[] = {0, 4};
static const uint32_t SMALL_ONE_RING[]   = {0, 1};
static const int64_t  SMALL_EDGES[]      = {17, -3, INT64_MAX};

static inline muster_hazard small_hazard(const char *code) {
    muster_hazard h = MUSTER_HAZARD_INIT;
    h.code          = code;
    h.kind          = MUSTER_HAZARD_FLOOD;
    h.depth_m       = 0.75;
    h.starts_at_s   = SMALL_NOW_MS / 1000;
    h.ends_at_s     = SMALL_NOW_MS / 1000 + 7200;
    h.area          = (muster_multipolygon){
                 1, SMALL_ONE_RING, SMALL_RING_FIRST, SMALL_RING_LON, SMALL_RING_LAT, 0};
    return h;
}

static inline muster_event small_road(uint8_t type, int64_t seconds, const char *code) {
    muster_event e = small_event(type, seconds);
    e.road         = (muster_event_road){.code = code, .edge_count = 3, .edge_id = SMALL_EDGES};
    return e;
}

/* ---- one of everything ---------------------------------------------------------------------- */

static inline muster_event small_rule(uint8_t command, int64_t seconds, const char *code,
                                      muster_event_unit unit, const char *incident) {
    muster_event e = small_event(MUSTER_EVENT_RULE_SET, seconds);
    e.rule =
        (muster_event_rule){.code = code, .command = command, .unit = unit, .incident = incident};
    return e;
}

static inline void small_fill_roads(mu_world *w) {
    muster_event e = small_road(MUSTER_EVENT_ROAD_CLOSED, 2, "R-1");
    small_apply(w, &e);
    e      = small_road(MUSTER_EVENT_ROAD_CLOSED, 3, "R-0");
    e.road = (muster_event_road){
        .code = "R-0", .point_count = 4, .lon_deg = SMALL_RING_LON, .lat_deg = SMALL_RING_LAT};
    small_apply(w, &e);
    e           = small_road(MUSTER_EVENT_ROAD_SLOWED, 4, "R-2");
    e.road      = (muster_event_road){.code = "R-2", .speed_factor = 0.5};
    e.road.area = (muster_polygon){1, SMALL_RING_FIRST, SMALL_RING_LON, SMALL_RING_LAT};
    small_apply(w, &e);
    e           = small_event(MUSTER_EVENT_ROAD_OPENED, 5);
    e.road.code = "R-1";
    small_apply(w, &e);
    muster_hazard h = small_hazard("H-1");
    e               = small_event(MUSTER_EVENT_HAZARD_GROWN, 6);
    e.hazard        = &h;
    small_apply(w, &e);
    h        = small_hazard("H-2");
    h.kind   = MUSTER_HAZARD_CLOSURE;
    h.name   = "Dike";
    h.area   = (muster_multipolygon){0};
    h.lines  = (muster_lines){1, SMALL_RING_FIRST, SMALL_RING_LON, SMALL_RING_LAT};
    e        = small_event(MUSTER_EVENT_HAZARD_GROWN, 7);
    e.hazard = &h;
    small_apply(w, &e);
    h.code       = "H-3";
    h.lines      = (muster_lines){0};
    h.points     = (muster_points){2, SMALL_RING_LON, SMALL_RING_LAT};
    h.edge_count = 3;
    h.edge_id    = SMALL_EDGES;
    e            = small_event(MUSTER_EVENT_HAZARD_GROWN, 8);
    e.hazard     = &h;
    small_apply(w, &e);
    e      = small_road(MUSTER_EVENT_ROAD_CLOSED, 9, "R-3");
    e.road = (muster_event_road){.code = "R-3", .points = {2, SMALL_RING_LON, SMALL_RING_LAT}};
    small_apply(w, &e);
}

static inline void small_fill_orders(mu_world *w) {
    mu_world_order order[4] = {small_order(w, MUSTER_VEHICLE, "V-2", "I-1", "truck", 1),
                               small_order(w, MUSTER_ITEM, "W-1", "I-1", "sandbag", 100),
                               small_order(w, MUSTER_PEOPLE, "T-1", "I-2", "rescue", 12),
                               small_order(w, MUSTER_MACHINE, "M-1", "I-2", "pump", 3)};
    order[0].need           = MUSTER_NONE;
    order[0].warehouse      = order[1].unit;
    order[1].trip           = 1;
    order[2].claim          = MUSTER_CLAIM_STATE_HELD;
    order[2].claim_number   = 5;
    order[2].dispatch_order = 6;
    const uint64_t n        = small_give(w, 4, order);
    muster_event   e        = small_event(MUSTER_EVENT_ORDER_ON_SCENE, 300);
    e.order                 = n + 2;
    small_apply(w, &e);
    e        = small_event(MUSTER_EVENT_ORDER_DECLINED, 30);
    e.order  = n + 3;
    e.reason = "no fuel";
    small_apply(w, &e);
    e       = small_event(MUSTER_EVENT_ORDER_LOADED, 310);
    e.order = n;
    small_apply(w, &e);
}

/* Two open incidents and two closed ones, orders, roads, hazards, rules, what has ended. */
static inline mu_world *small_rich_world(void) {
    mu_world *w = small_world();
    small_report(w, "I-0", NULL);
    small_report(w, "I-1", NULL);
    small_report(w, "I-2", "north");
    small_report(w, "I-3", "south");
    small_fill_roads(w);
    small_fill_orders(w);
    muster_event e  = small_event(MUSTER_EVENT_INCIDENT_CLOSED, 400);
    e.incident.code = "I-0";
    small_apply(w, &e);
    e.incident.code = "I-2";
    e.id            = "second";
    small_apply(w, &e);
    e = small_rule(MUSTER_COMMAND_HOLD, 500, "C-1", (muster_event_unit){MUSTER_PEOPLE, "T-2", NULL},
                   NULL);
    small_apply(w, &e);
    e               = small_rule(MUSTER_COMMAND_LOCK, 500, "C-0",
                                 (muster_event_unit){MUSTER_ITEM, "W-1", "sandbag"}, "I-3");
    e.rule.need     = "sandbag";
    e.rule.quantity = 50;
    small_apply(w, &e);
    e        = small_event(MUSTER_EVENT_UNIT_STATUS, 510);
    e.unit   = (muster_event_unit){MUSTER_VEHICLE, "V-1", NULL};
    e.reason = "flooded";
    small_apply(w, &e);
    e         = small_event(MUSTER_EVENT_UNIT_MOVED, 520);
    e.unit    = (muster_event_unit){MUSTER_PEOPLE, "T-2", NULL};
    e.lon_deg = 120.9;
    e.lat_deg = 30.9;
    small_apply(w, &e);
    return w;
}

#endif
