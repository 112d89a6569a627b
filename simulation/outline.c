/* Areas are drawn in simple pieces that overlap: a box round each side, a circle round each corner. Putting
 * them together is left to muster_hazards_add, which does so for whoever draws hazards. */
#include <math.h>

#include <muster/great_circle.h>

#include "core/alloc.h"
#include "simulation/hazard_ground.h"

/* A circle has so many corners; its sides lie 0.5 % of the radius inside of it at most. */
enum { CORNERS = 32 };

static const double BAND_STEP_DEG = 5;

/* Room for where one more begins; the first of all begins at 0. */
static muster_status grow_first(uint32_t **inout, size_t *capacity, uint32_t count) {
    const bool is_new = *capacity == 0;
    MU_TRY(mu_grow(inout, capacity, (size_t)count + 1, sizeof **inout));
    if (is_new) (*inout)[0] = 0;
    return MUSTER_OK;
}

muster_status mu_outline_add_point(mu_outline *o, double lon_deg, double lat_deg) {
    MU_TRY(mu_grow(&o->lon_deg, &o->lon_capacity, o->point_count, sizeof *o->lon_deg));
    MU_TRY(mu_grow(&o->lat_deg, &o->lat_capacity, o->point_count, sizeof *o->lat_deg));
    o->lon_deg[o->point_count] = lon_deg;
    o->lat_deg[o->point_count] = lat_deg;
    ++o->point_count;
    return MUSTER_OK;
}

muster_status mu_outline_end_ring(mu_outline *o) {
    MU_TRY(grow_first(&o->first_point, &o->first_point_capacity, o->ring_count));
    o->first_point[++o->ring_count] = o->point_count;
    return MUSTER_OK;
}

muster_status mu_outline_end_polygon(mu_outline *o) {
    MU_TRY(grow_first(&o->first_ring, &o->first_ring_capacity, o->polygon_count));
    o->first_ring[++o->polygon_count] = o->ring_count;
    return MUSTER_OK;
}

muster_status mu_outline_add_ring(mu_outline *o, const mu_ring *ring) {
    for (uint32_t i = 0; i < ring->point_count; ++i) {
        MU_TRY(mu_outline_add_point(o, ring->lon_deg[i], ring->lat_deg[i]));
    }
    MU_TRY(mu_outline_end_ring(o));
    return mu_outline_end_polygon(o);
}

muster_status mu_outline_add_area(mu_outline *o, const muster_multipolygon *area) {
    for (uint32_t p = 0; p < area->polygon_count; ++p) {
        for (uint32_t r = area->first_ring[p]; r < area->first_ring[p + 1]; ++r) {
            for (uint32_t i = area->first_point[r]; i < area->first_point[r + 1]; ++i) {
                MU_TRY(mu_outline_add_point(o, area->lon_deg[i], area->lat_deg[i]));
            }
            MU_TRY(mu_outline_end_ring(o));
        }
        MU_TRY(mu_outline_end_polygon(o));
    }
    return MUSTER_OK;
}

muster_multipolygon mu_outline_area(const mu_outline *o) {
    return (muster_multipolygon){o->polygon_count, o->first_ring, o->first_point,
                                 o->lon_deg,       o->lat_deg,    0};
}

void mu_outline_clear(mu_outline *o) {
    o->polygon_count = o->ring_count = o->point_count = 0;
}

void mu_outline_fini(mu_outline *o) {
    mu_free(o->first_ring);
    mu_free(o->first_point);
    mu_free(o->lon_deg);
    mu_free(o->lat_deg);
    *o = (mu_outline){0};
}

/* ---- reach --------------------------------------------------------------------------------- */

static muster_status add_circle(mu_outline *o, double lon_deg, double lat_deg, double reach_m) {
    for (int c = 0; c < CORNERS; ++c) {
        double lon, lat;
        muster_great_circle_ahead(lon_deg, lat_deg, 360.0 * c / CORNERS, reach_m, &lon, &lat);
        MU_TRY(mu_outline_add_point(o, lon, lat));
    }
    MU_TRY(mu_outline_end_ring(o));
    return mu_outline_end_polygon(o);
}

/* Where a side goes at its beginning, clockwise from north: it is short, so on a plane. */
static double bearing_deg(double lon1_deg, double lat1_deg, double lon2_deg, double lat2_deg) {
    static const double DEG    = 57.29577951308232;
    const double        middle = (lat1_deg + lat2_deg) / 2 / DEG;
    return atan2((lon2_deg - lon1_deg) * cos(middle), lat2_deg - lat1_deg) * DEG;
}

static muster_status add_side(mu_outline *o, const mu_ring *path, uint32_t a, uint32_t b,
                              double reach_m) {
    const double towards =
        bearing_deg(path->lon_deg[a], path->lat_deg[a], path->lon_deg[b], path->lat_deg[b]);
    const uint32_t end[4]  = {a, b, b, a};
    const double   side[4] = {-90, -90, 90, 90};
    for (int c = 0; c < 4; ++c) {
        double lon, lat;
        muster_great_circle_ahead(path->lon_deg[end[c]], path->lat_deg[end[c]], towards + side[c],
                                  reach_m, &lon, &lat);
        MU_TRY(mu_outline_add_point(o, lon, lat));
    }
    MU_TRY(mu_outline_end_ring(o));
    return mu_outline_end_polygon(o);
}

static bool is_same(const mu_ring *path, uint32_t a, uint32_t b) {
    return path->lon_deg[a] == path->lon_deg[b] && path->lat_deg[a] == path->lat_deg[b];
}

muster_status mu_outline_add_reach(mu_outline *o, const mu_ring *path, bool is_area,
                                   double reach_m) {
    const uint32_t last = path->point_count - 1;
    if (is_area) MU_TRY(mu_outline_add_ring(o, path));
    for (uint32_t i = 0; i < path->point_count; ++i) {
        MU_TRY(add_circle(o, path->lon_deg[i], path->lat_deg[i], reach_m));
        if (i > 0 && !is_same(path, i - 1, i)) MU_TRY(add_side(o, path, i - 1, i, reach_m));
    }
    return is_area && !is_same(path, last, 0) ? add_side(o, path, last, 0, reach_m) : MUSTER_OK;
}

/* ---- rain ---------------------------------------------------------------------------------- */

static muster_status add_ahead(mu_outline *o, double lon_deg, double lat_deg, double towards_deg,
                               double distance_m) {
    double lon, lat;
    muster_great_circle_ahead(lon_deg, lat_deg, towards_deg, distance_m, &lon, &lat);
    return mu_outline_add_point(o, lon, lat);
}

/* Its outer edge clockwise, its inner one back. */
muster_status mu_outline_add_band(mu_outline *o, double lon_deg, double lat_deg,
                                  const mu_rain_band *b) {
    const double turn_deg = b->to_deg - b->from_deg;
    const int    steps    = (int)ceil(turn_deg / BAND_STEP_DEG);
    for (int s = 0; s <= steps; ++s) {
        const double deg = turn_deg * s / steps;
        MU_TRY(
            add_ahead(o, lon_deg, lat_deg, b->from_deg + deg, b->to_m + deg * b->spiral_m_per_deg));
    }
    for (int s = steps; s >= 0; --s) {
        const double deg = turn_deg * s / steps;
        MU_TRY(add_ahead(o, lon_deg, lat_deg, b->from_deg + deg,
                         b->from_m + deg * b->spiral_m_per_deg));
    }
    MU_TRY(mu_outline_end_ring(o));
    return mu_outline_end_polygon(o);
}
