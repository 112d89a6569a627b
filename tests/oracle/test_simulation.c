/* Simulations against what is too simple to be wrong.
 *
 * - Nothing is lost and nobody is in two places, after every single thing that happens, in random towns with
 *   floods, closed roads, breakdowns, commanders' words and all kinds of resources.
 * - A slow simulator that goes through the day second by second has the same ambulances at the same places,
 *   also where calls turn out to need more.
 * - Where everything is at one place, queues are those of Erlang (1917) and of Pollaczek and Khinchine (1930).
 * - The same again is the same to the last bit, on any number of threads, with a journal or without, with roads
 *   that are made ahead or without.
 * - No memory for the n-th thing: nothing leaks, and the failure is said.
 * - To optimize is not worse than to send the nearest, over 30 seeds. */
#include <inttypes.h>
#include <math.h>

#include "core/alloc.h"
#include "session/issue_draft.h"
#include "simulation/draw.h"
#include "tests/support/grid_network.h"
#include "tests/support/rounds.h"
#include "tests/support/test_folder.h"
#include "tests/support/toy_stage.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE };

/* ---- random towns -------------------------------------------------------------------------- */

enum { SIDE = 8, CALLS = 40 };

typedef struct random_stage {
    uint64_t    rng;
    toy_stage   t;
    uint32_t    capability[2];
    muster_kind kind[STREET_KINDS];
} random_stage;

static muster_site somewhere(uint64_t *rng) {
    return (muster_site){120 + 0.001 * random_below(rng, SIDE),
                         30 + 0.001 * random_below(rng, SIDE)};
}

static muster_unit random_unit_of(random_stage *s, uint32_t code) {
    const muster_site site = somewhere(&s->rng);
    return toy_unit(s->t.code[code], site.lon_deg, site.lat_deg, random_below(&s->rng, 3) * MINUTE);
}

static void random_stage_init(random_stage *s, uint64_t seed) {
    s->rng           = seed;
    s->capability[0] = STREET_MEDICAL;
    s->capability[1] = STREET_RESCUE;
    toy_stage_init(&s->t, grid_network(SIDE, &s->rng));
    muster_problem *p = &s->t.problem;
    memcpy(s->kind, TOY_KIND, sizeof TOY_KIND);
    if (seed % 2) s->kind[STREET_PUMP].operator_count = 2;
    s->kind[STREET_PUMP].operator_kind = STREET_RESCUE;
    p->kind                            = s->kind;
    p->team_count                      = 3 + random_below(&s->rng, 3);
    p->vehicle_count                   = 4 + random_below(&s->rng, 4);
    p->machine_count                   = 2;
    p->stock_count                     = 4;
    p->item_transport                  = (uint8_t)random_below(&s->rng, 2);
    for (uint32_t i = 0; i < p->team_count; ++i) {
        s->t.team[i] = (muster_team){random_unit_of(s, i), 4 + random_below(&s->rng, 8),
                                     &s->capability[i % 2], 1, 0};
    }
    for (uint32_t i = 0; i < p->vehicle_count; ++i) {
        const bool is_truck = i % 2;
        s->t.vehicle[i] =
            (muster_vehicle){random_unit_of(s, i), is_truck ? STREET_TRUCK : STREET_AMBULANCE,
                             is_truck ? 2000 : 0, is_truck ? 5 : 0};
    }
    for (uint32_t i = 0; i < p->machine_count; ++i) {
        s->t.machine[i] = (muster_machine){random_unit_of(s, i), STREET_PUMP, 2 + i};
    }
    for (uint32_t i = 0; i < p->stock_count; i += 2) {
        const muster_unit warehouse = random_unit_of(s, i);
        s->t.stock[i]               = (muster_stock){warehouse, STREET_SANDBAG, 100};
        s->t.stock[i + 1]           = (muster_stock){warehouse, STREET_TENT, 20};
    }
    toy_stage_ready(&s->t);
}

static const char *const NEED[] = {"medical", "rescue",  "ambulance", "truck",
                                   "pump",    "sandbag", "tent"};

static void random_call(toy_course *c, uint64_t *rng, int64_t at_ms) {
    const muster_site   site            = somewhere(rng);
    const uint32_t      e               = c->course.event_count;
    const uint32_t      severity        = random_below(rng, MUSTER_SEVERITY_COUNT);
    mu_course_incident *i               = toy_call(c, at_ms, site.lon_deg, site.lat_deg, "medical",
                                                   (int64_t)random_below(rng, 40) * MINUTE);
    i->is_transported                   = random_below(rng, 3) == 0;
    i->handover_ms                      = random_below(rng, 10) * MINUTE;
    i->standard_ms                      = 8 * MINUTE;
    c->event[e].need_count              = 1 + random_below(rng, 2);
    c->event[e].incident.severity       = (uint8_t)severity;
    c->event[e].incident.all_or_nothing = random_below(rng, 4) == 0;
    const uint32_t first                = random_below(rng, 6);
    for (uint32_t n = 0; n < c->event[e].need_count; ++n) {
        const uint32_t kind = first + n;
        const int64_t  quantity =
            kind >= STREET_SANDBAG ? 1 + random_below(rng, 60) : 1 + random_below(rng, 4);
        const int64_t minimum = random_below(rng, 3) == 0 ? quantity : 0;
        c->need[e][n]         = (muster_event_need){NEED[kind], quantity, minimum, 0};
    }
}

/* Something else from outside. Points and ids that it needs live as long as the course. */
typedef struct random_extras {
    int64_t       edge[CALLS];
    double        lon[CALLS][5], lat[CALLS][5];
    muster_hazard hazard[CALLS];
    char          code[CALLS][16];
    uint32_t      used;
} random_extras;

/* A river bursts between two columns of the town: one part is cut off from the other. */
static void cut(random_extras *x, muster_event *e, uint64_t *rng) {
    static const uint32_t POINT[] = {0, 5};
    const double          west    = 120 + 0.001 * random_below(rng, SIDE - 1);
    const double          lon[]   = {0.0004, 0.0006, 0.0006, 0.0004, 0.0004};
    const double          lat[]   = {29.99, 29.99, 30.1, 30.1, 29.99};
    for (int i = 0; i < 5; ++i) {
        x->lon[x->used][i] = west + lon[i];
        x->lat[x->used][i] = lat[i];
    }
    e->road.edge_count = 0;
    e->road.area       = (muster_polygon){1, POINT, x->lon[x->used], x->lat[x->used]};
}

static void flood(random_extras *x, muster_event *e, uint64_t *rng, int64_t at_ms) {
    static const uint32_t RING[] = {0, 1}, POINT[] = {0, 5};
    const muster_site     m     = somewhere(rng);
    muster_hazard        *h     = &x->hazard[x->used];
    const double          r     = 0.0012;
    const double          lon[] = {-r, r, r, -r, -r}, lat[] = {-r, -r, r, r, -r};
    for (int i = 0; i < 5; ++i) {
        x->lon[x->used][i] = m.lon_deg + lon[i];
        x->lat[x->used][i] = m.lat_deg + lat[i];
    }
    *h             = (muster_hazard)MUSTER_HAZARD_INIT;
    h->code        = x->code[x->used];
    h->kind        = MUSTER_HAZARD_FLOOD;
    h->depth_m     = 2;
    h->starts_at_s = (STREET_NOW_MS + at_ms) / 1000 + 60 * (int64_t)random_below(rng, 10);
    h->ends_at_s   = h->starts_at_s + 60 * (1 + (int64_t)random_below(rng, 60));
    h->area        = (muster_multipolygon){1, RING, POINT, x->lon[x->used], x->lat[x->used], 0};
    e->hazard      = h;
}

