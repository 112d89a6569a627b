/* Marching squares (Lorensen and Cline, "Marching cubes", SIGGRAPH 1987, in the plane), as a
 * walk around each shape.
 *
 * The outline crosses the grid between a point inside and one outside, where the level between
 * them would be the threshold. In a square whose two inside points are opposite they stay
 * apart, always: then
 *   - no two crossings are in the same place and no two pieces of outline touch, so rings are
 *     simple, a hole never touches its outer ring, and polygons are valid;
 *   - lower levels move crossings outwards and join shapes, never the reverse, so the outline
 *     of lower levels contains that of higher ones. Crossings are integers, which makes this
 *     true to the last bit: a crossing is always strictly between its two points. */
#include "gis/contour.h"

#include <assert.h>
#include <stdbool.h>

#include "gis/memory.h"

static const uint32_t NONE = UINT32_MAX;

typedef enum heading { EAST, NORTH, WEST, SOUTH } heading;

static const int32_t DX[] = {1, 0, -1, 0}, DY[] = {0, 1, 0, -1};

typedef struct tracer {
    mu_contour     *out;
    int32_t         column_count, row_count;
    const uint16_t *level;
    uint16_t        threshold;
    uint32_t       *ring_at; /* by point: the ring that crosses just west of it */
    size_t          point_capacity, x_capacity, ring_capacity, outer_capacity;
    size_t          point_count;
} tracer;

/* A crossing: from a point inside towards one outside. */
typedef struct crossing {
    int32_t column, row;
    heading to;
} crossing;

static size_t place_of(const tracer *t, int32_t column, int32_t row) {
    return (size_t)row * (size_t)t->column_count + (size_t)column;
}

static bool is_inside(const tracer *t, int32_t column, int32_t row) {
    return t->level[place_of(t, column, row)] <= t->threshold;
}

static heading turned(heading to, unsigned quarters) {
    return (heading)(((unsigned)to + quarters) & 3);
}

/* The next one with the inside on the left. Ahead are the square's two other points. */
static crossing next_of(const tracer *t, crossing c) {
    const heading ahead  = turned(c.to, 1);
    const int32_t column = c.column + DX[ahead], row = c.row + DY[ahead];
    if (!is_inside(t, column, row)) return (crossing){c.column, c.row, ahead};
    if (!is_inside(t, column + DX[c.to], row + DY[c.to])) return (crossing){column, row, c.to};
    return (crossing){column + DX[c.to], row + DY[c.to], turned(c.to, 3)};
}

static muster_status add_point(tracer *t, crossing c) {
    const uint32_t inside  = t->level[place_of(t, c.column, c.row)];
    const uint32_t outside = t->level[place_of(t, c.column + DX[c.to], c.row + DY[c.to])];
    const uint32_t below = t->threshold - inside, above = outside - t->threshold;
    uint32_t       step = MU_CONTOUR_STEPS * below / (below + above);
    if (step < 1) step = 1;
    if (step > MU_CONTOUR_STEPS - 1) step = MU_CONTOUR_STEPS - 1;
    MU_TRY(mu_gis_grow(&t->out->x, &t->x_capacity, t->point_count, sizeof *t->out->x));
    MU_TRY(mu_gis_grow(&t->out->y, &t->point_capacity, t->point_count, sizeof *t->out->y));
    t->out->x[t->point_count]   = c.column * MU_CONTOUR_STEPS + DX[c.to] * (int32_t)step;
    t->out->y[t->point_count++] = c.row * MU_CONTOUR_STEPS + DY[c.to] * (int32_t)step;
    return MUSTER_OK;
}

/* By the sign of the area: an outer ring runs counter-clockwise, a hole clockwise. */
static bool is_outer(const tracer *t, size_t first) {
    int64_t twice_area = 0;
    for (size_t i = first, before = t->point_count - 1; i < t->point_count; before = i++) {
        twice_area +=
            (int64_t)t->out->x[before] * t->out->y[i] - (int64_t)t->out->x[i] * t->out->y[before];
    }
    return twice_area > 0;
}

/* West of a hole's westernmost part lies its shape; where that ends there is another ring of
 * the same shape, the outer one or a hole farther west. */
