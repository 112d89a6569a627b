/* Small places to simulate on, and courses made by hand: a street of eleven junctions, a minute from each to
 * the next. */
#ifndef TESTS_SUPPORT_TOY_STAGE_H
#define TESTS_SUPPORT_TOY_STAGE_H

#include <stdlib.h>

#include "simulation/run.h"
#include "tests/support/street_world.h"

enum { TOY_UNITS = 16, TOY_EVENTS = 20000, TOY_NEEDS = 4 };

typedef struct toy_stage {
    muster_network *network;
    mu_road_base   *roads;
    muster_problem  problem;
    char            code[TOY_UNITS][16];
    muster_team     team[TOY_UNITS];
    muster_vehicle  vehicle[TOY_UNITS];
    muster_machine  machine[TOY_UNITS];
    muster_stock    stock[TOY_UNITS];
    muster_weights  weights;
    mu_stage        stage;
} toy_stage;

static const muster_kind TOY_KIND[STREET_KINDS] = {
    {.code = "medical", .resource = MUSTER_PEOPLE},
    {.code = "rescue", .resource = MUSTER_PEOPLE},
    {.code = "ambulance", .resource = MUSTER_VEHICLE},
    {.code = "truck", .resource = MUSTER_VEHICLE},
    {.code = "pump", .resource = MUSTER_MACHINE},
    {.code = "sandbag", .resource = MUSTER_ITEM, .mass_kg = 20, .volume_m3 = 0.02},
    {.code = "tent", .resource = MUSTER_ITEM, .mass_kg = 30, .volume_m3 = 0.1}};

/* The network is taken over. Units are to be filled in before toy_stage_ready. */
static inline void toy_stage_init(toy_stage *t, muster_network *network) {
    muster_profile light;
    memset(t, 0, sizeof *t);
    t->network = network;
    t->weights = (muster_weights)MUSTER_WEIGHTS_INIT;
    street_ok(muster_profile_builtin(&light, "light"));
    street_ok(mu_road_base_new(&t->roads, network, 1, &light, 1));
    t->problem              = (muster_problem)MUSTER_PROBLEM_INIT;
    t->problem.metric_count = 1;
    t->problem.kind_count   = STREET_KINDS;
    t->problem.kind         = TOY_KIND;
    t->problem.team         = t->team;
    t->problem.vehicle      = t->vehicle;
    t->problem.machine      = t->machine;
    t->problem.stock        = t->stock;
    t->problem.weights      = &t->weights;
    for (int i = 0; i < TOY_UNITS; ++i) snprintf(t->code[i], sizeof t->code[i], "U-%02d", i);
}

static inline void toy_stage_ready(toy_stage *t) {
    street_ok(mu_stage_init(&t->stage, "toy", &t->problem, t->roads));
}

static inline void toy_stage_fini(toy_stage *t) {
    mu_stage_fini(&t->stage);
    mu_road_base_release(t->roads);
    muster_network_free(t->network);
}

static inline muster_unit toy_unit(const char *code, double lon_deg, double lat_deg,
                                   uint32_t turnout_ms) {
    return (muster_unit){.code       = code,
                         .site       = {lon_deg, lat_deg},
                         .turnout_ms = turnout_ms,
                         .authority  = MUSTER_NONE};
}

static inline void toy_add_ambulance(toy_stage *t, double lon_deg, double lat_deg,
                                     uint32_t turnout_ms) {
    const uint32_t v = t->problem.vehicle_count++;
    t->vehicle[v]    = (muster_vehicle){toy_unit(t->code[v], lon_deg, lat_deg, turnout_ms),
                                        STREET_AMBULANCE, 0, 0};
}

/* ---- courses ------------------------------------------------------------------------------- */

typedef struct toy_course {
    mu_course           course;
    muster_event       *event;
    mu_course_incident *incident;
    muster_event_need (*need)[TOY_NEEDS];
    char (*id)[16];
    char (*code)[16];
} toy_course;

static inline void toy_course_init(toy_course *c, int64_t length_ms) {
    memset(c, 0, sizeof *c);
    c->event              = calloc(TOY_EVENTS, sizeof *c->event);
    c->incident           = calloc(TOY_EVENTS, sizeof *c->incident);
    c->need               = calloc(TOY_EVENTS, sizeof *c->need);
    c->id                 = calloc(TOY_EVENTS, sizeof *c->id);
    c->code               = calloc(TOY_EVENTS, sizeof *c->code);
    c->course.event       = c->event;
    c->course.incident    = c->incident;
    c->course.start_at_ms = STREET_NOW_MS;
    c->course.end_at_ms   = STREET_NOW_MS + length_ms;
    assert_true(c->event && c->incident && c->need && c->id && c->code);
}

static inline void toy_course_fini(toy_course *c) {
    free(c->event);
    free(c->incident);
    free(c->need);
    free(c->id);
    free(c->code);
}

/* Events have to be added in the order of their times. */
static inline muster_event *toy_event(toy_course *c, uint8_t type, int64_t after_ms) {
    const uint32_t e = c->course.event_count++;
    assert_true(e < TOY_EVENTS);
    snprintf(c->id[e], sizeof c->id[e], "c-%05u", e);
    c->event[e]         = (muster_event)MUSTER_EVENT_INIT;
    c->event[e].type    = type;
    c->event[e].id      = c->id[e];
    c->event[e].time_ms = STREET_NOW_MS + after_ms;
    c->event[e].author  = "course";
    return &c->event[e];
}

/* An incident that needs one of a kind; codes rise. */
static inline mu_course_incident *toy_call(toy_course *c, int64_t after_ms, double lon_deg,
                                           double lat_deg, const char *kind, int64_t work_ms) {
    const uint32_t e     = c->course.event_count;
    muster_event  *event = toy_event(c, MUSTER_EVENT_INCIDENT_REPORTED, after_ms);
    snprintf(c->code[e], sizeof c->code[e], "I-%05u", e);
    c->need[e][0]           = (muster_event_need){kind, 1, 0, 0};
    event->need             = c->need[e];
    event->need_count       = 1;
    event->incident.code    = c->code[e];
    event->incident.lon_deg = lon_deg;
    event->incident.lat_deg = lat_deg;
    mu_course_incident *i   = &c->incident[c->course.incident_count++];
    *i = (mu_course_incident){.code = c->code[e], .type = "call", .work_ms = work_ms};
    return i;
}

/* ---- runs ---------------------------------------------------------------------------------- */

static inline muster_policy toy_policy(const char *name) {
    uint32_t             count;
    const muster_policy *p = muster_policy_builtins(&count);
    return strcmp(name, "greedy") == 0 ? p[0] : p[1];
}

static inline muster_replication *toy_play(const toy_stage *t, const muster_policy *policy,
                                           const toy_course *c) {
    muster_replication  *r;
    const mu_run_options options = {.series_ms = 300000};
    street_ok(mu_run_play(&r, &t->stage, policy, &c->course, &options));
    return r;
}

#endif
