/* Lines and polygons against each other, the plain way: two segments touch when the ends of
 * each lie on both sides of the other; a point is inside when a ray from it crosses the sides
 * an odd number of times (Shimrat, "Algorithm 112", CACM 1962). An R-tree over the sides leaves
 * few of them to look at. Both tests go by the sign of the same product. */
#include "core/polygon.h"

#include "core/alloc.h"

/* ---- segments ---------------------------------------------------------------------------- */

static bool is_in_box(const mu_box *box, mu_point p) {
    return p.x >= box->min_x && p.x <= box->max_x && p.y >= box->min_y && p.y <= box->max_y;
}

static bool lies_on(const mu_segment *s, double side, mu_point p) {
    const mu_box box = mu_segment_box(s);
    return side == 0 && is_in_box(&box, p);
}

static bool differ(double side, double other) {
    return (side > 0 && other < 0) || (side < 0 && other > 0);
}

bool mu_segments_touch(const mu_segment *s, const mu_segment *t) {
    const double sa = mu_segment_side(t, s->a), sb = mu_segment_side(t, s->b);
    const double ta = mu_segment_side(s, t->a), tb = mu_segment_side(s, t->b);
    if (differ(sa, sb) && differ(ta, tb)) return true;
    return lies_on(t, sa, s->a) || lies_on(t, sb, s->b) || lies_on(s, ta, t->a) ||
           lies_on(s, tb, t->b);
}

mu_segment mu_edge_segment(const muster_network *network, uint32_t edge, uint32_t i) {
    mu_segment s;
    mu_edge_point(network, edge, i, &s.a.x, &s.a.y);
    mu_edge_point(network, edge, i + 1, &s.b.x, &s.b.y);
    return s;
}

/* ---- making a polygon -------------------------------------------------------------------- */

static muster_status check_point(const muster_polygon *shape, uint32_t p) {
    const double lon = shape->lon_deg[p], lat = shape->lat_deg[p];
    if (lon >= -180 && lon <= 180 && lat >= -90 && lat <= 90) return MUSTER_OK;
    return muster_fail(MUSTER_E_INVALID,
                       "point %u of the polygon is %g,%g; expected a longitude from -180 to 180 "
                       "and a latitude from -90 to 90",
                       p, lon, lat);
}

static muster_status check_side(const muster_polygon *shape, uint32_t p, uint32_t next) {
    const double lon = shape->lon_deg[p], next_lon = shape->lon_deg[next];
    if (!mu_goes_round(lon, next_lon)) return MUSTER_OK;
    return muster_fail(
        MUSTER_E_INVALID,
        "points %u and %u of the polygon are at longitude %g and %g; expected an area "
        "that is cut where it reaches over 180 degrees",
        p, next, lon, next_lon);
}

muster_status mu_polygon_check(const muster_polygon *shape) {
    if (shape->ring_count == 0) {
        return muster_fail(MUSTER_E_INVALID, "the polygon has 0 rings; expected 1 or more");
    }
    for (uint32_t r = 0; r < shape->ring_count; ++r) {
        const uint32_t first = shape->first_point[r], end = shape->first_point[r + 1];
        if (end < first || end - first < 3) {
            return muster_fail(MUSTER_E_INVALID,
                               "ring %u of the polygon has points %u to %u; expected 3 or more", r,
                               first, end);
        }
        for (uint32_t p = first; p < end; ++p) MU_TRY(check_point(shape, p));
        for (uint32_t p = first; p < end; ++p) {
            MU_TRY(check_side(shape, p, p + 1 < end ? p + 1 : first));
        }
    }
    return MUSTER_OK;
}

static mu_point point_of(const muster_polygon *shape, uint32_t p) {
    return (mu_point){shape->lon_deg[p], shape->lat_deg[p]};
}

/* A ring that repeats its first point at the end gets a last side of no length: harmless. */
static void take_sides(mu_polygon *polygon, const muster_polygon *shape) {
    for (uint32_t r = 0; r < shape->ring_count; ++r) {
        const uint32_t first = shape->first_point[r], end = shape->first_point[r + 1];
        for (uint32_t p = first; p < end; ++p) {
            polygon->side[polygon->side_count++] =
                (mu_segment){point_of(shape, p), point_of(shape, p + 1 < end ? p + 1 : first)};
        }
    }
}

static mu_box side_box(const void *user, uint32_t side) {
    const mu_polygon *polygon = user;
    return mu_segment_box(&polygon->side[side]);
}