static void random_other(random_stage *s, random_extras *x, toy_course *c, int64_t at_ms) {
    static const uint8_t TYPE[] = {MUSTER_EVENT_ROAD_CLOSED,     MUSTER_EVENT_HAZARD_GROWN,
                                   MUSTER_EVENT_UNIT_STATUS,     MUSTER_EVENT_UNIT_STATUS,
                                   MUSTER_EVENT_STOCK_MOVED,     MUSTER_EVENT_NEED_CHANGED,
                                   MUSTER_EVENT_INCIDENT_CLOSED, MUSTER_EVENT_RULE_SET,
                                   MUSTER_EVENT_ROAD_OPENED,     MUSTER_EVENT_INCIDENT_UPDATED};
    uint64_t            *rng    = &s->rng;
    const uint32_t       at     = x->used;
    const uint32_t       unit   = random_below(rng, 3);
    muster_event        *e      = toy_event(c, TYPE[random_below(rng, sizeof TYPE)], at_ms);
    const uint32_t       past   = random_below(rng, c->course.incident_count + 1);
    snprintf(x->code[at], sizeof x->code[at], "X-%u", at);
    e->incident.code     = past < c->course.incident_count ? c->incident[past].code : "I-none";
    e->incident.set      = MUSTER_SET_SEVERITY;
    e->incident.severity = (uint8_t)random_below(rng, MUSTER_SEVERITY_COUNT);
    e->unit         = (muster_event_unit){(uint8_t)random_below(rng, 2), s->t.code[unit], NULL};
    e->is_available = random_below(rng, 2) != 0;
    e->reason       = "drawn";
    e->rule         = (muster_event_rule){.code    = x->code[at],
                                          .command = (uint8_t)random_below(rng, MUSTER_COMMAND_COUNT),
                                          .unit    = e->unit};
    if (e->rule.command != MUSTER_COMMAND_HOLD) e->rule.incident = e->incident.code;
    x->edge[at]        = random_below(rng, 2 * SIDE * (SIDE - 1));
    e->road.code       = x->code[at];
    e->road.edge_count = 1;
    e->road.edge_id    = &x->edge[at];
    if (e->type == MUSTER_EVENT_ROAD_OPENED) {
        e->road = (muster_event_road){.code = x->code[random_below(rng, at + 1)]};
    }
    c->need[c->course.event_count - 1][0] =
        (muster_event_need){NEED[random_below(rng, 7)], random_below(rng, 4), 0, 0};
    e->need       = c->need[c->course.event_count - 1];
    e->need_count = 1;
    if (e->type == MUSTER_EVENT_HAZARD_GROWN) flood(x, e, rng, at_ms);
    if (e->type == MUSTER_EVENT_ROAD_CLOSED && random_below(rng, 2) == 0) cut(x, e, rng);
    if (e->type == MUSTER_EVENT_STOCK_MOVED) {
        e->unit     = (muster_event_unit){MUSTER_ITEM, s->t.code[0], "sandbag"};
        e->quantity = (int64_t)random_below(rng, 60) - 30;
    }
    ++x->used;
}

static const mu_course_place HOSPITAL[] = {{"H-1", NULL, 120.001, 30.001},
                                           {"H-2", NULL, 120.006, 30.005}};

static void random_course(random_stage *s, random_extras *x, toy_course *c) {
    int64_t at_ms = 0;
    x->used       = 0;
    toy_course_init(c, 12 * HOUR);
    for (int i = 0; i < CALLS; ++i) {
        at_ms += random_below(&s->rng, 15) * MINUTE;
        random_call(c, &s->rng, at_ms);
        if (random_below(&s->rng, 2) == 0) {
            at_ms += random_below(&s->rng, 10) * MINUTE / 2;
            random_other(s, x, c, at_ms);
        }
    }
    c->course.seed              = s->rng;
    c->course.destination_count = 2;
    c->course.destination       = HOSPITAL;
    c->course.units             = (mu_course_units){.decline_permille    = 50,
                                                    .failure_permille    = 50,
                                                    .repair_ms           = 30 * MINUTE,
                                                    .turnout_cv_permille = 300};
}

static muster_policy random_policy(random_stage *s) {
    muster_policy p    = toy_policy(random_below(&s->rng, 2) ? "greedy" : "muster");
    p.delay_ms         = random_below(&s->rng, 2) * MINUTE;
    p.way_back         = (uint8_t)random_below(&s->rng, 2);
    p.duty_most_ms     = random_below(&s->rng, 2) * 2 * HOUR;
    p.rest_ms          = HOUR;
    p.restock_percent  = random_below(&s->rng, 2) * 60;
    p.restock_delay_ms = 20 * MINUTE;
    p.work_limit       = 200000;
    return p;
}

/* ---- nothing is lost ----------------------------------------------------------------------- */

static bool is_state_of(const mu_mover *m, uint8_t state) {
    switch (m->doing) {
    case MU_DOING_TURNOUT:
        return state == MUSTER_ORDER_ISSUED;
    case MU_DOING_TO_WAREHOUSE:
    case MU_DOING_LOADING:
        return state == MUSTER_ORDER_EN_ROUTE;
    case MU_DOING_TO_SCENE:
        return state == MUSTER_ORDER_EN_ROUTE || state == MUSTER_ORDER_LOADED;
    case MU_DOING_WORK:
    case MU_DOING_TRANSPORT:
    case MU_DOING_HANDOVER:
        return state == MUSTER_ORDER_ON_SCENE;
    default:
        return false;
    }
}

/* Each open order is carried out by one mover, and each mover that is busy carries one out. */
static void check_orders(const mu_run *run) {
    const mu_world *w     = mu_run_world(run);
    uint32_t        bound = 0, open = 0;
    for (uint32_t i = 0; i < run->mover_count; ++i) {
        const mu_mover *m = &run->mover[i];
        assert_false(m->is_cut);
        assert_true((m->order != 0) ==
                    (m->doing >= MU_DOING_TURNOUT && m->doing <= MU_DOING_HANDOVER));
        assert_true(mu_mover_is_moving(m) ==
                    (m->doing == MU_DOING_TO_WAREHOUSE || m->doing == MU_DOING_TO_SCENE ||
                     m->doing == MU_DOING_TRANSPORT || m->doing == MU_DOING_RETURN));
        if (m->order == 0) continue;
        const mu_world_order *o = mu_world_find_order(w, m->order);
        ++bound;
        assert_non_null(o);
        assert_int_equal(o->resource, m->resource);
        assert_int_equal(o->unit, m->unit);
        assert_true(is_state_of(m, o->state));
        assert_string_equal(w->incident[o->incident].code, run->scene[m->scene].code);
    }
    for (uint32_t o = 0; o < w->order_count; ++o) {
        open +=
            w->order[o].trip == 0 && !muster_order_is_over((muster_order_state)w->order[o].state);
    }
    assert_int_equal(bound, open);
}

