/* What hazards do to arcs, against plain geometry: an edge is inside where one of its pieces crosses a
 * side of a ring or a point of it has a winding number that is not 0, whatever GEOS makes of the ring.
 * Rings cross themselves and overlap; circles are told by distances on the ellipsoid. */
#include <muster/hazard.h>
#include <muster/leave.h>

#include <math.h>

#include "gis/geodesic.h"
#include "tests/support/random_network.h"

enum { NETWORKS = 1500, MOST_POLYGONS = 3, MOST_POINTS = 9, NEVER = INT32_MAX };

/* Polygons of one ring each. */
typedef struct shape {
    uint32_t count, first[MOST_POLYGONS + 1], ring[MOST_POLYGONS + 1];
    double   lon[MOST_POLYGONS * MOST_POINTS], lat[MOST_POLYGONS * MOST_POINTS];
} shape;

/* ---- plain geometry -------------------------------------------------------------------- */

static double side(double x0, double y0, double x1, double y1, double x, double y) {
    return (x1 - x0) * (y - y0) - (x - x0) * (y1 - y0);
}

static bool cross(const double a[4], const double b[4]) {
    const double s = side(a[0], a[1], a[2], a[3], b[0], b[1]);
    const double t = side(a[0], a[1], a[2], a[3], b[2], b[3]);
    const double u = side(b[0], b[1], b[2], b[3], a[0], a[1]);
    const double v = side(b[0], b[1], b[2], b[3], a[2], a[3]);
    return (s > 0) != (t > 0) && (u > 0) != (v > 0);
}

/* The sum of the angles under which the sides are seen, in turns. */
static int winding(const shape *s, uint32_t polygon, double x, double y) {
    double         angle = 0;
    const uint32_t first = s->first[polygon], end = s->first[polygon + 1];
    for (uint32_t p = first; p < end; ++p) {
        const uint32_t next = p + 1 < end ? p + 1 : first;
        const double   ax = s->lon[p] - x, ay = s->lat[p] - y;
        const double   bx = s->lon[next] - x, by = s->lat[next] - y;
        angle += atan2(ax * by - ay * bx, ax * bx + ay * by);
    }
    return (int)lround(angle / 6.283185307179586);
}

static bool piece_is_inside(const shape *s, const double piece[4]) {
    for (uint32_t polygon = 0; polygon < s->count; ++polygon) {
        const uint32_t first = s->first[polygon], end = s->first[polygon + 1];
        if (winding(s, polygon, piece[0], piece[1]) != 0) return true;
        for (uint32_t p = first; p < end; ++p) {
            const uint32_t next   = p + 1 < end ? p + 1 : first;
            const double   edge[] = {s->lon[p], s->lat[p], s->lon[next], s->lat[next]};
            if (cross(piece, edge)) return true;
        }
    }
    return false;
}

/* Calls for each straight piece of an edge; true as soon as one is inside. */
static bool edge_is_inside(const muster_network_data *v, uint32_t                       e,
                           bool (*is_inside)(const void *, const double *), const void *user) {
    double piece[4] = {v->node_lon_deg[v->edge_source[e]], v->node_lat_deg[v->edge_source[e]]};
    for (uint32_t p = v->edge_first_point[e]; p <= v->edge_first_point[e + 1]; ++p) {
        const bool is_end = p == v->edge_first_point[e + 1];
        piece[2]          = is_end ? v->node_lon_deg[v->edge_target[e]] : v->point_lon_deg[p];
        piece[3]          = is_end ? v->node_lat_deg[v->edge_target[e]] : v->point_lat_deg[p];
        if (is_inside(user, piece)) return true;
        piece[0] = piece[2], piece[1] = piece[3];
    }
    return false;
}

static bool shape_has_piece(const void *user, const double *piece) {
    return piece_is_inside(user, piece);
}

/* ---- shapes ---------------------------------------------------------------------------- */

static void make_shape(shape *s, uint64_t *rng) {
    s->count       = 1 + random_below(rng, MOST_POLYGONS);
    uint32_t point = 0;
    for (uint32_t polygon = 0; polygon < s->count; ++polygon) {
        const double west  = 120.69 + 0.05 * random_unit(rng),
                     south = 30.69 + 0.05 * random_unit(rng);
        s->first[polygon]  = point;
        s->ring[polygon]   = polygon;
        for (uint32_t p = 3 + random_below(rng, MOST_POINTS - 2); p > 0; --p, ++point) {
            s->lon[point] = west + 0.03 * random_unit(rng);
            s->lat[point] = south + 0.03 * random_unit(rng);
        }
    }
    s->first[s->count] = point;
    s->ring[s->count]  = s->count;
}

