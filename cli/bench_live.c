/* Live dispatch: a session whose journal is on the disk, with the scenario's incidents open and under
 * orders. */
#define _DEFAULT_SOURCE /* M_PI */
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "cli/bench_parts.h"
#include "cli/stopwatch.h"

static const char PART[] = "live";

/* PLANNING_MS and EVENTS are of a round. */
enum {
    BATCH         = 50,
    ID_BYTES      = 40,
    CORNERS       = 24,
    FIRST_PLAN_MS = 1000,
    PLANNING_MS   = 300,
    EVENTS        = 10000
};

static const int64_t BEGIN_MS = INT64_C(1782864000000); /* 2026-07-01T00:00:00Z */

typedef struct live {
    bench_context  *bench;
    muster_session *session;
    muster_view    *view; /* as it began */
    uint32_t        mover_count;
    int64_t         now_ms;
    uint64_t        next_id;
} live;

static muster_status open_session(live *l) {
    muster_session_options o = MUSTER_SESSION_OPTIONS_INIT;
    o.journal                = l->bench->folder;
    o.store                  = l->bench->store;
    o.scenario               = l->bench->code;
    o.with_incidents         = 1;
    o.author                 = "muster bench";
    o.now_ms                 = l->now_ms;
    return muster_session_open(&l->session, &o);
}

/* ---- telling ----------------------------------------------------------------------------- */

static muster_event event_of(live *l, uint8_t type, char id[ID_BYTES]) {
    muster_event event = MUSTER_EVENT_INIT;
    (void)snprintf(id, ID_BYTES, "bench-%llu", (unsigned long long)l->next_id++);
    event.id      = id;
    event.type    = type;
    event.time_ms = l->now_ms;
    event.author  = "muster bench";
    return event;
}

/* What is refused would make figures of something else. */
static muster_status tell(live *l, uint32_t count, const muster_event *event) {
    muster_event_answer answer[BATCH];
    const muster_status status = muster_session_tell(l->session, count, event, answer);
    for (uint32_t i = 0; i < count && status == MUSTER_OK; ++i) {
        if (answer[i].outcome == MUSTER_EVENT_APPLIED) continue;
        return muster_fail(MUSTER_E_INTERNAL, "a session refuses %s: %s",
                           muster_event_type_name((muster_event_type)event[i].type),
                           answer[i].message);
    }
    return status;
}

/* One that moves: people, vehicles and machines come before stocks, which stay where they are. */
static const muster_view_unit *draw_unit(live *l) {
    const muster_view_unit *unit = muster_view_units(l->view, &(uint32_t){0});
    return &unit[bench_draw(l->bench, l->mover_count)];
}

/* ---- orders ------------------------------------------------------------------------------ */

static muster_status order(live *l, muster_replan mode, uint32_t limit_ms) {
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    muster_commit        commit  = MUSTER_COMMIT_INIT;
    muster_session_plan *plan;
    muster_committed    *committed;
    char                 id[ID_BYTES];
    options.time_limit_ms = limit_ms;
    muster_status status  = muster_session_plan_make(&plan, l->session, l->now_ms, &options, mode);
    if (status != MUSTER_OK) return status;
    (void)snprintf(id, sizeof id, "bench-%llu", (unsigned long long)l->next_id++);
    commit.id     = id;
    commit.now_ms = l->now_ms;
    commit.author = "muster bench";
    status        = muster_session_commit(&committed, l->session, plan, &commit);
    muster_session_plan_free(plan);
    if (status == MUSTER_OK) muster_committed_free(committed);
    return status;
}

/* As one of the scenario's, smaller, where some unit is. */
static muster_status report(live *l, const char *code) {
    char                        id[ID_BYTES];
    uint32_t                    count;
    const muster_view_incident *incident = muster_view_incidents(l->view, &count);
    const muster_view_need     *like     = incident[bench_draw(l->bench, count)].need;
    const muster_view_unit     *unit     = draw_unit(l);
    muster_event                e        = event_of(l, MUSTER_EVENT_INCIDENT_REPORTED, id);
    const muster_event_need     need     = {like->kind, 1 + like->quantity / 4, 0, 0};
    e.incident.code                      = code;
    e.incident.lon_deg                   = unit->lon_deg;
    e.incident.lat_deg                   = unit->lat_deg;
    e.incident.severity                  = MUSTER_SEVERE;
    e.incident.on_scene_ms               = 3600000;
    e.need_count                         = 1;
    e.need                               = &need;
    return tell(l, 1, &e);
}