static void check_units(mu_run *run) {
    for (uint32_t i = 0; i < run->unit_count; ++i) {
        mu_mover            *m = &run->mover[i];
        const mu_world_unit *u = &mu_run_world(run)->unit[m->resource][m->unit];
        assert_true(u->is_available == !(m->is_off || m->is_off_by_course));
        if (!m->is_told) continue;
        muster_site site;
        assert_int_equal(mu_mover_place(run, m, &site), MUSTER_OK);
        assert_true(site.lon_deg == u->lon_deg && site.lat_deg == u->lat_deg);
    }
}

/* In warehouses, on vehicles beyond what is in the books, on the way back, or handed over: all there was, and
 * what has come. */
static void check_items(const mu_run *run, int64_t moved[STREET_KINDS]) {
    const mu_base  *b = run->stage->base;
    const mu_world *w = mu_run_world(run);
    for (uint32_t kind = STREET_SANDBAG; kind < STREET_KINDS; ++kind) {
        int64_t there = 0, was = moved[kind];
        for (uint32_t s = 0; s < b->unit_count[MUSTER_ITEM]; ++s) {
            if (b->unit[MUSTER_ITEM][s].kind != kind) continue;
            there += w->unit[MUSTER_ITEM][s].quantity;
            was += run->stage->problem->stock[s].quantity + run->restocked[s];
        }
        for (uint32_t i = 0; i < run->mover_count; ++i) {
            const mu_mover *m = &run->mover[i];
            for (uint32_t c = 0; c < m->cargo_count; ++c) {
                if (b->unit[MUSTER_ITEM][m->cargo[c].stock].kind != kind) continue;
                there += m->cargo[c].quantity - m->cargo[c].ordered;
                assert_true(m->cargo[c].ordered >= 0 &&
                            m->cargo[c].ordered <= m->cargo[c].quantity);
            }
            const bool is_back = m->doing == MU_DOING_RETURN || m->doing == MU_DOING_WAIT;
            if (m->resource == MUSTER_ITEM && is_back &&
                b->unit[MUSTER_ITEM][m->unit].kind == kind) {
                there += m->quantity;
            }
        }
        for (uint32_t s = 0; s < run->scene_count; ++s) {
            for (uint32_t n = 0; n < run->scene[s].need_count; ++n) {
                if (run->scene[s].need[n].kind == kind) there += run->scene[s].need[n].present;
            }
        }
        assert_int_equal(there, was);
    }
}

static void check_pools(const mu_run *run) {
    const mu_base *b = run->stage->base;
    for (uint32_t p = 0; p < b->unit_count[MUSTER_MACHINE]; ++p) {
        int64_t away = 0;
        for (uint32_t i = run->unit_count; i < run->mover_count; ++i) {
            const mu_mover *m       = &run->mover[i];
            const bool      is_back = m->doing == MU_DOING_RETURN || m->doing == MU_DOING_WAIT;
            if (m->resource == MUSTER_MACHINE && m->unit == p && is_back) away += m->quantity;
        }
        assert_int_equal(away, run->away[p]);
        assert_int_equal(mu_run_world(run)->unit[MUSTER_MACHINE][p].quantity + away,
                         run->stage->problem->machine[p].count);
    }
}

/* Rescuers whom orders have on scene. */
static int64_t rescuers_at(const mu_run *run, const mu_scene *scene) {
    const mu_world *w   = mu_run_world(run);
    int64_t         sum = 0;
    for (uint32_t o = 0; o < w->order_count; ++o) {
        const mu_world_order *order = &w->order[o];
        if (order->state != MUSTER_ORDER_ON_SCENE || order->resource != MUSTER_PEOPLE) continue;
        if (strcmp(w->incident[order->incident].code, scene->code) != 0) continue;
        if (run->stage->problem->team[order->unit].capability[0] == STREET_RESCUE)
            sum += order->quantity;
    }
    return sum;
}

/* Work goes on exactly while everything has its minimum, or anybody, and each such pump its rescuers. */
static void check_work(const mu_run *run, const mu_scene *scene) {
    const muster_kind *pump  = &run->stage->problem->kind[STREET_PUMP];
    bool               works = scene->is_reported && !scene->is_closed;
    for (uint32_t n = 0; n < scene->need_count; ++n) {
        const mu_scene_need *need  = &scene->need[n];
        const int64_t        least = need->minimum > 1 ? need->minimum : need->quantity > 0;
        if (need->present < least) works = false;
        if (need->kind != STREET_PUMP) continue;
        if (rescuers_at(run, scene) < least * pump->operator_count) works = false;
    }
    assert_int_equal(works, !scene->is_closed && scene->working_since_ms != MU_NEVER);
}

static void check_scenes(const mu_run *run) {
    for (uint32_t s = 0; s < run->scene_count; ++s) {
        const mu_scene *scene = &run->scene[s];
        for (uint32_t n = 0; !scene->is_closed && n < scene->need_count; ++n) {
            int64_t there = 0;
            if (scene->need[n].kind >= STREET_SANDBAG) continue;
            for (uint32_t i = 0; i < run->mover_count; ++i) {
                const mu_mover *m = &run->mover[i];
                if (m->doing != MU_DOING_WORK || m->scene != s) continue;
                if (m->kind == scene->need[n].kind) there += m->quantity;
            }
            assert_int_equal(there, scene->need[n].present);
        }
        assert_true(scene->working_since_ms == MU_NEVER || scene->work_left_ms >= 0);
        check_work(run, scene);
    }
}

/* What the course itself has moved, as far as the session has taken it. */
static void add_moved(const mu_run *run, uint32_t refusals, int64_t moved[STREET_KINDS]) {
    if (run->course_next == 0 || run->record->refusal.count > refusals) return;
    const muster_event *e = &run->course->event[run->course_next - 1];
    if (e->type == MUSTER_EVENT_STOCK_MOVED) moved[STREET_SANDBAG] += e->quantity;
}

/* Whoever moves is on a way that is as fast as the fastest by the roads of now. */
static void check_ways(const mu_run *run) {
    uint32_t             count;
    const muster_metric *metric = mu_roads_metrics(run->atlas.roads, &count)[0];
    for (uint32_t i = 0; i < run->mover_count; ++i) {
        const mu_way *way = &run->mover[i].way;
        muster_route *fastest;
        assert_null(run->mover[i].gone.route); /* it does something else by now */
        if (!way->route) continue;
        street_ok(muster_route_new(&fastest, metric, &way->from, &way->to));
        assert_int_equal(muster_route_duration_ms(fastest), way->duration_ms);
        assert_int_equal(muster_route_duration_ms(way->route), way->duration_ms);
        assert_true(muster_route_distance_m(fastest) == way->distance_m);
        assert_true(muster_route_distance_m(way->route) == way->distance_m);
        assert_true(way->lon_deg[0] == way->from.lon_deg && way->lat_deg[0] == way->from.lat_deg);
        assert_true(way->lon_deg[way->point_count - 1] == way->to.lon_deg);
        assert_int_equal(way->offset_ms[way->point_count - 1], way->duration_ms);
        muster_route_free(fastest);
    }
}

