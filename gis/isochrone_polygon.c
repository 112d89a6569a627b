/* From reached roads to the area around them: distances on a grid (distance_raster.c), the line
 * where they are the radius (contour.c), degrees.
 *
 * All limits share one grid and are drawn into it one on top of the other, smallest first:
 * that is what makes their polygons nested. Buffers around every piece of road, joined, would be
 * exact to the metre but not nested to the last bit, and joining is where almost touching lines
 * go wrong. */
#include <muster/isochrone_polygon.h>

#include <math.h>
#include <stdlib.h>

#include "gis/contour.h"
#include "gis/distance_raster.h"
#include "gis/flight_area.h"
#include "gis/geodesic.h"
#include "gis/memory.h"

struct muster_isochrone_polygons {
    uint32_t limit_count;
    mu_area *within; /* [limit_count] */
};

/* ---- what is drawn ---------------------------------------------------------------------- */

typedef struct box {
    double west_deg, south_deg, east_deg, north_deg;
} box;

typedef struct canvas {
    const muster_isochrone *isochrone;
    const muster_network   *network;
    mu_distance_raster      raster;
    double                 *lon_deg, *lat_deg; /* room for the longest line */
} canvas;

static void stretch(box *b, double lon_deg, double lat_deg) {
    b->west_deg  = fmin(b->west_deg, lon_deg);
    b->east_deg  = fmax(b->east_deg, lon_deg);
    b->south_deg = fmin(b->south_deg, lat_deg);
    b->north_deg = fmax(b->north_deg, lat_deg);
}

/* Around everything within a limit; upside down where that is nothing. */
static box bounds_of(canvas *c, uint32_t limit) {
    const muster_network_data *v = muster_network_view(c->network);
    box                        b = {INFINITY, INFINITY, -INFINITY, -INFINITY};
    uint32_t                   node_count, part_count;
    const uint32_t            *node = muster_isochrone_nodes(c->isochrone, limit, &node_count);
    const muster_edge_part    *part = muster_isochrone_parts(c->isochrone, limit, &part_count);
    for (uint32_t i = 0; i < node_count; ++i) {
        stretch(&b, v->node_lon_deg[node[i]], v->node_lat_deg[node[i]]);
    }
    for (uint32_t i = 0; i < part_count; ++i) {
        const uint32_t points = muster_edge_part_line(c->network, &part[i], c->lon_deg, c->lat_deg);
        for (uint32_t p = 0; p < points; ++p) stretch(&b, c->lon_deg[p], c->lat_deg[p]);
    }
    return b;
}

static void draw(canvas *c, uint32_t limit) {
    const muster_network_data *v = muster_network_view(c->network);
    uint32_t                   node_count, part_count;
    const uint32_t            *node = muster_isochrone_nodes(c->isochrone, limit, &node_count);
    const muster_edge_part    *part = muster_isochrone_parts(c->isochrone, limit, &part_count);
    for (uint32_t i = 0; i < node_count; ++i) { /* some have no road: no time was left */
        const double lon_deg = v->node_lon_deg[node[i]], lat_deg = v->node_lat_deg[node[i]];
        mu_distance_raster_draw(&c->raster, lon_deg, lat_deg, lon_deg, lat_deg);
    }
    for (uint32_t i = 0; i < part_count; ++i) {
        const uint32_t points = muster_edge_part_line(c->network, &part[i], c->lon_deg, c->lat_deg);
        for (uint32_t p = 1; p < points; ++p) {
            mu_distance_raster_draw(&c->raster, c->lon_deg[p - 1], c->lat_deg[p - 1], c->lon_deg[p],
                                    c->lat_deg[p]);
        }
    }
}

/* ---- from rings to polygons ------------------------------------------------------------- */