static muster_status close_incident(live *l, const char *code) {
    char         id[ID_BYTES];
    muster_event e  = event_of(l, MUSTER_EVENT_INCIDENT_CLOSED, id);
    e.incident.code = code;
    return tell(l, 1, &e);
}

/* From the call to the order that is on the disk. */
static muster_status time_orders(live *l) {
    stopwatch     times  = {0};
    muster_status status = order(l, MUSTER_REPLAN_IMPROVE, FIRST_PLAN_MS);
    for (uint32_t i = 0; i < 10 * l->bench->rounds && status == MUSTER_OK; ++i) {
        char code[ID_BYTES];
        (void)snprintf(code, sizeof code, "bench-%u", i);
        l->now_ms += 1000;
        const double start = stopwatch_now_ms();
        status             = report(l, code);
        if (status == MUSTER_OK) status = order(l, MUSTER_REPLAN_KEEP, 0);
        stopwatch_keep(&times, start);
        if (status == MUSTER_OK) status = close_incident(l, code);
    }
    if (status != MUSTER_OK) return status;
    bench_table_aim(l->bench->table, PART, "event to committed order, median",
                    stopwatch_percentile_ms(&times, 50), "ms", BENCH_AT_MOST, 50);
    bench_table_aim(l->bench->table, PART, "event to committed order, p99",
                    stopwatch_percentile_ms(&times, 99), "ms", BENCH_AT_MOST, 150);
    return MUSTER_OK;
}

/* ---- floods ------------------------------------------------------------------------------ */

/* A ring around some unit, about six kilometres wide. */
static muster_status tell_flood(live *l) {
    char                    id[ID_BYTES];
    double                  lon_deg[CORNERS + 1], lat_deg[CORNERS + 1];
    const uint32_t          first_ring[] = {0, 1}, first_point[] = {0, CORNERS + 1};
    muster_hazard           hazard = MUSTER_HAZARD_INIT;
    muster_event            e      = event_of(l, MUSTER_EVENT_HAZARD_GROWN, id);
    const muster_view_unit *unit   = draw_unit(l);
    for (int c = 0; c <= CORNERS; ++c) {
        const double turn = c % CORNERS * (2 * M_PI / CORNERS);
        lon_deg[c]        = unit->lon_deg + 0.03 * cos(turn);
        lat_deg[c]        = unit->lat_deg + 0.02 * sin(turn);
    }
    hazard.code    = "bench";
    hazard.kind    = MUSTER_HAZARD_FLOOD;
    hazard.depth_m = 0.8;
    hazard.area    = (muster_multipolygon){.polygon_count = 1,
                                           .first_ring    = first_ring,
                                           .first_point   = first_point,
                                           .lon_deg       = lon_deg,
                                           .lat_deg       = lat_deg};
    e.hazard       = &hazard;
    return tell(l, 1, &e);
}

static muster_status time_floods(live *l) {
    stopwatch     times  = {0};
    muster_status status = MUSTER_OK;
    for (uint32_t i = 0; i < l->bench->rounds && status == MUSTER_OK; ++i) {
        muster_session_plan *plan;
        l->now_ms += 1000;
        const double start = stopwatch_now_ms();
        status             = tell_flood(l);
        if (status == MUSTER_OK) {
            status =
                muster_session_plan_make(&plan, l->session, l->now_ms, NULL, MUSTER_REPLAN_KEEP);
        }
        stopwatch_keep(&times, start);
        if (status == MUSTER_OK) muster_session_plan_free(plan);
    }
    if (status != MUSTER_OK) return status;
    bench_table_aim(l->bench->table, PART, "flood polygon to new plan, longest",
                    stopwatch_percentile_ms(&times, 100), "ms", BENCH_AT_MOST, 300);
    return status;
}

/* ---- positions --------------------------------------------------------------------------- */

