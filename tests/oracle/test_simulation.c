/* Simulations against what is too simple to be wrong.
 *
 * - Nothing is lost and nobody is in two places, after every single thing that happens, in random towns with
 *   floods, closed roads, breakdowns, commanders' words and all kinds of resources.
 * - A slow simulator that goes through the day second by second has the same ambulances at the same places.
 * - Where everything is at one place, queues are those of Erlang (1917) and of Pollaczek and Khinchine (1930).
 * - The same again is the same to the last bit, on any number of threads, with a journal or without.
 * - No memory for the n-th thing: nothing leaks, and the failure is said.
 * - To optimize is not worse than to send the nearest, over 30 seeds. */
#include <math.h>

#include "core/alloc.h"
#include "simulation/draw.h"
#include "tests/support/grid_network.h"
#include "tests/support/rounds.h"
#include "tests/support/test_folder.h"
#include "tests/support/toy_stage.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE };

/* ---- random towns -------------------------------------------------------------------------- */

enum { SIDE = 8, CALLS = 40 };

typedef struct random_stage {
    uint64_t  rng;
    toy_stage t;
    uint32_t  capability[2];
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
    p->team_count     = 3 + random_below(&s->rng, 3);
    p->vehicle_count  = 4 + random_below(&s->rng, 4);
    p->machine_count  = 2;
    p->stock_count    = 4;
    p->item_transport = (uint8_t)random_below(&s->rng, 2);
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
    const muster_site   site      = somewhere(rng);
    const uint32_t      e         = c->course.event_count;
    const uint32_t      severity  = random_below(rng, MUSTER_SEVERITY_COUNT);
    mu_course_incident *i         = toy_call(c, at_ms, site.lon_deg, site.lat_deg, "medical",
                                             (int64_t)random_below(rng, 40) * MINUTE);
    i->is_transported             = random_below(rng, 3) == 0;
    i->handover_ms                = random_below(rng, 10) * MINUTE;
    i->standard_ms                = 8 * MINUTE;
    c->event[e].need_count        = 1 + random_below(rng, 2);
    c->event[e].incident.severity = (uint8_t)severity;
    const uint32_t first          = random_below(rng, 6);
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
    static const uint8_t TYPE[] = {
        MUSTER_EVENT_ROAD_CLOSED,     MUSTER_EVENT_HAZARD_GROWN, MUSTER_EVENT_UNIT_STATUS,
        MUSTER_EVENT_UNIT_STATUS,     MUSTER_EVENT_STOCK_MOVED,  MUSTER_EVENT_NEED_CHANGED,
        MUSTER_EVENT_INCIDENT_CLOSED, MUSTER_EVENT_RULE_SET,     MUSTER_EVENT_ROAD_OPENED};
    uint64_t      *rng  = &s->rng;
    const uint32_t at   = x->used;
    const uint32_t unit = random_below(rng, 3);
    muster_event  *e    = toy_event(c, TYPE[random_below(rng, sizeof TYPE)], at_ms);
    const uint32_t past = random_below(rng, c->course.incident_count + 1);
    snprintf(x->code[at], sizeof x->code[at], "X-%u", at);
    e->incident.code = past < c->course.incident_count ? c->incident[past].code : "I-none";
    e->unit          = (muster_event_unit){(uint8_t)random_below(rng, 2), s->t.code[unit], NULL};
    e->is_available  = random_below(rng, 2) != 0;
    e->reason        = "drawn";
    e->rule          = (muster_event_rule){.code    = x->code[at],
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
        if (random_below(&s->rng, 2) == 0) random_other(s, x, c, at_ms);
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

static void check_units(const mu_run *run) {
    for (uint32_t i = 0; i < run->unit_count; ++i) {
        const mu_mover      *m = &run->mover[i];
        const mu_world_unit *u = &mu_run_world(run)->unit[m->resource][m->unit];
        assert_true(u->is_available == !(m->is_off || m->is_off_by_course));
        if (!m->is_told) continue;
        const muster_site site = mu_mover_place(run, m);
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
    }
}

/* What the course itself has moved, as far as the session has taken it. */
static void add_moved(const mu_run *run, uint32_t refusals, int64_t moved[STREET_KINDS]) {
    if (run->course_next == 0 || run->record->refusal.count > refusals) return;
    const muster_event *e = &run->course->event[run->course_next - 1];
    if (e->type == MUSTER_EVENT_STOCK_MOVED) moved[STREET_SANDBAG] += e->quantity;
}

static void check_all(const mu_run *run, int64_t moved[STREET_KINDS]) {
    street_ok(mu_world_verify(mu_run_world(run)));
    check_orders(run);
    check_units(run);
    check_items(run, moved);
    check_pools(run);
    check_scenes(run);
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
    const seeds          asked                           = seeds_asked(60);
    uint32_t             ended[MUSTER_ORDER_STATE_COUNT] = {0};
    for (uint64_t seed = asked.first; seed < asked.end; ++seed) {
        toy_course c;
        mu_run     run;
        random_stage_init(&s, seed);
        random_course(&s, &x, &c);
        const muster_policy policy = random_policy(&s);
        street_ok(mu_run_open(&run, &s.t.stage, &policy, &c.course, HOUR, seed % 2, NULL));
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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_lost_and_nobody_is_in_two_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