static void check_all(mu_run *run, int64_t moved[STREET_KINDS]) {
    street_ok(mu_world_verify(mu_run_world(run)));
    check_orders(run);
    check_units(run);
    check_items(run, moved);
    check_pools(run);
    check_scenes(run);
    check_ways(run);
}

static void live_through(mu_run *run) {
    int64_t moved[STREET_KINDS] = {0}, before_ms = run->now_ms;
    for (bool is_over = false; !is_over;) {
        const uint32_t next = run->course_next, refusals = run->record->refusal.count;
        street_ok(mu_run_step(run, &is_over));
        if (run->course_next > next) add_moved(run, refusals, moved);
        check_all(run, moved);
        assert_true(run->now_ms >= before_ms);
        before_ms = run->now_ms;
    }
    street_ok(mu_run_end(run));
}

static void nothing_is_lost_and_nobody_is_in_two_places(void **state) {
    (void)state;
    static random_stage  s;
    static random_extras x;
    const seeds          asked                           = seeds_asked(40);
    uint32_t             ended[MUSTER_ORDER_STATE_COUNT] = {0};
    for (uint64_t seed = asked.first; seed < asked.end; ++seed) {
        toy_course c;
        mu_run     run;
        random_stage_init(&s, seed);
        random_course(&s, &x, &c);
        const muster_policy  policy  = random_policy(&s);
        const mu_run_options options = {.series_ms = HOUR, .is_recorded = seed % 2 != 0};
        street_ok(mu_run_open(&run, &s.t.stage, &policy, &c.course, &options));
        live_through(&run);
        for (uint32_t o = 0; o < run.record->order.count; ++o)
            ++ended[run.record->order.row[o].state];
        mu_run_close(&run);
        toy_course_fini(&c);
        toy_stage_fini(&s.t);
    }
    /* All that may happen has. */
    assert_true(ended[MUSTER_ORDER_RELEASED] > 10 * asked.count);
    assert_true(ended[MUSTER_ORDER_CANCELLED] > asked.count);
    assert_true(ended[MUSTER_ORDER_DECLINED] > asked.count / 2);
}

/* ---- plans that are not made ---------------------------------------------------------------- */

static bool is_something_missing(const mu_run *run) {
    for (uint32_t s = 0; s < run->scene_count; ++s) {
        const mu_scene *scene = &run->scene[s];
        for (uint32_t n = 0; scene->is_reported && !scene->is_closed && n < scene->need_count;
             ++n) {
            const mu_scene_need *need = &scene->need[n];
            if (need->quantity > need->present + need->coming) return true;
        }
    }
    return false;
}

/* The plan of now, and what would be ordered and taken back of it. */
static void assert_plan_changes_nothing(mu_run *run) {
    muster_session_plan *plan;
    mu_issue_draft      *draft;
    muster_event_answer  answer;
    muster_commit        commit = MUSTER_COMMIT_INIT;
    commit.id                   = "if-it-were";
    commit.now_ms               = run->now_ms;
    commit.author               = "test";
    street_ok(mu_run_say_places(run));
    street_ok(mu_centre_plan(run->centre, run->now_ms, &plan));
    street_ok(mu_issue_draft_new(&draft, &answer, plan, mu_run_world(run), &commit, 0, 0, NULL));
    assert_int_equal(answer.outcome, MUSTER_EVENT_APPLIED);
    assert_int_equal(draft->issue.order_count, 0);
    assert_int_equal(draft->issue.cancelled_count, 0);
    mu_issue_draft_free(draft);
    muster_session_plan_free(plan);
}

static uint32_t live_beside(mu_run *run) {
    uint32_t spared = 0;
    for (bool is_over = false; !is_over;) {
        const bool     is_plan = run->agenda.count > 0 && run->agenda.due[0].kind == MU_DUE_PLAN;
        const uint32_t plans   = run->record->plan.count;
        street_ok(mu_run_step(run, &is_over));
        if (is_over || !is_plan || run->record->plan.count > plans) continue;
        if (!is_something_missing(run)) continue; /* which is a reason of its own */
        assert_plan_changes_nothing(run);
        ++spared;
    }
    return spared;
}

/* Of every second, from two hours on. */
static void end_shifts(random_stage *s) {
    muster_problem *p = &s->t.problem;
    for (uint32_t i = 0; i < p->team_count; i += 2) {
        s->t.team[i].unit.shift_end_ms = (2 + random_below(&s->rng, 12)) * HOUR;
    }
    for (uint32_t i = 0; i < p->vehicle_count; i += 2) {
        s->t.vehicle[i].unit.shift_end_ms = (2 + random_below(&s->rng, 12)) * HOUR;
    }
}

/* So many people that it takes several teams. */
static void ask_for_more_people(random_stage *s, toy_course *c) {
    for (uint32_t e = 0; e < c->course.event_count; ++e) {
        for (uint32_t n = 0; n < c->event[e].need_count; ++n) {
            muster_event_need *need = &c->need[e][n];
            if (c->event[e].type != MUSTER_EVENT_INCIDENT_REPORTED || need->quantity == 0) continue;
            if (strcmp(need->kind, "medical") != 0 && strcmp(need->kind, "rescue") != 0) continue;
            need->quantity = 1 + random_below(&s->rng, 20);
            if (need->minimum > 0) need->minimum = need->quantity / 2 + 1;
        }
    }
}

static void a_plan_that_is_not_made_would_have_changed_nothing(void **state) {
    (void)state;
    static random_stage  s;
    static random_extras x;
    const seeds          asked  = seeds_asked(40);
    uint64_t             spared = 0, plans = 0;
    for (uint64_t seed = asked.first; seed < asked.end; ++seed) {
        toy_course c;
        mu_run     run;
        random_stage_init(&s, seed);
        random_course(&s, &x, &c);
        if (seed % 2 != 0) end_shifts(&s);
        if (seed % 3 != 0) ask_for_more_people(&s, &c);
        muster_policy        policy  = random_policy(&s);
        const mu_run_options options = {.series_ms = HOUR};
        policy.mode                  = MUSTER_REPLAN_KEEP;
        policy.churn_most            = 0;
        street_ok(mu_run_open(&run, &s.t.stage, &policy, &c.course, &options));
        spared += live_beside(&run);
        plans += run.record->plan.count;
        mu_run_close(&run);
        toy_course_fini(&c);
        toy_stage_fini(&s.t);
    }
    print_message("%llu plans made, %llu not\n", (unsigned long long)plans,
                  (unsigned long long)spared);
    assert_true(spared > asked.count);
}

/* ---- second by second ----------------------------------------------------------------------- */

enum { NAIVE_UNITS = 3, NAIVE_CALLS = 40, NAIVE_LENGTH_S = 12 * 3600 };