muster_status mu_polygon_init(mu_polygon *polygon, const muster_polygon *shape) {
    *polygon = (mu_polygon){0};
    MU_TRY(mu_polygon_check(shape));
    const size_t points = shape->first_point[shape->ring_count] - shape->first_point[0];
    MU_TRY(mu_alloc(&polygon->side, points, sizeof *polygon->side));
    take_sides(polygon, shape);
    const muster_status status =
        mu_rtree_init(&polygon->sides, polygon->side_count, side_box, polygon);
    if (status != MUSTER_OK) mu_polygon_fini(polygon);
    return status;
}

void mu_polygon_fini(mu_polygon *polygon) {
    mu_free(polygon->side);
    mu_rtree_fini(&polygon->sides);
    *polygon = (mu_polygon){0};
}

/* ---- questions --------------------------------------------------------------------------- */

typedef struct ray {
    const mu_polygon *polygon;
    mu_point          from;
    bool              is_inside;
} ray;

/* A side counts with its lower end and without its upper one: a corner counts once. */
static bool cross_side(void *user, uint32_t item) {
    ray              *r = user;
    const mu_segment *s = &r->polygon->side[item];
    if ((s->a.y > r->from.y) == (s->b.y > r->from.y)) return true;
    const double side = mu_segment_side(s, r->from);
    if (s->b.y > s->a.y ? side > 0 : side < 0) r->is_inside = !r->is_inside;
    return true;
}

bool mu_polygon_contains(const mu_polygon *polygon, mu_point point) {
    ray          r   = {polygon, point, false};
    const mu_box way = {point.x, point.y, INFINITY, point.y};
    mu_rtree_search(&polygon->sides, &way, cross_side, &r);
    return r.is_inside;
}

/* About 0.1 mm, far more than any rounding: a ray from a box is not mistaken in a side that is not near. */
static const double NEAR_DEG = 1e-9;

typedef struct nearness {
    const mu_polygon *polygon;
    mu_box            box;
    bool              has_side;
} nearness;

/* All of it on one side of the line that it lies on: long sides that run aslant have boxes in which they are far
 * from nearly everything. */
static bool is_beside(const mu_segment *line, const mu_box *box) {
    const double corner[] = {mu_segment_side(line, (mu_point){box->min_x, box->min_y}),
                             mu_segment_side(line, (mu_point){box->max_x, box->min_y}),
                             mu_segment_side(line, (mu_point){box->min_x, box->max_y}),
                             mu_segment_side(line, (mu_point){box->max_x, box->max_y})};
    bool         is_left = true, is_right = true;
    for (int c = 0; c < 4; ++c) {
        is_left &= corner[c] > 0;
        is_right &= corner[c] < 0;
    }
    return is_left || is_right;
}

static bool find_near(void *user, uint32_t item) {
    nearness *n = user;
    n->has_side = !is_beside(&n->polygon->side[item], &n->box);
    return !n->has_side;
}

mu_cover mu_polygon_cover_of(const mu_polygon *polygon, const mu_box *box) {
    nearness n = {.polygon = polygon,
                  .box     = {box->min_x - NEAR_DEG, box->min_y - NEAR_DEG, box->max_x + NEAR_DEG,
                              box->max_y + NEAR_DEG}};
    mu_rtree_search(&polygon->sides, &n.box, find_near, &n);
    if (n.has_side) return MU_COVERS_PART;
    const mu_point corner = {box->min_x, box->min_y};
    return mu_polygon_contains(polygon, corner) ? MU_COVERS_ALL : MU_COVERS_NOTHING;
}

typedef struct contact {
    const mu_polygon *polygon;
    mu_segment        piece;
    bool              is_found;
} contact;

static bool touch_side(void *user, uint32_t item) {
    contact *c  = user;
    c->is_found = mu_segments_touch(&c->polygon->side[item], &c->piece);
    return !c->is_found;
}

static bool touches_a_side(const mu_polygon *polygon, const muster_network *network,
                           uint32_t edge) {
    const uint32_t pieces = mu_edge_point_count(network, edge) - 1;
    for (uint32_t i = 0; i < pieces; ++i) {
        contact      c   = {polygon, mu_edge_segment(network, edge, i), false};
        const mu_box box = mu_segment_box(&c.piece);
        mu_rtree_search(&polygon->sides, &box, touch_side, &c);
        if (c.is_found) return true;
    }
    return false;
}

/* A line that touches no side is inside as a whole, or outside. */
mu_cover mu_polygon_cover_of_edge(const mu_polygon *polygon, const muster_network *network,
                                  uint32_t edge) {
    if (touches_a_side(polygon, network, edge)) return MU_COVERS_PART;
    const mu_point start = mu_edge_segment(network, edge, 0).a;
    return mu_polygon_contains(polygon, start) ? MU_COVERS_ALL : MU_COVERS_NOTHING;
}
