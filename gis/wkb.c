/* See wkb.h; the layout is that of OGC 06-103r4, clause 8.2:
 *
 *   byte order, type, then  x, y                       of a point
 *                           count, points              of a line, and of each ring
 *                           count, rings               of a polygon
 *                           count, whole geometries    of several of one kind
 *
 * The parts of several are points, lines or polygons, so nothing nests deeper than that and there is
 * nothing to recurse into. Every read is behind a check of what is left. */
#include "gis/wkb.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
    POINT = 1,
    LINE,
    POLYGON,
    POINTS,
    LINES,
    AREAS,
    TYPE_COUNT,
    POINT_BYTES  = 16,
    LEAST_RING   = 4, /* a triangle, closed */
    EWKB_SRID    = 0x20000000,
    BLOB_HEADER  = 8,
    BLOB_LITTLE  = 1,
    BLOB_EMPTY   = 16,
    BLOB_OTHER   = 32, /* an extended type */
    ENVELOPE_XY  = 1,
    ORDER_LITTLE = 1
};

static const char *const NAME[TYPE_COUNT] = {
    "GEOMETRY", "POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON"};

typedef struct wkb_cursor {
    const unsigned char *at;
    size_t               left;
    bool                 is_swapped; /* what is being read is not in this machine's byte order */
    mu_bounds            bounds;
    char                *reason;
} wkb_cursor;

