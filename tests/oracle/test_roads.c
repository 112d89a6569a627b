/* Roads that follow from those of before, against roads that are made with nothing before them: hazards come,
 * grow, move and go, also by one thing that is said of them alone, roads are closed, slowed and opened, and after
 * each step both have the same metrics, to the bit, on any number of threads. */
#include <math.h>
#include <string.h>

#include "session/roads.h"
#include "tests/support/grid_network.h"
#include "tests/support/metric_oracle.h"
#include "tests/support/street_world.h"

enum { SEEDS = 30, STEPS = 100, TOWN = 16, CODES = 6, MOST_CORNERS = 24, PROFILES = 3 };

static const char *const CODE[CODES] = {"H-1", "H-2", "H-3", "H-4", "H-5", "H-6"};

typedef struct ring {
    uint32_t first_point[2];
    double   lon[MOST_CORNERS + 1], lat[MOST_CORNERS + 1];
} ring;

/* What was told last under a code, of a hazard and of a road. */
typedef struct told {
    bool              is_hazard, is_road;
    muster_hazard     hazard;
    muster_event_road road;
    ring              ring, way; /* of the one and of the other */
    uint32_t          first_line[2];
    int64_t           closed_edge, road_edge;
} told;

typedef struct town {
    street_world    s; /* what is told; its own roads are not looked at */
    muster_network *network;
    mu_road_base   *base;
    muster_roads   *roads;
    int64_t         minute;
    uint64_t        rng;
    told            told[CODES];
    uint32_t        applied[MUSTER_EVENT_TYPE_TOLD];
} town;

/* Light, heavy, and one that floats: a flood opens roads to it as well. */
static void make_base(town *t) {
    muster_profile profile[PROFILES];
    street_ok(muster_profile_builtin(&profile[0], "light"));
    street_ok(muster_profile_builtin(&profile[1], "heavy"));
    profile[2]                = profile[0];
    profile[2].name           = "boat";
    profile[2].water          = MUSTER_WATER_FLOAT;
    profile[2].boat_speed_kmh = 12;
    profile[2].boat_depth_m   = 0.5;
    street_ok(mu_road_base_new(&t->base, t->network, PROFILES, profile, 1));
}

static void town_init(town *t, uint64_t seed) {
    *t = (town){.rng = seed};
    street_world_init(&t->s, MUSTER_ITEMS_BY_VEHICLE);
    t->network = grid_network(TOWN, &t->rng);
    make_base(t);
}

static void town_fini(town *t) {
    muster_roads_free(t->roads);
    mu_road_base_release(t->base);
    muster_network_free(t->network);
    street_world_fini(&t->s);
}

/* ---- what is told ---------------------------------------------------------------------------- */

/* Round somewhere: a canal's water, a quarter, or a storm over all of the town. */
static muster_multipolygon draw_ring(town *t, ring *r) {
    static const uint32_t FIRST_RING[] = {0, 1};
    static const double   RADIUS[]     = {0.002, 0.005, 0.04};
    const uint32_t        corners      = 3 + random_below(&t->rng, MOST_CORNERS - 3);
    const double          radius       = RADIUS[random_below(&t->rng, 3)];
    const double          x            = 120 + 0.001 * TOWN * random_unit(&t->rng);
    const double          y            = 30 + 0.001 * TOWN * random_unit(&t->rng);
    for (uint32_t c = 0; c <= corners; ++c) { /* the last is the first */
        const double angle = 6.283185307179586 * (c % corners) / corners;
        r->lon[c]          = x + radius * cos(angle);
        r->lat[c]          = y + radius * sin(angle);
    }
    r->first_point[0] = 0;
    r->first_point[1] = corners + 1;
    return (muster_multipolygon){.polygon_count = 1,
                                 .first_ring    = FIRST_RING,
                                 .first_point   = r->first_point,
                                 .lon_deg       = r->lon,
                                 .lat_deg       = r->lat};
}

static void draw_depth(town *t, muster_hazard *h) {
    if (h->kind == MUSTER_HAZARD_FLOOD) h->depth_m = random_below(&t->rng, 8) / 5.0;
}

static void draw_force(town *t, muster_hazard *h) {
    if (h->kind == MUSTER_HAZARD_WIND) h->wind_force = (uint8_t)(7 + random_below(&t->rng, 6));
}

