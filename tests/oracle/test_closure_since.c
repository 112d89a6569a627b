/* What has changed since, told from what has come and gone, against one closure that everything is collected in
 * anew: storms that move, floods, lines, lists, places and classes of roads come and go on a town with bridges,
 * one-way streets and several classes, and after each step the changes are those of a plain comparison of all
 * arcs, for who drives and for who floats, with a memory of areas and without one. */
#include <muster/closure.h>

#include <math.h>
#include <string.h>

#include "core/alloc.h"
#include "core/area_memory.h"
#include "tests/support/grid_network.h"

enum {
    SIDE     = 18,
    MOST     = 9,
    CORNERS  = 9,
    PROFILES = 3,
    SEEDS    = 24,
    STEPS    = 60,
    EDGES    = 2 * SIDE * SIDE
};

static const uint32_t FIRST[] = {0, CORNERS};

/* One thing that closes or slows roads, and a closure that has noted it. */
typedef struct obstacle {
    int             way; /* which of the calls */
    double          lon[CORNERS], lat[CORNERS];
    uint32_t        edge[3];
    uint32_t        class_bits;
    double          factor, depth_m;
    muster_closure *noted;
} obstacle;

typedef struct town {
    uint64_t            rng;
    muster_network     *network;
    muster_metric      *base, *before;
    muster_area_memory *memory; /* or NULL */
    uint32_t            count;
    obstacle            now[MOST];
    uint32_t            gone_count;
    muster_closure     *gone[MOST];
} town;

/* ---- the town ------------------------------------------------------------------------------ */

static muster_network *town_network(uint64_t *rng) {
    static uint8_t flags[EDGES];
    static uint8_t class[EDGES], forward[EDGES], backward[EDGES];
    static int8_t       layer[EDGES];
    muster_network     *plain = grid_network(SIDE, rng), *network;
    muster_network_data data  = *muster_network_view(plain);
    for (uint32_t e = 0; e < data.edge_count; ++e) {
        flags[e]    = random_below(rng, 10) == 0 ? MUSTER_EDGE_BRIDGE : 0;
        layer[e]    = (int8_t)(random_below(rng, 10) == 0 ? (int)random_below(rng, 3) - 1 : 0);
        class[e]    = (uint8_t)random_below(rng, 8);
        forward[e]  = data.edge_access_forward[e];
        backward[e] = random_below(rng, 6) == 0 ? 0 : data.edge_access_backward[e];
    }
    data.edge_flags           = flags;
    data.edge_layer           = layer;
    data.edge_class           = class;
    data.edge_access_forward  = forward;
    data.edge_access_backward = backward;
    assert_int_equal(muster_network_new(&network, &data), MUSTER_OK);
    muster_network_free(plain);
    return network;
}

/* Some roads are closed already, so that floods open something to boats. */
static void close_some(muster_metric **metric, uint64_t *rng) {
    muster_arc_change change[50];
    muster_metric    *closed;
    for (uint32_t i = 0; i < 50; ++i) {
        change[i] =
            (muster_arc_change){random_below(rng, 4 * SIDE * (SIDE - 1)), MUSTER_UNREACHABLE_MS};
    }
    assert_int_equal(muster_metric_change(&closed, *metric, 50, change), MUSTER_OK);
    muster_metric_free(*metric);
    *metric = closed;
}

/* Who drives, who is high, who floats as fast as some roads are driven. */
static void town_init(town *t, uint64_t seed) {
    static const char *const NAME[PROFILES] = {"light", "heavy", "light"};
    muster_profile           profile;
    *t = (town){.rng = seed};
    assert_int_equal(muster_profile_builtin(&profile, NAME[seed % PROFILES]), MUSTER_OK);
    if (seed % PROFILES == 2) {
        profile.water          = MUSTER_WATER_FLOAT;
        profile.boat_speed_kmh = 30;
        profile.boat_depth_m   = 0.4;
    }
    t->network = town_network(&t->rng);
    assert_int_equal(muster_metric_new(&t->base, t->network, &profile), MUSTER_OK);
    close_some(&t->base, &t->rng);
    assert_int_equal(muster_metric_change(&t->before, t->base, 0, NULL), MUSTER_OK);
    if (seed % 2 == 0) return;
    assert_int_equal(muster_area_memory_new(&t->memory, t->network, seed % 4 == 1 ? 1 << 20 : 4000),
                     MUSTER_OK);
}