static muster_hazards *set_of(const shape *s, muster_hazard about) {
    muster_hazards *set;
    about.code = "灾害";
    about.area = (muster_multipolygon){s->count, s->ring, s->first, s->lon, s->lat, 0};
    assert_int_equal(muster_hazards_new(&set), MUSTER_OK);
    assert_int_equal(muster_hazards_add(set, &about), MUSTER_OK);
    return set;
}

static void close_all(muster_closure **out, const muster_metric *base,
                      const muster_profile *profile, const muster_hazards *set) {
    uint32_t             count;
    const muster_hazard *h = muster_hazards_list(set, &count);
    assert_int_equal(muster_closure_new(out, base), MUSTER_OK);
    for (uint32_t i = 0; i < count; ++i) {
        assert_int_equal(muster_hazard_close(*out, profile, &h[i], NULL), MUSTER_OK);
    }
}

static uint32_t slowed(uint32_t base_ms, double factor) {
    if (base_ms >= NEVER || factor == 0) return NEVER;
    return (uint32_t)fmin(floor(base_ms / factor + 0.5), NEVER);
}

/* What is left of the speed by the rules in docs/hazards.md. */
static double factor_of(const muster_hazard *h, const muster_profile *p) {
    const bool is_high = p->height_m >= 3;
    if (h->kind == MUSTER_HAZARD_PLUME) return p->is_protected ? 1 : 0;
    if (h->kind == MUSTER_HAZARD_CLOSURE) return isnan(h->speed_factor) ? 0 : h->speed_factor;
    if (h->kind == MUSTER_HAZARD_ALERT) return isnan(h->speed_factor) ? 1 : h->speed_factor;
    if (h->wind_force < 7) return 1;
    if (h->wind_force < 10) return is_high ? 0.6 : 0.9;
    return h->wind_force < 12 && !is_high ? 0.6 : 0;
}

static muster_hazard random_hazard(uint64_t *rng) {
    muster_hazard h = MUSTER_HAZARD_INIT;
    h.kind          = (uint8_t)(MUSTER_HAZARD_WIND + random_below(rng, 4));
    h.wind_force    = (uint8_t)(h.kind == MUSTER_HAZARD_WIND ? 5 + random_below(rng, 10) : 0);
    if (h.kind >= MUSTER_HAZARD_CLOSURE && random_below(rng, 2)) h.speed_factor = 0.25;
    return h;
}

static muster_profile random_profile(uint64_t *rng) {
    static const char *const NAME[] = {"light", "heavy", "emergency"};
    muster_profile           p;
    assert_int_equal(muster_profile_builtin(&p, NAME[random_below(rng, 3)]), MUSTER_OK);
    p.is_protected = (uint8_t)random_below(rng, 2);
    return p;
}

static void arcs_inside_are_those_of_plain_geometry(void **state) {
    (void)state;
    static random_network r;
    uint32_t              inside = 0, outside = 0;
    for (uint64_t seed = 0; seed < NETWORKS; ++seed) {
        uint64_t             rng     = seed + 4242;
        muster_network      *network = random_network_new(&r, seed);
        const muster_profile profile = random_profile(&rng);
        const muster_hazard  about   = random_hazard(&rng);
        const double         factor  = factor_of(&about, &profile);
        muster_metric       *base;
        muster_closure      *closure;
        shape                s;
        uint32_t             count;
        assert_int_equal(muster_metric_new(&base, network, &profile), MUSTER_OK);
        make_shape(&s, &rng);
        muster_hazards *set = set_of(&s, about);
        close_all(&closure, base, &profile, set);
        muster_metric           *changed;
        const muster_arc_change *change = muster_closure_changes(closure, &count);
        assert_int_equal(muster_metric_change(&changed, base, count, change), MUSTER_OK);
        for (uint32_t arc = 0; arc < 2 * r.data.edge_count; ++arc) {
            const uint32_t base_ms = muster_metric_duration_ms(base)[arc];
            const bool     is_in =
                edge_is_inside(muster_network_view(network), arc / 2, shape_has_piece, &s);
            const uint32_t expected_ms = is_in && factor < 1 ? slowed(base_ms, factor) : base_ms;
            assert_int_equal(muster_metric_duration_ms(changed)[arc], expected_ms);
            inside += is_in;
            outside += !is_in;
        }
        muster_metric_free(changed);
        muster_closure_free(closure);
        muster_hazards_free(set);
        muster_metric_free(base);
        muster_network_free(network);
    }
    assert_true(inside > 10000 && outside > 10000);
}

