/* A street of eleven junctions, a minute from each to the next, and who lives along it, under a city,
 * its counties west and east and a town of the west: with roads, so that plans can be made. */
#ifndef TESTS_SUPPORT_STREET_WORLD_H
#define TESTS_SUPPORT_STREET_WORLD_H

#include <stdio.h>
#include <string.h>

#include "session/roads.h"
#include "tests/support/cmocka_all.h"

#define STREET_NOW_MS INT64_C(1782864000000) /* 2026-07-01T00:00:00Z */

enum { STREET_EDGES = 10, STREET_MINUTE_MS = 60000 };

enum {
    STREET_MEDICAL,
    STREET_RESCUE,
    STREET_AMBULANCE,
    STREET_TRUCK,
    STREET_PUMP,
    STREET_SANDBAG,
    STREET_TENT,
    STREET_KINDS
};

enum { STREET_CITY, STREET_WEST, STREET_EAST, STREET_TOWN, STREET_AUTHORITIES };

typedef struct street_world {
    muster_network *network;
    mu_road_base   *base;
    muster_roads   *roads;
    mu_world       *world;
    unsigned        told; /* so many ids have been drawn */
    char            id[24];
} street_world;

static inline void street_ok(muster_status status) {
    if (status != MUSTER_OK) fail_msg("%s", muster_error_message());
}

static inline double street_lon(double junction) {
    return 120.0 + 0.01 * junction;
}

static inline muster_network *street_network(void) {
    double          lon[STREET_EDGES + 1], lat[STREET_EDGES + 1], length_m[STREET_EDGES];
    int64_t         id[STREET_EDGES];
    uint32_t        source[STREET_EDGES], target[STREET_EDGES], duration_ms[STREET_EDGES];
    muster_network *network;
    for (uint32_t v = 0; v <= STREET_EDGES; ++v) {
        lon[v] = street_lon(v);
        lat[v] = 30;
    }
    for (uint32_t e = 0; e < STREET_EDGES; ++e) {
        id[e]          = 1000 - (int64_t)e; /* they fall */
        source[e]      = e;
        target[e]      = e + 1;
        length_m[e]    = 960;
        duration_ms[e] = STREET_MINUTE_MS;
    }
    const muster_network_data data = {.struct_size               = sizeof data,
                                      .node_count                = STREET_EDGES + 1,
                                      .node_lon_deg              = lon,
                                      .node_lat_deg              = lat,
                                      .edge_count                = STREET_EDGES,
                                      .edge_id                   = id,
                                      .edge_source               = source,
                                      .edge_target               = target,
                                      .edge_length_m             = length_m,
                                      .edge_duration_forward_ms  = duration_ms,
                                      .edge_duration_backward_ms = duration_ms};
    street_ok(muster_network_new(&network, &data));
    street_ok(muster_network_build_hierarchy(network));
    return network;
}

static inline muster_unit street_unit(const char *code, double junction, uint32_t authority) {
    return (muster_unit){.code       = code,
                         .site       = {street_lon(junction), 30},
                         .turnout_ms = STREET_MINUTE_MS,
                         .authority  = authority};
}