/* Ambulances on the street, whose places are seconds from its beginning. */
typedef struct naive_unit {
    int  home, at, goal, timer, call, slot; /* of its call: the first ambulance, or the second */
    char doing; /* ' ' free, 't'urnout, 'd'rives, 'w'orks, 'c'arries, 'h'ands over, 'r'eturns */
} naive_unit;

/* Some turn out to need a second ambulance. All leave when the work is done, and who is under way then turns
 * back. */
typedef struct naive_call {
    int  reported, place, work, handover, grown; /* grown: -1: it does not */
    bool is_carried;
    int  sent, done; /* done: when the work will be; -1: nobody has begun */
    bool is_closed;
    int  unit[2], departed[2], on_scene[2], released[2];
} naive_call;

enum { TURNOUT_S = 60, HOSPITAL_S = 240 };

static void naive_send(naive_unit *unit, naive_call *call, int c) {
    int best = -1, best_s = 0;
    for (int u = 0; u < NAIVE_UNITS; ++u) {
        if (unit[u].doing != ' ' && unit[u].doing != 'r') continue;
        const int takes = abs(unit[u].at - call[c].place);
        if (best >= 0 && takes >= best_s) continue;
        best   = u;
        best_s = takes;
    }
    if (best < 0) return;
    unit[best].call              = c;
    unit[best].slot              = call[c].sent;
    unit[best].doing             = 't';
    unit[best].timer             = TURNOUT_S;
    call[c].unit[call[c].sent++] = best;
}

/* What is done at this second, until nothing more is. True: something was. */
static bool naive_go_on(naive_unit *u, naive_call *call, int now) {
    naive_call *c = u->doing == ' ' || u->doing == 'r' ? NULL : &call[u->call];
    if (u->doing == 't' && u->timer == 0) {
        c->departed[u->slot] = now;
        u->doing             = 'd';
        u->goal              = c->place;
    } else if (u->doing == 'd' && u->at == u->goal) {
        c->on_scene[u->slot] = now;
        u->doing             = 'w';
        if (c->done < 0) c->done = now + c->work;
    } else if (u->doing == 'c' && u->at == u->goal) {
        u->doing = 'h';
        u->timer = c->handover;
    } else if (u->doing == 'h' && u->timer == 0) {
        u->doing             = 'r';
        u->goal              = u->home;
        c->released[u->slot] = now;
    } else if (u->doing == 'r' && u->at == u->goal) {
        u->doing = ' ';
    } else {
        return false;
    }
    return true;
}

static void naive_close(naive_unit *unit, naive_call *call, int c, int now) {
    call[c].is_closed = true;
    for (int u = 0; u < NAIVE_UNITS; ++u) {
        if (unit[u].doing == ' ' || unit[u].doing == 'r' || unit[u].call != c) continue;
        const bool is_carried = unit[u].doing == 'w' && call[c].is_carried;
        if (unit[u].doing == 'w' && !is_carried) call[c].released[unit[u].slot] = now;
        unit[u].doing = is_carried ? 'c' : 'r';
        unit[u].goal  = is_carried ? HOSPITAL_S : unit[u].home;
    }
}

/* Who has done something, then whose work is done, and whatever follows from that. */
static void naive_happen(naive_unit *unit, naive_call *call, int now) {
    for (int u = 0; u < NAIVE_UNITS; ++u) {
        while (naive_go_on(&unit[u], call, now)) continue;
    }
    for (int c = 0; c < NAIVE_CALLS; ++c) {
        if (!call[c].is_closed && call[c].done == now) naive_close(unit, call, c, now);
    }
    for (int u = 0; u < NAIVE_UNITS; ++u) {
        while (naive_go_on(&unit[u], call, now)) continue;
    }
}

static void naive_pass(naive_unit *u) {
    const bool drives = u->doing == 'd' || u->doing == 'c' || u->doing == 'r';
    if (drives) u->at += (u->goal > u->at) - (u->goal < u->at);
    if (!drives && u->timer > 0) --u->timer;
}

static void naive_day(naive_unit *unit, naive_call *call) {
    for (int now = 0; now <= NAIVE_LENGTH_S; ++now) {
        naive_happen(unit, call, now);
        for (int c = 0; c < NAIVE_CALLS; ++c) {
            const int asked = 1 + (call[c].grown >= 0 && call[c].grown <= now);
            while (!call[c].is_closed && call[c].reported <= now && call[c].sent < asked) {
                const int sent = call[c].sent;
                naive_send(unit, call, c);
                if (call[c].sent == sent) break;
            }
        }
        for (int u = 0; u < NAIVE_UNITS; ++u) naive_pass(&unit[u]);
    }
}

static int64_t ms_or_never(int second) {
    return second < 0 ? MU_NEVER : (int64_t)second * SECOND;
}

static void toy_grow(toy_course *c, const naive_call *call, const char *incident) {
    muster_event  *e  = toy_event(c, MUSTER_EVENT_NEED_CHANGED, (int64_t)call->grown * SECOND);
    const uint32_t at = c->course.event_count - 1;
    c->need[at][0]    = (muster_event_need){"ambulance", 2, 0, 0};
    e->need           = c->need[at];
    e->need_count     = 1;
    e->incident.code  = incident;
}

/* Reports and growth in the order of their times. */
static void tell_toy(toy_course *c, const naive_call *call) {
    const char *code[NAIVE_CALLS];
    for (int now = 0; now <= NAIVE_LENGTH_S; ++now) {
        for (int i = 0; i < NAIVE_CALLS; ++i) {
            if (call[i].reported == now) {
                mu_course_incident *incident =
                    toy_call(c, (int64_t)now * SECOND, street_lon(call[i].place / 60), 30,
                             "ambulance", (int64_t)call[i].work * SECOND);
                incident->is_transported = call[i].is_carried;
                incident->handover_ms    = (int64_t)call[i].handover * SECOND;
                code[i]                  = incident->code;
            }
            if (call[i].grown == now) toy_grow(c, &call[i], code[i]);
        }
    }
}

/* Incidents of the course are in the order of calls. */
static int naive_call_of(const toy_course *c, const char *incident) {
    int i = 0;
    while (strcmp(c->incident[i].code, incident) != 0) ++i;
    return i;
}

/* A way from between two junctions is rounded to the millisecond at both of its ends. */
enum { TURNED_BACK_MS = 10 };

static void assert_is_at(int64_t at_ms, int second, bool may_turn_back) {
    const int64_t expected_ms = ms_or_never(second);
    if (!may_turn_back || second < 0) {
        assert_int_equal(at_ms, expected_ms);
    } else if (at_ms < expected_ms - TURNED_BACK_MS || at_ms > expected_ms + TURNED_BACK_MS) {
        fail_msg("%" PRId64 " ms, but %" PRId64 " second by second", at_ms, expected_ms);
    }
}