/* ---- circles --------------------------------------------------------------------------- */

typedef struct circle {
    double lon, lat, radius_m;
} circle;

/* The least distance of a piece, by many points of it. */
static double nearest_m(const circle *c, const double *piece) {
    double least_m = INFINITY;
    for (int i = 0; i <= 150; ++i) {
        const double t = i / 150.0;
        least_m = fmin(least_m, mu_geodesic_m(c->lon, c->lat, piece[0] + t * (piece[2] - piece[0]),
                                              piece[1] + t * (piece[3] - piece[1])));
    }
    return least_m;
}

static bool circle_has_piece(const void *user, const double *piece) {
    const circle *c = user;
    return nearest_m(c, piece) < c->radius_m;
}

static bool is_near_border(const void *user, const double *piece) {
    const circle *c = user;
    return fabs(nearest_m(c, piece) - c->radius_m) < 10;
}

static void a_typhoon_stops_lorries_where_it_blows_and_cars_where_it_blows_hard(void **state) {
    (void)state;
    static random_network r;
    uint32_t              closed = 0;
    for (uint64_t seed = 0; seed < 20; ++seed) {
        uint64_t        rng     = seed + 99;
        muster_network *network = random_network_new(&r, seed);
        const circle    ten = {120.70 + 0.05 * random_unit(&rng), 30.7 + 0.05 * random_unit(&rng),
                               500 + 1500 * random_unit(&rng)};
        const circle    twelve   = {ten.lon, ten.lat, ten.radius_m / 2};
        muster_track_point point = {.at_s = 0, .lon_deg = ten.lon, .lat_deg = ten.lat};
        for (int q = 0; q < MUSTER_QUADRANTS; ++q) {
            point.radius_m[1][q] = ten.radius_m;
            point.radius_m[2][q] = twelve.radius_m;
        }
        const muster_track track = {"T", "台风", NULL, MUSTER_EXTREME, 1, &point};
        muster_hazards    *set, *at;
        assert_int_equal(muster_hazards_new(&set), MUSTER_OK);
        assert_int_equal(muster_hazards_add_track(set, &track), MUSTER_OK);
        assert_int_equal(muster_hazards_at(&at, set, 0), MUSTER_OK);
        for (int high = 0; high < 2; ++high) {
            muster_profile  profile;
            muster_metric  *base, *changed;
            muster_closure *closure;
            uint32_t        count;
            assert_int_equal(muster_profile_builtin(&profile, high ? "heavy" : "light"), MUSTER_OK);
            assert_int_equal(muster_metric_new(&base, network, &profile), MUSTER_OK);
            close_all(&closure, base, &profile, at);
            const muster_arc_change *change = muster_closure_changes(closure, &count);
            assert_int_equal(muster_metric_change(&changed, base, count, change), MUSTER_OK);
            for (uint32_t arc = 0; arc < 2 * r.data.edge_count; ++arc) {
                const muster_network_data *v       = muster_network_view(network);
                const uint32_t             base_ms = muster_metric_duration_ms(base)[arc];
                const circle              *most    = high ? &ten : &twelve;
                if (edge_is_inside(v, arc / 2, is_near_border, &ten)) continue;
                if (edge_is_inside(v, arc / 2, is_near_border, &twelve)) continue;
                uint32_t expected_ms = base_ms;
                if (edge_is_inside(v, arc / 2, circle_has_piece, &ten)) {
                    expected_ms = slowed(base_ms, 0.6);
                }
                if (edge_is_inside(v, arc / 2, circle_has_piece, most)) expected_ms = NEVER;
                assert_int_equal(muster_metric_duration_ms(changed)[arc], expected_ms);
                closed += expected_ms == NEVER && base_ms < NEVER;
            }
            muster_metric_free(changed);
            muster_closure_free(closure);
            muster_metric_free(base);
        }
        muster_hazards_free(at);
        muster_hazards_free(set);
        muster_network_free(network);
    }
    assert_true(closed > 100);
}

