/* Floods on profiles that are stopped, wade and float, against an oracle that shares no code: the
 * water is rectangles, so what lies in it is told by clipping (Liang and Barsky, CACM 1984); what
 * becomes of an arc is read off the rules; tables and components are Bellman and Ford's (1958). */
#include <muster/closure.h>

#include <math.h>

#include <muster/matrix.h>

#include "tests/support/random_network.h"

enum { NETWORKS = 1000, FLOODS = 3, CLOSED = 2, NEVER = INT32_MAX };

typedef struct flood {
    double west, south, east, north, depth_m;
} flood;

typedef struct water_case {
    random_network  r;
    uint8_t         flags[RANDOM_MAX_EDGES];
    int8_t          layer[RANDOM_MAX_EDGES];
    muster_network *network;
    muster_metric  *base, *changed;
    muster_profile  profile;
    flood           flood[FLOODS];
    uint32_t        closed[CLOSED];
} water_case;

/* ---- what lies in the water ---------------------------------------------------------------- */

/* The part of a segment, 0 to 1, on the right side of one border. */
static bool clip(double direction, double room, double *from, double *to) {
    if (direction == 0) return room >= 0;
    const double at = room / direction;
    if (direction < 0) *from = fmax(*from, at);
    if (direction > 0) *to = fmin(*to, at);
    return *from <= *to;
}

static bool segment_meets(const flood *f, double x0, double y0, double x1, double y1) {
    double from = 0, to = 1;
    return clip(x0 - x1, x0 - f->west, &from, &to) && clip(x1 - x0, f->east - x0, &from, &to) &&
           clip(y0 - y1, y0 - f->south, &from, &to) && clip(y1 - y0, f->north - y0, &from, &to);
}

static bool is_inside(const flood *f, double x, double y) {
    return x > f->west && x < f->east && y > f->south && y < f->north;
}

static void find_wet(const muster_network_data *v, uint32_t e, const flood *f, bool *is_wet,
                     bool *is_covered) {
    double x0 = v->node_lon_deg[v->edge_source[e]], y0 = v->node_lat_deg[v->edge_source[e]];
    *is_wet     = false;
    *is_covered = is_inside(f, x0, y0);
    for (uint32_t p = v->edge_first_point[e]; p <= v->edge_first_point[e + 1]; ++p) {
        const bool   is_end = p == v->edge_first_point[e + 1];
        const double x1     = is_end ? v->node_lon_deg[v->edge_target[e]] : v->point_lon_deg[p];
        const double y1     = is_end ? v->node_lat_deg[v->edge_target[e]] : v->point_lat_deg[p];
        *is_wet |= segment_meets(f, x0, y0, x1, y1);
        *is_covered &= is_inside(f, x1, y1);
        x0 = x1, y0 = y1;
    }
}

/* ---- what becomes of an arc ---------------------------------------------------------------- */

static double rounded(double ms) {
    return fmin(floor(ms + 0.5), NEVER);
}

/* On wheels; NEVER where the water is too deep. */
static double waded_ms(const muster_profile *p, double base_ms, double depth_m) {
    const double most_m = p->water == MUSTER_WATER_BLOCKED ? 0 : p->wading_depth_m;
    if (base_ms >= NEVER || depth_m > most_m) return NEVER;
    const double rest = most_m > 0 ? 1 - depth_m / most_m : 1;
    return rounded(base_ms / fmax(rest * rest, 0.025));
}

/* What one flood makes of an arc; negative: nothing. */
static double reason_of(const water_case *c, uint32_t arc, double base_ms, const flood *f) {
    const muster_network_data *v     = muster_network_view(c->network);
    const muster_profile      *p     = &c->profile;
    const uint32_t             e     = arc / 2;
    const double               waded = waded_ms(p, base_ms, f->depth_m);
    bool                       is_wet, is_covered;
    find_wet(v, e, f, &is_wet, &is_covered);
    if (!is_wet || (f->depth_m > 0 && (v->edge_flags[e] != 0 || v->edge_layer[e] > 0))) return -1;
    if (p->water == MUSTER_WATER_FLOAT && f->depth_m > 0 && f->depth_m >= p->boat_depth_m) {
        const uint8_t access = arc % 2 ? v->edge_access_backward[e] : v->edge_access_forward[e];
        if (access == 0 || (base_ms >= NEVER && !is_covered)) return -1;
        return fmin(waded, rounded(v->edge_length_m[e] * 3600 / p->boat_speed_kmh));
    }
    const bool is_too_deep =
        f->depth_m > (p->water == MUSTER_WATER_BLOCKED ? 0 : p->wading_depth_m);
    return is_too_deep || (waded > base_ms && base_ms < NEVER) ? waded : -1;
}