/* Items come by vehicle or by themselves. */
static inline void street_world_init(street_world *s, uint8_t item_transport) {
    static const char *const      PROFILE[]          = {"light"};
    static const uint32_t         BOTH[]             = {STREET_RESCUE, STREET_MEDICAL};
    static const muster_authority AUTHORITY[]        = {{"city", NULL, MUSTER_CITY, MUSTER_NONE},
                                                        {"west", NULL, MUSTER_COUNTY, STREET_CITY},
                                                        {"east", NULL, MUSTER_COUNTY, STREET_CITY},
                                                        {"town", NULL, MUSTER_TOWN, STREET_WEST}};
    static const muster_kind      KIND[STREET_KINDS] = {
             {.code = "medical", .resource = MUSTER_PEOPLE},
             {.code = "rescue", .resource = MUSTER_PEOPLE},
             {.code = "ambulance", .resource = MUSTER_VEHICLE},
             {.code = "truck", .resource = MUSTER_VEHICLE},
             {.code = "pump", .resource = MUSTER_MACHINE},
             {.code = "sandbag", .resource = MUSTER_ITEM, .mass_kg = 20, .volume_m3 = 0.02},
             {.code = "tent", .resource = MUSTER_ITEM, .mass_kg = 30, .volume_m3 = 0.1}};
    const muster_team team[] = {
        {street_unit("T-1", 1, STREET_TOWN), 10, BOTH, 2, 1},
        {street_unit("T-2", 9, STREET_EAST), 8, BOTH, 1, 3},
        {street_unit("T-3", 5, STREET_WEST), 6, BOTH, 2, 0},
    };
    const muster_vehicle vehicle[] = {
        {street_unit("V-1", 2, STREET_WEST), STREET_AMBULANCE, 0, 0},
        {street_unit("K-1", 4, STREET_WEST), STREET_TRUCK, 5000, 10},
        {street_unit("K-2", 8, STREET_EAST), STREET_TRUCK, 5000, 10},
    };
    const muster_machine machine[] = {
        {street_unit("M-1", 3, STREET_WEST), STREET_PUMP, 6},
        {street_unit("M-2", 7, STREET_EAST), STREET_PUMP, 2},
    };
    const muster_stock stock[] = {
        {street_unit("W-1", 6, STREET_WEST), STREET_SANDBAG, 500},
        {street_unit("W-1", 6, STREET_WEST), STREET_TENT, 40},
        {street_unit("W-2", 10, STREET_EAST), STREET_TENT, 20},
    };
    const muster_zone zone[]        = {{.code      = "Z-1",
                                        .site      = {street_lon(5), 30},
                                        .kind      = STREET_AMBULANCE,
                                        .radius_ms = 600000,
                                        .required  = 1,
                                        .weight    = 1}};
    muster_weights    weights       = MUSTER_WEIGHTS_INIT;
    weights.escalation_delay_ms[1]  = 300000;
    weights.escalation_delay_ms[2]  = 600000;
    weights.diversion_unmet_need    = 100000;
    weights.diversion_response_time = 100000000;
    muster_problem problem          = MUSTER_PROBLEM_INIT;
    problem.metric_count            = 1;
    problem.kind_count              = STREET_KINDS;
    problem.kind                    = KIND;
    problem.team_count              = sizeof team / sizeof *team;
    problem.team                    = team;
    problem.vehicle_count           = sizeof vehicle / sizeof *vehicle;
    problem.vehicle                 = vehicle;
    problem.machine_count           = sizeof machine / sizeof *machine;
    problem.machine                 = machine;
    problem.stock_count             = sizeof stock / sizeof *stock;
    problem.stock                   = stock;
    problem.authority_count         = STREET_AUTHORITIES;
    problem.authority               = AUTHORITY;
    problem.zone_count              = 1;
    problem.zone                    = zone;
    problem.weights                 = &weights;
    problem.item_transport          = item_transport;
    muster_profile light;
    mu_base       *base;
    *s         = (street_world){0};
    s->network = street_network();
    street_ok(muster_profile_builtin(&light, "light"));
    street_ok(mu_road_base_new(&s->base, s->network, 1, &light, 1));
    street_ok(mu_base_new(&base, "street", &problem, PROFILE, mu_road_base_checksum(s->base)));
    street_ok(mu_world_new(&s->world, base, &problem, STREET_NOW_MS));
    mu_base_release(base);
}

static inline void street_world_fini(street_world *s) {
    muster_roads_free(s->roads);
    mu_world_free(s->world);
    mu_road_base_release(s->base);
    muster_network_free(s->network);
}

/* ---- telling ----------------------------------------------------------------------------------- */

static inline muster_event street_event(street_world *s, uint8_t type, int64_t minutes) {
    snprintf(s->id, sizeof s->id, "e-%u", ++s->told);
    return (muster_event){.struct_size = sizeof(muster_event),
                          .id          = s->id,
                          .type        = type,
                          .time_ms     = STREET_NOW_MS + minutes * STREET_MINUTE_MS,
                          .author      = "desk"};
}

static inline muster_event_answer street_tell(street_world *s, const muster_event *event) {
    muster_event_answer answer;
    street_ok(mu_roads_check_event(s->base, event, &answer));
    if (answer.outcome == MUSTER_EVENT_APPLIED) street_ok(mu_world_check(s->world, event, &answer));
    if (answer.outcome == MUSTER_EVENT_APPLIED) {
        street_ok(mu_world_apply(s->world, event, s->world->sequence + 1));
    }
    return answer;
}

static inline void street_apply(street_world *s, const muster_event *event) {
    const muster_event_answer answer = street_tell(s, event);
    if (answer.outcome != MUSTER_EVENT_APPLIED) fail_msg("%s", answer.message);
}