static bool refuse(const wkb_cursor *cursor, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static bool refuse(const wkb_cursor *cursor, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(cursor->reason, MU_REASON_BYTES, format, arguments);
    va_end(arguments);
    return false;
}

static bool machine_is_little(void) {
    const uint16_t one = 1;
    unsigned char  first;
    memcpy(&first, &one, 1);
    return first == 1;
}

static bool is_swapped(unsigned char order) {
    return (order == ORDER_LITTLE) != machine_is_little();
}

static const unsigned char *take(wkb_cursor *cursor, size_t bytes) {
    const unsigned char *at = cursor->at;
    cursor->at += bytes;
    cursor->left -= bytes;
    return at;
}

static bool take_u32(wkb_cursor *cursor, uint32_t *out) {
    if (cursor->left < 4) return refuse(cursor, "a whole geometry; it ends within a count");
    *out = mu_geometry_u32(take(cursor, 4), cursor->is_swapped);
    return true;
}

/* The names of the types in `shapes`, as far as they fit. */
static void list_shapes(char *out, size_t room, uint32_t shapes) {
    size_t used = 0;
    for (int type = POINT; type < TYPE_COUNT; ++type) {
        if (!(shapes >> type & 1) || used >= room) continue;
        const uint32_t after = shapes >> type >> 1;
        const char    *joint = !after ? "" : (after & (after - 1)) ? ", " : " or ";
        used += (size_t)snprintf(out + used, room - used, "%s%s", NAME[type], joint);
    }
}

static bool refuse_type(const wkb_cursor *cursor, uint32_t type, uint32_t shapes) {
    char expected[120];
    list_shapes(expected, sizeof expected, shapes);
    if (type > 0 && type < TYPE_COUNT) {
        return refuse(cursor, "a %s, not a %s", expected, NAME[type]);
    }
    if ((type & 0xC0000000u) || (type >= 1000 && type < 4000)) {
        return refuse(cursor, "a two-dimensional %s, not one with Z or M values", expected);
    }
    return refuse(cursor, "a %s, not type %u", expected, type);
}

static bool take_type(wkb_cursor *cursor, uint32_t shapes, uint32_t *out_type) {
    if (cursor->left < MU_WKB_HEADER_BYTES) {
        return refuse(cursor, "a whole geometry; it ends within its type");
    }
    const unsigned char order = *take(cursor, 1);
    if (order > ORDER_LITTLE) return refuse(cursor, "byte order 0 or 1, not %u", order);
    cursor->is_swapped = is_swapped(order);
    *out_type          = mu_geometry_u32(take(cursor, 4), cursor->is_swapped);
    if (*out_type > 0 && *out_type < TYPE_COUNT && (shapes >> *out_type & 1)) return true;
    return refuse_type(cursor, *out_type, shapes);
}

/* ---- coordinates ---------------------------------------------------------------------- */

/* The commonest mistake in foreign files is latitude first, so it is told apart. */
static bool check_place(const wkb_cursor *cursor, double lon, double lat) {
    if (fabs(lon) <= 180 && fabs(lat) <= 90) return true; /* nor is it NaN */
    if (isnan(lon) && isnan(lat)) return refuse(cursor, "a geometry that is not empty");
    if (fabs(lat) <= 180 && fabs(lon) <= 90) {
        return refuse(cursor, "longitude first: (%.15g, %.15g) looks swapped", lon, lat);
    }
    return refuse(cursor, "longitude -180 to 180, latitude -90 to 90, not (%.15g, %.15g)", lon,
                  lat);
}

static bool take_point(wkb_cursor *cursor) {
    if (cursor->left < POINT_BYTES)
        return refuse(cursor, "a whole geometry; it ends within a point");
    const unsigned char *at  = take(cursor, POINT_BYTES);
    const double         lon = mu_geometry_double(at, cursor->is_swapped);
    const double         lat = mu_geometry_double(at + sizeof(double), cursor->is_swapped);
    if (!check_place(cursor, lon, lat)) return false;
    mu_bounds *b = &cursor->bounds;
    if (lon < b->min_lon) b->min_lon = lon;
    if (lon > b->max_lon) b->max_lon = lon;
    if (lat < b->min_lat) b->min_lat = lat;
    if (lat > b->max_lat) b->max_lat = lat;
    return true;
}

/* A line or a ring, of `least` points or more. */
static bool take_points(wkb_cursor *cursor, uint32_t least) {
    uint32_t count = 0;
    if (!take_u32(cursor, &count)) return false;
    if (count < least) {
        return refuse(cursor, "%s of %u points or more, not %u",
                      least == LEAST_RING ? "rings" : "a line", least, count);
    }
    if (count > cursor->left / POINT_BYTES) {
        return refuse(cursor, "a whole geometry; it ends after %zu of %u points",
                      cursor->left / POINT_BYTES, count);
    }
    for (uint32_t i = 0; i < count; ++i) {
        if (!take_point(cursor)) return false;
    }
    return true;
}

static bool take_ring(wkb_cursor *cursor) {
    const unsigned char *first     = cursor->at + 4;
    const bool           is_turned = cursor->is_swapped;
    if (!take_points(cursor, LEAST_RING)) return false;
    for (size_t i = 0; i < 2; ++i) {
        const double begin = mu_geometry_double(first + i * sizeof(double), is_turned);
        const double end =
            mu_geometry_double(cursor->at - POINT_BYTES + i * sizeof(double), is_turned);
        if (begin != end) return refuse(cursor, "closed rings, which end where they begin");
    }
    return true;
}

static bool take_rings(wkb_cursor *cursor) {
    uint32_t count = 0;
    if (!take_u32(cursor, &count)) return false;
    if (count == 0) return refuse(cursor, "a geometry that is not empty");
    for (uint32_t i = 0; i < count; ++i) {
        if (!take_ring(cursor)) return false;
    }
    return true;
}

static bool take_simple(wkb_cursor *cursor, uint32_t type) {
    if (type == POINT) return take_point(cursor);
    return type == LINE ? take_points(cursor, 2) : take_rings(cursor);
}

static bool take_several(wkb_cursor *cursor, uint32_t type) {
    uint32_t count = 0, part = 0;
    if (!take_u32(cursor, &count)) return false;
    if (count == 0) return refuse(cursor, "a geometry that is not empty");
    for (uint32_t i = 0; i < count; ++i) {
        if (!take_type(cursor, 1u << (type - POINTS + POINT), &part)) return false;
        if (!take_simple(cursor, part)) return false;
    }
    return true;
}

bool mu_wkb_judge(const char *bytes, size_t size, uint32_t shapes, mu_bounds *out_bounds,
                  char reason[MU_REASON_BYTES]) {
    wkb_cursor cursor = {.at     = (const unsigned char *)bytes,
                         .left   = size,
                         .bounds = {INFINITY, INFINITY, -INFINITY, -INFINITY},
                         .reason = reason};
    uint32_t   type   = 0;
    if (!take_type(&cursor, shapes, &type)) return false;
    if (!(type < POINTS ? take_simple(&cursor, type) : take_several(&cursor, type))) return false;
    *out_bounds = cursor.bounds;
    if (cursor.left == 0) return true;
    return refuse(&cursor, "nothing behind the last point; there are %zu bytes", cursor.left);
}

/* ---- of a whole one -------------------------------------------------------------------- */

static bool swapped(const char *bytes) {
    return is_swapped((unsigned char)bytes[0]);
}

uint32_t mu_wkb_type(const char *bytes) {
    return mu_geometry_u32((const unsigned char *)bytes + 1, swapped(bytes));
}

uint32_t mu_wkb_point_count(const char *bytes) {
    if (mu_wkb_type(bytes) == POINT) return 1;
    return mu_geometry_u32((const unsigned char *)bytes + MU_WKB_HEADER_BYTES, swapped(bytes));
}

void mu_wkb_point(const char *bytes, uint32_t index, double *lon_deg, double *lat_deg) {
    const unsigned char *at = (const unsigned char *)bytes + MU_WKB_HEADER_BYTES +
                              (mu_wkb_type(bytes) == POINT ? 0 : 4) + (size_t)index * POINT_BYTES;
    *lon_deg = mu_geometry_double(at, swapped(bytes));
    *lat_deg = mu_geometry_double(at + sizeof(double), swapped(bytes));
}

void mu_wkb_show(char *out, size_t room, const char *bytes, size_t size) {
    const bool has_type = size >= MU_WKB_HEADER_BYTES && (unsigned char)bytes[0] <= ORDER_LITTLE;
    const uint32_t type = has_type ? mu_wkb_type(bytes) : 0;
    if (type == POINT && size == MU_WKB_HEADER_BYTES + POINT_BYTES) {
        double lon, lat;
        mu_wkb_point(bytes, 0, &lon, &lat);
        snprintf(out, room, "POINT (%.15g %.15g)", lon, lat);
    } else {
        snprintf(out, room, "a %s of %zu bytes", NAME[type < TYPE_COUNT ? type : 0], size);
    }
}

/* ---- wrappings ------------------------------------------------------------------------- */

size_t mu_wkb_in_blob(const void *blob, size_t size, char reason[MU_REASON_BYTES]) {
    static const unsigned char ENVELOPE_DOUBLES[8] = {0, 4, 6, 6, 8};
    const unsigned char       *header              = blob;
    const wkb_cursor           cursor              = {.reason = reason};
    if (size < BLOB_HEADER || header[0] != 'G' || header[1] != 'P' || header[2] != 0) {
        refuse(&cursor, "a GeoPackage geometry, which begins with GP and version 0");
        return 0;
    }
    const unsigned flags = header[3], envelope = flags >> 1 & 7;
    const bool     is_little = (flags & BLOB_LITTLE) != 0;
    const size_t   bytes     = BLOB_HEADER + ENVELOPE_DOUBLES[envelope] * sizeof(double);
    const int32_t  srs_id = (int32_t)mu_geometry_u32(header + 4, is_little != machine_is_little());
    if (srs_id != MU_SRS_WGS84) {
        refuse(&cursor, "srs_id %d (WGS 84), not %d", MU_SRS_WGS84, (int)srs_id);
    } else if (flags & BLOB_EMPTY) {
        refuse(&cursor, "a geometry that is not empty");
    } else if ((flags & BLOB_OTHER) || envelope > 4 || size < bytes) {
        refuse(&cursor, "a whole geometry of a plain type");
    } else {
        return bytes;
    }
    return 0;
}

static unsigned char *put_u32(unsigned char *at, uint32_t value, bool is_little) {
    for (int i = 0; i < 4; ++i) *at++ = (unsigned char)(value >> 8 * (is_little ? i : 3 - i));
    return at;
}

static unsigned char *put_double(unsigned char *at, double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return put_u32(put_u32(at, (uint32_t)bits, true), (uint32_t)(bits >> 32), true);
}

size_t mu_wkb_blob_header(unsigned char out[MU_BLOB_HEADER_BYTES], bool is_point,
                          const mu_bounds *bounds) {
    memcpy(out, "GP", 3); /* with version 0 */
    out[3]            = (unsigned char)(BLOB_LITTLE | (is_point ? 0 : ENVELOPE_XY << 1));
    unsigned char *at = put_u32(out + 4, MU_SRS_WGS84, true);
    if (is_point) return BLOB_HEADER;
    at = put_double(put_double(at, bounds->min_lon), bounds->max_lon); /* x, x, y, y */
    put_double(put_double(at, bounds->min_lat), bounds->max_lat);
    return MU_BLOB_HEADER_BYTES;
}

void mu_wkb_ewkb_header(unsigned char out[MU_EWKB_HEADER_BYTES], const char *bytes) {
    const bool is_little = (unsigned char)bytes[0] == ORDER_LITTLE;
    out[0]               = (unsigned char)bytes[0];
    put_u32(put_u32(out + 1, mu_wkb_type(bytes) | EWKB_SRID, is_little), MU_SRS_WGS84, is_little);
}
