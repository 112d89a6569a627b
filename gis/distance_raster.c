/* Distances are taken in a plane at each line's own latitude, so that a radius is one
 * everywhere. Only points that can matter are visited: row by row, those over the piece of the
 * line that comes near the row. */
#include "gis/distance_raster.h"

#include <math.h>
#include <string.h>

#include "gis/memory.h"

/* 2^26 points are 400 MB while they are traced: at a radius of 250 m a thousand kilometres
 * square. */
static const double MOST_POINTS = 67108864;

/* Metres per degree on WGS 84 (Snyder, "Map Projections: A Working Manual", USGS 1987). */
static double lon_m_per_deg(double lat_deg) {
    const double phi = lat_deg * 0.017453292519943295;
    return fmax(1, 111412.84 * cos(phi) - 93.5 * cos(3 * phi) + 0.118 * cos(5 * phi));
}

static double lat_m_per_deg(double lat_deg) {
    const double phi = lat_deg * 0.017453292519943295;
    return 111132.92 - 559.82 * cos(2 * phi) + 1.175 * cos(4 * phi);
}

/* Where a degree of longitude is longest. */
static double nearest_to_equator(double south_deg, double north_deg) {
    if (south_deg <= 0 && north_deg >= 0) return 0;
    return fmin(fabs(south_deg), fabs(north_deg));
}

static double farthest_from_equator(double south_deg, double north_deg) {
    return fmax(fabs(south_deg), fabs(north_deg));
}

muster_status mu_distance_raster_init(mu_distance_raster *r, double radius_m, double west_deg,
                                      double south_deg, double east_deg, double north_deg) {
    const double low = nearest_to_equator(south_deg, north_deg);
    const double far = farthest_from_equator(south_deg, north_deg);
    *r               = (mu_distance_raster){.radius_m     = radius_m,
                                            .step_lon_deg = radius_m / 2 / lon_m_per_deg(low),
                                            .step_lat_deg = radius_m / 2 / lat_m_per_deg(far)};
    /* The radius is 2 steps, at the far end's latitude more of them; and 2 to spare. */
    const double pad_columns = ceil(radius_m / (lon_m_per_deg(far) * r->step_lon_deg)) + 2;
    const double pad_rows    = 5;
    r->west_deg              = west_deg - pad_columns * r->step_lon_deg;
    r->south_deg             = south_deg - pad_rows * r->step_lat_deg;
    const double columns     = ceil((east_deg - west_deg) / r->step_lon_deg) + 2 * pad_columns + 1;
    const double rows        = ceil((north_deg - south_deg) / r->step_lat_deg) + 2 * pad_rows + 1;
    if (!(columns * rows <= MOST_POINTS)) {
        return muster_fail(
            MUSTER_E_INVALID,
            "an area of %.0f by %.0f km with a radius of %g m takes a raster of %.0f "
            "points; expected at most %.0f: choose a larger radius",
            (east_deg - west_deg) * lon_m_per_deg(low) / 1000,
            (north_deg - south_deg) * lat_m_per_deg(far) / 1000, radius_m, columns * rows,
            MOST_POINTS);
    }
    r->column_count    = (uint32_t)columns;
    r->row_count       = (uint32_t)rows;
    const size_t count = (size_t)r->column_count * r->row_count;
    MU_TRY(mu_gis_alloc(&r->level, count, sizeof *r->level));
    memset(r->level, 0xFF, count * sizeof *r->level); /* MU_RASTER_FAR */
    return MUSTER_OK;
}

void mu_distance_raster_fini(mu_distance_raster *r) {
    mu_gis_free(r->level);
    *r = (mu_distance_raster){0};
}

/* A line in metres from point (0, 0). */
typedef struct segment {
    double x, y, dx, dy;
    double inverse_square; /* of its length; 0 for a point */
} segment;

/* Where in 0 .. 1 the segment enters and leaves a strip of rows. */
static void clip(const segment *s, double low_y, double high_y, double *from, double *to) {
    *from = 0;
    *to   = 1;
    if (s->dy == 0) return;
    const double a = (low_y - s->y) / s->dy, b = (high_y - s->y) / s->dy;
    *from = fmin(1, fmax(0, fmin(a, b)));
    *to   = fmin(1, fmax(0, fmax(a, b)));
}

static void draw_row(mu_distance_raster *r, const segment *s, uint32_t row, double y, double step_m,
                     double reach_m) {
    double from, to;
    clip(s, y - reach_m, y + reach_m, &from, &to);
    const double   x1    = s->x + fmin(from * s->dx, to * s->dx);
    const double   x2    = s->x + fmax(from * s->dx, to * s->dx);
    const uint32_t first = (uint32_t)fmax(0, ceil((x1 - reach_m) / step_m));
    const uint32_t last =
        (uint32_t)fmin(r->column_count - 1.0, fmax(0, floor((x2 + reach_m) / step_m)));
    const double levels_per_m = MU_RASTER_LEVELS / r->radius_m;
    uint16_t    *level        = r->level + (size_t)row * r->column_count;
    for (uint32_t c = first; c <= last; ++c) {
        const double   px = c * step_m - s->x, py = y - s->y;
        const double   t  = (px * s->dx + py * s->dy) * s->inverse_square;
        const double   on = t < 0 ? 0 : t > 1 ? 1 : t;
        const double   ex = px - on * s->dx, ey = py - on * s->dy;
        const uint16_t here = (uint16_t)(sqrt(ex * ex + ey * ey) * levels_per_m);
        if (here < level[c]) level[c] = here;
    }
}

void mu_distance_raster_draw(mu_distance_raster *r, double lon1_deg, double lat1_deg,
                             double lon2_deg, double lat2_deg) {
    const double   middle_deg = (lat1_deg + lat2_deg) / 2;
    const double   mx = lon_m_per_deg(middle_deg), my = lat_m_per_deg(middle_deg);
    const double   step_x_m = mx * r->step_lon_deg, step_y_m = my * r->step_lat_deg;
    const double   reach_m = r->radius_m + fmax(step_x_m, step_y_m);
    segment        s       = {.x  = (lon1_deg - r->west_deg) * mx,
                              .y  = (lat1_deg - r->south_deg) * my,
                              .dx = (lon2_deg - lon1_deg) * mx,
                              .dy = (lat2_deg - lat1_deg) * my};
    const double   square  = s.dx * s.dx + s.dy * s.dy;
    const double   low_y = fmin(s.y, s.y + s.dy), high_y = fmax(s.y, s.y + s.dy);
    const double   top   = floor((high_y + reach_m) / step_y_m);
    const uint32_t first = (uint32_t)fmax(0, ceil((low_y - reach_m) / step_y_m));
    const uint32_t last  = (uint32_t)fmin(r->row_count - 1.0, fmax(0, top));
    s.inverse_square     = square > 0 ? 1 / square : 0;
    for (uint32_t row = first; row <= last; ++row) {
        draw_row(r, &s, row, row * step_y_m, step_x_m, reach_m);
    }
}