static inline void street_report(street_world *s, const char *code, double junction,
                                 const char *authority, uint32_t need_count,
                                 const muster_event_need *need) {
    muster_event e      = street_event(s, MUSTER_EVENT_INCIDENT_REPORTED, 0);
    e.incident.code     = code;
    e.incident.lon_deg  = street_lon(junction);
    e.incident.lat_deg  = 30;
    e.incident.severity = MUSTER_SEVERE;
    if (authority) e.incident.authority = authority;
    e.need_count = need_count;
    e.need       = need;
    street_apply(s, &e);
}

static inline void street_rule(street_world *s, const char *code, uint8_t command,
                               muster_event_unit unit, const char *incident, int64_t quantity) {
    muster_event e = street_event(s, MUSTER_EVENT_RULE_SET, 1);
    e.rule         = (muster_event_rule){
                .code = code, .command = command, .unit = unit, .incident = incident, .quantity = quantity};
    street_apply(s, &e);
}

/* An order is accepted, has departed...: it goes through all that comes before. */
static inline void street_answer(street_world *s, uint64_t order, uint8_t type, int64_t minutes) {
    muster_event e = street_event(s, type, minutes);
    e.order        = order;
    e.reason       = type == MUSTER_EVENT_ORDER_DECLINED ? "busy" : NULL;
    street_apply(s, &e);
}

/* ---- ordering ------------------------------------------------------------------------------------ */

static inline mu_world_order street_order(const street_world *s, uint8_t resource, const char *unit,
                                          const char *incident, const char *need,
                                          int64_t quantity) {
    const mu_base *b    = s->world->base;
    const uint32_t kind = need ? mu_base_find_kind(b, need) : MUSTER_NONE;
    mu_world_order o    = {.resource     = resource,
                           .unit         = mu_base_find_unit(b, resource, unit, kind),
                           .incident     = mu_world_find_incident(s->world, incident),
                           .need         = kind,
                           .quantity     = quantity,
                           .depart_at_ms = STREET_NOW_MS + 2 * STREET_MINUTE_MS,
                           .load_at_ms   = STREET_NOW_MS + 4 * STREET_MINUTE_MS,
                           .eta_at_ms    = STREET_NOW_MS + 9 * STREET_MINUTE_MS};
    o.consent           = mu_base_consent(b, b->unit[resource][o.unit].authority,
                                          s->world->incident[o.incident].authority);
    return o;
}

/* The number of the first. */
static inline uint64_t street_give(street_world *s, uint32_t count, const mu_world_order *order) {
    muster_event_answer answer;
    uint32_t            wrong;
    const uint64_t      first = s->world->order_last + 1;
    snprintf(s->id, sizeof s->id, "e-%u", ++s->told);
    const mu_issue issue = {.id          = s->id,
                            .at_ms       = STREET_NOW_MS,
                            .author      = "desk",
                            .order_count = count,
                            .order       = order,
                            .plan_json   = "{}"};
    street_ok(mu_world_check_issue(s->world, &issue, &answer, &wrong));
    if (answer.outcome != MUSTER_EVENT_APPLIED) fail_msg("%s", answer.message);
    street_ok(mu_world_apply_issue(s->world, &issue, s->world->sequence + 1));
    return first;
}

static inline uint64_t street_send(street_world *s, uint8_t resource, const char *unit,
                                   const char *incident, const char *need, int64_t quantity) {
    const mu_world_order order = street_order(s, resource, unit, incident, need, quantity);
    return street_give(s, 1, &order);
}

/* A truck brings something from a warehouse. */
static inline uint64_t street_ship(street_world *s, const char *vehicle, const char *warehouse,
                                   const char *incident, const char *item, int64_t quantity) {
    mu_world_order order[2] = {street_order(s, MUSTER_VEHICLE, vehicle, incident, NULL, 1),
                               street_order(s, MUSTER_ITEM, warehouse, incident, item, quantity)};
    order[0].warehouse      = order[1].unit;
    order[1].trip           = 1;
    return street_give(s, 2, order);
}

/* ---- roads --------------------------------------------------------------------------------------- */

static inline muster_roads *street_roads(street_world *s, int64_t now_ms) {
    mu_road_state *state;
    muster_roads  *roads;
    if (mu_roads_are_of(s->roads, s->world, now_ms)) return s->roads;
    street_ok(mu_road_state_take(&state, s->world, now_ms));
    street_ok(mu_roads_new(&roads, s->base, state, s->roads, 0));
    mu_road_state_free(state);
    muster_roads_free(s->roads);
    s->roads = roads;
    return roads;
}

#endif