/* How many were sent second to a call. */
static uint32_t play_both(uint64_t seed, bool grows) {
    static const mu_course_place HERE[] = {{"H", NULL, 120.04, 30}};
    toy_stage                    t;
    toy_course                   c;
    naive_unit                   unit[NAIVE_UNITS];
    naive_call                   call[NAIVE_CALLS];
    uint64_t                     rng    = seed;
    const muster_policy          greedy = toy_policy("greedy");
    toy_stage_init(&t, street_network());
    toy_course_init(&c, NAIVE_LENGTH_S * SECOND);
    for (int u = 0; u < NAIVE_UNITS; ++u) {
        const int junction = (int)random_below(&rng, STREET_EDGES + 1);
        unit[u]            = (naive_unit){60 * junction, 60 * junction, 0, 0, 0, 0, ' '};
        toy_add_ambulance(&t, street_lon(junction), 30, TURNOUT_S * SECOND);
    }
    for (int i = 0, at = 0; i < NAIVE_CALLS; ++i) {
        at += 1 + (int)random_below(&rng, 1500);
        call[i] = (naive_call){.reported   = at,
                               .place      = 60 * (int)random_below(&rng, STREET_EDGES + 1),
                               .work       = (int)random_below(&rng, 1800),
                               .handover   = (int)random_below(&rng, 900),
                               .is_carried = random_below(&rng, 2),
                               .done       = -1};
        call[i].grown =
            grows && random_below(&rng, 3) == 0 ? at + 1 + (int)random_below(&rng, 1500) : -1;
        for (int slot = 0; slot < 2; ++slot) {
            call[i].unit[slot] = call[i].departed[slot] = call[i].on_scene[slot] = -1;
            call[i].released[slot]                                               = -1;
        }
    }
    tell_toy(&c, call);
    c.course.destination_count = 1;
    c.course.destination       = HERE;
    toy_stage_ready(&t);
    naive_day(unit, call);
    muster_replication *r       = toy_play(&t, &greedy, &c);
    uint32_t            ordered = 0, second = 0;
    int                 slot[NAIVE_CALLS] = {0};
    for (int i = 0; i < NAIVE_CALLS; ++i) ordered += (uint32_t)call[i].sent;
    assert_int_equal(r->order.count, ordered);
    for (uint32_t o = 0; o < r->order.count; ++o) {
        const muster_simulated_order *row = &r->order.row[o];
        const int                     i   = naive_call_of(&c, row->incident);
        const int                     n   = slot[i]++;
        assert_string_equal(row->unit, t.code[call[i].unit[n]]);
        assert_is_at(row->departed_ms, call[i].departed[n], grows);
        assert_is_at(row->on_scene_ms, call[i].on_scene[n], grows);
        assert_is_at(row->released_ms, call[i].released[n], grows);
        second += n == 1;
    }
    assert_int_equal(r->refusal.count, 0);
    mu_record_free(r);
    toy_course_fini(&c);
    toy_stage_fini(&t);
    return second;
}

static void a_slow_simulator_has_the_same_ambulances_at_the_same_places(void **state) {
    (void)state;
    const seeds asked  = seeds_asked(40);
    uint64_t    second = 0;
    for (uint64_t seed = asked.first; seed < asked.end; ++seed) {
        assert_int_equal(play_both(seed, false), 0);
        second += play_both(seed, true);
    }
    assert_true(second > 2 * asked.count);
}

/* ---- queues -------------------------------------------------------------------------------- */

/* Calls that wait at one place for `servers`. The first are not counted: the queue is empty then. */
enum { QUEUE_CALLS = 700, QUEUE_WARM = 100, QUEUE_DAYS = 16 };

typedef double draw_service(mu_stream stream, uint64_t index); /* of mean 1 */

static double exponential(mu_stream stream, uint64_t index) {
    return -log(mu_draw_unit(stream, index, 0));
}

static double constant(mu_stream stream, uint64_t index) {
    (void)stream;
    (void)index;
    return 1;
}

static double mean_wait(const toy_stage *t, uint32_t day, double load, uint32_t servers,
                        draw_service *service) {
    const muster_policy greedy   = toy_policy("greedy");
    const mu_stream     arrivals = mu_stream_of(7, day, MU_DRAW_CALL_TIME, NULL);
    const mu_stream     works    = mu_stream_of(7, day, MU_DRAW_CALL_WORK, NULL);
    const double        unit_ms  = 10 * MINUTE;
    toy_course          c;
    double              at_ms = 0, sum = 0;
    toy_course_init(&c, INT64_C(100000) * HOUR);
    for (uint64_t i = 0; i < QUEUE_CALLS; ++i) {
        at_ms += exponential(arrivals, i) * unit_ms / (load * servers);
        toy_call(&c, (int64_t)at_ms, street_lon(0), 30, "ambulance",
                 (int64_t)(service(works, i) * unit_ms));
    }
    c.course.end_at_ms    = c.course.start_at_ms + (int64_t)at_ms + 100 * HOUR;
    muster_replication *r = toy_play(t, &greedy, &c);
    for (uint32_t i = QUEUE_WARM; i < QUEUE_CALLS; ++i) {
        assert_true(r->incident.row[i].response_ms >= 0);
        sum += (double)r->incident.row[i].response_ms;
    }
    mu_record_free(r);
    toy_course_fini(&c);
    return sum / (QUEUE_CALLS - QUEUE_WARM) / unit_ms;
}

/* Is the mean over independent days within what the chance of one in ten thousand allows? Student's t of 15
 * degrees of freedom is 5.2 there. And is that narrow enough to tell anything? */
static void assert_mean(double expected, double load, uint32_t servers, draw_service *service) {
    toy_stage t;
    double    sum = 0, squares = 0;
    toy_stage_init(&t, street_network());
    for (uint32_t u = 0; u < servers; ++u) toy_add_ambulance(&t, street_lon(0), 30, 0);
    toy_stage_ready(&t);
    for (uint32_t day = 0; day < QUEUE_DAYS; ++day) {
        const double mean = mean_wait(&t, day, load, servers, service);
        sum += mean;
        squares += mean * mean;
    }
    const double mean  = sum / QUEUE_DAYS;
    const double error = sqrt((squares / QUEUE_DAYS - mean * mean) / (QUEUE_DAYS - 1));
    if (fabs(mean - expected) > 5.2 * error || error > 0.15 * expected) {
        fail_msg("the mean wait is %.4f +- %.4f services; expected %.4f", mean, error, expected);
    }
    toy_stage_fini(&t);
}

/* The chance to wait at all (Erlang, 1917), and for how long. */
static double erlang_wait(double load, uint32_t servers) {
    const double a    = load * servers;
    double       term = 1, sum = 0;
    for (uint32_t k = 0; k < servers; ++k) {
        sum += term;
        term *= a / (k + 1);
    }
    const double waits = term / (1 - load) / (sum + term / (1 - load));
    return waits / (servers * (1 - load));
}

static void queues_wait_as_long_as_erlang_has_it(void **state) {
    (void)state;
    assert_mean(erlang_wait(0.5, 1), 0.5, 1, exponential);
    assert_mean(erlang_wait(0.6, 3), 0.6, 3, exponential);
}

/* Half as long with services of one length as with such of which it is never known how long they go on. */
static void queues_wait_as_long_as_pollaczek_has_it(void **state) {
    (void)state;
    assert_mean(0.5 * 0.6 / (1 - 0.6), 0.6, 1, constant);
}