static void town_fini(town *t) {
    for (uint32_t i = 0; i < t->count; ++i) muster_closure_free(t->now[i].noted);
    muster_area_memory_free(t->memory);
    muster_metric_free(t->before);
    muster_metric_free(t->base);
    muster_network_free(t->network);
}

/* ---- what is told -------------------------------------------------------------------------- */

static void tell(muster_closure *c, const obstacle *o) {
    const muster_polygon area   = {1, FIRST, o->lon, o->lat};
    muster_status        status = MUSTER_OK;
    switch (o->way) {
    case 0:
        status = muster_closure_edges(c, 3, o->edge);
        break;
    case 1:
        status = muster_closure_line(c, 2, o->lon, o->lat);
        break;
    case 2:
        status = muster_closure_points(c, 2, o->lon, o->lat);
        break;
    case 3:
        status = muster_closure_slow_edges(c, 3, o->edge, o->factor);
        break;
    case 4:
        status = muster_closure_slow_line(c, 3, o->lon, o->lat, o->factor);
        break;
    case 5:
        status = muster_closure_slow(c, NULL, o->class_bits, o->factor);
        break;
    case 6: /* two calls that meet each other */
        status = muster_closure_flood(c, &area, o->depth_m);
        if (status == MUSTER_OK) status = muster_closure_slow_points(c, 1, o->lon, o->lat, 0.7);
        break;
    case 7:
        status = muster_closure_flood(c, &area, o->depth_m);
        break;
    default:
        status = muster_closure_slow(c, &area, o->class_bits, o->factor);
    }
    assert_int_equal(status, MUSTER_OK);
}

static void draw_ring(town *t, obstacle *o, double radius) {
    const double x = 120 + 0.001 * SIDE * random_unit(&t->rng);
    const double y = 30 + 0.001 * SIDE * random_unit(&t->rng);
    for (uint32_t c = 0; c < CORNERS; ++c) {
        const double angle = 6.283185307179586 * c / CORNERS;
        o->lon[c]          = x + radius * cos(angle);
        o->lat[c]          = y + radius * sin(angle);
    }
}

static void note(town *t, obstacle *o) {
    assert_int_equal(muster_closure_new_noted(&o->noted, t->base), MUSTER_OK);
    assert_int_equal(muster_closure_set_memory(o->noted, t->memory), MUSTER_OK);
    tell(o->noted, o);
}

static void come(town *t) {
    static const double RADIUS[] = {0.0015, 0.006, 0.03};
    const uint32_t      edges    = muster_network_view(t->network)->edge_count;
    obstacle           *o        = &t->now[t->count++];
    *o =
        (obstacle){.way = (int)random_below(&t->rng, 12), .factor = random_below(&t->rng, 5) / 4.0};
    draw_ring(t, o, RADIUS[random_below(&t->rng, 3)]);
    for (int i = 0; i < 3; ++i) o->edge[i] = random_below(&t->rng, edges); /* one may come twice */
    o->edge[2]    = random_below(&t->rng, 3) ? o->edge[2] : o->edge[0];
    o->class_bits = random_below(&t->rng, 2) ? random_below(&t->rng, 256) : 0;
    o->depth_m    = random_below(&t->rng, 8) / 5.0;
    note(t, o);
}

static void go(town *t, uint32_t which) {
    t->gone[t->gone_count++] = t->now[which].noted;
    for (uint32_t i = which + 1; i < t->count; ++i) t->now[i - 1] = t->now[i];
    --t->count;
}

/* On by less than a block, or not at all: it goes, and comes as another. */
static void move(town *t, uint32_t which) {
    obstacle     moved = t->now[which];
    const double by    = 0.0008 * random_below(&t->rng, 3);
    go(t, which);
    for (uint32_t c = 0; c < CORNERS; ++c) moved.lon[c] += by;
    note(t, &moved);
    t->now[t->count++] = moved;
}