static void draw_factor(town *t, muster_hazard *h) {
    h->speed_factor = random_below(&t->rng, 2) ? random_below(&t->rng, 4) / 4.0 : (double)NAN;
}

/* It holds from now on or begins a little later, and ends by itself sooner or later. */
static void draw_time(town *t, muster_hazard *h) {
    const int64_t now_s = STREET_NOW_MS / 1000 + 60 * t->minute;
    h->starts_at_s      = now_s + INT64_C(60) * random_below(&t->rng, 3);
    h->ends_at_s        = h->starts_at_s + INT64_C(60) * (1 + random_below(&t->rng, 20));
}

/* A closure closes what it says beside its area. */
static void draw_closed(town *t, told *o) {
    muster_hazard *h = &o->hazard;
    if (h->kind != MUSTER_HAZARD_CLOSURE) return;
    h->lines       = (muster_lines){0};
    h->points      = (muster_points){0};
    o->closed_edge = random_below(&t->rng, muster_network_view(t->network)->edge_count);
    h->edge_id     = &o->closed_edge;
    h->edge_count  = random_below(&t->rng, 4) > 0;
    if (random_below(&t->rng, 2)) h->points = (muster_points){1, h->area.lon_deg, h->area.lat_deg};
    if (random_below(&t->rng, 2)) return;
    o->first_line[1] = 2;
    h->lines         = (muster_lines){1, o->first_line, h->area.lon_deg, h->area.lat_deg};
}

static void draw_hazard(town *t, told *o) {
    static const uint8_t KIND[] = {MUSTER_HAZARD_FLOOD, MUSTER_HAZARD_FLOOD, MUSTER_HAZARD_WIND,
                                   MUSTER_HAZARD_PLUME, MUSTER_HAZARD_CLOSURE};
    muster_hazard        h      = MUSTER_HAZARD_INIT;
    h.kind                      = KIND[random_below(&t->rng, sizeof KIND)];
    h.area                      = draw_ring(t, &o->ring);
    o->hazard                   = h;
    o->is_hazard                = true;
    draw_time(t, &o->hazard);
    draw_depth(t, &o->hazard);
    draw_force(t, &o->hazard);
    draw_closed(t, o);
}

/* All as it was told last, but for one thing. */
static void draw_again(town *t, told *o) {
    static const uint8_t OTHER[] = {MUSTER_HAZARD_PLUME, MUSTER_HAZARD_FLOOD, MUSTER_HAZARD_WIND};
    switch (random_below(&t->rng, 5)) {
    case 0:
        draw_factor(t, &o->hazard);
        break;
    case 1:
        draw_time(t, &o->hazard);
        break;
    case 2: /* whatever its kind has beside its area */
        draw_depth(t, &o->hazard);
        draw_force(t, &o->hazard);
        draw_closed(t, o);
        break;
    case 3:
        if (o->hazard.kind < sizeof OTHER) o->hazard.kind = OTHER[o->hazard.kind];
        break;
    default:
        o->hazard.area = draw_ring(t, &o->ring);
    }
}

/* A line, places, edges or an area, closed or slow; or the same, of another speed. */
static void draw_road(town *t, told *o, bool is_slow) {
    muster_event_road r = {.speed_factor = is_slow ? (1 + random_below(&t->rng, 3)) / 4.0 : 0};
    if (o->is_road && random_below(&t->rng, 2)) {
        o->road.speed_factor = r.speed_factor;
        return;
    }
    (void)draw_ring(t, &o->way);
    o->is_road   = true;
    o->road_edge = random_below(&t->rng, muster_network_view(t->network)->edge_count);
    switch (random_below(&t->rng, 4)) {
    case 0:
        r.point_count = 2;
        r.lon_deg     = o->way.lon;
        r.lat_deg     = o->way.lat;
        break;
    case 1:
        r.points = (muster_points){1, o->way.lon, o->way.lat};
        break;
    case 2:
        r.edge_count = 1;
        r.edge_id    = &o->road_edge;
        break;
    default:
        r.area = (muster_polygon){1, o->way.first_point, o->way.lon, o->way.lat};
    }
    o->road = r;
}