/* ---- the same again ------------------------------------------------------------------------ */

static void assert_same_orders(const muster_replication *a, const muster_replication *b) {
    assert_int_equal(a->order.count, b->order.count);
    for (uint32_t i = 0; i < a->order.count; ++i) {
        const muster_simulated_order *x = &a->order.row[i], *y = &b->order.row[i];
        assert_string_equal(x->unit, y->unit);
        assert_string_equal(x->incident, y->incident);
        assert_int_equal(x->state, y->state);
        assert_int_equal(x->quantity, y->quantity);
        assert_int_equal(x->issued_ms, y->issued_ms);
        assert_int_equal(x->departed_ms, y->departed_ms);
        assert_int_equal(x->on_scene_ms, y->on_scene_ms);
        assert_int_equal(x->ended_ms, y->ended_ms);
        assert_true(x->distance_m == y->distance_m);
    }
}

static void assert_same(const muster_replication *a, const muster_replication *b) {
    assert_same_orders(a, b);
    assert_int_equal(a->plan.count, b->plan.count);
    if (a->plan.count > 0) {
        assert_memory_equal(a->plan.row, b->plan.row, a->plan.count * sizeof *a->plan.row);
    }
    assert_int_equal(a->series.count, b->series.count);
    assert_memory_equal(a->series.row, b->series.row, a->series.count * sizeof *a->series.row);
    assert_memory_equal(&a->totals, &b->totals, sizeof a->totals);
    assert_int_equal(a->move.count, b->move.count);
    for (uint32_t m = 0; m < a->move.count; ++m) {
        assert_int_equal(a->move.row[m].point_count, b->move.row[m].point_count);
        assert_memory_equal(a->move.row[m].lon_deg, b->move.row[m].lon_deg,
                            a->move.row[m].point_count * sizeof(double));
    }
    assert_int_equal(a->explanation.count, b->explanation.count);
    for (uint32_t e = 0; e < a->explanation.count; ++e) {
        assert_string_equal(a->explanation.row[e].text, b->explanation.row[e].text);
    }
}

static void remove_folder(const char *path) {
    DIR *folder = opendir(path);
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder));) {
        char file[sizeof test_folder + 2 * sizeof entry->d_name];
        snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
        (void)unlink(file);
    }
    closedir(folder);
    assert_int_equal(rmdir(path), 0);
}

static void with_a_journal_or_without_it_is_the_same(void **state) {
    (void)state;
    static random_stage  s;
    static random_extras x;
    const seeds          asked = seeds_asked(6);
    for (uint64_t seed = asked.first; seed < asked.end; ++seed) {
        toy_course          c;
        char                name[24];
        muster_replication *in_memory, *again, *journaled;
        mu_run_options      options = {.series_ms = HOUR, .is_recorded = true};
        random_stage_init(&s, seed);
        random_course(&s, &x, &c);
        muster_policy policy = random_policy(&s);
        street_ok(mu_run_play(&in_memory, &s.t.stage, &policy, &c.course, &options));
        street_ok(mu_run_play(&again, &s.t.stage, &policy, &c.course, &options));
        snprintf(name, sizeof name, "journal-%u", (unsigned)seed);
        options.journal = path_of(name);
        street_ok(mu_run_play(&journaled, &s.t.stage, &policy, &c.course, &options));
        assert_same(in_memory, again);
        assert_same(in_memory, journaled);
        assert_true(in_memory->order.count > 10);
        mu_record_free(journaled);
        /* Another night does not go into the same journal. */
        assert_int_equal(mu_run_play(&journaled, &s.t.stage, &policy, &c.course, &options),
                         MUSTER_E_INVALID);
        remove_folder(options.journal);
        mu_record_free(in_memory);
        mu_record_free(again);
        toy_course_fini(&c);
        toy_stage_fini(&s.t);
    }
}

/* ---- roads made ahead ---------------------------------------------------------------------- */

/* Told all that is so far of roads and hazards. */
static void tell_up_to(mu_centre *centre, const mu_course *course, uint32_t *next, int64_t now_ms) {
    for (; *next < course->event_count && course->event[*next].time_ms <= now_ms; ++*next) {
        const muster_event *e = &course->event[*next];
        muster_event_answer answer;
        if (e->type < MUSTER_EVENT_ROAD_CLOSED || e->type > MUSTER_EVENT_HAZARD_ENDED) continue;
        street_ok(mu_centre_tell(centre, 1, e, &answer));
    }
}

static void assert_same_roads(const muster_roads *ahead, const muster_roads *now,
                              const muster_roads *alone) {
    uint32_t             count;
    const muster_metric *have = mu_roads_metrics(now, &count)[0];
    const muster_metric *told = mu_roads_metrics(alone, &count)[0];
    const uint32_t       arcs = 2 * muster_network_view(muster_metric_network(told))->edge_count;
    assert_ptr_equal(have, mu_roads_metrics(ahead, &count)[0]); /* nothing was left to do */
    assert_memory_equal(muster_metric_duration_ms(have), muster_metric_duration_ms(told),
                        arcs * sizeof(uint32_t));
}

static void roads_that_are_made_ahead_are_those_of_each_moment(void **state) {
    (void)state;
    static random_stage  s;
    static random_extras x;
    const seeds          asked  = seeds_asked(20);
    const muster_policy  policy = toy_policy("greedy");
    for (uint64_t seed = asked.first; seed < asked.end; ++seed) {
        toy_course      c;
        mu_centre      *one, *other;
        mu_roads_ahead *ahead;
        uint32_t        told_one = 0, told_other = 0;
        random_stage_init(&s, seed);
        random_course(&s, &x, &c);
        street_ok(mu_centre_open(&one, &s.t.stage, &policy, c.course.start_at_ms, NULL));
        street_ok(mu_centre_open(&other, &s.t.stage, &policy, c.course.start_at_ms, NULL));
        street_ok(mu_roads_ahead_new(&ahead, &s.t.stage, &policy, &c.course));
        assert_non_null(ahead);
        /* Most moments are between others at which something happens, and some of these are left out. */
        for (int64_t now_ms = c.course.start_at_ms; now_ms <= c.course.end_at_ms;
             now_ms += (1 + random_below(&s.rng, 4)) * (MINUTE / 2)) {
            muster_roads *made, *now, *alone;
            tell_up_to(one, &c.course, &told_one, now_ms);
            tell_up_to(other, &c.course, &told_other, now_ms);
            made = mu_roads_ahead_at(ahead, now_ms);
            assert_non_null(made);
            street_ok(mu_centre_roads(one, now_ms, made, &now));
            street_ok(mu_centre_roads(other, now_ms, NULL, &alone));
            assert_same_roads(made, now, alone);
            muster_roads_free(made);
        }
        mu_roads_ahead_free(ahead);
        mu_centre_close(one);
        mu_centre_close(other);
        toy_course_fini(&c);
        toy_stage_fini(&s.t);
    }
}