/* ---- who may leave --------------------------------------------------------------------- */

/* Two junctions 1 km apart and a road of 1 km on either side of them. */
static muster_network *road_of_three(void) {
    static const double lon[] = {120.70, 120.71, 120.72, 120.73}, lat[] = {30.7, 30.7, 30.7, 30.7};
    static const uint32_t source[] = {0, 1, 2}, target[] = {1, 2, 3};
    static const double   length_m[] = {1000, 1000, 1000};
    muster_network_data   data       = MUSTER_NETWORK_DATA_INIT;
    muster_network       *network;
    data.node_count    = 4;
    data.node_lon_deg  = lon;
    data.node_lat_deg  = lat;
    data.edge_count    = 3;
    data.edge_source   = source;
    data.edge_target   = target;
    data.edge_length_m = length_m;
    assert_int_equal(muster_network_new(&network, &data), MUSTER_OK);
    return network;
}

static muster_leave_outcome leave_from_the_middle(uint8_t kind) {
    static const double lon[]     = {120.712, 120.718, 120.718, 120.712},
                        lat[]     = {30.69, 30.69, 30.71, 30.71};
    static const uint32_t first[] = {0, 4}, ring[] = {0, 1};
    muster_network       *network = road_of_three();
    muster_metric        *base    = random_network_metric(network, "light"), *changed;
    muster_profile        profile;
    muster_hazard         h = MUSTER_HAZARD_INIT;
    muster_hazards       *set;
    muster_closure       *closure;
    muster_leave          leave;
    uint32_t              count;
    const muster_snap     middle = {1, 0.25, 120.7125, 30.7, 0};
    h.kind = kind, h.code = "H", h.wind_force = 12;
    h.area = (muster_multipolygon){1, ring, first, lon, lat, 0};
    assert_int_equal(muster_profile_builtin(&profile, "light"), MUSTER_OK);
    assert_int_equal(muster_hazards_new(&set), MUSTER_OK);
    assert_int_equal(muster_hazards_add(set, &h), MUSTER_OK);
    close_all(&closure, base, &profile, set);
    const muster_arc_change *change = muster_closure_changes(closure, &count);
    assert_int_equal(muster_metric_change(&changed, base, count, change), MUSTER_OK);
    assert_int_equal(muster_leave_sites(closure, changed, 1, &middle, NULL, &leave), MUSTER_OK);
    if (leave.outcome ==
        MUSTER_LEAVE_BY_ROAD) { /* a quarter of the edge, ten times as slow, and 5 min */
        const uint32_t quarter_ms = muster_metric_duration_ms(base)[3] / 4;
        assert_in_range(leave.duration_ms, 300000 + 10 * quarter_ms - 10,
                        300000 + 10 * quarter_ms + 10);
        assert_true(leave.distance_m == 250);
    }
    muster_metric_free(changed);
    muster_closure_free(closure);
    muster_hazards_free(set);
    muster_metric_free(base);
    muster_network_free(network);
    return (muster_leave_outcome)leave.outcome;
}

static void water_wind_and_plumes_may_be_left_and_closures_not(void **state) {
    (void)state;
    assert_int_equal(leave_from_the_middle(MUSTER_HAZARD_FLOOD), MUSTER_LEAVE_BY_ROAD);
    assert_int_equal(leave_from_the_middle(MUSTER_HAZARD_WIND), MUSTER_LEAVE_BY_ROAD);
    assert_int_equal(leave_from_the_middle(MUSTER_HAZARD_PLUME), MUSTER_LEAVE_BY_ROAD);
    assert_int_equal(leave_from_the_middle(MUSTER_HAZARD_CLOSURE), MUSTER_LEAVE_NO_WAY);
    assert_int_equal(leave_from_the_middle(MUSTER_HAZARD_ALERT), MUSTER_LEAVE_NOT_NEEDED);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arcs_inside_are_those_of_plain_geometry),
        cmocka_unit_test(a_typhoon_stops_lorries_where_it_blows_and_cars_where_it_blows_hard),
        cmocka_unit_test(water_wind_and_plumes_may_be_left_and_closures_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
