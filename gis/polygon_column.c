/* See polygon_column.h. After header and type (geometry_blob.h) a polygon is
 *
 *   number of rings, and for each ring: number of points, x, y, x, y, ...
 *
 * Nothing in it is believed: every read is behind a check of what is left, and a count is
 * compared with the bytes that are there before anything is asked for. */
#include "gis/polygon_column.h"

#include <math.h>

#include "gis/geometry_blob.h"

enum {
    TYPE_BYTES  = 5, /* byte order and type */
    COUNT_BYTES = 4,
    POINT_BYTES = 16,
    RING_POINTS = 4 /* a triangle, closed */
};

/* What is left to read, and the column to name where it is refused. */
typedef struct polygon_cursor {
    const mu_row    *row;
    int              column;
    mu_geometry_body body;
    unsigned char    order; /* of a multipolygon: the byte order that body.is_swapped is of */
} polygon_cursor;

#define REFUSE(cursor, ...) mu_column_fail((cursor)->row, (cursor)->column, __VA_ARGS__)

static const unsigned char *take(polygon_cursor *cursor, size_t bytes) {
    const unsigned char *at = cursor->body.at;
    cursor->body.at += bytes;
    cursor->body.left -= bytes;
    return at;
}

static double take_double(polygon_cursor *cursor) {
    return mu_geometry_double(take(cursor, sizeof(double)), cursor->body.is_swapped);
}

static muster_status take_count(polygon_cursor *cursor, const char *what, uint32_t *out) {
    if (cursor->body.left < COUNT_BYTES) {
        return REFUSE(cursor, "the geometry ends within its %s (%zu bytes left of %d)", what,
                      cursor->body.left, COUNT_BYTES);
    }
    *out = mu_geometry_u32(take(cursor, COUNT_BYTES), cursor->body.is_swapped);
    return MUSTER_OK;
}

static muster_status take_points(polygon_cursor *cursor, uint32_t ring, uint32_t count,
                                 mu_parts *out) {
    double *lon_deg, *lat_deg;
    MU_TRY(mu_parts_add_points(out, count, &lon_deg, &lat_deg));
    for (uint32_t i = 0; i < count; ++i) {
        lon_deg[i] = take_double(cursor);
        lat_deg[i] = take_double(cursor);
        if (fabs(lon_deg[i]) <= 180 && fabs(lat_deg[i]) <= 90) continue; /* nor is it NaN */
        return REFUSE(cursor,
                      "ring %u has point %u at (%g, %g); expected longitude -180 to 180, "
                      "latitude -90 to 90",
                      ring, i, lon_deg[i], lat_deg[i]);
    }
    if (lon_deg[0] != lon_deg[count - 1] || lat_deg[0] != lat_deg[count - 1]) {
        return REFUSE(cursor,
                      "ring %u starts at (%.9g, %.9g) and ends at (%.9g, %.9g); expected "
                      "a closed ring",
                      ring, lon_deg[0], lat_deg[0], lon_deg[count - 1], lat_deg[count - 1]);
    }
    return mu_parts_end(out);
}

static muster_status take_ring(polygon_cursor *cursor, uint32_t ring, mu_parts *out) {
    uint32_t count = 0;
    MU_TRY(take_count(cursor, "number of points", &count));
    const size_t there = cursor->body.left / POINT_BYTES;
    if (count < RING_POINTS) {
        return REFUSE(cursor, "ring %u has %u points; expected %d or more", ring, count,
                      RING_POINTS);
    }
    if (count > there) {
        return REFUSE(cursor, "ring %u ends after %zu of %u points", ring, there, count);
    }
    return take_points(cursor, ring, count, out);
}

/* The rings of one polygon, behind its type. */
static muster_status take_rings(polygon_cursor *cursor, mu_parts *out) {
    uint32_t rings = 0;
    MU_TRY(take_count(cursor, "number of rings", &rings));
    if (rings == 0) return REFUSE(cursor, "the geometry is empty");
    for (uint32_t r = 0; r < rings; ++r) MU_TRY(take_ring(cursor, r, out));
    return MUSTER_OK;
}

static muster_status check_end(const polygon_cursor *cursor) {
    if (cursor->body.left == 0) return MUSTER_OK;
    return REFUSE(cursor, "the geometry has %zu bytes behind its last ring", cursor->body.left);
}

muster_status mu_column_polygon(const mu_row *row, int column, mu_parts *out) {
    const void    *blob;
    size_t         size;
    char           reason[MU_GEOMETRY_REASON_BYTES];
    polygon_cursor cursor = {.row = row, .column = column};
    mu_parts_clear(out);
    MU_TRY(mu_column_blob(row, column, &blob, &size));
    if (!mu_geometry_open(&cursor.body, MU_GEOMETRY_POLYGON, blob, size, reason)) {
        return REFUSE(&cursor, "the geometry %s", reason);
    }
    MU_TRY(take_rings(&cursor, out));
    return check_end(&cursor);
}

/* Each polygon of a multipolygon has a byte order and a type of its own. */
static muster_status take_type(polygon_cursor *cursor, uint32_t polygon) {
    const bool was_swapped = cursor->body.is_swapped;
    if (cursor->body.left < TYPE_BYTES) {
        return REFUSE(cursor, "the geometry ends before its polygon %u", polygon);
    }
    const unsigned char order = *take(cursor, 1);
    cursor->body.is_swapped   = order == cursor->order ? was_swapped : !was_swapped;
    cursor->order             = order;
    const uint32_t type       = mu_geometry_u32(take(cursor, COUNT_BYTES), cursor->body.is_swapped);
    if (order <= 1 && type == MU_GEOMETRY_POLYGON) return MUSTER_OK;
    return REFUSE(cursor, "polygon %u has byte order %u and type %u; expected 0 or 1, and %d",
                  polygon, order, type, MU_GEOMETRY_POLYGON);
}

static muster_status take_polygons(polygon_cursor *cursor, mu_rings *out) {
    uint32_t polygons = 0;
    MU_TRY(take_count(cursor, "number of polygons", &polygons));
    if (polygons == 0) return REFUSE(cursor, "the geometry is empty");
    for (uint32_t p = 0; p < polygons; ++p) {
        MU_TRY(take_type(cursor, p));
        MU_TRY(take_rings(cursor, &out->parts));
        MU_TRY(mu_rings_end_polygon(out));
    }
    return check_end(cursor);
}

muster_status mu_column_polygons(const mu_row *row, int column, mu_rings *out) {
    const void    *blob;
    size_t         size;
    char           reason[MU_GEOMETRY_REASON_BYTES];
    polygon_cursor cursor = {.row = row, .column = column};
    mu_rings_clear(out);
    MU_TRY(mu_column_blob(row, column, &blob, &size));
    if (mu_geometry_open(&cursor.body, MU_GEOMETRY_MULTIPOLYGON, blob, size, reason)) {
        cursor.order = cursor.body.at[-TYPE_BYTES];
        return take_polygons(&cursor, out);
    }
    MU_TRY(mu_column_polygon(row, column, &out->parts));
    return mu_rings_end_polygon(out);
}