static muster_status move_units(live *l) {
    muster_event event[BATCH];
    char         id[BATCH][ID_BYTES];
    for (uint32_t i = 0; i < BATCH; ++i) {
        const muster_view_unit *unit = draw_unit(l);
        event[i]                     = event_of(l, MUSTER_EVENT_UNIT_MOVED, id[i]);
        event[i].unit.resource       = unit->resource;
        event[i].unit.code           = unit->code;
        event[i].lon_deg             = unit->lon_deg;
        event[i].lat_deg             = unit->lat_deg;
    }
    return tell(l, BATCH, event);
}

typedef struct planning {
    live         *live;
    atomic_bool   is_over;
    muster_status status;
} planning;

static void *plan_until_over(void *user) {
    planning            *p       = user;
    muster_solve_options options = MUSTER_SOLVE_OPTIONS_INIT;
    options.time_limit_ms        = 500;
    while (!atomic_load(&p->is_over) && p->status == MUSTER_OK) {
        muster_session_plan *plan;
        p->status = muster_session_plan_make(&plan, p->live->session, BEGIN_MS, &options,
                                             MUSTER_REPLAN_IMPROVE);
        if (p->status == MUSTER_OK) muster_session_plan_free(plan);
    }
    return NULL;
}

static muster_status time_positions(live *l) {
    planning      p = {.live = l};
    pthread_t     thread;
    uint32_t      told   = 0;
    muster_status status = MUSTER_OK;
    if (pthread_create(&thread, NULL, plan_until_over, &p) != 0) {
        return muster_fail(MUSTER_E_NOMEM, "no thread to plan on");
    }
    const double start = stopwatch_now_ms();
    while (status == MUSTER_OK && stopwatch_now_ms() - start < PLANNING_MS * l->bench->rounds) {
        l->now_ms += 1;
        status = move_units(l);
        told += BATCH;
    }
    const double took_ms = stopwatch_now_ms() - start;
    atomic_store(&p.is_over, true);
    (void)pthread_join(thread, NULL);
    if (status == MUSTER_OK) status = p.status;
    if (status != MUSTER_OK) return status;
    bench_table_aim(l->bench->table, PART, "positions told while planning, batches of 50",
                    told / took_ms * 1000, "a second", BENCH_AT_LEAST, 5000);
    return status;
}

/* ---- opening ----------------------------------------------------------------------------- */

static muster_status time_opening(live *l) {
    muster_status status = MUSTER_OK;
    for (uint32_t told = 0; told < EVENTS * l->bench->rounds && status == MUSTER_OK;
         told += BATCH) {
        l->now_ms += 1;
        status = move_units(l);
    }
    if (status != MUSTER_OK) return status;
    muster_view_free(l->view);
    muster_session_close(l->session);
    l->view            = NULL;
    l->session         = NULL;
    const double start = stopwatch_now_ms();
    status             = open_session(l);
    if (status != MUSTER_OK) return status;
    bench_table_aim(l->bench->table, PART, "opening after 10,000 events more a round",
                    (stopwatch_now_ms() - start) / 1000, "s", BENCH_AT_MOST, 2);
    return MUSTER_OK;
}

/* ---- all --------------------------------------------------------------------------------- */

static muster_status look_around(live *l) {
    uint32_t                units, incidents;
    const muster_view_unit *unit = muster_view_units(l->view, &units);
    (void)muster_view_incidents(l->view, &incidents);
    while (l->mover_count < units && unit[l->mover_count].resource != MUSTER_ITEM) {
        ++l->mover_count;
    }
    if (l->mover_count > 0 && incidents > 0) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID,
                       "the scenario has %u units that move and %u incidents; expected both, to "
                       "measure live dispatch with",
                       l->mover_count, incidents);
}

muster_status bench_live(bench_context *b) {
    live          l      = {.bench = b, .now_ms = BEGIN_MS};
    muster_status status = open_session(&l);
    if (status == MUSTER_OK) status = muster_session_look(&l.view, l.session, NULL);
    if (status == MUSTER_OK) status = look_around(&l);
    if (status == MUSTER_OK) status = time_orders(&l);
    if (status == MUSTER_OK) status = time_floods(&l);
    if (status == MUSTER_OK) status = time_positions(&l);
    if (status == MUSTER_OK) status = time_opening(&l);
    muster_view_free(l.view);
    muster_session_close(l.session);
    return status;
}