/* What makes no sense at the moment is refused, and changes nothing. Roads are judged by the town. */
static void tell(town *t, const muster_event *e) {
    muster_event_answer answer;
    street_ok(mu_roads_check_event(t->base, e, &answer));
    if (answer.outcome == MUSTER_EVENT_APPLIED) street_ok(mu_world_check(t->s.world, e, &answer));
    if (answer.outcome != MUSTER_EVENT_APPLIED) return;
    street_ok(mu_world_apply(t->s.world, e, t->s.world->sequence + 1));
    ++t->applied[e->type];
}

static void tell_something(town *t) {
    static const uint8_t TYPE[] = {MUSTER_EVENT_HAZARD_GROWN, MUSTER_EVENT_HAZARD_GROWN,
                                   MUSTER_EVENT_HAZARD_GROWN, MUSTER_EVENT_HAZARD_ENDED,
                                   MUSTER_EVENT_ROAD_CLOSED,  MUSTER_EVENT_ROAD_SLOWED,
                                   MUSTER_EVENT_ROAD_OPENED};
    const uint8_t        type   = TYPE[random_below(&t->rng, sizeof TYPE)];
    const uint32_t       code   = random_below(&t->rng, CODES);
    told                *o      = &t->told[code];
    muster_event         e      = street_event(&t->s, type, t->minute);
    if (type == MUSTER_EVENT_HAZARD_GROWN || type == MUSTER_EVENT_HAZARD_ENDED) {
        if (o->is_hazard && random_below(&t->rng, 2)) {
            draw_again(t, o);
        } else {
            draw_hazard(t, o);
        }
        o->hazard.code = CODE[code];
        e.hazard       = &o->hazard;
    } else {
        if (type != MUSTER_EVENT_ROAD_OPENED) draw_road(t, o, type == MUSTER_EVENT_ROAD_SLOWED);
        if (type != MUSTER_EVENT_ROAD_OPENED) e.road = o->road;
        e.road.code = CODE[code];
    }
    tell(t, &e);
}

/* ---- both ways ------------------------------------------------------------------------------- */

static void assert_same_roads(const muster_roads *a, const muster_roads *b) {
    uint32_t                    count;
    const muster_metric *const *one   = mu_roads_metrics(a, &count);
    const muster_metric *const *other = mu_roads_metrics(b, &count);
    assert_int_equal(count, PROFILES);
    for (uint32_t p = 0; p < count; ++p) {
        const size_t arcs = one[p]->network->graph.arc_count;
        assert_memory_equal(one[p]->duration_ms, other[p]->duration_ms,
                            arcs * sizeof *one[p]->duration_ms);
        assert_same_weights(&one[p]->weights, &other[p]->weights);
        assert_same_components(&one[p]->scc, &other[p]->scc, one[p]->network->view.node_count);
    }
}

static void step(town *t, uint32_t threads) {
    mu_road_state *state;
    muster_roads  *next, *fresh;
    t->minute += random_below(&t->rng, 3);
    for (uint32_t i = random_below(&t->rng, 3); i > 0; --i) tell_something(t);
    const int64_t now_ms = STREET_NOW_MS + t->minute * STREET_MINUTE_MS;
    street_ok(mu_road_state_take(&state, t->s.world, now_ms));
    street_ok(mu_roads_new(&next, t->base, state, t->roads, threads));
    street_ok(mu_roads_new(&fresh, t->base, state, NULL, 1));
    mu_road_state_free(state);
    assert_same_roads(next, fresh);
    muster_roads_free(fresh);
    muster_roads_free(t->roads);
    t->roads = next;
}

static void roads_that_follow_are_those_that_are_made_with_nothing_before(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; ++seed) {
        town     t;
        uint32_t count;
        town_init(&t, seed);
        for (int i = 0; i < STEPS; ++i) step(&t, 1 + (uint32_t)seed % PROFILES);
        const muster_metric *const *metric = mu_roads_metrics(t.roads, &count);
        for (uint32_t p = 0; p < count; ++p) {
            assert_made_from_the_start(metric[p]);
            assert_table_is_dijkstras(metric[p], &t.rng);
        }
        assert_true(t.applied[MUSTER_EVENT_HAZARD_GROWN] >= STEPS / 5);
        assert_true(t.applied[MUSTER_EVENT_ROAD_CLOSED] >= STEPS / 50);
        assert_true(t.applied[MUSTER_EVENT_ROAD_SLOWED] >= STEPS / 50);
        town_fini(&t);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(roads_that_follow_are_those_that_are_made_with_nothing_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