/* The place of each ring in the answer: outer rings in their order, each with its holes. */
static muster_status order_rings(const mu_contour *contour, mu_area *a, uint32_t **out_ring_at) {
    const uint32_t rings = contour->ring_count;
    uint32_t      *polygon;
    MU_TRY(mu_gis_alloc_zeroed(&a->first_ring, (size_t)rings + 2, sizeof *a->first_ring));
    MU_TRY(mu_gis_alloc(out_ring_at, rings, sizeof **out_ring_at));
    MU_TRY(mu_gis_alloc(&polygon, rings, sizeof *polygon)); /* by outer ring */
    for (uint32_t r = 0; r < rings; ++r) {
        if (contour->outer[r] == r) polygon[r] = a->polygon_count++;
    }
    for (uint32_t r = 0; r < rings; ++r) ++a->first_ring[polygon[contour->outer[r]] + 2];
    for (uint32_t p = 0; p < a->polygon_count; ++p) a->first_ring[p + 2] += a->first_ring[p + 1];
    for (int is_hole = 0; is_hole < 2; ++is_hole) {
        for (uint32_t r = 0; r < rings; ++r) {
            if ((contour->outer[r] != r) != is_hole) continue;
            (*out_ring_at)[a->first_ring[polygon[contour->outer[r]] + 1]++] = r;
        }
    }
    mu_gis_free(polygon);
    return MUSTER_OK;
}

static void place_ring(mu_area *a, const mu_contour *contour, const mu_distance_raster *raster,
                       uint32_t ring, uint32_t *used) {
    const uint32_t first  = *used;
    const double   step_x = raster->step_lon_deg / MU_CONTOUR_STEPS;
    const double   step_y = raster->step_lat_deg / MU_CONTOUR_STEPS;
    for (size_t i = contour->first_point[ring]; i < contour->first_point[ring + 1]; ++i) {
        a->lon_deg[*used]     = raster->west_deg + contour->x[i] * step_x;
        a->lat_deg[(*used)++] = raster->south_deg + contour->y[i] * step_y;
    }
    a->area_m2 += mu_geodesic_area_m2(*used - first, a->lon_deg + first, a->lat_deg + first);
    a->lon_deg[*used]     = a->lon_deg[first];
    a->lat_deg[(*used)++] = a->lat_deg[first];
}

static muster_status place_rings(mu_area *a, const mu_contour *contour,
                                 const mu_distance_raster *raster) {
    uint32_t     *ring_at = NULL, used = 0;
    const size_t  points = contour->first_point[contour->ring_count] + contour->ring_count;
    muster_status status = order_rings(contour, a, &ring_at);
    if (status == MUSTER_OK) {
        status =
            mu_gis_alloc(&a->first_point, (size_t)contour->ring_count + 1, sizeof *a->first_point);
    }
    if (status == MUSTER_OK) status = mu_gis_alloc(&a->lon_deg, points, sizeof *a->lon_deg);
    if (status == MUSTER_OK) status = mu_gis_alloc(&a->lat_deg, points, sizeof *a->lat_deg);
    for (uint32_t i = 0; i < contour->ring_count && status == MUSTER_OK; ++i) {
        a->first_point[i] = used;
        place_ring(a, contour, raster, ring_at[i], &used);
    }
    if (status == MUSTER_OK) a->first_point[contour->ring_count] = used;
    mu_gis_free(ring_at);
    return status;
}

static muster_status outline(mu_area *a, const mu_distance_raster *raster) {
    mu_contour contour;
    MU_TRY(mu_contour_trace(&contour, raster->column_count, raster->row_count, raster->level,
                            MU_RASTER_LEVELS));
    const muster_status status = place_rings(a, &contour, raster);
    mu_contour_fini(&contour);
    return status;
}

/* ---- all limits ------------------------------------------------------------------------- */

static muster_status order_limits(const muster_isochrone *isochrone, uint32_t **out) {
    uint32_t        count;
    const uint32_t *limit_ms = muster_isochrone_limits_ms(isochrone, &count);
    MU_TRY(mu_gis_alloc(out, count, sizeof **out));
    for (uint32_t l = 0; l < count; ++l) { /* a handful: insertion sort */
        uint32_t at = l;
        for (; at > 0 && limit_ms[(*out)[at - 1]] > limit_ms[l]; --at) (*out)[at] = (*out)[at - 1];
        (*out)[at] = l;
    }
    return MUSTER_OK;
}