static uint32_t ring_west_of(const tracer *t, crossing westernmost) {
    int32_t column = westernmost.column;
    while (is_inside(t, column - 1, westernmost.row)) --column;
    return t->ring_at[place_of(t, column, westernmost.row)];
}

/* Also its westernmost crossing to the east, which a hole has where it begins. */
static muster_status trace_ring(tracer *t, crossing start, crossing *out_westernmost) {
    const uint32_t ring = t->out->ring_count;
    crossing       c = start, westernmost = start;
    do {
        if (c.to == WEST) t->ring_at[place_of(t, c.column, c.row)] = ring;
        if (c.to == EAST && (westernmost.to != EAST || c.column < westernmost.column)) {
            westernmost = c;
        }
        MU_TRY(add_point(t, c));
        c = next_of(t, c);
    } while (c.column != start.column || c.row != start.row || c.to != start.to);
    *out_westernmost = westernmost;
    return MUSTER_OK;
}

static muster_status add_ring(tracer *t, crossing start, crossing **westernmost, size_t *capacity) {
    mu_contour    *out   = t->out;
    const uint32_t ring  = out->ring_count;
    const size_t   first = t->point_count;
    MU_TRY(mu_gis_grow(westernmost, capacity, ring, sizeof **westernmost));
    MU_TRY(mu_gis_grow(&out->outer, &t->outer_capacity, ring, sizeof *out->outer));
    MU_TRY(mu_gis_grow(&out->first_point, &t->ring_capacity, (size_t)ring + 1,
                       sizeof *out->first_point));
    MU_TRY(trace_ring(t, start, &(*westernmost)[ring]));
    out->outer[ring]           = is_outer(t, first) ? ring : NONE;
    out->first_point[ring]     = first;
    out->first_point[ring + 1] = t->point_count;
    ++out->ring_count;
    return MUSTER_OK;
}

static void assign_holes(tracer *t, const crossing *westernmost) {
    if (!westernmost) return; /* nothing is inside */
    for (uint32_t r = 0; r < t->out->ring_count; ++r) {
        uint32_t ring = r;
        while (t->out->outer[ring] == NONE) ring = ring_west_of(t, westernmost[ring]);
        t->out->outer[r] = t->out->outer[ring];
    }
}

static muster_status trace_all(tracer *t, crossing **westernmost) {
    size_t       capacity = 0;
    const size_t count    = (size_t)t->column_count * (size_t)t->row_count;
    MU_TRY(mu_gis_alloc(&t->ring_at, count, sizeof *t->ring_at));
    for (size_t i = 0; i < count; ++i) t->ring_at[i] = NONE;
    MU_TRY(mu_gis_alloc_zeroed(&t->out->first_point, 1, sizeof *t->out->first_point));
    t->ring_capacity = 1;
    for (int32_t row = 1; row + 1 < t->row_count; ++row) {
        for (int32_t column = 1; column + 1 < t->column_count; ++column) {
            if (!is_inside(t, column, row) || is_inside(t, column - 1, row)) continue;
            if (t->ring_at[place_of(t, column, row)] != NONE) continue;
            MU_TRY(add_ring(t, (crossing){column, row, WEST}, westernmost, &capacity));
        }
    }
    assign_holes(t, *westernmost);
    return MUSTER_OK;
}

muster_status mu_contour_trace(mu_contour *contour, uint32_t column_count, uint32_t row_count,
                               const uint16_t *level, uint16_t threshold) {
    assert(column_count < INT32_MAX / MU_CONTOUR_STEPS && row_count < INT32_MAX / MU_CONTOUR_STEPS);
    *contour                        = (mu_contour){0};
    tracer              t           = {.out          = contour,
                                       .column_count = (int32_t)column_count,
                                       .row_count    = (int32_t)row_count,
                                       .level        = level,
                                       .threshold    = threshold};
    crossing           *westernmost = NULL;
    const muster_status status      = trace_all(&t, &westernmost);
    mu_gis_free(t.ring_at);
    mu_gis_free(westernmost);
    if (status != MUSTER_OK) mu_contour_fini(contour);
    return status;
}

void mu_contour_fini(mu_contour *contour) {
    mu_gis_free(contour->first_point);
    mu_gis_free(contour->x);
    mu_gis_free(contour->y);
    mu_gis_free(contour->outer);
    *contour = (mu_contour){0};
}
