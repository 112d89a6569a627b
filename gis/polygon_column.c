/* See polygon_column.h. A GeoPackage's polygon is a header (geometry_blob.h) and then
 *
 *   byte order, type 3, number of rings, and for each ring: number of points, x, y, x, y, ...
 *
 * Nothing in it is believed: every read is behind a check of what is left, and a count is
 * compared with the bytes that are there before anything is asked for. */
#include "gis/polygon_column.h"

#include <math.h>
#include <string.h>

#include "gis/geometry_blob.h"

enum {
    HEADER_BYTES  = 8,
    FLAG_LITTLE   = 1,
    FLAG_EMPTY    = 16,
    FLAG_EXTENDED = 32,
    COUNT_BYTES   = 4,
    POINT_BYTES   = 16,
    TYPE_POLYGON  = 3,
    RING_POINTS   = 4 /* a triangle, closed */
};

/* What is left to read, and the column to name where it is refused. */
typedef struct polygon_cursor {
    const mu_statement  *statement;
    int                  column;
    const unsigned char *at;
    size_t               left;
    bool                 is_little;
} polygon_cursor;

#define REFUSE(cursor, ...) mu_column_fail((cursor)->statement, (cursor)->column, __VA_ARGS__)

static uint64_t take(polygon_cursor *cursor, int bytes) {
    uint64_t value = 0;
    for (int i = 0; i < bytes; ++i) {
        value = value << 8 | cursor->at[cursor->is_little ? bytes - 1 - i : i];
    }
    cursor->at += bytes;
    cursor->left -= (size_t)bytes;
    return value;
}

static double take_double(polygon_cursor *cursor) {
    const uint64_t bits = take(cursor, (int)sizeof bits);
    double         value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static muster_status need(const polygon_cursor *cursor, size_t bytes, const char *what) {
    if (cursor->left >= bytes) return MUSTER_OK;
    return REFUSE(cursor, "the geometry ends within its %s (%zu bytes left of %zu)", what,
                  cursor->left, bytes);
}

static muster_status take_header(polygon_cursor *cursor) {
    static const unsigned char ENVELOPE_DOUBLES[8] = {0, 4, 6, 6, 8};
    MU_TRY(need(cursor, HEADER_BYTES, "header"));
    const unsigned flags = cursor->at[3], envelope = flags >> 1 & 7;
    if (memcmp(cursor->at, "GP\0", 3) != 0 || (flags & FLAG_EXTENDED) || envelope > 4) {
        return REFUSE(cursor,
                      "the geometry is no plain GeoPackage geometry: it starts with bytes "
                      "%02X %02X %02X %02X",
                      cursor->at[0], cursor->at[1], cursor->at[2], flags);
    }
    cursor->is_little = (flags & FLAG_LITTLE) != 0;
    (void)take(cursor, 4);
    const int32_t srs_id = (int32_t)take(cursor, 4);
    if (srs_id != MU_SRS_WGS84) {
        return REFUSE(cursor, "the geometry has srs_id %d; expected %d (WGS 84)", (int)srs_id,
                      MU_SRS_WGS84);
    }
    if (flags & FLAG_EMPTY) return REFUSE(cursor, "the geometry is empty");
    const size_t envelope_bytes = ENVELOPE_DOUBLES[envelope] * sizeof(double);
    MU_TRY(need(cursor, envelope_bytes, "envelope"));
    cursor->at += envelope_bytes;
    cursor->left -= envelope_bytes;
    return MUSTER_OK;
}

static muster_status take_type(polygon_cursor *cursor) {
    MU_TRY(need(cursor, 1 + COUNT_BYTES, "type"));
    const unsigned order = (unsigned)take(cursor, 1);
    if (order > 1) return REFUSE(cursor, "the geometry has byte order %u; expected 0 or 1", order);
    cursor->is_little   = order == 1;
    const uint32_t type = (uint32_t)take(cursor, COUNT_BYTES);
    if (type == TYPE_POLYGON) return MUSTER_OK;
    return REFUSE(cursor, "the geometry is of type %u; expected %d, a two-dimensional POLYGON",
                  type, TYPE_POLYGON);
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
    MU_TRY(need(cursor, COUNT_BYTES, "number of points"));
    const uint32_t count = (uint32_t)take(cursor, COUNT_BYTES);
    const size_t   there = cursor->left / POINT_BYTES;
    if (count < RING_POINTS) {
        return REFUSE(cursor, "ring %u has %u points; expected %d or more", ring, count,
                      RING_POINTS);
    }
    if (count > there) {
        return REFUSE(cursor, "ring %u ends after %zu of %u points", ring, there, count);
    }
    return take_points(cursor, ring, count, out);
}

muster_status mu_column_polygon(const mu_statement *statement, int column, mu_parts *out) {
    const void *blob;
    size_t      size;
    mu_parts_clear(out);
    MU_TRY(mu_column_blob(statement, column, &blob, &size));
    polygon_cursor cursor = {statement, column, blob, size, false};
    MU_TRY(take_header(&cursor));
    MU_TRY(take_type(&cursor));
    MU_TRY(need(&cursor, COUNT_BYTES, "number of rings"));
    const uint32_t rings = (uint32_t)take(&cursor, COUNT_BYTES);
    if (rings == 0) return REFUSE(&cursor, "the geometry is empty");
    for (uint32_t r = 0; r < rings; ++r) MU_TRY(take_ring(&cursor, r, out));
    if (cursor.left == 0) return MUSTER_OK;
    return REFUSE(&cursor, "the geometry has %zu bytes behind its last ring", cursor.left);
}