/* Returns how many have come: they are the last. */
static uint32_t happen(town *t) {
    const uint32_t leaving = random_below(&t->rng, t->count + 1);
    const uint32_t moving  = random_below(&t->rng, t->count - leaving + 1);
    for (uint32_t i = 0; i < leaving; ++i) go(t, random_below(&t->rng, t->count));
    const uint32_t stay = t->count - moving;
    for (uint32_t i = 0; i < moving; ++i) move(t, random_below(&t->rng, stay + moving - i));
    while (t->count < MOST && random_below(&t->rng, 3)) come(t);
    return t->count - stay;
}

/* ---- both ways ----------------------------------------------------------------------------- */

/* What one closure makes of it that is told everything. */
static muster_metric *collect(const town *t) {
    uint32_t        count;
    muster_closure *all;
    muster_metric  *metric;
    assert_int_equal(muster_closure_new(&all, t->base), MUSTER_OK);
    for (uint32_t i = 0; i < t->count; ++i) tell(all, &t->now[i]);
    const muster_arc_change *change = muster_closure_changes(all, &count);
    assert_int_equal(muster_metric_change(&metric, t->base, count, change), MUSTER_OK);
    muster_closure_free(all);
    return metric;
}

static uint32_t compare(const muster_metric *before, const muster_metric *now, uint32_t arcs,
                        muster_arc_change *out) {
    uint32_t found = 0;
    for (uint32_t a = 0; a < arcs; ++a) {
        const uint32_t now_ms = muster_metric_duration_ms(now)[a];
        if (now_ms != muster_metric_duration_ms(before)[a]) {
            out[found++] = (muster_arc_change){a, now_ms};
        }
    }
    return found;
}

static muster_status ask(const town *t, const muster_metric *before, uint32_t come_count,
                         muster_arc_change *out, uint32_t *out_count) {
    const muster_closure *gone[MOST], *now[MOST];
    const bool            is_anew = before == t->base;
    for (uint32_t i = 0; i < t->gone_count; ++i) gone[i] = t->gone[i];
    for (uint32_t i = 0; i < t->count; ++i) now[i] = t->now[i].noted;
    return muster_closure_since(out, out_count, t->base, before, is_anew ? 0 : t->gone_count, gone,
                                t->count, now, is_anew ? t->count : come_count);
}

static void step(town *t) {
    static muster_arc_change found[2 * EDGES], expected[2 * EDGES];
    uint32_t                 found_count;
    const uint32_t           arcs       = 2 * muster_network_view(t->network)->edge_count;
    const uint32_t           come_count = happen(t);
    muster_metric           *now        = collect(t);
    const muster_metric     *from[]     = {t->before, t->base};
    for (int i = 0; i < 2; ++i) { /* since, and from nothing */
        const uint32_t count = compare(from[i], now, arcs, expected);
        assert_int_equal(ask(t, from[i], come_count, found, &found_count), MUSTER_OK);
        assert_int_equal(found_count, count);
        if (count > 0) assert_memory_equal(found, expected, count * sizeof *found);
    }
    while (t->gone_count > 0) muster_closure_free(t->gone[--t->gone_count]);
    muster_metric_free(t->before);
    t->before = now;
}

static void changes_since_are_those_of_a_comparison_of_all_arcs(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; ++seed) {
        town t;
        town_init(&t, seed);
        for (int i = 0; i < STEPS; ++i) step(&t);
        town_fini(&t);
    }
}

/* ---- failures ------------------------------------------------------------------------------ */

static void memory_that_runs_out_leaves_nothing_behind(void **state) {
    (void)state;
    static muster_arc_change change[2 * EDGES];
    for (uint64_t seed = 0; seed < 2; ++seed) { /* without a memory, and with one */
        muster_status status = MUSTER_E_NOMEM;
        uint32_t      count;
        town          t;
        town_init(&t, seed);
        while (t.count < 4) come(&t);
        for (int64_t n = 0; status != MUSTER_OK; ++n) {
            (void)mu_alloc_fail_after(n);
            status = ask(&t, t.base, t.count, change, &count);
            (void)mu_alloc_fail_after(-1);
            assert_true(status == MUSTER_OK || (status == MUSTER_E_NOMEM && count == 0));
        }
        town_fini(&t);
    }
}