static void with_roads_that_are_made_ahead_or_without_it_is_the_same(void **state) {
    (void)state;
    static random_stage  s;
    static random_extras x;
    const seeds          asked = seeds_asked(6);
    for (uint64_t seed = asked.first; seed < asked.end; ++seed) {
        toy_course          c;
        muster_replication *alone, *ahead;
        mu_run_options      options = {.series_ms = HOUR, .is_recorded = true};
        random_stage_init(&s, seed);
        random_course(&s, &x, &c);
        const muster_policy policy = random_policy(&s);
        street_ok(mu_run_play(&alone, &s.t.stage, &policy, &c.course, &options));
        options.looks_ahead = true;
        street_ok(mu_run_play(&ahead, &s.t.stage, &policy, &c.course, &options));
        assert_same(alone, ahead);
        assert_true(alone->order.count > 10);
        mu_record_free(alone);
        mu_record_free(ahead);
        toy_course_fini(&c);
        toy_stage_fini(&s.t);
    }
}

/* All that is no call closes a road: one that is closed already, which changes nothing; or another one under an id
 * that the simulation has used by then. */
static void close_again(toy_course *c) {
    static const int64_t EDGE[2] = {40, 50};
    uint32_t             closed  = 0;
    for (uint32_t i = 0; i < c->course.event_count; ++i) {
        muster_event *e = &c->event[i];
        if (e->type == MUSTER_EVENT_INCIDENT_REPORTED) continue;
        const bool is_refused = ++closed % 3 == 0;
        snprintf(c->code[i], sizeof c->code[i], "Z-%u", i);
        if (is_refused) snprintf(c->id[i], sizeof c->id[i], "sim-%u", closed / 3);
        e->type = MUSTER_EVENT_ROAD_CLOSED;
        e->road =
            (muster_event_road){.code = c->code[i], .edge_count = 1, .edge_id = &EDGE[is_refused]};
    }
}

static void roads_that_are_not_foreseen_change_nothing(void **state) {
    (void)state;
    static random_stage  s;
    static random_extras x;
    const seeds          asked   = seeds_asked(12);
    uint32_t             refused = 0;
    for (uint64_t seed = asked.first; seed < asked.end; ++seed) {
        toy_course          c;
        muster_replication *alone, *ahead;
        mu_run_options      options = {.series_ms = HOUR, .is_recorded = true};
        random_stage_init(&s, seed);
        random_course(&s, &x, &c);
        close_again(&c);
        const muster_policy policy = random_policy(&s);
        street_ok(mu_run_play(&alone, &s.t.stage, &policy, &c.course, &options));
        options.looks_ahead = true;
        street_ok(mu_run_play(&ahead, &s.t.stage, &policy, &c.course, &options));
        assert_same(alone, ahead);
        refused += alone->refusal.count;
        mu_record_free(alone);
        mu_record_free(ahead);
        toy_course_fini(&c);
        toy_stage_fini(&s.t);
    }
    assert_true(refused > 0);
}

/* ---- no memory ----------------------------------------------------------------------------- */

static void no_memory_for_the_nth_thing_is_said_and_leaks_nothing(void **state) {
    (void)state;
    static random_stage  s;
    static random_extras x;
    toy_course           c;
    mu_run_options       options = {.series_ms = HOUR, .is_recorded = true};
    muster_replication  *r;
    random_stage_init(&s, 3);
    random_course(&s, &x, &c);
    c.course.event_count       = 12;
    const muster_policy policy = random_policy(&s);
    for (int round = 0; round < 2; ++round) { /* the stage remembers areas and places */
        (void)mu_alloc_fail_after(-1);
        street_ok(mu_run_play(&r, &s.t.stage, &policy, &c.course, &options));
        mu_record_free(r);
    }
    const int64_t whole = mu_alloc_fail_after(-1);
    assert_true(whole > 500);
    /* Not each of thousands: steps that have no divisor with what is done in turns. */
    for (int64_t n = 0; n < whole; n += n < 200 ? 1 : whole / 97 + 1) {
        (void)mu_alloc_fail_after(n);
        const muster_status status = mu_run_play(&r, &s.t.stage, &policy, &c.course, &options);
        (void)mu_alloc_fail_after(-1);
        assert_int_equal(status, MUSTER_E_NOMEM);
        assert_null(r);
    }
    /* Where it fails for who makes roads ahead, they are made when they are asked for. */
    options.looks_ahead = true;
    for (int64_t n = 0; n < whole; n += n < 200 ? 1 : whole / 97 + 1) {
        (void)mu_alloc_fail_once_after(n);
        const muster_status status = mu_run_play(&r, &s.t.stage, &policy, &c.course, &options);
        (void)mu_alloc_fail_after(-1);
        assert_true(status == MUSTER_E_NOMEM ? !r : status == MUSTER_OK && r);
        mu_record_free(r);
    }
    toy_course_fini(&c);
    toy_stage_fini(&s.t);
}

/* ---- policies ------------------------------------------------------------------------------ */

enum { DUEL_SEEDS = 30 };

/* To optimize is not worse than to send the nearest, in what is missing for how long. */
static void to_optimize_is_not_worse_than_to_send_the_nearest(void **state) {
    (void)state;
    static random_stage  s;
    static random_extras x;
    double               missing[2] = {0, 0};
    int64_t              met[2]     = {0, 0};
    for (uint64_t seed = 0; seed < DUEL_SEEDS; ++seed) {
        toy_course c;
        random_stage_init(&s, 1000 + seed);
        random_course(&s, &x, &c);
        c.course.units = (mu_course_units){0};
        for (int p = 0; p < 2; ++p) {
            muster_policy policy                 = toy_policy(p == 0 ? "greedy" : "muster");
            policy.work_limit                    = 200000;
            muster_replication           *r      = toy_play(&s.t, &policy, &c);
            const muster_simulated_totals totals = muster_simulation_totals(r);
            missing[p] += (double)totals.open_quantity_ms / (double)HOUR;
            met[p] += totals.met_quantity;
            mu_record_free(r);
        }
        toy_course_fini(&c);
        toy_stage_fini(&s.t);
    }
    print_message("greedy: %lld met, %.0f unit hours missing; muster: %lld, %.0f\n",
                  (long long)met[0], missing[0], (long long)met[1], missing[1]);
    assert_true(met[1] >= met[0]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_lost_and_nobody_is_in_two_places),
        cmocka_unit_test(a_plan_that_is_not_made_would_have_changed_nothing),
        cmocka_unit_test(a_slow_simulator_has_the_same_ambulances_at_the_same_places),
        cmocka_unit_test(queues_wait_as_long_as_erlang_has_it),
        cmocka_unit_test(queues_wait_as_long_as_pollaczek_has_it),
        cmocka_unit_test(with_a_journal_or_without_it_is_the_same),
        cmocka_unit_test(roads_that_are_made_ahead_are_those_of_each_moment),
        cmocka_unit_test(with_roads_that_are_made_ahead_or_without_it_is_the_same),
        cmocka_unit_test(roads_that_are_not_foreseen_change_nothing),
        cmocka_unit_test(no_memory_for_the_nth_thing_is_said_and_leaks_nothing),
        cmocka_unit_test(to_optimize_is_not_worse_than_to_send_the_nearest),
    };
    return cmocka_run_group_tests(tests, make_test_folder, remove_test_folder);
}