static muster_status make_room(canvas *c) {
    const muster_network_data *v    = muster_network_view(c->network);
    uint32_t                   most = 0;
    for (uint32_t e = 0; e < v->edge_count; ++e) {
        const uint32_t points = v->edge_first_point[e + 1] - v->edge_first_point[e];
        if (points > most) most = points;
    }
    MU_TRY(mu_gis_alloc(&c->lon_deg, (size_t)most + 2, sizeof *c->lon_deg));
    return mu_gis_alloc(&c->lat_deg, (size_t)most + 2, sizeof *c->lat_deg);
}

static muster_status draw_all(muster_isochrone_polygons *p, canvas *c, double radius_m,
                              const uint32_t *by_size) {
    MU_TRY(make_room(c));
    box b = bounds_of(c, by_size[p->limit_count - 1]);
    if (b.west_deg > b.east_deg) b = (box){0, 0, 0, 0}; /* nothing is reached, nothing drawn */
    MU_TRY(mu_distance_raster_init(&c->raster, radius_m, b.west_deg, b.south_deg, b.east_deg,
                                   b.north_deg));
    for (uint32_t i = 0; i < p->limit_count; ++i) {
        draw(c, by_size[i]);
        MU_TRY(outline(&p->within[by_size[i]], &c->raster));
    }
    return MUSTER_OK;
}

static muster_status draw_flights(muster_isochrone_polygons *p, const muster_isochrone *isochrone) {
    (void)muster_isochrone_limits_ms(isochrone, &p->limit_count);
    MU_TRY(mu_gis_alloc_zeroed(&p->within, p->limit_count, sizeof *p->within));
    for (uint32_t l = 0; l < p->limit_count; ++l) {
        MU_TRY(mu_flight_area(&p->within[l], isochrone, l));
    }
    return MUSTER_OK;
}

static muster_status fill(muster_isochrone_polygons *p, const muster_isochrone *isochrone,
                          double radius_m) {
    if (muster_isochrone_flight_radius_m(isochrone)) return draw_flights(p, isochrone);
    canvas    c       = {.isochrone = isochrone, .network = muster_isochrone_network(isochrone)};
    uint32_t *by_size = NULL;
    (void)muster_isochrone_limits_ms(isochrone, &p->limit_count);
    muster_status status = mu_gis_alloc_zeroed(&p->within, p->limit_count, sizeof *p->within);
    if (status == MUSTER_OK) status = order_limits(isochrone, &by_size);
    if (status == MUSTER_OK) status = draw_all(p, &c, radius_m, by_size);
    mu_distance_raster_fini(&c.raster);
    mu_gis_free(c.lon_deg);
    mu_gis_free(c.lat_deg);
    mu_gis_free(by_size);
    return status;
}

muster_status muster_isochrone_polygons_new(muster_isochrone_polygons **out,
                                            const muster_isochrone *isochrone, double radius_m) {
    *out = NULL;
    if (!(radius_m >= 1 && radius_m <= 100000)) {
        return muster_fail(MUSTER_E_INVALID, "radius is %g m; expected 1 to 100000", radius_m);
    }
    muster_isochrone_polygons *p;
    MU_TRY(mu_gis_alloc_zeroed(&p, 1, sizeof *p));
    const muster_status status = fill(p, isochrone, radius_m);
    if (status != MUSTER_OK) {
        muster_isochrone_polygons_free(p);
        return status;
    }
    *out = p;
    return MUSTER_OK;
}

void muster_isochrone_polygons_free(muster_isochrone_polygons *p) {
    if (!p) return;
    for (uint32_t l = 0; p->within && l < p->limit_count; ++l) mu_area_fini(&p->within[l]);
    mu_gis_free(p->within);
    mu_gis_free(p);
}

muster_multipolygon muster_isochrone_polygons_within(const muster_isochrone_polygons *p,
                                                     uint32_t                         limit) {
    const mu_area *a = &p->within[limit];
    return (muster_multipolygon){a->polygon_count, a->first_ring, a->first_point,
                                 a->lon_deg,       a->lat_deg,    a->area_m2};
}
