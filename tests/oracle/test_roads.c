/* Roads that follow from those of before, against roads that are made with nothing before them: hazards come,
 * grow, move and go, roads are closed and opened, and after each step both have the same metrics, to the bit,
 * on any number of threads. */
#include <math.h>
#include <string.h>

#include "session/roads.h"
#include "tests/support/grid_network.h"
#include "tests/support/metric_oracle.h"
#include "tests/support/street_world.h"

enum { SEEDS = 9, STEPS = 100, TOWN = 16, CODES = 6, MOST_CORNERS = 24, PROFILES = 3 };

static const char *const CODE[CODES] = {"H-1", "H-2", "H-3", "H-4", "H-5", "H-6"};

typedef struct town {
    street_world    s; /* what is told; its own roads are not looked at */
    muster_network *network;
    mu_road_base   *base;
    muster_roads   *roads;
    int64_t         minute;
    uint64_t        rng;
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

typedef struct ring {
    uint32_t first_point[2];
    double   lon[MOST_CORNERS + 1], lat[MOST_CORNERS + 1];
} ring;

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

/* It holds from now on or begins a little later, and ends by itself sooner or later. */
static muster_hazard draw_hazard(town *t, ring *r) {
    static const uint8_t KIND[] = {MUSTER_HAZARD_FLOOD, MUSTER_HAZARD_FLOOD, MUSTER_HAZARD_WIND,
                                   MUSTER_HAZARD_PLUME, MUSTER_HAZARD_CLOSURE};
    const int64_t        now_s  = STREET_NOW_MS / 1000 + 60 * t->minute;
    muster_hazard        h      = MUSTER_HAZARD_INIT;
    h.code                      = CODE[random_below(&t->rng, CODES)];
    h.kind                      = KIND[random_below(&t->rng, sizeof KIND)];
    h.starts_at_s               = now_s + INT64_C(60) * random_below(&t->rng, 3);
    h.ends_at_s                 = h.starts_at_s + INT64_C(60) * (1 + random_below(&t->rng, 20));
    h.area                      = draw_ring(t, r);
    if (h.kind == MUSTER_HAZARD_FLOOD) h.depth_m = random_below(&t->rng, 8) / 5.0;
    if (h.kind == MUSTER_HAZARD_WIND) h.wind_force = (uint8_t)(7 + random_below(&t->rng, 6));
    return h;
}

/* What makes no sense at the moment is refused, and changes nothing. */
static void tell_something(town *t) {
    static const uint8_t TYPE[] = {MUSTER_EVENT_HAZARD_GROWN, MUSTER_EVENT_HAZARD_GROWN,
                                   MUSTER_EVENT_HAZARD_GROWN, MUSTER_EVENT_HAZARD_ENDED,
                                   MUSTER_EVENT_ROAD_CLOSED,  MUSTER_EVENT_ROAD_OPENED};
    const uint8_t        type   = TYPE[random_below(&t->rng, sizeof TYPE)];
    ring                 r, way;
    muster_hazard        h = draw_hazard(t, &r);
    (void)draw_ring(t, &way);
    muster_event e = street_event(&t->s, type, t->minute);
    if (type == MUSTER_EVENT_ROAD_CLOSED || type == MUSTER_EVENT_ROAD_OPENED) {
        e.road.code        = CODE[random_below(&t->rng, CODES)];
        e.road.point_count = type == MUSTER_EVENT_ROAD_CLOSED ? 2 : 0;
        e.road.lon_deg     = way.lon;
        e.road.lat_deg     = way.lat;
    } else {
        e.hazard = &h;
    }
    (void)street_tell(&t->s, &e);
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
        town_fini(&t);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(roads_that_follow_are_those_that_are_made_with_nothing_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