static double expected_ms(const water_case *c, uint32_t arc) {
    const double base_ms = muster_metric_duration_ms(c->base)[arc];
    double       worst   = -1;
    for (int i = 0; i < FLOODS; ++i) {
        worst = fmax(worst, reason_of(c, arc, base_ms, &c->flood[i]));
    }
    for (int i = 0; i < CLOSED; ++i) {
        if (c->closed[i] == arc / 2) worst = NEVER;
    }
    return worst < 0 ? base_ms : worst;
}

/* ---- tables --------------------------------------------------------------------------------- */

static void bellman_ford(const muster_network_data *v, const double *arc_ms, uint32_t origin,
                         double ms[RANDOM_MAX_NODES]) {
    for (uint32_t n = 0; n < v->node_count; ++n) ms[n] = INFINITY;
    ms[origin] = 0;
    for (bool has_changed = true; has_changed;) {
        has_changed = false;
        for (uint32_t arc = 0; arc < 2 * v->edge_count; ++arc) {
            const uint32_t e    = arc / 2;
            const uint32_t tail = arc % 2 ? v->edge_target[e] : v->edge_source[e];
            const uint32_t head = arc % 2 ? v->edge_source[e] : v->edge_target[e];
            if (arc_ms[arc] >= NEVER || ms[tail] + arc_ms[arc] >= ms[head]) continue;
            ms[head]    = ms[tail] + arc_ms[arc];
            has_changed = true;
        }
    }
}

/* Every node as a place: the end of some edge. */
static uint32_t nodes_as_places(const muster_network_data *v, muster_snap *place, uint32_t *node) {
    uint32_t count = 0;
    for (uint32_t n = 0; n < v->node_count; ++n) {
        for (uint32_t e = 0; e < v->edge_count; ++e) {
            if (v->edge_source[e] != n && v->edge_target[e] != n) continue;
            node[count]    = n;
            place[count++] = (muster_snap){e, v->edge_source[e] == n ? 0 : 1, 0, 0, 0};
            break;
        }
    }
    return count;
}

static void check_tables(const water_case *c, const double *arc_ms) {
    static double              from[RANDOM_MAX_NODES][RANDOM_MAX_NODES];
    static uint32_t            table_ms[RANDOM_MAX_NODES * RANDOM_MAX_NODES];
    const muster_network_data *v = muster_network_view(c->network);
    muster_snap                place[RANDOM_MAX_NODES];
    uint32_t                   node[RANDOM_MAX_NODES];
    const uint32_t             count     = nodes_as_places(v, place, node);
    const uint32_t            *component = muster_metric_component(c->changed);
    for (uint32_t n = 0; n < v->node_count; ++n) bellman_ford(v, arc_ms, n, from[n]);
    assert_int_equal(muster_matrix(c->changed, count, place, count, place, 1, table_ms, NULL),
                     MUSTER_OK);
    for (uint32_t i = 0; i < count; ++i) {
        for (uint32_t j = 0; j < count; ++j) {
            const double ms = from[node[i]][node[j]], back_ms = from[node[j]][node[i]];
            assert_true(table_ms[i * count + j] == (uint32_t)fmin(ms, NEVER));
            assert_int_equal(component[node[i]] == component[node[j]],
                             isfinite(ms) && isfinite(back_ms));
        }
    }
}

/* ---- cases ---------------------------------------------------------------------------------- */

static flood random_flood(uint64_t *rng) {
    static const double DEPTH_M[] = {0, 0.2, 0.3, 0.45, 0.5, 0.55, 0.6, 0.7, 1.5, INFINITY};
    const double west = 120.69 + 0.05 * random_unit(rng), south = 30.69 + 0.05 * random_unit(rng);
    const double size_deg = random_below(rng, 2) ? 0.03 : 0.08;
    return (flood){west, south, west + size_deg * random_unit(rng),
                   south + size_deg * random_unit(rng), DEPTH_M[random_below(rng, 10)]};
}