static muster_status tell_one(muster_closure *noted, const muster_polygon *area, int way) {
    static const uint32_t EDGE[] = {7, 3, 7};
    switch (way) {
    case 0:
        return muster_closure_slow(noted, area, 0, 0.5);
    case 1:
        return muster_closure_edges(noted, 3, EDGE);
    default:
        return muster_closure_slow(noted, NULL, 0, 0.5);
    }
}

static uint32_t count_changes(const town *t, const muster_closure *noted) {
    static muster_arc_change change[2 * EDGES];
    uint32_t                 count;
    assert_int_equal(muster_closure_since(change, &count, t->base, t->base, 0, NULL, 1, &noted, 1),
                     MUSTER_OK);
    return count;
}

/* A call fails as a whole: then the closure is as it was, and can be told again. */
static void a_note_that_there_is_no_memory_for_changes_nothing(void **state) {
    (void)state;
    for (int way = 0; way < 3; ++way) {
        town            t;
        obstacle        o;
        muster_closure *noted;
        muster_status   status = MUSTER_E_NOMEM;
        int64_t         n      = 0;
        town_init(&t, (uint64_t)way); /* the second has a memory */
        draw_ring(&t, &o, 0.006);
        const muster_polygon area = {1, FIRST, o.lon, o.lat};
        (void)mu_alloc_fail_after(0);
        assert_int_equal(muster_closure_new_noted(&noted, t.base), MUSTER_E_NOMEM);
        assert_null(noted);
        (void)mu_alloc_fail_after(-1);
        assert_int_equal(muster_closure_new_noted(&noted, t.base), MUSTER_OK);
        assert_int_equal(muster_closure_set_memory(noted, t.memory), MUSTER_OK);
        for (; status != MUSTER_OK; ++n) {
            assert_int_equal(count_changes(&t, noted), 0);
            (void)mu_alloc_fail_after(n);
            status = tell_one(noted, &area, way);
            (void)mu_alloc_fail_after(-1);
        }
        assert_true(n > 2);
        assert_true(count_changes(&t, noted) > 0);
        muster_closure_free(noted);
        town_fini(&t);
    }
}

static void refuse(muster_status status, const char *message) {
    assert_int_equal(status, MUSTER_E_INVALID);
    assert_string_equal(muster_error_message(), message);
}

static void what_cannot_be_put_together_is_named(void **state) {
    (void)state;
    muster_arc_change     change[1];
    uint32_t              count;
    town                  t, other;
    const muster_closure *now[2];
    muster_closure       *carried_out;
    town_init(&t, 1);
    town_init(&other, 2);
    come(&t);
    come(&other);
    now[0] = t.now[0].noted;
    now[1] = other.now[0].noted;
    refuse(muster_closure_since(change, &count, t.base, t.base, 0, NULL, 2, now, 2),
           "closure 1 has another base; expected the one that was given");
    refuse(muster_closure_since(change, &count, t.base, other.base, 0, NULL, 1, now, 1),
           "the metric of before is of another network; expected the base's");
    refuse(muster_closure_since(change, &count, t.base, t.base, 0, NULL, 1, now, 2),
           "2 closures have come, but there are 1");
    assert_int_equal(muster_closure_new(&carried_out, t.base), MUSTER_OK);
    now[0] = carried_out;
    refuse(muster_closure_since(change, &count, t.base, t.base, 1, now, 0, NULL, 0),
           "closure 0 has carried out what it was told; expected one of muster_closure_new_noted");
    muster_closure_free(carried_out);
    town_fini(&other);
    town_fini(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_since_are_those_of_a_comparison_of_all_arcs),
        cmocka_unit_test(memory_that_runs_out_leaves_nothing_behind),
        cmocka_unit_test(a_note_that_there_is_no_memory_for_changes_nothing),
        cmocka_unit_test(what_cannot_be_put_together_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