static muster_profile random_profile(uint64_t *rng) {
    static const char *const NAME[] = {"light", "heavy", "emergency", "boat"};
    muster_profile           p;
    assert_int_equal(muster_profile_builtin(&p, NAME[random_below(rng, 4)]), MUSTER_OK);
    p.water          = (uint8_t)random_below(rng, MUSTER_WATER_COUNT);
    p.boat_speed_kmh = random_below(rng, 2) ? 12 : 200;
    p.boat_depth_m   = random_below(rng, 3) ? 0.5 : 0.65;
    return p;
}

static void make_case(water_case *c, uint64_t seed, uint64_t *rng) {
    muster_network_free(random_network_new(&c->r, seed));
    muster_network_data data = c->r.data;
    for (uint32_t e = 0; e < data.edge_count; ++e) {
        c->flags[e] = (uint8_t)(random_below(rng, 5) == 0 ? 1 + random_below(rng, 2) : 0);
        c->layer[e] = (int8_t)(random_below(rng, 6) == 0 ? (int)random_below(rng, 3) - 1 : 0);
    }
    data.edge_flags = c->flags;
    data.edge_layer = c->layer;
    assert_int_equal(muster_network_new(&c->network, &data), MUSTER_OK);
    if (seed % 3 != 0) assert_int_equal(muster_network_build_hierarchy(c->network), MUSTER_OK);
    c->profile = random_profile(rng);
    assert_int_equal(muster_metric_new(&c->base, c->network, &c->profile), MUSTER_OK);
    for (int i = 0; i < FLOODS; ++i) c->flood[i] = random_flood(rng);
    for (int i = 0; i < CLOSED; ++i) c->closed[i] = random_below(rng, data.edge_count);
}

static muster_status apply_flood(muster_closure *closure, const flood *f) {
    const uint32_t       first[] = {0, 4};
    const double         lon[]   = {f->west, f->east, f->east, f->west};
    const double         lat[]   = {f->south, f->south, f->north, f->north};
    const muster_polygon shape   = {1, first, lon, lat};
    return muster_closure_flood(closure, &shape, f->depth_m);
}

static void change(water_case *c, uint64_t *rng) {
    muster_closure *closure;
    uint32_t        count;
    const uint32_t  first = random_below(rng, FLOODS + 1); /* where in between edges are closed */
    assert_int_equal(muster_closure_new(&closure, c->base), MUSTER_OK);
    for (uint32_t i = 0; i <= FLOODS; ++i) {
        if (i == first) {
            assert_int_equal(muster_closure_edges(closure, CLOSED, c->closed), MUSTER_OK);
        }
        if (i < FLOODS) assert_int_equal(apply_flood(closure, &c->flood[i]), MUSTER_OK);
    }
    const muster_arc_change *list = muster_closure_changes(closure, &count);
    for (uint32_t i = 0; i < count; ++i) {
        assert_true(list[i].duration_ms != muster_metric_duration_ms(c->base)[list[i].arc]);
    }
    assert_int_equal(muster_metric_change(&c->changed, c->base, count, list), MUSTER_OK);
    muster_closure_free(closure);
}

static void floods_are_what_the_rules_say_and_tables_follow(void **state) {
    (void)state;
    static water_case c;
    uint32_t          opened = 0, floated = 0;
    for (uint64_t seed = 0; seed < NETWORKS; ++seed) {
        uint64_t rng = seed + 1000;
        double   arc_ms[2 * RANDOM_MAX_EDGES];
        make_case(&c, seed, &rng);
        change(&c, &rng);
        for (uint32_t arc = 0; arc < 2 * c.r.data.edge_count; ++arc) {
            const uint32_t before_ms = muster_metric_duration_ms(c.base)[arc];
            const uint32_t now_ms    = muster_metric_duration_ms(c.changed)[arc];
            arc_ms[arc]              = expected_ms(&c, arc);
            assert_int_equal(now_ms, (uint32_t)arc_ms[arc]);
            opened += before_ms == NEVER && now_ms < NEVER;
            floated += now_ms < before_ms && before_ms < NEVER;
        }
        check_tables(&c, arc_ms);
        muster_metric_free(c.changed);
        muster_metric_free(c.base);
        muster_network_free(c.network);
    }
    assert_true(opened > 300 && floated > 500); /* or it is not what the test is for */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(floods_are_what_the_rules_say_and_tables_follow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
